"""``scipy.stats``: distribution functions and quantiles, whose slopes are densities."""

# mypy: allow-untyped-defs, allow-untyped-calls

from typing import Any

import numpy as np
from scipy import stats

from tangent_like.rules.rule import REAL, Domain, Rule, elementwise
from tangent_like.runtime import (
    beta_slope,
    chi2_slope,
    f_slope,
    f_slope_below,
    gamma_slope,
    lognorm_slope,
    power_slope,
    t_slope,
)

_HERE = Domain(-0.5, 0.5)
_WIDE = Domain(0.5, 2.0)
_SHAPE = Domain(0.8, 3.0)
_CHANCE = Domain(0.1, 0.9)
_BEYOND = Domain(1.0, 3.0)
_BETWEEN = Domain(0.3, 0.7)
_UNIT = (Domain(-0.2, 0.2), Domain(0.9, 1.2))


def _below(distribution: Any, domain: tuple[Domain, ...]) -> Rule:
    """Of a distribution that has a place and a scale alone: the mass below ``x``."""

    @elementwise(distribution.cdf, domain=domain)
    def below(y, x, loc=0, scale=1):
        return (
            distribution.pdf(x, loc, scale),
            -distribution.pdf(x, loc, scale),
            (loc - x) / scale * distribution.pdf(x, loc, scale),
        )

    return below


def _above(distribution: Any, domain: tuple[Domain, ...]) -> Rule:
    @elementwise(distribution.sf, domain=domain)
    def above(y, x, loc=0, scale=1):
        return (
            -distribution.pdf(x, loc, scale),
            distribution.pdf(x, loc, scale),
            (x - loc) / scale * distribution.pdf(x, loc, scale),
        )

    return above


def _quantile(distribution: Any) -> Rule:
    @elementwise(distribution.ppf, domain=(_CHANCE, REAL, _WIDE))
    def quantile(y, q, loc=0, scale=1):
        return 1 / distribution.pdf(y, loc, scale), 1.0, (y - loc) / scale

    return quantile


def _quantile_from_above(distribution: Any) -> Rule:
    @elementwise(distribution.isf, domain=(_CHANCE, REAL, _WIDE))
    def quantile(y, q, loc=0, scale=1):
        return -1 / distribution.pdf(y, loc, scale), 1.0, (y - loc) / scale

    return quantile


uniform_cdf = _below(stats.uniform, (_BETWEEN, *_UNIT))
uniform_sf = _above(stats.uniform, (_BETWEEN, *_UNIT))
rayleigh_cdf = _below(stats.rayleigh, (_BEYOND, _HERE, _WIDE))
rayleigh_sf = _above(stats.rayleigh, (_BEYOND, _HERE, _WIDE))
halfnorm_cdf = _below(stats.halfnorm, (_BEYOND, _HERE, _WIDE))
halfnorm_sf = _above(stats.halfnorm, (_BEYOND, _HERE, _WIDE))
maxwell_cdf = _below(stats.maxwell, (_BEYOND, _HERE, _WIDE))
maxwell_sf = _above(stats.maxwell, (_BEYOND, _HERE, _WIDE))
laplace_cdf = _below(stats.laplace, (REAL, _HERE, _WIDE))
laplace_sf = _above(stats.laplace, (REAL, _HERE, _WIDE))
gumbel_r_cdf = _below(stats.gumbel_r, (REAL, _HERE, _WIDE))
gumbel_r_sf = _above(stats.gumbel_r, (REAL, _HERE, _WIDE))
logistic_sf = _above(stats.logistic, (REAL, _HERE, _WIDE))
cauchy_sf = _above(stats.cauchy, (REAL, _HERE, _WIDE))
uniform_ppf = _quantile(stats.uniform)
expon_ppf = _quantile(stats.expon)
expon_isf = _quantile_from_above(stats.expon)
rayleigh_ppf = _quantile(stats.rayleigh)
halfnorm_ppf = _quantile(stats.halfnorm)
maxwell_ppf = _quantile(stats.maxwell)
laplace_ppf = _quantile(stats.laplace)
gumbel_r_ppf = _quantile(stats.gumbel_r)
logistic_ppf = _quantile(stats.logistic)
cauchy_ppf = _quantile(stats.cauchy)


