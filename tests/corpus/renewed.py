"""Objects and dicts that turns make anew, the best of them kept; itertools with conditions; functions composed."""

import functools
import itertools
import math

import numpy as np

from case import Case, listed, num, vec

CASES: list[Case] = []
case = listed(CASES)


class Point:
    def __init__(self, u, w):
        self.u = u
        self.w = w

    def moved(self, dt):
        return Point(self.u + dt * self.w, self.w * 0.9)

    @property
    def energy(self):
        return 0.5 * self.w**2 + self.u**2


class Node:
    def __init__(self, point, weight):
        self.point = point
        self.weight = weight


class Holder:
    def __init__(self, c):
        self.c = c


TWO = (num(0.4, 0.9), num(1.1, 1.6))


@case(*TWO, 4, seeds=1)
def a_dict_made_anew(a, b, n):
    f = {"u": a, "v": b}
    for _ in range(n):
        g = {}
        for k in f:
            g[k] = f["u"] * 0.5 + f[k] ** 2
        f = g
    return f["u"] * f["v"]


@case(*TWO, 4, seeds=1)
def an_object_made_anew_and_written(a, b, n):
    p = Point(a, b)
    for _ in range(n):
        q = Point(0.0, 0.0)
        q.w = p.w - 0.1 * p.u
        q.u = p.u + 0.1 * q.w
        p = q
    return p.u * p.w


@case(*TWO, 4, seeds=1)
def read_by_its_other_name_behind(a, b, n):
    p = Point(a, b)
    for _ in range(n):
        q = Point(p.u * 0.9, p.w)
        p = q
    p.u = 2.0 * p.u
    return p.u * q.u


@case(*TWO, 4, seeds=1, expect="either")
def written_by_its_other_name_a_turn_later(a, b, n):
    p = Point(a, b)
    for i in range(n):
        if i > 0:
            q.u = q.u + 1.0  # noqa: F821
        q = Point(p.u * 0.9, p.w)
        p = q
    return p.u * p.w


@case(*TWO, 4, seeds=1)
def none_before_the_loop(a, b, n):
    p = Point(a, b)
    q = None
    for _ in range(n):
        q = Point(p.u * 0.9, p.w * p.u)
        p = q
    return p.u * p.w


@case(num(0.7, 0.9), num(1.1, 1.6), 6, seeds=2)
def left_in_the_midst(a, b, n):
    p = Point(a, b)
    for _ in range(n):
        q = Point(p.u * 0.9, p.w * p.u)
        p = q
        if p.u < 0.5:
            break
        q.u = q.u * 0.99
    return p.u * p.w


@case(*TWO, 4, seeds=1)
def bound_in_a_loop_inside(a, b, n):
    p = Point(a, b)
    for _ in range(n):
        for _ in range(2):
            q = Point(p.u * 0.9, p.w * p.u)
            p = q
        q.u += 0.1
    return p.u * p.w


@case(*TWO, 4, seeds=1)
def the_best_so_far(a, b, n):
    p = Point(a, b)
    best = p
    for _ in range(n):
        p = p.moved(-0.5)
        if p.energy < best.energy:
            best = p
    return best.u * p.w


@case(*TWO, 4, seeds=1)
def the_best_written_by_its_other_name(a, b, n):
    best = Point(a, b)
    for _ in range(n):
        new = Point(best.u * 0.9 + 0.2, best.w * 1.1)
        if new.energy > best.energy:
            best = new
        new.u = 0.25
    return best.u + best.w


@case(*TWO, 4, seeds=1)
def which_one_is_asked(a, b, n):
    best = Point(a, b)
    new = best
    k = 0
    for _ in range(n):
        new = Point(best.u * 0.9 + 0.2, best.w * 1.1)
        if new.energy > best.energy:
            best = new
        if best is new:
            k += 1
    return best.u + best.w * k


@case(vec(4, 0.4, 1.6), 3, seeds=1)
def an_array_in_it_is_written(x, n):
    best = Holder(x)
    for _ in range(n):
        new = Holder(best.c * 0.9)
        if np.sum(new.c) < np.sum(best.c):
            best = new
        new.c[0] = 1.5 * new.c[0]
    return np.sum(best.c**2)


@case(*TWO, 3, seeds=1)
def objects_in_the_best(a, b, n):
    best = Node(Point(a, b), 1.0)
    for _ in range(n):
        new = Node(best.point.moved(-0.4), best.weight * 0.9)
        if new.point.energy * new.weight < best.point.energy * best.weight:
            best = new
    return best.point.u + best.weight * best.point.w


