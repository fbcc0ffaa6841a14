"""Sums of products over named or listed axes: einsum, tensordot, kron, cross, convolutions."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np

from tangent_like.rules.cases import case, draw, positive
from tangent_like.rules.rule import definition, known, rule
from tangent_like.runtime import (
    convolve_left,
    correlate_left,
    correlate_right,
    cross_adjoint,
    einsum_adjoint,
    einsum_tangent,
    from_triangle,
    kron_left,
    kron_right,
    onto_triangle,
    pinv_adjoint,
    pinv_tangent,
    tensordot_left,
    tensordot_right,
    with_all,
)


def _since(name, module=np):
    """A function that this NumPy may lack: None then, as rules take it."""
    return getattr(module, name, None)


@rule(
    np.einsum,
    kind="einsum",
    each="operands",
    inactive=("optimize",),
    cases=(
        case("ij,jk->ik", draw(2, 3), draw(3, 4)),
        case("ij,jk", draw(2, 3), draw(3, 4)),
        case("i,j->ji", draw(2), draw(3)),
        case("i,i", draw(3), draw(3)),
        case("ii", draw(3, 3)),
        case("ii->i", draw(3, 3)),
        case("iij->ij", draw(3, 3, 2)),
        case("ij->", draw(2, 3)),
        case("ij->j", draw(2, 3)),
        case("ji", draw(2, 3)),
        case("ijk->kij", draw(2, 3, 4)),
        case("ij,ij,j->i", draw(2, 3), draw(2, 3), draw(3)),
        case("ij,jk,kl->il", draw(2, 3), draw(3, 4), draw(4, 2), optimize=True),
        case("...ij,...jk->...ik", draw(5, 2, 3), draw(3, 4)),
        case("...ij,...jk", draw(5, 2, 3), draw(5, 3, 4)),
        case("...i,i", draw(5, 2, 3), draw(3)),
        case("i...->...", draw(5, 2, 3)),
        case("...", draw(2, 3)),
        case("... , ...->...", draw(2, 1), draw(4, 1, 3)),
        case("i,->i", draw(3), draw()),
        case(",", draw(), draw()),
        case("ij,kl->", draw(2, 3), draw(4, 5)),
        case("ii,ii->i", draw(3, 3), draw(3, 3)),
        case("iji,j->ij", draw(3, 2, 3), draw(2)),
        case("ij,ij->ij", draw(1, 3), draw(2, 3)),
        case("i,i->i", draw(0), draw(0)),
    ),
)
def einsum(z, subscripts, *operands, optimize=False):
    def jvp(x_dot, k):
        return einsum_tangent(x_dot, k, subscripts, operands)

    def vjp(z_bar, k):
        return einsum_adjoint(z_bar, k, subscripts, operands)

    return jvp, vjp


@rule(
    np.tensordot,
    kind="tensordot",
    of=("x", "y"),
    cases=(
        case(draw(2, 3, 4), draw(3, 4, 5)),
        case(draw(2, 3), draw(3, 4), 1),
        case(draw(2, 3), draw(4, 5), axes=0),
        case(draw(3), draw(3), 1),
        case(draw(2, 3, 4), draw(4, 5, 3), axes=([1, 2], [2, 0])),
        case(draw(2, 3, 4), draw(4, 5, 3), axes=((-1, 1), (0, -1))),
        case(draw(2, 3, 4), draw(5, 3), axes=(1, 1)),
        case(draw(2, 0), draw(0, 3), 1),
    ),
)
def tensordot(z, x, y, axes=2):
    def jvp(x_dot, y_dot):
        return np.tensordot(x_dot, y, axes) + np.tensordot(x, y_dot, axes)

    def vjp(z_bar):
        return tensordot_left(z_bar, x, y, axes), tensordot_right(z_bar, x, y, axes)

    return jvp, vjp


@definition(
    _since("tensordot", np.linalg),
    of=("x", "y"),
    cases=(case(draw(2, 3, 4), draw(3, 4, 5)), case(draw(2, 3), draw(3, 4), axes=1)),
)
def linalg_tensordot(x, y, *, axes=2):
    return np.tensordot(x, y, axes=axes)


@rule(
    np.kron,
    kind="blocks_of_products",
    of=("x", "y"),
    cases=(
        case(draw(2, 3), draw(4, 5)),
        case(draw(2), draw(3)),
        case(draw(2), draw(3, 4)),
        case(draw(2, 3), draw(4)),
        case(draw(2, 1, 3), draw(2, 2)),
        case(draw(), draw(2, 3)),
        case(draw(2), draw()),
    ),
)
def kron(z, x, y):
    def jvp(x_dot, y_dot):
        return np.kron(x_dot, y) + np.kron(x, y_dot)

    def vjp(z_bar):
        return kron_left(z_bar, x, y), kron_right(z_bar, x, y)

    return jvp, vjp


@rule(
    np.cross,
    kind="arithmetic",
    of=("x", "y"),
    accepts={"axisa": (-1,), "axisb": (-1,), "axisc": (-1,)},
    cases=(
        case(draw(3), draw(3)),
        case(draw(4, 3), draw(3)),
        case(draw(3), draw(4, 3)),
        case(draw(2, 1, 3), draw(4, 3)),
        case(draw(3, 2), draw(3, 2), axis=0),
        case(draw(2, 3), draw(2, 3), axis=1),
    ),
)
def cross(z, x, y, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Of vectors of three entries."""

    def jvp(x_dot, y_dot):
        return np.cross(x_dot, y, axis=axis) + np.cross(x, y_dot, axis=axis)

    def vjp(z_bar):
        return (
            cross_adjoint(z_bar, y, x, -1 if axis is None else axis),
            cross_adjoint(-z_bar, x, y, -1 if axis is None else axis),
        )

    return jvp, vjp


