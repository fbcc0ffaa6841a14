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


@pytest.mark.parametrize("f", [plain, unscaled, read_later, two_times], ids=lambda f: f.__name__)
def test_right(f: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)
    u, direction = rng.normal(size=7), rng.normal(size=7)
    before = u.copy()
    u_bar, k_bar = tl.grad(f, (0, 1))(u, 0.3, 3)
    h = 1e-6
    slope = (f(u + h * direction, 0.3 + h, 3) - f(u - h * direction, 0.3 - h, 3)) / (2 * h)
    assert np.isclose(u_bar @ direction + k_bar, slope, rtol=1e-6)
    np.testing.assert_array_equal(u, before)


def test_text() -> None:
    text = tl.grad(plain).source_for(np.ones(5), 0.3, 2)
    back = text[text.index("u_bar = ") :]
    assert "zeros" not in back and "v_bar" not in back
    assert "zeros" in tl.grad(plain).source_for(np.ones(5, "float32"), 0.3, 2)
