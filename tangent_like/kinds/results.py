"""The shared functions by which a rule says the kind of its result: operand kinds in, kind out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tangent_like.ir.nodes import Const
from tangent_like.kinds.arranged import ARRANGED
from tangent_like.kinds.dims import Dim, Sizes, fixed
from tangent_like.kinds.drawn import DRAWN
from tangent_like.kinds.fourier import FOURIER
from tangent_like.kinds.hermitian import HERMITIAN, real
from tangent_like.kinds.joined import JOINED
from tangent_like.kinds.kind import (
    BOOL,
    UNKNOWN,
    UNKNOWN_COMPLEX,
    Array,
    Kind,
    ListOf,
    Plain,
    Scalar,
    Sequence,
    as_complex,
    as_real,
    dims_of,
    is_complex,
    is_sparse,
)
from tangent_like.kinds.linear import LINEAR, square
from tangent_like.kinds.made import MADE, wide
from tangent_like.kinds.operands import (
    Exprs,
    Kinds,
    array_of,
    broadcast_kinds,
    dtype_of,
    elementwise,
    first,
    literal,
    promoted,
)
from tangent_like.kinds.positions import POSITIONS
from tangent_like.kinds.shaped import (
    arange,
    cast_to,
    cumulative,
    expand_dims,
    eye,
    integer,
    length,
    like_second,
    moves,
    nothing,
    rank_unknown,
    ravel,
    reshape,
    scalar,
    shape,
    squeeze,
    swapaxes,
    total_size,
    transpose,
    turns,
    zeros,
    zeros_like,
    zeros_of,
)
from tangent_like.kinds.totals import list_total

# -- one function a result kind ----------------------------------------------------------------------


def arithmetic(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return broadcast_kinds(list(kinds.values()), sizes)


def where(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    first, *rest = kinds.values()
    shape = broadcast_kinds([first, *rest], sizes)
    value = broadcast_kinds(rest, sizes)
    dtype = getattr(value, "dtype", None)
    if isinstance(value, Scalar) and dtype is None and not value.mixed:
        dtype = {"float": "float64", "int": "int64", "complex": "complex128"}.get(value.type)
    if isinstance(shape, Array):
        return Array(shape.dims, dtype)
    if isinstance(shape, Scalar) and isinstance(value, Scalar):
        return Array((), dtype)
    return UNKNOWN


def real_part(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """The real numbers that complex ones have entry by entry: their sizes, their parts."""
    return as_real(as_complex(elementwise(kinds, exprs, sizes)))


def real_view(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Their real or imaginary parts: of an array without axes, such an array in its memory."""
    found = real_part(kinds, exprs, sizes)
    return array_of(found) if isinstance(first(kinds, exprs, sizes), Array) else found


