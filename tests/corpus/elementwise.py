"""math.* of floats and np.* of scalars and arrays, each in a chain so that a wrong adjoint cannot hide."""

import math

import numpy as np

from case import Case, array, mat, num, takes, vec, whole


def math_trigonometric(x):
    return math.sin(x) * math.cos(x) + math.tan(x) * x


def math_inverse_trigonometric(x):
    return math.asin(x) * math.acos(x) + math.atan(x) * x


def math_hyperbolic(x):
    return math.sinh(x) * math.cosh(x) + math.tanh(x) * x


def math_inverse_hyperbolic(x):
    return math.asinh(x) * math.acosh(1 + x * x) + math.atanh(x * 0.5)


def math_exponential(x):
    return math.exp(x) * math.expm1(x) + math.exp(-x * x)


def math_logarithms(x):
    return math.log(x) * math.log10(x) + math.log2(x) * math.log1p(x)


def math_log_base(x, b):
    return math.log(x, b) * x


def math_roots(x):
    return math.sqrt(x) * x + math.pow(x, 1.5) + math.pow(2.0, x)


def math_two(x, y):
    return math.atan2(x, y) * math.hypot(x, y) + math.pow(x, y)


def math_special(x):
    return math.erf(x) * math.erfc(x) + math.gamma(x + 1) + math.lgamma(x + 1)


def math_piecewise(x):
    return math.fabs(x) * x + math.floor(x) * x + math.ceil(x) * x + math.copysign(x, -1.0) * x


def math_modulo(x, y):
    return math.fmod(x, y) * x


def math_angles(x):
    return math.degrees(x) * math.radians(x)


def math_constants(x):
    return x * math.pi * math.e + math.tau * x * x


def math_of_numpy_scalar(x):
    return math.exp(-x[0]) * math.sin(x[1])


def math_nested(x):
    return math.exp(math.sin(math.log(x) * math.sqrt(x)))


def np_trigonometric(x):
    return np.sum(np.sin(x) * np.cos(x) + np.tan(x * 0.3))


def np_inverse_trigonometric(x):
    return np.sum(np.arcsin(x) * np.arccos(x) + np.arctan(x))


def np_hyperbolic(x):
    return np.sum(np.sinh(x) * np.cosh(x) + np.tanh(x))


def np_inverse_hyperbolic(x):
    return np.sum(np.arcsinh(x) * np.arccosh(1 + x * x) + np.arctanh(x * 0.5))


def np_exponential(x):
    return np.sum(np.exp(x) * np.expm1(x) + np.exp2(x))


def np_logarithms(x):
    return np.sum(np.log(x) * np.log10(x) + np.log2(x) * np.log1p(x))


def np_roots(x):
    return np.sum(np.sqrt(x) * x + np.cbrt(x) + np.square(x) + np.reciprocal(x))


def np_arithmetic(x, y):
    return np.sum(np.add(x, y) * np.subtract(x, y) + np.multiply(x, y) / np.divide(x, y) + np.negative(x))


def np_power(x, y):
    return np.sum(np.power(x, y) + np.power(x, 2) + np.float_power(x, y))


def np_two(x, y):
    return np.sum(np.arctan2(x, y) * np.hypot(x, y))


def np_logaddexp(x, y):
    return np.sum(np.logaddexp(x, y) * x)


def np_absolute(x):
    return np.sum(np.abs(x) * x + np.absolute(x) + np.fabs(x) * 2)


def np_piecewise(x):
    return np.sum(np.sign(x) * x + np.floor(x) * x + np.ceil(x) * x + np.rint(x) * x + np.trunc(x) * x)


def np_maximum(x, y):
    return np.sum(np.maximum(x, y) * x + np.minimum(x, y) * y * 2)


def np_maximum_of_constant(x):
    return np.sum(np.maximum(x, 0.0) * x + np.minimum(0.5, x))


def np_fmax(x, y):
    return np.sum(np.fmax(x, y) * x + np.fmin(x, y))


def np_clip(x):
    return np.sum(np.clip(x, -0.5, 0.5) * x)


def np_clip_one_side(x):
    return np.sum(np.clip(x, None, 0.5) * x + np.clip(x, -0.2, None))


def np_clip_active(x, low, high):
    return np.sum(np.clip(x, low, high) * x)


def np_clip_method(x):
    return np.sum(x.clip(-0.5, 0.5) * x)


def np_where(x, y):
    return np.sum(np.where(x > y, x * y, y * y))


def np_where_scalars(x):
    return np.sum(np.where(x > 0, x, 0.0) * np.where(x > 0.5, 1.0, x))


def np_where_broadcast(x, s, t):
    return np.sum(np.where(x > 0, s, t) * x)


def np_where_of_condition_array(X, keep, v):
    return np.sum(np.where(keep, X, v) ** 2)


def np_sinc_and_angles(x):
    return np.sum(np.deg2rad(x) * np.rad2deg(x))


def np_modulo(x, y):
    return np.sum(np.mod(x, y) * x + np.remainder(x, y))


def np_logic(x):
    keep = np.logical_and(x > -1, np.logical_not(x > 1))
    return np.sum(np.where(keep, x * x, 0.0)) + np.sum(np.isfinite(x) * x)


def np_of_scalar(x):
    return np.sin(x) * np.exp(x) + np.tanh(np.sqrt(x * x + 1))


