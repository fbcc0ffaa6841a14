"""``scipy.ndimage``: Gaussian filters, and arrays that are moved.

A Gaussian is its own mirror image, and so it is its own transpose, where the border is zeros, the other end, or the
mirror image of the array.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import ndimage

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_most, definition, known, linear
from tangent_like.runtime import turned_places, ungaussian

_BORDERS = ("constant", "wrap")
_EVEN = {"order": (0,), "mode": ("reflect", *_BORDERS), "cval": (0, 0.0)}


@linear(
    ndimage.gaussian_filter,
    kind="first",
    of=("input",),
    accepts=_EVEN,
    cases=(
        case(draw(6), 1.3),
        case(draw(4, 5), [0.7, 1.5]),
        case(draw(4, 5), 0.8, mode="constant"),
        case(draw(5, 4), 0.8, mode="wrap", truncate=2.0),
        case(draw(4, 5), 0.8, radius=2, axes=1),
    ),
)
def gaussian_filter(y_bar, y, input, sigma, order=0, *, mode="reflect", cval=0.0, truncate=4.0, radius=None, axes=None):
    return ndimage.gaussian_filter(y_bar, sigma, mode=mode, truncate=truncate, radius=radius, axes=axes)


@linear(
    ndimage.gaussian_filter1d,
    kind="first",
    of=("input",),
    accepts=_EVEN,
    cases=(case(draw(6), 1.3), case(draw(4, 5), 0.7, axis=0), case(draw(4, 5), 0.8, mode="constant", radius=2)),
)
def gaussian_filter1d(
    y_bar, y, input, sigma, axis=-1, order=0, *, mode="reflect", cval=0.0, truncate=4.0, radius=None
):
    return ndimage.gaussian_filter1d(y_bar, sigma, axis, mode=mode, truncate=truncate, radius=radius)


_ANY = {"mode": ("reflect", "mirror", "nearest", "wrap", "constant"), "cval": (0, 0.0)}


@linear(
    ndimage.gaussian_filter,
    kind="first",
    more=True,
    of=("input",),
    accepts=_ANY,
    cases=(
        case(draw(6), 1.3, mode="nearest"),
        case(draw(4, 5), [0.7, 1.5], mode="mirror"),
        case(draw(4, 5), 0.8, 1),
        case(draw(4, 5), 0.8, (0, 2), mode="wrap"),
        case(draw(4, 5), 0.8, order=1, mode="constant", radius=2, axes=1),
    ),
)
def gaussian_filter_of_any(
    y_bar, y, input, sigma, order=0, *, mode="reflect", cval=0.0, truncate=4.0, radius=None, axes=None
):
    return ungaussian(y_bar, sigma, order, mode, truncate, radius, axes)


@linear(
    ndimage.gaussian_filter1d,
    kind="first",
    more=True,
    of=("input",),
    accepts=_ANY,
    cases=(
        case(draw(6), 1.3, mode="nearest"),
        case(draw(4, 5), 0.7, 0, 1),
        case(draw(4, 5), 0.8, order=2, mode="mirror", radius=2),
    ),
)
def gaussian_filter1d_of_any(
    y_bar, y, input, sigma, axis=-1, order=0, *, mode="reflect", cval=0.0, truncate=4.0, radius=None
):
    return ungaussian(y_bar, sigma, order, mode, truncate, radius, axis)


@linear(
    ungaussian,
    kind="first",
    of=("y_bar",),
    cases=(
        case(draw(6), 1.3, 0, "nearest", 4.0, None, None),
        case(draw(4, 5), 0.7, 1, "mirror", 4.0, None, 0),
        case(draw(4, 5), 0.7, (0, 1), "constant", 4.0, None, None),
    ),
)
def ungaussian_rule(z_bar, z, y_bar, sigma, order, mode, truncate, radius, axes):
    return ndimage.gaussian_filter(z_bar, sigma, order, mode=mode, truncate=truncate, radius=radius, axes=axes)


_BY_LINES = {"order": (1,), "output": (None,), "mode": ("constant", "nearest"), "prefilter": (True, False)}


@at_most(shift=1)
@definition(
    ndimage.shift,
    of=("input", "shift"),
    accepts=_BY_LINES,
    cases=(
        case(draw(5), 0.7, order=1, mode="nearest"),
        case(draw(4, 5), draw(2), order=1),
        case(draw(4, 5), draw(2), order=1, mode="nearest", prefilter=False),
    ),
)
def shifted(input, shift, output=None, *, order, mode="constant", cval=0.0, prefilter=True):
    return ndimage.map_coordinates(
        input, np.transpose(np.transpose(np.indices(np.shape(input))) - shift), order=1, mode=mode, cval=cval
    )


@definition(
    ndimage.affine_transform,
    of=("input", "matrix", "offset"),
    accepts={**_BY_LINES, "output_shape": (None,)},
    cases=(
        case(draw(4, 5), draw(2, 2, low=0.5), order=1),
        case(draw(4, 5), draw(2, 2, low=0.2, high=0.6), draw(2), order=1, mode="nearest"),
        case(draw(4, 5), draw(2, low=0.5, high=0.9), draw(2, low=0.0, high=0.4), order=1),
    ),
)
def affine_transform(
    input, matrix, offset=0.0, output_shape=None, output=None, *, order, mode="constant", cval=0.0, prefilter=True
):
    """Of a matrix of as many rows as the array has axes, or of its diagonal."""
    return ndimage.map_coordinates(
        input,
        np.transpose(
            (
                np.transpose(np.indices(np.shape(input))) * matrix
                if known(np.ndim(matrix) == 1)
                else np.matmul(np.transpose(np.indices(np.shape(input))), np.transpose(matrix))
                if known(np.ndim(matrix) == 2)
                else np.matmul(
                    np.transpose(np.indices(np.shape(input))),
                    np.transpose(
                        np.reshape(matrix, (np.ndim(input), -1))
                        * np.maximum(np.eye(np.ndim(input)), np.ndim(matrix) - 1)
                    ),
                )
            )
            + offset
        ),
        order=1,
        mode=mode,
        cval=cval,
    )


_TURNED = {
    "axes": ((1, 0), (0, 1)), "order": (1,), "output": (None,), "mode": ("constant", "nearest"),
    "prefilter": (True, False),
}  # fmt: skip


@at_most(input=2, angle=0)
@definition(
    ndimage.rotate,
    of=("input", "angle"),
    accepts=_TURNED,
    cases=(
        case(draw(4, 5), 30.0, order=1),
        case(draw(4, 5), draw(low=31.0, high=33.0), reshape=False, order=1),
        case(draw(3, 5), draw(low=131.0, high=133.0), order=1, mode="nearest"),
        case(draw(3, 3), -65.0, order=1, cval=0.5),
    ),
)
def rotate(
    input, angle, axes=(1, 0), reshape=True, output=None, *, order, mode="constant", cval=0.0, prefilter=True
):
    """Of a matrix."""
    return ndimage.map_coordinates(
        input,
        turned_places(np.shape(input)[0], np.shape(input)[1], angle, reshape),
        order=1,
        mode=mode,
        cval=cval,
    )
