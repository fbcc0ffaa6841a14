"""Derivatives of derivatives: smooth programs with loops, stores, lists and calls, to the fourth order."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def decay(x, k, n):
    for _ in range(n):
        x = x * math.exp(-k * x)
    return x


def halvings(x):
    n = 0.0
    while x > 1.0:
        x = x * 0.5 * x**0.1
        n = n + x
    return x * n


def branches(x, n):
    s = 1.0
    for i in range(n):
        if i % 2 == 0:
            s = s * math.sin(x) + x
        else:
            s = math.exp(-s * x)
    return s


def collected(x, n):
    found = []
    for i in range(n):
        found.append(x ** (i + 1) * math.cos(x))
    s = 0.0
    while found:
        y = found.pop()
        s = s * y + y
    return s


def stored(x, m):
    y = x * 1.0
    for i in range(1, len(x)):
        y[i] = m * y[i - 1] * y[i]
        y[i - 1] *= y[i]
    return np.sum(y * x)


def smoothed(u, c, n):
    u = u.copy()
    for _ in range(n):
        u[1:-1] = u[1:-1] + c * (u[:-2] - 2 * u[1:-1] + u[2:]) * u[1:-1]
    return np.sum(u * u * u)


def step(x, v):
    return x + 0.1 * v, v - 0.1 * math.sin(x)


def pendulum(x, v, n):
    for _ in range(n):
        x, v = step(x, v)
    return x * v


def layer(h, W):
    return h + np.tanh(h @ W)


def deep(W, x, depth):
    h = x
    for _ in range(depth):
        h = layer(h, W)
    return np.sum(h**2)


def fit(w, X, y):
    r = np.tanh(X @ w) - y
    return np.mean(r**2) + np.sum(np.exp(-w * w))


def powers(x, y):
    return x**y + y**x


NUMBERS: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
    (decay, (0.9, 0.3, 3)),
    (halvings, (13.0,)),
    (branches, (0.7, 3)),
    (collected, (0.7, 3)),
    (pendulum, (0.4, 0.2, 3)),
    (powers, (1.3, 0.8)),
]
ARRAYS: list[tuple[Callable[..., Any], tuple[Any, ...], Any]] = [
    (stored, (np.array([0.3, 0.5, 0.4, 0.9]), 1.2), None),
    (smoothed, (np.array([0.1, 0.5, 0.4, 0.9, 0.2]), 0.3, 2), None),
    (deep, (np.array([[0.1, -0.3], [0.4, 0.2]]), np.ones((3, 2)), 2), 0),
    (fit, (np.array([0.2, -0.4]), np.array([[1.0, 2.0], [0.5, -1.0], [0.1, 0.3]]), np.ones(3)), 0),
]


def slope(f: Callable[[float], float], x: float) -> float:
    outer, inner = ((f(x + h) - f(x - h)) / (2 * h) for h in (2e-3, 1e-3))
    return (4 * inner - outer) / 3


@pytest.mark.parametrize(("f", "args"), [pytest.param(f, a, id=f.__name__) for f, a in NUMBERS])
def test_each_order_is_the_slope_of_the_one_below(f: Any, args: tuple[Any, ...]) -> None:
    """Reverse over reverse over reverse over reverse; and forward over each."""
    x, *rest = args
    below = f
    for order in range(1, 5):
        above = tl.grad(below)
        found = above(x, *rest)
        expected = slope(lambda t, g=below: g(t, *rest), x)
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-7), order
        assert tl.jvp(below, (x, *rest), (1.0, *(None for _ in rest)))[1] == pytest.approx(found, rel=1e-9), order
        below = above


@pytest.mark.parametrize(("f", "args", "argnums"), [pytest.param(*c, id=c[0].__name__) for c in ARRAYS])
def test_second_order_of_arrays(f: Any, args: tuple[Any, ...], argnums: Any) -> None:
    tl.check_grads(f, args, argnums, order=2)


@pytest.mark.parametrize(("f", "args", "argnums"), [pytest.param(*c, id=c[0].__name__) for c in ARRAYS])
def test_hessians_are_symmetric(f: Any, args: tuple[Any, ...], argnums: Any) -> None:
    whole = tl.hessian(f, 0)(*args)
    n = np.size(args[0])
    np.testing.assert_allclose(whole.reshape(n, n), whole.reshape(n, n).T, rtol=1e-10, atol=1e-12)
    v = np.random.default_rng(0).normal(size=np.shape(args[0]))
    np.testing.assert_allclose(tl.hvp(f)(*args, v), np.tensordot(whole, v, v.ndim), rtol=1e-10, atol=1e-12)
    del argnums


def test_the_texts_are_the_same_each_time() -> None:
    texts = {tl.grad(tl.grad(decay)).source_for(0.9, 0.3, 3) for _ in range(2)}
    assert len(texts) == 1
    assert "_bar_bar" in texts.pop()


def into_columns_from_behind(x: np.ndarray, A: np.ndarray) -> float:
    B = A.T
    B[:-1, ::-1] = math.sin(x[3] ** 3)
    return np.sum(np.sin(B)) + np.sum(A)


def test_two_zeros_that_are_written_stay_two() -> None:
    """The tangent of a copy and an adjoint begin as one: neither is a view of the other."""
    x, A, v = np.array([0.3, 0.5, -0.2, 0.8]), np.arange(12.0).reshape(3, 4) / 7, np.array([0.1, 0.2, 0.3, 0.4])
    gradient, step = tl.grad(into_columns_from_behind), 1e-5
    measured = (gradient(x + step * v, A) - gradient(x - step * v, A)) / (2 * step)
    np.testing.assert_allclose(tl.hvp(into_columns_from_behind)(x, A, v), measured, rtol=1e-6)
    np.testing.assert_allclose(tl.hessian(into_columns_from_behind)(x, A) @ v, measured, rtol=1e-6)


def horner(x: Any) -> Any:
    y = 0.1 * x
    for k in range(4):
        y = y * x + 1.0 / (1.0 + k)
    return y


def total_of_horner(x: Any) -> Any:
    return np.sum(horner(x))


def test_second_derivatives_neither_copy_nor_add_up_what_nobody_reads() -> None:
    x, v = np.linspace(0.1, 1.0, 4), np.linspace(-1.0, 2.0, 4)
    product = tl.hvp(total_of_horner)
    text = product.source_for(x)  # type: ignore[attr-defined]
    second = text.partition("def horner_reverse_jvp")[2].partition("\ndef ")[0]
    assert "x_bar " not in second and "x_bar_dot +=" in second
    assert "x_bar_dot.copy()" not in text
    up, down = (tl.grad(total_of_horner)(x + h * v) for h in (1e-5, -1e-5))
    np.testing.assert_allclose(product(x, v), (up - down) / 2e-5, rtol=1e-7)
