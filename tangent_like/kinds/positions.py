"""Kinds of what says where: orders and indices."""

from __future__ import annotations

import numpy as np

from tangent_like.ir.nodes import Const
from tangent_like.kinds.dims import Dim, Sizes, fixed
from tangent_like.kinds.kind import INT, NONE, UNKNOWN, Array, Kind, ListOf, Scalar, Sequence
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


def order_by_keys(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.lexsort``: of the shape of one key."""
    kind = first(kinds, exprs, sizes)
    key = kind.items[-1] if isinstance(kind, Sequence) and kind.items else None
    if isinstance(kind, Array) and kind.dims:
        key = Array(kind.dims[1:], kind.dtype)
    if key is None or literal(exprs.get("axis", Const(-1))) is None:
        return Array(None, "int64")
    return order_like({"0": key}, {}, sizes)


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


def open_mesh(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.ix_``: positions along one axis each, of whole numbers or where a mask holds; or numbers in this shape."""
    arrays = kinds["arrays"]
    if not isinstance(arrays, Sequence):
        return UNKNOWN
    items = arrays.items
    lengths = [_count(kind) for kind in items]
    one, many = fixed(1), len(lengths)
    return Sequence(
        tuple(
            Array(tuple(n if j == k else one for j in range(many)), _counted(items[k])) for k, n in enumerate(lengths)
        )
    )


def rounded(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``round(x)`` of a number: a whole one, unless digits are asked for."""
    of = first(kinds, exprs, sizes)
    if len(kinds) > 1 and NONE not in kinds.values():
        return of if isinstance(of, Scalar) and of.type in ("int", "float") else UNKNOWN
    return INT if isinstance(of, Scalar) else UNKNOWN


def _counted(kind: Kind) -> str | None:
    """The dtype of positions, or of the numbers that stand for them."""
    if isinstance(kind, Sequence):
        return "int64" if all(isinstance(i, Scalar) and i.type in ("int", "bool") for i in kind.items) else None
    dtype = getattr(kind.item if isinstance(kind, ListOf) else kind, "dtype", None)
    whole = isinstance(kind, ListOf) and isinstance(kind.item, Scalar) and kind.item.type in ("int", "bool")
    return "int64" if whole or (dtype is not None and np.dtype(dtype).kind in "iub") else dtype


def _count(kind: Kind) -> Dim | None:
    match kind:
        case Array(dims=(n,), dtype=dtype) if dtype is not None and dtype != "bool":
            return n
        case Sequence(items=items) if all(isinstance(i, Scalar) and i.type == "int" for i in items):
            return fixed(len(items))
        case _:
            return None


def diagonal(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.diag_indices(n)``, ``np.diag_indices_from(A)``: the same positions for all axes, two where none are said."""
    of = next(iter(kinds.values()))
    if len(kinds) != 1 or (isinstance(of, Array) and of.dims is None):
        return UNKNOWN
    return Sequence((VECTOR,) * (len(of.dims) if isinstance(of, Array) and of.dims else 2))


POSITIONS = {
    "open_mesh": open_mesh, "rounded": rounded, "diagonal_places": diagonal,
    "order_like": order_like, "order_by_keys": order_by_keys, "one_axis": one_axis,
    "rows_of_positions": rows_of_positions,
    "vectors_of_places": vectors_of_places,
}  # fmt: skip
