"""Counters, flags, seeds and what is made once, in names of the module that functions declare global."""

import math

import numpy as np

from case import Case, takes, vec

N = 0
FLAG = False
MODE = "a"
STATE = None
DEPTH = 0
SEED = 7
K = 3
EVALS, LAST = 0, 0.0


def objective(x):
    global N
    before = N
    N += 1
    return np.sum(x * x) * (N - before)


def bump():
    global N
    N += 1


def times_count(u):
    return u * N


def other_reads(x):
    global N
    N = 0
    s = 0.0
    for k in range(3):
        bump()
        s += times_count(x[k])
    return s


def powers(x):
    return np.sum(x**2) if FLAG else np.sum(x**3)


def toggled(x):
    global FLAG
    FLAG = False
    first = powers(x)
    FLAG = not FLAG
    return first * powers(x)


def by_mode(x):
    return x[0] * (2.0 if MODE == "b" else 3.0)


def modes(x):
    global MODE
    MODE = "b"
    first = by_mode(x)
    MODE = "a"
    return first * by_mode(x * x)


def made_once(x):
    global STATE
    STATE = None
    for _ in range(2):
        if STATE is None:
            STATE = 4
    return np.sum(x) * STATE


def nested(x):
    global K
    K = 3

    def count():
        global K
        K += 1

    for _ in range(2):
        count()
    return np.sum(x) * K


def grown(n, u):
    global DEPTH
    DEPTH += 1
    if n == 0:
        return u
    return grown(n - 1, u * 1.1)


def recursive(x):
    global DEPTH
    DEPTH = 0
    return grown(3, x[0]) * DEPTH + x[1]


def rand():
    global SEED
    SEED = (SEED * 16807) % 2147483647
    return SEED / 2147483647


def walk(x):
    global SEED
    SEED = 7
    u = x[0]
    for _ in range(5):
        if rand() < 0.5:
            u = u * x[1]
        else:
            u = u + x[2]
    return u


def squares(x):
    s = 0.0
    for i in range(K):
        s += x[i] * x[i]
    return s


def bound(x):
    global K
    K = 2
    first = squares(x)
    K = 3
    return first * squares(x)


def counted_turns(x):
    global N
    N = 0
    u = x[0]
    while N < 4:
        u = u * x[1]
        N += 1
    return u + x[2] * N


def told(x):
    global EVALS, LAST
    EVALS += 1
    LAST = math.fsum(x)
    print(f"evaluation {EVALS > 0}: {MODE}")
    return np.sum(x * x)


def varied(x):
    global LAST
    LAST = x[0]
    return np.sum(x) * LAST


def filled(x):
    global N
    before = N
    y = np.zeros(3)
    for i in range(3):
        N += 1
        y[i] = x[i] * (N - before)
    return np.sum(y * y)


class Walker:
    trace = []

    def step(self, x):
        Walker.trace.append(float(x[0]))
        return x - 0.1 * x


def traced(x):
    before = len(Walker.trace)
    walker = Walker()
    for _ in range(3):
        x = walker.step(x)
    return np.sum(x) * (len(Walker.trace) - before)


BEST = {"loss": 3}
TURNS = [1]


class Held:
    last = 5


HELD = Held()


def none_in_a_table(x):
    BEST["loss"] = 1
    total = np.sum(x)
    BEST["loss"] = None
    result = total if BEST["loss"] is None else 2 * total
    BEST["loss"] = 1
    return result


def half_in_a_table(x):
    BEST["loss"] = 1
    BEST["loss"] = BEST["loss"] / 2
    y = x * BEST["loss"]
    BEST["loss"] = 1
    return np.sum(y)


def none_in_an_attribute(x):
    HELD.last = 3
    total = np.sum(x) * HELD.last
    HELD.last = None
    result = total if HELD.last is None else 2 * total
    HELD.last = 5
    return result


def none_somewhere(x):
    for k in range(1):
        TURNS[k] = None
    result = np.sum(x) if TURNS[0] is None else np.sum(x) * 2
    TURNS[0] = 1
    return result


RIGHT = (
    none_in_a_table, half_in_a_table, none_in_an_attribute, none_somewhere,
    objective, other_reads, toggled, modes, made_once, nested, recursive, walk, bound, counted_turns, told, filled, traced,
)  # fmt: skip
CASES = [
    *(Case(f, takes(vec(3, low=0.3, high=1.4)), seeds=2) for f in RIGHT),
    Case(varied, takes(vec(3)), expect="refused"),
]
