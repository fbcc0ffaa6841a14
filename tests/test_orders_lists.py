"""Second derivatives of programs with lists, and with functions that call themselves: reverse and forward over reverse."""

from __future__ import annotations

import heapq
import math
from collections import deque
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

X = np.array([0.7, 1.3, 0.4, 2.1, 0.9])


def extrema(x, a):
    squares = [t * t * a for t in x]
    return max(squares) ** 2 * min(squares) * math.prod(squares[1:3])


def parts(x, a):
    xs = [t * a for t in x]
    xs[1:3] = [t * t for t in xs[1:3]]
    xs[::-2] = [t * a for t in xs[::2]]
    first, *middle, last = xs
    return first * last + sum(middle) ** 2


def window(x, a):
    held = deque(maxlen=3)
    total = 0.0
    for t in x:
        held.append(t * a)
        total += (sum(held) / len(held)) ** 2
    return total


def window_of_numbers(x, a):
    held = deque(maxlen=3)
    total = a
    for t in x:
        held.append(t * t)
        total += math.sin(sum(held)) * t * a
    return total


def put_in(x, a):
    xs = [x[0] * a, a * a]
    xs.insert(1, math.exp(a))
    xs.insert(0, x[1] ** 3)
    return xs[0] * xs[1] + xs[2] ** 2 * xs[3]


def paired(x, a):
    xs = [t * a for t in x[:3]]
    return sum(p * q**2 for p, q in zip([a, x[0], 1.0], xs, strict=True))


def casteljau(x, a):
    points = list(x)
    while len(points) > 1:
        points = [(1 - a) * p + a * q for p, q in zip(points, points[1:])]  # noqa: B905, RUF007
    return points[0]


def rows_renewed(x, a):
    rows = [x * 1.0] * 3
    total = 0.0
    for i in range(3):
        rows[i] = rows[i] * rows[i] * a
        total += np.sum(rows[i] * i)
    return total


def none_at_first(x, a):
    w = None
    for _ in range(3):
        w = x * a if w is None else w * w * a
    return np.sum(w)


def halves_multiplied(x, a):
    if len(x) == 1:
        return x[0] ** 3 * a
    m = len(x) // 2
    return halves_multiplied(x[:m], a) * halves_multiplied(x[m:], a) + np.sum(x)


def quantile(x, a):
    w = np.abs(x) + a
    total = np.cumsum(w)
    return np.interp(0.45 * total[-1], total, x**2)


def pairs_of_several_kinds(x, a):
    held = []
    for k in range(3):
        held.append((x[: k + 2] * a**k, a * k, x[k]))
    total = held[-1][1] ** 2
    for p, q, r in held:
        total += np.sum(p**2) * q + r**2
    return total


def points_in_order(x, a):
    points = sorted(zip(x, x * x + a, strict=True))
    return sum((q[1] + p[1]) * (q[0] - p[0]) / 2 for p, q in zip(points, points[1:])) ** 2  # noqa: B905, RUF007


def buffers_swapped(x, a):
    now, new = x.copy(), np.zeros_like(x)
    for _ in range(3):
        new[1:-1] = now[1:-1] * a + now[:-2] * now[2:]
        new[0] = now[0]
        now, new = new, now
    return np.sum(now**2)


def written_flat(x, a):
    B = np.outer(x, x) * a
    B.reshape(-1)[1:3] *= np.sin(B.reshape(-1)[3:5])
    np.add.at(B.reshape(-1), [0, 4, 4], a)
    return np.sum(B**3) * np.sum(np.log(np.diag(B)))


def relaxed(u, a):
    u[1:-1] += a * (u[2:] - 2 * u[1:-1] + u[:-2]) * u[1:-1]


def written_by_calls(x, a):
    u = x.copy()
    for _ in range(3):
        relaxed(u, a * 0.1)
    return np.sum(u**2)


