"""Kinds of results whose entries are those of the operands, put elsewhere: taken, joined, split, repeated."""

from __future__ import annotations

import numpy as np

from tangent_like.ir.nodes import Const
from tangent_like.kinds.dims import Dim, Sizes, fixed
from tangent_like.kinds.kind import FLOAT, INT, UNKNOWN, Array, Kind, ListOf, Scalar, Sequence, dims_of, is_complex
from tangent_like.kinds.operands import Exprs, Kinds, array_of, broadcast_kinds, first, literal, promoted
from tangent_like.kinds.shaped import shape_dims

Dims = tuple[Dim | None, ...]


def axis_of(exprs: Exprs, rank: int, default: object = None) -> int | None:
    """The axis that a literal names, from the front; None where it is no literal or None itself."""
    axis = literal(exprs.get("axis", Const(default)))
    if isinstance(axis, int) and not isinstance(axis, bool) and -rank <= axis < rank:
        return axis % rank
    return None


def _named_none(exprs: Exprs, name: str) -> bool:
    return literal(exprs.get(name, Const(None))) is None


def array_of_rank(kind: Kind) -> tuple[Dims, str | None] | None:
    """The sizes and dtype of an array whose rank is known."""
    if isinstance(kind, Array) and kind.dims is not None:
        return kind.dims, kind.dtype
    return None


def _ranked(kind: Kind) -> Array:
    return Array(None, _dtype(kind))


