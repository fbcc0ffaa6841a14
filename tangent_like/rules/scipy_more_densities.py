"""``scipy.stats``: more densities of half lines, intervals and counts."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import special, stats

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition, elementwise

_PLACED = ("x", "loc", "scale")
_LINE = (case(draw(3)), case(draw(2, 3), draw(3), draw(low=0.5, high=2.0)))
_SIDES = np.array([-0.7, 0.6, 1.7])  # on both sides of where a half line begins
_HALF = (case(_SIDES), case(_SIDES, 0.1, draw(low=0.5, high=2.0)), case(draw(3, low=0.5), draw(low=-1.0, high=0.0)))
_HALF_LINE = (
    case(draw(3, low=0.5, high=2.0)),
    case(draw(3, low=0.5, high=2.0), draw(low=-1.0, high=0.0), draw(low=0.5, high=2.0)),
)
_BY_SHAPE = (
    case(draw(3, low=0.5, high=2.0), draw(low=0.5, high=2.0)),
    case(draw(3, low=0.5, high=2.0), draw(low=0.5, high=2.0), draw(low=-1.0, high=0.0), draw(low=0.5, high=2.0)),
)
_BY_TWO = (
    case(draw(3, low=0.5, high=2.0), draw(low=1.0, high=3.0), draw(low=1.0, high=3.0)),
    case(draw(3, low=0.5, high=2.0), draw(low=1.0), draw(low=1.0), draw(low=-1.0, high=0.0), draw(low=0.5)),
)
_LINE_BY_SHAPE = (case(draw(3), draw(low=0.5, high=2.0)), case(draw(3), draw(low=0.5), draw(), draw(low=0.5)))


@definition(stats.gumbel_r.pdf, of=_PLACED, cases=_LINE)
def gumbel_r_pdf(x, loc=0, scale=1):
    return np.exp(stats.gumbel_r.logpdf(x, loc, scale))


@definition(stats.gumbel_l.pdf, of=_PLACED, cases=_LINE)
def gumbel_l_pdf(x, loc=0, scale=1):
    return np.exp(stats.gumbel_l.logpdf(x, loc, scale))


@definition(stats.hypsecant.logpdf, of=_PLACED, cases=_LINE)
def hypsecant_logpdf(x, loc=0, scale=1):
    return -np.logaddexp((x - loc) / scale, (loc - x) / scale) + np.log(2 / np.pi) - np.log(scale)


@definition(stats.uniform.pdf, of=_PLACED, cases=(case(_SIDES), case(_SIDES, -1.0, draw(low=2.0, high=2.5))))
def uniform_pdf(x, loc=0, scale=1):
    return np.where(np.logical_and(x >= loc, x <= loc + scale), 1 / (scale + 0 * x), 0.0)


@definition(stats.rayleigh.pdf, of=_PLACED, cases=_HALF)
def rayleigh_pdf(x, loc=0, scale=1):
    return np.where(x > loc, (x - loc) / scale**2 * np.exp(-0.5 * ((x - loc) / scale) ** 2), 0.0)


@definition(stats.halfnorm.pdf, of=_PLACED, cases=_HALF)
def halfnorm_pdf(x, loc=0, scale=1):
    return np.where(x > loc, np.sqrt(2 / np.pi) / scale * np.exp(-0.5 * ((x - loc) / scale) ** 2), 0.0)


@definition(stats.maxwell.pdf, of=_PLACED, cases=_HALF)
def maxwell_pdf(x, loc=0, scale=1):
    return np.where(
        x > loc, np.sqrt(2 / np.pi) / scale * ((x - loc) / scale) ** 2 * np.exp(-0.5 * ((x - loc) / scale) ** 2), 0.0
    )


@elementwise(stats.maxwell.logpdf, cases=_HALF_LINE)
def maxwell_logpdf(y, x, loc=0, scale=1):
    return (
        np.where(x >= loc, 2 / (x - loc) - (x - loc) / scale**2, 0.0),
        np.where(x >= loc, (x - loc) / scale**2 - 2 / (x - loc), 0.0),
        np.where(x >= loc, (((x - loc) / scale) ** 2 - 3) / scale, 0.0),
    )


@elementwise(stats.halfcauchy.logpdf, cases=_HALF_LINE)
def halfcauchy_logpdf(y, x, loc=0, scale=1):
    return (
        np.where(x >= loc, 2 * (loc - x) / (scale**2 + (x - loc) ** 2), 0.0),
        np.where(x >= loc, 2 * (x - loc) / (scale**2 + (x - loc) ** 2), 0.0),
        np.where(x >= loc, 1 / scale - 2 * scale / (scale**2 + (x - loc) ** 2), 0.0),
    )


@definition(stats.halfcauchy.pdf, of=_PLACED, cases=_HALF)
def halfcauchy_pdf(x, loc=0, scale=1):
    return np.where(x > loc, 2 / np.pi / scale / (1 + ((x - loc) / scale) ** 2), 0.0)


@definition(stats.invgauss.logpdf, of=("x", "mu", "loc", "scale"), cases=_BY_SHAPE)
def invgauss_logpdf(x, mu, loc=0, scale=1):
    return np.where(
        x <= loc,
        -np.inf,
        -0.5 * np.log(2 * np.pi)
        - np.log(scale)
        - 1.5 * np.log((np.where(x <= loc, loc + scale, x) - loc) / scale)
        - ((x - loc) / scale - mu) ** 2 / (2 * mu**2 * (np.where(x <= loc, loc + scale, x) - loc) / scale),
    )


@definition(stats.gompertz.logpdf, of=("x", "c", "loc", "scale"), cases=_BY_SHAPE)
def gompertz_logpdf(x, c, loc=0, scale=1):
    return np.where(x < loc, -np.inf, np.log(c / scale) + (x - loc) / scale - c * np.expm1((x - loc) / scale))


@definition(stats.fisk.logpdf, of=("x", "c", "loc", "scale"), cases=_BY_SHAPE)
def fisk_logpdf(x, c, loc=0, scale=1):
    return np.where(
        x < loc,
        -np.inf,
        np.log(c / scale)
        + (c - 1) * np.log((np.where(x < loc, loc + scale, x) - loc) / scale)
        - 2 * np.log1p(((np.where(x < loc, loc + scale, x) - loc) / scale) ** c),
    )


@definition(stats.nakagami.logpdf, of=("x", "nu", "loc", "scale"), cases=_BY_SHAPE)
def nakagami_logpdf(x, nu, loc=0, scale=1):
    return np.where(
        x < loc,
        -np.inf,
        np.log(2 / scale)
        + special.xlogy(nu, nu)
        - special.gammaln(nu)
        + (2 * nu - 1) * np.log((np.where(x < loc, loc + scale, x) - loc) / scale)
        - nu * ((np.where(x < loc, loc + scale, x) - loc) / scale) ** 2,
    )


@definition(stats.burr12.logpdf, of=("x", "c", "d", "loc", "scale"), cases=_BY_TWO)
def burr12_logpdf(x, c, d, loc=0, scale=1):
    return np.where(
        x < loc,
        -np.inf,
        np.log(c * d / scale)
        + (c - 1) * np.log((np.where(x < loc, loc + scale, x) - loc) / scale)
        - (d + 1) * np.log1p(((np.where(x < loc, loc + scale, x) - loc) / scale) ** c),
    )


@definition(stats.f.logpdf, of=("x", "dfn", "dfd", "loc", "scale"), cases=_BY_TWO)
def f_logpdf(x, dfn, dfd, loc=0, scale=1):
    return np.where(
        x < loc,
        -np.inf,
        0.5 * dfn * np.log(dfn)
        + 0.5 * dfd * np.log(dfd)
        + (0.5 * dfn - 1) * np.log((np.where(x < loc, loc + scale, x) - loc) / scale)
        - 0.5 * (dfn + dfd) * np.log(dfd + dfn * (np.where(x < loc, loc + scale, x) - loc) / scale)
        - special.betaln(0.5 * dfn, 0.5 * dfd)
        - np.log(scale),
    )


@definition(
    stats.f.pdf,
    of=("x", "dfn", "dfd", "loc", "scale"),
    cases=(*_BY_TWO, case(_SIDES, draw(low=1.0, high=3.0), draw(low=1.0, high=3.0))),
)
def f_pdf(x, dfn, dfd, loc=0, scale=1):
    return np.where(
        x > loc, np.exp(stats.f.logpdf(np.where(x > loc, x, loc + scale), dfn, dfd, loc, scale)), 0.0
    )


@definition(stats.skewnorm.pdf, of=("x", "a", "loc", "scale"), cases=_LINE_BY_SHAPE)
def skewnorm_pdf(x, a, loc=0, scale=1):
    return (
        2 / scale * np.exp(-0.5 * ((x - loc) / scale) ** 2) / np.sqrt(2 * np.pi) * special.ndtr(a * (x - loc) / scale)
    )


@definition(stats.skewnorm.logpdf, of=("x", "a", "loc", "scale"), cases=_LINE_BY_SHAPE)
def skewnorm_logpdf(x, a, loc=0, scale=1):
    return (
        np.log(2 / scale)
        - 0.5 * np.log(2 * np.pi)
        - 0.5 * ((x - loc) / scale) ** 2
        + special.log_ndtr(a * (x - loc) / scale)
    )


@definition(stats.gennorm.logpdf, of=("x", "beta", "loc", "scale"), cases=_LINE_BY_SHAPE)
def gennorm_logpdf(x, beta, loc=0, scale=1):
    return (
        np.log(0.5 * beta / scale) - special.gammaln(1 / beta) - np.abs((x - loc) / scale) ** beta
    )


@definition(stats.exponnorm.logpdf, of=("x", "K", "loc", "scale"), cases=_LINE_BY_SHAPE)
def exponnorm_logpdf(x, K, loc=0, scale=1):
    return (
        -np.log(K * scale)
        + 0.5 / K**2
        - (x - loc) / (K * scale)
        + special.log_ndtr((x - loc) / scale - 1 / K)
    )


@definition(
    stats.loguniform.logpdf,
    of=("x", "a", "b"),
    cases=(case(draw(3, low=0.5, high=2.0), draw(low=0.1, high=0.4), draw(low=2.5, high=3.0)),),
)
def loguniform_logpdf(x, a, b):
    return np.where((x < a) | (x > b), -np.inf, -np.log(np.where(x < a, a, x)) - np.log(np.log(b / a)))


@definition(stats.genpareto.logpdf, of=("x", "c", "loc", "scale"), cases=_BY_SHAPE)
def genpareto_logpdf(x, c, loc=0, scale=1):
    return np.where(
        (x < loc) | (c * (x - loc) < -scale),
        -np.inf,
        -(1 + 1 / c) * np.log1p(c * (np.where((x < loc) | (c * (x - loc) < -scale), loc, x) - loc) / scale)
        - np.log(scale),
    )


@definition(
    stats.vonmises.pdf,
    of=("x", "kappa", "loc"),
    cases=(case(draw(3), draw(low=0.5, high=2.0)), case(draw(3), draw(low=0.5), draw())),
)
def vonmises_pdf(x, kappa, loc=0):
    return np.exp(kappa * (np.cos(x - loc) - 1)) / (2 * np.pi * special.i0e(kappa))


_COUNTS = np.array([0, 2, 5])


@definition(stats.geom.pmf, of=("p",), inactive=("k",), cases=(case(_COUNTS + 1, draw(low=0.2, high=0.8)),))
def geom_pmf(k, p):
    return np.exp(stats.geom.logpmf(k, p))


@definition(
    stats.nbinom.pmf,
    of=("n", "p"),
    inactive=("k",),
    cases=(case(_COUNTS, draw(low=1.0, high=3.0), draw(low=0.2, high=0.8)),),
)
def nbinom_pmf(k, n, p):
    return np.exp(stats.nbinom.logpmf(k, n, p))


@definition(
    stats.betabinom.logpmf,
    of=("a", "b"),
    inactive=("k",),
    cases=(case(_COUNTS, 6, draw(low=0.5), draw(low=0.5)),),
)
def betabinom_logpmf(k, n, a, b):
    return (
        -np.log(n + 1) - special.betaln(n - k + 1, k + 1) + special.betaln(k + a, n - k + b) - special.betaln(a, b)
    )
