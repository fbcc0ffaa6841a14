"""What random programs found: callees that keep what they return, results of one memory, rows of what is bound
anew, what a condition asks of memory that goes by another name later; and tables of the module."""

import itertools

import numpy as np

from case import Case, flag, mat, num, takes, vec


def slope(p):
    return np.tanh(p)


def slope_of_twice(p):
    return slope(p * 2.0)


def slope_by_name(p):
    q = slope_of_twice(p)
    return q


def slope_again(p, n):
    if n == 0:
        return np.tanh(p)
    return slope_again(np.exp(-p * p), n - 1)


def a_part(p):
    q = slope(p)
    return q[1:]


def a_column(p):
    return a_part(p * 2.0).reshape(3, 1)


def squared_and_summed(q):
    return np.sum(q * q)


def beside_its_sum(p):
    q = p * 2.0
    s = squared_and_summed(q)
    return q, s


class Layer:
    def __init__(self, w):
        self.w = w

    def act(self, p):
        return slope(p * self.w)


def whole_and_part(u):
    w = u * 2.0
    return w, w[1:]


def through_another(u):
    return whole_and_part(u * 2.0)


def one_thing_twice(u):
    w = u * 2.0
    return [w, w]


def in_turns(u):
    a, b = u * 1.0, u * 2.0
    for _ in range(3):
        a, b = b, a * 0.5
    return a, b


def overwritten_behind_two_calls(x):
    y = slope_of_twice(x)
    s = np.sum(y)
    y[1] = 5.0
    return s * y[0]


def overwritten_behind_three_calls(x):
    y = slope_by_name(x)
    s = np.sum(y)
    y[1] = 5.0
    for _ in range(2):
        y = slope_by_name(y)
        s += np.sum(y)
        y[2] = 4.0
    return s * y[0]


def overwritten_behind_recursion(x):
    y = slope_again(x, 2)
    s = np.sum(y)
    y[1] = 5.0
    return s * y[0]


def overwritten_behind_a_method(x):
    y = Layer(x[0]).act(x)
    s = np.sum(y)
    y[1] = 5.0
    return s * y[0]


def a_part_overwritten(x):
    y, z = a_part(x), a_column(x)
    s = np.sum(y) * np.sum(z)
    y[1] = 5.0
    z[0] = 3.0
    return s * y[0] * z[1, 0]


def what_a_callee_keeps_overwritten(x):
    q, s = beside_its_sum(x)
    q[0] = 5.0
    return s * q[1]


def two_results_one_memory(x):
    y, z = whole_and_part(x)
    y[1] = 5.0 * x[0]
    p, q = through_another(x)
    q *= 2.0
    return np.sum(y) * np.sum(z) + np.sum(p) * np.sum(q)


def two_items_one_memory(x):
    y, z = one_thing_twice(x)
    y[1] = 5.0 * x[0]
    items = one_thing_twice(x)
    items[0][1] = 5.0 * x[0]
    return np.sum(y) * np.sum(z) + np.sum(items[1])


def two_results_from_turns(x):
    a, b = in_turns(x)
    a[0] = 3.0
    return np.sum(a * b)


def rows_of_what_is_bound_anew(A, B):
    w = A * 1.0
    view = w.T
    u = A[0]
    for row in w:
        view[1, 1:] = 1.59
        w = B * 1.0
        u = row
    return np.sum(u * u) + np.sum(w)


def rows_by_the_name_of_all(A):
    w = A * 1.0
    view = w
    s = 0.0
    for w in w:
        view[:, 1] = s
        s = s + np.sum(w * w)
    return s


def left_and_returned_in_a_try(x, leave):
    try:
        for e in x:
            s = e * 2.0
            if leave:
                break
            return np.sum(x * x) + s
    finally:
        pass
    return 0.5 * np.sum(x**3)


def returned_from_a_context_in_a_try(x, leave):
    try:
        with np.errstate(all="ignore"):
            for e in x:
                s = e * 2.0
                if leave:
                    break
                return np.sum(x * x) + s
    finally:
        pass
    return 0.5 * np.sum(x**3)