def elementwise_array(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of a number an array without axes, as what is not one of NumPy's ufuncs may give."""
    return array_of(elementwise(kinds, exprs, sizes))


def complex_number(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """What the builtin ``complex`` makes."""
    return Scalar("complex")


def unknown_complex(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return UNKNOWN_COMPLEX


def boolean(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = broadcast_kinds(list(kinds.values()), sizes)
    match kind:
        case Scalar():
            return BOOL
        case Array():
            return Array(kind.dims, "bool")
        case _:
            return UNKNOWN


def axes_of(exprs: Exprs, rank: int) -> tuple[int, ...] | None:
    """The axes that a literal ``axis`` names, counted from the front; None where it is not a literal."""
    axis = literal(exprs.get("axis", Const(None)))
    if axis is None:
        return tuple(range(rank))
    if isinstance(axis, int) and not isinstance(axis, bool):
        axis = (axis,)
    if not isinstance(axis, tuple) or not all(isinstance(a, int) and -rank <= a < rank for a in axis):
        return None
    return tuple(sorted(a % rank for a in axis))


def reduction(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return _reduced(_summed_dtype(_as_array(first(kinds, exprs, sizes))), exprs)


def extreme(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """The least or the greatest along axes: one of the entries."""
    return _reduced(_as_array(first(kinds, exprs, sizes)), exprs)


def truth_along(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.all``, ``np.any``."""
    of = _as_array(first(kinds, exprs, sizes))
    return _number("bool") if isinstance(of, Scalar) else _reduced(Array(dims_of(of), "bool"), exprs)


def _as_array(kind: Kind) -> Kind:
    """What NumPy makes of a display of numbers."""
    return array_of(kind) if isinstance(kind, Sequence) else kind


def _number(dtype: str | None) -> Scalar:
    """A number of NumPy's, or of Python's where the dtype is not known."""
    kind = "f" if dtype is None else np.dtype(dtype).kind
    name = {"b": "bool", "i": "int", "u": "int", "c": "complex"}.get(kind, "float")
    return Scalar(name, dtype, None, dtype is None)


def _reduced(kind: Kind, exprs: Exprs) -> Kind:
    keep = literal(exprs.get("keepdims", Const(False)))
    axis_given = literal(exprs.get("axis", Const(None))) is not None
    dtype = getattr(kind, "dtype", None)
    if isinstance(kind, Scalar):
        return Scalar(kind.type, dtype or "float64") if kind.type == "float" else kind
    if not axis_given and keep is False:
        return _number(dtype)
    if not isinstance(kind, Array):
        return UNKNOWN
    if kind.dims is None or keep not in (True, False):
        return Array(None, dtype) if keep is True else UNKNOWN
    axes = axes_of(exprs, len(kind.dims))
    if axes is None:
        return UNKNOWN
    if keep and kind.dims:  # of an array without axes a number
        return Array(tuple(fixed(1) if k in axes else d for k, d in enumerate(kind.dims)), dtype)
    left = tuple(d for k, d in enumerate(kind.dims) if k not in axes)
    return Array(left, dtype) if left else _number(dtype)


def _summed_dtype(kind: Kind) -> Kind:
    """Sums of bools and small integers are integers of the platform."""
    if isinstance(kind, Array) and kind.dtype is not None and np.dtype(kind.dtype).kind in "iub":
        return Array(kind.dims, "int64")
    return kind


def floating_reduction(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = reduction(kinds, exprs, sizes)
    dtype = getattr(kind, "dtype", None)
    if dtype is not None and np.dtype(dtype).kind in "iub":
        return Array(kind.dims, "float64") if isinstance(kind, Array) else Scalar("float", "float64")
    if isinstance(kind, Scalar) and kind.type in ("int", "bool"):
        return Scalar("float", "float64")
    return kind


def integral(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Along an axis of samples, which are broadcast with their places where these have several axes."""
    y, x = _as_array(first(kinds, exprs, sizes)), _as_array(kinds["x"])
    dims = dims_of(x)
    alike = dims is not None and None not in dims and dims == dims_of(y)
    if isinstance(x, Plain) or alike or (dims is not None and len(dims) < 2):
        return floating_reduction(kinds, exprs, sizes)
    both = broadcast_kinds([y, x], sizes, floating=True)
    return _reduced(both, exprs) if isinstance(both, Array) else UNKNOWN


def norm(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of all entries, or along axes that are literals."""
    if literal(exprs.get("axis")) is None and literal(exprs.get("keepdims")) is False:
        dtype = getattr(square(kinds, exprs, sizes), "dtype", None)
        return Scalar("float", dtype, None, dtype is None)
    return floating_reduction(kinds, exprs, sizes)


def index_like(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = reduction(kinds, exprs, sizes)
    if isinstance(kind, Array):
        return Array(kind.dims, "int64")
    return Scalar("int", "int64") if isinstance(kind, Scalar) else UNKNOWN


def unknown_index(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return Array(None, "int64")


def matmul(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    a, b = list(kinds.values())[:2]
    dtype = promoted([a, b])
    if is_sparse(a) and isinstance(b, Array) and b.dims:
        return Array((None, *b.dims[1:]), b.dtype if b.dtype in ("float64", "complex128") else None)
    if not (isinstance(a, Array) and isinstance(b, Array)):
        return UNKNOWN
    if a.dims is None or b.dims is None:
        return UNKNOWN
    left, right = a.dims, b.dims
    rows = left[:-1] if len(left) == 1 else left[-2:-1]
    columns = right[:-1] if len(right) == 1 else right[-1:]
    if len(right) == 1:
        columns = ()
    if len(left) == 1:
        rows = ()
    stack_a, stack_b = left[:-2], right[:-2]
    stack: tuple[Dim | None, ...]
    if stack_a or stack_b:
        shape = broadcast_kinds([Array(stack_a, "bool"), Array(stack_b, "bool")], sizes)
        stack = (shape.dims or ()) if isinstance(shape, Array) else ()
    else:
        stack = ()
    dims = (*stack, *rows, *columns)
    return Array(dims, dtype) if dims else Scalar("float", dtype, None, dtype is None)


def dot(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    a, b = list(kinds.values())[:2]
    if isinstance(a, Scalar) or isinstance(b, Scalar):
        return broadcast_kinds([a, b], sizes)
    if isinstance(a, Array) and isinstance(b, Array) and a.dims is not None and b.dims is not None:
        if not a.dims or not b.dims:
            return broadcast_kinds([a, b], sizes)
        if len(b.dims) <= 2 and len(a.dims) <= 2:
            return matmul(kinds, exprs, sizes)
        dims = (*a.dims[:-1], *b.dims[:-2], *b.dims[-1:]) if len(b.dims) > 1 else a.dims[:-1]
        return Array(dims, promoted([a, b]))
    return UNKNOWN


def inner(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    a, b = list(kinds.values())[:2]
    if dims_of(a) == () or dims_of(b) == ():
        return broadcast_kinds([a, b], sizes)
    if isinstance(a, Array) and isinstance(b, Array) and a.dims is not None and b.dims is not None:
        dims = (*a.dims[:-1], *b.dims[:-1])
        return Array(dims, promoted([a, b])) if dims else Scalar("float", promoted([a, b]))
    return UNKNOWN


def inner_number(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.vdot``: one number, whatever the shapes."""
    dtype = promoted(list(kinds.values()))
    return Scalar("float", dtype, None, dtype is None)


def outer(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    a, b = list(kinds.values())[:2]
    left, right = dims_of(a), dims_of(b)
    dtype = promoted([a, b])
    if left is None or right is None:
        return Array((None, None), dtype)
    return Array((sizes.product(list(left)), sizes.product(list(right))), dtype)


def _items(kinds: Kinds) -> tuple[Kind, ...] | None:
    sequence = next(iter(kinds.values()))
    return sequence.items if isinstance(sequence, Sequence) else None


def concatenate(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    items = tuple(array_of(i) if isinstance(i, Sequence) else i for i in _items(kinds) or ())
    if not items or not all(isinstance(i, Array) and i.dims for i in items):
        return Array(None, None)
    arrays = [i for i in items if isinstance(i, Array)]
    dtype = promoted(list(items))
    axis = literal(exprs.get("axis", Const(0)))
    if axis is None:
        total: Dim | None = sizes.product(list(arrays[0].dims or ()))
        for a in arrays[1:]:
            more = sizes.product(list(a.dims or ()))
            total = None if total is None or more is None else total + more
        return Array((total,), dtype)
    rank = len(arrays[0].dims or ())
    if not isinstance(axis, int) or not -rank <= axis < rank:
        return Array(None, dtype)
    dims = list(arrays[0].dims or ())
    for a in arrays[1:]:
        here, more = dims[axis], (a.dims or (None,) * rank)[axis]
        dims[axis] = None if here is None or more is None else here + more
    return Array(tuple(dims), dtype)


def stack(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    items = _items(kinds)
    axis = literal(exprs.get("axis", Const(0)))
    if not items or not isinstance(axis, int):
        return Array(None, None)
    dims = dims_of(items[0])
    if dims is None or any(rank != len(dims) for rank in (len(dims_of(i) or ()) for i in items)):
        return Array(None, promoted([array_of(i) for i in items]))
    at = axis % (len(dims) + 1)
    floats = all(isinstance(i, Scalar) and i.type == "float" for i in items)
    dtype = promoted([array_of(i) for i in items]) or ("float64" if floats else None)
    return Array((*dims[:at], fixed(len(items)), *dims[at:]), dtype)


def array(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.array(x)``: of nested displays of numbers and arrays."""
    kind = array_of(next(iter(kinds.values())))
    given = exprs.get("dtype")
    if given is not None and not (isinstance(given, Const) and given.value is None):
        return Array(kind.dims if isinstance(kind, Array) else None, dtype_of(given))
    return kind


def at_least(rank: int) -> Callable[[Kinds, Exprs, Sizes], Kind]:
    """``np.atleast_2d(x)``: with axes of one entry in front, and from the third axis on behind."""

    def kind(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
        if len(kinds) != 1:
            return UNKNOWN
        found = array_of(next(iter(kinds.values())))
        if not isinstance(found, Array) or found.dims is None or len(found.dims) >= rank:
            return found
        front = min(rank, 2) - len(found.dims)
        dims = (*(fixed(1),) * front, *found.dims)
        return Array((*dims, *(fixed(1),) * (rank - len(dims))), found.dtype)

    return kind


def contiguous(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.ascontiguousarray(x)``: of a number, an array of one axis."""
    return at_least(1)({"x": array(kinds, exprs, sizes)}, exprs, sizes)


def no_operand(kind: Kind, operands: Kinds) -> Kind:
    """What a function of NumPy's gives that is said to be of the kind of an operand: of a list or a tuple, an array."""
    same = isinstance(kind, Sequence) and any(kind is operand for operand in operands.values())
    return array_of(kind) if same else kind


def sampled(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``np.quantile`` for a number: a floating reduction; for several one behind the other."""
    q = _as_array(kinds["q"])
    if isinstance(q, Scalar) or dims_of(q) == ():
        return floating_reduction(kinds, exprs, sizes)
    each, places = floating_reduction(kinds, exprs, sizes), dims_of(q)
    if places is None or not isinstance(each, Array | Scalar):
        return UNKNOWN
    dims = dims_of(each) if isinstance(each, Array) else ()
    return UNKNOWN if dims is None else Array((*places, *dims), getattr(each, "dtype", None) or "float64")


def pieces(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """A list of arrays like those of the display ``arrays``: for a list among them an array. Of an array its like."""
    found = kinds.get("arrays", UNKNOWN)
    if isinstance(found, Array):
        return found
    if isinstance(found, Sequence):
        return Sequence(tuple(array_of(k) if isinstance(k, ListOf | Sequence) else k for k in found.items), True)
    return _listed(found)


def blocks(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Lists within lists, as ``np.block`` takes them."""
    return _listed(kinds.get("arrays", UNKNOWN))


def _listed(arrays: Kind) -> Kind:
    match arrays:
        case Sequence(items):
            return Sequence(tuple(_listed(k) if isinstance(k, Sequence) else k for k in items), True)
        case ListOf():
            return arrays
        case _:
            return UNKNOWN


def chosen_parts(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """A list of arrays like ``choices``, or an array like it."""
    choices = kinds["choices"]
    return _listed(choices) if isinstance(choices, Sequence) else choices


def like(name: str) -> Callable[[Kinds, Exprs, Sizes], Kind]:
    """An array of the shape of the operand ``name``, and of the dtype where all have the same."""

    def kind(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
        found = kinds[name]
        if not isinstance(found, Array) or not found.dims:
            return UNKNOWN
        dtypes = {k.dtype if isinstance(k, Array | Scalar) else None for k in kinds.values() if not is_weak(k)}
        dtype = dtypes.pop() if len(dtypes) == 1 else None
        return Array(found.dims, dtype if dtype is not None and dtype.startswith("float") else None)

    return kind


def summed_like(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``unbroadcast(g, x)``: a number for a number; what holds whole numbers, as ``np.arange(n)`` does, still does."""
    g, x = kinds["g"], kinds["x"]
    if isinstance(x, Scalar):
        return UNKNOWN if is_complex(x) or is_complex(g) or g == UNKNOWN_COMPLEX else Scalar("float", None, None, True)
    found = like("x")(kinds, exprs, sizes)
    if isinstance(found, Array) and isinstance(g, Array) and g.dtype and np.dtype(g.dtype).kind in "iub":
        return Array(found.dims, "int64")
    return found


def is_weak(kind: Kind) -> bool:
    """Has it no say in the dtype: a Python number, an axis, None?"""
    return isinstance(kind, Plain) or (isinstance(kind, Scalar) and kind.dtype is None and not kind.mixed)


def likenesses(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """A list of arrays like those of the display ``like``."""
    return _listed(kinds["like"])


RESULTS: Mapping[str, Callable[[Kinds, Exprs, Sizes], Kind]] = {
    "elementwise": elementwise, "elementwise_array": elementwise_array, "arithmetic": arithmetic,
    "conjugated": arithmetic, "where": where,
    "bool": boolean, "truth_along": truth_along, "real_part": real_part, "real_view": real_view,
    "complex_number": complex_number, "unknown_complex": unknown_complex, "first": first,
    "reduction": reduction, "extreme": extreme, "first_axis_reduction": reduction, "integral": integral,
    "integral_of_samples": wide(floating_reduction), "wide_integral": wide(integral),
    "floating_reduction": floating_reduction, "index": index_like,
    "unknown_index": unknown_index, "matmul": matmul, "sparse_product": matmul,
    "dot": dot, "inner": inner, "outer": outer,
    "inner_number": inner_number, "at_least_1": at_least(1), "at_least_2": at_least(2), "at_least_3": at_least(3),
    "contiguous": contiguous, "concatenate": concatenate, "stack": stack, "array": array, "zeros": zeros,
    "zeros_like": zeros_like, "zeros_of": zeros_of,
    "arange": arange, "eye": eye, "transpose": transpose, "ravel": ravel, "reshape": reshape,
    "expand_dims": expand_dims, "rank_unknown": rank_unknown, "swapaxes": swapaxes, "squeeze": squeeze,
    "cumulative": cumulative, "like_second": like_second, "summed_like": summed_like,
    **ARRANGED, **MADE, **JOINED, **POSITIONS, "sampled": sampled, "list_total": list_total,
    "norm": norm, **LINEAR, **FOURIER, **HERMITIAN,
    "real_norm": real(norm), "real_spread": real(floating_reduction),
    "pieces": pieces, "blocks": blocks, "chosen_parts": chosen_parts, "likenesses": likenesses,
    **{f"like_{name}": like(name) for name in ("x", "y", "a", "a_bar", "view")},
    "turns": turns, "moves": moves, **DRAWN,
    "int": integer, "length": length, "size": total_size, "shape": shape, "scalar": scalar, "unknown": nothing,
    "float32": cast_to("float32"), "float64": cast_to("float64"),
}  # fmt: skip

# What is real whatever it is made of, and says so itself.
REAL_RESULTS = frozenset({
    "real_part", "real_view", "real_norm", "real_spread", "hermitian_parts", "hermitian_values", "turn_and_log",
    "real_number", "real_singular_values", "real_matrix_number", "complex_singular",
    "bool", "int", "length", "size", "shape", "index", "unknown_index", "turns", "moves", "order_like",
    "beside_a_grid", "beside_two_grids",
    "one_axis", "irfft", "irfftn", "order_by_keys", "rows_of_positions", "nonzero", "found_places", "bins_of",
})  # fmt: skip
