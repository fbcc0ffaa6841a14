"""``scipy.linalg``: matrices of one structure, functions of matrices, and what follows from other functions."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import linalg

from tangent_like.rules.cases import case, draw, positive
from tangent_like.rules.rule import at_most, definition, linear, rule
from tangent_like.rules.scipy_linalg import COLUMNS
from tangent_like.runtime import (
    banded_cholesky_adjoint,
    banded_cholesky_tangent,
    banded_square_adjoint,
    banded_square_product,
    banded_transposed,
    both_bands,
    one_band,
)

_HEAVY_FIRST = np.array([5.0, 0.3, -0.4])
_BANDS = np.array([[0.0, 0.4, -0.3, 0.2], [3.0, 4.0, 2.5, 3.5]])
_SQUARE = (case(draw(3, 3)), case(draw(1, 1)))


@at_most(c=1, r=1, **COLUMNS)
@definition(
    linalg.solve_toeplitz,
    of=("c", "r", "b"),
    inactive=("check_finite",),
    grouped=("c", "r"),
    cases=(case(_HEAVY_FIRST, draw(3), draw(3)), case(_HEAVY_FIRST, draw(3), draw(3, 2))),
)
def solve_toeplitz_of_two(c, r, b, check_finite=True):
    """Of the first column and row: in general by elimination."""
    return np.linalg.solve(linalg.toeplitz(c, r), b)


@at_most(c=1, **COLUMNS)
@definition(
    linalg.solve_toeplitz,
    more=True,
    of=("c", "b"),
    inactive=("check_finite",),
    cases=(case(draw(3, low=1.0), draw(3)), case(_HEAVY_FIRST, draw(3, 2))),
)
def solve_toeplitz(c, b, check_finite=True):
    """Of the first column; a name that holds both has too many entries, raveled, and none of the result's shape."""
    return np.linalg.solve(linalg.toeplitz(np.ravel(c)), b)


@at_most(ab=2)
@definition(
    linalg.solveh_banded,
    of=("ab", "b"),
    inactive=("check_finite",),
    accepts={"overwrite_ab": (False,), "overwrite_b": (False,)},
    cases=(
        case(_BANDS, draw(4)),
        case(np.array([[3.0, 4.0, 2.5], [0.4, -0.3, 0.0]]), draw(3, 2), lower=True),
        case(np.array([[3.0, 4.0, 5.0]]), draw(3)),
    ),
)
def solveh_banded(ab, b, overwrite_ab=False, overwrite_b=False, lower=False, check_finite=True):
    """As a matrix of which both sides are given; of the diagonals, what stands outside of the matrix is not read."""
    return linalg.solve_banded((len(ab) - 1, len(ab) - 1), both_bands(ab, lower), b)


@at_most(ab=2)
@rule(
    linalg.cholesky_banded,
    kind="square",
    inactive=("lower", "check_finite"),
    accepts={"overwrite_ab": (False,)},
    cases=(
        case(_BANDS),
        case(np.array([[0.0, 0.0, 0.5, -0.3], [0.0, 0.4, -0.3, 0.2], [3.0, 4.0, 2.5, 3.5]])),
        case(np.array([[3.0, 4.0, 2.5], [0.4, -0.3, 0.0], [0.7, 0.0, 0.0]]), lower=True),
        case(np.array([[3.0, 4.0, 2.5]]), lower=True),
        case(np.array([[0.7, 0.2, 0.3], [3.0, 4.0, 2.5]])),
        case(np.array([[0.0, 0.0], [0.0, 0.4], [3.0, 4.0]])),
    ),
)
def cholesky_banded(c, ab, overwrite_ab=False, lower=False, check_finite=True):
    def jvp(ab_dot):
        return banded_cholesky_tangent(ab_dot, c, lower)

    def vjp(c_bar):
        return banded_cholesky_adjoint(c_bar, c, lower)

    return jvp, vjp


@at_most(cb=2, **COLUMNS)
@rule(
    linalg.cho_solve_banded,
    kind="like_b",
    of=("cb", "b"),
    inactive=("lower", "check_finite"),
    accepts={"overwrite_b": (False,)},
    grouped=("cb", "lower"),
    cases=(
        case(np.array([[3.0, 4.0, 2.5, 2.0], [0.4, -0.3, 0.2, 0.0]]), True, draw(4)),
        case(np.array([[3.0, 4.0, 2.5], [0.4, -0.3, 0.0], [0.7, 0.0, 0.0]]), True, draw(3, 2)),
        case(_BANDS, False, draw(4)),
        case(_BANDS, False, draw(4, 2)),
        case(np.array([[3.0, 4.0]]), False, draw(2)),
    ),
)
def cho_solve_banded(x, cb, lower, b, overwrite_b=False, check_finite=True):
    def jvp(cb_dot, b_dot):
        return linalg.cho_solve_banded((cb, lower), b_dot) - linalg.cho_solve_banded(
            (cb, lower), banded_square_product(cb_dot, cb, x, lower)
        )

    def vjp(x_bar):
        lam = linalg.cho_solve_banded((cb, lower), x_bar)
        return banded_square_adjoint(lam, x, cb, lower), lam

    return jvp, vjp


