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
    """Return the adjoint of ``y`` in ``cubic_spline(x, y, t, nu, bc_type)``; only its shape matters.

    Of a periodic spline the two ends are one value: its adjoint is that of the first.
    """
    from scipy.interpolate import CubicSpline

    each = np.eye(len(y))
    if bc_type == "periodic":
        each[-1] = each[0]
    spline = CubicSpline(x, each, bc_type=bc_type)
    matrix = spline.antiderivative()(t) if nu < 0 else spline(t, nu)
    over = range(np.ndim(t))
    return np.tensordot(matrix, z_bar, (over, over))


def knot_weights(x, y, t, nu=0, bc_type="not-a-knot"):
    """Return how much each of the places ``x`` moves ``cubic_spline(x, y, t, nu, bc_type)``, along a last axis.

    The slope of the spline by a place is, at fixed points, a cubic on each piece, with one slope on both sides of a
    knot. At the knot it is minus the first derivative of the spline, which goes through the same value elsewhere; its
    second derivative jumps by minus the jump of the third of the spline, for the second of the spline does not jump
    where the knot has gone. So the slopes at the knots solve a linear system, as those of the spline do (de Boor, "A
    Practical Guide to Splines", IV).
    """
    from scipy.interpolate import CubicHermiteSpline, CubicSpline

    n = len(x)
    spline = CubicSpline(x, y, bc_type=bc_type)
    gaps, jolts = np.diff(x), 6 * spline.c[0]
    values = np.zeros((n, n, *np.shape(y)[1:]))
    values[range(n), range(n)] = -spline(x, 1)
    rises = np.diff(values.reshape(n, -1), axis=0)

    def bend(k, j):
        """The second derivative at the knot ``k`` on the piece ``j``: what the slopes count in it, and the rest."""
        row = np.zeros(n)
        row[j], row[j + 1] = (-4 / gaps[j], -2 / gaps[j]) if j == k else (2 / gaps[j], 4 / gaps[j])
        return row, (6 if j == k else -6) * rises[j] / gaps[j] ** 2

    def jolt(j):
        row = np.zeros(n)
        row[j] = row[j + 1] = 6 / gaps[j] ** 2
        return row, -12 * rises[j] / gaps[j] ** 3

    def slope(k):
        return np.eye(n)[k], 0.0

    def moved(k, amounts):
        """What is added because the knot ``k`` itself has moved."""
        found = np.zeros(values.shape[1:])
        found[k] = amounts
        return found.reshape(-1)

    none = (np.zeros(n), 0.0)
    first, last = moved(0, jolts[0]), moved(n - 1, jolts[-1])
    level, level_after = (moved(k, spline(x[k], 2)) for k in (0, n - 1))
    equal = [(bend(k, k), bend(k, k - 1), moved(k, jolts[k] - jolts[k - 1])) for k in range(1, n - 1)]
    if bc_type == "periodic":
        equal.append((bend(0, 0), bend(n - 1, n - 2), first - last))
        equal.append((slope(0), slope(n - 1), level - level_after))
    elif bc_type == "clamped":
        equal += [(slope(0), none, level), (slope(n - 1), none, level_after)]
    elif bc_type == "natural" or n == 2:
        equal += [(bend(0, 0), none, first), (bend(n - 1, n - 2), none, last)]
    elif n == 3:
        equal += [(jolt(0), none, 0.0), (jolt(1), none, 0.0)]
    else:
        equal += [(jolt(0), jolt(1), 0.0), (jolt(n - 3), jolt(n - 2), 0.0)]
    matrix = np.array([one[0] - other[0] for one, other, _ in equal])
    right = np.array([np.zeros(values[0].size) + other[1] - one[1] - more for one, other, more in equal])
    through = CubicHermiteSpline(x, values, np.linalg.solve(matrix, right).reshape(values.shape))
    if bc_type == "periodic":  # where it is read lies as many periods away, and these move with the ends
        periods = np.floor((t - x[0]) / (x[-1] - x[0]))
        found = np.array(np.moveaxis(through(t - periods * (x[-1] - x[0]), nu), np.ndim(t), -1))
        by_period = beside(periods, t, found[..., 0]) * spline(t, nu + 1)
        found[..., 0] += by_period
        found[..., -1] -= by_period
        return found
    if nu >= 0:
        return np.moveaxis(through(t, nu), np.ndim(t), -1)
    found = np.array(np.moveaxis(through.antiderivative()(t), np.ndim(t), -1))
    found[..., 0] -= y[0]  # it begins at the first knot
    return found


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


def basis_spline(t, c, k, x, nu=0):
    """Return the ``nu``-th derivative at ``x`` of SciPy's ``BSpline(t, c, k)``."""
    from scipy.interpolate import BSpline

    if np.ndim(c) != 1:
        raise ValueError("splines are differentiated for coefficients of one axis")
    return BSpline(t, c, k)(x, nu)[()] if nu <= k else np.zeros(np.shape(x))[()]


def basis_weights(t, c, k, x, nu=0):
    """Return what each of the coefficients adds to ``basis_spline(t, c, k, x, nu)``, along a last axis."""
    from scipy.interpolate import BSpline

    shape = (*np.shape(x), np.size(c))
    return BSpline(t, np.eye(np.size(c)), k)(x, nu) if nu <= k else np.zeros(shape)


def surface_slope(z, surface, x, y, dx=0, dy=0, grid=True):
    """Return the ``dx``-th derivative by ``x`` and ``dy``-th by ``y`` of a surface of SciPy's, of the shape of ``z``.

    ``surface`` is what ``bisplrep`` returned, or a ``BivariateSpline``. Beyond its edges it stays as it is there, and
    has no slope; it may be one of lines, of which FITPACK gives none. ``z`` is its value, on a grid or at points.
    """
    from scipy.interpolate import NdBSpline

    tx, ty, c, kx, ky = surface if isinstance(surface, (tuple, list)) else (*surface.tck, *surface.degrees)
    x, y = (np.atleast_1d(x)[:, None], np.atleast_1d(y)) if grid else (np.asarray(x), np.asarray(y))
    places, inside = [], True
    for v, t, k, order in ((x, tx, kx, dx), (y, ty, ky, dy)):
        places.append(np.clip(v, t[k], t[-k - 1]))
        inside = inside & ((places[-1] == v) | (order == 0))
    whole = NdBSpline((np.asarray(tx), np.asarray(ty)), np.reshape(c, (len(tx) - kx - 1, -1)), (kx, ky))
    return np.reshape(inside * whole(np.stack(np.broadcast_arrays(*places), axis=-1), nu=(dx, dy)), np.shape(z))


def interpolated_slope(f, x, nu=1):
    """Return the ``nu``-th derivative at ``x`` of ``f``, an ``interp1d`` of SciPy's whose values have one axis.

    Beyond the points it is 0, unless ``f`` goes on there.
    """
    if np.ndim(f.y) != 1:
        raise ValueError("this derivative is for an interp1d whose values have one axis")
    own = vars(f)  # SciPy has no other word for its kind
    if own["_kind"] == "spline":
        found = np.reshape(own["_spline"](x, nu), np.shape(x))
    elif own["_kind"] == "linear" and nu == 1:
        slopes = np.diff(f.y) / np.diff(f.x)
        found = slopes[np.clip(np.searchsorted(f.x, x), 1, len(f.x) - 1) - 1]
    else:
        found = np.zeros(np.shape(x))
    goes_on = isinstance(f.fill_value, str)
    return found if goes_on else np.where((f.x[0] <= x) & (x <= f.x[-1]), found, 0.0)[()]
