"""What random programs found wrong once, made small: each would come back quietly."""

import math

import numpy as np

from case import Case, flag, mat, num, takes, vec, whole


def written_then_swapped_arguments(x, y):
    x[:] -= 1.6
    y, x = x, y
    return np.sum(x * x) + np.sum(y)


def swapped_arguments_then_written(x, y, a):
    x, y = y, x
    x[-1] = a
    return np.sum(x * x) + np.sum(y)


def written_then_swapped_with_local(x):
    v = x * 0.5
    x[::-1] += np.sin(v)
    v, x = x, v
    return np.sum(x * x) + np.sum(v * v * v)


def condition_of_mask_is_overwritten(x, s):
    x[x > 0.0] = math.sin(s) - 2.0
    return np.sum(x * x)


def condition_of_mask_is_overwritten_through_name(x):
    v = x
    x[x > 0.0] = -0.3
    return np.sum(np.sin(v))


def condition_of_mask_is_scaled(y):
    y[y > 0.3] *= 0.1
    return np.sum(y * y)


def condition_of_mask_is_shifted(y, s):
    y[y < 0.3] += 1.0 + s * s
    y[y < 0.3] -= 2.0 * s
    return np.sum(y * y)


def named_mask_of_overwritten(y):
    keep = y > 0.3
    y[keep] = -1.0
    y[~keep] *= 2.0
    return np.sum(y * y)


def argument_rebound_to_its_own_view(y):
    y = y[:]
    y[1] = y[2]
    return np.sum(y**2)


def argument_rebound_to_itself(x):
    x = x
    x[x > 0.5] += 0.7
    x = x
    return np.sum(x * x)


def written_then_reversed(x):
    x[:-1] = np.tanh(x[:-1] - x[1:])
    x = x[::-1]
    return np.sum(np.sin(x) * np.arange(len(x)))


def adjoint_of_slice_is_read_before_it_is_cleared(x):
    s = x[2]
    t = math.atan(s) - s
    x[1:4] = np.tanh(np.array([x[2], s, t]))
    return np.sum(np.sin(x))


def adjoint_of_element_is_read_before_it_is_cleared(x, a):
    x[1] = a
    x[2] = x[1] * a
    x[1] = x[2]
    return np.sum(x * x)


def name_becomes_an_array(x, A, a):
    s, a = -np.dot(x, x), A[-1]
    t = np.sum(a) * s
    a = t * 2.0
    return a * s


def loop_over_array_written_before(x):
    y = x.copy()
    y[0] = y[1] * y[1]
    s = 0.0
    for v in y:
        s += v * v
    return s


def loop_over_array_written_after(x):
    y = x.copy()
    s = 0.0
    for v in y:
        s += v * v
    y[0] = s
    return np.sum(y * y)


def loop_over_rows_written_before(X):
    Y = X.copy()
    Y[0] = Y[1] * Y[1]
    s = 0.0
    for row in Y:
        s += np.sum(row * row)
    return s


def view_kept_while_base_is_rebound(x):
    y = x * 1.0
    v = y[1:]
    y = np.sin(y)
    v[0] = y[0] * 2.0
    return np.sum(v * v) + np.sum(y)


def same_value_for_two_results(x, y):
    z = x + y
    w = z
    return np.sum(z) + np.sum(w * 2.0)


def rebound_in_zero_turns(x, n):
    y = x
    for i in range(n):
        y = np.sin(y) * 2.0
    y[0] = 3.0
    return np.sum(y * y)


def constant_beside_in_a_branch(a, x, n):
    s = x
    if n > 1:
        s, a = a * x, 0.5
    return s + math.sin(a)


def constant_beside_before_a_loop(A, b):
    b, s = 0.39, b
    for i in range(1, 3):
        b += math.sin(A[i, i])
    return b + s


def columns(q):
    return q.sum(axis=0)


def call_into_a_shared_name(y, A):
    v = y[:]
    y *= 2.0
    y = columns(A)
    return np.sum(y * y) + np.sum(v)


def guard_named_after_the_arm(x, A):
    C = A * 1.0
    B = A
    x[:] = np.where(B[0] > 0.17, C[1], 0.44)
    return np.sum(x**2)


def guard_overwritten_before_it_is_asked(x, m):
    m = m * 1.0
    r = np.exp(x)
    m[0] = 2.0
    y = np.where(m > 0, r, 0.0)
    return np.sum(y * y * y)


def two_calls_side_by_side(x, y):
    s, t = math.sin(columns(x * x)), columns(y) ** 2
    return s * 0.39 + t


def kept_by_a_loop_and_written_after(x, n):
    s = 0.0
    for i in range(n):
        y = x * (i + 1.0)
        s = s + np.sum(y * y)
    y[0] = 5.0
    return s + np.sum(y * x)


