"""One memory under several names: arguments that are one array, views that are written, results that are views."""

import numpy as np

from case import Case, array, flag, mat, num, takes, vec, whole


def product(a, b):
    return np.sum(a * b * a)


def difference(a, b):
    return np.sum((a - b) ** 2 + a)


def writes_first(a, b):
    a[0] = 2 * b[1]
    return np.sum(a * b)


def writes_both(a, b):
    a[0] = b[1] * b[2]
    b[1] = a[0] * a[2]
    return np.sum(a * b)


def writes_copy_of_first(a, b):
    a = a.copy()
    a[0] = 2 * b[1]
    return np.sum(a * b)


def augments_first(a, b):
    a += b
    a *= b
    return np.sum(a)


def result_is_argument(x):
    return x


def result_is_view(x):
    return x[1:]


def result_is_transpose(X):
    return X.T


def result_is_reshaped(x):
    return x.reshape(2, 3)


def results_overlap(x):
    y = x * x
    return y, y[1:]


def results_are_argument(x, y):
    return x, y, x


def renamed_then_written(x):
    y = x
    y[0] = 3.0
    return np.sum(x * x)


def renamed_twice_then_written(x):
    y = x * 1.0
    z = y
    w = z
    w[0] = z[1] * y[2]
    return np.sum(y * z * w)


def augmented_through_alias(x):
    y = x * 1.0
    z = y
    z += 1
    z *= y
    return np.sum(y * y)


def rebound_not_written(x):
    y = x * 1.0
    z = y
    z = z + 1
    return np.sum(y * z)


def view_then_base_written(x):
    y = x * 1.0
    v = y[1:3]
    y[1] = y[0] * y[0]
    y[2] *= v[0]
    return np.sum(v * v)


def view_written_then_base_read(x):
    y = x * 1.0
    v = y[::2]
    v[:] = v * v
    v[0] = 1.0
    return np.sum(y * y)


def two_views_of_one(x):
    y = x * 1.0
    a = y[:-1]
    b = y[1:]
    a[0] = b[0] * 2
    b[0] = a[1] * a[0]
    a *= 2
    return np.sum(y * x)


def overlapping_views_added(x):
    y = x * 1.0
    a = y[:-1]
    b = y[1:]
    b += a
    return np.sum(y * y)


def reversed_view_written(x):
    y = x * 1.0
    r = y[::-1]
    r[0] = y[0] * y[1]
    r[1:] *= 3
    return np.sum(y * y)


def column_view_written(X):
    Y = X * 1.0
    c = Y[:, 1]
    c[:] = c * Y[:, 0]
    c[0] = 2.0
    return np.sum(Y * Y)


def row_of_transpose_written(X):
    Y = X * 1.0
    t = Y.T
    r = t[1]
    r *= t[0]
    return np.sum(Y * Y)


def new_axis_view_written(x):
    y = x * 1.0
    c = y[:, None]
    c[0, 0] = y[1] * y[2]
    c *= 2
    return np.sum(y * y)


def reshape_view_written(x):
    y = x * 1.0
    M = y.reshape(2, 3)
    M[0] = M[1] * 2
    M.T[0, 1] = 5.0
    return np.sum(y * y)


def reshape_of_transpose_is_copy(X):
    Y = X * 1.0
    v = Y.T.reshape(-1)
    v[0] = 7.0
    return np.sum(Y * Y) + np.sum(v * v)


def ravel_of_contiguous_written(X):
    Y = X * 1.0
    v = Y.ravel()
    v[0] = 5.0
    return np.sum(Y * Y)


def ravel_of_argument_written(x):
    y = x.ravel()
    y[0] = 5
    return np.sum(x * x)


def flatten_is_copy(X):
    Y = X * 1.0
    v = Y.flatten()
    v[0] = 5.0
    return np.sum(Y * Y) + np.sum(v)


def asarray_written(x):
    y = x * 1.0
    z = np.asarray(y)
    z[0] = 5.0
    return np.sum(y * y)


def array_is_copy(x):
    y = x * 1.0
    z = np.array(y)
    z[0] = 5.0
    return np.sum(y * y) + np.sum(z * y)


def fancy_is_copy(x):
    y = x * 1.0
    z = y[[0, 1]]
    z[0] = 5.0
    z *= 2
    return np.sum(y * y) + np.sum(z * z)


