"""The helpers of the runtime: what a derivative calls must have a derivative, too."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import ABOVE_ONE, POSITIVE, REAL, constant, elementwise, linear, rule
from tangent_like.runtime import (
    between,
    came_back,
    determined,
    digamma,
    dot_left,
    dot_right,
    first_run,
    fitting,
    from_diagonal,
    inner_left,
    inner_right,
    isolate,
    keep_online,
    length_of_square,
    like,
    lowered,
    matching,
    matmul_left,
    matmul_right,
    mean_count,
    nonzero_exponent,
    on_diagonal,
    others_curve,
    others_product,
    others_slope,
    others_twist,
    outer_left,
    outer_right,
    pieces,
    placed,
    polygamma,
    polyval_slope,
    quotient,
    revolve,
    safe_log,
    same_view,
    share,
    sign,
    sinc_higher,
    sinc_slope,
    spread,
    stop_gradient,
    stored,
    ties,
    to_shape,
    unbroadcast,
    undiff,
    unpolyval,
    unpolyval_slope,
    unrepeat,
    unstack,
    untile,
    untranspose,
    zeros_like,
)

_STEPS = "it is piecewise constant: its derivative is 0 wherever it has one"

stopped = constant(stop_gradient, reason="stop_gradient makes a constant of it", kind="first")
signs = constant(sign, share, reason=_STEPS, kind="elementwise")
asked = constant(fitting, reason="it is a condition", kind="first")
tied = constant(ties, reason=_STEPS, kind="first")
counted = constant(mean_count, reason="it depends on the shape, not on the values", kind="int")
_TURNS = "it depends on numbers of turns alone"
first_stops = constant(first_run, reason=_TURNS, kind="turns")
schedule = constant(revolve, between, keep_online, reason=_TURNS, kind="moves")
zeros = constant(zeros_like, reason="its result depends on no value of its arguments", kind="zeros_of")
ones = constant(nonzero_exponent, reason="it is 1 wherever it has a value", kind="unknown")


@rule(came_back, kind="first", of=("end",), inactive=("start",), cases=(lambda rng: ((np.ones(3), np.ones(0)), {}),))
def came_back_rule(y, end, start):
    def jvp(end_dot):  # no state, to come back to the start
        return end_dot

    def vjp(y_bar):
        return y_bar

    return jvp, vjp


# -- elementwise -------------------------------------------------------------------------------------


@elementwise(length_of_square, domain=POSITIVE)
def length_of_square_rule(y, q):
    return quotient(0.5, y)


@elementwise(quotient, domain=(REAL, POSITIVE))
def quotient_rule(z, x, y):
    return quotient(1.0, y), -quotient(z, y)


@elementwise(lowered, kind="arithmetic", domain=ABOVE_ONE)
def lowered_rule(z, y):
    return nonzero_exponent(y)


@elementwise(safe_log, domain=POSITIVE)
def safe_log_rule(y, x):
    return share(x, 0.0) * quotient(1.0, x)


@elementwise(digamma, kind="scalar", domain=POSITIVE, cases=(case(-0.7), case(-3.2), case(draw(low=9, high=20))))
def digamma_rule(y, x):
    return polygamma(1, x)


@elementwise(
    polygamma,
    kind="scalar",
    inactive=("n",),
    cases=(case(1, draw(low=0.1)), case(2, draw(low=3, high=20)), case(3, -2.3), case(1, -0.4)),
)
def polygamma_rule(y, n, x):
    return polygamma(n + 1, x)


_SINC = (case(draw(5, low=-9, high=9)), case(0.0), case(np.array([0.0, 1e-9, 0.05])))


@elementwise(sinc_slope, domain=REAL, cases=_SINC)
def sinc_slope_rule(y, x):
    return sinc_higher(x, 2)


@elementwise(
    sinc_higher,
    kind="unknown",
    inactive=("n",),
    cases=(case(draw(5, low=-9, high=9), 2), case(0.0, 2), case(draw(3), 3), case(np.array([0.0, 1e-9]), 3)),
)
def sinc_higher_rule(y, x, n):
    return sinc_higher(x, n + 1)


# -- shapes and memory -------------------------------------------------------------------------------

_SUMMED = (
    case(draw(2, 3), draw(3)),
    case(draw(2, 3), draw(2, 1)),
    case(draw(2, 3), draw()),
    case(draw(2, 3), draw(2, 3)),
    case(draw(), draw(3)),
    case(draw(), draw()),
)


@linear(unbroadcast, kind="summed_like", inactive=("x",), cases=_SUMMED)
def unbroadcast_rule(y_bar, y, g, x):
    return unbroadcast(y_bar, g)


_GROWN = (case(draw(3), draw(2, 3)), case(draw(), draw(3)), case(draw(2), draw(2)), case(draw(), draw()))


def _viewed(*shape):
    def call(rng):
        x = rng.uniform(-1.0, 1.0, (2, 3))
        return (rng.uniform(-2.0, 2.0, (2, 3)), x, x.reshape(shape)), {}

    return call


@linear(same_view, kind="like_view", inactive=("x", "view"), cases=(_viewed(6), _viewed(3, 2, 1)))
def same_view_rule(y_bar, y, x_bar, x, view):
    return np.reshape(y_bar, np.shape(x_bar))


@linear(to_shape, kind="like_x", inactive=("x",), cases=_GROWN)
def to_shape_rule(y_bar, y, x_dot, x):
    return unbroadcast(y_bar, x_dot)


@linear(like, matching, kind="like_x", inactive=("x",), cases=_GROWN)
def like_rule(y_bar, y, x_bar, x):
    return unbroadcast(y_bar, x_bar)


@linear(isolate, kind="first", cases=(case(draw(2, 3)), case(draw())))
def isolate_rule(y_bar, y, values):
    """Of an array: a tuple of results is taken apart before."""
    return y_bar


@linear(determined, kind="first", cases=(case(draw(2, 3)), case(draw())))
def determined_rule(y_bar, y, tangent):
    return y_bar


@linear(
    spread,
    kind="like_x",
    inactive=("x",),
    cases=(
        case(draw(), draw(2, 3)),
        case(draw(3), draw(2, 3), 0),
        case(draw(2, 1), draw(2, 3), 1, True),
        case(draw(), draw(2, 3), 1),
        case(draw(), draw()),
        case(draw(3), draw(2, 3, 4), (0, 2)),
    ),
)
def spread_rule(z_bar, z, y_bar, x, axis=None, keepdims=False):
    return unbroadcast(np.sum(z_bar, axis=axis, keepdims=keepdims), y_bar)


@linear(untranspose, kind="unknown", cases=(case(draw(2, 3)), case(draw(2, 3, 4), (1, 2, 0))))
def untranspose_rule(z_bar, z, y_bar, axes=None):
    return np.transpose(z_bar, axes)


@linear(unstack, kind="unknown", cases=(case(draw(2, 3)), case(draw(2, 3, 4), 1), case(draw(2, 3), -1)))
def unstack_rule(z_bar, z, y_bar, axis=0):
    return np.moveaxis(z_bar, 0, axis)


@linear(undiff, kind="like_x", inactive=("x",), cases=(case(draw(4), draw(5)), case(draw(2, 1), draw(2, 4), 3, 1)))
def undiff_rule(z_bar, z, y_bar, x, n=1, axis=-1):
    return np.diff(z_bar, n, axis)


@linear(
    unrepeat,
    kind="like_x",
    inactive=("x",),
    cases=(case(draw(6), draw(3), 2), case(draw(4, 3), draw(2, 3), 2, 0)),
)
def unrepeat_rule(z_bar, z, y_bar, x, repeats, axis=None):
    return np.repeat(z_bar, repeats, axis)


@linear(
    untile,
    kind="like_x",
    inactive=("x",),
    cases=(case(draw(6), draw(3), 2), case(draw(4, 3), draw(2, 3), (2, 1))),
)
def untile_rule(z_bar, z, y_bar, x, reps):
    return np.tile(z_bar, reps)


@linear(
    on_diagonal,
    kind="like_x",
    inactive=("x",),
    cases=(
        case(draw(3), draw(3, 3)),
        case(draw(), draw(3, 3)),
        case(draw(2), draw(2, 4), 1),
        case(draw(4, 2), draw(2, 3, 4)),
    ),
)
def on_diagonal_rule(z_bar, z, d_bar, x, offset=0, axis1=0, axis2=1):
    return from_diagonal(z_bar, d_bar, offset, axis1, axis2)


@linear(
    from_diagonal,
    kind="unknown",
    inactive=("d_bar",),
    cases=(case(draw(3, 3), draw(3)), case(draw(3, 3), draw()), case(draw(2, 4), draw(2), 1)),
)
def from_diagonal_rule(z_bar, z, x_bar, d_bar, offset=0, axis1=0, axis2=1):
    return on_diagonal(z_bar, x_bar, offset, axis1, axis2)


_TWICE = np.array([0, 2, 0])


@linear(stored, kind="unknown", inactive=("index",), cases=(case(draw(4), _TWICE), case(draw(4, 2), _TWICE)))
def stored_rule(z_bar, z, a_bar, index):
    return placed(z_bar, a_bar, index)


@linear(
    placed,
    kind="like_a_bar",
    inactive=("a_bar", "index"),
    cases=(case(draw(3), draw(4), _TWICE), case(draw(3, 2), draw(4, 2), _TWICE)),
)
def placed_rule(z_bar, z, v_bar, a_bar, index):
    return stored(z_bar, index)


@linear(
    pieces,
    kind="pieces",
    inactive=("arrays",),
    cases=(case(draw(5), [draw(2), draw(3)]), case(draw(2, 4), [draw(2, 1), draw(2, 3)], 1)),
)
def pieces_rule(z_bar, z, y_bar, arrays, axis=0):
    return np.concatenate(z_bar, axis)


# -- products ----------------------------------------------------------------------------------------

_LEFT = (
    case(draw(), draw(3), draw(3)),
    case(draw(2), draw(2, 3), draw(3)),
    case(draw(4), draw(3), draw(3, 4)),
    case(draw(2, 4), draw(2, 3), draw(3, 4)),
    case(draw(), draw(2, 3), draw(3, 4)),
)
_STACKS = (case(draw(5, 2, 4), draw(5, 2, 3), draw(3, 4)), case(draw(5, 2, 4), draw(2, 3), draw(5, 3, 4)))


@rule(matmul_left, kind="like_x", of=("z_bar", "y"), inactive=("x",), cases=(*_LEFT, *_STACKS))
def matmul_left_rule(w, z_bar, x, y):
    def jvp(z_dot, y_dot):
        return matmul_left(z_dot, x, y) + matmul_left(z_bar, x, y_dot)

    def vjp(w_bar):
        return unbroadcast(np.matmul(w_bar, y), z_bar), matmul_right(z_bar, w_bar, y)

    return jvp, vjp


@rule(matmul_right, kind="like_y", of=("z_bar", "x"), inactive=("y",), cases=(*_LEFT, *_STACKS))
def matmul_right_rule(w, z_bar, x, y):
    def jvp(z_dot, x_dot):
        return matmul_right(z_dot, x, y) + matmul_right(z_bar, x_dot, y)

    def vjp(w_bar):
        return unbroadcast(np.matmul(x, w_bar), z_bar), matmul_left(z_bar, x, w_bar)

    return jvp, vjp


_BY_NUMBER, _OF_NUMBER = case(draw(3), draw(3), draw()), case(draw(2, 3), draw(), draw(2, 3))


@rule(dot_left, kind="like_x", of=("z_bar", "y"), inactive=("x",), cases=(*_LEFT, _BY_NUMBER))
def dot_left_rule(w, z_bar, x, y):
    def jvp(z_dot, y_dot):
        return dot_left(z_dot, x, y) + dot_left(z_bar, x, y_dot)

    def vjp(w_bar):
        return unbroadcast(np.dot(w_bar, y), z_bar), dot_right(z_bar, w_bar, y)

    return jvp, vjp


@rule(dot_right, kind="like_y", of=("z_bar", "x"), inactive=("y",), cases=(*_LEFT, _OF_NUMBER))
def dot_right_rule(w, z_bar, x, y):
    def jvp(z_dot, x_dot):
        return dot_right(z_dot, x, y) + dot_right(z_bar, x_dot, y)

    def vjp(w_bar):
        return unbroadcast(np.dot(x, w_bar), z_bar), dot_left(z_bar, x, w_bar)

    return jvp, vjp


_INNER = (case(draw(), draw(3), draw(3)), case(draw(2, 4), draw(2, 3), draw(4, 3)), case(draw(4), draw(3), draw(4, 3)))


@rule(inner_left, kind="like_x", of=("z_bar", "y"), inactive=("x",), cases=(*_INNER, _BY_NUMBER))
def inner_left_rule(w, z_bar, x, y):
    def jvp(z_dot, y_dot):
        return inner_left(z_dot, x, y) + inner_left(z_bar, x, y_dot)

    def vjp(w_bar):
        return unbroadcast(np.inner(w_bar, y), z_bar), inner_right(z_bar, w_bar, y)

    return jvp, vjp


@rule(inner_right, kind="like_y", of=("z_bar", "x"), inactive=("y",), cases=(*_INNER, _OF_NUMBER))
def inner_right_rule(w, z_bar, x, y):
    def jvp(z_dot, x_dot):
        return inner_right(z_dot, x, y) + inner_right(z_bar, x_dot, y)

    def vjp(w_bar):
        return unbroadcast(np.inner(x, w_bar), z_bar), inner_left(z_bar, x, w_bar)

    return jvp, vjp


_OUTER = (case(draw(2, 3), draw(2), draw(3)), case(draw(), draw(2), draw(3)), case(draw(4, 3), draw(2, 2), draw(3, 1)))


@rule(outer_left, kind="like_x", of=("z_bar", "y"), inactive=("x",), cases=_OUTER)
def outer_left_rule(w, z_bar, x, y):
    def jvp(z_dot, y_dot):
        return outer_left(z_dot, x, y) + outer_left(z_bar, x, y_dot)

    def vjp(w_bar):
        return unbroadcast(np.outer(w_bar, y), z_bar), outer_right(z_bar, w_bar, y)

    return jvp, vjp


@rule(outer_right, kind="like_y", of=("z_bar", "x"), inactive=("y",), cases=_OUTER)
def outer_right_rule(w, z_bar, x, y):
    def jvp(z_dot, x_dot):
        return outer_right(z_dot, x, y) + outer_right(z_bar, x_dot, y)

    def vjp(w_bar):
        return unbroadcast(np.outer(x, w_bar), z_bar), outer_left(z_bar, x, w_bar)

    return jvp, vjp


@rule(
    others_product,
    kind="like_x",
    cases=(case(draw(4)), case(draw(2, 3), 1), case(draw(2, 3, 2), (0, 2)), case(np.array([0.0, 2.0, 3.0]))),
)
def others_product_rule(y, x, axis=None):
    """Its matrix is symmetric, so what flows forward and back is the same."""

    def jvp(x_dot):
        return others_slope(x, x_dot, axis)

    def vjp(y_bar):
        return others_slope(x, y_bar, axis)

    return jvp, vjp


_ONE_WAY = (case(draw(4), draw(4)), case(draw(2, 3), draw(2, 3), 1), case(np.array([0.0, 2.0, 3.0]), draw(3)))
_TWO_WAYS = (case(draw(4), draw(4), draw(4)), case(draw(2, 3), draw(2, 3), draw(2, 3), 1))


@rule(others_slope, kind="like_x", of=("x", "v"), cases=_ONE_WAY)
def others_slope_rule(y, x, v, axis=None):
    """All that flows is a product with the same numbers, symmetric in whatever it is multiplied with."""

    def jvp(x_dot, v_dot):
        return others_curve(x, v, x_dot, axis) + others_slope(x, v_dot, axis)

    def vjp(y_bar):
        return others_curve(x, v, y_bar, axis), others_slope(x, y_bar, axis)

    return jvp, vjp


@rule(others_curve, kind="like_x", of=("x", "v", "w"), cases=_TWO_WAYS)
def others_curve_rule(y, x, v, w, axis=None):
    def jvp(x_dot, v_dot, w_dot):
        return (
            others_twist(x, v, w, x_dot, axis) + others_curve(x, v_dot, w, axis) + others_curve(x, v, w_dot, axis)
        )

    def vjp(y_bar):
        return others_twist(x, v, w, y_bar, axis), others_curve(x, y_bar, w, axis), others_curve(x, v, y_bar, axis)

    return jvp, vjp


@rule(
    unpolyval,
    kind="unknown",
    of=("y_bar", "x"),
    inactive=("p",),
    cases=(case(draw(3), np.zeros(4), draw(3)), case(draw(), np.zeros(3), draw()), case(draw(2), np.zeros(1), draw(2))),
)
def unpolyval_rule(p_bar, y_bar, p, x):
    def jvp(y_dot, x_dot):
        return unpolyval(y_dot, p, x) + unpolyval_slope(y_bar * x_dot, p, x)

    def vjp(z_bar):
        return np.polyval(z_bar, x), y_bar * polyval_slope(z_bar, x)

    return jvp, vjp


@rule(
    polyval_slope,
    kind="polynomial",
    of=("p", "x"),
    cases=(case(draw(4), draw()), case(draw(4), draw(2, 3)), case(draw(1), draw(3)), case(draw(2), draw(3))),
)
def polyval_slope_rule(y, p, x):
    def jvp(p_dot, x_dot):
        slope = np.asarray(p)[:-1] * np.arange(len(p) - 1, 0, -1, dtype=np.asarray(p).dtype)
        return polyval_slope(p_dot, x) + polyval_slope(slope, x) * x_dot

    def vjp(y_bar):
        slope = np.asarray(p)[:-1] * np.arange(len(p) - 1, 0, -1, dtype=np.asarray(p).dtype)
        return unpolyval_slope(y_bar, p, x), y_bar * polyval_slope(slope, x)

    return jvp, vjp
