"""More programs that a random generator got wrong, or a derivative that stopped half-way, once."""

import dataclasses
import math

import numpy as np

from case import Case, mat, num, takes, vec, whole


def bound_under_another_flag(x, y, k):
    s = 0.0
    for i in range(3):
        if i > k:
            z = x * 1.5
            w = 1
        else:
            w = 0
        if w:
            u = z
        else:
            u = y
        s = s + np.sum(u * u)
    return s


def shorter_in_one_arm(x, k):
    v = x * x
    if k > 0:
        s = np.sum(v * 3)
    else:
        v = np.cos(x[:-1])
        s = np.sum(v)
    return s


def shorter_unless_returned(x, k):
    v = x * x
    if k > 0:
        return np.sum(v * 3)
    v = np.cos(x[:-1])
    return np.sum(v)


def shorter_in_some_turns(x, k):
    v = x * x
    for i in range(3):
        if i > k:
            s = np.sum(v * 3)
            v = x * 2.0
        else:
            v = np.cos(x[:-1])
            s = np.sum(v)
    return s + np.sum(v)


def shorter_after_a_loop(x, k):
    v = x * x
    s = 0.0
    for _ in range(k):
        v = np.cos(x[:-1])
        s += np.sum(v)
    return s if k > 1 else s + np.sum(v)


def computed_in_one_arm(y, n):
    held = {"a": y, "w": y[-4]}
    other = held if n % 2 == 1 else {"a": y * 1.0, "w": sum(e * u for e, u in zip(held["a"], held["a"]))}
    return other["w"] * 1.49


def result_of_either(x, n):
    held = {"a": x[1] * 1.0}
    other = held if n > 1 else {"a": x[0] ** 2}
    return {"s": x[1] * 1.24, "t": other}


def result_of_either_structure(x, n):
    held = (x[1] * 1.0, x)
    other = held if n > 1 else x[0] ** 2
    return {"t": other}


def masked_by_what_a_sum_scales(x, n):
    for _ in range(n):
        x[x > 0.45] *= math.sin(sum(math.sin(e) for e in x if e > 0.78))
    return 0.96 * np.sum(x**2)


def stored_backwards(x):
    x[::-1] = np.tanh(np.concatenate((x[1:], x[:][:1])))
    return np.sum(x * x)


def writes_last(p, q):
    p[-1] -= math.sin(0.5 * np.mean(q))
    return np.sum(q)


def asked_and_written(x, y, b):
    x = x * 1.0
    held = y if writes_last(x, y) < b else y
    return math.sin(x[-1]) + held[0]


def asked_and_written_for_a_pair(x, y, b):
    x = x * 1.0
    held = (y, b) if writes_last(x, y) < b else (y, b)
    return math.sin(x[-1]) + held[0][0] * held[1]


def zipped_list_that_grows(xs, y):
    s = 0.0
    for a, b in zip(xs, y):
        xs.append(a * b)
        s += a * b
    return s


def numbered_list_that_grows(xs, y):
    s = 0.0
    for i, a in enumerate(xs):
        if i < 4:
            xs.append(a * y[0])
        s += a
    return s


def zipped_list_that_shrinks(xs, y):
    s = 0.0
    for b, a in zip(y, xs):
        xs.pop()
        s += a * b
    return s


def zipped_values_that_change(xs, y):
    held = {"a": xs[0], "b": xs[1]}
    s = 0.0
    for v, w in zip(held.values(), y):
        held["b"] = v * y[0]
        s += v * w
    return s


def zipped_list_of_which_items_change(xs, y):
    s = 0.0
    for a, b in zip(xs, y):
        xs[-1] = a * y[0]
        s += a * b
    return s


def displayed_and_bound_anew(a):
    for e in [a, a]:
        a = math.tanh(e) * 1.1
    return a


def displayed_and_written(x, a):
    x = x * 1.0
    for i in range(2):
        for e in [a, x @ x[:]]:
            if x[i] > a and -0.5 < x[0] < 1.5:
                break
            a *= 1.2 + 0.3 * math.sin(e)
            x[1:-1] -= 0.49
    return math.sin(a)


def displayed_and_zipped(x, a, b):
    s = 0.0
    for e, w in zip([a, b * x[0], a], x):
        a = a * e * w
        b = b + a
        s += e * w
    return s + a + b


