"""Factors of matrices that are said by their columns: QR, and singular values and vectors."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw, positive
from tangent_like.rules.rule import at_most, definition, rule
from tangent_like.runtime import (
    as_rows,
    qr_from_q,
    qr_from_r,
    qr_full_from_q,
    qr_full_from_r,
    qr_full_tangents,
    qr_tangents,
    svd_from_u,
    svd_from_vh,
    svd_inner,
    svd_left,
    svd_right,
)

_TALL_AND_WIDE = (case(draw(3, 3)), case(draw(4, 2)), case(draw(2, 4)), case(draw(5, 3, 2)))


@rule(
    np.linalg.qr,
    kind="q_and_r",
    results=("Q", "R"),
    accepts={"mode": ("reduced",)},
    cases=(*_TALL_AND_WIDE, case(draw(3, 2), "reduced")),
)
def qr(q, r, a, mode="reduced"):
    def jvp(a_dot):
        return qr_tangents(a_dot, q, r)

    def vjp(q_bar, r_bar):
        return qr_from_q(q_bar, q, r) + qr_from_r(r_bar, q, r)

    return jvp, vjp


@at_most(a=2)
@rule(
    np.linalg.qr,
    more=True,
    kind="unknown",
    results=("Q", "R"),
    accepts={"mode": ("complete",)},
    cases=(case(draw(3, 3), "complete"), case(draw(2, 4), mode="complete")),
)
def qr_complete(q, r, a, mode="reduced"):
    """Of the columns of Q beyond those of ``a``, which ``a`` does not say, there is no derivative."""

    def jvp(a_dot):
        return qr_full_tangents(a_dot, q, r)

    def vjp(q_bar, r_bar):
        return qr_full_from_q(q_bar, q, r) + qr_full_from_r(r_bar, q, r)

    return jvp, vjp


@rule(
    np.linalg.qr,
    more=True,
    kind="unknown",
    accepts={"mode": ("r",)},
    cases=(case(draw(3, 3), "r"), case(draw(4, 2), mode="r"), case(draw(2, 4), mode="r")),
)
def qr_of_r(r, a, mode="reduced"):
    def jvp(a_dot):
        q = np.linalg.qr(a)[0]
        return qr_tangents(a_dot, q, r)[1]

    def vjp(r_bar):
        q = np.linalg.qr(a)[0]
        return qr_from_r(r_bar, q, r)

    return jvp, vjp


_THIN = (
    case(draw(3, 3)),
    case(draw(4, 2), full_matrices=False),
    case(draw(2, 4), full_matrices=False),
    case(draw(5, 3, 2), False),
)


@rule(
    np.linalg.svd,
    kind="singular",
    results=("U", "S", "Vh"),
    accepts={"compute_uv": (True,)},
    cases=_THIN,
)
def svd(u, s, vh, a, full_matrices=True, compute_uv=True):
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


@rule(
    np.linalg.svd,
    more=True,
    kind="singular_values",
    accepts={"compute_uv": (False,)},
    cases=(case(draw(3, 3), compute_uv=False), case(draw(2, 4, 2), False, False)),
)
def svd_values(s, a, full_matrices=True, compute_uv=False):
    def jvp(a_dot):
        uvh = np.linalg.svd(a, full_matrices=False)
        return np.sum(uvh[0] * (a_dot @ np.matrix_transpose(uvh[2])), axis=-2)

    def vjp(s_bar):
        uvh = np.linalg.svd(a, full_matrices=False)
        return (uvh[0] * as_rows(s_bar)) @ uvh[2]

    return jvp, vjp


@definition(
    np.linalg.svd,
    more=True,
    kind="singular_values",
    accepts={"compute_uv": (False,), "hermitian": (True,)},
    cases=(case(positive(3), compute_uv=False, hermitian=True), case(draw(3, 3), True, False, True)),
)
def svd_values_of_symmetric(a, full_matrices=True, compute_uv=False, hermitian=True):
    """One triangle is read."""
    return np.linalg.svdvals(np.tril(a) + np.matrix_transpose(np.tril(a, -1)))


@rule(np.linalg.svdvals, kind="singular_values", cases=(case(draw(3, 3)), case(draw(2, 4, 2))))
def svdvals(s, a):
    def jvp(a_dot):
        uvh = np.linalg.svd(a, full_matrices=False)
        return np.sum(uvh[0] * (a_dot @ np.matrix_transpose(uvh[2])), axis=-2)

    def vjp(s_bar):
        uvh = np.linalg.svd(a, full_matrices=False)
        return (uvh[0] * as_rows(s_bar)) @ uvh[2]

    return jvp, vjp
