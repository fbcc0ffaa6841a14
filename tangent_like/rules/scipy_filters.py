"""``scipy.ndimage``: filters with any border, and by their weights.

A filter is a product of windows with weights, over the array with its border. So its adjoint is the full product of the
other kind, of which what falls on the border goes to the entries that the border repeats.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import ndimage, signal

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_least, at_most, definition, rule
from tangent_like.runtime import (
    bordered,
    laplace_weights,
    mapped,
    mapped_slopes,
    sobel_weights,
    unbordered,
    unmapped,
)

_MODES = ("reflect", "mirror", "nearest", "wrap", "constant")
_FILTER = {"mode": _MODES, "cval": (0, 0.0), "origin": (0,), "output": (None,), "axes": (None,)}
_CASES = (
    case(draw(6), draw(3)),
    case(draw(6), draw(4)),
    case(draw(5, 6), draw(3, 3)),
    case(draw(5, 6), draw(2, 3)),
    *(case(draw(5, 6), draw(3, 2), mode=mode) for mode in _MODES),
    *(case(draw(6), draw(4), mode=mode) for mode in _MODES),
)


@at_least(input=1)
@rule(ndimage.correlate, kind="first", of=("input", "weights"), accepts=_FILTER, cases=_CASES)
def correlate(y, input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    def jvp(input_dot, weights_dot):
        return ndimage.correlate(input_dot, weights, mode=mode) + ndimage.correlate(input, weights_dot, mode=mode)

    def vjp(y_bar):
        return (
            unbordered(signal.convolve(y_bar, weights, "full", "direct"), input, weights, mode),
            signal.correlate(bordered(input, weights, mode), y_bar, "valid", "direct"),
        )

    return jvp, vjp


@at_least(input=1)
@rule(ndimage.convolve, kind="first", of=("input", "weights"), accepts=_FILTER, cases=_CASES)
def convolve(y, input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    def jvp(input_dot, weights_dot):
        return ndimage.convolve(input_dot, weights, mode=mode) + ndimage.convolve(input, weights_dot, mode=mode)

    def vjp(y_bar):
        return (
            unbordered(signal.correlate(y_bar, weights, "full", "direct"), input, weights, mode, True),
            np.flip(signal.correlate(bordered(input, weights, mode, True), y_bar, "valid", "direct")),
        )

    return jvp, vjp


_ONE_AXIS = {"mode": _MODES, "cval": (0, 0.0), "origin": (0,), "output": (None,)}
_LINES = (
    case(draw(6), draw(3)),
    case(draw(4, 5), draw(4)),
    case(draw(4, 5), draw(3), 0),
    case(draw(3, 2, 4), draw(2), axis=1, mode="nearest"),
)


@definition(ndimage.correlate1d, of=("input", "weights"), accepts=_ONE_AXIS, cases=_LINES)
def correlate1d(input, weights, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return ndimage.correlate(
        input, np.moveaxis(np.reshape(weights, (1,) * (np.ndim(input) - 1) + (-1,)), -1, axis), mode=mode
    )


@definition(ndimage.convolve1d, of=("input", "weights"), accepts=_ONE_AXIS, cases=_LINES)
def convolve1d(input, weights, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return ndimage.convolve(
        input, np.moveaxis(np.reshape(weights, (1,) * (np.ndim(input) - 1) + (-1,)), -1, axis), mode=mode
    )


@definition(
    ndimage.uniform_filter1d,
    of=("input",),
    inactive=("size",),
    accepts=_ONE_AXIS,
    cases=(case(draw(6), 3), case(draw(4, 5), 2, axis=0)),
)
def uniform_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return ndimage.correlate1d(input, np.full(size, 1 / size), axis, mode=mode)


@at_least(input=1)
@at_most(size=0)
@definition(
    ndimage.uniform_filter,
    of=("input",),
    inactive=("size",),
    accepts=_FILTER,
    cases=(case(draw(6)), case(draw(4, 5), 2), case(draw(4, 5), size=3, mode="wrap")),
)
def uniform_filter(input, size=3, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    """Of one size along every axis."""
    return ndimage.correlate(
        input, np.full((size,) * np.ndim(input), 1 / size ** np.ndim(input)), mode=mode
    )


@at_least(input=1)
@definition(
    ndimage.uniform_filter,
    more=True,
    of=("input",),
    inactive=("size",),
    accepts=_FILTER,
    cases=(case(draw(4, 5), (3, 2)), case(draw(4, 5), size=[1, 3], mode="wrap")),
)
def uniform_filter_of_sizes(input, size, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    """Of a size along each axis."""
    return ndimage.correlate(input, np.full(size, 1 / np.prod(size)), mode=mode)


_STENCIL = {"mode": _MODES, "cval": (0, 0.0), "output": (None,)}
_IMAGES = (case(draw(6)), case(draw(4, 5)), case(draw(4, 5), mode="wrap"))


@at_least(input=1)
@definition(ndimage.laplace, accepts={**_STENCIL, "axes": (None,)}, cases=_IMAGES)
def laplace(input, output=None, mode="reflect", cval=0.0, *, axes=None):
    return ndimage.correlate(input, laplace_weights(np.ndim(input)), mode=mode)


@definition(
    ndimage.sobel, accepts=_STENCIL, cases=(*_IMAGES, case(draw(4, 5), axis=0), case(draw(3, 3, 4), 1))
)
def sobel(input, axis=-1, output=None, mode="reflect", cval=0.0):
    return ndimage.correlate(input, sobel_weights(np.ndim(input), axis), mode=mode)


_PLACES = np.array([[0.2, 1.7, 2.3, -0.4], [1.6, 0.3, 1.9, 0.5]])


@rule(
    ndimage.map_coordinates,
    kind="unknown",
    of=("input", "coordinates"),
    accepts={"output": (None,), "order": (1,), "mode": ("constant", "nearest"), "prefilter": (True, False)},
    cases=(
        case(draw(3, 3), _PLACES, order=1),
        case(draw(3, 3), _PLACES, order=1, mode="nearest"),
        case(draw(4), draw(1, 2, 2), order=1, cval=0.3),
        case(draw(3, 1, 2), draw(3, 4), order=1, mode="nearest"),
    ),
)
def map_coordinates(y, input, coordinates, output=None, *, order, mode="constant", cval=0.0, prefilter=True):
    """By lines between the entries, of which the slopes are constant in a cell."""

    def jvp(input_dot, coordinates_dot):
        return mapped(input_dot, coordinates, mode) + np.sum(
            mapped_slopes(input, coordinates, mode) * coordinates_dot, axis=0
        )

    def vjp(y_bar):
        return unmapped(y_bar, input, coordinates, mode), y_bar * mapped_slopes(input, coordinates, mode)

    return jvp, vjp
