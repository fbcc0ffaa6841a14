"""Splines by the values that they go through, by their slopes there, and by where they are read."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import linear, rule
from tangent_like.runtime import (
    at_each,
    basis_spline,
    basis_weights,
    beside,
    cubic_spline,
    hermite_spline,
    interpolating_spline,
    knot_weights,
    slope_weights,
    spline_integral,
    spline_slope,
    spline_weights,
    spread,
    uncubic_spline,
    value_weights,
)

_ENDS = {"bc_type": ("not-a-knot", "natural", "clamped", "periodic")}
_OPEN = {"bc_type": ("not-a-knot", "natural", "clamped")}
_X = np.array([0.0, 0.4, 1.0, 1.3, 2.0])


def _spline(rng):
    return (_X, rng.normal(size=5), rng.uniform(0, 2, 3)), {}


def _second(rng):
    return (_X, rng.normal(size=5), float(rng.uniform(0, 2)), 1, "natural"), {}


def _several(rng):
    return (_X, rng.normal(size=(5, 2)), rng.uniform(0, 2, 3)), {}


def _several_there(rng):
    return (_X, rng.normal(size=(5, 2, 3)), float(rng.uniform(0, 2)), 1), {}


def _clamped(rng):
    return (_X, rng.normal(size=5), rng.uniform(0, 2, (2, 3)), 0, "clamped"), {}


def _of_three(rng):
    return (_X[:3].copy(), rng.normal(size=3), float(rng.uniform(0, 1))), {}


def _several_back(rng):
    return (rng.normal(size=(3, 2)), _X, np.zeros((5, 2)), rng.uniform(0, 2, 3)), {}


def _back(rng):
    return (rng.normal(size=3), _X, np.zeros(5), rng.uniform(0, 2, 3)), {}


@rule(
    cubic_spline,
    kind="unknown",
    of=("x", "y", "t"),
    accepts=_ENDS,
    cases=(_spline, _second, _several, _several_there, _clamped, _of_three),
)
def cubic_spline_rule(z, x, y, t, nu=0, bc_type="not-a-knot"):
    def jvp(x_dot, y_dot, t_dot):
        return (
            knot_weights(x, y, t, nu, bc_type) @ x_dot
            + cubic_spline(x, y_dot, t, nu, bc_type)
            + cubic_spline(x, y, t, nu + 1, bc_type) * (t_dot if np.ndim(y) == 1 else beside(t_dot, t, z))
        )

    def vjp(z_bar):
        return (
            np.tensordot(z_bar, knot_weights(x, y, t, nu, bc_type), np.ndim(z_bar)),
            uncubic_spline(z_bar, x, y, t, nu, bc_type),
            (
                z_bar * cubic_spline(x, y, t, nu + 1, bc_type)
                if np.ndim(y) == 1
                else at_each(z_bar * cubic_spline(x, y, t, nu + 1, bc_type), t)
            ),
        )

    return jvp, vjp


@rule(uncubic_spline, kind="like_y", of=("z_bar", "t"), inactive=("y",), accepts=_ENDS, cases=(_back, _several_back))
def uncubic_spline_rule(w, z_bar, x, y, t, nu=0, bc_type="not-a-knot"):
    def jvp(z_dot, t_dot):
        return uncubic_spline(z_dot, x, y, t, nu, bc_type) + uncubic_spline(
            z_bar * (t_dot if np.ndim(y) == 1 else beside(t_dot, t, z_bar)), x, y, t, nu + 1, bc_type
        )

    def vjp(w_bar):
        return cubic_spline(x, w_bar, t, nu, bc_type), (
            z_bar * cubic_spline(x, w_bar, t, nu + 1, bc_type)
            if np.ndim(y) == 1
            else at_each(z_bar * cubic_spline(x, w_bar, t, nu + 1, bc_type), t)
        )

    return jvp, vjp


@rule(
    knot_weights,
    kind="unknown",
    of=("t",),
    inactive=("nu", "bc_type"),
    cases=(_spline, _several_there),
)
def knot_weights_rule(w, x, y, t, nu=0, bc_type="not-a-knot"):
    def jvp(t_dot):
        return knot_weights(x, y, t, nu + 1, bc_type) * beside(t_dot, t, w)

    def vjp(w_bar):
        return at_each(w_bar * knot_weights(x, y, t, nu + 1, bc_type), t)

    return jvp, vjp


def _whole(rng):
    return (_X, rng.normal(size=5), float(rng.uniform(0, 1)), float(rng.uniform(1, 2))), {}


@rule(spline_integral, kind="scalar", of=("x", "y", "a", "b"), accepts=_OPEN, cases=(_whole,))
def spline_integral_rule(z, x, y, a, b, bc_type="not-a-knot"):
    def jvp(x_dot, y_dot, a_dot, b_dot):
        return (
            (knot_weights(x, y, b, -1, bc_type) - knot_weights(x, y, a, -1, bc_type)) @ x_dot
            + spline_integral(x, y_dot, a, b, bc_type)
            - cubic_spline(x, y, a, 0, bc_type) * a_dot
            + cubic_spline(x, y, b, 0, bc_type) * b_dot
        )

    def vjp(z_bar):
        return (
            z_bar * (knot_weights(x, y, b, -1, bc_type) - knot_weights(x, y, a, -1, bc_type)),
            uncubic_spline(z_bar, x, y, b, -1, bc_type) - uncubic_spline(z_bar, x, y, a, -1, bc_type),
            -z_bar * cubic_spline(x, y, a, 0, bc_type),
            z_bar * cubic_spline(x, y, b, 0, bc_type),
        )

    return jvp, vjp


@rule(spline_slope, kind="unknown", of=("x", "y", "t"), accepts=_ENDS, cases=(_spline, _several))
def spline_slope_rule(z, x, y, t, order=1, bc_type="not-a-knot"):
    def jvp(x_dot, y_dot, t_dot):
        return (
            knot_weights(x, y, t, order, bc_type) @ x_dot
            + spline_slope(x, y_dot, t, order, bc_type)
            + cubic_spline(x, y, t, order + 1, bc_type) * (t_dot if np.ndim(y) == 1 else beside(t_dot, t, z))
        )

    def vjp(z_bar):
        return (
            np.tensordot(z_bar, knot_weights(x, y, t, order, bc_type), np.ndim(z_bar)),
            uncubic_spline(z_bar, x, y, t, order, bc_type),
            (
                z_bar * cubic_spline(x, y, t, order + 1, bc_type)
                if np.ndim(y) == 1
                else at_each(z_bar * cubic_spline(x, y, t, order + 1, bc_type), t)
            ),
        )

    return jvp, vjp


def _given_slopes(rng):
    return (_X, rng.normal(size=5), rng.normal(size=5), rng.uniform(-0.5, 2.5, (2, 3))), {}


def _slope_there(rng):
    return (_X, rng.normal(size=5), rng.normal(size=5), float(rng.uniform(0, 2)), 1, False), {}


@rule(
    hermite_spline,
    kind="unknown",
    of=("y", "slopes", "t"),
    inactive=("nu", "beyond"),
    cases=(_given_slopes, _slope_there),
)
def hermite_spline_rule(z, x, y, slopes, t, nu=0, beyond=True):
    def jvp(y_dot, slopes_dot, t_dot):
        return (
            hermite_spline(x, y_dot, np.zeros_like(y), t, nu, beyond)
            + hermite_spline(x, np.zeros_like(y), slopes_dot, t, nu, beyond)
            + hermite_spline(x, y, slopes, t, nu + 1, beyond) * t_dot
        )

    def vjp(z_bar):
        return (
            np.tensordot(z_bar, value_weights(x, y, t, nu, beyond), np.ndim(t)),
            np.tensordot(z_bar, slope_weights(x, y, t, nu, beyond), np.ndim(t)),
            z_bar * hermite_spline(x, y, slopes, t, nu + 1, beyond),
        )

    return jvp, vjp


def _weighed(rng):
    return (_X, np.zeros(5), rng.uniform(0, 2, 3)), {}


@rule(value_weights, kind="unknown", of=("t",), inactive=("y", "nu", "beyond"), cases=(_weighed,))
def value_weights_rule(w, x, y, t, nu=0, beyond=True):
    def jvp(t_dot):
        return np.expand_dims(t_dot, -1) * value_weights(x, y, t, nu + 1, beyond)

    def vjp(w_bar):
        return np.sum(w_bar * value_weights(x, y, t, nu + 1, beyond), axis=-1)

    return jvp, vjp


@rule(slope_weights, kind="unknown", of=("t",), inactive=("y", "nu", "beyond"), cases=(_weighed,))
def slope_weights_rule(w, x, y, t, nu=0, beyond=True):
    def jvp(t_dot):
        return np.expand_dims(t_dot, -1) * slope_weights(x, y, t, nu + 1, beyond)

    def vjp(w_bar):
        return np.sum(w_bar * slope_weights(x, y, t, nu + 1, beyond), axis=-1)

    return jvp, vjp


def _quintic(rng):
    return (np.arange(7.0), rng.normal(size=7), float(rng.uniform(0, 5)), 2, 5), {}


def _natural(rng):
    return (_X, rng.normal(size=5), rng.uniform(0, 2, 3), 0, 3, "natural"), {}


@rule(
    interpolating_spline,
    kind="unknown",
    of=("y", "t"),
    inactive=("nu", "k", "bc_type"),
    cases=(_spline, _quintic, _natural),
)
def interpolating_spline_rule(z, x, y, t, nu=0, k=3, bc_type=None):
    def jvp(y_dot, t_dot):
        return (
            interpolating_spline(x, y_dot, t, nu, k, bc_type)
            + interpolating_spline(x, y, t, nu + 1, k, bc_type) * t_dot
        )

    def vjp(z_bar):
        return (
            np.tensordot(z_bar, spline_weights(x, y, t, nu, k, bc_type), np.ndim(t)),
            z_bar * interpolating_spline(x, y, t, nu + 1, k, bc_type),
        )

    return jvp, vjp


@rule(spline_weights, kind="unknown", of=("t",), inactive=("y", "nu", "k", "bc_type"), cases=(_weighed,))
def spline_weights_rule(w, x, y, t, nu=0, k=3, bc_type=None):
    def jvp(t_dot):
        return np.expand_dims(t_dot, -1) * spline_weights(x, y, t, nu + 1, k, bc_type)

    def vjp(w_bar):
        return np.sum(w_bar * spline_weights(x, y, t, nu + 1, k, bc_type), axis=-1)

    return jvp, vjp


_KNOTS = np.array([0.0, 0.0, 0.0, 0.0, 0.7, 1.3, 2.0, 2.0, 2.0, 2.0])


def _basis(rng):
    return (_KNOTS, rng.normal(size=6), 3, rng.uniform(0.1, 1.9, (2, 3))), {}


def _basis_slope(rng):
    return (_KNOTS, rng.normal(size=6), 3, float(rng.uniform(0.1, 1.9)), 1), {}


def _basis_of_lines(rng):
    return (np.array([0.0, 0.0, 0.9, 2.0, 2.0]), rng.normal(size=3), 1, rng.uniform(1.0, 1.9, 3)), {}


@rule(
    basis_spline,
    kind="unknown",
    of=("c", "x"),
    inactive=("k", "nu"),
    cases=(_basis, _basis_slope, _basis_of_lines),
)
def basis_spline_rule(z, t, c, k, x, nu=0):
    def jvp(c_dot, x_dot):
        return basis_spline(t, c_dot, k, x, nu) + basis_spline(t, c, k, x, nu + 1) * x_dot

    def vjp(z_bar):
        return (
            np.tensordot(z_bar, basis_weights(t, c, k, x, nu), np.ndim(x)),
            z_bar * basis_spline(t, c, k, x, nu + 1),
        )

    return jvp, vjp


@rule(basis_weights, kind="unknown", of=("x",), inactive=("c", "k", "nu"), cases=(_basis, _basis_slope))
def basis_weights_rule(w, t, c, k, x, nu=0):
    def jvp(x_dot):
        return np.expand_dims(x_dot, -1) * basis_weights(t, c, k, x, nu + 1)

    def vjp(w_bar):
        return np.sum(w_bar * basis_weights(t, c, k, x, nu + 1), axis=-1)

    return jvp, vjp


@linear(beside, kind="unknown", of=("t_dot",), inactive=("t", "z"), cases=(case(draw(3), draw(3), draw(3, 2)),))
def beside_rule(w_bar, w, t_dot, t, z):
    return np.reshape(w_bar, np.shape(t_dot))


@linear(at_each, kind="unknown", of=("z_bar",), inactive=("t",), cases=(case(draw(3, 2), draw(3)), case(draw(2), 0.5)))
def at_each_rule(w_bar, w, z_bar, t):
    return spread(w_bar, z_bar, tuple(range(np.ndim(t), np.ndim(z_bar))))
