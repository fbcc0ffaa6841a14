"""More of SciPy: roots within brackets, Gauss points, lines between points, filters, factors, summaries."""

import numpy as np
import scipy
from scipy import integrate, interpolate, linalg, ndimage, optimize, signal, sparse, special, stats
from scipy.sparse.linalg import factorized, splu

from case import Case, array, mat, num, takes, vec
from corpus.decompositions import spd, square


def root_in_bracket(a):
    return optimize.root_scalar(lambda t: t*t - a, bracket=[0, 5]).root


def root_in_bracket_by_name(a):
    return optimize.root_scalar(lambda t: t*t - a, bracket=(0, 5), method='brentq').root**2


def root_by_newton(a):
    r = optimize.root_scalar(lambda t: t*t - a, x0=1.0, fprime=lambda t: 2*t, method='newton')
    assert r.converged
    return r.root


def root_along_secants(a):
    return optimize.root_scalar(lambda t, c: t*t - c, args=(a,), x0=1.0, x1=1.2, method='secant').root


def curve_by_knots(v, y, t):
    curve = interpolate.CubicSpline(np.cumsum(v**2 + 0.2), y)
    area = curve.integrate(0.4, 1.1)
    return np.sum(curve(t)**2) + area + curve(0.7, 1) + np.sum(curve.derivative()(t))


def curves_by_knots(v, y, t):
    curve = interpolate.CubicSpline(np.cumsum(v**2 + 0.3), np.outer(y, y), bc_type='natural')
    return np.sum(curve(t)**2) + np.sum(interpolate.CubicSpline(np.cumsum(v**2 + 0.3), y, bc_type='clamped')(t[0]*v))


def curve_around(v, y, t):
    curve = interpolate.CubicSpline(np.cumsum(v**2 + 0.3), np.append(y, y[0]), bc_type='periodic')
    return np.sum(curve(t*3.0)**3) + curve(0.9, nu=2)


def simpson_by_places(v, w):
    x = np.cumsum(np.exp(v))
    return integrate.simpson(np.sin(w), x=x) + np.sum(integrate.simpson(np.outer(w, w), x=x)**2)


def simpson_of_even_places(v):
    return integrate.simpson(np.tanh(v[:3]), x=np.cumsum(v[:3]**2 + 0.1)) * v[3]


def gradient_with_ends_of_order_two(v, w):
    return np.sum(np.gradient(v, np.cumsum(w**2 + 0.2), edge_order=2)**2)


def censored_lifetimes(v, a, s):
    waited = v**2 + 0.2
    seen = np.sum(stats.gamma.logpdf(waited[1:], a, scale=s) + stats.weibull_min.logcdf(waited[1:], a))
    return seen + np.sum(stats.gamma.logsf(waited, a, scale=s)) + stats.lognorm.logcdf(s + 1, a) + stats.pareto.logsf(3.0, a)


def chances_by_freedom(v, a):
    far = stats.t.cdf(v, a + 1) + stats.t.sf(0.4, v**2 + 1) + stats.f.cdf(v**2, a, a + 2)
    return np.sum(far**2) + stats.chi2.ppf(0.3, a) + stats.beta.ppf(0.4, a, 2*a) + stats.f.isf(0.2, a + 3, a + 5)


def welchs_test(v, w):
    t, p = stats.ttest_ind(v, 2*w[1:] + 0.3, equal_var=False)
    return t + p + stats.ttest_ind(v, w, equal_var=False, alternative='less').pvalue


def qr_in_full(A):
    q, r = np.linalg.qr(A[:, :2], mode='complete')
    return np.sum(np.abs(q[:, :2])) + np.sum(r[:2]**2) + np.sum(np.abs(r))


def systems_of_structure(A, v):
    lower = linalg.solve(A + 3*np.eye(len(v)), v, assume_a='lower triangular')
    return lower @ linalg.solve(A + 3*np.eye(len(v)), v, assume_a='diagonal') + np.sum(linalg.pinvh(A)**2)


def least_squares_flagged(v):
    z, flag = optimize.leastsq(lambda y: (y - v), np.zeros(4))
    return z @ z


