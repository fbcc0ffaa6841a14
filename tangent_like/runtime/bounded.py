"""Minima between bounds, and of robust losses: programs of the language, given the user's functions and ``grad``.

What is at a bound moves with that, the others as if there were none. Some methods stay off the bounds by a little: an
entry is at one that it is next to, if the slope holds it there. Nocedal & Wright, "Numerical Optimization", 16.7.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.scalars import stop_gradient
from tangent_like.runtime.scipy_solvers import known_least


def least_within(loss, found, low, high, reach, grad, *args):
    """``found``, where ``loss`` is least between ``low`` and ``high``.

    An entry within ``reach`` of a bound is at it if the slope still holds it nearer there: beside a minimum it turns.
    """
    x = stop_gradient(found)
    near_low, near_high = x - low <= reach, high - x <= reach
    nearer = stop_gradient(x + 0.9 * (np.where(near_low, low, np.where(near_high, high, x)) - x))
    slope = stop_gradient(grad(loss)(nearer, *args))
    at_low = stop_gradient(np.logical_or(x <= low, np.logical_and(near_low, slope > 0.0)))
    at_high = stop_gradient(np.logical_or(x >= high, np.logical_and(near_high, slope < 0.0)))
    free = np.where(np.logical_or(at_low, at_high), 0.0, 1.0)
    near = np.where(at_low, low, np.where(at_high, high, x))
    held = near + stop_gradient(x - near)

    def within(u, *args):
        return loss(free * u + (1.0 - free) * held, *args) + 0.5 * np.sum((1.0 - free) * (u - x) ** 2)

    u = known_least(within, x, *args)
    return stop_gradient(found) + (free * (u - stop_gradient(u)) + (1.0 - free) * (held - stop_gradient(held)))


def reach_of(found):
    """How far from a bound an entry may be that is held there."""
    return stop_gradient(1e-5 * np.maximum(1.0, np.abs(found)))


def reach_between(low, high):
    """The same of ``minimize_scalar``, which never tries the bounds themselves."""
    return stop_gradient(1e-3 * (high - low))


def lower_of(pairs):
    """Return the first of each pair."""
    return np.array([pair[0] for pair in pairs])


def upper_of(pairs):
    """Return the second of each pair."""
    return np.array([pair[1] for pair in pairs])


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
