"""Cholesky factors that solve systems and give determinants: by one inverse, of the matrix where that is symmetric."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def of_an_argument(K: Any, y: Any, t: float) -> Any:
    """One triangle of it is read."""
    L = np.linalg.cholesky(K)
    a = np.linalg.solve(L.T, np.linalg.solve(L, y))
    return 0.5 * y @ a + t * np.sum(np.log(np.diag(L)))


def gaussian(K: Any, y: Any, t: float) -> Any:
    D = y[:, None] - y[None, :]
    S = t * np.exp(K[0, 0] / 9.0 - 0.5 * D ** 2) + 0.3 * np.eye(len(y))
    L = np.linalg.cholesky(S)
    z = np.linalg.solve(L, y - t)
    return -0.5 * z @ z - np.sum(np.log(np.diag(L)))


def of_two_sides(K: Any, y: Any, t: float) -> Any:
    rows = y[:, None] * K
    S = t * np.eye(len(y)) + rows @ rows.T
    S += t ** 2 * np.eye(len(y))
    L = np.linalg.cholesky(S)
    a = np.linalg.solve(L.T, np.linalg.solve(L, y))
    return K[0] @ a - 2.0 * np.sum(np.log(np.diag(L)))


def of_distances(K: Any, y: Any, t: float) -> Any:
    d = np.sum((K[:, None, :] - K[None, :, :]) ** 2, axis=-1)
    S = np.exp(-t * d) + 0.1 * np.eye(len(y))
    L = np.linalg.cholesky(S)
    return y @ np.linalg.solve(S, y) + np.sum(np.log(np.diag(L)))


def skew(K: Any, y: Any, t: float) -> Any:
    """Not symmetric: the upper triangle is not read."""
    D = y[:, None] - y[None, :]
    L = np.linalg.cholesky(t * D + np.exp(-D ** 2) + 2.0 * np.eye(len(y)))
    a = np.linalg.solve(L.T, np.linalg.solve(L, y))
    return y @ a + np.sum(np.log(np.diag(L)))


def moved(K: Any, y: Any, t: float) -> Any:
    """What was solved for is written into behind."""
    S = np.outer(y, y) + t * np.eye(len(y))
    y = y * t
    L = np.linalg.cholesky(S)
    a = np.linalg.solve(L.T, np.linalg.solve(L, y))
    q = y @ a
    y = y * 2.0
    y[0] = 3.0
    return q + np.sum(np.log(np.diag(L))) + y @ y


def half_alone(K: Any, y: Any, t: float) -> Any:
    """No symmetric matrix flows back."""
    L = np.linalg.cholesky(np.outer(y, y) + t * np.eye(len(y)))
    w = np.linalg.solve(L, K[0])
    return np.sum(w ** 3) + np.sum(np.log(np.diag(L)))


def several(K: Any, y: Any, t: float) -> Any:
    """Of as many columns as there are."""
    L = np.linalg.cholesky(np.outer(y, y) + t * np.eye(len(y)))
    w = np.linalg.solve(L, K)
    return np.sum(w * w) + np.sum(np.log(np.diag(L)))


SHORT = (of_an_argument, gaussian, of_two_sides, of_distances, skew, moved)


@pytest.mark.parametrize("f", [*SHORT, half_alone, several])
def test_values(f: Any) -> None:
    rng = np.random.default_rng(5)
    K = rng.normal(size=(4, 4))
    K, y = K @ K.T + np.diag(np.arange(4.0)) + 2 * np.eye(4), rng.normal(size=4)
    K += 0.3 * np.triu(rng.normal(size=(4, 4)), 1)  # what is not read says nothing
    args = K, y, 1.7
    expected = tl.numeric.grad(f, argnums=(0, 1, 2))(*args)
    value, found = tl.value_and_grad(f, argnums=(0, 1, 2))(*args)
    assert value == f(*args)  # to the bit
    for one, two, other in zip(tl.grad(f, argnums=(0, 1, 2))(*args), found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)
        np.testing.assert_allclose(two, other, rtol=1e-6, atol=1e-7)
    text = tl.grad(f, argnums=(0, 1, 2)).source_for(*args)
    assert ("cholesky_adjoint" in text) == (f not in SHORT)
    assert ("onto_triangle" in text) == (f in (of_an_argument, skew, half_alone, several))
