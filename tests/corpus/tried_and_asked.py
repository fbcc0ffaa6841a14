"""Loops that ask for the next item, and writes that are tried: what the program may see of how they are said."""

import math

import numpy as np
from case import Case, num, takes, vec


def another_iterator(x):
    it = iter(x)
    s, n = 0.0, 0
    while True:
        try:
            v = next(it)
        except StopIteration:
            break
        s += v * v * (n + 1)
        n += 1
        if n == 2:
            it = iter(x * 3.0)
    return s


def another_iterator_or_none(x):
    it = iter(list(x))
    s, n = 0.0, 0
    while (v := next(it, None)) is not None:
        s += v * v * (n + 1)
        n += 1
        if n == 2:
            it = iter([3 * x[0], x[1] ** 3])
    return s


def name_of_the_function_around(x):
    v = 1.0

    def run():
        nonlocal v
        it = iter(x)
        s = 0.0
        while (v := next(it, None)) is not None:
            s += v**3
        return s

    return run() * (2.0 if v is None else 3.0)


def no_place_for_it(x):
    todo = [x[0], x[1], x[2]]
    out = np.zeros(2)
    i = 0
    while True:
        try:
            out[i] = todo.pop()
        except IndexError:
            break
        i += 1
    return np.sum(out**2) + len(todo) * x[0]


def value_raises_ahead_of_the_write(e, u):
    try:
        e[0] = math.log(u - 1.0)
    except TypeError:
        return e * u
    except ValueError:
        return e * e * u * 3
    return e


def value_raises_what_is_caught(x):
    y = x * 1.0

    def small(v):
        if v < 10:
            raise TypeError("small")
        return v * v

    try:
        y[0] = small(x[0])
    except TypeError:
        y = y * x[1]
    return np.sum(y)


def write_into_what_is_protected(x):
    y = x * 1.0
    y.flags.writeable = False
    try:
        y[0] = x[1] ** 2
    except ValueError:
        y = y.copy()
        y[0] = x[2] ** 3
    return np.sum(y**2)


def asks_whether_it_is_protected(x):
    y = x * 1.0
    y.setflags(write=False)
    if y.flags.writeable:
        y = y * x[2]
    return np.sum(y**2)


def protected(y):
    y.flags.writeable = False
    return y


def tried(y, value):
    try:
        y[0] = value
    except ValueError:
        return 0.5
    return 1.0


def protected_here_and_tried_there(x):
    y = x * 2.0
    y.flags.writeable = False
    s = tried(y, x[1])
    return np.sum(y * y) * (2.0 + s)


def protected_there_and_tried_here(x):
    y = protected(x * 2.0)
    try:
        y[0] = 3.0 * x[1]
    except ValueError:
        y = x * 3.0
    return np.sum(y * y)


def rows_protected_and_others_written(x):
    parts = []
    for k in range(3):
        y = np.zeros(3)
        y[k] = x[k] ** 2
        y.setflags(write=False)
        parts.append(y)
    parts[0] = parts[1] * x
    z = parts[1].copy()
    z[0] = x[2] ** 2
    return np.sum((parts[0] + parts[2]) * z)


def opened_again(x):
    y = x * 2.0
    y.flags["WRITEABLE"] = False
    y.flags.writeable = True
    y[0] = x[1] ** 2
    return np.sum(y * y)


ASKED_AGAIN = (another_iterator, another_iterator_or_none, no_place_for_it)
PROTECTED = (
    write_into_what_is_protected,
    asks_whether_it_is_protected,
    protected_here_and_tried_there,
    protected_there_and_tried_here,
)
CASES = [
    *[Case(f, takes(vec(3, 0.2, 1.5))) for f in (rows_protected_and_others_written, opened_again)],
    *[Case(f, takes(vec(3, 0.2, 1.5)), expect="refused", tags=("dead lines",)) for f in ASKED_AGAIN + PROTECTED],
    *[Case(f, takes(vec(3, 0.2, 1.5)), tags=("dead lines",)) for f in (name_of_the_function_around, value_raises_what_is_caught)],
    Case(value_raises_ahead_of_the_write, takes(num(0.5, 1.5), num(0.2, 1.8)), wrt=(0, 1), seeds=6, tags=("dead lines",)),
]
