"""``np.add.outer`` and its like: a function of each pair of entries of two vectors."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import definition, known

_VECTORS = (case(draw(3), draw(4)), case(draw(2), draw(2)))
_OTHERS = (*_VECTORS, case(draw(2, 3), draw(4)), case(draw(2), draw(3, 2)))


@definition(np.add.outer, of=("x", "y"), cases=_OTHERS)
def add_outer(x, y):
    return (
        x[:, np.newaxis] + y
        if known(np.ndim(x) == 1 and np.ndim(y) == 1)
        else np.reshape(x, np.shape(x) + (1,) * np.ndim(y)) + y
    )


@definition(np.subtract.outer, of=("x", "y"), cases=_OTHERS)
def subtract_outer(x, y):
    return (
        x[:, np.newaxis] - y
        if known(np.ndim(x) == 1 and np.ndim(y) == 1)
        else np.reshape(x, np.shape(x) + (1,) * np.ndim(y)) - y
    )


@definition(np.multiply.outer, of=("x", "y"), cases=_OTHERS)
def multiply_outer(x, y):
    return (
        x[:, np.newaxis] * y
        if known(np.ndim(x) == 1 and np.ndim(y) == 1)
        else np.reshape(x, np.shape(x) + (1,) * np.ndim(y)) * y
    )


@definition(np.maximum.outer, of=("x", "y"), cases=_OTHERS)
def maximum_outer(x, y):
    return np.maximum(
        x[:, np.newaxis]
        if known(np.ndim(x) == 1 and np.ndim(y) == 1)
        else np.reshape(x, np.shape(x) + (1,) * np.ndim(y)),
        y,
    )


@definition(np.minimum.outer, of=("x", "y"), cases=_OTHERS)
def minimum_outer(x, y):
    return np.minimum(
        x[:, np.newaxis]
        if known(np.ndim(x) == 1 and np.ndim(y) == 1)
        else np.reshape(x, np.shape(x) + (1,) * np.ndim(y)),
        y,
    )
