"""``scipy.stats``: distribution functions and quantiles, whose slopes are densities."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import stats

from tangent_like.rules.rule import REAL, Domain, elementwise

_HERE = Domain(-0.5, 0.5)
_WIDE = Domain(0.5, 2.0)
_SHAPE = Domain(0.8, 3.0)
_CHANCE = Domain(0.1, 0.9)
_BEYOND = Domain(1.0, 3.0)
_BETWEEN = Domain(0.3, 0.7)
_UNIT = (Domain(-0.2, 0.2), Domain(0.9, 1.2))


@elementwise(stats.gamma.sf, of=("x", "loc", "scale"), domain=(_BEYOND, _SHAPE, _HERE, _WIDE))
def gamma_sf(y, x, a, loc=0, scale=1):
    return (
        -stats.gamma.pdf(x, a, loc, scale),
        stats.gamma.pdf(x, a, loc, scale),
        (x - loc) / scale * stats.gamma.pdf(x, a, loc, scale),
    )


@elementwise(stats.beta.sf, of=("x", "loc", "scale"), domain=(_BETWEEN, _SHAPE, _SHAPE, *_UNIT))
def beta_sf(y, x, a, b, loc=0, scale=1):
    return (
        -stats.beta.pdf(x, a, b, loc, scale),
        stats.beta.pdf(x, a, b, loc, scale),
        (x - loc) / scale * stats.beta.pdf(x, a, b, loc, scale),
    )


@elementwise(stats.chi2.sf, of=("x", "loc", "scale"), domain=(_BEYOND, _SHAPE, _HERE, _WIDE))
def chi2_sf(y, x, df, loc=0, scale=1):
    return (
        -stats.chi2.pdf(x, df, loc, scale),
        stats.chi2.pdf(x, df, loc, scale),
        (x - loc) / scale * stats.chi2.pdf(x, df, loc, scale),
    )


@elementwise(stats.t.sf, of=("x", "loc", "scale"), domain=(REAL, _SHAPE, _HERE, _WIDE))
def t_sf(y, x, df, loc=0, scale=1):
    return (
        -stats.t.pdf(x, df, loc, scale),
        stats.t.pdf(x, df, loc, scale),
        (x - loc) / scale * stats.t.pdf(x, df, loc, scale),
    )


@elementwise(stats.f.cdf, of=("x", "loc", "scale"), domain=(_BEYOND, _SHAPE, _SHAPE, _HERE, _WIDE))
def f_cdf(y, x, dfn, dfd, loc=0, scale=1):
    return (
        stats.f.pdf(x, dfn, dfd, loc, scale),
        -stats.f.pdf(x, dfn, dfd, loc, scale),
        (loc - x) / scale * stats.f.pdf(x, dfn, dfd, loc, scale),
    )


@elementwise(stats.f.sf, of=("x", "loc", "scale"), domain=(_BEYOND, _SHAPE, _SHAPE, _HERE, _WIDE))
def f_sf(y, x, dfn, dfd, loc=0, scale=1):
    return (
        -stats.f.pdf(x, dfn, dfd, loc, scale),
        stats.f.pdf(x, dfn, dfd, loc, scale),
        (x - loc) / scale * stats.f.pdf(x, dfn, dfd, loc, scale),
    )


@elementwise(stats.uniform.cdf, domain=(_BETWEEN, *_UNIT))
def uniform_cdf(y, x, loc=0, scale=1):
    return (
        stats.uniform.pdf(x, loc, scale),
        -stats.uniform.pdf(x, loc, scale),
        (loc - x) / scale * stats.uniform.pdf(x, loc, scale),
    )


@elementwise(stats.uniform.sf, domain=(_BETWEEN, *_UNIT))
def uniform_sf(y, x, loc=0, scale=1):
    return (
        -stats.uniform.pdf(x, loc, scale),
        stats.uniform.pdf(x, loc, scale),
        (x - loc) / scale * stats.uniform.pdf(x, loc, scale),
    )


@elementwise(stats.rayleigh.cdf, domain=(_BEYOND, _HERE, _WIDE))
def rayleigh_cdf(y, x, loc=0, scale=1):
    return (
        stats.rayleigh.pdf(x, loc, scale),
        -stats.rayleigh.pdf(x, loc, scale),
        (loc - x) / scale * stats.rayleigh.pdf(x, loc, scale),
    )


@elementwise(stats.rayleigh.sf, domain=(_BEYOND, _HERE, _WIDE))
def rayleigh_sf(y, x, loc=0, scale=1):
    return (
        -stats.rayleigh.pdf(x, loc, scale),
        stats.rayleigh.pdf(x, loc, scale),
        (x - loc) / scale * stats.rayleigh.pdf(x, loc, scale),
    )


@elementwise(stats.halfnorm.cdf, domain=(_BEYOND, _HERE, _WIDE))
def halfnorm_cdf(y, x, loc=0, scale=1):
    return (
        stats.halfnorm.pdf(x, loc, scale),
        -stats.halfnorm.pdf(x, loc, scale),
        (loc - x) / scale * stats.halfnorm.pdf(x, loc, scale),
    )


@elementwise(stats.halfnorm.sf, domain=(_BEYOND, _HERE, _WIDE))
def halfnorm_sf(y, x, loc=0, scale=1):
    return (
        -stats.halfnorm.pdf(x, loc, scale),
        stats.halfnorm.pdf(x, loc, scale),
        (x - loc) / scale * stats.halfnorm.pdf(x, loc, scale),
    )


@elementwise(stats.maxwell.cdf, domain=(_BEYOND, _HERE, _WIDE))
def maxwell_cdf(y, x, loc=0, scale=1):
    return (
        stats.maxwell.pdf(x, loc, scale),
        -stats.maxwell.pdf(x, loc, scale),
        (loc - x) / scale * stats.maxwell.pdf(x, loc, scale),
    )


@elementwise(stats.maxwell.sf, domain=(_BEYOND, _HERE, _WIDE))
def maxwell_sf(y, x, loc=0, scale=1):
    return (
        -stats.maxwell.pdf(x, loc, scale),
        stats.maxwell.pdf(x, loc, scale),
        (x - loc) / scale * stats.maxwell.pdf(x, loc, scale),
    )


@elementwise(stats.laplace.cdf, domain=(REAL, _HERE, _WIDE))
def laplace_cdf(y, x, loc=0, scale=1):
    return (
        stats.laplace.pdf(x, loc, scale),
        -stats.laplace.pdf(x, loc, scale),
        (loc - x) / scale * stats.laplace.pdf(x, loc, scale),
    )


@elementwise(stats.laplace.sf, domain=(REAL, _HERE, _WIDE))
def laplace_sf(y, x, loc=0, scale=1):
    return (
        -stats.laplace.pdf(x, loc, scale),
        stats.laplace.pdf(x, loc, scale),
        (x - loc) / scale * stats.laplace.pdf(x, loc, scale),
    )


@elementwise(stats.gumbel_r.cdf, domain=(REAL, _HERE, _WIDE))
def gumbel_r_cdf(y, x, loc=0, scale=1):
    return (
        stats.gumbel_r.pdf(x, loc, scale),
        -stats.gumbel_r.pdf(x, loc, scale),
        (loc - x) / scale * stats.gumbel_r.pdf(x, loc, scale),
    )


@elementwise(stats.gumbel_r.sf, domain=(REAL, _HERE, _WIDE))
def gumbel_r_sf(y, x, loc=0, scale=1):
    return (
        -stats.gumbel_r.pdf(x, loc, scale),
        stats.gumbel_r.pdf(x, loc, scale),
        (x - loc) / scale * stats.gumbel_r.pdf(x, loc, scale),
    )


@elementwise(stats.logistic.sf, domain=(REAL, _HERE, _WIDE))
def logistic_sf(y, x, loc=0, scale=1):
    return (
        -stats.logistic.pdf(x, loc, scale),
        stats.logistic.pdf(x, loc, scale),
        (x - loc) / scale * stats.logistic.pdf(x, loc, scale),
    )


@elementwise(stats.cauchy.sf, domain=(REAL, _HERE, _WIDE))
def cauchy_sf(y, x, loc=0, scale=1):
    return (
        -stats.cauchy.pdf(x, loc, scale),
        stats.cauchy.pdf(x, loc, scale),
        (x - loc) / scale * stats.cauchy.pdf(x, loc, scale),
    )


@elementwise(stats.gamma.ppf, of=("q", "loc", "scale"), domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def gamma_ppf(y, q, a, loc=0, scale=1):
    return 1 / stats.gamma.pdf(y, a, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.gamma.isf, of=("q", "loc", "scale"), domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def gamma_isf(y, q, a, loc=0, scale=1):
    return -1 / stats.gamma.pdf(y, a, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.beta.ppf, of=("q", "loc", "scale"), domain=(_CHANCE, _SHAPE, _SHAPE, REAL, _WIDE))
def beta_ppf(y, q, a, b, loc=0, scale=1):
    return 1 / stats.beta.pdf(y, a, b, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.beta.isf, of=("q", "loc", "scale"), domain=(_CHANCE, _SHAPE, _SHAPE, REAL, _WIDE))
def beta_isf(y, q, a, b, loc=0, scale=1):
    return -1 / stats.beta.pdf(y, a, b, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.chi2.ppf, of=("q", "loc", "scale"), domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def chi2_ppf(y, q, df, loc=0, scale=1):
    return 1 / stats.chi2.pdf(y, df, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.chi2.isf, of=("q", "loc", "scale"), domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def chi2_isf(y, q, df, loc=0, scale=1):
    return -1 / stats.chi2.pdf(y, df, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.t.ppf, of=("q", "loc", "scale"), domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def t_ppf(y, q, df, loc=0, scale=1):
    return 1 / stats.t.pdf(y, df, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.t.isf, of=("q", "loc", "scale"), domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def t_isf(y, q, df, loc=0, scale=1):
    return -1 / stats.t.pdf(y, df, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.f.ppf, of=("q", "loc", "scale"), domain=(_CHANCE, _SHAPE, _SHAPE, REAL, _WIDE))
def f_ppf(y, q, dfn, dfd, loc=0, scale=1):
    return 1 / stats.f.pdf(y, dfn, dfd, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.uniform.ppf, domain=(_CHANCE, REAL, _WIDE))
def uniform_ppf(y, q, loc=0, scale=1):
    return 1 / stats.uniform.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.expon.ppf, domain=(_CHANCE, REAL, _WIDE))
def expon_ppf(y, q, loc=0, scale=1):
    return 1 / stats.expon.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.expon.isf, domain=(_CHANCE, REAL, _WIDE))
def expon_isf(y, q, loc=0, scale=1):
    return -1 / stats.expon.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.rayleigh.ppf, domain=(_CHANCE, REAL, _WIDE))
def rayleigh_ppf(y, q, loc=0, scale=1):
    return 1 / stats.rayleigh.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.halfnorm.ppf, domain=(_CHANCE, REAL, _WIDE))
def halfnorm_ppf(y, q, loc=0, scale=1):
    return 1 / stats.halfnorm.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.maxwell.ppf, domain=(_CHANCE, REAL, _WIDE))
def maxwell_ppf(y, q, loc=0, scale=1):
    return 1 / stats.maxwell.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.laplace.ppf, domain=(_CHANCE, REAL, _WIDE))
def laplace_ppf(y, q, loc=0, scale=1):
    return 1 / stats.laplace.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.gumbel_r.ppf, domain=(_CHANCE, REAL, _WIDE))
def gumbel_r_ppf(y, q, loc=0, scale=1):
    return 1 / stats.gumbel_r.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.logistic.ppf, domain=(_CHANCE, REAL, _WIDE))
def logistic_ppf(y, q, loc=0, scale=1):
    return 1 / stats.logistic.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.cauchy.ppf, domain=(_CHANCE, REAL, _WIDE))
def cauchy_ppf(y, q, loc=0, scale=1):
    return 1 / stats.cauchy.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.lognorm.ppf, domain=(_CHANCE, _WIDE, REAL, _WIDE))
def lognorm_ppf(y, q, s, loc=0, scale=1):
    return (
        s * (y - loc) / stats.norm.pdf(stats.norm.ppf(q)),
        (y - loc) * stats.norm.ppf(q),
        1.0,
        (y - loc) / scale,
    )


@elementwise(stats.weibull_min.ppf, of=("q", "loc", "scale"), domain=(_CHANCE, _SHAPE, REAL, _WIDE))
def weibull_min_ppf(y, q, c, loc=0, scale=1):
    return 1 / stats.weibull_min.pdf(y, c, loc, scale), 1.0, (y - loc) / scale


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
