"""Points where a derivative is a matter of policy or of care: kinks, ties, zeros, poles behind a mask."""

import math

import numpy as np

from case import Case, array, mat, num, takes, vec, whole


def where_guards_root(x):
    return np.sum(np.where(x > 0, np.sqrt(x), 0.0))


def where_guards_root_of_product(x):
    return np.sum(np.where(x > 0, np.sqrt(x * x * x) * x, 0.0))


def where_guards_log(x):
    return np.sum(np.where(x > 0, x * np.log(x), 0.0))


def where_guards_division(x, y):
    return np.sum(np.where(y != 0, x / y, x))


def where_guards_division_by_row(x, y):
    return np.sum(np.where(y != 0, np.sin(x) / y[None, :], 0.0))


def where_guards_power(x):
    return np.sum(np.where(x > 0, x**0.5, x))


def where_guards_named(x):
    r = np.sqrt(x)
    return np.sum(np.where(x > 0, r * 2, 0.0))


def if_guards_root(x):
    y = math.sqrt(x) if x > 0 else 0.0
    return y * 2 + x


def product(x):
    return np.prod(x)


def product_axis(X):
    return np.sum(np.prod(X, axis=0))


def maximum_of_all(x):
    return np.max(x)


def maximum_axis(X):
    return np.sum(np.max(X, axis=1))


def minimum_of_all(x):
    return np.min(x) * 2


def maximum_of_two(x, y):
    return np.sum(np.maximum(x, y))


def minimum_of_two(x, y):
    return np.sum(np.minimum(x, y))


def relu(x):
    return np.sum(np.maximum(x, 0.0))


def absolute(x):
    return np.sum(np.abs(x))


def absolute_scalar(x):
    return abs(x)


def absolute_math(x):
    return math.fabs(x)


def square(x):
    return x**2


def square_array(x):
    return np.sum(x**2)


def cube_array(x):
    return np.sum(x**3)


def power_by_array(x, k):
    return np.sum(x**k)


def powers_from_zero(x, n):
    s = 0.0
    for k in range(n):
        s = s + x**k
    return s


def powers_of_array(x, n):
    s = np.zeros(len(x))
    for k in range(n):
        s = s + x**k
    return np.sum(s)


def power_of_zero_base(x):
    return x**3 + x**2 + x**1 + x**0


def variable_power_of_negative(x, k):
    return x**k


def root_at_zero(x):
    return math.sqrt(x)


def fractional_power_at_zero(x):
    return x**0.5


def log_sum_exp_large(x):
    m = np.max(x)
    return m + np.log(np.sum(np.exp(x - m)))


def softplus_large(x):
    return np.sum(np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x))))


def tanh_large(x):
    return np.sum(np.tanh(x))


def between_numbers(x):
    total = 0.0
    for v in x:
        inner = min(max(v * x[0], -0.5), 1)
        total = total * 0.5 + inner * np.clip(v, -1.0, 1.0)
    return total + np.sum(np.maximum(-1, np.minimum(x, 0.8)) * x)


def clip_at_bounds(x):
    return np.sum(np.clip(x, 0.0, 1.0) * 3)


def norm_squared_root(x):
    return np.sqrt(np.sum(x * x) + 1e-12)


def hypot(x, y):
    return math.hypot(x, y)


def zero_times_pole(x):
    return 0.0 * x + x * x


def sign_times(x):
    return np.sum(np.sign(x) * x * x)


def division_of_equal(x):
    return x / x


def ties_in_rows(X):
    return np.sum(np.max(X, axis=0) * np.array([1.0, 2.0]))


