"""Choices between values: the greater, the lesser, the one a condition names."""

# mypy: allow-untyped-defs, allow-untyped-calls

import builtins

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import REAL, WHOLE, elementwise
from tangent_like.runtime import share


@elementwise(np.maximum, kind="arithmetic", domain=(REAL, REAL))
def maximum(z, x, y):
    return share(x, y), share(y, x)


@elementwise(np.minimum, kind="arithmetic", domain=(REAL, REAL))
def minimum(z, x, y):
    return share(y, x), share(x, y)


@elementwise(builtins.max, kind="numbers", domain=(REAL, REAL))
def greater(z, x, y):
    return share(x, y), share(y, x)


@elementwise(builtins.min, kind="numbers", domain=(REAL, REAL))
def lesser(z, x, y):
    return share(y, x), share(x, y)


@elementwise(np.fmax, kind="arithmetic", domain=(REAL, REAL))
def fmax(z, x, y):
    """A NaN loses against anything."""
    return np.where(np.isnan(y), 1, share(x, y)), np.where(np.isnan(x), 1, share(y, x))


@elementwise(np.fmin, kind="arithmetic", domain=(REAL, REAL))
def fmin(z, x, y):
    return np.where(np.isnan(y), 1, share(y, x)), np.where(np.isnan(x), 1, share(x, y))


@elementwise(
    np.clip,
    kind="arithmetic",
    aliases={"min": "a_min", "max": "a_max"},
    domain=(REAL, REAL, REAL),
    methods=("clip",),
    cases=(
        case(draw(9), -0.5, 0.7),
        case(draw(9), None, 0.7),
        case(draw(9), -0.5, None),
        case(draw(3, 4), a_min=draw(4, high=0), a_max=draw(3, 1, low=0)),
        case(draw(9), draw(9), draw(9)),
        case(draw(), -0.5, 0.7),
    ),
)
def clip(y, x, a_min=None, a_max=None):
    """``minimum(maximum(x, a_min), a_max)``: ties share, and where the bounds cross a_max wins."""
    return (
        (1.0 if a_min is None else share(x, a_min)) * (1.0 if a_max is None else share(a_max, x)),
        0.0 if a_min is None else share(a_min, x) * (1.0 if a_max is None else share(a_max, a_min)),
        0.0
        if a_max is None
        else share(x, a_max)
        if a_min is None
        else np.maximum(share(x, a_max), share(a_min, a_max)),
    )


@elementwise(np.where, kind="where", domain=(WHOLE, REAL, REAL), inactive=("c",))
def where(z, c, x, y):
    return np.not_equal(c, 0), np.equal(c, 0)
