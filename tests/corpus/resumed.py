"""Iterators that a loop leaves before their end, and that are read again."""

import numpy as np

from case import Case, mat, takes, vec, whole


def gone_on_with(x, n):
    it = iter(x)
    s = 0.1 * n
    for u in it:
        s += u * u
        if s > 1.0:
            break
    for u in it:
        s *= u
    return s


def mapped_and_summed(x, n):
    doubled = map(lambda u: u * n, x)
    s = next(doubled)
    for u in doubled:
        s += u * u
        if s > 1.5:
            break
    return s * sum(doubled)


def filtered_and_listed(x, n):
    large = filter(lambda u: u > 0.4, x)
    s = 0.0
    for u in large:
        s += u * n
        if s > 0.8:
            break
    rest = [u * u for u in large]
    return s * sum(rest) + len(rest)


def generated_and_numbered(x, n):
    terms = (u * s for u, s in zip(x, x[::-1]) if u > -1.5)
    large = (u * n for u in x if u > -1.5)
    s = sum(terms)
    for i, u in enumerate(large, 1):
        s += u * i
        if i == 1 + n % 2:
            break
    for u in large:
        s *= u
    else:
        s += 0.5
    return s + sum(large)


def rows_written(A, n):
    rows = iter(A)
    s = 0.0
    for row in rows:
        row *= n
        if row[0] > 0.5:
            break
    for row in rows:
        s += row @ A[0]
    return s + np.sum(A * A)


def of_a_list_that_grows_between(x, n):
    xs = [u * n for u in x]
    it = iter(xs)
    s = 0.0
    for u in it:
        if u > 0.5:
            break
        s += u
    xs.append(s)
    xs[3] *= 2.0
    return s + sum(it)


def of_a_list_that_changes_between(x, n):
    xs = [u * n for u in x]
    it = iter(xs)
    s = 0.0
    for u in it:
        if u > 0.5:
            break
        s += u
    xs[3] = xs[3] * 2.0
    return s + sum(it)


def header_and_lines(x, n):
    lines = iter(x)
    total = 0.0
    for head in lines:
        if head > 0.5:
            break
    while True:
        line = next(lines, None)
        if line is None:
            break
        total += line * head * n
    return total


def next_behind(x, n):
    it = iter([x[0], x[1] * n, x[0] * x[2], x[3]])
    s = 0.0
    for u in it:
        s += u
        if u > 0.4 - 0.3 * n:
            break
    r = next(it, 0.7)
    for u in it:
        s *= u
    return s * r


def in_turns(x, n):
    s = 0.1
    for _ in range(n):
        it = iter(x)
        for u in it:
            s += u
            if u > 0.5:
                break
        for u in it:
            s *= 0.5 + u
    return s


def the_numbers_of_a_range(x, n):
    places = iter(range(4))
    s = 0.1 * n
    for i in places:
        s += x[i]
        if s > 1.0:
            break
    for i in places:
        s *= x[i]
    return s


def in_a_try(x, n):
    it = iter(x)
    s = 0.1
    for u in it:
        s += u
        if u > 0.5:
            break
    while True:
        try:
            s += next(it) * n
        except StopIteration:
            break
    return s


def numbers_that_go_on(x, n):
    lines = enumerate((u for u in x if u > -1.5), n)
    s = 0.1
    for k, u in lines:
        s += k * u
        if u > 0.4:
            break
    for k, u in lines:
        s *= 0.5 + u * k
        if u > 0.2:
            break
    return s + sum(k * u for k, u in lines)


def products_of_numbered(x, n):
    terms = map(lambda line: line[0] * line[1], enumerate(x, n))
    s = 0.1
    for t in terms:
        s += t
        if t > 0.4:
            break
    return s * sum(terms)


def pairs_gone_on_with(x, n):
    y = x[::-1] * n
    pairs, others = zip(x, y[1:]), enumerate(zip(y, range(3)), 1)
    s = 0.1
    for u, v in pairs:
        s += u * v
        if u > 0.4:
            break
    for k, (v, w) in others:
        s += k * v * w
        if v > 0.4:
            break
    for u, v in pairs:
        s = s * u - v
    return s + sum(k * v * (w + 1) for k, (v, w) in others)