@definition(
    np.cross,
    more=True,
    of=("x", "y"),
    accepts={"axis": (None,)},
    cases=(
        case(draw(3, 4), draw(3), axisa=0),
        case(draw(4, 3), draw(3, 4), axisb=0),
        case(draw(3, 4), draw(3, 4), 0, 0, 0),
        case(draw(2, 3, 4), draw(3), axisa=1, axisc=-2),
    ),
)
def cross_along(x, y, axisa=-1, axisb=-1, axisc=-1, axis=None):
    return np.moveaxis(np.cross(np.moveaxis(x, axisa, -1), np.moveaxis(y, axisb, -1)), -1, axisc)


@rule(
    _since("cross", np.linalg),
    kind="arithmetic",
    of=("x", "y"),
    cases=(case(draw(3), draw(3)), case(draw(3, 2), draw(3, 2), axis=0)),
)
def linalg_cross(z, x, y, *, axis=-1):
    def jvp(x_dot, y_dot):
        return np.cross(x_dot, y, axis=axis) + np.cross(x, y_dot, axis=axis)

    def vjp(z_bar):
        return cross_adjoint(z_bar, y, x, axis), cross_adjoint(-z_bar, x, y, axis)

    return jvp, vjp


_SIZES = ((5, 3), (3, 5), (4, 4), (6, 2), (2, 1))
_MODES = tuple(case(draw(m), draw(n), mode) for mode in ("full", "same", "valid") for m, n in _SIZES)


@rule(np.convolve, kind="convolved", of=("x", "y"), cases=(case(draw(5), draw(3)), *_MODES, case(draw(4), draw())))
def convolve(z, x, y, mode="full"):
    def jvp(x_dot, y_dot):
        return np.convolve(x_dot, y, mode) + np.convolve(x, y_dot, mode)

    def vjp(z_bar):
        return convolve_left(z_bar, x, y, mode), convolve_left(z_bar, y, x, mode)

    return jvp, vjp


@rule(np.correlate, kind="convolved", of=("x", "y"), cases=(case(draw(5), draw(3)), *_MODES))
def correlate(z, x, y, mode="valid"):
    def jvp(x_dot, y_dot):
        return np.correlate(x_dot, y, mode) + np.correlate(x, y_dot, mode)

    def vjp(z_bar):
        return correlate_left(z_bar, x, y, mode), correlate_right(z_bar, x, y, mode)

    return jvp, vjp


@rule(
    np.linalg.tensorsolve,
    kind="unknown",
    of=("a", "b"),
    accepts={"axes": (None,)},
    cases=(case(draw(2, 3, 6), draw(2, 3)), case(draw(6, 2, 3), draw(6))),
)
def tensorsolve(x, a, b, axes=None):
    def jvp(a_dot, b_dot):
        return np.linalg.tensorsolve(a, b_dot) - np.linalg.tensorsolve(a, np.tensordot(a_dot, x, np.ndim(x)))

    def vjp(x_bar):
        lam = np.linalg.solve(np.reshape(a, (np.size(b), np.size(x))).T, np.ravel(x_bar))
        return np.reshape(-np.outer(lam, x), np.shape(a)), np.reshape(lam, np.shape(b))

    return jvp, vjp


