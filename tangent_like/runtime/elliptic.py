"""Incomplete elliptic integrals by their parameter, in Carlson's forms, which hold where it is 0."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def elliptic_slope(phi, m):
    """Return the slope of ``scipy.special.ellipkinc(phi, m)`` by ``m``: half the integral of ``sin(t)**2 / d**3``.

    ``d`` is ``sqrt(1 - m * sin(t)**2)``. Beyond a quarter turn it is that of as many half turns and of the rest.
    """
    from scipy import special

    halves = np.round(phi / np.pi)
    s = np.sin(phi - np.pi * halves)
    rest = s**3 / 6 * special.elliprd(1 - s**2, 1.0, 1 - m * s**2)
    return rest + halves / 3 * special.elliprd(0.0, 1.0, 1 - np.where(halves == 0, 0.0, m))


def second_elliptic_slope(phi, m):
    """Return the slope of ``scipy.special.ellipeinc(phi, m)`` by ``m``: minus half that of ``sin(t)**2 / d``."""
    from scipy import special

    halves = np.round(phi / np.pi)
    s = np.sin(phi - np.pi * halves)
    rest = s**3 / 6 * special.elliprd(1 - s**2, 1 - m * s**2, 1.0)
    return -rest - halves / 3 * special.elliprd(0.0, 1 - np.where(halves == 0, 0.0, m), 1.0)


def elliptic_bend(phi, m, f, slope):
    """Return the slope of ``elliptic_slope(phi, m)`` by ``m``, for ``f = ellipkinc(phi, m)``: by their equation.

    Where ``m`` is 0 that says nothing: there it is three quarters of the integral of ``sin(t)**4``.
    """
    s = np.sin(phi) * np.cos(phi)
    none = 9 * phi / 32 - 3 * np.sin(2 * phi) / 16 + 3 * np.sin(4 * phi) / 128
    m_or_half = np.where(m == 0, 0.5, m)
    bend = 0.25 * f - (1 - 2 * m) * slope - 0.25 * s / (1 - m * np.sin(phi) ** 2) ** 1.5
    return np.where(m == 0, none, bend / (m_or_half * (1 - m_or_half)))[()]


def second_elliptic_bend(phi, m, slope, first_slope):
    """Return the slope by ``m`` of ``second_elliptic_slope(phi, m)``, which is ``slope``; and of the first kind's."""
    none = -3 * phi / 32 + np.sin(2 * phi) / 16 - np.sin(4 * phi) / 128
    return np.where(m == 0, none, -0.5 * (slope + first_slope) / np.where(m == 0, 0.5, m))[()]


def carlson_slope(x, y, z):
    """Return the slope of ``scipy.special.elliprd(x, y, z)`` by ``x``; where ``x`` is ``z``, by what they share.

    Of two that agree but for half of the digits the difference says less than that they agree.
    """
    from scipy import special

    rd = special.elliprd(x, y, z)
    near_x, near_y = np.abs(x - z) <= 1e-8 * z, np.abs(y - z) <= 1e-8 * z
    apart = (special.elliprd(y, z, x) - rd) / np.where(near_x, 1.0, 2 * (x - z))
    by_y = (special.elliprd(x, z, y) - rd) / np.where(near_y, 1.0, 2 * (y - z))
    by_y = np.where(near_y, -0.3 * rd / z, np.where(y == 0, 0.0, by_y))
    return np.where(near_x, -0.25 * (1.5 * rd + np.where(y == 0, 0.0, y * by_y)) / z, apart)[()]


def last_carlson_slope(x, y, z):
    """Return the slope of ``scipy.special.elliprd(x, y, z)`` by ``z``: it is homogeneous."""
    from scipy import special

    by_x = np.where(x == 0, 0.0, x * carlson_slope(np.where(x == 0, 1.0, x), y, z))
    by_y = np.where(y == 0, 0.0, y * carlson_slope(np.where(y == 0, 1.0, y), x, z))
    return (-(1.5 * special.elliprd(x, y, z) + by_x + by_y) / z)[()]
