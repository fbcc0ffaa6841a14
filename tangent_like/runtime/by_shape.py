"""How quantiles move with the shapes of their distributions, by how those of gamma and beta distributions do.

A quantile ``x`` of a distribution function ``F(x; a)`` moves by ``dx/da = -F_a / F_x``: so ``F_a`` is, by the
density, what the quantile moves by, with the other sign.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.draws import beta_slope, gamma_slope


def chi2_slope(df, x):
    """Return ``dx/ddf`` of a quantile ``x`` of the chi-squared distribution: of twice a gamma distribution."""
    return gamma_slope(0.5 * df, 0.5 * x)


def t_slope(df, x):
    """Return ``dx/ddf`` of a quantile of Student's distribution: ``x**2 = df * (1 - v) / v``, ``v`` of a beta one."""
    near = np.where(np.abs(x) < 1e-4, 1e-4, x)  # it grows from 0 in a straight line
    v = df / (df + near**2)
    slope = 0.5 * near / df - 0.25 * df / (v**2 * near) * beta_slope(0.5 * df, 0.5, v)
    return slope * np.where(np.abs(x) < 1e-4, x * 1e4, 1.0)


def f_slope(dfn, dfd, x):
    """Return ``dx/ddfn`` of a quantile of the F distribution: ``dfd / dfn * u / (1 - u)``, ``u`` of a beta one."""
    total = dfn * x + dfd
    moved = beta_slope(0.5 * dfn, 0.5 * dfd, dfn * x / total)
    return np.where(x > 0, 0.5 * total**2 / (dfn * dfd) * moved - x / dfn, 0.0)


def f_slope_below(dfn, dfd, x):
    """Return ``dx/ddfd``: ``1 / x`` is a quantile of the distribution with ``dfn`` and ``dfd`` swapped."""
    return np.where(x > 0, -(x**2) * f_slope(dfd, dfn, 1 / np.where(x > 0, x, 1.0)), 0.0)


def beta_slope_below(a, b, x):
    """Return ``dx/db`` of a quantile of the beta distribution."""
    return -beta_slope(b, a, 1 - x)


def invgamma_slope(a, x):
    """Return ``dx/da`` of a quantile of the inverse gamma distribution."""
    return np.where(x > 0, -(x**2) * gamma_slope(a, 1 / np.where(x > 0, x, 1.0)), 0.0)


def power_slope(c, x):
    """Return ``dx/dc`` of ``x = q ** (1 / c)`` for fixed ``q``; 0 where ``x`` is not positive."""
    return np.where(x > 0, -x * np.log(np.where(x > 0, x, 1.0)) / c, 0.0)


def lognorm_slope(s, x):
    """Return ``dx/ds`` of a quantile ``exp(s * z)``; 0 where ``x`` is not positive."""
    return np.where(x > 0, x * np.log(np.where(x > 0, x, 1.0)) / s, 0.0)
