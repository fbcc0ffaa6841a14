"""``next(it, default)`` of what may be empty, and the first that a filter lets through."""

import numpy as np

from case import Case, takes, vec, whole


def two_of_an_iterator(x, n):
    it = iter(x[:n])
    return next(it, x[2]) * next(it, x[3]) + next(it, 0.5)


def first_of_a_rest(x, n):
    return next(iter(x[n:]), x[1]) * 2.0


def first_of_a_list(x, n):
    xs = [v * 2.0 for v in x if v > 0.1 * n]
    return next(iter(xs), 0.0) * x[1] + next(iter([v for v in x if v > 9.0]), x[2])


def first_row(x, n):
    r = next(iter(x.reshape(2, 2)), None)
    return np.sum(r * r) * n if r is not None else 0.0


def first_or_none(x, n):
    r = next(iter(x[n:]), None)
    return x[0] if r is None else r * 2.0


def first_and_the_others(x, n):
    it = iter(x[:n])
    a = next(it, 0.5)
    return a * sum(it)


def written_meanwhile(x, n):
    w = x * 1.0
    it = iter(w)
    a = next(it, 0.5)
    w[1] = a * a
    return a * next(it, 0.5) * n


def while_there_are(x, n):
    it = iter(x)
    s = 0.0
    while (v := next(it, None)) is not None:
        s += v * v * n
    return s


def pair_by_pair(x, n):
    it = iter(x)
    before = next(it)
    s = 0.0
    while True:
        now = next(it, None)
        if now is None:
            break
        if now < -0.5:
            continue
        s += before * now * now + n
        before = now
    return s


class Source:
    def __init__(self, items):
        self.items = iter(items)

    def draw(self):
        return next(self.items, 0.25)


def kept_in_an_object(x, n):
    source = Source(x[:n])
    return source.draw() * source.draw() + source.draw()


def filtered(x, n):
    s = 0.0
    for t in (-1.0, 0.0, 0.5, 5.0):
        s += next(filter(lambda v: v > t, x[::-1]), x[2]) * (t + n)  # noqa: B023
    return s


def filtered_where_written(x, n):
    w = x * 1.0
    a = next(filter(lambda v: v > 0.2, w), 0.3)
    w[1] = a * a + n
    return a * next(filter(lambda v: v > 0.2, w), 0.3)


def filtered_pairs(x, n):
    found = next(filter(lambda p: p[0] > n, [(1, x[0]), (2, x[1]), (3, x[2])]), None)
    return found[1] * x[3] if found is not None else x[0]


def filtered_from_an_iterator(x, n):
    it = iter(x)
    a = next(filter(lambda v: v > -9.0, it))
    return a * next(it) * n


CASES = [
    *(
        Case(f, takes(vec(4), whole(0, 4)), seeds=6)
        for f in (
            two_of_an_iterator, first_of_a_rest, first_of_a_list, first_row, first_or_none, first_and_the_others,
            written_meanwhile, while_there_are, pair_by_pair, kept_in_an_object, filtered, filtered_where_written, filtered_pairs,
        )
    ),
    Case(filtered_from_an_iterator, takes(vec(4), whole(1, 3)), expect="either"),
]  # fmt: skip
