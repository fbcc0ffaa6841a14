"""Convolutions, interpolation, quadrature, slopes, quantiles, polynomials, and their adjoints."""

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
    is_vector,
    is_whole,
    literal,
    made,
    rows_along,
    stand_in,
    with_length,
    without_axis,
)

trapezoid, gradient, polyval, heaviside = map(stand_in, (np.trapezoid, np.gradient, np.polyval, np.heaviside))

OF_SAMPLES = (trapezoid, gradient, polyval, heaviside)
HELPERS = (
    runtime.share, runtime.convolve_left, runtime.correlate_left, runtime.correlate_right, runtime.interp_slope,
    runtime.interp_values, runtime.trapezoid_weights, runtime.trapezoid_gaps, runtime.ungradient,
    runtime.quantile_weights, runtime.quantile_tangent, runtime.unquantile, runtime.unpolyval, runtime.polyval_slope,
)  # fmt: skip


# -- elementwise --------------------------------------------------------------------------------------------


@overload(heaviside)
def _heaviside(x1, x2):
    if is_array(x1) and is_number(x2):
        return lambda x1, x2: np.where(x1 == 0, x2, np.where(x1 > 0, 1.0, np.where(x1 < 0, 0.0, np.nan)))
    if is_number(x1) and is_number(x2):
        return lambda x1, x2: x2 if x1 == 0 else 1.0 if x1 > 0 else 0.0 if x1 < 0 else np.nan
    return None


@overload(runtime.share)
def _share(x, y):
    if is_number(x) and is_number(y):
        return lambda x, y: 1.0 if x > y else 0.5 if x == y else 0.0
    if not any(map(is_array, (x, y))):
        return None
    return lambda x, y: np.where(x == y, 0.5, np.where(x > y, 1.0, 0.0))


# -- convolutions -------------------------------------------------------------------------------------------


@register_jitable
def window(m, n, mode):
    """Where the full convolution begins and how much of it is kept."""
    low, high = min(m, n), max(m, n)
    if mode == "full":
        return 0, m + n - 1
    if mode == "same":
        return (low - 1) // 2, high
    return low - 1, high - low + 1


@overload(runtime.convolve_left)
def _convolve_left(z_bar, x, y, mode="full"):
    if not is_vector(x) or not is_vector(y) or not (is_vector(z_bar) or is_number(z_bar)):
        return None
    dtype, given = dtype_of(z_bar, x, y), "z_bar" if is_number(z_bar) else "z_bar[i + j - start]"
    lines = [
        "start, kept = window(x.size, y.size, mode)",
        "x_bar = np.zeros(x.size, dtype)",
        "for i in range(x.size):",
        "    for j in range(max(start - i, 0), min(start + kept - i, y.size)):",
        f"        x_bar[i] += {given} * y[j]",
        "return x_bar",
    ]
    return made("z_bar, x, y, mode='full'", lines, np=np, window=window, dtype=dtype)


