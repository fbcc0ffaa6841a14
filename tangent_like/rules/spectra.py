"""Complex results of real or complex operands: eigenvalues, and roots of polynomials. Holomorphic where simple."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import rule
from tangent_like.runtime import as_rows, eigenvector_adjoint, eigenvector_tangents, eigenvectors


@rule(np.linalg.eigvals, kind="complex_values", cases=(case(draw(3, 3)), case(draw(4, 4)), case(draw(2, 3, 3))))
def eigvals(w, a):
    """Of simple eigenvalues: the diagonal of inv(v) @ a_dot @ v (Giles, 2008, section 3.1)."""

    def jvp(a_dot):
        v = eigenvectors(a, w)
        return np.diagonal(np.linalg.solve(v, a_dot @ v), axis1=-2, axis2=-1)

    def vjp(w_bar):
        v = eigenvectors(a, w)
        return np.matrix_transpose((v * as_rows(w_bar)) @ np.linalg.inv(v))

    return jvp, vjp


@rule(
    np.linalg.eig,
    kind="complex_parts",
    results=("eigenvalues", "eigenvectors"),
    cases=(case(draw(3, 3)), case(draw(4, 4)), case(draw(2, 3, 3))),
)
def eig(w, v, a):
    """Of simple eigenvalues; the vectors of length 1, the greatest entry of each real, as LAPACK gives them.

    ``v_dot`` is ``v`` times ``inv(v) @ a_dot @ v`` over the gaps (Giles, 2008, section 3.1), and what keeps the scale.
    """

    def jvp(a_dot):
        inner = np.linalg.solve(v, a_dot @ v)
        return np.diagonal(inner, axis1=-2, axis2=-1), eigenvector_tangents(inner, w, v)

    def vjp(w_bar, v_bar):
        return np.matrix_transpose((v * as_rows(w_bar)) @ np.linalg.inv(v)) + (
            np.linalg.solve(np.matrix_transpose(v), eigenvector_adjoint(v_bar, w, v) @ np.matrix_transpose(v))
        )

    return jvp, vjp


@rule(np.roots, kind="found_roots", cases=(case(draw(4)), case(draw(5)), case(np.array([1.0, -3.0, 2.0]))))
def roots(r, p):
    """Of simple roots: by the implicit function theorem."""

    def jvp(p_dot):
        return -(np.vander(r, len(p)) @ p_dot) / np.polyval(np.polyder(p), r)

    def vjp(r_bar):
        return -(r_bar / np.polyval(np.polyder(p), r)) @ np.vander(r, len(p))

    return jvp, vjp
