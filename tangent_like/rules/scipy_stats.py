"""``scipy.stats``: densities and distribution functions, by their argument and their parameters."""

# mypy: allow-untyped-defs, allow-untyped-calls


import numpy as np
from scipy import special, stats

from tangent_like.rules.cases import case, draw, positive
from tangent_like.rules.rule import POSITIVE, REAL, Domain, at_most, definition, elementwise, rule
from tangent_like.runtime import (
    beta_slope,
    chi2_slope,
    full_rank,
    gamma_slope,
    normal_covariance,
    normal_ratio,
    normal_weights,
    t_slope,
    unbroadcast,
)

OPEN = Domain(0.1, 0.9)
WIDE = Domain(0.5, 2.0)
COUNTS = Domain(0, 5, integer=True)
_LOCATED = (REAL, REAL, WIDE)


@elementwise(stats.norm.logpdf, domain=_LOCATED)
def norm_logpdf(y, x, loc=0, scale=1):
    return (loc - x) / scale**2, (x - loc) / scale**2, (((x - loc) / scale) ** 2 - 1) / scale


@elementwise(stats.norm.pdf, domain=_LOCATED)
def norm_pdf(y, x, loc=0, scale=1):
    return y * (loc - x) / scale**2, y * (x - loc) / scale**2, y * (((x - loc) / scale) ** 2 - 1) / scale


@elementwise(stats.norm.cdf, domain=_LOCATED)
def norm_cdf(y, x, loc=0, scale=1):
    return (
        stats.norm.pdf(x, loc, scale),
        -stats.norm.pdf(x, loc, scale),
        (loc - x) / scale * stats.norm.pdf(x, loc, scale),
    )


@elementwise(stats.norm.sf, domain=_LOCATED)
def norm_sf(y, x, loc=0, scale=1):
    return (
        -stats.norm.pdf(x, loc, scale),
        stats.norm.pdf(x, loc, scale),
        (x - loc) / scale * stats.norm.pdf(x, loc, scale),
    )


@elementwise(stats.norm.logcdf, domain=_LOCATED)
def norm_logcdf(y, x, loc=0, scale=1):
    return (
        normal_ratio((x - loc) / scale) / scale,
        -normal_ratio((x - loc) / scale) / scale,
        (loc - x) / scale**2 * normal_ratio((x - loc) / scale),
    )


@elementwise(stats.norm.logsf, domain=_LOCATED)
def norm_logsf(y, x, loc=0, scale=1):
    return (
        -normal_ratio((loc - x) / scale) / scale,
        normal_ratio((loc - x) / scale) / scale,
        (x - loc) / scale**2 * normal_ratio((loc - x) / scale),
    )


@elementwise(stats.norm.ppf, domain=(OPEN, REAL, WIDE))
def norm_ppf(y, q, loc=0, scale=1):
    return 1 / stats.norm.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.norm.isf, domain=(OPEN, REAL, WIDE))
def norm_isf(y, q, loc=0, scale=1):
    return -1 / stats.norm.pdf(y, loc, scale), 1.0, (y - loc) / scale


@elementwise(stats.t.cdf, domain=(REAL, POSITIVE, REAL, WIDE))
def t_cdf(y, x, df, loc=0, scale=1):
    return (
        stats.t.pdf(x, df, loc, scale),
        -scale * t_slope(df, (x - loc) / scale) * stats.t.pdf(x, df, loc, scale),
        -stats.t.pdf(x, df, loc, scale),
        (loc - x) / scale * stats.t.pdf(x, df, loc, scale),
    )


_BEYOND = (Domain(1.0, 3.0), Domain(0.5, 3.0), Domain(-0.5, 0.5), WIDE)


@elementwise(stats.gamma.cdf, domain=_BEYOND)
def gamma_cdf(y, x, a, loc=0, scale=1):
    return (
        stats.gamma.pdf(x, a, loc, scale),
        -scale * gamma_slope(a, (x - loc) / scale) * stats.gamma.pdf(x, a, loc, scale),
        -stats.gamma.pdf(x, a, loc, scale),
        (loc - x) / scale * stats.gamma.pdf(x, a, loc, scale),
    )