@register_jitable
def window_of_correlation(m, n, mode):
    low, high = min(m, n), max(m, n)
    if mode == "full":
        return 0, m + n - 1
    if mode == "same":
        return low - 1 - (low // 2 if m >= n else (low - 1) // 2), high
    return low - 1, high - low + 1


def correlated_back(z_bar, x, y, left):
    """``z[i - j + n - 1 - start] += x[i] * y[j]``, read for ``x`` or for ``y``."""
    if not is_vector(x) or not is_vector(y) or not (is_vector(z_bar) or is_number(z_bar)):
        return None
    given = "z_bar" if is_number(z_bar) else "z_bar[k - start]"
    lines = [
        "start, kept = window(x.size, y.size, mode)",
        f"out = np.zeros({'x' if left else 'y'}.size, dtype)",
        "for i in range(x.size):",
        "    for j in range(y.size):",
        "        k = i - j + y.size - 1",
        "        if start <= k < start + kept:",
        f"            out[{'i' if left else 'j'}] += {given} * {'y[j]' if left else 'x[i]'}",
        "return out",
    ]
    names = {"np": np, "window": window_of_correlation, "dtype": dtype_of(z_bar, x, y)}
    return made("z_bar, x, y, mode='valid'", lines, **names)


@overload(runtime.correlate_left)
def _correlate_left(z_bar, x, y, mode="valid"):
    return correlated_back(z_bar, x, y, True)


@overload(runtime.correlate_right)
def _correlate_right(z_bar, x, y, mode="valid"):
    return correlated_back(z_bar, x, y, False)


# -- interpolation ------------------------------------------------------------------------------------------


@register_jitable
def neighbours(x, xp):
    """The left and right neighbour of ``x``, their distance, and how far on it is."""
    k = min(max(np.searchsorted(xp, x, side="right") - 1, 0), max(xp.size - 2, 0))
    ahead = min(k + 1, xp.size - 1)
    gap = xp[ahead] - xp[k]
    if gap == 0:
        gap = 1.0
    return k, ahead, gap, (x - xp[k]) / gap


@overload(runtime.interp_slope)
def _interp_slope(x, xp, fp):
    if not is_vector(xp) or not is_vector(fp):
        return None

    def one(x, xp, fp):
        k, ahead, gap, part = neighbours(x, xp)
        return (fp[ahead] - fp[k]) / gap if 0 <= part < 1 else 0.0

    if is_number(x):
        return one
    inner = register_jitable(one)

    def each(x, xp, fp):
        out = np.empty(x.shape)
        for place in np.ndindex(x.shape):
            out[place] = inner(x[place], xp, fp)
        return out

    return each if is_array(x) else None


@overload(runtime.interp_values)
def _interp_values(y_bar, x, xp, fp):
    if not is_vector(xp) or not is_vector(fp):
        return None
    if is_number(x) and is_number(y_bar):

        def one(y_bar, x, xp, fp):
            fp_bar = np.zeros(fp.size)
            k, ahead, _gap, part = neighbours(x, xp)
            part = min(max(part, 0.0), 1.0)
            fp_bar[k] += y_bar * (1 - part)
            fp_bar[ahead] += y_bar * part
            return fp_bar

        return one
    if not is_array(x) or not is_array(y_bar) or x.ndim != y_bar.ndim:
        return None

    def each(y_bar, x, xp, fp):
        fp_bar = np.zeros(fp.size)
        for place in np.ndindex(x.shape):
            k, ahead, _gap, part = neighbours(x[place], xp)
            part = min(max(part, 0.0), 1.0)
            fp_bar[k] += y_bar[place] * (1 - part)
            fp_bar[ahead] += y_bar[place] * part
        return fp_bar

    return each


# -- quadrature ---------------------------------------------------------------------------------------------


@overload(trapezoid)
def _trapezoid(y, x=None, dx=1.0, axis=-1):
    if not is_array(y) or not is_whole(axis) or not is_number_or_default(dx):
        return None
    if not is_none(x) and not is_vector(x):
        return None
    step = "dx" if is_none(x) else "(x[n + 1] - x[n])"
    left = without_axis(y.ndim)
    lines = [
        "rows = rows_along(y, axis)",
        "out = np.zeros((rows.shape[0], rows.shape[2]), dtype)",
        "for i in range(rows.shape[0]):",
        "    for n in range(rows.shape[1] - 1):",
        "        for j in range(rows.shape[2]):",
        f"            out[i, j] += {step} * (rows[i, n, j] + rows[i, n + 1, j]) / 2.0",
        "return out[0, 0]" if y.ndim == 1 else "return out.reshape(left(y.shape, axis))",
    ]
    names = {"np": np, "rows_along": rows_along, "left": left, "dtype": dtype_of(y)}
    return made("y, x=None, dx=1.0, axis=-1", lines, **names)


def is_number_or_default(of):
    return is_number(of) or isinstance(literal(of), int | float)


@overload(runtime.trapezoid_weights)
def _trapezoid_weights(y, x=None, dx=1.0, axis=-1):
    if not is_array(y) or not is_whole(axis) or not is_number_or_default(dx):
        return None
    if not is_none(x) and not is_vector(x):
        return None
    step = "dx" if is_none(x) else "(x[n + 1] - x[n])"
    lines = [
        "weights = np.zeros(y.shape[axis % y.ndim], dtype)",
        "for n in range(weights.size - 1):",
        f"    weights[n] += {step} / 2.0",
        f"    weights[n + 1] += {step} / 2.0",
        "return weights.reshape(along(y.shape, axis))",
    ]
    along = ones_but(y.ndim)
    return made("y, x=None, dx=1.0, axis=-1", lines, np=np, along=along, dtype=dtype_of(y))


def ones_but(rank):
    """A function from a shape to one that has its length along an axis, and 1 along the others."""
    ones = (1,) * rank
    return register_jitable(lambda shape, axis: with_length(ones, axis, shape[axis % rank]))


@overload(runtime.trapezoid_gaps)
def _trapezoid_gaps(y_bar, y, x, axis=-1):
    if not is_vector(y) or not is_vector(x) or not is_number(y_bar):
        return None

    def impl(y_bar, y, x, axis=-1):
        x_bar = np.zeros(x.size)
        for n in range(x.size - 1):
            area = y_bar * (y[n] + y[n + 1]) / 2.0
            x_bar[n] -= area
            x_bar[n + 1] += area
        return x_bar

    return impl


@register_jitable
def slopes_along(f, gap, axis):
    rows = rows_along(f, axis)
    n = rows.shape[1]
    if n < 2:
        raise ValueError("a slope needs two points")
    out = np.empty_like(rows)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[2]):
            out[i, 0, j] = (rows[i, 1, j] - rows[i, 0, j]) / gap
            out[i, n - 1, j] = (rows[i, n - 1, j] - rows[i, n - 2, j]) / gap
            for k in range(1, n - 1):
                out[i, k, j] = (rows[i, k + 1, j] - rows[i, k - 1, j]) / (2.0 * gap)
    return out.reshape(f.shape)


