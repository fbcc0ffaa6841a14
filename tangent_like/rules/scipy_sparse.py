"""``scipy.sparse.linalg``: solutions by their right-hand side; the matrix is a constant."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy.sparse import csc_array, linalg

from tangent_like.rules.rule import linear
from tangent_like.runtime import solve_factored

_MATRIX = csc_array([[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [1.0, 0.0, 4.0]])


def _vector(rng):
    return (_MATRIX, rng.normal(size=3)), {}


def _columns(rng):
    return (_MATRIX, rng.normal(size=(3, 2))), {}


def _one_column(rng):
    return (_MATRIX, rng.normal(size=(3, 1))), {}


@linear(linalg.spsolve, kind="sparse_solution", of=("b",), cases=(_vector, _columns, _one_column))
def solve(x_bar, x, A, b, permc_spec=None, use_umfpack=True):
    return np.reshape(linalg.spsolve(A.T, x_bar, permc_spec, use_umfpack), np.shape(b))


def _factored(rng):
    return (linalg.splu(_MATRIX.tocsc()), rng.normal(size=3)), {}


def _factored_columns(rng):
    return (linalg.splu(_MATRIX.tocsc()), rng.normal(size=(3, 2)), "T"), {}


@linear(solve_factored, kind="like_b", of=("b",), cases=(_factored, _factored_columns))
def by_factors(x_bar, x, factors, b, trans="N"):
    return solve_factored(factors, x_bar, "T" if trans == "N" else "N")
