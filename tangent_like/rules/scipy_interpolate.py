"""``scipy.interpolate``: splines by their knots and coefficients, which are constants, at places that move.

``PPoly.__call__`` is what calls a ``CubicSpline`` or another of its kind that was there before: ``spline(x)``.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import interpolate

from tangent_like.rules.rule import rule
from tangent_like.runtime import at_each, beside, interpolated_slope, surface_slope, unbroadcast

_CUBIC = interpolate.splrep([0.0, 0.4, 1.0, 1.3, 2.0, 2.4], [1.0, 0.3, -0.5, 0.8, 1.1, 0.2])
_LINES = interpolate.splrep([0.0, 0.4, 1.0, 1.3], [1.0, 0.3, -0.5, 0.8], k=1)
_X, _Y = np.meshgrid(np.arange(5.0), np.arange(6.0), indexing="ij")
_SURFACE = interpolate.bisplrep(_X, _Y, np.sin(_X + 0.3 * _Y), s=0)
_PLANES = interpolate.bisplrep(_X, _Y, np.sin(_X + 0.3 * _Y), kx=1, ky=1, s=0)


def _place(rng):
    return (float(rng.uniform(0, 2)), _CUBIC), {}


def _places(rng):
    return (rng.uniform(0.1, 2, (2, 3)), _CUBIC), {"der": 1}


def _outside(rng):
    return (rng.uniform(2.5, 4, 3), _CUBIC, 0, 1), {}


def _on_lines(rng):
    return (rng.uniform(0.5, 0.9, 3), _LINES), {}


@rule(
    interpolate.splev,
    kind="unknown",
    of=("x",),
    inactive=("der", "ext"),
    accepts={"ext": (0, 1, 2)},
    cases=(_place, _places, _outside, _on_lines),
)
def splev(y, x, tck, der=0, ext=0):
    """De Boor, *A Practical Guide to Splines*, chapter X: the slope of a spline is one of an order less."""

    def jvp(x_dot):
        return interpolate.splev(x, tck, der + 1, ext) * x_dot

    def vjp(y_bar):
        return y_bar * interpolate.splev(x, tck, der + 1, ext)

    return jvp, vjp


def _point(rng):
    return (float(rng.uniform(0.5, 3)), float(rng.uniform(0.5, 4)), _SURFACE), {}


def _grid(rng):
    return (np.sort(rng.uniform(0.5, 3, 3)), np.sort(rng.uniform(0.5, 4, 2)), _SURFACE), {}


def _row(rng):
    return (float(rng.uniform(0.5, 3)), np.sort(rng.uniform(0.5, 4, 3)), _SURFACE, 0, 1), {}


def _beyond(rng):
    return (np.array([0.5, 4.5]), np.array([-0.5, 2.1, 6.0]), _SURFACE), {}


def _of_lines(rng):
    return (float(rng.uniform(1.1, 1.9)), float(rng.uniform(2.1, 2.9)), _PLANES), {}


def _column(rng):
    return (np.sort(rng.uniform(0.5, 3, 3)), float(rng.uniform(0.5, 4)), _SURFACE), {}


@rule(
    interpolate.bisplev,
    kind="unknown",
    of=("x", "y"),
    inactive=("dx", "dy"),
    cases=(_point, _grid, _row, _column, _beyond, _of_lines),
)
def bisplev(z, x, y, tck, dx=0, dy=0):
    """Of two numbers, or of a grid: the places along its axes move whole rows and columns."""

    def jvp(x_dot, y_dot):
        return (
            surface_slope(z, tck, x, y, dx + 1, dy) * beside(x_dot, x, z)
            + surface_slope(z, tck, x, y, dx, dy + 1) * y_dot
        )

    def vjp(z_bar):
        return (
            unbroadcast(at_each(z_bar * surface_slope(z, tck, x, y, dx + 1, dy), x), x),
            unbroadcast(z_bar * surface_slope(z, tck, x, y, dx, dy + 1), y),
        )

    return jvp, vjp


def _slope_on(rng):
    return (np.zeros((3, 2)), _SURFACE, np.sort(rng.uniform(0.5, 3, 3)), np.sort(rng.uniform(0.5, 4, 2)), 1, 0), {}


def _slope_at(rng):
    return (np.zeros(3), _SURFACE, rng.uniform(0.5, 3, 3), rng.uniform(0.5, 4, 3), 0, 1, False), {}


@rule(
    surface_slope,
    kind="unknown",
    of=("x", "y"),
    inactive=("z", "dx", "dy"),
    cases=(_slope_on, _slope_at),
)
def surface_slope_rule(s, z, surface, x, y, dx=0, dy=0, grid=True):
    def jvp(x_dot, y_dot):
        return (
            surface_slope(z, surface, x, y, dx + 1, dy, grid) * (beside(x_dot, x, z) if grid else x_dot)
            + surface_slope(z, surface, x, y, dx, dy + 1, grid) * y_dot
        )

    def vjp(s_bar):
        return (
            unbroadcast(
                at_each(s_bar * surface_slope(z, surface, x, y, dx + 1, dy, grid), x)
                if grid
                else s_bar * surface_slope(z, surface, x, y, dx + 1, dy, grid),
                x,
            ),
            unbroadcast(s_bar * surface_slope(z, surface, x, y, dx, dy + 1, grid), y),
        )

    return jvp, vjp


_PIECES = interpolate.CubicSpline([0.0, 0.4, 1.0, 1.3, 2.0], [1.0, 0.3, -0.5, 0.8, 1.1])
_BASIS = interpolate.BSpline(*_CUBIC)
_SMOOTH = interpolate.UnivariateSpline([0.0, 0.4, 1.0, 1.3, 2.0, 2.5], [1.0, 0.3, -0.5, 0.8, 1.1, 0.9], s=0.1)
_FACETS = interpolate.RectBivariateSpline(np.arange(5.0), np.arange(6.0), np.sin(_X + 0.3 * _Y), kx=1, ky=1)
_SHEET = interpolate.RectBivariateSpline(np.arange(5.0), np.arange(6.0), np.sin(_X + 0.3 * _Y))


def _asked(spline):
    return (
        lambda rng: ((spline, float(rng.uniform(0.1, 2))), {}),
        lambda rng: ((spline, rng.uniform(0.1, 2, (2, 3)), 1), {}),
    )


@rule(
    interpolate.PPoly.__call__,
    kind="unknown",
    of=("x",),
    inactive=("nu",),
    cases=_asked(_PIECES),
)
def ppoly(y, self, x, nu=0, extrapolate=None):
    def jvp(x_dot):
        return interpolate.PPoly.__call__(self, x, nu + 1, extrapolate) * x_dot

    def vjp(y_bar):
        return y_bar * interpolate.PPoly.__call__(self, x, nu + 1, extrapolate)

    return jvp, vjp


@rule(
    interpolate.BSpline.__call__,
    kind="unknown",
    of=("x",),
    inactive=("nu",),
    cases=_asked(_BASIS),
)
def bspline(y, self, x, nu=0, extrapolate=None):
    def jvp(x_dot):
        return interpolate.BSpline.__call__(self, x, nu + 1, extrapolate) * x_dot

    def vjp(y_bar):
        return y_bar * interpolate.BSpline.__call__(self, x, nu + 1, extrapolate)

    return jvp, vjp


@rule(
    interpolate.UnivariateSpline.__call__,
    kind="unknown",
    of=("x",),
    inactive=("nu",),
    accepts={"ext": (None, 0, 1, 2)},
    cases=_asked(_SMOOTH),
)
def univariate(y, self, x, nu=0, ext=None):
    def jvp(x_dot):
        return interpolate.UnivariateSpline.__call__(self, x, nu + 1, ext) * x_dot

    def vjp(y_bar):
        return y_bar * interpolate.UnivariateSpline.__call__(self, x, nu + 1, ext)

    return jvp, vjp


def _on(spline, *options):
    return lambda rng: ((spline, np.sort(rng.uniform(0.5, 3, 3)), np.sort(rng.uniform(0.5, 4, 2)), *options), {})


def _at(spline, *options):
    return lambda rng: ((spline, float(rng.uniform(0.5, 3)), float(rng.uniform(0.5, 4)), *options), {})


def _beside(spline):
    return lambda rng: ((spline, rng.uniform(0.5, 3, 3), rng.uniform(0.5, 4, 3), 0, 1, False), {})


@rule(
    interpolate.BivariateSpline.__call__,
    kind="unknown",
    of=("x", "y"),
    inactive=("dx", "dy"),
    accepts={"grid": (True, False)},
    cases=(
        _at(_SHEET), _on(_SHEET), _on(_SHEET, 1, 0), _on(_FACETS), _at(_SHEET, 0, 0, False), _beside(_SHEET),
    ),
)  # fmt: skip
def bivariate(z, self, x, y, dx=0, dy=0, grid=True):
    """Of a grid, if only of one point; or of points, each with its two coordinates."""

    def jvp(x_dot, y_dot):
        return (
            surface_slope(z, self, x, y, dx + 1, dy, grid) * (beside(x_dot, x, z) if grid else x_dot)
            + surface_slope(z, self, x, y, dx, dy + 1, grid) * y_dot
        )

    def vjp(z_bar):
        return (
            unbroadcast(
                at_each(z_bar * surface_slope(z, self, x, y, dx + 1, dy, grid), x)
                if grid
                else z_bar * surface_slope(z, self, x, y, dx + 1, dy, grid),
                x,
            ),
            unbroadcast(z_bar * surface_slope(z, self, x, y, dx, dy + 1, grid), y),
        )

    return jvp, vjp


_LINE = interpolate.interp1d([0.0, 0.4, 1.0, 1.3, 2.0], [1.0, 0.3, -0.5, 0.8, 1.1], fill_value=2.0, bounds_error=False)
_ON = interpolate.interp1d([0.0, 0.4, 1.0, 1.3, 2.0], [1.0, 0.3, -0.5, 0.8, 1.1], "cubic", fill_value="extrapolate")
_NEXT = interpolate.interp1d([0.0, 0.4, 1.0, 1.3, 2.0], [1.0, 0.3, -0.5, 0.8, 1.1], "next")


def _between(f, low=0.1, high=1.9):
    return lambda rng: ((f, rng.uniform(low, high, (2, 3))), {})


@rule(
    interpolate.interp1d.__call__,
    kind="unknown",
    of=("x",),
    cases=(_between(_LINE), _between(_LINE, 2.1, 3), _between(_ON, -1, 3), _between(_NEXT)),
)
def line(y, self, x):
    """Of values of one axis; each kind as ``interpolated_slope`` knows it."""

    def jvp(x_dot):
        return interpolated_slope(self, x) * x_dot

    def vjp(y_bar):
        return y_bar * interpolated_slope(self, x)

    return jvp, vjp


@rule(
    interpolated_slope,
    kind="unknown",
    of=("x",),
    inactive=("nu",),
    cases=(_between(_ON), _between(_LINE)),
)
def interpolated_slope_rule(s, f, x, nu=1):
    def jvp(x_dot):
        return interpolated_slope(f, x, nu + 1) * x_dot

    def vjp(s_bar):
        return s_bar * interpolated_slope(f, x, nu + 1)

    return jvp, vjp
