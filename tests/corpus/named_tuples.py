"""Named tuples in lists whose length only the run tells; getters of ``operator``; shapes spread out."""

import functools
import operator
from collections import namedtuple
from operator import attrgetter, itemgetter
from typing import NamedTuple

import numpy as np

from case import Case, mat, num, takes, vec

Point = namedtuple("Point", ["a", "b"])


class Weighed(NamedTuple):
    a: float
    w: np.ndarray

    def energy(self):
        return self.a * np.sum(self.w * self.w)

    @property
    def first(self):
        return self.w[0]


def put_into_a_list(x):
    ps = []
    for i in range(len(x) - 1):
        ps.append(Weighed(x[i], x * x[i + 1]))
    return sum(p.energy() for p in ps) + ps[-1].first + ps[0].a


def listed_and_replaced(x):
    ps = [Weighed(v, x * v) for v in x]
    ps[1] = ps[1]._replace(a=ps[0].a * 2.0)
    last = ps.pop()
    return last.energy() + sum(q.a * q.first for q in ps)


def the_greatest_and_the_least(x):
    ps = [Point(v, v * v) for v in x]
    best = max(ps, key=lambda p: p.b)
    return best.a * best.b + min(ps, key=lambda p: p.a).b


def still_to_do(x, n=3):
    todo = [Point(x[0], 0)]
    total = 0.0
    while todo:
        p = todo.pop()
        total += p.a * p.a
        if p.b < n:
            todo.append(Point(p.a * x[1], p.b + 1))
            todo.append(p._replace(a=p.a + x[2], b=p.b + 2))
    return total


def chosen_and_unpacked(x):
    ps = [Point(v, v * v) for v in x]
    qs = [p if p.a > 1 else Point(0.0, p.b) for p in ps]
    a, b = qs[0]
    for c, d in qs:
        a = a + c * d
    return a * b


def moved_in_turns(x):
    ps = [Point(x[i], x[i + 1]) for i in range(3)]
    for _ in range(2):
        ps = [p._replace(a=p.a + 0.1 * p.b, b=p.b - 0.1 * p.a) for p in ps]
    return sum(p.a * p.b for p in ps)


def product_of_pairs(ps):
    return sum(p.a * p.b for p in ps)


def handed_to_a_helper(x):
    return product_of_pairs([Point(v, v * v) for v in x])


def by_getters(x):
    k, v = min(((i, v) for i, v in enumerate(x)), key=operator.itemgetter(1))
    best = max([Point(v, v * v) for v in x], key=attrgetter("b"))
    a, b = itemgetter(1, 3)(x)
    return v * v + k + best.a + a * b


def sorted_by_a_getter(x):
    ps = sorted([(v, v * v) for v in x], key=itemgetter(0), reverse=True)
    return sum(k * p[1] for k, p in enumerate(ps))


def of_a_shape_spread_out(A):
    B = np.ones((*A.shape[:-1], 4))
    C = np.zeros((*A.shape, 2))
    C[:, :, 0] = A * A
    total = 0.0
    for place in np.ndindex(*C.shape):
        total += C[place] * place[0]
    return np.sum(B) * A[0, 0] + total


def left_within_a_context(x):
    best = Weighed(0.5, x * 0.0)
    for k in range(len(x)):
        best = Weighed(x[k] * 2.0, x * x[k])
        with np.errstate(all="ignore"):
            if x[0] > 0.0:
                break
    return best.energy() + best.a


def left_within_contexts(x):
    pair = {"a": x[0], "b": 1.0}
    for v in x:
        with np.errstate(all="ignore"):
            with np.errstate(over="ignore"):
                if v > 0.3:
                    pair["b"] = pair["b"] * v
                    break
                elif v < -1.0:
                    pair["a"] = v
                    break
                pair["a"] = pair["a"] * v + pair["b"]
    return pair["a"] * pair["b"]


