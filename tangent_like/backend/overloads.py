"""Functions of the runtime as Numba compiles them: chosen by the types of what they are given, not asked as they run.

Their Python asks for ranks and dtypes while it runs, and returns one kind of thing or another. Numba knows both when it
compiles, and takes from here what is right for them. Imported where something is compiled, and never before.
"""

# Numba asks that an overload has the parameters of what it stands for.
# ruff: noqa: ARG001, ARG005
# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numba import types
from numba.cpython.unsafe.tuple import tuple_setitem
from numba.extending import overload, register_jitable

from tangent_like import runtime
from tangent_like.backend.item_overloads import OF_ITEMS
from tangent_like.backend.lacking import numpy_module
from tangent_like.backend.lacking.kinds import dtype_of, is_array, is_index, is_number, literal
from tangent_like.backend.lacking.memory import meet
from tangent_like.backend.lacking.shapes import added_at, parts_of_list, stored_at

OVERLOADED: frozenset[object] = frozenset(
    {
        runtime.add_at, runtime.pieces, runtime.put_masked, runtime.refuse_overlap, runtime.spread, runtime.stored,
        runtime.ties, runtime.unbroadcast, runtime.zeros_like,
        *OF_ITEMS, *numpy_module.HELPERS,
    }
)  # fmt: skip


# -- sizes --------------------------------------------------------------------------------------------------


@overload(operator.getitem)
def part_of_range(r, s):
    """``len(range(n)[a:b])``, as texts ask how long a slice is."""
    if not isinstance(r, types.RangeType) or not isinstance(s, types.SliceType):
        return None

    def impl(r, s):
        first, last, step = s.indices(len(r))
        return range(r.start + first * r.step, r.start + last * r.step, step * r.step)

    return impl


@overload(runtime.zeros_like)
def zeros_like(x):
    if isinstance(x, types.List) and is_array(x.dtype):
        return lambda x: [np.zeros(item.shape) for item in x]
    if isinstance(x, types.UniTuple) and is_array(x.dtype):
        return lambda x: [np.zeros(item.shape) for item in x]
    if isinstance(x, types.List | types.UniTuple) and isinstance(x.dtype, types.Float):
        return lambda x: [0.0 for _ in x]
    if isinstance(x, types.List) and isinstance(x.dtype, types.List) and isinstance(x.dtype.dtype, types.Float):
        return lambda x: [[0.0 for _ in item] for item in x]
    if isinstance(x, types.Float | types.Integer):
        zero = np.float32(0) if x == types.float32 else 0.0
        return lambda x: zero
    if is_array(x):
        dtype = dtype_of(x)
        return lambda x: np.zeros(x.shape, dtype)
    return None


@overload(runtime.unbroadcast)
def unbroadcast(g, x):
    if is_number(g) and is_number(x):
        return lambda g, x: g
    if is_array(g) and is_number(x):
        return lambda g, x: g.sum()
    if not is_array(x) or not (is_array(g) or is_number(g)):
        return None
    dtype = dtype_of(g, x)
    if is_number(g):
        return lambda g, x: np.full(x.shape, g, dtype)
    own, wanted = g.ndim, x.ndim

    def impl(g, x):
        # over the places of both, of which the smaller is there again and again
        total = np.zeros(x.shape, dtype)
        if own >= wanted:
            whole = g.shape
            for k in range(wanted):
                whole = tuple_setitem(whole, k + own - wanted, max(g.shape[k + own - wanted], x.shape[k]))
                if min(g.shape[k + own - wanted], x.shape[k]) == 0:
                    whole = tuple_setitem(whole, k + own - wanted, 0)
            for place in np.ndindex(whole):
                to, source = x.shape, g.shape
                for k in range(wanted):
                    to = tuple_setitem(to, k, 0 if x.shape[k] == 1 else place[k + own - wanted])
                for k in range(own):
                    source = tuple_setitem(source, k, 0 if g.shape[k] == 1 else place[k])
                total[to] += g[source]
        else:
            for place in np.ndindex(x.shape):
                source = g.shape
                for k in range(own):
                    source = tuple_setitem(source, k, 0 if g.shape[k] == 1 else place[k + wanted - own])
                total[place] = g[source]
        return total

    return impl


# -- reductions ---------------------------------------------------------------------------------------------


@overload(runtime.spread, prefer_literal=True)
def spread(y_bar, x, axis=None, keepdims=False):
    along = literal(axis)
    if is_number(x):
        return lambda y_bar, x, axis=None, keepdims=False: y_bar
    if not is_array(x) or not (along is None or isinstance(along, int)):
        return None
    dtype, rank = dtype_of(y_bar, x), x.ndim
    if is_number(y_bar):
        return lambda y_bar, x, axis=None, keepdims=False: np.full(x.shape, y_bar, dtype)
    if not is_array(y_bar) or y_bar.ndim not in (rank, rank - 1) or (along is None and y_bar.ndim != rank):
        return None
    at = _reduced(rank, y_bar.ndim, along)

    def impl(y_bar, x, axis=None, keepdims=False):
        x_bar = np.empty(x.shape, dtype)
        for place in np.ndindex(x.shape):
            x_bar[place] = y_bar[at(place, y_bar.shape)]
        return x_bar

    return impl


