"""Factored and structured matrices of SciPy: triangles, LU and Cholesky factors, blocks, Toeplitz matrices."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def up_to_axes(x_bar, x, most):
    """Return ``x_bar``, where ``x`` has at most so many axes: the derivative of a call is known for no more."""
    if np.ndim(x) > most:
        what = {0: "a number", 1: "a vector", 2: "a matrix"}[most]
        raise ValueError(f"this is differentiated for {what}, not for several: call it in a loop")
    return x_bar


def from_axes(x_bar, x, least):
    """Return ``x_bar``, where ``x`` has at least so many axes: the derivative of a call is known for no fewer."""
    if np.ndim(x) < least:
        what = {1: "arrays", 2: "matrices"}[least]
        raise ValueError(f"this is differentiated for {what}: reshape what has fewer axes to {(1,) * least}")
    return x_bar


def tall(a):
    """Return ``a``, which has at least as many rows as columns: of fewer, what is asked for is one of many."""
    if np.shape(a)[-2] < np.shape(a)[-1]:
        raise ValueError("this is differentiated for at least as many rows, or points, as columns, or coefficients")
    return a


def left_inverse(a):
    """Return ``p`` with ``p @ a`` the identity, the least one: of a tall matrix whose columns are independent.

    Columns of whatever sizes: powers of what is great or small. NumPy's fits divide them by their norms, too.
    """
    sizes = np.linalg.norm(tall(a), axis=0)
    scaled = a / np.where(sizes > 0, sizes, 1.0)
    s = np.linalg.svd(scaled, compute_uv=False)
    if np.any(s[-1:] <= len(a) * np.finfo(sizes.dtype).eps * np.maximum(s[0], 4)):
        raise np.linalg.LinAlgError("so few different points do not tell the coefficients: this is not differentiated")
    return np.linalg.pinv(scaled) / sizes[:, None]


def with_all(a, rcond):
    """Return ``a``, of which no singular value but those that are 0 is left out for being small beside the greatest."""
    s = np.linalg.svd(a, compute_uv=False)
    least = np.asarray(rcond)[..., None] * np.max(s, axis=-1, keepdims=True)
    zero = 64 * np.finfo(s.dtype).eps * max(np.shape(a)[-2:]) * np.max(s, axis=-1, keepdims=True)
    if np.any((s <= least) & (s > zero)):
        raise np.linalg.LinAlgError("a singular value is left out: what follows from the others is not differentiated")
    return a


def tilted(a_dot, u, p):
    """Return what of ``a_dot`` is orthogonal to the columns of ``u``, over ``p``: none where ``u`` is square."""
    if np.shape(u)[-2] == np.shape(u)[-1]:
        return 0.0
    rest = a_dot - u @ (np.matrix_transpose(u) @ a_dot)
    return np.matrix_transpose(np.linalg.solve(p, np.matrix_transpose(rest)))


def triangle(a, lower=False, unit_diagonal=False):
    """Return the triangle of ``a`` that is read, without the diagonal where that is taken for ones."""
    return np.tril(a, -1 if unit_diagonal else 0) if lower else np.triu(a, 1 if unit_diagonal else 0)


def squared_tangent(c_dot, c, lower=False):
    """Return the tangent of the matrix of which ``c`` is a Cholesky factor."""
    factor, dot = triangle(c, lower), triangle(c_dot, lower)
    half = factor @ dot.T if lower else dot.T @ factor
    return half + half.T


def squared_adjoint(a_bar, c, lower=False):
    """Return the adjoint of a Cholesky factor ``c``, from that of the matrix."""
    factor, both = triangle(c, lower), a_bar + a_bar.T
    return triangle(both @ factor if lower else factor @ both, lower)


def pivoted(a, piv):
    """Return ``a`` with its rows exchanged as ``piv`` of ``scipy.linalg.lu_factor`` says."""
    order = np.arange(len(piv))
    for k, other in enumerate(piv):
        order[k], order[other] = order[other], order[k]
    return a[order]


def unpivoted(a, piv):
    """Return ``a`` with its rows where they were before ``pivoted``."""
    back = np.empty_like(a)
    back[pivoted(np.arange(len(piv)), piv)] = a
    return back


def lu_parts(lu):
    """Return the two factors of which ``scipy.linalg.lu_factor`` makes one matrix."""
    if np.ndim(lu) != 2 or lu.shape[0] != lu.shape[1]:
        raise ValueError("scipy.linalg.lu_factor is differentiated for one square matrix")
    return np.tril(lu, -1) + np.eye(len(lu), dtype=lu.dtype), np.triu(lu)


def lu_tangent(a_dot, lu, piv):
    """Return the tangent of ``lu`` in ``lu, piv = scipy.linalg.lu_factor(a)``."""
    low, up = lu_parts(lu)
    inner = np.linalg.solve(up.T, np.linalg.solve(low, pivoted(a_dot, piv)).T).T
    return low @ np.tril(inner, -1) + np.triu(inner) @ up


def lu_adjoint(lu_bar, lu, piv):
    """Return the adjoint of ``a`` in ``lu, piv = scipy.linalg.lu_factor(a)``."""
    low, up = lu_parts(lu)
    inner = np.tril(low.T @ np.tril(lu_bar, -1), -1) + np.triu(np.triu(lu_bar) @ up.T)
    return unpivoted(np.linalg.solve(low.T, np.linalg.solve(up, inner.T).T), piv)


def lu_product_tangent(lu_dot, lu, piv):
    """Return the tangent of the matrix of which ``lu`` and ``piv`` are the factors."""
    low, up = lu_parts(lu)
    return unpivoted(np.tril(lu_dot, -1) @ up + low @ np.triu(lu_dot), piv)


def lu_product_adjoint(a_bar, lu, piv):
    """Return the adjoint of ``lu`` from that of the matrix of which it and ``piv`` are the factors."""
    low, up = lu_parts(lu)
    a_bar = pivoted(a_bar, piv)
    return np.tril(a_bar @ up.T, -1) + np.triu(low.T @ a_bar)


def in_blocks(a, b):
    """Return the matrix with ``a`` twice on the diagonal of its blocks and ``b`` in the upper corner."""
    return np.block([[a, b], [np.zeros_like(a), a]])


def corner(a):
    """Return the upper right block of four."""
    n = a.shape[-1] // 2
    return a[..., :n, n:]


def toeplitz_sums(a):
    """Return the sums along the diagonals of ``a``, from the main one down."""
    if np.ndim(a) != 2:
        raise ValueError("scipy.linalg.toeplitz is differentiated for vectors")
    return np.array([np.trace(a, -k) for k in range(len(a))])


def along_diagonals(s, a):
    """Return a matrix of the shape of ``a`` with ``s[k]`` along its diagonal ``k``, from the main one down."""
    rows, columns = np.indices(np.shape(a))
    return np.where(rows >= columns, np.take(s, np.maximum(rows - columns, 0)), 0)


def without_first(x):
    """Return ``x`` with a zero for its first entry along the last axis."""
    return np.concatenate([np.zeros_like(x[..., :1]), x[..., 1:]], axis=-1)


def block_shapes(arrays):
    """Return the shapes of the blocks of ``scipy.linalg.block_diag(*arrays)``."""
    if max(map(np.ndim, arrays), default=0) > 2:
        raise ValueError("block_diag is differentiated for matrices, not for several at once: call it in a loop")
    return [np.atleast_2d(x).shape for x in arrays]


def block_of(y_bar, k, arrays):
    """Return the adjoint of ``arrays[k]`` in ``scipy.linalg.block_diag(*arrays)``."""
    shapes = block_shapes(arrays)
    row, column = sum(m for m, _ in shapes[:k]), sum(n for _, n in shapes[:k])
    block = y_bar[row : row + shapes[k][0], column : column + shapes[k][1]]
    return np.reshape(block, np.shape(arrays[k]))[()]


def only_block(x_dot, k, arrays):
    """Return the tangent of ``scipy.linalg.block_diag(*arrays)`` by ``arrays[k]`` alone."""
    shapes = block_shapes(arrays)
    y_dot = np.zeros((sum(m for m, _ in shapes), sum(n for _, n in shapes)), np.result_type(x_dot))
    row, column = sum(m for m, _ in shapes[:k]), sum(n for _, n in shapes[:k])
    y_dot[row : row + shapes[k][0], column : column + shapes[k][1]] = x_dot
    return y_dot


def solve_factored(factors, b, trans="N"):
    """Return the solution with what SciPy's ``splu`` returned: of the transposed matrix where ``trans`` is "T"."""
    return factors.solve(b, trans)


def sparse_factors(matrix, **options):
    """Return ``splu(matrix, **options)``, of SciPy."""
    from scipy.sparse.linalg import splu

    return splu(matrix, **options)
