"""Inverses, determinants, factors and solutions of stacks of matrices, one by one, and their adjoints."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from tangent_like import runtime
from tangent_like.backend.lacking import matrices
from tangent_like.backend.lacking.kinds import dtype_of, is_array, is_matrix, literal, stand_in

inv, det, cholesky = map(stand_in, (np.linalg.inv, np.linalg.det, np.linalg.cholesky))

OF_STACKS = (inv, det, cholesky)


def is_stack(of: Any) -> bool:
    return is_array(of) and of.ndim > 2 and isinstance(of.dtype, types.Float)


@register_jitable
def one_by_one(a):
    """The matrices of a stack, along one axis."""
    return np.ascontiguousarray(a).reshape((-1, a.shape[-2], a.shape[-1]))


def _of_each(standing: Any, original: Any) -> None:
    """What makes a matrix of its own shape of each matrix."""

    def choose(a):
        if is_matrix(a):
            return lambda a: original(a)  # noqa: PLW0108 - Numba wants the same parameters
        if not is_stack(a):
            return None

        def impl(a):
            rows = one_by_one(a)
            out = np.empty(rows.shape, a.dtype)
            for k in range(rows.shape[0]):
                out[k] = original(rows[k])
            return out.reshape(a.shape)

        return impl

    overload(standing)(choose)


_of_each(inv, np.linalg.inv)
_of_each(cholesky, np.linalg.cholesky)


@overload(det)
def _det(a):
    if is_matrix(a):
        return lambda a: np.linalg.det(a)  # noqa: PLW0108
    if not is_stack(a):
        return None

    def impl(a):
        rows = one_by_one(a)
        out = np.empty(rows.shape[0], a.dtype)
        for k in range(rows.shape[0]):
            out[k] = np.linalg.det(rows[k])
        return out.reshape(a.shape[:-2])

    return impl


@overload(matrices.solve)
def _solve(a, b):
    """Of stacks alike; a stack of vectors is none to NumPy."""
    if not is_stack(a) or not is_stack(b) or a.ndim != b.ndim:
        return None
    dtype = dtype_of(a, b)

    def impl(a, b):
        if a.shape[:-2] != b.shape[:-2]:
            raise ValueError("compiled, stacks of matrices are solved for stacks of the same shape")
        left, right = one_by_one(a), one_by_one(b)
        out = np.empty(right.shape, dtype)
        for k in range(left.shape[0]):
            out[k] = matrices.solved(left[k].astype(dtype), right[k].astype(dtype))
        return out.reshape(b.shape)

    return impl


def _of_a_triangle(standing: Any, solve: Any, both: bool) -> None:
    def choose(a, UPLO="L"):
        if not is_stack(a) or literal(UPLO) not in ("L", "U"):
            return None
        upper = literal(UPLO) == "U"

        @register_jitable
        def matrix(row):
            return np.ascontiguousarray(row.T) if upper else row

        def of_both(a, UPLO="L"):
            rows = one_by_one(a)
            w, v = np.empty(rows.shape[:2], a.dtype), np.empty(rows.shape, a.dtype)
            for k in range(rows.shape[0]):
                w[k], v[k] = solve(matrix(rows[k]))
            return w.reshape(a.shape[:-1]), v.reshape(a.shape)

        def of_one(a, UPLO="L"):
            rows = one_by_one(a)
            w = np.empty(rows.shape[:2], a.dtype)
            for k in range(rows.shape[0]):
                w[k] = solve(matrix(rows[k]))
            return w.reshape(a.shape[:-1])

        return of_both if both else of_one

    overload(standing, prefer_literal=True)(choose)


_of_a_triangle(matrices.eigh, np.linalg.eigh, True)
_of_a_triangle(matrices.eigvalsh, np.linalg.eigvalsh, False)


# -- adjoints ---------------------------------------------------------------------------------------------------


@overload(runtime.solve_left)
def _solve_left(lam, x, a, b):
    if not is_stack(lam) or not is_stack(x) or not is_stack(a) or a.ndim != x.ndim or lam.ndim != x.ndim:
        return None

    def impl(lam, x, a, b):
        left, right = one_by_one(lam), one_by_one(x)
        out = np.empty((left.shape[0], left.shape[1], right.shape[1]), lam.dtype)
        for k in range(left.shape[0]):
            out[k] = -(left[k] @ np.ascontiguousarray(right[k].T))
        return out.reshape(a.shape)

    return impl


@overload(runtime.solve_transposed)
def _solve_transposed(a, x_bar, b):
    if not is_stack(a) or not is_stack(x_bar) or a.ndim != x_bar.ndim:
        return None
    return lambda a, x_bar, b: matrices.solve(matrices.matrix_transpose(a), x_bar)


@overload(runtime.cofactors)
def _cofactors(a, d):
    if not is_stack(a) or not is_array(d) or d.ndim != a.ndim - 2:
        return None

    def impl(a, d):
        rows, numbers = one_by_one(a), np.ascontiguousarray(d).reshape(-1)
        out = np.empty(rows.shape, a.dtype)
        for k in range(rows.shape[0]):
            out[k] = runtime.cofactors(rows[k], numbers[k])
        return out.reshape(a.shape)

    return impl


@overload(runtime.gaps)
def _gaps(w):
    if not is_array(w) or w.ndim < 2:
        return None

    def impl(w):
        rows = np.ascontiguousarray(w).reshape((-1, w.shape[-1]))
        out = np.empty((rows.shape[0], w.shape[-1], w.shape[-1]), w.dtype)
        for k in range(rows.shape[0]):
            out[k] = runtime.gaps(rows[k])
        return out.reshape((*w.shape, w.shape[-1]))

    return impl


@overload(runtime.over_gaps)
def _over_gaps(x, w):
    if not is_array(w) or w.ndim < 2:
        return None

    def impl(x, w):
        rows = np.ascontiguousarray(w).reshape((-1, w.shape[-1]))
        matrices = np.ascontiguousarray(x).reshape((-1, w.shape[-1], w.shape[-1]))
        out = matrices / np.ones_like(rows[0])
        for k in range(rows.shape[0]):
            out[k] = runtime.over_gaps(matrices[k], rows[k])
        return out.reshape(x.shape)

    return impl


@overload(runtime.cholesky_adjoint)
def _cholesky_adjoint(low_bar, low):
    if not is_stack(low_bar) or not is_stack(low) or low.ndim != low_bar.ndim:
        return None

    def impl(low_bar, low):
        bars, rows = one_by_one(low_bar), one_by_one(low)
        out = np.empty(rows.shape, low.dtype)
        for k in range(rows.shape[0]):
            out[k] = runtime.cholesky_adjoint(bars[k], rows[k])
        return out.reshape(low.shape)

    return impl


@overload(runtime.onto_triangle, prefer_literal=True)
def _onto_triangle(g, uplo="L"):
    which = literal(uplo)
    if not is_stack(g) or which not in ("L", "U"):
        return None

    def impl(g, uplo="L"):
        rows = one_by_one(g)
        out = np.empty(rows.shape, g.dtype)
        for k in range(rows.shape[0]):
            out[k] = runtime.onto_triangle(rows[k], which)
        return out.reshape(g.shape)

    return impl