def masked_by_another(x, A, b):
    held = b
    doubled = np.sin(A) * 2.0
    y = x * 1.5
    np.add(held, np.sin(A.sum(axis=0)), out=y[::-1], where=held > 1.0)
    return np.sum(doubled * doubled) + np.sum(y)


def squared(p):
    return np.sum(p**2)


def asked_before_it_is_another(x, y, other, a=1e6):
    if squared(x[:]) >= a:
        pass
    else:
        x[1:3] *= 0.5
    x = x if not other else y
    return np.sum(np.sin(x))


def asked_before_they_are_swapped(x, y, other, a=1e6):
    if squared(x) < a:
        x[1:3] *= 0.5
    x, y = (x, y) if other else (y, x)
    return np.sum(np.sin(x) * y * y)


def asked_in_turns(x, other, a=3.0):
    if squared(x) < 1e6:
        x[1:3] *= 0.5
    while squared(x) > a:
        x *= 0.9
        x = (x if other else x) if squared(x) > a / 2 else x
    return np.sum(np.sin(x))


def swapped_by_a_choice(x, y, other):
    x, y = (x, y) if other else (y, x)
    a, b = x[0], y[1]
    for _ in range(3):
        a, b = (b, a * b) if other else (a + b, a)
    return np.sum(np.sin(x) * y * y) + a * b


def a_choice_of_calls(x, other):
    y, z = whole_and_part(x) if other else whole_and_part(x * x)
    return np.sum(y) * np.sum(z * z)


def of_both(p, q):
    return np.sum(np.sin(p)) * np.sum(q * q)


def of_three(p, q, r):
    return np.sum(np.sin(p)) * np.sum(q * q) + np.sum(r) ** 2


def swapped_parts(p, q):
    return q * p[0], p[:1] * np.sum(q)


def a_part_beside_the_whole(x):
    total = of_both(x[1:], x) + of_both(x, x[1:]) + of_three(x[1:], x, x[:2]) + of_three(x[0], x[1], x)
    for k in range(3):
        total += of_three(x[k:], x, x[: k + 1])
    a, b = swapped_parts(x[1:], x)
    return total + np.sum(a) * np.sum(b)


def a_part_beside_the_whole_of_a_matrix(A):
    return of_three(A.T, A, A[0]) + of_three(A[0], A[:, 1], A)


def left_at_once(x):
    y = x * 1.0

    def inner(t):
        for _ in y:
            break
            y[::2] = 2.0
        for v in y:
            if v > 1:
                break
            y[1] = t * v
        return np.sum(y)

    for _ in y:
        break
        y[::2] = 2.0
    return inner(x[0]) * np.sum(y * y)


def one_thing_in_several_places(x):
    c = {"c": [x * 1.75] * 2}
    c["c"][-1][::2] *= 1.3
    d = [x * 2.0] * 2
    d[0][1] = x[0]
    e = (x * 2.0,) * 2
    e[0][1] = 3.0
    f = [[x[0] * 2.0]] * 2
    f[0].append(x[1])
    return np.sum(c["c"][0] * d[1] * e[1]) * f[1][-1] * f[1][0]


def one_thing_again_and_again(x):
    s = 0.0
    for row in itertools.repeat(x * 2.0, 3):
        row[0] = row[0] * 0.5
        s += np.sum(row * row)
    for row, v in zip(itertools.repeat(x * 2.0), [x, x * 3.0]):
        row[1] = v[0]
        s += np.sum(row * v)
    return s


def lists_and_dicts_changed_as_they_are(x):
    a = [x[0], x[1]]
    b = a
    b *= 2
    b[3] = x[2]
    d = {"u": x[0]}
    e = d
    e |= {"w": x[1] * 2.0, "u": x[3]}
    return sum(a) * len(a) + d["u"] * d["w"]


def the_rows_of_what_was_bound_twice(x, y):
    v = slope(y)
    v = slope(x)
    s = 0.0
    for row in v.reshape(2, 2):
        v[3] = s * 0.1
        s = s + np.sum(row)
    return s + np.sum(v)


