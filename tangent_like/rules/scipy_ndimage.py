"""``scipy.ndimage``: Gaussian filters.

A Gaussian is its own mirror image, and so it is its own transpose, where the border is zeros, the other end, or the
mirror image of the array.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from scipy import ndimage

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import linear

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
