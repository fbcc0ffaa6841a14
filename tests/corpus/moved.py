"""Items of lists that change places, and places that are written behind that: a place is no item."""

import math
from collections import deque

import numpy as np

from case import Case, mat, takes, vec


class Three:
    def __init__(self, a, b, c):
        self.a, self.b, self.c = a, b, c


def three(x):
    return [x[0] * 1.5, x[1] * x[0], x[2] + 1.0]


def reversed_and_written(x):
    row = three(x)
    row[2] = 0.3 * row[2]
    row.reverse()
    row[-1] -= math.sin(row[-1])
    row[1] = row[0] * row[2]
    return row[0] * row[1] + row[2] ** 2


def inserted_before(x):
    row = three(x)
    row[1] = x[1]
    row.insert(0, x[2] * 2.0)
    row[1] = 5.0 * x[0]
    row[2] = row[1] * row[3]
    return row[0] * row[1] * row[2] + row[3]


def deleted_and_written(x):
    row = three(x)
    row[0] = row[1] * 2.0
    del row[0]
    row[0] = x[0]
    row[1] *= 2.0
    return row[0] * row[1]


def popped_in_front(x):
    row = three(x)
    row[1] = row[0] * row[1]
    p = row.pop(0)
    row[0] = p * row[1]
    row[1] = 1.5 * p
    row.append(p)
    return row[0] * row[1] * row[2]


def turned_by_a_slice(x):
    row = three(x)
    row[0] = row[0] * x[2]
    row[:] = row[::-1]
    row[0] = row[2] * 2.0
    row[2] = row[1]
    return row[0] * row[1] * row[2] + row[0]


def exchanged_by_slices(x):
    row = three(x)
    row[0] = row[0] * x[2]
    row[0:2] = [row[1], row[0]]
    row[0] = row[1] * 3.0
    row[1] = row[2] * row[0]
    return row[0] * row[1] * row[2] + row[0]


def exchanged(x):
    row = three(x)
    row[0] = row[0] * 2.0
    row[0], row[2] = row[2], row[0]
    row[0] *= row[2]
    row[2] = row[1]
    return row[0] * row[1] + row[2]


def attributes_exchanged(x):
    o = Three(*three(x))
    o.a = o.a * 2.0
    o.a, o.b = o.b, o.a
    o.a *= o.b
    o.b = o.c
    o.c = 4.0 * x[0]
    return o.a * o.b + o.c


def keys_exchanged(x):
    d = dict(zip("abc", three(x)))
    d["a"] = d["a"] * 2.0
    t = d.pop("a")
    d["a"] = d["b"]
    d["b"] = t * x[1]
    d["c"] = d["a"] * d["b"]
    return d["a"] * d["b"] + d["c"] * t


def turned_round(x):
    q = deque(three(x))
    q[0] = q[0] * 2.0
    q.rotate(1)
    q[0] = q[1] * q[2]
    q[2] = x[1]
    q.appendleft(q.pop())
    q[0] *= 2.0
    return q[0] * q[1] + q[2]


def doubled(x):
    row = [x[0] * 2.0, x[1]]
    row[0] = row[1] * row[0]
    row *= 2
    row[0] = 3.0 * x[0]
    row[3] = row[1] * row[2]
    return row[0] * row[1] * row[2] + row[3]


def by_two_names(x):
    row = three(x)
    row[1] = x[0] * x[1]
    other = row
    other.reverse()
    row[0] = other[2] * x[1]
    other[2] = row[1]
    return row[0] * other[1] + row[2]


def in_a_loop(x):
    row = three(x)
    for k in range(3):
        row[0] = row[0] * x[k]
        row.reverse()
        row[2] += row[0] * 0.5
    return row[0] * row[1] + row[2]


def on_a_path(x):
    row = three(x)
    row[0] *= 2.0
    if x[0] > 0:
        row.reverse()
    row[0] = row[2] * x[1]
    row[2] = row[1] * 2.0
    return row[0] * row[1] + row[2]


def rows_reversed(A):
    row = [A[0] * 2.0, A[1] * A[0], np.sin(A[2])]
    row[0] = row[0] * row[1]
    row.reverse()
    row[-1] = row[0] * row[1]
    row[0] = row[2] + 1.0
    return np.sum(row[0] * row[1]) + np.sum(row[2] ** 2)


def inserted_what_is_written(x):
    row = three(x)
    row[2] = row[0] * row[1]
    row.insert(1, row[2])
    row[3] = row[1] * x[0]
    row[1] = 2.0 * row[3]
    return row[0] * row[1] + row[2] * row[3]


CASES = [
    *(
        Case(f, takes(vec(3)), seeds=5)
        for f in (
            reversed_and_written,
            inserted_before,
            deleted_and_written,
            popped_in_front,
            turned_by_a_slice,
            exchanged_by_slices,
            exchanged,
            attributes_exchanged,
            keys_exchanged,
            turned_round,
            doubled,
            by_two_names,
            in_a_loop,
            on_a_path,
            inserted_what_is_written,
        )
    ),
    Case(rows_reversed, takes(mat(3, 4))),
]