def np_of_scalar_in_loop(x, n):
    s = x
    for i in range(n):
        s = np.sin(s) + s * 0.5
    return s


def scalar_and_array(s, x):
    return np.sum(np.exp(s * x) * math.exp(s))


def chain(x):
    return np.sum(np.tanh(np.log(1 + np.exp(np.sin(x * x)))))


def result_overwrites_operand(x):
    x = np.exp(x)
    x = np.sqrt(x)
    x = np.tanh(x)
    x = 1 / x
    return np.sum(x)


def result_read_twice(x):
    y = np.exp(x)
    z = y * y + np.tanh(y)
    return np.sum(z * y)


def softplus(x):
    return np.sum(np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0))


def sigmoid(x):
    return np.sum(1 / (1 + np.exp(-x)))


def gelu(x):
    return np.sum(0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))))


def relu(x):
    return np.sum(x * (x > 0) + 0.01 * np.minimum(x, 0))


def huber(x, delta):
    a = np.abs(x)
    return np.sum(np.where(a < delta, 0.5 * x * x, delta * (a - 0.5 * delta)))


def log_sum(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


def elementwise_result(x):
    return np.sin(x) * x


def elementwise_matrix_result(X, s):
    return np.exp(X * s) / (1 + X * X)


scalar = takes(num(0.1, 0.9))
arrays = takes(vec("n", 0.1, 0.9))

CASES = [
    *[
        Case(f, scalar)
        for f in (
            math_trigonometric, math_inverse_trigonometric, math_hyperbolic, math_inverse_hyperbolic,
            math_exponential, math_logarithms, math_roots, math_special, math_angles, math_constants, math_nested,
        )
    ],
    Case(math_log_base, takes(num(1, 3), num(2, 3)), wrt=(0, 1)),
    Case(math_two, takes(num(0.5, 2), num(0.5, 2)), wrt=(0, 1)),
    Case(math_piecewise, takes(num(-3, 3)), seeds=5),
    Case(math_modulo, takes(num(3, 5), num(1, 2)), wrt=(0, 1)),
    Case(math_of_numpy_scalar, takes(vec())),
    *[
        Case(f, arrays)
        for f in (
            np_trigonometric, np_inverse_trigonometric, np_hyperbolic, np_inverse_hyperbolic, np_exponential,
            np_logarithms, np_roots, chain, result_overwrites_operand, result_read_twice,
        )
    ],
    *[
        Case(f, takes(mat()))
        for f in (np_absolute, np_maximum_of_constant, np_clip, np_clip_one_side, np_where_scalars, np_sinc_and_angles, np_logic, softplus, sigmoid, gelu, relu)
    ],
    Case(np_clip_method, takes(vec()), expect="either"),
    Case(np_piecewise, takes(vec("n", -3, 3))),
    Case(np_arithmetic, takes(vec("n", 1, 2), vec("n", 1, 2)), wrt=(0, 1)),
    Case(np_arithmetic, takes(num(1, 2), vec("n", 1, 2)), wrt=(0, 1), name="np_arithmetic_scalar_and_array"),
    Case(np_power, takes(vec("n", 1, 2), vec("n", 1, 2)), wrt=(0, 1)),
    Case(np_two, takes(vec("n", 0.5, 2), vec("n", 0.5, 2)), wrt=(0, 1)),
    Case(np_two, takes(mat("m", "n", 0.5, 2), vec("n", 0.5, 2)), wrt=(0, 1), name="np_two_broadcast"),
    Case(np_logaddexp, takes(vec(), vec()), wrt=(0, 1)),
    Case(np_maximum, takes(vec(), vec()), wrt=(0, 1)),
    Case(np_maximum, takes(mat(), num()), wrt=(0, 1), name="np_maximum_with_scalar"),
    Case(np_fmax, takes(vec(), vec()), wrt=(0, 1)),
    Case(np_clip_active, takes(vec("n"), num(-0.7, -0.3), num(0.3, 0.7)), wrt=(0, 1, 2)),
    Case(np_clip_active, takes(vec(), vec("n", -0.7, -0.3), vec("n", 0.3, 0.7)), wrt=(0, 1, 2), name="np_clip_active_arrays"),
    Case(np_where, takes(vec(), vec()), wrt=(0, 1)),
    Case(np_where_broadcast, takes(vec(), num(), num()), wrt=(0, 1, 2)),
    Case(np_where_of_condition_array, takes(mat("m", "n"), lambda d: d.rng.random((d.size("m"), 1)) < 0.5, vec("n")), wrt=(0, 2)),
    Case(np_modulo, takes(vec("n", 2, 3), vec("n", 0.6, 0.9)), wrt=(0, 1)),
    Case(np_of_scalar, takes(num())),
    Case(np_of_scalar_in_loop, takes(num(), whole(0, 4))),
    Case(scalar_and_array, takes(num(), vec()), wrt=(0, 1)),
    Case(huber, takes(vec(), num(0.5, 1)), wrt=(0, 1)),
    Case(log_sum, takes(vec())),
    Case(elementwise_result, takes(vec())),
    Case(elementwise_matrix_result, takes(mat(), num()), wrt=(0, 1)),
    Case(chain, takes(array(5, dtype=np.float32)), name="chain_float32"),
    Case(chain, takes(array(0)), name="chain_empty"),
    Case(elementwise_result, takes(array(2, 0)), name="elementwise_result_empty"),
]
