"""What is another rule for complex numbers than for real ones.

The adjoint of z = x + i y is dL/dx - i dL/dy, as autograd and JAX have it, so that dL is the real part of z_bar * dz.
For a holomorphic function the rule is then the one for real numbers, f'(z), with no conjugate anywhere, and a
transpose stays a transpose. These are the functions that are not holomorphic, and those whose rule for real numbers
does not hold off the real line. Where a result or an operand is real, the compiler takes real parts.
"""

# mypy: allow-untyped-defs, allow-untyped-calls

import builtins
import math
import operator

import numpy as np

from tangent_like.rules.cases import case, draw
from tangent_like.rules.rule import elementwise, linear, rule
from tangent_like.runtime import quotient

_ANY = (case(draw(3)), case(draw(2, 3)), case(draw(2, 0)), case(draw()))
_POWERS = (case(draw(), 3), case(draw(3), draw()), case(2.0, draw(3)), case(draw(3), -2), case(draw(3), 0))


@elementwise(operator.abs, builtins.abs, np.absolute, kind="real_part", cases=_ANY)
def absolute(y, z):
    """0 at the tip of the cone, as for real numbers."""
    return np.conj(np.sign(z))


@elementwise(np.real, kind="real_view", methods=("real",), cases=_ANY)
def real(y, z):
    return 1.0


@elementwise(np.imag, kind="real_view", methods=("imag",), cases=_ANY)
def imag(y, z):
    return -1j


@linear(np.conjugate, kind="conjugated", methods=("conj", "conjugate"), cases=_ANY)
def conjugate(y_bar, y, z):
    return np.conj(y_bar)


@elementwise(np.angle, kind="real_part", inactive=("deg",), cases=(*_ANY, case(draw(3), deg=True)))
def angle(y, z, deg=False):
    return -180j / (math.pi * z) if deg else -1j / z


@rule(np.sign, kind="arithmetic", cases=_ANY)
def sign(y, z):
    """z over its size, which turns with z."""

    def jvp(z_dot):
        return quotient(z_dot - y**2 * np.conj(z_dot), 2 * np.abs(z))

    def vjp(y_bar):
        return quotient(y_bar - np.conj(y_bar * y**2), 2 * np.abs(z))

    return jvp, vjp


@elementwise(operator.pow, builtins.pow, np.power, np.float_power, kind="arithmetic", cases=_POWERS)
def power(z, x, y):
    return y * x ** (y - 1), z * np.log(x + 0j)


@elementwise(np.arcsinh, cases=_ANY)
def arcsinh(y, z):
    return 1 / np.sqrt(1 + z * z)


@elementwise(np.arccosh, cases=_ANY)
def arccosh(y, z):
    """Two roots, as one of the product has its cut elsewhere."""
    return 1 / (np.sqrt(z - 1) * np.sqrt(z + 1))


@rule(
    np.vdot,
    kind="inner_number",
    of=("x", "y"),
    cases=(case(draw(3), draw(3)), case(draw(2, 3), draw(2, 3)), case(draw(), draw())),
)
def vdot(z, x, y):
    """The first one conjugated."""

    def jvp(x_dot, y_dot):
        return np.vdot(x_dot, y) + np.vdot(x, y_dot)

    def vjp(z_bar):
        return np.reshape(np.conj(z_bar * y), np.shape(x)), np.reshape(z_bar * np.conj(x), np.shape(y))

    return jvp, vjp
