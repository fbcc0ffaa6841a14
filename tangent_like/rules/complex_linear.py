"""Linear algebra of complex matrices: what conjugates one of its factors, and what has a real result.

Hermitian matrices stand where symmetric ones do (Giles, An extended collection of matrix derivative results, 2008;
for complex factors Seeger and others, Auto-Differentiating Linear Algebra, 2017). An eigenvector has any phase:
LAPACK chooses it such that one row of the vectors is real.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw, positive
from tangent_like.rules.rule import definition, known, rule
from tangent_like.runtime import (
    as_rows,
    complex_pinv_adjoint,
    complex_pinv_tangent,
    complex_qr_from_q,
    complex_qr_from_r,
    complex_qr_tangents,
    complex_svd_adjoint,
    complex_svd_tangents,
    each_matrix,
    from_hermitian_triangle,
    hermitian_cholesky_adjoint,
    hermitian_cholesky_tangent,
    hermitian_vector_adjoint,
    hermitian_vector_tangents,
    mean_count,
    norm_slope,
    onto_hermitian_triangle,
    quotient,
    spread,
    with_all,
)

_SQUARE = (case(draw(3, 3)), case(draw(2, 3, 3)))
_SYMMETRIC = (case(positive(3)), case(positive(2, 3)))


@rule(
    np.linalg.norm,
    kind="real_norm",
    cases=(
        case(draw(3)),
        case(draw(2, 3)),
        case(draw(3), keepdims=True),
        *(case(draw(3), p) for p in (1, 2, 3, np.inf)),
        *(case(draw(2, 3), p) for p in ("fro", "nuc", 1, 2, -2, np.inf)),
        *(case(draw(2, 3), p, 1) for p in (None, 1, 3, np.inf)),
        case(draw(2, 3), axis=0, keepdims=True),
    ),
)
def norm(y, x, ord=None, axis=None, keepdims=False):
    """0 at a kink."""

    def jvp(x_dot):
        return np.real(np.sum(np.conj(norm_slope(x, y, ord, axis, keepdims)) * x_dot, axis=axis, keepdims=keepdims))

    def vjp(y_bar):
        return np.conj(norm_slope(x, y, ord, axis, keepdims)) * spread(y_bar, x, axis, keepdims)

    return jvp, vjp


@rule(
    np.linalg.matrix_norm,
    kind="real_matrix_number",
    accepts={"keepdims": (False,)},
    cases=(case(draw(2, 3)), case(draw(4, 2, 3), ord=2)),
)
def matrix_norm(y, x, *, keepdims=False, ord="fro"):
    def jvp(x_dot):
        return np.real(np.sum(np.conj(norm_slope(x, y, ord, (-2, -1))) * x_dot, axis=(-2, -1)))

    def vjp(y_bar):
        return each_matrix(y_bar) * np.conj(norm_slope(x, y, ord, (-2, -1)))

    return jvp, vjp


@rule(
    np.linalg.vector_norm,
    kind="real_norm",
    accepts={"ord": (2,)},
    cases=(case(draw(2, 3)), case(draw(2, 3), axis=1)),
)
def vector_norm(y, x, *, axis=None, keepdims=False, ord=2):
    def jvp(x_dot):
        return quotient(np.real(np.sum(np.conj(x) * x_dot, axis=axis, keepdims=keepdims)), y)

    def vjp(y_bar):
        return spread(quotient(y_bar, y), x, axis, keepdims) * np.conj(x)

    return jvp, vjp


@rule(np.linalg.slogdet, kind="turn_and_log", results=("sign", "logabsdet"), cases=_SQUARE)
def slogdet(sign, logabsdet, a):
    def jvp(a_dot):
        slope = np.trace(np.linalg.solve(a, a_dot), axis1=-2, axis2=-1)
        return 1j * sign * np.imag(slope), np.real(slope)

    def vjp(sign_bar, logabsdet_bar):
        return each_matrix(1j * np.imag(sign * sign_bar)) * np.matrix_transpose(np.linalg.inv(a)) + each_matrix(
            logabsdet_bar
        ) * np.matrix_transpose(np.linalg.inv(a))

    return jvp, vjp


@rule(
    np.linalg.cholesky,
    kind="square",
    accepts={"upper": (False,)},
    cases=_SYMMETRIC,
)
def cholesky(y, a, *, upper=False):
    def jvp(a_dot):
        return hermitian_cholesky_tangent(from_hermitian_triangle(a_dot), y)

    def vjp(y_bar):
        return onto_hermitian_triangle(hermitian_cholesky_adjoint(y_bar, y))

    return jvp, vjp


@rule(
    np.linalg.eigh,
    kind="hermitian_parts",
    results=("eigenvalues", "eigenvectors"),
    cases=(*_SYMMETRIC, case(positive(3), "U")),
)
def eigh(w, v, a, UPLO="L"):
    """Of distinct eigenvalues, where the vectors are asked for; their phases are LAPACK's."""

    def jvp(a_dot):
        inner = np.conj(np.matrix_transpose(v)) @ from_hermitian_triangle(a_dot, UPLO) @ v
        return np.real(np.diagonal(inner, axis1=-2, axis2=-1)), hermitian_vector_tangents(inner, w, v, UPLO)

    def vjp(w_bar, v_bar):
        return onto_hermitian_triangle((np.conj(v) * as_rows(w_bar)) @ np.matrix_transpose(v), UPLO) + (
            onto_hermitian_triangle(
                np.conj(v) @ hermitian_vector_adjoint(v_bar, w, v, UPLO) @ np.matrix_transpose(v), UPLO
            )
        )

    return jvp, vjp


