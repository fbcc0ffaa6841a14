"""Derivatives of random draws by the parameters of their distributions, where no formula of the draw alone says them.

A draw ``x`` of a distribution function ``F(x; a)`` moves with ``a`` such that ``F`` stays: ``dx/da = -F_a / F_x``
(implicit reparameterization: Figurnov, Mohamed & Mnih 2018, section 3).
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.linear import from_triangle, onto_triangle


def gamma_slope(shape, x):
    """Return ``dx/dshape`` of a draw ``x`` of the gamma distribution of scale 1; of the broadcast shape.

    Term by term of ``F = x^a e^-x sum x^n / Gamma(a + n + 1)`` (DLMF 8.7.1), far above the mean by an integral. Near
    the mean of shapes from 1,000 on by the expansion of quantiles in powers of ``1/sqrt(a)`` (Cornish & Fisher 1937;
    Abramowitz & Stegun 26.2.49).
    """
    kept = precision_of(shape, x)
    a, x = np.broadcast_arrays(np.asarray(shape, float), np.asarray(x, float))
    slope = np.zeros(a.shape)
    far = (x > a + 3 * np.sqrt(a) + 3) & (x < np.inf)
    if np.any(far):
        slope[far] = gamma_tail(a[far], x[far])
    small = (x > 0) & ~far & ((a < 1000) | ((x < a - 4 * np.sqrt(a)) & (a < 1e5)))
    if np.any(small):
        slope[small] = gamma_series(a[small], x[small])
    large = (a >= 1000) & ~far & ~small
    if np.any(large):
        slope[large] = gamma_quantile(a[large], x[large])
    return slope.astype(kept) if slope.ndim else float(slope)


def normal_ratio(x):
    """Return the density at ``x`` of the normal distribution over the chance of what is below.

    Far below 0 both underflow, and a difference of their logarithms is rounded: there by ``erfcx`` (DLMF 7.2.3).
    """
    from scipy import special

    low = np.minimum(x, -1.0)
    far = (2 / np.pi) ** 0.5 / special.erfcx(-low / 2**0.5)
    near = np.exp(-0.5 * np.maximum(x, -1.0) ** 2 - special.log_ndtr(np.maximum(x, -1.0))) / (2 * np.pi) ** 0.5
    return np.where(x < -1.0, far, near)[()]


def psi_of(a):
    """Return the digamma function of an array of positive numbers (DLMF 5.11.2, ten steps further on)."""
    below, x = sum(1.0 / (a + k) for k in range(10)), a + 10.0
    t = 1.0 / (x * x)
    tail = t * (1 / 12 - t * (1 / 120 - t * (1 / 252 - t * (1 / 240 - t * (1 / 132 - t * 691 / 32760)))))
    return np.log(x) - 0.5 / x - tail - below


def gamma_series(a, x):
    """Return ``x sum c_n (psi(a + n + 1) - log x)``, where ``c_0 = 1/a`` and ``c_n = c_{n-1} x / (a + n)``."""
    log_x, c = np.log(x), 1.0 / a
    psi = psi_of(a) + 1.0 / a
    total, n, size = c * (psi - log_x), 0, c.copy()
    while np.any(np.abs(c * (psi - log_x)) > 1e-17 * size) or np.any(a + n < x):
        n += 1
        c = c * x / (a + n)
        psi = psi + 1.0 / (a + n)
        total = total + c * (psi - log_x)
        size = size + c * np.abs(psi - log_x)
    return x * total


def gamma_tail(a, x):
    """Return the integral of ``(1 + t/x)^(a-1) e^-t (log(x + t) - psi(a))`` over ``t > 0``: ``F_a`` is small there.

    That is ``dx/da`` as well, by the rest of the distribution instead of by what stands below ``x``.
    """
    nodes, weights = np.polynomial.legendre.leggauss(96)
    s, d = 25 * (1 + nodes), (x - a + 1)[..., None]  # where ``t = s x / d`` the integrand falls about as ``e^-s``
    t = s * x[..., None] / d
    fall = np.exp((a - 1)[..., None] * (np.log1p(s / d) - s / d) - s)
    height = (np.log(x) - psi_of(a))[..., None] + np.log1p(t / x[..., None])
    return x / d[..., 0] * ((fall * height) @ (25 * weights))


def gamma_quantile(a, x):
    """Return ``dx/da`` at fixed ``z``, where ``x = a + z sqrt(a) + (z^2 - 1)/3 + ...``."""
    r = np.sqrt(a)
    z = (x - a) / r
    for _ in range(8):
        value = a + z * r + (z**2 - 1) / 3 + (z**3 - 7 * z) / (36 * r) - (3 * z**4 + 7 * z**2 - 16) / (810 * a)
        z = z - (value - x) / (r + 2 * z / 3 + (3 * z**2 - 7) / (36 * r) - (12 * z**3 + 14 * z) / (810 * a))
    return 1 + z / (2 * r) - (z**3 - 7 * z) / (72 * a * r) + (3 * z**4 + 7 * z**2 - 16) / (810 * a**2)


def beta_slope(a, b, x):
    """Return ``dx/da`` of a draw ``x`` of the beta distribution; ``dx/db`` is ``-beta_slope(b, a, 1 - x)``.

    Term by term of the incomplete beta function as a series in ``x`` below the mean (DLMF 8.17.8), in ``1 - x`` above.
    Near an end that is beyond the mean, where that takes long, by the other series, and further out by an integral.
    """
    kept = precision_of(a, b, x)
    a, b, x = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float), np.asarray(x, float))
    slope = np.zeros(a.shape)
    inside = (x > 0) & (x < 1)
    below = inside & (x * (a + b) <= a)
    above = inside & ~below
    left, right = above & (x < 0.1), below & (1 - x < 0.1)
    far_left = left & (x * (a + b) > a + 3 * np.sqrt(a) + 10)
    far_right = right & ((1 - x) * (a + b) > b + 3 * np.sqrt(b) + 10)
    low = (below & ~right) | (left & ~far_left)
    high = (above & ~left) | (right & ~far_right)
    if np.any(far_left):
        slope[far_left] = beta_tail(a[far_left], b[far_left], x[far_left], True)
    if np.any(far_right):
        slope[far_right] = -beta_tail(b[far_right], a[far_right], 1 - x[far_right], False)
    if np.any(low):
        slope[low] = beta_series(a[low], b[low], x[low], True)
    if np.any(high):
        slope[high] = -beta_series(b[high], a[high], 1 - x[high], False)
    return slope.astype(kept) if slope.ndim else float(slope)


def precision_of(*values):
    """Return the dtype of what is computed of ``values``: a floating one."""
    dtype = np.result_type(*values)
    return dtype if dtype.kind == "f" else np.dtype(float)


def change_of(f, a):
    """Return the derivative of ``f`` at positive ``a``, entry by entry: central differences, extrapolated."""
    h = 1e-3 * np.asarray(a, float)
    far, near = (f(a + h) - f(a - h)) / (2 * h), (f(a + h / 2) - f(a - h / 2)) / h
    return (4 * near - far) / 3


def gamma_bend(shape, x):
    """Return the derivative of ``gamma_slope(shape, x)`` in ``shape``; to about ten digits."""
    return change_of(lambda a: gamma_slope(a, x), shape).astype(precision_of(shape, x))[()]


def gamma_bend_along(g, shape, x):
    """Return the derivative of ``g = gamma_slope(shape, x)`` in ``x``: of ``-F_a / F_x``, with the density ``F_x``."""
    turn = psi_of(np.asarray(shape, float)).astype(precision_of(shape, x))[()]
    return turn - np.log(x) - g * ((shape - 1) / x - 1)


def beta_bend(a, b, x):
    """Return the derivative of ``beta_slope(a, b, x)`` in ``a``; to about ten digits."""
    return change_of(lambda t: beta_slope(t, b, x), a).astype(precision_of(a, b, x))[()]


def beta_bend_across(a, b, x):
    """Return the derivative of ``beta_slope(a, b, x)`` in ``b``; to about ten digits."""
    return change_of(lambda t: beta_slope(a, t, x), b).astype(precision_of(a, b, x))[()]


def beta_bend_along(g, a, b, x):
    """Return the derivative of ``g = beta_slope(a, b, x)`` in ``x``: of ``-F_a / F_x``, with the density ``F_x``."""
    turn = (psi_of(np.asarray(a, float)) - psi_of(np.asarray(a + b, float))).astype(precision_of(a, b, x))[()]
    return turn - np.log(x) - g * ((a - 1) / x - (b - 1) / (1 - x))


def beta_series(a, b, x, first):
    """Return ``dx/da`` (``first``), or ``dx/db``, for ``x`` below the mean."""
    c, part = 1.0 / a, psi_of(a + b)
    at_end = psi_of(a) + 1.0 / a
    step = np.log(x) + part - at_end if first else np.log1p(-x) + part - psi_of(b)
    total, n, size = c * step, 0, c * np.abs(step)
    while np.any(c * np.maximum(np.abs(step), 1e-3) * np.maximum(1.0, a) > 1e-17 * size) and n < 200_000:
        c = c * x * (a + b + n) / (a + 1 + n)
        step = step + 1 / (a + b + n) - (1 / (a + 1 + n) if first else 0.0)
        total = total + c * step
        size = size + c * np.abs(step)
        n += 1
    return -x * (1 - x) * total


def beta_tail(a, b, x, first):
    """Return ``dx/da`` (``first``), or ``dx/db``, for small ``x`` far above the mean.

    The integral over ``t > x`` of the density by that at ``x``, times how its logarithm moves.
    """
    nodes, weights = np.polynomial.legendre.leggauss(96)
    rate = (b - 1) / (1 - x) - (a - 1) / x  # at which the density falls from ``x`` on
    width = np.minimum(50 / rate, 1 - x)[..., None]
    t = x[..., None] + 0.5 * width * (1 + nodes)
    up, down = np.log1p((t - x[..., None]) / x[..., None]), np.log1p((x[..., None] - t) / (1 - x)[..., None])
    fall = np.exp((a - 1)[..., None] * up + (b - 1)[..., None] * down)
    height = np.log(t) - psi_of(a)[..., None] if first else np.log1p(-t) - psi_of(b)[..., None]
    return 0.5 * width[..., 0] * ((fall * (height + psi_of(a + b)[..., None])) @ weights)


def dirichlet_slopes(alpha, x):
    """Return ``s``, where the adjoint of ``alpha`` is ``s * (x_bar - sum(x_bar * x))``, entry by entry.

    Each entry moves as a beta draw does, and the others make room in proportion (Jankowiak & Obermeyer 2018, 4.2).
    """
    rest = np.sum(alpha) - alpha
    return np.where(x < 1, beta_slope(alpha, rest, x) / np.where(x < 1, 1 - x, 1.0), 0.0)


def dirichlet_adjoint(x_bar, alpha, x):
    """Return the adjoint of ``alpha`` for draws ``x``, whose last axis is that of ``alpha``."""
    inner = np.sum(x_bar * x, axis=-1, keepdims=True)
    moved = dirichlet_slopes(alpha, x) * (x_bar - inner)
    return np.sum(moved.reshape(-1, np.size(alpha)), axis=0)


def dirichlet_tangent(alpha_dot, alpha, x):
    """Return the tangent of draws ``x`` for that of ``alpha``."""
    moved = dirichlet_slopes(alpha, x) * alpha_dot
    return moved - x * np.sum(moved, axis=-1, keepdims=True)


def normal_sum(x_bar, mean):
    """Return ``x_bar`` summed over all but the last axis: the adjoint of the mean of several draws."""
    return np.sum(x_bar.reshape(-1, np.size(mean)), axis=0)


def normal_factors(cov, method):
    """Return ``(v, s)``, ``cov = v @ diag(s) @ v.T``, as NumPy factors it; or ``(L, None)`` of Cholesky's."""
    if method == "cholesky":
        return np.linalg.cholesky(cov), None
    if method == "eigh":
        s, v = np.linalg.eigh(cov)
        return v, s
    _, s, vh = np.linalg.svd(cov)
    return vh.T, s


