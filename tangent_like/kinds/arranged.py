"""Kinds of results whose entries are those of the operands, put elsewhere: taken, joined, split, repeated."""

from __future__ import annotations

from tangent_like.ir.nodes import Const, Expr
from tangent_like.kinds.dims import Dim, Sizes, fixed
from tangent_like.kinds.kind import FLOAT, INT, UNKNOWN, Array, Kind, Scalar, Sequence, dims_of
from tangent_like.kinds.operands import Exprs, Kinds, broadcast_kinds, first, literal, promoted
from tangent_like.kinds.shaped import shape_dims

Dims = tuple[Dim | None, ...]


def _axis(exprs: Exprs, rank: int, default: object = None) -> int | None:
    """The axis that a literal names, from the front; None where it is no literal or None itself."""
    axis = literal(exprs.get("axis", Const(default)))
    if isinstance(axis, int) and not isinstance(axis, bool) and -rank <= axis < rank:
        return axis % rank
    return None


def _named_none(exprs: Exprs, name: str) -> bool:
    return literal(exprs.get(name, Const(None))) is None


def _array(kind: Kind) -> tuple[Dims, str | None] | None:
    """The sizes and dtype of an array whose rank is known."""
    if isinstance(kind, Array) and kind.dims is not None:
        return kind.dims, kind.dtype
    return None


def _ranked(kind: Kind) -> Array:
    return Array(None, getattr(kind, "dtype", None))


