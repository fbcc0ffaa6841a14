"""Sorted, repeated, tiled and padded arrays, and what is taken from them; their adjoints."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

import numpy as np
from numba import types
from numba.cpython.unsafe.tuple import tuple_setitem
from numba.extending import overload, register_jitable

from tangent_like import runtime
from tangent_like.backend.lacking.kinds import (
    dtype_of,
    flat,
    is_array,
    is_index,
    is_none,
    is_number,
    is_tuple,
    is_whole,
    literal,
    made,
    rows_along,
    stand_in,
    with_length,
)

sort, argsort, repeat, tile, pad = map(stand_in, (np.sort, np.argsort, np.repeat, np.tile, np.pad))
take, take_along_axis, partition = map(stand_in, (np.take, np.take_along_axis, np.partition))

OF_ORDERS = (sort, argsort, repeat, tile, pad, take, take_along_axis, partition)
HELPERS = (
    runtime.unsort, runtime.unrepeat, runtime.untile, runtime.unpad, runtime.untake, runtime.untake_along,
    runtime.positions, runtime.scatter,
)  # fmt: skip


# -- order --------------------------------------------------------------------------------------------------


@register_jitable
def places_sorted(x, axis):
    """``np.argsort(x, axis, kind="stable")``."""
    rows = rows_along(x, axis)
    out = np.empty(rows.shape, np.int64)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[2]):
            out[i, :, j] = np.argsort(rows[i, :, j].copy(), kind="mergesort")
    return out.reshape(x.shape)


@register_jitable
def sorted_along(x, axis):
    rows = rows_along(x, axis)
    out = np.empty_like(rows)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[2]):
            out[i, :, j] = np.sort(rows[i, :, j].copy())
    return out.reshape(x.shape)


@overload(sort)
def _sort(a, axis=-1, kind=None):
    if not is_array(a):
        return None
    if is_none(axis):
        return lambda a, axis=-1, kind=None: np.sort(flat(a).copy())
    return (lambda a, axis=-1, kind=None: sorted_along(a, axis)) if is_whole(axis) else None


@overload(partition)
def _partition(a, kth, axis=-1):
    """Sorted is partitioned, too."""
    return (lambda a, kth, axis=-1: sorted_along(a, axis)) if is_array(a) and is_whole(axis) else None


@overload(argsort)
def _argsort(a, axis=-1, kind=None):
    if not is_array(a):
        return None
    if is_none(axis):
        return lambda a, axis=-1, kind=None: places_sorted(flat(a), 0)
    return (lambda a, axis=-1, kind=None: places_sorted(a, axis)) if is_whole(axis) else None


@register_jitable
def back_to_order(y_bar, x, y, axis):
    rows, given, ordered = rows_along(x, axis), rows_along(y_bar, axis), rows_along(y, axis)
    x_bar = np.zeros(rows.shape, given.dtype)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[2]):
            before = np.argsort(rows[i, :, j].copy(), kind="mergesort")
            after = np.argsort(ordered[i, :, j].copy(), kind="mergesort")
            for n in range(rows.shape[1]):
                x_bar[i, before[n], j] = given[i, after[n], j]
    return x_bar.reshape(x.shape)


@overload(runtime.unsort)
def _unsort(y_bar, x, y, axis=-1):
    if not (is_array(y_bar) and is_array(x) and is_array(y)):
        return None
    if is_none(axis):
        return lambda y_bar, x, y, axis=-1: back_to_order(y_bar, flat(x), y, 0).reshape(x.shape)
    return (lambda y_bar, x, y, axis=-1: back_to_order(y_bar, x, y, axis)) if is_whole(axis) else None


# -- again and again ----------------------------------------------------------------------------------------


@register_jitable
def repeated(x, repeats, axis):
    rows = rows_along(x, axis)
    out = np.empty((rows.shape[0], rows.shape[1] * repeats, rows.shape[2]), x.dtype)
    for i in range(rows.shape[0]):
        for n in range(out.shape[1]):
            for j in range(rows.shape[2]):
                out[i, n, j] = rows[i, n // repeats, j]
    return out.reshape(with_length(x.shape, axis, out.shape[1]))


@register_jitable
def repeated_each(x, repeats, axis):
    rows = rows_along(x, axis)
    if repeats.size != rows.shape[1]:
        raise ValueError("there are as many numbers of repeats as entries along the axis")
    out = np.empty((rows.shape[0], repeats.sum(), rows.shape[2]), x.dtype)
    at = 0
    for n in range(rows.shape[1]):
        for _ in range(repeats[n]):
            out[:, at] = rows[:, n]
            at += 1
    return out.reshape(with_length(x.shape, axis, out.shape[1]))


@overload(repeat)
def _repeat(a, repeats, axis=None):
    if not is_array(a) or not (is_none(axis) or is_whole(axis)):
        return None
    if is_whole(repeats):
        if is_none(axis):
            return lambda a, repeats, axis=None: repeated(flat(a), repeats, 0)
        return lambda a, repeats, axis=None: repeated(a, repeats, axis)
    if not is_index(repeats):
        return None
    if is_none(axis):
        return lambda a, repeats, axis=None: repeated_each(flat(a), repeats, 0)
    return lambda a, repeats, axis=None: repeated_each(a, repeats, axis)


@register_jitable
def sums_of_repeated(y_bar, x, repeats, axis):
    rows = rows_along(y_bar, axis)
    x_bar = np.zeros((rows.shape[0], x.shape[axis % x.ndim], rows.shape[2]), y_bar.dtype)
    for i in range(rows.shape[0]):
        for n in range(rows.shape[1]):
            for j in range(rows.shape[2]):
                x_bar[i, n // repeats, j] += rows[i, n, j]
    return x_bar.reshape(x.shape)


@register_jitable
def sums_of_repeated_each(y_bar, x, repeats, axis):
    rows = rows_along(y_bar, axis)
    x_bar = np.zeros((rows.shape[0], x.shape[axis % x.ndim], rows.shape[2]), y_bar.dtype)
    at = 0
    for n in range(x_bar.shape[1]):
        for _ in range(repeats[n]):
            x_bar[:, n] += rows[:, at]
            at += 1
    return x_bar.reshape(x.shape)


@overload(runtime.unrepeat)
def _unrepeat(y_bar, x, repeats, axis=None):
    if not is_array(y_bar) or not is_array(x) or not (is_none(axis) or is_whole(axis)):
        return None
    if is_whole(repeats):
        if is_none(axis):
            return lambda y_bar, x, repeats, axis=None: sums_of_repeated(y_bar, flat(x), repeats, 0).reshape(x.shape)
        return lambda y_bar, x, repeats, axis=None: sums_of_repeated(y_bar, x, repeats, axis)
    if not is_index(repeats):
        return None
    if is_none(axis):
        return lambda y_bar, x, repeats, axis=None: sums_of_repeated_each(y_bar, flat(x), repeats, 0).reshape(x.shape)
    return lambda y_bar, x, repeats, axis=None: sums_of_repeated_each(y_bar, x, repeats, axis)


def tiles(a, reps):
    """How ``a`` and its copies lie: the texts of the lengths of ``a``, and how often each axis is repeated."""
    count = 1 if is_whole(reps) else len(reps) if is_tuple(reps) else None
    if not is_array(a) or count is None or not (count == 1 or all(map(is_whole, reps))):
        return None
    rank = max(count, a.ndim)
    sizes = ["1"] * (rank - a.ndim) + [f"a.shape[{k}]" for k in range(a.ndim)]
    given = ["reps"] if is_whole(reps) else [f"reps[{k}]" for k in range(count)]
    return sizes, ["1"] * (rank - count) + given


@overload(tile)
def _tile(A, reps):
    found = tiles(A, reps)
    if found is None:
        return None
    sizes, times = found
    whole = ", ".join(f"{n} * {t}" for n, t in zip(sizes, times, strict=True))
    own = ", ".join(f"place[{k}] % a.shape[{k - len(sizes) + A.ndim}]" for k in range(len(sizes) - A.ndim, len(sizes)))
    lines = ["a = A", f"out = np.empty(({whole},), a.dtype)", "for place in np.ndindex(out.shape):"]
    return made("A, reps", [*lines, f"    out[place] = a[({own},)]", "return out"], np=np)


@overload(runtime.untile)
def _untile(y_bar, x, reps):
    found = tiles(x, reps)
    if found is None or not is_array(y_bar):
        return None
    rank = y_bar.ndim
    own = ", ".join(f"place[{k}] % x.shape[{k - rank + x.ndim}]" for k in range(rank - x.ndim, rank))
    lines = ["x_bar = np.zeros(x.shape, y_bar.dtype)", "for place in np.ndindex(y_bar.shape):"]
    return made("y_bar, x, reps", [*lines, f"    x_bar[({own},)] += y_bar[place]", "return x_bar"], np=np)


# -- margins ------------------------------------------------------------------------------------------------


def margins(width, rank):
    """The texts of how much is added before and behind each axis; None where that is not known."""
    if is_whole(width):
        return [("pad_width", "pad_width")] * rank
    if not is_tuple(width) or not len(width):
        return None
    if all(map(is_whole, width)):
        if len(width) == 2:
            return [("pad_width[0]", "pad_width[1]")] * rank
        return [("pad_width[0]", "pad_width[0]")] * rank if len(width) == 1 else None
    if not all(is_tuple(w) and len(w) == 2 and all(map(is_whole, w)) for w in width):
        return None
    if len(width) not in (1, rank):
        return None
    return [(f"pad_width[{k % len(width)}][0]", f"pad_width[{k % len(width)}][1]") for k in range(rank)]


@register_jitable
def at_edge(k, n):
    return min(max(k, 0), n - 1)


@register_jitable
def at_wrapped(k, n):
    return k % n


@register_jitable
def at_mirrored(k, n):
    """Mirrored at the entries at the ends."""
    if n == 1:
        return 0
    k = k % (2 * n - 2)
    return k if k < n else 2 * n - 2 - k


@register_jitable
def at_symmetric(k, n):
    """Mirrored behind the entries at the ends."""
    k = k % (2 * n)
    return k if k < n else 2 * n - 1 - k


SOURCES = {"edge": at_edge, "wrap": at_wrapped, "reflect": at_mirrored, "symmetric": at_symmetric}


@overload(pad, prefer_literal=True)
def _pad(array, pad_width, mode="constant", constant_values=0):
    how = literal(mode)
    if not is_array(array) or not is_number_or_literal(constant_values):
        return None
    around = margins(pad_width, array.ndim)
    if around is None or not (how == "constant" or how in SOURCES):
        return None
    head = "array, pad_width, mode='constant', constant_values=0"
    whole = ", ".join(f"array.shape[{k}] + {a} + {b}" for k, (a, b) in enumerate(around))
    if how == "constant":
        inner = ", ".join(f"{a}:{a} + array.shape[{k}]" for k, (a, _) in enumerate(around))
        lines = [f"out = np.full(({whole},), constant_values, array.dtype)", f"out[{inner}] = array", "return out"]
        return made(head, lines, np=np)
    own = ", ".join(f"source(place[{k}] - {a}, array.shape[{k}])" for k, (a, _) in enumerate(around))
    lines = [f"out = np.empty(({whole},), array.dtype)", "for place in np.ndindex(out.shape):"]
    return made(head, [*lines, f"    out[place] = array[({own},)]", "return out"], np=np, source=SOURCES[how])


def is_number_or_literal(of):
    return is_number(of) or isinstance(literal(of), int | float)


@overload(runtime.unpad)
def _unpad(y_bar, x, pad_width):
    around = margins(pad_width, x.ndim) if is_array(x) and is_array(y_bar) else None
    if around is None:
        return None
    inner = ", ".join(f"{a}:{a} + x.shape[{k}]" for k, (a, _) in enumerate(around))
    return made("y_bar, x, pad_width", [f"return y_bar[{inner}].copy()"])


# -- entries elsewhere --------------------------------------------------------------------------------------


@overload(runtime.positions)
def _positions(x):
    return (lambda x: np.arange(x.size).reshape(x.shape)) if is_array(x) else None


@overload(runtime.scatter)
def _scatter(y_bar, x, source):
    if not is_array(x) or not is_array(source) or not is_array(y_bar) or y_bar.ndim != source.ndim:
        return None
    dtype = dtype_of(y_bar, x)

    def impl(y_bar, x, source):
        x_bar = np.zeros(x.size, dtype)
        for place in np.ndindex(source.shape):
            if source[place] >= 0:
                x_bar[source[place]] += y_bar[place]
        return x_bar.reshape(x.shape)

    return impl


@register_jitable
def taken(a, indices, axis):
    rows = rows_along(a, axis)
    out = np.empty((rows.shape[0], indices.size, rows.shape[2]), a.dtype)
    for n in range(indices.size):
        k = indices[n]
        if k < -rows.shape[1] or k >= rows.shape[1]:
            raise IndexError("an index is out of range")
        out[:, n] = rows[:, k]
    return out


@register_jitable
def given_back(y_bar, x, indices, axis):
    """The adjoint of ``x`` in ``np.take(x, indices, axis)``."""
    n = x.shape[axis % x.ndim]
    outer, inner = 1, 1
    for k in range(x.ndim):
        if k < axis % x.ndim:
            outer *= x.shape[k]
        elif k > axis % x.ndim:
            inner *= x.shape[k]
    rows = flat(y_bar).reshape((outer, indices.size, inner))
    x_bar = np.zeros((outer, n, inner), y_bar.dtype)
    for k in range(indices.size):
        x_bar[:, indices[k]] += rows[:, k]
    return x_bar.reshape(x.shape)


@overload(take)
def _take(a, indices, axis=None, mode="raise"):
    if not is_array(a) or not (is_none(axis) or is_whole(axis)) or literal(mode) != "raise":
        return None
    if is_number(indices):
        if is_none(axis):
            return lambda a, indices, axis=None, mode="raise": flat(a)[indices]
        if a.ndim == 1:
            return lambda a, indices, axis=None, mode="raise": a[indices]
        return None
    if not is_array(indices) or not isinstance(indices.dtype, types.Integer):
        return None
    if is_none(axis):
        return lambda a, indices, axis=None, mode="raise": taken(flat(a), flat(indices), 0).reshape(indices.shape)
    if indices.ndim != 1:
        return None
    return lambda a, indices, axis=None, mode="raise": taken(a, indices, axis).reshape(
        with_length(a.shape, axis, indices.size)
    )


@overload(runtime.untake)
def _untake(y_bar, x, indices, axis=None, mode="raise"):
    if not is_array(x) or not (is_none(axis) or is_whole(axis)) or literal(mode) != "raise":
        return None
    if is_array(indices) and isinstance(indices.dtype, types.Integer) and is_array(y_bar):
        if is_none(axis):
            return lambda y_bar, x, indices, axis=None, mode="raise": given_back(
                flat(y_bar), flat(x), flat(indices), 0
            ).reshape(x.shape)
        if indices.ndim == 1:
            return lambda y_bar, x, indices, axis=None, mode="raise": given_back(y_bar, x, indices, axis)
    if is_whole(indices) and is_number(y_bar) and (x.ndim == 1 or is_none(axis)):
        dtype = dtype_of(x)

        def one(y_bar, x, indices, axis=None, mode="raise"):
            x_bar = np.zeros(x.size, dtype)
            x_bar[indices] = y_bar
            return x_bar.reshape(x.shape)

        return one
    return None


@overload(take_along_axis)
def _take_along_axis(arr, indices, axis=-1):
    if not is_array(arr) or not is_array(indices) or indices.ndim != arr.ndim or not is_whole(axis):
        return None

    def impl(arr, indices, axis=-1):
        out = np.empty(indices.shape, arr.dtype)
        along = axis % arr.ndim
        if tuple_setitem(indices.shape, along, 1) != tuple_setitem(arr.shape, along, 1):
            raise IndexError("the indices have the shape of the array, but for the axis")
        for place in np.ndindex(indices.shape):
            out[place] = arr[tuple_setitem(place, along, indices[place])]
        return out

    return impl


@overload(runtime.untake_along)
def _untake_along(y_bar, x, indices, axis=-1):
    if not is_array(x) or not is_array(indices) or indices.ndim != x.ndim or not is_whole(axis):
        return None
    if not is_array(y_bar):
        return None

    def impl(y_bar, x, indices, axis=-1):
        x_bar = np.zeros(x.shape, y_bar.dtype)
        along = axis % x.ndim
        for place in np.ndindex(indices.shape):
            x_bar[tuple_setitem(place, along, indices[place])] += y_bar[place]
        return x_bar

    return impl
