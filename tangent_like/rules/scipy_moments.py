"""``scipy.stats``: means and spreads of distributions, by their parameters."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import stats

from tangent_like.rules.rule import REAL, Domain, elementwise

_WIDE = Domain(0.5, 2)
_SHAPE = Domain(0.5, 3)


@elementwise(stats.norm.mean, domain=(REAL, _WIDE))
def norm_mean(y, loc=0, scale=1):
    return 1.0, 0.0


@elementwise(stats.norm.median, domain=(REAL, _WIDE))
def norm_median(y, loc=0, scale=1):
    return 1.0, 0.0


@elementwise(stats.norm.var, domain=(REAL, _WIDE))
def norm_var(y, loc=0, scale=1):
    return 0.0, 2.0 * scale


@elementwise(stats.norm.std, domain=(REAL, _WIDE))
def norm_std(y, loc=0, scale=1):
    return 0.0, 1.0


@elementwise(stats.norm.entropy, domain=(REAL, _WIDE))
def norm_entropy(y, loc=0, scale=1):
    return 0.0, 1.0 / scale


@elementwise(stats.expon.mean, domain=(REAL, _WIDE))
def expon_mean(y, loc=0, scale=1):
    return 1.0, 1.0


@elementwise(stats.expon.var, domain=(REAL, _WIDE))
def expon_var(y, loc=0, scale=1):
    return 0.0, 2.0 * scale


@elementwise(stats.expon.std, domain=(REAL, _WIDE))
def expon_std(y, loc=0, scale=1):
    return 0.0, 1.0


@elementwise(stats.expon.entropy, domain=(REAL, _WIDE))
def expon_entropy(y, loc=0, scale=1):
    return 0.0, 1.0 / scale


@elementwise(stats.uniform.mean, domain=(REAL, _WIDE))
def uniform_mean(y, loc=0, scale=1):
    return 1.0, 0.5


@elementwise(stats.uniform.var, domain=(REAL, _WIDE))
def uniform_var(y, loc=0, scale=1):
    return 0.0, scale / 6.0


@elementwise(stats.uniform.std, domain=(REAL, _WIDE))
def uniform_std(y, loc=0, scale=1):
    return 0.0, y / scale


@elementwise(stats.uniform.entropy, domain=(REAL, _WIDE))
def uniform_entropy(y, loc=0, scale=1):
    return 0.0, 1.0 / scale


@elementwise(stats.laplace.mean, domain=(REAL, _WIDE))
def laplace_mean(y, loc=0, scale=1):
    return 1.0, 0.0


@elementwise(stats.laplace.var, domain=(REAL, _WIDE))
def laplace_var(y, loc=0, scale=1):
    return 0.0, 4.0 * scale


@elementwise(stats.laplace.std, domain=(REAL, _WIDE))
def laplace_std(y, loc=0, scale=1):
    return 0.0, y / scale


@elementwise(stats.logistic.mean, domain=(REAL, _WIDE))
def logistic_mean(y, loc=0, scale=1):
    return 1.0, 0.0


@elementwise(stats.logistic.var, domain=(REAL, _WIDE))
def logistic_var(y, loc=0, scale=1):
    return 0.0, 2.0 * y / scale


@elementwise(stats.logistic.std, domain=(REAL, _WIDE))
def logistic_std(y, loc=0, scale=1):
    return 0.0, y / scale


@elementwise(stats.gamma.mean, domain=(_SHAPE, REAL, _WIDE))
def gamma_mean(y, a, loc=0, scale=1):
    return scale, 1.0, a


@elementwise(stats.gamma.var, domain=(_SHAPE, REAL, _WIDE))
def gamma_var(y, a, loc=0, scale=1):
    return scale**2, 0.0, 2.0 * a * scale


@elementwise(stats.gamma.std, domain=(_SHAPE, REAL, _WIDE))
def gamma_std(y, a, loc=0, scale=1):
    return 0.5 * y / a, 0.0, y / scale


@elementwise(stats.chi2.mean, domain=(_SHAPE, REAL, _WIDE))
def chi2_mean(y, df, loc=0, scale=1):
    return scale, 1.0, df


@elementwise(stats.chi2.var, domain=(_SHAPE, REAL, _WIDE))
def chi2_var(y, df, loc=0, scale=1):
    return 2.0 * scale**2, 0.0, 4.0 * df * scale


@elementwise(stats.chi2.std, domain=(_SHAPE, REAL, _WIDE))
def chi2_std(y, df, loc=0, scale=1):
    return 0.5 * y / df, 0.0, y / scale


@elementwise(stats.beta.mean, domain=(_SHAPE, _SHAPE, REAL, _WIDE))
def beta_mean(y, a, b, loc=0, scale=1):
    return scale * b / (a + b) ** 2, -scale * a / (a + b) ** 2, 1.0, a / (a + b)


@elementwise(stats.beta.var, domain=(_SHAPE, _SHAPE, REAL, _WIDE))
def beta_var(y, a, b, loc=0, scale=1):
    return (
        y * (1.0 / a - 2.0 / (a + b) - 1.0 / (a + b + 1.0)),
        y * (1.0 / b - 2.0 / (a + b) - 1.0 / (a + b + 1.0)),
        0.0,
        2.0 * y / scale,
    )


@elementwise(stats.beta.std, domain=(_SHAPE, _SHAPE, REAL, _WIDE))
def beta_std(y, a, b, loc=0, scale=1):
    return (
        0.5 * y * (1.0 / a - 2.0 / (a + b) - 1.0 / (a + b + 1.0)),
        0.5 * y * (1.0 / b - 2.0 / (a + b) - 1.0 / (a + b + 1.0)),
        0.0,
        y / scale,
    )


@elementwise(stats.lognorm.mean, domain=(_SHAPE, REAL, _WIDE))
def lognorm_mean(y, s, loc=0, scale=1):
    return scale * s * np.exp(0.5 * s**2), 1.0, np.exp(0.5 * s**2)


@elementwise(stats.lognorm.var, domain=(_SHAPE, REAL, _WIDE))
def lognorm_var(y, s, loc=0, scale=1):
    return 2.0 * s * scale**2 * (2.0 * np.exp(2.0 * s**2) - np.exp(s**2)), 0.0, 2.0 * y / scale


@elementwise(stats.poisson.mean, domain=(_WIDE,), of=("mu",))
def poisson_mean(y, mu):
    return 1.0


@elementwise(stats.poisson.var, domain=(_WIDE,), of=("mu",))
def poisson_var(y, mu):
    return 1.0
