"""Operators, on Python floats, NumPy scalars and arrays, in every pairing of active and constant."""

import math

import numpy as np

from case import Case, array, bools, flag, mat, num, takes, vec, whole


def add(x, y):
    return x + y


def subtract(x, y):
    return x - y


def multiply(x, y):
    return x * y


def divide(x, y):
    return x / y


def power(x, y):
    return x**y


def floor_divide(x, y):
    return (x // y) * x + y


def modulo(x, y):
    return (x % y) * x


def modulo_whole(x):
    return (x % 2) * x + (7 % x)


def negative(x):
    return -x * x


def positive(x):
    return +x * x


def invert_flag(x, keep):
    return np.sum(x[~keep] * 2) + np.sum(x)


def add_constant(x):
    return (x + 2) * (2 + x) * (x + 0.5)


def subtract_constant(x):
    return (x - 2) * (2 - x) * (0.5 - x)


def multiply_constant(x):
    return (x * 2) * (0.5 * x)


def divide_constant(x):
    return (x / 2) * (2 / x) + 1 / x / x


def power_constant(x):
    return x**2 + x**3 - x**1 + x**0 + x**-1 + x**-2


def power_fraction(x):
    return x**0.5 + x**1.5 + x**-0.5


def power_of_constant(x):
    return 2.0**x + 2**x + 0.5**x


def power_of_power(x):
    return x**2**2 + (x**2) ** 3 + x ** (x**2)


def power_self(x):
    return x**x


def power_whole_variable(x, k):
    return x**k


def power_negative_base(x):
    return x**2 + x**3


def power_function(x):
    return pow(x, 3) + pow(2.0, x)


def mixed_precedence(x, y):
    return -(x**2) + x * y**2 / 3 - -y * 2**-x


def chained(x, y):
    return x - y - x * y / x / y - (x - (y - x))


def same_operand(x):
    return x * x + x / x + (x - x) + x**2 + x + x


def comparisons(x, y):
    n = 0.0
    if x < y:
        n = n + x
    if x <= y:
        n = n + y
    if x > y:
        n = n + x * y
    if x >= y:
        n = n + x * x
    if x == y:
        n = n + 100.0
    if x != y:
        n = n + y * y
    return n


def comparison_chain(x, y):
    if x < y < 2 and not x < -1 or y > x > -3:
        return_value = x * y
    else:
        return_value = x + y * y
    return return_value


def whole_division(x, n):
    half = n // 2
    rest = n % 2
    return x**half * (x if rest else 1.0) + half * x


def bit_operators(x, n):
    if n & 1:
        x = x * x
    if n >> 1 == 1:
        x = x * 3
    return x * (n | 4) * (n ^ 3) * (1 << n)


def array_add(x, y):
    return np.sum((x + y) * x)


def array_subtract(x, y):
    return np.sum((x - y) * y)


def array_multiply(x, y):
    return np.sum(x * y * x)


def array_divide(x, y):
    return np.sum(x / y)


def array_power(x, y):
    return np.sum(x**y)


def array_modulo(x, y):
    return np.sum((x % y) * x)


def array_floor_divide(x, y):
    return np.sum((x // y) * x * y)


def array_negative(x):
    return np.sum(-x * +x)


def array_constants(x):
    return np.sum(2 * x + x * 0.5 - 1 + (1 - x) / 2 + 2 / x + x**2 + 2**x)


def array_whole_power(x):
    return np.sum(x**3 + x**2 + x**1 + x**0)


def array_power_of_whole_array(x, k):
    return np.sum(x**k)


def whole_array_constant(x, k):
    return np.sum(x * k + k / x - k)


def bool_array_constant(x, keep):
    return np.sum(x * keep * x)


def augmented_array(x, y):
    z = x.copy()
    z += y
    z *= x
    z -= y * y
    z /= 2 + y * y
    z **= 2
    return np.sum(z)


def augmented_array_of_own_expression(x, y):
    z = x * y
    z *= z
    z += z
    return np.sum(z * x)


def augmented_modulo(x, y):
    x %= y
    x //= 0.3
    return x * y + y * y


def membership(x, n):
    if n in (1, 2, 3):
        x = x * x
    if n not in [2, 3]:
        x = x * 2
    return x


def identity_test(x, y=None):
    if y is not None:
        x = x * y
    if x is not None:
        x = x * 2
    return x


def booleans(x, p, q):
    r = p and q
    s = p or q
    t = not p
    if r:
        x = x * 2
    if s:
        x = x * x
    if t:
        x = x - 1
    return x


def absolute(x):
    return abs(x) * x + abs(x * x - 1)


def absolute_array(x):
    return np.sum(abs(x) * x)


def builtins_of_numbers(x, y):
    return max(x, y) * 2 + min(x, y, 0.1) + float(x) * y + abs(y)


def round_and_int(x):
    return x * round(x) + int(x) * x


def numpy_scalar(x):
    y = np.sin(x)
    return y * x + y


def scalar_from_array(x):
    a = x[0]
    b = float(x[1])
    return a * b * a


def square_helper(x, y):
    return (x + y) ** 2 / (1 + (x - y) ** 2)


def order_of_operands(x, y):
    a = x - y
    b = y - x
    c = x / (1 + y * y)
    d = y / (1 + x * x)
    return a * b + c * d


def matmul_operator(A, B):
    return np.sum((A @ B) ** 2)


def matmul_augmented(A, B):
    C = A
    C = C @ B
    C = C @ C
    return np.sum(C)


def division_by_self_sum(x):
    return np.sum(x / np.sum(x) * x)


def long_sum(x, y):
    return x + y + x + y + x + y + x * y + x + y + x * x + y * y + x + y + 1 + 2 + 3


def int_division_result(x, n):
    return x * (n / 2)


def nan_free_division(x, y):
    return x / y if y != 0 else x


def divides_by_zero(x):
    y = x - x
    return x / y


def power_zero_exponent(x, k):
    return x**k * 2


positive_pair = takes(num(0.5, 2), num(0.5, 2))
positive_arrays = takes(vec("n", 0.5, 2), vec("n", 0.5, 2))

CASES = [
    *[
        Case(f, positive_pair, wrt=(0, 1), name=f.__name__ + suffix) if not suffix else Case(f, maker, wrt=(0, 1), name=f.__name__ + suffix)
        for f in (add, subtract, multiply, divide, power, floor_divide, modulo, mixed_precedence, chained)
        for suffix, maker in (("", positive_pair), ("_of_arrays", positive_arrays))
    ],
    Case(modulo_whole, takes(num(0.2, 1.5))),
    Case(negative, takes(num())),
    Case(positive, takes(num())),
    Case(invert_flag, takes(vec(), bools("n"))),
    Case(add_constant, takes(num())),
    Case(subtract_constant, takes(num())),
    Case(multiply_constant, takes(num())),
    Case(divide_constant, takes(num(1, 2))),
    Case(power_constant, takes(num(0.5, 2))),
    Case(power_fraction, takes(num(0.5, 2))),
    Case(power_of_constant, takes(num())),
    Case(power_of_power, takes(num(0.5, 1.5))),
    Case(power_self, takes(num(0.5, 2))),
    Case(power_whole_variable, takes(num(0.5, 2), whole(-2, 3)), seeds=6),
    Case(power_whole_variable, takes(num(-2, -1), whole(0, 4)), seeds=6, name="power_whole_variable_negative"),
    Case(power_whole_variable, takes(0.0, 0), exact=lambda x, k: (0.0,), name="power_zero_to_the_zero"),
    Case(power_whole_variable, takes(0.0, 1), exact=lambda x, k: (1.0,), name="power_zero_to_the_one"),
    Case(power_whole_variable, takes(0.0, 2), exact=lambda x, k: (0.0,), name="power_zero_squared"),
    Case(power_negative_base, takes(num(-2, -1))),
    Case(power_negative_base, takes(0.0), exact=lambda x: (0.0,), name="power_constant_at_zero"),
    Case(power_function, takes(num(0.5, 1.5)), expect="either"),
    Case(same_operand, takes(num(1, 2))),
    Case(same_operand, takes(vec("n", 1, 2)), name="same_operand_array"),
    Case(comparisons, takes(num(), num()), wrt=(0, 1), seeds=4, tags=("dead lines",)),
    Case(comparison_chain, takes(num(-4, 4), num(-4, 4)), wrt=(0, 1), seeds=10),
    Case(whole_division, takes(num(), whole(0, 7)), seeds=5),
    Case(bit_operators, takes(num(), whole(0, 4)), seeds=8, expect="either"),
    Case(array_add, takes(vec(), vec()), wrt=(0, 1)),
    Case(array_subtract, takes(vec(), vec()), wrt=(0, 1)),
    Case(array_multiply, takes(vec(), vec()), wrt=(0, 1)),
    Case(array_divide, positive_arrays, wrt=(0, 1)),
    Case(array_power, positive_arrays, wrt=(0, 1)),
    Case(array_modulo, positive_arrays, wrt=(0, 1)),
    Case(array_floor_divide, positive_arrays, wrt=(0, 1)),
    Case(array_negative, takes(vec())),
    Case(array_constants, takes(vec("n", 1, 2))),
    Case(array_whole_power, takes(vec())),
    Case(array_power_of_whole_array, takes(vec("n", 0.5, 2), lambda d: np.arange(d.size("n")))),
    Case(whole_array_constant, takes(vec("n", 0.5, 2), lambda d: np.arange(d.size("n")))),
    Case(bool_array_constant, takes(vec(), bools("n"))),
    Case(augmented_array, takes(vec(), vec()), wrt=(0, 1)),
    Case(augmented_array_of_own_expression, takes(vec(), vec()), wrt=(0, 1)),
    Case(augmented_modulo, takes(num(3, 4), num(1, 2)), wrt=(0, 1)),
    Case(membership, takes(num(), whole(1, 4)), seeds=6),
    Case(identity_test, takes(num())),
    Case(identity_test, takes(num(), num()), wrt=(0, 1), name="identity_test_given"),
    Case(booleans, takes(num(), flag(), flag()), seeds=8),
    Case(absolute, takes(num(-2, 2)), seeds=5),
    Case(absolute_array, takes(vec())),
    Case(builtins_of_numbers, takes(num(), num()), wrt=(0, 1), seeds=5, expect="either"),
    Case(round_and_int, takes(num(1, 3)), expect="either"),
    Case(numpy_scalar, takes(num())),
    Case(numpy_scalar, takes(lambda d: np.float64(d.rng.normal())), name="numpy_scalar_argument"),
    Case(numpy_scalar, takes(lambda d: np.float32(d.rng.normal())), name="numpy_scalar_argument_float32"),
    Case(scalar_from_array, takes(vec()), expect="either"),
    Case(square_helper, takes(num(), num()), wrt=(0, 1)),
    Case(square_helper, takes(vec(), vec()), wrt=(0, 1), name="square_helper_array"),
    Case(order_of_operands, takes(num(), num()), wrt=(0, 1)),
    Case(matmul_operator, takes(mat("m", "k"), mat("k", "n")), wrt=(0, 1)),
    Case(matmul_augmented, takes(mat("m", "m"), mat("m", "m")), wrt=(0, 1)),
    Case(division_by_self_sum, takes(vec("n", 1, 2))),
    Case(long_sum, takes(num(), num()), wrt=(0, 1)),
    Case(int_division_result, takes(num(), whole(1, 5))),
    Case(nan_free_division, takes(num(), 0.0), name="nan_free_division_at_zero"),
    Case(nan_free_division, takes(num(), num(1, 2)), wrt=(0, 1)),
    Case(divides_by_zero, takes(num()), raises=ZeroDivisionError),
]
