"""Jacobians by several tangents at once: as by one after the other, and where that cannot be, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.api.batch import Batch

RNG = np.random.default_rng(5)
X = RNG.uniform(0.2, 1.5, 12)
A = RNG.normal(size=(7, 12))


def layers(x: np.ndarray) -> np.ndarray:
    h = np.tanh(A @ x + 0.1)
    return np.concatenate([h * h, np.exp(-h)]) * np.sum(x)


def by_entries(x: np.ndarray) -> float:
    total = 0.0
    for i in range(len(x) - 1):
        total += 100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2
    return total


def planes(x: np.ndarray) -> np.ndarray:
    m = np.reshape(x, (3, 4))
    y = m.T @ m + np.where(m.sum(axis=0) > 3.0, m[0], m[-1] ** 2)
    return np.sort(np.linalg.solve(y + 5 * np.eye(4), m[1]))[::-1] + np.cumsum(m[..., 2].mean() * m[2])


def stores(x: np.ndarray) -> np.ndarray:
    y = np.zeros_like(x)
    for k in range(1, len(x)):
        y[k] = y[k - 1] * 0.5 + x[k] * x[k - 1]
    return y


def branches(x: np.ndarray) -> np.ndarray:
    h = x
    while np.sum(h) > 2.0:
        h = 0.7 * np.sin(h)
    if h[0] > 0.1:
        h = h * h[::-1]
    return h


def goes_together(f: Callable[..., Any]) -> bool:
    jacobian = tl.jacfwd(f)
    jacobian(X)
    return not jacobian.alone  # type: ignore[attr-defined]


@pytest.mark.parametrize("f", [layers, by_entries, planes, stores, branches], ids=lambda f: f.__name__)
def test_together_and_alone(f: Callable[..., Any]) -> None:
    jacobian = tl.jacfwd(f)
    found = jacobian(X)
    alone = tl.jacfwd(f)
    alone.alone = True  # type: ignore[attr-defined]
    want = alone(X)
    assert np.shape(found) == np.shape(want)
    np.testing.assert_allclose(found, want, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(found, tl.jacrev(f)(X), rtol=1e-9, atol=1e-12)
    if f is layers:  # which is quicker is measured: a busy machine may get it wrong once
        assert not jacobian.alone or any(goes_together(f) for _ in range(9))  # type: ignore[attr-defined]
    if f is stores:
        assert jacobian.alone  # type: ignore[attr-defined]
    narrow = tl.jacfwd(f)(X.astype(np.float32))
    assert np.asarray(narrow).dtype == np.asarray(alone(X.astype(np.float32))).dtype
    np.testing.assert_allclose(narrow, want, rtol=1e-3, atol=1e-4)


def test_several_arguments() -> None:
    def f(w: np.ndarray, b: np.ndarray, k: float) -> np.ndarray:
        return np.tanh(w @ X + b) * k

    w, b = A.copy(), RNG.normal(size=7)
    for found, want in zip(tl.jacfwd(f, (0, 1, 2))(w, b, 0.5), tl.jacrev(f, (0, 1, 2))(w, b, 0.5), strict=True):
        np.testing.assert_allclose(found, want, atol=1e-13)


def test_more_columns_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tangent_like.api.batch.MOST", 60)
    np.testing.assert_allclose(tl.jacfwd(layers)(X), tl.jacrev(layers)(X), atol=1e-12)


def test_errors_are_the_programs_own() -> None:
    def f(x: np.ndarray) -> np.ndarray:
        if x[0] > 0:
            raise ValueError("not here")
        return x

    with pytest.raises(ValueError, match="not here"):
        tl.jacfwd(f)(X)


def test_what_is_no_tangent_is_a_type_error() -> None:
    batch = Batch(np.ones((3, 2)))
    for ask in (lambda: float(batch[0]), lambda: bool(batch[0]), lambda: np.asarray(batch)):
        with pytest.raises(TypeError):
            ask()
    plain = np.zeros(3)
    with pytest.raises((TypeError, ValueError)):
        plain[0] = batch[0]
    with pytest.raises(TypeError):
        plain += batch
    np.testing.assert_array_equal(np.cumsum(batch).data, np.cumsum(np.ones((3, 2)), axis=0))
