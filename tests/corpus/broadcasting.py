"""Every way that shapes meet: scalars, trailing axes, axes of size one, both sides at once."""

import numpy as np

from case import Case, array, flag, mat, num, takes, vec, whole


def add(x, y):
    return np.sum((x + y) ** 2)


def subtract(x, y):
    return np.sum((x - y) ** 3)


def multiply(x, y):
    return np.sum((x * y) ** 2 + x)


def divide(x, y):
    return np.sum(x / y + y)


def power(x, y):
    return np.sum(x**y)


def maximum(x, y):
    return np.sum(np.maximum(x, y) ** 2)


def where(x, y):
    return np.sum(np.where(x + y > 0, x, y) ** 2)


def arctan2(x, y):
    return np.sum(np.arctan2(x, y))


def result(x, y):
    return x * y + x


def three(x, y, z):
    return np.sum((x * y + z) ** 2 * y)


def many_times(x, b):
    return np.sum((x + b) * b - b / (1 + b * b))


def augmented(X, b):
    Y = X * 1.0
    Y += b
    Y *= b
    Y -= b * b
    Y /= 2 + b * b
    return np.sum(Y * Y)


def stored(X, b):
    Y = X * X
    Y[:] = b
    Y[0] = b * 2
    return np.sum(Y * X)


def shifted_by_slice(x, y):
    return np.sum((x[1:] * y) ** 2)


def slices_of_size_one(x, y):
    return np.sum((x[:1] * y[1:]) ** 2)


def centered(X):
    return np.sum((X - np.mean(X, axis=0)) ** 3)


def centered_rows(X):
    return np.sum((X - np.mean(X, axis=1)[:, None]) ** 3)


def normalized_rows(X):
    return np.sum(X / np.sqrt(np.sum(X * X, axis=1, keepdims=True)) * np.arange(X.shape[1]))


def softmax_rows(X):
    E = np.exp(X - np.max(X, axis=1, keepdims=True))
    P = E / np.sum(E, axis=1, keepdims=True)
    return np.sum(P * P)


def bias_of_layer(X, W, b):
    return np.sum(np.tanh(X @ W + b))


def scalar_into_vector(s, x):
    y = x + s
    y = y * s
    return np.sum(y * y) * s


def scalar_constant_array(s):
    k = np.arange(5.0)
    return np.sum((s * k - s) ** 2)


def scalar_loop_array(s, n):
    y = np.ones(3)
    for i in range(n):
        y = y * s + 0.1
    return np.sum(y * y)


def outer_by_axes(x, y):
    return np.sum((x[:, None] - y) ** 2)


def rank_grows_in_loop(x, n):
    y = 1.0
    for i in range(n):
        y = y * x + 0.5
    return np.sum(y * y)


def scalar_or_array(x, s, c):
    if c:
        y = x * s
    else:
        y = s * s
    return np.sum(y * x)


SHAPES = {
    "scalar_vector": (num(0.5, 1.5), vec("n", 0.5, 1.5)),
    "vector_scalar": (vec("n", 0.5, 1.5), num(0.5, 1.5)),
    "scalar_matrix": (num(0.5, 1.5), mat("m", "n", 0.5, 1.5)),
    "vector_vector": (vec("n", 0.5, 1.5), vec("n", 0.5, 1.5)),
    "vector_matrix": (vec("n", 0.5, 1.5), mat("m", "n", 0.5, 1.5)),
    "matrix_vector": (mat("m", "n", 0.5, 1.5), vec("n", 0.5, 1.5)),
    "column_row": (mat("m", 1, 0.5, 1.5), mat(1, "n", 0.5, 1.5)),
    "column_matrix": (mat("m", 1, 0.5, 1.5), mat("m", "n", 0.5, 1.5)),
    "row_matrix": (mat(1, "n", 0.5, 1.5), mat("m", "n", 0.5, 1.5)),
    "column_vector": (mat("m", 1, 0.5, 1.5), vec("n", 0.5, 1.5)),
    "one_vector": (vec(1, 0.5, 1.5), vec("n", 0.5, 1.5)),
    "vector_one": (vec("n", 0.5, 1.5), vec(1, 0.5, 1.5)),
    "one_one": (vec(1, 0.5, 1.5), mat(1, 1, 0.5, 1.5)),
    "one_matrix": (mat(1, 1, 0.5, 1.5), mat("m", "n", 0.5, 1.5)),
    "rank0_vector": (array(low=0.5, high=1.5), vec("n", 0.5, 1.5)),
    "scalar_rank0": (num(0.5, 1.5), array(low=0.5, high=1.5)),
    "cube_matrix": (array(2, 3, 4, low=0.5, high=1.5), array(3, 4, low=0.5, high=1.5)),
    "cube_vector": (array(2, 3, 4, low=0.5, high=1.5), array(4, low=0.5, high=1.5)),
    "cube_cross": (array(2, 1, 4, low=0.5, high=1.5), array(1, 3, 1, low=0.5, high=1.5)),
    "empty_one": (array(0, low=0.5, high=1.5), array(1, low=0.5, high=1.5)),
    "empty_scalar": (array(0, 3, low=0.5, high=1.5), num(0.5, 1.5)),
    "empty_vector": (array(0, 3, low=0.5, high=1.5), vec(3, 0.5, 1.5)),
}

