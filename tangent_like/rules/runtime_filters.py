"""The helpers of filters with a border: each is the transpose of the other."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import constant, linear, rule
from tangent_like.runtime import (
    analytic_weights,
    bordered,
    filtered_twice,
    laplace_weights,
    mapped,
    mapped_bends,
    mapped_slopes,
    sobel_weights,
    turned_places,
    unbordered,
    unfiltfilt,
    unmapped,
    unmapped_slopes,
)

weights = constant(laplace_weights, sobel_weights, reason="its result is made of whole numbers", kind="unknown")


@linear(
    bordered,
    kind="same_rank",
    inactive=("weights",),
    cases=(
        case(draw(4, 5), np.zeros((2, 3))),
        case(draw(5), np.zeros(4), "nearest", True),
        case(draw(5), np.zeros(3), "constant"),
    ),
)
def with_border(y_bar, y, x, weights, mode="reflect", turned=False):
    return unbordered(y_bar, x, weights, mode, turned)


@linear(
    unbordered,
    kind="like_x",
    of=("y_bar",),
    inactive=("x", "weights"),
    cases=(case(draw(5, 7), np.zeros((4, 5)), np.zeros((2, 3))), case(draw(8), np.zeros(5), np.zeros(4), "wrap", True)),
)
def without_border(z_bar, z, y_bar, x, weights, mode="reflect", turned=False):
    return bordered(z_bar, weights, mode, turned)


analytic = constant(analytic_weights, reason="its result is made of whole numbers", kind="unknown")
_PLACES = np.array([[0.2, 1.7, 2.3, -0.4], [1.6, 0.3, 1.9, 0.5]])


@rule(
    unmapped,
    kind="like_x",
    of=("y_bar", "coordinates"),
    inactive=("x",),
    cases=(case(draw(4), np.zeros((3, 3)), _PLACES), case(draw(4), np.zeros((3, 3)), _PLACES, "nearest")),
)
def unmapped_rule(z, y_bar, x, coordinates, mode="constant"):
    def jvp(y_dot, coordinates_dot):
        return unmapped(y_dot, x, coordinates, mode) + unmapped_slopes(y_bar * coordinates_dot, x, coordinates, mode)

    def vjp(z_bar):
        return mapped(z_bar, coordinates, mode), y_bar * mapped_slopes(z_bar, coordinates, mode)

    return jvp, vjp


@rule(
    mapped,
    kind="unknown",
    of=("x", "coordinates"),
    accepts={"mode": ("constant", "nearest")},
    cases=(case(draw(3, 3), _PLACES), case(draw(3, 3), _PLACES, "nearest"), case(draw(4), np.array([[0.3, 2.2]]))),
)
def mapped_rule(z, x, coordinates, mode="constant"):
    def jvp(x_dot, coordinates_dot):
        return mapped(x_dot, coordinates, mode) + np.sum(mapped_slopes(x, coordinates, mode) * coordinates_dot, axis=0)

    def vjp(z_bar):
        return unmapped(z_bar, x, coordinates, mode), z_bar * mapped_slopes(x, coordinates, mode)

    return jvp, vjp


@rule(
    mapped_slopes,
    kind="unknown",
    of=("x", "coordinates"),
    accepts={"mode": ("constant", "nearest")},
    cases=(case(draw(3, 3), _PLACES), case(draw(3, 3), _PLACES, "nearest"), case(draw(4), np.array([[0.3, 2.2]]))),
)
def mapped_slopes_rule(s, x, coordinates, mode="constant"):
    def jvp(x_dot, coordinates_dot):
        return mapped_slopes(x_dot, coordinates, mode) + np.sum(
            mapped_bends(x, coordinates, mode) * coordinates_dot, axis=1
        )

    def vjp(s_bar):
        return unmapped_slopes(s_bar, x, coordinates, mode), np.sum(
            mapped_bends(x, coordinates, mode) * s_bar, axis=1
        )

    return jvp, vjp


@linear(
    unmapped_slopes,
    kind="like_x",
    of=("s_bar",),
    inactive=("x",),
    cases=(case(draw(2, 4), np.zeros((3, 3)), _PLACES), case(draw(2, 4), np.zeros((3, 3)), _PLACES, "nearest")),
)
def unmapped_slopes_rule(z_bar, z, s_bar, x, coordinates, mode="constant"):
    return mapped_slopes(z_bar, coordinates, mode)


@linear(
    filtered_twice,
    kind="unknown",
    of=("x",),
    cases=(case(np.array([0.2, 0.3]), np.array([1.0, -0.2]), draw(20)),),
)
def filtered_twice_rule(z_bar, z, b, a, x, axis=-1, padtype="odd", padlen=None):
    return unfiltfilt(z_bar, b, a, x, axis, padtype, padlen)


@linear(
    unfiltfilt,
    kind="like_y",
    of=("y_bar",),
    inactive=("x",),
    cases=(case(draw(20), np.array([0.2, 0.3]), np.array([1.0, -0.2]), np.zeros(20)),),
)
def unfiltfilt_rule(z_bar, z, y_bar, b, a, x, axis=-1, padtype="odd", padlen=None):
    return filtered_twice(b, a, z_bar, axis, padtype, padlen)


@rule(
    turned_places,
    kind="unknown",
    of=("angle",),
    inactive=("rows", "columns"),
    cases=(case(4, 3, draw(low=31.0, high=33.0)), case(3, 5, draw(low=31.0, high=33.0), False)),
)
def turned_places_rule(places, rows, columns, angle, reshape=True, quarters=0):
    def jvp(angle_dot):
        return turned_places(rows, columns, angle, reshape, quarters + 1) * (math.pi / 180 * angle_dot)

    def vjp(places_bar):
        return math.pi / 180 * np.sum(places_bar * turned_places(rows, columns, angle, reshape, quarters + 1))

    return jvp, vjp
