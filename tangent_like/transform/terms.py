"""Like terms of one contribution become one: ``2 * g * x * x + g * x * x`` is ``3 * g * x * x``."""

from __future__ import annotations

from tangent_like.ir.build import add, mul, neg, negative
from tangent_like.ir.nodes import Binary, Const, Expr, Fresh, Name
from tangent_like.ir.walk import key

Factors = list[Expr]


def together(total: Expr, value: Expr) -> Expr:
    """``total + value``, where a term of the total that differs in no more than a number takes it in."""
    taken = _into(total, value)
    return add(total, value) if taken is None else taken


def one_term(first: Expr, op: str, second: Expr) -> Expr | None:
    """``0.5 * w`` and ``0.5 * w`` as ``w``; None where they differ, or a long number would stand there."""
    found = _like(first, neg(second) if op == "-" else second, False)
    if found is None:
        return None
    one, two, both = (_monomial(e) for e in (first, second, found))
    assert one is not None and two is not None and both is not None
    longest = max(len(repr(abs(number))) for number, _ in (one, two))
    return found if both[1] and len(repr(abs(both[0]))) <= longest + 1 else None


def _into(total: Expr, value: Expr) -> Expr | None:
    if isinstance(total, Binary) and total.op in ("+", "-"):
        right = _like(total.right, value, total.op == "-")
        if right is not None:
            return add(total.left, right)
        left = _into(total.left, value)
        if left is None:
            return None
        return Binary(total.op, left, total.right)
    return _like(total, value, False)


def _like(term: Expr, value: Expr, minus: bool) -> Expr | None:
    """The sum of two terms, if all but a number is the same."""
    first, second = _monomial(term), _monomial(value)
    if first is None or second is None or sorted(map(_order, first[1])) != sorted(map(_order, second[1])):
        return None
    number = (-first[0] if minus else first[0]) + second[0]
    if number == 0:
        return None
    product: Expr = Const(number)
    for factor in first[1]:
        product = mul(product, factor)
    return product


def _order(factor: Expr) -> str:
    return repr(key(factor))


def _monomial(expr: Expr) -> tuple[float, Factors] | None:
    """A number and the names that it is multiplied with; None for anything else."""
    body, sign = negative(expr)
    match body:
        case Name() | Fresh():
            return (-1 if sign else 1), [body]
        case Const(value) if isinstance(value, int | float) and not isinstance(value, bool):
            return (-value if sign else value), []
        case Binary("*", left, right):
            one, two = _monomial(left), _monomial(right)
            if one is None or two is None:
                return None
            number = one[0] * two[0]
            return (-number if sign else number), one[1] + two[1]
        case _:
            return None
