"""float32 stays float32; arrays of rank 0 and of no elements; NumPy scalars; integers and flags that carry nothing."""

import math

import numpy as np

from case import Case, array, bools, flag, mat, num, takes, vec, whole, wholes


def polynomial(x):
    return np.sum(x**3 - 2 * x**2 + 0.5 * x)


def transcendental(x):
    return np.sum(np.exp(-x * x) * np.sin(x) + np.tanh(x))


def means(X):
    return np.mean((X - np.mean(X, axis=0)) ** 2)


def linear_layer(X, W, b):
    return np.sum(np.tanh(X @ W + b) ** 2)


def loop_of_elements(x):
    s = 0.0
    for i in range(len(x)):
        s = s + x[i] * x[i]
    return s


def stores(x):
    y = np.zeros_like(x)
    for i in range(1, len(x)):
        y[i] = x[i] * x[i - 1]
    y[0] = 2.0
    return np.sum(y * y)


def stores_into_double(x):
    y = np.zeros(len(x))
    y[:] = x * x
    return np.sum(y * x)


def promoted(x, y):
    return np.sum(x * y + x)


def reductions(X):
    return np.sum(np.max(X, axis=0) * np.min(X, axis=0)) + np.prod(X[0]) + np.mean(X)


def indexing(x, idx):
    return np.sum(x[idx] ** 2) + np.sum(x[::-1] * x)


def scalars(x):
    return x * x + np.sin(x)


def scalars_mixed(x, v):
    return np.sum(x * v * v)


def rank_zero(x):
    return x * x + np.sin(x)


def rank_zero_sum(x):
    return np.sum(x * x) * x


def rank_zero_with_vector(x, v):
    return np.sum(x * v) * x


def rank_zero_result(x):
    return x * 2


def one_element(x):
    return x * x


def one_element_matrix(X):
    return np.sum(X * X, keepdims=True)


def empty_sum(x):
    return np.sum(x * x) + 1.0


def empty_loop(x):
    s = 1.0
    for i in range(len(x)):
        s = s * x[i]
    return s


def empty_with_scalar(x, s):
    return np.sum(x * s) + s * s


def empty_result(x):
    return x * 2


def empty_slices(x):
    y = x[1:0]
    return np.sum(y * y) + x[0] * np.sum(x[5:5])


def whole_argument(x, n):
    return x**n * n


def whole_array_argument(x, k):
    return np.sum(x * k)


def bool_array_argument(x, keep):
    return np.sum(np.where(keep, x, x * x)) + np.sum(keep * x)


def string_argument(x, kind):
    return x * x if kind == "square" else x * 3


def none_argument(x, weights):
    if weights is None:
        s = np.sum(x * x)
    else:
        s = np.sum(weights * x)
    return s * x[0]


def flag_argument(x, keep):
    return x * keep + x * x * (not keep)


def tuple_argument_of_sizes(x, shape):
    return np.sum(x.reshape(shape)[0] ** 2)


def list_of_wholes(x, powers):
    s = 0.0
    for p in powers:
        s = s + x**p
    return s


def whole_times_float_array(x):
    n = 3
    m = np.arange(n)
    return np.sum(m * x) + np.sum(x // 1) * x[0]


def float_of_count(x):
    n = 0
    for i in range(len(x)):
        if x[i] > 0:
            n += 1
    return np.sum(x) * n / len(x)


def whole_division_of_size(x):
    h = len(x) // 2
    return np.sum(x[:h] ** 2) * x[h]


def argmax_constant(x):
    return x[0] * 2 + 0 * np.sum(x) + np.sum(x) * 0.0


single = np.float32

CASES = [
    *[Case(f, takes(array(5, dtype=single)), name=f"{f.__name__}_float32") for f in (polynomial, transcendental, loop_of_elements, stores, stores_into_double)],
    *[Case(f, takes(vec())) for f in (polynomial, transcendental, loop_of_elements, stores, stores_into_double)],
    Case(means, takes(array(4, 3, dtype=single)), name="means_float32"),
    Case(reductions, takes(array(4, 3, dtype=single)), name="reductions_float32"),
    Case(linear_layer, takes(array(4, 3, dtype=single), array(3, 2, dtype=single), array(2, dtype=single)), wrt=(0, 1, 2), name="linear_layer_float32"),
    Case(linear_layer, takes(array(4, 3, dtype=single), array(3, 2), array(2, dtype=single)), wrt=(0, 1, 2), name="linear_layer_mixed"),
    Case(promoted, takes(array(4, dtype=single), vec(4)), wrt=(0, 1)),
    Case(promoted, takes(array(4, dtype=single), num()), wrt=(0, 1), name="promoted_scalar"),
    Case(promoted, takes(array(1, dtype=single), vec(4)), wrt=(0, 1), name="promoted_broadcast"),
    Case(indexing, takes(array("n", dtype=single), wholes(5, 0, "n")), name="indexing_float32"),
    Case(scalars, takes(lambda d: np.float32(d.rng.normal())), name="scalar_float32"),
    Case(scalars, takes(lambda d: np.float64(d.rng.normal())), name="scalar_float64"),
    Case(scalars_mixed, takes(lambda d: np.float64(d.rng.normal()), vec()), wrt=(0, 1)),
    Case(scalars_mixed, takes(num(), array(3, dtype=single)), wrt=(0, 1), name="scalars_mixed_float32"),
    Case(rank_zero, takes(array())),
    Case(rank_zero_sum, takes(array())),
    Case(rank_zero_with_vector, takes(array(), vec()), wrt=(0, 1)),
    Case(rank_zero_result, takes(array())),
    Case(one_element, takes(array(1))),
    Case(one_element, takes(array(1, 1)), name="one_element_of_rank_two"),
    Case(one_element_matrix, takes(mat())),
    Case(empty_sum, takes(array(0))),
    Case(empty_sum, takes(array(0, 3)), name="empty_sum_rank_two"),
    Case(empty_loop, takes(array(0))),
    Case(empty_loop, takes(vec()), name="not_so_empty_loop"),
    Case(empty_with_scalar, takes(array(0), num()), wrt=(0, 1)),
    Case(empty_result, takes(array(0))),
    Case(empty_slices, takes(vec())),
    Case(whole_argument, takes(num(), whole(1, 4))),
    Case(whole_array_argument, takes(vec("n"), wholes("n", 0, 5))),
    Case(bool_array_argument, takes(vec("n"), bools("n"))),
    Case(string_argument, takes(num(), "square")),
    Case(string_argument, takes(num(), "triple"), name="string_argument_other"),
    Case(none_argument, takes(vec(), None)),
    Case(none_argument, takes(vec("n"), vec("n")), wrt=(0, 1), name="none_argument_given"),
    Case(flag_argument, takes(num(), flag()), seeds=4),
    Case(tuple_argument_of_sizes, takes(vec(6), (2, 3)), expect="either"),
    Case(list_of_wholes, takes(num(), [1, 2, 3]), expect="either"),
    Case(whole_times_float_array, takes(vec(3)), expect="either"),
    Case(float_of_count, takes(vec())),
    Case(whole_division_of_size, takes(vec())),
    Case(argmax_constant, takes(vec())),
]
