"""The helpers of the runtime that put entries elsewhere, or in order: they have derivatives, too."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import constant, elementwise, linear, rule
from tangent_like.runtime import (
    bessel_i1,
    chosen_weights,
    cumprod_tangent,
    each_quantile,
    entry_weights,
    into_bins,
    order_of,
    out_of_bins,
    pad_along,
    pad_chosen,
    positions,
    quantile_slopes,
    quantile_tangent,
    quantile_weights,
    quotient,
    rearranged,
    running_adjoint,
    running_bend,
    running_places,
    scatter,
    unpad,
    unpad_along,
    unpad_chosen,
    unpad_edges,
    unquantile,
    unsort,
    untake,
    untake_along,
)

where_from = constant(
    positions, order_of, running_places, reason="its result is a position, which jumps or stays", kind="unknown"
)


@linear(
    scatter,
    kind="like_x",
    of=("y_bar",),
    inactive=("x",),
    cases=(
        case(draw(4), np.zeros(3), np.array([0, 2, 0, -1])),
        case(draw(2, 2), np.zeros((3, 1)), np.eye(2, dtype=int)),
    ),
)
def scattered(z_bar, z, y_bar, x, source):
    return np.where(np.less(source, 0), 0.0, np.take(z_bar, source))


@linear(
    untake,
    kind="like_x",
    of=("y_bar",),
    inactive=("x",),
    cases=(case(draw(2), np.zeros(3), [1, 1]), case(draw(2, 2), np.zeros((2, 3)), [0, 2], 1)),
)
def untaken(z_bar, z, y_bar, x, indices, axis=None, mode="raise"):
    return np.take(z_bar, indices, axis=axis, mode=mode)


@linear(
    untake_along,
    kind="like_x",
    of=("y_bar",),
    inactive=("x",),
    cases=(case(draw(2, 1), np.zeros((2, 3)), np.array([[2], [0]]), 1),),
)
def untaken_along(z_bar, z, y_bar, x, indices, axis=-1):
    return np.take_along_axis(z_bar, indices, axis)


@linear(
    unpad_edges,
    kind="unknown",
    of=("y_bar",),
    inactive=("x", "constant_values"),
    cases=(
        case(draw(4, 5), np.zeros((2, 3)), 1, 2.0),
        case(draw(3, 6), np.zeros((2, 3)), ((1, 0), (2, 1)), np.ones((2, 2))),
    ),
)
def unpadded_edges(z_bar, z, y_bar, x, pad_width, constant_values):
    return np.pad(np.zeros(np.shape(x), np.result_type(y_bar)), pad_width, constant_values=z_bar)


@linear(unpad, kind="like_x", of=("y_bar",), inactive=("x",), cases=(case(draw(4, 5), np.zeros((2, 3)), 1),))
def unpadded(z_bar, z, y_bar, x, pad_width):
    return np.pad(z_bar, pad_width)


@linear(
    unpad_along,
    kind="like_x",
    of=("y_bar",),
    inactive=("x", "option"),
    cases=(
        case(draw(4, 5), np.zeros((2, 3)), 1, "mean", 2),
        case(draw(6), np.zeros(2), 2, "linear_ramp"),
        case(draw(4), np.zeros(2), 1, "reflect", "odd"),
    ),
)
def unpadded_along(z_bar, z, y_bar, x, pad_width, mode, option=None):
    return pad_along(z_bar, pad_width, mode, option)


@linear(
    pad_chosen,
    kind="unknown",
    inactive=("x", "stat_length"),
    cases=(
        case(draw(2, 3), np.array([[0.3, 0.1, 0.7], [0.2, 0.9, 0.4]]), 1, "maximum", 2),
        case(draw(3), np.array([0.3, 0.1, 0.7]), (2, 1), "median"),
    ),
)
def padded_by_choice(z_bar, z, x_dot, x, pad_width, mode, stat_length=None):
    return unpad_chosen(z_bar, x, pad_width, mode, stat_length)


@linear(
    unpad_chosen,
    kind="like_x",
    inactive=("x", "stat_length"),
    cases=(
        case(draw(4, 5), np.array([[0.3, 0.1, 0.7], [0.2, 0.9, 0.4]]), 1, "minimum", 2),
        case(draw(6), np.array([0.3, 0.1, 0.7]), (2, 1), "median"),
    ),
)
def unpadded_by_choice(z_bar, z, y_bar, x, pad_width, mode, stat_length=None):
    return pad_chosen(z_bar, x, pad_width, mode, stat_length)


@linear(
    pad_along,
    kind="unknown",
    inactive=("option",),
    cases=(case(draw(2, 3), 1, "mean", 2), case(draw(2), 1, "mean")),
)
def padded_along(z_bar, z, x, pad_width, mode, option=None):
    return unpad_along(z_bar, x, pad_width, mode, option)


_ORDERED = (
    case(draw(3), np.array([0.3, 0.1, 0.2]), np.array([0.1, 0.2, 0.3])),
    case(draw(2, 2), np.array([[0.3, 0.1], [0.1, 0.2]]), np.array([[0.1, 0.1], [0.3, 0.2]]), 0),
)


@linear(unsort, kind="like_x", of=("y_bar",), inactive=("x", "y"), cases=_ORDERED)
def unsorted(z_bar, z, y_bar, x, y, axis=-1):
    return rearranged(z_bar, x, y, axis)


@linear(rearranged, kind="unknown", of=("x_dot",), inactive=("x", "y"), cases=_ORDERED)
def put_in_order(z_bar, z, x_dot, x, y, axis=-1):
    return unsort(z_bar, x, y, axis)


chosen = constant(
    entry_weights,
    chosen_weights,
    reason="it is piecewise constant: its derivative is 0 wherever it has one",
    kind="unknown",
)


_BINNED = (case(draw(4), np.array([0.1, 0.5, 0.8, 2.0]), np.array([0.0, 0.5, 1.0])),)


@linear(into_bins, kind="unknown", inactive=("a", "edges"), cases=_BINNED)
def into_bins_rule(y_bar, y, weights, a, edges):
    return out_of_bins(y_bar, a, edges)


@linear(
    out_of_bins,
    kind="unknown",
    inactive=("a", "edges"),
    cases=(case(draw(2), np.array([0.1, 0.5, 0.8, 2.0]), np.array([0.0, 0.5, 1.0])),),
)
def out_of_bins_rule(z_bar, z, bar, a, edges):
    return into_bins(z_bar, a, edges)


@rule(
    quantile_weights,
    kind="unknown",
    of=("q",),
    inactive=("x",),
    cases=(case(np.array([0.3, 0.1, 0.2]), draw(low=0.1, high=0.4)), case(np.eye(3), draw(2, low=0.6, high=0.9), 1)),
)
def shares_of_places(w, x, q, axis=None):
    """In ``x`` they jump where entries change places."""

    def jvp(q_dot):
        return quantile_slopes(x, q, axis) * np.reshape(q_dot, np.shape(q) + (1,) * np.ndim(x))

    def vjp(w_bar):
        return np.reshape(
            np.sum(np.reshape(w_bar * quantile_slopes(x, q, axis), (np.size(q), -1)), axis=-1), np.shape(q)
        )

    return jvp, vjp


@rule(
    unquantile,
    kind="like_x",
    of=("y_bar", "weights"),
    inactive=("x",),
    cases=(
        case(draw(), draw(2, 3), np.zeros((2, 3))),
        case(draw(2), draw(2, 3), np.zeros((2, 3)), 1),
        case(draw(4, 2, 1), draw(4, 2, 3), np.zeros((2, 3)), 1, True),
    ),
)
def from_quantile(z, y_bar, weights, x, axis=None, keepdims=False):
    def jvp(y_dot, weights_dot):
        return unquantile(y_dot, weights, x, axis, keepdims) + unquantile(y_bar, weights_dot, x, axis, keepdims)

    def vjp(z_bar):
        return quantile_tangent(z_bar, weights, x, axis, keepdims), z_bar * each_quantile(y_bar, x, axis, keepdims)

    return jvp, vjp


@rule(
    quantile_tangent,
    kind="unknown",
    of=("x_dot", "weights"),
    inactive=("x",),
    cases=(
        case(draw(2, 3), draw(2, 3), np.zeros((2, 3))),
        case(draw(2, 3), draw(2, 3), np.zeros((2, 3)), 1),
        case(draw(2, 3), draw(4, 2, 3), np.zeros((2, 3)), 0, True),
    ),
)
def weighed(z, x_dot, weights, x, axis=None, keepdims=False):
    def jvp(x_dot_dot, weights_dot):
        return quantile_tangent(x_dot_dot, weights, x, axis, keepdims) + quantile_tangent(
            x_dot, weights_dot, x, axis, keepdims
        )

    def vjp(z_bar):
        return unquantile(z_bar, weights, x, axis, keepdims), x_dot * each_quantile(z_bar, x, axis, keepdims)

    return jvp, vjp


@linear(
    each_quantile,
    kind="unknown",
    inactive=("x",),
    cases=(
        case(draw(), np.zeros((2, 3))),
        case(draw(4, 2), np.zeros((2, 3)), 1),
        case(draw(2, 1), np.zeros((2, 3)), 1, True),
    ),
)
def each_quantile_rule(z_bar, z, y, x, axis=None, keepdims=False):
    return quantile_tangent(1.0, z_bar, x, axis, keepdims)


@elementwise(bessel_i1)
def i1(y, x):
    return np.where(np.equal(x, 0), 0.5, np.i0(x) - quotient(y, x))


@rule(
    running_adjoint,
    kind="first",
    of=("y_bar", "x"),
    cases=(
        case(draw(4), draw(4)),
        case(draw(3, 2), draw(3, 2)),
        case(draw(10), draw(10, low=0.5)),
        case(draw(1), draw(1)),
    ),
)
def running_adjoint_rule(z, y_bar, x):
    def jvp(y_dot, x_dot):
        return running_adjoint(y_dot, x) + running_bend(x_dot, y_bar, x)

    def vjp(z_bar):
        return cumprod_tangent(z_bar, x, 0), running_bend(z_bar, y_bar, x)

    return jvp, vjp
