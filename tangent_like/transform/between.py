"""How much of the greater of two numbers one of them is, and whether a number lies between two, in plain Python.

    share(x, lo)                        x > lo: 1, x == lo: 1/2, else 0
    share(x, -1.0) * share(1.0, x)      -1 < x < 1: 1, x == -1 or x == 1: 1/2, else 0
"""

from __future__ import annotations

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Binary, Call, Choose, Compare, Const, Expr, Library, Logic, Ref
from tangent_like.ir.walk import same
from tangent_like.kinds.kind import Array, Kind, Scalar, is_sparse
from tangent_like.kinds.operands import literal


def share(first: Expr, second: Expr, scalar: bool) -> Expr:
    """Of numbers, or of arrays in double precision."""
    more, tied = Compare(first, (">",), (second,)), Compare(first, ("==",), (second,))
    if scalar:
        return Choose(more, Const(1.0), Choose(tied, Const(0.5), Const(0.0)))
    return np_call("where", tied, Const(0.5), more)


def is_double(kind: Kind) -> bool:
    """Are Python's numbers, and those of double precision, all that it can be?"""
    if isinstance(kind, Scalar):
        return kind.type in ("float", "int", "bool") and kind.dtype in (None, "float64")
    return isinstance(kind, Array) and kind.dtype == "float64" and not is_sparse(kind)


def between(x: Expr, low: Expr, high: Expr, scalar: bool) -> Expr:
    """``1.0 if -1.0 < x < 1.0 else 0.5 if x == -1.0 or x == 1.0 else 0.0``, or the same of each entry."""
    ends = Compare(x, ("==",), (low,)), Compare(x, ("==",), (high,))
    if scalar:
        within = Compare(low, ("<", "<"), (x, high))
        return Choose(within, Const(1.0), Choose(Logic("or", ends), Const(0.5), Const(0.0)))
    inner = Binary("&", Compare(x, (">",), (low,)), Compare(x, ("<",), (high,)))
    return np_call("where", Binary("|", *ends), Const(0.5), inner)


def both_shares(expr: Binary) -> Expr | None:
    """The product of two shares of one number between two that are written out, the first of them the lower."""
    one, two = _as_share(expr.left), _as_share(expr.right)
    if expr.op != "*" or one is None or two is None or one[2] != two[2]:
        return None
    (x, low, scalar), (high, other, _) = one, two
    return between(x, low, high, scalar) if same(x, other) and in_order(low, high) else None


def in_order(low: Expr, high: Expr) -> bool:
    """Are they numbers that are written out, one below the other?"""
    bounds = [literal(low), literal(high)]
    return all(type(b) in (int, float) for b in bounds) and bounds[0] < bounds[1]  # type: ignore[operator]


def _as_share(expr: Expr) -> tuple[Expr, Expr, bool] | None:
    match expr:
        case Choose(Compare(first, (">",), (second,)), Const(1.0), Choose(_, Const(0.5), Const(0.0))):
            scalar = True
        case Call(Ref(target=Library("numpy", "where")), (_, Const(0.5), Compare(first, (">",), (second,))), ()):
            scalar = False
        case _:
            return None
    return (first, second, scalar) if same(expr, share(first, second, scalar)) else None