def gauss_points(a, b):
    return integrate.fixed_quad(lambda t: np.sin(a*t), 0, b, n=5)[0]


def gauss_points_given(a, b):
    return integrate.fixed_quad(lambda t, c: np.sin(c*t), a, b, args=(a,))[0]


def lines_between(x):
    f = interpolate.interp1d(np.arange(5.0), x)
    return f(1.3) * 2 + f(2.0)


def lines_beyond(x, a):
    return np.sum(interpolate.interp1d(np.arange(5.0), x, fill_value='extrapolate')(np.array([a, 7.0, -1.0]))**2)


def three_factors(A):
    p, l, u = linalg.lu(A)
    return np.sum(l**2) + np.sum(u**3)


def turn_and_stretch(A):
    u, p = linalg.polar(A)
    return np.sum(u[0]) + np.sum(p**3)


def around(x):
    return np.sum(linalg.circulant(x) @ x)


def values_alone(A):
    return np.sum(linalg.eigh(A + A.T, eigvals_only=True)**3)


def solved_transposed(A, v):
    return np.sum(linalg.solve(A, v, transposed=True)**2)


def filtered(A, B):
    return np.sum(ndimage.convolve(A, B)**2)


def edges(A):
    return np.sum(ndimage.sobel(A, axis=0)**2 + ndimage.sobel(A)**2 + ndimage.laplace(A)**3)


def blurred(A):
    return np.sum(ndimage.uniform_filter(A, 3)**2)


def standardized(x):
    return np.sum(stats.zscore(x)**3) + stats.skew(x) + stats.kurtosis(x) + stats.gmean(x)


def fitted_line(x, y):
    slope, intercept, r, p, error = stats.linregress(x, y)
    return slope * 2 + intercept**2 + r * p + error


def parts_of_a_fitted_line(y):
    fit = stats.linregress(np.arange(len(y)), y)
    return fit.slope * fit.intercept + stats.median_abs_deviation(y)


def correlated(x, y):
    r, p = stats.pearsonr(x, y * x)
    return r**2 + p + stats.pearsonr(x, y)[0] * stats.pearsonr(y, np.sin(x)).statistic


def spreads(x):
    return stats.entropy(x) + stats.iqr(x) + stats.sem(x)


def convolved_planes(A, B):
    return np.sum(signal.convolve2d(A, B, mode='same')**2)


def lines_in_loop(x, a):
    s = 0.0
    for q in x:
        s += interpolate.interp1d(np.arange(5.0), x)(q * 0.9) * a
    return s


def all_of_a_factor(K):
    return np.sum(linalg.cho_factor(K)[0] ** 2) + np.sin(linalg.cho_factor(K, lower=True)[0][0, 2])


def along_diagonals_of_two(c, r, b):
    return np.sum(linalg.solve_toeplitz((c, r), b) ** 2) + np.sum(linalg.solve_toeplitz(c, r))


def stacks_of_matrices(T):
    K = T @ np.matrix_transpose(T) + np.eye(3)
    w, v = linalg.eigh(K)
    u, p = linalg.polar(K + T)
    root = linalg.sqrtm(K)
    return np.sum(w ** 3) + np.sum(v ** 4) + np.sum(u * p) + np.sum(root ** 3) + np.sum(linalg.expm(K / 9) ** 2)


def triangles_in_a_stack(T, b):
    return np.sum(linalg.solve_triangular(T + 3 * np.eye(3), b, lower=True) ** 2)


def boxes(A):
    return np.sum(ndimage.uniform_filter(A, (1, 3)) ** 2) + np.sum(ndimage.uniform_filter(A, size=[3, 2]) ** 3)


CHAIN = sparse.diags([-np.ones(3), 3 * np.ones(4), -0.5 * np.ones(3)], [-1, 0, 1], format="csc")


def by_factors(p):
    factors, solve = splu(CHAIN), factorized(CHAIN)
    u = p * 1.0
    for _ in range(3):
        u = factors.solve(u) + 0.1 * u**2
    return np.sum(u**2) + np.sum(factors.solve(np.outer(p, p), trans="T") ** 2) + np.sum(solve(np.sin(p)) ** 3)


