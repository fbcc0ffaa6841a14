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
    """Return how ``others_product(x, axis)`` moves as ``x`` moves along ``v``, of the shape of ``x``."""
    return others_along(x, (v,), axis)


def others_curve(x, v, w, axis=None):
    """Return how ``others_slope(x, v, axis)`` moves as ``x`` moves along ``w``: the two may change places."""
    return others_along(x, (v, w), axis)


def others_twist(x, u, v, w, axis=None):
    """Return how ``others_curve(x, u, v, axis)`` moves as ``x`` moves along ``w``, whichever of the three is which."""
    return others_along(x, (u, v, w), axis)


def others_along(x, directions, axis=None):
    """Return the part of ``others_product(x + each direction, axis)`` with one factor of each direction.

    The products before and after each entry, for each subset of the directions that they may hold: nothing is divided.
    """
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    rest = x.ndim - len(axes)

    def flat(a):
        rows = np.moveaxis(np.broadcast_to(a, x.shape), axes, range(rest, x.ndim))
        return rows.reshape(*rows.shape[:rest], int(np.prod(rows.shape[rest:])))

    a, moves = flat(x), [flat(v) for v in directions]
    every = range(2 ** len(moves))  # a subset is a number: bit k stands for direction k
    before = [np.zeros(a.shape, np.result_type(a, *moves)) for _ in every]
    after = [np.zeros_like(before[0]) for _ in every]
    before[0][..., :1], after[0][..., -1:] = 1, 1
    for k in range(1, a.shape[-1]):
        for held in every:
            before[held][..., k] = before[held][..., k - 1] * a[..., k - 1]
            after[held][..., -k - 1] = after[held][..., -k] * a[..., -k]
            for bit, move in enumerate(moves):
                if held >> bit & 1:
                    before[held][..., k] += before[held - (1 << bit)][..., k - 1] * move[..., k - 1]
                    after[held][..., -k - 1] += after[held - (1 << bit)][..., -k] * move[..., -k]
    moved = np.sum([before[held] * after[every[-1] - held] for held in every], axis=0)
    shape = np.moveaxis(x, axes, range(rest, x.ndim)).shape
    return np.moveaxis(moved.reshape(shape), range(rest, x.ndim), axes)[()]
