"""Arrays of other classes than ``numpy.ndarray``, as arguments and in calls that warn."""

import runpy

import numpy as np
import pytest
from scipy import sparse

import tangent_like as tl
from tangent_like.cli.main import main

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


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@pytest.mark.parametrize("make", [np.matrix, lambda rows: np.ma.masked_array(rows, rows == 0)])
def test_text_without_kinds_refuses_them(make, tmp_path):
    """It is told what ``x`` is when it runs: it hands its gradient out in the form of ``x``."""
    source, written = tmp_path / "module.py", tmp_path / "out.py"
    source.write_text("import numpy as np\n\n\ndef squares(x):\n    return np.sum(np.sin(x) ** 2)\n", encoding="utf-8")
    assert main(["grad", f"{source}:squares", "-o", str(written)]) == 0
    made = runpy.run_path(str(written))["grad_squares"]
    np.testing.assert_allclose(made(ROWS), np.sin(2 * ROWS))
    with pytest.raises(TypeError, match="plain arrays, not for"):
        made(make(ROWS))
