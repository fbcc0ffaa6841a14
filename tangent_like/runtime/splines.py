"""Cubic splines: linear in the values that they go through."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def cubic_spline(x, y, t, nu=0, bc_type="not-a-knot"):
    """Return the ``nu``-th derivative at ``t`` of SciPy's ``CubicSpline(x, y, bc_type=bc_type)``."""
    from scipy.interpolate import CubicSpline

    if np.ndim(y) != 1:
        raise ValueError("CubicSpline is differentiated for values of one axis")
    return CubicSpline(x, y, bc_type=bc_type)(t, nu)[()]


def uncubic_spline(z_bar, x, y, t, nu=0, bc_type="not-a-knot"):
    """Return the adjoint of ``y`` in ``cubic_spline(x, y, t, nu, bc_type)``; only its shape matters."""
    from scipy.interpolate import CubicSpline

    matrix = CubicSpline(x, np.eye(np.size(y)), bc_type=bc_type)(t, nu)
    return np.tensordot(z_bar, matrix, np.ndim(t))
