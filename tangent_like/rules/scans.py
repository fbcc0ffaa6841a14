"""Along an axis, step by step: running sums and products, differences, slopes and areas."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition, known, linear, rule
from tangent_like.runtime import (
    cumprod_tangent,
    running_log_adjoint,
    running_log_tangent,
    running_places,
    slopes_by_spacing,
    slopes_of,
    spread,
    trapezoid_gaps,
    trapezoid_weights,
    unbroadcast,
    uncumprod,
    undiff,
    ungradient,
    unreduceat,
    unspaced,
    untake_along,
)

_ANY = (case(draw(3)), case(draw(2, 3)), case(draw(2, 0)), case(draw()))


@linear(
    np.cumsum,
    kind="cumulative",
    methods=("cumsum",),
    cases=(*_ANY, case(draw(2, 3), 0), case(draw(2, 3, 4), axis=-2)),
)
def cumsum(y_bar, y, x, axis=None, dtype=None):
    return np.reshape(np.flip(np.cumsum(np.flip(y_bar, axis), axis), axis), np.shape(x))


@linear(
    np.diff,
    kind="differenced",
    cases=(
        case(draw(5)),
        case(draw(5), 2),
        case(draw(2, 4), axis=0),
        case(draw(2, 4, 3), n=3, axis=1),
        case(draw(2), 2),
        case(draw(2), 3),
        case(draw(0)),
    ),
)
def diff(y_bar, y, x, n=1, axis=-1):
    return undiff(y_bar, x, n, axis)


@definition(
    np.diff,
    of=("x", "prepend", "append"),
    more=True,
    cases=(
        case(draw(4), prepend=draw(1)),
        case(draw(4), append=draw(2), prepend=draw(1)),
        case(draw(2, 3), n=2, axis=0, append=draw(1, 3)),
        case(draw(4), prepend=draw(), append=draw()),
        case(draw(2, 3), prepend=draw()),
        case(draw(4), 0, prepend=0.5),
    ),
)
def diff_between(x, n=1, axis=-1, prepend=None, append=None):
    """Numbers stand for a slice of them, and nothing for an empty one; of no order nothing is joined."""
    return x if known(n == 0) else np.diff(
        np.concatenate(
            [
                np.take(x, np.arange(0), axis=axis)
                if prepend is None
                else prepend + np.zeros_like(np.take(x, np.arange(1), axis=axis))
                if np.ndim(prepend) == 0
                else prepend,
                x,
                np.take(x, np.arange(0), axis=axis)
                if append is None
                else append + np.zeros_like(np.take(x, np.arange(1), axis=axis))
                if np.ndim(append) == 0
                else append,
            ],
            axis=axis,
        ),
        n,
        axis,
    )


@definition(
    np.ediff1d,
    of=("x", "to_end", "to_begin"),
    cases=(
        case(draw(4)),
        case(draw(2, 3)),
        case(draw(4), draw(2)),
        case(draw(4), to_begin=draw()),
        case(draw(4), to_end=draw(1), to_begin=draw(2)),
    ),
)
def ediff1d(x, to_end=None, to_begin=None):
    return (
        np.diff(np.ravel(x))
        if to_end is None and to_begin is None
        else np.concatenate([np.diff(np.ravel(x)), np.ravel(to_end)])
        if to_begin is None
        else np.concatenate([np.ravel(to_begin), np.diff(np.ravel(x))])
        if to_end is None
        else np.concatenate([np.ravel(to_begin), np.diff(np.ravel(x)), np.ravel(to_end)])
    )


_RUNNING = (case(draw(4)), case(draw(2, 3)), case(draw(3, 2), 0), case(draw(2, 3, 2), axis=-2), case(draw(0)))
_LONG = (case(draw(9)), case(draw(10, 2), 0), case(np.array([2.0, 1.0, 0.0] * 4)))
_ZEROS = (case(np.array([2.0, 0.0, 3.0, 0.0, 1.0])), case(np.array([[0.0, 2.0], [3.0, 0.0]]), axis=1))


@rule(np.cumprod, kind="cumulative", methods=("cumprod",), cases=(*_RUNNING, *_ZEROS, *_LONG))
def cumprod(y, x, axis=None, dtype=None):
    def jvp(x_dot):
        return cumprod_tangent(x_dot, x, axis)

    def vjp(y_bar):
        return uncumprod(y_bar, x, axis)

    return jvp, vjp


_BY_AXIS = (case(draw(4)), case(draw(3, 2), axis=0), case(draw(2, 3), axis=-1))


@definition(getattr(np, "cumulative_sum", None), accepts={"include_initial": (False,)}, cases=_BY_AXIS)
def cumulative_sum(x, *, axis=None, dtype=None, include_initial=False):
    return np.cumsum(x, axis=axis, dtype=dtype)


@definition(getattr(np, "cumulative_prod", None), accepts={"include_initial": (False,)}, cases=_BY_AXIS)
def cumulative_prod(x, *, axis=None, dtype=None, include_initial=False):
    return np.cumprod(x, axis=axis, dtype=dtype)


_WITH_START = (
    case(draw(4), include_initial=True),
    case(draw(2, 3), axis=-1, include_initial=True),
    case(draw(0, 3), axis=0, include_initial=True),
)


@definition(
    getattr(np, "cumulative_sum", None), accepts={"include_initial": (True,)}, more=True, cases=_WITH_START
)
def cumulative_sum_from_none(x, *, axis=None, dtype=None, include_initial):
    return np.cumsum(
        np.concatenate(
            [np.zeros_like(np.sum(x, axis=0 if axis is None else axis, keepdims=True)), x],
            axis=0 if axis is None else axis,
        ),
        axis=axis,
        dtype=dtype,
    )


@definition(
    getattr(np, "cumulative_prod", None), accepts={"include_initial": (True,)}, more=True, cases=_WITH_START
)
def cumulative_prod_from_none(x, *, axis=None, dtype=None, include_initial):
    return np.cumprod(
        np.concatenate(
            [np.ones_like(np.sum(x, axis=0 if axis is None else axis, keepdims=True)), x],
            axis=0 if axis is None else axis,
        ),
        axis=axis,
        dtype=dtype,
    )


_FIRST_AXIS = (case(draw(4)), case(draw(3, 2)), case(draw(2, 3), axis=1), case(draw(2, 3, 2), -2))


@definition(np.add.accumulate, cases=_FIRST_AXIS)
def add_accumulate(x, axis=0, dtype=None):
    return np.cumsum(x, axis=axis, dtype=dtype)


@linear(
    np.add.reduceat,
    kind="unknown",
    inactive=("indices",),
    cases=(
        case(draw(6), np.array([0, 2, 5])),
        case(draw(6), np.array([3, 1, 1, 5])),
        case(draw(2, 5), np.array([0, 3]), axis=1),
        case(draw(5, 2), [1, 4], 0),
    ),
)
def add_reduceat(y_bar, y, x, indices, axis=0):
    return unreduceat(y_bar, x, indices, axis)


@definition(np.multiply.accumulate, cases=_FIRST_AXIS)
def multiply_accumulate(x, axis=0, dtype=None):
    return np.cumprod(x, axis=axis, dtype=dtype)


@rule(np.maximum.accumulate, np.minimum.accumulate, kind="first", cases=_FIRST_AXIS)
def running_extremum(y, x, axis=0):
    def jvp(x_dot):
        return np.take_along_axis(x_dot, running_places(x, y, axis), axis)

    def vjp(y_bar):
        return untake_along(y_bar, x, running_places(x, y, axis), axis)

    return jvp, vjp


@rule(np.logaddexp.accumulate, kind="floated_first", cases=_FIRST_AXIS)
def logaddexp_accumulate(y, x, axis=0):
    def jvp(x_dot):
        return running_log_tangent(x_dot, y, x, axis)

    def vjp(y_bar):
        return running_log_adjoint(y_bar, y, x, axis)

    return jvp, vjp


@linear(
    np.gradient,
    kind="slopes",
    accepts={"edge_order": (1, 2)},
    cases=(
        case(draw(7)), case(draw(3)), case(draw(6), edge_order=2), case(draw(7, 2), axis=0), case(draw(7, 8))
    ),
)
def gradient(y_bar, y, x, *, axis=None, edge_order=1):
    return ungradient(y_bar, x, (), axis, edge_order)


@rule(
    np.gradient,
    more=True,
    kind="slopes",
    of=("x", "spacing"),
    accepts={"edge_order": (1, 2), "axis": (None, 0, 1, 2, 3, -1, -2, -3)},
    cases=(
        case(draw(8), draw(low=0.4)),
        case(draw(8), 0.5, edge_order=2),
        case(draw(5), np.array([0.0, 0.3, 1.0, 1.2, 2.0])),
        case(draw(5), draw(5, sorted=True)),
        case(draw(2), draw(2, sorted=True)),
        case(draw(5, 2), draw(5, sorted=True), axis=0),
        case(draw(2, 7), draw(low=0.4), axis=-1, edge_order=2),
        case(draw(5), draw(5, sorted=True), edge_order=2),
        case(draw(3, 2), draw(3, sorted=True), axis=0, edge_order=2),
    ),
)
def gradient_by_spacing(y, x, spacing, *, axis=None, edge_order=1):
    """By how far apart the values stand along one axis."""

    def jvp(x_dot, spacing_dot):
        return (
            np.gradient(x_dot, spacing, axis=axis, edge_order=edge_order)
            if np.ndim(x) == 1 or axis is not None
            else slopes_of(x_dot, (spacing,), axis, edge_order)
        ) + slopes_by_spacing(spacing_dot, x, y, spacing, axis, edge_order)

    def vjp(y_bar):
        return (
            ungradient(y_bar, x, (), axis, edge_order) / spacing
            if np.ndim(spacing) == 0
            else ungradient(y_bar, x, (spacing,), axis, edge_order)
        ), unspaced(y_bar, x, y, spacing, axis, edge_order)

    return jvp, vjp


@linear(
    np.gradient,
    more=True,
    kind="slopes",
    accepts={"edge_order": (1, 2)},
    cases=(
        case(draw(7, 8), 0.5, 2.0, edge_order=2),
        case(draw(4, 3), 0.5, axis=(1, 0)),
        case(draw(4, 3), np.array([0.0, 0.3, 1.0, 1.2]), 0.5),
    ),
)
def gradient_over_axes(y_bar, y, x, *spacing, axis=None, edge_order=1):
    return ungradient(y_bar, x, spacing, axis, edge_order)


@rule(
    getattr(np, "trapezoid", None),
    getattr(np, "trapz", None),
    kind="integral",
    of=("y", "x", "dx"),
    cases=(
        case(draw(4)),
        case(draw(4), draw(4)),
        case(draw(4), dx=draw()),
        case(draw(2, 3), draw(3)),
        case(draw(3, 2), draw(3), axis=0),
        case(draw(3, 2), draw(3, 2), axis=0),
        case(draw(2, 3, 4), None, 0.3, 1),
        case(draw(2, 3), draw(2, 3)),
        case(draw(1, 3), draw(2, 3)),
        case(draw(3), draw(2, 3)),
        case(draw(3, 2), draw(3, 1), axis=0),
    ),
)
def trapezoid(r, y, x=None, dx=1.0, axis=-1):
    def jvp(y_dot, x_dot, dx_dot):
        return (
            np.trapezoid(y_dot, x, dx, axis)
            + (0.0 if x is None else np.trapezoid(y, x_dot, axis=axis))
            + (dx_dot * np.trapezoid(y, axis=axis) if x is None else 0.0)
        )

    def vjp(r_bar):
        return (
            spread(r_bar, y, axis) * trapezoid_weights(y, x, dx, axis)
            if x is None or np.ndim(x) == 1
            else unbroadcast(np.expand_dims(r_bar, axis) * trapezoid_weights(y, x, dx, axis), y),
            trapezoid_gaps(r_bar, y, x, axis),
            np.sum(r_bar * np.trapezoid(y, axis=axis)) if x is None else 0.0,
        )

    return jvp, vjp


@rule(
    np.unwrap,
    kind="elementwise",
    cases=(case(draw(5, low=-3, high=3)), case(draw(3, 4, low=-3, high=3), axis=0), case(draw(4), period=1.5)),
)
def unwrap(y, x, discont=None, axis=-1, *, period=6.283185307179586):
    """Whole periods are added, which does not change with ``x``."""

    def jvp(x_dot):
        return x_dot

    def vjp(y_bar):
        return y_bar

    return jvp, vjp
