"""Rearranging: joins, moved axes, copies, running sums and differences. All linear."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import linear
from tangent_like.runtime import (
    pieces,
    unbroadcast,
    undiff,
    unrepeat,
    unstack,
    untile,
    untranspose,
)

_ANY = (case(draw(3)), case(draw(2, 3)), case(draw(2, 0)), case(draw()))


@linear(
    np.concatenate,
    kind="concatenate",
    cases=(
        case([draw(2), draw(3), draw(0)]),
        case([draw(2, 3), draw(1, 3)]),
        case([draw(2, 3), draw(2, 1)], axis=1),
        case([draw(2, 3), draw(2, 1)], axis=-1),
        case([draw(2, 3), draw(4), draw()], axis=None),
        case([draw(2)]),
    ),
)
def concatenate(y_bar, y, arrays, axis=0):
    return pieces(y_bar, arrays, axis)


@linear(
    np.stack,
    kind="stack",
    cases=(
        case([draw(), draw(), draw()]),
        case([draw(2), draw(2)]),
        case([draw(2, 3), draw(2, 3)], axis=1),
        case([draw(2, 3), draw(2, 3)], axis=-1),
        case([draw(0), draw(0)]),
    ),
)
def stack(y_bar, y, arrays, axis=0):
    return unstack(y_bar, axis)


@linear(
    np.transpose,
    kind="transpose",
    methods=("transpose", "T"),
    cases=(
        *_ANY,
        case(draw(2, 3, 4)),
        case(draw(2, 3, 4), (1, 2, 0)),
        case(draw(2, 3, 4), axes=(-1, 0, 1)),
    ),
)
def transpose(y_bar, y, x, axes=None):
    return untranspose(y_bar, axes)


@linear(
    getattr(np, "matrix_transpose", None),
    kind="unknown",
    methods=("mT",),
    cases=(case(draw(2, 3)), case(draw(4, 2, 3))),
)
def matrix_transpose(y_bar, y, x):
    return np.swapaxes(y_bar, -1, -2)


@linear(
    np.reshape,
    kind="reshape",
    methods=("reshape",),
    cases=(
        case(draw(6), (2, 3)),
        case(draw(2, 3), (3, -1)),
        case(draw(2, 3), 6),
        case(draw(0, 2), (2, 0)),
    ),
)
def reshape(y_bar, y, x, shape):
    return np.reshape(y_bar, np.shape(x))


@linear(np.array, np.asarray, kind="array", cases=_ANY)
def array(y_bar, y, x, dtype=None):
    """Of a display of numbers and arrays, each item gets its own part (the compiler indexes)."""
    return y_bar


@linear(np.ravel, kind="ravel", methods=("ravel", "flatten"), cases=_ANY)
def ravel(y_bar, y, x):
    return np.reshape(y_bar, np.shape(x))


@linear(np.copy, kind="first", methods=("copy",), cases=_ANY)
def copy(y_bar, y, x):
    return y_bar


@linear(
    np.expand_dims,
    kind="expand_dims",
    cases=(case(draw(3), 0), case(draw(2, 3), axis=-1), case(draw(2, 3), axis=(0, 2))),
)
def expand_dims(y_bar, y, x, axis):
    return np.reshape(y_bar, np.shape(x))


@linear(
    np.squeeze,
    kind="squeeze",
    methods=("squeeze",),
    cases=(case(draw(1, 3, 1)), case(draw(1, 3, 1), 0), case(draw(1, 3, 1), axis=(0, -1))),
)
def squeeze(y_bar, y, x, axis=None):
    return np.reshape(y_bar, np.shape(x))


@linear(
    np.atleast_1d,
    np.atleast_2d,
    np.atleast_3d,
    kind="unknown",
    cases=(*_ANY, case(draw(2, 3, 4, 5))),
)
def at_least(y_bar, y, x):
    """Of one argument; of several these return several."""
    return np.reshape(y_bar, np.shape(x))


@linear(
    np.swapaxes,
    kind="swapaxes",
    methods=("swapaxes",),
    cases=(case(draw(2, 3, 4), 0, 2), case(draw(2, 3), axis1=-1, axis2=0)),
)
def swapaxes(y_bar, y, x, axis1, axis2):
    return np.swapaxes(y_bar, axis1, axis2)


@linear(
    np.moveaxis,
    kind="unknown",
    cases=(case(draw(2, 3, 4), 0, -1), case(draw(2, 3, 4), (0, 1), (2, 0))),
)
def moveaxis(y_bar, y, x, source, destination):
    return np.moveaxis(y_bar, destination, source)


@linear(
    np.flip,
    kind="first",
    cases=(*_ANY, case(draw(2, 3), axis=0), case(draw(2, 3, 4), axis=(0, -1))),
)
def flip(y_bar, y, x, axis=None):
    return np.flip(y_bar, axis)


@linear(
    np.roll,
    kind="first",
    cases=(
        case(draw(5), 2),
        case(draw(2, 3), -1),
        case(draw(2, 3), 1, axis=1),
        case(draw(2, 3), shift=(1, 2), axis=(0, 1)),
        case(draw(0), 1),
    ),
)
def roll(y_bar, y, x, shift, axis=None):
    return np.roll(y_bar, np.negative(shift), axis)


@linear(
    np.cumsum,
    kind="cumulative",
    methods=("cumsum",),
    cases=(*_ANY, case(draw(2, 3), 0), case(draw(2, 3, 4), axis=-2)),
)
def cumsum(y_bar, y, x, axis=None):
    return np.reshape(np.flip(np.cumsum(np.flip(y_bar, axis), axis), axis), np.shape(x))


@linear(
    np.diff,
    kind="unknown",
    cases=(
        case(draw(5)),
        case(draw(5), 2),
        case(draw(5), n=0),
        case(draw(2, 4), axis=0),
        case(draw(2, 4, 3), n=3, axis=1),
        case(draw(2), 2),
        case(draw(2), 3),
        case(draw(0)),
    ),
)
def diff(y_bar, y, x, n=1, axis=-1):
    return undiff(y_bar, x, n, axis)


@linear(
    np.broadcast_to,
    kind="unknown",
    cases=(
        case(draw(), (2, 3)),
        case(draw(3), (2, 3)),
        case(draw(2, 1), shape=(4, 2, 3)),
        case(draw(1), (0,)),
        case(draw(3), 3),
    ),
)
def broadcast_to(y_bar, y, x, shape):
    return unbroadcast(y_bar, x)


@linear(
    np.repeat,
    kind="unknown",
    methods=("repeat",),
    cases=(
        case(draw(3), 2),
        case(draw(2, 3), 2),
        case(draw(2, 3), 2, axis=1),
        case(draw(2, 3), repeats=(0, 4), axis=0),
        case(draw(), 3),
    ),
)
def repeat(y_bar, y, x, repeats, axis=None):
    return unrepeat(y_bar, x, repeats, axis)


@linear(
    np.tile,
    kind="unknown",
    cases=(
        case(draw(3), 2),
        case(draw(2, 3), (2, 1)),
        case(draw(3), reps=(2, 2)),
        case(draw(2, 3), 2),
        case(draw(), 3),
        case(draw(2), 0),
    ),
)
def tile(y_bar, y, x, reps):
    return untile(y_bar, x, reps)


@linear(
    np.full,
    kind="unknown",
    of=("fill_value",),
    cases=(case(3, draw()), case((2, 3), draw()), case(shape=(2, 3), fill_value=draw(3))),
)
def full(y_bar, y, shape, fill_value):
    return unbroadcast(y_bar, fill_value)


@linear(
    np.full_like,
    kind="zeros_like",
    of=("fill_value",),
    inactive=("x",),
    cases=(case(draw(3), draw()), case(draw(2, 3), draw(3))),
)
def full_like(y_bar, y, x, fill_value):
    return unbroadcast(y_bar, fill_value)


@linear(
    np.linspace,
    kind="unknown",
    of=("start", "stop"),
    cases=(
        case(draw(), draw()),
        case(draw(), draw(), 5),
        case(draw(), draw(), num=1),
        case(draw(2), draw(), 4),
    ),
)
def linspace(y_bar, y, start, stop, num=50):
    return (
        unbroadcast(np.tensordot(np.linspace(1.0, 0.0, num), y_bar, 1), start),
        unbroadcast(np.tensordot(np.linspace(0.0, 1.0, num), y_bar, 1), stop),
    )
