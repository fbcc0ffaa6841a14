"""Reductions along an axis: products, extremes, spreads, norms, and the slopes of these.

The axis is a number that is known as the program runs. Whether there is one, and whether it is kept with the length
one, is known when it is compiled: so are the axes of the result.
"""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from tangent_like import runtime
from tangent_like.backend.lacking.kinds import (
    dtype_of,
    flat,
    is_array,
    is_none,
    is_number,
    is_whole,
    literal,
    made,
    rows_along,
    stand_in,
    with_length,
    without_axis,
)

prod, std, var, norm = map(stand_in, (np.prod, np.std, np.var, np.linalg.norm))
median, ptp, maximum, minimum, total, mean = map(stand_in, (np.median, np.ptp, np.max, np.min, np.sum, np.mean))
every, some, argmax, argmin = map(stand_in, (np.all, np.any, np.argmax, np.argmin))

OF_AXES = (
    prod, std, var, norm, median, ptp, maximum, minimum, total, mean, every, some, argmax, argmin,
)  # fmt: skip
HELPERS = (runtime.norm_slope,)


# -- reductions ---------------------------------------------------------------------------------------------


def reduced(a: Any, axis: Any, keepdims: Any, kernel: Any, head: str, more: str = "") -> Any:
    """An implementation that calls ``kernel(row, ...)``, which takes the entries along the axis to one number."""
    kept = literal(keepdims)
    if not is_array(a) or kept not in (True, False):
        return None
    names = {"kernel": register_jitable(kernel), "rows_along": rows_along, "flat": flat, "np": np}
    entries = "a" if a.ndim == 1 else "flat(a)"
    if is_none(axis):
        if kept:
            lines = [f"return np.full({(1,) * a.ndim}, kernel({entries}{more}))"]
        else:
            lines = [f"return kernel({entries}{more})"]
        return made(head, lines, **names)
    if not is_whole(axis):
        return _over_axes(a, literal(axis), kept, head, more, names)
    if a.ndim == 1 and not kept:
        return made(head, [f"return kernel(a{more})"], **names)
    shape = "with_length(a.shape, axis, 1)" if kept else "left(a.shape, axis)"
    lines = [
        "rows = rows_along(a, axis)",
        f"out = np.full((rows.shape[0], rows.shape[2]), kernel(np.ones(2, a.dtype){more}))",
        "for i in range(rows.shape[0]):",
        "    for j in range(rows.shape[2]):",
        f"        out[i, j] = kernel(rows[i, :, j]{more})",
        f"return out.reshape({shape})",
    ]
    return made(head, lines, left=without_axis(a.ndim), with_length=with_length, **names)


def _over_axes(a: Any, axes: Any, kept: bool, head: str, more: str, names: dict[str, Any]) -> Any:
    """The same over several axes, which are put behind the others."""
    if not isinstance(axes, tuple) or not all(isinstance(k, int) and -a.ndim <= k < a.ndim for k in axes):
        return None
    axes = tuple(sorted({k % a.ndim for k in axes}))
    rest = [k for k in range(a.ndim) if k not in axes]
    count = " * ".join([f"a.shape[{k}]" for k in axes] or ["1"])
    order = ", ".join(map(str, (*rest, *axes)))
    if not rest and not kept:
        return made(head, [f"return kernel(flat(a){more})"], **names)
    sizes = ["1" if k in axes else f"a.shape[{k}]" for k in range(a.ndim) if kept or k in rest]
    outer = " * ".join([f"a.shape[{k}]" for k in rest] or ["1"])
    lines = [
        f"rows = np.ascontiguousarray(a.transpose(({order},))).reshape(({outer}, {count}))",
        f"out = np.full(rows.shape[0], kernel(np.ones(2, a.dtype){more}))",
        "for i in range(rows.shape[0]):",
        f"    out[i] = kernel(rows[i]{more})",
        f"return out.reshape(({', '.join(sizes)},))",
    ]
    return made(head, lines, **names)


def product_of(row):
    y = row.dtype.type(1)
    for v in row:
        y = y * v
    return y


