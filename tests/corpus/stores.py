"""Writes by index, and what they do to the way back: overwritten values, copies, arguments, recurrences."""

import numpy as np

from case import Case, array, bools, flag, mat, num, takes, vec, whole, wholes


def store_element(x):
    y = x.copy()
    y[0] = x[1] * x[2]
    return np.sum(y * y)


def store_element_twice(x):
    y = x.copy()
    y[0] = x[1] * x[2]
    y[0] = y[0] * x[0]
    return np.sum(y * y)


def store_overwrites_what_was_read(x):
    y = x * 1.0
    a = y[0] * y[1]
    y[0] = a * x[2]
    b = y[0] * a
    y[1] = b
    return np.sum(y * y) * a


def store_constant(x):
    y = x * 2
    y[1] = 5.0
    return np.sum(y * y)


def store_zero(x):
    y = x * x
    s = np.sum(y)
    y[0] = 0
    return s * np.sum(y)


def store_constant_only(x):
    y = np.zeros(3)
    y[0] = 1.0
    return np.sum(y) * x[0]


def store_into_argument(x):
    x[0] = x[1] * x[1]
    return np.sum(x * x)


def store_into_argument_returned(x):
    x[0] = x[1] * 2.0
    return x


def store_into_argument_slice(x):
    x[1:] = x[1:] * x[:-1]
    return np.sum(x * x)


def store_into_argument_in_loop(x, n):
    for i in range(n):
        x[i % 3] = x[(i + 1) % 3] * x[i % 3]
    return np.sum(x * x)


def store_into_one_of_two(x, y):
    y[0] = x[0] * y[1]
    x[1] = y[0] + x[1]
    return np.sum(x * y)


def augmented_argument(x):
    x *= 2.0
    x += x[0]
    return np.sum(x * x)


def store_augmented_add(x, v):
    y = x.copy()
    y[0] += v
    y[1] += y[0] * v
    return np.sum(y * y)


def store_augmented_subtract(x, v):
    y = x.copy()
    y[0] -= v * y[1]
    return np.sum(y * y)


def store_augmented_multiply(x, v):
    y = x.copy()
    y[0] *= v
    y[1] *= y[0]
    y[2] *= y[2]
    return np.sum(y * y)


def store_augmented_divide(x, v):
    y = x.copy()
    y[0] /= v
    y[1] /= 1 + y[0] * y[0]
    return np.sum(y * y)


def store_augmented_power(x, v):
    y = x.copy()
    y[0] **= 2
    y[1] **= 3
    return np.sum(y * y) * v


def store_augmented_slices(x, v):
    y = x.copy()
    y[1:] += v * x[:-1]
    y[:-1] *= x[1:]
    y[::2] -= v
    y[1:-1] /= 2 + v * v
    y[1:] **= 2
    return np.sum(y * x)


def store_augmented_self(x):
    y = x.copy()
    y[1:] += y[1:]
    y[1:] *= y[1:]
    y[0] += y[0]
    return np.sum(y * y)


def store_augmented_overlapping(x):
    y = x.copy()
    y[1:] += y[:-1]
    y[:-1] *= y[1:]
    return np.sum(y * y)


def store_slice(x, v):
    y = np.zeros(len(x) + 2)
    y[1:-1] = x * v
    y[0] = v
    return np.sum(y * y)


def store_slice_of_scalar(x, s):
    y = x.copy()
    y[1:3] = s
    return np.sum(y * y)


def store_slice_of_scalar_expression(x, s):
    y = x * 2
    y[:-1] = s * s * x[0]
    return np.sum(y * y)


def store_slice_of_constant(x):
    y = x * x
    y[1:] = 3
    return np.sum(y * y)


def store_slice_negative_step(x):
    y = np.zeros_like(x)
    y[::-1] = x * np.arange(len(x))
    return np.sum(y * x)


def store_slice_step(x):
    y = x * 1.0
    y[::2] = x[::2] ** 2
    y[1::2] = x[0]
    return np.sum(y * y)


def store_overlapping_slices(x):
    y = x.copy()
    y[1:] = y[:-1] * 2
    y[:-1] = y[1:] * y[:-1]
    return np.sum(y * y)


def store_overlapping_plain(x):
    y = x.copy()
    y[1:] = y[:-1]
    return np.sum(y * y * x)


