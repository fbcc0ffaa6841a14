"""What derivatives of derivatives call: the slopes of other helpers."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np


def polygamma(n, x):
    """Return the ``n``-th derivative of the slope of ``math.lgamma(x)``, for ``n`` from 1 and no pole ``x``."""
    sign = 1.0 if n % 2 else -1.0
    below = 0.0
    while x < 15.0 + n:
        below += 1.0 / x ** (n + 1)
        x += 1.0
    total = math.factorial(n - 1) / x**n + 0.5 * math.factorial(n) / x ** (n + 1)
    for k, b in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)):
        m = 2 * k + 2
        total += b * math.factorial(m + n - 1) / math.factorial(m) / x ** (m + n)
    return sign * (total + math.factorial(n) * below)


def sinc_higher(x, n):
    """Return the ``n``-th derivative of ``np.sinc(x)``; a series near 0, where the closed form cancels."""
    t = np.pi * np.asarray(x, float)
    near = np.abs(t) < 3 + n
    small = np.where(near, t, 0)
    far = np.where(near, 1, t)
    series = np.zeros_like(small)
    for k in range((n + 1) // 2, 30 + n):
        power = 2 * k - n
        series = series + (-1) ** k / math.factorial(power) / (2 * k + 1) * small**power
    closed = np.sin(far) / far
    for m in range(1, n + 1):
        closed = (np.sin(far + m * np.pi / 2) - m * closed) / far
    return (np.pi**n * np.where(near, series, closed)).astype(np.result_type(x, 0.0))[()]


def nonzero_exponent(y):
    """Return 1: the slope of ``lowered(y)``. Where ``y`` is 0, ``x ** y`` has no second derivative here."""
    if np.any(np.equal(y, 0)):
        raise ValueError("a second derivative of x ** y by y is not known where y is 0")
    return 1.0


def placed(v_bar, a_bar, index):
    """Return zeros of the shape of ``a_bar`` with ``v_bar`` at ``index``, the last one where places repeat."""
    out = np.zeros(np.shape(a_bar), np.result_type(v_bar, a_bar))
    out[index] = v_bar
    return out


def from_diagonal(x_bar, d_bar, offset=0, axis1=0, axis2=1):
    """Return a diagonal of ``x_bar``, or its sum where ``d_bar`` is that of a trace: the shape of ``d_bar``."""
    diagonal = np.diagonal(x_bar, offset, axis1, axis2)
    return diagonal.sum(-1) if np.ndim(d_bar) < diagonal.ndim else np.array(diagonal)


def others_slope(x, v, axis=None):
    """Return how ``others_product(x, axis)`` moves as ``x`` moves along ``v``, of the shape of ``x``.

    The products before and after each entry, each carried with its slope: nothing is divided.
    """
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    rest = x.ndim - len(axes)

    def flat(a):
        rows = np.moveaxis(np.broadcast_to(a, x.shape), axes, range(rest, x.ndim))
        return rows.reshape(*rows.shape[:rest], int(np.prod(rows.shape[rest:])))

    a, v = flat(x), flat(v)
    before, before_dot = np.ones_like(a), np.zeros_like(a)
    after, after_dot = np.ones_like(a), np.zeros_like(a)
    for k in range(1, a.shape[-1]):
        before[..., k] = before[..., k - 1] * a[..., k - 1]
        before_dot[..., k] = before_dot[..., k - 1] * a[..., k - 1] + before[..., k - 1] * v[..., k - 1]
        after[..., -k - 1] = after[..., -k] * a[..., -k]
        after_dot[..., -k - 1] = after_dot[..., -k] * a[..., -k] + after[..., -k] * v[..., -k]
    moved = before_dot * after + before * after_dot
    shape = np.moveaxis(x, axes, range(rest, x.ndim)).shape
    return np.moveaxis(moved.reshape(shape), range(rest, x.ndim), axes)[()]
