"""Loops of which few states are kept, over what turns read and carry along: lists, dicts, objects, arrays."""

import math

import numpy as np

import tangent_like as tl
from case import Case, mat, num, takes, vec, whole


def by_places_of_a_list(x, w, n):
    gains = [w[0], w[1], w[0] * w[2]]
    for j in tl.checkpointed(range(n), slots=2):
        x = x + 0.1 * np.sin(gains[j % 3] * x)
    return np.sum(x)


def matrices_of_a_list(h, A, B, n):
    weights = [A, B.T, A @ B]
    for j in tl.checkpointed(range(n), slots=2):
        h = np.tanh(weights[j % 3] @ h) + 0.1
    return np.sum(h)


def layers(h, weights):
    for W, b in tl.checkpointed(weights, slots=2):
        h = np.tanh(W @ h + b)
    return np.sum(h)


def by_keys(h, params, n):
    names = ["W", "V"]
    for t in tl.checkpointed(range(n), slots=2):
        h = np.tanh(params[names[t % 2]] @ h) + params["b"]
    return np.sum(h)


def numbers_anew(x, a, n):
    ps = [x[0], x[1], x[2]]
    for _ in tl.checkpointed(range(n), slots=2):
        ps = [a * p + 0.1 * math.sin(p) for p in ps]
    return ps[0] * ps[1] + ps[2]


def numbers_written(x, a, n):
    ps = [x[0], x[1], x[2]]
    for _ in tl.checkpointed(range(n), slots=2):
        for i in range(3):
            ps[i] = ps[i] * a + 0.1 * math.sin(ps[i - 1])
    return ps[0] * ps[1] + ps[2]


def collected(x, a, n):
    out = []
    for _ in tl.checkpointed(range(n), slots=2):
        x = np.sin(a * x) + 0.1 * x
        out.append(np.sum(x))
    total = 0.0
    for v in out:
        total = total + v * v
    return total


def collected_where(x, a, n):
    out = [x[0]]
    for _ in tl.checkpointed(range(n), slots=2):
        x = np.sin(a * x) + 0.1 * x
        if x[0] > 0.8:
            out.append(x[1])
    return sum(v * v * a for v in out)


def fibonacci(a, b, n):
    xs = [a, b]
    for _ in tl.checkpointed(range(n), slots=2):
        xs.append(0.3 * xs[-1] + math.sin(xs[-2]))
    return sum(xs)


def in_two(x, a, n):
    for i in tl.checkpointed(range(n), slots=2):
        for j in tl.checkpointed(range(n + 1), slots=2):
            x = x + 0.05 * np.sin(a * x) * (i + j)
    return np.sum(x**2)


def first_small(x, a, n):
    for _ in tl.checkpointed(range(n), slots=3):
        x = x * 0.8 * np.cos(0.1 * a)
        if np.sum(x * x) < 0.5:
            return np.sum(x**3)
    return np.sum(x**2)


def diffused(x, a, n):
    u = x.copy()
    v = np.zeros_like(x)
    for _ in tl.checkpointed(range(n), slots=2):
        v[1:-1] = u[1:-1] + 0.1 * a * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        v[0] = u[0]
        v[-1] = u[-1] * a
        u, v = v, u
    return np.sum(u**2) + np.sum(v)


def smoothed_in_place(x, a, n):
    y = x * 1.0
    for _ in tl.checkpointed(range(n), slots=2):
        for i in range(1, len(y)):
            y[i] += 0.1 * a * y[i - 1]
    return np.sum(y**2)


def anew_and_in_place(x, a, n):
    x = x * 1.0
    for t in tl.checkpointed(range(n), slots=2):
        x = x * 1.1
        x[0] = x[1] * a
        if t % 2:
            x[1] *= x[2]
    return np.sum(x)


def of_one_memory(x, a):
    u = x.copy()
    v = u
    for _ in tl.checkpointed(range(5), slots=2):
        v[1:-1] = u[1:-1] * a
        u, v = v, u
    return np.sum(u**2)


class Cell:
    def __init__(self, w):
        self.w = w
        self.h = 0.0 * w
        self.seen = 0.0

    def take(self, x):
        self.h = np.tanh(self.w * self.h + x)
        self.seen += np.sum(self.h)

    def run(self, xs):
        for j in tl.checkpointed(range(len(xs)), slots=2):
            self.take(xs[j])
        return self.h


def of_an_object(x, w):
    cell = Cell(w)
    h = cell.run(x)
    return np.sum(h**2) + cell.seen


CASES = [
    Case(by_places_of_a_list, takes(vec(4), vec(3), whole(0, 7)), (0, 1)),
    Case(matrices_of_a_list, takes(vec(3), mat(3, 3), mat(3, 3), whole(1, 7)), (0, 1, 2), seeds=2),
    Case(layers, lambda rng: (rng.normal(size=3), [(rng.normal(size=(3, 3)), rng.normal(size=3)) for _ in range(5)]), (0, 1), seeds=2),
    Case(by_keys, lambda rng: (rng.normal(size=3), {"W": rng.normal(size=(3, 3)), "V": rng.normal(size=(3, 3)), "b": rng.normal(size=3)}, 5), (0, 1), seeds=2),
    Case(numbers_anew, takes(vec(3), num(), whole(0, 5)), (0, 1)),
    Case(numbers_written, takes(vec(3), num(), whole(0, 5)), (0, 1)),
    Case(collected, takes(vec("n"), num(), whole(0, 6)), (0, 1)),
    Case(collected_where, takes(vec("n", 0.1, 0.9), num(1.0, 2.0), whole(5, 9)), (0, 1)),
    Case(fibonacci, takes(num(), num(), whole(0, 6)), (0, 1)),
    Case(in_two, takes(vec("n"), num(), whole(0, 4)), (0, 1), seeds=2),
    Case(first_small, takes(vec("n"), num(), whole(3, 30)), (0, 1)),
    Case(diffused, takes(vec(5), num(), whole(0, 6)), (0, 1)),
    Case(smoothed_in_place, takes(vec("n"), num(), whole(0, 5)), (0, 1)),
    Case(anew_and_in_place, takes(vec("n"), num(), whole(2, 6)), (0, 1)),
    Case(of_one_memory, takes(vec(5), num()), (0, 1), "refused"),
    Case(of_an_object, takes(vec(5), vec(3)), (0, 1), seeds=2),
]
