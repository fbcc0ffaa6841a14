"""Sums of products with tangents in fewer steps, as one writes them by hand.

Before                                           After

    x_dot / y - z / y * y_dot                        (x_dot - z * y_dot) / y
    2 * x_dot * x + 3.0 * x_dot                      x_dot * (2 * x + 3.0)

Each product less, and each quotient, is a pass over memory less. The numbers change by rounding, so that this is none
of the passes that ``tidy`` switches.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from tangent_like.ir.build import add, mul, negative, signed
from tangent_like.ir.nodes import Binary, Expr, Name
from tangent_like.ir.walk import rebuild, same
from tangent_like.kinds.kind import Kind
from tangent_like.transform.in_numbers import is_truth

Terms = list[tuple[bool, Expr]]  # the sign, and the term without it


def over_one(partials: Sequence[tuple[Expr, Expr]]) -> Expr | None:
    """The sum of tangents times partials that are quotients by one and the same, as one quotient."""
    if len(partials) < 2:
        return None
    total: Expr | None = None
    below: Expr | None = None
    for tangent, partial in partials:
        body, sign = negative(partial)
        if not isinstance(body, Binary) or body.op != "/" or (below is not None and not same(below, body.right)):
            return None
        below = body.right
        above = signed(body.left, sign)
        value = mul(tangent, above) if total is None else mul(above, tangent)
        total = value if total is None else add(total, value)
    assert total is not None and below is not None
    return Binary("/", total, below)


def factored(expr: Expr, tangents: Container[str], kind_of: Callable[[Expr], Kind]) -> Expr:
    """``expr`` with what is multiplied with one of the ``tangents`` in several terms of a sum put together.

    Not truths: the sum of two is one of them, and not their number.
    """
    if not isinstance(expr, Binary):
        return expr
    if expr.op not in ("+", "-"):
        return rebuild(expr, lambda child: factored(child, tangents, kind_of))
    terms = _terms(expr, False)
    found = [_by_tangent(body, tangents) for _, body in terms]
    found = [None if one is None or is_truth(one[1], kind_of) else one for one in found]
    names = [None if one is None else one[0] for one in found]
    often = {n for n in names if n is not None and names.count(n) > 1}
    if not often:
        return rebuild(expr, lambda child: factored(child, tangents, kind_of))
    total: Expr | None = None
    for k, (sign, body) in enumerate(terms):
        name = names[k]
        if name not in often:
            value = signed(factored(body, tangents, kind_of), sign)
        elif names.index(name) < k:
            continue
        else:
            value = mul(Name(name), _slope(terms, found, name))
        total = value if total is None else add(total, value)
    assert total is not None
    return total


def _slope(terms: Terms, found: list[tuple[str, Expr] | None], name: str) -> Expr:
    """What a tangent is multiplied with, summed over the terms."""
    total: Expr | None = None
    for (sign, _), one in zip(terms, found, strict=True):
        if one is not None and one[0] == name:
            slope = signed(one[1], sign)
            total = slope if total is None else add(total, slope)
    assert total is not None
    return total


def _terms(expr: Expr, minus: bool) -> Terms:
    """The terms of a sum, in order."""
    found: Terms = []
    pending = [(expr, minus)]
    while pending:
        part, sign = pending.pop()
        if isinstance(part, Binary) and part.op in ("+", "-"):
            pending += [(part.right, sign != (part.op == "-")), (part.left, sign)]
            continue
        body, own = negative(part)
        found.append((sign != own, body))
    return found


def _by_tangent(expr: Expr, tangents: Container[str]) -> tuple[str, Expr] | None:
    """The tangent among the factors of a product, and the product of the others."""
    if not isinstance(expr, Binary) or expr.op != "*":
        return None
    for one, other in ((expr.left, expr.right), (expr.right, expr.left)):
        if isinstance(one, Name) and one.id in tangents:
            return one.id, other
        inner = _by_tangent(one, tangents)
        if inner is not None:
            return inner[0], mul(inner[1], other) if one is expr.left else mul(other, inner[1])
    return None
