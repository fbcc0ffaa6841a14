"""Kinds of random draws: of the shape that is asked for, else of that of the parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tangent_like.ir.nodes import Const
from tangent_like.kinds.dims import Dim, Sizes
from tangent_like.kinds.kind import INT, UNKNOWN, Array, Kind, Scalar
from tangent_like.kinds.operands import Exprs, Kinds, broadcast_kinds, literal
from tangent_like.kinds.shaped import shape_dims


def asked(kinds: Kinds, exprs: Exprs) -> tuple[Dim | None, ...] | bool | None:
    """The sizes that ``size=`` asks for: False where it asks for none, None where that is not known."""
    if literal(exprs.get("size", Const(None))) is None:
        return False
    return shape_dims(exprs["size"], kinds["size"])


def drawn(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Floats: one number where parameters are numbers and no size is asked for."""
    dims = asked(kinds, exprs)
    if dims is None:
        return UNKNOWN
    if not isinstance(dims, bool):
        return Array(dims, "float64")
    found = broadcast_kinds([k for n, k in kinds.items() if n != "size"] or [Scalar("float")], sizes, floating=True)
    if isinstance(found, Array):
        return replace(found, dtype="float64") if found.dims != () else UNKNOWN
    return Scalar("float") if isinstance(found, Scalar) else found


def drawn_vectors(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Vectors like the first parameter, stacked along what ``size=`` asks for."""
    first = next(iter(kinds.values()))
    dims = asked(kinds, exprs)
    if not isinstance(first, Array) or first.rank != 1 or first.dims is None or dims is None:
        return UNKNOWN
    return Array((*(() if isinstance(dims, bool) else dims), *first.dims), "float64")


def whole(*places: str) -> Callable[[Kinds, Exprs, Sizes], Kind]:
    """Whole numbers; parameters stand at ``places`` or are named, and ``size=`` stands behind them."""

    def kind(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
        return sized(kinds, exprs, sizes, places, INT, "int64")

    return kind


def standard(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Floats of a distribution without parameters, for which ``size=`` comes first."""
    return sized(kinds, exprs, sizes, (), Scalar("float"), "float64")


def sized(kinds: Kinds, exprs: Exprs, sizes: Sizes, places: tuple[str, ...], one: Kind, dtype: str) -> Kind:
    size = next((n for n in ("size", str(len(places))) if n in exprs), None)
    if "dtype" in exprs or "out" in exprs or len(exprs) > len(places) + (size is not None):
        return UNKNOWN
    if size is not None and literal(exprs[size]) is not None:
        dims = shape_dims(exprs[size], kinds[size])
        return UNKNOWN if dims is None else Array(dims, dtype)
    found = broadcast_kinds([k for n, k in kinds.items() if n != size] or [one], sizes)
    if isinstance(found, Array) and found.dims:
        return replace(found, dtype=dtype)
    return one if isinstance(found, Scalar) else UNKNOWN


def of_sizes(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """``rng.randn(4, 3)``: each size an argument of its own; one number where there is none."""
    dims = tuple(k.value for k in kinds.values() if isinstance(k, Scalar) and k.type == "int")
    if len(dims) < len(kinds):
        return UNKNOWN
    return Array(dims, "float64") if dims else Scalar("float")


def permutation(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """The numbers below ``n``, or the rows of an array, in another order."""
    (first, *more) = kinds.values()
    if isinstance(first, Scalar) and first.type == "int":
        return Array((first.value,), "int64")
    return first if isinstance(first, Array) and not more else UNKNOWN


def choice(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """Numbers below ``n``, or entries of a vector."""
    first = kinds.get("0", kinds.get("a"))
    one: Kind = INT if isinstance(first, Scalar) and first.type == "int" else UNKNOWN
    dtype = "int64"
    if isinstance(first, Array) and first.rank == 1 and first.dtype is not None:
        dtype = first.dtype
        one = Scalar("float" if dtype.startswith("float") else "int", dtype) if dtype[:3] in ("flo", "int") else UNKNOWN
    if one == UNKNOWN:
        return UNKNOWN
    size = next((n for n in ("size", "1") if n in exprs), None)
    if size is None or literal(exprs[size]) is None:
        return one
    dims = shape_dims(exprs[size], kinds[size])
    return UNKNOWN if dims is None else Array(dims, dtype)


DRAWN: Mapping[str, Callable[[Kinds, Exprs, Sizes], Kind]] = {
    "drawn": drawn, "drawn_vectors": drawn_vectors, "drawn_whole_1": whole("0"), "drawn_whole_2": whole("0", "1"),
    "drawn_standard": standard, "drawn_of_sizes": of_sizes, "permutation": permutation, "choice": choice,
}  # fmt: skip