def kept_by_a_turn_and_written_in_the_next(x, n):
    s = 0.0
    y = x * 1.0
    for i in range(n):
        if i % 2 == 0:
            y = x * (i + 1.0)
        s = s + np.sum(y * y)
        y[i] = s * 0.1
    return s + np.sum(y)


def bound_in_one_arm_and_again_elsewhere(x, c):
    if c:
        y = x * x
        z = y * y
    else:
        z = x
    if not c:
        y = x * 3
    return z * y


def bound_and_read_in_arms(x, c):
    z = x
    if c:
        y = x * x
    if c:
        z = y * y
    if not c:
        y = x * 3
        z = z * y
    return z


def carried_from_the_second_turn(x, n):
    s = 0.0
    for i in range(n):
        if i > 0:
            s = s + y * y
        y = x * (i + 1)
    return s


def bound_in_two_arms_of_three(x, n):
    s = x
    for i in range(n):
        if i % 3 == 1:
            y = s * x
            s = s + y * y
        elif i % 3 == 2:
            y = s + x
            s = s * y * 0.2
        else:
            s = s * 1.1
        if i > 3:
            y = x
            s = s * y
    return s


def takes_away_its_reverse(x):
    v = x[::-1]
    x -= np.sin(v)
    return np.sum(x * x)


def divided_by_its_reverse(x):
    v = x[::-1]
    x /= 2.0 + np.sin(v)
    x **= v * v
    return np.sum(x * x)


def number_or_tuple(x, y, b, n):
    b, s = b, 0.5 * b
    if n % 2 == 0:
        return np.sum(np.concatenate((x[1:], y[:1])))
    return s, np.concatenate((y[1:], y[::-1][:1])) * b


def number_or_tuple_in_a_name(b, n):
    p = b * b if n % 2 == 0 else (b, b)
    return p


def list_or_array(a, b, n):
    p = [a, a * b] if n % 2 == 0 else np.array([b, 2 * a])
    p = p * 2
    return np.sum(np.asarray(p) * 3)


def tuples_by_path(a, b, n):
    if n % 2 == 0:
        p = (b, b * a)
    else:
        p = (a, 3 * b)
    return p


def tuples_by_conditional(a, b, n):
    p = (b, b * a) if n % 2 == 0 else (a, 3 * b)
    q, r = p
    return q * q * r


def list_made_an_array_in_a_loop(a, b, n):
    s = 0.0
    for i in range(n):
        p = [b, i * b * a]
        for j in range(i):
            p[0] = p[0] * a
        p = np.array(p)
        s = s + np.sum(p * p)
    return s


def array_made_a_list_in_a_branch(x, c):
    s = 0.0
    if c:
        p = x * x
        p = p.tolist()
        p.append(2.0)
        s = sum(p) * p[0]
    return s + np.sum(x)


def keeps_a_helper_writes(p, q):
    q = q
    v = p
    p[::-1] = np.tanh(v)
    return v[:] / (1.5 + p**2)


def argument_renamed_to_what_a_helper_gives(x, y):
    v = np.where(y[:-1] > 0.2, x[1:], y[:-1])
    x = keeps_a_helper_writes(y, 0.33)
    A = np.outer(y[:-1], x[::-1])
    return np.sum(y**2) + np.sum(v * v) + np.sum(x) + np.sum(A * A)


def zip_of_a_list_and_an_array(a, b, x):
    s = 0.0
    for w, v in zip([a, b, a * b], x):
        s = s + w * math.sin(v)
    return s


def zip_of_pairs_and_an_array(a, b, x):
    s = 0.0
    for v, (w, u) in zip(x, ((a, b), (b, a * a))):
        s = s + w * math.sin(v) * u
    return s


def zip_of_a_dict_and_an_array(p, x):
    s = 0.0
    for i, (w, v) in enumerate(zip(p.values(), x)):
        s = s + w * math.sin(v) * i
    return s


def zip_of_arrays_in_a_list_and_an_array(a, w, x):
    return np.sum(np.array([u @ (v * w) for u, v in zip([w, w * a], x)]))


def slice_before_what_takes_statements(x, h, n):
    h[0][n:-1] *= 1.1 + 0.2 * math.sin(max(abs(e) for e in x))
    h[0][::2] = h[0][n - 1 : -1 : 2] * sum(e * e for e in x)
    return np.sum(h[0] * h[0]), h


def loop_over_a_view_of_what_was_written(w):
    A = w.T
    w[0, 0] *= 2.0
    h = 0.0
    for e in A[:, -2]:
        h += math.sin(e)
    return h * 1.3


