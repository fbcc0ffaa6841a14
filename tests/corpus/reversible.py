"""Steps that are taken back, and checkpointed loops whose length nobody knows."""

import numpy as np

import tangent_like as tl
from case import Case, mat, num, takes, vec, whole


def force(q, k):
    return -k * np.sin(q)


@tl.reversible
def leapfrog(q, p, k):
    p = p + 0.05 * force(q, k)
    q = q + 0.1 * p
    p = p + 0.05 * force(q, k)
    return q, p


def orbit(q, p, k, n):
    for _ in range(n):
        q, p = leapfrog(q, p, k)
    return np.sum(q * p)


@tl.reversible
def couple(x, y, W):
    x = x + np.tanh(W @ y)
    return y, x


def changing_sides(x, y, W, n):
    total = 0.0
    for i in range(n):
        x, y = couple(x, y, W)
        if i % 2:
            x, y = y, x
        total += np.sum(x * y)
    return total


@tl.reversible(inverse=lambda u, v, s: (u / s, v - np.sin(u / s)))
def stretch(x, y, s):
    return x * s, y + np.sin(x)


def stretched(x, y, s):
    x, y = stretch(x, y, s)
    early = np.sum(x * y)
    y, x = stretch(y, x, s)
    return np.sum(x * x * y) * early


@tl.reversible(inverse=lambda y, a: np.arcsinh(y / a))
def given(x, a):
    return a * np.sinh(x)


def named_like_ours(x, a, n):
    for _ in range(n):
        x = given(0.3 * x, a)
    return np.sum(x)


def until(x, k):
    n = 0
    while tl.checkpointed(np.sum(x * x) > 0.5, slots=2):
        x = x * (1.0 - 0.1 * k * k / (1.0 + k * k)) * 0.9
        n += 1
        if n > 9:
            break
    return np.sum(x * x)


CASES = [
    Case(orbit, takes(vec("n"), vec("n"), num(), whole(1, 4)), (0, 1, 2)),
    Case(changing_sides, takes(vec(3), vec(3), mat(3, 3), whole(1, 4)), (0, 1, 2)),
    Case(stretched, takes(vec("n"), vec("n"), num(1.0, 2.0)), (0, 1, 2)),
    Case(named_like_ours, takes(vec("n"), num(0.5, 1.0), whole(1, 3)), (0, 1)),
    Case(until, takes(vec(3), num()), (0, 1)),
]
