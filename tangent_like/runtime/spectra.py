"""Eigenvalues and eigenvectors of any square matrix, as LAPACK scales them."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.runtime.linear import as_rows, gaps


def eigenvectors(a, w):
    """Return the eigenvectors of ``a`` as columns, in the order of its eigenvalues ``w``."""
    found, v = np.linalg.eig(a)
    order = np.argmin(np.abs(w[..., :, None] - found[..., None, :]), axis=-1)
    return np.take_along_axis(v, order[..., None, :], axis=-1)


def greatest_entries(v):
    """Return 1 where the greatest entry of each column stands, else 0: LAPACK turns complex ones so that it is real."""
    return (np.arange(v.shape[-2])[:, None] == np.argmax(np.abs(v), axis=-2)[..., None, :]).astype(np.real(v).dtype)


def eigenvector_tangents(inner, w, v):
    """Return the tangents of ``v`` in ``w, v = np.linalg.eig(a)`` where ``inner`` is ``inv(v) @ a_dot @ v``.

    The lengths stay 1, and the greatest entry of each vector stays real.
    """
    free = v @ (gaps(w) * inner)
    free = free - v * as_rows(np.sum(np.real(np.conj(v) * free), axis=-2))
    if np.iscomplexobj(v):
        top = greatest_entries(v)
        free = free - 1j * v * as_rows(np.imag(np.sum(top * free, axis=-2) / np.sum(top * v, axis=-2)))
    return free


def eigenvector_adjoint(v_bar, w, v):
    """Return the adjoint of ``inner`` in ``eigenvector_tangents(inner, w, v)``."""
    along = np.sum(v_bar * v, axis=-2)
    free = v_bar - np.conj(v) * as_rows(np.real(along))
    if np.iscomplexobj(v):
        top = greatest_entries(v)
        free = free - 1j * top * as_rows(np.imag(along) / np.sum(top * v, axis=-2))
    return gaps(w) * (np.matrix_transpose(v) @ free)
