"""Turns of loops that Numba compiles: left out, carried on, and followed by their way back at once."""

from __future__ import annotations

import math

import numpy as np
import pytest
from test_native_programs import agree

import tangent_like as tl

pytest.importorskip("numba")

RNG = np.random.default_rng(11)


def edit(C: np.ndarray, gap: float) -> float:
    n, m = C.shape
    D = np.full((n + 1, m + 1), np.inf)
    D[0, 0] = 0.0
    for i in range(1, n + 1):
        D[i, 0] = i * gap
    for j in range(1, m + 1):
        D[0, j] = j * gap
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            D[i, j] = min(D[i - 1, j] + gap, D[i, j - 1] + gap, D[i - 1, j - 1] + C[i - 1, j - 1])
    return D[n, m]


def test_turns_to_which_nothing_comes_back_are_left_out() -> None:
    C = RNG.uniform(0, 2, (5, 6))
    text = agree(edit, (0, 1), (C, 0.7), (np.ones((3, 4)), 0.5), (C[:0], 0.5), (C[:, :0], 0.5), (C[:1, :1], 0.5))
    assert "if D_bar[i, j] != 0.0:" in text


def farthest(P: np.ndarray, Q: np.ndarray) -> float:
    n, m = len(P), len(Q)
    F = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            d = (P[i] - Q[j]) ** 2
            if i > 0 and j > 0:
                F[i, j] = max(d, min(F[i - 1, j], F[i, j - 1], F[i - 1, j - 1]))
            elif i > 0:
                F[i, j] = max(d, F[i - 1, j])
            elif j > 0:
                F[i, j] = max(d, F[i, j - 1])
            else:
                F[i, j] = d
    return F[n - 1, m - 1] * 2


def test_what_is_read_behind_a_turn_that_is_left_out_is_zero() -> None:
    P, Q = RNG.normal(size=7), RNG.normal(size=6)
    text = agree(farthest, (0, 1), (P, Q), (P[:1], Q), (P, Q[:1]), (P[:1], Q[:1]), (np.ones(3), np.ones(4)))
    assert "if v_bar != 0.0:" in text and "d_bar = 0.0" in text


def steep(x: np.ndarray) -> float:
    n = len(x)
    y = np.zeros(n + 1)
    for i in range(n):
        y[i + 1] = max(math.sqrt(x[i]) * y[i], x[i])
    return y[n]


def test_nothing_is_left_out_where_it_is_multiplied_with_a_pole() -> None:
    text = agree(steep, (0,), (RNG.uniform(0.5, 2, 6),), (np.ones(3),), (np.ones(0),))
    assert "!= 0.0:" not in text


def averaged(s: float, z: np.ndarray) -> float:
    paths, steps = z.shape
    path = np.empty(steps + 1)
    total = 0.0
    for p in range(paths):
        path[0] = s
        for t in range(steps):
            path[t + 1] = path[t] * (1.0 + 0.1 * z[p, t])
        mean = 0.0
        for t in range(1, steps + 1):
            mean += path[t]
        if mean > s:
            total += mean
    return total


def test_what_one_turn_writes_and_the_next_reads_is_carried() -> None:
    z = RNG.normal(size=(4, 5))
    text = agree(averaged, (0, 1), (1.1, z), (1.1, z[:, :1]), (1.1, z[:, :0]), (1.1, z[:0]))
    assert "v_bar = path_bar_last" in text and "path_bar_last = path_bar_now" in text


def around(x: np.ndarray, k: int) -> float:
    y = x.copy()
    for _ in range(k):
        for i in range(len(y)):
            y[i] = y[i] + 0.5 * y[i - 1] * y[i]
    return np.sum(y * y)


def test_places_that_may_count_from_the_end_are_not_carried() -> None:
    text = agree(around, (0,), (RNG.normal(size=5), 2), (RNG.normal(size=1), 2), (RNG.normal(size=2), 3))
    assert "_now" not in text


def mixed(x: np.ndarray) -> float:
    y = x.copy()
    for i in range(1, len(y)):
        if x[i] > 0:
            y[i] += y[i - 1] * y[i - 1]
        else:
            y[i] = 0.5 * y[i - 1]
        y[i - 1] *= 2.0
    return np.sum(y * y)


def test_places_are_carried_through_branches() -> None:
    x = 0.5 * RNG.normal(size=8)
    agree(mixed, (0,), (x,), (x[:1],), (x[:2],), (x[:0],))
    assert np.allclose(tl.value_and_grad(mixed, jit=True)(x)[0], mixed(x))


def pooled(x: np.ndarray, w: np.ndarray) -> float:
    t = 0.0
    for i in range(0, len(x) - 1, 2):
        for j in range(0, x.shape[1] - 1, 2):
            b = x[i, j]
            for p in range(2):
                for q in range(2):
                    if w[p] * x[i + p, j + q] > b:
                        b = w[p] * x[i + p, j + q]
            t += b * b
    return t


def test_the_way_back_follows_each_turn_of_a_sum() -> None:
    x, w = RNG.normal(size=(6, 7)), RNG.uniform(0.5, 1, 2)
    text = agree(pooled, (0, 1), (x, w), (x[:1], w), (x[:, :0], w))
    assert text.count("for i in range(") == 1 and text.count("for j in range(") == 1
    value, (x_bar, w_bar) = tl.value_and_grad(pooled, (0, 1), jit=True)(x, w)
    assert value == pytest.approx(pooled(x, w), rel=1e-12)
    assert np.allclose(x_bar, tl.grad(pooled)(x, w)) and np.allclose(w_bar, tl.grad(pooled, 1)(x, w))


def normalized(x: np.ndarray) -> float:
    t = 0.0
    for i in range(len(x)):
        y = math.exp(x[i])
        if y > 1:
            y = y * y
        t += y * y
    return math.log(t)


def carried_on(x: np.ndarray) -> float:
    t, s = 0.0, 1.0
    for i in range(len(x)):
        s = s * x[i]
        if s > 0.2:
            s = s * s
        t += s
    return t


def two_sums(x: np.ndarray) -> float:
    t = 0.0
    u = 0.0
    for i in range(len(x)):
        y = x[i] * x[i]
        if y > 0.5:
            y = y * y * x[i]
        t += y * y
        u += y
    for i in range(len(x)):
        z = x[i] * x[i]
        if z > 0.5:
            z = z * z
        t += z * z * z
    return t + 3 * u


def test_the_way_back_waits_where_something_else_comes_first() -> None:
    x = RNG.normal(size=9)
    for f in (normalized, carried_on, two_sums):
        agree(f, (0,), (x,), (x[:1],), (x[:0] if f is not normalized else x[:2],))
        value, found = tl.value_and_grad(f, jit=True)(x)
        assert value == pytest.approx(f(x), rel=1e-12) and np.allclose(found, tl.grad(f)(x), rtol=1e-12)


def test_operands_that_are_equal_share_in_halves() -> None:
    text = agree(steep, (0,), (np.ones(4),))
    assert "0.5 if" in text and ">= " in text and "else 0.5" not in text