@overload(runtime.ties, prefer_literal=True)
def ties(x, y, axis=None, keepdims=False):
    along = literal(axis)
    if not is_array(x) or not (along is None or isinstance(along, int)):
        return None
    dtype, rank = dtype_of(x), x.ndim
    if is_number(y):

        def whole(x, y, axis=None, keepdims=False):
            shares = np.zeros(x.shape, dtype)
            count = 0
            for place in np.ndindex(x.shape):
                if x[place] == y or (np.isnan(x[place]) and np.isnan(y)):
                    shares[place] = 1
                    count += 1
            return shares / dtype(count)

        return whole
    if not is_array(y) or y.ndim not in (rank, rank - 1):
        return None
    at = _reduced(rank, y.ndim, along)

    def impl(x, y, axis=None, keepdims=False):
        shares = np.zeros(x.shape, dtype)
        count = np.zeros(y.shape, dtype)
        for place in np.ndindex(x.shape):
            row = at(place, y.shape)
            if x[place] == y[row] or (np.isnan(x[place]) and np.isnan(y[row])):
                shares[place] = 1
                count[row] += 1
        for place in np.ndindex(x.shape):
            shares[place] /= count[at(place, y.shape)]
        return shares

    return impl


def _reduced(rank: int, kept: int, axis: int | None) -> Any:
    """Where the result of a reduction over an axis (None: over all) has what becomes of a place."""
    along = -1 if axis is None else axis % rank

    def at_kept(place, shape):
        row = shape
        for k in range(rank):
            row = tuple_setitem(row, k, 0 if along in (-1, k) else place[k])
        return row

    def at_left(place, shape):
        row = shape
        for k in range(rank - 1):
            row = tuple_setitem(row, k, place[k + 1] if k >= along else place[k])
        return row

    return register_jitable(at_kept if kept == rank else at_left)


# -- places -------------------------------------------------------------------------------------------------


@overload(runtime.add_at)
def add_at(x_bar, index, g):
    if isinstance(index, types.BaseTuple):
        return added_at(x_bar, index, g)
    if not is_array(x_bar) or not is_index(index):
        return None
    if is_number(g):

        def same(x_bar, index, g):
            for k in range(index.size):
                x_bar[index[k]] += g

        return same
    if not is_array(g) or g.ndim != x_bar.ndim:
        return None

    def each(x_bar, index, g):
        if g.shape[0] != index.size:
            raise ValueError("as many are added as there are places")
        for k in range(index.size):
            x_bar[index[k]] += g[k]

    return each


@overload(runtime.stored)
def stored(a_bar, index):
    if isinstance(index, types.BaseTuple):
        return stored_at(a_bar, index)
    if not is_array(a_bar) or not is_index(index):
        return None

    def impl(a_bar, index):
        v_bar = a_bar[index]
        last = np.empty(a_bar.shape[0], np.int64)
        for k in range(index.size):
            last[index[k]] = k
        for k in range(index.size):
            if last[index[k]] != k:
                v_bar[k] = 0
        return v_bar

    return impl


@overload(runtime.put_masked)
def put_masked(a, mask, values):
    if not is_array(a) or not is_array(mask) or mask.ndim != a.ndim or not is_array(values) or values.ndim != 1:
        return None

    def impl(a, mask, values):
        if a.shape != mask.shape:
            raise IndexError("a mask has the shape of what it masks")
        count = 0
        for place in np.ndindex(mask.shape):
            count += mask[place]
        if values.size not in (1, count):
            raise ValueError("there are as many values as places, or one")
        k = 0
        for place in np.ndindex(mask.shape):
            if mask[place]:
                a[place] = values[k if values.size > 1 else 0]
                k += 1

    return impl


@overload(runtime.pieces, prefer_literal=True)
def pieces(y_bar, arrays, axis=0):
    along, parts = literal(axis), getattr(arrays, "types", ())
    if isinstance(arrays, types.List | types.ListType) and is_array(y_bar):
        return parts_of_list("y_bar, arrays, axis=0", y_bar, arrays.dtype, along, y_bar.ndim)
    if not is_array(y_bar) or not parts or not isinstance(along, int):
        return None
    if not all(is_array(a) and a.ndim == y_bar.ndim for a in parts):
        return None
    before = ":, " * (along % y_bar.ndim)
    lines, ends = ["def impl(y_bar, arrays, axis=0):", "    n0 = 0"], []
    for k in range(len(parts)):
        lines.append(f"    n{k + 1} = n{k} + arrays[{k}].shape[{along}]")
        ends.append(f"y_bar[{before}n{k}:n{k + 1}]")
    return _written([*lines, f"    return ({', '.join(ends)},)"], {})


def _written(lines: list[str], names: dict[str, Any]) -> Any:
    """A function of a line for each of its arguments, which may be of different types."""
    exec("\n".join(lines), names)  # noqa: S102 - our own text
    return names["impl"]


# -- memory -------------------------------------------------------------------------------------------------


@register_jitable
def refuse_shared(written, other):
    """As ``refuse_overlap``, for two arrays."""
    if meet(written, other):
        raise ValueError("an argument that is written shares memory with another: pass a copy of one of them")


@overload(runtime.refuse_overlap)
def refuse_overlap(written, *others):
    if not isinstance(written, types.Array) or any(isinstance(o, types.List | types.ListType) for o in others):
        return None
    arrays = [k for k, other in enumerate(others) if isinstance(other, types.Array)]
    lines = [f"    refuse_shared(written, others[{k}])" for k in arrays]
    return _written(["def impl(written, *others):", *lines, "    return None"], {"refuse_shared": refuse_shared})
