"""``scipy.linalg``: read only where the user's program imports SciPy.

As in ``rules.linear``: what reads one triangle of a symmetric matrix has its derivative by that triangle.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
import scipy
from scipy import linalg

from tangent_like.rules.cases import case, draw, positive
from tangent_like.rules.rule import at_least, at_most, definition, rule
from tangent_like.runtime import (
    banded_outer,
    banded_product,
    banded_transposed,
    cholesky_adjoint,
    cholesky_tangent,
    cofactors,
    corner,
    each_matrix,
    from_triangle,
    in_blocks,
    norm_slope,
    onto_triangle,
    pinv_adjoint,
    pinv_tangent,
    solve_left,
    solve_tangent,
    solve_transposed,
    spread,
    triangle,
    unbroadcast,
)

# Before 1.16 SciPy took the axes after the first of what it solves for as columns, not as stacks.
_VERSION = tuple(map(int, scipy.__version__.split(".")[:2]))
_NAMES_STRUCTURES = _VERSION >= (1, 15)
COLUMNS = {} if _VERSION >= (1, 16) else {"b": 2}
_KEPT = {"overwrite_a": (False,), "overwrite_b": (False,)}
_SQUARE = (case(draw(3, 3)), case(draw(1, 1)))


@rule(linalg.inv, kind="square", inactive=("check_finite",), accepts=_KEPT, cases=_SQUARE)
def inv(y, a, overwrite_a=False, check_finite=True):
    def jvp(a_dot):
        return -(y @ a_dot @ y)

    def vjp(y_bar):
        return -(np.matrix_transpose(y) @ y_bar @ np.matrix_transpose(y))

    return jvp, vjp


@rule(
    linalg.det,
    kind="matrix_number",
    inactive=("check_finite",),
    accepts=_KEPT,
    cases=(*_SQUARE, case(np.array([[1.0, 2.0], [2.0, 4.0]]))),
)
def det(y, a, overwrite_a=False, check_finite=True):
    def jvp(a_dot):
        return np.sum(cofactors(a, y) * a_dot, axis=(-2, -1))

    def vjp(y_bar):
        return each_matrix(y_bar) * cofactors(a, y)

    return jvp, vjp


_RIGHT = (case(draw(3, 3), draw(3)), case(draw(3, 3), draw(3, 2)))


@at_least(a=2, b=1)
@at_most(**COLUMNS)
@rule(
    linalg.solve,
    kind="solution",
    of=("a", "b"),
    inactive=("check_finite",),
    accepts={**_KEPT, "assume_a": (None, "gen", "general"), "transposed": (False,), "lower": (False,)},
    cases=(*_RIGHT, case(draw(3, 3), draw(3), assume_a="gen")),
)
def solve(
    x, a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, transposed=False
):
    def jvp(a_dot, b_dot):
        return np.linalg.solve(a, b_dot) - solve_tangent(a, a_dot, x, b)

    def vjp(x_bar):
        lam = solve_transposed(a, x_bar, b)
        return solve_left(lam, x, a, b), unbroadcast(lam, b)

    return jvp, vjp


@at_least(a=2, b=1)
@at_most(**COLUMNS)
@definition(
    linalg.solve,
    more=True,
    of=("a", "b"),
    inactive=("check_finite",),
    accepts={**_KEPT, "assume_a": (None, "gen", "general"), "transposed": (True,), "lower": (False,)},
    cases=(case(draw(3, 3), draw(3), transposed=True), case(draw(3, 3), draw(3, 2), transposed=True)),
)
def solve_of_transposed(
    a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, transposed=False
):
    return np.linalg.solve(np.matrix_transpose(a), b)


_SYMMETRIC = ("pos", "positive definite", "sym", "symmetric", "her", "hermitian")


@at_least(a=2, b=1)
@at_most(a=2, **COLUMNS)
@rule(
    linalg.solve,
    more=True,
    kind="solution",
    of=("a", "b"),
    inactive=("check_finite", "lower"),
    accepts={**_KEPT, "assume_a": _SYMMETRIC, "transposed": (False,)},
    cases=(
        case(positive(3), draw(3), assume_a="pos"),
        case(positive(3), draw(3, 2), lower=True, assume_a="sym"),
    ),
)
def solve_symmetric(
    x, a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a="pos", transposed=False
):
    """Of ``a`` one triangle is read."""

    def jvp(a_dot, b_dot):
        return linalg.solve(a, b_dot, lower=lower, assume_a=assume_a) - linalg.solve(
            a,
            from_triangle(a_dot, "L" if lower else "U") @ x,
            lower=lower,
            assume_a=assume_a,
        )

    def vjp(x_bar):
        lam = linalg.solve(a, x_bar, lower=lower, assume_a=assume_a)
        return onto_triangle(solve_left(lam, x, a, b), "L" if lower else "U"), lam

    return jvp, vjp


def _of_structure(how):
    return {**_KEPT, "assume_a": (how,), "transposed": (False,), "lower": (False,)}


@at_least(a=2)
@at_most(a=2, **COLUMNS)
@definition(
    linalg.solve if _NAMES_STRUCTURES else None,
    more=True,
    of=("a", "b"),
    inactive=("check_finite",),
    accepts=_of_structure("lower triangular"),
    cases=(case(positive(3), draw(3), assume_a="lower triangular"),),
)
def solve_lower(
    a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, transposed=False
):
    return linalg.solve_triangular(a, b, lower=True)


@at_least(a=2)
@at_most(a=2, **COLUMNS)
@definition(
    linalg.solve if _NAMES_STRUCTURES else None,
    more=True,
    of=("a", "b"),
    inactive=("check_finite",),
    accepts=_of_structure("upper triangular"),
    cases=(case(positive(3), draw(3, 2), assume_a="upper triangular"),),
)
def solve_upper(
    a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, transposed=False
):
    return linalg.solve_triangular(a, b)


@at_least(a=2)
@at_most(a=2, b=2)
@definition(
    linalg.solve if _NAMES_STRUCTURES else None,
    more=True,
    of=("a", "b"),
    inactive=("check_finite",),
    accepts=_of_structure("diagonal"),
    cases=(case(positive(3), draw(3), assume_a="diagonal"), case(positive(3), draw(3, 2), assume_a="diagonal")),
)
def solve_diagonal(
    a, b, lower=False, overwrite_a=False, overwrite_b=False, check_finite=True, assume_a=None, transposed=False
):
    return np.transpose(np.transpose(b) / np.diagonal(a))


@definition(
    linalg.pinvh,
    inactive=("check_finite",),
    accepts={"lower": (True,), "return_rank": (False,), "atol": (None,), "rtol": (None,)},
    cases=(case(positive(3)), case(draw(3, 3))),
)
def pinvh(a, atol=None, rtol=None, lower=True, return_rank=False, check_finite=True):
    """One triangle is read."""
    return np.linalg.pinv(np.tril(a) + np.matrix_transpose(np.tril(a, -1)))


_TRIANGLES = tuple(
    case(positive(3), draw(*shape), trans, lower, unit)
    for shape in ((3,), (3, 2))
    for trans in (0, 1, 2, "N", "T", "C")
    for lower in (False, True)
    for unit in (False, True)
)


@at_most(a=2, **COLUMNS)
@rule(
    linalg.solve_triangular,
    kind="solution",
    of=("a", "b"),
    inactive=("check_finite",),
    accepts={**_KEPT, "trans": (0, 1, 2, "N", "T", "C")},
    cases=(case(positive(3), draw(3)), case(positive(3), draw(3), lower=True), *_TRIANGLES),
)
def solve_triangular(x, a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True):
    def jvp(a_dot, b_dot):
        moved = triangle(a_dot, lower, unit_diagonal)
        return linalg.solve_triangular(a, b_dot, trans, lower, unit_diagonal) - linalg.solve_triangular(
            a,
            (moved if trans in (0, "N") else np.matrix_transpose(moved)) @ x,
            trans,
            lower,
            unit_diagonal,
        )

    def vjp(x_bar):
        lam = linalg.solve_triangular(
            a,
            x_bar,
            trans=1 if trans in (0, "N") else 0,
            lower=lower,
            unit_diagonal=unit_diagonal,
        )
        return (
            triangle(
                solve_left(lam, x, a, b) if trans in (0, "N") else solve_left(x, lam, a, b),
                lower,
                unit_diagonal,
            ),
            lam,
        )

    return jvp, vjp


@at_least(a=2)
@rule(
    linalg.cholesky,
    kind="square",
    inactive=("check_finite",),
    accepts=_KEPT,
    cases=(case(positive(3)), case(positive(3), lower=True), case(positive(1), True)),
)
def cholesky(y, a, lower=False, overwrite_a=False, check_finite=True):
    def jvp(a_dot):
        return (
            cholesky_tangent(from_triangle(a_dot), y)
            if lower
            else np.matrix_transpose(cholesky_tangent(from_triangle(a_dot, "U"), np.matrix_transpose(y)))
        )

    def vjp(y_bar):
        return (
            onto_triangle(cholesky_adjoint(y_bar, y))
            if lower
            else onto_triangle(cholesky_adjoint(np.matrix_transpose(y_bar), np.matrix_transpose(y)), "U")
        )

    return jvp, vjp


@at_least(a=2)
@rule(linalg.expm, kind="square", cases=(case(draw(3, 3)), case(draw(1, 1))))
def expm(y, a):
    def jvp(a_dot):
        return linalg.expm_frechet(a, a_dot, compute_expm=False)

    def vjp(y_bar):
        return linalg.expm_frechet(np.matrix_transpose(a), y_bar, compute_expm=False)

    return jvp, vjp


@at_least(a=2, e=2)
@rule(
    linalg.expm_frechet,
    kind="square",
    of=("a", "e"),
    accepts={"compute_expm": (False,)},
    cases=(case(draw(3, 3), draw(3, 3), compute_expm=False),),
)
def expm_frechet(y, a, e, *, compute_expm):
    """The exponential of a block matrix has the derivative in its corner."""

    def jvp(a_dot, e_dot):
        return linalg.expm_frechet(a, e_dot, compute_expm=False) + corner(
            linalg.expm_frechet(in_blocks(a, e), in_blocks(a_dot, np.zeros_like(e)), compute_expm=False)
        )

    def vjp(y_bar):
        blocks = in_blocks(np.matrix_transpose(a), np.matrix_transpose(e))
        return (
            corner(linalg.expm_frechet(blocks, in_blocks(y_bar, np.zeros_like(e)), compute_expm=False)),
            linalg.expm_frechet(np.matrix_transpose(a), y_bar, compute_expm=False),
        )

    return jvp, vjp


@at_least(a=2)
@rule(linalg.sqrtm, kind="square", cases=(case(positive(3)),))
def sqrtm(y, a):
    """Of a matrix whose root is real."""

    def jvp(a_dot):
        return linalg.solve_sylvester(y, y, a_dot)

    def vjp(y_bar):
        return linalg.solve_sylvester(np.matrix_transpose(y), np.matrix_transpose(y), y_bar)

    return jvp, vjp


@at_least(a=2)
@rule(linalg.logm, kind="square", cases=(case(positive(3)),))
def logm(y, a):
    """The logarithm of a block matrix has the derivative in its corner."""

    def jvp(a_dot):
        return corner(linalg.logm(in_blocks(a, a_dot)))

    def vjp(y_bar):
        return corner(linalg.logm(in_blocks(np.matrix_transpose(a), y_bar)))

    return jvp, vjp


@at_least(a=2, b=2, q=2)
@rule(
    linalg.solve_sylvester,
    kind="like_q",
    of=("a", "b", "q"),
    cases=(case(positive(3), positive(2), draw(3, 2)), case(positive(2), positive(2), draw(2, 2))),
)
def solve_sylvester(x, a, b, q):
    def jvp(a_dot, b_dot, q_dot):
        return (
            linalg.solve_sylvester(a, b, q_dot)
            - linalg.solve_sylvester(a, b, a_dot @ x)
            - linalg.solve_sylvester(a, b, x @ b_dot)
        )

    def vjp(x_bar):
        lam = linalg.solve_sylvester(np.matrix_transpose(a), np.matrix_transpose(b), x_bar)
        return (
            unbroadcast(-(lam @ np.matrix_transpose(x)), a),
            unbroadcast(-(np.matrix_transpose(x) @ lam), b),
            unbroadcast(lam, q),
        )

    return jvp, vjp


@at_least(a=2, q=2)
@rule(linalg.solve_continuous_lyapunov, kind="solution", of=("a", "q"), cases=(case(positive(3), draw(3, 3)),))
def solve_continuous_lyapunov(x, a, q):
    def jvp(a_dot, q_dot):
        return linalg.solve_continuous_lyapunov(a, q_dot) - linalg.solve_continuous_lyapunov(
            a, a_dot @ x + x @ np.matrix_transpose(a_dot)
        )

    def vjp(x_bar):
        lam = linalg.solve_continuous_lyapunov(np.matrix_transpose(a), x_bar)
        return (
            unbroadcast(-(lam @ np.matrix_transpose(x) + np.matrix_transpose(lam) @ x), a),
            unbroadcast(lam, q),
        )

    return jvp, vjp


@at_least(a=2, q=2)
@rule(
    linalg.solve_discrete_lyapunov,
    kind="solution",
    of=("a", "q"),
    inactive=("method",),
    cases=(case(draw(3, 3, low=-0.3, high=0.3), draw(3, 3)),),
)
def solve_discrete_lyapunov(x, a, q, method=None):
    def jvp(a_dot, q_dot):
        return linalg.solve_discrete_lyapunov(a, q_dot) + linalg.solve_discrete_lyapunov(
            a, a_dot @ x @ np.matrix_transpose(a) + a @ x @ np.matrix_transpose(a_dot)
        )

    def vjp(x_bar):
        lam = linalg.solve_discrete_lyapunov(np.matrix_transpose(a), x_bar)
        return (
            unbroadcast(lam @ a @ np.matrix_transpose(x) + np.matrix_transpose(lam) @ a @ x, a),
            unbroadcast(lam, q),
        )

    return jvp, vjp


@rule(
    linalg.norm,
    kind="norm",
    inactive=("check_finite",),
    cases=(case(draw(3)), case(draw(2, 3)), case(draw(2, 3), 1)),
)
def norm(y, x, ord=None, axis=None, keepdims=False, check_finite=True):
    def jvp(x_dot):
        return np.sum(norm_slope(x, y, ord, axis, keepdims) * x_dot, axis=axis, keepdims=keepdims)

    def vjp(y_bar):
        return norm_slope(x, y, ord, axis, keepdims) * spread(y_bar, x, axis, keepdims)

    return jvp, vjp


@rule(linalg.pinv, kind="transposed", inactive=("check_finite",), cases=(case(draw(4, 2)), case(draw(2, 3))))
def pinv(p, a, *, check_finite=True):
    def jvp(a_dot):
        return pinv_tangent(a_dot, p, a)

    def vjp(p_bar):
        return pinv_adjoint(p_bar, p, a)

    return jvp, vjp


@at_most(ab=2, **COLUMNS)
@rule(
    linalg.solve_banded,
    kind="like_b",
    of=("ab", "b"),
    inactive=("check_finite",),
    accepts={"overwrite_ab": (False,), "overwrite_b": (False,)},
    cases=(
        case((1, 1), np.array([[0.0, 0.3, -0.2, 0.5], [3.0, 4.0, 3.5, 5.0], [0.7, -0.4, 0.2, 0.0]]), draw(4)),
        case((2, 1), np.array([[0.0, 0.3, -0.2], [3.0, 4.0, 3.5], [0.7, -0.4, 0.0], [0.2, 0.0, 0.0]]), draw(3, 2)),
        case((0, 1), np.array([[0.0, 0.3, -0.2], [3.0, 4.0, 3.5]]), draw(3)),
    ),
)
def solve_banded(x, l_and_u, ab, b, overwrite_ab=False, overwrite_b=False, check_finite=True):
    """As ``solve``; of the diagonals, what stands outside of the matrix is not read."""

    def jvp(ab_dot, b_dot):
        return linalg.solve_banded(l_and_u, ab, b_dot) - linalg.solve_banded(
            l_and_u,
            ab,
            banded_product(ab_dot, x, l_and_u[0], l_and_u[1]),
        )

    def vjp(x_bar):
        lam = linalg.solve_banded(
            (l_and_u[1], l_and_u[0]),
            banded_transposed(ab, l_and_u[0], l_and_u[1]),
            x_bar,
        )
        return -banded_outer(lam, x, l_and_u[0], l_and_u[1]), lam

    return jvp, vjp