def store_reversed_own(x):
    y = x.copy()
    y[:] = y[::-1]
    return np.sum(y * np.arange(len(x)) * x)


def store_all(x):
    y = np.zeros_like(x)
    y[:] = x * x
    return np.sum(y * x)


def store_all_ellipsis(x):
    y = np.zeros_like(x)
    y[...] = x * x
    y[...] = y * x
    return np.sum(y)


def store_size_one_slice(x):
    y = x.copy()
    y[0:1] = x[1:2] * x[2]
    y[:] = y[0:1] * y
    return np.sum(y)


def store_matrix_element(X):
    Y = X.copy()
    Y[0, 1] = X[1, 0] * X[0, 0]
    Y[1, 0] += Y[0, 1]
    return np.sum(Y * Y)


def store_matrix_row(X, v):
    Y = X * 1.0
    Y[0] = v * Y[1]
    Y[-1] = v
    return np.sum(Y * X)


def store_matrix_column(X, s):
    Y = X * 1.0
    Y[:, 0] = Y[:, 1] * s
    Y[:, -1] += s
    return np.sum(Y * Y)


def store_matrix_block(X):
    Y = np.zeros_like(X)
    Y[1:, 1:] = X[:-1, :-1] * X[1:, 1:]
    Y[0] = X[0]
    Y[:, 0] *= 2
    return np.sum(Y * Y)


def store_row_into_all(X, v):
    Y = X * X
    Y[1:] = v
    Y[:, :] *= v
    return np.sum(Y * Y)


def store_column_broadcast(X, v):
    Y = X * 1.0
    Y[:, 1:] = v[:, None]
    return np.sum(Y * Y)


def store_new_axis_value(X, v):
    Y = np.zeros_like(X)
    Y[:, :] = v[None, :]
    return np.sum(Y * X)


def store_chained_index(X):
    Y = X * 1.0
    Y[0][1] = X[1, 0] ** 2
    Y[1][:] = Y[0][:] * 2
    return np.sum(Y * Y)


def fill_zeros(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = x[i] * x[i]
    return np.sum(y * x)


def fill_zeros_returned(x):
    y = np.zeros(len(x))
    for i in range(len(x)):
        y[i] = x[i] * x[i - 1]
    return y


def fill_partly(x):
    y = np.ones(len(x))
    for i in range(1, len(x), 2):
        y[i] = x[i] ** 2
    return np.sum(y * y)


def fill_matrix(x, y):
    M = np.zeros((len(x), len(y)))
    for i in range(len(x)):
        for j in range(len(y)):
            M[i, j] = x[i] * y[j] + x[i]
    return np.sum(M * M)


def fill_from_scalar(x, n):
    y = np.zeros(n)
    for i in range(n):
        y[i] = x * i
        x = x * 1.1
    return np.sum(y * y)


def fill_at_data_index(x, idx):
    y = np.zeros(len(x))
    for i in range(len(idx)):
        y[idx[i]] = x[i] * x[0]
    return np.sum(y * y)


def scatter_add_by_hand(x, idx):
    y = np.zeros(len(x))
    for i in range(len(idx)):
        y[idx[i]] += x[i] * x[0]
    return np.sum(y * y)


def recurrence(x, c):
    a = np.zeros(len(x))
    a[0] = x[0]
    for i in range(1, len(x)):
        a[i] = a[i - 1] * c + x[i]
    return np.sum(a * a)


def recurrence_in_place(x, c):
    a = x.copy()
    for i in range(1, len(a)):
        a[i] = a[i - 1] * c
    return np.sum(a)


def recurrence_nonlinear(x, c):
    a = x.copy()
    for i in range(1, len(a)):
        a[i] = a[i] * a[i - 1] + c * a[i] ** 2
    return np.sum(a * a)


def recurrence_backward(x):
    a = x.copy()
    for i in range(len(a) - 2, -1, -1):
        a[i] = a[i] + a[i + 1] * a[i]
    return np.sum(a * a)


def recurrence_two_back(x, n):
    f = np.zeros(n + 2)
    f[0] = x
    f[1] = x * x
    for i in range(2, n + 2):
        f[i] = f[i - 1] * f[i - 2] + f[i - 1]
    return f[-1]


def cumulative_sum(x):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] += y[i - 1]
    return np.sum(y * y)


