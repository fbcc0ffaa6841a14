"""Programs that a random generator or the command line, where no kinds are known, got wrong once."""

import math

import numpy as np

from case import Case, flag, mat, num, takes, vec, whole


def invariant_of_a_loop_without_turns(x, n):
    for t in range(n):
        for _ in range(t - 1):
            w = np.zeros(3) + 1.5
            x[:-1] = np.sin(x[1:] / w)
    return x[-1] + np.sum(x * x)


def invariant_of_a_while_without_turns(x, n):
    for _ in range(n):
        c = 0
        while c < 0:
            w = np.ones(3) ** 2
            x[1:] = x[:-1] / w
    return np.sum(x * x)


def invariant_of_a_loop_in_an_arm(x, n, m):
    for t in range(n):
        if t % 2:
            for _ in range(m):
                w = np.zeros(3) + np.exp(0.5)
                x = np.sin(x / w)
        x = x * x
    return np.sum(x)


def adjoint_read_after_it_was_inherited(x, A):
    x = x - (x[1:] @ A)
    v = np.maximum(x[1:], 1.2)
    return np.sum(np.sin(v))


def adjoint_inherited_by_two_slices(x, y):
    z = x + x[::-1] * y + np.roll(x, 1)[:1] * x[2]
    z[0] = z[1] * z[1]
    return np.sum(np.sin(z))


def adjoint_inherited_and_read_by_two_slices(x, A, B):
    x = x - x[1:] @ A + x[:2] @ B
    v = np.maximum(x[1:], 0.2)
    return np.sum(v * v) + x[0]


def number_then_array_by_path(x, A, which):
    s = np.sum(x)
    t = s * s
    for v in x:
        A[0, ::-1] -= np.tanh(v)
    s = A if which else A * 2.0
    return np.sum(s) + t


def array_then_number_in_a_turn(x, which, n):
    y = 0.0
    s = 3.0
    for k in range(n):
        if which:
            s = x * k
            y = y + np.sum(s)
            s = 2.0
        y = y * s
    return y


def whole_numbers_of_an_array(x):
    return np.sum(x.astype(int) * x) + np.sum(x.astype("i4") * x * x)


def sum_of_whole_numbers(x):
    return np.sum(x, dtype=int) * x[0] + np.sum(x)


def list_in_two_calls(xs, a):
    return product_over(xs, a) * sum(squares_of(xs, a))


def product_over(vs, a):
    t = a
    for v in vs:
        t = t * v + a
    return t


def squares_of(vs, a):
    out = []
    for v in vs:
        out.append(v * v * a)
    return out


def list_by_two_names(xs, a):
    ys = xs
    return product_over(xs, a) + product_over(ys, a * a)


def products_of_lists(xs, ys):
    return np.dot(xs, ys) + np.sum(np.multiply(xs, ys)) + np.sum(xs) * np.mean(ys)


def bool_or_a_number(x):
    return (x > 0 and x * x) + x


def items_of_a_list_written(x, v):
    rows = [x * 1.0, +x, x * 2.0]
    rows[0][1] = v
    rows[2][0] = v * v
    return np.sum(rows[0] * rows[1]) + np.sum(rows[2] * rows[0])


def written_within_and_swapped(x, y):
    with np.errstate(all="ignore"):
        x += 0.78
    y, x = x, y
    return np.sum(x * x)


def written_within_and_swapped_twice(x, y, n):
    for _ in range(n):
        with np.errstate(all="ignore"):
            x *= 1.5
        y, x = x, y
        y[0] = x[1] * y[0]
    return np.sum(x * x) + np.sum(y)


def scaled_in_the_order_of_another(x, A):
    B = 0.5 * A.T
    B *= 1.1 + 0.2 * np.tanh(np.outer(x, x[1:]) + 0.1)
    return np.sum(B * B)


def slot_of_another_shape(w: list[np.ndarray], b: np.ndarray):
    w[-1] = b * 2.0
    return np.sum(np.sin(w[-1])) + np.sum(w[0])


