"""Diagonals, triangles, factors and solutions of matrices, and their adjoints."""

# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg, unreachable"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from tangent_like import runtime
from tangent_like.backend.lacking.kinds import (
    dtype_of,
    is_array,
    is_matrix,
    is_none,
    is_number,
    is_tuple,
    is_vector,
    is_whole,
    literal,
    made,
    own_dtype,
    stand_in,
)

trace, diag, diagonal, diagflat = map(stand_in, (np.trace, np.diag, np.diagonal, np.diagflat))
matrix_transpose, eigh, eigvalsh = map(stand_in, (np.matrix_transpose, np.linalg.eigh, np.linalg.eigvalsh))
lstsq, multi_dot, ndim = map(stand_in, (np.linalg.lstsq, np.linalg.multi_dot, np.ndim))
eig, eigvals, solve, svd = map(stand_in, (np.linalg.eig, np.linalg.eigvals, np.linalg.solve, np.linalg.svd))

OF_MATRICES = (
    trace, diag, diagonal, diagflat, matrix_transpose, eigh, eigvalsh, lstsq, multi_dot, ndim, eig, eigvals, solve,
    svd,
)  # fmt: skip
HELPERS = (
    runtime.on_diagonal, runtime.each_matrix, runtime.cofactors, runtime.solve_transposed, runtime.solve_left,
    runtime.solve_tangent, runtime.outer_columns, runtime.gaps, runtime.over_gaps, runtime.as_rows,
    runtime.onto_triangle, runtime.cholesky_adjoint,
)  # fmt: skip


@overload(ndim)
def _ndim(a):
    rank = a.ndim if isinstance(a, types.Array) else 0 if is_number(a) else None
    return None if rank is None else lambda a: rank


@overload(matrix_transpose)
def _matrix_transpose(x):
    if not is_array(x) or x.ndim < 2:
        return None
    order = (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2)
    return lambda x: x.transpose(order)


# -- diagonals ----------------------------------------------------------------------------------------------


@register_jitable
def length_on(shape, offset):
    """How long a diagonal is."""
    return max(min(shape[0], shape[1] - offset) if offset >= 0 else min(shape[0] + offset, shape[1]), 0)


@register_jitable
def on_diagonal_of(x, offset):
    out = np.empty(length_on(x.shape, offset), x.dtype)
    for k in range(out.size):
        out[k] = x[k - min(offset, 0), k + max(offset, 0)]
    return out


@register_jitable
def with_diagonal(v, offset):
    n = v.size + abs(offset)
    out = np.zeros((n, n), v.dtype)
    for k in range(v.size):
        out[k - min(offset, 0), k + max(offset, 0)] = v[k]
    return out


@overload(trace)
def _trace(a, offset=0):
    return (lambda a, offset=0: on_diagonal_of(a, offset).sum()) if is_matrix(a) and is_whole(offset) else None


@overload(diag)
def _diag(v, k=0):
    if is_vector(v) and is_whole(k):
        return lambda v, k=0: with_diagonal(v, k)
    return (lambda v, k=0: on_diagonal_of(v, k)) if is_matrix(v) and is_whole(k) else None


@overload(diagflat)
def _diagflat(v, k=0):
    return (lambda v, k=0: with_diagonal(v.flatten(), k)) if is_array(v) and is_whole(k) else None


@overload(diagonal, prefer_literal=True)
def _diagonal(a, offset=0, axis1=0, axis2=1):
    if not is_array(a) or not is_whole(offset):
        return None
    order = axes_behind(a.ndim, axis1, axis2)
    if order is None:
        return None
    if a.ndim == 2:
        turned = order == (1, 0)
        if turned:
            return lambda a, offset=0, axis1=0, axis2=1: on_diagonal_of(a.T, offset)
        return lambda a, offset=0, axis1=0, axis2=1: on_diagonal_of(a, offset)
    rest = ", ".join(f"b.shape[{k}]" for k in range(a.ndim - 2))
    lines = [
        f"b = a.transpose({order})",
        f"n = length_on((b.shape[{a.ndim - 2}], b.shape[{a.ndim - 1}]), offset)",
        f"out = np.empty(({rest}, n), a.dtype)",
        f"for place in np.ndindex(({rest},)):",
        "    out[place] = on_diagonal_of(b[place], offset)",
        "return out",
    ]
    return made("a, offset=0, axis1=0, axis2=1", lines, np=np, length_on=length_on, on_diagonal_of=on_diagonal_of)


def axes_behind(rank, axis1, axis2):
    """The axes with the two of the diagonal behind the others."""
    first, second = literal(axis1), literal(axis2)
    if not (isinstance(first, int) and isinstance(second, int)):
        return None
    first, second = first % rank, second % rank
    return (*(k for k in range(rank) if k not in (first, second)), first, second)


