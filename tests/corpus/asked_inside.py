"""Functions written out in loops whose lambdas, inner functions and comprehensions read what may not be bound."""

from functools import reduce

import numpy as np

from case import Case, takes, vec


class Walk:
    def __init__(self, scale=2.0):
        self.scale = scale
        self.weights = {"a": 1.0, "b": 2.0}

    def summed(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        return sum(map(lambda u: u * v, x))

    def largest(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        return max(x, key=lambda u: u * v) * x[0]

    def reduced(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        return reduce(lambda s, u: s + u * v, x, 0.0)

    def by_vectorize(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        return np.sum(np.vectorize(lambda u: u * v)(x))

    def called(self, x, n):
        def times(u):
            if u >= x[0]:  # of one of the two at least
                return u * v
            return u

        def more(u):
            return times(u) + 1.0

        for i in range(n):
            v = x[i] * self.scale
        return more(x[0]) + more(x[2])

    def given(self, x, n):
        for i in range(n):
            v = x[i] * self.scale

        def times(u, w=v):
            return u * w

        return times(x[0])

    def listed(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        return sum([sum([u * v for u in x]) for k in range(2)])

    def pairs(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        return sum(a * b * v for a, b in zip(x, x[1:]) if a > b)

    def weighted(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        table = {k: w * v for k, w in self.weights.items()}
        return table["a"] + table["b"]

    def kept(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        return lambda u: u * v

    def asked_of_what_is_kept(self, x, n):
        f = self.kept(x, n)
        return f(x[1])

    def set_inside(self, x, n):
        def keep(i):
            nonlocal v
            v = x[i] * self.scale

        for i in range(n):
            keep(i)
        r = v * v
        if n > 100:
            v = 1.0
        return r

    def of_no_items(self, x, n):
        rows = x[:n]
        for r in rows:
            v = r * self.scale
        return sum([r * v for r in rows]) + x[0]

    def of_no_items_like_this(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        return sum(u * v for u in x if u > 1.0 + 10.0 * (n == 0)) + x[0]

    def made_before(self, x, n):
        times = lambda u: u * v  # noqa: E731
        v = x[n] * self.scale
        return times(x[0])

    def of_another(self, x, n):
        for v in range(n):
            pass
        return sum(v * self.scale for v in x) + (lambda v: v * v)(x[0])

    def caught(self, x, n):
        for i in range(n):
            v = x[i] * self.scale
        times = lambda u: u * v  # noqa: E731
        try:
            r = times(x[0])
        except NameError:
            r = x[1]
        return r


def walked(x, name, last):
    walk = Walk()
    s = 0.0
    for k in range(3, last - 1, -1):
        s += getattr(walk, name)(x, k)
    return s


UNBOUND = [
    "summed", "largest", "reduced", "by_vectorize", "called", "pairs", "weighted", "asked_of_what_is_kept",
]  # fmt: skip
AT_ONCE = ["given", "set_inside"]
BOUND = ["of_no_items", "of_no_items_like_this", "made_before", "of_another", "caught"]

CASES = [
    *(Case(walked, takes(vec(4), name, 1), name=f"{name}_in_turns") for name in (*UNBOUND, *AT_ONCE, "listed")),
    *(Case(walked, takes(vec(4), name, 0), raises=NameError, name=f"{name}_in_no_turn") for name in UNBOUND),
    *(Case(walked, takes(vec(4), name, 0), raises=UnboundLocalError, name=f"{name}_in_no_turn") for name in AT_ONCE),
    *(Case(walked, takes(vec(4), name, 0), name=name) for name in BOUND),
]
