"""Sparse matrices and masked arrays as constants, and what carries a derivative into them; some is refused."""

import numpy as np
import scipy.sparse
from scipy import sparse

from case import Case, mat, num, takes, vec, whole

_ROWS = np.array([[2.0, 1, 0, 0], [0, 3, 1, 0], [0, 0, 1, 4], [1, 0, 0, 2]])
_S = sparse.csr_matrix(_ROWS)
_T = sparse.csr_array(_ROWS)
_MASKED = np.ma.masked_array(_ROWS[0], _ROWS[0] == 0)


def dot_of_sparse(v):
    return np.sum(_S.dot(v) ** 2)


def star_of_sparse_matrix(v):
    return np.sum((_S * v) ** 2)


def star_on_columns(X):
    return np.sum(np.sin(_S * X))


def transposed_dot(v):
    return np.sum(_S.T.dot(v) * (_T.T @ v))


def made_inside(v, n):
    R = scipy.sparse.eye(len(v), format="csr") * 3.0
    for _ in range(n):
        v = v - 0.1 * R.dot(v)
    return np.sum(v**2)


def rows_of_sparse(v):
    return np.sum((_S[1:] @ v) ** 2) + _S[0, 1] * v[0]


def step_is_constant(v, n):
    h = 1.0 / n
    R = sparse.eye(4) - h * _S
    return np.sum((R @ v) ** 2)


def diagonal_of_sparse(v):
    return np.sum((_S.diagonal() * v) ** 2)


def number_times_sparse(a, v):
    return np.sum(((a * _S) @ v) ** 2)


def sparse_plus_a_number(a, v):
    return np.sum(((_S + a * sparse.eye(4)) @ v) ** 2)


def star_of_sparse_array(v):
    return np.sum((_T * v) @ np.ones(4))


def diagonals_that_move(v):
    return np.sum((sparse.diags([v[1:], v], [1, 0]) @ v) ** 2)


def multiplied_by_entries(v):
    return np.sum(_S.multiply(v).toarray() ** 2)


def masked(v):
    return np.sum(_MASKED * v)


CASES = [
    Case(dot_of_sparse, takes(vec(4))),
    Case(star_of_sparse_matrix, takes(vec(4))),
    Case(star_on_columns, takes(mat(4, 2))),
    Case(transposed_dot, takes(vec(4))),
    Case(made_inside, takes(vec("n"), whole(0, 3)), seeds=4),
    Case(rows_of_sparse, takes(vec(4))),
    Case(step_is_constant, takes(vec(4), whole(1, 4))),
    Case(diagonal_of_sparse, takes(vec(4))),
    Case(number_times_sparse, takes(num(), vec(4)), wrt=(0, 1)),
    Case(sparse_plus_a_number, takes(num(), vec(4)), wrt=(0, 1)),
    Case(star_of_sparse_array, takes(vec(4)), expect="refused"),
    Case(diagonals_that_move, takes(vec(4))),
    Case(multiplied_by_entries, takes(vec(4)), expect="refused"),
    Case(masked, takes(vec(4)), expect="refused"),
]
