"""Sums, means, extrema, products and spreads along axes.

``keepdims`` and ``ddof`` are keywords only: by position NumPy has ``out`` before. What ``where`` and
``initial`` mean is said by definitions, so that the text of the common case is not bent by them.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition, known, linear, rule
from tangent_like.runtime import mean_count, others_product, quotient, share, spread, ties, unbroadcast

_AXES = (
    case(draw()),
    case(draw(3)),
    case(draw(2, 3)),
    case(draw(2, 3), axis=0),
    case(draw(2, 3), 1),
    case(draw(2, 3), axis=-1, keepdims=True),
    case(draw(2, 3, 4), axis=(0, -1)),
    case(draw(2, 3, 4), axis=(2, 0), keepdims=True),
    case(draw(2, 3), keepdims=True),
    case(draw(0, 3), axis=1),
)


@linear(np.sum, kind="reduction", methods=("sum",), cases=(*_AXES, case(draw(0))))
def sum(y_bar, y, x, axis=None, dtype=None, *, keepdims=False):
    return spread(y_bar, x, axis, keepdims)


@linear(np.mean, kind="floating_reduction", methods=("mean",), cases=_AXES)
def mean(y_bar, y, x, axis=None, dtype=None, *, keepdims=False):
    return spread(y_bar / mean_count(x, axis), x, axis, keepdims)


@rule(np.max, np.amax, np.min, np.amin, kind="extreme", methods=("max", "min"), cases=_AXES)
def extremum(y, x, axis=None, *, keepdims=False):
    """Of a tie each entry gets an equal share."""

    def jvp(x_dot):
        return np.sum(ties(x, y, axis, keepdims) * x_dot, axis=axis, keepdims=keepdims)

    def vjp(y_bar):
        return ties(x, y, axis, keepdims) * spread(y_bar, x, axis, keepdims)

    return jvp, vjp


@rule(np.prod, kind="reduction", methods=("prod",), cases=(*_AXES, case(draw(0))))
def prod(y, x, axis=None, dtype=None, *, keepdims=False):
    def jvp(x_dot):
        return np.sum(others_product(x, axis) * x_dot, axis=axis, keepdims=keepdims)

    def vjp(y_bar):
        return others_product(x, axis) * spread(y_bar, x, axis, keepdims)

    return jvp, vjp


_SPREADS = (*_AXES[1:], case(draw(2, 3), axis=1, ddof=1), case(draw(4, 2), ddof=2, keepdims=True))


@rule(
    np.var, kind="floating_reduction", methods=("var",), cases=_SPREADS, aliases={"correction": "ddof"}
)
def var(y, x, axis=None, dtype=None, *, ddof=0, keepdims=False):
    def jvp(x_dot):
        return (
            2
            * np.sum((x - np.mean(x, axis=axis, keepdims=True)) * x_dot, axis=axis, keepdims=keepdims)
            / (mean_count(x, axis) - ddof)
        )

    def vjp(y_bar):
        return spread(2 * y_bar / (mean_count(x, axis) - ddof), x, axis, keepdims) * (
            x - np.mean(x, axis=axis, keepdims=True)
        )

    return jvp, vjp


@rule(
    np.std, kind="floating_reduction", methods=("std",), cases=_SPREADS, aliases={"correction": "ddof"}
)
def std(y, x, axis=None, dtype=None, *, ddof=0, keepdims=False):
    """0 where all entries are equal, as for a norm at 0."""

    def jvp(x_dot):
        return quotient(
            np.sum((x - np.mean(x, axis=axis, keepdims=True)) * x_dot, axis=axis, keepdims=keepdims),
            y * (mean_count(x, axis) - ddof),
        )

    def vjp(y_bar):
        return spread(quotient(y_bar, y * (mean_count(x, axis) - ddof)), x, axis, keepdims) * (
            x - np.mean(x, axis=axis, keepdims=True)
        )

    return jvp, vjp


@definition(np.ptp, cases=_AXES[1:])
def ptp(x, axis=None, *, keepdims=False):
    return np.max(x, axis=axis, keepdims=keepdims) - np.min(x, axis=axis, keepdims=keepdims)


@definition(
    np.average,
    of=("x", "weights"),
    accepts={"returned": (False,)},
    cases=(
        *_AXES[1:-1],
        case(draw(3), weights=draw(3, low=0.5)),
        case(draw(2, 3), weights=draw(2, 3, low=0.5)),
        case(draw(2, 3), axis=1, weights=draw(2, 3, low=0.5)),
        case(draw(2, 3), 1, draw(3, low=0.5)),
        case(draw(2, 3, 4), axis=-2, weights=draw(3, low=0.5)),
        case(draw(2, 3), axis=0, weights=draw(2, 3, low=0.5), keepdims=True),
        case(draw(2, 3, 4), axis=-2, weights=draw(3, low=0.5), keepdims=True),
        case(draw(2, 3, 4), axis=(1, 2), weights=draw(3, 4, low=0.5)),
        case(draw(2, 3, 4), axis=(-1, 0), weights=draw(4, 2, low=0.5), keepdims=True),
    ),
)
def average(x, axis=None, weights=None, returned=False, *, keepdims=False):
    return (
        np.mean(x, axis=axis, keepdims=keepdims)
        if weights is None
        else np.sum(x * weights, axis=axis, keepdims=keepdims) / np.sum(weights, axis=axis, keepdims=keepdims)
        if axis is None or np.ndim(x) == np.ndim(weights)
        else np.tensordot(x, weights, (axis, range(np.ndim(weights)))) / np.sum(weights)
        if np.ndim(weights) > 1 and not keepdims
        else np.expand_dims(np.tensordot(x, weights, (axis, range(np.ndim(weights)))) / np.sum(weights), axis)
        if np.ndim(weights) > 1
        else np.sum(np.moveaxis(x, axis, -1) * weights, axis=-1) / np.sum(weights)
        if not keepdims
        else np.expand_dims(np.sum(np.moveaxis(x, axis, -1) * weights, axis=-1) / np.sum(weights), axis)
    )


# -- where=, initial=, mean= -------------------------------------------------------------------------

_MASK = np.array([[True, False, True], [True, True, False]])
_ROW = np.array([True, False, True])
_WHERE = (
    case(draw(2, 3), where=_MASK),
    case(draw(2, 3), axis=0, where=_MASK),
    case(draw(2, 3), axis=-1, where=_MASK, keepdims=True),
    case(draw(2, 3), 1, where=_ROW),
    case(draw(2, 3, 4), axis=(0, 2), where=np.array([[[True]], [[False]]]) | np.ones((1, 3, 4), bool)),
)


@definition(
    np.sum,
    of=("x", "initial"),
    methods=("sum",),
    more=True,
    cases=(*_WHERE, case(draw(3), initial=draw()), case(draw(2, 3), axis=1, initial=draw(), where=_MASK)),
)
def sum_where(x, axis=None, dtype=None, *, keepdims=False, initial=0, where=True):
    return (
        np.sum(x if known(where is True) else np.where(where, x, 0.0), axis=axis, dtype=dtype, keepdims=keepdims)
        + initial
    )


@definition(
    np.prod,
    of=("x", "initial"),
    methods=("prod",),
    more=True,
    cases=(*_WHERE, case(draw(3), initial=draw()), case(draw(2, 3), axis=1, initial=draw(), where=_MASK)),
)
def prod_where(x, axis=None, dtype=None, *, keepdims=False, initial=1, where=True):
    return (
        np.prod(x if known(where is True) else np.where(where, x, 1.0), axis=axis, dtype=dtype, keepdims=keepdims)
        * initial
    )


@definition(np.mean, methods=("mean",), more=True, cases=_WHERE)
def mean_where(x, axis=None, dtype=None, *, keepdims=False, where=True):
    return np.sum(np.where(where, x, 0.0), axis=axis, dtype=dtype, keepdims=keepdims) / np.sum(
        np.broadcast_to(where, np.shape(x)), axis=axis, keepdims=keepdims
    )


_BOUNDED = (
    case(draw(2, 3), axis=1, initial=0.1),
    case(draw(4), initial=draw()),
    case(draw(2, 3), axis=0, where=_MASK, initial=-3.0),
    case(draw(2, 3), where=_MASK, initial=3.0, keepdims=True),
)


@rule(np.max, np.amax, kind="extreme", of=("x", "initial"), methods=("max",), more=True, cases=_BOUNDED)
def max_where(y, x, axis=None, *, keepdims=False, initial, where=True):
    def jvp(x_dot, initial_dot):
        greatest = np.max(x, axis=axis, keepdims=keepdims, initial=-np.inf, where=where)
        shares = ties(np.where(where, x, -np.inf), greatest, axis, keepdims)
        return (
            share(greatest, initial) * np.sum(shares * x_dot, axis=axis, keepdims=keepdims)
            + share(initial, greatest) * initial_dot
        )

    def vjp(y_bar):
        greatest = np.max(x, axis=axis, keepdims=keepdims, initial=-np.inf, where=where)
        shares = ties(np.where(where, x, -np.inf), greatest, axis, keepdims)
        return (
            shares * spread(y_bar * share(greatest, initial), x, axis, keepdims),
            unbroadcast(y_bar * share(initial, greatest), initial),
        )

    return jvp, vjp


@rule(np.min, np.amin, kind="extreme", of=("x", "initial"), methods=("min",), more=True, cases=_BOUNDED)
def min_where(y, x, axis=None, *, keepdims=False, initial, where=True):
    def jvp(x_dot, initial_dot):
        least = np.min(x, axis=axis, keepdims=keepdims, initial=np.inf, where=where)
        shares = ties(np.where(where, x, np.inf), least, axis, keepdims)
        return (
            share(initial, least) * np.sum(shares * x_dot, axis=axis, keepdims=keepdims)
            + share(least, initial) * initial_dot
        )

    def vjp(y_bar):
        least = np.min(x, axis=axis, keepdims=keepdims, initial=np.inf, where=where)
        shares = ties(np.where(where, x, np.inf), least, axis, keepdims)
        return (
            shares * spread(y_bar * share(initial, least), x, axis, keepdims),
            unbroadcast(y_bar * share(least, initial), initial),
        )

    return jvp, vjp


_FROM_MEAN = (
    *_WHERE[:4],
    case(draw(2, 3), axis=1, ddof=1, mean=draw(2, 1)),
    case(draw(2, 3), axis=0, mean=draw(1, 3), keepdims=True),
)


@definition(
    np.var,
    of=("x", "mean"),
    methods=("var",),
    more=True,
    cases=_FROM_MEAN,
    aliases={"correction": "ddof"},
)
def var_where(x, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None):
    return np.sum(
        np.where(
            where, x - (np.mean(x, axis=axis, keepdims=True, where=where) if mean is None else mean), 0.0
        )
        ** 2,
        axis=axis,
        dtype=dtype,
        keepdims=keepdims,
    ) / (np.sum(np.broadcast_to(where, np.shape(x)), axis=axis, keepdims=keepdims) - ddof)


@definition(
    np.std,
    kind="floating_reduction",
    of=("x", "mean"),
    methods=("std",),
    more=True,
    cases=_FROM_MEAN,
    aliases={"correction": "ddof"},
)
def std_where(x, axis=None, dtype=None, *, ddof=0, keepdims=False, where=True, mean=None):
    """Where it is 0, the root of something else is taken and not used: it has no slope there."""
    return np.where(
        np.var(x, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=where, mean=mean) > 0,
        np.sqrt(
            np.where(
                np.var(x, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=where, mean=mean) > 0,
                np.var(x, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=where, mean=mean),
                1.0,
            )
        ),
        0.0,
    )


# -- reductions of ufuncs ----------------------------------------------------------------------------

_FIRST_AXIS = (
    case(draw(3)),
    case(draw(2, 3)),
    case(draw(2, 3), 1),
    case(draw(2, 3), axis=None),
    case(draw(2, 3, 4), axis=(0, 2), keepdims=True),
)


@definition(np.subtract.reduce, cases=_FIRST_AXIS[:3])
def subtract_reduce(x, axis=0):
    """The first without the others."""
    return 2 * np.take(x, 0, axis) - np.sum(x, axis=axis)


@definition(np.divide.reduce, cases=_FIRST_AXIS[:3])
def divide_reduce(x, axis=0):
    """The first over the product of the others."""
    return np.take(x, 0, axis) / np.prod(np.delete(x, 0, axis), axis=axis)


@definition(np.add.reduce, cases=_FIRST_AXIS)
def add_reduce(x, axis=0, dtype=None, *, keepdims=False, initial=0, where=True):
    return np.sum(x, axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where)


@definition(np.multiply.reduce, cases=_FIRST_AXIS)
def multiply_reduce(x, axis=0, dtype=None, *, keepdims=False, initial=1, where=True):
    return np.prod(x, axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=where)


@definition(np.maximum.reduce, cases=_FIRST_AXIS)
def maximum_reduce(x, axis=0, *, keepdims=False):
    return np.max(x, axis=axis, keepdims=keepdims)


@definition(np.minimum.reduce, cases=_FIRST_AXIS)
def minimum_reduce(x, axis=0, *, keepdims=False):
    return np.min(x, axis=axis, keepdims=keepdims)


@definition(np.fmax.reduce, cases=_FIRST_AXIS)
def fmax_reduce(x, axis=0, *, keepdims=False):
    return np.nanmax(x, axis=axis, keepdims=keepdims)


@definition(np.fmin.reduce, cases=_FIRST_AXIS)
def fmin_reduce(x, axis=0, *, keepdims=False):
    return np.nanmin(x, axis=axis, keepdims=keepdims)


@rule(np.hypot.reduce, kind="first_axis_reduction", cases=_FIRST_AXIS)
def hypot_reduce(y, x, axis=0, *, keepdims=False):
    def jvp(x_dot):
        return np.sum(x * x_dot, axis=axis, keepdims=keepdims) / y

    def vjp(y_bar):
        return x * spread(y_bar / y, x, axis, keepdims)

    return jvp, vjp


@rule(np.logaddexp.reduce, kind="first_axis_reduction", cases=_FIRST_AXIS)
def logaddexp_reduce(y, x, axis=0, *, keepdims=False):
    def jvp(x_dot):
        return np.sum(
            np.exp(x - spread(np.where(y == -np.inf, 0.0, y), x, axis, keepdims)) * x_dot, axis=axis, keepdims=keepdims
        )

    def vjp(y_bar):
        return np.exp(x - spread(np.where(y == -np.inf, 0.0, y), x, axis, keepdims)) * spread(y_bar, x, axis, keepdims)

    return jvp, vjp
