"""Programs that call SciPy: Gaussian processes, logistic regression, factored solves, special functions."""

import numpy as np
import scipy.linalg
import scipy.sparse
import scipy.special as sp
import scipy.stats as st
from scipy import integrate, linalg, ndimage, signal
from scipy.interpolate import CubicSpline
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import brentq
from scipy.spatial.transform import Rotation
from scipy.special import erf, expit, gammaln, logsumexp

from scipy.stats import multivariate_normal, norm

from case import Case, mat, num, takes, vec, whole
from corpus.decompositions import spd, square


def gaussian_process(theta, x, y):
    d = x[:, None] - x[None, :]
    K = theta[0] ** 2 * np.exp(-0.5 * d**2 / theta[1] ** 2) + theta[2] ** 2 * np.eye(len(x))
    L = linalg.cholesky(K, lower=True)
    z = linalg.solve_triangular(L, y, lower=True)
    return -0.5 * z @ z - np.sum(np.log(np.diag(L))) - 0.5 * len(x) * np.log(2 * np.pi)


def gaussian_process_factored(theta, x, y):
    d = x[:, None] - x[None, :]
    K = theta[0] ** 2 * np.exp(-0.5 * d**2 / theta[1] ** 2) + theta[2] ** 2 * np.eye(len(x))
    c, lower = cho_factor(K)
    return -0.5 * y @ cho_solve((c, lower), y) - np.sum(np.log(np.diag(c)))


def gaussian_process_factor_in_name(theta, x, y):
    d = x[:, None] - x[None, :]
    K = theta[0] ** 2 * np.exp(-0.5 * d**2 / theta[1] ** 2) + theta[2] ** 2 * np.eye(len(x))
    factor = cho_factor(K, lower=True)
    alpha = cho_solve(factor, y)
    return -0.5 * y @ alpha - np.sum(np.log(np.diag(factor[0])))


def factor_in_call(K, y):
    return y @ cho_solve(cho_factor(K), y)


def factor_in_loop(K, b, n):
    total = 0.0
    for k in range(n):
        f = linalg.lu_factor(K + k * np.eye(K.shape[0]))
        b = linalg.lu_solve(f, b)
        total += np.sum(b * b)
    return total


def lu_transposed(A, b):
    lu, piv = linalg.lu_factor(A)
    return np.sum(linalg.lu_solve((lu, piv), b, trans=1) ** 2) + np.sum(linalg.lu_solve((lu, piv), b))


def logistic(w, X, y):
    z = X @ w
    return np.sum(logsumexp(np.stack([np.zeros(len(y)), z]), axis=0) - y * z) + 0.5 * w @ w


def softmax_regression(W, X, labels):
    logits = X @ W
    logp = sp.log_softmax(logits, axis=1)
    return -np.mean(logp[np.arange(X.shape[0]), labels])


def mixture(mu, logw, x):
    logp = -0.5 * (x[:, None] - mu[None, :]) ** 2 + logw[None, :] - logsumexp(logw)
    return np.sum(logsumexp(logp, axis=1))


def poisson_regression(w, X, counts):
    eta = X @ w
    return np.sum(np.exp(eta) - counts * eta + gammaln(counts + 1.0))


def black_scholes(S, K, r, sigma, T):
    d1 = (np.log(S / K) + (r + 0.5 * sigma**2) * T) / (sigma * np.sqrt(T))
    d2 = d1 - sigma * np.sqrt(T)
    return S * sp.ndtr(d1) - K * np.exp(-r * T) * sp.ndtr(d2)


def probit(w, X, y):
    return -np.sum(sp.log_ndtr(y * (X @ w)))


def gelu(x):
    return np.sum(0.5 * x * (1 + erf(x / np.sqrt(2))))


def gated(x, n):
    for _ in range(n):
        x = x * expit(x)
    return np.sum(x)


def beta_binomial(a, b, k, n):
    return sp.betaln(k + a, n - k + b) - sp.betaln(a, b)


def student_t(x, nu, s):
    z = x / s
    return np.sum(
        gammaln(0.5 * (nu + 1)) - gammaln(0.5 * nu) - 0.5 * np.log(nu * np.pi) - np.log(s)
        - 0.5 * (nu + 1) * np.log1p(z**2 / nu)
    )


def von_mises(mu, kappa, x):
    return np.sum(kappa * np.cos(x - mu)) - len(x) * (np.log(sp.i0e(kappa)) + kappa)


def cross_entropy(p, q):
    return -np.sum(sp.xlogy(p, q)) + np.sum(sp.rel_entr(p, q))


