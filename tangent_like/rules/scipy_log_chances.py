"""``scipy.stats``: logarithms of distribution functions, whose slopes are quotients of densities and chances.

Far out the chance underflows where its logarithm does not: so the quotient is the exponential of a difference; see
``hazard``. Slopes by a shape are those by the value, times how a quantile moves with the shape.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

from typing import Any

import numpy as np
from scipy import special, stats

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import REAL, Domain, Rule, definition, elementwise
from tangent_like.rules.scipy_quantiles import shape_names
from tangent_like.runtime import (
    beta_slope,
    beta_slope_below,
    chi2_slope,
    f_slope,
    f_slope_below,
    gamma_slope,
    hazard,
    invgamma_slope,
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
_LINE = (REAL, _HERE, _WIDE)
_HALF_LINE = (_BEYOND, _HERE, _WIDE)
_BY_SHAPE = (_BEYOND, _SHAPE, _HERE, _WIDE)
_LINE_BY_SHAPE = (REAL, _SHAPE, _HERE, _WIDE)
_FROM_ONE = (Domain(3.0, 5.0), _SHAPE, _HERE, Domain(0.5, 1.5))  # beyond the scale, where it begins


def _log_below(distribution: Any, domain: tuple[Domain, ...]) -> Rule:
    """Of a distribution that has a place and a scale alone."""

    @elementwise(distribution.logcdf, domain=domain)
    def below(y, x, loc=0, scale=1):
        return (
            hazard(distribution.logpdf(x, loc, scale), y),
            -hazard(distribution.logpdf(x, loc, scale), y),
            (loc - x) / scale * hazard(distribution.logpdf(x, loc, scale), y),
        )

    return below


def _log_above(distribution: Any, domain: tuple[Domain, ...]) -> Rule:
    @elementwise(distribution.logsf, domain=domain)
    def above(y, x, loc=0, scale=1):
        return (
            -hazard(distribution.logpdf(x, loc, scale), y),
            hazard(distribution.logpdf(x, loc, scale), y),
            (x - loc) / scale * hazard(distribution.logpdf(x, loc, scale), y),
        )

    return above


def _logs(distribution: Any, domain: tuple[Domain, ...]) -> tuple[Rule, Rule]:
    return _log_below(distribution, domain), _log_above(distribution, domain)


def _log_below_by_shape(distribution: Any, moved: Any, domain: tuple[Domain, ...]) -> Rule:
    @elementwise(distribution.logcdf, domain=domain, aliases=shape_names(distribution, "shape"))
    def below(y, x, shape, loc=0, scale=1):
        return (
            hazard(distribution.logpdf(x, shape, loc, scale), y),
            -scale * moved(shape, (x - loc) / scale) * hazard(distribution.logpdf(x, shape, loc, scale), y),
            -hazard(distribution.logpdf(x, shape, loc, scale), y),
            (loc - x) / scale * hazard(distribution.logpdf(x, shape, loc, scale), y),
        )

    return below


def _log_above_by_shape(distribution: Any, moved: Any, domain: tuple[Domain, ...]) -> Rule:
    @elementwise(distribution.logsf, domain=domain, aliases=shape_names(distribution, "shape"))
    def above(y, x, shape, loc=0, scale=1):
        return (
            -hazard(distribution.logpdf(x, shape, loc, scale), y),
            scale * moved(shape, (x - loc) / scale) * hazard(distribution.logpdf(x, shape, loc, scale), y),
            hazard(distribution.logpdf(x, shape, loc, scale), y),
            (x - loc) / scale * hazard(distribution.logpdf(x, shape, loc, scale), y),
        )

    return above


def _logs_by_two(distribution: Any, first: Any, second: Any, domain: tuple[Domain, ...]) -> tuple[Rule, Rule]:
    names = shape_names(distribution, "one", "two")

    @elementwise(distribution.logcdf, domain=domain, aliases=names)
    def below(y, x, one, two, loc=0, scale=1):
        return (
            hazard(distribution.logpdf(x, one, two, loc, scale), y),
            -scale * first(one, two, (x - loc) / scale) * hazard(distribution.logpdf(x, one, two, loc, scale), y),
            -scale * second(one, two, (x - loc) / scale) * hazard(distribution.logpdf(x, one, two, loc, scale), y),
            -hazard(distribution.logpdf(x, one, two, loc, scale), y),
            (loc - x) / scale * hazard(distribution.logpdf(x, one, two, loc, scale), y),
        )

    @elementwise(distribution.logsf, domain=domain, aliases=names)
    def above(y, x, one, two, loc=0, scale=1):
        return (
            -hazard(distribution.logpdf(x, one, two, loc, scale), y),
            scale * first(one, two, (x - loc) / scale) * hazard(distribution.logpdf(x, one, two, loc, scale), y),
            scale * second(one, two, (x - loc) / scale) * hazard(distribution.logpdf(x, one, two, loc, scale), y),
            hazard(distribution.logpdf(x, one, two, loc, scale), y),
            (x - loc) / scale * hazard(distribution.logpdf(x, one, two, loc, scale), y),
        )

    return below, above


uniform_logcdf, uniform_logsf = _logs(stats.uniform, (_BETWEEN, *_UNIT))
expon_logcdf = _log_below(stats.expon, _HALF_LINE)
rayleigh_logcdf = _log_below(stats.rayleigh, _HALF_LINE)
halfnorm_logcdf = _log_below(stats.halfnorm, _HALF_LINE)
maxwell_logcdf, maxwell_logsf = _logs(stats.maxwell, _HALF_LINE)
laplace_logcdf, laplace_logsf = _logs(stats.laplace, _LINE)
logistic_logcdf, logistic_logsf = _logs(stats.logistic, _LINE)
cauchy_logcdf, cauchy_logsf = _logs(stats.cauchy, _LINE)
gumbel_r_logsf = _log_above(stats.gumbel_r, _LINE)
t_logcdf = _log_below_by_shape(stats.t, t_slope, _LINE_BY_SHAPE)
t_logsf = _log_above_by_shape(stats.t, t_slope, _LINE_BY_SHAPE)
gamma_logcdf = _log_below_by_shape(stats.gamma, gamma_slope, _BY_SHAPE)
gamma_logsf = _log_above_by_shape(stats.gamma, gamma_slope, _BY_SHAPE)
chi2_logcdf = _log_below_by_shape(stats.chi2, chi2_slope, _BY_SHAPE)
chi2_logsf = _log_above_by_shape(stats.chi2, chi2_slope, _BY_SHAPE)
invgamma_logcdf = _log_below_by_shape(stats.invgamma, invgamma_slope, _BY_SHAPE)
invgamma_logsf = _log_above_by_shape(stats.invgamma, invgamma_slope, _BY_SHAPE)
weibull_min_logcdf = _log_below_by_shape(stats.weibull_min, power_slope, _BY_SHAPE)
pareto_logcdf = _log_below_by_shape(stats.pareto, power_slope, _FROM_ONE)
pareto_logsf = _log_above_by_shape(stats.pareto, power_slope, _FROM_ONE)
beta_logcdf, beta_logsf = _logs_by_two(stats.beta, beta_slope, beta_slope_below, (_BETWEEN, _SHAPE, _SHAPE, *_UNIT))
f_logcdf, f_logsf = _logs_by_two(stats.f, f_slope, f_slope_below, (_BEYOND, _SHAPE, _SHAPE, _HERE, _WIDE))


# -- those that have a plain form, which does not round far out ------------------------------------------

_PLACED = ("x", "loc", "scale")
_SIDES = np.array([-0.7, 0.6, 1.7])  # on both sides of where a half line begins


@definition(stats.gumbel_r.logcdf, of=_PLACED, cases=(case(draw(3)), case(draw(2, 3), draw(3), draw(low=0.5))))
def gumbel_r_logcdf(x, loc=0, scale=1):
    return -np.exp((loc - x) / scale)


@definition(stats.rayleigh.logsf, of=_PLACED, cases=(case(_SIDES), case(_SIDES, 0.1, draw(low=0.5, high=2.0))))
def rayleigh_logsf(x, loc=0, scale=1):
    return np.where(x > loc, -0.5 * ((x - loc) / scale) ** 2, 0.0)


@definition(stats.halfnorm.logsf, of=_PLACED, cases=(case(_SIDES), case(_SIDES, 0.1, draw(low=0.5, high=2.0))))
def halfnorm_logsf(x, loc=0, scale=1):
    return np.where(x > loc, special.log_ndtr((loc - x) / scale) + np.log(2.0), 0.0)


@definition(
    stats.lognorm.logcdf,
    of=("x", "s", "loc", "scale"),
    cases=(
        case(draw(3, low=0.5, high=2.0), draw(low=0.5)),
        case(draw(3, low=0.5, high=2.0), draw(low=0.5), draw(low=-1.0, high=0.0), draw(low=0.5)),
    ),
)
def lognorm_logcdf(x, s, loc=0, scale=1):
    return np.where(
        x <= loc, -np.inf, special.log_ndtr(np.log((np.where(x <= loc, loc + scale, x) - loc) / scale) / s)
    )
