"""Sums of the items of lists."""

from __future__ import annotations

from tangent_like.ir.nodes import Const, Expr, Name
from tangent_like.kinds.dims import Sizes, symbol
from tangent_like.kinds.indexing import indexed
from tangent_like.kinds.kind import INT, UNKNOWN, Array, Kind, ListOf, Scalar, Sequence
from tangent_like.kinds.operands import Exprs, Kinds, broadcast_kinds


def list_total(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``sum(xs)``: the start where there is no item, and where sizes differ the greatest."""
    whole, total = (*kinds.values(), Scalar("int"))[:2]
    match whole:
        case ListOf(item=Array()) if sizes.sometimes.intersection(map(name_of, exprs.values())):
            return UNKNOWN
        case ListOf(item=item):
            items: tuple[Kind, ...] = () if item is None else (of_any_turn(item),)
        case Sequence():
            items = whole.items
        case Array(dims=dims) if dims:
            items = (indexed(whole, Const(0), lambda _: INT, sizes),)
        case _:
            return UNKNOWN
    for item in items:
        total = broadcast_kinds([total, item], sizes)
    return total


def of_any_turn(item: Kind) -> Kind:
    """An array as large as the items of a list are together: their sizes may differ."""
    if not isinstance(item, Array) or item.dims is None:
        return item
    return Array(tuple(d if d is None or d.steady else symbol(f"@sum({d})") for d in item.dims), item.dtype)


def name_of(expr: Expr) -> str:
    return expr.id if isinstance(expr, Name) else ""