def slot_of_another_shape_than_before(b, c):
    w = [b * 1.0, b[:2] * c]
    for k in range(3):
        w[k % 2] = b[k:] * w[0][0]
    return np.sum(np.sin(w[1])) + np.sum(w[0]) * c


def constant_in_a_try(x, n):
    try:
        s = math.sqrt(0.3 * n - 0.4) * n
    except ValueError:
        s = x[1]
    return math.sin(s) + x[0]


def sums_of_arrays_in_a_list(s, n):
    rows = []
    for _ in range(n):
        rows.append(s * np.ones(3))
    return np.sum(rows[0]) + 2 * np.sum(rows[1])


def sums_of_slots_bound_anew(s, n):
    rows = [s * np.ones(3), np.ones(3)]
    for k in range(n):
        rows[k % 2] = s * np.ones(3) * rows[k % 2 - 1]
    return np.sum(rows[0])


def momentum(x, w, n):
    m = np.zeros_like(x)
    for _ in range(n):
        g = x * x
        m = m * w + g
    return np.sum(m * m)


def momentum_by_numbers(x, a, n):
    m = np.zeros_like(x)
    for _ in range(n):
        g = np.sin(x)
        h = x + 1.0
        m = a * m + g - h / 3.0
        x = x - 0.1 * m
    return np.sum(m * x)


CASES = [
    Case(momentum, takes(vec(3), vec(3), whole(0, 4)), wrt=(0, 1), seeds=4),
    Case(momentum_by_numbers, takes(vec(3), num(), whole(0, 4)), wrt=(0, 1), seeds=4),
    Case(sums_of_arrays_in_a_list, takes(num(), whole(2, 4)), seeds=3),
    Case(sums_of_slots_bound_anew, takes(num(), whole(1, 3)), seeds=3),
    Case(slot_of_another_shape, takes([np.ones(4) * 0.1, np.ones(6)], vec(4)), wrt=(0, 1)),
    Case(slot_of_another_shape_than_before, takes(vec(5), num()), wrt=(0, 1)),
    Case(constant_in_a_try, takes(vec(3), whole(0, 4)), seeds=4),
    Case(scaled_in_the_order_of_another, takes(vec(40), mat(39, 40)), wrt=(0, 1), seeds=4),
    Case(written_within_and_swapped, takes(vec("n"), vec("n")), wrt=(0, 1)),
    Case(written_within_and_swapped_twice, takes(vec(3), vec(3), whole(0, 4)), wrt=(0, 1), seeds=5),
    Case(invariant_of_a_loop_without_turns, takes(vec(4), whole(0, 5)), seeds=5),
    Case(invariant_of_a_while_without_turns, takes(vec(4), whole(0, 3)), seeds=3),
    Case(invariant_of_a_loop_in_an_arm, takes(vec(3), whole(0, 5), whole(0, 3)), seeds=6),
    Case(adjoint_read_after_it_was_inherited, takes(vec(4), mat(3, 4)), wrt=(0, 1)),
    Case(adjoint_inherited_by_two_slices, takes(vec(4), vec(4)), wrt=(0, 1)),
    Case(adjoint_inherited_and_read_by_two_slices, takes(vec(4), mat(3, 4), mat(2, 4)), wrt=(0, 1, 2)),
    Case(number_then_array_by_path, takes(vec(4), mat(3, 4), flag()), wrt=(0, 1), seeds=4),
    Case(array_then_number_in_a_turn, takes(vec(3), flag(), whole(0, 4)), seeds=6),
    Case(whole_numbers_of_an_array, takes(vec(4))),
    Case(sum_of_whole_numbers, takes(vec(4))),
    Case(list_in_two_calls, takes([0.3, 1.2, 0.4], num()), wrt=(0, 1)),
    Case(list_by_two_names, takes([0.3, 1.2, 0.4], num()), wrt=(0, 1)),
    Case(products_of_lists, takes([0.3, 1.2, 0.4], [1.3, -0.2, 0.6]), wrt=(0, 1)),
    Case(bool_or_a_number, takes(num()), seeds=4),
    Case(items_of_a_list_written, takes(vec(3), num()), wrt=(0, 1)),
]
