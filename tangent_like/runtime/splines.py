"""Cubic splines: linear in the values that they go through."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def cubic_spline(x, y, t, nu=0, bc_type="not-a-knot"):
    """Return the ``nu``-th derivative at ``t`` of SciPy's ``CubicSpline(x, y, bc_type=bc_type)``; -1: an integral."""
    from scipy.interpolate import CubicSpline

    if np.ndim(y) != 1:
        raise ValueError("CubicSpline is differentiated for values of one axis")
    spline = CubicSpline(x, y, bc_type=bc_type)
    return spline.antiderivative()(t)[()] if nu < 0 else spline(t, nu)[()]


def uncubic_spline(z_bar, x, y, t, nu=0, bc_type="not-a-knot"):
    """Return the adjoint of ``y`` in ``cubic_spline(x, y, t, nu, bc_type)``; only its shape matters."""
    from scipy.interpolate import CubicSpline

    spline = CubicSpline(x, np.eye(np.size(y)), bc_type=bc_type)
    matrix = spline.antiderivative()(t) if nu < 0 else spline(t, nu)
    return np.tensordot(z_bar, matrix, np.ndim(t))


def spline_integral(x, y, a, b, bc_type="not-a-knot"):
    """Return the integral from ``a`` to ``b`` of SciPy's ``CubicSpline(x, y, bc_type=bc_type)``."""
    from scipy.interpolate import CubicSpline

    if np.ndim(y) != 1 or np.ndim(a) or np.ndim(b):
        raise ValueError("CubicSpline is differentiated for values of one axis")
    return float(CubicSpline(x, y, bc_type=bc_type).integrate(a, b))


def spline_slope(x, y, t, order=1, bc_type="not-a-knot"):
    """Return ``CubicSpline(x, y, bc_type=bc_type).derivative(order)(t)``, by SciPy."""
    from scipy.interpolate import CubicSpline

    if np.ndim(y) != 1:
        raise ValueError("CubicSpline is differentiated for values of one axis")
    return CubicSpline(x, y, bc_type=bc_type).derivative(order)(t)[()]
