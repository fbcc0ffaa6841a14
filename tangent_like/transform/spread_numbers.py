"""Numbers that need not be spread over an array, where what has its shape is multiplied with them.

Before                                               After

    r = a + b - y                                    r = a + b - y
    r_bar = 2 * spread(1.0 / mean_count(r), r) * r   r_bar = 2.0 / np.size(r) * r
    t_bar = spread(0.5 / s, d)                       d_bar = 2 * (0.5 / s * d)
    d_bar = 2 * (t_bar * d)

Of arrays of unknown rank, too, and of numbers: what was spread over a number is that number. Not of what may be a list,
which numbers do not multiply.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from tangent_like.ir.build import is_number, negative, np_call, signed
from tangent_like.ir.nodes import (
    Assign,
    Binary,
    Call,
    Const,
    Expr,
    Function,
    Name,
    Stmt,
    Unary,
)
from tangent_like.ir.walk import binds, expressions, key, rebuild, statements, subexpressions
from tangent_like.transform.adjoints import says_adjoints, with_adjoints
from tangent_like.transform.factors import Factor, chained, factors
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.filled import spans


def spread_numbers(function: Function) -> Function:
    """The function with the numbers alone."""
    tops = [e for s in statements(function.body) for e in expressions(s)]
    if not any(_called(e, "spread") or _called(e, "mean_count") for top in tops for e in subexpressions(top)):
        return function
    uses: Counter[str] = Counter(e.id for top in tops for e in subexpressions(top) if isinstance(e, Name))
    values: dict[str, list[Expr | None]] = {p.name: [None] for p in function.params}
    for stmt in statements(function.body):
        alone = isinstance(stmt, Assign) and len(stmt.targets) == 1
        for name in binds(stmt):
            values.setdefault(name, []).append(stmt.values[0] if alone else None)  # type: ignore[union-attr]
    return with_body(function, with_adjoints(function.body, _Worker(uses, values).changed))


def _called(expr: Expr, name: str) -> bool:
    target = library(expr) if isinstance(expr, Call) else None
    return target is not None and origin_of(target) == ("runtime", name)


@dataclass(frozen=True, eq=False)
class _Worker:
    uses: Counter[str]  # how often a name is read
    values: dict[str, list[Expr | None]]  # what a name is bound to; None of anything else

    def changed(self, expr: Expr, before: list[Stmt]) -> Expr:
        match expr:
            case Call(args=(whole,), keywords=()) if _called(expr, "mean_count"):
                return np_call("size", whole)
            case Binary("*" | "/"):
                new = self.product(factors(expr), before)
                return rebuild(expr if new is None else new, lambda e: self.changed(e, before))
            case _:
                return rebuild(expr, lambda e: self.changed(e, before))

    def product(self, parts: list[Factor], before: list[Stmt]) -> Expr | None:
        for k, (op, part) in enumerate(parts):
            body, sign = negative(part) if op == "*" else (part, False)
            made = self.made(body, before) if op == "*" else None
            match made.values[0] if made is not None else body:
                case Call(args=(value, Name(id)), keywords=()) as whole if op == "*" and _called(whole, "spread"):
                    others = [*parts[:k], *parts[k + 1 :]]
                    spanned = any(spans(e, key(Name(id))) for _, e in others)
                    if not spanned or not self.is_no_list(Name(id), frozenset()):
                        continue
                case _:
                    continue
            if made is not None:
                before.remove(made)
            at = next((j for j, (o, e) in enumerate(others) if o == "*" and is_number(e)), None)
            one, *under = factors(value)
            if sign or at is None or not is_number(one[1], 1) or any(o == "*" for o, _ in under):
                return chained([*parts[:k], ("*", signed(value, sign)), *parts[k + 1 :]])
            number = others[at][1]
            assert isinstance(number, Const)
            others[at : at + 1] = [("*", Const(1.0 * number.value)), *under]  # type: ignore[operator]
            return chained(others)
        return None

    def is_no_list(self, expr: Expr, seen: frozenset[str]) -> bool:
        """Lists are added to each other, and multiplied with whole numbers: nothing else of arithmetic takes them."""
        match expr:
            case Name(id) if id not in seen:
                values = self.values.get(id, [None])
                return all(v is not None and self.is_no_list(v, seen | {id}) for v in values)
            case Binary("+" | "*", left, right):
                return self.is_no_list(left, seen) or self.is_no_list(right, seen)
            case Const(value):
                return isinstance(value, float)
            case Call():
                target = library(expr)
                return target is not None and isinstance(target.obj, np.ufunc)
            case _:
                return isinstance(expr, Binary | Unary)

    def made(self, expr: Expr, before: list[Stmt]) -> Assign | None:
        """The statement just before that binds a name of ours which is read this once."""
        last = before[-1] if before else None
        match last, expr:
            case Assign((name,), (_,), None, ""), Name(id) if name == id and says_adjoints(last):
                alone = self.uses[id] == 1 and len(self.values[id]) == 1
                return last if alone else None
            case _:
                return None
