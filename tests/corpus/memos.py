"""Functions that keep what they have computed, in tables of the module, of closures; counters that they move."""

import functools
import math

import numpy as np

from case import Case, takes, vec

MEMO = {}
TABLE = {}
LOG = []
KEPT = {}
LAST = 0.0
COUNT = 0


def fib(n):
    if n in MEMO:
        return MEMO[n]
    if n < 2:
        return 1
    r = fib(n - 1) + fib(n - 2)
    MEMO[n] = r
    return r


def by_fibonacci(x):
    return sum(fib(k) * x[k] for k in range(3)) * fib(6)


def binom(n, k):
    key = (n, k)
    if key not in TABLE:
        TABLE[key] = 1 if k in (0, n) else binom(n - 1, k - 1) + binom(n - 1, k)
    return TABLE[key]


def bernstein(x):
    s = 0.0
    for k in range(3):
        s += binom(2, k) * x[0] ** k * (1 - x[0]) ** (2 - k) * x[k]
    return s


def memoized(f):
    cache = {}

    @functools.wraps(f)
    def inner(*args):
        if args not in cache:
            cache[args] = f(*args)
        return cache[args]

    return inner


@memoized
def factorial(n):
    return 1 if n == 0 else n * factorial(n - 1)


def taylor(x):
    return sum(x[0] ** k / factorial(k) for k in range(6)) * x[1]


@memoized
def choose(n, k):
    return math.comb(n, k) * 1.0


def legendre(x):
    return sum(choose(3, k) * x[0] ** k for k in range(4)) + x[1] * x[2]


def tick():
    LOG.append(0)
    return len(LOG)


def in_order(x):
    LOG.clear()
    a = tick()
    s = x[0] * a
    for i in range(3):
        k = tick()
        s = s * x[1] * k + math.sin(s)
    return s * (tick() + len(LOG))


def for_its_effect(x):
    LOG.clear()
    tick()
    unused = tick()
    return np.sum(x * x) * len(LOG)


def nodes(n):
    LOG.append(n)
    return np.arange(n) * 1.0


def weighted(x):
    return np.sum(nodes(3) * x * x)


def weights_written(x):
    w = nodes(3)
    w[0] = x[0]
    return np.sum(w * x * x)


def called(k):
    LOG.append(k)
    return "sin" if k else "cos"


def by_a_text(x):
    return np.sum(np.sin(x)) if called(1) == "sin" else np.sum(np.cos(x))


def pair(n):
    LOG.append(n)
    return n, n - 1


def by_places(x):
    i, j = pair(2)
    s = x[i] * x[j]
    for k in range(i):
        s += x[k] ** 2
    return s


def remember(k, v):
    KEPT[k] = v


def recall(k):
    global COUNT
    COUNT += 1
    return KEPT[k]


def through_a_table(x):
    remember("a", float(x[0]) * 2)
    return recall("a") * x[1]


def keep(v):
    global LAST
    LAST = v


def kept():
    LOG.append(1)
    return LAST


def through_a_name(x):
    keep(x[0] * 2)
    return kept() * x[1]


RIGHT = (by_fibonacci, bernstein, taylor, legendre, in_order, for_its_effect, weighted, by_a_text, by_places)
CASES = [
    *(Case(f, takes(vec(3, low=0.3, high=1.4)), seeds=2, tags=("dead lines",)) for f in RIGHT),
    *(Case(f, takes(vec(3)), expect="refused") for f in (weights_written, through_a_table, through_a_name)),
]
