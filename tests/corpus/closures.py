"""Functions inside functions: what they capture, rebind, and are called after."""

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


@case(num(0.5, 2.0))
def lam(x):
    f = lambda t: t * t * x
    return f(3.0) + f(x)


@case(num(0.5, 2.0))
def nested(x):

    def g(t, k=2.0):
        return np.sin(t * x) * k

    return g(x) + g(1.5, 3.0)


@case(num(0.5, 2.0))
def apply_twice(x):

    def tw(f, a):
        return f(f(a))

    return tw(math.sin, x) + tw(lambda t: t * t * x, x)


@case(num(0.5, 2.0))
def nonloc(x):
    t = 0.0

    def add(v):
        nonlocal t
        t += v * x

    add(2.0)
    for i in range(3):
        add(x * i)
    return t


def fib(n, x):
    if n < 2:
        return x
    return fib(n - 1, x) + fib(n - 2, x) * x


@case(num(0.5, 2.0))
def recur(x):
    f = lambda n: fib(n, x)
    return f(4)


@case(num(0.5, 2.0))
def rich_rec(x):

    def power(b, n):
        if n == 0:
            return 1.0
        return b * power(b, n - 1)

    return power(x, 3)


@case(num(0.5, 2.0), tags=("dead lines",))
def matchit(x):
    mode = "sq"
    match mode:
        case "sq":
            return x * x
        case _:
            return x