def normal_turning(s):
    """Return the matrix ``w`` by which, in the basis of the eigenvectors, a change of ``cov`` moves what was drawn.

    ``1 / (s_j - s_i)`` beside the diagonal: eigenvectors turn. Where two eigenvalues coincide they have no derivative,
    and ``1 / 2 s_j`` gives draws of the same distribution.
    """
    gap = s[None, :] - s[:, None]
    same = np.abs(gap) <= 1e-10 * np.max(np.abs(s))
    return np.where(same, 0.5 / s[None, :], 1.0 / np.where(same, 1.0, gap))


def multivariate_adjoint(x_bar, x, mean, cov, method):
    """Return the adjoint of ``cov`` for draws ``x``, whose last axis is that of ``mean``."""
    v, s = normal_factors(cov, method)
    moved = (x - mean).reshape(-1, np.size(mean))
    bars = x_bar.reshape(-1, np.size(mean))
    if s is None:
        z = np.linalg.solve(v, moved.T)
        inner = np.tril(v.T @ (bars.T @ z.T))
        inner[np.diag_indices_from(inner)] *= 0.5
        whole = np.linalg.solve(v.T, np.linalg.solve(v.T, inner.T).T)
        return onto_triangle(0.5 * (whole + whole.T))
    outer = (v.T @ bars.T) @ (moved @ v)
    found = v @ (outer * normal_turning(s)) @ v.T
    return 0.5 * (found + found.T) if method == "svd" else onto_triangle(0.5 * (found + found.T))


def multivariate_tangent(cov_dot, x, mean, cov, method):
    """Return the tangent of draws ``x`` for that of ``cov``."""
    v, s = normal_factors(cov, method)
    moved = (x - mean).reshape(-1, np.size(mean))
    cov_dot = 0.5 * (cov_dot + cov_dot.T) if method == "svd" else from_triangle(cov_dot)
    if s is None:
        z = np.linalg.solve(v, moved.T)
        inner = np.tril(np.linalg.solve(v, np.linalg.solve(v, cov_dot.T).T))
        inner[np.diag_indices_from(inner)] *= 0.5
        return (v @ inner @ z).T.reshape(np.shape(x))
    turned = (v.T @ cov_dot @ v) * normal_turning(s)
    return (moved @ v @ turned.T @ v.T).reshape(np.shape(x))
