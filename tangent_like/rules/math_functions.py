"""The functions of ``math``: on Python numbers, where an infinite slope is a ZeroDivisionError."""

# mypy: allow-untyped-defs, allow-untyped-calls

import math

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import (
    ABOVE_MINUS_ONE,
    ABOVE_ONE,
    POSITIVE,
    REAL,
    UNIT,
    WHOLE,
    Domain,
    elementwise,
)
from tangent_like.runtime import digamma, lowered, quotient, safe_log, sign


@elementwise(math.fabs, kind="scalar")
def fabs(y, x):
    return sign(x)


@elementwise(math.fmod, math.remainder, kind="scalar", domain=(REAL, POSITIVE))
def fmod(z, x, y):
    """``z`` is ``x`` less a whole number of ``y``, which ``(x - z) / y`` gives back."""
    return 1.0, (z - x) / y


@elementwise(math.copysign, kind="scalar", domain=(REAL, Domain(0.5, 2.0)), inactive=("y",))
def copysign(z, x, y):
    return sign(x) * math.copysign(1.0, y)


@elementwise(math.ldexp, kind="scalar", domain=(REAL, WHOLE), inactive=("i",))
def ldexp(y, x, i):
    return math.ldexp(1.0, i)


@elementwise(math.pow, kind="scalar", domain=(POSITIVE, REAL))
def power(z, x, y):
    return y * x ** lowered(y), z * safe_log(x)


@elementwise(math.sqrt, kind="scalar", domain=POSITIVE)
def sqrt(y, x):
    return 0.5 / y


@elementwise(getattr(math, "cbrt", None), kind="scalar", domain=POSITIVE)  # Python 3.11
def cbrt(y, x):
    return 1 / (3 * y**2)


@elementwise(math.exp, kind="scalar")
def exp(y, x):
    return y


@elementwise(getattr(math, "exp2", None), kind="scalar")  # Python 3.11
def exp2(y, x):
    return y * math.log(2)


@elementwise(math.expm1, kind="scalar")
def expm1(y, x):
    return y + 1


@elementwise(
    math.log,
    kind="scalar",
    domain=(POSITIVE, ABOVE_ONE),
    cases=(case(draw(low=0.5)), case(draw(low=0.5), draw(low=1.5)), case(draw(low=0.5), 10)),
)
def log(y, x, base=None):
    """``base`` is left out, or given: the compiler knows which, and keeps that arm alone."""
    return (
        1 / x if base is None else 1 / (x * math.log(base)),
        0.0 if base is None else -y / (base * math.log(base)),
    )


@elementwise(math.log2, kind="scalar", domain=POSITIVE)
def log2(y, x):
    return 1 / (x * math.log(2))


@elementwise(math.log10, kind="scalar", domain=POSITIVE)
def log10(y, x):
    return 1 / (x * math.log(10))


@elementwise(math.log1p, kind="scalar", domain=ABOVE_MINUS_ONE)
def log1p(y, x):
    return 1 / (1 + x)


@elementwise(math.sin, kind="scalar")
def sin(y, x):
    return math.cos(x)


@elementwise(math.cos, kind="scalar")
def cos(y, x):
    return -math.sin(x)


@elementwise(math.tan, kind="scalar", domain=UNIT)
def tan(y, x):
    return 1 + y**2


@elementwise(math.asin, kind="scalar", domain=UNIT)
def asin(y, x):
    return 1 / math.sqrt((1 - x) * (1 + x))


@elementwise(math.acos, kind="scalar", domain=UNIT)
def acos(y, x):
    return -1 / math.sqrt((1 - x) * (1 + x))


@elementwise(math.atan, kind="scalar")
def atan(y, x):
    return 1 / (1 + x * x)


@elementwise(math.atan2, kind="scalar", domain=(REAL, POSITIVE))
def atan2(z, y, x):
    return x / (x * x + y * y), -y / (x * x + y * y)


@elementwise(math.sinh, kind="scalar")
def sinh(y, x):
    return math.cosh(x)


@elementwise(math.cosh, kind="scalar")
def cosh(y, x):
    return math.sinh(x)


@elementwise(math.tanh, kind="scalar")
def tanh(y, x):
    return 1 - y**2


@elementwise(math.asinh, kind="scalar")
def asinh(y, x):
    return 1 / math.hypot(1, x)


@elementwise(math.acosh, kind="scalar", domain=ABOVE_ONE)
def acosh(y, x):
    return 1 / math.sqrt((x - 1) * (x + 1))


@elementwise(math.atanh, kind="scalar", domain=UNIT)
def atanh(y, x):
    return 1 / ((1 - x) * (1 + x))


@elementwise(math.hypot, kind="scalar", domain=(REAL, REAL))
def hypot(r, x, y):
    return quotient(x, r), quotient(y, r)


@elementwise(math.degrees, kind="scalar")
def degrees(y, x):
    return 180 / math.pi


@elementwise(math.radians, kind="scalar")
def radians(y, x):
    return math.pi / 180


@elementwise(math.erf, kind="scalar")
def erf(y, x):
    return 2 / math.sqrt(math.pi) * math.exp(-(x**2))


@elementwise(math.erfc, kind="scalar")
def erfc(y, x):
    return -2 / math.sqrt(math.pi) * math.exp(-(x**2))


@elementwise(math.gamma, kind="scalar", domain=POSITIVE)
def gamma(y, x):
    return y * digamma(x)


@elementwise(math.lgamma, kind="scalar", domain=POSITIVE)
def lgamma(y, x):
    return digamma(x)


@elementwise(getattr(math, "fma", None), kind="scalar", domain=(REAL, REAL, REAL))  # Python 3.13
def fma(r, x, y, z):
    return y, x, 1.0
