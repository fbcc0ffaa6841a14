"""Kinds of results that a shape, an axis or a size argument decides."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.nodes import Const, Expr, Tuple
from tangent_like.ir.nodes import List as ListExpr
from tangent_like.kinds.dims import Dim, Sizes, fixed
from tangent_like.kinds.kind import (
    FLOAT,
    INT,
    UNKNOWN,
    Array,
    Kind,
    ListOf,
    Plain,
    Scalar,
    Sequence,
    dims_of,
)
from tangent_like.kinds.operands import Exprs, Kinds, array_of, dtype_of, first, literal


def dim_of(expr: Expr, kind: Kind) -> Dim | None:
    """The size that an integer expression stands for."""
    value = literal(expr)
    if isinstance(value, int) and not isinstance(value, bool):
        return fixed(value)
    return kind.value if isinstance(kind, Scalar) and kind.type == "int" else None


def shape_dims(expr: Expr, kind: Kind) -> tuple[Dim | None, ...] | None:
    """The sizes that a ``shape`` argument stands for: an int, a tuple, or ``x.shape``."""
    if isinstance(kind, Sequence):
        items = expr.items if isinstance(expr, Tuple | ListExpr) else (None,) * len(kind.items)
        return tuple(
            dim_of(e, k) if e is not None else (k.value if isinstance(k, Scalar) else None)
            for e, k in zip(items, kind.items, strict=True)
        )
    if isinstance(kind, Scalar):
        return (dim_of(expr, kind),)
    return None


def zeros(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    names = list(kinds)
    dtype = dtype_of(exprs.get("dtype"))
    return Array(shape_dims(exprs[names[0]], kinds[names[0]]), dtype)


def zeros_like(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = next(iter(kinds.values()))
    given = exprs.get("dtype")
    has_dtype = given is not None and not (isinstance(given, Const) and given.value is None)
    if literal(exprs.get("shape", Const(None))) is not None:
        dtype = kind.dtype if isinstance(kind, Array | Scalar) else None
        return Array(shape_dims(exprs["shape"], kinds["shape"]), dtype_of(given) if has_dtype else dtype)
    match kind:
        case Array():
            return Array(kind.dims, dtype_of(given) if has_dtype else kind.dtype)
        case Scalar():
            return Array((), dtype_of(given) if has_dtype else kind.dtype)
        case _:
            return Array(None, dtype_of(given) if has_dtype else None)


def zeros_of(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """The runtime's own ``zeros_like``: a list for a list, a number for a number."""
    kind = kinds["x"]
    match kind:
        case Sequence(items):
            return Sequence(tuple(zeros_of({"x": k}, {}, sizes) for k in items), True)
        case ListOf(item):
            return kind if item is None else ListOf(zeros_of({"x": item}, {}, sizes))
        case Scalar("float"):
            return kind
        case Scalar("int" | "bool", None):
            return FLOAT
        case Array(dims, dtype):
            floating = dtype is not None and dtype.startswith("float")
            return Array(dims, dtype if floating else None)
        case _:
            return UNKNOWN


# NumPy before 2.4 does not tell the names of these, which then go by their places.
ARANGE = {"0": "start_or_stop", "1": "stop", "2": "step", "3": "dtype"}


