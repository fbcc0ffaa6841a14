"""Running products, slopes and areas: what each step passes back."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.broadcast import unbroadcast


def cumprod_tangent(x_dot, x, axis=None):
    """Return the tangent of ``np.cumprod(x, axis)``; nothing is divided, so zeros are harmless."""
    if axis is None:
        return running_tangent(np.ravel(x_dot), np.ravel(x))
    return np.moveaxis(running_tangent(np.moveaxis(x_dot, axis, 0), np.moveaxis(x, axis, 0)), 0, axis)


def running_tangent(x_dot, x):
    """Return the tangent of ``np.cumprod(x, 0)``."""
    y_dot = np.array(x_dot)
    y_dot[1:] *= np.cumprod(x[:-1], axis=0)
    for k in range(1, len(x)):
        y_dot[k] += y_dot[k - 1] * x[k]
    return y_dot


def uncumprod(y_bar, x, axis=None):
    """Return the adjoint of ``x`` in ``np.cumprod(x, axis)``; nothing is divided where it could be by 0."""
    if axis is None:
        return np.reshape(running_adjoint(np.ravel(y_bar), np.ravel(x)), np.shape(x))
    return np.moveaxis(running_adjoint(np.moveaxis(y_bar, axis, 0), np.moveaxis(x, axis, 0)), 0, axis)


def running_adjoint(y_bar, x):
    """Return the adjoint of ``x`` in ``np.cumprod(x, 0)``."""
    if len(x) > 8:
        y = np.cumprod(x, axis=0)
        if np.all((np.abs(y) > 1e-30) & (np.abs(y) < 1e30)):
            return np.cumsum((y_bar * y)[::-1], axis=0)[::-1] / x
    x_bar = np.array(y_bar)
    for k in range(len(x) - 2, -1, -1):
        x_bar[k] += x_bar[k + 1] * x[k + 1]
    x_bar[1:] *= np.cumprod(x[:-1], axis=0)
    return x_bar


def running_bend(x_dot, y_bar, x):
    """Return the tangent of ``running_adjoint(y_bar, x)`` as ``x`` moves: linear in ``x_dot``, and symmetric."""
    behind, behind_dot = np.array(y_bar), np.zeros_like(y_bar)
    for k in range(len(x) - 2, -1, -1):
        behind_dot[k] = behind_dot[k + 1] * x[k + 1] + behind[k + 1] * x_dot[k + 1]
        behind[k] += behind[k + 1] * x[k + 1]
    behind_dot[1:] *= np.cumprod(x[:-1], axis=0)
    behind_dot[1:] += behind[1:] * cumprod_tangent(x_dot[:-1], x[:-1], 0)
    return behind_dot


def running_log_tangent(x_dot, y, x, axis=0):
    """Return the tangent of ``y = np.logaddexp.accumulate(x, axis)``: no exponential is greater than 1."""
    rows, ends = np.moveaxis(x, axis, 0), np.moveaxis(y, axis, 0)
    y_dot = np.array(np.moveaxis(x_dot, axis, 0) * np.exp(rows - ends))
    for k in range(1, len(y_dot)):
        y_dot[k] += y_dot[k - 1] * np.exp(ends[k - 1] - ends[k])
    return np.moveaxis(y_dot, 0, axis)


def running_log_adjoint(y_bar, y, x, axis=0):
    """Return the adjoint of ``x`` in ``y = np.logaddexp.accumulate(x, axis)``."""
    rows, ends = np.moveaxis(x, axis, 0), np.moveaxis(y, axis, 0)
    behind = np.array(np.moveaxis(y_bar, axis, 0))
    for k in range(len(behind) - 2, -1, -1):
        behind[k] += behind[k + 1] * np.exp(ends[k] - ends[k + 1])
    return np.moveaxis(behind * np.exp(rows - ends), 0, axis)


def trapezoid_weights(y, x=None, dx=1.0, axis=-1):
    """Return what each entry of ``y`` counts in ``np.trapezoid(y, x, dx, axis)``, to be multiplied with it."""
    n = np.shape(y)[axis]
    along = [-1 if k == axis % np.ndim(y) else 1 for k in range(np.ndim(y))]
    if x is None:
        gaps = np.broadcast_to(np.asarray(dx, np.result_type(y, dx)), max(n - 1, 0))
    else:
        gaps = np.diff(x, axis=axis if np.ndim(x) > 1 else -1)
    if np.ndim(gaps) > 1:
        ends = [(1, 1) if k == axis % np.ndim(gaps) else (0, 0) for k in range(np.ndim(gaps))]
        padded = np.pad(gaps, ends)
        first, last = (np.take(padded, range(b, b + n), axis) for b in (0, 1))
        return (first + last) / 2
    padded = np.pad(gaps, 1)
    return ((padded[1:] + padded[:-1]) / 2)[:n].reshape(along)


def trapezoid_gaps(y_bar, y, x, axis=-1):
    """Return the adjoint of ``x`` in ``np.trapezoid(y, x, axis=axis)``."""
    rows = np.moveaxis(y, axis, -1)
    gaps = np.expand_dims(np.asarray(y_bar, np.result_type(y_bar, y)), -1) * (rows[..., 1:] + rows[..., :-1]) / 2
    if np.ndim(x) == 1:
        gaps = gaps.reshape(-1, gaps.shape[-1]).sum(axis=0)
    around = [(0, 0)] * (gaps.ndim - 1) + [(1, 1)]
    x_bar = -np.diff(np.pad(gaps, around), axis=-1)
    return x_bar if np.ndim(x) == 1 else unbroadcast(np.moveaxis(x_bar, -1, axis), x)


def simpson_slopes(y, x, axis=-1):
    """Return the slopes of ``scipy.integrate.simpson(y, x, axis=axis)`` in each of the places ``x``, laid as ``y``."""
    rows = np.moveaxis(y, axis, -1)
    gaps = np.diff(x if np.ndim(x) < np.ndim(y) else np.moveaxis(x, axis, -1))
    n = np.shape(y)[axis]
    if n == 2:
        by_gap = 0.5 * (rows[..., :1] + rows[..., 1:]) + 0.0 * gaps
    else:
        m = n - 1 + n % 2
        h, k = gaps[..., 0 : m - 1 : 2], gaps[..., 1 : m - 1 : 2]
        a, b, c = rows[..., 0 : m - 2 : 2], rows[..., 1 : m - 1 : 2], rows[..., 2:m:2]
        both = h + k
        whole = a * (2 - k / h) + b * both**2 / (h * k) + c * (2 - h / k)
        by_h = whole + both * (a * k / h**2 + b * both * (h - k) / (h**2 * k) - c / k)
        by_k = whole + both * (-a / h + b * both * (k - h) / (h * k**2) + c * h / k**2)
        by_gap = np.stack([by_h, by_k], axis=-1).reshape((*np.shape(by_h)[:-1], m - 1)) / 6
        if n % 2 == 0:  # the last gap by the parabola through the last three points
            h, k = gaps[..., -2:-1], gaps[..., -1:]
            a, b, c = rows[..., -3:-2], rows[..., -2:-1], rows[..., -1:]
            both = h + k
            share = (2 * k**2 + 3 * h * k) / both**2
            by_h = c * (3 * k / both - share) - b * k**2 / h**2 + a * k**3 * (1 / h + 1 / both) / (h * both)
            by_k = c * ((4 * k + 3 * h) / both - share) + b * (2 * k / h + 3) - a * k**2 * (3 - k / both) / (h * both)
            before = np.concatenate([by_gap[..., :-1], by_gap[..., -1:] + by_h / 6], axis=-1)
            by_gap = np.concatenate([before, by_k / 6], axis=-1)
    none = 0.0 * by_gap[..., :1]
    return np.moveaxis(-np.diff(np.concatenate([none, by_gap, none], axis=-1)), -1, axis)


def ungradient(y_bar, x, spacing=(), axis=None, edge_order=1):
    """Return the adjoint of ``x`` in ``np.gradient(x, *spacing, axis=axis)``."""
    axes = range(np.ndim(x)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    gaps = list(spacing) * (1 if len(spacing) == len(axes) else len(axes)) or [1.0] * len(axes)
    bars = y_bar if isinstance(y_bar, (list, tuple)) else [y_bar]
    x_bar = np.zeros(np.shape(x), np.asarray(bars[0]).dtype)
    for k, gap, bar in zip(axes, gaps, bars, strict=True):
        rows, into = np.moveaxis(bar, k, 0), np.moveaxis(x_bar, k, 0)
        n = len(rows)
        if n < 6 or np.ndim(gap):  # few points, or at their own distances: the matrix of the map
            matrix = np.array(np.gradient(np.eye(n), gap, axis=0, edge_order=edge_order))
            into += np.tensordot(matrix.T, rows, 1)
            continue
        into[2:] += rows[1:-1] / (2 * gap)
        into[:-2] -= rows[1:-1] / (2 * gap)
        first, *_, last = np.gradient(np.eye(4), gap, axis=0, edge_order=edge_order)
        into[:3] += np.multiply.outer(first[:3], rows[0])
        into[-3:] += np.multiply.outer(last[-3:], rows[-1])
    return x_bar


def slopes_by_spacing(h_dot, x, y, h, axis=None, edge_order=1):
    """Return the tangent of ``y = np.gradient(x, h, axis=axis)`` by ``h``: a distance, or the places along one axis."""
    if (axis is None and np.ndim(x) != 1) or np.ndim(axis):
        raise ValueError("np.gradient is differentiated by its spacing along one axis")
    if np.ndim(h) == 0:
        return -h_dot / h * y
    gaps, gaps_dot = np.diff(h), np.diff(h_dot)
    rows = np.moveaxis(x, 0 if axis is None else axis, -1)
    slopes = np.diff(rows) / gaps
    slopes_dot = -slopes * gaps_dot / gaps
    both = gaps[1:] + gaps[:-1]
    middle = (gaps[1:] * slopes[..., :-1] + gaps[:-1] * slopes[..., 1:]) / both
    inside = (
        gaps[1:] * slopes_dot[..., :-1]
        + gaps[:-1] * slopes_dot[..., 1:]
        + gaps_dot[1:] * (slopes[..., :-1] - middle)
        + gaps_dot[:-1] * (slopes[..., 1:] - middle)
    ) / both
    first, last = slopes_dot[..., :1], slopes_dot[..., -1:]
    if edge_order == 2:  # the slopes of the parabolas through the three points at each end
        bent = np.diff(slopes) / both
        bent_dot = (np.diff(slopes_dot) - bent * (gaps_dot[1:] + gaps_dot[:-1])) / both
        first = first - gaps_dot[:1] * bent[..., :1] - gaps[:1] * bent_dot[..., :1]
        last = last + gaps_dot[-1:] * bent[..., -1:] + gaps[-1:] * bent_dot[..., -1:]
    along = np.concatenate([first, inside, last], axis=-1)
    return np.moveaxis(along, -1, 0 if axis is None else axis)


def unspaced(y_bar, x, y, h, axis=None, edge_order=1):
    """Return the adjoint of ``h`` in ``y = np.gradient(x, h, axis=axis)``: the transpose of ``slopes_by_spacing``."""
    if (axis is None and np.ndim(x) != 1) or np.ndim(axis):
        raise ValueError("np.gradient is differentiated by its spacing along one axis")
    if np.ndim(h) == 0:
        return -np.sum(y_bar * y) / h
    gaps = np.diff(h)
    slopes = np.diff(np.moveaxis(x, 0 if axis is None else axis, -1)) / gaps
    bar = np.moveaxis(y_bar, 0 if axis is None else axis, -1)
    both = gaps[1:] + gaps[:-1]
    middle = (gaps[1:] * slopes[..., :-1] + gaps[:-1] * slopes[..., 1:]) / both
    inside = bar[..., 1:-1] / both
    first, last, none = bar[..., :1], bar[..., -1:], 0 * bar[..., :1]
    from_right = np.concatenate([first, gaps[:-1] * inside], axis=-1)
    slopes_bar = from_right + np.concatenate([gaps[1:] * inside, last], axis=-1)
    gaps_bar = np.concatenate([inside * (slopes[..., 1:] - middle), none], axis=-1) + np.concatenate(
        [none, inside * (slopes[..., :-1] - middle)], axis=-1
    )
    if edge_order == 2:
        bent, rest = np.diff(slopes) / both, 0 * bar[..., 3:]
        by_first, by_last = first * gaps[:1] / both[:1], last * gaps[-1:] / both[-1:]
        slopes_bar = slopes_bar + np.concatenate([by_first, -by_first, rest], axis=-1)
        slopes_bar = slopes_bar + np.concatenate([rest, -by_last, by_last], axis=-1)
        by_first, by_last = by_first * bent[..., :1], by_last * bent[..., -1:]
        gaps_bar = gaps_bar + np.concatenate([by_first - first * bent[..., :1], by_first, rest], axis=-1)
        gaps_bar = gaps_bar + np.concatenate([rest, -by_last, last * bent[..., -1:] - by_last], axis=-1)
    each = (gaps_bar - slopes_bar * slopes / gaps).reshape(-1, np.size(gaps)).sum(axis=0)
    return np.concatenate([-each[:1], each[:-1] - each[1:], each[-1:]])


def slopes_of(x_dot, spacing=(), axis=None, edge_order=1):
    """Return ``np.gradient(x_dot, *spacing, axis=axis, edge_order=edge_order)``, of several axes as a list."""
    found = np.gradient(x_dot, *spacing, axis=axis, edge_order=edge_order)
    return list(found) if isinstance(found, tuple) else found


def polyval_slope(p, x):
    """Return the slope of ``np.polyval(p, x)`` in ``x``, by Horner's rule."""
    y, slope = np.zeros_like(x) + np.sum(p[:1]) * 0, np.zeros_like(x)
    for c in p:
        slope = slope * x + y
        y = y * x + c
    return slope