def mask_is_copy(x):
    y = x * 1.0
    z = y[y > 0]
    z *= 2
    return np.sum(y * y) + np.sum(z * z)


def alias_by_path(x, c):
    y = x * 1.0
    if c:
        z = y
    else:
        z = y.copy()
    z[0] = y[1] * 2
    return np.sum(y * z)


def alias_by_path_of_argument(x, c):
    y = x if c else x.copy()
    y[0] = 3
    return np.sum(x * x) + np.sum(y * y)


def one_of_two_by_path(x, c):
    a = x * 1.0
    b = x * x
    y = a if c else b
    y[0] = a[1] * b[2]
    return np.sum(a * b)


def alias_in_loop(x, n):
    y = x * 1.0
    z = x * x
    for i in range(n):
        z[0] = y[1] * z[1]
        y, z = z, y
    return np.sum(y * y) + np.sum(z)


def view_moves_in_loop(x):
    y = x * 1.0
    v = y
    for i in range(2):
        v = v[1:]
        v[0] = v[0] * y[0]
    return np.sum(y * y)


def rows_by_index_written(X):
    Y = X * 1.0
    for i in range(1, len(Y)):
        row = Y[i]
        row += Y[i - 1]
        row[0] = 1.5 * row[1]
    return np.sum(Y * Y)


def scalar_from_array_is_no_view(x):
    y = x * 1.0
    a = y[0]
    y[0] = y[1]
    a += 1
    return a * y[0] * y[2]


def slice_of_one_is_view(x):
    y = x * 1.0
    a = y[0:1]
    a += y[1]
    a *= y[0]
    return np.sum(y * y)


def chain_of_names(x):
    a = x
    b = a
    c = b * 1.0
    d = c
    d[0] = a[1] * b[2]
    a = d
    a[1] = c[0]
    return np.sum(c * x)


def stored_value_is_row_of_same(X):
    Y = X * 1.0
    Y[0] = Y[1]
    Y[1] = Y[0] * 2
    Y[:, 0] = Y[:, 1]
    return np.sum(Y * Y)


def swapped_rows(X):
    Y = X * 1.0
    Y[0], Y[1] = Y[1].copy(), Y[0].copy()
    return np.sum(Y[0] * Y[0] * Y[1])


def swapped_rows_through_views(X):
    Y = X * 1.0
    Y[0], Y[1] = Y[1], Y[0]
    return np.sum(Y[0] * Y[0] * X[1])


def row_swap_by_fancy(X):
    Y = X * 1.0
    Y[[0, 1]] = Y[[1, 0]]
    return np.sum(Y[0] * Y[0] * X[1])


def write_after_read_of_alias(x):
    y = x * 1.0
    z = y
    a = np.sum(z * z)
    y[:] = np.sin(y)
    b = np.sum(z * z)
    return a * b


def copy_of_view_written(x):
    y = x * 1.0
    v = y[1:].copy()
    v[0] = y[0] * 2
    y[1] = v[0] * v[1]
    return np.sum(y * y) + np.sum(v * v)


def gradient_must_be_own(x, y):
    return np.sum(x * y)


def gradient_of_sum(x):
    return np.sum(x)


def gradient_of_add(x, y):
    return np.sum(x + y)


def gradient_passes_through(x, y):
    z = x + y
    w = z
    return w


def broadcast_result(x, y):
    return x + y


def transposed_pass_through(X):
    Y = X.T
    Z = Y.T
    return Z


def overlapping_arguments_read(a, b):
    return np.sum(a[:2] * b[:2])


def rows_of_another_under_an_arguments_name(x, A):
    s = x[0] * x[0]
    x = [row for row in A]
    x[0][::2] = 0.5
    return s + np.sum(x[0] * x[1])


def rows_listed_and_written(A):
    rows = list(A)
    for row in rows:
        row[0] = 2.0
    return np.sum(rows[0] * rows[1])


def rows_of(A):
    return list(A)


def copy_of_a_list(A):
    items = [A[0] * A[1], A[1] * 2.0]
    rows = rows_of(items)
    items[0] = items[1] * rows[0]
    rows.append(items[0])
    return np.sum(items[0] * rows[1]) + np.sum(rows[2] * rows[0])


def rows_handed_back_and_written(A):
    Y = A * 1.0
    second = rows_of(Y)[1]
    Y[...] = A[0] * A[1]
    return np.sum(second * A[2])


def overlapping_arguments_written(a, b):
    a[0] = b[0] * 2
    return np.sum(a) * np.sum(b)


