"""Procedures that write their arguments, called in loops as people write them for Numba, are written out there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

pytest.importorskip("numba")

RNG = np.random.default_rng(5)


def cross(a, b, out):
    out[0] = a[1] * b[2] - a[2] * b[1]
    out[1] = a[2] * b[0] - a[0] * b[2]
    out[2] = a[0] * b[1] - a[1] * b[0]


def turned(points, axis):
    c = np.empty(3)
    r = np.empty(3)
    total = 0.0
    for i in range(len(points)):
        for d in range(3):
            r[d] = points[i, d]
        cross(axis, r, c)
        total += math.sqrt(c[0] ** 2 + c[1] ** 2 + c[2] ** 2)
    return total


def slopes(t, y, p, out):
    for i in range(len(y)):
        out[i] = math.sin(t) - p[i] * y[i]


def stepped(y, p, t, dt, k, tmp):
    slopes(t, y, p, k)
    tmp[:] = y + 0.5 * dt * k
    slopes(t + 0.5 * dt, tmp, p, k)
    for i in range(len(y)):
        y[i] += dt * k[i]


def midpoint(start, p, dt, n):
    y = start.copy()
    k, tmp = np.empty_like(y), np.empty_like(y)
    for s in range(n):
        stepped(y, p, s * dt, dt, k, tmp)
    return np.sum(y**2)


def relaxed(u, f):
    most = 0.0
    for i in range(1, len(u) - 1):
        new = 0.5 * (u[i - 1] + u[i + 1] + f[i])
        most = max(most, abs(new - u[i]))
        u[i] = new
    return most


def settled(f, tol):
    u = np.zeros(len(f))
    while True:
        if relaxed(u, f) < tol:
            break
    return np.sum(u * u)


def until(f, tol):
    u = np.zeros(len(f))
    r = 1.0
    while r > tol:
        r = relaxed(u, f)
    return np.sum(u * u)


def pushed(i, j, x, force, eps):
    d = x[i] - x[j]
    f = eps * d / (abs(d) ** 3 + 0.1)
    force[i] += f
    force[j] -= f
    return eps / (d * d + 0.1)


def energies(x, eps):
    force = np.zeros(len(x))
    y, total = x.copy(), 0.0
    for _ in range(4):
        force[:] = 0.0
        for i in range(len(y)):
            for j in range(i):
                total += pushed(i, j, y, force, eps)
        for i in range(len(y)):
            y[i] += 0.01 * force[i]
    return total


def doubled(a, b):
    a[0] = b[0] * 2 + b[1]
    a[1] = b[0] * 3


def of_one_memory(x, n):
    y, total = x.copy(), 0.0
    for _ in range(n):
        doubled(y, y)
        doubled(y[1:], y[:-1])
        y *= 0.3
        total += y[0] * y[2]
    return total + np.sum(y**2)


def shifted(a, i):
    a[i] = a[i] * 1.5 + 0.1
    return a[i] * 2


def in_turn(x, n):
    y, total = x.copy(), 0.0
    for i in range(n):
        total += shifted(y, i)
        y[i] = shifted(y, 0)
        v = shifted(y, 2)
        shifted(y, i % 2)
        total += v * y[1]
    return total + np.sum(y)


OUT: list[tuple[Any, tuple[Any, ...], tuple[int, ...]]] = [
    (turned, (RNG.normal(size=(5, 3)), RNG.normal(size=3)), (0, 1)),
    (midpoint, (RNG.normal(size=4), RNG.uniform(size=4), 0.1, 6), (0, 1)),
    (until, (RNG.normal(size=7), 1e-6), (0,)),
    (energies, (RNG.normal(size=6), 0.7), (0, 1)),
    (of_one_memory, (RNG.uniform(size=4), 3), (0,)),
]


@pytest.mark.parametrize(("f", "args", "wrt"), OUT, ids=[f.__name__ for f, _, _ in OUT])
def test_procedures_are_written_out(f: Any, args: tuple[Any, ...], wrt: tuple[int, ...]) -> None:
    df = tl.grad(f, wrt, jit=True)
    for ours, theirs in zip(df(*args), tl.grad(f, wrt)(*args), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-11)
    assert "_reverse(" not in df.source_for(*args)


def test_calls_in_other_places_stay_calls() -> None:
    x, f = RNG.uniform(size=4), RNG.normal(size=7)
    np.testing.assert_allclose(tl.grad(in_turn, jit=True)(x, 3), tl.grad(in_turn)(x, 3), rtol=1e-11)
    np.testing.assert_allclose(tl.grad(settled, jit=True)(f, 1e-6), tl.grad(until)(f, 1e-6), rtol=1e-11)


def by_rows(X, y, w):
    total = 0.0
    for row in X:
        t = 0.0
        for j in range(len(row)):
            t += row[j] * w[j]
        total += math.tanh(t)
    for k in range(len(y)):
        row = X[k - 1]
        part = row[1:]
        for j in range(len(part)):
            total += part[j] * y[k] * row[0]
        last = X[-1]
        total += last[-1] * row.shape[0]
    return total


def test_rows_are_places_of_their_array() -> None:
    args = (RNG.normal(size=(4, 3)), RNG.normal(size=3), RNG.normal(size=3))
    df = tl.grad(by_rows, (0, 1, 2), jit=True)
    for ours, theirs in zip(df(*args), tl.grad(by_rows, (0, 1, 2))(*args), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    text = df.source_for(*args)
    assert "X_bar[k_2, j] += t_bar * w[j]" in text
    assert "row_bar = np.zeros_like(row)" not in text


def rebound_rows(X, n):
    total = 0.0
    row = X[0]
    for i in range(n):
        total += row[0] * row[1]
        row = X[i]
        if total > 0.3:
            row = X[i + 1]
        i = i + 1
        total += row[0] ** 2 + row[1]
    return total


def written_rows(X, n):
    A = X.copy()
    total = 0.0
    for i in range(1, n):
        row, above = A[i], A[i - 1]
        for j in range(len(row)):
            row[j] = row[j] * above[j] + 0.5 * row[j]
        total += row[0]
        A = A * 0.9
        total += row[1] * A[i, 1]
    return total + np.sum(A)


@pytest.mark.parametrize("f", [rebound_rows, written_rows], ids=lambda f: f.__name__)
def test_rows_that_are_no_longer_at_their_place_keep_their_name(f: Any) -> None:
    X = RNG.uniform(0.5, 1.0, size=(5, 3))
    np.testing.assert_allclose(tl.grad(f, jit=True)(X, 4), tl.grad(f)(X, 4), rtol=1e-12)
    tl.check_grads(f, (X, 4))
