"""Cubic splines by the values that they go through, and by where they are read."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.rule import rule
from tangent_like.runtime import cubic_spline, spline_integral, spline_slope, uncubic_spline

_ENDS = {"bc_type": ("not-a-knot", "natural", "clamped")}
_X = np.array([0.0, 0.4, 1.0, 1.3, 2.0])


def _spline(rng):
    return (_X, rng.normal(size=5), rng.uniform(0, 2, 3)), {}


def _second(rng):
    return (_X, rng.normal(size=5), float(rng.uniform(0, 2)), 1, "natural"), {}


def _back(rng):
    return (rng.normal(size=3), _X, np.zeros(5), rng.uniform(0, 2, 3)), {}


@rule(cubic_spline, kind="unknown", of=("y", "t"), accepts=_ENDS, cases=(_spline, _second))
def cubic_spline_rule(z, x, y, t, nu=0, bc_type="not-a-knot"):
    def jvp(y_dot, t_dot):
        return cubic_spline(x, y_dot, t, nu, bc_type) + cubic_spline(x, y, t, nu + 1, bc_type) * t_dot

    def vjp(z_bar):
        return uncubic_spline(z_bar, x, y, t, nu, bc_type), z_bar * cubic_spline(x, y, t, nu + 1, bc_type)

    return jvp, vjp


@rule(uncubic_spline, kind="like_y", of=("z_bar", "t"), inactive=("y",), accepts=_ENDS, cases=(_back,))
def uncubic_spline_rule(w, z_bar, x, y, t, nu=0, bc_type="not-a-knot"):
    def jvp(z_dot, t_dot):
        return uncubic_spline(z_dot, x, y, t, nu, bc_type) + uncubic_spline(z_bar * t_dot, x, y, t, nu + 1, bc_type)

    def vjp(w_bar):
        return cubic_spline(x, w_bar, t, nu, bc_type), z_bar * cubic_spline(x, w_bar, t, nu + 1, bc_type)

    return jvp, vjp


def _whole(rng):
    return (_X, rng.normal(size=5), float(rng.uniform(0, 1)), float(rng.uniform(1, 2))), {}


@rule(spline_integral, kind="scalar", of=("y", "a", "b"), accepts=_ENDS, cases=(_whole,))
def spline_integral_rule(z, x, y, a, b, bc_type="not-a-knot"):
    def jvp(y_dot, a_dot, b_dot):
        return (
            spline_integral(x, y_dot, a, b, bc_type)
            - cubic_spline(x, y, a, 0, bc_type) * a_dot
            + cubic_spline(x, y, b, 0, bc_type) * b_dot
        )

    def vjp(z_bar):
        return (
            uncubic_spline(z_bar, x, y, b, -1, bc_type) - uncubic_spline(z_bar, x, y, a, -1, bc_type),
            -z_bar * cubic_spline(x, y, a, 0, bc_type),
            z_bar * cubic_spline(x, y, b, 0, bc_type),
        )

    return jvp, vjp


@rule(spline_slope, kind="unknown", of=("y", "t"), accepts=_ENDS, cases=(_spline,))
def spline_slope_rule(z, x, y, t, order=1, bc_type="not-a-knot"):
    def jvp(y_dot, t_dot):
        return spline_slope(x, y_dot, t, order, bc_type) + cubic_spline(x, y, t, order + 1, bc_type) * t_dot

    def vjp(z_bar):
        return uncubic_spline(z_bar, x, y, t, order, bc_type), z_bar * cubic_spline(x, y, t, order + 1, bc_type)

    return jvp, vjp