@rule(np.linalg.eigvalsh, kind="hermitian_values", cases=(*_SYMMETRIC, case(positive(3), "U")))
def eigvalsh(w, a, UPLO="L"):
    def jvp(a_dot):
        v = np.linalg.eigh(a, UPLO)[1]
        return np.real(
            np.diagonal(
                np.conj(np.matrix_transpose(v)) @ from_hermitian_triangle(a_dot, UPLO) @ v, axis1=-2, axis2=-1
            )
        )

    def vjp(w_bar):
        v = np.linalg.eigh(a, UPLO)[1]
        return onto_hermitian_triangle((np.conj(v) * as_rows(w_bar)) @ np.matrix_transpose(v), UPLO)

    return jvp, vjp


@rule(np.linalg.svdvals, kind="real_singular_values", cases=(case(draw(3, 3)), case(draw(2, 4, 2))))
def svdvals(s, a):
    def jvp(a_dot):
        uvh = np.linalg.svd(a, full_matrices=False)
        return np.real(np.sum(np.conj(uvh[0]) * (a_dot @ np.conj(np.matrix_transpose(uvh[2]))), axis=-2))

    def vjp(s_bar):
        uvh = np.linalg.svd(a, full_matrices=False)
        return (np.conj(uvh[0]) * as_rows(s_bar)) @ np.conj(uvh[2])

    return jvp, vjp


@rule(
    np.linalg.svd,
    kind="complex_singular",
    results=("U", "S", "Vh"),
    accepts={"compute_uv": (True,)},
    cases=(
        case(draw(3, 3), full_matrices=False),
        case(draw(4, 2), full_matrices=False),
        case(draw(2, 4), False),
        case(draw(5, 3, 2), False),
        case(draw(3, 3)),
    ),
)
def svd(u, s, vh, a, full_matrices=True, compute_uv=True):
    """Of distinct singular values; the phases of the vectors are LAPACK's."""

    def jvp(a_dot):
        return complex_svd_tangents(a_dot, u, s, vh)

    def vjp(u_bar, s_bar, vh_bar):
        return (np.conj(u[..., : np.shape(s)[-1]]) * as_rows(s_bar)) @ np.conj(
            vh[..., : np.shape(s)[-1], :]
        ) + complex_svd_adjoint(u_bar, vh_bar, u, s, vh)

    return jvp, vjp


@definition(
    np.linalg.svd,
    more=True,
    accepts={"compute_uv": (False,)},
    cases=(case(draw(3, 3), compute_uv=False), case(draw(2, 4), False, compute_uv=False)),
)
def svd_of_values(a, full_matrices=True, *, compute_uv):
    return np.linalg.svdvals(a)


_TALL_AND_WIDE = (case(draw(3, 3)), case(draw(4, 2)), case(draw(2, 4)), case(draw(5, 3, 2)))


@rule(
    np.linalg.qr,
    kind="q_and_r",
    results=("Q", "R"),
    accepts={"mode": ("reduced",)},
    cases=_TALL_AND_WIDE,
)
def qr(q, r, a, mode="reduced"):
    """The diagonal of ``r`` is real, as LAPACK has it."""

    def jvp(a_dot):
        return complex_qr_tangents(a_dot, q, r)

    def vjp(q_bar, r_bar):
        return complex_qr_from_q(q_bar, q, r) + complex_qr_from_r(r_bar, q, r)

    return jvp, vjp


