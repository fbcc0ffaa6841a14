"""Lists that are sorted in place, the first of several tuples, and attempts that keep what their turns overwrite."""

import math

import numpy as np

from case import Case, num, takes, vec


def sorted_in_place(x):
    xs = []
    for v in x:
        xs.append(v * v)
    xs.sort(reverse=True)
    return xs[0] * 3 + xs[1] - xs[-1] ** 2


def known_one_by_one(x):
    xs = [v for v in x]
    xs.sort(key=lambda v: abs(v - 1.0))
    xs[0] = xs[0] * xs[1]
    return xs[0] + xs[1] * xs[3]


def pairs_sorted_in_place(x):
    xs = [(v, v * 2.0) for v in x]
    xs.sort()
    return xs[0][0] * xs[-1][1]


def greatest_of_tuples(x):
    m = max((x[0], 1.0), (x[1], 2.0))
    return m[0] ** 2 * m[1]


def least_with_its_value(x):
    best = min([(np.sum((x - c) ** 2), c) for c in (0.1, 0.5, 2.0)])
    return best[0] * best[1]


def least_of_a_generator(x):
    return min((abs(v - 1.0), v) for v in x)[1] ** 2


def named_at_will(x, *more, scale=2.0, **others):
    return scale * np.sum(x ** others.get("p", 2)) + sum(more)


def kept_in_a_try(x):
    y = x[0]
    for i in range(6):
        try:
            t = y
            for k in range(i + 1):
                t = t * x[k] + 0.1
                t = math.sin(t)
        except IndexError:
            t = y * 2.0
        y = t * t + y
    return y


def kept_in_a_try_that_fails_half_way(x):
    y = 1.0
    t = x[0]
    for i in range(4):
        t = t * x[0]
        t = t * y
        try:
            t = y * x[1]
            t = t + math.log(x[i] - 1.2)
            t = t * t
            t = t * t
        except ValueError:
            t = x[2] * y
            t = t * t
        y = math.cos(t) * y
    return y + t


def refuses_the_small(v, k):
    if v < 1.0:
        raise ValueError("small")
    for _ in range(k):
        v = v * v
    return v


def loop_of_callees_in_a_try(x):
    s = 0.0
    for i in range(len(x)):
        try:
            t = x[i]
            while t < 5.0:
                t = t * refuses_the_small(t, 2) + 0.3
        except ValueError:
            t = x[i] * 0.5
        finally:
            s = s * 0.9
        s = s + t * s + t
    return s


def greatest_or_nothing(x):
    if any(t > 2 for t in x) or not all(t > 1 for t in x):
        return max((t for t in x if t < 1.4), default=0.0) * 3
    return x[0]


def least_or_another(x, a):
    return min([t * a for t in x if t > 1.4], default=a) * a


def a_tree_of_tuples(x):
    def build(lo, hi):
        if hi - lo == 1:
            return x[lo]
        mid = (lo + hi) // 2
        return (build(lo, mid), build(mid, hi))

    def fold(t):
        if isinstance(t, tuple):
            return math.tanh(fold(t[0]) + 0.5 * fold(t[1]))
        return t

    return fold(build(0, 4))


CASES = [
    Case(greatest_or_nothing, takes(vec(3, 0.4, 2.2)), seeds=5),
    Case(least_or_another, takes(vec(3, 0.4, 2.2), num()), seeds=5),
    Case(a_tree_of_tuples, takes(vec(4))),
    Case(sorted_in_place, takes(vec(4)), seeds=4),
    Case(known_one_by_one, takes(vec(4)), seeds=4),
    Case(pairs_sorted_in_place, takes(vec(4)), seeds=4),
    Case(greatest_of_tuples, takes(vec(3)), seeds=4),
    Case(least_with_its_value, takes(vec(3)), seeds=4),
    Case(least_of_a_generator, takes(vec(4)), seeds=4),
    Case(named_at_will, takes(vec(3))),
    Case(kept_in_a_try, takes(vec(4)), seeds=4),
    Case(kept_in_a_try_that_fails_half_way, takes(vec(4)), seeds=4),
    Case(loop_of_callees_in_a_try, takes(vec(4)), seeds=4),
]