def arange(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of one argument of which nothing is known, whole numbers: it says how many there are."""
    exprs = {ARANGE.get(n, n): e for n, e in exprs.items()}
    kinds = {named: k for n, k in kinds.items() if (named := ARANGE.get(n, n)) != "dtype"}
    numbers = [k for k in kinds.values() if isinstance(k, Scalar)]
    given = exprs.get("dtype")
    if given is not None and not (isinstance(given, Const) and given.value is None):
        return Array((None,), dtype_of(given))
    size = _count(kinds, exprs)
    arrays = [k for k in kinds.values() if isinstance(k, Array)]
    whole = all(k.type == "int" for k in numbers) and all(k.dtype == "int64" for k in arrays)
    told = len(kinds) == 1 or len(numbers) + len(arrays) == len(kinds)
    dtype = ("int64" if told else None) if whole else "float64"
    return Array((sizes.clip(size) if size is not None else None,), dtype)


def _count(kinds: Kinds, exprs: Exprs) -> Dim | None:
    """How many numbers there are from one to another; less than none is none. Of other steps than 1 where it is told:

    there are ``i + 1`` from ``-i`` to ``i`` in steps of 2.
    """
    if not {"start_or_stop"} <= kinds.keys() <= {"start_or_stop", "stop", "step"}:
        return None
    sizes = {n: dim_of(exprs[n], kinds[n]) for n in ("start_or_stop", "stop") if n in kinds}
    first, last = (sizes["start_or_stop"], sizes["stop"]) if "stop" in sizes else (fixed(0), sizes["start_or_stop"])
    step = literal(exprs["step"]) if "step" in kinds else 1
    if first is None or last is None or isinstance(step, bool) or not isinstance(step, int | float):
        return None
    way, far = (last - first, step) if step > 0 else (first - last, -step)
    if not far or far != int(far) or any(times % far for _, times in way.terms):
        return None
    far = int(far)
    return Dim(tuple((name, times // far) for name, times in way.terms), -(-way.const // far))


def eye(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    n = next(iter(kinds))
    rows = columns = dim_of(exprs[n], kinds[n])
    if not kinds.keys() <= {n, "M", "k", "dtype", "order"}:
        return Array((None, None), None)
    if literal(exprs.get("M", Const(None))) is not None:
        columns = dim_of(exprs["M"], kinds["M"])
    return Array((rows, columns), dtype_of(exprs.get("dtype")))


def transpose(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = first(kinds, exprs, sizes)
    if isinstance(kind, Scalar) and kind.dtype is None:  # a number of NumPy's stays one
        return UNKNOWN if kind.mixed else array_of(kind)
    if not isinstance(kind, Array) or kind.dims is None:
        return kind
    axes = literal(exprs.get("axes", Const(None)))
    if axes is None:
        return Array(kind.dims[::-1], kind.dtype)
    if isinstance(axes, tuple) and len(axes) == len(kind.dims):
        return Array(tuple(kind.dims[a] for a in axes if isinstance(a, int)), kind.dtype)
    return Array(None, kind.dtype)


def ravel(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = first(kinds, exprs, sizes)
    if isinstance(kind, Array) and kind.dims is not None:
        return Array((sizes.product(list(kind.dims)),), kind.dtype)
    if isinstance(kind, Scalar):
        return Array((fixed(1),), kind.dtype or ("float64" if kind.type == "float" else None))
    return Array((None,), getattr(kind, "dtype", None))


def reshape(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    names = list(kinds)
    kind = kinds[names[0]]
    dims = shape_dims(exprs[names[1]], kinds[names[1]])
    dtype = getattr(kind, "dtype", None)
    if dims == () and isinstance(kind, Scalar) and dtype is not None:
        return kind  # a number of NumPy's stays one
    if dims is None:
        return Array(None, dtype)
    if any(d is not None and d.known == -1 for d in dims):
        own = dims_of(kind)
        total = sizes.product(list(own)) if own is not None else None
        rest = sizes.product([d for d in dims if not (d is not None and d.known == -1)])
        missing = sizes.quotient(total, rest)
        dims = tuple(missing if d is not None and d.known == -1 else d for d in dims)
    return Array(dims, dtype)


def expand_dims(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = first(kinds, exprs, sizes)
    axis = literal(exprs.get("axis"))
    axes = (axis,) if isinstance(axis, int) else axis
    if isinstance(kind, Array) and kind.dims is not None and isinstance(axes, tuple):
        rank = len(kind.dims) + len(axes)
        if all(isinstance(a, int) and -rank <= a < rank for a in axes):
            new = {a % rank for a in axes}
            sizes_left = iter(kind.dims)
            return Array(tuple(fixed(1) if k in new else next(sizes_left) for k in range(rank)), kind.dtype)
    return Array(None, getattr(kind, "dtype", None))


def squeeze(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Without the axes that are named, which have one entry; or without all such, where that is known of each."""
    kind = first(kinds, exprs, sizes)
    axis = literal(exprs.get("axis", Const(None)))
    axes = (axis,) if isinstance(axis, int) else axis
    if isinstance(kind, Scalar) and kind.dtype is not None:
        return kind  # a number of NumPy's stays one
    if isinstance(kind, Array) and kind.dims is not None:
        if isinstance(axes, tuple) and all(isinstance(a, int) and -len(kind.dims) <= a < len(kind.dims) for a in axes):
            gone = {a % len(kind.dims) for a in axes}
            return Array(tuple(d for k, d in enumerate(kind.dims) if k not in gone), kind.dtype)
        single = [sizes.is_one(d) for d in kind.dims]
        if axes is None and None not in single:
            return Array(tuple(d for d, one in zip(kind.dims, single, strict=True) if not one), kind.dtype)
    return Array(None, getattr(kind, "dtype", None))


def swapaxes(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    kind = first(kinds, exprs, sizes)
    rest = [literal(e) for e in list(exprs.values())[1:3]]
    if isinstance(kind, Array) and kind.dims is not None and len(rest) == 2:
        a, b = rest
        if isinstance(a, int) and isinstance(b, int):
            dims = list(kind.dims)
            dims[a], dims[b] = dims[b], dims[a]
            return Array(tuple(dims), kind.dtype)
    return Array(None, getattr(kind, "dtype", None))


def rank_unknown(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return Array(None, getattr(first(kinds, exprs, sizes), "dtype", None))


def cumulative(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    if literal(exprs.get("axis", Const(None))) is None or dims_of(first(kinds, exprs, sizes)) == ():
        return ravel(kinds, exprs, sizes)  # of a number, whatever the axis: a vector of one
    return first(kinds, exprs, sizes)


def integer(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return INT


def length(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``len(x)``: the size of the first axis."""
    kind = first(kinds, exprs, sizes)
    if isinstance(kind, Sequence):
        return Scalar("int", None, fixed(len(kind.items)))
    if isinstance(kind, Array) and kind.dims:
        return Scalar("int", None, kind.dims[0])
    return INT


def total_size(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    dims = dims_of(first(kinds, exprs, sizes))
    return Scalar("int", None, None if dims is None else sizes.product(list(dims)))


def shape(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    dims = dims_of(first(kinds, exprs, sizes))
    if dims is None:
        return Plain("shape")
    return Sequence(tuple(Scalar("int", None, d) for d in dims))


def scalar(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return FLOAT


def cast_to(dtype: str) -> Callable[[Kinds, Exprs, Sizes], Kind]:
    """``np.float32(x)``: a scalar of the dtype, or an array of it."""

    def cast(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
        kind = first(kinds, exprs, sizes)
        if isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.dims == ()):
            return Scalar("float", dtype)
        return Array(kind.dims, dtype) if isinstance(kind, Array) and kind.dims is not None else UNKNOWN

    return cast


def nothing(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return UNKNOWN


def turns(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return Array((None,), "int64")


def moves(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return Array((None, None), "int32")


def like_second(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Of the shape of the second operand, and the dtype of the first."""
    value, of = list(kinds.values())[:2]
    if isinstance(of, Array) and of.dims is not None:
        return Array(of.dims, value.dtype if isinstance(value, Array) else None)
    return of if isinstance(of, Scalar) else value