def list_of_a_view_of_what_was_written(w, xs, c):
    A = w.T
    w[0, 0] *= 2.0
    h = xs if c else [math.sin(e + A[0, -1]) for e in A[:, -2]]
    return h[0] * 1.3


class Adder:
    def __init__(self, w):
        self.w = w

    @property
    def norm(self):
        np.add.at(self.w, [0, 1, 1, 2], np.tanh(self.w))
        return np.sin(self.w[-3])

    def taken(self, idx):
        np.subtract.at(self.w, idx, 0.5)


def add_at_in_a_method(x, idx):
    c = Adder(x * 1.0)
    y = np.array([c.norm, 1.0])
    c.taken(idx)
    return np.sum(c.w**2) + np.sum(y)


def list_argument_or_a_display(h, x, c):
    if c:
        h = [math.sin(x[0]), math.sin(h[0])]
    return h[0] * h[-1]


def list_argument_then_a_display(h, x, n):
    for k in range(n):
        h = [h[-1] * 1.3, x[k]]
    return h[0] + h[-1] ** 2


def list_in_a_dict_or_a_display(d, x, c):
    if c:
        d = {"a": d["a"], "w": [x[1], x[2], 0.5 * x[0]]}
    return math.sin(d["w"][0]) * d["a"]


def numbers_of_a_list_that_is_written(h):
    a, b = h
    h[0] /= 1.2 + math.sin(a)
    return h[0] * b + h[1]


def array_in_a_tuple_written(x, a):
    c = (math.sin(a), x, 2.0)
    c[1][1:] += np.tanh(c[0] * c[1][:-1])
    return np.sum(x * x)


def gathered_into_its_own_name(x, idx):
    x = x[idx] * 1.68
    return np.sum(x**2 * np.arange(4))


def gathered_in_a_branch(x, idx, c):
    if c:
        x = x[idx]
    return np.sum(x**2 * np.arange(4))


def gathered_in_every_turn(x, idx, n):
    for _ in range(n):
        x = x[idx] * x[0] + np.take(x, idx)
    return np.sum(x**2 * np.arange(4))


def gathered_and_added_in_place(x, idx, n):
    y = x
    for _ in range(n):
        x += np.sin(x[idx])
    return np.sum(x**2 * np.arange(4)) + np.sum(y)


def gathered_into_each_other(x, idx):
    y = x[idx]
    y, x = x[idx], y * 2.0
    return np.sum(x**2 * np.arange(4)) + np.sum(y**2)


def item_of_a_tuple_by_argument(p, k):
    return p[k] ** 2 * p[k - 1]


def sums_of_nothing(x, n):
    s = 0
    for i in range(n):
        s += x[i]
    return [s, sum(math.sin(e) for e in x if e > 0.8), x]


IDX = lambda d: d.rng.integers(0, 3, size=4)

