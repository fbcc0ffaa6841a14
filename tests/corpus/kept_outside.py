"""Counters, timers and the last value, kept in attributes of functions, classes and objects of the module."""

import functools
import time

import numpy as np

from case import Case, num, takes, vec


def counted(f):
    @functools.wraps(f)
    def wrapper(*args):
        began = time.perf_counter()
        wrapper.calls += 1
        result = f(*args)
        wrapper.last = time.perf_counter() - began
        return result

    wrapper.calls = 0
    wrapper.last = 0.0
    return wrapper


@counted
def squared(x):
    return x * x


def counts_calls(x):
    before = squared.calls
    s = 0.0
    for k in range(3):
        s = s * x[k] + squared(x[k]) * (squared.calls - before)
    return s * np.sum(squared(x)) / (squared.calls - before)


class Spring:
    made = 0
    evaluations = 0

    def __init__(self, k):
        Spring.made += 1
        self.k = k

    @classmethod
    def soft(cls, k):
        cls.evaluations -= 1
        return cls(0.1 * k)

    def energy(self, x):
        type(self).evaluations += 1
        return 0.5 * self.k * x * x


def counts_in_classes(x, k):
    made, before = Spring.made, Spring.evaluations
    total = Spring(k).energy(x[0]) * Spring.soft(k).energy(x[1])
    if Spring.evaluations > before and Spring.made - made == 2:
        total = total * x[2] * (Spring.made - made)
    return total + Spring(x[0]).energy(k)


class Recorded:
    def __init__(self, f):
        self.f = f
        self.calls = 0
        self.last = None

    def __call__(self, x):
        self.calls += 1
        value = self.f(x)
        self.last = float(value)
        return value


@Recorded
def bump(x):
    return np.exp(-x * x)


def counts_in_an_object(x):
    before = bump.calls
    return sum([bump(v) * (bump.calls - before) for v in x]) * bump(x[0])


def recursive(x, n):
    recursive.depth = getattr(recursive, "depth", 0) + 1
    return x if n == 0 else recursive(0.5 * x * x, n - 1) * x


def counts_a_recursion(x):
    before = getattr(recursive, "depth", 0)
    y = recursive(x, 3)
    return y * (recursive.depth - before)


def draws_in_a_try(x):
    rng = np.random.default_rng(0)
    try:
        y = rng.normal() * x[0]
        y = y / 3.0
    except ZeroDivisionError:
        y = x[0]
    return y * rng.normal()


def keeps_what_varies(x):
    bump.best = float(x[0])
    return bump.best * x[1]


CASES = [
    Case(counts_calls, takes(vec("n"))),
    Case(counts_in_classes, takes(vec("n"), num()), wrt=(0, 1)),
    Case(counts_in_an_object, takes(vec("n"))),
    Case(counts_a_recursion, takes(num())),
    Case(draws_in_a_try, takes(vec("n")), tags=("dead lines",)),
    Case(keeps_what_varies, takes(vec("n")), expect="refused"),
]
