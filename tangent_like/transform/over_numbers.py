"""What is multiplied by one over a number: divided by it.

Before                                   After

    t_bar = 1.0 / np.sum(e)                  p_bar = e / np.sum(e)
    p_bar = t_bar * e
    z_bar = -1.0 / n * (y - p)               z_bar = (p - y) / n
    c_bar = 1.0 / r * x_bar * k              c_bar = x_bar / r * k

In adjoints, of products of ours; the numbers change by rounding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tangent_like.ir.build import is_number, negative
from tangent_like.ir.nodes import Assign, Binary, Call, Expr, Function, Name, Stmt
from tangent_like.ir.walk import binds, expressions, names, rebuild, statements, subexpressions
from tangent_like.kinds.kind import Kind
from tangent_like.transform.adjoints import says_adjoints, with_adjoints
from tangent_like.transform.factors import chained, factors
from tangent_like.transform.forms import is_of_numbers, summed
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.facts import Facts, find_facts

FAR = 20  # how many statements back one over a number is looked for


def over_numbers(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with quotients for them; ``kinds`` are those of its names."""
    if not kinds or not any(says_adjoints(s) for s in statements(function.body)):
        return function
    ones = dict(_ones(function, Counter(n for s in statements(function.body) for n in binds(s))))
    if not any(_says_one_over(s, ones) for s in statements(function.body)):
        return function
    uses: Counter[str] = Counter()
    for stmt in statements(function.body):
        uses.update(binds(stmt))
        uses.update(e.id for top in expressions(stmt) for e in subexpressions(top) if isinstance(e, Name))
    worker = _Worker(find_facts(function, frozenset(), kinds), kinds, uses, ones)
    return with_body(function, with_adjoints(function.body, worker.changed))


def _ones(function: Function, bound: Counter[str]) -> Iterator[tuple[str, int]]:
    """The adjoints that are 1 or -1, as that of the result is."""
    for stmt in function.body:
        match stmt:
            case Assign((name,), (value,), None, "") if says_adjoints(stmt) and bound[name] == 1 and _sign(value, {}):
                yield name, _sign(value, {})
            case _:
                pass


def _sign(expr: Expr, ones: Mapping[str, int]) -> int:
    """1 or -1, if it is that."""
    body, minus = negative(expr)
    one = 1 if is_number(body, 1) else ones.get(body.id, 0) if isinstance(body, Name) else 0
    return -one if minus else one


def _is_one_over(expr: Expr, ones: Mapping[str, int]) -> bool:
    return isinstance(expr, Binary) and expr.op == "/" and _sign(expr.left, ones) != 0


def _says_one_over(stmt: Stmt, ones: Mapping[str, int]) -> bool:
    return says_adjoints(stmt) and any(_is_one_over(e, ones) for top in expressions(stmt) for e in subexpressions(top))


@dataclass(frozen=True, eq=False)
class _Worker:
    facts: Facts
    kinds: Mapping[str, Kind]
    uses: Counter[str]  # how often a name is bound or read
    ones: Mapping[str, int]

    def changed(self, expr: Expr, before: list[Stmt]) -> Expr:
        new = self.over(expr, before) if isinstance(expr, Binary) and expr.op in ("*", "/") else None
        return rebuild(expr if new is None else new, lambda e: self.changed(e, before))

    def over(self, expr: Binary, before: list[Stmt]) -> Expr | None:
        """``1.0 / n * a * b`` as ``a / n * b``."""
        first, *others = factors(expr)
        made = self.made(first[1], before)
        if made is not None:
            first, *others = [*factors(before[made].values[0]), *others]  # type: ignore[union-attr]
        k = next((k for k, (op, _) in enumerate(others) if op == "*"), 0)
        if not k or not all(self.is_number(e) for _, e in others[:k]):
            return None
        value = others.pop(k)[1]
        sign = _sign(first[1], self.ones)
        if sign < 0 and isinstance(value, Binary) and value.op == "-":
            value = Binary("-", value.right, value.left)
        elif sign != 1:
            return None
        if made is not None:
            del before[made]
        return chained([("*", value), *others])

    def made(self, expr: Expr, before: list[Stmt]) -> int | None:
        """Where a name of ours that is read this once is bound to one over numbers."""
        if not isinstance(expr, Name) or self.uses[expr.id] != 2:
            return None
        for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
            match before[k]:
                case Assign((name,), (value,), None, "") if name == expr.id:
                    ours = says_adjoints(before[k]) and _is_one_over(value, self.ones)
                    return k if ours and self.facts.steady({name, *names(value)}, before[k + 1 :]) else None
                case _:
                    pass
        return None

    def is_number(self, expr: Expr) -> bool:
        """Is it a number, that of a whole sum too?"""
        whole = summed(expr) if isinstance(expr, Call) else None
        return (whole is not None and whole[1] is None and not whole[2]) or is_of_numbers(expr, self.kinds)