@rule(np.linalg.tensorinv, kind="unknown", cases=(case(draw(4, 6, 8, 3)), case(draw(6, 2, 3), ind=1)))
def tensorinv(y, a, ind=2):
    def jvp(a_dot):
        inverse = np.reshape(y, (math.isqrt(np.size(y)), -1))
        return np.reshape(-(inverse @ np.reshape(a_dot, np.shape(inverse)) @ inverse), np.shape(y))

    def vjp(y_bar):
        inverse = np.reshape(y, (math.isqrt(np.size(y)), -1)).T
        return np.reshape(-(inverse @ np.reshape(y_bar, np.shape(inverse)) @ inverse), np.shape(a))

    return jvp, vjp


@definition(
    _since("vecdot"),
    _since("vecdot", np.linalg),
    of=("x", "y"),
    cases=(case(draw(3), draw(3)), case(draw(2, 3), draw(3)), case(draw(3, 2), draw(3, 2), axis=0)),
)
def vecdot(x, y, *, axis=-1):
    """The axis is counted in each of the two: they need not have as many."""
    return (
        np.sum(x * y, axis=-1)
        if known(axis == -1)
        else np.sum(np.moveaxis(x, axis, -1) * np.moveaxis(y, axis, -1), axis=-1)
    )


@definition(_since("matvec"), of=("x", "y"), cases=(case(draw(2, 3), draw(3)), case(draw(4, 2, 3), draw(4, 3))))
def matvec(x, y):
    return np.squeeze(np.matmul(x, np.expand_dims(y, -1)), axis=-1)


@definition(_since("vecmat"), of=("x", "y"), cases=(case(draw(2), draw(2, 3)), case(draw(4, 2), draw(4, 2, 3))))
def vecmat(x, y):
    return np.squeeze(np.matmul(np.expand_dims(x, -2), y), axis=-2)


@rule(
    np.linalg.pinv,
    kind="transposed",
    inactive=("rcond", "rtol"),
    accepts={"hermitian": (False,)},
    cases=(
        case(draw(3, 3)),
        case(draw(4, 2)),
        case(draw(2, 4)),
        case(draw(5, 3, 2)),
        case(draw(3, 2), 1e-12),
        case(draw(3, 2), rcond=1e-12),
        case(draw(4, 3, 2), np.full(4, 1e-9)),
    ),
)
def pinv(p, a, rcond=None, hermitian=False, *, rtol=None):
    """Of a rank that does not change."""

    def jvp(a_dot):
        return pinv_tangent(
            a_dot, p, a if rcond is None and rtol is None else with_all(a, rcond if rtol is None else rtol)
        )

    def vjp(p_bar):
        return pinv_adjoint(
            p_bar, p, a if rcond is None and rtol is None else with_all(a, rcond if rtol is None else rtol)
        )

    return jvp, vjp


@rule(
    np.linalg.pinv,
    more=True,
    kind="transposed",
    accepts={"hermitian": (True,), "rcond": (None,), "rtol": (None,)},
    cases=(case(positive(3), hermitian=True), case(positive(2, 3), hermitian=True)),
)
def pinv_of_symmetric(p, a, rcond=None, hermitian=False, *, rtol=None):
    """Of the lower triangle, and of a rank that does not change."""

    def jvp(a_dot):
        return pinv_tangent(from_triangle(a_dot), p, from_triangle(a))

    def vjp(p_bar):
        return onto_triangle(pinv_adjoint(p_bar, p, from_triangle(a)))

    return jvp, vjp


@definition(_since("outer", np.linalg), of=("x", "y"), cases=(case(draw(2), draw(3)),))
def linalg_outer(x, y):
    return np.outer(x, y)


@definition(
    _since("matmul", np.linalg),
    of=("x", "y"),
    cases=(case(draw(2, 3), draw(3)), case(draw(5, 2, 3), draw(3, 4))),
)
def linalg_matmul(x, y):
    return np.matmul(x, y)


@definition(_since("matrix_transpose", np.linalg), cases=(case(draw(2, 3)), case(draw(4, 2, 3))))
def linalg_matrix_transpose(x):
    return np.swapaxes(x, -1, -2)


@definition(_since("trace", np.linalg), cases=(case(draw(2, 3)), case(draw(4, 2, 3), offset=1)))
def linalg_trace(x, *, offset=0):
    return np.trace(x, offset, -2, -1)


@definition(_since("diagonal", np.linalg), cases=(case(draw(2, 3)), case(draw(4, 2, 3), offset=1)))
def linalg_diagonal(x, *, offset=0):
    return np.diagonal(x, offset, -2, -1)
