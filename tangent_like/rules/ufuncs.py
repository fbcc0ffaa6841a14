"""NumPy's elementwise functions.

Constants come from ``math``: a NumPy scalar such as ``np.log(2)`` would widen float32.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import (
    ABOVE_MINUS_ONE,
    ABOVE_ONE,
    POSITIVE,
    REAL,
    UNIT,
    WHOLE,
    elementwise,
)
from tangent_like.runtime import bessel_i1, quotient, sinc_slope


@elementwise(np.sqrt, domain=POSITIVE)
def sqrt(y, x):
    return 0.5 / y


@elementwise(np.cbrt, domain=POSITIVE)
def cbrt(y, x):
    return 1 / (3 * y**2)


@elementwise(np.exp)
def exp(y, x):
    return y


@elementwise(np.exp2)
def exp2(y, x):
    return y * math.log(2)


@elementwise(np.expm1)
def expm1(y, x):
    return y + 1


@elementwise(np.log, domain=POSITIVE)
def log(y, x):
    return 1 / x


@elementwise(np.log2, domain=POSITIVE)
def log2(y, x):
    return 1 / (x * math.log(2))


@elementwise(np.log10, domain=POSITIVE)
def log10(y, x):
    return 1 / (x * math.log(10))


@elementwise(np.log1p, domain=ABOVE_MINUS_ONE)
def log1p(y, x):
    return 1 / (1 + x)


@elementwise(np.logaddexp, domain=(REAL, REAL))
def logaddexp(z, x, y):
    # of two probabilities of 0, whose logarithms are -inf, the sum moves with neither
    return np.exp(x - np.where(z == -np.inf, 0.0, z)), np.exp(y - np.where(z == -np.inf, 0.0, z))


@elementwise(np.logaddexp2, domain=(REAL, REAL))
def logaddexp2(z, x, y):
    return np.exp2(x - np.where(z == -np.inf, 0.0, z)), np.exp2(y - np.where(z == -np.inf, 0.0, z))


@elementwise(np.sin)
def sin(y, x):
    return np.cos(x)


@elementwise(np.cos)
def cos(y, x):
    return -np.sin(x)


@elementwise(np.tan, domain=UNIT)
def tan(y, x):
    return 1 + y**2


@elementwise(np.arcsin, domain=UNIT)
def arcsin(y, x):
    return 1 / np.sqrt((1 - x) * (1 + x))


@elementwise(np.arccos, domain=UNIT)
def arccos(y, x):
    return -1 / np.sqrt((1 - x) * (1 + x))


@elementwise(np.arctan)
def arctan(y, x):
    return 1 / (1 + x * x)


@elementwise(np.arctan2, domain=(REAL, POSITIVE))
def arctan2(z, y, x):
    return x / (x * x + y * y), -y / (x * x + y * y)


@elementwise(np.sinh)
def sinh(y, x):
    return np.cosh(x)


@elementwise(np.cosh)
def cosh(y, x):
    return np.sinh(x)


@elementwise(np.tanh)
def tanh(y, x):
    return 1 - y**2


@elementwise(np.arcsinh)
def arcsinh(y, x):
    return 1 / np.hypot(1, x)


@elementwise(np.arccosh, domain=ABOVE_ONE)
def arccosh(y, x):
    return 1 / np.sqrt((x - 1) * (x + 1))


@elementwise(np.arctanh, domain=UNIT)
def arctanh(y, x):
    return 1 / ((1 - x) * (1 + x))


@elementwise(np.hypot, domain=(REAL, REAL))
def hypot(r, x, y):
    return quotient(x, r), quotient(y, r)


@elementwise(np.degrees, np.rad2deg)
def degrees(y, x):
    return 180 / math.pi


@elementwise(np.radians, np.deg2rad)
def radians(y, x):
    return math.pi / 180


@elementwise(np.sinc)
def sinc(y, x):
    return sinc_slope(x)


@elementwise(np.i0, kind="elementwise_array")
def i0(y, x):
    return bessel_i1(x)


@elementwise(np.heaviside, domain=(REAL, REAL), inactive=("x",))
def heaviside(z, x, y):
    """A step, that has the height ``y`` at 0."""
    return np.equal(x, 0)


@elementwise(np.ldexp, domain=(REAL, WHOLE), inactive=("i",))
def ldexp(y, x, i):
    return np.ldexp(np.ones_like(x), i)


@elementwise(
    np.nan_to_num,
    kind="first",
    accepts={"copy": (True,)},
    cases=(
        case(draw(3)),
        case(draw(3, holed=True)),
        case(np.array([1.0, np.inf, np.nan, -np.inf])),
        case(np.array([1.0, np.inf, np.nan, -np.inf]), nan=draw(), posinf=draw(), neginf=draw()),
    ),
    inactive=("copy",),
)
def nan_to_num(y, x, copy=True, nan=0.0, posinf=None, neginf=None):
    return np.isfinite(x), np.isnan(x), np.isposinf(x), np.isneginf(x)