@elementwise(stats.chi2.cdf, domain=_BEYOND)
def chi2_cdf(y, x, df, loc=0, scale=1):
    return (
        stats.chi2.pdf(x, df, loc, scale),
        -scale * chi2_slope(df, (x - loc) / scale) * stats.chi2.pdf(x, df, loc, scale),
        -stats.chi2.pdf(x, df, loc, scale),
        (loc - x) / scale * stats.chi2.pdf(x, df, loc, scale),
    )


@elementwise(
    stats.beta.cdf,
    domain=(Domain(0.5, 0.9), WIDE, WIDE, Domain(0.0, 0.2), Domain(1.2, 2.0)),
)
def beta_cdf(y, x, a, b, loc=0, scale=1):
    return (
        stats.beta.pdf(x, a, b, loc, scale),
        -scale * beta_slope(a, b, (x - loc) / scale) * stats.beta.pdf(x, a, b, loc, scale),
        scale * beta_slope(b, a, 1 - (x - loc) / scale) * stats.beta.pdf(x, a, b, loc, scale),
        -stats.beta.pdf(x, a, b, loc, scale),
        (loc - x) / scale * stats.beta.pdf(x, a, b, loc, scale),
    )


@elementwise(stats.t.logpdf, domain=(REAL, POSITIVE, REAL, WIDE))
def t_logpdf(y, x, df, loc=0, scale=1):
    return (
        -(df + 1) * (x - loc) / (df * scale**2 + (x - loc) ** 2),
        0.5
        * (
            special.digamma(0.5 * (df + 1))
            - special.digamma(0.5 * df)
            - 1 / df
            - np.log1p(((x - loc) / scale) ** 2 / df)
            + (df + 1) / df * (x - loc) ** 2 / (df * scale**2 + (x - loc) ** 2)
        ),
        (df + 1) * (x - loc) / (df * scale**2 + (x - loc) ** 2),
        ((df + 1) * (x - loc) ** 2 / (df * scale**2 + (x - loc) ** 2) - 1) / scale,
    )


@elementwise(stats.gamma.logpdf, domain=(POSITIVE, POSITIVE, Domain(-2.0, -0.5), WIDE))
def gamma_logpdf(y, x, a, loc=0, scale=1):
    return (
        (x >= loc) * ((a - 1) / (x - loc) - 1 / scale),
        (x > loc) * (np.log(np.where(x > loc, (x - loc) / scale, 1.0)) - special.digamma(a)),
        (x >= loc) * (1 / scale - (a - 1) / (x - loc)),
        (x >= loc) * ((x - loc) / scale**2 - a / scale),
    )


@elementwise(stats.beta.logpdf, domain=(OPEN, POSITIVE, POSITIVE, Domain(-0.1, -0.01), Domain(1.1, 1.5)))
def beta_logpdf(y, x, a, b, loc=0, scale=1):
    return (
        ((x >= loc) & (x <= loc + scale)) * ((a - 1) / (x - loc) - (b - 1) / (scale - x + loc)),
        ((x > loc) & (x < loc + scale))
        * (
            np.log(np.where((x > loc) & (x < loc + scale), (x - loc) / scale, 1.0))
            - special.digamma(a)
            + special.digamma(a + b)
        ),
        ((x > loc) & (x < loc + scale))
        * (
            np.log1p(np.where((x > loc) & (x < loc + scale), (loc - x) / scale, 0.0))
            - special.digamma(b)
            + special.digamma(a + b)
        ),
        ((x >= loc) & (x <= loc + scale)) * ((b - 1) / (scale - x + loc) - (a - 1) / (x - loc)),
        ((x >= loc) & (x <= loc + scale)) * (((b - 1) * (x - loc) / (scale - x + loc) - a) / scale),
    )


@elementwise(stats.expon.logpdf, domain=(POSITIVE, Domain(-1.0, 0.0), WIDE))
def expon_logpdf(y, x, loc=0, scale=1):
    return (x >= loc) * (-1 / scale), (x >= loc) / scale, (x >= loc) * ((x - loc) / scale - 1) / scale