def moments(p):
    d, g = stats.norm(p[0], p[1]), stats.gamma(p[0], scale=p[1])
    low, high = stats.norm(loc=p[0], scale=p[1]).interval(0.95)
    given = stats.weibull_min(2.0).mean() * stats.beta.std(p[0], p[1]) + stats.lognorm.var(p[0], scale=p[2])
    return d.mean() * d.std() + d.var() + d.median() * d.entropy() + g.mean() * g.std() + high * low + given


CASES = [
    Case(by_factors, takes(vec(4)), seeds=1),
    Case(moments, takes(vec(3, 0.7, 2.0)), seeds=1),
    Case(root_in_bracket, takes(num(0.5, 1.5))),
    Case(root_in_bracket_by_name, takes(num(0.5, 1.5))),
    Case(root_by_newton, takes(num(0.5, 1.5))),
    Case(root_along_secants, takes(num(0.5, 1.5))),
    Case(least_squares_flagged, takes(vec(4))),
    Case(gauss_points, takes(num(0.5, 1.5), num(1, 2)), wrt=(0, 1)),
    Case(gauss_points_given, takes(num(0.5, 1.5), num(1, 2)), wrt=(0, 1)),
    Case(lines_between, takes(vec(5, 0.5, 2))),
    Case(lines_beyond, takes(vec(5, 0.5, 2), num(0.5, 1.5)), wrt=(0, 1)),
    Case(three_factors, takes(square(4))),
    Case(turn_and_stretch, takes(square(4))),
    Case(around, takes(vec(5, 0.5, 2))),
    Case(values_alone, takes(square(4))),
    Case(solved_transposed, takes(square(4), vec(4)), wrt=(0, 1)),
    Case(filtered, takes(square(4), mat(3, 2)), wrt=(0, 1)),
    Case(edges, takes(square(4))),
    Case(blurred, takes(square(4))),
    Case(standardized, takes(vec(5, 0.5, 2))),
    Case(fitted_line, takes(vec(5), vec(5)), wrt=(0, 1)),
    Case(parts_of_a_fitted_line, takes(vec(5))),
    Case(correlated, takes(vec(5), vec(5)), wrt=(0, 1)),
    Case(spreads, takes(vec(5, 0.5, 2))),
    Case(convolved_planes, takes(square(4), mat(3, 2)), wrt=(0, 1)),
    Case(boxes, takes(square(4))),
    Case(all_of_a_factor, takes(spd(4))),
    Case(along_diagonals_of_two, takes(vec(4, 3, 4), vec(4, -0.5, 0.5), vec(4)), wrt=(0, 1, 2)),
    Case(lines_in_loop, takes(vec(5, 0.5, 2), num(0.5, 1.5)), wrt=(0, 1)),
]
if tuple(map(int, scipy.__version__.split(".")[:2])) >= (1, 17):  # before, SciPy took no stacks
    CASES += [
        Case(stacks_of_matrices, takes(array(3, 3, 3))),
        Case(triangles_in_a_stack, takes(array(3, 3, 3), vec(3)), wrt=(0, 1), expect="refused"),
    ]


def symmetric_bands(d, e, b):
    ab = np.vstack([np.append(0.0, e), d])
    x = linalg.solveh_banded(ab, b)
    return np.sum(x ** 3) + np.sum(linalg.solveh_banded(np.vstack([d, np.append(e, 0.0)]), x, lower=True) ** 2)


CASES.append(Case(symmetric_bands, takes(vec(4, 3, 4), vec(3, -1, 1), vec(4)), wrt=(0, 1, 2)))


def in_boxes(values, places):
    u, v = np.arange(3.0), np.arange(4.0) ** 1.3
    f = interpolate.RegularGridInterpolator((u, v), values)
    g = interpolate.RegularGridInterpolator((u, v), values, bounds_error=False, fill_value=1.0)
    values[0] = values[0] * 3.0  # both look at the array as it is when they are asked
    y = np.sum(f(places) ** 2) + np.sum(g(places * 2.0))
    return y + np.sum(interpolate.interpn((u, v), values, places[:2]) * f(places[1:3]))


