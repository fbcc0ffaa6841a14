"""The helpers of filters that take entries out of windows, and of zooms: each is the transpose of the other."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import linear, rule
from tangent_like.runtime import picked, put_along, unbroadcast, unpicked, unzoomed, zoomed

_SEEN = np.array([0.3, -0.2, 0.9, 0.1])
_GREATEST = np.array([0.3, 0.9, 0.9, 0.9])


@rule(
    picked,
    kind="like_x",
    of=("v",),
    inactive=("x", "y"),
    cases=(case(draw(4), _SEEN, _GREATEST, 3), case(draw(4), _SEEN, _GREATEST, 3, None, "constant", 0)),
)
def picked_rule(z, v, x, y, size, footprint=None, mode="reflect", axis=None, turned=False):
    """Which entry is taken jumps, or stays."""

    def jvp(v_dot):
        return picked(v_dot, x, y, size, footprint, mode, axis, turned)

    def vjp(z_bar):
        return unpicked(z_bar, x, y, size, footprint, mode, axis, turned)

    return jvp, vjp


@rule(
    unpicked,
    kind="like_x",
    of=("y_bar",),
    inactive=("x", "y"),
    cases=(case(draw(4), _SEEN, _GREATEST, 3), case(draw(4), _SEEN, _GREATEST, 3, None, "constant", 0)),
)
def unpicked_rule(z, y_bar, x, y, size, footprint=None, mode="reflect", axis=None, turned=False):
    def jvp(y_dot):
        return unpicked(y_dot, x, y, size, footprint, mode, axis, turned)

    def vjp(z_bar):
        return picked(z_bar, x, y, size, footprint, mode, axis, turned)

    return jvp, vjp


@rule(zoomed, kind="unknown", of=("x",), cases=(case(draw(4), 2.0), case(draw(3, 4), (2, 1.5), 1, "nearest")))
def zoomed_rule(y, x, zoom, order=3, mode="constant", prefilter=True, grid_mode=False):
    def jvp(x_dot):
        return zoomed(x_dot, zoom, order, mode, prefilter, grid_mode)

    def vjp(y_bar):
        return unzoomed(y_bar, x, zoom, order, mode, prefilter, grid_mode)

    return jvp, vjp


@rule(unzoomed, kind="like_x", of=("y_bar",), inactive=("x",), cases=(case(draw(8), np.zeros(4), 2.0),))
def unzoomed_rule(z, y_bar, x, zoom, order=3, mode="constant", prefilter=True, grid_mode=False):
    def jvp(y_dot):
        return unzoomed(y_dot, x, zoom, order, mode, prefilter, grid_mode)

    def vjp(z_bar):
        return zoomed(z_bar, zoom, order, mode, prefilter, grid_mode)

    return jvp, vjp


@linear(
    put_along,
    kind="first",
    of=("a", "values"),
    inactive=("indices",),
    cases=(
        case(draw(3, 4), np.array([[1, 3], [0, 2], [2, -1]]), draw(3, 2), 1),
        case(draw(3, 4), np.array([[1], [0], [2]]), draw(), -1),
        case(draw(3, 4), np.array([[1, 0, 2, 0]]), draw(4), 0),
        case(draw(3, 4), np.array([5, 0]), draw(2), None),
    ),
)
def put_along_rule(z_bar, z, a, indices, values, axis):
    return (
        put_along(z_bar, indices, 0.0, axis),
        unbroadcast(np.take_along_axis(z_bar, indices, axis), values),
    )