@elementwise(stats.laplace.logpdf, domain=_LOCATED)
def laplace_logpdf(y, x, loc=0, scale=1):
    return np.sign(loc - x) / scale, np.sign(x - loc) / scale, (np.abs(x - loc) / scale - 1) / scale


@elementwise(stats.cauchy.logpdf, domain=_LOCATED)
def cauchy_logpdf(y, x, loc=0, scale=1):
    return (
        2 * (loc - x) / (scale**2 + (x - loc) ** 2),
        2 * (x - loc) / (scale**2 + (x - loc) ** 2),
        1 / scale - 2 * scale / (scale**2 + (x - loc) ** 2),
    )


@elementwise(stats.logistic.logpdf, domain=_LOCATED)
def logistic_logpdf(y, x, loc=0, scale=1):
    return (
        -np.tanh(0.5 * (x - loc) / scale) / scale,
        np.tanh(0.5 * (x - loc) / scale) / scale,
        ((x - loc) / scale * np.tanh(0.5 * (x - loc) / scale) - 1) / scale,
    )


@elementwise(stats.lognorm.logpdf, domain=(POSITIVE, WIDE, Domain(-1.0, 0.0), WIDE))
def lognorm_logpdf(y, x, s, loc=0, scale=1):
    return (
        (x > loc)
        * (-(1 + np.log(np.where(x > loc, x - loc, scale) / scale) / s**2) / np.where(x > loc, x - loc, scale)),
        (x > loc) * ((np.log(np.where(x > loc, x - loc, scale) / scale) ** 2 / s**2 - 1) / s),
        (x > loc)
        * ((1 + np.log(np.where(x > loc, x - loc, scale) / scale) / s**2) / np.where(x > loc, x - loc, scale)),
        np.log(np.where(x > loc, x - loc, scale) / scale) / (s**2 * scale),
    )


@elementwise(stats.chi2.logpdf, domain=(POSITIVE, POSITIVE, Domain(-1.0, 0.0), WIDE))
def chi2_logpdf(y, x, df, loc=0, scale=1):
    return (
        (x >= loc) * ((0.5 * df - 1) / (x - loc) - 0.5 / scale),
        (x > loc)
        * (0.5 * (np.log(np.where(x > loc, 0.5 * (x - loc) / scale, 1.0)) - special.digamma(0.5 * df))),
        (x >= loc) * (0.5 / scale - (0.5 * df - 1) / (x - loc)),
        (x >= loc) * (0.5 * ((x - loc) / scale - df) / scale),
    )


@elementwise(stats.uniform.logpdf, domain=(OPEN, Domain(-1.0, 0.0), Domain(2.0, 3.0)))
def uniform_logpdf(y, x, loc=0, scale=1):
    return 0.0, 0.0, ((x >= loc) & (x <= loc + scale)) * (-1 / scale)


@elementwise(stats.vonmises.logpdf, of=("x", "kappa", "loc"), domain=(REAL, POSITIVE, REAL, Domain(1.0, 1.0)))
def vonmises_logpdf(y, x, kappa, loc=0, scale=1):
    return (
        -kappa / scale * np.sin((x - loc) / scale),
        np.cos((x - loc) / scale) - special.i1e(kappa) / special.i0e(kappa),
        kappa / scale * np.sin((x - loc) / scale),
    )


@elementwise(stats.poisson.logpmf, inactive=("k",), domain=(COUNTS, POSITIVE))
def poisson_logpmf(y, k, mu):
    return k / mu - 1


@elementwise(stats.bernoulli.logpmf, inactive=("k",), domain=(Domain(0, 2, integer=True), OPEN))
def bernoulli_logpmf(y, k, p):
    return k / p - (1 - k) / (1 - p)


@elementwise(stats.binom.logpmf, of=("p",), inactive=("k",), domain=(COUNTS, Domain(5, 9, integer=True), OPEN))
def binom_logpmf(y, k, n, p):
    return k / p - (n - k) / (1 - p)


