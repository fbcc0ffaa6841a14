"""What is made of arguments that are 1 along some axis where something wider stands beside them, and of nothing else.

    a = 1 + rates[t]                       # rates is n by 1: so a has one entry
    d = np.sum((X[:, None] - X[None]) ** 2, axis=-1)      # X is 1 by k: so d is 1 by 1
    g = w * a + K * d                      # where w has m, and K is n by n, both are spread

Such values are the same entries as if the argument had been spread at once. Of a sum along the axis, or of one entry of
it, that is not so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
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
from tangent_like.ir.walk import names
from tangent_like.kinds.dims import Dim
from tangent_like.kinds.operands import literal
from tangent_like.transform.loop_turns import Shape

Axes = Mapping[int, Dim]


class Walked(Protocol):
    """What is known where such a value stands."""

    shapes: dict[str, Shape]
    narrow: dict[str, Axes]

    def shape(self, expr: Expr) -> Shape | None: ...
    def is_place(self, expr: Expr) -> bool: ...


def is_number_of_sizes(expr: Expr) -> bool:
    match expr:
        case Index(Attribute(_, "shape"), Const() | Unary("-", Const())) | Attribute(_, "size" | "ndim"):
            return True
        case Call(Ref(target=Library("builtins", "len")), (_,), ()) | Call(Ref(target=Library("math"))):
            return True
        case _:
            return False


def is_by_entry(function: object) -> bool:
    """``np.exp``, and not ``np.matmul``."""
    return isinstance(function, np.ufunc) and function.signature is None


def narrow_parts(walker: Walked, expr: Expr) -> list[Axes] | None:
    """The axes, from the last, of each narrow argument in it; None where there is more in it than those and numbers."""
    match expr:
        case Name(id) if id in walker.narrow:
            return [walker.narrow[id]]
        case Name(id):
            return [] if walker.shapes.get(id) == () else None
        case Const(value):
            return [] if isinstance(value, int | float) else None
        case Unary("-", operand):
            return narrow_parts(walker, operand)
        case Binary("+" | "-" | "*" | "/" | "**", left, right) | Compare(left, (_,), (right,)):
            one, two = narrow_parts(walker, left), narrow_parts(walker, right)
            return None if one is None or two is None else one + two
        case Call(Ref(target=Library(obj=obj)), args, ()) if is_by_entry(obj):
            parts = [narrow_parts(walker, a) for a in args]
            return None if None in parts else [axes for part in parts for axes in part or ()]
        case Call(Ref(target=Library("numpy", "sum")), (whole,), (("axis", axis),)):
            return _summed(walker, whole, literal(axis))
        case Index(Name(id), index) if id in walker.narrow:
            axes = _taken(walker, id, index.items if isinstance(index, Tuple) else (index,))
            return None if axes is None else [axes]
        case _ if is_number_of_sizes(expr):
            return None if names(expr) & walker.narrow.keys() else []
        case _:
            return None


def _summed(walker: Walked, whole: Expr, axis: object) -> list[Axes] | None:
    """Of a sum along another axis."""
    found, shape = narrow_parts(walker, whole), walker.shape(whole)
    if not found or shape is None or not isinstance(axis, int) or isinstance(axis, bool):
        return None
    k = axis % len(shape) - len(shape) if -len(shape) <= axis < len(shape) else 0
    if k == 0 or any(k in axes for axes in found):
        return None
    return [{a + 1 if a < k else a: wide for a, wide in axes.items()} for axes in found]


def _taken(walker: Walked, name: str, items: tuple[Expr, ...]) -> Axes | None:
    """Of ``y[:, 0]`` and ``y[:, None]``, by those of ``y``; 0 and -1 are in any."""
    shape, axes = walker.shapes.get(name), walker.narrow[name]
    if shape is None or sum(not _is_new(i) for i in items) > len(shape):
        return None
    left: list[int | None] = []
    at = -len(shape)
    for item in items:
        if _is_new(item):
            left.append(None)
            continue
        if isinstance(item, Slice) and item.lower is item.upper is item.step is None:
            left.append(at)
        elif not (literal(item) in (0, -1) or (at not in axes and walker.is_place(item))):
            return None
        at += 1
    left += range(at, 0)
    return {k - len(left): axes[old] for k, old in enumerate(left) if old is not None and old in axes}


def _is_new(item: Expr) -> bool:
    return isinstance(item, Const) and item.value is None
