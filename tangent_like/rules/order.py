"""Sorted entries, and the numbers between them: quantiles, medians, interpolation.

Of entries that tie, one is taken for the first, as sorting does.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_most, definition, rule
from tangent_like.runtime import (
    chosen_weights,
    entry_weights,
    interp_knots,
    interp_slope,
    interp_values,
    quantile_slopes,
    quantile_tangent,
    quantile_weights,
    rearranged,
    scatter,
    unplace,
    unquantile,
    unsort,
)

_SORTED = (case(draw(5)), case(draw(3, 4)), case(draw(3, 4), 0), case(draw(3, 4), axis=None), case(draw(0)))


@rule(np.sort, kind="ordered", cases=_SORTED)
def sort(y, x, axis=-1, kind=None, *, stable=None):
    def jvp(x_dot):
        return rearranged(x_dot, x, y, axis)

    def vjp(y_bar):
        return unsort(y_bar, x, y, axis)

    return jvp, vjp


@rule(
    np.partition,
    kind="ordered",
    cases=(case(draw(5), 2), case(draw(3, 4), (1, 2), 0), case(draw(3, 4), 5, axis=None)),
)
def partition(y, x, kth, axis=-1, kind="introselect"):
    def jvp(x_dot):
        return rearranged(x_dot, x, y, axis)

    def vjp(y_bar):
        return unsort(y_bar, x, y, axis)

    return jvp, vjp


@rule(np.unique, kind="flattened", cases=(case(draw(5)), case(draw(2, 3)), case(np.array([1.0, 2.0, 0.5]))))
def unique(y, x):
    """Of equal entries the first."""

    def jvp(x_dot):
        return np.take(x_dot, np.unique(x, return_index=True)[1])

    def vjp(y_bar):
        return scatter(y_bar, x, np.unique(x, return_index=True)[1])

    return jvp, vjp


_PLACES = (
    case(draw(5), 0.3),
    case(draw(5), 0.61, axis=0),
    case(draw(3, 4), 0.7, axis=1),
    case(draw(3, 4), 0.7, axis=0, keepdims=True),
    case(draw(3, 4), draw(low=0.1, high=0.3)),
    case(draw(3, 4), np.array([0.1, 0.45, 0.9]), axis=-1),
    case(draw(2, 3, 4), draw(2, low=0.1, high=0.15), axis=(0, 2)),
    case(draw(2, 3, 4), draw(2, low=0.6, high=0.65), axis=1, keepdims=True),
)
_ONLY = {"method": ("linear",), "overwrite_input": (False,)}


@rule(np.quantile, kind="sampled", of=("x", "q"), accepts=_ONLY, cases=_PLACES)
def quantile(y, x, q, axis=None, *, overwrite_input=False, method="linear", keepdims=False):
    def jvp(x_dot, q_dot):
        return (
            quantile_tangent(x_dot, quantile_weights(x, q, axis), x, axis, keepdims)
            + quantile_tangent(x, quantile_slopes(x, q, axis), x, axis, keepdims)
            * np.reshape(q_dot, np.shape(q) + (1,) * (np.ndim(y) - np.ndim(q)))
        )

    def vjp(y_bar):
        return (
            unquantile(y_bar, quantile_weights(x, q, axis), x, axis, keepdims),
            unplace(y_bar, quantile_slopes(x, q, axis), x, q, axis, keepdims),
        )

    return jvp, vjp


# Of a matrix of ``q`` NumPy moves the axes otherwise.
nanquantile = at_most(q=1)(
    rule(np.nanquantile, kind="sampled", of=("x", "q"), accepts=_ONLY, cases=_PLACES)(quantile.fn)
)
_OF_ENTRIES = {"method": ("lower", "higher", "nearest", "midpoint"), "overwrite_input": (False,)}


@rule(
    np.quantile,
    np.nanquantile,
    more=True,
    kind="sampled",
    of=("x",),
    inactive=("q",),
    accepts=_OF_ENTRIES,
    cases=(
        case(draw(5), 0.3, method="lower"),
        case(draw(3, 4), 0.7, axis=1, method="higher"),
        case(draw(3, 4), np.array([0.1, 0.45, 0.9]), axis=-1, keepdims=True, method="midpoint"),
        case(draw(2, 3, 4), 0.61, axis=(0, 2), method="nearest"),
    ),
)
def quantile_of_entries(y, x, q, axis=None, *, overwrite_input=False, method="linear", keepdims=False):
    """One of the entries, or the middle of two: in ``q`` there are steps."""

    def jvp(x_dot):
        return quantile_tangent(x_dot, entry_weights(x, q, axis, method), x, axis, keepdims)

    def vjp(y_bar):
        return unquantile(y_bar, entry_weights(x, q, axis, method), x, axis, keepdims)

    return jvp, vjp


# Where the place of a quantile among n entries is n + 1 - a - b times q, and a - 1 on: Hyndman and Fan (1996), 4 to 9.
_CONTINUOUS = (
    "hazen", "weibull", "median_unbiased", "normal_unbiased", "interpolated_inverted_cdf"
)  # fmt: skip
_BETWEEN = {"method": _CONTINUOUS, "overwrite_input": (False,)}


@definition(
    np.quantile,
    more=True,
    kind="sampled",
    of=("x", "q"),
    accepts=_BETWEEN,
    cases=(
        *(case(draw(5), 0.37, method=method) for method in _CONTINUOUS),
        *(case(draw(3, 4), draw(2, low=0.3, high=0.35), axis=1, method=method) for method in _CONTINUOUS),
        case(draw(5), 0.02, method="hazen"),
        case(draw(5, 2), 0.99, axis=0, keepdims=True, method="weibull"),
        case(draw(2, 3, 2), draw(2, low=0.3, high=0.35), axis=(0, -1), method="hazen"),
    ),
)
def quantile_between(x, q, axis=None, *, overwrite_input=False, method="linear", keepdims=False):
    """The linear quantile elsewhere: at the same place among the entries."""
    return np.quantile(
        x,
        np.clip(
            (
                np.multiply(q, np.size(x) if axis is None else np.prod(np.take(np.shape(x), axis)))
                + (
                    -0.5
                    if method == "hazen"
                    else np.subtract(q, 1.0)
                    if method == "weibull"
                    else (np.subtract(q, 2.0)) / 3
                    if method == "median_unbiased"
                    else 0.25 * np.asarray(q) - 0.625
                    if method == "normal_unbiased"
                    else -1.0
                )
            )
            / np.maximum((np.size(x) if axis is None else np.prod(np.take(np.shape(x), axis))) - 1, 1),
            0.0,
            1.0,
        ),
        axis=axis,
        keepdims=keepdims,
    )


_PERCENTS = (
    case(draw(5), 30),
    case(draw(3, 4), [30, 61.5], axis=0),
    case(draw(3, 4), 61.5, axis=1),
    case(draw(3, 4), draw(low=10, high=15), axis=0, keepdims=True),
)


@definition(np.percentile, of=("x", "q"), accepts=_ONLY, cases=_PERCENTS)
def percentile(x, q, axis=None, *, overwrite_input=False, method="linear", keepdims=False):
    return np.quantile(x, np.divide(q, 100), axis=axis, keepdims=keepdims)


@definition(
    np.percentile,
    more=True,
    of=("x", "q"),
    accepts=_OF_ENTRIES,
    cases=(case(draw(5), 30, method="lower"), case(draw(3, 4), 61.5, axis=1, method="midpoint")),
)
def percentile_of_entries(x, q, axis=None, *, overwrite_input=False, method="linear", keepdims=False):
    return np.quantile(x, np.divide(q, 100), axis=axis, method=method, keepdims=keepdims)


@definition(
    np.percentile,
    more=True,
    of=("x", "q"),
    accepts=_BETWEEN,
    cases=(case(draw(5), 37, method="hazen"), case(draw(3, 4), 61.5, axis=1, method="weibull")),
)
def percentile_between(x, q, axis=None, *, overwrite_input=False, method="linear", keepdims=False):
    return np.quantile(x, np.divide(q, 100), axis=axis, method=method, keepdims=keepdims)


@at_most(q=1)
@definition(np.nanpercentile, of=("x", "q"), accepts=_ONLY, cases=_PERCENTS)
def nanpercentile(x, q, axis=None, *, overwrite_input=False, method="linear", keepdims=False):
    return np.nanquantile(x, np.divide(q, 100), axis=axis, keepdims=keepdims)


_BY_WEIGHTS = {"method": ("inverted_cdf",), "overwrite_input": (False,)}


@at_most(q=1)
@rule(
    np.quantile,
    more=True,
    kind="unknown",
    of=("x",),
    inactive=("q", "weights"),
    accepts=_BY_WEIGHTS,
    cases=(
        case(draw(5), 0.3, method="inverted_cdf"),
        case(draw(5), 0.3, weights=draw(5, low=0.5), method="inverted_cdf"),
        case(draw(3, 4), 0.6, axis=1, weights=draw(4, low=0.5), method="inverted_cdf"),
        case(draw(3, 4), 0.6, axis=0, weights=draw(3, 4, low=0.5), method="inverted_cdf", keepdims=True),
        case(draw(5), np.array([0.3, 0.8]), weights=draw(5, low=0.5), method="inverted_cdf"),
        case(draw(3, 4), np.array([0.3, 0.8]), axis=-1, weights=draw(4, low=0.5), method="inverted_cdf"),
    ),
)
def quantile_by_weights(y, x, q, axis=None, *, overwrite_input=False, method="linear", keepdims=False, weights=None):
    """One of the entries, whatever they weigh."""

    def jvp(x_dot):
        return quantile_tangent(x_dot, chosen_weights(x, y, axis, keepdims), x, axis, keepdims)

    def vjp(y_bar):
        return unquantile(y_bar, chosen_weights(x, y, axis, keepdims), x, axis, keepdims)

    return jvp, vjp


@at_most(q=1)
@definition(
    np.percentile,
    more=True,
    of=("x",),
    inactive=("q", "weights"),
    accepts=_BY_WEIGHTS,
    cases=(
        case(draw(5), 30, weights=draw(5, low=0.5), method="inverted_cdf"),
        case(draw(3, 4), 61.5, axis=1, weights=draw(4, low=0.5), method="inverted_cdf"),
    ),
)
def percentile_by_weights(x, q, axis=None, *, overwrite_input=False, method="linear", keepdims=False, weights=None):
    return np.quantile(x, np.divide(q, 100), axis=axis, weights=weights, method=method, keepdims=keepdims)


_MIDDLES = (
    case(draw(5)),
    case(draw(4)),
    case(draw(3, 4), axis=0),
    case(draw(3, 4), axis=1, keepdims=True),
    case(draw(2, 3, 4), axis=(0, -1)),
)


@definition(np.median, accepts={"overwrite_input": (False,)}, cases=_MIDDLES)
def median(x, axis=None, *, overwrite_input=False, keepdims=False):
    return np.quantile(x, 0.5, axis=axis, keepdims=keepdims)


@definition(np.nanmedian, accepts={"overwrite_input": (False,)}, cases=_MIDDLES)
def nanmedian(x, axis=None, *, overwrite_input=False, keepdims=False):
    return np.nanquantile(x, 0.5, axis=axis, keepdims=keepdims)


@rule(
    np.interp,
    kind="interpolated",
    of=("x", "xp", "fp"),
    cases=(
        case(draw(low=0.1, high=0.9), np.array([0.0, 1.0]), draw(2)),
        case(draw(4, low=-3, high=3), np.array([-1.9, -0.5, 0.1, 1.7]), draw(4)),
        case(draw(2, 3, low=-3, high=3), draw(3, low=-2.0, high=-1.9, sorted=True), draw(3)),
        case(0.3, np.array([0.5]), draw(1)),
    ),
)
def interp(y, x, xp, fp):
    """Outside of ``xp`` the ends hold, with slope 0."""

    def jvp(x_dot, xp_dot, fp_dot):
        return (
            interp_slope(x, xp, fp) * x_dot
            - interp_slope(x, xp, fp) * np.interp(x, xp, xp_dot)
            + np.interp(x, xp, fp_dot)
        )

    def vjp(y_bar):
        return (
            y_bar * interp_slope(x, xp, fp),
            interp_knots(y_bar, x, xp, fp),
            interp_values(y_bar, x, xp, fp),
        )

    return jvp, vjp


@definition(
    np.interp,
    more=True,
    of=("x", "xp", "fp", "left", "right"),
    cases=(
        case(draw(5), np.array([-1.0, 0.1, 1.2]), draw(3), draw(), draw()),
        case(draw(5), np.array([-1.0, 0.1, 1.2]), draw(3), right=draw()),
        case(draw(2, 3), draw(4, sorted=True), draw(4), left=0.3),
    ),
)
def interp_beyond(x, xp, fp, left=None, right=None):
    """Outside of the points what is given for there."""
    return np.where(
        x < xp[0],
        fp[0] if left is None else left,
        np.where(x > xp[-1], fp[-1] if right is None else right, np.interp(x, xp, fp)),
    )


@definition(
    np.interp,
    more=True,
    of=("x", "xp", "fp"),
    inactive=("left", "right"),
    cases=(
        case(draw(5, low=-3.0, high=6.0), np.array([0.1, 1.2, 1.9]), draw(3), period=2.5),
        case(draw(low=4.0, high=4.5), np.array([2.9, 0.1, 1.2]), draw(3), period=2.0),
        case(draw(low=4.0, high=4.5), np.array([2.9, 0.1, 1.2]), draw(3), period=-2.0),
    ),
)
def interp_around(x, xp, fp, left=None, right=None, period=None):
    """The points once around, in order, with the last before the first and the first behind the last."""
    return np.interp(
        x % np.abs(period),
        np.concatenate(
            [
                np.take(np.sort(xp % np.abs(period)), [-1]) - np.abs(period),
                np.sort(xp % np.abs(period)),
                np.take(np.sort(xp % np.abs(period)), [0]) + np.abs(period),
            ]
        ),
        np.concatenate(
            [
                np.take(np.take(fp, np.argsort(xp % np.abs(period))), [-1]),
                np.take(fp, np.argsort(xp % np.abs(period))),
                np.take(np.take(fp, np.argsort(xp % np.abs(period))), [0]),
            ]
        ),
    )
