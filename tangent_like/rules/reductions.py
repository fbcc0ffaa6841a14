"""Sums, means, extrema, products and spreads along axes.

``keepdims`` and ``ddof`` are keywords only: by position NumPy has ``dtype`` and ``out`` before.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition, linear, rule
from tangent_like.runtime import mean_count, others_product, quotient, spread, ties

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
def sum(y_bar, y, x, axis=None, *, keepdims=False):
    return spread(y_bar, x, axis, keepdims)


@linear(np.mean, kind="floating_reduction", methods=("mean",), cases=_AXES)
def mean(y_bar, y, x, axis=None, *, keepdims=False):
    return spread(y_bar / mean_count(x, axis), x, axis, keepdims)


@rule(np.max, np.amax, np.min, np.amin, kind="reduction", methods=("max", "min"), cases=_AXES)
def extremum(y, x, axis=None, *, keepdims=False):
    """Of a tie each entry gets an equal share."""

    def jvp(x_dot):
        return np.sum(ties(x, y, axis, keepdims) * x_dot, axis=axis, keepdims=keepdims)

    def vjp(y_bar):
        return ties(x, y, axis, keepdims) * spread(y_bar, x, axis, keepdims)

    return jvp, vjp


@rule(np.prod, kind="reduction", methods=("prod",), cases=(*_AXES, case(draw(0))))
def prod(y, x, axis=None, *, keepdims=False):
    def jvp(x_dot):
        return np.sum(others_product(x, axis) * x_dot, axis=axis, keepdims=keepdims)

    def vjp(y_bar):
        return others_product(x, axis) * spread(y_bar, x, axis, keepdims)

    return jvp, vjp


_SPREADS = (*_AXES[1:], case(draw(2, 3), axis=1, ddof=1), case(draw(4, 2), ddof=2, keepdims=True))


@rule(np.var, kind="floating_reduction", methods=("var",), cases=_SPREADS)
def var(y, x, axis=None, *, ddof=0, keepdims=False):
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


@rule(np.std, kind="floating_reduction", methods=("std",), cases=_SPREADS)
def std(y, x, axis=None, *, ddof=0, keepdims=False):
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
