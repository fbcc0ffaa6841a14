"""What is computed with sparse matrices of SciPy's whose entries move: by the entries, never the whole matrix.

Such a matrix is ``left @ C @ right``, where ``C`` has ``data[k]`` at ``rows[k], columns[k]``, those at one place
added; ``left`` and ``right`` are matrices, or None where there are none.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np


def sparse_product(a, x, data, rows, columns, left=None, right=None):
    """Return ``a @ x``; the others say of what entries the sparse matrix ``a`` was made."""
    return a @ x


def transposed_product(a, x, data, rows, columns, left=None, right=None):
    """Return ``a.T @ x`` of such a matrix."""
    return a.T @ x


def sparse_solution(a, b, data, rows, columns, left=None, right=None):
    """Return ``spsolve(a, b)`` of such a matrix."""
    from scipy.sparse.linalg import spsolve

    return spsolve(a, b)


def transposed_solution(a, b, data, rows, columns, left=None, right=None):
    """Return ``spsolve(a.T, b)`` of such a matrix."""
    from scipy.sparse.linalg import spsolve

    return spsolve(a.T, b)


def if_converged(found):
    """Return the solution that an iterative solver of SciPy's found, where it says that it has converged."""
    x, info = found
    if info != 0:
        raise ArithmeticError(f"the solver has not converged: info is {info}")
    return x


def solution_at(x, a, b, data, rows, columns, left=None, right=None):
    """Return ``x``, which an iterative solver found for ``a @ x = b`` of such a matrix."""
    return x


def constant_solution_at(x, a, b):
    """Return ``x``, which an iterative solver found for ``a @ x = b`` of a constant matrix."""
    return x


def factored_solution(factors, b, trans, data, rows, columns, left=None, right=None):
    """Return the solution by the factors of such a matrix, of the transposed one where ``trans`` is "T"."""
    return factors.solve(b, trans)


def sparse_array(a, data, rows, columns, left=None, right=None):
    """Return ``a.toarray()`` of such a matrix."""
    return a.toarray()


def entries_of(u, v, rows, columns, left=None, right=None):
    """Return the adjoint of ``data``, where that of the matrix is the outer product of ``u`` and ``v``.

    ``u`` and ``v`` are vectors, or matrices: then it is ``u @ v.T``.
    """
    u = u if left is None else left.T @ u
    v = v if right is None else right @ v
    products = u[rows] * v[columns]
    return products if products.ndim == 1 else products.sum(axis=1)


def apply_entries(data, x, rows, columns, size, left=None, right=None):
    """Return the product of the matrix of these entries, which has ``size`` rows, and ``x``."""
    x = x if right is None else right @ x
    y = np.zeros((size if left is None else left.shape[1], *x.shape[1:]), np.result_type(data, x))
    np.add.at(y, rows, (data if x.ndim == 1 else data[:, None]) * x[columns])
    return y if left is None else left @ y


def apply_transposed(data, x, rows, columns, size, left=None, right=None):
    """Return the product of the transposed matrix of these entries, which has ``size`` columns, and ``x``."""
    x = x if left is None else left.T @ x
    y = np.zeros((size if right is None else right.shape[0], *x.shape[1:]), np.result_type(data, x))
    np.add.at(y, columns, (data if x.ndim == 1 else data[:, None]) * x[rows])
    return y if right is None else right.T @ y


def at_entries(a, rows, columns, left=None, right=None):
    """Return the adjoint of ``data``, where ``a`` is that of the matrix."""
    a = a if left is None else left.T @ a
    a = a if right is None else (right @ a.T).T
    return a[rows, columns]


def with_entries(data, a, rows, columns, left=None, right=None):
    """Return the matrix of these entries as an array of the shape of ``a``."""
    m, n = a.shape
    y = np.zeros((m if left is None else left.shape[1], n if right is None else right.shape[0]), data.dtype)
    np.add.at(y, (rows, columns), data)
    y = y if left is None else left @ y
    return y if right is None else (right.T @ y.T).T
