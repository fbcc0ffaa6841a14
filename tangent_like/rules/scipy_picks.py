"""``scipy.ndimage``: filters that take an entry out of each window, and zooms."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import ndimage

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_least, linear, rule
from tangent_like.runtime import picked, unpicked, unzoomed

_MODES = ("reflect", "mirror", "nearest", "wrap", "constant")
_LINE = {"output": (None,), "mode": _MODES, "origin": (0,)}
_FILTER = {**_LINE, "axes": (None,)}
_CASES = (
    case(draw(6), 3),
    case(draw(4, 5), (2, 3)),
    case(draw(4, 5), footprint=np.array([[0, 1, 0], [1, 1, 1]])),
    *(case(draw(4, 5), 3, mode=mode) for mode in _MODES),
)


@at_least(input=1)
@rule(
    ndimage.maximum_filter,
    ndimage.minimum_filter,
    ndimage.median_filter,
    kind="first",
    of=("input",),
    accepts=_FILTER,
    cases=_CASES,
)
def extremes(y, input, size=None, footprint=None, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    def jvp(input_dot):
        return picked(input_dot, input, y, size, footprint, mode)

    def vjp(y_bar):
        return unpicked(y_bar, input, y, size, footprint, mode)

    return jvp, vjp


@at_least(input=1)
@rule(
    ndimage.rank_filter,
    ndimage.percentile_filter,
    kind="first",
    of=("input",),
    accepts=_FILTER,
    aliases={"percentile": "rank"},
    cases=(case(draw(6), 2, 3), case(draw(4, 5), -2, (2, 3)), case(draw(4, 5), 1, 3, mode="constant")),
)
def by_rank(y, input, rank, size=None, footprint=None, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    def jvp(input_dot):
        return picked(input_dot, input, y, size, footprint, mode)

    def vjp(y_bar):
        return unpicked(y_bar, input, y, size, footprint, mode)

    return jvp, vjp


@at_least(input=1)
@rule(
    ndimage.maximum_filter1d,
    ndimage.minimum_filter1d,
    kind="first",
    of=("input",),
    accepts=_LINE,
    cases=(case(draw(6), 3), case(draw(4, 5), 2, 0), case(draw(4, 5), 3, mode="constant")),
)
def along_a_line(y, input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    def jvp(input_dot):
        return picked(input_dot, input, y, size, None, mode, axis)

    def vjp(y_bar):
        return unpicked(y_bar, input, y, size, None, mode, axis)

    return jvp, vjp


_FLAT = {**_FILTER, "structure": (None,)}


@at_least(input=1)
@rule(ndimage.grey_erosion, kind="first", of=("input",), accepts=_FLAT, cases=_CASES)
def erosion(
    y, input, size=None, footprint=None, structure=None, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None
):
    """Of flat windows."""

    def jvp(input_dot):
        return picked(input_dot, input, y, size, footprint, mode)

    def vjp(y_bar):
        return unpicked(y_bar, input, y, size, footprint, mode)

    return jvp, vjp


@at_least(input=1)
@rule(ndimage.grey_dilation, kind="first", of=("input",), accepts={**_FLAT, "footprint": (None,)}, cases=_CASES[:2])
def dilation(
    y, input, size=None, footprint=None, structure=None, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None
):
    """Of flat windows, which are turned round."""

    def jvp(input_dot):
        return picked(input_dot, input, y, size, None, mode, None, True)

    def vjp(y_bar):
        return unpicked(y_bar, input, y, size, None, mode, None, True)

    return jvp, vjp


_ZOOMS = ("constant", "nearest", "reflect", "mirror", "wrap", "grid-mirror", "grid-wrap", "grid-constant")


@at_least(input=1)
@linear(
    ndimage.zoom,
    kind="unknown",
    of=("input",),
    accepts={"output": (None,), "mode": _ZOOMS, "cval": (0, 0.0)},
    cases=(
        case(draw(5), 2.0),
        case(draw(4, 5), (1.5, 0.6), order=1),
        case(draw(4, 5), 1.7, order=2, mode="nearest"),
        case(draw(4, 5), 2, order=0),
        case(draw(3, 4), (2, 1), mode="grid-wrap", grid_mode=True),
        case(draw(3, 4), 3, mode="mirror", prefilter=False),
    ),
)
def larger_or_smaller(
    y_bar, y, input, zoom, output=None, order=3, mode="constant", cval=0.0, prefilter=True, *, grid_mode=False
):
    return unzoomed(y_bar, input, zoom, order, mode, prefilter, grid_mode)
