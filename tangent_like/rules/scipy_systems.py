"""``scipy.linalg``: least squares, tridiagonal eigenproblems, convolutions as matrices."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import linalg

from tangent_like.rules.cases import case, draw, positive
from tangent_like.rules.rule import at_least, at_most, definition, rule
from tangent_like.runtime import (
    as_rows,
    from_triangle,
    lstsq_left,
    lstsq_rest,
    lstsq_rest_left,
    lstsq_tangents,
    onto_triangle,
    over_gaps,
    with_all,
)

_KEPT = {"overwrite_a": (False,), "overwrite_b": (False,)}


@at_most(a=2, b=2)
@rule(
    linalg.lstsq,
    kind="unknown",
    results=("x", "residues", "rank", "s"),
    of=("a", "b"),
    inactive=("cond", "check_finite"),
    accepts={**_KEPT, "lapack_driver": (None, "gelsd", "gelss")},
    cases=(
        case(draw(5, 3), draw(5)),
        case(draw(5, 3), draw(5, 2)),
        case(draw(2, 4), draw(2)),
        case(draw(2, 4), draw(2, 3), 1e-12),
        case(draw(3, 3), draw(3), lapack_driver="gelss"),
    ),
)
def lstsq(
    x, residues, rank, s, a, b, cond=None, overwrite_a=False, overwrite_b=False, check_finite=True, lapack_driver=None
):
    """Of a matrix of full rank, as ``np.linalg.lstsq``."""

    def jvp(a_dot, b_dot):
        return lstsq_tangents(a_dot, b_dot, x, residues, a if cond is None else with_all(a, cond), b)

    def vjp(x_bar, residues_bar, rank_bar, s_bar):
        lam = np.matrix_transpose(np.linalg.pinv(a)) @ x_bar
        return (
            lstsq_left(lam, x_bar, x, a if cond is None else with_all(a, cond), b)
            + lstsq_rest_left(residues_bar, x, a, b)
            + np.linalg.svd(a, full_matrices=False)[0]
            * s_bar
            @ np.linalg.svd(a, full_matrices=False)[2],
            lam + lstsq_rest(residues_bar, x, a, b),
        )

    return jvp, vjp


_ALL_OF_THEM = {"select": ("a",), "select_range": (None,)}
_BANDS = (
    case(np.array([1.0, 3.0, 4.5, 6.0]), draw(3)),
    case(np.array([1.0, -3.0]), draw(1)),
)


@at_most(d=1, e=1)
@rule(
    linalg.eigh_tridiagonal,
    kind="unknown",
    results=("w", "v"),
    of=("d", "e"),
    inactive=("check_finite", "tol", "lapack_driver"),
    accepts={**_ALL_OF_THEM, "eigvals_only": (False,)},
    cases=_BANDS,
)
def eigh_tridiagonal(
    w, v, d, e, eigvals_only=False, select="a", select_range=None, check_finite=True, tol=0.0, lapack_driver="auto"
):
    """Of distinct eigenvalues, where the vectors are asked for."""

    def jvp(d_dot, e_dot):
        inner = np.matrix_transpose(v) @ (np.diag(d_dot) + np.diag(e_dot, 1) + np.diag(e_dot, -1)) @ v
        return np.diagonal(inner), v @ over_gaps(inner, w)

    def vjp(w_bar, v_bar):
        by_values = (v * as_rows(w_bar)) @ np.matrix_transpose(v)
        by_vectors = v @ over_gaps(np.matrix_transpose(v) @ v_bar, w) @ np.matrix_transpose(v)
        return (
            np.diagonal(by_values) + np.diagonal(by_vectors),
            np.diagonal(by_values, 1) + np.diagonal(by_values, -1)
            + np.diagonal(by_vectors, 1) + np.diagonal(by_vectors, -1),
        )

    return jvp, vjp


@at_most(d=1, e=1)
@rule(
    linalg.eigvalsh_tridiagonal,
    kind="unknown",
    of=("d", "e"),
    inactive=("check_finite", "tol", "lapack_driver"),
    accepts=_ALL_OF_THEM,
    cases=_BANDS,
)
def eigvalsh_tridiagonal(
    w, d, e, select="a", select_range=None, check_finite=True, tol=0.0, lapack_driver="auto"
):
    def jvp(d_dot, e_dot):
        v = linalg.eigh_tridiagonal(d, e)[1]
        return np.sum(np.square(v) * np.expand_dims(d_dot, 1), axis=0) + 2 * np.sum(
            v[:-1] * v[1:] * np.expand_dims(e_dot, 1), axis=0
        )

    def vjp(w_bar):
        v = linalg.eigh_tridiagonal(d, e)[1]
        return np.sum(np.square(v) * as_rows(w_bar), axis=1), 2 * np.sum(v[:-1] * v[1:] * as_rows(w_bar), axis=1)

    return jvp, vjp


@at_most(a=1)
@definition(
    linalg.convolution_matrix,
    accepts={"mode": ("full",)},
    cases=(case(draw(3), 4), case(draw(2), 1), case(draw(4), 3, mode="full")),
)
def convolution_matrix(a, n, mode="full"):
    return linalg.toeplitz(
        np.concatenate([a, np.zeros(n - 1)]), np.concatenate([np.take(a, [0]), np.zeros(n - 1)])
    )


@at_most(c=1, r=1)
@definition(
    linalg.matmul_toeplitz,
    of=("c", "r", "x"),
    inactive=("check_finite", "workers"),
    grouped=("c", "r"),
    cases=(case(draw(3), draw(4), draw(4)), case(draw(3), draw(3), draw(3, 2))),
)
def matmul_toeplitz_of_two(c, r, x, check_finite=False, workers=None):
    return linalg.toeplitz(c, r) @ x


@at_most(c=1)
@definition(
    linalg.matmul_toeplitz,
    more=True,
    of=("c", "x"),
    inactive=("check_finite", "workers"),
    cases=(case(draw(3), draw(3)), case(draw(3), draw(3, 2))),
)
def matmul_toeplitz(c, x, check_finite=False, workers=None):
    return linalg.toeplitz(np.ravel(c)) @ x


_TWO = (case(positive(3), positive(3)), case(positive(3), positive(3), lower=False), case(positive(1), positive(1)))


@at_most(a=2, b=2)
@rule(
    linalg.eigh,
    more=True,
    kind="values_and_vectors",
    results=("w", "v"),
    of=("a", "b"),
    inactive=("check_finite",),
    accepts={**_KEPT, "eigvals_only": (False,), "type": (1,)},
    cases=_TWO,
)
def eigh_of_two(
    w, v, a, b, *, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, type=1, check_finite=True
):
    """Of ``a @ v == b @ v * w``, with ``v.T @ b @ v`` the identity, and distinct eigenvalues."""

    def jvp(a_dot, b_dot):
        by_a = np.matrix_transpose(v) @ from_triangle(a_dot, "L" if lower else "U") @ v
        by_b = np.matrix_transpose(v) @ from_triangle(b_dot, "L" if lower else "U") @ v
        return np.diagonal(by_a) - w * np.diagonal(by_b), v @ over_gaps(by_a, w) - v @ (
            over_gaps(by_b * as_rows(w), w) + 0.5 * np.diag(np.diagonal(by_b))
        )

    def vjp(w_bar, v_bar):
        return (
            onto_triangle((v * as_rows(w_bar)) @ np.matrix_transpose(v), "L" if lower else "U")
            + onto_triangle(
                v @ over_gaps(np.matrix_transpose(v) @ v_bar, w) @ np.matrix_transpose(v), "L" if lower else "U"
            ),
            -onto_triangle((v * as_rows(w_bar * w)) @ np.matrix_transpose(v), "L" if lower else "U")
            - onto_triangle(
                v
                @ (
                    over_gaps(np.matrix_transpose(v) @ v_bar, w) * as_rows(w)
                    + 0.5 * np.diag(np.sum(v * v_bar, axis=0))
                )
                @ np.matrix_transpose(v),
                "L" if lower else "U",
            ),
        )

    return jvp, vjp


@at_most(a=2, b=2)
@rule(
    linalg.eigvalsh,
    more=True,
    kind="values",
    of=("a", "b"),
    inactive=("check_finite",),
    accepts={**_KEPT, "type": (1,)},
    cases=_TWO,
)
def eigvalsh_of_two(w, a, b, *, lower=True, overwrite_a=False, overwrite_b=False, type=1, check_finite=True):
    def jvp(a_dot, b_dot):
        v = linalg.eigh(a, b, lower=lower)[1]
        return np.diagonal(
            np.matrix_transpose(v) @ from_triangle(a_dot, "L" if lower else "U") @ v
        ) - w * np.diagonal(np.matrix_transpose(v) @ from_triangle(b_dot, "L" if lower else "U") @ v)

    def vjp(w_bar):
        v = linalg.eigh(a, b, lower=lower)[1]
        return (
            onto_triangle((v * as_rows(w_bar)) @ np.matrix_transpose(v), "L" if lower else "U"),
            -onto_triangle((v * as_rows(w_bar * w)) @ np.matrix_transpose(v), "L" if lower else "U"),
        )

    return jvp, vjp


@at_most(a=2, b=2)
@definition(
    linalg.eigh,
    more=True,
    of=("a", "b"),
    inactive=("check_finite",),
    accepts={**_KEPT, "eigvals_only": (True,), "type": (1,)},
    cases=(case(positive(3), positive(3), eigvals_only=True),),
)
def eigh_of_two_for_values(
    a, b, *, lower=True, eigvals_only=False, overwrite_a=False, overwrite_b=False, type=1, check_finite=True
):
    return linalg.eigvalsh(a, b, lower=lower)


# -- Riccati equations: what moves solves the Lyapunov equation of the closed loop -----------------------

_COSTS = (positive(3), np.eye(2) + 0.3)
_CONTROLLED = (case(draw(3, 3), draw(3, 2), *_COSTS), case(draw(2, 2), draw(2, 1), positive(2), np.array([[0.7]])))


@at_most(a=2, b=2, q=2, r=2)
@at_least(b=2, r=2)
@rule(
    linalg.solve_continuous_are,
    kind="unknown",
    of=("a", "b", "q", "r"),
    inactive=("balanced",),
    accepts={"e": (None,), "s": (None,)},
    cases=_CONTROLLED,
)
def solve_continuous_are(x, a, b, q, r, e=None, s=None, balanced=True):
    """Of symmetric costs ``q`` and ``r``, as SciPy asks for."""

    def jvp(a_dot, b_dot, q_dot, r_dot):
        k = np.linalg.solve(r, b.T @ x)
        loop = (a - b @ k).T
        return (
            linalg.solve_continuous_lyapunov(loop, -(a_dot.T @ x) - x @ a_dot)
            + linalg.solve_continuous_lyapunov(loop, x @ b_dot @ k + k.T @ b_dot.T @ x)
            - linalg.solve_continuous_lyapunov(loop, 0.5 * (q_dot + q_dot.T))
            - linalg.solve_continuous_lyapunov(loop, 0.5 * k.T @ (r_dot + r_dot.T) @ k)
        )

    def vjp(x_bar):
        k = np.linalg.solve(r, b.T @ x)
        lam = -linalg.solve_continuous_lyapunov(a - b @ k, 0.5 * (x_bar + x_bar.T))
        return 2.0 * x @ lam, -2.0 * x @ lam @ k.T, 1.0 * lam, k @ lam @ k.T

    return jvp, vjp


@at_most(a=2, b=2, q=2, r=2)
@at_least(b=2, r=2)
@rule(
    linalg.solve_discrete_are,
    kind="unknown",
    of=("a", "b", "q", "r"),
    inactive=("balanced",),
    accepts={"e": (None,), "s": (None,)},
    cases=_CONTROLLED,
)
def solve_discrete_are(x, a, b, q, r, e=None, s=None, balanced=True):
    """Of symmetric costs ``q`` and ``r``, as SciPy asks for."""

    def jvp(a_dot, b_dot, q_dot, r_dot):
        k = np.linalg.solve(r + b.T @ x @ b, b.T @ x @ a)
        loop = (a - b @ k).T
        return (
            linalg.solve_discrete_lyapunov(loop, a_dot.T @ x @ loop.T + loop @ x @ a_dot)
            - linalg.solve_discrete_lyapunov(loop, loop @ x @ b_dot @ k + k.T @ b_dot.T @ x @ loop.T)
            + linalg.solve_discrete_lyapunov(loop, 0.5 * (q_dot + q_dot.T))
            + linalg.solve_discrete_lyapunov(loop, 0.5 * k.T @ (r_dot + r_dot.T) @ k)
        )

    def vjp(x_bar):
        k = np.linalg.solve(r + b.T @ x @ b, b.T @ x @ a)
        lam = linalg.solve_discrete_lyapunov(a - b @ k, 0.5 * (x_bar + x_bar.T))
        return 2.0 * x @ (a - b @ k) @ lam, -2.0 * x @ (a - b @ k) @ lam @ k.T, 1.0 * lam, k @ lam @ k.T

    return jvp, vjp
