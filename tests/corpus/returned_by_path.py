"""What a helper returns is its argument on one path, and new memory on another; its caller writes it."""

import numpy as np

from case import Case, listed, num, vec

CASES: list[Case] = []
case = listed(CASES)


def limited(u):
    if np.max(u) > 0.6:
        return u / np.max(u)
    return u


def first_halved(u, c):
    u[0] = 0.5 * u[1]
    if c > 0.0:
        return u
    return u * 2


def one_of(a, b, c):
    if c > 0.7:
        return a
    elif c > 0.0:
        return b
    return a + b


def squared_at(u, k):
    w = limited(u)
    w[k] = w[k] ** 2 + 1
    return w


def in_turn(u, c):
    if c:
        return u, u * 2
    return u * 3, u


def raised(u, low, inplace=False):
    out = u if inplace else u.copy()
    out[out < low] = low
    return out


class Rotation:
    def __init__(self, q):
        self.q = q

    def normed(self):
        n = np.linalg.norm(self.q)
        if n < 0.5:
            return self.q
        return self.q / n


@case(vec(4))
def handed_back_and_written(x):
    u = x * 1.0
    for k in range(3):
        u = limited(u)
        u[k] += 0.7
    return np.sum(u**2)


@case(vec(4), num())
def written_on_the_way(x, a):
    u = x * 1.0
    for _ in range(3):
        u = first_halved(u, a)
        u[1] += 0.1
    return np.sum(u**2)


@case(vec(4))
def written_and_read_by_both_names(x):
    u = x * 1.0
    v = limited(u)
    v[0] += 0.7 * u[1]
    u[1] *= 2
    return np.sum(u**2) * np.sum(v) + v[1]


@case(vec(4))
def through_two_helpers(x):
    u = x * 1.0
    for k in range(3):
        u = squared_at(u, k)
    return np.sum(u**2)


@case(vec(4), num(), num())
def one_of_two(x, a, b):
    u, w = x * 1.0, x * 2
    r = one_of(u, w, a)
    r[0] = r[1] ** 2
    s = one_of(u, w, b)
    s[1] += r[0]
    return u @ w + r[2] * s[1]


@case(vec(4), num())
def two_at_once(x, a):
    u = x * 1.0
    p, q = in_turn(u, a > 0.0)
    p[0] += 1
    q[1] *= q[0]
    return u @ p + q[2]


@case(vec(4))
def an_attribute(x):
    m = Rotation(x * 1.0)
    for k in range(3):
        m.q = m.normed()
        m.q[k] += 0.4
    return m.q[0] * m.q[1] + m.q[3]


@case(vec(4))
def in_place_as_asked(x):
    u = x * 1.0
    a = raised(u, 0.1)
    b = raised(u, 0.2, inplace=True)
    b[0] *= 2
    return np.sum(u * a) + b[1]