NEIGHBOURS = {0: [1, 2], 1: [2], 2: [0, 3], 3: [1]}
PAIRS = [(0, 1), (2, 3)]
WEIGHTS = {"a": 1.5, "b": 2.5}


def by_tables_of_the_module(x):
    h = {k: x[k] for k in NEIGHBOURS}
    for _ in range(2):
        new = {}
        for k, others in NEIGHBOURS.items():
            new[k] = np.tanh(h[k] + sum(h[j] for j in others) / len(others))
        h = new
    total = sum(x[i] * x[j] for i, j in PAIRS) + sum(v * x[0] for v in WEIGHTS.values())
    return sum(v * v for v in h.values()) + total


def bounds_asked_of_what_is_written(x):
    y = x * 1.0
    y[: int(y[0] > 0.2) + 1] = -2.0
    y[int(y[1] < 0) :] *= y[2]
    return np.sum(y * y)


def places_asked_by_another_name(x):
    y = x * 1.0
    z = y
    z[np.argmax(y)] = 0.4
    r = y[::-1]
    r[int(y[0] > 0.2)] *= y[1]
    return np.sum(y * y * x)


def written_into_copies(x):
    y = x * 1.0
    y[np.argsort(y)][:1] = x[1]
    y[[0, 1]][0] *= x[2]
    items = [v for v in y]
    items[1:][0] = x[2]
    return sum(v * v for v in items) + np.sum(y * y)


def one_of_some_is_written(x, w, s):
    halved_in_place(([x, w, x] + [x])[int(s)])
    return s * x[0]


def halved_in_place(v):
    v *= 0.5


def slopes_that_are_alike(x, w):
    return sum(np.sum(z) for z in [1.0 * x, 1.0 * w])


CASES = [
    Case(bounds_asked_of_what_is_written, takes(vec(4))),
    Case(places_asked_by_another_name, takes(vec(4))),
    Case(written_into_copies, takes(vec(4))),
    Case(one_of_some_is_written, takes(vec(4), vec(4), num()), wrt=(0, 1, 2), expect="either"),
    Case(slopes_that_are_alike, takes(vec(4), vec(4)), wrt=(0, 1)),
    Case(asked_before_it_is_another, takes(vec(4), vec(4), flag()), seeds=4),
    Case(asked_before_they_are_swapped, takes(vec(4), vec(4), flag()), seeds=4),
    Case(asked_in_turns, takes(vec(4), flag()), seeds=4),
    Case(swapped_by_a_choice, takes(vec(4), vec(4), flag()), seeds=4),
    Case(a_choice_of_calls, takes(vec(4), flag()), seeds=4),
    Case(by_tables_of_the_module, takes(vec(4))),
    Case(a_part_beside_the_whole, takes(vec(4))),
    Case(a_part_beside_the_whole_of_a_matrix, takes(mat(3, 3))),
    Case(left_at_once, takes(vec(4))),
    Case(one_thing_in_several_places, takes(vec(4))),
    Case(one_thing_again_and_again, takes(vec(4))),
    Case(lists_and_dicts_changed_as_they_are, takes(vec(4))),
    Case(the_rows_of_what_was_bound_twice, takes(vec(4), vec(4))),
    *(
        Case(program, takes(vec(4)))
        for program in (
            overwritten_behind_two_calls,
            overwritten_behind_three_calls,
            overwritten_behind_recursion,
            overwritten_behind_a_method,
            a_part_overwritten,
            what_a_callee_keeps_overwritten,
            two_results_one_memory,
            two_items_one_memory,
            two_results_from_turns,
        )
    ),
    Case(rows_of_what_is_bound_anew, takes(mat(3, 4), mat(3, 4))),
    Case(rows_by_the_name_of_all, takes(mat(3, 4))),
    Case(left_and_returned_in_a_try, takes(vec(4), flag()), seeds=6),
    Case(returned_from_a_context_in_a_try, takes(vec(4), flag()), seeds=6),
    Case(masked_by_another, takes(vec(4), mat(3, 4), vec(4))),
]