def densities(sample, places):
    k = stats.gaussian_kde(sample)
    flat = stats.gaussian_kde(sample ** 2, "silverman")
    return np.sum(k(places) * flat.logpdf(places)) + np.sum(k.pdf(places[0]))


def densities_of_a_width(sample, width, places):
    k = stats.gaussian_kde(sample, bw_method=width)
    fixed = stats.gaussian_kde(sample**2, 0.7)
    return np.sum(k(places) * fixed.logpdf(places)) + np.sum(k.logpdf(places[0]))


def splines_in_parts(y, t):
    tck = interpolate.splrep(np.arange(5.0), y, s=0)
    y[0] = 7.0
    return np.sum(interpolate.splev(t, tck) ** 2) + interpolate.splev(1.3, tck, der=1)


CASES += [
    Case(in_boxes, takes(mat(3, 4), mat(4, 2, 0.1, 1.9)), wrt=(0, 1)),
    Case(densities, takes(vec(5), vec(3)), wrt=(0, 1)),
    Case(densities_of_a_width, takes(vec(5), num(0.4, 1.2), vec(3)), wrt=(0, 1, 2)),
    Case(splines_in_parts, takes(vec(5), vec(3, 0.0, 4.0)), wrt=(0, 1)),
]


def curves_through_points(Y, t):
    curve = interpolate.CubicSpline(np.arange(5.0), Y, bc_type="natural", extrapolate=True)
    return np.sum(curve(t) ** 2 * curve(1.3)) + np.sum(curve.derivative()(t[0]))


def filtered_in_two_halves(x, a, state):
    first, state = signal.lfilter([1.0, 0.5], np.append(1.0, a), x[:4], zi=state)
    second, state = signal.lfilter([1.0, 0.5], np.append(1.0, a), x[4:], zi=state)
    return np.sum(first ** 2) + np.sum(second ** 3) + np.sum(state)


def turned_image(A, angle):
    return np.sum(ndimage.rotate(A, 30.0, reshape=False, order=1) ** 2) + np.sum(ndimage.rotate(A, angle, order=1) * 2.0)


def tested_means(x, y):
    t, p = stats.ttest_ind(x, y)
    return t * p + stats.ttest_rel(x, y).statistic ** 2 + stats.ttest_1samp(x, 0.3).pvalue


CASES += [
    Case(curves_through_points, takes(mat(5, 2), vec(3, 0.0, 4.0)), wrt=(0, 1)),
    Case(filtered_in_two_halves, takes(vec(7), vec(2, -0.3, 0.3), vec(2)), wrt=(0, 1, 2)),
    Case(turned_image, takes(mat(4, 3), num(31.0, 38.0)), wrt=(0, 1)),
    Case(tested_means, takes(vec(5), vec(5)), wrt=(0, 1)),
]
CASES += [
    Case(simpson_by_places, takes(vec(5), vec(5)), wrt=(0, 1)),
    Case(simpson_of_even_places, takes(vec(4, 0.1, 0.9))),
    Case(gradient_with_ends_of_order_two, takes(vec(5), vec(5)), wrt=(0, 1)),
    Case(qr_in_full, takes(mat(4, 3))),
    Case(systems_of_structure, takes(mat(3, 3), vec(3)), wrt=(0, 1)),
]
CASES += [
    Case(curve_by_knots, takes(vec(5), vec(5), vec(3)), wrt=(0, 1, 2)),
    Case(curves_by_knots, takes(vec(5), vec(5), vec(3)), wrt=(0, 1, 2)),
    Case(curve_around, takes(vec(5), vec(4), vec(3)), wrt=(0, 1, 2)),
]


def survival_by_width(x, s, w):
    return stats.weibull_min.sf(s, 1 / w, scale=x / special.gamma(1 + w)) * x


def filtered_by_numbers(b, a, x):
    return np.sum(signal.lfilter(b, a, x) ** 2)