PROGRAMS = [
    put_in, paired, written_flat, pairs_of_several_kinds, points_in_order, buffers_swapped, written_by_calls, extrema,
    parts, window, window_of_numbers, casteljau, rows_renewed, none_at_first, halves_multiplied, quantile,
]  # fmt: skip


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_second_derivatives(f: Any) -> None:
    x, a, h = X, 0.8, 1e-6
    g = tl.grad(f, argnums=(0, 1))
    rng = np.random.default_rng(1)
    v, w = rng.normal(size=x.shape), rng.normal()
    expected = [(p - q) / (2 * h) for p, q in zip(g(x + h * v, a + h * w), g(x - h * v, a - h * w), strict=True)]
    pushed = tl.jvp(g, (x, a), (v, w))[1]
    pullback = tl.vjp(g, x, a)[1]
    for found in (pushed, pullback((v, w)), pullback((v, w))):
        np.testing.assert_allclose(found[0], expected[0], rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(found[1], expected[1], rtol=1e-5, atol=1e-5)


WEIGHTS = np.array([0.3, -0.2, 0.5, 0.1, 0.4])
TANGENTS = (WEIGHTS, None)


def grown(x, a):
    out = [0.0]
    for t in x:
        out.append(out[-1] * a + np.sin(t))
    return np.sum(np.array(out) ** 2)


first = tl.grad(grown)


def once(x, a):
    return np.sum(first(x, a) * WEIGHTS.copy())


second = tl.grad(once)


def twice(x, a):
    return np.sum(second(x, a) * WEIGHTS)


def pushed(x, a):
    return tl.jvp(grown, (x, a), TANGENTS)[1]


def test_third_derivatives_by_gradients_inside() -> None:
    h = 1e-5
    slope = (twice(X + h * WEIGHTS, 0.8) - twice(X - h * WEIGHTS, 0.8)) / (2 * h)
    np.testing.assert_allclose(tl.grad(twice)(X, 0.8) @ WEIGHTS, slope, rtol=1e-6)
    np.testing.assert_allclose(tl.grad(pushed)(X, 0.8) @ WEIGHTS, twice(X, 0.8), rtol=1e-9)


def ring(a, n):
    held, head = [0.0] * 3, 0
    for k in range(n):
        held[head] = held[head - 1] * a + k * a
        head = (head + 1) % 3
    return held[0] * held[1] + held[2]


def cheapest(x, a):
    n = 4
    table = [[0.0] * n for _ in range(n)]
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            table[i][j] = min(table[i][k] + table[k + 1][j] + x[i] * x[k + 1] * a for k in range(i, j))
    return table[0][n - 1]


def ways(a):
    heap = [(0.0, 0)]
    cost = {0: a, 1: a * a, 2: 3 * a}
    total = 0.0
    while heap:
        c, u = heapq.heappop(heap)
        total += c * c * (u + 1) + cost[u]
        if u < 2:
            heapq.heappush(heap, (c + a, u + 1))
    return total


def called_for_a_ring(t):
    return ring(t, 7)


def called_for_a_table(t):
    return cheapest(np.array([t, 1.3, t * t, 0.4 + t]), t) ** 2


def called_for_ways(t):
    return ways(t) * t


@pytest.mark.parametrize("f", [called_for_a_ring, called_for_a_table, called_for_ways], ids=lambda f: f.__name__)
def test_second_derivatives_of_calls_that_fill_lists(f: Any) -> None:
    h, g = 1e-5, tl.grad(f)
    slope = (g(0.83 + h) - g(0.83 - h)) / (2 * h)
    np.testing.assert_allclose(tl.grad(g)(0.83), slope, rtol=1e-7)
    np.testing.assert_allclose(tl.jvp(g, (0.83,), (1.0,))[1], slope, rtol=1e-7)
    np.testing.assert_allclose(tl.grad(lambda t: tl.jvp(f, (t,), (1.0,))[1])(0.83), slope, rtol=1e-7)


def adam(x):
    params = {"w": x[:3].copy(), "b": x[3:].copy()}
    m = {k: np.zeros_like(p) for k, p in params.items()}
    v = {k: np.zeros_like(p) for k, p in params.items()}
    for t in range(1, 3):
        slopes = {"w": params["w"] * np.sum(params["b"]), "b": np.sin(params["b"]) + np.sum(params["w"] ** 2)}
        for k in params:
            m[k] = 0.9 * m[k] + 0.1 * slopes[k]
            v[k] = 0.99 * v[k] + 0.01 * slopes[k] ** 2
            params[k] = params[k] - 0.1 * m[k] / (1 - 0.9**t) / (np.sqrt(v[k]) + 0.1)
    return sum(np.sum(p**3) for p in params.values())


def momentum_in_place(x):
    params = [x[:3].copy(), x[3:].copy()]
    held = {k: np.zeros_like(p) for k, p in enumerate(params)}
    for _ in range(2):
        for k, p in enumerate(params):
            held[k] *= 0.9
            held[k] += p * np.sum(p**2)
            p -= 0.3 * held[k]
    return sum(np.sum(p**3) for p in params)


def rod(x):
    u = x.copy()
    for _ in range(3):
        old = u.copy()
        u[1:-1] = old[1:-1] + 0.1 * (old[2:] - 2 * old[1:-1] + old[:-2]) * old[1:-1]
        u[0] = u[1] * u[1]
    return np.sum(u**3)


def along(f: Any) -> Any:
    gradient = tl.grad(f)
    return lambda x: np.sum(gradient(x) * np.cos(x))


@pytest.mark.parametrize("f", [adam, momentum_in_place, rod], ids=lambda f: f.__name__)
def test_third_derivatives_of_what_is_renewed_and_written(f: Any) -> None:
    once = along(f)
    for h in (once, along(once)):
        slopes = [(h(X + 1e-5 * e) - h(X - 1e-5 * e)) / 2e-5 for e in np.eye(5)]
        np.testing.assert_allclose(tl.grad(h)(X), slopes, rtol=1e-6, atol=1e-6)


def test_arrays_of_lists_are_written_by_their_own_names() -> None:
    text = tl.grad(momentum_in_place).source_for(X)
    assert "_bar_saved" not in text  # no adjoint is held because its array has two names
    assert "[...]" not in text
