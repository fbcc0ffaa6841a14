"""``scipy.linalg``: factors and what is solved with them, decompositions, structured matrices."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import linalg

from tangent_like.rules.cases import case, draw, positive
from tangent_like.rules.rule import at_least, at_most, definition, linear, rule
from tangent_like.rules.scipy_linalg import COLUMNS
from tangent_like.runtime import (
    as_rows,
    block_of,
    cholesky_adjoint,
    cholesky_tangent,
    from_triangle,
    lu_adjoint,
    lu_product_adjoint,
    lu_product_tangent,
    lu_tangent,
    only_block,
    onto_triangle,
    over_gaps,
    positions,
    qr_from_q,
    qr_from_r,
    qr_full_from_q,
    qr_full_from_r,
    qr_full_tangents,
    qr_tangents,
    scatter,
    solve_left,
    squared_adjoint,
    squared_tangent,
    svd_from_u,
    svd_from_vh,
    svd_inner,
    svd_left,
    svd_right,
    tall,
    tilted,
    toeplitz_sums,
    without_first,
)

_KEPT = {"overwrite_a": (False,), "overwrite_b": (False,)}
# Before SciPy 1.18 the triangle beside the factor holds what was there; the documentation calls it random.
_CLEAN = bool(linalg.cho_factor(np.array([[2.0, 1.0], [1.0, 2.0]]))[0][1, 0] == 0)
_SQUARE = (case(draw(3, 3)), case(draw(1, 1)))


@at_least(a=2)
@at_most(a=2)
@rule(
    linalg.cho_factor if _CLEAN else None,
    kind="factor",
    results=("c", "lower"),
    inactive=("check_finite",),
    accepts=_KEPT,
    cases=(case(positive(3)), case(positive(3), True)),
)
def cho_factor(c, low, a, lower=False, overwrite_a=False, check_finite=True):
    """One triangle is the factor."""

    def jvp(a_dot):
        return (
            cholesky_tangent(from_triangle(a_dot), np.tril(c))
            if lower
            else np.matrix_transpose(
                cholesky_tangent(from_triangle(a_dot, "U"), np.matrix_transpose(np.triu(c)))
            ),
            0,
        )

    def vjp(c_bar, low_bar):
        return (
            onto_triangle(cholesky_adjoint(np.tril(c_bar), np.tril(c)))
            if lower
            else onto_triangle(
                cholesky_adjoint(np.matrix_transpose(np.triu(c_bar)), np.matrix_transpose(np.triu(c))), "U"
            )
        )

    return jvp, vjp


@at_least(a=2)
@at_most(a=2)
@rule(
    None if _CLEAN else linalg.cho_factor,
    kind="factor",
    results=("c", "lower"),
    inactive=("check_finite",),
    accepts=_KEPT,
    cases=(case(positive(3)), case(positive(3), True)),
)
def cho_factor_beside(c, low, a, lower=False, overwrite_a=False, check_finite=True):
    """One triangle is the factor; in the other stand the entries of ``a``."""

    def jvp(a_dot):
        return (
            cholesky_tangent(from_triangle(a_dot), np.tril(c)) + np.triu(a_dot, 1)
            if lower
            else np.matrix_transpose(
                cholesky_tangent(from_triangle(a_dot, "U"), np.matrix_transpose(np.triu(c)))
            ) + np.tril(a_dot, -1),
            0,
        )

    def vjp(c_bar, low_bar):
        return (
            onto_triangle(cholesky_adjoint(np.tril(c_bar), np.tril(c))) + np.triu(c_bar, 1)
            if lower
            else onto_triangle(
                cholesky_adjoint(np.matrix_transpose(np.triu(c_bar)), np.matrix_transpose(np.triu(c))), "U"
            ) + np.tril(c_bar, -1)
        )

    return jvp, vjp


@at_most(c=2, **COLUMNS)
@rule(
    linalg.cho_solve,
    kind="like_b",
    of=("c", "b"),
    inactive=("lower", "check_finite"),
    accepts=_KEPT,
    grouped=("c", "lower"),
    cases=(case(positive(3), False, draw(3)), case(positive(3), True, draw(3, 2))),
)
def cho_solve(x, c, lower, b, overwrite_b=False, check_finite=True):
    def jvp(c_dot, b_dot):
        return linalg.cho_solve((c, lower), b_dot) - linalg.cho_solve(
            (c, lower), squared_tangent(c_dot, c, lower) @ x
        )

    def vjp(x_bar):
        lam = linalg.cho_solve((c, lower), x_bar)
        return squared_adjoint(solve_left(lam, x, c, b), c, lower), lam

    return jvp, vjp


@at_least(a=2)
@at_most(a=2)
@rule(
    linalg.lu_factor,
    kind="factor_and_places",
    results=("lu", "piv"),
    inactive=("check_finite",),
    accepts=_KEPT,
    cases=_SQUARE,
)
def lu_factor(lu, piv, a, overwrite_a=False, check_finite=True):
    def jvp(a_dot):
        return lu_tangent(a_dot, lu, piv), 0 * piv

    def vjp(lu_bar, piv_bar):
        return lu_adjoint(lu_bar, lu, piv)

    return jvp, vjp


@at_most(lu=2, **COLUMNS)
@rule(
    linalg.lu_solve,
    kind="like_b",
    of=("lu", "b"),
    inactive=("piv", "check_finite"),
    accepts={**_KEPT, "trans": (0, 1, 2)},
    grouped=("lu", "piv"),
    cases=(
        case(positive(3), np.array([1, 2, 2]), draw(3)),
        case(positive(3), np.array([0, 2, 2]), draw(3, 2), trans=1),
        case(positive(3), np.array([0, 2, 2]), draw(3), trans=2),
    ),
)
def lu_solve(x, lu, piv, b, trans=0, overwrite_b=False, check_finite=True):
    def jvp(lu_dot, b_dot):
        moved = lu_product_tangent(lu_dot, lu, piv)
        return linalg.lu_solve((lu, piv), b_dot, trans) - linalg.lu_solve(
            (lu, piv), (moved if trans == 0 else moved.T) @ x, trans
        )

    def vjp(x_bar):
        lam = linalg.lu_solve((lu, piv), x_bar, 1 if trans == 0 else 0)
        return lu_product_adjoint(
            solve_left(lam, x, lu, b) if trans == 0 else solve_left(x, lam, lu, b), lu, piv
        ), lam

    return jvp, vjp


@at_most(c=1)
@rule(linalg.toeplitz, kind="along_diagonals", cases=(case(draw(3)), case(draw(1)), case(draw())))
def toeplitz(y, c):
    """A number is a vector of one."""

    def jvp(c_dot):
        return linalg.toeplitz(c_dot)

    def vjp(y_bar):
        return (
            toeplitz_sums(np.tril(y_bar)) + toeplitz_sums(np.triu(y_bar, 1).T)
            if np.ndim(c) == 1
            else np.take(y_bar, 0)
        )

    return jvp, vjp


@at_most(c=1, r=1)
@rule(
    linalg.toeplitz,
    more=True,
    kind="along_diagonals",
    of=("c", "r"),
    cases=(case(draw(3), draw(4)), case(draw(4), r=draw(2)), case(draw(), draw(2)), case(draw(3), draw())),
)
def toeplitz_of_two(y, c, r):
    """The first entry of ``r`` is not read."""

    def jvp(c_dot, r_dot):
        return linalg.toeplitz(c_dot, np.zeros_like(r)) + linalg.toeplitz(
            np.zeros_like(c), without_first(r_dot) if np.ndim(r) == 1 else np.zeros_like(r)
        )

    def vjp(y_bar):
        return (
            toeplitz_sums(np.tril(y_bar)) if np.ndim(c) == 1 else np.take(y_bar, 0),
            without_first(toeplitz_sums(np.triu(y_bar).T)) if np.ndim(r) == 1 else np.zeros_like(r),
        )

    return jvp, vjp


@rule(
    linalg.block_diag,
    kind="matrix",
    each="arrays",
    cases=(case(draw(2, 3), draw(3, 1)), case(draw(2, 2)), case(draw(2), draw(2, 2), draw(), draw(1, 3))),
)
def block_diag(y, *arrays):
    def jvp(x_dot, k):
        return only_block(x_dot, k, arrays)

    def vjp(y_bar, k):
        return block_of(y_bar, k, arrays)

    return jvp, vjp


@rule(
    linalg.eigh,
    kind="values_and_vectors",
    results=("w", "v"),
    inactive=("check_finite",),
    accepts={**_KEPT, "b": (None,), "eigvals_only": (False,)},
    cases=(case(positive(3)), case(positive(3), lower=False)),
)
def eigh(w, v, a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, check_finite=True):
    def jvp(a_dot):
        inner = np.matrix_transpose(v) @ from_triangle(a_dot, "L" if lower else "U") @ v
        return np.diagonal(inner, axis1=-2, axis2=-1), v @ over_gaps(inner, w)

    def vjp(w_bar, v_bar):
        return onto_triangle((v * as_rows(w_bar)) @ np.matrix_transpose(v), "L" if lower else "U") + onto_triangle(
            v @ over_gaps(np.matrix_transpose(v) @ v_bar, w) @ np.matrix_transpose(v), "L" if lower else "U"
        )

    return jvp, vjp


@definition(
    linalg.eigh,
    more=True,
    inactive=("check_finite",),
    accepts={**_KEPT, "b": (None,), "eigvals_only": (True,)},
    cases=(case(positive(3), eigvals_only=True),),
)
def eigh_of_values(a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, check_finite=True):
    return linalg.eigvalsh(a, lower=lower)


@rule(
    linalg.lu,
    kind="unknown",
    results=("p", "low", "up"),
    inactive=("check_finite",),
    accepts={**_KEPT, "permute_l": (False,), "p_indices": (False,)},
    cases=(case(draw(3, 3)), case(positive(3)), case(draw(1, 1))),
)
def lu(p, low, up, a, permute_l=False, overwrite_a=False, check_finite=True, p_indices=False):
    """Of a square matrix that is regular (de Hoog, Anderssen and Lukas, 2011): the pivots stay."""

    def jvp(a_dot):
        inner = np.matrix_transpose(
            np.linalg.solve(
                np.matrix_transpose(up),
                np.matrix_transpose(np.linalg.solve(low, np.matrix_transpose(p) @ a_dot)),
            )
        )
        return np.zeros_like(p), low @ np.tril(inner, -1), np.triu(inner) @ up

    def vjp(p_bar, low_bar, up_bar):
        return p @ np.linalg.solve(
            np.matrix_transpose(low),
            np.matrix_transpose(
                np.linalg.solve(up, np.matrix_transpose(np.tril(np.matrix_transpose(low) @ low_bar, -1)))
            ),
        ) + p @ np.linalg.solve(
            np.matrix_transpose(low),
            np.matrix_transpose(
                np.linalg.solve(up, np.matrix_transpose(np.triu(up_bar @ np.matrix_transpose(up))))
            ),
        )

    return jvp, vjp


@rule(
    linalg.lu,
    more=True,
    kind="unknown",
    results=("low", "up"),
    inactive=("check_finite",),
    accepts={**_KEPT, "permute_l": (True,), "p_indices": (False,)},
    cases=(case(draw(3, 3), permute_l=True), case(positive(3), True)),
)
def lu_permuted(low, up, a, permute_l=False, overwrite_a=False, check_finite=True, p_indices=False):
    """The rows of ``low`` stand as in the matrix."""

    def jvp(a_dot):
        inner = np.matrix_transpose(
            np.linalg.solve(np.matrix_transpose(up), np.matrix_transpose(np.linalg.solve(low, a_dot)))
        )
        return low @ np.tril(inner, -1), np.triu(inner) @ up

    def vjp(low_bar, up_bar):
        return np.linalg.solve(
            np.matrix_transpose(low),
            np.matrix_transpose(
                np.linalg.solve(up, np.matrix_transpose(np.tril(np.matrix_transpose(low) @ low_bar, -1)))
            ),
        ) + np.linalg.solve(
            np.matrix_transpose(low),
            np.matrix_transpose(
                np.linalg.solve(up, np.matrix_transpose(np.triu(up_bar @ np.matrix_transpose(up))))
            ),
        )

    return jvp, vjp


@linear(linalg.circulant, kind="along_diagonals", cases=(case(draw(3)), case(draw(1))))
def circulant(y_bar, y, c):
    return scatter(y_bar, c, linalg.circulant(positions(c)))


@rule(
    linalg.polar,
    kind="unknown",
    results=("u", "p"),
    accepts={"side": ("right",)},
    cases=(case(draw(3, 3)), case(draw(1, 1, low=0.5)), case(positive(3)), case(draw(4, 2)), case(draw(3, 1))),
)
def polar(u, p, a, side="right"):
    """Of a matrix ``a = u @ p`` of full column rank: the skew part of ``u.T @ a_dot`` turns, what is left stretches.

    Of more rows than columns, what is orthogonal to ``u`` tilts it.
    """

    def jvp(a_dot):
        turn = linalg.solve_sylvester(p, p, np.matrix_transpose(u) @ a_dot - np.matrix_transpose(a_dot) @ u)
        return u @ turn + tilted(a_dot, tall(u), p), np.matrix_transpose(u) @ a_dot - turn @ p

    def vjp(u_bar, p_bar):
        turned = linalg.solve_sylvester(p, p, np.matrix_transpose(u) @ u_bar)
        held = linalg.solve_sylvester(p, p, p_bar @ p)
        return (
            u @ (turned - np.matrix_transpose(turned))
            + tilted(u_bar, tall(u), p)
            + u @ (p_bar - held + np.matrix_transpose(held))
        )

    return jvp, vjp


@rule(
    linalg.eigvalsh,
    kind="values",
    inactive=("check_finite",),
    accepts={**_KEPT, "b": (None,)},
    cases=(case(positive(3)), case(positive(3), lower=False)),
)
def eigvalsh(w, a, b=None, *, lower=True, overwrite_a=False, check_finite=True):
    def jvp(a_dot):
        v = linalg.eigh(a, lower=lower)[1]
        return np.diagonal(
            np.matrix_transpose(v) @ from_triangle(a_dot, "L" if lower else "U") @ v, axis1=-2, axis2=-1
        )

    def vjp(w_bar):
        v = linalg.eigh(a, lower=lower)[1]
        return onto_triangle((v * as_rows(w_bar)) @ np.matrix_transpose(v), "L" if lower else "U")

    return jvp, vjp


@rule(
    linalg.svd,
    kind="singular",
    results=("U", "s", "Vh"),
    inactive=("check_finite", "lapack_driver"),
    accepts={**_KEPT, "compute_uv": (True,)},
    cases=(case(draw(3, 3)), case(draw(4, 2), full_matrices=False), case(draw(2, 4), False)),
)
def svd(
    u, s, vh, a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True, lapack_driver="gesdd"
):
    def jvp(a_dot):
        inner = svd_inner(a_dot, u, s, vh)
        return (
            svd_left(inner, a_dot, u, s, vh),
            np.diagonal(inner, axis1=-2, axis2=-1),
            svd_right(inner, a_dot, u, s, vh),
        )

    def vjp(u_bar, s_bar, vh_bar):
        return (
            svd_from_u(u_bar, u, s, vh)
            + (u[..., : np.shape(s)[-1]] * as_rows(s_bar)) @ vh[..., : np.shape(s)[-1], :]
            + svd_from_vh(vh_bar, u, s, vh)
        )

    return jvp, vjp


@rule(linalg.svdvals, kind="singular_values", accepts=_KEPT, inactive=("check_finite",), cases=(case(draw(4, 2)),))
def svdvals(s, a, overwrite_a=False, check_finite=True):
    def jvp(a_dot):
        uvh = np.linalg.svd(a, full_matrices=False)
        return np.sum(uvh[0] * (a_dot @ np.matrix_transpose(uvh[2])), axis=-2)

    def vjp(s_bar):
        uvh = np.linalg.svd(a, full_matrices=False)
        return (uvh[0] * as_rows(s_bar)) @ uvh[2]

    return jvp, vjp


@definition(
    linalg.svd,
    more=True,
    of=("a",),
    accepts={**_KEPT, "compute_uv": (False,), "check_finite": (True, False), "lapack_driver": ("gesdd", "gesvd")},
    cases=(case(draw(4, 2), compute_uv=False), case(draw(3, 3), True, False)),
)
def svd_values(a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True, lapack_driver="gesdd"):
    return linalg.svdvals(a)


@rule(
    linalg.qr,
    kind="q_and_r",
    results=("Q", "R"),
    inactive=("check_finite",),
    accepts={**_KEPT, "lwork": (None,), "mode": ("full",), "pivoting": (False,)},
    cases=(case(draw(3, 3)), case(draw(2, 4))),
)
def qr(q, r, a, overwrite_a=False, lwork=None, mode="full", pivoting=False, check_finite=True):
    """Of the columns of Q beyond those of ``a``, which ``a`` does not say, there is no derivative."""

    def jvp(a_dot):
        return qr_full_tangents(a_dot, q, r)

    def vjp(q_bar, r_bar):
        return qr_full_from_q(q_bar, q, r) + qr_full_from_r(r_bar, q, r)

    return jvp, vjp


@rule(
    linalg.qr,
    more=True,
    kind="q_and_r",
    results=("Q", "R"),
    inactive=("check_finite",),
    accepts={**_KEPT, "lwork": (None,), "mode": ("economic",), "pivoting": (False,)},
    cases=(case(draw(4, 2), mode="economic"), case(draw(2, 4), mode="economic")),
)
def qr_economic(q, r, a, overwrite_a=False, lwork=None, mode="full", pivoting=False, check_finite=True):
    def jvp(a_dot):
        return qr_tangents(a_dot, q, r)

    def vjp(q_bar, r_bar):
        return qr_from_q(q_bar, q, r) + qr_from_r(r_bar, q, r)

    return jvp, vjp
