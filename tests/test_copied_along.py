"""The adjoint of an array that a turn copies and stores into: no new array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def burgers(u: np.ndarray, k: float, n: int) -> float:
    for _ in range(n):
        new = u.copy()
        new[1:-1] = u[1:-1] - k * u[1:-1] * (u[1:-1] - u[:-2]) + 0.1 * k * (u[2:] - 2 * u[1:-1] + u[:-2])
        u = new
    return np.sum(u**2)


def smoothed(u: np.ndarray, k: np.ndarray, n: int) -> float:
    for _ in range(n):
        new = u.copy()
        new[1:-1] = 0.5 * (u[2:] + u[:-2]) - k[1:-1]
        u = new
    return np.sum(u**3)


def products(u: np.ndarray, k: float, n: int) -> float:
    for _ in range(n):
        new = u.copy()
        new[1:] = np.sin(u[1:]) * u[:-1] * k
        u = new
    return np.sum(u**3)


def overlapping(u: np.ndarray, k: float, n: int) -> float:
    for _ in range(n):
        new = u.copy()
        new[1:] = k * u[:-1][::-1]
        u = new
    return np.sum(u**2)


def read_beside(u: np.ndarray, k: float, n: int) -> float:
    s = 0.0
    for _ in range(n):
        new = u.copy()
        new[:-1] = u[1:] * k
        s += np.sum(new * u)
        u = new
    return s


def several_places(u: np.ndarray, k: float, n: int) -> float:
    for _ in range(n):
        new = u.copy()
        new[1:-1] = u[1:-1] * k + u[2:] * u[:-2]
        new[0] = new[-1] * 2.0
        u = new
    return np.sum(u**2)


def kept(u: np.ndarray, k: float, n: int) -> float:
    us = [u]
    for _ in range(n):
        new = u.copy()
        new[1:] = u[1:] * k + u[:-1] ** 2
        us.append(new)
        u = new
    return sum(np.sum(p * p) for p in us)


@pytest.mark.parametrize("f", [burgers, smoothed, products, overlapping, read_beside, several_places, kept])
@pytest.mark.parametrize("size", [1, 2, 5])
@pytest.mark.parametrize("n", [0, 1, 3])
def test_values(f: Callable[..., Any], size: int, n: int) -> None:
    rng = np.random.default_rng(size)
    args: tuple[Any, ...] = (rng.normal(size=size), rng.normal(size=size) if f is smoothed else 0.7, n)
    before = args[0].copy()
    for j, one in enumerate(tl.grad(f, (0, 1))(*args)):
        direction = rng.normal(size=np.shape(args[j]))
        up, down = ([*args[:j], args[j] + h * direction, *args[j + 1 :]] for h in (1e-6, -1e-6))
        np.testing.assert_allclose(np.sum(one * direction), (f(*up) - f(*down)) / 2e-6, rtol=1e-5, atol=1e-7)
    np.testing.assert_array_equal(args[0], before)


@pytest.mark.parametrize("f", [burgers, smoothed, products])
def test_no_new_array(f: Callable[..., Any]) -> None:
    u = np.linspace(0.0, 1.0, 5)
    text = tl.grad(f, (0, 1)).source_for(u, u if f is smoothed else 0.7, 3)
    assert "new_bar" not in text
    assert "u_bar = np.zeros_like(u)" not in text