@definition(
    stats.multivariate_normal.logpdf,
    of=("x", "cov"),
    accepts={"mean": (None,)},
    inactive=("allow_singular",),
    cases=(
        case(draw(4, 3), None, positive(3)),
        case(draw(3), mean=None, cov=positive(3)),
        case(draw(1), None, positive(1), True),
    ),
)
def multivariate_normal_logpdf_of_none(x, mean, cov, allow_singular=False):
    """About zero; a covariance that is no matrix is then one of points of one number each."""
    return stats.multivariate_normal.logpdf(x, np.zeros(np.shape(cov)[-1:]), cov, allow_singular=allow_singular)


@definition(
    stats.multivariate_normal.logpdf,
    more=True,
    of=("x", "cov"),
    inactive=("allow_singular",),
    cases=(case(draw(3), cov=positive(3)), case(draw(4, 3), cov=positive(3), allow_singular=True)),
)
def multivariate_normal_logpdf_about_zero(x, *, cov, allow_singular=False):
    return stats.multivariate_normal.logpdf(x, np.zeros(np.shape(cov)[-1:]), cov, allow_singular=allow_singular)


@rule(
    stats.multivariate_normal.logpdf,
    more=True,
    kind="density_of_point",
    of=("x", "mean", "cov"),
    accepts={"allow_singular": (False,)},
    cases=(
        case(draw(3), draw(3), positive(3)),
        case(draw(4, 3), draw(3), positive(3)),
        case(draw(2, 4, 3), mean=draw(3), cov=positive(3)),
        case(draw(4, 3), draw(3), draw(3, low=0.5)),
        case(draw(4, 3), draw(3), draw(low=0.5)),
    ),
)
def multivariate_normal_logpdf(y, x, mean, cov, allow_singular=False):
    """Of a covariance one triangle is read."""

    def jvp(x_dot, mean_dot, cov_dot):
        weights = normal_weights(x, mean, cov)
        return np.reshape(
            -np.sum(weights * x_dot, axis=-1)
            + np.sum(weights * mean_dot, axis=-1)
            + np.sum(normal_covariance(weights, cov) * cov_dot, axis=(-2, -1)),
            np.shape(y),
        )

    def vjp(y_bar):
        weights = normal_weights(x, mean, cov)
        return (
            -y_bar * weights if np.ndim(x) == 1 else -np.expand_dims(y_bar, -1) * weights,
            y_bar * weights if np.ndim(x) == 1 else unbroadcast(np.expand_dims(y_bar, -1) * weights, mean),
            y_bar * normal_covariance(weights, cov)
            if np.ndim(x) == 1 and np.ndim(cov) == 2
            else unbroadcast(np.expand_dims(y_bar, (-2, -1)) * normal_covariance(weights, cov), cov),
        )

    return jvp, vjp


@rule(
    stats.multivariate_normal.logpdf,
    more=True,
    kind="density_of_point",
    of=("x", "mean", "cov"),
    inactive=("allow_singular",),
    cases=(case(draw(3), draw(3), positive(3), True), case(draw(4, 3), draw(3), positive(3), allow_singular=True)),
)
def multivariate_normal_logpdf_of_any(y, x, mean, cov, allow_singular=False):
    def jvp(x_dot, mean_dot, cov_dot):
        weights = normal_weights(x, mean, full_rank(cov))
        return np.reshape(
            -np.sum(weights * x_dot, axis=-1)
            + np.sum(weights * mean_dot, axis=-1)
            + np.sum(normal_covariance(weights, cov) * cov_dot, axis=(-2, -1)),
            np.shape(y),
        )

    def vjp(y_bar):
        weights = normal_weights(x, mean, full_rank(cov))
        return (
            -y_bar * weights if np.ndim(x) == 1 else -np.expand_dims(y_bar, -1) * weights,
            y_bar * weights if np.ndim(x) == 1 else unbroadcast(np.expand_dims(y_bar, -1) * weights, mean),
            y_bar * normal_covariance(weights, cov)
            if np.ndim(x) == 1 and np.ndim(cov) == 2
            else unbroadcast(np.expand_dims(y_bar, (-2, -1)) * normal_covariance(weights, cov), cov),
        )

    return jvp, vjp