@linear(
    banded_transposed,
    kind="unknown",
    inactive=("low", "high"),
    cases=(case(draw(3, 4), 1, 1), case(draw(3, 4), 2, 0), case(draw(2, 3), 0, 1), case(draw(3, 2), 0, 2)),
)
def banded_transposed_rule(y_bar, y, ab, low, high):
    return banded_transposed(y_bar, high, low)


@linear(both_bands, kind="unknown", inactive=("lower",), cases=(case(draw(2, 4)), case(draw(3, 4), True)))
def both_bands_rule(y_bar, y, ab, lower=False):
    return one_band(y_bar, ab, lower)


@linear(
    one_band,
    kind="unknown",
    of=("whole_bar",),
    inactive=("ab", "lower"),
    cases=(case(draw(3, 4), np.zeros((2, 4))), case(draw(5, 4), np.zeros((3, 4)), True)),
)
def one_band_rule(z_bar, z, whole_bar, ab, lower=False):
    return both_bands(z_bar, lower)


@at_most(c=1)
@definition(
    linalg.solve_circulant,
    of=("c", "b"),
    cases=(case(_HEAVY_FIRST, draw(3)), case(draw(4, low=0.5), draw(4, 2)), case(_HEAVY_FIRST, draw(3, 2, 3))),
)
def solve_circulant(c, b):
    """Of one vector: several have too many entries, raveled. All axes of ``b`` but the first stand for columns."""
    return np.reshape(
        np.linalg.solve(linalg.circulant(np.ravel(c)), np.reshape(b, (np.shape(b)[0], -1))), np.shape(b)
    )


@at_most(c=1, r=1)
@definition(
    linalg.hankel, of=("c", "r"), cases=(case(draw(3), draw(3)), case(draw(3), draw(2)), case(draw(2), draw(4)))
)
def hankel(c, r):
    """The first of the row is not read."""
    return np.take(np.append(c, np.delete(r, 0)), np.add.outer(np.arange(len(c)), np.arange(len(r))))


@at_most(c=1)
@definition(linalg.hankel, more=True, cases=(case(draw(3)), case(draw(1))))
def hankel_of_a_column(c):
    return np.take(np.append(c, np.zeros(len(c) - 1)), np.add.outer(np.arange(len(c)), np.arange(len(c))))


@at_most(a=1)
@definition(linalg.companion, cases=(case(draw(4, low=0.5)), case(draw(2, low=0.5))))
def companion(a):
    return np.vstack([-np.delete(a, 0) / np.take(a, 0), np.eye(len(a) - 2, len(a) - 1)])


@at_most(a=2, b=2)
@definition(linalg.khatri_rao, of=("a", "b"), cases=(case(draw(2, 3), draw(4, 3)), case(draw(3, 2), draw(1, 2))))
def khatri_rao(a, b):
    return np.reshape(np.einsum("ik,jk->ijk", a, b), (-1, np.shape(a)[1]))


@definition(linalg.coshm, cases=_SQUARE)
def coshm(a):
    return (linalg.expm(a) + linalg.expm(-a)) / 2


@definition(linalg.sinhm, cases=_SQUARE)
def sinhm(a):
    return (linalg.expm(a) - linalg.expm(-a)) / 2


@definition(linalg.tanhm, cases=_SQUARE)
def tanhm(a):
    return np.linalg.solve(linalg.coshm(a), linalg.sinhm(a))


@at_most(a=2)
@definition(linalg.cosm, cases=_SQUARE)
def cosm(a):
    """A block of the exponential of a rotation."""
    return np.take(
        np.take(linalg.expm(np.kron(np.array([[0.0, 1.0], [-1.0, 0.0]]), a)), np.arange(len(a)), 0),
        np.arange(len(a)),
        1,
    )


@at_most(a=2)
@definition(linalg.sinm, cases=_SQUARE)
def sinm(a):
    return np.take(
        np.take(linalg.expm(np.kron(np.array([[0.0, 1.0], [-1.0, 0.0]]), a)), np.arange(len(a)), 0),
        np.arange(len(a), 2 * len(a)),
        1,
    )


@at_most(a=2)
@definition(linalg.tanm, cases=_SQUARE)
def tanm(a):
    return np.linalg.solve(linalg.cosm(a), linalg.sinm(a))


@definition(
    linalg.fractional_matrix_power, of=("A", "t"), cases=(case(positive(3), 0.5), case(positive(2), draw()))
)
def fractional_matrix_power(A, t):
    return linalg.expm(t * linalg.logm(A))