CASES = [
    Case(where_guards_root, takes(np.array([0.0, 4.0, -1.0])), exact=lambda x: (np.array([0.0, 0.25, 0.0]),)),
    Case(where_guards_root_of_product, takes(np.array([0.0, 4.0])), exact=lambda x: (np.array([0.0, 2.5 * 4.0**1.5]),)),
    Case(where_guards_log, takes(np.array([0.0, 2.0, -1.0])), exact=lambda x: (np.array([0.0, math.log(2) + 1, 0.0]),)),
    Case(
        where_guards_division_by_row,
        takes(np.array([[1.0, 2.0], [0.5, 3.0]]), np.array([0.0, 4.0])),
        wrt=(0, 1),
        exact=lambda x, y: (
            np.where(y != 0, np.cos(x), 0.0) / np.where(y != 0, y, 1.0),
            np.sum(np.where(y != 0, -np.sin(x), 0.0), 0) / np.where(y != 0, y, 1.0) ** 2,
        ),
    ),
    Case(
        where_guards_division, takes(np.array([1.0, 2.0]), np.array([0.0, 4.0])), wrt=(0, 1),
        exact=lambda x, y: (np.array([1.0, 0.25]), np.array([0.0, -0.125])),
    ),
    Case(where_guards_power, takes(np.array([0.0, 4.0])), exact=lambda x: (np.array([1.0, 0.25]),)),
    Case(where_guards_named, takes(np.array([0.0, 4.0])), exact=lambda x: (np.array([0.0, 0.5]),)),
    Case(if_guards_root, takes(0.0), exact=lambda x: (1.0,)),
    Case(product, takes(np.array([2.0, 0.0, 3.0])), exact=lambda x: (np.array([0.0, 6.0, 0.0]),), name="product_with_a_zero"),
    Case(product, takes(np.array([2.0, 0.0, 0.0])), exact=lambda x: (np.zeros(3),), name="product_with_two_zeros"),
    Case(
        product_axis, takes(np.array([[2.0, 0.0], [0.0, 0.0], [3.0, 5.0]])),
        exact=lambda X: (np.array([[0.0, 0.0], [6.0, 0.0], [0.0, 0.0]]),), name="product_axis_with_zeros",
    ),
    Case(maximum_of_all, takes(np.array([1.0, 3.0, 3.0])), exact=lambda x: (np.array([0.0, 0.5, 0.5]),), name="maximum_tie"),
    Case(maximum_of_all, takes(np.array([2.0, 2.0, 2.0, 1.0])), exact=lambda x: (np.array([1, 1, 1, 0]) / 3,), name="maximum_tie_of_three"),
    Case(maximum_axis, takes(np.array([[1.0, 1.0], [2.0, 3.0]])), exact=lambda X: (np.array([[0.5, 0.5], [0.0, 1.0]]),), name="maximum_axis_tie"),
    Case(ties_in_rows, takes(np.array([[1.0, 3.0], [1.0, 2.0]])), exact=lambda X: (np.array([[0.5, 2.0], [0.5, 0.0]]),)),
    Case(minimum_of_all, takes(np.array([1.0, 1.0, 3.0])), exact=lambda x: (np.array([1.0, 1.0, 0.0]),), name="minimum_tie"),
    Case(
        maximum_of_two, takes(np.array([1.0, 2.0]), np.array([1.0, 1.0])), wrt=(0, 1),
        exact=lambda x, y: (np.array([0.5, 1.0]), np.array([0.5, 0.0])), name="maximum_of_two_tie",
    ),
    Case(
        minimum_of_two, takes(np.array([1.0, 2.0]), np.array([1.0, 1.0])), wrt=(0, 1),
        exact=lambda x, y: (np.array([0.5, 0.0]), np.array([0.5, 1.0])), name="minimum_of_two_tie",
    ),
    Case(relu, takes(np.array([-1.0, 0.0, 2.0])), exact=lambda x: (np.array([0.0, 0.5, 1.0]),), name="relu_at_zero"),
    Case(absolute, takes(np.array([-1.0, 0.0, 2.0])), exact=lambda x: (np.array([-1.0, 0.0, 1.0]),), name="absolute_at_zero"),
    Case(absolute_scalar, takes(0.0), exact=lambda x: (0.0,), name="absolute_scalar_at_zero"),
    Case(absolute_scalar, takes(num(-2, -1)), name="absolute_scalar_negative"),
    Case(absolute_math, takes(0.0), exact=lambda x: (0.0,), name="absolute_math_at_zero"),
    Case(square, takes(num(-3, -1)), name="square_of_negative"),
    Case(square, takes(0.0), exact=lambda x: (0.0,), name="square_of_zero"),
    Case(square_array, takes(np.array([-1.5, 0.0, 2.0])), exact=lambda x: (2 * x,), name="square_array_with_zero"),
    Case(cube_array, takes(np.array([-1.5, 0.0, 2.0])), exact=lambda x: (3 * x * x,), name="cube_array_with_zero"),
    Case(
        power_by_array, takes(np.array([0.0, 0.0, 0.0, -2.0]), np.array([0, 1, 2, 3])),
        exact=lambda x, k: (np.array([0.0, 1.0, 0.0, 12.0]),),
    ),
    Case(powers_from_zero, takes(0.0, 4), exact=lambda x, n: (1.0,)),
    Case(powers_from_zero, takes(-2.0, 4), exact=lambda x, n: (1 + 2 * x + 3 * x * x,), name="powers_of_negative"),
    Case(powers_of_array, takes(np.array([0.0, -2.0, 1.0]), 4), exact=lambda x, n: (1 + 2 * x + 3 * x * x,)),
    Case(power_of_zero_base, takes(0.0), exact=lambda x: (1.0,)),
    Case(variable_power_of_negative, takes(num(-2, -1), whole(0, 4)), seeds=4),
    Case(variable_power_of_negative, takes(num(-2, -1), 3.0), name="float_power_of_negative"),
    Case(root_at_zero, takes(0.0), diverges=ZeroDivisionError),
    Case(fractional_power_at_zero, takes(0.0), diverges=ZeroDivisionError),
    Case(log_sum_exp_large, takes(np.array([1000.0, 1001.0, 999.0]))),
    Case(softplus_large, takes(np.array([800.0, -800.0, 0.5]))),
    Case(tanh_large, takes(np.array([400.0, -400.0, 0.5]))),
    Case(between_numbers, takes(vec(5))),
    Case(clip_at_bounds, takes(np.array([-1.0, 0.5, 2.0])), exact=lambda x: (np.array([0.0, 3.0, 0.0]),)),
    Case(norm_squared_root, takes(np.zeros(3)), exact=lambda x: (np.zeros(3),), name="norm_at_zero"),
    Case(hypot, takes(num(), num()), wrt=(0, 1)),
    Case(zero_times_pole, takes(num())),
    Case(sign_times, takes(vec())),
    Case(division_of_equal, takes(num(1, 2))),
]