def take(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind, index = kinds["x"], kinds["indices"]
    found, places = _array(kind), dims_of(index)
    if isinstance(index, Sequence):
        places = (fixed(len(index.items)),) if all(isinstance(i, Scalar) for i in index.items) else None
    if found is None or places is None:
        return UNKNOWN
    dims, dtype = found
    if _named_none(exprs, "axis"):
        whole = places
    else:
        axis = _axis(exprs, len(dims))
        if axis is None:
            return UNKNOWN
        whole = (*dims[:axis], *places, *dims[axis + 1 :])
    return Array(whole, dtype) if whole else Scalar("float", dtype, None, dtype is None)


def take_along(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found, places = _array(kinds["x"]), _array(kinds["indices"])
    if found is None or places is None:
        return _ranked(kinds["x"])
    dims, dtype = found
    axis = _axis(exprs, len(dims), -1)
    if axis is None or len(places[0]) != len(dims):
        return Array(places[0], dtype) if _named_none(exprs, "axis") and "axis" in exprs else Array(None, dtype)
    pairs = zip(places[0], dims, strict=True)
    return Array(tuple(p if k == axis else sizes.broadcast(p, d) for k, (p, d) in enumerate(pairs)), dtype)


def moved(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.moveaxis``."""
    found = _array(kinds["x"])
    ends = [literal(exprs[name]) for name in ("source", "destination")]
    if found is None or not all(isinstance(e, int) for e in ends):
        return _ranked(kinds["x"])
    dims, dtype = list(found[0]), found[1]
    source, destination = ends
    assert isinstance(source, int)
    assert isinstance(destination, int)
    moving = dims.pop(source)
    dims.insert(destination % (len(dims) + 1), moving)
    return Array(tuple(dims), dtype)


def turned(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """The last two axes exchanged: ``np.matrix_transpose``."""
    found = _array(first(kinds, exprs, sizes))
    if found is None or len(found[0]) < 2:
        return _ranked(first(kinds, exprs, sizes))
    dims, dtype = found
    return Array((*dims[:-2], dims[-1], dims[-2]), dtype)


def broadcast_to(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return Array(shape_dims(exprs["shape"], kinds["shape"]), _dtype(kinds["x"]))


def full(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of a Python float the entries are float64; a whole number makes whole numbers."""
    return Array(shape_dims(exprs["shape"], kinds["shape"]), _dtype(kinds["fill_value"]))


def _dtype(kind: Kind) -> str | None:
    """The dtype of an array made of a value."""
    if isinstance(kind, Scalar) and kind.dtype is None and not kind.mixed:
        return {"float": "float64", "int": "int64", "bool": "bool", "complex": "complex128"}[kind.type]
    return getattr(kind, "dtype", None)


def spaced(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.linspace`` and its like: ``num`` numbers, for each entry of arrays."""
    between = broadcast_kinds([kinds["start"], kinds["stop"]], sizes, floating=True)
    count = literal(exprs["num"])
    kind = kinds["num"]
    num = fixed(count) if isinstance(count, int) else kind.value if isinstance(kind, Scalar) else None
    dims = dims_of(between)
    if dims is None:
        return Array(None, None)
    dtype = getattr(between, "dtype", None)
    mixed = isinstance(between, Scalar) and between.mixed
    return Array((num, *dims), None if mixed or dtype == "float32" else dtype or "float64")


def differenced(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.diff``: shorter by ``n`` along the axis."""
    found = _array(kinds["x"])
    if found is None:
        return _ranked(kinds["x"])
    dims, dtype = found
    axis, n = _axis(exprs, len(dims), -1), literal(exprs.get("n", Const(1)))
    if axis is None or not isinstance(n, int):
        return Array((None,) * len(dims), dtype)
    size = dims[axis]
    left = None if size is None else sizes.clip(size + fixed(-n))
    return Array((*dims[:axis], left, *dims[axis + 1 :]), dtype)


def padded(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = _array(kinds["x"])
    width = literal(exprs["pad_width"])
    if found is None:
        return _ranked(kinds["x"])
    dims, dtype = found
    if isinstance(width, int):
        width = ((width, width),) * len(dims)
    if isinstance(width, tuple) and len(width) == 2 and all(isinstance(w, int) for w in width):
        width = (width,) * len(dims)
    pairs = width if isinstance(width, tuple) else ()
    if len(pairs) == 1:
        pairs = pairs * len(dims)
    if len(pairs) != len(dims) or not all(isinstance(p, tuple) and len(p) == 2 for p in pairs):
        return Array((None,) * len(dims), dtype)
    sums = [fixed(sum(p)) for p in pairs]
    return Array(tuple(None if d is None else d + s for d, s in zip(dims, sums, strict=True)), dtype)


def tiled(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = _array(kinds["x"])
    reps = literal(exprs["reps"])
    if found is None:
        return _ranked(kinds["x"])
    dims, dtype = found
    reps = (reps,) if isinstance(reps, int) else reps
    if not isinstance(reps, tuple) or not all(isinstance(r, int) for r in reps):
        return Array(None, dtype)
    rank = max(len(reps), len(dims))
    ones: Dims = (fixed(1),)
    whole = ones * (rank - len(dims)) + dims
    times = (1,) * (rank - len(reps)) + reps
    return Array(tuple(None if d is None else d.times(t) for d, t in zip(whole, times, strict=True)), dtype)


def repeated(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = kinds["x"]
    found = _array(kind)
    times = literal(exprs["repeats"])
    if _named_none(exprs, "axis"):
        dims = dims_of(kind)
        total = sizes.product(list(dims)) if dims is not None else None
        return Array((total.times(times) if total is not None and isinstance(times, int) else None,), _dtype(kind))
    if found is None:
        return _ranked(kind)
    dims, dtype = found
    axis = _axis(exprs, len(dims))
    if axis is None:
        return Array((None,) * len(dims), dtype)
    size = dims[axis]
    new = size.times(times) if size is not None and isinstance(times, int) else None
    return Array((*dims[:axis], new, *dims[axis + 1 :]), dtype)


def flattened(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """A vector of a length that is not known."""
    return Array((None,), getattr(first(kinds, exprs, sizes), "dtype", None))


def same_rank(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """An array of the rank of the first operand, of sizes that are not known; flat where no axis is given."""
    kind = kinds["x"]
    if "axis" in exprs and _named_none(exprs, "axis"):
        return flattened(kinds, exprs, sizes)
    found = _array(kind)
    return _ranked(kind) if found is None else Array((None,) * len(found[0]), found[1])


def ordered(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.sort``: like the operand, flat where ``axis`` is None."""
    if literal(exprs.get("axis", Const(-1))) is None:
        dims = dims_of(kinds["x"])
        return Array((None if dims is None else sizes.product(list(dims)),), getattr(kinds["x"], "dtype", None))
    return kinds["x"] if isinstance(kinds["x"], Array) else _ranked(kinds["x"])


def diagonal_matrix(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.diag``: a matrix of a vector, a vector of a matrix."""
    found = _array(kinds["x"])
    k = literal(exprs.get("k", Const(0)))
    if found is None or len(found[0]) not in (1, 2):
        return _ranked(kinds["x"])
    dims, dtype = found
    if len(dims) == 2:
        square = k == 0 and sizes.same(dims[0], dims[1])
        return Array((dims[0] if square else None,), dtype)
    size = dims[0] + fixed(abs(k)) if dims[0] is not None and isinstance(k, int) else None
    return Array((size, size), dtype)


def diagonal(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = _array(kinds["x"])
    if found is None or len(found[0]) != 2:
        return _ranked(kinds["x"])
    dims, dtype = found
    square = literal(exprs.get("offset", Const(0))) == 0 and sizes.same(dims[0], dims[1])
    return Array((dims[0] if square else None,), dtype)


def trace(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = _array(kinds["x"])
    if found is None:
        return UNKNOWN
    dims, dtype = found
    if len(dims) == 2:
        return Scalar("float", dtype, None, dtype is None)
    return Array((None,) * (len(dims) - 2), dtype)


def triangle(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.tril``: a vector is taken for the rows of a square."""
    found = _array(kinds["x"])
    if found is None:
        return _ranked(kinds["x"])
    dims, dtype = found
    return Array(dims * 2 if len(dims) == 1 else dims, dtype)


# -- joined, and split ---------------------------------------------------------------------------------


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


def split(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.split`` and ``np.array_split``: a list, where it is written how many parts there are."""
    found = _array(kinds["x"])
    if found is None:
        return UNKNOWN
    axis = _axis(exprs, len(found[0]), 0)
    return UNKNOWN if axis is None else _parts(*found, axis, exprs["indices_or_sections"], sizes)


def split_columns(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = _array(kinds["x"])
    if found is None or not found[0]:
        return UNKNOWN
    return _parts(*found, min(1, len(found[0]) - 1), exprs["indices_or_sections"], sizes)


def split_depth(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = _array(kinds["x"])
    if found is None or len(found[0]) < 3:
        return UNKNOWN
    return _parts(*found, 2, exprs["indices_or_sections"], sizes)


def _parts(dims: Dims, dtype: str | None, axis: int, where: Expr, sizes: Sizes) -> Kind:
    cuts = literal(where)

    def part(size: Dim | None) -> Array:
        return Array((*dims[:axis], size, *dims[axis + 1 :]), dtype)

    whole = dims[axis]
    if isinstance(cuts, int) and not isinstance(cuts, bool) and cuts > 0:
        known = None if whole is None else whole.known
        each = sizes.quotient(whole, fixed(cuts)) if known is not None and known % cuts == 0 else None
        return Sequence((part(each),) * cuts, True)
    if isinstance(cuts, tuple) and all(isinstance(c, int) and c >= 0 for c in cuts):
        return Sequence((part(None),) * (len(cuts) + 1), True)
    return UNKNOWN


def unstacked(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = _array(kinds["x"])
    if found is None:
        return UNKNOWN
    dims, dtype = found
    axis = _axis(exprs, len(dims), 0)
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
    return Sequence(tuple(Array(tuple(lengths), i.dtype) for i in items))


def broadcast_each(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    items = _items(kinds)
    if items is None:
        return UNKNOWN
    whole = broadcast_kinds(list(items), sizes)
    dims = dims_of(whole)
    return Sequence(tuple(Array(dims, i.dtype) for i in items))


# -- others --------------------------------------------------------------------------------------------


def chosen(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.choose``: broadcast."""
    choices = kinds["choices"]
    items = list(choices.items) if isinstance(choices, Sequence) else None
    return UNKNOWN if items is None else broadcast_kinds([kinds["index"], *items], sizes)


def selected(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    conditions, choices = kinds["condlist"], kinds["choicelist"]
    if not isinstance(conditions, Sequence) or not isinstance(choices, Sequence):
        return UNKNOWN
    whole = broadcast_kinds([*conditions.items, *choices.items, kinds["default"]], sizes)
    value = broadcast_kinds([*choices.items, kinds["default"]], sizes)
    dims = dims_of(whole)
    return UNKNOWN if dims is None else Array(dims, _dtype(value))


def apart(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.frexp``, ``math.frexp``: a number and a whole one."""
    kind = first(kinds, exprs, sizes)
    if isinstance(kind, Scalar) and kind.dtype is None and not kind.mixed:
        return Sequence((FLOAT, INT))
    if isinstance(kind, Array):
        return Sequence((kind, Array(kind.dims, "int32")))
    return Sequence((UNKNOWN, Array(None, "int32")))


def counted(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.bincount``: whole numbers without weights."""
    return Array((None,), "int64" if _named_none(exprs, "weights") else "float64")


def interpolated(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = kinds["x"]
    if isinstance(kind, Scalar):
        return Scalar("float", "float64")
    return Array(dims_of(kind), "float64") if isinstance(kind, Array) else UNKNOWN


def covariance(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = _array(kinds["x"])
    if found is None or len(found[0]) != 2 or not _named_none(exprs, "y"):
        return UNKNOWN
    by_row = literal(exprs.get("rowvar", Const(True)))
    size = found[0][0 if by_row is True else 1] if isinstance(by_row, bool) else None
    return Array((size, size), found[1]) if sizes.is_one(size) is False else UNKNOWN


def pair(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """An elementwise result twice."""
    kind = broadcast_kinds(list(kinds.values()), sizes)
    return Sequence((kind, kind))


def slopes(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.gradient``: of several axes a list, one for each."""
    found = _array(kinds["x"])
    if found is None:
        return UNKNOWN
    dims, dtype = found
    one = Array(dims, dtype)
    if len(dims) == 1 or _axis(exprs, len(dims)) is not None:
        return one
    return Sequence((one,) * len(dims), True) if _named_none(exprs, "axis") else UNKNOWN


def of_items(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """What the items of a list come to: their sum, product or extremum."""
    kind = kinds["values"]
    if isinstance(kind, Sequence) and kind.items:
        return broadcast_kinds(list(kind.items), sizes)
    found = _array(kind)
    if found is None:
        return UNKNOWN
    dims, dtype = found
    if len(dims) > 1:
        return Array(dims[1:], dtype)
    whole = dtype is not None and dtype.startswith(("int", "uint", "bool"))
    return UNKNOWN if whole else Scalar("float", dtype, None, True)


def polynomial(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.polyval``: of the shape of the places."""
    found = _array(kinds["x"])
    if found is None:
        return UNKNOWN
    return Array(found[0], promoted([kinds["p"], kinds["x"]]))


def nonzero(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.nonzero`` and ``np.where`` of a condition: a vector of positions for each axis."""
    found = _array(first(kinds, exprs, sizes))
    if found is None or not found[0]:
        return UNKNOWN
    return Sequence((Array((None,), "int64"),) * len(found[0]))


def found_places(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.searchsorted``: a position for each of what is looked for."""
    wanted = list(kinds.values())[1] if len(kinds) > 1 else UNKNOWN
    return _whole_like(wanted)


def bins_of(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.digitize``: a position for each entry."""
    return _whole_like(first(kinds, exprs, sizes))


def _whole_like(kind: Kind) -> Kind:
    if isinstance(kind, Scalar):
        return Scalar("int", "int64")
    return Array(dims_of(kind), "int64") if isinstance(kind, Array) and kind.rank else UNKNOWN


def unraveled(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.unravel_index`` of one position: one for each axis."""
    kind, shape = (*kinds.values(), UNKNOWN)[:2]
    if not isinstance(kind, Scalar) or not isinstance(shape, Sequence):
        return UNKNOWN
    return Sequence((Scalar("int", "int64"),) * len(shape.items))


ARRANGED = {
    "take": take, "take_along": take_along, "moved": moved, "turned": turned, "broadcast_to": broadcast_to,
    "full": full, "spaced": spaced, "differenced": differenced, "padded": padded, "tiled": tiled,
    "repeated": repeated, "flattened": flattened, "same_rank": same_rank, "ordered": ordered,
    "diagonal_matrix": diagonal_matrix, "diagonal": diagonal, "trace": trace, "triangle": triangle,
    "rows": rows, "side_by_side": side_by_side, "in_depth": in_depth, "columns": columns, "split": split,
    "split_columns": split_columns, "split_depth": split_depth, "unstacked": unstacked, "meshed": meshed,
    "broadcast_each": broadcast_each, "chosen": chosen, "selected": selected, "apart": apart,
    "counted": counted, "interpolated": interpolated, "covariance": covariance,
    "pair": pair, "nonzero": nonzero, "found_places": found_places, "bins_of": bins_of,
    "unraveled": unraveled, "slopes": slopes, "polynomial": polynomial, "sum_of_items": of_items,
}  # fmt: skip