def displayed_within_a_display(a, b, x):
    for e in [a, [b, a]]:
        if isinstance(e, list):
            a = e[0] * e[1]
        else:
            a = e * 3.0 * x[0]
    return a


def kept_in_each_of_three_arms(x, y, n):
    if x[2] > 0.3:
        if 0.3 * n > 0.8:
            return np.sum(x)
    elif y[0] > 0:
        pass
    s = np.sin(np.sum(x[::-1]))
    s = y[0] - math.sin(s)
    return math.sin(s)


def scaled_and_told(p, q):
    p *= 1.1 + 0.2 * np.tanh(p / (1.5 + q**2))
    return q + 0.3 * np.sum(p**2)


def named_within_a_try(x):
    x = x * 1.0
    x[1:] = np.sin((x[:-1] * x[1:]) / (1.5 + (0.5 * x[:-1]) ** 2))
    v = x[1:]
    try:
        scaled_and_told(v, x[-1] ** 2)
    finally:
        pass
    return 0.71 * np.sum(x**2)


@dataclasses.dataclass
class Scaled:
    a: float
    w: float

    def value(self, u):
        def unused(z):
            pass

        return self.a * u


def swapped_fields_beside_a_method(x, a, held):
    for _ in (1, 2, 3):
        for _ in range(0, 3, 2):
            held.a, a = a, held.a
        held.w *= held.value(a)
    return x[1] * held.w * held.a


def slot_that_is_taken_away(x, xs):
    xs[-1], s = np.sum(x * 1.57), np.sin(x[0])
    xs.pop()
    return np.sum(x * x)


def pushed_and_taken_away(x):
    xs = []
    s = np.sin(x[0])
    xs.append(s)
    xs.append(x)
    xs.pop()
    xs.pop()
    return np.sum(x * x)


def raveled_after_a_reshape(x, y):
    u = x * 1.0
    v = u.reshape(4, 1)
    w = v.ravel()
    w[0] = y[0] * y[1]
    return np.sum(v * v)


def bound_anew_after_a_reshape(x, y):
    v = x.reshape(4, 1)
    v = v * 1.0
    w = v.ravel()
    w[0] = y[0] * y[1]
    return np.sum(v * v)


def pairs_in_order(x, y):
    pairs = sorted([(x[0], y[0]), (x[1], y[1]), (x[2], y[2])])
    return pairs[0][0] * pairs[0][1] + pairs[2][1] * pairs[1][0]


def zipped_in_order_backwards(x, y):
    pairs = sorted(zip(x, y), reverse=True)
    return sum(p[0] * (i + 1) * p[1] for i, p in enumerate(pairs))


def pairs_in_order_of_whole_numbers(x):
    pairs = sorted([(1, x[0]), (0, x[1]), (1, x[2])])
    return pairs[0][1] * 2 + pairs[1][1] * 3 + pairs[2][1] * 5


def pairs_in_order_of_a_pair(x, y):
    pairs = sorted(zip(x, y), key=lambda p: (round(p[1]), -p[0]))
    return sum(p[0] * (i + 1) * p[1] for i, p in enumerate(pairs))


def writes_and_leaves(p):
    turns = 0
    while turns < 3:
        turns += 1
        s = math.tanh(p[-2])
        p[-4] -= math.sin(p[-2])
        if s > 0.5:
            break
        elif turns % 2 == 0:
            p = p[:]
    return turns


def callee_that_leaves_and_binds_a_view(x):
    x = x * 1.0
    n = writes_and_leaves(x)
    return n * np.sum(x**2)


def hyperbolic(p):
    return np.tanh(p[-1])


def result_written_that_a_callee_kept(A):
    v = hyperbolic(A)
    w = v[1:]
    v += 0.98
    return 1.61 * np.sum(w**2)


def result_stored_into_that_a_callee_kept(A):
    v = hyperbolic(A)
    v[0] = 1.5
    return 1.61 * np.sum(v**2)


def row_from_a_column_in_inner_turns(A):
    for i in range(2, -1, -1):
        for _ in range(i):
            A[i, :-1] = np.sin(A[:, i])
    return np.sum(np.sin(A))