@rule(
    np.linalg.qr,
    more=True,
    kind="transposed",
    accepts={"mode": ("r",)},
    cases=(case(draw(3, 3), "r"), case(draw(4, 2), mode="r"), case(draw(2, 4), mode="r")),
)
def qr_of_r(r, a, mode="reduced"):
    def jvp(a_dot):
        q = np.linalg.qr(a)[0]
        return complex_qr_tangents(a_dot, q, r)[1]

    def vjp(r_bar):
        q = np.linalg.qr(a)[0]
        return complex_qr_from_r(r_bar, q, r)

    return jvp, vjp


@rule(
    np.linalg.pinv,
    kind="transposed",
    inactive=("rcond", "rtol"),
    accepts={"hermitian": (False,)},
    cases=(case(draw(3, 3)), case(draw(4, 2)), case(draw(2, 4))),
)
def pinv(p, a, rcond=None, hermitian=False, *, rtol=None):
    """Of a rank that does not change."""

    def jvp(a_dot):
        return complex_pinv_tangent(
            a_dot, p, a if rcond is None and rtol is None else with_all(a, rcond if rtol is None else rtol)
        )

    def vjp(p_bar):
        return complex_pinv_adjoint(
            p_bar, p, a if rcond is None and rtol is None else with_all(a, rcond if rtol is None else rtol)
        )

    return jvp, vjp


@rule(
    np.var,
    kind="real_spread",
    methods=("var",),
    cases=(case(draw(5)), case(draw(2, 3), axis=0), case(draw(2, 3), axis=1, ddof=1, keepdims=True)),
    aliases={"correction": "ddof"},
)
def var(y, x, axis=None, dtype=None, *, ddof=0, keepdims=False):
    def jvp(x_dot):
        return (
            2
            * np.real(np.sum(np.conj(x - np.mean(x, axis=axis, keepdims=True)) * x_dot, axis=axis, keepdims=keepdims))
            / (mean_count(x, axis) - ddof)
        )

    def vjp(y_bar):
        return spread(2 * y_bar / (mean_count(x, axis) - ddof), x, axis, keepdims) * np.conj(
            x - np.mean(x, axis=axis, keepdims=True)
        )

    return jvp, vjp


@rule(
    np.std,
    kind="real_spread",
    methods=("std",),
    cases=(case(draw(5)), case(draw(2, 3), axis=0), case(draw(2, 3), axis=1, ddof=1, keepdims=True)),
    aliases={"correction": "ddof"},
)
def std(y, x, axis=None, dtype=None, *, ddof=0, keepdims=False):
    """0 where all entries are equal."""

    def jvp(x_dot):
        return quotient(
            np.real(np.sum(np.conj(x - np.mean(x, axis=axis, keepdims=True)) * x_dot, axis=axis, keepdims=keepdims)),
            y * (mean_count(x, axis) - ddof),
        )

    def vjp(y_bar):
        return spread(quotient(y_bar, y * (mean_count(x, axis) - ddof)), x, axis, keepdims) * np.conj(
            x - np.mean(x, axis=axis, keepdims=True)
        )

    return jvp, vjp


@definition(
    getattr(np, "vecdot", None),
    getattr(np.linalg, "vecdot", None),
    of=("x", "y"),
    cases=(case(draw(3), draw(3)), case(draw(2, 3), draw(3)), case(draw(3, 2), draw(3, 2), axis=0)),
)
def vecdot(x, y, *, axis=-1):
    return (
        np.sum(np.conj(x) * y, axis=-1)
        if known(axis == -1)
        else np.sum(np.conj(np.moveaxis(x, axis, -1)) * np.moveaxis(y, axis, -1), axis=-1)
    )


@definition(
    getattr(np, "vecmat", None),
    of=("x", "y"),
    cases=(case(draw(2), draw(2, 3)), case(draw(4, 2), draw(4, 2, 3))),
)
def vecmat(x, y):
    return np.squeeze(np.matmul(np.expand_dims(np.conj(x), -2), y), axis=-2)


@definition(
    np.correlate,
    of=("x", "y"),
    accepts={"mode": ("valid", "full")},
    cases=(case(draw(5), draw(3)), case(draw(3), draw(4), "full"), case(draw(4), draw(4))),
)
def correlate(x, y, mode="valid"):
    return np.convolve(x, np.flip(np.conj(y)), mode)
