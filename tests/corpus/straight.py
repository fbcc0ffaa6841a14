"""Straight lines: names read, overwritten, swapped, ignored."""

import math

import numpy as np

from case import Case, mat, num, takes, vec, whole


def square(x):
    return x * x


def chirp(x):
    y = math.sin(x)
    y = y * x
    return y


def reassigned(x, y):
    z = x * y
    x = z + y
    z = x * z
    y = z - x * y
    return z * y + x


def own_square(x):
    x = x * x
    x = x * x
    x = x * x
    return x


def overwritten_result(x):
    y = math.exp(x)
    z = y * x
    y = math.exp(y * 0.1)
    return y * z


def many_reads(x):
    y = x + x
    z = y * x + y * y
    return z + x + y + z * z


def dead_values(x, y):
    a = x * y
    b = a * a
    a = y
    c = math.sin(b)
    return a * x


def overwritten_by_constant(x):
    y = x * x
    y = 3.0
    z = y * x
    x = 2.0
    return z * x


def ignores(x, y, z):
    return x * z


def constant(x):
    return 4.0


def constant_through_work(x):
    y = x * 2
    z = 1.5
    y = z * 2
    return y


def identity(x):
    return x


def identity_array(x):
    return x


def alias_of_argument(x):
    y = x
    z = y
    return z


def same_name_through(x):
    x = x
    y = x
    x = y * x
    y = y
    return x * y


def swap(x, y):
    x, y = y, x
    return x * x * y


def rotate(a, b, c):
    a, b, c = b, c, a
    a, b, c = b * a, c, a
    return a + 2 * b * c


def swap_with_work(x, y):
    x, y = y * x, x - y
    x, y = y, x + y
    return x * y


def unpacked_tuple(x, y):
    pair = (x * y, x + y)
    a, b = pair
    return a * b * a


def unpacked_list(x):
    [a, b] = [x * 2, x * x]
    return a * b


def fibonacci(x):
    a, b = x, 1.0
    a, b = b, a + b
    a, b = b, a + b
    a, b = b, a + b * a
    return a * b


def chained_assignment(x):
    a = b = x * x
    a = a * x
    return a + b


def augmented(x, y):
    s = x
    s += y * s
    s -= x
    s *= y
    s /= 2.0 + x * x
    s **= 2
    return s


def augmented_self(x):
    x += x
    x *= x
    x -= x * 0.5
    return x


def augmented_in_terms_of_self(x, y):
    y += x * y
    y *= y + x
    y /= y * y + 1
    return y


def deep_expression(x, y):
    return ((x * y + x / (1 + y * y)) * (x - y) ** 2 - math.sin(x * math.cos(y + x * y))) / (2 + math.cos(x))


def constants_about(x):
    a = 2
    b = 3.5
    c = a * b - 1
    return c * x ** a + b / 2


def whole_argument(x, n):
    return x ** n * n + x / (n + 1)


def used_as_both(x, n):
    n = n * x
    return n * n


def array_line(x, y):
    a = x * y
    b = np.sin(a) + x
    a = b * b
    return np.sum(a * b)


def array_identity_times(x):
    return np.sum(x) * x


def array_reassigned(X, v):
    v = X @ v
    v = np.tanh(v)
    v = X.T @ v
    return np.sum(v * v)


def array_swap(x, y):
    x, y = y, x
    x, y = x * y, x + y
    return np.sum(x * y)


def two_results(x, y):
    return x * y, x + y * y


def array_and_scalar_results(x):
    s = np.sum(x)
    return x * s, s


def result_twice(x):
    y = x * x
    return y, y


def argument_and_result(x):
    return x, x * 2


def annotated(x: float, y: float) -> float:
    z: float = x * y
    w: float
    w = z * z
    return w + x


def documented(x):
    """A docstring stays out of the way."""
    # so does a comment
    y = x * x  # even here
    return y


def tuple_indexed(x, y):
    t = (x, y * x, 3.0)
    return t[0] * t[1] + t[-1] * t[2]