CASES = [
    Case(sums_of_nothing, takes(vec(4), whole(0, 1)), seeds=4),
    Case(item_of_a_tuple_by_argument, takes((1.0, 2.0, 3.0), whole(0, 2)), seeds=5),
    Case(gathered_into_its_own_name, takes(vec(4), IDX)),
    Case(gathered_in_a_branch, takes(vec(4), IDX, flag()), seeds=4),
    Case(gathered_in_every_turn, takes(vec(4), IDX, whole(0, 3)), seeds=4),
    Case(gathered_and_added_in_place, takes(vec(4), IDX, whole(0, 3)), seeds=4),
    Case(gathered_into_each_other, takes(vec(4), IDX)),
    Case(list_argument_or_a_display, takes([0.3, 1.2, 0.4], vec(), flag()), wrt=(0, 1), seeds=4),
    Case(list_argument_then_a_display, takes([0.3, 1.2, 0.4], vec(3), whole(0, 3)), wrt=(0, 1), seeds=5),
    Case(list_in_a_dict_or_a_display, takes({"a": 1.1, "w": [0.3, 1.2, 0.4]}, vec(3), flag()), wrt=(0, 1), seeds=4),
    Case(numbers_of_a_list_that_is_written, takes([0.3, 1.2])),
    Case(array_in_a_tuple_written, takes(vec(), num()), wrt=(0, 1)),
    Case(loop_over_a_view_of_what_was_written, takes(mat(3, 4))),
    Case(list_of_a_view_of_what_was_written, takes(mat(3, 3), [0.3, 0.2, 0.1], flag()), wrt=(0, 1), seeds=5),
    Case(add_at_in_a_method, takes(vec(4), lambda d: np.array([0, 0, 2]))),
    Case(slice_before_what_takes_statements, takes(vec(), lambda d: (d.normal(4), 2.0), 1), wrt=(0, 1)),
    Case(zip_of_a_list_and_an_array, takes(num(), num(), vec(5)), wrt=(0, 1, 2)),
    Case(zip_of_a_list_and_an_array, takes(num(), num(), vec(3)), wrt=(0, 1, 2), name="zip_of_lengths_that_are_the_same"),
    Case(zip_of_a_list_and_an_array, takes(num(), num(), vec(2)), wrt=(0, 1, 2), name="zip_of_a_list_and_a_shorter_array"),
    Case(zip_of_pairs_and_an_array, takes(num(), num(), vec()), wrt=(0, 1, 2)),
    Case(zip_of_a_dict_and_an_array, takes({"a": 1.2, "b": 0.7}, vec()), wrt=(0, 1)),
    Case(zip_of_arrays_in_a_list_and_an_array, takes(num(), vec("n"), vec(3)), wrt=(0, 1, 2)),
    Case(number_or_tuple, takes(vec(3), vec(3), num(), whole(0, 3)), wrt=(0, 1, 2), expect="refused"),
    Case(number_or_tuple_in_a_name, takes(num(), whole(0, 3)), expect="refused"),
    Case(list_or_array, takes(num(), num(), whole(0, 3)), wrt=(0, 1), expect="refused"),
    Case(tuples_by_path, takes(num(), num(), whole(0, 3)), wrt=(0, 1), seeds=4),
    Case(tuples_by_conditional, takes(num(), num(), whole(0, 3)), wrt=(0, 1), seeds=4),
    Case(list_made_an_array_in_a_loop, takes(num(), num(), whole(0, 3)), wrt=(0, 1), seeds=4),
    Case(array_made_a_list_in_a_branch, takes(vec(), flag()), seeds=4),
    Case(argument_renamed_to_what_a_helper_gives, takes(vec("n"), vec("n")), wrt=(0, 1)),
    Case(constant_beside_in_a_branch, takes(num(), num(), whole(0, 4)), wrt=(0, 1)),
    Case(constant_beside_before_a_loop, takes(mat(4, 4), num()), wrt=(0, 1)),
    Case(call_into_a_shared_name, takes(vec("n"), mat(3, "n")), wrt=(0, 1)),
    Case(guard_named_after_the_arm, takes(vec("n"), mat(3, "n")), wrt=(0, 1)),
    Case(guard_overwritten_before_it_is_asked, takes(vec("n"), vec("n"))),
    Case(two_calls_side_by_side, takes(vec(), vec()), wrt=(0, 1)),
    Case(written_then_swapped_arguments, takes(vec(), vec()), wrt=(0, 1)),
    Case(swapped_arguments_then_written, takes(vec(), vec(), num()), wrt=(0, 1, 2)),
    Case(written_then_swapped_with_local, takes(vec())),
    Case(condition_of_mask_is_overwritten, takes(vec(), num()), wrt=(0, 1)),
    Case(condition_of_mask_is_overwritten_through_name, takes(vec())),
    Case(condition_of_mask_is_scaled, takes(vec())),
    Case(condition_of_mask_is_shifted, takes(vec(), num()), wrt=(0, 1)),
    Case(named_mask_of_overwritten, takes(vec())),
    Case(argument_rebound_to_its_own_view, takes(vec())),
    Case(argument_rebound_to_itself, takes(vec())),
    Case(written_then_reversed, takes(vec())),
    Case(adjoint_of_slice_is_read_before_it_is_cleared, takes(vec(5))),
    Case(adjoint_of_element_is_read_before_it_is_cleared, takes(vec(), num()), wrt=(0, 1)),
    Case(name_becomes_an_array, takes(vec(), mat(), num()), wrt=(0, 1, 2)),
    Case(loop_over_array_written_before, takes(vec())),
    Case(loop_over_array_written_after, takes(vec())),
    Case(loop_over_rows_written_before, takes(mat())),
    Case(view_kept_while_base_is_rebound, takes(vec())),
    Case(same_value_for_two_results, takes(vec(), vec()), wrt=(0, 1)),
    Case(rebound_in_zero_turns, takes(vec(), whole(0, 2)), seeds=5, expect="either"),
    Case(kept_by_a_loop_and_written_after, takes(vec(3), whole(1, 3))),
    Case(kept_by_a_turn_and_written_in_the_next, takes(vec(4), whole(0, 4)), seeds=5),
    Case(bound_in_one_arm_and_again_elsewhere, takes(num(), flag()), seeds=4),
    Case(bound_and_read_in_arms, takes(num(), flag()), seeds=4),
    Case(carried_from_the_second_turn, takes(num(), whole(0, 4)), seeds=4),
    Case(bound_in_two_arms_of_three, takes(num(), whole(0, 6)), seeds=6),
    Case(takes_away_its_reverse, takes(vec())),
    Case(divided_by_its_reverse, takes(vec("n", 0.5, 1.5))),
]