def cumulative_product(x):
    y = x.copy()
    for i in range(1, len(y)):
        y[i] *= y[i - 1]
    return np.sum(y * y)


def same_element_each_turn(x, n):
    y = x.copy()
    for i in range(n):
        y[0] = y[0] * y[1] + 0.1
    return np.sum(y * y)


def same_element_overwritten(x):
    y = np.zeros(1)
    s = 0.0
    for i in range(len(x)):
        y[0] = x[i] * x[i]
        s = s + y[0] * y[0]
    return s


def buffer_reused(x):
    t = np.zeros(2)
    s = 0.0
    for i in range(1, len(x)):
        t[0] = x[i] * x[i - 1]
        t[1] = t[0] * t[0] + x[i]
        s = s + t[1] * t[0]
    return s


def stencil(x, n):
    u = x.copy()
    for t in range(n):
        u[1:-1] = u[1:-1] + 0.1 * (u[2:] - 2 * u[1:-1] + u[:-2])
    return np.sum(u * u)


def stencil_nonlinear(x, n):
    u = x.copy()
    for t in range(n):
        u[1:-1] = u[1:-1] * u[2:] - u[:-2] ** 2 * 0.1
    return np.sum(u * u)


def stencil_elements(x, n):
    u = x.copy()
    for t in range(n):
        for i in range(1, len(u) - 1):
            u[i] = 0.5 * u[i] + 0.2 * u[i - 1] * u[i + 1]
    return np.sum(u * u)


def stencil_two_buffers(x, n):
    u = x.copy()
    v = np.zeros_like(u)
    for t in range(n):
        v[1:-1] = (u[:-2] + u[1:-1] + u[2:]) / 3
        u[1:-1] = v[1:-1] * v[1:-1]
    return np.sum(u * u)


def jacobi(A, T):
    A = A.copy()
    B = np.zeros_like(A)
    for t in range(T):
        B[1:-1] = (A[:-2] + A[1:-1] + A[2:]) / 3
        A[1:-1] = (B[:-2] + B[1:-1] + B[2:]) / 3
    return np.sum(A * A)


def two_buffers_swapped(x, n):
    old = x.copy()
    new = np.zeros_like(x)
    for t in range(n):
        new[1:-1] = old[1:-1] + 0.1 * old[2:] * old[:-2]
        old, new = new, old
    return np.sum(old * old)


def two_buffers_swapped_once(x):
    a = x * 2
    b = x * x
    a, b = b, a
    a[0] = b[1] * a[0]
    b[1] = 7.0
    return np.sum(a * b)


def three_buffers_rotated(x, n):
    before = x * 0.5
    now = x.copy()
    after = np.zeros_like(x)
    for t in range(n):
        after[1:-1] = 2 * now[1:-1] - before[1:-1] + 0.1 * (now[2:] + now[:-2])
        before, now, after = now, after, before
    return np.sum(now * now)


def buffers_copied_over(x, n):
    old = x.copy()
    new = x.copy()
    for t in range(n):
        new[1:-1] = old[1:-1] * 0.5 + old[2:] * old[:-2]
        old[:] = new
    return np.sum(old * x)


def swap_elements(x):
    y = x.copy()
    y[0], y[1] = y[1], y[0]
    y[0] = y[0] * y[0]
    return np.sum(y * np.arange(len(y)))


def swap_rows(X):
    Y = X.copy()
    t = Y[0].copy()
    Y[0] = Y[1]
    Y[1] = t
    return np.sum(Y * np.arange(Y.size).reshape(Y.shape) * X)


def sort_two_by_hand(x):
    y = x.copy()
    for i in range(len(y) - 1):
        if y[i] > y[i + 1]:
            t = y[i]
            y[i] = y[i + 1]
            y[i + 1] = t
    return np.sum(y * np.arange(len(y)))


def store_through_view(x):
    y = x * 1.0
    v = y[0:2]
    v[0] = 10.0
    v[1] = x[2] * v[1]
    return np.sum(y * y)


def store_seen_through_view(x):
    y = x * 1.0
    v = y[1:]
    y[1] = y[0] * y[2]
    return np.sum(v * v) + np.sum(y)


def store_through_view_of_view(x):
    y = x * x
    v = y[1:]
    w = v[::2]
    w[0] = x[0] * w[0]
    w *= 2
    return np.sum(y * x)


