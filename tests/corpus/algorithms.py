"""Whole algorithms as people write them: classes, dicts, loops that are left early, arrays written in place."""

import math
from collections import deque
from dataclasses import dataclass

import numpy as np

from case import Case, listed, mat, num, takes, vec

CASES: list[Case] = []
case = listed(CASES)


@case(mat(5, 3), num(0.5, 1.5), vec(4))
def particle_filter(noise, s, ys):
    n = 3
    x = np.zeros(n)
    logw = np.zeros(n)
    ll = 0.0
    for t in range(len(ys)):
        x = 0.9 * x + s * noise[t]
        lw = -0.5 * (ys[t] - x) ** 2
        m = lw.max()
        w = np.exp(lw - m)
        ll += m + np.log(w.mean())
        w /= w.sum()
        c = np.cumsum(w)
        idx = np.searchsorted(c, (np.arange(n) + 0.5) / n)
        x = x[idx]
    return ll


class Sphere:
    def __init__(s, c, r):
        s.c = c
        s.r = r

    def dist(s, p):
        return np.linalg.norm(p - s.c) - s.r


class Plane:
    def __init__(s, h):
        s.h = h

    def dist(s, p):
        return p[1] - s.h


@case(vec(3, -0.2, 0.2), num(0.5, 0.8), num(-1.2, -1.0))
def raymarch(c, r, h):
    scene = [Sphere(c, r), Plane(h)]
    o = np.array([0.0, 0.3, -3.0])
    col = 0.0
    for dx in (-0.3, 0.0, 0.4):
        d = np.array([dx, -0.1, 1.0])
        d = d / np.linalg.norm(d)
        t = 0.0
        hit = None
        for _ in range(12):
            p = o + t * d
            ds = [s.dist(p) for s in scene]
            k = int(np.argmin(ds))
            if ds[k] < 1e-4:
                hit = k
                break
            t += ds[k]
            if t > 20:
                break
        if hit == 0:
            n = (p - c) / r
            col += max(0.0, n @ np.array([0.0, 0.6, -0.8]))
        elif hit == 1:
            col += 0.1 * t
    return col


@case(mat(4, 4, 0.0, 1.0))
def pagerank(A):
    A = A.copy()
    A[A < 0.4] = 0
    deg = A.sum(axis=0)
    deg[deg == 0] = 1.0
    M = A / deg
    n = len(A)
    r = np.full(n, 1 / n)
    for _ in range(50):
        new = 0.85 * (M @ r) + 0.15 / n
        if np.abs(new - r).sum() < 1e-10:
            break
        r = new
    return (r * np.arange(n)).sum()


class Body:
    def __init__(self, m, x, v):
        self.m = m
        self.x = x
        self.v = v
        self.a = np.zeros_like(x)

    @property
    def ke(self):
        return 0.5 * self.m * (self.v @ self.v)


class System:
    def __init__(self, bodies, G):
        self.bodies = bodies
        self.G = G

    def accel(self):
        for b in self.bodies:
            b.a[:] = 0
        for i, b in enumerate(self.bodies):
            for c in self.bodies[i + 1 :]:
                d = c.x - b.x
                r3 = (d @ d + 0.1) ** 1.5
                b.a += self.G * c.m * d / r3
                c.a -= self.G * b.m * d / r3

    def step(self, dt):
        self.accel()
        for b in self.bodies:
            b.v = b.v + dt * b.a
            b.x += dt * b.v

    def energy(self):
        return sum(b.ke for b in self.bodies)


@case(mat(3, 2), mat(3, 2), vec(3, 0.5, 1.5), num(0.5, 1.0))
def ode_objects(X, V, m, G):
    s = System([Body(m[i], X[i].copy(), V[i]) for i in range(3)], G)
    for _ in range(3):
        s.step(0.05)
    return s.energy() + sum(b.x[0] * k for k, b in enumerate(s.bodies))


class T:
    def __init__(self, v, l=None, r=None):
        self.v = v
        self.l = l
        self.r = r

    def total(self, d=1.0):
        s = self.v * d
        if self.l is not None:
            s += self.l.total(d * 2)
        if self.r:
            s += self.r.total(d * self.v)
        return s


def insert(node, v):
    if node is None:
        return T(v)
    if v < node.v:
        node.l = insert(node.l, v)
    else:
        node.r = insert(node.r, v)
    return node


@case(num(), num(), num())
def bst(a, b, c):
    root = None
    for v in (a, b, c):
        root = insert(root, v)
    return root.total()


@case(mat(4, 5))
def ix_read(A):
    B = A[np.ix_([0, 2], [1, 3, 3])]
    return np.sum(B**2)


@case(mat(4, 5), mat(2, 3))
def ix_store(A, B):
    C = A.copy()
    C[np.ix_([0, 2], [1, 3, 4])] = B
    C[np.ix_([0, 1], [1, 2])] *= 2.0
    ix = np.ix_([1, 2], [0, 1])
    C[ix] += 1.0
    return np.sum(C**2)


