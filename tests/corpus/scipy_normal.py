"""Normal log densities as filters call them: about zero, and of covariances that may be singular."""

import numpy as np
from scipy import stats
from scipy.stats import multivariate_normal

from case import Case, listed, mat, num, vec

CASES: list[Case] = []
case = listed(CASES)


@case(vec(3), mat(3, 3), wrt=(0, 1))
def about_zero(x, A):
    C = A @ A.T + np.eye(3)
    return multivariate_normal.logpdf(x, cov=C) + multivariate_normal.logpdf(x, None, C, True)


@case(vec(3), vec(3), mat(3, 3), wrt=(0, 1, 2))
def singular_covariances_allowed(x, m, A):
    return multivariate_normal.logpdf(x, m, A @ A.T + np.eye(3), allow_singular=True)


def log_density(x, mean=None, cov=1, allow_singular=True):
    if mean is not None:
        flat_mean = np.asarray(mean).flatten()
    else:
        flat_mean = None
    return multivariate_normal.logpdf(np.asarray(x).flatten(), flat_mean, cov, allow_singular)


@case(num(), num(0.5, 2), wrt=(0, 1))
def innovation(a, b):
    return log_density(x=np.array([[a]]), cov=np.array([[b]])) + log_density(np.array([a]), np.array([[b]]), np.array([[b]]))


@case(mat(4, 3), vec(3), vec(3, 0.5, 2), num(0.5, 2), wrt=(0, 1, 2, 3))
def diagonals_by_a_vector_or_a_number(X, m, v, s):
    return np.sum(multivariate_normal.logpdf(X, m, v)) + np.sum(multivariate_normal.logpdf(X, mean=m, cov=s) ** 2)


@case(vec(4), num(), num(0.5, 2), wrt=(0, 1, 2))
def survival_far_out(x, m, s):
    tails = stats.logistic.logsf(x * 30.0, m, s) + stats.laplace.logcdf(-np.abs(x) * 60.0, loc=m, scale=s)
    return np.sum(tails * 1e-3) + np.sum(stats.t.logcdf(x, 3.0, loc=m, scale=s) ** 2)


@case(vec(4, 0.5, 2.0), num(0.6, 1.4), wrt=(0, 1))
def censored_lifetimes(t, s):
    lived = stats.gamma.logsf(t, 2.0, scale=s) + stats.weibull_min.logcdf(t, 1.5, scale=s) * stats.chi2.logsf(t[0], 3)
    return np.sum(lived) + stats.beta.logcdf(t[1] / 4.0, 2.0, 3.0) + stats.halfnorm.isf(t[2] / 3.0, scale=s)


@case(vec(5, 0.3, 3.0), num(1.5, 3), num(0.5, 2), wrt=(0, 1, 2))
def log_densities_of_half_lines(x, a, s):
    total = np.sum(stats.gamma.logpdf(x, a, scale=s) + stats.invgamma.logpdf(x, a, 0.1, s) * x)
    total += np.sum(stats.weibull_min.logpdf(x, a, scale=s) ** 2) + stats.pareto.logpdf(x[0] + 2.0, a, scale=s)
    total += np.sum(stats.maxwell.logpdf(x, scale=s) * stats.rayleigh.logpdf(x, scale=s))
    return total + np.sum(stats.halfcauchy.logpdf(x, scale=s) - stats.halfnorm.logpdf(x, scale=s) ** 2)


@case(vec(3, 0.5, 2.0), num(1.5, 3), wrt=(0, 1))
def log_densities_on_both_sides(x, a):
    moved = x - np.array([3.0, 0.0, 4.0])
    found = stats.gamma.logpdf(moved, a) + stats.lognorm.logpdf(moved, 0.5, scale=a) + stats.chi2.logpdf(moved, a)
    return np.sum(np.exp(found + stats.weibull_min.logpdf(moved, a)))


@case(vec(3), vec(3), mat(3, 3), wrt=(0, 1, 2))
def density_of_one_point_among_many(x, m, A):
    C = A @ A.T + np.eye(3)
    one = multivariate_normal.logpdf(x, m, C)
    return one * multivariate_normal.pdf(m, x, C) + np.sum(multivariate_normal.logpdf(np.stack([x, m]), m, C))
