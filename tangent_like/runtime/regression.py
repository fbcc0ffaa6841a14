"""Slopes of the correlation of two samples, and of the line through points."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np

from tangent_like.runtime.reduce import spread


def correlation_slope(r, x, y):
    """Return the slope of ``r``, the correlation of two samples, by each entry of ``x``."""
    x, y = x - np.mean(x), y - np.mean(y)
    return (y / np.linalg.norm(y) - r * x / np.linalg.norm(x)) / np.linalg.norm(x)


def chance_slope(r, x):
    """Return the slope by ``r`` of how probable a correlation beyond ``r`` is by chance, for as many as in ``x``."""
    half = len(x) / 2
    whole = math.exp(math.lgamma(0.5) + math.lgamma(half - 1) - math.lgamma(half - 0.5))
    return -2 * np.sign(r) * (1 - r**2) ** (half - 2) / whole


def student_slope(t, over, alternative="two-sided"):
    """Return the slope by ``t`` of how probable what is beyond it is, with ``over`` degrees of freedom."""
    whole = math.exp(math.lgamma(0.5) + math.lgamma(over / 2) - math.lgamma((over + 1) / 2))
    density = (1 + t**2 / over) ** (-(over + 1) / 2) / (math.sqrt(over) * whole)
    return density if alternative == "less" else -density if alternative == "greater" else -2 * np.sign(t) * density


def sample_slope(statistic, a, axis):
    """Return how Student's statistic of a sample changes by each entry of it."""
    n = np.shape(a)[axis]
    error = np.std(a, axis=axis, ddof=1) / n**0.5
    centred = (a - np.mean(a, axis=axis, keepdims=True)) / spread(error, a, axis)
    return (1 - spread(statistic / (n - 1), a, axis) * centred) / spread(n * error, a, axis)


def two_samples_slope(statistic, a, b, axis):
    """Return how Student's statistic of two samples of one variance changes by each entry of ``a``."""
    m, n = np.shape(a)[axis], np.shape(b)[axis]
    squares = np.var(a, axis=axis) * m + np.var(b, axis=axis) * n
    error = np.sqrt(squares / (m + n - 2) * (1 / m + 1 / n))
    centred = a - np.mean(a, axis=axis, keepdims=True)
    return 1 / spread(m * error, a, axis) - spread(statistic / squares, a, axis) * centred


def welch_slope(statistic, a, b, axis):
    """Return how Welch's statistic of two samples changes by each entry of ``a``."""
    m, n = np.shape(a)[axis], np.shape(b)[axis]
    square = np.var(a, axis=axis, ddof=1) / m + np.var(b, axis=axis, ddof=1) / n
    centred = a - np.mean(a, axis=axis, keepdims=True)
    return 1 / spread(m * np.sqrt(square), a, axis) - spread(statistic / (m * (m - 1) * square), a, axis) * centred


def welch_freedom(a, b, axis):
    """Return the degrees of freedom of Welch's statistic."""
    m, n = np.shape(a)[axis], np.shape(b)[axis]
    by_a, by_b = np.var(a, axis=axis, ddof=1) / m, np.var(b, axis=axis, ddof=1) / n
    return (by_a + by_b) ** 2 / (by_a**2 / (m - 1) + by_b**2 / (n - 1))


def welch_freedom_slope(a, b, axis):
    """Return how these change by each entry of ``a``."""
    m, n = np.shape(a)[axis], np.shape(b)[axis]
    by_a, by_b = np.var(a, axis=axis, ddof=1) / m, np.var(b, axis=axis, ddof=1) / n
    squares = by_a**2 / (m - 1) + by_b**2 / (n - 1)
    slope = 2 * (by_a + by_b) / squares * (1 - (by_a + by_b) * by_a / ((m - 1) * squares))
    return spread(slope * 2 / (m * (m - 1)), a, axis) * (a - np.mean(a, axis=axis, keepdims=True))


def line_slope(slope, x, y):
    """Return how the slope of the line through points changes by each entry of ``x``."""
    x, y = x - np.mean(x), y - np.mean(y)
    return (y - 2 * slope * x) / (x @ x)


def line_slope_by_heights(x):
    """Return how the slope of the line through points changes by each of the heights at ``x``."""
    x = x - np.mean(x)
    return x / (x @ x)


def line_error(r, x, y):
    """Return how the error of that slope changes by each entry of ``x``, as a share of it."""
    off = x - np.mean(x)
    return -r / (1 - r**2) * correlation_slope(r, x, y) - off / (off @ off)


def line_error_by_heights(r, x, y):
    """Return how the error of that slope changes by each entry of ``y``, as a share of it."""
    off = y - np.mean(y)
    return off / (off @ off) - r / (1 - r**2) * correlation_slope(r, y, x)