@elementwise(stats.gamma.sf, domain=(_BEYOND, _SHAPE, _HERE, _WIDE))
def gamma_sf(y, x, a, loc=0, scale=1):
    return (
        -stats.gamma.pdf(x, a, loc, scale),
        scale * gamma_slope(a, (x - loc) / scale) * stats.gamma.pdf(x, a, loc, scale),
        stats.gamma.pdf(x, a, loc, scale),
        (x - loc) / scale * stats.gamma.pdf(x, a, loc, scale),
    )


@elementwise(stats.beta.sf, domain=(_BETWEEN, _SHAPE, _SHAPE, *_UNIT))
def beta_sf(y, x, a, b, loc=0, scale=1):
    return (
        -stats.beta.pdf(x, a, b, loc, scale),
        scale * beta_slope(a, b, (x - loc) / scale) * stats.beta.pdf(x, a, b, loc, scale),
        -scale * beta_slope(b, a, 1 - (x - loc) / scale) * stats.beta.pdf(x, a, b, loc, scale),
        stats.beta.pdf(x, a, b, loc, scale),
        (x - loc) / scale * stats.beta.pdf(x, a, b, loc, scale),
    )


@elementwise(stats.chi2.sf, domain=(_BEYOND, _SHAPE, _HERE, _WIDE))
def chi2_sf(y, x, df, loc=0, scale=1):
    return (
        -stats.chi2.pdf(x, df, loc, scale),
        scale * chi2_slope(df, (x - loc) / scale) * stats.chi2.pdf(x, df, loc, scale),
        stats.chi2.pdf(x, df, loc, scale),
        (x - loc) / scale * stats.chi2.pdf(x, df, loc, scale),
    )


@elementwise(stats.t.sf, domain=(REAL, _SHAPE, _HERE, _WIDE))
def t_sf(y, x, df, loc=0, scale=1):
    return (
        -stats.t.pdf(x, df, loc, scale),
        scale * t_slope(df, (x - loc) / scale) * stats.t.pdf(x, df, loc, scale),
        stats.t.pdf(x, df, loc, scale),
        (x - loc) / scale * stats.t.pdf(x, df, loc, scale),
    )


@elementwise(stats.f.cdf, domain=(_BEYOND, _SHAPE, _SHAPE, _HERE, _WIDE))
def f_cdf(y, x, dfn, dfd, loc=0, scale=1):
    return (
        stats.f.pdf(x, dfn, dfd, loc, scale),
        -scale * f_slope(dfn, dfd, (x - loc) / scale) * stats.f.pdf(x, dfn, dfd, loc, scale),
        -scale * f_slope_below(dfn, dfd, (x - loc) / scale) * stats.f.pdf(x, dfn, dfd, loc, scale),
        -stats.f.pdf(x, dfn, dfd, loc, scale),
        (loc - x) / scale * stats.f.pdf(x, dfn, dfd, loc, scale),
    )


@elementwise(stats.f.sf, domain=(_BEYOND, _SHAPE, _SHAPE, _HERE, _WIDE))
def f_sf(y, x, dfn, dfd, loc=0, scale=1):
    return (
        -stats.f.pdf(x, dfn, dfd, loc, scale),
        scale * f_slope(dfn, dfd, (x - loc) / scale) * stats.f.pdf(x, dfn, dfd, loc, scale),
        scale * f_slope_below(dfn, dfd, (x - loc) / scale) * stats.f.pdf(x, dfn, dfd, loc, scale),
        stats.f.pdf(x, dfn, dfd, loc, scale),
        (x - loc) / scale * stats.f.pdf(x, dfn, dfd, loc, scale),
    )