def bessel_order(v, x):
    return sp.jv(v, x)


def bessel_argument(x, n):
    return np.sum(sp.jv(n, x))


def incomplete_gamma_shape(a, x):
    return sp.gammainc(a, x)


def whole_path(x):
    return np.sum(scipy.special.erf(x) * scipy.special.gamma(2 + x * x))


def matrix_exponential(A, x, t):
    return np.sum((linalg.expm(t * A) @ x) ** 2)


def matrix_root(S):
    return np.sum(linalg.sqrtm(S) ** 3)


def lyapunov(A, Q):
    return np.trace(linalg.solve_continuous_lyapunov(A, -Q) @ Q)


def triangular_solves(A, B):
    return np.sum(solve_triangular(A, B) ** 2) + np.sum(solve_triangular(A, B, lower=True, trans="T") ** 2)


def assembled(A, b, c):
    return np.sum(linalg.solve(linalg.block_diag(A, c), np.append(b, 1.0)) ** 2)


def filtered(c, x):
    return np.sum((linalg.toeplitz(c, np.zeros(4)) @ x) ** 2)


def overwritten(A, b):
    return np.sum(linalg.solve(A, b, overwrite_b=True))


def generalized(A, B):
    w, v = linalg.eigh(A, B)
    return np.sum(w)


def whitened(S, x):
    w, v = linalg.eigh(S)
    return np.sum(((x @ v) / np.sqrt(w)) ** 4) * 0.0 + np.sum((v * np.sqrt(w)) @ v.T @ x)


def normal_likelihood(mu, s, x):
    return np.sum(norm.logpdf(x, mu, s)) + norm.logpdf(mu)


def censored(mu, s, x, limit):
    return np.sum(st.norm.logpdf(x, loc=mu, scale=s)) + 3 * norm.logcdf((limit - mu) / s) + st.norm.logsf(limit, mu, s)


def value_at_risk(mu, s, q):
    return norm.ppf(q, mu, s) ** 2


def hierarchical(a, b, df, x):
    return np.sum(st.gamma.logpdf(x, a, scale=1 / b) + st.t.logpdf(x, df, scale=2.0)) + st.beta.logpdf(0.3, a, b)


def multivariate(X, mu, S):
    return np.sum(multivariate_normal.logpdf(X, mu, S))


def counts(rate, p, k):
    return np.sum(st.poisson.logpmf(k, rate)) + np.sum(st.binom.logpmf(k, 9, p))


def shape_of_gamma(a, x):
    return st.gamma.cdf(x, a)


def shapes_by_name(a, x):
    quantiles = st.chi2.ppf(0.3, df=a) + st.f.isf(0.4, dfn=a, dfd=3.0) + st.beta.sf(0.3 * x, a=a, b=2.0)
    return quantiles + st.gamma.logsf(x, a=a) + st.f.logcdf(x, dfn=2.0, dfd=a)


def frozen(mu, x):
    return np.sum(norm(mu, 1.0).logpdf(x))


def frozen_by_name(mu, sigma, x):
    prior = st.gamma(2.0, scale=sigma)
    noise = [st.norm(loc=mu, scale=k) for k in (1.0, 2.0)]
    return prior.logpdf(sigma) + sum([np.sum(d.logpdf(x)) for d in noise]) + np.sum(noise[0].sf(x))


def frozen_of_several(mu, A, x):
    d = multivariate_normal(mu, cov=A)
    return d.logpdf(x) + d.pdf(x)


def turned(v, angles, x):
    R = Rotation.from_rotvec(v)
    E = Rotation.from_euler("xyz", angles)
    return np.sum((R.as_matrix() @ E.as_matrix() @ x) ** 3)


def oriented(q, x):
    return np.sum(Rotation.from_quat(q).as_matrix() @ x * np.arange(3.0))


def polynomials(c, x):
    p = np.poly1d(c)
    q = np.polynomial.Polynomial(c)
    return np.sum(p(x) * q(x)) + p.deriv()(x[0])


def along_a_spline(y, t):
    s = CubicSpline(np.arange(5.0), y, bc_type="natural")
    return np.sum(s(t) ** 2) + s.derivative()(t[0]) + s.integrate(0.5, t[1])


def made_and_then_moved(a, y):
    d = norm(a, 1.0)
    c = y * a
    p = np.poly1d(c)
    s = CubicSpline(np.arange(5.0), y)
    a = a * 2
    c = c * a
    y[0] = 7.0
    return d.logpdf(a) + p(a) + s(1.3) + np.sum(c) + y[1]


