"""Arrays of other classes than ``numpy.ndarray``, as arguments and in calls that warn."""

import inspect
import runpy

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse import linalg

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


ENDS, PLACES = np.array([0, 2, 4, 6]), np.array([0, 1, 1, 2, 0, 2])


def solved(d, b):
    A = sparse.csr_matrix((d, PLACES, ENDS), shape=(3, 3))
    u = linalg.spsolve(A.tocsc(), b)
    return np.sum(u**2) + np.sum((A[1:] @ b) ** 2)


D, B = np.array([3.0, 0.4, 4.0, 0.2, 0.1, 5.0]), np.array([1.0, -2.0, 0.5])


def test_derivatives_of_derivatives_by_entries():
    hessian = tl.hessian(solved)(D, B)
    step = 1e-5 * np.eye(6)
    expected = [(tl.grad(solved)(D + e, B) - tl.grad(solved)(D - e, B)) / 2e-5 for e in step]
    np.testing.assert_allclose(hessian, expected, rtol=1e-6, atol=1e-8)


def test_entries_in_a_file(tmp_path):
    source, written = tmp_path / "module.py", tmp_path / "out.py"
    head = "import numpy as np\nfrom scipy import sparse\nfrom scipy.sparse import linalg\n\n"
    constants = f"ENDS, PLACES = np.array({ENDS.tolist()}), np.array({PLACES.tolist()})\n\n\n"
    source.write_text(head + constants + inspect.getsource(solved), encoding="utf-8")
    assert main(["grad", f"{source}:solved", "--wrt", "d,b", "-o", str(written)]) == 0
    made = runpy.run_path(str(written))["grad_solved"]
    for found, expected in zip(made(D, B), tl.grad(solved, (0, 1))(D, B), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)


class Operators:
    def __init__(self):
        self.parts = [sparse.identity(3, format="csr"), sparse.identity(3, format="csr")]


HELD = Operators()


def weighed(t, x):
    A = t[0] * HELD.parts[0]
    for q in range(2):
        A = A + t[q] * HELD.parts[q]
    return np.sum((A @ x) ** 2)


def test_a_sparse_matrix_that_is_taken_for_an_array_raises():
    with pytest.raises(TypeError, match="takes a sparse matrix for an array"):
        tl.grad(weighed)(np.ones(2), B)


def test_a_pullback_keeps_entries_of_its_own():
    d = D.copy()
    _, pullback = tl.vjp(solved, d, B)
    expected = pullback(1.0)
    d[:] = 7.0
    for found, first in zip(pullback(1.0), expected, strict=True):
        np.testing.assert_array_equal(found, first)


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