def sum_of(row):
    y = row.dtype.type(0)
    for v in row:
        y = y + v
    return y


def count_of(row):
    y = 0
    for v in row:
        y += v
    return y


def mean_of(row):
    y = 0.0
    for v in row:
        y += v
    return y / row.size


def single_mean(row):
    return np.float32(mean_row(row))


mean_row = register_jitable(mean_of)


def variance_of(row, ddof):
    middle = mean_row(row)
    y = 0.0
    for v in row:
        y += (v - middle) * (v - middle)
    return y / (row.size - ddof)


variance_row = register_jitable(variance_of)


def deviation_of(row, ddof):
    return np.sqrt(variance_row(row, ddof))


def single_variance(row, ddof):
    return np.float32(variance_row(row, ddof))


def single_deviation(row, ddof):
    return np.float32(np.sqrt(variance_row(row, ddof)))


def greatest_of(row):
    if row.size == 0:
        raise ValueError("no entries, and so no maximum")
    y = row[0]
    for v in row:
        if v != v:
            return v
        y = max(y, v)
    return y


def least_of(row):
    if row.size == 0:
        raise ValueError("no entries, and so no minimum")
    y = row[0]
    for v in row:
        if v != v:
            return v
        y = min(y, v)
    return y


greatest_row, least_row = register_jitable(greatest_of), register_jitable(least_of)


def between_of(row):
    return greatest_row(row) - least_row(row)