def divided_after_a_try(x, y):
    try:
        s = math.sqrt(y[1] - 0.3) * 0.9
    except ValueError:
        s = x[0] / (1.5 + x[0] ** 2)
    for _ in y:
        s /= 1.2 + 0.3 * math.sin(x[-2] / (1.5 + y[-2] ** 2))
    return s


def copied_beside_a_sum_of_terms(x, w):
    rows = [w * (i + 0.75) for i in range(3)]
    for _ in range(2):
        rows[-1] = np.sin(x.copy() * sum(np.sum(r * r) for r in rows))
    return 0.97 * np.sum(rows[-1] ** 2)


def function_after_ways_out(x, n):
    if x[0] <= x[1]:
        pass
    elif n % 2 == 1:
        return np.sum(x * x)
    else:
        pass

    def scaled(u):
        return u * x[1]

    return scaled(x[0])


def lessened_by_a_sum(y, A):
    y[-2] -= (A - y).sum()
    return np.sum(y * y)


def row_lessened_by_sums_along_an_axis(y, A):
    A[0] -= np.sum(A - y, axis=0)
    return np.sum(A * A)


def rows_scaled_by_sums_that_keep_axes(y, A):
    A[A[:, 0] > 0.5] *= np.sum(A[A[:, 1] > 0.2] - y, axis=0, keepdims=True)
    return np.sum(A * A)


def one_of_three_and_its_parts(x, y):
    p, q = Scaled(x[0], y[0]), Scaled(y[1], x[1])
    r = p if x[1] > 0.5 else (q if x[0] > 0.5 else Scaled(x[2], x[2] * 2))
    k = r
    r.a = r.a * 3
    k.a += 1.0
    return p.a * 2 + q.a * 3 + r.a * 5 + k.w


def one_within_another(x, y):
    r = Scaled(x[0], y[0]) if x[1] > 0.5 else Scaled(x[1], x[0])
    s = {"r": r, "w": y[1]} if x[2] > 0.5 else {"r": r, "w": x[2] * 2}
    s["r"].a = s["r"].a * s["w"]
    r.a += 1
    return r.a * s["r"].a + r.w * s["w"]


def chosen_twice(x, y):
    a = {"v": x[0]}
    b = a if x[1] > 0.5 else {"v": y[0]}
    c = b if x[2] > 0.5 else {"v": y[1] * 2}
    c["v"] *= 3.0
    b["v"] += 1.0
    a["v"] *= 2.0
    return a["v"] + b["v"] * 3 + c["v"] * 7


def listed_anew_until_it_returns(x, y, n):
    for i in range(n):
        c = [math.sin(e + y[0]) for e in x]
        if i > 1:
            return math.sin(c[-1])
    return np.sum(y * y)


def turned_by_its_parts(x):
    y = np.concatenate((x[1:], x[:1])) * x
    return np.sum(y * np.concatenate((y[-2:], y[:-2])))


def masked_by_what_is_bound_anew(x, A):
    A = np.cos(A * A[0])
    y = x
    np.copyto(y[::-1], np.sin(0.5 * np.minimum(x, 0.99)), where=A[1] > 0.55)
    return np.sum(y) + np.sum(np.sin(A))


def item_of_another_shape(x, y):
    h = [x[0], x[1], x[2]]
    h[0] = sum(e * e for e in [y, y[::-1]])
    h[1] = h[2] * h[1]
    return h[-1] * h[1] + np.sum(h[0])


