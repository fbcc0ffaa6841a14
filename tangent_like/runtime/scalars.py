"""Elementwise functions, for numbers and for arrays of any shape."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np


def sign(x):
    """Return -1, 0 or 1: the derivative of ``abs(x)``, 0 at the kink."""
    if isinstance(x, (float, int)):
        return 1.0 if x > 0 else -1.0 if x < 0 else 0.0
    if np.iscomplexobj(x):
        raise ValueError("this derivative is for real numbers: annotate complex ones (complex), or what holds them")
    return np.sign(x)


def of_real(y_bar, x):
    """Return ``y_bar``, where ``x`` is real: Python makes complex numbers of some that are, as of ``(-2.0) ** 0.5``."""
    if np.iscomplexobj(x):
        raise ValueError("this derivative is for real numbers: annotate complex ones (complex), or what holds them")
    return y_bar


def share(x, y):
    """Return how much of the greater of ``x`` and ``y`` is ``x``: 1, 1/2 where they tie, or 0."""
    if isinstance(x, (float, int)) and isinstance(y, (float, int)):
        return 1.0 if x > y else 0.5 if x == y else 0.0
    return np.where(x == y, 0.5, x > y).astype(np.result_type(x, y, 0.0))[()]


def quotient(x, y):
    """Return ``x / y``, and 0 where ``y`` is 0: the slope of a norm, 0 at its kink."""
    if isinstance(y, (float, int)):
        return x / y if y else x * 0.0
    return np.where(y == 0, 0, x / np.where(y == 0, 1, y))[()]


def length_of_square(q):
    """Return ``sqrt(q)``, whose slope is taken for 0 where ``q`` is 0: the length of a vector by its square."""
    return np.sqrt(q)


def lowered(y):
    """Return ``y - 1``, but 1 where ``y`` is 0: so ``y * x ** lowered(y)`` is 0 there."""
    if isinstance(y, (float, int)):
        return y - 1 if y else 1
    return np.where(y == 0, 1, y - 1)[()]


def safe_log(x):
    """Return the logarithm of ``x`` where ``x > 0``, else 0: for the exponent of ``x ** y``."""
    if isinstance(x, (float, int)):
        return math.log(x) if x > 0 else 0.0
    return np.log(np.where(x > 0, x, 1))[()]


def digamma(x):
    """Return the slope of ``math.lgamma(x)``, for a number that is no pole (0, -1, -2, ...)."""
    if x < 0.5:  # reflected; the tangent has period 1
        return digamma(1.0 - x) - math.pi / math.tan(math.pi * (x - math.floor(x + 0.5)))
    below = 0.0
    while x < 10.0:
        below += 1.0 / x
        x += 1.0
    t = 1.0 / (x * x)
    tail = 1 / 240 - t * (1 / 132 - t * (691 / 32760 - t / 12))
    tail = t * (1 / 12 - t * (1 / 120 - t * (1 / 252 - t * tail)))
    return math.log(x) - 0.5 / x - tail - below


def sinc_slope(x):
    """Return the slope of ``np.sinc(x)``; a series near 0, where the closed form cancels."""
    near = np.abs(x) < 0.1
    t = np.where(near, np.pi * x, 0)
    s = t * t
    series = t * (-1 / 3 + s * (1 / 30 - s * (1 / 840 - s * (1 / 45360 - s / 3991680))))
    far = np.where(near, 1, np.pi * x)
    return np.pi * np.where(near, series, (np.cos(far) - np.sin(far) / far) / far)[()]


def stop_gradient(x):
    """Return ``x``: a constant as far as derivatives go."""
    return x


def in_any_order(total, term):
    """Return ``total + term``: compiled, a part of a sum whose terms may be added up in any order."""
    return total + term