def middle_of(row):
    for v in row:
        if v != v:
            return v
    rest = np.sort(row.copy())
    n = rest.size
    return rest[n // 2] if n % 2 else (rest[n // 2 - 1] + rest[n // 2]) / rest.dtype.type(2)


def all_of(row):
    for v in row:
        if not v:
            return False
    return True


def any_of(row):
    for v in row:
        if v:
            return True
    return False


def place_of_greatest(row):
    if row.size == 0:
        raise ValueError("attempt to get argmax of an empty sequence")
    at, y = 0, row[0]
    for k in range(row.size):
        v = row[k]
        if v != v:
            return k
        if v > y:
            at, y = k, v
    return at


def place_of_least(row):
    if row.size == 0:
        raise ValueError("attempt to get argmin of an empty sequence")
    at, y = 0, row[0]
    for k in range(row.size):
        v = row[k]
        if v != v:
            return k
        if v < y:
            at, y = k, v
    return at


def by_float(a: Any) -> bool:
    return is_array(a) and isinstance(a.dtype, types.Float)


@overload(prod, prefer_literal=True)
def _prod(a, axis=None, keepdims=False):
    return reduced(a, axis, keepdims, product_of, "a, axis=None, keepdims=False") if by_float(a) else None


@overload(total, prefer_literal=True)
def _sum(a, axis=None, keepdims=False):
    if is_none(axis) and not literal(keepdims):
        return lambda a, axis=None, keepdims=False: np.sum(a)
    head = "a, axis=None, keepdims=False"
    return reduced(a, axis, keepdims, sum_of if by_float(a) else count_of, head)


@overload(mean, prefer_literal=True)
def _mean(a, axis=None, keepdims=False):
    if not is_array(a):
        return lambda a, axis=None, keepdims=False: np.mean(a)
    kernel = single_mean if dtype_of(a) is np.float32 else mean_of
    return reduced(a, axis, keepdims, kernel, "a, axis=None, keepdims=False")


def _along_axis(standing: Any, kernel: Any, floats_alone: bool = False) -> None:
    def choose(a, axis=None, keepdims=False):
        if floats_alone and not by_float(a):
            return None
        return reduced(a, axis, keepdims, kernel, "a, axis=None, keepdims=False")

    overload(standing, prefer_literal=True)(choose)


for _standing, _kernel in (
    (maximum, greatest_of),
    (minimum, least_of),
    (every, all_of),
    (some, any_of),
    (argmax, place_of_greatest),
    (argmin, place_of_least),
):
    _along_axis(_standing, _kernel)
_along_axis(ptp, between_of, floats_alone=True)
_along_axis(median, middle_of, floats_alone=True)


@overload(var, prefer_literal=True)
def _var(a, axis=None, ddof=0, keepdims=False):
    kernel = single_variance if dtype_of(a) is np.float32 else variance_of
    return reduced(a, axis, keepdims, kernel, "a, axis=None, ddof=0, keepdims=False", ", ddof")


@overload(std, prefer_literal=True)
def _std(a, axis=None, ddof=0, keepdims=False):
    kernel = single_deviation if dtype_of(a) is np.float32 else deviation_of
    return reduced(a, axis, keepdims, kernel, "a, axis=None, ddof=0, keepdims=False", ", ddof")


# -- norms --------------------------------------------------------------------------------------------------


def length_of(row, ord):
    y = 0.0
    for v in row:
        y += v * v
    return np.sqrt(y)


def size_of(row, ord):
    if ord == np.inf or ord == -np.inf:
        y = 0.0 if ord > 0 or row.size == 0 else np.inf
        for v in row:
            if v != v:
                return np.nan  # as NumPy has it: the greatest of numbers of which one is none
            y = max(y, abs(v)) if ord > 0 else min(y, abs(v))
        return y
    y = 0.0
    for v in row:
        if ord == 1:
            y += abs(v)
        elif ord == 0:
            y += 1.0 if v != 0 else 0.0
        else:
            y += abs(v) ** ord
    return y if ord in (0, 1) else y ** (1.0 / ord)


def single_length(row, ord):
    return np.float32(length_row(row, ord))


def single_size(row, ord):
    return np.float32(size_row(row, ord))


length_row, size_row = register_jitable(length_of), register_jitable(size_of)


@overload(norm, prefer_literal=True)
def _norm(x, ord=None, axis=None, keepdims=False):
    if not is_array(x):
        return None
    head = "a, ord=None, axis=None, keepdims=False"
    euclidean = is_none(ord) or literal(ord) in (2, "fro")
    several = (is_none(axis) and x.ndim > 1) or not (is_none(axis) or is_whole(axis))
    if several and not is_none(ord) and literal(ord) != "fro":
        if x.ndim == 2 and is_none(axis) and is_number(ord):
            return lambda x, ord=None, axis=None, keepdims=False: np.linalg.norm(np.ascontiguousarray(x), ord)
        return None
    single = dtype_of(x) is np.float32
    if euclidean:
        kernel = single_length if single else length_of
        found = reduced(x, axis, keepdims, kernel, head, ", None")
    elif is_number(ord) or isinstance(literal(ord), int | float):
        found = reduced(x, axis, keepdims, single_size if single else size_of, head, ", ord")
    else:
        return None
    if found is None:
        return None
    inner = register_jitable(found)
    return lambda x, ord=None, axis=None, keepdims=False: inner(x, ord, axis, keepdims)


@overload(runtime.norm_slope, prefer_literal=True)
def _norm_slope(x, y, order=None, axis=None, keepdims=False):
    """Of vectors, and of rows along an axis: what does not ask for singular values."""
    if not is_array(x) or not (is_number(order) or isinstance(literal(order), int | float)):
        return None
    if x.ndim > 1 and not is_whole(axis):
        return None
    if literal(order) == 2:
        return None
    if is_none(axis):
        return lambda x, y, order=None, axis=None, keepdims=False: slope_of_size(x, order, 0)
    return lambda x, y, order=None, axis=None, keepdims=False: slope_of_size(x, order, axis)


@register_jitable
def slope_of_size(x, order, axis):
    rows = rows_along(x, axis)
    slope = np.zeros(rows.shape, x.dtype)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[2]):
            row = rows[i, :, j]
            size = size_row(row, order)
            ties = 0
            for v in row:
                ties += abs(v) == size
            for n in range(row.size):
                s = np.sign(row[n])
                if order == np.inf or order == -np.inf:
                    slope[i, n, j] = s / ties if abs(row[n]) == size else s * 0.0  # NaN stays
                elif order == 1:
                    slope[i, n, j] = s
                elif order != 0 and row[n] != 0 and size != 0:
                    slope[i, n, j] = s * (abs(row[n]) / size) ** (order - 1.0)
    return slope.reshape(x.shape)
