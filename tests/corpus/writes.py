"""Calls of NumPy that write an array they are given: `out=`, `np.add.at`, `fill`, `copyto` and their kin."""

import bisect
import heapq

import numpy as np

from case import Case, array, bools, flag, mat, num, takes, vec, wholes


def out_filled(x, y):
    c = np.zeros(3)
    np.multiply(x, y, out=c)
    np.add(c, y, out=c)
    return np.sum(c * c)


def out_is_a_slice(x, y):
    c = np.zeros_like(x)
    np.multiply(x, y, out=c)
    np.add(c[1:], 1.0, out=c[:-1])
    np.exp(c, out=c)
    return np.sum(c * y)


def out_with_a_result(x, y):
    c = np.zeros_like(x)
    d = np.multiply(x, y, out=c)
    d *= 2
    return np.sum(np.sin(c, c)) + np.sum(d)


def out_of_dot_in_loop(W, x):
    h = np.zeros(3)
    s = 0.0
    for i in range(3):
        h = np.dot(W, x, out=h)
        np.tanh(h, h)
        s += np.sum(np.maximum(h, 0.1, out=h))
    return s + np.sum(h)


def out_where(x, y):
    c = x * 1.0
    np.divide(y, x, out=c, where=x > 0)
    np.sqrt(x, out=c, where=x > 0)
    return np.sum(c * c * c)


def out_of_operand_read_before(x):
    y = x * x
    a = y[0] * y[1]
    np.exp(y, out=y)
    return a * np.sum(y)


def out_inside_expression(x):
    y = x * 1.0
    return y[0] * np.sum(np.exp(y, out=y)) + y[0]


def out_in_two_places(x):
    y = x * 1.0
    t = np.multiply(y, 2.0, out=y) + np.multiply(y, x, out=y)
    return np.sum(t * y)


def out_of_two_axes(x, X):
    C = np.zeros_like(X)
    np.multiply(x, X, out=C)
    np.subtract(C.T, 1.0, out=C.T)
    np.add(x, 1.0, out=C[0])
    np.sum(X * X, axis=0, out=C[1])
    return np.sum(C * C)


def out_broadcasts(x):
    c = np.zeros((3, 3))
    np.multiply(x, x, out=c)
    return np.sum(c * x)


def out_by_position(x, y):
    c = np.empty(3)
    np.add(x, y, c)
    np.clip(c, -1.0, 1.0, c)
    np.dot(np.eye(3), c * y, c)
    return np.dot(c, c)


def out_by_fourth_position(x, y):
    c = np.empty(3)
    np.add(x, y, c)
    np.cumsum(c, 0, None, c)
    return np.dot(c, c)


def out_is_none(x):
    return np.sum(np.exp(x, out=None))


def out_tuple(x):
    y = np.empty_like(x)
    np.exp(x, out=(y,))
    return np.sum(y)


def out_of_a_method(x):
    y = x * x
    c = np.empty(x.shape)
    y.cumsum(out=c)
    y.clip(0.1, 0.5, out=y)
    return np.sum(c * y)


def out_through_alias(x):
    y = x * 1.0
    z = y
    np.multiply(z, x, out=y)
    v = z[1:]
    np.multiply(v, 2.0, out=v)
    return np.sum(y * z)


def out_in_branch(x, c):
    y = x * 1.0
    if c:
        np.sin(y, out=y)
    elif np.sum(np.cos(y, out=y)) > 0:
        y = y * 2
    return np.sum(y * x)


def out_in_while(x):
    y = x * 1.0
    while np.sum(np.multiply(y, 0.5, out=y)) > 0.1:
        y = y + 0.0
    return np.sum(y)


def out_before_branch(x):
    y = x * 1.0
    if np.sum(np.multiply(y, y, out=y)) > 1.0:
        y = y * 2
    return np.sum(y * x)


def out_is_the_argument(x, y):
    np.multiply(x, y, out=x)
    np.multiply(x, y, out=x)
    return np.sum(x)


def out_is_a_global(x):
    np.multiply(x, x, out=BUFFER)
    return np.sum(BUFFER)


BUFFER = np.zeros(3)


def out_of_float32(x):
    y = np.zeros_like(x)
    np.multiply(x, x, out=y)
    np.add(y, 1.5, out=y)
    return np.sum(y * x)


def out_float64_into_float32(x):
    y = np.zeros(x.shape, dtype=np.float32)
    np.multiply(x, x, out=y, casting="same_kind")
    return np.sum(y)


def out_of_modf(x):
    a, b = np.zeros_like(x), np.zeros_like(x)
    np.modf(x, out=(a, b))
    return np.sum(a)


def add_at(x, k):
    a = np.zeros(3)
    i = np.array([0, 1, 0, 2, 0])
    np.add.at(a, i, x)
    np.subtract.at(a, [0, 0], k * a[1])
    return np.sum(a * a)


def add_at_scalar_and_slice(x, k):
    a = x * 1.0
    np.add.at(a, 0, k)
    np.add.at(a, slice(1, 3), k * k)
    return np.sum(a * a)


