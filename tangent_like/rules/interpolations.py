"""What ``scipy.interpolate.interp1d`` does, as programs: of ``x`` in ascending order, which ``interp1d`` sorts first.

``y`` has one axis, or several, along the first of which it is read.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime import interpolating_spline


def within(x, y, places):
    """``scipy.interpolate.interp1d(x, y)(places)``."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    if np.any(np.less(places, x[0])) or np.any(np.greater(places, x[-1])):
        raise ValueError("a value is outside of the range of interpolation")
    return np.interp(places, x, y)


def beyond(x, y, places):
    """``scipy.interpolate.interp1d(x, y, fill_value="extrapolate")(places)``: the lines at the ends go on."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    k = np.clip(np.searchsorted(x, places) - 1, 0, len(x) - 2)
    return y[k] + (y[k + 1] - y[k]) / (x[k + 1] - x[k]) * (places - x[k])


def beyond_by_weights(x, y, places):
    """The same as SciPy computes it from 1.18 on: the two ends weighed, not the slope from one of them."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    k = np.clip(np.searchsorted(x, places) - 1, 0, len(x) - 2)
    h = x[k + 1] - x[k]
    return (places - x[k]) / h * y[k + 1] + (x[k + 1] - places) / h * y[k]


def rows_beyond(x, y, places):
    """Lines between rows, which go on at the ends."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    k = np.clip(np.searchsorted(x, places), 1, len(x) - 1)
    slope = (y[k] - y[k - 1]) / np.expand_dims(x[k] - x[k - 1], -1)
    return slope * np.expand_dims(places - x[k - 1], -1) + y[k - 1]


def rows_beyond_by_weights(x, y, places):
    order = np.argsort(x)
    x, y = x[order], y[order]
    k = np.clip(np.searchsorted(x, places), 1, len(x) - 1)
    h = x[k] - x[k - 1]
    ahead, behind = np.expand_dims((places - x[k - 1]) / h, -1), np.expand_dims((x[k] - places) / h, -1)
    return ahead * y[k] + behind * y[k - 1]


def nearest(x, y, places):
    """Of the two beside a place the nearer, halfway the first."""
    order = np.argsort(x)
    x, y = x[order], y[order]
    half = x / 2.0
    k = np.clip(np.searchsorted(half[1:] + half[:-1], places, side="left"), 0, len(x) - 1)
    return y[k]


def nearest_up(x, y, places):
    order = np.argsort(x)
    x, y = x[order], y[order]
    half = x / 2.0
    k = np.clip(np.searchsorted(half[1:] + half[:-1], places, side="right"), 0, len(x) - 1)
    return y[k]


def previous(x, y, places):
    order = np.argsort(x)
    x, y = x[order], y[order]
    k = np.clip(np.searchsorted(np.nextafter(x, -np.inf), places, side="left"), 1, len(x))
    return y[k - 1]


def following(x, y, places):
    order = np.argsort(x)
    x, y = x[order], y[order]
    k = np.clip(np.searchsorted(np.nextafter(x, np.inf), places, side="right"), 0, len(x) - 1)
    return y[k]


def quadratic(x, y, places):
    order = np.argsort(x)
    return interpolating_spline(x[order], y[order], places, 0, 2)


def cubic(x, y, places):
    order = np.argsort(x)
    return interpolating_spline(x[order], y[order], places, 0, 3)


def bounded(f, x, y, places):
    """An error beyond the points."""
    if np.any(np.less(places, np.min(x))) or np.any(np.greater(places, np.max(x))):
        raise ValueError("a value is outside of the range of interpolation")
    return f(x, y, places)


def filled(f, low, high, x, y, places):
    """Beyond the points what is given for that: never what is read there."""
    inside = np.clip(places, np.min(x), np.max(x))
    below, above = np.less(places, np.min(x)), np.greater(places, np.max(x))
    return np.where(below, low, np.where(above, high, f(x, y, inside)))


def filled_rows(f, low, high, x, y, places):
    inside = np.clip(places, np.min(x), np.max(x))
    below = np.expand_dims(np.less(places, np.min(x)), -1)
    above = np.expand_dims(np.greater(places, np.max(x)), -1)
    return np.where(below, low, np.where(above, high, f(x, y, inside)))


def turned(f, x, y, places):
    """Of ``y`` that is read along its last axis, of two."""
    return np.transpose(f(x, np.transpose(y), places))


def of_one_axis(f, x, y, places):
    """Where nothing is known of ``y`` before."""
    if np.ndim(y) != 1:
        raise ValueError("this derivative is for an interp1d of one axis")
    return f(x, y, places)


def spline_of_rows(f, x, y, places, nu=0):
    """``scipy.interpolate.CubicSpline(x, y, axis=1)(places, nu)``, of two axes; ``f`` is read along the first."""
    return np.transpose(f(x, np.transpose(y), places, nu))


def at_coordinates(read, places):
    """``RegularGridInterpolator(points, values)(places)``, where ``read`` takes rows: a tuple has them by axis."""
    if not isinstance(places, tuple):
        return read(places)
    if np.ndim(places[0]) == 0:
        return read(np.array([places]))[0]
    return read(np.stack(places, axis=-1))
