"""Places that several arrays name, and numbers of another kind, element by element, as Numba compiles them."""

from __future__ import annotations

import numpy as np
import pytest
from test_native_said_again import hold

import tangent_like as tl

pytest.importorskip("numba")

RNG = np.random.default_rng(11)


def bilinear(img: np.ndarray, xs: np.ndarray, ys: np.ndarray) -> float:
    h, w = img.shape
    x, y = np.clip(xs, 0.0, w - 1.001), np.clip(ys, 0.0, h - 1.001)
    i, j = np.floor(y).astype(int), np.floor(x).astype(int)
    fy, fx = y - i, x - j
    top = (1 - fx) * img[i, j] + fx * img[i, j + 1]
    return np.sum(((1 - fy) * top + fy * ((1 - fx) * img[i + 1, j] + fx * img[i + 1, j + 1])) ** 2)


def test_places_that_two_arrays_name_are_loops() -> None:
    img = RNG.normal(size=(5, 6))
    calls = [(img, RNG.uniform(-1, 7, n), RNG.uniform(-1, 6, n)) for n in (9, 2, 0)]
    calls.append((img, np.full(4, 2.0), np.full(4, 3.0)))  # one place four times
    df, plain = tl.grad(bilinear, (0, 1, 2), jit=True), tl.grad(bilinear, (0, 1, 2))
    for args in calls:
        for a, b in zip(df(*args), plain(*args), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)
    text = df.source_for(*calls[0])
    assert "add_at" not in text and text.count(" in range(") == 2


def taken(x: np.ndarray, i: np.ndarray, j: np.ndarray) -> float:
    y = x * 1.0
    a = y[i, j]
    y[i, j] = a * a
    b = y[i, j] + a
    y[j, i] += b
    c = y[-1 - i, j] * b
    z = np.zeros(len(i))
    z += c
    y[0, 0] = z[0]
    return np.sum(y * y) + np.sum(b * c * z)


def test_places_that_are_named_twice_or_from_the_end() -> None:
    x = 0.5 * RNG.normal(size=(4, 4))
    for i, j in (([0, 1, 3], [2, 1, 0]), ([-1, 2, -3], [0, -2, 3]), ([1, 1, 1], [2, 2, 2]), ([1], [0])):
        hold(taken, (x, np.array(i), np.array(j)))


def in_cubes(x: np.ndarray, i: np.ndarray, j: np.ndarray) -> float:
    a = x[:, i, j] * 2
    b = x[i, j] * a[:, 0]
    c = x[i, :, j]
    d = x[i[:1], j]
    e = x[i, 1:, 0]
    return np.sum(a * a) + np.sum(b * b) + np.sum(c * c * c) + np.sum(d * d) + np.sum(np.sin(e))


def test_axes_beside_those_that_arrays_name() -> None:
    hold(in_cubes, (RNG.normal(size=(4, 4, 4)), np.array([0, 3, 3, 1]), np.array([-1, 2, 2, 0])))


def converted(x: np.ndarray) -> float:
    i = np.floor(3 * x).astype(int)
    m = (x > 0).astype(float)
    k = (x > 0.5).astype(int)
    r = (i // 2).astype(np.float64) * x
    n = i % 3 + k * 2
    o = x.astype(np.float32).astype(float)
    return np.sum(m * x * i) + np.sum(r * r * n) + np.sum(k * x) / (1 + np.sum(i) ** 2) + np.sum(o * x)


def test_numbers_of_another_kind() -> None:
    hold(converted, *((RNG.normal(size=n),) for n in (7, 2, 0)))


def held(x: np.ndarray, i: np.ndarray) -> float:
    y = x * 2.0
    z = y[i]
    y *= 3.0
    w = np.zeros_like(y)
    w += y * z
    k = i.astype(int)
    i = i + 1
    v = np.zeros(len(k) + i[0])
    v[1:4] = z[:3] * k[:3]
    return np.sum(w * z) + np.sum(v * v * 2)


def test_what_arrays_name_is_a_copy() -> None:
    hold(held, (RNG.normal(size=4), np.array([0, 2, 2, 3])))


def two_ways(A: np.ndarray, u: np.ndarray, w: np.ndarray) -> float:
    n = len(u)
    x, y = np.zeros(n), np.zeros(n)
    for i in range(n):
        for j in range(n):
            x[i] = x[i] + A[i, j] * u[j]
    for i in range(n):
        for j in range(n):
            y[i] = y[i] + A[j, i] * w[j]
    return np.sum(x * x) + np.sum(y**3)


def first_then_second(A: np.ndarray, u: np.ndarray, w: np.ndarray) -> float:
    n = len(u)
    B = A * 1.0
    for i in range(n - 1):
        for j in range(n):
            B[i, j] += B[i + 1, j] * u[j]
    for i in range(n - 1):
        for j in range(n):
            B[i, j] += B[i + 1, j] ** 2 * w[j]
    return np.sum(B * B)


def by_rows_then_columns(A: np.ndarray, u: np.ndarray, w: np.ndarray) -> float:
    m = len(u)
    y = np.zeros(m)
    for i in range(m):
        t = 0.0
        for j in range(m):
            t += A[i, j] * u[j]
        for j in range(m):
            y[j] += A[i, j] * t * w[i]
    return np.sum(y * y)


@pytest.mark.parametrize(
    ("program", "stores"), [(two_ways, 1), (first_then_second, None), (by_rows_then_columns, 2)]
)
def test_loops_that_add_to_one_place_store_there_once(program, stores) -> None:  # type: ignore[no-untyped-def]
    df, plain = tl.grad(program, (0, 1, 2), jit=True), tl.grad(program, (0, 1, 2))
    for n in (5, 1, 0):
        args = RNG.normal(size=(n, n)), RNG.normal(size=n), RNG.normal(size=n)
        for a, b in zip(df(*args), plain(*args), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)
    text = tl.grad(program, jit=True).source_for(*args)
    assert stores is None or sum(line.strip().startswith("A_bar[") for line in text.splitlines()) == stores
