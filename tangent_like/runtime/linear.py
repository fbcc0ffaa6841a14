"""Linear algebra: adjoints of solutions, factors and norms, of matrices and of stacks of them."""

# mypy: allow-untyped-defs, allow-untyped-calls

import functools

import numpy as np

from tangent_like.runtime.broadcast import unbroadcast
from tangent_like.runtime.reduce import spread, ties
from tangent_like.runtime.scalars import quotient


def each_matrix(g):
    """Return ``g``, one number for each matrix of a stack, so that it multiplies the matrices."""
    return g if np.ndim(g) == 0 else np.asarray(g)[..., None, None]


def as_rows(w):
    """Return ``w``, a vector for each matrix of a stack, so that it multiplies the columns of the matrices."""
    return w[..., None, :]


def cofactors(a, d):
    """Return the slope of the determinant ``d`` of ``a``: the cofactors, which a singular matrix has too."""
    try:
        return each_matrix(d) * np.matrix_transpose(np.linalg.inv(a))
    except np.linalg.LinAlgError:
        u, s, vh = np.linalg.svd(a)
        n = s.shape[-1]
        others = [np.prod(np.delete(s, k, -1), axis=-1) for k in range(n)]
        sign = np.linalg.det(u) * np.linalg.det(vh)
        return each_matrix(sign) * ((np.conj(u) * np.stack(others, axis=-1)[..., None, :]) @ np.conj(vh))


def solve_transposed(a, x_bar, b):
    """Return the adjoint of the right-hand side in ``x = np.linalg.solve(a, b)``, of the shape of ``x``.

    Only the number of axes of ``b`` matters: one that has a single axis is a vector.
    """
    a = np.matrix_transpose(a)
    return np.linalg.solve(a, x_bar[..., None])[..., 0] if np.ndim(b) == 1 else np.linalg.solve(a, x_bar)


def solve_left(lam, x, a, b):
    """Return the adjoint of ``a`` in ``x = np.linalg.solve(a, b)``, where ``lam`` is that of ``b``.

    Of ``a`` only the shape matters, of ``b`` only the number of axes.
    """
    if np.ndim(b) == 1:
        return unbroadcast(-lam[..., :, None] * x[..., None, :], a)
    return unbroadcast(-(lam @ np.matrix_transpose(x)), a)


def solve_tangent(a, a_dot, x, b):
    """Return ``np.linalg.solve(a, a_dot @ x)`` for columns ``x``, or for vectors where ``b`` is one."""
    if np.ndim(b) == 1:
        return np.linalg.solve(a, a_dot @ x[..., None])[..., 0]
    return np.linalg.solve(a, a_dot @ x)


def onto_triangle(g, uplo="L"):
    """Return ``g`` gathered onto the triangle of a symmetric matrix that is read: the lower one for "L".

    What flows to an entry of the other triangle belongs to its mirror image.
    """
    both = g + np.matrix_transpose(g)
    half = np.tril(both) if uplo.upper() == "L" else np.triu(both)
    return half - np.eye(g.shape[-1], dtype=half.dtype) * g


def cholesky_adjoint(low_bar, low):
    """Return the adjoint of ``a`` in ``low = np.linalg.cholesky(a)``, for ``a`` as a symmetric matrix."""
    lt = np.matrix_transpose(low)
    lower = np.tri(low.shape[-1], dtype=bool)
    phi = lt @ np.where(lower, low_bar, 0.0)
    phi = np.where(lower, phi, np.matrix_transpose(phi))
    inverse = np.linalg.inv(lt)
    return inverse @ (0.5 * phi) @ np.matrix_transpose(inverse)


def cholesky_tangent(a_dot, low):
    """Return the tangent of ``low = np.linalg.cholesky(a)`` for a symmetric ``a_dot``."""
    inner = np.linalg.solve(low, np.matrix_transpose(np.linalg.solve(low, a_dot)))
    return low @ (np.tril(inner) - 0.5 * np.eye(low.shape[-1], dtype=inner.dtype) * inner)


def from_triangle(a, uplo="L"):
    """Return the symmetric matrix of which a triangle of ``a`` is read: the lower one for "L"."""
    half = np.tril(a, -1) if uplo.upper() == "L" else np.triu(a, 1)
    return half + np.matrix_transpose(half) + np.eye(a.shape[-1], dtype=half.dtype) * a