def overlapping(rng):
    base = rng.normal(size=6)
    return base[:-1], base[1:]


def twice(rng):
    x = rng.normal(size=4)
    return x, x


def negative_of_a_negative(x, w):
    y = -x
    z = -y
    return np.sum(z * w) + np.sum(x[0] * w)


def negative_of_a_negative_of_what_was_written(x, w):
    x = x.copy()
    x[0] = x[1] * 2
    y = -x
    z = -y
    return np.sum(z * w)


CASES = [
    *[Case(f, twice, wrt=(0, 1), name=f"{f.__name__}_of_one_array") for f in (product, difference, gradient_of_add, gradient_must_be_own, gradient_passes_through, writes_copy_of_first)],
    Case(product, twice, wrt=(0,), name="product_of_one_array_first"),
    Case(writes_first, twice, wrt=(0, 1), expect="either", name="writes_first_of_one_array"),
    Case(writes_both, twice, wrt=(0, 1), expect="either", name="writes_both_of_one_array"),
    Case(augments_first, twice, wrt=(0, 1), expect="either", name="augments_first_of_one_array"),
    Case(writes_first, takes(vec(), vec()), wrt=(0, 1)),
    Case(writes_both, takes(vec(), vec()), wrt=(0, 1)),
    Case(augments_first, takes(vec(), vec()), wrt=(0, 1)),
    Case(overlapping_arguments_read, overlapping, wrt=(0, 1)),
    Case(overlapping_arguments_written, overlapping, wrt=(0, 1), expect="refused"),
    Case(rows_of_another_under_an_arguments_name, takes(vec(3), mat(3, 4)), wrt=(0, 1), expect="refused"),
    Case(rows_listed_and_written, takes(mat(3, 4)), expect="refused"),
    Case(copy_of_a_list, takes(mat(3, 4))),
    Case(rows_handed_back_and_written, takes(mat(3, 4)), expect="refused"),
    *[
        Case(f, takes(vec()))
        for f in (
            result_is_argument, result_is_view, results_overlap, renamed_then_written, renamed_twice_then_written,
            augmented_through_alias, rebound_not_written, view_then_base_written, view_written_then_base_read,
            two_views_of_one, overlapping_views_added, reversed_view_written, new_axis_view_written, array_is_copy,
            fancy_is_copy, mask_is_copy, scalar_from_array_is_no_view, slice_of_one_is_view, chain_of_names,
            write_after_read_of_alias, copy_of_view_written, gradient_of_sum,
        )
    ],
    *[Case(f, takes(mat())) for f in (result_is_transpose, column_view_written, row_of_transpose_written, rows_by_index_written, stored_value_is_row_of_same, swapped_rows, row_swap_by_fancy, transposed_pass_through)],
    *[Case(f, takes(mat())) for f in (ravel_of_contiguous_written, flatten_is_copy, swapped_rows_through_views)],
    *[Case(f, takes(mat()), expect="either") for f in (reshape_of_transpose_is_copy,)],
    Case(result_is_reshaped, takes(vec(6))),
    Case(reshape_view_written, takes(vec(6))),
    Case(results_are_argument, takes(vec(), vec()), wrt=(0, 1)),
    Case(ravel_of_argument_written, takes(vec())),
    Case(ravel_of_argument_written, takes(lambda d: d.rng.normal(size=8)[::2]), expect="either", name="ravel_of_strided_argument_written"),
    Case(asarray_written, takes(vec())),
    Case(alias_by_path, takes(vec(), flag()), seeds=6),
    Case(alias_by_path_of_argument, takes(vec(), flag()), seeds=6),
    Case(one_of_two_by_path, takes(vec(), flag()), seeds=6),
    Case(alias_in_loop, takes(vec(), whole(0, 4)), seeds=5),
    Case(view_moves_in_loop, takes(vec())),
    Case(gradient_must_be_own, takes(vec(), vec()), wrt=(0, 1)),
    Case(gradient_of_add, takes(vec(), vec()), wrt=(0, 1)),
    Case(gradient_passes_through, takes(vec(), vec()), wrt=(0, 1)),
    Case(broadcast_result, takes(mat(), vec()), wrt=(0, 1)),
    Case(negative_of_a_negative, takes(vec(), vec())),
    Case(negative_of_a_negative_of_what_was_written, takes(vec(3), vec(3))),
]
