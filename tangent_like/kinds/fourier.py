"""Kinds of results of Fourier transforms: complex, of the sizes that ``n``, ``s`` and the halves say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tangent_like.ir.nodes import Const
from tangent_like.kinds.dims import Dim, Sizes, fixed
from tangent_like.kinds.kind import (
    UNKNOWN,
    UNKNOWN_COMPLEX,
    Array,
    Kind,
    Sequence,
    complex_dtype,
    is_complex,
    real_dtype,
)
from tangent_like.kinds.operands import Exprs, Kinds, first, literal
from tangent_like.kinds.shaped import dim_of, shape_dims

Size = Callable[[Dim | None, bool, Sizes], "Dim | None"]


def _whole(size: Dim | None, given: bool, sizes: Sizes) -> Dim | None:
    return size


def _half(size: Dim | None, given: bool, sizes: Sizes) -> Dim | None:
    """Of n real numbers n // 2 + 1 coefficients are all."""
    half = sizes.quotient(size, fixed(2))
    return None if half is None else half + fixed(1)


def _back(size: Dim | None, given: bool, sizes: Sizes) -> Dim | None:
    """From m coefficients 2 * (m - 1) real numbers, if ``n`` does not say how many."""
    return size if given or size is None else size.times(2) - fixed(2)


def _along(last: Size, real: bool) -> Callable[[Kinds, Exprs, Sizes], Kind]:
    def kind(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
        whole = first(kinds, exprs, sizes)
        dtype = _dtype(whole, real)
        dims = whole.dims if isinstance(whole, Array) else None
        axis = literal(exprs.get("axis", Const(-1)))
        if dims is None or not isinstance(axis, int) or not -len(dims) <= axis < len(dims):
            return Array(None if dims is None else (None,) * len(dims), dtype)
        given = literal(exprs.get("n", Const(None))) is not None
        size = dim_of(exprs["n"], kinds["n"]) if given else dims[axis]
        new = list(dims)
        new[axis] = last(size, given, sizes)
        return Array(tuple(new), dtype)

    return kind


def cosines(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """As many real coefficients as numbers, or as ``n`` says; of complex numbers complex ones."""
    return _along(_whole, not is_complex(first(kinds, exprs, sizes)))(kinds, exprs, sizes)


def _over(last: Size, real: bool) -> Callable[[Kinds, Exprs, Sizes], Kind]:
    def kind(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
        whole = first(kinds, exprs, sizes)
        dtype = _dtype(whole, real)
        dims = whole.dims if isinstance(whole, Array) else None
        if dims is None:
            return Array(None, dtype)
        axes, given = literal(exprs.get("axes", Const(None))), literal(exprs.get("s", Const(None)))
        rank = len(dims)
        if axes is None:  # the last ones, as many as sizes are given
            axes = tuple(range(rank))[-len(given) if isinstance(given, tuple) else 0 :]
        if not isinstance(axes, tuple) or not all(isinstance(a, int) and -rank <= a < rank for a in axes) or not axes:
            return Array((None,) * rank, dtype)
        new = list(dims)
        if given is not None:
            asked = shape_dims(exprs["s"], kinds["s"])
            if asked is None or len(asked) != len(axes):
                return Array((None,) * rank, dtype)
            for a, n in zip(axes, asked, strict=True):
                new[a] = dims[a] if n is not None and n.known == -1 else n
        new[axes[-1]] = last(new[axes[-1]], given is not None, sizes)
        return Array(tuple(new), dtype)

    return kind


def _frequencies(last: Size) -> Callable[[Kinds, Exprs, Sizes], Kind]:
    def kind(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
        name = next(iter(kinds))
        return Array((last(dim_of(exprs[name], kinds[name]), True, sizes),), "float64")

    return kind


def _dtype(kind: Kind, real: bool) -> str | None:
    dtype = getattr(kind, "dtype", None)
    if dtype is not None and np.dtype(dtype).kind in "iub":
        dtype = "float64"
    if not real:
        return complex_dtype(dtype)
    return real_dtype(complex_dtype(dtype))


def _beside(grids: int, value: Kind) -> Callable[[Kinds, Exprs, Sizes], Kind]:
    """Numbers behind the frequencies, or the frequencies and the times, that they are at."""
    return lambda *_: Sequence((*(UNKNOWN,) * grids, value))


FOURIER = {
    "beside_a_grid": _beside(1, UNKNOWN), "complex_beside_a_grid": _beside(1, UNKNOWN_COMPLEX),
    "beside_two_grids": _beside(2, UNKNOWN), "complex_beside_two_grids": _beside(2, UNKNOWN_COMPLEX),
    "cosines": cosines,
    "fft": _along(_whole, False), "rfft": _along(_half, False), "irfft": _along(_back, True),
    "frequencies": _frequencies(_whole), "half_frequencies": _frequencies(_half),
    "fftn": _over(_whole, False), "rfftn": _over(_half, False), "irfftn": _over(_back, True),
}  # fmt: skip