@overload(runtime.on_diagonal, prefer_literal=True)
def _on_diagonal(d_bar, x, offset=0, axis1=0, axis2=1):
    """Of the adjoint of a matrix; of a stack of them along its last axes or its first."""
    if not is_array(x) or not is_whole(offset) or not (is_array(d_bar) or is_number(d_bar)):
        return None
    dtype, order = dtype_of(d_bar, x), axes_behind(x.ndim, axis1, axis2)
    if order is None:
        return None
    whole = "d_bar" if is_number(d_bar) else "d_bar[k]" if d_bar.ndim == 1 else None
    if x.ndim == 2 and whole:
        turned = "x_bar.T" if order == (1, 0) else "x_bar"
        lines = [
            "x_bar = np.zeros(x.shape, dtype)",
            f"given = {turned}",
            "for k in range(length_on(given.shape, offset)):",
            f"    given[k - min(offset, 0), k + max(offset, 0)] = {whole}",
            "return x_bar",
        ]
    elif is_array(d_bar) and d_bar.ndim in (x.ndim - 1, x.ndim - 2):
        rest = ", ".join(f"given.shape[{k}]" for k in range(x.ndim - 2))
        at = "(*place, k)" if d_bar.ndim == x.ndim - 1 else "place"
        at = at.replace("*place", ", ".join(f"place[{k}]" for k in range(x.ndim - 2)))
        spot = ", ".join(f"place[{k}]" for k in range(x.ndim - 2))
        lines = [
            "x_bar = np.zeros(x.shape, dtype)",
            f"given = x_bar.transpose({order})",
            f"for place in np.ndindex(({rest},)):",
            f"    for k in range(length_on((given.shape[{x.ndim - 2}], given.shape[{x.ndim - 1}]), offset)):",
            f"        given[{spot}, k - min(offset, 0), k + max(offset, 0)] = d_bar[{at}]",
            "return x_bar",
        ]
    else:
        return None
    return made("d_bar, x, offset=0, axis1=0, axis2=1", lines, np=np, length_on=length_on, dtype=dtype)


# -- factors and solutions ----------------------------------------------------------------------------------


def _of_a_triangle(standing: Any, solve: Any) -> None:
    """What reads the lower triangle of a matrix, or the upper one."""

    def choose(a, UPLO="L"):
        if not is_matrix(a) or literal(UPLO) not in ("L", "U"):
            return None
        if literal(UPLO) == "U":
            return lambda a, UPLO="L": solve(np.ascontiguousarray(a.T))
        return lambda a, UPLO="L": solve(np.ascontiguousarray(a))

    overload(standing, prefer_literal=True)(choose)


_of_a_triangle(eigh, np.linalg.eigh)
_of_a_triangle(eigvalsh, np.linalg.eigvalsh)


@overload(eig)
def _eig(a):
    """Complex, whatever the eigenvalues come to: what they are is not known when it is compiled."""
    return (lambda a: np.linalg.eig(a.astype(np.complex128))) if is_matrix(a) else None


@overload(eigvals)
def _eigvals(a):
    return (lambda a: np.linalg.eigvals(a.astype(np.complex128))) if is_matrix(a) else None


@overload(svd, prefer_literal=True)
def _svd(a, full_matrices=True, compute_uv=True):
    both = literal(compute_uv)
    if not is_matrix(a) or both not in (True, False):
        return None
    if both:
        return lambda a, full_matrices=True, compute_uv=True: np.linalg.svd(a, full_matrices)
    return lambda a, full_matrices=True, compute_uv=True: np.linalg.svd(a, False)[1]


@overload(lstsq)
def _lstsq(a, b, rcond=None):
    if not is_matrix(a) or not is_array(b):
        return None
    if is_none(rcond):
        tiny = float(np.finfo(dtype_of(a)).eps)
        return lambda a, b, rcond=None: np.linalg.lstsq(a, b, tiny * max(a.shape[0], a.shape[1]))
    return lambda a, b, rcond=None: np.linalg.lstsq(a, b, rcond)


@register_jitable
def solved(a, b):
    """The solution for matrices in the order of their axes: Numba takes seconds for each order, and each rank."""
    return np.ascontiguousarray(np.linalg.solve(a, b))


@overload(solve)
def _solve(a, b):
    if not is_matrix(a) or not (is_vector(b) or is_matrix(b)):
        return None
    dtype = dtype_of(a, b)
    same = own_dtype(a) == own_dtype(b) == dtype
    if is_matrix(b):
        if same:
            return lambda a, b: solved(np.ascontiguousarray(a), np.ascontiguousarray(b))
        return lambda a, b: solved(np.ascontiguousarray(a.astype(dtype)), np.ascontiguousarray(b.astype(dtype)))
    if same:
        return lambda a, b: solved(np.ascontiguousarray(a), np.ascontiguousarray(b).reshape(-1, 1)).reshape(-1)
    return lambda a, b: solved(np.ascontiguousarray(a.astype(dtype)), b.astype(dtype).reshape(-1, 1)).reshape(-1)


