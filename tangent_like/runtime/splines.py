"""Splines: linear in the values that they go through, and in the slopes there where these are given.

Values of several axes lie along the first: what is read at ``t`` has the axes of ``t``, and then the others.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def cubic_spline(x, y, t, nu=0, bc_type="not-a-knot"):
    """Return the ``nu``-th derivative at ``t`` of SciPy's ``CubicSpline(x, y, bc_type=bc_type)``; -1: an integral."""
    from scipy.interpolate import CubicSpline

    spline = CubicSpline(x, y, bc_type=bc_type)
    return spline.antiderivative()(t)[()] if nu < 0 else spline(t, nu)[()]


def uncubic_spline(z_bar, x, y, t, nu=0, bc_type="not-a-knot"):
    """Return the adjoint of ``y`` in ``cubic_spline(x, y, t, nu, bc_type)``; only its shape matters."""
    from scipy.interpolate import CubicSpline

    spline = CubicSpline(x, np.eye(len(y)), bc_type=bc_type)
    matrix = spline.antiderivative()(t) if nu < 0 else spline(t, nu)
    over = range(np.ndim(t))
    return np.tensordot(matrix, z_bar, (over, over))


def spline_integral(x, y, a, b, bc_type="not-a-knot"):
    """Return the integral from ``a`` to ``b`` of SciPy's ``CubicSpline(x, y, bc_type=bc_type)``."""
    from scipy.interpolate import CubicSpline

    if np.ndim(y) != 1 or np.ndim(a) or np.ndim(b):
        raise ValueError("CubicSpline is differentiated for values of one axis")
    return float(CubicSpline(x, y, bc_type=bc_type).integrate(a, b))


def spline_slope(x, y, t, order=1, bc_type="not-a-knot"):
    """Return ``CubicSpline(x, y, bc_type=bc_type).derivative(order)(t)``, by SciPy."""
    from scipy.interpolate import CubicSpline

    return CubicSpline(x, y, bc_type=bc_type).derivative(order)(t)[()]


def beside(t_dot, t, z):
    """Return ``t_dot``, of the shape of ``t``, with an axis of one entry for each that ``z`` has more."""
    return np.reshape(t_dot, np.shape(t) + (1,) * (np.ndim(z) - np.ndim(t)))


def at_each(z_bar, t):
    """Return ``z_bar`` summed over all axes but the first, those of ``t``: the transpose of ``beside``."""
    return np.sum(z_bar, axis=tuple(range(np.ndim(t), np.ndim(z_bar))))


def hermite_spline(x, y, slopes, t, nu=0, beyond=True):
    """Return the ``nu``-th derivative at ``t`` of SciPy's ``CubicHermiteSpline(x, y, slopes, extrapolate=beyond)``."""
    from scipy.interpolate import CubicHermiteSpline

    if np.ndim(y) != 1:
        raise ValueError("splines are differentiated for values of one axis")
    return CubicHermiteSpline(x, y, slopes, extrapolate=beyond)(t, nu)[()]


def value_weights(x, y, t, nu=0, beyond=True):
    """Return what each of the values adds to ``hermite_spline(x, y, slopes, t, nu)``, along a last axis."""
    from scipy.interpolate import CubicHermiteSpline

    each = np.eye(np.size(y))
    return CubicHermiteSpline(x, each, np.zeros_like(each), extrapolate=beyond)(t, nu)


def slope_weights(x, y, t, nu=0, beyond=True):
    """Return what each of the slopes adds to ``hermite_spline(x, y, slopes, t, nu)``, along a last axis."""
    from scipy.interpolate import CubicHermiteSpline

    each = np.eye(np.size(y))
    return CubicHermiteSpline(x, np.zeros_like(each), each, extrapolate=beyond)(t, nu)


def interpolating_spline(x, y, t, nu=0, k=3, bc_type=None):
    """Return the ``nu``-th derivative at ``t`` of SciPy's ``make_interp_spline(x, y, k, bc_type=bc_type)``."""
    from scipy.interpolate import make_interp_spline

    if np.ndim(y) != 1:
        raise ValueError("splines are differentiated for values of one axis")
    return make_interp_spline(x, y, k, bc_type=bc_type)(t, nu)[()]


def spline_weights(x, y, t, nu=0, k=3, bc_type=None):
    """Return what each of the values adds to ``interpolating_spline(x, y, t, nu, k, bc_type)``, along a last axis."""
    from scipy.interpolate import make_interp_spline

    return make_interp_spline(x, np.eye(np.size(y)), k, bc_type=bc_type)(t, nu)
