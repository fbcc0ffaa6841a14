"""Products of vectors, matrices and stacks of them."""

# mypy: allow-untyped-defs, allow-untyped-calls

import operator

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import rule
from tangent_like.runtime import (
    dot_left,
    dot_right,
    inner_left,
    inner_right,
    matmul_left,
    matmul_right,
    outer_left,
    outer_right,
)

_FLAT = (
    case(draw(3), draw(3)),
    case(draw(2, 3), draw(3)),
    case(draw(3), draw(3, 4)),
    case(draw(2, 3), draw(3, 4)),
    case(draw(0, 3), draw(3, 4)),
    case(draw(2, 0), draw(0, 4)),
)
_SCALED = (case(draw(), draw()), case(draw(), draw(2, 3)), case(draw(3), draw()))


@rule(
    operator.matmul,
    np.matmul,
    kind="matmul",
    of=("x", "y"),
    cases=(
        *_FLAT,
        case(draw(5, 2, 3), draw(5, 3, 4)),
        case(draw(5, 2, 3), draw(3, 4)),
        case(draw(2, 3), draw(5, 3, 4)),
        case(draw(5, 1, 2, 3), draw(6, 3, 4)),
        case(draw(5, 2, 3), draw(3)),
        case(draw(3), draw(5, 3, 4)),
        case(draw(1, 2, 3), draw(5, 3, 1)),
    ),
)
def matmul(z, x, y):
    def jvp(x_dot, y_dot):
        return x_dot @ y + x @ y_dot

    def vjp(z_bar):
        return matmul_left(z_bar, x, y), matmul_right(z_bar, x, y)

    return jvp, vjp


@rule(
    np.dot,
    kind="dot",
    of=("x", "y"),
    methods=("dot",),
    cases=(
        *_FLAT,
        *_SCALED,
        case(draw(5, 2, 3), draw(3)),
        case(draw(3), draw(5, 3, 4)),
        case(draw(5, 2, 3), draw(6, 7, 3, 4)),
    ),
)
def dot(z, x, y):
    def jvp(x_dot, y_dot):
        return np.dot(x_dot, y) + np.dot(x, y_dot)

    def vjp(z_bar):
        return dot_left(z_bar, x, y), dot_right(z_bar, x, y)

    return jvp, vjp


@rule(
    np.inner,
    kind="inner",
    of=("x", "y"),
    cases=(
        *_SCALED,
        case(draw(3), draw(3)),
        case(draw(2, 3), draw(3)),
        case(draw(3), draw(4, 3)),
        case(draw(2, 3), draw(4, 3)),
        case(draw(5, 2, 3), draw(6, 4, 3)),
        case(draw(0, 3), draw(4, 3)),
    ),
)
def inner(z, x, y):
    def jvp(x_dot, y_dot):
        return np.inner(x_dot, y) + np.inner(x, y_dot)

    def vjp(z_bar):
        return inner_left(z_bar, x, y), inner_right(z_bar, x, y)

    return jvp, vjp


@rule(
    np.outer,
    kind="outer",
    of=("x", "y"),
    cases=(
        case(draw(), draw(3)),
        case(draw(2), draw(3)),
        case(draw(2, 2), draw(3, 1)),
        case(draw(0), draw(3)),
    ),
)
def outer(z, x, y):
    def jvp(x_dot, y_dot):
        return np.outer(x_dot, y) + np.outer(x, y_dot)

    def vjp(z_bar):
        return outer_left(z_bar, x, y), outer_right(z_bar, x, y)

    return jvp, vjp


@rule(
    np.vdot,
    kind="inner_number",
    of=("x", "y"),
    cases=(
        case(draw(), draw()),
        case(draw(3), draw(3)),
        case(draw(2, 3), draw(3, 2)),
        case(draw(0), draw(0)),
    ),
)
def vdot(z, x, y):
    """Of real arrays, flattened."""

    def jvp(x_dot, y_dot):
        return np.vdot(x_dot, y) + np.vdot(x, y_dot)

    def vjp(z_bar):
        return np.reshape(z_bar * y, np.shape(x)), np.reshape(z_bar * x, np.shape(y))

    return jvp, vjp