def gaps(w):
    """Return ``1 / (w[j] - w[i])`` for distinct eigenvalues, 0 on the diagonal; infinite where two agree."""
    apart = w[..., None, :] - w[..., :, None]
    return 1 / np.where(np.eye(w.shape[-1], dtype=bool), np.inf, apart)


def over_gaps(x, w):
    """Return ``x[i, j] / (w[j] - w[i])``, and 0 on the diagonal and where ``x`` is 0; infinite where two others agree.

    Of vectors that nobody asks for, the eigenvalues may agree: then ``x`` is 0, or but the rounding of what is.
    """
    apart = w[..., None, :] - w[..., :, None]
    eps = np.finfo(w.dtype).eps
    agree = np.abs(apart) <= 8 * eps * w.shape[-1] * np.max(np.abs(w), axis=-1, initial=0)[..., None, None]
    rounding = np.abs(x) <= 64 * eps * np.max(np.abs(x), axis=(-2, -1), keepdims=True, initial=0)
    return x / np.where(np.eye(w.shape[-1], dtype=bool) | (rounding & agree) | (x == 0), np.inf, apart)


def norm_slope(x, y, order=None, axis=None, keepdims=False):
    """Return the slope of ``y = np.linalg.norm(x, ord, axis, keepdims)``, of the shape of ``x``.

    0 at a kink; where several entries, rows or columns are the greatest, each has an equal share.
    """
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if order is None or order == "fro" or (order == 2 and len(axes) == 1):
        return quotient(x, spread(y, x, axes, keepdims or np.ndim(y) == x.ndim))
    if len(axes) == 1:
        return vector_norm_slope(x, y, order, axes, keepdims or np.ndim(y) == x.ndim)
    rows = np.moveaxis(x, axes, (-2, -1))
    if order in (1, -1, np.inf, -np.inf):
        along = -2 if abs(order) == 1 else -1
        sums = np.sum(np.abs(rows), axis=along, keepdims=True)
        found = np.max(sums, axis=(-2, -1), keepdims=True) if order > 0 else np.min(sums, axis=(-2, -1), keepdims=True)
        slope = np.sign(rows) * ties(sums, found, (-2, -1), True)
    else:
        u, s, vh = np.linalg.svd(rows, full_matrices=False)
        slope = (u * as_rows(singular_weights(s, order))) @ vh
    return np.moveaxis(slope, (-2, -1), axes)


def is_spectral(order, axes):
    """Is it a norm of matrices by their singular values?"""
    return len(axes) > 1 and order in (2, -2, "nuc")


def singular_weights(s, order):
    """Return the slope of a norm of matrices in their singular values ``s``, of which the greatest stand first."""
    if order == "nuc":
        return np.where(s > 0, 1, 0).astype(s.dtype)
    return ties(s, s[..., :1] if order == 2 else s[..., -1:], -1, True).astype(s.dtype)


def norm_bends(x, y, order=None, axis=None, keepdims=False):
    """Return the slopes of ``norm_slope(x, y, order, axis, keepdims)`` in ``x`` and in ``y``, of the shape of ``x``.

    Each entry of it depends on that entry of ``x``, and on the norm. Where singular values decide, it depends on
    neither so: ``spectral_bend`` says how.
    """
    x = np.asarray(x)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if is_spectral(order, axes):
        return np.zeros_like(x), np.zeros_like(x)
    y = spread(y, x, axes, keepdims or np.ndim(y) == x.ndim)
    if order is None or order == "fro" or (order == 2 and len(axes) == 1):
        return quotient(np.ones_like(x), y), -quotient(quotient(x, y), y)
    if order in (1, -1, 0, np.inf, -np.inf) and (len(axes) > 1 or order != -1):
        return np.zeros_like(x), np.zeros_like(x)
    size = quotient(np.abs(x), y)
    power = np.where(size == 0, 0, np.where(size == 0, 1, size) ** (order - 2))
    return (order - 1) * quotient(power, y), (1 - order) * np.sign(x) * quotient(power * size, y)


