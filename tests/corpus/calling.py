"""How functions are called: stars, keywords, defaults, partial, decorators, as arguments."""

import dataclasses
import functools
import math
import operator
from collections import namedtuple
from functools import partial, reduce

import numpy as np

from case import Case, array, constant, listed, num, takes, vec, mat, whole, flag

CASES: list[Case] = []
case = listed(CASES)


def both(x, y):
    return (x * y, x + y)


@case(num(0.5, 2.0))
def part(x):
    g = partial(both, x)
    a, b = g(2.0)
    return a * b


@case(num(0.5, 2.0))
def walrus(x):
    if (y := (x * x)) > 1.0:
        return y * 2
    return y


@case(num(0.5, 2.0))
def orval(x):
    z = x and x * x
    w = 0.0 or x * 3
    return z + w


def kw(a, *args, scale=1.0, **k):
    s = a
    for v in args:
        s = s * v
    return s * scale + k.get("b", 0.0)


@case(num(0.5, 2.0))
def varargs(x):
    r = (x, 2.0)
    o = {"b": x * x}
    return kw(x, *r, scale=3.0, **o)


def deco(f):

    @functools.wraps(f)
    def inner(*a, **k):
        return 2.0 * f(*a, **k)

    return inner


@deco
def helper(x, y=1.0):
    return np.sin(x) * y


@case(num(0.5, 2.0))
def decorated(x):
    return helper(x) + helper(x, y=x)


@functools.lru_cache(maxsize=None)
def cachedf(n):
    return 1.0 * n * n


@functools.lru_cache(None)
def cach2(x):
    return x * x


@case(num(0.5, 2.0))
def usecache(x):
    return cachedf(3) * x + cach2(x)


@case(array(3), constant(np.tanh))
def fnarg(x, f):
    return np.sum(f(x) * x)


@case(array(3), constant(lambda t: t**3))
def fnarg2(x, f):
    return np.sum(f(x) * x)


def log_sum(*xs):
    m = max(xs)
    return m + math.log(sum(math.exp(x - m) for x in xs))


def stacked(*rows, axis=0):
    return np.concatenate(rows, axis=axis)


def kept(*xs):
    return xs


class Bag:
    def __init__(self, *xs):
        self.xs = xs

    def total(self):
        return sum(v * v for v in self.xs)


@case(vec(4), num())
def all_that_were_found(x, a):
    t = 0.0
    for k in range(len(x)):
        found = [x[k]]
        if x[k] > 0:
            found.append(a * x[k])
        t += log_sum(*found)
    return t


@case(vec(3), mat(3, 3))
def rows_that_were_found(x, A):
    rows = [A[:1]]
    for k in range(3):
        if x[k] > 0:
            rows.append(A[k : k + 1] * x[k])
    return np.sum(stacked(*rows, axis=0) ** 2)


@case(vec(4), num())
def a_tuple_of_what_was_found(x, a):
    found = [a] + [v * v for v in x if v > 0]
    k = kept(*found)
    found.append(a * 3)
    found[0] = a * a
    return sum(k) + sum(found)


@case(vec(4), num())
def held_as_it_was(x, a):
    found = [a]
    for v in x:
        if v > 0:
            found.append(v * a)
    bag = Bag(*found)
    found.append(a)
    return bag.total() + sum(found)


@case(vec(3), mat(3, 3), wrt=(0, 1))
def methods_taken_from_arrays(x, A):
    times, total = A.dot, x.sum
    A, x = 2.0 * A, times(x)
    return total() * x.sum() + sum(map(A.dot, [x, total() * x])).prod()


@case(vec(3), expect="refused")
def append_taken_before_the_list_is_another(x):
    a = [x[0]]
    add = a.append
    b = a
    a = [x[1]]
    for v in x:
        add(v * v)
        a.append(v)
    return sum(b) * sum(a)


class Held:
    def __init__(self, v):
        self.v = v

    def times(self, other):
        return self.v * other


@case(vec(4))
def neighbours_of_objects(x):
    held, n = [Held(v) for v in x], len(x)
    total = 0.0
    for i in range(n):
        if i < n - 1:
            total += held[i].v * held[i + 1].v
    return total


class Total:
    def __init__(self, v):
        self.v = v

    def __add__(self, other):
        return Total(self.v + other)

    def __iadd__(self, other):
        self.v = self.v + 2.0 * other
        return self


@case(vec(3))
def objects_that_add_in_their_places(x):
    held, table = [Total(x[0])], {"a": Total(x[1])}
    one, two = held[0], table["a"]
    held[0] += x[2]
    table["a"] += x[0]
    return one.v * two.v + held[0].v * x[1]


@case(num())
def names_of_functions(a):
    def weighed(f):
        return f(a) * len(f.__name__)

    double = lambda v: 2.0 * v
    named = functools.wraps(weighed)(lambda v: v * v)
    return weighed(double) + weighed(Held(a).times) + weighed(named)