@elementwise(stats.gamma.ppf, domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def gamma_ppf(y, q, a, loc=0, scale=1):
    return (
        1 / stats.gamma.pdf(y, a, loc, scale),
        scale * gamma_slope(a, (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.gamma.isf, domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def gamma_isf(y, q, a, loc=0, scale=1):
    return (
        -1 / stats.gamma.pdf(y, a, loc, scale),
        scale * gamma_slope(a, (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.beta.ppf, domain=(_CHANCE, _SHAPE, _SHAPE, REAL, _WIDE))
def beta_ppf(y, q, a, b, loc=0, scale=1):
    return (
        1 / stats.beta.pdf(y, a, b, loc, scale),
        scale * beta_slope(a, b, (y - loc) / scale),
        -scale * beta_slope(b, a, 1 - (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.beta.isf, domain=(_CHANCE, _SHAPE, _SHAPE, REAL, _WIDE))
def beta_isf(y, q, a, b, loc=0, scale=1):
    return (
        -1 / stats.beta.pdf(y, a, b, loc, scale),
        scale * beta_slope(a, b, (y - loc) / scale),
        -scale * beta_slope(b, a, 1 - (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.chi2.ppf, domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def chi2_ppf(y, q, df, loc=0, scale=1):
    return (
        1 / stats.chi2.pdf(y, df, loc, scale),
        scale * chi2_slope(df, (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.chi2.isf, domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def chi2_isf(y, q, df, loc=0, scale=1):
    return (
        -1 / stats.chi2.pdf(y, df, loc, scale),
        scale * chi2_slope(df, (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.t.ppf, domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def t_ppf(y, q, df, loc=0, scale=1):
    return (
        1 / stats.t.pdf(y, df, loc, scale),
        scale * t_slope(df, (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.t.isf, domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def t_isf(y, q, df, loc=0, scale=1):
    return (
        -1 / stats.t.pdf(y, df, loc, scale),
        scale * t_slope(df, (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.f.ppf, domain=(_CHANCE, _SHAPE, _SHAPE, REAL, _WIDE))
def f_ppf(y, q, dfn, dfd, loc=0, scale=1):
    return (
        1 / stats.f.pdf(y, dfn, dfd, loc, scale),
        scale * f_slope(dfn, dfd, (y - loc) / scale),
        scale * f_slope_below(dfn, dfd, (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.f.isf, domain=(_CHANCE, _SHAPE, _SHAPE, REAL, _WIDE))
def f_isf(y, q, dfn, dfd, loc=0, scale=1):
    return (
        -1 / stats.f.pdf(y, dfn, dfd, loc, scale),
        scale * f_slope(dfn, dfd, (y - loc) / scale),
        scale * f_slope_below(dfn, dfd, (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.weibull_min.isf, domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def weibull_min_isf(y, q, c, loc=0, scale=1):
    return (
        -1 / stats.weibull_min.pdf(y, c, loc, scale),
        scale * power_slope(c, (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.lognorm.isf, domain=(_CHANCE, _WIDE, REAL, _WIDE))
def lognorm_isf(y, q, s, loc=0, scale=1):
    return (
        -1 / stats.lognorm.pdf(y, s, loc, scale),
        scale * lognorm_slope(s, (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.lognorm.ppf, domain=(_CHANCE, _WIDE, REAL, _WIDE))
def lognorm_ppf(y, q, s, loc=0, scale=1):
    return (
        s * (y - loc) / stats.norm.pdf(stats.norm.ppf(q)),
        (y - loc) * stats.norm.ppf(q),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.weibull_min.ppf, domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def weibull_min_ppf(y, q, c, loc=0, scale=1):
    return (
        1 / stats.weibull_min.pdf(y, c, loc, scale),
        scale * power_slope(c, (y - loc) / scale),
        1.0,
        (y - loc) / scale,
    )


# -- of counts ---------------------------------------------------------------------------------------


@elementwise(stats.poisson.cdf, of=("mu",), domain=(Domain(0, 5, integer=True), _WIDE))
def poisson_cdf(y, k, mu):
    return -stats.poisson.pmf(np.floor(k), mu)


@elementwise(stats.poisson.sf, of=("mu",), domain=(Domain(0, 5, integer=True), _WIDE))
def poisson_sf(y, k, mu):
    return stats.poisson.pmf(np.floor(k), mu)


@elementwise(stats.binom.cdf, of=("p",), domain=(Domain(0, 5, integer=True), Domain(5, 9, integer=True), _CHANCE))
def binom_cdf(y, k, n, p):
    return -n * stats.binom.pmf(np.floor(k), n - 1, p)