@case(*TWO, 3, seeds=1)
def objects_in_the_best_are_written(a, b, n):
    best = Node(Point(a, b), 1.0)
    for _ in range(n):
        new = Node(best.point.moved(-0.4), best.weight * 0.9)
        if new.point.energy * new.weight < best.point.energy * best.weight:
            best = new
        new.point.u += 0.5
    return best.point.u + best.weight * best.point.w


@case(*TWO, seeds=1)
def one_of_two_that_are_written(a, b):
    p = Point(a, b)
    q = p if a > b else Point(b, a)
    r = q
    if a * b > 0.1:
        r = p
    q.u += 1.0
    return r.u * p.w + q.u


@case(num(0.4, 0.9), num(1.1, 1.6), wrt=(0, 1), seeds=2)
def a_simplex_of_lists(a, b):
    def f(p):
        return (p[0] - a) ** 2 + (p[1] - b) ** 2 * 2

    S = [[0.0, 0.0], [1.0, a], [b, 1.0]]
    for _ in range(5):
        S.sort(key=f)
        c = [(S[0][k] + S[1][k]) / 2 for k in range(2)]
        r = [2 * c[k] - S[2][k] for k in range(2)]
        if f(r) < f(S[1]):
            S[2] = r
        else:
            S[2] = [(c[k] + S[2][k]) / 2 for k in range(2)]
    return f(S[0]) + S[0][0]


@case(num(0.4, 0.9), num(1.1, 1.6), wrt=(0, 1), seeds=2)
def a_simplex_that_begins_with_numbers(a, b):
    def f(p):
        return (p[0] - a) ** 2 + (p[1] - b) ** 2 * 2

    S = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    for _ in range(6):
        S.sort(key=f)
        c = [(S[0][k] + S[1][k]) / 2 for k in range(2)]
        r = [2 * c[k] - S[2][k] for k in range(2)]
        if f(r) < f(S[1]):
            S[2] = r
        else:
            S[2] = [(c[k] + S[2][k]) / 2 for k in range(2)]
    return f(S[0]) + S[0][0]


# -- itertools with conditions ----------------------------------------------------------------------


@case(vec(5, 0.4, 2.2), seeds=3)
def as_long_as_they_are_small(x):
    s = x[0]
    for i, e in enumerate(itertools.takewhile(lambda e: e < 1.7, x)):
        s += i * e**2
    return s


@case(vec(5, 0.4, 1.2), seeds=3)
def what_is_asked_changes_and_is_left(x):
    s = 0.0
    for e in itertools.takewhile(lambda e: e < s + 1.1, x):
        s += e * e
        if s > 1.5:
            break
    return s + x[4]


@case(vec(5, 0.4, 2.2), seeds=3)
def from_the_first_great_one(x):
    p = list(itertools.dropwhile(lambda e: e < 1.3, x))
    s = sum(p) * len(p) + x[0]
    for e in itertools.compress(x, [True, False, True, x[3] > 1.3]):
        s += s * e
    return s


@case(vec(5, 0.4, 2.2), seeds=2)
def those_that_are_not_great(x):
    return x[0] + sum(e**2 for e in itertools.filterfalse(lambda e: e > 1.3, x))


@case(vec(5, 0.4, 2.2), vec(3, 0.4, 2.2), num(0.4, 0.9), wrt=(0, 1, 2), seeds=1)
def as_long_as_the_longest(x, v, a):
    return sum(p * q * q for p, q in itertools.zip_longest([e * e for e in x], v, fillvalue=a))


@case(*TWO, wrt=(0, 1), seeds=1)
def polynomials_added(a, b):
    p, q = [a, b, 1.0], [b, -a]
    r = [u + w for u, w in itertools.zip_longest(p, q, fillvalue=0.0)]
    return r[0] * r[1] + r[2] * a


# -- functions of functions -------------------------------------------------------------------------


@case(num(0.4, 0.9), seeds=1)
def composed_by_reduce(a):
    def compose(*fs):
        return functools.reduce(lambda f, g: lambda x: g(f(x)), fs)

    return compose(math.sin, lambda t: t * t, math.exp, math.tanh)(a)


@case(*TWO, wrt=(0, 1), seeds=1)
def functions_that_read_functions(a, b):
    def add(f, c):
        return lambda x: f(x) + c

    def scale(f, c):
        return lambda x: c * f(x)

    def build(c):
        f = add(math.sin, c)
        g = scale(f, c * 2)
        h = add(g, 1.0)
        return lambda t: h(t) * g(t)

    k = build(b)
    return k(a) + k(b)
