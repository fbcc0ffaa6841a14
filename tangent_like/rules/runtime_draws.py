"""How draws of the gamma and the beta distribution move with their parameters has a derivative, too."""

# mypy: allow-untyped-defs, allow-untyped-calls

from tangent_like.rules.rule import Domain, elementwise
from tangent_like.runtime import (
    beta_bend,
    beta_bend_across,
    beta_bend_along,
    beta_slope,
    gamma_bend,
    gamma_bend_along,
    gamma_slope,
)

_FAR = Domain(0.6, 4.0)


@elementwise(gamma_slope, domain=(_FAR, _FAR))
def gamma_slope_rule(g, shape, x):
    return gamma_bend(shape, x), gamma_bend_along(g, shape, x)


@elementwise(beta_slope, domain=(_FAR, _FAR, Domain(0.1, 0.9)))
def beta_slope_rule(g, a, b, x):
    return beta_bend(a, b, x), beta_bend_across(a, b, x), beta_bend_along(g, a, b, x)
