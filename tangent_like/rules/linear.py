"""Linear algebra of NumPy, for matrices and stacks of matrices.

What reads one triangle of a symmetric matrix has its derivative by that triangle: an entry of the other
has none, and what flows to it belongs to its mirror image.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw, positive
from tangent_like.rules.rule import definition, rule
from tangent_like.runtime import (
    as_rows,
    cholesky_adjoint,
    cholesky_tangent,
    cofactors,
    condition_slope,
    each_matrix,
    from_triangle,
    lstsq_left,
    lstsq_rest,
    lstsq_rest_left,
    lstsq_tangents,
    matrix_power_adjoint,
    multi_dot_adjoint,
    norm_slope,
    onto_triangle,
    over_gaps,
    quotient,
    replaced,
    solve_left,
    solve_tangent,
    solve_transposed,
    spread,
    unbroadcast,
    vector_norm_slope,
    with_all,
)

_SQUARE = (case(draw(3, 3)), case(draw(2, 3, 3)), case(draw(1, 1)), case(draw(2, 1, 3, 3)))
_SYMMETRIC = (case(positive(3)), case(positive(2, 3)), case(positive(1)))


@rule(np.linalg.inv, kind="square", cases=(*_SQUARE, case(draw(0, 3, 3))))
def inv(y, a):
    def jvp(a_dot):
        return -(y @ a_dot @ y)

    def vjp(y_bar):
        return -(np.matrix_transpose(y) @ y_bar @ np.matrix_transpose(y))

    return jvp, vjp


@rule(np.linalg.det, kind="matrix_number", cases=(*_SQUARE, case(np.array([[1.0, 2.0], [2.0, 4.0]]))))
def det(y, a):
    def jvp(a_dot):
        return np.sum(cofactors(a, y) * a_dot, axis=(-2, -1))

    def vjp(y_bar):
        return each_matrix(y_bar) * cofactors(a, y)

    return jvp, vjp


@rule(np.linalg.slogdet, kind="sign_and_log", results=("sign", "logabsdet"), cases=_SQUARE)
def slogdet(sign, logabsdet, a):
    def jvp(a_dot):
        return 0.0 * sign, np.trace(np.linalg.solve(a, a_dot), axis1=-2, axis2=-1)

    def vjp(sign_bar, logabsdet_bar):
        return each_matrix(logabsdet_bar) * np.matrix_transpose(np.linalg.inv(a))

    return jvp, vjp


@rule(
    np.linalg.solve,
    kind="solution",
    of=("a", "b"),
    cases=(
        case(draw(3, 3), draw(3)),
        case(draw(3, 3), draw(3, 2)),
        case(draw(2, 3, 3), draw(3)),
        case(draw(2, 3, 3), draw(3, 2)),
        case(draw(2, 3, 3), draw(2, 3, 2)),
        case(draw(3, 3), draw(2, 3, 2)),
        case(draw(1, 3, 3), draw(2, 3, 1)),
    ),
)
def solve(x, a, b):
    def jvp(a_dot, b_dot):
        return np.linalg.solve(a, b_dot) - solve_tangent(a, a_dot, x, b)

    def vjp(x_bar):
        lam = solve_transposed(a, x_bar, b)
        return solve_left(lam, x, a, b), unbroadcast(lam, b)

    return jvp, vjp


@rule(
    np.linalg.cholesky,
    kind="square",
    cases=(*_SYMMETRIC, case(positive(3), upper=True), case(positive(2, 3), upper=True)),
)
def cholesky(y, a, *, upper=False):
    def jvp(a_dot):
        return (
            np.matrix_transpose(cholesky_tangent(from_triangle(a_dot, "U"), np.matrix_transpose(y)))
            if upper
            else cholesky_tangent(from_triangle(a_dot), y)
        )

    def vjp(y_bar):
        return (
            onto_triangle(cholesky_adjoint(np.matrix_transpose(y_bar), np.matrix_transpose(y)), "U")
            if upper
            else onto_triangle(cholesky_adjoint(y_bar, y))
        )

    return jvp, vjp


@rule(
    np.linalg.eigh,
    kind="values_and_vectors",
    results=("eigenvalues", "eigenvectors"),
    cases=(*_SYMMETRIC, case(positive(3), "U"), case(positive(3), UPLO="u")),
)
def eigh(w, v, a, UPLO="L"):
    """Of distinct eigenvalues, where the vectors are asked for."""

    def jvp(a_dot):
        inner = np.matrix_transpose(v) @ from_triangle(a_dot, UPLO) @ v
        return np.diagonal(inner, axis1=-2, axis2=-1), v @ over_gaps(inner, w)

    def vjp(w_bar, v_bar):
        return onto_triangle((v * as_rows(w_bar)) @ np.matrix_transpose(v), UPLO) + onto_triangle(
            v @ over_gaps(np.matrix_transpose(v) @ v_bar, w) @ np.matrix_transpose(v), UPLO
        )

    return jvp, vjp


@rule(np.linalg.eigvalsh, kind="values", cases=(*_SYMMETRIC, case(positive(3), "U")))
def eigvalsh(w, a, UPLO="L"):
    def jvp(a_dot):
        v = np.linalg.eigh(a, UPLO)[1]
        return np.diagonal(np.matrix_transpose(v) @ from_triangle(a_dot, UPLO) @ v, axis1=-2, axis2=-1)

    def vjp(w_bar):
        v = np.linalg.eigh(a, UPLO)[1]
        return onto_triangle((v * as_rows(w_bar)) @ np.matrix_transpose(v), UPLO)

    return jvp, vjp


@rule(
    np.linalg.norm,
    kind="norm",
    cases=(
        case(draw(3)),
        case(draw(2, 3)),
        case(draw(2, 3, 4)),
        case(draw(3), keepdims=True),
        *(case(draw(3), p) for p in (1, 2, 3, 2.5, np.inf, -np.inf, 0, -1)),
        *(case(draw(2, 3), p) for p in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)),
        *(case(draw(2, 3), p, 1) for p in (None, 1, 2, 3, np.inf, -np.inf)),
        case(draw(2, 3), axis=0, keepdims=True),
        case(draw(2, 3), 1, -1, True),
        *(case(draw(2, 3, 4), p, (0, 2)) for p in (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)),
        case(draw(2, 3, 4), 2, axis=(-1, 1), keepdims=True),
        case(draw(2, 3), keepdims=True),
    ),
)
def norm(y, x, ord=None, axis=None, keepdims=False):
    """0 at a kink."""

    def jvp(x_dot):
        return (
            quotient(np.sum(x * x_dot, axis=axis, keepdims=keepdims), y)
            if ord is None
            else np.sum(norm_slope(x, y, ord, axis, keepdims) * x_dot, axis=axis, keepdims=keepdims)
        )

    def vjp(y_bar):
        return (
            spread(quotient(y_bar, y), x, axis, keepdims) * x
            if ord is None
            else norm_slope(x, y, ord, axis, keepdims) * spread(y_bar, x, axis, keepdims)
        )

    return jvp, vjp


@rule(
    np.linalg.vector_norm,
    kind="norm",
    accepts={"ord": (2,)},
    cases=(
        case(draw(2, 3)),
        case(draw(2, 3), axis=1),
        case(draw(2, 3), axis=-1, keepdims=True, ord=2),
        case(draw(2, 3, 4), axis=(2, 0), keepdims=True),
    ),
)
def euclidean_norm(y, x, *, axis=None, keepdims=False, ord=2):
    def jvp(x_dot):
        return quotient(np.sum(x * x_dot, axis=axis, keepdims=keepdims), y)

    def vjp(y_bar):
        return spread(quotient(y_bar, y), x, axis, keepdims) * x

    return jvp, vjp


@rule(
    np.linalg.vector_norm,
    more=True,
    kind="norm",
    cases=(
        case(draw(3), ord=1),
        case(draw(2, 3), axis=1, ord=3),
        case(draw(2, 3), axis=-1, keepdims=True, ord=np.inf),
        case(draw(2, 3, 4), axis=(0, 2), ord=3),
        case(draw(2, 3, 4), axis=(2, 0), keepdims=True),
    ),
)
def vector_norm(y, x, *, axis=None, keepdims=False, ord=2):
    def jvp(x_dot):
        return np.sum(vector_norm_slope(x, y, ord, axis, keepdims) * x_dot, axis=axis, keepdims=keepdims)

    def vjp(y_bar):
        return spread(y_bar, x, axis, keepdims) * vector_norm_slope(x, y, ord, axis, keepdims)

    return jvp, vjp


@rule(
    np.linalg.matrix_norm,
    kind="matrix_number",
    cases=(case(draw(2, 3)), case(draw(4, 2, 3), ord=2), case(draw(4, 2, 3), ord="nuc")),
    accepts={"keepdims": (False,)},
)
def matrix_norm(y, x, *, keepdims=False, ord="fro"):
    def jvp(x_dot):
        return np.sum(norm_slope(x, y, ord, (-2, -1)) * x_dot, axis=(-2, -1))

    def vjp(y_bar):
        return each_matrix(y_bar) * norm_slope(x, y, ord, (-2, -1))

    return jvp, vjp


@definition(
    np.linalg.matrix_norm,
    more=True,
    cases=(case(draw(2, 3), keepdims=True), case(draw(4, 2, 3), keepdims=True, ord=1)),
)
def matrix_norm_kept(x, *, keepdims=False, ord="fro"):
    return np.linalg.norm(x, ord, axis=(-2, -1), keepdims=keepdims)


@rule(
    np.linalg.cond,
    kind="matrix_number",
    accepts={"p": (None, 2)},
    cases=(case(draw(3, 3)), case(draw(4, 2)), case(draw(2, 3, 3), 2)),
)
def cond(y, a, p=None):
    def jvp(a_dot):
        return np.sum(condition_slope(a, y) * a_dot, axis=(-2, -1))

    def vjp(y_bar):
        return each_matrix(y_bar) * condition_slope(a, y)

    return jvp, vjp


@definition(np.linalg.cond, more=True, accepts={"p": (-2,)}, cases=(case(draw(3, 3), -2), case(draw(4, 2), -2)))
def cond_of_least(a, p=None):
    return 1 / np.linalg.cond(a, 2)


@definition(
    np.linalg.cond,
    more=True,
    cases=(*(case(draw(3, 3), p) for p in (1, -1, "fro", "nuc", np.inf)), case(draw(2, 3, 3), -np.inf)),
)
def cond_by_norms(a, p=None):
    return np.linalg.norm(a, p, axis=(-2, -1)) * np.linalg.norm(np.linalg.inv(a), p, axis=(-2, -1))


@rule(
    np.linalg.lstsq,
    kind="least_squares",
    results=("x", "residuals", "rank", "s"),
    of=("a", "b"),
    inactive=("rcond",),
    cases=(
        case(draw(5, 3), draw(5)),
        case(draw(5, 3), draw(5, 2)),
        case(draw(2, 4), draw(2)),
        case(draw(2, 4), draw(2, 3), rcond=None),
        case(draw(3, 3), draw(3), None),
        case(draw(5, 3), draw(5), 1e-12),
    ),
)
def lstsq(x, residuals, rank, s, a, b, rcond=None):
    """Of a matrix of full rank."""

    def jvp(a_dot, b_dot):
        return lstsq_tangents(a_dot, b_dot, x, residuals, a if rcond is None else with_all(a, rcond), b)

    def vjp(x_bar, residuals_bar, rank_bar, s_bar):
        lam = np.matrix_transpose(np.linalg.pinv(a)) @ x_bar
        return (
            lstsq_left(lam, x_bar, x, a if rcond is None else with_all(a, rcond), b)
            + lstsq_rest_left(residuals_bar, x, a, b)
            + np.linalg.svd(a, full_matrices=False)[0] * s_bar @ np.linalg.svd(a, full_matrices=False)[2],
            lam + lstsq_rest(residuals_bar, x, a, b),
        )

    return jvp, vjp


@rule(
    np.linalg.matrix_power,
    kind="matrix_power",
    cases=(*(case(draw(3, 3), n) for n in (0, 1, 2, 3, -1, -2)), case(draw(2, 3, 3), n=2)),
)
def matrix_power(y, a, n):
    def jvp(a_dot):
        return np.matrix_transpose(matrix_power_adjoint(np.matrix_transpose(a_dot), a, n))

    def vjp(y_bar):
        return matrix_power_adjoint(y_bar, a, n)

    return jvp, vjp


@rule(
    np.linalg.multi_dot,
    kind="chain",
    each="arrays",
    cases=(
        case([draw(2, 3), draw(3, 4)]),
        case([draw(2, 3), draw(3, 4), draw(4, 2)]),
        case([draw(3), draw(3, 4), draw(4, 2), draw(2)]),
        case([draw(3), draw(3, 4), draw(4, 2)]),
        case([draw(2, 3), draw(3, 4), draw(4)]),
    ),
)
def multi_dot(y, arrays):
    def jvp(a_dot, k):
        return np.linalg.multi_dot(replaced(arrays, k, a_dot))

    def vjp(y_bar, k):
        return multi_dot_adjoint(y_bar, k, arrays)

    return jvp, vjp