def spectral_bend(d, x, order=None, axis=None):
    """Return by how much ``norm_slope(x, y, order, axis)`` changes along ``d``; 0 if no singular value decides.

    The second derivative of a function of singular values (Lewis and Sendov, Twice differentiable spectral functions,
    2001); it is symmetric, so that it takes tangents forward as it takes adjoints back.
    """
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if not is_spectral(order, axes):
        return np.zeros_like(x)
    rows, along = np.moveaxis(x, axes, (-2, -1)), np.moveaxis(d, axes, (-2, -1))
    u, s, vh = np.linalg.svd(rows, full_matrices=False)
    w = singular_weights(s, order)
    ut, v = np.matrix_transpose(u), np.matrix_transpose(vh)
    p = ut @ along @ v
    odd = 0.5 * (p - np.matrix_transpose(p))
    inner = quotient(w[..., :, None] - w[..., None, :], s[..., :, None] - s[..., None, :]) * (p - odd)
    inner = inner + quotient(w[..., :, None] + w[..., None, :], s[..., :, None] + s[..., None, :]) * odd
    each = as_rows(quotient(w, s))
    bent = u @ inner @ vh + ((along @ v - u @ p) * each) @ vh + (u * each) @ (ut @ along - p @ vh)
    return np.moveaxis(bent, (-2, -1), axes)


def vector_norm_slope(x, y, order=2, axis=None, keepdims=False):
    """Return the slope of ``y = np.linalg.vector_norm(x, axis=axis, keepdims=keepdims, ord=order)``; 0 at a kink."""
    size = np.abs(x)
    if order in (np.inf, -np.inf):
        found = np.max(size, axis, keepdims=True) if order > 0 else np.min(size, axis, keepdims=True)
        return np.sign(x) * ties(size, found, axis, True)
    if order == 0:
        return np.zeros_like(x)
    if order == 1:
        return np.sign(x)
    ratio = quotient(size, spread(y, x, axis, keepdims))
    return np.where(size == 0, 0, np.sign(x) * np.where(size == 0, 1, ratio) ** (order - 1))


def condition_slope(a, c):
    """Return the slope of ``c = np.linalg.cond(a)``, the ratio of the extreme singular values."""
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    first, last = s[..., :1, None], s[..., -1:, None]
    return each_matrix(c) * (u[..., :, :1] @ vh[..., :1, :] / first - u[..., :, -1:] @ vh[..., -1:, :] / last)


def pinv_adjoint(p_bar, p, a):
    """Return the adjoint of ``a`` in ``p = np.linalg.pinv(a)``, for a rank that does not change."""
    pt, gt = np.matrix_transpose(p), np.matrix_transpose(p_bar)
    return -(pt @ p_bar @ pt) + (gt - a @ (p @ gt)) @ p @ pt + pt @ p @ (gt - (gt @ p) @ a)


def pinv_tangent(a_dot, p, a):
    """Return the tangent of ``p = np.linalg.pinv(a)``, for a rank that does not change."""
    pt, dt = np.matrix_transpose(p), np.matrix_transpose(a_dot)
    return -(p @ a_dot @ p) + p @ pt @ (dt - (dt @ a) @ p) + (dt - p @ (a @ dt)) @ pt @ p


def matrix_power_adjoint(y_bar, a, n):
    """Return the adjoint of ``a`` in ``np.linalg.matrix_power(a, n)``: the sum over the factors."""
    if n < 0:
        inverse = np.linalg.inv(a)
        t = np.matrix_transpose(inverse)
        return -(t @ matrix_power_adjoint(y_bar, inverse, -n) @ t)
    t = np.matrix_transpose(a)
    total = np.zeros_like(y_bar)
    for k in range(n):
        total = total + np.linalg.matrix_power(t, k) @ y_bar @ np.linalg.matrix_power(t, n - 1 - k)
    return total


def divided(b, r):
    """Return ``b @ inv(r)``."""
    return np.matrix_transpose(np.linalg.solve(np.matrix_transpose(r), np.matrix_transpose(b)))


def qr_adjoint(q_bar, r_bar, q, r):
    """Return the adjoint of ``a`` in ``q, r = np.linalg.qr(a)`` for an ``a`` at least as high as wide."""
    m = r @ np.matrix_transpose(r_bar) - np.matrix_transpose(q_bar) @ q
    low = np.tril(m, -1)
    both = low + np.matrix_transpose(low) + np.eye(m.shape[-1], dtype=m.dtype) * m
    return divided(q_bar + q @ both, np.matrix_transpose(r))


