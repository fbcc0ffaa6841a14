"""Helpers that come out the same for several kinds of arguments are written once."""

from __future__ import annotations

import numpy as np

import tangent_like as tl


def sigmoid(x):
    e = np.exp(-x)
    return 1 / (1 + e)


def total(x):
    y = x * x
    z = np.sin(y)
    return np.sum(y * z)


def gates(x: np.ndarray, W: np.ndarray, y: np.ndarray):
    return np.sum(sigmoid(x) * sigmoid(W @ x)) * np.sum(sigmoid(y)) * total(x) * total(W) * total(y)


def test_equal_helpers_are_one() -> None:
    rng = np.random.default_rng(0)
    args = rng.normal(size=3), rng.normal(size=(3, 3)), rng.normal(size=5)
    text = tl.grad(gates, (0, 1, 2)).source_for(*args)
    assert text.count("def sigmoid_forward") == 1
    assert text.count("def sigmoid_reverse") == 1
    assert text.count("def total_reverse") == 1
    tl.check_grads(gates, args)
    apart = tl.grad(gates, (0, 1, 2), tidy=False)(*args)
    for one, other in zip(tl.grad(gates, (0, 1, 2))(*args), apart, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)


def again(x, n):
    return x if n == 0 else np.sin(again(x, n - 1)) * x


def recursive(x, y):
    return np.sum(again(x, 2)) + np.sum(again(y, 3))


def test_functions_that_call_themselves() -> None:
    args = np.array([0.3, 0.5]), np.array([0.7, 0.2, 0.1])
    assert tl.grad(recursive, (0, 1)).source_for(*args).count("def again_forward") == 1
    tl.check_grads(recursive, args)