def store_through_row(X):
    Y = X * X
    r = Y[1]
    r[0] = X[0, 0] * r[1]
    r += 1.0
    return np.sum(Y * Y)


def store_through_transpose(X):
    Y = X * 1.0
    Z = Y.T
    Z[0] = X[:, 1] * 2
    return np.sum(Y * Y)


def store_through_reshape(x):
    y = x * 1.0
    Z = y.reshape(2, 3)
    Z[0, 1] = x[0] * x[5]
    Z[1] *= 2
    return np.sum(y * y)


def store_through_rebound_name(x):
    y = x * 1.0
    z = y
    z[0] = x[1] * x[2]
    z = x * 3
    z[1] = 2.0
    return np.sum(y * z)


def store_after_alias(x):
    y = x * x
    z = y
    y[0] = z[1] * z[2]
    return np.sum(z * z)


def store_after_copy(x):
    y = x * x
    z = y.copy()
    y[0] = z[1] * z[2]
    return np.sum(z * y)


def store_shared_by_path(x, c):
    y = x if c else x.copy()
    y[0] = x[1] * 3
    return np.sum(y * x)


def value_kept_from_before_store(x):
    y = x * 1.0
    a = np.sin(y)
    y[:] = a * y
    b = np.sin(y)
    y[0] = 1.0
    return np.sum(a * b * y)


def element_kept_from_before_store(x):
    y = x.copy()
    t = y[0]
    y[0] = y[1]
    y[1] = t * t
    return np.sum(y * y) * t


def masked_store(x):
    y = x.copy()
    y[y < 0] = 0.0
    return np.sum(y * y)


def masked_store_of_values(x, keep):
    y = x * 1.0
    y[keep] = x[keep] ** 2
    return np.sum(y * x)


def masked_store_of_scalar(x, s, keep):
    y = x * x
    y[keep] = s * s
    return np.sum(y * y)


def masked_augmented(x, keep):
    y = x * 1.0
    y[keep] *= 2.0
    y[~keep] += y[0]
    return np.sum(y * y)


def fancy_store(x, v):
    y = x * x
    y[[2, 0]] = v
    return np.sum(y * y)


def fancy_store_repeated(x, v):
    y = x * x
    y[[0, 0]] = v
    return np.sum(y * y)


def fancy_store_repeated_by_argument(x, v, idx):
    y = x * x
    y[idx] = v
    return np.sum(y * y)


def fancy_augmented_repeated(x, v, idx):
    y = x * x
    y[idx] += v
    return np.sum(y * y)


def fancy_augmented_multiply(x, idx):
    y = x * x
    y[idx] *= x[0]
    return np.sum(y * y)


def fancy_store_pairs(X, v):
    k = np.arange(3)
    Y = X * X
    Y[k, k] = v
    Y[k, 0] += v
    return np.sum(Y * X)


def store_into_whole_array(x):
    y = np.zeros(3, dtype=int)
    y[0] = 2
    y[1] = x[0] * 10
    return np.sum(y * x[1])


def store_whole_values(x):
    y = x * x
    y[0] = 3
    y[1:] = np.arange(len(x) - 1)
    return np.sum(y * x)


def store_then_result_is_element(x):
    y = x.copy()
    y[1] = y[0] * y[2]
    return y[1] * y[1]


def store_dead(x):
    y = x.copy()
    z = np.zeros(3)
    z[0] = x[0] * 2
    y[0] = x[1]
    y = x * x
    return np.sum(y)


def store_into_ones(x):
    y = np.ones((2, 3))
    y[0] = x
    y[1, 1:] = x[1:] * y[0, 1:]
    return np.sum(y * y)


def store_into_like(x):
    y = np.zeros_like(x)
    z = np.ones_like(x)
    y[0] = x[0]
    z[1] = y[0] * x[1]
    return np.sum(z * y * x)


def store_in_branch(x):
    y = x.copy()
    if x[0] > 0:
        y[0] = x[1] * x[1]
    else:
        y[1:] = x[0]
    y[0] *= 2
    return np.sum(y * y)


def store_in_branch_of_loop(x):
    y = x.copy()
    for i in range(1, len(x)):
        if y[i - 1] > 0:
            y[i] = y[i] * y[i - 1]
        else:
            y[i - 1] = y[i] ** 2
    return np.sum(y * y)


