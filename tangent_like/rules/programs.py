"""What NumPy and SciPy do in several steps, as programs: they are differentiated as written."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def divided_polynomials(u, v):
    """``np.polydiv(u, v)``: the quotient and the rest, which has no zeros in front."""
    u = np.atleast_1d(u) + 0.0
    v = np.atleast_1d(v) + 0.0
    n = len(v)
    steps = len(u) - n + 1
    scale = 1.0 / v[0]
    q = np.zeros(max(steps, 1))
    r = u
    for k in range(steps):
        q[k] = scale * r[k]
        r = r - scale * r[k] * np.concatenate([np.zeros(k), v, np.zeros(steps - 1 - k)])
    start = 0
    while start < len(r) - 1 and np.allclose(r[start], 0, rtol=1e-14):
        start += 1
    return q, r[start:]


def averaged(x, axis, weights):
    """``np.average(x, axis, weights, returned=True)``: the average, and what the weights of each amount to."""
    if axis is None or np.ndim(weights) == np.ndim(x):
        total = np.sum(weights, axis=axis)
        return np.sum(x * weights, axis=axis) / total, total
    average = np.sum(np.moveaxis(x, axis, -1) * weights, axis=-1) / np.sum(weights)
    return average, np.sum(weights) + np.zeros_like(average)


def averaged_evenly(x, axis):
    """``np.average(x, axis, returned=True)``: the average, and of how many numbers."""
    average = np.mean(x, axis=axis)
    return average, np.zeros_like(average) + np.size(x) / np.size(average)
