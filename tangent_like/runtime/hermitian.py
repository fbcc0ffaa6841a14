"""Linear algebra of complex matrices, where the conjugate makes it another than that of real ones."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.linear import as_rows, gaps
from tangent_like.runtime.scalars import quotient


def adjoint_matrix(a):
    """Return the conjugate transpose of a matrix, or of each of a stack."""
    return np.conj(np.matrix_transpose(a))


def onto_hermitian_triangle(g, uplo="L"):
    """Return ``g`` gathered onto the triangle of a Hermitian matrix that is read: the lower one for "L".

    What flows to an entry of the other triangle belongs, conjugated, to its mirror image; of the diagonal the real
    part is read.
    """
    both = g + np.conj(np.matrix_transpose(g))
    half = np.tril(both) if uplo.upper() == "L" else np.triu(both)
    return half - np.eye(g.shape[-1], dtype=half.dtype) * np.real(g)


def from_hermitian_triangle(a, uplo="L"):
    """Return the Hermitian matrix of which a triangle of ``a`` is read: the lower one for "L"."""
    half = np.tril(a, -1) if uplo.upper() == "L" else np.triu(a, 1)
    return half + np.conj(np.matrix_transpose(half)) + np.eye(a.shape[-1], dtype=half.dtype) * np.real(a)


def real_entries(row):
    """Return the row of vectors that LAPACK makes real by their phases, as real numbers.

    0 where it is not real, or 0 but for rounding: by that row, nothing is said of the phase of such a vector.
    """
    said = (np.abs(np.imag(row)) < 1e-3) & (np.abs(row) > 64 * np.finfo(row.dtype).eps)
    return np.where(said, np.real(row), 0.0)


def phases_said(row_dot, row):
    """Return the phases that vectors turn by, whose ``row`` stays real, from the tangent of it in another phase."""
    if np.any(np.abs(np.imag(row)) > 1e-3):
        raise ValueError("the phases of these complex vectors are not LAPACK's: differentiate in reverse mode")
    return -quotient(np.imag(row_dot), real_entries(row))


def real_row(v, uplo):
    """Return the row of eigenvectors of a Hermitian matrix that is real: the one where its triangle begins."""
    return v[..., 0, :] if uplo.upper() == "L" else v[..., -1, :]


def hermitian_vector_tangents(inner, w, v, uplo="L"):
    """Return the tangents of ``v`` in ``w, v = np.linalg.eigh(a)`` where ``inner`` is ``inv(v) @ a_dot @ v``."""
    free = v @ (gaps(w) * inner)
    return free + 1j * v * as_rows(phases_said(real_row(free, uplo), real_row(v, uplo)))


def hermitian_vector_adjoint(v_bar, w, v, uplo="L"):
    """Return the adjoint of ``inner`` in ``hermitian_vector_tangents(inner, w, v)``.

    A vector whose phase is said by no row has any: what depends on it has no derivative.
    """
    turned = quotient(np.imag(np.sum(v_bar * v, axis=-2)), real_entries(real_row(v, uplo)))
    return gaps(w) * without_phases(np.matrix_transpose(v) @ (v_bar - 1j * at_real_row(turned, v, uplo)))


def at_real_row(entries, v, uplo):
    """Return a matrix of the shape of ``v`` with ``entries`` where ``real_row`` reads."""
    rows = np.arange(v.shape[-2])[:, None]
    return np.where(rows == (0 if uplo.upper() == "L" else v.shape[-2] - 1), as_rows(entries), 0.0)


def without_phases(inner):
    """Return ``inner``, the adjoints of eigenvectors along the eigenvectors, if no phase of a vector matters."""
    turned = np.abs(np.imag(np.diagonal(inner, axis1=-2, axis2=-1)))
    if np.any(turned > 1e-3 * np.max(np.abs(inner), initial=0.0) + 1e-30):
        raise ValueError("the result depends on the phases of complex eigenvectors, which are arbitrary")
    return inner


def hermitian_cholesky_adjoint(low_bar, low):
    """Return the adjoint of ``a`` in ``low = np.linalg.cholesky(a)``, for ``a`` as a Hermitian matrix."""
    lt = np.matrix_transpose(low)
    phi = np.tril(lt @ np.tril(low_bar))
    phi = phi - 0.5 * np.eye(low.shape[-1], dtype=phi.dtype) * phi
    half = np.linalg.solve(lt, phi)
    return np.matrix_transpose(np.linalg.solve(np.conj(lt), np.matrix_transpose(half)))


def hermitian_cholesky_tangent(a_dot, low):
    """Return the tangent of ``low = np.linalg.cholesky(a)`` for a Hermitian ``a_dot``."""
    inner = np.linalg.solve(low, adjoint_matrix(np.linalg.solve(low, a_dot)))
    return low @ (np.tril(inner) - 0.5 * np.eye(low.shape[-1], dtype=inner.dtype) * inner)


def complex_pinv_adjoint(p_bar, p, a):
    """Return the adjoint of ``a`` in ``p = np.linalg.pinv(a)``, for a rank that does not change."""
    pt, gt = np.matrix_transpose(p), np.matrix_transpose(p_bar)
    first = (gt - a @ (p @ gt)) @ p @ np.conj(pt)
    second = np.conj(pt) @ p @ (gt - (gt @ p) @ a)
    return np.conj(first + second) - pt @ p_bar @ pt


def complex_pinv_tangent(a_dot, p, a):
    """Return the tangent of ``p = np.linalg.pinv(a)``, for a rank that does not change."""
    ph, dh = adjoint_matrix(p), adjoint_matrix(a_dot)
    return -(p @ a_dot @ p) + p @ ph @ (dh - (dh @ a) @ p) + (dh - p @ (a @ dh)) @ ph @ p


def phases_left(at_u, at_v):
    """Return ``at_u``, if what flows to pairs of singular vectors does not turn with them: any phase would do."""
    turned = np.abs(np.imag(np.diagonal(at_u + at_v, axis1=-2, axis2=-1)))
    size = np.max(np.abs(at_u), initial=0.0) + np.max(np.abs(at_v), initial=0.0)
    if np.any(turned > 1e-3 * size + 1e-30):
        raise ValueError("the result depends on the phases of complex singular vectors, which are arbitrary")
    return at_u


def first_columns(u_bar, k):
    """Return the first ``k`` columns of the adjoint of a factor, if there are no others: a matrix says no more."""
    if np.any(u_bar[..., k:]):
        raise ValueError("svd and qr are differentiated in reduced form where the further vectors are used")
    return u_bar[..., :k]


def complex_svd_adjoint(u_bar, vh_bar, u, s, vh):
    """Return what flows from both kinds of vectors to ``a`` in ``u, s, vh = np.linalg.svd(a)``.

    By Wan and Zhang, Automatic differentiation for complex valued SVD, 2019; and by the phases that LAPACK says: of at
    least as many rows as columns, the first column of ``vh`` is real, else the first row of ``u``.
    """
    k = s.shape[-1]
    left, right = u[..., :k], adjoint_matrix(vh[..., :k, :])
    u_bar, v_bar = first_columns(u_bar, k), first_columns(np.matrix_transpose(vh_bar), k)
    along = np.sum(u_bar * left, axis=-2) - np.sum(v_bar * np.conj(right), axis=-2)
    if u.shape[-2] < vh.shape[-1]:
        u_bar = u_bar - 1j * at_real_row(quotient(np.imag(along), real_entries(left[..., 0, :])), left, "L")
    else:
        v_bar = v_bar + 1j * at_real_row(quotient(np.imag(along), real_entries(right[..., 0, :])), right, "L")
    g_u, g_v = np.conj(u_bar), v_bar
    at_v = adjoint_matrix(right) @ g_v
    at_u = phases_left(adjoint_matrix(left) @ g_u, at_v)
    skew_u, skew_v = at_u - adjoint_matrix(at_u), at_v - adjoint_matrix(at_v)
    turn = gaps(s**2) * (skew_u * s[..., None, :] + s[..., :, None] * skew_v)
    turn = turn + 1j * np.eye(k) * np.imag(at_u) / s[..., None, :]
    back = left @ turn @ adjoint_matrix(right)
    if u.shape[-2] > k:
        back = back + ((g_u - left @ at_u) / s[..., None, :]) @ adjoint_matrix(right)
    if vh.shape[-1] > k:
        back = back + left @ adjoint_matrix((g_v - right @ at_v) / s[..., None, :])
    return np.conj(back).astype(u.dtype)


def complex_svd_tangents(a_dot, u, s, vh):
    """Return the tangents of ``u, s, vh = np.linalg.svd(a)``, by the phases that LAPACK says.

    Of further vectors, which ``a`` does not say, nan.
    """
    k = s.shape[-1]
    left, right = u[..., :k], adjoint_matrix(vh[..., :k, :])
    inner = adjoint_matrix(left) @ a_dot @ right
    along, across = inner * s[..., None, :], s[..., :, None] * inner
    turn = gaps(s**2) * (along + adjoint_matrix(along)) + 1j * np.eye(k) * np.imag(inner) / s[..., None, :]
    u_dot, v_dot = left @ turn, right @ (gaps(s**2) * (across + adjoint_matrix(across)))
    if u.shape[-2] > k:
        u_dot = u_dot + (a_dot @ right - left @ inner) / s[..., None, :]
    if vh.shape[-1] > k:
        v_dot = v_dot + (adjoint_matrix(a_dot) @ left - right @ adjoint_matrix(inner)) / s[..., None, :]
    if u.shape[-2] < vh.shape[-1]:
        turned = as_rows(phases_said(u_dot[..., 0, :], left[..., 0, :]))
    else:
        turned = as_rows(phases_said(v_dot[..., 0, :], right[..., 0, :]))
    u_dot, v_dot = u_dot + 1j * left * turned, v_dot + 1j * right * turned
    u_dot = np.concatenate([u_dot, np.full_like(u[..., k:], np.nan)], axis=-1)
    vh_dot = np.concatenate([adjoint_matrix(v_dot), np.full_like(vh[..., k:, :], np.nan)], axis=-2)
    return u_dot.astype(u.dtype), np.real(np.diagonal(inner, axis1=-2, axis2=-1)), vh_dot.astype(u.dtype)


def over_adjoint(b, r):
    """Return ``b @ inv(conj(r).T)``."""
    return np.matrix_transpose(np.linalg.solve(np.conj(r), np.matrix_transpose(b)))


def complex_qr_from_q(q_bar, q, r):
    """Return what flows from ``q`` to ``a`` in ``q, r = np.linalg.qr(a)``, of real diagonal entries of ``r``.

    ``r`` may be wider than high; of further columns of ``q``, which ``a`` does not say, nothing may flow.
    """
    k = min(r.shape[-2:])
    first, square = q[..., :k], r[..., :k, :k]
    g = np.conj(first_columns(q_bar, k))
    inner = -(adjoint_matrix(first) @ g)
    back = over_adjoint(g + first @ from_hermitian_triangle(inner, "U"), square)
    return np.conj(np.concatenate([back, np.zeros_like(first @ r[..., :k, k:])], axis=-1))


def complex_qr_from_r(r_bar, q, r):
    """Return what flows from ``r`` to ``a`` in ``q, r = np.linalg.qr(a)``, of real diagonal entries of ``r``."""
    k = min(r.shape[-2:])
    first, square, wide = q[..., :k], r[..., :k, :k], r[..., :k, k:]
    g, g_wide = np.conj(r_bar[..., :k, :k]), np.conj(r_bar[..., :k, k:])
    g_q = first @ wide @ adjoint_matrix(g_wide)
    inner = np.triu(g) @ adjoint_matrix(square) - adjoint_matrix(first) @ g_q
    back = over_adjoint(g_q + first @ from_hermitian_triangle(inner, "U"), square)
    return np.conj(np.concatenate([back, first @ g_wide], axis=-1))


def complex_qr_tangents(a_dot, q, r):
    """Return the tangents of ``q, r = np.linalg.qr(a)``; of columns of ``q`` that ``a`` does not say, nan."""
    k = min(r.shape[-2:])
    first, square, wide = q[..., :k], r[..., :k, :k], r[..., :k, k:]
    by_r = np.matrix_transpose(np.linalg.solve(np.matrix_transpose(square), np.matrix_transpose(a_dot[..., :k])))
    inner = adjoint_matrix(first) @ by_r
    low = np.tril(inner, -1)
    up = inner - low + adjoint_matrix(low) - 1j * np.eye(k) * np.imag(inner)
    q_dot = by_r - first @ up
    wide_dot = adjoint_matrix(q_dot) @ (first @ wide) + adjoint_matrix(first) @ a_dot[..., k:]
    r_dot = np.concatenate([up @ square, wide_dot], axis=-1)
    further = np.full_like(q[..., k:], np.nan)
    below = np.zeros_like(r[..., k:, :])
    return (
        np.concatenate([q_dot, further], axis=-1).astype(q.dtype),
        np.concatenate([r_dot, below], axis=-2).astype(q.dtype),
    )
