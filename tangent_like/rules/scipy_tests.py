"""``scipy.stats``: Student's tests, of which the second result is as improbable as Student's distribution says."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import stats

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_least, rule
from tangent_like.runtime import (
    sample_slope,
    spread,
    student_slope,
    t_slope,
    two_samples_slope,
    unbroadcast,
    welch_freedom,
    welch_freedom_slope,
    welch_slope,
)

_ALONG = {"axis": (0, 1, 2, -1, -2, -3), "alternative": ("two-sided", "less", "greater")}


@rule(
    stats.ttest_1samp,
    kind="unknown",
    results=("statistic", "pvalue"),
    of=("a", "popmean"),
    accepts=_ALONG,
    cases=(
        case(draw(5), 0.3),
        case(draw(5), draw()),
        case(draw(5, 2), draw()),
        case(draw(3, 4), 0.1, axis=1, alternative="less"),
    ),
)
def ttest_1samp(statistic, pvalue, a, popmean, axis=0, *, alternative="two-sided"):
    def jvp(a_dot, popmean_dot):
        over = np.shape(a)[axis] - 1
        error = np.std(a, axis=axis, ddof=1) / (over + 1) ** 0.5
        change = np.sum(sample_slope(statistic, a, axis) * a_dot, axis=axis) - popmean_dot / error
        return change, student_slope(statistic, over, alternative) * change

    def vjp(statistic_bar, pvalue_bar):
        over = np.shape(a)[axis] - 1
        error = np.std(a, axis=axis, ddof=1) / (over + 1) ** 0.5
        slope = sample_slope(statistic, a, axis)
        return (
            slope * spread(statistic_bar, a, axis)
            + slope * spread(pvalue_bar * student_slope(statistic, over, alternative), a, axis),
            -unbroadcast(statistic_bar / error, popmean)
            - unbroadcast(pvalue_bar * student_slope(statistic, over, alternative) / error, popmean),
        )

    return jvp, vjp


@rule(
    stats.ttest_rel,
    kind="unknown",
    results=("statistic", "pvalue"),
    of=("a", "b"),
    accepts=_ALONG,
    cases=(
        case(draw(5), draw(5)),
        case(draw(5, 2), draw(5, 2)),
        case(draw(3, 4), draw(3, 4), axis=-1, alternative="greater"),
    ),
)
def ttest_rel(statistic, pvalue, a, b, axis=0, *, alternative="two-sided"):
    """That of one sample, of the differences."""

    def jvp(a_dot, b_dot):
        over = np.shape(a)[axis] - 1
        slope = sample_slope(statistic, a - b, axis)
        change = np.sum(slope * a_dot, axis=axis) - np.sum(slope * b_dot, axis=axis)
        return change, student_slope(statistic, over, alternative) * change

    def vjp(statistic_bar, pvalue_bar):
        over = np.shape(a)[axis] - 1
        slope = sample_slope(statistic, a - b, axis)
        return (
            slope * spread(statistic_bar, a, axis)
            + slope * spread(pvalue_bar * student_slope(statistic, over, alternative), a, axis),
            -slope * spread(statistic_bar, a, axis)
            - slope * spread(pvalue_bar * student_slope(statistic, over, alternative), a, axis),
        )

    return jvp, vjp


@at_least(a=1, b=1)
@rule(
    stats.ttest_ind,
    kind="unknown",
    results=("statistic", "pvalue"),
    of=("a", "b"),
    accepts={**_ALONG, "equal_var": (True,)},
    cases=(
        case(draw(5), draw(4)),
        case(draw(5, 2), draw(3, 2)),
        case(draw(3, 4), draw(3, 5), axis=1, alternative="less"),
    ),
)
def ttest_ind(statistic, pvalue, a, b, *, axis=0, equal_var=True, alternative="two-sided"):
    """Of two samples of one variance: with the samples swapped, the statistic has the other sign."""

    def jvp(a_dot, b_dot):
        over = np.shape(a)[axis] + np.shape(b)[axis] - 2
        by_a = two_samples_slope(statistic, a, b, axis)
        by_b = two_samples_slope(-statistic, b, a, axis)
        change = np.sum(by_a * a_dot, axis=axis) - np.sum(by_b * b_dot, axis=axis)
        return change, student_slope(statistic, over, alternative) * change

    def vjp(statistic_bar, pvalue_bar):
        over = np.shape(a)[axis] + np.shape(b)[axis] - 2
        by_a = two_samples_slope(statistic, a, b, axis)
        by_b = two_samples_slope(-statistic, b, a, axis)
        return (
            by_a * spread(statistic_bar, a, axis)
            + by_a * spread(pvalue_bar * student_slope(statistic, over, alternative), a, axis),
            -by_b * spread(statistic_bar, b, axis)
            - by_b * spread(pvalue_bar * student_slope(statistic, over, alternative), b, axis),
        )

    return jvp, vjp


@at_least(a=1, b=1)
@rule(
    stats.ttest_ind,
    more=True,
    kind="unknown",
    results=("statistic", "pvalue"),
    of=("a", "b"),
    accepts={**_ALONG, "equal_var": (False,)},
    cases=(
        case(draw(5), draw(4), equal_var=False),
        case(draw(5, 2), draw(3, 2), equal_var=False),
        case(draw(3, 4), draw(3, 5), axis=1, equal_var=False, alternative="less"),
        case(draw(4), draw(5), equal_var=False, alternative="greater"),
    ),
)
def welch(statistic, pvalue, a, b, *, axis=0, equal_var=True, alternative="two-sided"):
    """Of two samples, each of its variance: the degrees of freedom are moved too, and Student's quantiles with them."""

    def jvp(a_dot, b_dot):
        over = welch_freedom(a, b, axis)
        sign = 1.0 if alternative == "less" else -1.0 if alternative == "greater" else -2.0 * np.sign(statistic)
        by_a = welch_slope(statistic, a, b, axis)
        by_b = welch_slope(-statistic, b, a, axis)
        change = np.sum(by_a * a_dot, axis=axis) - np.sum(by_b * b_dot, axis=axis)
        freed = np.sum(welch_freedom_slope(a, b, axis) * a_dot, axis=axis) + np.sum(
            welch_freedom_slope(b, a, axis) * b_dot, axis=axis
        )
        return change, sign * np.asarray(stats.t.pdf(statistic, over), np.result_type(statistic)) * (
            change - t_slope(over, statistic) * freed
        )

    def vjp(statistic_bar, pvalue_bar):
        over = welch_freedom(a, b, axis)
        sign = 1.0 if alternative == "less" else -1.0 if alternative == "greater" else -2.0 * np.sign(statistic)
        density = sign * np.asarray(stats.t.pdf(statistic, over), np.result_type(statistic))
        moved = density * t_slope(over, statistic)
        by_a = welch_slope(statistic, a, b, axis)
        by_b = welch_slope(-statistic, b, a, axis)
        return (
            by_a * spread(statistic_bar, a, axis)
            + (
                by_a * spread(pvalue_bar * density, a, axis)
                - welch_freedom_slope(a, b, axis) * spread(pvalue_bar * moved, a, axis)
            ),
            -by_b * spread(statistic_bar, b, axis)
            - (
                by_b * spread(pvalue_bar * density, b, axis)
                + welch_freedom_slope(b, a, axis) * spread(pvalue_bar * moved, b, axis)
            ),
        )

    return jvp, vjp
