"""``statistics`` of Python: of lists, tuples and arrays of numbers, by what NumPy says the same with."""

# mypy: allow-untyped-defs, allow-untyped-calls

import statistics
import sys

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import at_most, definition

_WEIGHED = sys.version_info >= (3, 11)
_LISTS = (case([draw(), draw(), draw(), draw()]), case(draw(5)))
_POSITIVE = (case([draw(low=0.2), draw(low=0.2), draw(low=0.2)]), case(draw(5, low=0.2)))


@definition(statistics.mean, cases=_LISTS)
def mean(data):
    return np.mean(np.array(data))


@definition(
    statistics.fmean,
    of=("data", "weights") if _WEIGHED else ("data",),
    cases=(*_LISTS, *((case([draw(), draw()], [draw(low=0.2), draw(low=0.2)]),) if _WEIGHED else ())),
)
def fmean(data, weights=None):
    return np.average(np.array(data), weights=weights if weights is None else np.array(weights))


@definition(statistics.variance, accepts={"xbar": (None,)}, cases=_LISTS)
def variance(data, xbar=None):
    return np.var(np.array(data), ddof=1)


@definition(statistics.pvariance, accepts={"mu": (None,)}, cases=_LISTS)
def pvariance(data, mu=None):
    return np.var(np.array(data))


@definition(statistics.stdev, accepts={"xbar": (None,)}, cases=_LISTS)
def stdev(data, xbar=None):
    return np.std(np.array(data), ddof=1)


@definition(statistics.pstdev, accepts={"mu": (None,)}, cases=_LISTS)
def pstdev(data, mu=None):
    return np.std(np.array(data))


@at_most(data=1)
@definition(statistics.median, cases=(*_LISTS, case([draw(), draw(), draw()])))
def median(data):
    return np.median(np.array(data))


@definition(statistics.geometric_mean, cases=_POSITIVE)
def geometric_mean(data):
    return np.exp(np.mean(np.log(np.array(data))))


@definition(statistics.harmonic_mean, accepts={"weights": (None,)}, cases=_POSITIVE)
def harmonic_mean(data, weights=None):
    return 1 / np.mean(1 / np.array(data))


_PAIRS = (case([draw(), draw(), draw()], [draw(), draw(), draw()]), case(draw(5), draw(5)))


@definition(statistics.covariance, of=("x", "y"), cases=_PAIRS)
def covariance(x, y):
    return np.sum((np.array(x) - np.mean(np.array(x))) * (np.array(y) - np.mean(np.array(y)))) / (len(x) - 1)


@definition(statistics.correlation, of=("x", "y"), accepts={"method": ("linear",)}, cases=_PAIRS)
def correlation(x, y, *, method="linear"):
    return (
        np.mean((np.array(x) - np.mean(np.array(x))) * (np.array(y) - np.mean(np.array(y))))
        / np.std(np.array(x))
        / np.std(np.array(y))
    )