@register_jitable
def back_through_slopes(y_bar, gap, axis):
    rows = rows_along(y_bar, axis)
    n = rows.shape[1]
    out = np.zeros_like(rows)
    for i in range(rows.shape[0]):
        for j in range(rows.shape[2]):
            out[i, 0, j] -= rows[i, 0, j] / gap
            out[i, 1, j] += rows[i, 0, j] / gap
            out[i, n - 2, j] -= rows[i, n - 1, j] / gap
            out[i, n - 1, j] += rows[i, n - 1, j] / gap
            for k in range(1, n - 1):
                out[i, k - 1, j] -= rows[i, k, j] / (2.0 * gap)
                out[i, k + 1, j] += rows[i, k, j] / (2.0 * gap)
    return out.reshape(y_bar.shape)


@overload(gradient)
def _gradient(f, gap=1.0, axis=None):
    """Along one axis, of points that are as far from each other."""
    if not is_array(f) or not is_number_or_default(gap) or (f.ndim > 1 and not is_whole(axis)):
        return None
    if is_none(axis):
        return lambda f, gap=1.0, axis=None: slopes_along(f, gap, 0)
    return lambda f, gap=1.0, axis=None: slopes_along(f, gap, axis)


@overload(runtime.ungradient)
def _ungradient(y_bar, x, spacing=(), axis=None, edge_order=1):
    if not is_array(y_bar) or not is_array(x) or (x.ndim > 1 and not is_whole(axis)) or literal(edge_order) != 1:
        return None
    if not isinstance(spacing, types.BaseTuple | tuple | types.Omitted):
        return None
    given: Any = spacing.value if isinstance(spacing, types.Omitted) else spacing
    if len(given) > 1 or not all(map(is_number, given)):
        return None
    gap, at = "spacing[0]" if len(given) else "1.0", "0" if is_none(axis) else "axis"
    line = f"return back_through_slopes(y_bar, {gap}, {at})"
    return made("y_bar, x, spacing=(), axis=None, edge_order=1", [line], back_through_slopes=back_through_slopes)


# -- quantiles, polynomials ---------------------------------------------------------------------------------


@overload(runtime.quantile_weights)
def _quantile_weights(x, q, axis=None):
    if not is_array(x) or not is_number(q) or not is_none(axis):
        return None
    dtype = dtype_of(x)

    def impl(x, q, axis=None):
        values = flat(x)
        order = np.argsort(values.copy(), kind="mergesort")
        place = q * (values.size - 1 - np.isnan(values).sum())
        weights = np.zeros(values.size, dtype)
        for rank in range(values.size):
            weights[order[rank]] = max(1.0 - abs(rank - place), 0.0)
        return weights.reshape(x.shape)

    return impl


@overload(runtime.quantile_tangent)
def _quantile_tangent(x_dot, weights, x, axis=None, keepdims=False):
    one = is_array(weights) and is_array(x_dot) and weights.ndim == x_dot.ndim == getattr(x, "ndim", -1)
    if not one or not is_none(axis) or getattr(keepdims, "value", keepdims) is not False:
        return None
    return lambda x_dot, weights, x, axis=None, keepdims=False: np.sum(weights * x_dot)


@overload(runtime.unquantile)
def _unquantile(y_bar, weights, x, axis=None, keepdims=False):
    if not is_number(y_bar) or not is_array(weights) or weights.ndim != getattr(x, "ndim", -1):
        return None
    return lambda y_bar, weights, x, axis=None, keepdims=False: weights * y_bar


@overload(polyval)
def _polyval(p, x):
    if not is_vector(p) or not (is_number(x) or is_array(x)):
        return None

    def impl(p, x):
        y = x * 0.0
        for c in p:
            y = y * x + c
        return y

    return impl


@overload(runtime.polyval_slope)
def _polyval_slope(p, x):
    if not is_vector(p) or not (is_number(x) or is_array(x)):
        return None

    def impl(p, x):
        y, slope = x * 0.0, x * 0.0
        for c in p:
            slope = slope * x + y
            y = y * x + c
        return slope

    return impl


@overload(runtime.unpolyval)
def _unpolyval(y_bar, p, x):
    if not is_vector(p):
        return None
    if is_number(x) and is_number(y_bar):

        def one(y_bar, p, x):
            out, power = np.empty(p.size), y_bar * 1.0
            for k in range(p.size - 1, -1, -1):
                out[k] = power
                power *= x
            return out

        return one
    if not is_array(x):
        return None

    def each(y_bar, p, x):
        out, power = np.empty(p.size), y_bar * np.ones(x.shape)
        for k in range(p.size - 1, -1, -1):
            out[k] = power.sum()
            power = power * x
        return out

    return each