def returned_on_a_path_that_others_follow(x, a, b):
    if a > 0.0:
        if x[0] > 0.0:
            return -a * x[1]
        b = b + a
    try:
        if -1.0 < a < 1.5:
            if b > 0.1:
                return max(a, b, 0.5)
            b = b * a
    finally:
        for e in [b, a]:
            b = b * e
            a = a * 0.5
    return a * b + np.sum(x)


class Arrow(NamedTuple):
    x: float
    y: float

    def __add__(self, other):
        return Arrow(self.x + 3 * other[0], self.y + other[1])

    def __radd__(self, other):
        return self if other == 0 else Arrow(self.x * other[0], self.y)

    def __mul__(self, k):
        return Arrow(self.x * k, self.y * k)

    __rmul__ = __mul__


def sums_of_arrows(a, b):
    v = Arrow(a, b) + Arrow(b, a)
    v += (a, 2.0)
    w = (a, b) + 2.0 * v * a
    return v[0] * w.x + len(w)


def arrows_of_a_run(x):
    rows = [Arrow(v, v * v) for v in x if v > -10]
    acc = rows[0]
    for r in rows[1:]:
        acc = acc + r * 2.0
    return acc.x * acc[1] + (rows[0] + rows[1])[0]


def sum_of_arrows(x):
    whole = functools.reduce(operator.add, (Arrow(v, 2 * v) for v in x))
    again = functools.reduce(operator.add, [Arrow(x[0], 1.0), Arrow(x[1], x[2])])
    return whole.x * again.x + again[1]


class Odd(NamedTuple):
    x: float
    y: float

    def __len__(self):
        return 5


def an_odd_tuple(a):
    return a * len(Odd(a, a))


def sum_of_unknown(x):
    return sum([Arrow(v, 2 * v) for v in x])[0]


class Grid(NamedTuple):
    w: np.ndarray
    n: int = 3

    def count(self):
        return self.n * 2.0

    def index(self, k):
        return self.w[k] * 10.0


class Doubled(Grid):
    def _replace(self, **changes):
        return Doubled(self.w * 2.0, 5)


START = Weighed(1.5, np.array([0.3, 0.7]))
LEFT = {Point(0, 1): 1.5, Point(1, 2): 2.5}


def methods_that_tuples_have(x):
    g = Doubled(x)
    return g.count() * g.index(1) * np.sum(g._replace(n=2).w)


def one_of_the_module_replaced(x):
    p = START._replace(a=x[0])
    for k in range(3):
        p = p._replace(a=p.a * x[k])
    d = START._asdict()
    return p.energy() * d["a"] + np.sum(START._replace(w=x).w * x)


def as_keys(x):
    d = {Point(i, j): x[i] * x[j] for i in range(2) for j in range(2)}
    best = max(d, key=lambda p: p.a - p.b)
    return sum(p.a * v + p[1] * v * v for p, v in d.items()) * d[0, 1] + d[best] + sum(p.b * v * x[p.a] for p, v in LEFT.items())


CASES = [
    *(
        Case(program, takes(vec(5)))
        for program in (
            put_into_a_list,
            listed_and_replaced,
            the_greatest_and_the_least,
            still_to_do,
            chosen_and_unpacked,
            moved_in_turns,
            handed_to_a_helper,
            by_getters,
            sorted_by_a_getter,
            methods_that_tuples_have,
            one_of_the_module_replaced,
            as_keys,
        )
    ),
    Case(of_a_shape_spread_out, takes(mat(3, 2))),
    Case(left_within_a_context, takes(vec(3)), seeds=5),
    Case(left_within_contexts, takes(vec(3)), seeds=6),
    Case(returned_on_a_path_that_others_follow, takes(vec(2), num(), num()), wrt=(0, 1, 2), seeds=10),
    Case(sums_of_arrows, takes(num(), num())),
    Case(arrows_of_a_run, takes(vec(4))),
    Case(sum_of_arrows, takes(vec(3))),
    Case(an_odd_tuple, takes(num()), expect="refused"),
    Case(sum_of_unknown, takes(vec(3)), expect="refused"),
]
