"""Derivatives by differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tangent_like as tl

DIGITS = {"forward": 1e-6, "central": 1e-9, "richardson": 1e-11, "complex": 1e-14, "scipy": 1e-6}


def f(x: Any, k: float = 2.0) -> Any:
    return np.sum(np.exp(x) * np.sin(k * x))


def g(x: Any, k: Any) -> Any:
    return np.sin(x[:, None] * k) * np.exp(x[0])


X = np.array([0.3, -0.7, 1.9])


@pytest.mark.parametrize("method", DIGITS)
def test_gradients(method: str) -> None:
    wanted = np.exp(X) * (np.sin(2 * X) + 2 * np.cos(2 * X))
    np.testing.assert_allclose(tl.numeric.grad(f, method=method)(X), wanted, rtol=10 * DIGITS[method])
    number = tl.numeric.grad(f, "k", method=method)(1.2, k=0.5)
    assert isinstance(number, float)
    assert number == pytest.approx(np.exp(1.2) * 1.2 * np.cos(0.6), rel=10 * DIGITS[method])


@pytest.mark.parametrize("method", DIGITS)
def test_jacobians_are_shaped_like_ours(method: str) -> None:
    k = np.array([[0.5, 1.0]])
    found = tl.numeric.jacobian(g, (0, 1), method=method)(X, k)
    for ours, theirs in zip(tl.jacobian(g, (0, 1))(X, k), found, strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(theirs, ours, atol=100 * DIGITS[method])


@pytest.mark.parametrize("wrong", [lambda x: np.sum(np.abs(x) * x), np.real, lambda x: x * np.linalg.norm(x)])
def test_a_complex_step_through_what_is_not_analytic_is_refused(wrong: Any) -> None:
    with pytest.raises(tl.DifferentiationError, match="is not analytic"):
        tl.numeric.jacobian(wrong, method="complex")(X)
    tl.numeric.jacobian(lambda x: np.sin(1e6 * x) / x**3, method="complex")(X)  # where differences say nothing


def test_arguments_stay_and_empty_ones_are_fine() -> None:
    x = X.copy()
    tl.numeric.grad(f)(x)
    np.testing.assert_array_equal(x, X)
    assert tl.numeric.grad(f)(np.zeros(0)).shape == (0,)
    single = tl.numeric.grad(f)(X.astype(np.float32))
    np.testing.assert_allclose(single, tl.grad(f)(X), rtol=1e-2)


def of_parts(p: Any, k: Any) -> Any:
    p["w"] *= k[0]
    return np.sum(p["w"] ** 2) * p["b"][1] + k[1] * p["n"]


def test_arguments_with_structure_and_those_that_are_written() -> None:
    p, k = {"w": X.copy(), "b": (0.5, 2.0), "n": 3}, [1.5, 0.4]
    ours, theirs = tl.grad(of_parts, (0, 1))(p, k), tl.numeric.grad(of_parts, (0, 1))(p, k)
    np.testing.assert_array_equal(p["w"], X)
    np.testing.assert_allclose(theirs[0]["w"], ours[0]["w"], rtol=1e-8)
    assert theirs[0]["b"] == pytest.approx(ours[0]["b"], rel=1e-8)
    assert theirs[0]["n"] is None
    assert theirs[1] == pytest.approx(ours[1], rel=1e-8)


def test_what_is_refused() -> None:
    with pytest.raises(tl.DifferentiationError, match="the method is"):
        tl.numeric.grad(f, method="backward")
    with pytest.raises(tl.DifferentiationError, match="holds no floats"):
        tl.numeric.grad(f)(2)
    with pytest.raises(tl.DifferentiationError, match="no argument"):
        tl.numeric.grad(f, "z")(X)
    with pytest.raises(tl.DifferentiationError, match="shape"):
        tl.numeric.grad(g)(X, 1.0)