def add_at_slice_display(x, X):
    A = X * 1.0
    np.add.at(A, (slice(None), [0, 0, 1]), x[:, None])
    np.add.at(A, ([0, 0], [1, 1]), x[0])
    return np.sum(A * A)


def add_at_mask(x, m):
    a = x * 1.0
    np.add.at(a, m, 2.0 * x[0])
    return np.sum(a * a)


def add_at_of_itself(x, i):
    a = x * 1.0
    np.add.at(a, i, a[i] * a[0])
    return np.sum(a * a)


def add_at_in_loop(x, i):
    a = np.zeros(4)
    for k in range(3):
        np.add.at(a, i, x * a[k] + 1.0)
        a[k] = np.sin(a[k])
    return np.sum(a * a)


def add_at_rows(X, i):
    A = np.zeros((4, 3))
    np.add.at(A, i, X)
    return np.sum(A * A)


def multiply_at(x, i):
    a = x * 1.0
    np.multiply.at(a, i, 2.0)
    return np.sum(a)


def add_at_alias(x, i):
    a = x * 1.0
    v = a[1:]
    np.add.at(v, i, a[0])
    np.add.at(a, i, v[0] * v)
    return np.sum(a * a)


def fill(x, k):
    c = x * x
    c[1:].fill(k)
    t = np.sum(c * c)
    c.fill(k * t)
    return np.sum(c) * t


def fill_row(X, k):
    C = X * 1.0
    C[0].fill(k)
    C.T[1].fill(2.0)
    return np.sum(C * C)


def copyto(x, y):
    c = x * 1.0
    np.copyto(c[:1], y[:1])
    np.copyto(c, y, where=y > 0)
    np.copyto(c[2:], 3.0)
    return np.sum(c * c)


def copyto_overlapping(x):
    c = x * 1.0
    np.copyto(c[1:], c[:-1])
    return np.sum(c * x)


def fill_diagonal(X, k):
    A = X * 1.0
    np.fill_diagonal(A, k)
    np.fill_diagonal(A, A[0, 1] * 2)
    np.fill_diagonal(A[1:, 1:], k)
    return np.sum(A * A * X)


def fill_diagonal_vector(X, x):
    A = X * X
    np.fill_diagonal(A, x)
    return np.sum(A * A * X)


def fill_diagonal_of_a_cube(x):
    A = np.zeros((3, 3, 3)) + x
    np.fill_diagonal(A, x[0])
    return np.sum(A * A)


def fill_diagonal_wrapped(X):
    A = X * 1.0
    np.fill_diagonal(A, X[0, 1], wrap=True)
    return np.sum(A * A)


def put(x, y):
    c = x * x
    np.put(c, [0, 2], y[:2])
    c.put([1], y[1])
    return np.sum(c * c)


def put_repeats(x):
    c = x * x
    np.put(c, [0, 1, 2], x[:2])
    return np.sum(c * c)


def put_in_matrix(X):
    C = X * X
    np.put(C, [0, 1], 3.0)
    return np.sum(C * C)


def putmask(x, y):
    c = x * 1.0
    np.putmask(c, c > 0, y * y)
    np.putmask(c, y > 0, y[0])
    return np.sum(c * c)


def putmask_repeats(x):
    c = x * 1.0
    np.putmask(c, c > -9, x[:2])
    return np.sum(c * c)


def place(x, y):
    c = x * 1.0
    np.place(c, c < 0, 2 * y[0])
    np.place(c, c > 0, y[:2])
    return np.sum(c * c * c)


def sort_in_place(x):
    y = x * 1.0
    y.sort()
    y[0] = y[1] * y[2]
    return np.sum(y * np.arange(1.0, 4.0))


def sort_axis(X):
    Y = X * 1.0
    Y.sort(axis=0)
    return np.sum(Y * X)


def shuffled_by_generator(x):
    rng = np.random.default_rng(0)
    y = x * 1.0
    rng.shuffle(y)
    return np.sum(y * x)


def shuffled_by_numpy(x):
    y = x * 1.0
    np.random.seed(0)
    np.random.shuffle(y)
    return np.sum(y * x)


def pushed_on_a_heap(x):
    h = []
    for t in x:
        heapq.heappush(h, t)
    return h[0] * h[1]


def inserted_in_order(x):
    s = []
    for t in x:
        bisect.insort(s, t)
    return s[0] * s[1]


def bisected(x):
    s = np.sort(x)
    k = bisect.bisect_left(s, s[1])
    return s[k] * x[0]


def written_as_bytes(x):
    y = x * 1.0
    memory = memoryview(y)
    memory[0] = 5.0
    return np.sum(y * x)


def partitioned(x):
    y = x * 1.0
    y.partition(1)
    return np.sum(y * x)


def put_along_axis(X, v):
    Y = X * 1.0
    np.put_along_axis(Y, np.argmax(X, axis=1, keepdims=True), v[:, None] * 2.0, axis=1)
    row = Y[0]
    np.put_along_axis(row, np.array([2, 0]), v[:2], 0)
    return np.sum(Y * Y * X)


