"""Factors outside of sums, picks added last, choices at once: the same numbers but for rounding, in fewer passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

FUNCTIONS: list[Callable[..., Any]] = []


def judged(f: Callable[..., Any]) -> Callable[..., Any]:
    FUNCTIONS.append(f)
    return f


@judged
def batch(x: np.ndarray, w: np.ndarray) -> Any:
    d = x - np.mean(x, axis=0)
    s = np.sqrt(np.mean(d**2, axis=0) + 1e-5)
    y = w[0] * d / s + w[1]
    return np.sum(y * w)


@judged
def batch_read_again(x: np.ndarray, w: np.ndarray) -> Any:
    d = x - np.mean(x, axis=0)
    s = np.sqrt(np.mean(d**2, axis=0) + 1e-5)
    y = w[0] * d / s
    s = s * w[1]
    return np.sum(y * w) + np.sum(y**2 / s) + np.sum(d * s)


@judged
def layers(x: np.ndarray, w: np.ndarray) -> Any:
    mu = np.mean(x, axis=1, keepdims=True)
    d = (x - mu) / np.sqrt(np.mean((x - mu) ** 2, axis=1, keepdims=True) + 1e-5)
    return np.sum((w[0] * d + w[1]) * w)


@judged
def likelihood(x: np.ndarray, w: np.ndarray) -> Any:
    e = np.exp(w[1])
    z = (x - w[0]) / e
    return np.sum(0.5 * z**2 + w[1])


@judged
def densities(x: np.ndarray, w: np.ndarray) -> Any:
    p = np.exp(w[0]) / np.sum(np.exp(w[0]))
    z = (x[:, :1] - w[1]) / np.exp(w[2] / 3)
    density = p * np.exp(-0.5 * z**2 - w[2] / 3) / np.sqrt(2 * np.pi)
    return -np.mean(np.log(np.sum(density, axis=1)))


@judged
def density_changed(x: np.ndarray, w: np.ndarray) -> Any:
    e = np.exp(x)
    p = w * e / 3.0
    s = np.sum(np.sin(p))
    e = e * 2.0
    p[0] = 1.0
    return s + np.sum(p * e)


@judged
def common_number(x: np.ndarray, w: np.ndarray) -> Any:
    return np.mean(np.exp(x) - w * x) + np.mean(x * w - w)


@judged
def common_arrays(x: np.ndarray, w: np.ndarray) -> Any:
    y = np.sin(x)
    return np.sum(y * w**2 - y * x) + np.sum((y - x) / w)


@judged
def picks(x: np.ndarray, w: np.ndarray) -> Any:
    z = x * w
    z = z - np.max(z, axis=1, keepdims=True)
    labels = np.arange(4) % 3
    logp = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
    return -np.mean(logp[np.arange(len(labels)), labels])


@judged
def picks_of_few(x: np.ndarray, w: np.ndarray) -> Any:
    labels = np.arange(3)
    logp = x - np.log(np.sum(np.exp(x * w), axis=1, keepdims=True))
    return np.sum(logp[np.arange(len(labels)), labels] * w[:3, 0])


@judged
def picks_of_other_rows(x: np.ndarray, w: np.ndarray) -> Any:
    rows, labels = np.array([3, 1, 0, 2]), np.arange(4) % 3
    logp = w * x - np.log(np.sum(np.exp(x), axis=1, keepdims=True))
    return np.sum(logp[rows, labels]) + np.sum(logp[rows, labels] * logp[rows, (labels + 1) % 3])


@judged
def picks_by_mask(x: np.ndarray, w: np.ndarray) -> Any:
    y = np.sin(x)
    return np.sum(y[w > 1.5] ** 2) + np.sum(y * w)


@judged
def softmax_read_after(x: np.ndarray, w: np.ndarray) -> Any:
    labels = np.arange(4) % 3
    e = np.exp(x * w)
    p = e / np.sum(e, axis=1, keepdims=True)
    q = p.T
    return np.sum(q[0]) - np.mean(np.log(p[np.arange(4), labels])) * np.sum(w * p)


@judged
def softmax_in_a_loop(x: np.ndarray, w: np.ndarray) -> Any:
    labels = np.arange(4) % 3
    total = 0.0
    for _ in range(3):
        e = np.exp(x * w)
        p = e / np.sum(e, axis=1, keepdims=True)
        total -= np.mean(np.log(p[np.arange(4), labels]))
        x = x + p
    return total


@judged
def huber(x: np.ndarray, w: np.ndarray) -> Any:
    a = np.abs(x)
    return np.mean(np.where(a <= 0.7, 0.5 * x**2 * w, 0.7 * (a - 0.35) * w))


@judged
def arms_with_poles(x: np.ndarray, w: np.ndarray) -> Any:
    v = np.where(x > 0.1, np.sqrt(np.abs(x)), w)
    return np.sum(np.where(x > 0.1, v, v**2) * w)


@judged
def spread_twice(x: np.ndarray, w: np.ndarray) -> Any:
    return np.mean(np.sum((x - w) ** 2, axis=1)) + np.mean(np.sum(x * w, axis=0)) + np.mean(np.sum(x[:, 0] * w[:, 0]))


@judged
def columns_of_one(x: np.ndarray, w: np.ndarray) -> Any:
    y = x[:, :1] * w[:, :1]
    return np.mean(np.sum(y**2, axis=1)) + np.sum(np.mean(y * w[0, 0], axis=0))


@judged
def sized_by_shapes(x: np.ndarray, w: np.ndarray) -> Any:
    out = np.zeros((2, 2))
    for i in range(2):
        for j in range(2):
            out = out + w[i, j] * x[i : i + out.shape[0], j : j + len(out)]
    return np.sum(out**2)


@judged
def sized_by_shapes_that_change(x: np.ndarray, w: np.ndarray) -> Any:
    y = x[:, 0] * w[:, 0]
    total = 0.0
    for i in range(3):
        y = y[:-1] + y[1:]
        total += np.sum(x[: len(y), i] * y)
    return total


@judged
def masked(x: np.ndarray, w: np.ndarray) -> Any:
    seen = w > 1.5
    e = np.where(seen, w - x, 0.0)
    f = np.where(x > 0.0, x * w, 0.0)
    return np.sum(e**2) + np.sum(f**2) + np.sum(np.where(seen, f**2, 0.0))


@judged
def masked_anew(x: np.ndarray, w: np.ndarray) -> Any:
    seen = w > 1.5
    e = np.where(seen, w - x, 0.0)
    total = np.sum(e**2)
    e = np.where(seen, e * x, 1.0)
    return total + np.sum(e**3)


@judged
def factors_of_parts(x: np.ndarray, w: np.ndarray) -> Any:
    u = x[:, 0].copy()
    for i in range(5):
        flux = (1.0 + w[0, 0] * u[1:]) * (u[1:] - u[:-1]) * (u[:-1] - w[1, i % 3])
        u[1:-1] += 0.1 * (flux[1:] - flux[:-1])
    return np.sum(u**2)


@judged
def factors_of_parts_that_change_places(x: np.ndarray, w: np.ndarray) -> Any:
    u, v = x.copy(), w.copy()
    for _ in range(4):
        v[1:-1] = u[1:-1] - 0.1 * (u[1:-1] * w[1:-1]) * (u[1:-1] - u[:-2]) * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u, v = v, u
    return np.sum(u**2 * v)


@judged
def factors_of_parts_bound_anew(x: np.ndarray, w: np.ndarray) -> Any:
    x = x * 1.0
    for i in range(4):
        d = (x[1:] - x[:-1]) * (x[1:] * w[i, 0] + 1.0)
        x = x.copy() if i % 2 else x
        x[1:] = x[1:] + 0.1 * d if i % 2 else x[1:] * 0.9
        if i == 2:
            x = np.sin(x) * w
    return np.sum(x * d[0])


@judged
def by_itself(x: np.ndarray, w: np.ndarray) -> Any:
    return np.sum(np.abs(x)) + np.vdot(0.5 * x, x) + 0.25 * np.sum(w * w) * 3.0 - np.sum((0.5 * w) * w)


@pytest.mark.parametrize("tidy", [True, False])
@pytest.mark.parametrize("f", FUNCTIONS, ids=lambda f: f.__name__)
def test_the_same_but_for_rounding(f: Callable[..., Any], tidy: bool) -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(4, 3)), rng.uniform(1, 2, size=(4, 3))
    given = x.copy(), w.copy()
    alone = tl.grad(f, argnums=(0, 1), tidy=tidy).specialize(x, w)(x, w)
    value, gradients = tl.value_and_grad(f, argnums=(0, 1), tidy=tidy)(x, w)
    np.testing.assert_allclose(value, f(x, w))
    np.testing.assert_array_equal(x, given[0])
    np.testing.assert_array_equal(w, given[1])
    for k, bar in enumerate(gradients):
        step = rng.normal(size=(4, 3))
        one, two = [x, w], [x, w]
        one[k], two[k] = one[k] + 1e-6 * step, two[k] - 1e-6 * step
        slope = (f(*one) - f(*two)) / 2e-6
        np.testing.assert_allclose(np.sum(bar * step), slope, rtol=1e-6, atol=1e-8)
        np.testing.assert_allclose(bar, alone[k], rtol=1e-12, atol=1e-14)
        assert not np.shares_memory(bar, x)
        assert not np.shares_memory(bar, w)


def test_what_is_written() -> None:
    x, w = np.ones((4, 3)), np.ones((4, 3))

    def text(f: Callable[..., Any]) -> str:
        return tl.grad(f, argnums=(0, 1)).source_for(x, w)

    assert "x_bar - np.mean(x_bar, axis=1, keepdims=True)" in text(layers)
    assert "-np.sum(t_bar, axis=0) / 3" in text(densities)
    assert "return np.sign(x) + x, 0.5 * w" in text(by_itself)
    assert "logp_bar" not in text(picks)
    assert "return np.where(a <= 0.7, w * x, 0.7 * w * np.sign(x)) / x.size" in text(huber)
    assert "_saved" not in text(sized_by_shapes)
    assert text(factors_of_parts).count("saved.append") == 1
    assert "full_like" not in text(spread_twice)
    assert "1.0 / x.shape[1]" in text(spread_twice)
    assert "y_bar[w > 1.5] += 2.0 * y[w > 1.5]" in text(picks_by_mask)
