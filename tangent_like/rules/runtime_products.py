"""The helpers of products over axes, and of linear algebra: what is linear in each of two operands stays so."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import rule
from tangent_like.runtime import (
    cofactors,
    convolve_left,
    correlate_left,
    correlate_right,
    each_matrix,
    einsum_adjoint,
    einsum_tangent,
    kron_left,
    kron_right,
    multi_dot_adjoint,
    norm_bends,
    norm_slope,
    over_gaps,
    replaced,
    spectral_bend,
    spread,
    tensordot_left,
    tensordot_right,
    unbroadcast,
)

_TENSORS = (
    case(draw(2, 4), draw(2, 3), draw(3, 4), 1),
    case(draw(2, 5), draw(2, 3, 4), draw(3, 4, 5)),
    case(draw(2, 5), draw(2, 3, 4), draw(4, 5, 3), ((1, 2), (2, 0))),
    case(draw(), draw(2, 3), draw(3, 4), 1),
)


@rule(over_gaps, kind="like_x", of=("x", "w"), cases=(case(draw(3, 3), draw(3)), case(draw(2, 3, 3), draw(2, 3))))
def over_gaps_rule(y, x, w):
    """In two parts that are each over gaps: of eigenvalues that agree, 0 stays 0, and nothing else is hidden."""

    def jvp(x_dot, w_dot):
        return over_gaps(x_dot, w) + over_gaps(y * (w_dot[..., :, None] - w_dot[..., None, :]), w)

    def vjp(y_bar):
        shares = over_gaps(y_bar * y, w)
        return over_gaps(y_bar, w), np.sum(shares, axis=-1) - np.sum(shares, axis=-2)

    return jvp, vjp


@rule(tensordot_left, kind="like_x", of=("z_bar", "y"), inactive=("x",), cases=_TENSORS)
def tensordot_left_rule(w, z_bar, x, y, axes=2):
    def jvp(z_dot, y_dot):
        return tensordot_left(z_dot, x, y, axes) + tensordot_left(z_bar, x, y_dot, axes)

    def vjp(w_bar):
        return unbroadcast(np.tensordot(w_bar, y, axes), z_bar), tensordot_right(z_bar, w_bar, y, axes)

    return jvp, vjp


@rule(tensordot_right, kind="like_y", of=("z_bar", "x"), inactive=("y",), cases=_TENSORS)
def tensordot_right_rule(w, z_bar, x, y, axes=2):
    def jvp(z_dot, x_dot):
        return tensordot_right(z_dot, x, y, axes) + tensordot_right(z_bar, x_dot, y, axes)

    def vjp(w_bar):
        return unbroadcast(np.tensordot(x, w_bar, axes), z_bar), tensordot_left(z_bar, x, w_bar, axes)

    return jvp, vjp


_SUMS = (
    case(draw(2, 4), 0, "ij,jk->ik", (draw(2, 3), draw(3, 4))),
    case(draw(2, 4), 1, "ij,jk", (draw(2, 3), draw(3, 4))),
    case(draw(5, 2), 1, "...ij,j,i->...i", (draw(5, 2, 3), draw(3), draw(2))),
    case(draw(2, 1, 3), 0, "...k,...k->...k", (draw(1, 3), draw(2, 1, 3))),
    case(draw(3), 0, "iji,j->i", (draw(3, 2, 3), draw(2))),
    case(draw(), 1, "i,j->", (draw(2), draw(3))),
)


@rule(
    einsum_adjoint,
    kind="like_operand",
    of=("y_bar", "operands"),
    each="operands",
    but="k",
    inactive=("k", "subscripts"),
    cases=_SUMS,
)
def einsum_adjoint_rule(x_bar, y_bar, k, subscripts, operands):
    """Linear in what flows back, and in each of the other operands."""

    def jvp(y_dot, x_dot, j):
        return (
            einsum_adjoint(y_dot, k, subscripts, operands),
            einsum_adjoint(y_bar, k, subscripts, replaced(operands, j, x_dot)),
        )

    def vjp(z_bar, j):
        return (
            einsum_tangent(z_bar, k, subscripts, operands),
            einsum_adjoint(y_bar, j, subscripts, replaced(operands, k, z_bar)),
        )

    return jvp, vjp


@rule(
    einsum_tangent,
    kind="einsum",
    of=("x_dot", "operands"),
    each="operands",
    but="k",
    inactive=("k", "subscripts"),
    cases=(
        case(draw(2, 3), 0, "ij,jk->ik", (draw(2, 3), draw(3, 4))),
        case(draw(3), 1, "...ij,j,i->...i", (draw(5, 2, 3), draw(3), draw(2))),
        case(draw(3, 2, 3), 0, "iji,j->i", (draw(3, 2, 3), draw(2))),
    ),
)
def einsum_tangent_rule(y_dot, x_dot, k, subscripts, operands):
    def jvp(moved_dot, z_dot, j):
        return (
            einsum_tangent(moved_dot, k, subscripts, operands),
            einsum_tangent(x_dot, k, subscripts, replaced(operands, j, z_dot)),
        )

    def vjp(w_bar, j):
        return (
            einsum_adjoint(w_bar, k, subscripts, operands),
            einsum_adjoint(w_bar, j, subscripts, replaced(operands, k, x_dot)),
        )

    return jvp, vjp


@rule(
    multi_dot_adjoint,
    kind="like_operand",
    of=("y_bar", "arrays"),
    each="arrays",
    but="k",
    inactive=("k",),
    cases=(
        case(draw(2, 2), 1, [draw(2, 3), draw(3, 4), draw(4, 2)]),
        case(draw(), 0, [draw(3), draw(3, 4), draw(4, 2), draw(2)]),
        case(draw(2), 2, [draw(3), draw(3, 4), draw(4, 2)]),
    ),
)
def multi_dot_adjoint_rule(x_bar, y_bar, k, arrays):
    def jvp(y_dot, x_dot, j):
        return multi_dot_adjoint(y_dot, k, arrays), multi_dot_adjoint(y_bar, k, replaced(arrays, j, x_dot))

    def vjp(z_bar, j):
        return (
            np.linalg.multi_dot(replaced(arrays, k, z_bar)),
            multi_dot_adjoint(y_bar, j, replaced(arrays, k, z_bar)),
        )

    return jvp, vjp


_BLOCKS = (
    case(draw(6), draw(2), draw(3)),
    case(draw(2, 12), draw(1, 4), draw(2, 3)),
    case(draw(2, 12), draw(4), draw(2, 3)),
    case(draw(), draw(2), draw(3)),
)


@rule(kron_left, kind="like_x", of=("z_bar", "y"), inactive=("x",), cases=_BLOCKS)
def kron_left_rule(w, z_bar, x, y):
    def jvp(z_dot, y_dot):
        return kron_left(z_dot, x, y) + kron_left(z_bar, x, y_dot)

    def vjp(w_bar):
        return unbroadcast(np.kron(w_bar, y), z_bar), kron_right(z_bar, w_bar, y)

    return jvp, vjp


@rule(kron_right, kind="like_y", of=("z_bar", "x"), inactive=("y",), cases=_BLOCKS)
def kron_right_rule(w, z_bar, x, y):
    def jvp(z_dot, x_dot):
        return kron_right(z_dot, x, y) + kron_right(z_bar, x_dot, y)

    def vjp(w_bar):
        return unbroadcast(np.kron(x, w_bar), z_bar), kron_left(z_bar, x, w_bar)

    return jvp, vjp


_CONVOLVED = (
    case(draw(7), draw(5), draw(3)),
    case(draw(5), draw(5), draw(3), "same"),
    case(draw(5), draw(3), draw(5), "same"),
    case(draw(4), draw(4), draw(4), "same"),
    case(draw(3), draw(3), draw(5), "valid"),
)


@rule(convolve_left, kind="like_x", of=("z_bar", "y"), inactive=("x",), cases=_CONVOLVED)
def convolve_left_rule(w, z_bar, x, y, mode="full"):
    def jvp(z_dot, y_dot):
        return convolve_left(z_dot, x, y, mode) + convolve_left(z_bar, x, y_dot, mode)

    def vjp(w_bar):
        return unbroadcast(np.convolve(w_bar, y, mode), z_bar), convolve_left(z_bar, y, w_bar, mode)

    return jvp, vjp


_CORRELATED = (
    case(draw(3), draw(5), draw(3)),
    case(draw(7), draw(5), draw(3), "full"),
    case(draw(5), draw(3), draw(5), "same"),
    case(draw(4), draw(4), draw(4), "same"),
    case(draw(5), draw(5), draw(2), "same"),
)


@rule(correlate_left, kind="like_x", of=("z_bar", "y"), inactive=("x",), cases=_CORRELATED)
def correlate_left_rule(w, z_bar, x, y, mode="valid"):
    def jvp(z_dot, y_dot):
        return correlate_left(z_dot, x, y, mode) + correlate_left(z_bar, x, y_dot, mode)

    def vjp(w_bar):
        return unbroadcast(np.correlate(w_bar, y, mode), z_bar), correlate_right(z_bar, w_bar, y, mode)

    return jvp, vjp


@rule(correlate_right, kind="like_y", of=("z_bar", "x"), inactive=("y",), cases=_CORRELATED)
def correlate_right_rule(w, z_bar, x, y, mode="valid"):
    def jvp(z_dot, x_dot):
        return correlate_right(z_dot, x, y, mode) + correlate_right(z_bar, x_dot, y, mode)

    def vjp(w_bar):
        return unbroadcast(np.correlate(x, w_bar, mode), z_bar), correlate_left(z_bar, x, w_bar, mode)

    return jvp, vjp


@rule(cofactors, kind="like_a", of=("a", "d"), cases=(case(draw(3, 3), draw()), case(draw(2, 2, 2), draw(2))))
def cofactors_rule(c, a, d):
    """Of matrices that have an inverse."""

    def jvp(a_dot, d_dot):
        inverse = np.matrix_transpose(np.linalg.inv(a))
        return each_matrix(d_dot) * inverse - each_matrix(d) * (inverse @ np.matrix_transpose(a_dot) @ inverse)

    def vjp(c_bar):
        inverse = np.matrix_transpose(np.linalg.inv(a))
        return (
            -each_matrix(d) * (inverse @ np.matrix_transpose(c_bar) @ inverse),
            np.sum(c_bar * inverse, axis=(-2, -1)),
        )

    return jvp, vjp


@rule(
    norm_slope,
    kind="like_x",
    of=("x", "y"),
    cases=(
        case(draw(3), draw(low=0.5)),
        *(case(draw(3), draw(low=0.5), p) for p in (2, 3, 1.5, 4)),
        case(draw(2, 3), draw(2, low=0.5), 3, 1),
        case(draw(2, 3), draw(1, 3, low=0.5), 3, 0, True),
        case(draw(2, 3), draw(3, low=0.5), None, 0),
        *(case(np.array([0.3, -0.9, 0.5]), draw(low=0.5), p) for p in (1, -1)),
        *(case(draw(3, 2), draw(low=0.5), p) for p in (2, -2, "nuc")),
        case(draw(2, 4, 3), draw(4, low=0.5), "nuc", (2, 0)),
    ),
)
def norm_slope_rule(s, x, y, order=None, axis=None, keepdims=False):
    def jvp(x_dot, y_dot):
        bends = norm_bends(x, y, order, axis, keepdims)
        return (
            bends[0] * x_dot + spectral_bend(x_dot, x, order, axis)
            if order in (2, -2, "nuc")
            else bends[0] * x_dot
        ) + bends[1] * spread(y_dot, x, axis, keepdims)

    def vjp(s_bar):
        bends = norm_bends(x, y, order, axis, keepdims)
        return (
            bends[0] * s_bar + spectral_bend(s_bar, x, order, axis)
            if order in (2, -2, "nuc")
            else bends[0] * s_bar,
            np.sum(bends[1] * s_bar, axis=axis, keepdims=keepdims),
        )

    return jvp, vjp