def several_frozen(mu, x):
    each = [norm(m, 1.0) for m in (mu, mu * mu, 2.0)]
    return sum([(k + 1) * d.logpdf(x) for k, d in enumerate(each)])


def noise_around(mu, sigma):
    return norm(mu, sigma), sigma**2


def from_a_function(mu, sigma, x):
    d, weight = noise_around(mu, sigma)
    return np.sum(d.logpdf(x)) * weight


def root_named_b(a, b):
    return brentq(lambda t: t**3 + a * t - b, -9.0, 9.0)


def envelope(x):
    z = signal.hilbert(x)
    return np.sum(np.abs(z) ** 3) + np.sum(np.imag(z) * np.arange(len(x)))


def zero_phase(x, y):
    b, a = signal.butter(2, 0.3)
    sections = signal.butter(3, 0.2, output="sos")
    return np.sum(signal.filtfilt(b, a, x) ** 3) + np.sum(signal.sosfilt(sections, y) ** 2)


def looked_up(image, y, x):
    return np.sum(ndimage.map_coordinates(image, np.array([y, x]), order=1) ** 2)


_POWERS = [1, 2, 5]


def tallies(rate, p):
    seen = [0, 1, 3]
    return (
        np.sum(st.poisson.logpmf(seen, rate))
        + np.sum(st.binom.logpmf((0, 2), [4, 3], p))
        + np.sum(np.power(_POWERS, rate))
        + np.sum(sp.jv([k + 1 for k in seen], p))
    )


def smoothed_image(image, kernel):
    return np.sum(signal.convolve(image, kernel, mode="same") ** 2) + np.sum(signal.fftconvolve(image, kernel) ** 3)


def template(x, k):
    return np.max(signal.correlate(x, k, mode="valid"))


def without_trend(x):
    return np.sum(signal.detrend(x) ** 2)


def work(force, position):
    return integrate.trapezoid(force**2, position)


_LAPLACE = scipy.sparse.diags([np.ones(4), -2 * np.ones(5), np.ones(4)], [-1, 0, 1]).tocsr()


def diffused(x, n):
    for _ in range(n):
        x = x + 0.1 * (_LAPLACE @ x)
    return np.sum(x**2)


def sparse_on_columns(X):
    return np.sum((_LAPLACE @ X) ** 2)


def sparse_on_the_right(X):
    return np.sum((X @ _LAPLACE) ** 2)