CASES = [
    *[Case(f, takes(*specs), wrt=(0, 1), seeds=2, name=f"{f.__name__}_{shapes}") for f in (multiply, divide) for shapes, specs in SHAPES.items()],
    *[
        Case(f, takes(*SHAPES[shapes]), wrt=(0, 1), seeds=2, name=f"{f.__name__}_{shapes}")
        for f in (add, subtract, power, maximum, where, arctan2, result)
        for shapes in ("scalar_vector", "matrix_vector", "column_row", "vector_one", "rank0_vector", "cube_cross")
    ],
    *[Case(multiply, takes(*specs), wrt=(0,), seeds=2, name=f"multiply_first_{shapes}") for shapes, specs in SHAPES.items() if shapes in ("column_row", "vector_matrix", "scalar_matrix")],
    *[Case(multiply, takes(*specs), wrt=(1,), seeds=2, name=f"multiply_second_{shapes}") for shapes, specs in SHAPES.items() if shapes in ("column_row", "matrix_vector", "vector_scalar")],
    Case(three, takes(mat("m", 1), vec("n"), num()), wrt=(0, 1, 2)),
    Case(three, takes(num(), mat(), vec("n")), wrt=(0, 1, 2), name="three_other"),
    Case(many_times, takes(mat(), vec()), wrt=(0, 1)),
    Case(many_times, takes(mat(), num()), wrt=(0, 1), name="many_times_scalar"),
    Case(augmented, takes(mat(), vec()), wrt=(0, 1)),
    Case(augmented, takes(mat(), num()), wrt=(0, 1), name="augmented_scalar"),
    Case(augmented, takes(mat(), mat("m", 1)), wrt=(0, 1), name="augmented_column"),
    Case(augmented, takes(mat(), vec(1)), wrt=(0, 1), name="augmented_one"),
    Case(stored, takes(mat(), vec()), wrt=(0, 1)),
    Case(stored, takes(mat(), num()), wrt=(0, 1), name="stored_scalar"),
    Case(stored, takes(mat(), vec(1)), wrt=(0, 1), name="stored_one"),
    Case(shifted_by_slice, takes(vec(2), vec("n")), wrt=(0, 1), name="slice_of_two_is_one"),
    Case(shifted_by_slice, takes(vec("n"), vec("n-1")), wrt=(0, 1)),
    Case(shifted_by_slice, takes(vec("n"), vec(1)), wrt=(0, 1), name="shifted_by_slice_one"),
    Case(shifted_by_slice, lambda rng: (rng.normal(size=2 + int(rng.integers(0, 2)) * 3), rng.normal(size=4)), wrt=(0, 1), seeds=6, name="slice_of_two_now_and_then"),
    Case(slices_of_size_one, takes(vec("n"), vec("m")), wrt=(0, 1)),
    Case(slices_of_size_one, takes(vec(2), vec(2)), wrt=(0, 1), name="slices_both_of_size_one"),
    Case(centered, takes(mat())),
    Case(centered_rows, takes(mat())),
    Case(normalized_rows, takes(mat())),
    Case(softmax_rows, takes(mat())),
    Case(bias_of_layer, takes(mat("b", "n"), mat("n", "k"), vec("k")), wrt=(0, 1, 2)),
    Case(bias_of_layer, takes(mat("b", "n"), mat("n", "k"), num()), wrt=(0, 1, 2), name="bias_of_layer_scalar"),
    Case(bias_of_layer, takes(mat(1, "n"), mat("n", "k"), vec("k")), wrt=(0, 1, 2), name="bias_of_layer_one_row"),
    Case(scalar_into_vector, takes(num(), vec()), wrt=(0, 1)),
    Case(scalar_constant_array, takes(num())),
    Case(scalar_loop_array, takes(num(), whole(0, 4))),
    Case(outer_by_axes, takes(vec("m"), vec("n")), wrt=(0, 1)),
    Case(rank_grows_in_loop, takes(vec(), whole(1, 4))),
    Case(rank_grows_in_loop, takes(vec(), 0), name="rank_grows_in_no_turn"),
    Case(scalar_or_array, takes(vec(), num(), flag()), wrt=(0, 1), seeds=6),
]


def chosen_by_one(c, B, w):
    # what is chosen is larger than what it is chosen by
    return np.sum(np.where(c @ w > -90.0, B @ w, w)) + np.sum(np.where(c > -90.0, B @ B, 0.0) * B)


def chosen_by_a_column(c, B, w):
    return np.sum(np.where(c > 0.0, B @ w, w))


CASES += [
    Case(chosen_by_one, takes(mat(1, 3), mat(3, 3), vec(3)), wrt=(0, 1, 2), seeds=2),
    Case(chosen_by_a_column, takes(mat(3, 1), mat(3, 3), vec(3)), wrt=(0, 1, 2), seeds=2),
]