def left_in_an_inner_loop(x, n):
    products = (u * v for u in x for v in x[:n])
    s = 0.1
    for p in products:
        s += p
        if p > 0.1:
            break
    return s * sum(products)


class Steps:
    def __init__(self, x):
        self.x = x

    def __iter__(self):
        return iter(self.x)


def an_object_begins_anew(x, n):
    steps = Steps(x)
    s = 0.1 * n
    for u in steps:
        s += u * u
        if s > 1.0:
            break
    for k, u in enumerate(steps):
        s += k * u**3
    it = iter(steps)
    for u in it:
        s += u
        if s > 0.5:
            break
    for u in it:
        s += n * u * u
    return s


def grown_at_the_end_of_a_known(x, n):
    xs = [x[0] * n]
    it = iter(xs)
    s = next(it, 7.0) + 2.0 * next(it, x[1])
    xs.extend([x[2], x[3], x[1]])
    return s + 5.0 * next(it, x[1] * x[2]) + xs[2]


def grown_at_the_end_of_a_counted(x, n):
    xs = [u * u for u in x[:n]]
    it = iter(xs)
    s = next(it, 2.0) + next(it, x[0] * 3.0)
    xs.append(x[1])
    xs.append(x[2])
    return s * next(it, x[3])


class Taking:
    def __init__(self, xs):
        self.it = iter(xs)

    def take(self, default):
        return next(self.it, default)


def grown_behind_a_method(x, n):
    xs = [u * u for u in x[:n]]
    t = Taking(xs)
    s = t.take(2.0) + t.take(x[0] * 3.0)
    xs.append(x[1])
    xs.append(x[2])
    return s * t.take(x[3])


def grown_behind_a_function(x, n):
    xs = [u * u for u in x[:n]]
    it = iter(xs)

    def take(default):
        return next(it, default)

    s = take(2.0) + take(x[0] * 3.0)
    xs.append(x[1])
    xs.append(x[2])
    return s * take(x[3])


def bound_again_in_a_turn(x, n):
    it = iter(x)
    s = 0.0
    for u in it:
        s += u
        if u > 0.1:
            it = iter(x[::-1])
            break
    for u in it:
        s += n * u * u
    return s


def bound_again_in_passing(x, n):
    it = iter(x)
    s = 0.0
    for u in it:
        s += u * sum(it := [1.0, 2.0])
        if u > 0.1:
            break
    for u in it:
        s += n * u * u
    return s


def bound_again_by_a_function(x, n):
    it = iter(x)
    s = 0.0

    def other():
        nonlocal it
        it = iter(x[::-1])

    for u in it:
        s += u
        if u > 0.1:
            other()
            break
    for u in it:
        s += n * u * u
    return s


CASES = [
    *(
        Case(f, takes(vec(4), whole(1, 4)), expect="either", seeds=4)
        for f in (bound_again_in_a_turn, bound_again_in_passing, bound_again_by_a_function)
    ),
    *(
        Case(f, takes(vec(4), whole(1, 4)), seeds=4)
        for f in (
            gone_on_with, mapped_and_summed, filtered_and_listed, generated_and_numbered, of_a_list_that_changes_between,
            header_and_lines, next_behind, in_turns, the_numbers_of_a_range, numbers_that_go_on, products_of_numbered,
            pairs_gone_on_with, an_object_begins_anew,
        )
    ),
    Case(rows_written, takes(mat(4, 3), whole(1, 4)), seeds=4),
    Case(of_a_list_that_grows_between, takes(vec(4), whole(1, 4)), expect="either", seeds=4),
    Case(left_in_an_inner_loop, takes(vec(4), whole(2, 4)), expect="either", seeds=4),
    Case(in_a_try, takes(vec(4), whole(1, 4)), expect="either"),
    Case(grown_at_the_end_of_a_known, takes(vec(4), whole(1, 4))),
    *(
        Case(f, takes(vec(4), whole(1, 2)), expect="either", seeds=4)
        for f in (grown_at_the_end_of_a_counted, grown_behind_a_method, grown_behind_a_function)
    ),
]  # fmt: skip
