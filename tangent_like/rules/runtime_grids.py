"""SciPy's interpolation in boxes and densities from samples, where ``specialize.grids`` has put calls for objects."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_most, constant, definition, rule
from tangent_like.runtime import (
    bell_width,
    box_places,
    box_steps,
    density,
    density_of_width,
    fitted_spline,
    in_box,
    in_boxes,
    in_boxes_or,
    interpolating_spline,
    log_density,
    log_density_of_width,
    mapped,
    spline_weights,
)

_POINTS = (np.arange(3.0), np.array([0.0, 1.0, 2.5, 4.0]))
_FEW = (np.array([0.0, 1.0, 2.5, 4.0]),)


def _within(rng):
    return (_POINTS, rng.normal(size=(3, 4)), rng.uniform(0.1, 1.9, (5, 2))), {}


def _on_a_line(rng):
    return (_FEW, rng.normal(size=4), rng.uniform(0.1, 3.9, (2, 3, 1))), {}


def _beyond(rng):
    return (_POINTS, rng.normal(size=(3, 4)), 0.5, rng.uniform(0.1, 3.9, (5, 2))), {}


@definition(in_boxes, of=("values", "places"), cases=(_within, _on_a_line))
def lines_in_boxes(points, values, places):
    return mapped(values, box_places(points, places), "nearest")


@definition(in_boxes_or, of=("values", "fill", "places"), cases=(_beyond,))
def lines_in_boxes_or(points, values, fill, places):
    return np.where(
        in_box(points, places),
        mapped(values, box_places(points, places), "nearest"),
        fill,
    )


stays = constant(box_steps, in_box, bell_width, reason="piecewise constant", kind="unknown")


def _places(rng):
    return (_POINTS, rng.uniform(0.1, 1.9, (5, 2))), {}


@rule(box_places, kind="unknown", of=("places",), cases=(_places,))
def box_places_rule(y, points, places):
    def jvp(places_dot):
        return np.moveaxis(np.atleast_2d(places_dot * box_steps(points, places)), -1, 0)

    def vjp(y_bar):
        return np.reshape(np.moveaxis(y_bar, 0, -1), np.shape(places)) * box_steps(points, places)

    return jvp, vjp


_SAMPLES = (
    case(draw(5), draw(5), None, draw(3)),
    case(draw(4), draw(4), "silverman", draw()),
)


@at_most(sample=1, first=1, places=1)
@definition(density, of=("sample", "first", "places"), accepts={"rule": (None, "scott", "silverman")}, cases=_SAMPLES)
def bells(sample, first, rule, places):
    return np.mean(
        np.exp(
            -0.5
            * (
                (np.expand_dims(np.atleast_1d(places), 1) - sample)
                / (np.std(first, ddof=1) * bell_width(len(first), rule))
            )
            ** 2
        ),
        axis=1,
    ) / (math.sqrt(2 * math.pi) * bell_width(len(first), rule) * np.std(first, ddof=1))


@at_most(sample=1, first=1, places=1)
@definition(
    log_density, of=("sample", "first", "places"), accepts={"rule": (None, "scott", "silverman")}, cases=_SAMPLES
)
def log_of_bells(sample, first, rule, places):
    return np.logaddexp.reduce(
        -0.5
        * (
            (np.expand_dims(np.atleast_1d(places), 1) - sample)
            / (np.std(first, ddof=1) * bell_width(len(first), rule))
        )
        ** 2,
        axis=1,
    ) - np.log(len(sample) * math.sqrt(2 * math.pi) * bell_width(len(first), rule) * np.std(first, ddof=1))


_WIDTHS = (
    case(draw(5), draw(5), draw(low=0.3, high=1.5), draw(3)),
    case(draw(4), draw(4), draw(low=0.3, high=1.5), draw()),
)


@at_most(sample=1, first=1, places=1)
@definition(density_of_width, of=("sample", "first", "width", "places"), cases=_WIDTHS)
def bells_of_width(sample, first, width, places):
    return np.mean(
        np.exp(-0.5 * ((np.expand_dims(np.atleast_1d(places), 1) - sample) / (np.std(first, ddof=1) * width)) ** 2),
        axis=1,
    ) / (math.sqrt(2 * math.pi) * width * np.std(first, ddof=1))


@at_most(sample=1, first=1, places=1)
@definition(log_density_of_width, of=("sample", "first", "width", "places"), cases=_WIDTHS)
def log_of_bells_of_width(sample, first, width, places):
    return np.logaddexp.reduce(
        -0.5 * ((np.expand_dims(np.atleast_1d(places), 1) - sample) / (np.std(first, ddof=1) * width)) ** 2, axis=1
    ) - np.log(len(sample) * math.sqrt(2 * math.pi) * width * np.std(first, ddof=1))


_X = np.array([0.0, 0.4, 1.0, 1.3, 2.0])


def _fitted(rng):
    return (_X, rng.normal(size=5), rng.uniform(0, 2, 3)), {}


def _line(rng):
    return (_X, rng.normal(size=5), float(rng.uniform(0, 2)), 1, 3), {}


@rule(fitted_spline, kind="unknown", of=("y", "t"), inactive=("nu", "k"), cases=(_fitted, _line))
def fitted_spline_rule(z, x, y, t, nu=0, k=3):
    def jvp(y_dot, t_dot):
        return interpolating_spline(x, y_dot, t, nu, k) + interpolating_spline(x, y, t, nu + 1, k) * t_dot

    def vjp(z_bar):
        return (
            np.tensordot(z_bar, spline_weights(x, y, t, nu, k), np.ndim(t)),
            z_bar * interpolating_spline(x, y, t, nu + 1, k),
        )

    return jvp, vjp
