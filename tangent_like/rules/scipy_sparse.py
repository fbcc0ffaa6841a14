"""``scipy.sparse.linalg``: solutions by their right-hand side; the matrix is a constant."""

# mypy: allow-untyped-defs, allow-untyped-calls

from scipy.sparse import csc_array, linalg

from tangent_like.rules.rule import linear

_MATRIX = csc_array([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [1.0, 0.0, 4.0]])


def _vector(rng):
    return (_MATRIX, rng.normal(size=3)), {}


def _columns(rng):
    return (_MATRIX, rng.normal(size=(3, 2))), {}


@linear(linalg.spsolve, kind="like_b", of=("b",), cases=(_vector, _columns))
def solve(x_bar, x, A, b, permc_spec=None, use_umfpack=True):
    return linalg.spsolve(A.T, x_bar, permc_spec, use_umfpack)
