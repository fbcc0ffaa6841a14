"""Views of every making that are written, and arrays that are none: NumPy decides, and we follow or refuse."""

import numpy as np

from case import Case, array, flag, mat, num, takes, vec, whole




def transposed(X):
    Y = X * 1.0
    T = np.transpose(Y)
    T[0] = T[1] * T[0]
    T.transpose()[0, 0] = 2.0 * Y[1, 0]
    return np.sum(Y * X)


def transposed_axes(x):
    Y = np.zeros((2, 3, 4)) + x
    T = np.transpose(Y, (2, 0, 1))
    T[1] = 2.0 * T[0] * T[1]
    return np.sum(Y * Y)


def swapped_axes(X):
    Y = X * 1.0
    T = np.swapaxes(Y, 0, 1)
    T[0] *= 3.0
    U = Y.swapaxes(0, 1)
    U[1] = U[0]
    return np.sum(Y * X)


def moved_axis(X):
    Y = X * 1.0
    T = np.moveaxis(Y, 0, 1)
    T[0] = T[0] * T[1]
    return np.sum(Y * X)


def squeezed(x):
    Y = (x * 1.0)[:, None]
    v = np.squeeze(Y)
    v[0] = v[1] * v[2]
    w = Y.squeeze()
    w *= w[1]
    return np.sum(Y[:, 0] * x)


def expanded(x):
    y = x * 1.0
    M = np.expand_dims(y, 1)
    M[0, 0] = 2.0 * y[1]
    M *= y[2]
    return np.sum(y * x)


def flipped(x):
    y = x * 1.0
    r = np.flip(y)
    r[0] = r[1] * r[2]
    r[1:] *= 2.0
    return np.sum(y * x)


def flipped_rows(X):
    Y = X * 1.0
    np.flipud(Y)[0] *= 2.0
    L = np.fliplr(Y)
    L[0] = L[1] * Y[0]
    return np.sum(Y * X)


def rotated(X):
    Y = X * 1.0
    R = np.rot90(Y)
    R[0] = 3.0 * R[1]
    return np.sum(Y * X)


def at_least_one(x):
    y = x * 1.0
    z = np.atleast_1d(y)
    z[0] = y[1] * y[1]
    return np.sum(y * x)


def at_least_two(x):
    y = x * 1.0
    z = np.atleast_2d(y)
    z[0, 1] = y[0] * y[2]
    return np.sum(y * x)


def as_array(x):
    y = x * 1.0
    z = np.asarray(y)
    z[0] = 5.0 * y[1]
    return np.sum(y * y)


def as_array_of_argument(x):
    z = np.asarray(x)
    z[0] = 5.0 * x[1]
    return np.sum(x * x)


def as_array_of_dtype(x):
    y = x * 1.0
    z = np.asarray(y, dtype=np.float32)
    z[0] = 5.0
    return np.sum(y * y)


def as_array_of_its_dtype(x):
    y = x * 2.0
    z = np.asarray(y[:2], dtype=float)
    z += 1.0
    return np.sum(z * z) + np.sum(y * y * x)


def as_array_of_named_dtype(x):
    y = x * 2.0
    z = np.asarray(y, dtype=y.dtype)
    z[:-1] *= y[1:]
    return np.sum(z * z) + np.sum(y * x)


class Body:
    def __init__(self, position, speed):
        self.position = np.asarray(position, dtype=float)
        self.speed = np.asarray(speed, dtype=np.float64)

    def move(self, dt):
        self.speed -= dt * self.position**3
        self.position += dt * self.speed


def bodies_moved_in_place(x):
    start = x.copy()
    bodies = [Body(start[:2], (0.5, 0.0)), Body([-1.0, 0.25], start[-2:])]
    for _ in range(3):
        for body in bodies:
            body.move(0.1)
    return bodies[0].position @ bodies[1].speed + np.sum(start * x)


def whole_contiguous(x):
    y = x * 1.0
    z = np.ascontiguousarray(y, dtype=np.float64)
    z *= x[::-1]
    return np.sum(y * z * x)


def as_contiguous(x):
    y = x * 1.0
    z = np.ascontiguousarray(y[::2])
    z[0] = 5.0 * y[1]
    return np.sum(y * y)


def as_type_without_copy(x):
    y = x * 1.0
    z = y.astype(float, copy=False)
    z[0] = 5.0 * y[1]
    return np.sum(y * y)


def as_type_copies(x):
    y = x * 1.0
    z = y.astype(float)
    z[0] = 5.0 * y[1]
    return np.sum(y * z)