CASES = [
    Case(one_of_three_and_its_parts, takes(vec(3), vec(2)), wrt=(0, 1), seeds=8),
    Case(one_within_another, takes(vec(3), vec(2)), wrt=(0, 1), seeds=6),
    Case(chosen_twice, takes(vec(3), vec(2)), wrt=(0, 1), seeds=6),
    Case(lessened_by_a_sum, takes(vec(3), mat(2, 3)), wrt=(0, 1)),
    Case(row_lessened_by_sums_along_an_axis, takes(vec(3), mat(2, 3)), wrt=(0, 1)),
    Case(rows_scaled_by_sums_that_keep_axes, takes(vec(3), mat(4, 3)), wrt=(0, 1), seeds=5),
    Case(result_written_that_a_callee_kept, takes(mat(3, 4))),
    Case(result_stored_into_that_a_callee_kept, takes(mat(3, 4))),
    Case(row_from_a_column_in_inner_turns, takes(mat(3, 4))),
    Case(divided_after_a_try, takes(vec(3), vec(3)), wrt=(0, 1), seeds=6),
    Case(copied_beside_a_sum_of_terms, takes(vec(3), vec(3)), wrt=(0, 1)),
    Case(function_after_ways_out, takes(vec(3), whole(0, 4)), seeds=8),
    Case(raveled_after_a_reshape, takes(vec(4), vec(2)), wrt=(0, 1)),
    Case(bound_anew_after_a_reshape, takes(vec(4), vec(2)), wrt=(0, 1)),
    Case(pairs_in_order, takes(vec(3), vec(3)), wrt=(0, 1), seeds=5),
    Case(zipped_in_order_backwards, takes(vec(4), vec(4)), wrt=(0, 1)),
    Case(pairs_in_order_of_whole_numbers, takes(vec(3)), seeds=4),
    Case(pairs_in_order_of_a_pair, takes(vec(5), vec(5)), wrt=(0, 1), seeds=4),
    Case(callee_that_leaves_and_binds_a_view, takes(vec(4)), seeds=5),
    Case(bound_under_another_flag, takes(vec(3), vec(3), whole(0, 6)), wrt=(0, 1), seeds=6),
    Case(shorter_in_one_arm, takes(vec(4), whole(0, 2)), seeds=4),
    Case(shorter_unless_returned, takes(vec(4), whole(0, 2)), seeds=4),
    Case(shorter_in_some_turns, takes(vec(4), whole(0, 4)), seeds=5),
    Case(shorter_after_a_loop, takes(vec(4), whole(0, 4)), seeds=5),
    Case(computed_in_one_arm, takes(vec(6), whole(0, 3)), seeds=4),
    Case(result_of_either, takes(vec(3), whole(0, 4)), seeds=4),
    Case(result_of_either_structure, takes(vec(3), whole(0, 4)), expect="refused"),
    Case(masked_by_what_a_sum_scales, takes(vec(5), whole(0, 3)), seeds=4),
    Case(stored_backwards, takes(vec(5))),
    Case(asked_and_written, takes(vec(4), vec(3), num()), wrt=(0, 1), seeds=4),
    Case(asked_and_written_for_a_pair, takes(vec(4), vec(3), num()), wrt=(0, 1, 2), seeds=4),
    Case(zipped_list_that_grows, takes([0.3, 1.2], vec(4)), wrt=(0, 1), expect="refused"),
    Case(numbered_list_that_grows, takes([0.3, 1.2], vec(4)), wrt=(0, 1), expect="refused"),
    Case(zipped_list_that_shrinks, takes([0.3, 1.2, 0.2, 0.4], vec(4)), wrt=(0, 1), expect="refused"),
    Case(zipped_values_that_change, takes([0.3, 1.2], vec(4)), wrt=(0, 1), expect="refused"),
    Case(zipped_list_of_which_items_change, takes([0.3, 1.2, 0.7], vec(4)), wrt=(0, 1)),
    Case(displayed_and_bound_anew, takes(num())),
    Case(displayed_and_written, takes(vec(4), num()), wrt=(0, 1), seeds=5),
    Case(displayed_and_zipped, takes(vec(3), num(), num()), wrt=(0, 1, 2)),
    Case(displayed_within_a_display, takes(num(), num(), vec(2)), wrt=(0, 1, 2)),
    Case(kept_in_each_of_three_arms, takes(vec(4), vec(2), whole(0, 6)), wrt=(0, 1), seeds=8),
    Case(named_within_a_try, takes(vec(4))),
    Case(swapped_fields_beside_a_method, takes(vec(3), num(), lambda _: Scaled(0.4, 1.3)), wrt=(0, 1)),
    Case(slot_that_is_taken_away, takes(vec(3), [0.4, 0.2])),
    Case(pushed_and_taken_away, takes(vec(3))),
    Case(listed_anew_until_it_returns, takes(vec(3), vec(2), whole(0, 5)), wrt=(0, 1)),
    Case(turned_by_its_parts, takes(vec(4))),
    Case(masked_by_what_is_bound_anew, takes(vec(4), mat(2, 4)), wrt=(0, 1), seeds=6),
    Case(item_of_another_shape, takes(vec(3), vec(2)), wrt=(0, 1)),
]
