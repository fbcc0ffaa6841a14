"""Reversals, running sums and shapes, where ranks and sizes are known.

    np.flip(v, None)                       v[::-1]
    np.cumsum(v, None)                     np.cumsum(v)
    np.reshape(v, x.shape)                 v
    np.reshape(v, np.shape(m))             v[:, None]
    np.where(y == -np.inf, 0.0, y)         y, where the program names no infinity
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tangent_like.ir.build import add
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Expr,
    Index,
    Library,
    Name,
    Ref,
    Slice,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import same
from tangent_like.kinds.dims import ONE, Sizes
from tangent_like.kinds.kind import Array, Kind, Scalar, dims_of, is_sparse, rank_of
from tangent_like.kinds.operands import literal

KindOf = Callable[[Expr], Kind]
WHOLE = Slice(None, None, None)
BACKWARDS = Slice(None, None, Unary("-", Const(1)))


def flip(expr: Call, kind_of: KindOf, sizes: Sizes) -> Expr | None:
    del sizes
    rank = rank_of(kind_of(expr.args[0]))
    axis = literal(expr.args[1]) if len(expr.args) == 2 else None
    if not rank or expr.keywords:
        return None
    if rank == 1 and axis is None:
        axis = 0
    if not isinstance(axis, int) or isinstance(axis, bool) or not -rank <= axis < rank:
        return None
    before = (WHOLE,) * (axis % rank)
    return Index(expr.args[0], Tuple((*before, BACKWARDS)) if before else BACKWARDS)


def scan(expr: Call, kind_of: KindOf, sizes: Sizes) -> Expr | None:
    del sizes
    if len(expr.args) == 2 and is_none(expr.args[1]) and rank_of(kind_of(expr.args[0])) == 1:
        return Call(expr.func, expr.args[:1], expr.keywords, expr.at)
    return None


def reshape(expr: Call, kind_of: KindOf, sizes: Sizes) -> Expr | None:
    """A shape that the array has already, but for axes of one entry."""
    if len(expr.args) != 2 or expr.keywords:
        return None
    match expr.args[1]:
        case Attribute(like, "shape") | Call(Ref(target=Library("numpy", "shape")), (like,), ()):
            own, wanted = dims_of(kind_of(expr.args[0])), dims_of(kind_of(like))
        case _:
            return None
    if own is None or wanted is None or None in own or None in wanted:
        return None
    if len(own) == len(wanted):
        return expr.args[0] if all(sizes.same(a, b) for a, b in zip(own, wanted, strict=True)) else None
    left = [d for d in wanted if d != ONE]
    if not own or ONE in own or len(left) != len(own) or not all(map(sizes.same, own, left)):
        return None
    return Index(expr.args[0], Tuple(tuple(Const(None) if d == ONE else WHOLE for d in wanted)))


def tensordot(expr: Call, kind_of: KindOf, _sizes: Sizes) -> Expr | None:
    """Of two vectors: their product."""
    if expr.keywords or len(expr.args) != 3 or literal(expr.args[2]) != 1:
        return None
    kinds = [kind_of(e) for e in expr.args[:2]]
    if not all(isinstance(k, Array) and k.rank == 1 and not is_sparse(k) for k in kinds):
        return None
    return Binary("@", expr.args[0], expr.args[1])


def is_none(expr: Expr) -> bool:
    return isinstance(expr, Const) and expr.value is None


def entry_of_part(part: Expr, k: int) -> Expr:
    """The ``k``-th of a part: ``y_bar[:2][1]`` is ``y_bar[1]``, ``y_bar[x.size:][0]`` is ``y_bar[x.size]``."""
    match part:
        case Index(whole, Slice(lower, _, None)) if k >= 0 and (lower is None or counts(lower)):
            return Index(whole, Const(k) if lower is None else add(lower, Const(k)))
        case Index(whole, Slice(Const(int(lower)), _, None)) if 0 <= k < -lower:  # of so many entries
            return Index(whole, Const(lower + k))
        case _:
            return Index(part, Const(k))


def is_part(expr: Expr) -> bool:
    return isinstance(expr, Index) and isinstance(expr.value, Name) and isinstance(expr.index, Slice)


def counts(expr: Expr) -> bool:
    """Is it no less than zero for sure?"""
    match expr:
        case Const(value):
            return type(value) is int and value >= 0
        case Attribute(_, "size") | Index(Attribute(_, "shape"), Const()):
            return True
        case Binary("+" | "*", left, right):
            return counts(left) and counts(right)
        case _:
            return False


def finite(expr: Call, kind_of: KindOf, sizes: Sizes) -> Expr | None:
    match expr.args:
        case (Compare(asked, ("==",), (Unary("-", Ref(target=bound)),)) as test, zero, y) if same(asked, y):
            if getattr(bound, "obj", None) == np.inf and not sizes.infinite:
                return y
            return Choose(test, zero, y) if isinstance(kind_of(y), Scalar) else None
        case _:
            return None


FORMS = {"flip": flip, "cumsum": scan, "cumprod": scan, "reshape": reshape, "tensordot": tensordot, "where": finite}