def qr_from_q(q_bar, q, r):
    """Return what flows from ``q`` to ``a`` in ``q, r = np.linalg.qr(a)``; ``r`` may be wider than high."""
    k = q.shape[-1]
    square = qr_adjoint(q_bar, np.zeros_like(r[..., :k]), q, r[..., :k])
    return np.concatenate([square, np.zeros_like(q @ r[..., k:])], axis=-1)


def qr_from_r(r_bar, q, r):
    """Return what flows from ``r`` to ``a`` in ``q, r = np.linalg.qr(a)``; ``r`` may be wider than high."""
    k = q.shape[-1]
    q_bar = q @ r[..., k:] @ np.matrix_transpose(r_bar[..., k:])
    square = qr_adjoint(q_bar, r_bar[..., :k], q, r[..., :k])
    return np.concatenate([square, q @ r_bar[..., k:]], axis=-1)


def qr_tangents(a_dot, q, r):
    """Return the tangents of ``q, r = np.linalg.qr(a)``."""
    k = q.shape[-1]
    by_r = divided(a_dot[..., :k], r[..., :k])
    inner = np.matrix_transpose(q) @ by_r
    low = np.tril(inner, -1)
    up = inner - low + np.matrix_transpose(low)
    q_dot = by_r - q @ up
    wide = np.matrix_transpose(q_dot) @ (q @ r[..., k:]) + np.matrix_transpose(q) @ a_dot[..., k:]
    return q_dot, np.concatenate([up @ r[..., :k], wide], axis=-1)


def qr_full_from_q(q_bar, q, r):
    """Return what flows from ``q`` to ``a`` in ``q, r = scipy.linalg.qr(a)``, of the columns that ``a`` says."""
    k = min(r.shape[-2:])
    if np.any(q_bar[..., k:]):
        raise ValueError("qr is differentiated in its reduced form where the further columns of q are used")
    return qr_from_q(q_bar[..., :k], q[..., :k], r[..., :k, :])


def qr_full_from_r(r_bar, q, r):
    """Return what flows from ``r`` to ``a`` in ``q, r = scipy.linalg.qr(a)``; below the triangle it is zero."""
    k = min(r.shape[-2:])
    return qr_from_r(r_bar[..., :k, :], q[..., :k], r[..., :k, :])


def qr_full_tangents(a_dot, q, r):
    """Return the tangents of ``q, r = scipy.linalg.qr(a)``: of columns of ``q`` that ``a`` does not say, nan."""
    k = min(r.shape[-2:])
    q_dot, r_dot = qr_tangents(a_dot, q[..., :k], r[..., :k, :])
    further = np.full_like(q[..., k:], np.nan)
    return np.concatenate([q_dot, further], axis=-1), np.concatenate([r_dot, np.zeros_like(r[..., k:, :])], axis=-2)


def svd_from_u(u_bar, u, s, vh):
    """Return what flows from ``u`` to ``a`` in ``u, s, vh = np.linalg.svd(a)``; its last columns are not of ``a``."""
    k = s.shape[-1]
    if np.any(u_bar[..., k:]):
        raise ValueError("svd is differentiated with full_matrices=False where its vectors are used")
    u, u_bar, vh = u[..., :k], u_bar[..., :k], vh[..., :k, :]
    inner = np.matrix_transpose(u) @ u_bar
    skew = over_gaps(inner - np.matrix_transpose(inner), s**2)
    turned = u @ (skew * s[..., None, :])
    if u.shape[-2] > k:  # of a square one nothing is left that its columns do not span: rounding, over a small value
        turned = turned + (u_bar - u @ inner) / s[..., None, :]
    return turned @ vh


def svd_from_vh(vh_bar, u, s, vh):
    """Return what flows from ``vh`` to ``a``: what ``svd_from_u`` says of the transposed matrix."""
    vt, vt_bar, ut = np.matrix_transpose(vh), np.matrix_transpose(vh_bar), np.matrix_transpose(u)
    return np.matrix_transpose(svd_from_u(vt_bar, vt, s, ut))


def svd_inner(a_dot, u, s, vh):
    """Return ``u.T @ a_dot @ vh.T`` for the first vectors of each; its diagonal is the tangent of ``s``."""
    k = s.shape[-1]
    return np.matrix_transpose(u[..., :k]) @ a_dot @ np.matrix_transpose(vh[..., :k, :])


