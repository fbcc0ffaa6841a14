"""Reads by index: elements, slices, steps, new axes, ellipses, integer and boolean arrays, views of views."""

import numpy as np

from case import Case, array, bools, mat, num, takes, vec, whole, wholes


def element(x):
    return x[0] * x[1] * x[0]


def last_element(x):
    return x[-1] * x[-2] + x[len(x) - 1]


def element_by_argument(x, i):
    return x[i] * x[i - 1] + x[i] ** 2


def element_by_expression(x):
    return x[len(x) // 2] * x[2 * 1 - 1] + x[len(x) - 2] ** 2


def element_of_matrix(X):
    return X[0, 1] * X[-1, -1] + X[1, 0]


def element_chained(X):
    return X[0][1] * X[-1][0] + X[1][-1]


def row(X):
    return np.sum(X[1] * X[0])


def row_negative(X):
    return np.sum(X[-1] * X[-2])


def column(X):
    return np.sum(X[:, 1] * X[:, -1])


def head(x):
    return np.sum(x[:2] ** 2)


def tail(x):
    return np.sum(x[1:] ** 3)


def interior(x):
    return np.sum(x[1:-1] * x[:-2] * x[2:])


def negative_bounds(x):
    return np.sum(x[-3:-1] * x[-2:])


def every_other(x):
    return np.sum(x[::2] ** 2) + np.sum(x[1::2])


def every_third(x):
    return np.sum(x[1:6:3] ** 2)


def reversed_all(x):
    return np.sum(x[::-1] * x * np.arange(len(x)))


def reversed_part(x):
    return np.sum(x[4:1:-1] * x[1:4])


def reversed_by_two(x):
    return np.sum(x[::-2] ** 2 * 3)


def reversed_to_the_start(x):
    return np.sum(x[2::-1] * x[:3])


def slice_beyond(x):
    return np.sum(x[:100] * x[-100:])


def slice_empty(x):
    return np.sum(x[2:1]) + np.sum(x[100:]) + x[0]


def slice_by_argument(x, a, b):
    return np.sum(x[a:b] ** 2) * x[0]


def slice_full(x):
    y = x[:]
    return np.sum(y * y)


def block(X):
    return np.sum(X[1:, :-1] * X[:-1, 1:])


def block_mixed(X):
    return np.sum(X[1:, 0] * X[:-1, -1])


def block_steps(X):
    return np.sum(X[::2, ::-1] ** 2)


def ellipsis_last(X):
    return np.sum(X[..., 0] * X[..., 1])


def ellipsis_first(X):
    return np.sum(X[0, ...] * X[-1, ...])


def ellipsis_middle(X):
    return np.sum(X[0, ..., 1] ** 2)


def ellipsis_all(X):
    return np.sum(X[...] * X)


def ellipsis_scalar(x):
    return np.sum(x[0, ...] * x[1])


def new_axis(x, y):
    return np.sum(x[:, None] * y[None, :] * x[:, None])


def new_axis_name(x, y):
    return np.sum(x[:, np.newaxis] + y[np.newaxis, :] ** 2)


def new_axis_last(x):
    return np.sum(x[..., None] ** 2)


def new_axis_first(x):
    return np.sum(x[None] ** 2)


def new_axis_with_slice(X, y):
    return np.sum(X[1:, None, :-1] * y[None, :, None])


def outer_difference(x):
    d = x[:, None] - x[None, :]
    return np.sum(d * d * d * x)


def integer_array(x, idx):
    return np.sum(x[idx] ** 2)


def integer_array_repeated(x):
    idx = np.array([0, 0, 2, 0])
    return np.sum(x[idx] * np.array([1.0, 2.0, 3.0, 4.0]))


def integer_list(x):
    return np.sum(x[[0, 2, 2, 1]] ** 2)


def integer_array_negative(x):
    return np.sum(x[np.array([-1, 0, -1])] ** 3)


def integer_array_2d(x, idx):
    return np.sum(x[idx] ** 2)


def integer_array_rows(X, idx):
    return np.sum(X[idx] ** 2)


def integer_array_columns(X, idx):
    return np.sum(X[:, idx] ** 2)


def integer_arrays_pair(X, i, j):
    return np.sum(X[i, j] ** 2)


def integer_array_with_integer(X, idx):
    return np.sum(X[idx, 1] ** 2) + np.sum(X[0, idx] ** 3)


def integer_array_with_slice(X, idx):
    return np.sum(X[idx, 1:] ** 2)


def integer_array_diagonal(X):
    k = np.arange(3)
    return np.sum(X[k, k] ** 2)


def integer_array_outer(X, i, j):
    return np.sum(X[i[:, None], j] ** 2)


def integer_array_split(T, idx):
    return np.sum(T[idx, :, idx] ** 2)


def integer_array_empty(x):
    return np.sum(x[np.array([], dtype=int)]) + x[0]


def permutation(x):
    order = np.argsort(x)
    return np.sum(x[order] * np.arange(len(x)))


def mask(x, keep):
    return np.sum(x[keep] ** 2)


def mask_of_comparison(x):
    return np.sum(x[x > 0] ** 2)


def mask_of_name(x):
    big = np.abs(x) > 0.5
    return np.sum(x[big] * x[big]) + np.sum(x[~big])


def mask_rows(X, keep):
    return np.sum(X[keep] ** 2)


def mask_columns(X, keep):
    return np.sum(X[:, keep] ** 2)


def mask_2d(X):
    return np.sum(X[X > 0] ** 2)


def mask_with_integer(X, keep):
    return np.sum(X[keep, 0] ** 2)


def mask_combined(x, y):
    both = (x > 0) & (y < 1) | (x < -1)
    return np.sum(x[both] * y[both])


def view_of_view(x):
    y = x[1:]
    z = y[::2]
    return np.sum(z * z) * y[0]


def view_of_view_of_matrix(X):
    R = X[1:]
    c = R[:, 0]
    d = c[::-1]
    return np.sum(d * c)


def view_of_expression(x):
    return (x * x)[1] * (x + 1)[-1] + np.sum((x * 2)[1:] ** 2)


def index_of_transpose(X):
    return np.sum(X.T[1] ** 2) + X.T[0, 1] * X[0, 0]


def index_after_fancy(x, idx):
    return x[idx][0] * x[idx][-1]


def index_of_call(x):
    return np.sin(x)[0] * np.cumsum(np.ones(3))[1]


def tensor_slices(T):
    return np.sum(T[0, 1:, ::-1] * T[1, 1:, :]) + T[0, 0, 0] * T[-1, -1, -1]


def tensor_plane(T):
    return np.sum(T[:, 1] * T[:, 0]) + np.sum(T[:, :, 1])


def tuple_as_index(X):
    where = (0, 1)
    return X[where] * X[1, 0]


def tuple_with_slice_as_index(X):
    return X[(0, slice(1, 2))][0] * X[1, 0]


def slice_object(x):
    s = slice(1, None)
    return np.sum(x[s] ** 2)


def in_a_loop(x, idx):
    s = 0.0
    for i in range(len(idx)):
        s = s + x[idx[i]] * x[i % 3]
    return s


def rows_in_a_loop(X):
    s = 0.0
    for i in range(len(X)):
        r = X[i]
        for j in range(len(r)):
            s = s + r[j] * X[i, j] * r[0]
    return s


def rebound_view(x):
    y = x
    s = 0.0
    for i in range(2):
        y = y[1:]
        s = s + y[0] * y[0]
    return s


def neighbour_differences(x):
    s = 0.0
    for i in range(1, len(x) - 1):
        s = s + (x[i + 1] - 2 * x[i] + x[i - 1]) ** 2
    return s


def elements_of_matrix_in_loops(A, B):
    s = 0.0
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            t = 0.0
            for k in range(A.shape[1]):
                t += A[i, k] * B[k, j]
            s += t * t
    return s


def read_result(x):
    return x[1:3]


def read_element_result(x):
    return x[1]


def read_fancy_result(x, idx):
    return x[idx] * 2


def size_one_slice(x):
    return np.sum(x[0:1] * x)


def element_of_row_name(X):
    r = X[0]
    return r[0] * r[1] * X[1, 1]


def shape_of_slice(x):
    y = x[1:]
    return np.sum(y) * len(y) + y.shape[0] * x[0]


def index_from_data(x):
    i = int(np.argmax(x))
    return x[i] ** 2 + x[np.argmin(x)] * x[0]


def two_dim_from_one(x, idx2):
    y = x[idx2]
    return np.sum(y[0] * y[1])


def take_by_flags_of_loop(x):
    s = 0.0
    for i in range(3):
        s = s + np.sum(x[x > i * 0.3] * i)
    return s


def indexed_zero_d(x):
    return x[()] * x


def zero_length_row(X):
    return np.sum(X[1:1] ** 2) + X[0, 0]


CASES = [
    *[
        Case(f, takes(vec("n")))
        for f in (
            element, last_element, element_by_expression, head, tail, interior, negative_bounds, every_other,
            reversed_all, reversed_by_two, reversed_to_the_start, slice_beyond, slice_empty, slice_full,
            new_axis_last, new_axis_first, outer_difference, integer_array_repeated, integer_list,
            integer_array_negative, integer_array_empty, permutation, mask_of_comparison, mask_of_name, view_of_view,
            view_of_expression, slice_object, rebound_view, neighbour_differences, read_result,
            read_element_result, size_one_slice, shape_of_slice, index_from_data, take_by_flags_of_loop,
        )
        if f not in (slice_object, permutation, index_from_data)
    ],
    *[
        Case(f, takes(mat()))
        for f in (
            element_of_matrix, element_chained, row, row_negative, column, block, block_steps, ellipsis_last,
            ellipsis_first, ellipsis_all, ellipsis_scalar, integer_array_diagonal, mask_2d, view_of_view_of_matrix,
            index_of_transpose, rows_in_a_loop, element_of_row_name, zero_length_row,
        )
    ],
    Case(block_mixed, takes(mat())),
    Case(slice_object, takes(vec()), expect="either"),
    Case(permutation, takes(vec()), expect="either"),
    Case(index_from_data, takes(vec()), expect="either"),
    Case(index_of_call, takes(vec()), expect="either"),
    Case(tuple_as_index, takes(mat()), expect="either"),
    Case(tuple_with_slice_as_index, takes(mat()), expect="either"),
    Case(every_third, takes(vec(7))),
    Case(reversed_part, takes(vec(6))),
    Case(element_by_argument, takes(vec(), whole(-1, 2))),
    Case(slice_by_argument, takes(vec(), whole(-2, 1), whole(1, 4)), seeds=4),
    Case(ellipsis_middle, takes(array(3, 4, 2))),
    Case(new_axis, takes(vec("n"), vec("m")), wrt=(0, 1)),
    Case(new_axis_name, takes(vec("n"), vec("m")), wrt=(0, 1)),
    Case(new_axis_with_slice, takes(mat(), vec("k")), wrt=(0, 1)),
    Case(integer_array, takes(vec(), wholes(6, 0, "n"))),
    Case(integer_array, takes(vec(), wholes(1, 0, "n")), name="integer_array_of_one"),
    Case(integer_array_2d, takes(vec(), lambda d: d.rng.integers(0, d.size("n"), size=(2, 3)))),
    Case(integer_array_rows, takes(mat("n", "m"), wholes(5, 0, "n"))),
    Case(integer_array_columns, takes(mat("m", "n"), wholes(5, 0, "n"))),
    Case(integer_arrays_pair, takes(mat("m", "n"), wholes(6, 0, "m"), wholes(6, 0, "n"))),
    Case(integer_array_with_integer, takes(mat("n", "n"), wholes(5, 0, "n"))),
    Case(integer_array_with_slice, takes(mat("n", "m"), wholes(5, 0, "n"))),
    Case(integer_array_outer, takes(mat("m", "n"), wholes(4, 0, "m"), wholes(5, 0, "n"))),
    Case(integer_array_split, takes(array("n", 2, "n"), wholes(4, 0, "n"))),
    Case(mask, takes(vec(), bools("n"))),
    Case(mask, takes(vec(), lambda d: np.zeros(d.size("n"), bool)), name="mask_of_nothing"),
    Case(mask_rows, takes(mat("n", "m"), bools("n"))),
    Case(mask_columns, takes(mat("m", "n"), bools("n"))),
    Case(mask_with_integer, takes(mat("n", "m"), bools("n"))),
    Case(mask_combined, takes(vec(), vec()), wrt=(0, 1)),
    Case(index_after_fancy, takes(vec(), wholes(4, 0, "n"))),
    Case(tensor_slices, takes(array(2, 3, 4))),
    Case(tensor_plane, takes(array(2, 3, 4))),
    Case(in_a_loop, takes(vec(), wholes(5, 0, "n"))),
    Case(elements_of_matrix_in_loops, takes(mat("m", "k"), mat("k", "n")), wrt=(0, 1)),
    Case(read_fancy_result, takes(vec(), wholes(6, 0, "n"))),
    Case(two_dim_from_one, takes(vec(), lambda d: d.rng.integers(0, d.size("n"), size=(2, 3)))),
    Case(indexed_zero_d, takes(lambda d: np.array(d.rng.normal())), expect="either"),
    Case(element, takes(lambda d: d.rng.normal(size=12)[::3]), name="element_of_strided"),
    Case(reversed_all, takes(lambda d: d.rng.normal(size=5)[::-1]), name="reversed_all_of_reversed"),
    Case(row, takes(lambda d: np.asfortranarray(d.rng.normal(size=(3, 4)))), name="row_of_fortran"),
    Case(column, takes(lambda d: d.rng.normal(size=(4, 3)).T), name="column_of_transposed"),
]
