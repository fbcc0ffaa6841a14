"""What is taken out of dicts, lists and endless iterators, and contexts that methods return."""

import collections
import functools
import heapq
import itertools

import numpy as np

from case import Case, num, takes, vec


def takes_the_last(x):
    d = {"a": x[0], "b": x[1], "c": x[2]}
    s = 1.0
    while d:
        key, value = d.popitem()
        s = s * value + (2.0 if key == "b" else 1.0)
    return s


def in_another_order(x):
    d = collections.OrderedDict([("a", x[0]), ("b", x[1]), ("c", x[2])])
    d.move_to_end("a")
    d.move_to_end("c", last=False)
    s = 1.0
    for value in d.values():
        s = s * value + 1.0
    first = d.popitem(last=False)
    d.clear()
    d["z"] = s
    return d["z"] * first[1] * (1, 2, 2).count(2) * x[("u", "v").index("v")]


def forgets_the_oldest(x):
    held = []
    s = 0.0
    for i in range(len(x)):
        held.append(x[i] * 2.0)
        if len(held) > 2:
            del held[:-2]
        s = s * 0.5 + held[0] * held[-1]
    pair = [s, x[0], x[1]]
    other = pair
    del pair[1:]
    return other[0] * len(other)


def numbered(x):
    numbers, signs = itertools.count(1, 2), itertools.cycle((1.0, -1.0))
    s = 0.0
    for u in (x[0], x[1], x[2]):
        s = s * u + next(signs) * u ** next(numbers)
    return s * next(numbers)


class Scaled:
    def __init__(self, of, factor):
        self.of, self.factor = of, factor

    def __enter__(self):
        self.before = self.of.k
        self.of.k = self.of.k * self.factor
        return self.of

    def __exit__(self, kind, error, trace):
        self.of.k = self.before


class Spring:
    def __init__(self, k):
        self.k = k

    def scaled(self, factor):
        return Scaled(self, factor)


def softened(spring, by):
    return spring.scaled(1.0 / by)


def scales_in_contexts(x, k):
    spring = Spring(k)
    s = 0.0
    for i in range(3):
        with spring.scaled(x[i]) as stiff:
            s += stiff.k * x[1]
        with softened(spring, 2.0 + x[i] ** 2), spring.scaled(s):
            s = s * 0.5 + spring.k
    return s * spring.k


def counted(f):
    @functools.wraps(f)
    def wrapper(*args):
        wrapper.calls += 1
        return f(*args)

    wrapper.calls = 0
    return wrapper


@counted
def cubed(x):
    return x**3


def through_a_counter(x):
    return np.sum(cubed(x)) * cubed(x[0])


def outer_into(x, y):
    table = np.zeros((len(x), len(y)))
    np.multiply.outer(x, y, out=table)
    return np.sum(table**2)


def counted_in_turns(x):
    from_none, by_two, by_x = itertools.count(), itertools.count(step=2), itertools.count(x[0], x[1])
    t = 0.0
    for v in x:
        t = t * 0.5 + v * next(from_none) + next(by_two) * next(by_x)
    return t * next(by_x)


def counted_on_some_paths(x):
    c, t = itertools.count(3), 0.0
    for v in x:
        if v > 0.5:
            t += v * next(c)
        if t > 5.0:
            break
    return t * next(c)


def events_in_order(rates):
    queue, ticket, total = [], itertools.count(), 0.0
    for i, r in enumerate(rates):
        heapq.heappush(queue, (1.0 / r, next(ticket), i))
    n = 0
    while queue and n < 6:
        t, _, i = heapq.heappop(queue)
        total += t * rates[i] ** 2
        heapq.heappush(queue, (t + 1.0 / rates[i], next(ticket), i))
        n += 1
    return total


CASES = [
    Case(takes_the_last, takes(vec("n"))),
    Case(in_another_order, takes(vec("n"))),
    Case(forgets_the_oldest, takes(vec("n"))),
    Case(numbered, takes(vec("n"))),
    Case(scales_in_contexts, takes(vec("n"), num()), wrt=(0, 1)),
    Case(through_a_counter, takes(vec("n"))),
    Case(outer_into, takes(vec("n"), vec("m")), wrt=(0, 1)),
    Case(counted_in_turns, takes(vec(3, 0.3, 1.3))),
    Case(counted_on_some_paths, takes(vec(4, 0.2, 1.4)), seeds=6),
    Case(events_in_order, takes(vec(3, 0.5, 1.9))),
]
