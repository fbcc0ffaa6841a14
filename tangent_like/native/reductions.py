"""Sums, means and extremes of arrays, over all axes or some; and products of two vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tangent_like.ir.nodes import Attribute, Binary, Call, Expr, Library, Name, Ref
from tangent_like.kinds.kind import Array, Kind
from tangent_like.kinds.operands import literal

NAMES = {np.sum: "sum", np.mean: "mean", np.max: "max", np.min: "min", np.amax: "max", np.amin: "min"}


@dataclass(frozen=True, eq=False)
class Reduction:
    """``other``: of a product, its second factor."""

    name: str
    operand: Expr
    axes: tuple[int, ...]
    keepdims: bool = False
    other: Expr | None = None


def reduction_of(expr: Expr, kind_of: Callable[[Expr], Kind]) -> Reduction | None:
    match expr:
        case Binary("@", left, right):
            return _product(left, right, kind_of)
        case Call(Ref(target=Library(obj=np.dot)), (left, right), ()):
            return _product(left, right, kind_of)
        case Call(Ref(target=Library(obj=obj)), (operand, *rest), keywords) if _named(obj):
            return _reduction(NAMES[obj], operand, tuple(rest), keywords, kind_of)  # type: ignore[index]
        case Call(Attribute(operand, ("sum" | "mean" | "max" | "min") as name), rest, keywords):
            return _reduction(name, operand, tuple(rest), keywords, kind_of)
        case _:
            return None


def _named(obj: object) -> bool:
    try:
        return obj in NAMES
    except TypeError:
        return False


def _product(left: Expr, right: Expr, kind_of: Callable[[Expr], Kind]) -> Reduction | None:
    a, b = kind_of(left), kind_of(right)
    if not (isinstance(a, Array) and isinstance(b, Array) and a.rank == b.rank == 1):
        return None
    if isinstance(left, Name) and isinstance(right, Name):
        return None  # whole vectors lie close together in memory: a matter for BLAS
    return Reduction("sum", left, (0,), False, right)


def _reduction(
    name: str,
    operand: Expr,
    rest: tuple[Expr, ...],
    keywords: tuple[tuple[str, Expr], ...],
    kind_of: Callable[[Expr], Kind],
) -> Reduction | None:
    kind = kind_of(operand)
    if not isinstance(kind, Array) or not kind.dims or len(rest) > 1:
        return None
    given = dict(keywords)
    if given.keys() - {"axis", "keepdims"} or (rest and "axis" in given):
        return None
    axis = literal(rest[0]) if rest else literal(given["axis"]) if "axis" in given else None
    keepdims = literal(given["keepdims"]) if "keepdims" in given else False
    rank = len(kind.dims)
    axes = tuple(range(rank)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if keepdims not in (True, False) or not all(isinstance(a, int) and -rank <= a < rank for a in axes):
        return None
    return Reduction(name, operand, tuple(sorted({a % rank for a in axes})), bool(keepdims))
