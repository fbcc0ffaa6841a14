"""Kinds of what says where: orders and indices."""

from __future__ import annotations

from tangent_like.ir.nodes import Const
from tangent_like.kinds.dims import Sizes, fixed
from tangent_like.kinds.kind import Array, Kind, ListOf, Sequence
from tangent_like.kinds.operands import Exprs, Kinds, first, literal

VECTOR = Array((None,), "int64")


def order_like(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.argsort``: of the shape of what is sorted; of one axis where that is None."""
    kind = first(kinds, exprs, sizes)
    if isinstance(kind, ListOf):
        return VECTOR
    if isinstance(kind, Sequence):
        return Array((fixed(len(kind.items)),), "int64")
    if not isinstance(kind, Array) or kind.dims is None:
        return Array(None, "int64")
    if len(kind.dims) == 1:
        return Array(kind.dims, "int64")
    flat = literal(exprs.get("axis", Const(-1))) is None
    return VECTOR if flat else Array(kind.dims, "int64")


def one_axis(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.flatnonzero``: a vector of positions."""
    return VECTOR


def rows_of_positions(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.argwhere``: a row of positions for each entry that is found."""
    kind = first(kinds, exprs, sizes)
    return Array((None, fixed(kind.rank) if isinstance(kind, Array) and kind.rank else None), "int64")


def vectors_of_places(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.triu_indices``: the rows, and the columns."""
    return Sequence((VECTOR, VECTOR))


POSITIONS = {
    "order_like": order_like, "one_axis": one_axis, "rows_of_positions": rows_of_positions,
    "vectors_of_places": vectors_of_places,
}  # fmt: skip
