"""``scipy.stats``: Student's tests, of which the second result is as improbable as Student's distribution says."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import stats

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import rule
from tangent_like.runtime import spread, student_slope, unbroadcast

_ALONG = {"axis": (0, 1, 2, -1, -2, -3), "alternative": ("two-sided",)}


@rule(
    stats.ttest_1samp,
    kind="unknown",
    results=("statistic", "pvalue"),
    of=("a", "popmean"),
    accepts=_ALONG,
    cases=(case(draw(5), 0.3), case(draw(5), draw()), case(draw(5, 2), draw()), case(draw(3, 4), 0.1, axis=1)),
)
def ttest_1samp(statistic, pvalue, a, popmean, axis=0, *, alternative="two-sided"):
    def jvp(a_dot, popmean_dot):
        n = np.shape(a)[axis]
        error = np.std(a, axis=axis, ddof=1) / n**0.5
        centred = (a - np.mean(a, axis=axis, keepdims=True)) / spread(error, a, axis)
        slope = (1 - spread(statistic / (n - 1), a, axis) * centred) / spread(n * error, a, axis)
        return (
            np.sum(slope * a_dot, axis=axis) - popmean_dot / error,
            student_slope(statistic, n - 1) * np.sum(slope * a_dot, axis=axis)
            - student_slope(statistic, n - 1) * popmean_dot / error,
        )

    def vjp(statistic_bar, pvalue_bar):
        n = np.shape(a)[axis]
        error = np.std(a, axis=axis, ddof=1) / n**0.5
        centred = (a - np.mean(a, axis=axis, keepdims=True)) / spread(error, a, axis)
        slope = (1 - spread(statistic / (n - 1), a, axis) * centred) / spread(n * error, a, axis)
        return (
            slope * spread(statistic_bar, a, axis)
            + slope * spread(pvalue_bar * student_slope(statistic, n - 1), a, axis),
            -unbroadcast(statistic_bar / error, popmean)
            - unbroadcast(pvalue_bar * student_slope(statistic, n - 1) / error, popmean),
        )

    return jvp, vjp


@rule(
    stats.ttest_rel,
    kind="unknown",
    results=("statistic", "pvalue"),
    of=("a", "b"),
    accepts=_ALONG,
    cases=(case(draw(5), draw(5)), case(draw(5, 2), draw(5, 2)), case(draw(3, 4), draw(3, 4), axis=-1)),
)
def ttest_rel(statistic, pvalue, a, b, axis=0, *, alternative="two-sided"):
    """That of one sample, of the differences."""

    def jvp(a_dot, b_dot):
        n = np.shape(a)[axis]
        error = np.std(a - b, axis=axis, ddof=1) / n**0.5
        centred = (a - b - np.mean(a - b, axis=axis, keepdims=True)) / spread(error, a, axis)
        slope = (1 - spread(statistic / (n - 1), a, axis) * centred) / spread(n * error, a, axis)
        return (
            np.sum(slope * a_dot, axis=axis) - np.sum(slope * b_dot, axis=axis),
            student_slope(statistic, n - 1) * np.sum(slope * a_dot, axis=axis)
            - student_slope(statistic, n - 1) * np.sum(slope * b_dot, axis=axis),
        )

    def vjp(statistic_bar, pvalue_bar):
        n = np.shape(a)[axis]
        error = np.std(a - b, axis=axis, ddof=1) / n**0.5
        centred = (a - b - np.mean(a - b, axis=axis, keepdims=True)) / spread(error, a, axis)
        slope = (1 - spread(statistic / (n - 1), a, axis) * centred) / spread(n * error, a, axis)
        return (
            slope * spread(statistic_bar, a, axis)
            + slope * spread(pvalue_bar * student_slope(statistic, n - 1), a, axis),
            -slope * spread(statistic_bar, a, axis)
            - slope * spread(pvalue_bar * student_slope(statistic, n - 1), a, axis),
        )

    return jvp, vjp


@rule(
    stats.ttest_ind,
    kind="unknown",
    results=("statistic", "pvalue"),
    of=("a", "b"),
    accepts={**_ALONG, "equal_var": (True,)},
    cases=(case(draw(5), draw(4)), case(draw(5, 2), draw(3, 2)), case(draw(3, 4), draw(3, 5), axis=1)),
)
def ttest_ind(statistic, pvalue, a, b, *, axis=0, equal_var=True, alternative="two-sided"):
    """Of two samples of one variance."""

    def jvp(a_dot, b_dot):
        m = np.shape(a)[axis]
        n = np.shape(b)[axis]
        over = m + n - 2
        squares = np.var(a, axis=axis) * m + np.var(b, axis=axis) * n
        error = np.sqrt(squares / over * (1 / m + 1 / n))
        by_a = 1 / spread(m * error, a, axis) - spread(statistic / squares, a, axis) * (
            a - np.mean(a, axis=axis, keepdims=True)
        )
        by_b = -1 / spread(n * error, b, axis) - spread(statistic / squares, b, axis) * (
            b - np.mean(b, axis=axis, keepdims=True)
        )
        return (
            np.sum(by_a * a_dot, axis=axis) + np.sum(by_b * b_dot, axis=axis),
            student_slope(statistic, over) * np.sum(by_a * a_dot, axis=axis)
            + student_slope(statistic, over) * np.sum(by_b * b_dot, axis=axis),
        )

    def vjp(statistic_bar, pvalue_bar):
        m = np.shape(a)[axis]
        n = np.shape(b)[axis]
        over = m + n - 2
        squares = np.var(a, axis=axis) * m + np.var(b, axis=axis) * n
        error = np.sqrt(squares / over * (1 / m + 1 / n))
        by_a = 1 / spread(m * error, a, axis) - spread(statistic / squares, a, axis) * (
            a - np.mean(a, axis=axis, keepdims=True)
        )
        by_b = -1 / spread(n * error, b, axis) - spread(statistic / squares, b, axis) * (
            b - np.mean(b, axis=axis, keepdims=True)
        )
        return (
            by_a * spread(statistic_bar, a, axis)
            + by_a * spread(pvalue_bar * student_slope(statistic, over), a, axis),
            by_b * spread(statistic_bar, b, axis)
            + by_b * spread(pvalue_bar * student_slope(statistic, over), b, axis),
        )

    return jvp, vjp
