"""``scipy.stats``: means, spreads and moments of samples, along their first axis unless another is given."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import special, stats

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_least, at_most, definition, known, rule
from tangent_like.runtime import (
    chance_slope,
    correlation_slope,
    line_error,
    line_error_by_heights,
    line_slope,
    line_slope_by_heights,
)

_SAMPLES = (
    case(draw(5, low=0.5, high=2.0)),
    case(draw(4, 3, low=0.5, high=2.0)),
    case(draw(3, 4, low=0.5, high=2.0), axis=1),
    case(draw(3, 4, low=0.5, high=2.0), axis=None),
)


@definition(stats.zscore, cases=(*_SAMPLES, case(draw(5), ddof=1)))
def zscore(x, axis=0, ddof=0):
    return (x - np.mean(x, axis=axis, keepdims=True)) / np.std(x, axis=axis, ddof=ddof, keepdims=True)


# SciPy broadcasts weights, where NumPy's average takes those of one axis for that of the sum.
_WEIGHED = (
    *_SAMPLES,
    case(draw(4, low=0.5), weights=draw(4, low=0.5)),
    case(draw(4, 3, low=0.5), weights=draw(4, 3, low=0.5)),
    case(draw(4, 3, low=0.5), axis=1, weights=draw(4, 3, low=0.5)),
)


@at_least(x=1)
@definition(stats.gmean, of=("x", "weights"), cases=_WEIGHED)
def gmean(x, axis=0, dtype=None, weights=None):
    return np.exp(
        np.mean(np.log(x), axis=axis)
        if known(weights is None)
        else np.average(np.log(x), axis=axis, weights=np.broadcast_to(weights, np.shape(x)))
    )


@at_least(x=1)
@definition(
    getattr(stats, "pmean", None),
    of=("x",),
    accepts={"p": (0,), "dtype": (None,), "weights": (None,)},
    cases=(case(draw(4, low=0.5), 0), case(draw(4, 3, low=0.5), 0, axis=1)),
)
def pmean_of_0(x, p, *, axis=0, dtype=None, weights=None):
    return stats.gmean(x, axis)


@at_least(x=1)
@definition(
    getattr(stats, "pmean", None),
    more=True,
    of=("x",),
    accepts={"dtype": (None,), "weights": (None,)},
    cases=(
        case(draw(4, low=0.5), 3),
        case(draw(4, 3, low=0.5), -2, axis=1),
        case(draw(4, low=0.5), 2, axis=None),
    ),
)
def pmean(x, p, *, axis=0, dtype=None, weights=None):
    return np.mean(np.asarray(x) ** p, axis=axis) ** (1 / p)


@at_least(x=1)
@definition(stats.hmean, of=("x", "weights"), cases=_WEIGHED)
def hmean(x, axis=0, dtype=None, *, weights=None):
    return 1 / (
        np.mean(1 / np.asarray(x), axis=axis)
        if known(weights is None)
        else np.average(1 / np.asarray(x), axis=axis, weights=np.broadcast_to(weights, np.shape(x)))
    )


@at_least(x=1)
@definition(stats.sem, cases=(*_SAMPLES, case(draw(5), ddof=0)))
def sem(x, axis=0, ddof=1):
    return np.std(x, axis=axis, ddof=ddof) / np.sqrt(np.size(x) if axis is None else np.shape(x)[axis])


@at_least(x=1)
@definition(stats.variation, cases=(*_SAMPLES, case(draw(5, low=0.5), ddof=1)))
def variation(x, axis=0, *, ddof=0):
    return np.std(x, axis=axis, ddof=ddof) / np.mean(x, axis=axis)


@at_least(x=1)
@definition(stats.skew, accepts={"bias": (True,)}, cases=_SAMPLES)
def skew(x, axis=0, bias=True):
    return (
        np.mean((x - np.mean(x, axis=axis, keepdims=True)) ** 3, axis=axis) / np.var(x, axis=axis) ** 1.5
    )


@at_least(x=1)
@definition(
    stats.kurtosis, accepts={"fisher": (True, False), "bias": (True,)}, cases=(*_SAMPLES, case(draw(5), fisher=False))
)
def kurtosis(x, axis=0, fisher=True, bias=True):
    return np.mean((x - np.mean(x, axis=axis, keepdims=True)) ** 4, axis=axis) / np.var(
        x, axis=axis
    ) ** 2 - (3.0 if fisher else 0.0)


@at_least(x=1)
@definition(
    stats.skew,
    more=True,
    accepts={"bias": (False,)},
    cases=(
        case(draw(5), bias=False),
        case(draw(4, 3), 0, False),
        case(draw(3, 4), axis=1, bias=False),
        case(draw(3, 4), None, False),
    ),
)
def skew_of_a_sample(x, axis=0, bias=True):
    return (
        np.sqrt(1 - 1 / (np.size(x) if axis is None else np.shape(x)[axis]))
        * (np.size(x) if axis is None else np.shape(x)[axis])
        / ((np.size(x) if axis is None else np.shape(x)[axis]) - 2)
        * np.mean((x - np.mean(x, axis=axis, keepdims=True)) ** 3, axis=axis)
        / np.var(x, axis=axis) ** 1.5
    )


@at_least(x=1)
@definition(
    stats.kurtosis,
    more=True,
    accepts={"fisher": (True, False), "bias": (False,)},
    cases=(
        case(draw(6), bias=False),
        case(draw(5, 3), 0, False, False),
        case(draw(3, 5), axis=1, bias=False),
        case(draw(3, 4), None, bias=False),
    ),
)
def kurtosis_of_a_sample(x, axis=0, fisher=True, bias=True):
    return (
        ((np.size(x) if axis is None else np.shape(x)[axis]) ** 2 - 1)
        * np.mean((x - np.mean(x, axis=axis, keepdims=True)) ** 4, axis=axis)
        / np.var(x, axis=axis) ** 2
        - 3 * ((np.size(x) if axis is None else np.shape(x)[axis]) - 1) ** 2
    ) / (
        ((np.size(x) if axis is None else np.shape(x)[axis]) - 2)
        * ((np.size(x) if axis is None else np.shape(x)[axis]) - 3)
    ) + (0.0 if fisher else 3.0)


@at_least(x=1)
@definition(
    stats.moment,
    accepts={"center": (None,)},
    aliases={"moment": "order"},
    cases=(case(draw(5), 2), case(draw(4, 3), 3), case(draw(3, 4), 4, axis=1)),
)
def moment(x, order=1, axis=0, *, center=None):
    return np.mean((x - np.mean(x, axis=axis, keepdims=True)) ** order, axis=axis)


@definition(stats.iqr, cases=(case(draw(5)), case(draw(5, 3), axis=0), case(draw(6), rng=(10, 60))))
def iqr(x, axis=None, rng=(25, 75)):
    return np.percentile(x, rng[1], axis=axis) - np.percentile(x, rng[0], axis=axis)


@definition(
    stats.entropy,
    of=("pk", "qk"),
    cases=(
        case(draw(4, low=0.2, high=1.0)),
        case(draw(4, 3, low=0.2, high=1.0), base=2),
        case(draw(4, low=0.2, high=1.0), draw(4, low=0.2, high=1.0)),
        case(draw(3, 4, low=0.2, high=1.0), axis=1),
    ),
)
def entropy(pk, qk=None, base=None, axis=0):
    """Of weights, which are divided by their sums: both of the shape that they have together."""
    return (
        np.sum(special.entr(pk / np.sum(pk, axis=axis, keepdims=True)), axis=axis)
        if qk is None
        else np.sum(
            special.rel_entr(
                pk / np.sum(pk + np.zeros_like(qk), axis=axis, keepdims=True),
                qk / np.sum(qk + np.zeros_like(pk), axis=axis, keepdims=True),
            ),
            axis=axis,
        )
    ) / (1.0 if base is None else np.log(base))


@definition(
    stats.median_abs_deviation,
    accepts={"scale": (1.0, 1)},
    cases=(case(draw(5)), case(draw(4, 3)), case(draw(4, 3), axis=1), case(draw(4, 3), axis=None)),
)
def median_abs_deviation(x, axis=0, *, scale=1.0):
    return np.median(np.abs(x - np.median(x, axis=axis, keepdims=True)), axis=axis)


@at_most(x=1, y=1)
@rule(
    stats.pearsonr,
    kind="unknown",
    results=("statistic", "pvalue"),
    of=("x", "y"),
    cases=(case(draw(5), draw(5)), case(draw(4), draw(4))),
)
def pearsonr(statistic, pvalue, x, y):
    """Of samples of one axis. What is improbable by chance is as a beta distribution says."""

    def jvp(x_dot, y_dot):
        return (
            correlation_slope(statistic, x, y) @ x_dot + correlation_slope(statistic, y, x) @ y_dot,
            chance_slope(statistic, x)
            * (correlation_slope(statistic, x, y) @ x_dot + correlation_slope(statistic, y, x) @ y_dot),
        )

    def vjp(statistic_bar, pvalue_bar):
        return (
            statistic_bar * correlation_slope(statistic, x, y)
            + pvalue_bar * (chance_slope(statistic, x) * correlation_slope(statistic, x, y)),
            statistic_bar * correlation_slope(statistic, y, x)
            + pvalue_bar * (chance_slope(statistic, x) * correlation_slope(statistic, y, x)),
        )

    return jvp, vjp


@at_most(x=1, y=1)
@rule(
    stats.linregress,
    kind="unknown",
    results=("slope", "intercept", "rvalue", "pvalue", "stderr"),
    of=("x", "y"),
    accepts={"alternative": ("two-sided",)},
    cases=(case(draw(5), draw(5)), case(draw(6), draw(6))),
)
def linregress(slope, intercept, rvalue, pvalue, stderr, x, y, alternative="two-sided"):
    """The line through points, and how sure it is."""

    def jvp(x_dot, y_dot):
        return (
            line_slope(slope, x, y) @ x_dot + line_slope_by_heights(x) @ y_dot,
            np.mean(y_dot)
            - slope * np.mean(x_dot)
            - np.mean(x) * (line_slope(slope, x, y) @ x_dot + line_slope_by_heights(x) @ y_dot),
            correlation_slope(rvalue, x, y) @ x_dot + correlation_slope(rvalue, y, x) @ y_dot,
            chance_slope(rvalue, x)
            * (correlation_slope(rvalue, x, y) @ x_dot + correlation_slope(rvalue, y, x) @ y_dot),
            stderr * (line_error(rvalue, x, y) @ x_dot + line_error_by_heights(rvalue, x, y) @ y_dot),
        )

    def vjp(slope_bar, intercept_bar, rvalue_bar, pvalue_bar, stderr_bar):
        return (
            slope_bar * line_slope(slope, x, y)
            - intercept_bar * (slope / len(x) + np.mean(x) * line_slope(slope, x, y))
            + rvalue_bar * correlation_slope(rvalue, x, y)
            + pvalue_bar * (chance_slope(rvalue, x) * correlation_slope(rvalue, x, y))
            + stderr_bar * (stderr * line_error(rvalue, x, y)),
            slope_bar * line_slope_by_heights(x)
            + intercept_bar * (1 / len(x) - np.mean(x) * line_slope_by_heights(x))
            + rvalue_bar * correlation_slope(rvalue, y, x)
            + pvalue_bar * (chance_slope(rvalue, x) * correlation_slope(rvalue, y, x))
            + stderr_bar * (stderr * line_error_by_heights(rvalue, x, y)),
        )

    return jvp, vjp


@definition(stats.gstd, cases=(*_SAMPLES, case(draw(5, low=0.5), ddof=0)))
def gstd(a, axis=0, ddof=1):
    return np.exp(np.std(np.log(a), axis=axis, ddof=ddof))


@definition(stats.gzscore, cases=_SAMPLES)
def gzscore(a, axis=0, ddof=0):
    return (np.log(a) - np.mean(np.log(a), axis=axis, keepdims=True)) / np.std(
        np.log(a), axis=axis, ddof=ddof, keepdims=True
    )


@definition(
    stats.zmap, of=("scores", "compare"), cases=(case(draw(3), draw(5)), case(draw(2, 3), draw(4, 3), ddof=1))
)
def zmap(scores, compare, axis=0, ddof=0):
    return (scores - np.mean(compare, axis=axis, keepdims=True)) / np.std(compare, axis=axis, ddof=ddof, keepdims=True)


@definition(stats.boxcox, of=("x", "lmbda"), cases=(case(draw(5, low=0.5), draw(low=0.3, high=1.5)),))
def boxcox(x, lmbda):
    return special.boxcox(x, lmbda)


_ANGLES = (
    case(draw(5, low=0.5)),
    case(draw(4, 3, low=0.5), axis=0),
    case(draw(5, low=0.5), draw(low=2.5, high=3.0), draw(low=-1.5, high=-1.0)),
)


@definition(stats.circmean, of=("samples", "high", "low"), cases=_ANGLES)
def circmean(samples, high=2 * np.pi, low=0, axis=None):
    return (
        np.mod(
            np.arctan2(
                np.mean(np.sin((samples - low) * 2 * np.pi / (high - low)), axis=axis),
                np.mean(np.cos((samples - low) * 2 * np.pi / (high - low)), axis=axis),
            )
            * (high - low)
            / (2 * np.pi),
            high - low,
        )
        + low
    )


@definition(stats.circvar, of=("samples", "high", "low"), cases=_ANGLES)
def circvar(samples, high=2 * np.pi, low=0, axis=None):
    return 1.0 - np.hypot(
        np.mean(np.sin((samples - low) * 2 * np.pi / (high - low)), axis=axis),
        np.mean(np.cos((samples - low) * 2 * np.pi / (high - low)), axis=axis),
    )


@definition(
    stats.circstd, of=("samples", "high", "low"), accepts={"normalize": (False,)}, cases=_ANGLES
)
def circstd(samples, high=2 * np.pi, low=0, axis=None, *, normalize=False):
    return (
        np.sqrt(
            -2
            * np.log(
                np.hypot(
                    np.mean(np.sin((samples - low) * 2 * np.pi / (high - low)), axis=axis),
                    np.mean(np.cos((samples - low) * 2 * np.pi / (high - low)), axis=axis),
                )
            )
        )
        * (high - low)
        / (2 * np.pi)
    )


@definition(
    stats.tmean,
    accepts={"limits": (None,)},
    cases=(case(draw(5)), case(draw(3, 4)), case(draw(3, 4), axis=1)),
)
def tmean(a, limits=None, inclusive=(True, True), axis=None):
    return np.mean(a, axis=axis)


@at_least(a=1)
@definition(
    stats.trim_mean,
    cases=(
        case(draw(6), 0.2),
        case(draw(5, 3), 0.25),
        case(draw(3, 5), 0.25, axis=1),
        case(draw(3, 4), 0.1, axis=None),
    ),
)
def trim_mean(a, proportiontocut, axis=0):
    """What is cut off at each end is counted in whole entries."""
    return np.mean(
        np.take(
            np.sort(a, axis=axis),
            np.arange(
                int(proportiontocut * (np.size(a) if axis is None else np.shape(a)[axis])),
                (np.size(a) if axis is None else np.shape(a)[axis])
                - int(proportiontocut * (np.size(a) if axis is None else np.shape(a)[axis])),
            ),
            axis=0 if axis is None else axis,
        ),
        axis=axis,
    )