CASES += [
    Case(survival_by_width, takes(num(0.5, 1), num(0.5, 2), num(0.3, 0.8)), wrt=(0, 1, 2)),
    Case(filtered_by_numbers, takes(num(), num(0.5, 2), vec(4)), wrt=(0, 1, 2)),
]


class Link:
    """As generalized linear models have them: of a distribution, which is the normal one where none is given."""

    def __init__(self, dist=stats.norm):
        self.dist = dist

    def inverse(self, z):
        return self.dist.cdf(z)

    def slope(self, z):
        return self.dist.pdf(z)


PROBIT = Link()
DISTRIBUTIONS = {"normal": stats.norm, "cauchy": stats.cauchy}


def linked(z, a):
    return np.sum(PROBIT.inverse(z) * a + Link().slope(z)) + Link(stats.cauchy).inverse(a)


def by_name_of_distribution(z, name):
    return np.sum(DISTRIBUTIONS["normal"].cdf(z) * z) + np.sum(DISTRIBUTIONS[name].pdf(z))


def by_default(z, dist=stats.norm):
    return np.sum(dist.logpdf(z) * dist.cdf(z))


CASES += [
    Case(linked, takes(vec(3), num()), wrt=(0, 1)),
    Case(by_name_of_distribution, takes(vec(3), "cauchy")),
    Case(by_default, takes(vec(3))),
]

CASES += [
    Case(censored_lifetimes, takes(vec(4), num(1.2, 2.5), num(0.5, 1.5)), wrt=(0, 1, 2)),
    Case(chances_by_freedom, takes(vec(3), num(1.2, 3)), wrt=(0, 1)),
    Case(welchs_test, takes(vec(5), vec(5)), wrt=(0, 1)),
]


def by_what_they_weigh(x, w):
    inner = np.quantile(x, [0.2, 0.7], weights=w, method="inverted_cdf")
    return inner[0] * inner[1] + np.sum(np.percentile(x * w, np.array([30, 60]), weights=w, method="inverted_cdf"))


def filters_of_nothing(x):
    return np.sum(x**2) + np.sum(ndimage.median_filter(x[:0], 3)) + np.sum(ndimage.zoom(x[5:], 2.0))


def far_in_the_tail(x, a):
    return stats.gamma.logsf(30.0 * x, a) + np.log(special.gammaincc(a, 40.0 + x)) + stats.chi2.logsf(70 * x, 2 * a)


CASES += [
    Case(by_what_they_weigh, takes(vec(6), vec(6, 0.5, 1.5)), wrt=(0,), seeds=3),
    Case(filters_of_nothing, takes(vec(3))),
    Case(far_in_the_tail, takes(num(1.2, 2.5), num(0.5, 2.5)), wrt=(0, 1)),
]


def logarithms_of_chances_far_out(x, a):
    low = stats.norm.logcdf(-1e3 * x, a, 2.0) * 1e-5 + special.log_ndtr(-50 * x) * 1e-3 + stats.norm.logsf(-60 * x)
    high = stats.gumbel_r.logcdf(-20 * x, a) * 1e-8 + stats.rayleigh.logsf(30 * x, a) * 1e-2
    return np.sum(low + high + stats.halfnorm.logsf(8 * x) + stats.lognorm.logcdf(1e-3 * x, 0.2))


CASES += [Case(logarithms_of_chances_far_out, takes(vec(3, 1.0, 1.5), num(0.2, 0.5)), wrt=(0, 1))]


def sampled_again(x, b):
    window = signal.windows.kaiser(7, b) * signal.windows.gaussian(7, std=1.0 + b)
    return np.sum(signal.upfirdn([0.2, 0.5, 0.3], x, 2, 3) ** 2) + stats.pmean(x**2, 3) * np.sum(window**2)


def filter_that_moves(h):
    return np.sum(signal.upfirdn(h, np.arange(4.0), 2))


CASES += [
    Case(sampled_again, takes(vec(5), num(0.8, 2.5)), wrt=(0, 1)),
    Case(filter_that_moves, takes(vec(3)), expect="refused"),
]