def put_along_axis_twice(X):
    Y = X * 1.0
    np.put_along_axis(Y, np.zeros((3, 2), int), X[:, :2], axis=1)
    return np.sum(Y * X)


def flags_set(x):
    y = x * 1.0
    y.setflags(write=False)
    return np.sum(y)


def f32(n="n"):
    return array(n, dtype=np.float32)


CASES = [
    *[Case(f, takes(vec(3))) for f in (shuffled_by_generator, shuffled_by_numpy, bisected, flags_set)],
    *[Case(f, takes(vec(3), vec(3)), wrt=(0, 1)) for f in (out_filled, out_by_position)],
    *[Case(f, takes(vec(), vec()), wrt=(0, 1)) for f in (out_is_a_slice, out_with_a_result, out_where, out_is_the_argument, copyto, put, putmask, place)],
    *[
        Case(f, takes(vec()))
        for f in (
            out_of_operand_read_before, out_inside_expression, out_in_two_places, out_is_none, out_tuple, out_of_a_method,
            out_through_alias, out_before_branch, copyto_overlapping,
        )
    ],
    Case(out_of_dot_in_loop, takes(mat(3, 3), vec(3)), wrt=(0, 1)),
    Case(out_of_two_axes, takes(vec(), mat("m", "n")), wrt=(0, 1)),
    Case(out_by_fourth_position, takes(vec(3), vec(3)), wrt=(0, 1)),
    Case(out_broadcasts, takes(vec(3))),
    Case(out_in_branch, takes(vec(), flag()), expect="refused"),
    Case(out_in_while, takes(vec()), expect="refused"),
    Case(out_is_a_global, takes(vec(3)), expect="refused"),
    Case(out_of_float32, takes(f32())),
    # the entries are rounded to float32, so differences say little
    Case(out_float64_into_float32, takes(vec()), exact=lambda x: (2 * x,)),
    Case(out_of_modf, takes(vec()), expect="refused"),
    Case(add_at, takes(vec(5), num()), wrt=(0, 1)),
    Case(add_at_scalar_and_slice, takes(vec(), num()), wrt=(0, 1), expect="either"),
    Case(add_at_slice_display, takes(vec(3), mat(3, 3)), wrt=(0, 1), expect="either"),
    Case(add_at_mask, takes(vec(), bools("n"))),
    Case(add_at_of_itself, takes(vec(), wholes(5, 0, "n"))),
    Case(add_at_in_loop, takes(vec(6), wholes(6, 0, 4))),
    Case(add_at_rows, takes(mat(5, 3), wholes(5, 0, 4))),
    Case(add_at_alias, takes(vec(4), wholes(3, 0, 3))),
    Case(multiply_at, takes(vec(), wholes(3, 0, "n")), expect="refused"),
    Case(fill, takes(vec(), num()), wrt=(0, 1)),
    Case(fill_row, takes(mat(), num()), wrt=(0, 1)),
    Case(fill_diagonal, takes(mat(3, 3), num()), wrt=(0, 1)),
    *[Case(fill_diagonal_vector, takes(mat(*s), vec(3)), wrt=(0, 1), name=f"fill_diagonal_vector_{s[0]}_{s[1]}") for s in ((3, 3), (3, 5), (5, 3))],
    *[Case(f, takes(vec(3)), expect="refused") for f in (fill_diagonal_of_a_cube, partitioned, written_as_bytes)],
    Case(pushed_on_a_heap, takes(vec(3))),
    Case(inserted_in_order, takes(vec(3))),
    *[Case(f, takes(vec(3)), expect="refused") for f in (put_repeats, putmask_repeats)],
    *[Case(f, takes(mat(3, 3)), expect="refused") for f in (put_in_matrix, put_along_axis_twice)],
    Case(put_along_axis, takes(mat(3, 4), vec(3)), wrt=(0, 1)),
    Case(fill_diagonal_wrapped, takes(mat(5, 3)), expect="refused"),
    Case(sort_in_place, takes(vec(3))),
    Case(sort_axis, takes(mat())),
    Case(out_filled, takes(vec(3), vec(3)), wrt=(1,), name="out_filled_second"),
    
]


def filtered(x, b, a):
    y = np.zeros(len(x))
    for n in range(len(x)):
        acc = b[0] * x[n]
        for k in range(1, len(b)):
            if n - k >= 0:
                acc += b[k] * x[n - k]
        for k in range(1, len(a)):
            if not n < k:
                acc -= a[k] * np.sin(y[n - k])
        y[n] = acc
    return np.sum(y * y)


def both_ways_in_branches(x, w):
    y = x * 1.0
    for n in range(5):
        for k in range(-2, 3):
            if n - k >= 0 and n - k < 5:
                y[n] = np.sin(y[n - k]) * y[n] + w[n] * y[n - k]
            elif k >= 1:
                y[k - 1] = y[n] * y[k] * w[k]
    return np.sum(y)


CASES += [
    Case(filtered, takes(vec(6), vec(3), vec(4)), wrt=(0, 1, 2)),
    Case(both_ways_in_branches, takes(vec(5), vec(5)), wrt=(0, 1)),
]
