"""Arrays of other classes than ``numpy.ndarray``, as arguments and in calls that warn."""

import numpy as np
import pytest
from scipy import sparse

import tangent_like as tl

ROWS = np.array([[2.0, 1, 0, 0], [0, 3, 1, 0], [0, 0, 1, 4], [1, 0, 0, 2]])


def squares(S, v):
    return np.sum((S * v) ** 2) + S.dot(v)[0]


def product(M, v):
    return np.sum(np.asarray(M @ v) ** 2)


def scaled(M, v):
    return np.sum(np.asarray(M * v[:, None]) ** 2)


def test_a_sparse_matrix_as_argument():
    v, v_dot = np.array([0.3, -1.2, 0.8, 2.0]), np.array([1.0, 0.5, -2.0, 0.1])
    slope = 2 * ROWS.T @ (ROWS @ v) + ROWS[0]
    S = sparse.csr_matrix(ROWS)
    np.testing.assert_allclose(tl.grad(squares, argnums=1)(S, v), slope)
    np.testing.assert_allclose(tl.jvp(squares, (S, v), (None, v_dot))[1], slope @ v_dot)


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@pytest.mark.parametrize("f", [product, scaled])
def test_a_matrix_of_numpy_is_refused(f):
    with pytest.raises(tl.DifferentiationError, match="of a matrix is not differentiated"):
        tl.grad(f, argnums=1)(np.matrix(ROWS), np.ones(4))


def test_a_masked_array_is_refused():
    masked = np.ma.masked_array(ROWS, ROWS == 0)
    with pytest.raises(tl.DifferentiationError, match="of a MaskedArray is not differentiated"):
        tl.grad(product, argnums=1)(masked, np.ones(4))
