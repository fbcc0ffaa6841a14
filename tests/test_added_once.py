"""What several statements add to one adjoint, in one; and functions of a few names that are called once."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def gated(W: np.ndarray, V: np.ndarray, X: np.ndarray) -> float:
    h = np.zeros(len(W))
    for t in range(len(X)):
        z = 1 / (1 + np.exp(-(W @ h + X[t])))
        g = np.tanh(V @ h + X[t])
        h = (1 - z) * h + z * g
    return np.sum(h**2)


def tracked(F: np.ndarray, Q: np.ndarray, H: np.ndarray, ys: np.ndarray) -> float:
    m, P, total = np.zeros(len(F)), np.eye(len(F)), 0.0
    for y in ys:
        m = F @ m
        P = F @ P @ F.T + Q
        v, s = y - H @ m, H @ P @ H + 0.5
        K = P @ H / s
        total += np.log(s) + v**2 / s
        m, P = m + K * v, P - np.outer(K, H @ P)
    return total


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def loss(p: np.ndarray, y: np.ndarray) -> float:
    q = sigmoid(p)
    return -np.mean(y * np.log(q) + (1 - y) * np.log(1 - q))


def fitted(w: np.ndarray, X: np.ndarray, y: np.ndarray) -> float:
    return loss(X @ w, y) + 0.1 * np.sum(w**2)


def windowed(x: np.ndarray, k: float) -> float:
    """Views of an adjoint: what is added to one is added to the other."""
    y = x * k
    for t in range(len(x) - 1):
        part = y[t:]
        s = np.sum(part * x[t:]) * k
        y = y * s + x
        y[t] = y[t] * k
    return np.sum(y)


def gates(W: np.ndarray, xs: np.ndarray) -> float:
    n = W.shape[0] // 3
    h = np.zeros(n)
    c = np.zeros(n)
    for x in xs:
        z = W @ np.concatenate([h, x])
        i, f, o = np.tanh(z[:n]), np.sin(z[n : 2 * n]), np.cos(z[2 * n :])
        c = f * c + i * o
        h = o * np.tanh(c)
    return np.sum(h**2)


def relaxed(u: np.ndarray, w: float, n: int) -> float:
    u = u.copy()
    for _ in range(n):
        for i in range(1, len(u) - 1):
            u[i] = (1 - w) * u[i] + w * (u[i - 1] - 2 * u[i] + u[i + 1])
    return np.sum(u**2)


def slopes(y: np.ndarray, k: float) -> np.ndarray:
    return np.array([k * y[1], -math.sin(y[0]) - k * y[1]])


def marched(y: np.ndarray, k: float, n: int) -> float:
    for _ in range(n):
        a = slopes(y, k)
        b = slopes(y + 0.1 * a, k)
        y = y + 0.1 * slopes(y + 0.1 * b, k) + 0.1 * a
    return y @ y


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(len(shape)).normal(size=shape) / 2


@pytest.mark.parametrize(
    ("f", "args", "wrt"),
    [
        (gated, (normal(2, 2), normal(2, 2), normal(3, 2)), (0, 1, 2)),
        (gated, (normal(2, 2), normal(2, 2), normal(0, 2)), (0, 1, 2)),
        (tracked, (normal(2, 2), np.eye(2), normal(2), normal(3)), (0, 1, 2, 3)),
        (tracked, (normal(1, 1), np.eye(1), normal(1), normal(0)), (0, 1)),
        (fitted, (normal(3), normal(4, 3), normal(4)), (0, 1)),
        (gates, (normal(6, 4), normal(3, 2)), (0, 1)),
        (gates, (normal(6, 4), normal(0, 2)), (0, 1)),
        (relaxed, (normal(5), 0.7, 3), (0, 1)),
        (relaxed, (normal(1), 0.7, 3), (0, 1)),
        (marched, (normal(2), 0.7, 3), (0, 1)),
        (windowed, (normal(4), 1.2), (0, 1)),
        (windowed, (normal(1), 1.2), (0, 1)),
    ],
)
def test_values(f: Callable[..., Any], args: tuple[Any, ...], wrt: tuple[int, ...]) -> None:
    for k, one in zip(wrt, tl.grad(f, argnums=wrt)(*args), strict=True):
        direction = np.random.default_rng(k).normal(size=np.shape(args[k]))
        up, down = ([*args[:k], args[k] + h * direction, *args[k + 1 :]] for h in (1e-6, -1e-6))
        assert np.sum(one * direction) == pytest.approx((f(*up) - f(*down)) / 2e-6, rel=1e-6, abs=1e-8)


def test_an_adjoint_is_multiplied_where_more_is_added() -> None:
    text = tl.grad(gated, argnums=(0, 1)).source_for(normal(2, 2), normal(2, 2), normal(3, 2))
    assert "h_bar *= " not in text
    assert "h_bar = h_bar * (1 - z) + " in text


def test_an_adjoint_is_added_to_once() -> None:
    args = (normal(2, 2), np.eye(2), normal(2), normal(3))
    text = tl.grad(tracked, argnums=(0, 1)).source_for(*args)
    assert text.count("P_bar += ") == text.count("F_bar += ") == 1


def test_it_is_bound_anew_behind_what_reads_what_was_made_of_it() -> None:
    text = tl.grad(gates, argnums=(0, 1)).source_for(normal(6, 4), normal(3, 2))
    assert "f_bar" not in text
    assert text.index("c_bar = c_bar * f") > text.index("c_bar * c")


def test_a_sum_of_neighbours_is_not_kept() -> None:
    assert tl.grad(relaxed, argnums=(0, 1)).source_for(normal(5), 0.7, 3).count("saved = []") == 1


def test_a_function_that_is_called_once_has_no_halves() -> None:
    text = tl.grad(fitted).source_for(normal(3), normal(4, 3), normal(4))
    assert text.count("def ") == 1
    assert "sigmoid(" in text
