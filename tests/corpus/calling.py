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
