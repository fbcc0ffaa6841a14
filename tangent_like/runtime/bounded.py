"""Minima between bounds, and of robust losses: programs of the language, given the user's functions and ``grad``.

At a minimum each entry is at a bound, where the slope holds it, or its slope is 0: whichever of the distance and the
slope is less. What is at a bound moves with that; the others as if there were none. Nocedal & Wright, "Numerical
Optimization", 16.7.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.scalars import stop_gradient
from tangent_like.runtime.scipy_solvers import known_least


def least_within(loss, found, low, high, grad, *args):
    """``found``, where ``loss`` is least between ``low`` and ``high``."""
    x = stop_gradient(found)
    slope = stop_gradient(grad(loss)(x, *args))
    at_low = stop_gradient(np.logical_or(x <= low, x - low < slope))
    at_high = stop_gradient(np.logical_or(x >= high, high - x < -slope))
    free = np.where(np.logical_or(at_low, at_high), 0.0, 1.0)
    near = np.where(at_low, low, np.where(at_high, high, x))
    held = near + stop_gradient(x - near)

    def within(u, *args):
        return loss(free * u + (1.0 - free) * held, *args) + 0.5 * np.sum((1.0 - free) * (u - x) ** 2)

    u = known_least(within, x, *args)
    return stop_gradient(found) + (free * (u - stop_gradient(u)) + (1.0 - free) * (held - stop_gradient(held)))


def half_of_squares(f, x, *args):
    """What ``least_squares`` makes least."""
    r = f(x, *args)
    return 0.5 * np.sum(r * r)


def robust_half(f, rho, scale, x, *args):
    """The same by another loss than squares."""
    r = f(x, *args)
    return 0.5 * scale**2 * np.sum(rho((r / scale) ** 2))


def soft_l1(z):
    return 2.0 * (np.sqrt(1.0 + z) - 1.0)


def huber(z):
    return np.where(z <= 1.0, z, 2.0 * np.sqrt(np.maximum(z, 1.0)) - 1.0)


def cauchy(z):
    return np.log1p(z)


def arctan(z):
    return np.arctan(z)