@case(mat(4, 4), vec(2))
def ix_assemble(K, ke):
    conn = [[0, 1], [1, 2], [2, 3]]
    K = K * 1.0
    for e in conn:
        K[np.ix_(e, e)] += np.outer(ke, ke)
    return np.sum(K**3)


@case(mat(4, 3))
def aaa_lambda(A):
    return np.sum(np.apply_along_axis(lambda r: r / np.sum(r**2), 1, A) ** 2)


@case(mat(4, 3))
def aaa_np(A):
    return np.sum(np.apply_along_axis(np.sum, 0, A) ** 2) + np.sum(np.apply_along_axis(np.linalg.norm, 1, A))


@case(vec())
def fromiter(x):
    return np.sum(np.fromiter((v * v for v in x), float) ** 2) + np.sum(
        np.fromiter([v * v for v in x], dtype=np.float64, count=len(x))
    )


def soft(r, t=1.0):
    e = np.exp(r * t)
    return e / e.sum()


@case(mat(4, 3), num())
def aaa_helper(A, t):
    return np.sum(np.apply_along_axis(soft, 1, A, t) ** 2)


@case(vec(3), num(0.2, 0.9))
def filled_by_a_fraction(x, a):
    n = len(x)
    weights = np.full(n, 1 / n)
    weights[0] = a * x[1]
    return np.sum(weights * x)


@case(vec(4))
def reordered_turn_by_turn(x):
    s = 0.0
    for t in range(3):
        order = np.argsort(x * (t + 1.0) - 3 * t * x)
        x = x[order] * 0.9
        s += x[0] ** 2 * (t + 1)
    return s


@case(vec(6), vec(4))
def gathered_by_a_table(x, w):
    table = [np.array([0, 2]), np.array([5, 1]), np.array([2, 2])]
    s = 0.0
    for k in range(3):
        near = table[k]
        y = x[near] * w[k]
        near = near[::-1]
        s += y @ x[near] ** 2
    return s


def log_sum_exp(a, axis=None):
    m = np.max(a, axis=axis, keepdims=True)
    r = np.log(np.sum(np.exp(a - m), axis=axis, keepdims=True)) + m
    return r.squeeze() if axis is None else np.squeeze(r, axis=axis)


@case(mat(2, 3))
def taken_from_itself(g):
    g = g * 1.0
    g -= log_sum_exp(g, axis=1)[:, None]
    return np.sum(g**3)


def written_twice(x, buffer):
    buffer[:] = x * x
    buffer[0] *= buffer[1]
    return np.sum(buffer)


@case(vec(4), num())
def one_buffer_for_two_calls(x, k):
    b = np.empty(x.shape)
    s = written_twice(x, b)
    t = written_twice(x * k, b)
    return s * t * b[0]


class Rod:
    def __init__(self, k):
        self._k = k

    @property
    def k(self):
        return self._k

    @k.setter
    def k(self, value):
        self._k = 2.0 * value


@case(vec(3), num())
def set_through_a_property(x, k):
    rod = Rod(k)
    rod.k = k * k
    rod.k += 1.0
    return np.sum(x * rod.k)


@case(vec(5), vec(5, 0.5, 1.5))
def pooled_from_behind(y, w):
    values = []
    weights = []
    for v, u in zip(y, w):
        values.append(v)
        weights.append(u)
        while len(values) > 1 and values[-2] > values[-1]:
            total = weights[-2] + weights[-1]
            mean = (values[-2] * weights[-2] + values[-1] * weights[-1]) / total
            values.pop()
            values.pop()
            weights.pop()
            weights.pop()
            values.append(mean)
            weights.append(total)
    return sum(v * v * u for v, u in zip(values, weights))


def rows_in_order(pts):
    order = sorted(pts.tolist())
    return sum((k + 1) * (p[0] - 2 * p[1]) for k, p in enumerate(order))


def tuples_in_order(pts):
    P = sorted(map(tuple, np.round(pts) * 1.0 + 0 * pts))
    Q = sorted([tuple(p) for p in pts], reverse=True)
    return sum((k + 1) * (p[0] - 2 * p[1]) for k, p in enumerate(Q)) + P[0][1]


def hull_area(pts):
    P = sorted(map(tuple, pts))

    def cross(o, a, b):
        return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0])

    def half(points):
        out = []
        for p in points:
            while len(out) >= 2 and cross(out[-2], out[-1], p) <= 0:
                out.pop()
            out.append(p)
        return out[:-1]

    hull = half(P) + half(reversed(P))
    area = 0.0
    for (x0, y0), (x1, y1) in zip(hull, hull[1:] + hull[:1]):
        area += x0 * y1 - x1 * y0
    return 0.5 * area


CASES += [
    Case(rows_in_order, takes(mat(5, 2))),
    Case(tuples_in_order, takes(mat(5, 2))),
    Case(hull_area, takes(mat(6, 2))),
]
