"""The operators of Python, and the NumPy and built-in functions that mean the same.

Kind "arithmetic" keeps whole numbers whole, where "elementwise" makes floats of them.
"""

# Rules are unannotated, as their text goes into derivatives.
# mypy: allow-untyped-defs, allow-untyped-calls

import builtins
import operator

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import POSITIVE, REAL, Domain, elementwise
from tangent_like.runtime import lowered, safe_log, sign


@elementwise(operator.add, np.add, kind="arithmetic", domain=(REAL, REAL))
def add(z, x, y):
    return 1.0, 1.0


@elementwise(operator.sub, np.subtract, kind="arithmetic", domain=(REAL, REAL))
def sub(z, x, y):
    return 1.0, -1.0


@elementwise(operator.mul, np.multiply, kind="arithmetic", domain=(REAL, REAL))
def mul(z, x, y):
    return y, x


@elementwise(operator.truediv, np.divide, domain=(REAL, POSITIVE))
def truediv(z, x, y):
    return 1 / y, -z / y


@elementwise(operator.mod, np.remainder, kind="arithmetic", domain=(REAL, POSITIVE))
def mod(z, x, y):
    """The sawtooth's slope; at a jump that of the tooth the value is on."""
    return 1.0, -(x // y)


@elementwise(np.fmod, kind="arithmetic", domain=(REAL, POSITIVE))
def fmod(z, x, y):
    return 1.0, (z - x) / y


@elementwise(
    operator.pow,
    builtins.pow,
    np.power,
    kind="arithmetic",
    domain=(POSITIVE, REAL),
    cases=(
        case(draw(), 3),
        case(draw(5), 2),
        case(draw(5), 0),
        case(draw(5), -1),
        case(2, draw()),
        case(draw(5), np.array([0, 1, 2, 3, 0])),
    ),
)
def power(z, x, y):
    """In the exponent, 0 where the base is not positive: no derivative is defined there."""
    return y * x ** lowered(y), z * safe_log(x)


@elementwise(np.float_power, kind="unknown", domain=(POSITIVE, REAL))
def float_power(z, x, y):
    return y * np.float_power(x, lowered(y)), z * safe_log(x)


@elementwise(operator.neg, np.negative, kind="arithmetic")
def neg(y, x):
    return -1.0


@elementwise(operator.pos, np.positive, kind="arithmetic")
def pos(y, x):
    return 1.0


@elementwise(builtins.float, kind="scalar")
def to_float(y, x):
    return 1.0


@elementwise(np.float64, kind="float64")
def to_float64(y, x):
    return 1.0


@elementwise(np.float32, kind="float32")
def to_float32(y, x):
    return 1.0


@elementwise(operator.abs, builtins.abs, kind="arithmetic")
def abs(y, x):
    return sign(x)


@elementwise(np.absolute, kind="arithmetic")
def absolute(y, x):
    """A number may have become complex: Python's ``(-2.0) ** 0.5``."""
    return sign(x)


@elementwise(np.fabs, kind="arithmetic")
def fabs(y, x):
    return np.sign(x)


@elementwise(np.square, kind="arithmetic")
def square(y, x):
    return 2 * x


@elementwise(np.reciprocal, kind="arithmetic", domain=POSITIVE)
def reciprocal(y, x):
    return -y * y


@elementwise(np.copysign, domain=(REAL, Domain(-2.0, -0.5)), inactive=("y",))
def copysign(z, x, y):
    return np.sign(x) * np.copysign(1.0, y)