def store_in_while(x):
    y = x.copy()
    i = 0
    while i < len(y) - 1:
        y[i + 1] = y[i] * y[i + 1]
        i += 1
    return np.sum(y * y)


def store_index_changes_after(x):
    y = np.zeros(len(x))
    k = 0
    for i in range(len(x)):
        y[k] = x[i] * x[k]
        k = (k + 2) % len(x)
    return np.sum(y * y)


def matrix_in_place_scaling(A):
    B = A.copy()
    for i in range(B.shape[0]):
        s = np.sum(B[i])
        B[i] = B[i] / (s * s + 1)
    return np.sum(B * B)


def matrix_vector_by_loops(A, x):
    y = np.zeros(A.shape[0])
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            y[i] += A[i, j] * x[j]
    return np.sum(y * y)


def matrix_product_by_loops(A, B):
    C = np.zeros((A.shape[0], B.shape[1]))
    for i in range(A.shape[0]):
        for j in range(B.shape[1]):
            for k in range(A.shape[1]):
                C[i, j] += A[i, k] * B[k, j]
    return np.sum(C * C)


def history_of_states(x, n):
    H = np.zeros((n + 1, len(x)))
    H[0] = x
    for t in range(n):
        H[t + 1] = np.sin(H[t]) + H[t] * 0.1
    return np.sum(H * H)


def element_of_local_list_of_sums(x):
    sums = np.zeros(2)
    sums[0] = np.sum(x)
    sums[1] = np.sum(x * x)
    return sums[1] - sums[0] ** 2 / len(x)


def strided_argument_written(x):
    x[0] = x[1] * x[2]
    x[1:] *= 2
    return np.sum(x * x)


def loop_row_written(X):
    Y = X * 1.0
    for row in Y:
        row[0] = row[1] * row[1]
    return np.sum(Y * Y)


def enumerate_and_store(a):
    a = a.copy()
    for i, v in enumerate(a):
        a[i] = v * v
    return np.sum(a * a)


def empty_then_filled(x):
    y = np.empty(len(x))
    for i in range(len(x)):
        y[i] = x[i] ** 2
    return np.sum(y * y)


def full_then_filled(x, s):
    y = np.full(3, s)
    y[0] = x[0] * y[1]
    return np.sum(y * y)


def last_store_by_negative_index(x):
    y = x * 1.0
    y[-1] = y[0] * y[-2]
    y[-2] = y[-1]
    return np.sum(y * y)


def float32_store(x, v):
    y = x * x
    y[1:] = v
    y[0] *= 2
    return np.sum(y * y)


