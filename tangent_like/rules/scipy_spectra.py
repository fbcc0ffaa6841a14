"""``scipy.linalg``: eigenvalues and eigenvectors of any matrix, complex ones."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np
from scipy import linalg

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import rule
from tangent_like.runtime import as_rows, eigenvector_adjoint, eigenvector_tangents, eigenvectors

_KEPT = {"overwrite_a": (False,), "b": (None,)}


@rule(
    linalg.eigvals,
    kind="complex_values",
    inactive=("check_finite", "homogeneous_eigvals"),
    accepts={**_KEPT, "homogeneous_eigvals": (False,)},
    cases=(case(draw(3, 3)), case(draw(4, 4), None, False, True)),
)
def eigvals(w, a, b=None, overwrite_a=False, check_finite=True, homogeneous_eigvals=False):
    """Of simple eigenvalues (Giles, 2008, section 3.1)."""

    def jvp(a_dot):
        v = eigenvectors(a, w)
        return np.diagonal(np.linalg.solve(v, a_dot @ v), axis1=-2, axis2=-1)

    def vjp(w_bar):
        v = eigenvectors(a, w)
        return np.matrix_transpose((v * as_rows(w_bar)) @ np.linalg.inv(v))

    return jvp, vjp


@rule(
    linalg.eig,
    kind="complex_parts",
    results=("w", "vr"),
    inactive=("check_finite",),
    accepts={**_KEPT, "left": (False,), "right": (True,), "overwrite_b": (False,), "homogeneous_eigvals": (False,)},
    cases=(case(draw(3, 3)), case(draw(4, 4))),
)
def eig(
    w,
    v,
    a,
    b=None,
    left=False,
    right=True,
    overwrite_a=False,
    overwrite_b=False,
    check_finite=True,
    homogeneous_eigvals=False,
):
    """As ``np.linalg.eig``: simple eigenvalues, and vectors as LAPACK scales them."""

    def jvp(a_dot):
        inner = np.linalg.solve(v, a_dot @ v)
        return np.diagonal(inner, axis1=-2, axis2=-1), eigenvector_tangents(inner, w, v)

    def vjp(w_bar, v_bar):
        return np.matrix_transpose((v * as_rows(w_bar)) @ np.linalg.inv(v)) + (
            np.linalg.solve(np.matrix_transpose(v), eigenvector_adjoint(v_bar, w, v) @ np.matrix_transpose(v))
        )

    return jvp, vjp
