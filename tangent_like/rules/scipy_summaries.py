"""``scipy.stats``: means, spreads and moments of samples, along their first axis unless another is given."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import special, stats

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition

_SAMPLES = (
    case(draw(5, low=0.5, high=2.0)),
    case(draw(4, 3, low=0.5, high=2.0)),
    case(draw(3, 4, low=0.5, high=2.0), axis=1),
    case(draw(3, 4, low=0.5, high=2.0), axis=None),
)


@definition(stats.zscore, cases=(*_SAMPLES, case(draw(5), ddof=1)))
def zscore(x, axis=0, ddof=0):
    return (x - np.mean(x, axis=axis, keepdims=True)) / np.std(x, axis=axis, ddof=ddof, keepdims=True)


@definition(stats.gmean, of=("x", "weights"), cases=(*_SAMPLES, case(draw(4, low=0.5), weights=draw(4, low=0.5))))
def gmean(x, axis=0, dtype=None, weights=None):
    return np.exp(np.average(np.log(x), axis=axis, weights=weights))


@definition(stats.hmean, of=("x", "weights"), cases=(*_SAMPLES, case(draw(4, low=0.5), weights=draw(4, low=0.5))))
def hmean(x, axis=0, dtype=None, *, weights=None):
    return 1 / np.average(1 / np.asarray(x), axis=axis, weights=weights)


@definition(stats.sem, cases=(*_SAMPLES, case(draw(5), ddof=0)))
def sem(x, axis=0, ddof=1):
    return np.std(x, axis=axis, ddof=ddof) / np.sqrt(np.size(x) if axis is None else np.shape(x)[axis])


@definition(stats.variation, cases=(*_SAMPLES, case(draw(5, low=0.5), ddof=1)))
def variation(x, axis=0, *, ddof=0):
    return np.std(x, axis=axis, ddof=ddof) / np.mean(x, axis=axis)


@definition(stats.skew, accepts={"bias": (True,)}, cases=_SAMPLES)
def skew(x, axis=0, bias=True):
    return (
        np.mean((x - np.mean(x, axis=axis, keepdims=True)) ** 3, axis=axis) / np.var(x, axis=axis) ** 1.5
    )


@definition(
    stats.kurtosis, accepts={"fisher": (True, False), "bias": (True,)}, cases=(*_SAMPLES, case(draw(5), fisher=False))
)
def kurtosis(x, axis=0, fisher=True, bias=True):
    return np.mean((x - np.mean(x, axis=axis, keepdims=True)) ** 4, axis=axis) / np.var(
        x, axis=axis
    ) ** 2 - (3.0 if fisher else 0.0)


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
    """Of weights, which are divided by their sum."""
    return (
        np.sum(special.entr(pk / np.sum(pk, axis=axis, keepdims=True)), axis=axis)
        if qk is None
        else np.sum(
            special.rel_entr(
                pk / np.sum(pk, axis=axis, keepdims=True), qk / np.sum(qk, axis=axis, keepdims=True)
            ),
            axis=axis,
        )
    ) / (1.0 if base is None else np.log(base))
