"""``np.add.outer`` and its like: a function of each pair of entries of two arrays."""

# mypy: allow-untyped-defs, allow-untyped-calls

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import Rule, constant, definition, known

_VECTORS = (case(draw(3), draw(4)), case(draw(2), draw(2)))
_OTHERS = (*_VECTORS, case(draw(2, 3), draw(4)), case(draw(2), draw(3, 2)))


@definition(np.add.outer, of=("x", "y"), cases=_OTHERS)
def add_outer(x, y):
    return (
        x + y
        if known(np.ndim(x) == 0 and np.ndim(y) == 0)
        else x[:, np.newaxis] + y
        if known(np.ndim(x) == 1 and np.ndim(y) == 1)
        else np.reshape(x, np.shape(x) + (1,) * np.ndim(y)) + y
    )


@definition(np.subtract.outer, of=("x", "y"), cases=_OTHERS)
def subtract_outer(x, y):
    return (
        x - y
        if known(np.ndim(x) == 0 and np.ndim(y) == 0)
        else x[:, np.newaxis] - y
        if known(np.ndim(x) == 1 and np.ndim(y) == 1)
        else np.reshape(x, np.shape(x) + (1,) * np.ndim(y)) - y
    )


@definition(np.multiply.outer, of=("x", "y"), cases=_OTHERS)
def multiply_outer(x, y):
    return (
        x * y
        if known(np.ndim(x) == 0 and np.ndim(y) == 0)
        else x[:, np.newaxis] * y
        if known(np.ndim(x) == 1 and np.ndim(y) == 1)
        else np.reshape(x, np.shape(x) + (1,) * np.ndim(y)) * y
    )


@definition(np.maximum.outer, of=("x", "y"), cases=_OTHERS)
def maximum_outer(x, y):
    return np.maximum(
        x
        if known(np.ndim(x) == 0 and np.ndim(y) == 0)
        else x[:, np.newaxis]
        if known(np.ndim(x) == 1 and np.ndim(y) == 1)
        else np.reshape(x, np.shape(x) + (1,) * np.ndim(y)),
        y,
    )


@definition(np.minimum.outer, of=("x", "y"), cases=_OTHERS)
def minimum_outer(x, y):
    return np.minimum(
        x
        if known(np.ndim(x) == 0 and np.ndim(y) == 0)
        else x[:, np.newaxis]
        if known(np.ndim(x) == 1 and np.ndim(y) == 1)
        else np.reshape(x, np.shape(x) + (1,) * np.ndim(y)),
        y,
    )


_POSITIVE = (
    case(draw(3, low=0.3), draw(4, low=0.3)),
    case(draw(2, 3, low=0.3), draw(4, low=0.3)),
    case(draw(2, low=0.3), draw(3, 2, low=0.3)),
    case(draw(3, low=0.3), draw(low=0.3)),
)  # fmt: skip


def _outer(function: np.ufunc) -> Rule:
    @definition(function.outer, of=("x", "y"), cases=_POSITIVE)
    def outer(x, y):
        return function(
            x
            if known(np.ndim(x) == 0 and np.ndim(y) == 0)
            else x[:, np.newaxis]
            if known(np.ndim(x) == 1 and np.ndim(y) == 1)
            else np.reshape(x, np.shape(x) + (1,) * np.ndim(y)),
            y,
        )

    return outer


divide_outer = _outer(np.divide)
power_outer = _outer(np.power)
float_power_outer = _outer(np.float_power)
remainder_outer = _outer(np.remainder)
fmod_outer = _outer(np.fmod)
hypot_outer = _outer(np.hypot)
arctan2_outer = _outer(np.arctan2)
logaddexp_outer = _outer(np.logaddexp)
logaddexp2_outer = _outer(np.logaddexp2)
fmax_outer = _outer(np.fmax)
fmin_outer = _outer(np.fmin)
copysign_outer = _outer(np.copysign)

tests = constant(
    *(f.outer for f in (np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal)),
    *(f.outer for f in (np.logical_and, np.logical_or, np.logical_xor)),
    *(f.reduce for f in (np.logical_and, np.logical_or, np.logical_xor)),
    *(f.accumulate for f in (np.logical_and, np.logical_or)),
    reason="its result is true or false",
)
