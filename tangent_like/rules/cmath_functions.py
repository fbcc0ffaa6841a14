"""``cmath``: complex numbers of Python's."""

# mypy: allow-untyped-defs, allow-untyped-calls

import cmath

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import constant, elementwise

_ONE = (case(draw(low=-0.7, high=0.7)),)


@elementwise(cmath.exp, kind="complex_number", cases=_ONE)
def exp(y, z):
    return y


@elementwise(cmath.log, kind="complex_number", cases=_ONE)
def log(y, z):
    return 1 / z


@elementwise(cmath.sqrt, kind="complex_number", cases=_ONE)
def sqrt(y, z):
    return 0.5 / y


@elementwise(cmath.sin, kind="complex_number", cases=_ONE)
def sin(y, z):
    return np.cos(z)


@elementwise(cmath.cos, kind="complex_number", cases=_ONE)
def cos(y, z):
    return -np.sin(z)


@elementwise(cmath.tan, kind="complex_number", cases=_ONE)
def tan(y, z):
    return 1 + y * y


@elementwise(cmath.sinh, kind="complex_number", cases=_ONE)
def sinh(y, z):
    return np.cosh(z)


@elementwise(cmath.cosh, kind="complex_number", cases=_ONE)
def cosh(y, z):
    return np.sinh(z)


@elementwise(cmath.tanh, kind="complex_number", cases=_ONE)
def tanh(y, z):
    return 1 - y * y


@elementwise(cmath.atan, kind="complex_number", cases=_ONE)
def atan(y, z):
    return 1 / (1 + z * z)


@elementwise(cmath.asin, kind="complex_number", cases=_ONE)
def asin(y, z):
    return 1 / np.sqrt((1 - z) * (1 + z) + 0j)


@elementwise(cmath.acos, kind="complex_number", cases=_ONE)
def acos(y, z):
    return -1 / np.sqrt((1 - z) * (1 + z) + 0j)


@elementwise(cmath.phase, kind="real_number", cases=_ONE)
def phase(y, z):
    return -1j / z


@elementwise(cmath.rect, kind="complex_number", cases=(case(draw(low=0.5), draw()),))
def rect(z, r, phi):
    return z / r, 1j * z


_TRUTH = "its result is true or false"
tests = constant(cmath.isfinite, cmath.isnan, cmath.isinf, cmath.isclose, kind="bool", reason=_TRUTH)
