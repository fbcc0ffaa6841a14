"""``scipy.stats``: further densities and distribution functions, said by others or by their formulas.

Where nothing is found, densities are 0 and their logarithms -inf, and slopes 0: a formula is asked for a place where
it holds.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import special, stats

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition, elementwise

_PLACED = ("x", "loc", "scale")
_SHAPED = ("x", "c", "loc", "scale")
_LINE = (
    case(draw(3)),
    case(draw(3), draw(), draw(low=0.5, high=2.0)),
    case(draw(2, 3), loc=draw(3), scale=draw(low=0.5, high=2.0)),
)
_HALF_LINE = (
    case(draw(3, low=0.5, high=2.0)),
    case(draw(3, low=0.5, high=2.0), draw(low=-1.0, high=0.0), draw(low=0.5, high=2.0)),
)
_OUTSIDE = (case(np.array([-1.5, 0.7, -0.2]), draw(low=0.5, high=2.0), 0.1, draw(low=0.5, high=2.0)),)
_BEFORE = (case(np.array([-1.5, 0.7, -0.2]), 0.1, draw(low=0.5, high=2.0)),)
_BY_SHAPE = (
    case(draw(3, low=0.5, high=2.0), draw(low=0.5, high=2.0)),
    case(draw(3, low=0.5, high=2.0), draw(low=0.5, high=2.0), draw(low=-1.0, high=0.0), draw(low=0.5, high=2.0)),
)


@definition(stats.gumbel_r.logpdf, of=_PLACED, cases=_LINE)
def gumbel_r_logpdf(x, loc=0, scale=1):
    return (loc - x) / scale - np.exp((loc - x) / scale) - np.log(scale)


@definition(stats.gumbel_l.logpdf, of=_PLACED, cases=_LINE)
def gumbel_l_logpdf(x, loc=0, scale=1):
    return (x - loc) / scale - np.exp((x - loc) / scale) - np.log(scale)


@definition(stats.laplace.pdf, of=_PLACED, cases=_LINE)
def laplace_pdf(x, loc=0, scale=1):
    return 0.5 * np.exp(-np.abs(x - loc) / scale) / scale


@definition(stats.cauchy.pdf, of=_PLACED, cases=_LINE)
def cauchy_pdf(x, loc=0, scale=1):
    return scale / (np.pi * (scale**2 + (x - loc) ** 2))


@definition(stats.cauchy.cdf, of=_PLACED, cases=_LINE)
def cauchy_cdf(x, loc=0, scale=1):
    return 0.5 + np.arctan((x - loc) / scale) / np.pi


@definition(stats.logistic.pdf, of=_PLACED, cases=_LINE)
def logistic_pdf(x, loc=0, scale=1):
    return special.expit((x - loc) / scale) * special.expit((loc - x) / scale) / scale


@definition(stats.logistic.cdf, of=_PLACED, cases=_LINE)
def logistic_cdf(x, loc=0, scale=1):
    return special.expit((x - loc) / scale)


@elementwise(stats.halfnorm.logpdf, cases=_HALF_LINE)
def halfnorm_logpdf(y, x, loc=0, scale=1):
    return (
        (x >= loc) * ((loc - x) / scale**2),
        (x >= loc) * ((x - loc) / scale**2),
        (x >= loc) * ((((x - loc) / scale) ** 2 - 1) / scale),
    )


@elementwise(stats.rayleigh.logpdf, cases=_HALF_LINE)
def rayleigh_logpdf(y, x, loc=0, scale=1):
    return (
        np.where(x >= loc, 1 / (x - loc) - (x - loc) / scale**2, 0.0),
        np.where(x >= loc, (x - loc) / scale**2 - 1 / (x - loc), 0.0),
        np.where(x >= loc, (((x - loc) / scale) ** 2 - 2) / scale, 0.0),
    )


@definition(stats.expon.cdf, of=_PLACED, cases=(*_HALF_LINE, *_BEFORE))
def expon_cdf(x, loc=0, scale=1):
    return -np.expm1(-np.maximum((x - loc) / scale, 0.0))


@definition(stats.expon.sf, of=_PLACED, cases=(*_HALF_LINE, *_BEFORE))
def expon_sf(x, loc=0, scale=1):
    return np.exp(-np.maximum((x - loc) / scale, 0.0))


@definition(stats.expon.logsf, of=_PLACED, cases=(*_HALF_LINE, *_BEFORE))
def expon_logsf(x, loc=0, scale=1):
    return -np.maximum((x - loc) / scale, 0.0)


@elementwise(stats.weibull_min.logpdf, cases=_BY_SHAPE)
def weibull_min_logpdf(y, x, c, loc=0, scale=1):
    return (
        (x >= loc)
        * ((c - 1 - c * (np.where(x >= loc, x - loc, scale) / scale) ** c) / np.where(x >= loc, x - loc, scale)),
        np.where(
            x >= loc,
            1 / c
            + np.log(np.where(x >= loc, x - loc, scale) / scale)
            * (1 - (np.where(x >= loc, x - loc, scale) / scale) ** c),
            0.0,
        ),
        (x >= loc)
        * ((c * (np.where(x >= loc, x - loc, scale) / scale) ** c + 1 - c) / np.where(x >= loc, x - loc, scale)),
        c * ((np.where(x >= loc, x - loc, scale) / scale) ** c - 1) / scale,
    )


@definition(stats.weibull_min.pdf, of=_SHAPED, cases=(*_BY_SHAPE, *_OUTSIDE))
def weibull_min_pdf(x, c, loc=0, scale=1):
    return np.where(
        x > loc,
        c / scale * np.abs((x - loc) / scale) ** (c - 1) * np.exp(-(np.abs((x - loc) / scale) ** c)),
        0.0,
    )


@definition(stats.weibull_min.cdf, of=_SHAPED, cases=(*_BY_SHAPE, *_OUTSIDE))
def weibull_min_cdf(x, c, loc=0, scale=1):
    return np.where(x > loc, -np.expm1(-(((np.where(x > loc, x, loc + scale) - loc) / scale) ** c)), 0.0)


@definition(stats.weibull_min.sf, of=_SHAPED, cases=(*_BY_SHAPE, *_OUTSIDE))
def weibull_min_sf(x, c, loc=0, scale=1):
    return np.where(x > loc, np.exp(-(((np.where(x > loc, x, loc + scale) - loc) / scale) ** c)), 1.0)


@definition(stats.weibull_min.logsf, of=_SHAPED, cases=(*_BY_SHAPE, *_OUTSIDE))
def weibull_min_logsf(x, c, loc=0, scale=1):
    return np.where(x > loc, -(((np.where(x > loc, x, loc + scale) - loc) / scale) ** c), 0.0)


@elementwise(
    stats.pareto.logpdf,
    cases=(
        case(draw(3, low=1.5, high=3.0), draw(low=0.5, high=2.0)),
        case(draw(3, low=1.5, high=3.0), draw(low=0.5, high=2.0), draw(low=-0.5, high=0.0), draw(low=0.5, high=0.9)),
    ),
)
def pareto_logpdf(y, x, b, loc=0, scale=1):
    return (
        (x - loc >= scale) * (-(b + 1) / (x - loc)),
        np.where(x - loc >= scale, 1 / b - np.log(np.where(x - loc >= scale, (x - loc) / scale, 1.0)), 0.0),
        (x - loc >= scale) * ((b + 1) / (x - loc)),
        (x - loc >= scale) * (b / scale),
    )


@elementwise(stats.invgamma.logpdf, cases=_BY_SHAPE)
def invgamma_logpdf(y, x, a, loc=0, scale=1):
    return (
        (x > loc) * ((scale / np.where(x > loc, x - loc, scale) - a - 1) / np.where(x > loc, x - loc, scale)),
        np.where(x > loc, np.log(scale / np.where(x > loc, x - loc, scale)) - special.digamma(a), 0.0),
        (x > loc) * ((a + 1 - scale / np.where(x > loc, x - loc, scale)) / np.where(x > loc, x - loc, scale)),
        np.where(x > loc, a / scale - 1 / np.where(x > loc, x - loc, scale), 0.0),
    )


@definition(stats.lognorm.pdf, of=("x", "s", "loc", "scale"), cases=(*_BY_SHAPE, *_OUTSIDE))
def lognorm_pdf(x, s, loc=0, scale=1):
    return np.where(x > loc, np.exp(stats.lognorm.logpdf(np.where(x > loc, x, loc + scale), s, loc, scale)), 0.0)


@definition(stats.lognorm.cdf, of=("x", "s", "loc", "scale"), cases=(*_BY_SHAPE, *_OUTSIDE))
def lognorm_cdf(x, s, loc=0, scale=1):
    return np.where(x > loc, special.ndtr(np.log((np.where(x > loc, x, loc + scale) - loc) / scale) / s), 0.0)


@definition(stats.lognorm.sf, of=("x", "s", "loc", "scale"), cases=(*_BY_SHAPE, *_OUTSIDE))
def lognorm_sf(x, s, loc=0, scale=1):
    return np.where(x > loc, special.ndtr(-np.log((np.where(x > loc, x, loc + scale) - loc) / scale) / s), 1.0)


@definition(stats.lognorm.logsf, of=("x", "s", "loc", "scale"), cases=(*_BY_SHAPE, *_OUTSIDE))
def lognorm_logsf(x, s, loc=0, scale=1):
    return np.where(x > loc, special.log_ndtr(-np.log((np.where(x > loc, x, loc + scale) - loc) / scale) / s), 0.0)


@definition(stats.chi2.pdf, of=("x", "df", "loc", "scale"), cases=(*_BY_SHAPE, *_OUTSIDE))
def chi2_pdf(x, df, loc=0, scale=1):
    return np.where(x > loc, np.exp(stats.chi2.logpdf(np.where(x > loc, x, loc + scale), df, loc, scale)), 0.0)


@definition(stats.t.pdf, of=("x", "df", "loc", "scale"), cases=_BY_SHAPE)
def t_pdf(x, df, loc=0, scale=1):
    return np.exp(stats.t.logpdf(x, df, loc, scale))


_COUNTS = np.array([0, 2, 5])


@definition(
    stats.nbinom.logpmf,
    of=("n", "p"),
    inactive=("k",),
    cases=(case(_COUNTS, draw(low=1.0, high=3.0), draw(low=0.2, high=0.8)),),
)
def nbinom_logpmf(k, n, p):
    return (
        special.gammaln(k + n) - special.gammaln(n) - special.gammaln(k + 1) + n * np.log(p) + k * np.log1p(-p)
    )


@definition(
    stats.geom.logpmf, of=("p",), inactive=("k",), cases=(case(_COUNTS + 1, draw(low=0.2, high=0.8)),)
)
def geom_logpmf(k, p):
    return (k - 1) * np.log1p(-p) + np.log(p)


@definition(stats.binom.pmf, of=("p",), inactive=("k",), cases=(case(_COUNTS, 6, draw(low=0.2, high=0.8)),))
def binom_pmf(k, n, p):
    return np.exp(stats.binom.logpmf(k, n, p))


@definition(stats.bernoulli.pmf, of=("p",), inactive=("k",), cases=(case(np.array([0, 1]), draw(low=0.2, high=0.8)),))
def bernoulli_pmf(k, p):
    return np.exp(stats.bernoulli.logpmf(k, p))