def take(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind, index = kinds["x"], kinds["indices"]
    found, places = array_of_rank(kind), dims_of(index)
    if isinstance(index, Sequence):
        places = (fixed(len(index.items)),) if all(isinstance(i, Scalar) for i in index.items) else None
    if found is None or places is None:
        return UNKNOWN
    dims, dtype = found
    if _named_none(exprs, "axis"):
        whole = places
    else:
        axis = axis_of(exprs, len(dims))
        if axis is None:
            return UNKNOWN
        whole = (*dims[:axis], *places, *dims[axis + 1 :])
    return Array(whole, dtype) if whole else Scalar("float", dtype, None, dtype is None)


def take_along(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found, places = array_of_rank(kinds["x"]), array_of_rank(kinds["indices"])
    if found is None or places is None:
        return _ranked(kinds["x"])
    dims, dtype = found
    axis = axis_of(exprs, len(dims), -1)
    if axis is None or len(places[0]) != len(dims):
        return Array(places[0], dtype) if _named_none(exprs, "axis") and "axis" in exprs else Array(None, dtype)
    pairs = zip(places[0], dims, strict=True)
    return Array(tuple(p if k == axis else sizes.broadcast(p, d) for k, (p, d) in enumerate(pairs)), dtype)


def moved(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.moveaxis``."""
    found = array_of_rank(kinds["x"])
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
    found = array_of_rank(first(kinds, exprs, sizes))
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
    """The dtype of an array made of a value, or of values in lists."""
    if isinstance(kind, Sequence | ListOf):
        items = kind.items if isinstance(kind, Sequence) else (kind.item,)
        found = [None if item is None else _dtype(item) for item in items]
        return np.result_type(*(d for d in found if d is not None)).name if found and None not in found else None
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
    found = array_of_rank(kinds["x"])
    if found is None:
        return _ranked(kinds["x"])
    dims, dtype = found
    axis, n = axis_of(exprs, len(dims), -1), literal(exprs.get("n", Const(1)))
    if axis is None or not isinstance(n, int):
        return Array((None,) * len(dims), dtype)
    size = dims[axis]
    left = None if size is None else sizes.clip(size + fixed(-n))
    return Array((*dims[:axis], left, *dims[axis + 1 :]), dtype)


def padded(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """A number is padded to an array without axes."""
    found = array_of_rank(array_of(kinds["x"]))
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
    found = array_of_rank(kinds["x"])
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
    found = array_of_rank(kind)
    times = literal(exprs["repeats"])
    if _named_none(exprs, "axis"):
        dims = dims_of(kind)
        total = sizes.product(list(dims)) if dims is not None else None
        return Array((total.times(times) if total is not None and isinstance(times, int) else None,), _dtype(kind))
    if found is None:
        return _ranked(kind)
    dims, dtype = found
    axis = axis_of(exprs, len(dims))
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
    found = array_of_rank(kind)
    return _ranked(kind) if found is None else Array((None,) * len(found[0]), found[1])


def ordered(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.sort``: like the operand, flat where ``axis`` is None."""
    if literal(exprs.get("axis", Const(-1))) is None:
        dims = dims_of(kinds["x"])
        return Array((None if dims is None else sizes.product(list(dims)),), getattr(kinds["x"], "dtype", None))
    return kinds["x"] if isinstance(kinds["x"], Array) else _ranked(kinds["x"])


def diagonal_matrix(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.diag``: a matrix of a vector, a vector of a matrix."""
    found = array_of_rank(kinds["x"])
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
    found = array_of_rank(kinds["x"])
    if found is None or len(found[0]) != 2:
        return _ranked(kinds["x"])
    dims, dtype = found
    square = literal(exprs.get("offset", Const(0))) == 0 and sizes.same(dims[0], dims[1])
    return Array((dims[0] if square else None,), dtype)


def trace(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    found = array_of_rank(kinds["x"])
    if found is None:
        return UNKNOWN
    dims, dtype = found
    if len(dims) == 2:
        return Scalar("float", dtype, None, dtype is None)
    return Array((None,) * (len(dims) - 2), dtype)


def triangle(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.tril``: a vector is taken for the rows of a square."""
    found = array_of_rank(kinds["x"])
    if found is None:
        return _ranked(kinds["x"])
    dims, dtype = found
    return Array(dims * 2 if len(dims) == 1 else dims, dtype)


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
    return _at_places(dims_of(kind), "float64") if isinstance(kind, Array) else UNKNOWN


def _at_places(dims: Dims | None, dtype: str | None) -> Kind:
    """A value for each place: at an array without axes a number."""
    if dims != ():
        return Array(dims, dtype)
    is_complex_type = dtype is not None and np.dtype(dtype).kind == "c"
    return Scalar("complex" if is_complex_type else "float", dtype, None, dtype is None)


def taken(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Like the first operand; of an array without axes its number."""
    found = first(kinds, exprs, sizes)
    return _at_places(found.dims, found.dtype) if isinstance(found, Array) else found


def covariance(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.cov(x)``; of a vector it is an array without axes."""
    found = array_of_rank(kinds["x"])
    if found is None or len(found[0]) not in (1, 2) or not _named_none(exprs, "y"):
        return UNKNOWN
    by_row = literal(exprs.get("rowvar", Const(True)))
    dtype = "float64" if found[1] is not None and np.dtype(found[1]).kind in "iub" else found[1]
    if len(found[0]) == 1:
        return Array((), dtype)
    size = found[0][0 if by_row is True else 1] if isinstance(by_row, bool) else None
    return Array((size, size), dtype) if sizes.is_one(size) is False else UNKNOWN


def correlation(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.corrcoef(x)``; of a vector it is a number."""
    found = covariance(kinds, exprs, sizes)
    return Scalar("float", found.dtype) if isinstance(found, Array) and found.rank == 0 else found


def pair(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """An elementwise result twice."""
    kind = broadcast_kinds(list(kinds.values()), sizes)
    return Sequence((kind, kind))


def slopes(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.gradient``: of several axes a list, one for each."""
    found = array_of_rank(kinds["x"])
    if found is None:
        return UNKNOWN
    dims, dtype = found
    one = Array(dims, "float64" if dtype is not None and np.dtype(dtype).kind in "iub" else dtype)
    if len(dims) == 1 or axis_of(exprs, len(dims)) is not None:
        return one
    return Sequence((one,) * len(dims), True) if _named_none(exprs, "axis") else UNKNOWN


def of_items(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """What the items of a list come to: their sum, product or extremum."""
    kind = kinds["values"]
    if isinstance(kind, ListOf) and isinstance(kind.item, Scalar):
        return kind.item
    if isinstance(kind, Sequence) and kind.items:
        return broadcast_kinds(list(kind.items), sizes)
    found = array_of_rank(kind)
    if found is None:
        return UNKNOWN
    dims, dtype = found
    if len(dims) > 1:
        return Array(dims[1:], dtype)
    whole = dtype is not None and dtype.startswith(("int", "uint", "bool"))
    return UNKNOWN if whole else Scalar("float", dtype, None, True)


def numbers(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """One of two numbers, as it is: of an array of one entry, or without axes, and a number, either."""
    ranks = {len(k.dims) if k.dims is not None else None for k in kinds.values() if isinstance(k, Array)}
    if ranks and (len(ranks) > 1 or not all(isinstance(k, Array) for k in kinds.values())):
        return UNKNOWN
    found = broadcast_kinds(list(kinds.values()), sizes)
    return array_of(found) if ranks == {0} else found


def one_of_items(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """The greatest or least of what a list or tuple holds, or of the entries of a vector."""
    held = kinds["values"]
    if isinstance(held, Sequence) and held.items:
        return numbers({str(k): kind for k, kind in enumerate(held.items)}, {}, sizes)
    return of_items(kinds, exprs, sizes)


def polynomial(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.polyval``: of the shape of the places."""
    if isinstance(kinds["x"], Scalar) and not any(map(is_complex, kinds.values())):
        dtype = promoted([kinds["p"], kinds["x"]])
        return Scalar("float", dtype, None, dtype is None)
    found = array_of_rank(kinds["x"])
    if found is None:
        return UNKNOWN
    return _at_places(found[0], promoted([kinds["p"], kinds["x"]]))


def series(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """The values of a series by its coefficients of one axis: of the shape of the places."""
    places, coefficients = array_of_rank(kinds["x"]), array_of_rank(kinds["c"])
    if places is None or coefficients is None or len(coefficients[0]) != 1:
        return UNKNOWN
    return _at_places(places[0], promoted([kinds["c"], kinds["x"]]))


def nonzero(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.nonzero`` and ``np.where`` of a condition: a vector of positions for each axis."""
    found = array_of_rank(first(kinds, exprs, sizes))
    if found is None or not found[0]:
        return ListOf(Array((None,), "int64"))
    return Sequence((Array((None,), "int64"),) * len(found[0]))


def found_places(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.searchsorted``: a position for each of what is looked for."""
    wanted = list(kinds.values())[1] if len(kinds) > 1 else UNKNOWN
    return _whole_like(wanted)


def bins_of(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.digitize``: a position for each entry."""
    return _whole_like(first(kinds, exprs, sizes))


def histogram(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``hist, edges = np.histogram(a, weights=w)``: sums of the weights, or counts."""
    weights = kinds.get("weights")
    dtype = weights.dtype if isinstance(weights, Array) else None
    return Sequence((Array((None,), dtype), Array((None,), "float64")))


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
    "histogram": histogram,
    "take": take, "take_along": take_along, "moved": moved, "turned": turned, "broadcast_to": broadcast_to,
    "full": full, "spaced": spaced, "differenced": differenced, "padded": padded, "tiled": tiled,
    "repeated": repeated, "flattened": flattened, "same_rank": same_rank, "ordered": ordered,
    "diagonal_matrix": diagonal_matrix, "diagonal": diagonal, "trace": trace, "triangle": triangle,


    "chosen": chosen, "selected": selected, "apart": apart,
    "counted": counted, "interpolated": interpolated, "covariance": covariance, "correlation": correlation,
    "pair": pair, "nonzero": nonzero, "found_places": found_places, "bins_of": bins_of,
    "unraveled": unraveled, "slopes": slopes, "polynomial": polynomial, "series": series, "sum_of_items": of_items,
    "numbers": numbers, "one_of_items": one_of_items, "taken": taken,
}  # fmt: skip
