"""Diagonals and triangles of matrices. All linear."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import linear
from tangent_like.runtime import on_diagonal, unbroadcast

_SQUARES = (case(draw(3, 3)), case(draw(2, 4), 1), case(draw(2, 4, 3), k=-1), case(draw(3)))


@linear(np.tril, kind="triangle", cases=_SQUARES)
def tril(y_bar, y, x, k=0):
    """A vector is taken for the rows of a square."""
    return unbroadcast(np.tril(y_bar, k), x)


@linear(np.triu, kind="triangle", cases=_SQUARES)
def triu(y_bar, y, x, k=0):
    return unbroadcast(np.triu(y_bar, k), x)


@linear(
    np.trace,
    kind="trace",
    methods=("trace",),
    cases=(
        case(draw(3, 3)),
        case(draw(2, 4), 1),
        case(draw(2, 4, 3), offset=-1, axis1=1, axis2=2),
        case(draw(2, 4, 3), 0, 2, 0),
    ),
)
def trace(y_bar, y, x, offset=0, axis1=0, axis2=1, dtype=None):
    return on_diagonal(y_bar, x, offset, axis1, axis2)


@linear(
    np.diagonal,
    kind="diagonal",
    methods=("diagonal",),
    cases=(
        case(draw(3, 3)),
        case(draw(2, 4), 1),
        case(draw(2, 4, 3), offset=-1, axis1=1, axis2=2),
    ),
)
def diagonal(y_bar, y, x, offset=0, axis1=0, axis2=1):
    return on_diagonal(y_bar, x, offset, axis1, axis2)


@linear(
    np.diag,
    kind="diagonal_matrix",
    cases=(case(draw(3)), case(draw(3), -1), case(draw(3, 3)), case(draw(2, 4), k=1)),
)
def diag(y_bar, y, x, k=0):
    return np.diag(y_bar, k) if np.ndim(x) == 1 else on_diagonal(y_bar, x, k)


@linear(np.diagflat, kind="matrix", cases=(case(draw(3)), case(draw(2, 2), 1), case(draw(), k=-2)))
def diagflat(y_bar, y, x, k=0):
    return np.reshape(np.diagonal(y_bar, k), np.shape(x))
