"""What can be said a second time, on the way back, with the same value: ``store="none"`` asks, and ``"all"``."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import atomic
from tangent_like.ir.casts import inside
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Expr,
    Index,
    Logic,
    Name,
    Ref,
    Slice,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import children
from tangent_like.kinds.kind import Array, Kind
from tangent_like.rules.apply import application
from tangent_like.rules.draws import drawn_by

KindOf = Callable[[Expr], Kind]


def is_place(expr: Expr, kind_of: KindOf) -> bool:
    """Nothing is computed to say it: a name, an element or a view of a named array, its shape."""
    if atomic(expr):
        return True
    match expr:
        case Attribute(value, "T" | "shape" | "size" | "ndim" | "dtype"):
            return is_place(value, kind_of)
        case Index(value, index):
            items = index.items if isinstance(index, Tuple) else (index,)
            by_array = any(isinstance(kind_of(i), Array) for i in items)
            return not by_array and is_place(value, kind_of)
        case Slice() | Tuple():
            return all(is_place(c, kind_of) for c in children(expr))
        case Call():  # what NumPy does of itself beside floating-point numbers
            inner = inside(expr)
            return inner is not None and is_place(inner, kind_of)
        case _:
            return False


def can_be_said_again(expr: Expr, kind_of: KindOf) -> bool:
    """Has a second evaluation, of the same operands, the same value and no effect?

    Of calls only those with a rule have: not the user's functions, which may print, nor ``np.random``.
    A call with several results is evaluated once for all of them, and so it is kept.
    """
    match expr:
        case Name() | Const() | Ref():
            return True
        case Call():
            found = application(expr, kind_of)
            if found is None or found.rule.results or drawn_by(expr):
                return False
            return all(can_be_said_again(c, kind_of) for c in children(expr))
        case Attribute() | Unary() | Binary() | Index() | Slice() | Tuple() | Compare() | Logic() | Choose():
            return all(can_be_said_again(c, kind_of) for c in children(expr))
        case _:
            return False


def widens_a_number(expr: Expr, kind_of: KindOf) -> bool:
    """Is it ``m[..., None]`` of what may be a number, whose adjoint then is no place to write into?"""
    if not isinstance(expr, Index):
        return False
    items = expr.index.items if isinstance(expr.index, Tuple) else (expr.index,)
    kind = kind_of(expr.value)
    wide = all(isinstance(i, Const) and (i.value is None or i.value is ...) for i in items)
    return wide and not (isinstance(kind, Array) and kind.rank is not None and kind.rank > 0)
