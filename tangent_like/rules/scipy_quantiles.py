"""``scipy.stats``: distribution functions and quantiles, whose slopes are densities."""

# mypy: allow-untyped-defs, allow-untyped-calls

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import stats

from tangent_like.rules.rule import REAL, Domain, Rule, elementwise
from tangent_like.runtime import (
    beta_slope,
    beta_slope_below,
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


def shape_names(distribution: Any, *own: str) -> Mapping[str, str]:
    """What a rule by shapes calls the shapes of a distribution, by the names that these have there."""
    return dict(zip(distribution.shapes.split(", "), own, strict=True))


def _above_by_shape(distribution: Any, moved: Any, domain: tuple[Domain, ...]) -> Rule:
    """The mass above ``x``; ``moved`` says how a quantile moves with the shape."""

    @elementwise(distribution.sf, domain=domain, aliases=shape_names(distribution, "shape"))
    def above(y, x, shape, loc=0, scale=1):
        return (
            -distribution.pdf(x, shape, loc, scale),
            scale * moved(shape, (x - loc) / scale) * distribution.pdf(x, shape, loc, scale),
            distribution.pdf(x, shape, loc, scale),
            (x - loc) / scale * distribution.pdf(x, shape, loc, scale),
        )

    return above


def _above_by_two(distribution: Any, first: Any, second: Any, domain: tuple[Domain, ...]) -> Rule:
    @elementwise(distribution.sf, domain=domain, aliases=shape_names(distribution, "one", "two"))
    def above(y, x, one, two, loc=0, scale=1):
        return (
            -distribution.pdf(x, one, two, loc, scale),
            scale * first(one, two, (x - loc) / scale) * distribution.pdf(x, one, two, loc, scale),
            scale * second(one, two, (x - loc) / scale) * distribution.pdf(x, one, two, loc, scale),
            distribution.pdf(x, one, two, loc, scale),
            (x - loc) / scale * distribution.pdf(x, one, two, loc, scale),
        )

    return above


def _quantiles_by_shape(distribution: Any, moved: Any, domain: tuple[Domain, ...]) -> tuple[Rule, Rule]:
    names = shape_names(distribution, "shape")

    @elementwise(distribution.ppf, domain=domain, aliases=names)
    def from_below(y, q, shape, loc=0, scale=1):
        return (
            1 / distribution.pdf(y, shape, loc, scale),
            scale * moved(shape, (y - loc) / scale),
            1.0,
            (y - loc) / scale,
        )

    @elementwise(distribution.isf, domain=domain, aliases=names)
    def from_above(y, q, shape, loc=0, scale=1):
        return (
            -1 / distribution.pdf(y, shape, loc, scale),
            scale * moved(shape, (y - loc) / scale),
            1.0,
            (y - loc) / scale,
        )

    return from_below, from_above


def _quantiles_by_two(distribution: Any, first: Any, second: Any) -> tuple[Rule, Rule]:
    names, domain = shape_names(distribution, "one", "two"), (_CHANCE, _SHAPE, _SHAPE, REAL, _WIDE)

    @elementwise(distribution.ppf, domain=domain, aliases=names)
    def from_below(y, q, one, two, loc=0, scale=1):
        return (
            1 / distribution.pdf(y, one, two, loc, scale),
            scale * first(one, two, (y - loc) / scale),
            scale * second(one, two, (y - loc) / scale),
            1.0,
            (y - loc) / scale,
        )

    @elementwise(distribution.isf, domain=domain, aliases=names)
    def from_above(y, q, one, two, loc=0, scale=1):
        return (
            -1 / distribution.pdf(y, one, two, loc, scale),
            scale * first(one, two, (y - loc) / scale),
            scale * second(one, two, (y - loc) / scale),
            1.0,
            (y - loc) / scale,
        )

    return from_below, from_above


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
uniform_isf = _quantile_from_above(stats.uniform)
rayleigh_isf = _quantile_from_above(stats.rayleigh)
halfnorm_isf = _quantile_from_above(stats.halfnorm)
maxwell_isf = _quantile_from_above(stats.maxwell)
laplace_isf = _quantile_from_above(stats.laplace)
logistic_isf = _quantile_from_above(stats.logistic)
cauchy_isf = _quantile_from_above(stats.cauchy)
gumbel_r_isf = _quantile_from_above(stats.gumbel_r)
rayleigh_ppf = _quantile(stats.rayleigh)
halfnorm_ppf = _quantile(stats.halfnorm)
maxwell_ppf = _quantile(stats.maxwell)
laplace_ppf = _quantile(stats.laplace)
gumbel_r_ppf = _quantile(stats.gumbel_r)
logistic_ppf = _quantile(stats.logistic)
cauchy_ppf = _quantile(stats.cauchy)


_BY_SHAPE = (_BEYOND, _SHAPE, _HERE, _WIDE)
_BY_TWO = (_BEYOND, _SHAPE, _SHAPE, _HERE, _WIDE)
_AT_CHANCE = (_CHANCE, _SHAPE, REAL, _WIDE)
gamma_sf = _above_by_shape(stats.gamma, gamma_slope, _BY_SHAPE)
chi2_sf = _above_by_shape(stats.chi2, chi2_slope, _BY_SHAPE)
t_sf = _above_by_shape(stats.t, t_slope, (REAL, _SHAPE, _HERE, _WIDE))
beta_sf = _above_by_two(stats.beta, beta_slope, beta_slope_below, (_BETWEEN, _SHAPE, _SHAPE, *_UNIT))
f_sf = _above_by_two(stats.f, f_slope, f_slope_below, _BY_TWO)
gamma_ppf, gamma_isf = _quantiles_by_shape(stats.gamma, gamma_slope, _AT_CHANCE)
chi2_ppf, chi2_isf = _quantiles_by_shape(stats.chi2, chi2_slope, _AT_CHANCE)
t_ppf, t_isf = _quantiles_by_shape(stats.t, t_slope, _AT_CHANCE)
weibull_min_ppf, weibull_min_isf = _quantiles_by_shape(stats.weibull_min, power_slope, _AT_CHANCE)
beta_ppf, beta_isf = _quantiles_by_two(stats.beta, beta_slope, beta_slope_below)
f_ppf, f_isf = _quantiles_by_two(stats.f, f_slope, f_slope_below)


@elementwise(stats.f.cdf, domain=_BY_TWO)
def f_cdf(y, x, dfn, dfd, loc=0, scale=1):
    return (
        stats.f.pdf(x, dfn, dfd, loc, scale),
        -scale * f_slope(dfn, dfd, (x - loc) / scale) * stats.f.pdf(x, dfn, dfd, loc, scale),
        -scale * f_slope_below(dfn, dfd, (x - loc) / scale) * stats.f.pdf(x, dfn, dfd, loc, scale),
        -stats.f.pdf(x, dfn, dfd, loc, scale),
        (loc - x) / scale * stats.f.pdf(x, dfn, dfd, loc, scale),
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
