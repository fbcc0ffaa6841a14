"""Sums of the way back that wait till their loop has ended, and stacks of several axes: at any size, in any branch."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

pytest.importorskip("numba")


def edges(x, c):
    n = len(x)
    y = np.zeros(n)
    for i in range(n):
        v = 2.0 * x[i]
        if i > 0:
            v += c[i] * x[i - 1]
        if i < n - 1:
            v -= c[i] * x[i + 1]
        y[i] = v * v
    return np.sum(y)


def edges2(x, c):
    n, m = x.shape
    y = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            v = 2.0 * x[i, j]
            if i > 0:
                v += c[i, j] * x[i - 1, j]
            if j < m - 1:
                v -= c[i, j] * x[i, j + 1]
            else:
                v += 3.0
            if j > 0:
                v += x[i, j - 1] * c[i, j - 1]
            y[i, j] = v * v
    return np.sum(y)


def wrap(x):
    n = len(x)
    y = np.zeros(n)
    for i in range(n):
        if x[i] > 0:
            y[i] = x[i - 1] * x[i]
        else:
            y[i] = x[i - 1] - x[i]
    return np.sum(y * y)


def far(x, w):
    n = len(w)
    s = np.zeros(n)
    for i in range(n):
        if w[i] > 0:
            s[i] = x[i + 2] * w[i]
        elif w[i] < -0.5:
            s[i] = x[i] * x[i + 1]
        else:
            s[i] = w[i]
    return np.sum(s * s)


def triangular(x):
    n = len(x)
    y = np.zeros(n)
    for k in range(1, n):
        for i in range(1, k):
            if x[i] > x[k]:
                y[i] += x[i - 1] * x[k]
            else:
                y[i] += x[i + 1] - x[i]
    return np.sum(y * y)


def steps(x, T):
    x = x.copy()
    n = len(x)
    for _ in range(T):
        m = n - 1
        y = x.copy()
        for i in range(1, m):
            if y[i] > 0.1:
                x[i] = y[i - 1] * 0.5 + y[i]
            else:
                x[i] = y[i + 1] * 0.4
    return np.sum(x * x)


def shifted_rows(A):
    n, m = A.shape
    B = np.zeros((n, m))
    for i in range(n - 1, 0, -1):
        for j in range(1, m):
            t = A[i, j] * A[i - 1, j - 1]
            if t > 0:
                B[i, j] = t * A[i, j - 1]
            else:
                B[i, j] = t - A[i - 1, j]
    return np.sum(B * B)


def deep(A, T):
    A = A.copy()
    n, m, k = A.shape
    for _ in range(T):
        B = A.copy()
        for x in range(1, n - 1):
            for y in range(m):
                for z in range(2, k):
                    t = math.tanh(B[x, y, z] * B[x - 1, y, z - 2]) + B[x + 1, y, z]
                    A[x, y, z] = math.sin(t) * t
    return np.sum(A * A)


def fluxes(u, c, T):
    u = u.copy()
    n, m = u.shape
    for _ in range(T):
        v = np.zeros((n, m))
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                e = (c[i, j] + c[i, j + 1]) * (u[i, j + 1] - u[i, j])
                s = (c[i, j] + c[i + 1, j]) * (u[i + 1, j] - u[i, j])
                v[i, j] = u[i, j] + 0.1 * (e - s)
        u = v
    return np.sum(u * u)


def weighted(u, c, T):
    u = u.copy()
    n, m = u.shape
    for _ in range(T):
        v = u.copy()
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                v[i, j] = u[i, j] + c[i, j] * (u[i + 1, j] + u[i - 1, j] + u[i, j + 1] + u[i, j - 1] - 4 * u[i, j])
        u = v
    return np.sum(u * u)


def pooled(x, k):
    n, m = x.shape
    t = 0.0
    for i in range(n - 1, k, -3):
        for j in range(i, m - 1, 2):
            b = x[i, j]
            for q in range(k + 1, -1, -2):
                if x[i - q, j + 1] > b:
                    b = x[i - q, j + 1] * b
            t += b * b
    return t


RNG = np.random.default_rng(0)
SIZES = (0, 1, 2, 3, 7)


@lru_cache
def both(f: Any, wrt: tuple[int, ...]) -> tuple[Any, Any]:
    return tl.grad(f, wrt, jit=True), tl.grad(f, wrt)


@lru_cache
def text_of(f: Any, wrt: tuple[int, ...], ranks: tuple[int, ...]) -> str:
    """The text that is compiled for arrays of these ranks, and for the number 2."""
    return both(f, wrt)[0].source_for(*(np.ones((5, 6, 7)[:rank]) if rank else 2 for rank in ranks))


def agree(f: Any, wrt: tuple[int, ...], *args: Any) -> str:
    """Compiled and in Python the same, or the same error; the text that was compiled."""
    ours, in_python = both(f, wrt)
    try:
        theirs = in_python(*args)
    except Exception as error:
        with pytest.raises(type(error)):
            ours(*args)
        return ""
    for a, b in zip(ours(*args), theirs, strict=True):
        assert np.allclose(a, b, rtol=1e-11, atol=1e-13)
    return text_of(f, wrt, tuple(map(np.ndim, args)))


@pytest.mark.parametrize("f", [edges, triangular, wrap, far], ids=lambda f: f.__name__)
def test_sums_in_branches_wait_at_any_length(f: Any) -> None:
    for n in SIZES:
        x = RNG.normal(size=n)
        if f is far:
            text = agree(f, (0, 1), RNG.normal(size=n + 2), x)
        else:
            text = agree(f, (0, 1), x, RNG.normal(size=n)) if f is edges else agree(f, (0,), x)
    assert ("_waiting" in text) == (f is not triangular)  # memory is made before the loops, and there it is not known


def test_sums_to_places_that_are_not_there_are_not_added() -> None:
    text = agree(edges, (0, 1), *RNG.normal(size=(2, 9)))
    assert "if x_bar_waiting[i] != 0.0:" in text


def test_sums_wait_in_loops_around() -> None:
    for n in SIZES:
        for turns in (0, 1, 3):
            text = agree(steps, (0,), RNG.normal(size=n), turns)
    assert "_waiting" in text


@pytest.mark.parametrize("f", [edges2, shifted_rows, fluxes, weighted], ids=lambda f: f.__name__)
def test_rows_wait(f: Any) -> None:
    for n in SIZES:
        for m in SIZES:
            first = RNG.normal(size=(n, m))
            more = (2,) if f in (fluxes, weighted) else ()
            text = agree(f, (0,), first) if f is shifted_rows else agree(f, (0, 1), first, RNG.normal(size=(n, m)), *more)
    assert "_padded" in text if f is weighted else "_waiting" in text


def test_what_all_turns_of_several_loops_keep_has_an_axis_for_each() -> None:
    text = agree(weighted, (0, 1), *RNG.normal(size=(2, 6, 7)), 2)
    assert "a_saved" not in text  # said again from the array, which is kept anyway
    for shape in ((0, 3, 5), (3, 1, 4), (4, 3, 2), (4, 0, 5), (5, 4, 6)):
        for turns in (0, 2):
            text = agree(deep, (0,), RNG.normal(size=shape), turns)
    assert ".reshape(" in text


def test_threads_share_no_sums_that_wait() -> None:
    args = RNG.normal(size=(2, 7, 8))
    ours = tl.grad(edges2, (0, 1), jit={"parallel": True})
    for a, b in zip(ours(*args), tl.grad(edges2, (0, 1))(*args), strict=True):
        assert np.allclose(a, b)
    assert "_waiting" not in ours.source_for(*args)


def test_memory_is_made_at_once_for_loops_in_steps() -> None:
    for n in SIZES:
        for m in SIZES:
            for k in (0, 1, 2):
                agree(pooled, (0,), RNG.normal(size=(n, m)), k)
    text = text_of(pooled, (0,), (2, 0))  # one loop begins where another is: their turns are counted
    assert "path_saved = np.empty(max(path_saved_size, 0), np.bool_)" in text
