"""Tuples cut, cut again, joined and repeated: each is a copy, and what flows to it is for places of the whole."""

import numpy as np

from case import Case, num, takes, vec


def cut_out_of_the_last(x, a):
    rows = []
    for t in x:
        rows.append((t * t, t * a, 2.0))
    m, p = rows[-1][:2]
    for k in range(len(rows) - 2, -1, -1):
        m = 0.5 * m + rows[k][1:][0] * rows[k + 1][::-1][2]
    return m * p * rows[0][-2:][0]


def cut_twice(x, a):
    rows = [(t * t, t, t * a) for t in x]
    h = rows[-1][:3][1:]
    s = h[0] * h[1]
    for row in rows[1:]:
        s += row[1:][0] * row[:2][0]
    return s


def cut_of_arrays(x, a):
    rows = [(t * x, t, x * a) for t in x]
    h = rows[-1][:2]
    return np.sum(h[0] * h[1])


def joined(x, a):
    t = (x[0], a, x[1])
    p = t[1:] + t[:1]
    q = t[1:][:1] + t[::-1][:2]
    return p[0] * p[1] ** 2 * p[2] ** 3 + q[0] * q[1] * q[2] ** 2


def repeated(x, a):
    t = (x[0], a)
    q = t * 2
    return q[3] * q[0] ** 2 * q[2] * q[1]


def lists_in_tuples(x, a):
    grown = []
    for t in x:
        grown.append(t)
    held = [grown, a * a]
    pair = ([a, x[1]], grown)
    return held[0][1:][0] * held[1] + pair[-1][-2] * pair[0:][0][0:][-1]


def put_in_front(x, a):
    gains = []
    for t in x:
        gains.insert(0, (t * a, t))
    s = 0.0
    for (k, m), t in zip(gains, x):
        s = s * a + k * m * t
    return s


def filled_up(x):
    several = [x[0]] + [0.5] * (max(3, len(x[:2])) - 1)
    return sum(several) * x[1]


def filled_up_by_a_number(x):
    c, d = (x[0], x[1]), (x[2],)
    n = max(len(c), len(d))
    e = (0.5,) * (n - len(d)) + d
    return e[0] + e[1] * c[0]


CASES = [
    Case(filled_up_by_a_number, takes(vec(3))),
    Case(filled_up, takes(vec(3))),
    *(
        Case(f, takes(vec(3), num()), wrt=(0, 1))
        for f in (cut_out_of_the_last, cut_twice, cut_of_arrays, joined, repeated, lists_in_tuples, put_in_front)
    ),
]