def array_without_copy(x):
    y = x * 1.0
    z = np.array(y, copy=False)
    z[0] = 5.0 * y[1]
    return np.sum(y * y)


def array_copies(x):
    y = x * 1.0
    z = np.array(y, copy=True)
    z[0] = 5.0 * y[1]
    return np.sum(y * z)


def view_method(x):
    y = x * 1.0
    z = y.view()
    z[0] = 5.0 * y[1]
    return np.sum(y * y)


def broadcast_is_read_only(x):
    y = x * 1.0
    z = np.broadcast_to(y, (2, 3))
    y[0] = y[1] * y[2]
    return np.sum(z * z)


def split_in_two(x):
    y = x * 1.0
    a, b = np.split(y, 2)
    a[0] = b[1] * b[0]
    b *= a[1]
    return np.sum(y * x)


def split_into_list(x):
    y = x * 1.0
    p = np.split(y, 2)
    p[0][0] = p[1][1] * 2.0
    return np.sum(y * x)


def rows_unpacked(X):
    Y = X * 1.0
    a, b = Y
    a[0] = b[1] * b[0]
    b *= a[1]
    return np.sum(Y * X)


def rows_unpacked_read(X):
    a, b = X
    return np.sum(a * b * b)


def diagonal_read(X):
    Y = X * 1.0
    d = np.diagonal(Y)
    Y[0, 0] = Y[1, 1] * 2.0
    return np.sum(d * d)


def diag_of_matrix(X):
    Y = X * 1.0
    d = np.diag(Y)
    Y[0, 0] = 3.0
    return np.sum(d * d)


def real_part(x):
    y = x * 1.0
    z = y.real
    z[0] = 5.0
    return np.sum(y * y)


def entries_held(X):
    Y = X * 1.0
    entries = Y.flat
    Y[0] = X[0] * X[1]
    return sum(entries)


def entries_of(Y):
    return Y.flat


def entries_handed_back(X):
    Y = X * 1.0
    entries = entries_of(Y)
    Y[0] = X[0] * X[1]
    return sum(entries)


def flat_written(X):
    Y = X * 1.0
    Y.flat[1] = Y[1, 0] * 2.0
    return np.sum(Y * X)


def diff_of_no_order(x):
    y = x * 1.0
    d = np.diff(y, n=0)
    d[0] = 3.0
    return np.sum(y * y)


def views_of_views(X):
    Y = X * 1.0
    a = Y.T[1:]
    b = np.flip(a[:, ::-1])
    c = b[0]
    c[0] = 2.0 * Y[0, 0]
    np.transpose(a)[0, 0] *= c[1]
    return np.sum(Y * X)


def nested_store(X):
    Y = X * 1.0
    Y[0][1] = Y[1][0] * 2.0
    Y.T[1][0] += Y[0][0]
    Y[1:][0][0] *= Y[0, 1]
    return np.sum(Y * X)


def swap_elements(x):
    y = x * 1.0
    y[0], y[1] = y[1], y[0]
    y[0], y[2] = 2.0 * y[2], y[0] * y[1]
    return np.sum(y * x)


def swap_slices(x):
    a = x * 1.0
    a[:2], a[2:4] = a[2:4], a[:2]
    return np.sum(a * x)


def swap_overlapping(x):
    a = x * 1.0
    a[1:], a[:-1] = a[:-1], a[1:]
    return np.sum(a * x)


def swap_copies(x):
    a = x * 1.0
    a[:2], a[2:4] = a[2:4].copy(), a[:2].copy()
    return np.sum(a * x)


def shift_right(x):
    a = x * 1.0
    a[1:] = a[:-1]
    a[:-1] = a[1:] * a[0]
    return np.sum(a * x)


def shift_in_place(x):
    a = x * 1.0
    a[1:] += a[:-1]
    a[:-1] *= a[1:]
    a[::-1] -= a
    return np.sum(a * x)


def reversed_into_itself(x):
    a = x * 1.0
    a[:] = a[::-1]
    return np.sum(a * x)


def rows_by_iteration(X):
    Y = X * 1.0
    total = 0.0
    for row in Y:
        total += np.sum(row * row)
        row[0] = row[1] * 3.0
        row *= 0.5
    return total * np.sum(Y * X)


def rows_of_view_by_iteration(X):
    Y = X * 1.0
    for column in Y.T[1:]:
        column[0] = column[1] * 3.0
        for row in Y:
            row[0] += column[0]
    return np.sum(Y * X)


def rows_kept(X):
    Y = X * 1.0
    last = Y[0]
    for row in Y:
        row += last
        last = row
    last[0] = 7.0
    return np.sum(Y * X)


