"""Numbers that several terms are multiplied by, multiplied once."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def foxes(x: float, y: float, a: float, b: float) -> float:
    k = a * x - b * x * y
    l = b * x * y - y
    return k * math.sin(l) + l


def stepped(x: float, y: float, a: float, b: float, n: int = 3) -> float:
    for _ in range(n):
        k = a * x - b * x * y
        l = b * x * y - y
        x, y = x + 0.1 * k, y + 0.1 * l
    return x + y


def repeated(x: float, y: float, a: float, b: float) -> float:
    """A factor that stands twice in one term is taken out once."""
    return x * x * a + x * a * b + x * y * x / (1.0 + b) + y / (1.0 + b)


def between(x: float, y: float, a: float, b: float) -> float:
    """What is added first is made of a name that is bound anew before the rest is there."""
    u = x * y
    v = u * a
    u = v * b + x * b
    w = u * a
    return math.sin(u) * w + math.cos(v) * w


def in_arms(x: float, y: float, a: float, b: float) -> float:
    u = x * a + y * a
    if u > 0:
        u = u * b + x * b
    return u * a + y * a


@pytest.mark.parametrize("f", [foxes, stepped, repeated, between, in_arms])
def test_values(f: Any) -> None:
    for args in ((0.7, 0.4, 1.3, -0.6), (1.2, -0.3, 0.5, 0.9), (-0.4, 0.8, 0.2, 1.1)):
        for wrt in ((0, 1, 2, 3), (1, 3)):
            found = tl.grad(f, argnums=wrt)(*args)
            for k, one in zip(wrt, found, strict=True):
                h = 1e-6
                up, down = list(args), list(args)
                up[k] += h
                down[k] -= h
                assert one == pytest.approx((f(*up) - f(*down)) / (2 * h), rel=1e-6, abs=1e-8)


def test_text() -> None:
    text = tl.grad(stepped, argnums=(0, 1, 2, 3)).source
    assert "t_bar_2" not in text
    assert "(l_bar - k_bar) * b * x - l_bar" in text
    assert "t_bar = (l_bar - k_bar) *" in text


def test_the_users_sums_stay() -> None:
    def f(x: float, a: float, b: float) -> float:
        return math.exp(x * a + x * b)

    assert "x * a + x * b" in tl.grad(f, argnums=(0, 1)).source


def test_of_whole_numbers_and_arrays_nothing_changes() -> None:
    def f(x: np.ndarray, n: int, m: int) -> float:
        return np.sum(x * n + x * m)

    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(tl.grad(f)(x, 2, 3), [5.0, 5.0])