@overload(multi_dot)
def _multi_dot(arrays):
    count = len(arrays) if is_tuple(arrays) else 0
    if count < 2 or not all(map(is_array, arrays)):
        return None
    return made("arrays", ["return " + " @ ".join(f"arrays[{k}]" for k in range(count))])


@overload(runtime.each_matrix)
def _each_matrix(g):
    if is_number(g):
        return lambda g: g
    return (lambda g: np.expand_dims(np.expand_dims(g, -1), -1)) if is_array(g) else None


@overload(runtime.as_rows)
def _as_rows(w):
    return (lambda w: np.expand_dims(w, -2)) if is_array(w) else None


@overload(runtime.cofactors)
def _cofactors(a, d):
    if not is_matrix(a) or not is_number(d):
        return None
    dtype = dtype_of(a)

    def impl(a, d):
        if d != 0:
            return (d * np.linalg.inv(a).T).astype(dtype)
        u, s, vh = np.linalg.svd(a)
        sign = np.linalg.det(u) * np.linalg.det(vh)
        out = np.zeros(a.shape, dtype)
        for k in range(s.size):
            others = sign
            for n in range(s.size):
                if n != k:
                    others *= s[n]
            for i in range(out.shape[0]):
                for j in range(out.shape[1]):
                    out[i, j] += others * u[i, k] * vh[k, j]
        return out

    return impl


@overload(runtime.solve_transposed)
def _solve_transposed(a, x_bar, b):
    if not is_matrix(a) or not is_array(x_bar) or not is_array(b):
        return None
    return lambda a, x_bar, b: solve(a.T, x_bar)


@overload(runtime.solve_left)
def _solve_left(lam, x, a, b):
    if is_vector(lam) and is_vector(x):
        return lambda lam, x, a, b: -np.outer(lam, x)
    return (lambda lam, x, a, b: -(lam @ x.T)) if is_matrix(lam) and is_matrix(x) else None


@overload(runtime.solve_tangent)
def _solve_tangent(a, a_dot, x, b):
    return (lambda a, a_dot, x, b: solve(a, a_dot @ x)) if is_matrix(a) and is_array(x) else None


@overload(runtime.outer_columns)
def _outer_columns(u, v):
    if is_vector(u) and is_vector(v):
        return outer_of
    return (lambda u, v: u @ v.T) if is_matrix(u) and is_matrix(v) else None


def outer_of(u, v):
    return np.outer(u, v)


@overload(runtime.gaps)
def _gaps(w):
    if not is_vector(w):
        return None

    def impl(w):
        out = np.zeros((w.size, w.size), w.dtype)
        for i in range(w.size):
            for j in range(w.size):
                if i != j:
                    out[i, j] = 1 / (w[j] - w[i]) if w[j] != w[i] else np.inf
        return out

    return impl


@overload(runtime.over_gaps)
def _over_gaps(x, w):
    if not is_vector(w):
        return None

    def impl(x, w):
        out = x / np.ones_like(w)
        eps = np.finfo(w.dtype).eps
        greatest = widest = 0.0
        for i in range(w.size):
            widest = max(widest, abs(w[i]))
            for j in range(w.size):
                greatest = max(greatest, abs(x[i, j]))
        for i in range(w.size):
            for j in range(w.size):
                agree = abs(w[j] - w[i]) <= 8 * eps * w.size * widest
                if i == j or (agree and abs(x[i, j]) <= 64 * eps * greatest):
                    out[i, j] = 0.0
                elif x[i, j] != 0:
                    out[i, j] = x[i, j] / (w[j] - w[i]) if w[j] != w[i] else x[i, j] * np.inf
        return out

    return impl


@overload(runtime.cholesky_adjoint)
def _cholesky_adjoint(low_bar, low):
    if not is_matrix(low_bar) or not is_matrix(low):
        return None

    def impl(low_bar, low):
        lower = np.zeros(low_bar.shape, low_bar.dtype)
        for i in range(low.shape[0]):
            for j in range(i + 1):
                lower[i, j] = low_bar[i, j]
        phi = low.T @ lower
        for i in range(low.shape[0]):
            for j in range(i):
                phi[j, i] = phi[i, j]
        upper = np.ascontiguousarray(low.T)
        half = solved(upper, np.ascontiguousarray(phi))
        return np.ascontiguousarray(0.5 * solved(upper, np.ascontiguousarray(half.T)).T)

    return impl


@overload(runtime.onto_triangle, prefer_literal=True)
def _onto_triangle(g, uplo="L"):
    which = literal(uplo)
    if not is_matrix(g) or which not in ("L", "U"):
        return None
    low = which == "L"

    def impl(g, uplo="L"):
        out = np.zeros(g.shape, g.dtype)
        for i in range(g.shape[0]):
            out[i, i] = g[i, i]
            for j in range(i):
                if low:
                    out[i, j] = g[i, j] + g[j, i]
                else:
                    out[j, i] = g[i, j] + g[j, i]
        return out

    return impl