CASES = [
    Case(normal_likelihood, takes(num(), num(0.5, 2), vec()), wrt=(0, 1, 2)),
    Case(censored, takes(num(), num(0.5, 2), vec(), num()), wrt=(0, 1, 2, 3)),
    Case(value_at_risk, takes(num(), num(0.5, 2), num(0.1, 0.9)), wrt=(0, 1, 2)),
    Case(hierarchical, takes(num(1, 2), num(1, 2), num(2, 5), vec("n", 0.5, 2)), wrt=(0, 1, 2, 3)),
    Case(multivariate, takes(mat(4, 3), vec(3), spd(3)), wrt=(0, 1, 2)),
    Case(counts, takes(num(1, 4), num(0.2, 0.8), lambda draw: draw.rng.integers(0, 9, 5)), wrt=(0, 1)),
    Case(shape_of_gamma, takes(num(1, 2), num(1, 2)), wrt=(0, 1)),
    Case(shapes_by_name, takes(num(1, 2), num(1, 2)), wrt=(0, 1)),
    Case(frozen, takes(num(), vec()), wrt=(0, 1)),
    Case(frozen_by_name, takes(num(), num(0.5, 2), vec()), wrt=(0, 1, 2)),
    Case(frozen_of_several, takes(vec(3), spd(3), vec(3)), wrt=(0, 1, 2)),
    Case(turned, takes(vec(3), vec(3), vec(3)), wrt=(0, 1, 2)),
    Case(oriented, takes(vec(4), vec(3)), wrt=(0, 1)),
    Case(polynomials, takes(vec(4), vec(3)), wrt=(0, 1)),
    Case(along_a_spline, takes(vec(5), vec(3, 0.2, 3.8)), wrt=(0, 1)),
    Case(envelope, takes(vec())),
    Case(zero_phase, takes(vec(24), vec(9)), wrt=(0, 1)),
    Case(looked_up, takes(mat(3, 4), vec(3, 0, 2), vec(3, 0, 3)), wrt=(0, 1, 2)),
    Case(tallies, takes(num(0.5, 2), num(0.2, 0.8)), wrt=(0, 1)),
    Case(made_and_then_moved, takes(num(), vec(5)), wrt=(0, 1)),
    Case(several_frozen, takes(num(), num()), wrt=(0, 1)),
    Case(from_a_function, takes(num(), num(0.5, 2), vec()), wrt=(0, 1, 2)),
    Case(root_named_b, takes(num(0.5, 2), num()), wrt=(0, 1)),
    Case(smoothed_image, takes(mat(5, 6), mat(3, 2)), wrt=(0, 1)),
    Case(template, takes(vec(7), vec(3)), wrt=(0, 1)),
    Case(without_trend, takes(vec(6))),
    Case(work, takes(vec("n"), vec("n")), wrt=(0, 1)),
    Case(diffused, takes(vec(5), whole(0, 3)), seeds=4),
    Case(sparse_on_columns, takes(mat(5, 2))),
    Case(sparse_on_the_right, takes(mat(2, 5))),
    Case(gaussian_process, takes(vec(3, 0.7, 1.5), vec(5, -2, 2), vec(5)), wrt=(0, 2)),
    Case(gaussian_process_factored, takes(vec(3, 0.7, 1.5), vec(5, -2, 2), vec(5)), wrt=(0, 2)),
    Case(gaussian_process_factor_in_name, takes(vec(3, 0.7, 1.5), vec(5, -2, 2), vec(5)), wrt=(0, 1, 2)),
    Case(factor_in_call, takes(spd("n"), vec("n")), wrt=(0, 1)),
    Case(factor_in_loop, takes(square(3), vec(3), whole(0, 3)), wrt=(0, 1), seeds=4),
    Case(lu_transposed, takes(square(3), vec(3)), wrt=(0, 1)),
    Case(logistic, takes(vec(3), mat(5, 3), lambda draw: draw.rng.integers(0, 2, 5))),
    Case(softmax_regression, takes(mat(3, 4), mat(5, 3), lambda draw: draw.rng.integers(0, 4, 5)), wrt=(0, 1)),
    Case(mixture, takes(vec(3), vec(3), vec(5)), wrt=(0, 1, 2)),
    Case(poisson_regression, takes(vec(3), mat(5, 3), lambda draw: draw.rng.integers(0, 9, 5))),
    Case(black_scholes, takes(num(80, 120), num(80, 120), num(0.01, 0.1), num(0.1, 0.4), num(0.5, 2)), wrt=(0, 1, 2, 3, 4)),
    Case(probit, takes(vec(3), mat(5, 3), lambda draw: draw.rng.choice([-1.0, 1.0], 5)), wrt=(0, 1)),
    Case(gelu, takes(vec())),
    Case(gated, takes(vec(), whole(0, 3)), seeds=4),
    Case(beta_binomial, takes(num(1, 3), num(1, 3), whole(1, 4), lambda draw: 7), wrt=(0, 1)),
    Case(student_t, takes(vec(), num(2, 5), num(0.5, 2)), wrt=(0, 1, 2)),
    Case(von_mises, takes(num(), num(0.5, 3), vec()), wrt=(0, 1, 2)),
    Case(cross_entropy, takes(vec("n", 0.2, 1), vec("n", 0.2, 1)), wrt=(0, 1)),
    Case(bessel_order, takes(num(1, 2), num(1, 2)), wrt=(0, 1), expect="refused"),
    Case(bessel_argument, takes(vec("n", 0.5, 2), whole(0, 3))),
    Case(incomplete_gamma_shape, takes(num(1, 2), num(1, 2)), wrt=(0, 1)),
    Case(whole_path, takes(vec())),
    Case(matrix_exponential, takes(mat(3, 3), vec(3), num()), wrt=(0, 1, 2)),
    Case(matrix_root, takes(spd(3))),
    Case(lyapunov, takes(spd(3), spd(3)), wrt=(0, 1)),
    Case(triangular_solves, takes(square(3), mat(3, 2)), wrt=(0, 1)),
    Case(assembled, takes(square(3), vec(3), num(1, 2)), wrt=(0, 1, 2)),
    Case(filtered, takes(vec(4), vec(4)), wrt=(0, 1)),
    Case(overwritten, takes(square(3), vec(3)), wrt=(0, 1), expect="refused"),
    Case(generalized, takes(spd(3), spd(3)), wrt=(0, 1)),
    Case(whitened, takes(spd(3), vec(3)), wrt=(0, 1)),
]
