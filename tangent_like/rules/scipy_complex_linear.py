"""``scipy.linalg`` of complex matrices: as NumPy's functions, which say it, by what SciPy calls its arguments."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import linalg

from tangent_like.rules.cases import case, draw, positive
from tangent_like.rules.rule import at_least, at_most, definition, known, rule
from tangent_like.runtime import (
    as_rows,
    complex_qr_from_q,
    complex_qr_from_r,
    complex_qr_tangents,
    complex_svd_adjoint,
    complex_svd_tangents,
    from_hermitian_triangle,
    hermitian_vector_adjoint,
    hermitian_vector_tangents,
    onto_hermitian_triangle,
)

_KEPT = {"overwrite_a": (False,)}
_CHECKED = {**_KEPT, "check_finite": (True, False)}


@rule(
    linalg.svd,
    kind="complex_singular",
    results=("U", "s", "Vh"),
    inactive=("check_finite", "lapack_driver"),
    accepts={**_KEPT, "compute_uv": (True,)},
    cases=(case(draw(3, 3)), case(draw(4, 2), full_matrices=False), case(draw(2, 4), False)),
)
def svd(
    u, s, vh, a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True, lapack_driver="gesdd"
):
    """Of distinct singular values; the phases of the vectors are LAPACK's."""

    def jvp(a_dot):
        return complex_svd_tangents(a_dot, u, s, vh)

    def vjp(u_bar, s_bar, vh_bar):
        return (np.conj(u[..., : np.shape(s)[-1]]) * as_rows(s_bar)) @ np.conj(
            vh[..., : np.shape(s)[-1], :]
        ) + complex_svd_adjoint(u_bar, vh_bar, u, s, vh)

    return jvp, vjp


@definition(
    linalg.svd,
    more=True,
    of=("a",),
    accepts={**_CHECKED, "compute_uv": (False,), "lapack_driver": ("gesdd", "gesvd")},
    cases=(case(draw(4, 2), compute_uv=False),),
)
def svd_of_values(
    a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True, lapack_driver="gesdd"
):
    return np.linalg.svdvals(a)


@definition(linalg.svdvals, accepts=_CHECKED, of=("a",), cases=(case(draw(4, 2)),))
def svdvals(a, overwrite_a=False, check_finite=True):
    return np.linalg.svdvals(a)


@definition(linalg.pinv, accepts={"check_finite": (True, False)}, of=("a",), cases=(case(draw(4, 2)),))
def pinv(a, *, check_finite=True):
    return np.linalg.pinv(a)


@rule(
    linalg.qr,
    kind="q_and_r",
    results=("Q", "R"),
    inactive=("check_finite",),
    accepts={**_KEPT, "lwork": (None,), "mode": ("full", "economic"), "pivoting": (False,)},
    cases=(case(draw(3, 3)), case(draw(2, 4)), case(draw(4, 2), mode="economic")),
)
def qr(q, r, a, overwrite_a=False, lwork=None, mode="full", pivoting=False, check_finite=True):
    """The diagonal of ``r`` is real; of the columns of ``q`` beyond those of ``a`` there is no derivative."""

    def jvp(a_dot):
        return complex_qr_tangents(a_dot, q, r)

    def vjp(q_bar, r_bar):
        return complex_qr_from_q(q_bar, q, r) + complex_qr_from_r(r_bar, q, r)

    return jvp, vjp


@rule(
    linalg.eigh,
    kind="hermitian_parts",
    results=("w", "v"),
    inactive=("check_finite",),
    accepts={**_KEPT, "b": (None,), "eigvals_only": (False,)},
    cases=(case(positive(3)), case(positive(3), lower=False)),
)
def eigh(w, v, a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, check_finite=True):
    """Of distinct eigenvalues, where the vectors are asked for; their phases are LAPACK's."""

    def jvp(a_dot):
        inner = np.conj(np.matrix_transpose(v)) @ from_hermitian_triangle(a_dot, "L" if lower else "U") @ v
        vectors = hermitian_vector_tangents(inner, w, v, "L" if lower else "U")
        return np.real(np.diagonal(inner, axis1=-2, axis2=-1)), vectors

    def vjp(w_bar, v_bar):
        return onto_hermitian_triangle(
            (np.conj(v) * as_rows(w_bar)) @ np.matrix_transpose(v), "L" if lower else "U"
        ) + onto_hermitian_triangle(
            np.conj(v) @ hermitian_vector_adjoint(v_bar, w, v, "L" if lower else "U") @ np.matrix_transpose(v),
            "L" if lower else "U",
        )

    return jvp, vjp


@definition(
    linalg.eigh,
    more=True,
    of=("a",),
    accepts={**_CHECKED, "b": (None,), "eigvals_only": (True,)},
    cases=(case(positive(3), eigvals_only=True),),
)
def eigh_of_values(a, b=None, *, lower=True, eigvals_only=False, overwrite_a=False, check_finite=True):
    return linalg.eigvalsh(a, lower=lower)


@definition(
    linalg.eigvalsh,
    of=("a",),
    accepts={**_CHECKED, "b": (None,)},
    cases=(case(positive(3)), case(positive(3), lower=False)),
)
def eigvalsh(a, b=None, *, lower=True, overwrite_a=False, check_finite=True):
    return np.linalg.eigvalsh(a, "L") if lower else np.linalg.eigvalsh(a, "U")


@at_least(a=2)
@definition(
    linalg.cholesky,
    of=("a",),
    accepts=_CHECKED,
    cases=(case(positive(3)), case(positive(3), lower=True)),
)
def cholesky(a, lower=False, overwrite_a=False, check_finite=True):
    return (
        np.linalg.cholesky(a)
        if lower
        else np.conj(np.matrix_transpose(np.linalg.cholesky(np.conj(np.matrix_transpose(a)))))
    )


@at_most(a=2, b=2)
@definition(
    linalg.solve_triangular,
    of=("a", "b"),
    accepts={
        "trans": (0, 1, 2, "N", "T", "C"),
        "unit_diagonal": (False,),
        "overwrite_b": (False,),
        "check_finite": (True, False),
    },
    cases=tuple(
        case(positive(3), draw(3), trans, lower) for trans in (0, 1, 2, "N", "T", "C") for lower in (False, True)
    ),
)
def solve_triangular(a, b, trans=0, lower=False, unit_diagonal=False, overwrite_b=False, check_finite=True):
    return (
        np.linalg.solve(np.tril(a) if lower else np.triu(a), b)
        if known(trans in (0, "N"))
        else np.linalg.solve(np.matrix_transpose(np.tril(a) if lower else np.triu(a)), b)
        if known(trans in (1, "T"))
        else np.linalg.solve(np.conj(np.matrix_transpose(np.tril(a) if lower else np.triu(a))), b)
    )
