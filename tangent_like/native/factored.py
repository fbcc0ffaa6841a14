"""What each turn of a loop multiplies a number with is put together first: the next turn waits for one product only.

Before                                           After

    for k in range(n):                               for k in range(n):
        x = x_saved[n - k - 1]                           x = x_saved[n - k - 1]
        x_bar = x_bar * (1 - x) * r - x_bar * r * x      x_bar = x_bar * ((1 - x) * r - r * x)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import Assign, Binary, Block, Const, Each, Expr, For, Function, Name, Stmt, Unary, While
from tangent_like.ir.walk import names, with_body
from tangent_like.kinds.kind import Scalar


def with_factors(function: Function, typing: Typing) -> Function:
    return with_body(function, _Factoring(typing).block(function.body, False))


@dataclass(frozen=True, eq=False)
class Term:
    sign: str
    factors: tuple[Expr, ...]  # of a product, and what divides it behind them
    divisors: tuple[Expr, ...]


@dataclass(frozen=True, eq=False)
class _Factoring:
    typing: Typing

    def block(self, body: Block, within: bool) -> Block:
        return tuple(self.statement(s, within) for s in body)

    def statement(self, stmt: Stmt, within: bool) -> Stmt:
        match stmt:
            case For() | While() | Each():
                return self.known(with_blocks(stmt, lambda b: self.block(b, True)), stmt)
            case Assign((target,), (value,)) if within and target in names(value) and not stmt.saved:
                kind = self.typing.overall.get(target)
                if isinstance(kind, Scalar) and kind.type == "float":
                    made = factored(value, target)
                    if made is not None:
                        return self.known(Assign((target,), (made,), stmt.origin), stmt)
                return stmt
            case _:
                return self.known(with_blocks(stmt, lambda b: self.block(b, within)), stmt)

    def known(self, new: Stmt, old: Stmt) -> Stmt:
        if new is not old and old in self.typing.before:
            self.typing.before[new] = self.typing.before[old]
        return new


def factored(value: Expr, name: str) -> Expr | None:
    """The sum with ``name`` before the bracket; None where it is not a factor of two terms or more."""
    found = terms(value, "+")
    own = [t for t in found if any(isinstance(f, Name) and f.id == name for f in t.factors)]
    others = [t for t in found if t not in own]
    if len(own) < 2 or any(name in names(e) for t in others for e in (*t.factors, *t.divisors)):
        return None
    inner = total([without(t, name) for t in own])
    if inner is None or name in names(inner):
        return None
    rest = total(others) if others else None
    product = Binary("*", Name(name), inner)
    return product if rest is None else Binary("+", rest, product)


def terms(expr: Expr, sign: str) -> list[Term]:
    match expr:
        case Binary("+" | "-" as op, left, right):
            return [*terms(left, sign), *terms(right, sign if op == "+" else _other(sign))]
        case Unary("-", operand):
            return terms(operand, _other(sign))
        case _:
            factors, divisors = product_of(expr)
            return [Term(sign, tuple(factors), tuple(divisors))]


def _other(sign: str) -> str:
    return "-" if sign == "+" else "+"


def product_of(expr: Expr) -> tuple[list[Expr], list[Expr]]:
    match expr:
        case Binary("*", left, right):
            (a, b), (c, d) = product_of(left), product_of(right)
            return [*a, *c], [*b, *d]
        case Binary("/", left, right):
            a, b = product_of(left)
            return a, [*b, right]
        case _:
            return [expr], []


def without(term: Term, name: str) -> Term:
    at = next(k for k, f in enumerate(term.factors) if isinstance(f, Name) and f.id == name)
    return Term(term.sign, (*term.factors[:at], *term.factors[at + 1 :]), term.divisors)


def total(found: list[Term]) -> Expr | None:
    """The sum as an expression, beginning with a term that is not taken off."""
    first = next((t for t in found if t.sign == "+"), found[0])
    made = product(first)
    if first.sign == "-":
        made = Unary("-", made)
    for term in found:
        if term is not first:
            made = Binary(term.sign, made, product(term))
    return made


def product(term: Term) -> Expr:
    made: Expr = reduce(lambda a, b: Binary("*", a, b), term.factors) if term.factors else Const(1.0)
    return reduce(lambda a, b: Binary("/", a, b), term.divisors, made)