def rows_of_argument(X, k):
    for row in X:
        row *= k
        row[0] = 1.0
    return np.sum(X * X)


def enumerated_rows(X):
    Y = X * 1.0
    for i in range(len(Y)):
        row = Y[i]
        row[i] = row[0] * 2.0
    return np.sum(Y * X)


def filled_from_empty(x):
    y = np.empty(len(x))
    for i in range(len(x)):
        y[i] = x[i] * x[-1]
    return np.sum(y * y)


def filled_from_empty_like(X):
    Y = np.empty_like(X)
    Y[0] = X[1]
    Y[1:] = X[:1] * 2.0
    return np.sum(Y * X)


def matmul_in_place(X, x):
    Y = X * 1.0
    Y @= X
    Y[0] @= X
    return np.sum(Y * X) + np.sum(x)


def every_operator(x, k):
    y = x * x + 1.0
    y[0] += k
    y[1] -= k * y[0]
    y[2] *= k
    y[0] /= 2.0 + k * k
    y[1] **= 2
    y[1:] *= y[:-1]
    y[:2] /= 1.0 + y[1:3] ** 2
    y **= 2
    y /= 3.0
    y[0] %= 5.0
    y[-1] //= 2.0
    y[-1] += x[0]
    return np.sum(y * x)


def every_operator_on_integers(x):
    n = np.array([5, 6, 7])
    n[0] += 1
    n[1] *= 2
    n[2] //= 2
    n[0] %= 4
    n[1] &= 6
    n[2] |= 8
    n[0] ^= 1
    n[1] <<= 1
    n[2] >>= 1
    n **= 2
    n -= 1
    return x[n[0] % 3] * np.sum(x * n)


def masked_and_fancy(x, i):
    y = x * 1.0
    y[y > 0] *= 2.0
    y[[0, 2]] += y[[1, 1]]
    y[[0, 0]] = x[:2]
    y[i] -= x[0]
    y[-1] **= 3
    y[(x > 0) & (y < 1)] = x[1]
    return np.sum(y * x)


def zero_d_array(x):
    a = np.array(2.0)
    a[()] += x[0]
    a[...] *= x[1]
    a += x[2]
    b = a
    b *= 2.0
    return float(a) * x[0]


def broadcasting_in_place(X, x, k):
    Y = X * 1.0
    Y += x
    Y *= x[None, :]
    Y[0] -= k
    Y -= Y[0]
    Y[:, 0] = k
    Y[:] = x
    Y += X[:, :1]
    return np.sum(Y * X)


def aliases_in_place(x, y):
    a = x * 1.0
    b = a
    c = a[1:]
    a += y
    b *= a
    c -= b[:-1]
    return np.sum(a * b) + np.sum(c)


def float_into_float32(x):
    y = np.zeros(len(x), dtype=np.float32)
    y[0] = x[1]
    y[1:] = x[:-1] * 2.0
    y += np.float32(1.0)
    return np.sum(y * y)


def float_into_integers(x):
    n = np.zeros(len(x), dtype=int)
    n[0] = x[0] * 10.0
    n[1:] = np.floor(3.0 * x[1:])
    return np.sum(n * x)


def float32_kept(x):
    y = x * 2.0
    y[0] = x[1] * x[1]
    y += 1.5
    return np.sum(y)


def scalars_out(x):
    y = x * 1.0
    a = float(y[0])
    b = y[1].item()
    c = y[2] * 1.0
    y[0], y[1], y[2] = b, c, a
    return np.sum(y * x) + a * b


def empty_arrays(x):
    y = x[:0] * 1.0
    y += 1.0
    y[:] = 3.0
    for v in y:
        x[0] = v
    return np.sum(y) + np.sum(x)


def complex_between(x):
    return np.sum(np.abs(np.exp(1j * x) * x))


def conjugated(x):
    z = x + 1j * x[::-1]
    return np.sum((z * z.conjugate()).real)


def in_and_out(x):
    """The value is memory that the way back restores."""
    y = x * 1.0
    z = y[1:]
    y[0] = y[1] * z[1]
    z *= y[0]
    return y


def argument_of_two_axes_transposed(X):
    X.T[0] *= 2.0
    X[0] = X[1]
    return np.sum(X * X)


def alias_by_condition(x, c, n):
    y = x * 1.0
    z = x * x
    w = y if c else z[1:]
    for _ in range(n):
        w[0] = 2.0 * w[1]
        w = z if c else y
    return np.sum(y * z)


