"""What depends on the order of entries: sorted, running and interpolated ones."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np

from tangent_like.runtime.arrange import untake_along


def order_of(x, y, axis=-1):
    """Return which entries of ``x``, along ``axis``, its rearrangement ``y`` has, in that order.

    Found by the values: both are sorted, so that it holds whatever algorithm made ``y``.
    """
    x = np.ravel(x) if axis is None else np.asarray(x)
    axis = -1 if axis is None else axis
    ranks = np.argsort(np.argsort(y, axis, kind="stable"), axis, kind="stable")
    return np.take_along_axis(np.argsort(x, axis, kind="stable"), ranks, axis)


def rearranged(x_dot, x, y, axis=-1):
    """Return the tangent of ``y``, which is ``x`` rearranged along ``axis``."""
    x_dot = np.ravel(x_dot) if axis is None else np.asarray(x_dot)
    return np.take_along_axis(x_dot, order_of(x, y, axis), 0 if axis is None else axis)


def unsort(y_bar, x, y, axis=-1):
    """Return the adjoint of ``x`` in ``y = np.sort(x, axis)``, or ``np.partition``."""
    rows = np.ravel(x) if axis is None else x
    x_bar = untake_along(y_bar, rows, order_of(x, y, axis), 0 if axis is None else axis)
    return x_bar.reshape(np.shape(x))


def running_places(x, y, axis=0):
    """Return where along ``axis`` stands what ``y``, the running extremum of ``x``, is made of.

    Of entries that tie the last one.
    """
    places = np.arange(np.shape(x)[axis]).reshape([-1 if k == axis % np.ndim(x) else 1 for k in range(np.ndim(x))])
    return np.maximum.accumulate(np.where(np.equal(x, y), places, 0), axis)


def quantile_weights(x, q, axis=None):
    """Return how much each entry of ``x`` counts in ``np.quantile(x, q, axis)``, NaNs left out.

    Of the shape of ``q`` and then that of ``x``: 1 or 0, or between two neighbours shares of 1.
    """
    rank, last = quantile_ranks(x, axis)
    place = np.multiply.outer(np.asarray(q), last)
    return np.maximum(1 - np.abs(rank - place), 0).astype(np.result_type(x, 0.0))


def entry_weights(x, q, axis=None, method="lower"):
    """Return how much each entry of ``x`` counts in ``np.quantile(x, q, axis, method=method)`` without interpolation.

    ``method`` is "lower", "higher", "nearest" or "midpoint".
    """
    rank, last = quantile_ranks(x, axis)
    place = np.multiply.outer(np.asarray(q), last)
    low = np.rint(place) if method == "nearest" else np.ceil(place) if method == "higher" else np.floor(place)
    high = np.ceil(place) if method == "midpoint" else low
    return (0.5 * (np.equal(rank, low) * 1.0 + np.equal(rank, high))).astype(np.result_type(x, 0.0))


def quantile_slopes(x, q, axis=None):
    """Return ``last`` times the difference of the two entries of ``x`` between which ``q`` falls, as weights."""
    rank, last = quantile_ranks(x, axis)
    place = np.multiply.outer(np.asarray(q), last)
    low = np.clip(np.floor(place), 0, np.maximum(last - 1, 0))
    return (last * (np.equal(rank, low + 1) * 1.0 - np.equal(rank, low))).astype(np.result_type(x, 0.0))


def quantile_ranks(x, axis=None):
    """Return the rank of each entry of ``x`` along ``axis``, and the rank of the last that is a number."""
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    ends = tuple(range(x.ndim - len(axes), x.ndim))
    rows = np.moveaxis(x, axes, ends)
    others = rows.shape[: x.ndim - len(axes)]
    flat = rows.reshape(*others, math.prod(rows.shape[len(others) :]))
    rank = np.argsort(np.argsort(flat, -1, kind="stable"), -1, kind="stable")
    last = np.sum(~np.isnan(x), axis=axes, keepdims=True) - 1
    return np.moveaxis(rank.reshape(rows.shape), ends, axes), last


def quantile_tangent(x_dot, weights, x, axis=None, keepdims=False):
    """Return the sum of ``weights * x_dot`` over the axes of ``x`` that ``axis`` names."""
    axes = range(-np.ndim(x), 0) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    behind = tuple(k if k < 0 else k - np.ndim(x) for k in axes)
    return np.sum(weights * x_dot, axis=behind, keepdims=keepdims)


def each_quantile(y, x, axis=None, keepdims=False):
    """Return ``np.quantile(x, q, axis, keepdims=keepdims)``, or what belongs to it, with an axis for each of ``x``."""
    axes = range(-np.ndim(x), 0) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    y = np.asarray(y, np.result_type(y, x))
    return y if keepdims else np.expand_dims(y, tuple(k if k < 0 else k - np.ndim(x) for k in axes))


def unquantile(y_bar, weights, x, axis=None, keepdims=False):
    """Return the adjoint of ``x`` in ``np.quantile(x, q, axis, keepdims=keepdims)``."""
    y_bar = np.asarray(y_bar, np.result_type(y_bar, weights))
    front = tuple(range(np.ndim(weights) - np.ndim(x)))
    return np.sum(weights * each_quantile(y_bar, x, axis, keepdims), axis=front)


def chosen_weights(x, y, axis=None, keepdims=False):
    """Return how much each entry of ``x`` counts in ``y``, one of them along ``axis``: those that tie share."""
    axes = range(-np.ndim(x), 0) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    behind = tuple(k if k < 0 else k - np.ndim(x) for k in axes)
    equal = np.equal(x, each_quantile(y, x, axis, keepdims))
    return (equal / np.maximum(np.sum(equal, axis=behind, keepdims=True), 1)).astype(np.result_type(x, 0.0))


def unplace(y_bar, slopes, x, q, axis=None, keepdims=False):
    """Return the adjoint of ``q`` in ``np.quantile(x, q, axis, keepdims=keepdims)``."""
    moved = y_bar * quantile_tangent(x, slopes, x, axis, keepdims)
    return np.sum(moved, axis=tuple(range(np.ndim(q), np.ndim(moved))))


def interpolation(x, xp):
    """Return the weights of ``np.interp``: the left neighbour of each ``x`` among ``xp``, and how far on it is.

    Outside of ``xp`` it stands at the end.
    """
    k = np.clip(np.searchsorted(xp, x, side="right") - 1, 0, np.maximum(np.size(xp) - 2, 0))
    ahead = np.minimum(k + 1, np.size(xp) - 1)
    gap = np.take(xp, ahead) - np.take(xp, k)
    part = (np.asarray(x) - np.take(xp, k)) / np.where(gap == 0, 1, gap)
    return k, ahead, np.where(gap == 0, 1, gap), np.clip(part, 0, 1), (part >= 0) & (part < 1)


def interp_slope(x, xp, fp):
    """Return the slope of ``np.interp(x, xp, fp)`` in ``x``: 0 outside, that on the right at a knot."""
    k, ahead, gap, _part, inside = interpolation(x, xp)
    return (inside * (np.take(fp, ahead) - np.take(fp, k)) / gap)[()]


def interp_values(y_bar, x, xp, fp):
    """Return the adjoint of ``fp`` in ``np.interp(x, xp, fp)``."""
    k, ahead, _gap, part, _inside = interpolation(x, xp)
    fp_bar = np.zeros(np.shape(fp))
    np.add.at(fp_bar, k, y_bar * (1 - part))
    np.add.at(fp_bar, ahead, y_bar * part)
    return fp_bar


def interp_knots(y_bar, x, xp, fp):
    """Return the adjoint of ``xp`` in ``np.interp(x, xp, fp)``."""
    return interp_values(-y_bar * interp_slope(x, xp, fp), x, xp, xp)
