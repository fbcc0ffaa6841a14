"""Truths among adjoints: ``np.sum((x > 0) * x)`` asks for ``x > 0``, of which a sum and a sign are no numbers.

Before                          After

    x_bar = (x > 0) - (x > 1)       x_bar = (x > 0).astype("float64") - (x > 1).astype("float64")
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import ZERO, builtin_ref
from tangent_like.ir.nodes import Attribute, Binary, Call, Compare, Const, Expr, Logic, Unary
from tangent_like.kinds.kind import Array, Kind, Scalar

KindOf = Callable[[Expr], Kind]


def is_truth(expr: Expr, kind_of: KindOf) -> bool:
    """May it be a truth, or an array of them?"""
    if isinstance(expr, Compare | Logic) or (isinstance(expr, Unary) and expr.op == "not"):
        return True
    match kind_of(expr):
        case Scalar(type="bool") | Array(dtype="bool"):
            return True
        case _:
            return isinstance(expr, Const) and isinstance(expr.value, bool)


def in_numbers(value: Expr, kind_of: KindOf, kind: Kind) -> Expr:
    """An adjoint of this kind, whose terms may be truths, in numbers."""
    match value:
        case Unary("-", inner):
            return Unary("-", in_numbers(inner, kind_of, kind))
        case Binary("+" | "-" as op, left, right):
            return Binary(op, in_numbers(left, kind_of, kind), in_numbers(right, kind_of, kind))
    if not is_truth(value, kind_of):
        return value
    if isinstance(value, Const):
        return Const(float(value.value))  # type: ignore[arg-type]
    own = kind_of(value)
    if isinstance(own, Scalar):
        return Call(builtin_ref("float"), (value,))
    dtype = kind.dtype if isinstance(kind, Array) and isinstance(own, Array) else None
    return Binary("+", value, ZERO) if dtype is None else Call(Attribute(value, "astype"), (Const(dtype),))
