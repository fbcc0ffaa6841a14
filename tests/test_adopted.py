"""Adjoints that begin in the memory of those that they end with: where that is right, and what stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def plain(u: np.ndarray, k: float, n: int):
    for _ in range(n):
        v = u.copy()
        v[1:-1] += k * (u[2:] - u[:-2])
        u = v
    return np.sum(u * u)


def unscaled(u: np.ndarray, k: float, n: int):
    """What the stencil adds is a view of the memory that would be taken over."""
    for _ in range(n):
        v = u.copy()
        v[1:-1] += u[2:]
        v[1:] += u[:-1]
        u = v
    return k * np.sum(u * u)


def read_later(u: np.ndarray, k: float, n: int):
    total = 0.0
    v = u * k
    for _ in range(n):
        v = u.copy()
        v[1:-1] += k * u[2:] * u[:-2]
        total += np.sum(v * v * k)
        u = v * k
    return total + np.sum(v) + np.sum(u)


def two_times(u: np.ndarray, k: float, n: int):
    for _ in range(n):
        v = u.copy()
        w = u.copy()
        v[1:-1] += k * u[2:]
        w[:-2] += k * v[1:-1]
        u = v + w
    return np.sum(u * u)


def heat(u: np.ndarray, k: float, n: int):
    for _ in range(n):
        new = u.copy()
        new[1:-1] = u[1:-1] + k * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u = new
    return np.sum(u * u)


def convection(u: np.ndarray, k: float, n: int):
    u = u.copy()
    for _ in range(n):
        old = u.copy()
        u[1:] = old[1:] - k * old[1:] * (old[1:] - old[:-1])
    return np.sum(u * u)


def moved(u: np.ndarray, k: float, n: int):
    """What is put elsewhere than it is cleared."""
    for _ in range(n):
        new = u.copy()
        new[1:-1] = u[2:] + k * u[:-2]
        u = new
    return np.sum(u * u)


def doubled(u: np.ndarray, k: float, n: int):
    for _ in range(n):
        new = u.copy()
        new[1:-1] = 2.0 * u[1:-1] * u[:-2]
        u = new * k
    return np.sum(u * u)


def in_halves(u: np.ndarray, k: float, n: int):
    """Two places are cleared."""
    for _ in range(n):
        new = u.copy()
        new[:3] = u[:3] + k * u[3:6]
        new[3:] = u[3:] - k * new[2] * u[0]
        u = new
    return np.sum(u * u)


def by_number(u: np.ndarray, k: float, n: int):
    for i in range(1, n):
        new = u.copy()
        new[i:] = u[i:] + k * u[: len(u) - i]
        i = i + 1
        u = new + u[i - 1]
    return np.sum(u * u)


def kept_beside(u: np.ndarray, k: float, n: int):
    """The other is read once more on the way back."""
    total = 0.0
    for _ in range(n):
        new = u.copy()
        new[1:-1] = u[1:-1] + k * u[2:]
        total += np.sum(new * u)
        u = new
    return total + np.sum(u)


def twice_read(u: np.ndarray, k: float, n: int):
    for _ in range(n):
        old = u.copy()
        u = u.copy()
        u[1:-1] = old[1:-1] + k * old[2:]
        u[1:] = u[1:] * old[:-1]
    return np.sum(u * u)


ALL = [plain, unscaled, read_later, two_times, heat, convection, moved, doubled, in_halves, by_number, kept_beside, twice_read]


@pytest.mark.parametrize("f", ALL, ids=lambda f: f.__name__)
def test_right(f: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)
    u, direction = rng.normal(size=7), rng.normal(size=7)
    before = u.copy()
    u_bar, k_bar = tl.grad(f, (0, 1))(u, 0.3, 3)
    h = 1e-6
    slope = (f(u + h * direction, 0.3 + h, 3) - f(u - h * direction, 0.3 - h, 3)) / (2 * h)
    assert np.isclose(u_bar @ direction + k_bar, slope, rtol=1e-6)
    np.testing.assert_array_equal(u, before)


@pytest.mark.parametrize("f", [plain, heat, convection], ids=lambda f: f.__name__)
def test_text(f: Callable[..., Any]) -> None:
    text = tl.grad(f).source_for(np.ones(5), 0.3, 2)
    assert "zeros" not in text[text.index("u_bar = ") :]


def test_single_precision_keeps_its_zeros() -> None:
    assert "zeros" in tl.grad(plain).source_for(np.ones(5, "float32"), 0.3, 2)
