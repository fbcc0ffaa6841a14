"""What random programs found: callees that keep what they return, results of one memory, rows of what is bound anew."""

import numpy as np

from case import Case, flag, mat, takes, vec


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


CASES = [
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
