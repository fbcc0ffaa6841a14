"""Linear algebra of complex matrices, where the conjugate makes it another than that of real ones."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


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


def without_phases(inner):
    """Return ``inner``, the adjoints of eigenvectors along the eigenvectors, if no phase of a vector matters.

    An eigenvector of a Hermitian matrix has any phase: what depends on it has no derivative.
    """
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