def unpolyval(y_bar, p, x):
    """Return the adjoint of ``p`` in ``np.polyval(p, x)``: ``y_bar`` times powers of ``x``, each summed."""
    power, sums = y_bar * np.ones_like(x), []
    for _ in range(len(p)):
        sums.append(np.sum(power))
        power = power * x
    return np.array(sums[::-1])


def unpolyval_slope(y_bar, p, x):
    """Return the adjoint of ``p`` in ``polyval_slope(p, x)``."""
    sums = unpolyval(y_bar, p, x)
    return np.pad(sums[1:] * np.arange(len(p) - 1, 0, -1, dtype=np.result_type(sums)), (0, 1))


def bessel_i1(x):
    """Return the slope of ``np.i0(x)``: the mean of ``exp(x cos t) cos t`` over a circle.

    As the circle has no ends, few points give every digit.
    """
    c = np.cos(np.arange(256) * (2 * np.pi / 256)).astype(np.result_type(x, 0.0))
    return np.mean(np.exp(np.multiply.outer(x, c)) * c, axis=-1)


def log_of_sums(x, axis=0, keepdims=False):
    """Return ``np.logaddexp.reduce(x, axis, keepdims=keepdims)``."""
    return np.logaddexp.reduce(x, axis, keepdims=keepdims)
