"""Shapes and axes: what is reshaped, turned, moved, copied, repeated. All linear."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition, linear, rule
from tangent_like.runtime import of_real, positions, scatter, unbroadcast, unrepeat, unroll_axis, untile, untranspose

_ANY = (case(draw(3)), case(draw(2, 3)), case(draw(2, 0)), case(draw()))


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
    kind="turned",
    methods=("mT",),
    cases=(case(draw(2, 3)), case(draw(4, 2, 3))),
)
def matrix_transpose(y_bar, y, x):
    return np.swapaxes(y_bar, -1, -2)


@linear(
    np.reshape,
    kind="reshape",
    methods=("reshape",),
    accepts={"order": ("C", "F")},
    aliases={"newshape": "shape"},
    cases=(
        case(draw(2, 3), (3, 2), order="F"),
        case(draw(6), (2, 3)),
        case(draw(2, 3), (3, -1)),
        case(draw(2, 3), 6),
        case(draw(0, 2), (2, 0)),
    ),
)
def reshape(y_bar, y, x, shape, order="C"):
    return np.reshape(y_bar, np.shape(x)) if order == "C" else np.reshape(y_bar, np.shape(x), order=order)


_PLAIN_ARRAY = {"copy": (True, False, None), "ndmin": (0,), "subok": (False,), "order": (None, "K", "A", "C", "F")}


@linear(np.array, kind="array", accepts=_PLAIN_ARRAY, cases=(*_ANY, case(draw(2), copy=True, order="C")))
def array(y_bar, y, x, dtype=None, *, copy=True, order="K", subok=False, ndmin=0):
    """Of a display of numbers and arrays, each item gets its own part (the compiler indexes)."""
    return y_bar


@definition(
    np.array,
    more=True,
    accepts={"copy": (True,), "subok": (False,), "order": (None, "K", "A", "C", "F")},
    cases=(case(draw(), ndmin=2), case(draw(3), ndmin=2), case(draw(2, 3), ndmin=1), case([draw(), 1.0], ndmin=3)),
)
def array_of_axes(x, dtype=None, *, copy=True, order="K", subok=False, ndmin):
    """Axes of one entry in front, up to so many."""
    return np.reshape(np.array(x, dtype=dtype), (1,) * (ndmin - np.ndim(x)) + np.shape(x))


@linear(np.asarray, np.asanyarray, np.asarray_chkfinite, kind="array", cases=_ANY)
def asarray(y_bar, y, x, dtype=None, order=None):
    return y_bar


@linear(np.require, kind="array", inactive=("requirements",), cases=_ANY)
def require(y_bar, y, a, dtype=None, requirements=None):
    """What it asks of the memory changes no number."""
    return y_bar


@linear(np.ascontiguousarray, np.asfortranarray, kind="contiguous", cases=_ANY)
def contiguous(y_bar, y, x, dtype=None):
    """A number becomes a vector of one."""
    return np.reshape(y_bar, np.shape(x))


@linear(
    getattr(np, "astype", None),
    kind="first",
    methods=("astype",),
    accepts={"copy": (True, False)},
    cases=(case(draw(2, 3), np.float64), case(draw(3), np.float64, copy=False)),
)
def astype(y_bar, y, x, dtype, *, copy=True):
    return y_bar


@linear(
    np.ravel,
    kind="ravel",
    methods=("ravel", "flatten"),
    accepts={"order": ("C", "F")},
    cases=(*_ANY, case(draw(2, 3), "F"), case(draw(2, 3, 2), order="F")),
)
def ravel(y_bar, y, x, order="C"):
    return np.reshape(y_bar, np.shape(x)) if order == "C" else np.reshape(y_bar, np.shape(x), order=order)


@linear(np.copy, kind="array", cases=_ANY)
def copy(y_bar, y, x, order="K"):
    """Of a number it is an array without axes, which can be written into."""
    return y_bar


@linear(methods=("copy",), kind="first", cases=_ANY)
def copy_method(y_bar, y, x, order="C"):
    return y_bar


@linear(methods=("item",), kind="scalar", cases=(case(draw(1)), case(draw(1, 1))))
def item(y_bar, y, x):
    return np.full_like(x, y_bar)


@linear(
    methods=("item",),
    kind="scalar",
    more=True,
    cases=(case(draw(3), 1), case(draw(2, 3), -1), case(draw(2, 3), 1, 2)),
)
def item_at(y_bar, y, x, *place):
    """Of one number the entry so far on, in the order of the rows."""
    return scatter(
        y_bar, x, np.reshape(positions(x), -1)[place[0]] if len(place) == 1 else positions(x)[place]
    )


# -- real numbers as complex ones ----------------------------------------------------------------------


@linear(np.real, kind="first", methods=("real",), cases=_ANY)
def real(y_bar, y, x):
    """Of real numbers; what is complex is refused where it carries a derivative."""
    return of_real(y_bar, x)


@linear(np.conjugate, kind="arithmetic", cases=_ANY)
def conjugate(y_bar, y, x):
    return of_real(y_bar, x)


@linear(methods=("conj", "conjugate"), kind="first", cases=_ANY)
def conjugate_method(y_bar, y, x):
    """The array itself, also one without axes, of which the function makes a number."""
    return of_real(y_bar, x)


@linear(getattr(np, "real_if_close", None), kind="array", cases=_ANY)
def real_if_close(y_bar, y, x, tol=100):
    return y_bar


@linear(np.imag, kind="first", methods=("imag",), cases=_ANY)
def imag(y_bar, y, x):
    return of_real(0.0 * y_bar, x)


@rule(np.angle, kind="elementwise", cases=(case(draw()), case(draw(3)), case(draw(2, 3), deg=True)))
def angle(y, x, deg=False):
    """Of real numbers 0 or pi."""

    def jvp(x_dot):
        return 0.0 * x_dot

    def vjp(y_bar):
        return 0.0 * y_bar

    return jvp, vjp


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


@linear(np.atleast_1d, kind="at_least_1", cases=(*_ANY, case(draw(2, 3, 4, 5))))
def at_least_1(y_bar, y, x):
    """Of one argument; of several these return several."""
    return np.reshape(y_bar, np.shape(x))


@linear(np.atleast_2d, kind="at_least_2", cases=(*_ANY, case(draw(2, 3, 4, 5))))
def at_least_2(y_bar, y, x):
    return np.reshape(y_bar, np.shape(x))


@linear(np.atleast_3d, kind="at_least_3", cases=(*_ANY, case(draw(2, 3, 4, 5))))
def at_least_3(y_bar, y, x):
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
    kind="moved",
    cases=(case(draw(2, 3, 4), 0, -1), case(draw(2, 3, 4), (0, 1), (2, 0))),
)
def moveaxis(y_bar, y, x, source, destination):
    return np.moveaxis(y_bar, destination, source)


@linear(
    np.rollaxis,
    kind="rank_unknown",
    cases=(
        case(draw(2, 3, 4), 2),
        case(draw(2, 3, 4), 0, 3),
        case(draw(2, 3, 4), -2, 1),
        case(draw(2, 3, 4), 0, start=-1),
    ),
)
def rollaxis(y_bar, y, x, axis, start=0):
    return unroll_axis(y_bar, axis, start)


@linear(
    np.rot90,
    kind="rank_unknown",
    cases=(case(draw(2, 3)), case(draw(2, 3), 2), case(draw(2, 3, 4), k=-1, axes=(1, 2))),
)
def rot90(y_bar, y, x, k=1, axes=(0, 1)):
    return np.rot90(y_bar, -k, axes)


@linear(np.fliplr, kind="first", cases=(case(draw(2, 3)), case(draw(2, 3, 4))))
def fliplr(y_bar, y, x):
    return np.fliplr(y_bar)


@linear(np.flipud, kind="first", cases=(case(draw(3)), case(draw(2, 3))))
def flipud(y_bar, y, x):
    return np.flipud(y_bar)


@linear(
    np.flip,
    kind="taken",
    cases=(*_ANY, case(draw(2, 3), axis=0), case(draw(2, 3, 4), axis=(0, -1))),
)
def flip(y_bar, y, x, axis=None):
    return np.flip(y_bar, axis)


@linear(
    np.roll,
    kind="array",
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
    np.broadcast_to,
    kind="broadcast_to",
    cases=(
        case(draw(), (2, 3)),
        case(draw(3), (2, 3)),
        case(draw(2, 1), shape=(4, 2, 3)),
        case(draw(1), (0,)),
        case(draw(3), 3),
    ),
)
def broadcast_to(y_bar, y, x, shape, subok=False):
    return unbroadcast(y_bar, x)


@linear(
    np.repeat,
    kind="repeated",
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
    kind="tiled",
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