@at_most(alpha=1)
@definition(
    stats.dirichlet.logpdf,
    of=("alpha",),
    cases=(
        case(np.array([0.2, 0.3, 0.5]), draw(3, low=0.5)),
        case(np.array([[0.2, 0.6], [0.3, 0.1], [0.5, 0.3]]), draw(3, low=0.5)),
    ),
)
def dirichlet_logpdf(x, alpha):
    """By the parameters: SciPy takes no coordinates beside the simplex. All are given, the last one too."""
    return (
        special.gammaln(np.sum(alpha))
        - np.sum(special.gammaln(alpha))
        + np.dot(np.transpose(np.log(x)), alpha - 1)
    )


_CUT = (Domain(-0.5, 0.5), Domain(-2.0, -1.0), Domain(1.5, 2.5), Domain(-0.2, 0.2), Domain(0.8, 1.2))


@elementwise(stats.truncnorm.logpdf, domain=_CUT)
def truncnorm_logpdf(y, x, a, b, loc=0, scale=1):
    """The logarithm of the mass between the bounds is what the density lacks of the normal one."""
    return (
        (y != -np.inf) * ((loc - x) / scale**2),
        scale * np.exp(y + 0.5 * (((x - loc) / scale) ** 2 - a**2)),
        -scale * np.exp(y + 0.5 * (((x - loc) / scale) ** 2 - b**2)),
        (y != -np.inf) * ((x - loc) / scale**2),
        (y != -np.inf) * ((((x - loc) / scale) ** 2 - 1) / scale),
    )


@definition(
    stats.gamma.pdf,
    of=("x", "a", "loc", "scale"),
    cases=(
        case(draw(3, low=0.5), 2.0),
        case(draw(2, low=0.5), draw(low=1.5), draw(low=0.1, high=0.2), draw(low=1.0)),
        case(np.array([-1.0, 0.7]), draw(low=1.5), 0.1, draw(low=1.0)),
    ),
)
def gamma_pdf(x, a, loc=0, scale=1):
    return np.where(x > loc, np.exp(stats.gamma.logpdf(np.where(x > loc, x, loc + scale), a, loc, scale)), 0.0)


@definition(
    stats.beta.pdf,
    of=("x", "a", "b", "loc", "scale"),
    cases=(
        case(draw(3, low=0.2, high=0.8), draw(low=1.5), draw(low=1.5), draw(low=0.0, high=0.1), draw(low=1.0)),
        case(np.array([-1.0, 0.7, 9.0]), draw(low=1.5), draw(low=1.5), draw(low=0.0, high=0.1), draw(low=1.0)),
    ),
)
def beta_pdf(x, a, b, loc=0, scale=1):
    return np.where(
        (x > loc) & (x < loc + scale),
        np.exp(
            stats.beta.logpdf(
                np.where((x > loc) & (x < loc + scale), x, loc + 0.5 * scale), a, b, loc, scale
            )
        ),
        0.0,
    )


@definition(
    stats.expon.pdf,
    of=("x", "loc", "scale"),
    cases=(case(draw(3, low=0.5)), case(draw(2, low=0.5), draw(low=0.1, high=0.4), scale=draw(low=1.0))),
)
def expon_pdf(x, loc=0, scale=1):
    return np.exp(stats.expon.logpdf(x, loc, scale))


@definition(stats.poisson.pmf, of=("mu",), cases=(case(np.array([0, 2, 5]), draw(low=0.5)),))
def poisson_pmf(k, mu):
    return np.exp(stats.poisson.logpmf(k, mu))


@definition(
    stats.multivariate_normal.pdf,
    of=("x", "mean", "cov"),
    accepts={"allow_singular": (False,)},
    cases=(case(draw(3), draw(3), positive(3)), case(draw(4, 3), draw(3), positive(3))),
)
def multivariate_normal_pdf(x, mean, cov, allow_singular=False):
    return np.exp(stats.multivariate_normal.logpdf(x, mean, cov))


@definition(
    stats.multivariate_normal.pdf,
    more=True,
    of=("x", "cov"),
    inactive=("allow_singular",),
    cases=(case(draw(3), cov=positive(3)), case(draw(4, 3), cov=positive(3), allow_singular=True)),
)
def multivariate_normal_pdf_about_zero(x, *, cov, allow_singular=False):
    return np.exp(stats.multivariate_normal.logpdf(x, cov=cov, allow_singular=allow_singular))
