"""Stacks of loops whose ends depend on others, and loops to which nothing comes back, as Numba compiles them."""

from __future__ import annotations

import numpy as np
import pytest
from test_native_programs import agree

import tangent_like as tl

pytest.importorskip("numba")

RNG = np.random.default_rng(11)


def folded(S: np.ndarray) -> float:
    n = len(S)
    N = np.zeros((n, n))
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            N[i, j] = max(N[i, j], N[i, j - 1], N[i + 1, j])
            if i < j - 1:
                N[i, j] = max(N[i, j], N[i + 1, j - 1] + S[i, j])
            for k in range(i + 1, j):
                N[i, j] = max(N[i, j], N[i, k] + N[k + 1, j])
    return N[0, n - 1]


def test_loops_to_which_nothing_comes_back_are_left_out() -> None:
    text = agree(folded, (0,), *((RNG.uniform(0, 1, (n, n)),) for n in (7, 2, 1, 12)), (np.ones((6, 6)),))
    assert "N_saved_size += " in text and "if N_bar_i_j != 0.0:" in text


def banded(A: np.ndarray, b: int, turns: int) -> float:
    n = len(A)
    x = A.copy()
    for t in range(turns):
        for i in range(n - t):
            x[i] = x[i] * x[(i + 1) % n] * 0.7
            for j in range(max(0, i - b), min(n, i + b + 1)):
                x[i] = np.sin(x[i]) * x[j] + 0.1
                for k in range(j, 2 * i - t, 2):
                    if x[i] > 0.4:
                        x[i] = x[i] ** 2 - 0.3 * x[k % n]
                for k in range(i, j - 3, -2):
                    x[k % n] = x[k % n] * x[i]
        for i in range(t, n, 3):
            for j in range(i):
                x[j] = np.cos(x[j]) * x[i]
    return np.sum(x)


def test_there_is_room_for_what_every_loop_keeps() -> None:
    calls = [(RNG.normal(size=n), b, turns) for n, b, turns in ((6, 2, 3), (3, 0, 5), (1, 4, 1), (5, -1, 2), (4, 1, 0))]
    df, plain = tl.grad(banded, jit=True), tl.grad(banded)
    for args in calls:
        np.testing.assert_allclose(df(*args), plain(*args), rtol=1e-9, atol=1e-12)
    assert "_saved_size += " in df.source_for(*calls[0])


def shrinking(x: np.ndarray, ends: np.ndarray) -> float:
    y = x.copy()
    for i in range(len(x)):
        for j in range(ends[i]):
            y[j] = y[j] * y[i] + 0.5
            ends[(i + 1) % 4] = 3
        m = i
        for j in range(m):
            m = m + 1
            y[j] = np.sin(y[j]) * y[m % 4]
    return np.sum(y)


def test_ends_that_the_loops_themselves_change_are_not_counted_before() -> None:
    x = RNG.normal(size=4)
    df, plain = tl.grad(shrinking, jit=True), tl.grad(shrinking)
    for ends in ([0, 0, 0, 0], [1, 2, 0, 1], [4, 4, 4, 4]):
        np.testing.assert_allclose(df(x, np.array(ends)), plain(x, np.array(ends)), rtol=1e-10)


def latest(D: np.ndarray, w: np.ndarray) -> float:
    n = len(D)
    L = np.zeros((n, n))
    last = 0.0
    for i in range(n):
        for j in range(n - i):
            for k in range(j, n - 1):
                L[i, j] = max(L[i, j], D[i, k] * w[k], L[i, k - 1] + D[k, j])
            last = L[i, j] * w[j]
            L[i, j] = L[i, j] * last
    return L[n // 2, 0] + last


def test_what_a_loop_that_is_left_out_would_have_bound_last() -> None:
    calls = [(RNG.normal(size=(n, n)), RNG.normal(size=n)) for n in (5, 2, 1, 9)]
    agree(latest, (0, 1), *calls, (np.ones((4, 4)), np.ones(4)))


def underscored(x: float, n: int) -> float:
    for _ in range(n):
        x = x * x * 0.9
    _ = x * x
    for _ in range(3):
        x = np.sin(x)
    return x * _


def test_a_name_of_nothing_that_is_read_stays() -> None:
    for jit in (True, False):
        assert tl.grad(underscored, jit=jit)(0.7, 2) == pytest.approx(2 * tl.grad(without_underscore)(0.7, 2))


def without_underscore(x: float, n: int) -> float:
    for _ in range(n):
        x = x * x * 0.9
    for _ in range(3):
        x = np.sin(x)
    return x
