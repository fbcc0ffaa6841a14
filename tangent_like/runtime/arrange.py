"""Entries put elsewhere: each entry of a result goes back to the entry of the operand that it came from."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.broadcast import unbroadcast


def positions(x):
    """Return the position of each entry of ``x`` in ``np.ravel(x)``, in the shape of ``x``.

    What a function makes of these says where it takes its entries from.
    """
    return np.arange(np.size(x)).reshape(np.shape(x))


def scatter(y_bar, x, source):
    """Return the adjoint of ``x`` in ``y = np.ravel(x)[source]``: entries taken twice add up.

    Of the shape of ``x``, of which nothing else matters. A negative ``source`` is no entry of ``x``.
    """
    x = np.asarray(x) if isinstance(x, (list, tuple)) else x
    x_bar = np.zeros(np.size(x), np.result_type(y_bar, x, 0.0))
    y_bar, source = np.ravel(y_bar), np.ravel(source)
    np.add.at(x_bar, source[source >= 0], y_bar[source >= 0])
    return x_bar.reshape(np.shape(x))[()]


def untake(y_bar, x, indices, axis=None, mode="raise"):
    """Return the adjoint of ``x`` in ``np.take(x, indices, axis)``."""
    if axis is None or np.ndim(x) == 0:
        return scatter(y_bar, x, np.take(positions(x), indices, mode=mode))
    x_bar = np.zeros(np.shape(x), np.result_type(y_bar, x, 0.0))
    rows = np.moveaxis(x_bar, axis, 0)
    places = np.take(np.arange(np.shape(x)[axis]), indices, mode=mode)
    axes = range(axis % np.ndim(x), axis % np.ndim(x) + np.ndim(indices))
    np.add.at(rows, places, np.moveaxis(y_bar, axes, range(np.ndim(indices))))
    return x_bar


def untake_along(y_bar, x, indices, axis=-1):
    """Return the adjoint of ``x`` in ``np.take_along_axis(x, indices, axis)``."""
    if axis is None:
        return scatter(y_bar, x, np.take(positions(x), indices))
    shape = list(np.broadcast_shapes(*(np.delete(np.shape(a), axis) for a in (x, indices))))
    shape.insert(axis % np.ndim(x), np.shape(x)[axis])
    whole = np.broadcast_to(positions(x), shape)
    return scatter(y_bar, x, np.take_along_axis(whole, np.asarray(indices), axis))


def pad_pairs(pad_width, ndim):
    """Return how much ``np.pad`` puts before and after, for each axis; a dict has it for some axes."""
    if not isinstance(pad_width, dict):
        return np.broadcast_to(pad_width, (ndim, 2)).tolist()
    pairs = [(0, 0)] * ndim
    for axis, width in pad_width.items():
        pairs[axis] = (width, width) if np.ndim(width) == 0 else tuple(width)
    return pairs


def unpad(y_bar, x, pad_width):
    """Return the part of ``y_bar`` that is ``x`` in ``np.pad(x, pad_width)``."""
    pairs = pad_pairs(pad_width, np.ndim(x))
    return y_bar[tuple(slice(b, b + n) for (b, _), n in zip(pairs, np.shape(x), strict=True))].copy()


def unpad_edges(y_bar, x, pad_width, constant_values):
    """Return the adjoint of ``constant_values`` in ``np.pad(x, pad_width, constant_values=constant_values)``.

    A later axis is padded around what the earlier ones have padded: its edges have the corners.
    """
    pairs = pad_pairs(pad_width, np.ndim(x))
    sums = np.zeros((np.ndim(x), 2), y_bar.dtype)
    for axis in range(np.ndim(x) - 1, -1, -1):
        rows = np.moveaxis(y_bar, axis, 0)
        start, stop = pairs[axis][0], pairs[axis][0] + np.shape(x)[axis]
        sums[axis] = np.sum(rows[:start]), np.sum(rows[stop:])
        y_bar = np.moveaxis(rows[start:stop], 0, axis)
    return unbroadcast(sums, constant_values)


def pad_option(mode, option):
    """Return what ``np.pad`` is told beside a mode that weighs or mirrors what is there: its name, and the value."""
    name = {"mean": "stat_length", "linear_ramp": "end_values"}.get(mode, "reflect_type")
    return {name: 0 if mode == "linear_ramp" else option}


def pad_along(x, pad_width, mode, option=None):
    """Return ``np.pad(x, pad_width, mode)`` of a mode that is linear in ``x``: what ``unpad_along`` turns round."""
    return np.pad(x, pad_width, mode, **pad_option(mode, option))


def unpad_along(y_bar, x, pad_width, mode, option=None):
    """Return the adjoint of ``x`` in ``np.pad(x, pad_width, mode)``, for modes that are linear in ``x``.

    A later axis is padded by what the earlier ones have padded: they are turned round from the last to the first.
    """
    ndim = np.ndim(x)
    pairs = pad_pairs(pad_width, ndim)
    x_bar = np.array(y_bar)
    for axis in range(ndim - 1, -1, -1):
        own = option
        if mode == "mean" and option is not None:
            own = (np.broadcast_to(option, (ndim, 2))[axis], (1, 1))
        weights = np.eye(np.shape(x)[axis], dtype=x_bar.dtype)
        weights = np.pad(weights, (pairs[axis], (0, 0)), mode, **pad_option(mode, own))
        x_bar = np.moveaxis(np.tensordot(weights, x_bar, ((0,), (axis,))), 0, axis)
    return x_bar


def unroll_axis(y_bar, axis, start=0):
    """Return the adjoint of ``x`` in ``np.rollaxis(x, axis, start)``: the axis put back."""
    axis = axis % y_bar.ndim
    start = start + y_bar.ndim if start < 0 else start
    return np.moveaxis(y_bar, start - 1 if axis < start else start, axis)


def unselect(y_bar, index, choices):
    """Return the adjoints of ``choices`` in ``np.choose(index, choices)``, of each its own."""
    y_bar = np.asarray(y_bar, np.result_type(y_bar, 0.0, *choices))
    bars = [unbroadcast(np.where(np.equal(index, k), y_bar, 0), c) for k, c in enumerate(choices)]
    return bars if isinstance(choices, (list, tuple)) else np.stack(bars)


def unmesh(bars, arrays, indexing="xy"):
    """Return the adjoints of ``arrays`` in ``np.meshgrid(*arrays)``: sums over the other axes."""
    axes = list(range(len(arrays)))
    if indexing == "xy" and len(axes) > 1:
        axes[:2] = 1, 0
    sums = [np.sum(b, axis=tuple(k for k in axes if k != own)) for own, b in zip(axes, bars, strict=True)]
    return [s.reshape(np.shape(a)) for s, a in zip(sums, arrays, strict=True)]


def shaped_each(arrays, like):
    """Return each of ``arrays`` in the shape of its partner in ``like``, which has as many entries."""
    return [np.reshape(a, np.shape(b)) for a, b in zip(arrays, like, strict=True)]


def unreduceat(y_bar, x, indices, axis=0):
    """Return the adjoint of ``x`` in ``np.add.reduceat(x, indices, axis)``: where a sum has no entries it is one."""
    starts, n = np.asarray(indices), np.shape(x)[axis]
    counts = np.maximum(np.append(starts[1:], n) - starts, 1)
    places = np.repeat(starts - np.cumsum(counts) + counts, counts) + np.arange(np.sum(counts))
    y_bar = np.moveaxis(y_bar, axis, 0)
    x_bar = np.zeros((n, *y_bar.shape[1:]), y_bar.dtype)
    np.add.at(x_bar, places, np.repeat(y_bar, counts, axis=0))
    return np.moveaxis(x_bar, 0, axis)


def unbroadcast_each(bars, arrays):
    """Return the adjoints of ``arrays`` in ``np.broadcast_arrays(*arrays)``."""
    return [unbroadcast(b, a) for b, a in zip(bars, arrays, strict=True)]


def mesh(arrays, indexing="xy"):
    """Return ``np.meshgrid(*arrays, indexing=indexing)`` as a list."""
    return list(np.meshgrid(*arrays, indexing=indexing))


def broadcast_each(arrays, like):
    """Return each of ``arrays`` broadcast to the shape of its partner in ``like``: what ``unbroadcast_each`` undoes."""
    return [np.array(np.broadcast_to(a, np.shape(b))) for a, b in zip(arrays, like, strict=True)]