CASES = [
    *[
        Case(f, takes(vec()))
        for f in (
            store_element, store_element_twice, store_overwrites_what_was_read, store_constant, store_zero,
            store_constant_only, store_into_argument, store_into_argument_returned, store_into_argument_slice,
            augmented_argument, store_augmented_self, store_augmented_overlapping, store_slice_of_constant,
            store_slice_negative_step, store_slice_step, store_overlapping_slices, store_overlapping_plain,
            store_reversed_own, store_all, store_all_ellipsis, store_size_one_slice, fill_zeros, fill_zeros_returned,
            fill_partly, recurrence_backward, cumulative_sum, cumulative_product, same_element_overwritten,
            buffer_reused, two_buffers_swapped_once, swap_elements, sort_two_by_hand, store_through_view,
            store_seen_through_view, store_through_view_of_view, store_through_rebound_name, store_after_alias,
            store_after_copy, value_kept_from_before_store, element_kept_from_before_store, masked_store,
            store_whole_values, store_then_result_is_element, store_dead, store_into_like, store_in_while,
            store_index_changes_after, element_of_local_list_of_sums, last_store_by_negative_index,
        )
    ],
    *[
        Case(f, takes(mat()))
        for f in (
            store_matrix_element, store_matrix_block, store_chained_index, swap_rows, store_through_row,
            store_through_transpose, matrix_in_place_scaling,
        )
    ],
    *[
        Case(f, takes(vec(), num(0.5, 1.5)), wrt=(0, 1))
        for f in (
            store_augmented_add, store_augmented_subtract, store_augmented_multiply, store_augmented_divide,
            store_augmented_power, store_augmented_slices, store_slice, store_slice_of_scalar,
            store_slice_of_scalar_expression, recurrence, recurrence_in_place, recurrence_nonlinear,
        )
    ],
    *[
        Case(f, takes(vec("n"), whole(0, 4)), seeds=4)
        for f in (
            store_into_argument_in_loop, same_element_each_turn, stencil, stencil_nonlinear, stencil_elements,
            stencil_two_buffers, jacobi, two_buffers_swapped, three_buffers_rotated, buffers_copied_over,
            history_of_states,
        )
    ],
    Case(store_into_one_of_two, takes(vec(), vec()), wrt=(0, 1)),
    Case(store_matrix_row, takes(mat(), vec()), wrt=(0, 1)),
    Case(store_matrix_row, takes(mat(), num()), wrt=(0, 1), name="store_matrix_row_of_scalar"),
    Case(store_matrix_column, takes(mat(), num()), wrt=(0, 1)),
    Case(store_row_into_all, takes(mat(), vec()), wrt=(0, 1)),
    Case(store_column_broadcast, takes(mat(), vec("m")), wrt=(0, 1)),
    Case(store_new_axis_value, takes(mat(), vec()), wrt=(0, 1)),
    Case(fill_matrix, takes(vec("m"), vec("n")), wrt=(0, 1)),
    Case(fill_from_scalar, takes(num(), whole(1, 5))),
    Case(fill_at_data_index, takes(vec("n"), wholes("n", 0, "n"))),
    Case(scatter_add_by_hand, takes(vec("n"), wholes("n", 0, "n"))),
    Case(recurrence_two_back, takes(num(), whole(1, 4))),
    Case(store_through_reshape, takes(vec(6))),
    Case(store_shared_by_path, takes(vec(), flag()), seeds=6),
    Case(masked_store_of_values, takes(vec(), bools("n"))),
    Case(masked_store_of_scalar, takes(vec(), num(), bools("n")), wrt=(0, 1)),
    Case(masked_augmented, takes(vec(), bools("n"))),
    Case(fancy_store, takes(vec(), vec(2)), wrt=(0, 1)),
    Case(fancy_store, takes(vec(), num()), wrt=(0, 1), name="fancy_store_of_scalar"),
    Case(fancy_store_repeated, takes(vec(), vec(2)), wrt=(0, 1)),
    Case(fancy_store_repeated, takes(vec(), num()), wrt=(0, 1), name="fancy_store_repeated_of_scalar"),
    Case(fancy_store_repeated_by_argument, takes(vec("n"), vec(6), wholes(6, 0, "n")), wrt=(0, 1)),
    Case(fancy_augmented_repeated, takes(vec("n"), vec(6), wholes(6, 0, "n")), wrt=(0, 1)),
    Case(fancy_augmented_multiply, takes(vec("n"), wholes(6, 0, "n"))),
    Case(fancy_store_pairs, takes(mat("m", "n"), vec(3)), wrt=(0, 1)),
    Case(store_into_whole_array, takes(vec())),
    Case(store_into_ones, takes(vec(3))),
    Case(store_in_branch, takes(vec()), seeds=6),
    Case(store_in_branch_of_loop, takes(vec(7))),
    Case(matrix_vector_by_loops, takes(mat(), vec()), wrt=(0, 1)),
    Case(matrix_product_by_loops, takes(mat("m", "k"), mat("k", "n")), wrt=(0, 1)),
    Case(strided_argument_written, takes(lambda d: d.rng.normal(size=12)[::3])),
    Case(store_into_argument, takes(lambda d: d.rng.normal(size=5)[::-1]), name="store_into_reversed_argument"),
    Case(store_chained_index, takes(lambda d: np.asfortranarray(d.rng.normal(size=(3, 4)))), name="store_into_fortran"),
    Case(store_into_one_of_two, lambda rng: (lambda x: (x, x))(rng.normal(size=4)), wrt=(0, 1), expect="either", name="store_into_one_array_twice"),
    Case(loop_row_written, takes(mat())),
    Case(enumerate_and_store, takes(vec()), expect="either"),
    Case(empty_then_filled, takes(vec())),
    Case(full_then_filled, takes(vec(3), num()), wrt=(0, 1)),
    Case(float32_store, takes(array(4, dtype=np.float32), array(3, dtype=np.float32)), wrt=(0, 1)),
]
