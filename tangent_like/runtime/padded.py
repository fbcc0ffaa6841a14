"""Padding by the greatest, the least or the middle of what stands at the ends."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.arrange import pad_pairs
from tangent_like.runtime.order import quantile_weights


def end_weights(x, axis, mode):
    """Return how much each entry counts in the "maximum", "minimum" or "median" along ``axis``: ties share."""
    if mode == "median":
        return quantile_weights(x, 0.5, axis)
    best = (np.max if mode == "maximum" else np.min)(x, axis=axis, keepdims=True)
    ties = np.equal(x, best).astype(x.dtype)
    return ties / np.sum(ties, axis=axis, keepdims=True)


def pad_ends(x, pad_width, mode, stat_length=None):
    """Return for each axis its number, the widths, and the weights of what stands at its two ends.

    A later axis is padded by what the earlier ones have padded.
    """
    shape, ends = np.shape(x), []
    pairs = pad_pairs(pad_width, len(shape))
    counts = np.broadcast_to(np.max(shape) if stat_length is None else stat_length, (len(shape), 2)).tolist()
    for axis, n in enumerate(shape):
        first, last = (min(count, n) for count in counts[axis])
        left, right = np.take(x, range(first), axis), np.take(x, range(n - last, n), axis)
        ends.append((axis, pairs[axis], end_weights(left, axis, mode), end_weights(right, axis, mode)))
        alone = [pair if k == axis else (0, 0) for k, pair in enumerate(pairs)]
        x = np.pad(x, alone, mode, stat_length=stat_length)
    return ends


def pad_chosen(x_dot, x, pad_width, mode, stat_length=None):
    """Return the tangent of ``np.pad(x, pad_width, mode, stat_length=stat_length)``."""
    for axis, (before, after), left, right in pad_ends(x, pad_width, mode, stat_length):
        n, first, last = x_dot.shape[axis], left.shape[axis], right.shape[axis]
        start = np.sum(left * np.take(x_dot, range(first), axis), axis=axis, keepdims=True)
        end = np.sum(right * np.take(x_dot, range(n - last, n), axis), axis=axis, keepdims=True)
        parts = [np.repeat(start, before, axis=axis), x_dot, np.repeat(end, after, axis=axis)]
        x_dot = np.concatenate(parts, axis=axis)
    return x_dot


def unpad_chosen(y_bar, x, pad_width, mode, stat_length=None):
    """Return the adjoint of ``x`` in ``np.pad(x, pad_width, mode, stat_length=stat_length)``."""
    for axis, (before, _), left, right in reversed(pad_ends(x, pad_width, mode, stat_length)):
        n, first, last = np.shape(x)[axis], left.shape[axis], right.shape[axis]
        start, y_bar, end = np.split(np.moveaxis(y_bar, axis, 0), [before, before + n])
        y_bar = np.array(y_bar)
        y_bar[:first] += np.moveaxis(left, axis, 0) * np.sum(start, axis=0)
        y_bar[n - last :] += np.moveaxis(right, axis, 0) * np.sum(end, axis=0)
        y_bar = np.moveaxis(y_bar, 0, axis)
    return y_bar