def long_line(x):
    y = x
    y = y * 1.01 + 0.01
    y = math.sin(y) + x
    y = y * 1.01 + 0.02
    y = math.sin(y) + x
    y = y * 1.01 + 0.03
    y = math.sin(y) + x
    y = y * 1.01 + 0.04
    y = math.sin(y) + x
    y = y * 1.01 + 0.05
    y = math.sin(y) + x
    return y


def parenthesized(x, y):
    return (x - (y - (x - y))) / (x / (y / (2.0 + x * x)))


def unary_chain(x):
    return -(-x) + (+x) * -x - -(+x) ** 2


def pass_and_ellipsis(x):
    pass
    y = x * x
    ...
    return y


def same_argument_name_and_value(x):
    return f"{x}" and x * 2.0


def unused_import_inside(x):
    y = x * math.pi + math.e
    return y * np.pi


CASES = [
    Case(square, takes(num())),
    Case(chirp, takes(num())),
    Case(reassigned, takes(num(), num()), wrt=(0, 1)),
    Case(own_square, takes(num())),
    Case(overwritten_result, takes(num())),
    Case(many_reads, takes(num())),
    Case(dead_values, takes(num(), num()), wrt=(0, 1)),
    Case(overwritten_by_constant, takes(num())),
    Case(ignores, takes(num(), num(), num()), wrt=(0, 1, 2)),
    Case(ignores, takes(vec(), mat(), vec()), wrt=(0, 1, 2), name="ignores_array"),
    Case(ignores, takes(num(), vec(), num()), wrt=(1,), name="ignores_only"),
    Case(constant, takes(num())),
    Case(constant, takes(vec()), name="constant_array"),
    Case(constant_through_work, takes(num())),
    Case(constant_through_work, takes(vec()), name="constant_through_work_array"),
    Case(identity, takes(num())),
    Case(identity_array, takes(vec())),
    Case(alias_of_argument, takes(vec())),
    Case(same_name_through, takes(num())),
    Case(same_name_through, takes(vec()), name="same_name_through_array"),
    Case(swap, takes(num(), num()), wrt=(0, 1)),
    Case(rotate, takes(num(), num(), num()), wrt=(0, 1, 2)),
    Case(swap_with_work, takes(num(), num()), wrt=(0, 1)),
    Case(unpacked_tuple, takes(num(), num()), wrt=(0, 1), expect="either"),
    Case(unpacked_list, takes(num()), expect="either"),
    Case(fibonacci, takes(num())),
    Case(chained_assignment, takes(num())),
    Case(augmented, takes(num(), num()), wrt=(0, 1)),
    Case(augmented_self, takes(num())),
    Case(augmented_self, takes(vec()), name="augmented_self_array"),
    Case(augmented_in_terms_of_self, takes(num(), num()), wrt=(0, 1)),
    Case(augmented_in_terms_of_self, takes(vec(), vec()), wrt=(0, 1), name="augmented_in_terms_of_self_array"),
    Case(deep_expression, takes(num(), num()), wrt=(0, 1)),
    Case(constants_about, takes(num())),
    Case(whole_argument, takes(num(), whole(1, 4))),
    Case(used_as_both, takes(num(), whole(1, 4))),
    Case(array_line, takes(vec(), vec()), wrt=(0, 1)),
    Case(array_identity_times, takes(vec())),
    Case(array_reassigned, takes(mat("n", "n"), vec()), wrt=(0, 1)),
    Case(array_swap, takes(vec(), vec()), wrt=(0, 1)),
    Case(two_results, takes(num(), num()), wrt=(0, 1)),
    Case(array_and_scalar_results, takes(vec())),
    Case(result_twice, takes(vec())),
    Case(argument_and_result, takes(vec())),
    Case(annotated, takes(num(), num()), wrt=(0, 1)),
    Case(documented, takes(num())),
    Case(tuple_indexed, takes(num(), num()), wrt=(0, 1), expect="either"),
    Case(long_line, takes(num())),
    Case(parenthesized, takes(num(1, 2), num(1, 2)), wrt=(0, 1)),
    Case(unary_chain, takes(num())),
    Case(pass_and_ellipsis, takes(num())),
    Case(same_argument_name_and_value, takes(num()), expect="either"),
    Case(unused_import_inside, takes(num())),
]