def view_of_rebound(x):
    y = x * 1.0
    v = y[1:]
    y = y * 2.0
    y[1] = v[0] * v[1]
    v[0] = y[0]
    return np.sum(y * x) + np.sum(v)


def view_in_loop_of_rebound(x):
    y = x * 1.0
    v = y[1:]
    for _ in range(2):
        v[0] = y[0] * v[1]
        y = y * 2.0
        v *= y[1:]
        v = y[:-1]
    return np.sum(y * x)


def integer_index_by_name(x, i):
    y = x * 1.0
    y[i] = 2.0 * y[i - 1]
    i = i - 1
    y[i] += y[i - 1]
    return np.sum(y * x)


M23 = mat(2, 3)

def float_into_float32_slope(x):
    y = np.zeros(len(x), dtype=np.float32)
    y[0] = x[1]
    y[1:] = x[:-1] * 2.0
    y += np.float32(1.0)
    bar = np.zeros_like(x)
    bar[1] = 2.0 * y[0]
    bar[:-1] += 4.0 * y[1:]
    return (bar,)


def alias_by_path_augmented(x, n):
    v = x if n % 2 == 0 else x * 1.1
    x += np.sin(v)
    x *= v
    return np.sum(x * x)


def one_value_in_both_arms(x):
    y = x * 1.0
    y -= np.sin(np.where(y > 0.3, y / (1.5 + y**2), y / (1.5 + y**2)))
    return np.sum(y * np.where(x > 0, np.exp(y), 2.0 * np.exp(y)))


CASES = [
    Case(one_value_in_both_arms, takes(vec())),
    Case(float_into_float32, takes(vec()), exact=float_into_float32_slope),
    Case(alias_by_path_augmented, takes(vec(), whole(0, 3)), seeds=4),
    *[
        Case(f, takes(vec()))
        for f in (
            expanded, flipped, as_array, as_array_of_argument, as_type_copies, array_copies,
            as_array_of_dtype, as_array_of_its_dtype, as_array_of_named_dtype, as_type_without_copy,
            array_without_copy, whole_contiguous, bodies_moved_in_place,
            swap_elements, shift_right, shift_in_place, filled_from_empty, scalars_out, empty_arrays, in_and_out,
            view_of_rebound, view_in_loop_of_rebound,
        )
    ],
    *[Case(f, takes(mat())) for f in (
        transposed, swapped_axes, moved_axis, flipped_rows, rotated, views_of_views, nested_store, rows_by_iteration, rows_of_view_by_iteration,
        rows_kept, filled_from_empty_like, argument_of_two_axes_transposed,
    )],
    *[Case(f, takes(vec())) for f in (swap_overlapping, reversed_into_itself, squeezed)],
    *[Case(f, takes(vec()), expect="either") for f in (as_contiguous, view_method, real_part, diff_of_no_order, complex_between, conjugated, at_least_one, at_least_two)],
    *[Case(f, takes(vec(4))) for f in (split_in_two, transposed_axes, swap_slices)],
    *[Case(f, takes(vec(4)), expect="either") for f in (split_into_list,)],
    Case(swap_copies, takes(vec(4))),
    Case(broadcast_is_read_only, takes(vec(3)), expect="either"),
    *[Case(f, takes(M23)) for f in (rows_unpacked, flat_written)],
    Case(rows_unpacked_read, takes(M23)),
    *[Case(f, takes(mat(3, 3)), expect="either") for f in (diagonal_read, diag_of_matrix)],
    Case(enumerated_rows, takes(mat(3, 3))),
    Case(rows_of_argument, takes(mat(), num()), wrt=(0, 1)),
    Case(matmul_in_place, takes(mat(3, 3), vec(3))),
    Case(every_operator, takes(vec(), num()), wrt=(0, 1)),
    Case(every_operator_on_integers, takes(vec(3))),
    Case(masked_and_fancy, takes(vec(3), whole(0, 2))),
    Case(zero_d_array, takes(vec(3))),
    Case(broadcasting_in_place, takes(mat(), vec(), num()), wrt=(0, 1, 2)),
    Case(aliases_in_place, takes(vec(), vec()), wrt=(0, 1)),
    Case(float32_kept, takes(array("n", dtype=np.float32))),
    Case(alias_by_condition, takes(vec(), flag(), whole(0, 3)), seeds=6),
    Case(integer_index_by_name, takes(vec(), whole(0, 2)), seeds=4),
    Case(entries_held, takes(mat(2, 3)), expect="refused"),
    Case(entries_handed_back, takes(mat(2, 3)), expect="refused"),
]
