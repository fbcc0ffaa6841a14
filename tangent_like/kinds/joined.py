"""Kinds of what is joined from several arrays, and of what an array is split into."""

from __future__ import annotations

from tangent_like.ir.nodes import Const, Expr
from tangent_like.kinds.arranged import Dims, array_of_rank, axis_of
from tangent_like.kinds.dims import Sizes, fixed
from tangent_like.kinds.kind import UNKNOWN, Array, Kind, Scalar, Sequence, dims_of
from tangent_like.kinds.operands import Exprs, Kinds, broadcast_kinds, literal, promoted


def _items(kinds: Kinds) -> tuple[Array, ...] | None:
    sequence = next(iter(kinds.values()))
    if not isinstance(sequence, Sequence) or not sequence.items:
        return None
    arrays = tuple(Array((), k.dtype) if isinstance(k, Scalar) else k for k in sequence.items)
    if not all(isinstance(a, Array) and a.dims is not None for a in arrays):
        return None
    return tuple(a for a in arrays if isinstance(a, Array))


def _joined(parts: list[Dims], axis: int, dtype: str | None) -> Array:
    dims = list(parts[0])
    for other in parts[1:]:
        if len(other) != len(dims):
            return Array(None, dtype)
        here, more = dims[axis], other[axis]
        dims[axis] = None if here is None or more is None else here + more
    return Array(tuple(dims), dtype)


def stacked(kinds: Kinds, exprs: Exprs, sizes: Sizes, rank: int, axis: int, column: bool = False) -> Kind:
    """Arrays made of at least ``rank`` axes, joined along one; ``column``: a vector is one."""
    items = _items(kinds)
    sequence = next(iter(kinds.values()))
    if items is None:
        return Array(None, None)
    dtype = promoted(list(sequence.items)) if isinstance(sequence, Sequence) else None
    one = fixed(1)
    parts: list[Dims] = []
    for item in items:
        dims = item.dims or ()
        if rank == 3 and len(dims) < 3:
            dims = {0: (one, one, one), 1: (one, *dims, one), 2: (*dims, one)}[len(dims)]
        elif column and len(dims) < 2:
            dims = (*dims, one) if dims else (one, one)
        else:
            dims = (one,) * (rank - len(dims)) + dims
        parts.append(dims)
    if rank == 1:
        axis = 0 if len(parts[0]) == 1 else 1
    return _joined(parts, axis, dtype)


def rows(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return stacked(kinds, exprs, sizes, 2, 0)


def side_by_side(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return stacked(kinds, exprs, sizes, 1, 1)


def in_depth(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return stacked(kinds, exprs, sizes, 3, 2)


def columns(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return stacked(kinds, exprs, sizes, 2, 1, column=True)


def blocked(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.block([[A, B], [C, D]])``: rows along the last axis, then one below the other."""
    whole = next(iter(kinds.values()))
    if not isinstance(whole, Sequence) or not whole.items:
        return Array(None, None)
    nested = all(isinstance(k, Sequence) for k in whole.items)
    rows_ = [k for k in whole.items if isinstance(k, Sequence)] if nested else [whole]
    parts = [_items({"": row}) for row in rows_]
    if not all(parts):
        return Array(None, None)
    found = [[a.dims or () for a in row] for row in parts if row]
    rank = max(1 + nested, *(len(dims) for row in found for dims in row))
    full = [[(fixed(1),) * (rank - len(dims)) + dims for dims in row] for row in found]
    dtype = promoted([k for row in rows_ for k in row.items])
    lines = [_joined(row, rank - 1, dtype) for row in full]
    return _joined([line.dims or () for line in lines], rank - 2, dtype) if nested else lines[0]


def split(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.split`` and ``np.array_split``: a list, where it is written how many parts there are."""
    found = array_of_rank(kinds["x"])
    axis = None if found is None else axis_of(exprs, len(found[0]), 0)
    if found is None or axis is None:
        return _unknown_parts(exprs["indices_or_sections"])
    return _parts(*found, axis, exprs["indices_or_sections"], sizes)


def split_columns(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = array_of_rank(kinds["x"])
    if found is None or not found[0]:
        return _unknown_parts(exprs["indices_or_sections"])
    return _parts(*found, min(1, len(found[0]) - 1), exprs["indices_or_sections"], sizes)


def split_depth(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = array_of_rank(kinds["x"])
    if found is None or len(found[0]) < 3:
        return _unknown_parts(exprs["indices_or_sections"])
    return _parts(*found, 2, exprs["indices_or_sections"], sizes)


def _parts(dims: Dims, dtype: str | None, axis: int, where: Expr, sizes: Sizes) -> Kind:
    count = _count(where)
    if count is None:
        return UNKNOWN
    whole = dims[axis]
    known = None if whole is None or isinstance(literal(where), tuple) else whole.known
    each = sizes.quotient(whole, fixed(count)) if known is not None and known % count == 0 else None
    return Sequence((Array((*dims[:axis], each, *dims[axis + 1 :]), dtype),) * count, True)


def _unknown_parts(where: Expr) -> Kind:
    """However little is known of an array, so many parts it gives."""
    count = _count(where)
    return UNKNOWN if count is None else Sequence((UNKNOWN,) * count, True)


def _count(where: Expr) -> int | None:
    cuts = literal(where)
    if isinstance(cuts, int) and not isinstance(cuts, bool) and cuts > 0:
        return cuts
    whole = isinstance(cuts, tuple) and all(isinstance(c, int) and c >= 0 for c in cuts)
    return len(cuts) + 1 if whole and isinstance(cuts, tuple) else None


def unstacked(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = array_of_rank(kinds["x"])
    if found is None:
        return UNKNOWN
    dims, dtype = found
    axis = axis_of(exprs, len(dims), 0)
    size = None if axis is None else dims[axis]
    count = None if size is None else sizes.evaluate(size)
    if axis is None or size is None or count is None or not sizes.same(size, fixed(count)):
        return UNKNOWN
    rest = (*dims[:axis], *dims[axis + 1 :])
    item: Kind = Array(rest, dtype) if rest else Scalar("float", dtype, None, dtype is None)
    return Sequence((item,) * count)


def meshed(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    items = _items(kinds)
    if items is None or any(len(i.dims or ()) != 1 for i in items):
        return UNKNOWN
    lengths = [(i.dims or (None,))[0] for i in items]
    if literal(exprs.get("indexing", Const("xy"))) == "xy" and len(lengths) > 1:
        lengths[:2] = lengths[1], lengths[0]
    if literal(exprs.get("sparse", Const(False))) is not True:
        return Sequence(tuple(Array(tuple(lengths), i.dtype) for i in items))
    places = list(range(len(items)))
    if literal(exprs.get("indexing", Const("xy"))) == "xy" and len(items) > 1:
        places[:2] = 1, 0
    own = [tuple(n if k == place else fixed(1) for k, n in enumerate(lengths)) for place in places]
    return Sequence(tuple(Array(dims, i.dtype) for dims, i in zip(own, items, strict=True)))


def broadcast_each(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    items = _items(kinds)
    if items is None:
        return UNKNOWN
    whole = broadcast_kinds(list(items), sizes)
    dims = dims_of(whole)
    return Sequence(tuple(Array(dims, i.dtype) for i in items))


JOINED = {
    "rows": rows, "side_by_side": side_by_side, "in_depth": in_depth, "columns": columns, "blocked": blocked,
    "split": split, "split_columns": split_columns, "split_depth": split_depth, "unstacked": unstacked,
    "meshed": meshed, "broadcast_each": broadcast_each,
}  # fmt: skip
