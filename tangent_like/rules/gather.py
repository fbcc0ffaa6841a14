"""Entries taken, chosen, put in between, padded. Linear in the arrays that they are taken from."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_most, definition, linear, rule
from tangent_like.runtime import (
    pad_chosen,
    positions,
    scatter,
    unpad,
    unpad_along,
    unpad_chosen,
    unpad_edges,
    unselect,
    untake,
    untake_along,
)

_INDICES = np.array([[0, 2, 0], [-1, 1, 1]])


@linear(
    np.take,
    kind="take",
    methods=("take",),
    accepts={"mode": ("raise", "wrap", "clip")},
    cases=(
        case(draw(3), 1),
        case(draw(3), [0, 2, 0]),
        case(draw(3), indices=_INDICES),
        case(draw(2, 3), _INDICES),
        case(draw(2, 3), _INDICES, axis=1),
        case(draw(3, 2), [0, 0], 0),
        case(draw(2, 3, 4), _INDICES, axis=-2),
        case(draw(3, 2), -1, axis=0),
        case(draw(3), [0, 5, -7], mode="wrap"),
        case(draw(2, 3), [0, 5], axis=1, mode="clip"),
    ),
)
def take(y_bar, y, x, indices, axis=None, *, mode="raise"):
    return untake(y_bar, x, indices, axis, mode)


@linear(
    np.take_along_axis,
    kind="take_along",
    cases=(
        case(draw(2, 3), np.array([[2, 0], [1, 1]]), 1),
        case(draw(2, 3), np.array([[1, 0, 1]]), axis=0),
        case(draw(2, 3), np.array([0, 5, 0]), axis=None),
        case(draw(2, 3, 4), np.zeros((2, 1, 4), int), axis=-2),
        case(draw(1, 3), np.array([[2, 0], [1, 1]]), -1),
    ),
)
def take_along_axis(y_bar, y, x, indices, axis=-1):
    return untake_along(y_bar, x, indices, axis)


_CHOSEN = np.array([True, False, True])


@definition(
    np.compress,
    of=("x",),
    cases=(
        case(_CHOSEN, draw(3)),
        case(_CHOSEN, draw(2, 3), axis=1),
        case(np.array([True, False, False, False, True]), draw(2, 3)),
    ),
)
def compress(condition, x, axis=None):
    return np.take(x, np.flatnonzero(condition), axis=axis)


@definition(
    methods=("compress",), cases=(case(draw(3), _CHOSEN), case(draw(2, 3), _CHOSEN, axis=1), case(draw(3), _CHOSEN, 0))
)
def compressed(x, condition, axis=None):
    return np.take(x, np.flatnonzero(condition), axis=axis)


@at_most(filt=1)
@definition(np.trim_zeros, accepts={"trim": ("fb", "bf")}, cases=(case(draw(4)),))
def trim_zeros(filt, trim="fb"):
    return filt[np.argmax(filt != 0) : np.any(filt) * (len(filt) - np.argmax(np.flip(filt) != 0))]


@at_most(filt=1)
@definition(np.trim_zeros, more=True, accepts={"trim": ("f",)}, cases=(case(draw(4), "f"),))
def trim_zeros_in_front(filt, trim="fb"):
    return filt[np.argmax(filt != 0) + len(filt) * np.all(filt == 0) :]


@at_most(filt=1)
@definition(np.trim_zeros, more=True, accepts={"trim": ("b",)}, cases=(case(draw(4), trim="b"),))
def trim_zeros_behind(filt, trim="fb"):
    return filt[: np.any(filt) * (len(filt) - np.argmax(np.flip(filt) != 0))]


@definition(np.extract, of=("x",), cases=(case(_CHOSEN, draw(3)), case(np.array([[True, False]]), draw(1, 2))))
def extract(condition, x):
    return np.take(x, np.flatnonzero(condition))


@linear(
    np.choose,
    kind="chosen",
    of=("choices",),
    accepts={"mode": ("raise",)},
    cases=(
        case(np.array([0, 1, 1]), [draw(3), draw(3)]),
        case(np.array([[0], [2]]), [draw(3), draw(), draw(2, 3)]),
        case(1, [draw(), draw()]),
        case(np.array([0, 1]), draw(2, 2)),
    ),
)
def choose(y_bar, y, index, choices, *, mode="raise"):
    return unselect(y_bar, index, choices)


@definition(
    np.choose,
    more=True,
    of=("choices",),
    accepts={"mode": ("wrap",)},
    cases=(case(np.array([0, 3, -1]), [draw(3), draw(3)], mode="wrap"), case(5, [draw(), draw()], mode="wrap")),
)
def choose_around(index, choices, *, mode):
    return np.choose(np.mod(index, len(choices)), choices)


@definition(
    np.choose,
    more=True,
    of=("choices",),
    accepts={"mode": ("clip",)},
    cases=(case(np.array([0, 3, -1]), [draw(3), draw(3)], mode="clip"), case(5, [draw(), draw()], mode="clip")),
)
def choose_nearest(index, choices, *, mode):
    return np.choose(np.clip(index, 0, len(choices) - 1), choices)


@definition(
    np.select,
    kind="selected",
    of=("choicelist", "default"),
    cases=(
        case([np.array([True, False, False])], [draw(3)]),
        case([np.array([True, False, False]), np.array([True, True, False])], [draw(3), draw(3)], draw()),
        case([np.array([[True], [False]]), np.array([False, True])], [draw(2), draw()], default=draw(2, 1)),
    ),
)
def select(condlist, choicelist, default=0):
    return np.where(
        condlist[0],
        choicelist[0],
        default if len(condlist) == 1 else np.select(condlist[1:], choicelist[1:], default),
    )


_WIDTHS = (
    case(draw(3), 2),
    case(draw(3), (1, 2)),
    case(draw(2, 3), 1),
    case(draw(2, 3), ((1, 0), (2, 1))),
    case(draw(2, 3), ((1, 2),)),
)
# Before NumPy 2.3 widths were not said by axis.
_BY_AXIS = () if np.lib.NumpyVersion(np.__version__) < "2.3.0" else ({1: (1, 2)}, {0: 1, -1: (0, 2)})


@linear(
    np.pad,
    kind="padded",
    accepts={"mode": ("constant",)},
    cases=(
        *_WIDTHS,
        case(draw(3), 1, "constant"),
        case(draw(2, 3), 1, mode="constant"),
        *(case(draw(2, 3), widths) for widths in _BY_AXIS),
    ),
)
def pad(y_bar, y, x, pad_width, mode="constant"):
    return unpad(y_bar, x, pad_width)


@rule(
    np.pad,
    kind="padded",
    more=True,
    of=("x", "constant_values"),
    accepts={"mode": ("constant",)},
    cases=(
        case(draw(3), 1, constant_values=2.0),
        case(draw(3), (1, 2), mode="constant", constant_values=(1, 2)),
        case(draw(3), (1, 2), constant_values=draw()),
        case(draw(2, 3), ((1, 0), (2, 1)), constant_values=draw()),
        case(draw(2, 3), ((1, 0), (2, 1)), constant_values=draw(2)),
        case(draw(2, 3), ((1, 0), (2, 1)), constant_values=draw(2, 2)),
        *(case(draw(2, 3), widths, constant_values=draw()) for widths in _BY_AXIS),
    ),
)
def pad_with(y, x, pad_width, mode="constant", *, constant_values):
    def jvp(x_dot, constant_values_dot):
        return np.pad(x_dot, pad_width) + np.pad(
            np.zeros(np.shape(x)), pad_width, constant_values=constant_values_dot
        )

    def vjp(y_bar):
        return unpad(y_bar, x, pad_width), unpad_edges(y_bar, x, pad_width, constant_values)

    return jvp, vjp


@linear(
    np.pad,
    kind="padded",
    more=True,
    accepts={"mode": ("edge", "wrap", "reflect", "symmetric"), "reflect_type": ("even",)},
    cases=(
        *(case(draw(4, 3), ((1, 2), (2, 0)), mode=mode) for mode in ("edge", "wrap", "reflect", "symmetric")),
        case(draw(3), 5, "wrap"),
        case(draw(3), 7, "reflect"),
    ),
)
def pad_around(y_bar, y, x, pad_width, mode, *, reflect_type="even"):
    return scatter(y_bar, x, np.pad(positions(x), pad_width, mode))


@rule(
    np.pad,
    kind="padded",
    more=True,
    accepts={"mode": ("linear_ramp",)},
    cases=(case(draw(4, 3), ((1, 2), (2, 0)), "linear_ramp"), case(draw(3), 2, mode="linear_ramp", end_values=3.0)),
)
def pad_ramp(y, x, pad_width, mode, *, end_values=0):
    def jvp(x_dot):
        return np.pad(x_dot, pad_width, "linear_ramp")

    def vjp(y_bar):
        return unpad_along(y_bar, x, pad_width, "linear_ramp")

    return jvp, vjp


@linear(
    np.pad,
    kind="padded",
    more=True,
    accepts={"mode": ("mean",)},
    cases=(
        case(draw(4, 3), ((1, 2), (2, 0)), mode="mean"),
        case(draw(4, 3), 2, mode="mean", stat_length=2),
        *(case(draw(4, 3), widths, "mean") for widths in _BY_AXIS),
        case(draw(4, 3), 2, mode="mean", stat_length=((2, 1), (3, 2))),
    ),
)
def pad_mean(y_bar, y, x, pad_width, mode, *, stat_length=None):
    return unpad_along(y_bar, x, pad_width, "mean", stat_length)


@rule(
    np.pad,
    kind="padded",
    more=True,
    of=("x",),
    accepts={"mode": ("maximum", "minimum", "median")},
    cases=(
        case(draw(4, 3), ((1, 2), (2, 0)), mode="maximum"),
        case(draw(4, 3), 2, mode="minimum", stat_length=2),
        case(draw(4, 3), 1, mode="median", stat_length=((2, 1), (3, 2))),
        case(draw(5), (2, 0), "median"),
        case(np.array([1.0, 1.0, 0.5]), (0, 2), "minimum"),
        *(case(draw(4, 3), widths, "maximum") for widths in _BY_AXIS),
    ),
)
def pad_best(y, x, pad_width, mode, *, stat_length=None):
    """Of equal entries each has its share."""

    def jvp(x_dot):
        return pad_chosen(x_dot, x, pad_width, mode, stat_length)

    def vjp(y_bar):
        return unpad_chosen(y_bar, x, pad_width, mode, stat_length)

    return jvp, vjp


@linear(
    np.pad,
    kind="padded",
    more=True,
    accepts={"mode": ("reflect", "symmetric"), "reflect_type": ("odd",)},
    cases=(
        case(draw(4, 3), ((1, 2), (2, 0)), mode="reflect", reflect_type="odd"),
        case(draw(3), 7, mode="symmetric", reflect_type="odd"),
    ),
)
def pad_odd(y_bar, y, x, pad_width, mode, *, reflect_type):
    return unpad_along(y_bar, x, pad_width, mode, "odd")


@linear(
    np.lib.stride_tricks.sliding_window_view,
    kind="unknown",
    accepts={"subok": (False,), "writeable": (False,)},
    cases=(
        case(draw(5), 3),
        case(draw(4, 5), (2, 3)),
        case(draw(4, 5), 2, axis=1),
        case(draw(3, 4, 2), (2, 2), (0, -2)),
    ),
)
def sliding_window_view(y_bar, y, x, window_shape, axis=None, *, subok=False, writeable=False):
    return scatter(y_bar, x, np.lib.stride_tricks.sliding_window_view(positions(x), window_shape, axis))


@linear(np.resize, kind="rank_unknown", cases=(case(draw(3), (2, 4)), case(draw(2, 3), 4), case(draw(), 3)))
def resize(y_bar, y, x, new_shape):
    return scatter(y_bar, x, np.resize(positions(x), new_shape))


@linear(
    np.delete,
    kind="same_rank",
    cases=(
        case(draw(4), 1),
        case(draw(4), [0, 2]),
        case(draw(4), -1),
        case(draw(3, 4), 1, axis=0),
        case(draw(3, 4), [0, -1], 1),
        case(draw(3, 4), 5),
        case(draw(4), np.array([True, False, False, True])),
    ),
)
def delete(y_bar, y, x, obj, axis=None):
    return scatter(y_bar, x, np.delete(positions(x), obj, axis))


@linear(
    np.insert,
    kind="same_rank",
    of=("x", "values"),
    cases=(
        case(draw(4), 1, draw()),
        case(draw(4), [0, 2], draw(2)),
        case(draw(4), [2, 2], draw()),
        case(draw(3, 4), 1, draw(4), axis=0),
        case(draw(3, 4), 1, draw(), axis=1),
        case(draw(3, 4), [0, 2], draw(3, 2), axis=1),
        case(draw(2, 2), 1, draw(3)),
    ),
)
def insert(y_bar, y, x, obj, values, axis=None):
    return (
        scatter(y_bar, x, np.insert(positions(x), obj, np.full(np.shape(values), -1), axis)),
        scatter(y_bar, values, np.insert(np.full(np.shape(x), -1), obj, positions(values), axis)),
    )


@linear(
    np.bincount,
    kind="counted",
    of=("weights",),
    cases=(case(np.array([0, 1, 1, 4]), draw(4)), case(np.array([0, 1]), weights=draw(2), minlength=4)),
)
def bincount(y_bar, y, x, weights=None, minlength=0):
    return np.take(y_bar, x)