def svd_left(inner, a_dot, u, s, vh):
    """Return the tangent of ``u`` in ``np.linalg.svd(a)``, for ``svd_inner``; nan is what ``a`` does not say."""
    k = s.shape[-1]
    first = u[..., :k]
    left = inner * s[..., None, :]
    turned = over_gaps(left + np.matrix_transpose(left), s**2)
    v = np.matrix_transpose(vh[..., :k, :])
    moved = first @ turned
    if u.shape[-2] > k:
        moved = moved + (a_dot @ v - first @ inner) / s[..., None, :]
    return np.concatenate([moved, np.full_like(u[..., k:], np.nan)], axis=-1)


def determined(tangent):
    """Return ``tangent`` if it has no nan, which further columns of ``q``, ``u`` or ``vh`` have as theirs."""
    if isinstance(tangent, (list, tuple)):
        return type(tangent)(determined(item) for item in tangent)
    if np.any(np.isnan(tangent)):
        raise ValueError("the tangent is nan: qr and svd are differentiated in reduced form where all vectors are used")
    return tangent


def svd_right(inner, a_dot, u, s, vh):
    """Return the tangent of ``vh``: what ``svd_left`` says of the transposed matrix."""
    inner, a_dot = np.matrix_transpose(inner), np.matrix_transpose(a_dot)
    return np.matrix_transpose(svd_left(inner, a_dot, np.matrix_transpose(vh), s, np.matrix_transpose(u)))


def outer_columns(u, v):
    """Return the sum of the outer products of the columns of ``u`` and ``v``, or that of two vectors."""
    return np.outer(u, v) if np.ndim(u) == 1 else u @ v.T


def lstsq_left(lam, x_bar, x, a, b):
    """Return the adjoint of ``a`` in ``x = np.linalg.lstsq(a, b)[0]``, where ``lam`` is that of ``b``.

    The rank of ``a`` has to be full: elsewhere the solution jumps.
    """
    if np.linalg.matrix_rank(a) < min(a.shape):
        raise np.linalg.LinAlgError("the derivative of lstsq is that of a matrix of full rank")
    p = np.linalg.pinv(a)
    first = outer_columns(b - a @ x, p @ lam) - outer_columns(lam, x)
    return first + outer_columns(p.T @ x, x_bar - a.T @ lam)


def lstsq_tangents(a_dot, b_dot, x, residuals, a, b):
    """Return the tangents of ``x, residuals, rank, s = np.linalg.lstsq(a, b)``."""
    p = np.linalg.pinv(a)
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    moved, rest = b_dot - a_dot @ x, b - a @ x
    more = p.T @ x
    x_dot = p @ moved + p @ (p.T @ (a_dot.T @ rest)) + a_dot.T @ more - p @ (a @ (a_dot.T @ more))
    residuals_dot = 2 * np.sum(rest * moved, axis=0) if np.size(residuals) else np.zeros_like(residuals)
    return x_dot, residuals_dot.reshape(np.shape(residuals)), 0, np.sum(u * (a_dot @ vh.T), axis=0)


def lstsq_rest(r_bar, x, a, b):
    """Return the adjoint of ``b`` by the sums of squared residuals of ``np.linalg.lstsq(a, b)``, if it gives any."""
    return 2 * r_bar * (b - a @ x) if np.size(r_bar) else np.zeros_like(b)


def lstsq_rest_left(r_bar, x, a, b):
    """Return the adjoint of ``a`` by the sums of squared residuals of ``np.linalg.lstsq(a, b)``, if it gives any."""
    rest = lstsq_rest(r_bar, x, a, b)
    return -np.outer(rest, x) if np.ndim(b) == 1 else -rest @ x.T


def replaced(items, k, item):
    """Return the list ``items`` with another item at ``k``."""
    return [*items[:k], item, *items[k + 1 :]]


def multi_dot_adjoint(y_bar, k, arrays):
    """Return the adjoint of ``arrays[k]`` in ``np.linalg.multi_dot(arrays)``."""
    y_bar = np.asarray(y_bar, np.result_type(y_bar, *arrays))
    if k:
        before = functools.reduce(np.dot, arrays[:k])
        others = range(np.ndim(before) - 1)
        y_bar = np.tensordot(before, y_bar, (others, others))
    if k + 1 < len(arrays):
        after = functools.reduce(np.dot, arrays[k + 1 :])
        over = np.ndim(after) - 1
        y_bar = np.tensordot(y_bar, after, (range(np.ndim(y_bar) - over, np.ndim(y_bar)), range(1, over + 1)))
    return y_bar
