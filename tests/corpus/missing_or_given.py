"""``out=None`` under another name or its own; what a class of the user's makes of an index, and of its end."""

from contextlib import closing

import numpy as np
from case import Case, listed, mat, num, vec

CASES: list[Case] = []
case = listed(CASES)


def shifted_into(p, q, out=None):
    out = p if out is None else out
    out[1:] = q[:-1] * 2.0
    out[0] += 1.0
    return out


def doubled(p, q, out=None):
    res = np.zeros_like(p) if out is None else out
    res[1:] = q[:-1] * 2.0
    return res


def stepped(u, h=None):
    h = np.zeros_like(u) if h is None else h
    h = np.tanh(u + h)
    return h


def largest(xs, t, best=None):
    for u in xs:
        if best is None or u * t > best:
            best = u * t
    return best


@case(vec(5), vec(5), num())
def into_the_argument_itself(x, y, a):
    r = shifted_into(x, y)
    t = shifted_into(y, x * a, out=x[::-1])
    return np.sum(r * t) + np.sum(y * x)


@case(vec(5), vec(5), num())
def into_one_that_is_given(x, y, a):
    r = doubled(x, y * a)
    t = doubled(x, y, out=r)
    return np.sum(r * x) + np.sum(t * y)


@case(vec(3), num(), 3)
def state_from_turn_to_turn(x, a, n):
    h, s = None, 0.0
    for i in range(n):
        h = stepped(x * i, h)
        s += np.sum(h) * a
    return s


@case(vec(5), num(), wrt=(0, 1))
def a_best_that_may_be_given(x, a):
    return largest(x, a) * largest(x, 0.5, a)


class Matrix:
    def __init__(self, d):
        self.d = d

    def __getitem__(self, at):
        return Matrix(self.d[at]) if isinstance(at, slice) else self.d[at]

    def __setitem__(self, at, v):
        self.d[at] = v.d if isinstance(v, Matrix) else v

    def __rmul__(self, k):
        return Matrix(k * self.d)

    def __matmul__(self, other):
        return Matrix(self.d @ other.d)

    def __imatmul__(self, other):
        self.d = self.d @ other.d
        return self

    def __pow__(self, n):
        r = Matrix(np.eye(len(self.d)))
        for _ in range(n):
            r @= self
        return r


class Grid:
    def __init__(self, d):
        self.d = d

    def __len__(self):
        return len(self.d)

    def __getitem__(self, at):
        if isinstance(at, tuple):
            i, j = at
            return self.d[i, j] * 2.0 if isinstance(j, slice) else self.d[i, j]
        if isinstance(at, slice):
            first = at.start or 0
            return Grid(self.d[at]) if at.step is None else self.d[first :: at.step]
        if isinstance(at, list | np.ndarray):
            return self.d[at] * 3.0
        return self.d[at % len(self)]


@case(mat(3, 3), num())
def rows_of_a_matrix(S, a):
    m = Matrix(S)
    m[0, 1] *= a
    m[1:] = 2.0 * m[1:]
    w = (m**2) @ m
    w[0, 0] = m[0, 1]
    return np.sum(w.d) + w[1, 1] * a


@case(mat(3, 4), num(), 3)
def places_of_a_grid(A, a, n):
    g = Grid(A * a)
    s = np.sum(g[0, 1:]) * g[1, 2] + np.sum(g[1:].d) + np.sum(g[1::2]) + np.sum(g[4]) * g[1:][0][1]
    for i in range(n):
        s += np.sum(g[i:].d) + np.sum(g[:, i]) + g[i, i]
    return s + np.sum(g[[0, 2]]) + np.sum(g[np.array([0, 2, 2])] * g[-1])


class Tank:
    def __init__(self, level):
        self.level = level

    def close(self):
        self.level = self.level * 2.0


def emptied(a, b):
    with closing(Tank(a)) as t:
        if b > 0.5:
            return t.level * b
        t.level += 1.0
    return t.level


@case(num(0.2, 1.5), num(0.2, 1.5))
def closed_whatever_happens(a, b):
    with closing(Tank(a)) as t:
        first, t = t, Tank(b)
        s = first.level * t.level
    return s * first.level * t.level * emptied(a, b)


@case(vec(5), num())
def closed_where_a_loop_is_left(x, a):
    s = 0.0
    for u in x:
        with closing(Tank(u)) as t:
            if u > 0.3:
                break
            s += t.level * a
    return s * t.level
