"""What is differentiated besides plain functions: methods, class methods, objects, functions of libraries."""

from __future__ import annotations

import math
import operator
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pytest
import scipy.special

import tangent_like as tl

X = np.array([0.3, 0.7, 1.1])


class Model:
    power = 3.0

    def __init__(self, w: np.ndarray) -> None:
        self.w = w

    def out(self, x: np.ndarray, *, c: float = 1.0) -> Any:
        return c * self.w * x**2

    def loss(self, x: np.ndarray, c: float = 1.0) -> Any:
        return np.sum(self.out(x, c=c))

    def __call__(self, x: np.ndarray) -> Any:
        return self.out(x)

    @classmethod
    def raised(cls, x: np.ndarray) -> Any:
        return np.sum(x**cls.power)


class Steeper(Model):
    power = 4.0


@pytest.mark.parametrize("free_first", [True, False])
def test_a_method_and_its_function_share_no_derivative(free_first: bool) -> None:
    """One function of two meanings: by its first argument, which of a method is not its object."""

    class Own(Model):
        def loss(self, x: np.ndarray, c: float = 1.0) -> Any:
            return np.sum(c * self.w * x**2)

    own = Own(2.0 * X)
    calls: list[Callable[[], Any]] = [
        lambda: tl.grad(Own.loss)(own, X).w,
        lambda: tl.grad(own.loss, argnums=0)(X),
        lambda: tl.hvp(Own.loss, 1)(own, X, X),
        lambda: tl.hvp(own.loss)(X, X),
    ]
    expected = [X**2, 4 * X**2, 4 * X**2, 4 * X**2]
    for k in (0, 1, 2, 3) if free_first else (3, 2, 1, 0):
        np.testing.assert_allclose(calls[k](), expected[k])


def test_a_derivative_of_a_method_is_pickled_as_it_was_asked_for() -> None:
    kept = pickle.dumps(tl.grad(Model(2.0 * X).loss, argnums=0))
    np.testing.assert_allclose(pickle.loads(kept)(X), 4 * X**2)


def test_class_methods() -> None:
    np.testing.assert_allclose(tl.grad(Model.raised)(X), 3 * X**2)
    np.testing.assert_allclose(tl.grad(Steeper.raised)(X), 4 * X**3)
    np.testing.assert_allclose(tl.grad(Steeper(X).raised)(X), 4 * X**3)


@pytest.mark.parametrize("matrix", [tl.jacobian, tl.jacfwd, tl.jacrev])
def test_jacobians_of_methods_and_objects(matrix: Any) -> None:
    model = Model(2.0 * X)
    np.testing.assert_allclose(matrix(model.out)(X), np.diag(4 * X * X))
    np.testing.assert_allclose(matrix(model.out)(X, c=2.0), np.diag(8 * X * X))
    np.testing.assert_allclose(matrix(model.out, argnums="c")(X, c=2.0), 2 * X**3)
    np.testing.assert_allclose(matrix(model)(X), np.diag(4 * X * X))
    np.testing.assert_allclose(matrix(tl.grad(model.loss))(X), np.diag(4 * X))
    if matrix is not tl.jacrev:
        np.testing.assert_allclose(matrix(model.out, argnums="self")(X).w, np.diag(X**2))
    else:
        with pytest.raises(tl.RequestError, match="object of a method"):
            matrix(model.out, argnums="self")(X)


def test_a_method_moves_along_nothing() -> None:
    value, tangent = tl.jvp(Model(X).loss, (X,), (None,))
    assert value == np.sum(X**3)
    assert tangent == 0.0


class Pair(NamedTuple):
    a: Any
    b: Any


@dataclass
class Held:
    a: Any
    b: Any
    n: int = 3
    name: str = "held"


@pytest.mark.parametrize("matrix", [tl.jacobian, tl.jacfwd, tl.jacrev])
def test_jacobians_have_the_structure_of_result_then_arguments(matrix: Any) -> None:
    found = matrix(lambda t: {"a": t * t, "b": X * t, "name": "s", "k": 3})(2.0)
    assert found["a"] == 4.0
    assert found["name"] is None
    assert found["k"] is None
    np.testing.assert_array_equal(found["b"], X)
    first, second = matrix(lambda x: [x[0] * x[1], {"x": x * x}])(X)
    np.testing.assert_allclose(first, [0.7, 0.3, 0.0])
    np.testing.assert_allclose(second["x"], np.diag(2 * X))
    by_dict = matrix(lambda d: d["a"] * d["b"])({"a": X, "b": 2.0, "k": 1})
    np.testing.assert_allclose(by_dict["a"], 2 * np.eye(3))
    np.testing.assert_allclose(by_dict["b"], X)
    assert by_dict["k"] is None
    held = matrix(lambda h: Pair(h.a * h.n, h.a * h.b))(Held(2.0, X))
    assert held.a.a == 3.0
    np.testing.assert_array_equal(held.a.b, np.zeros(3))
    np.testing.assert_allclose(held.b.b, 2 * np.eye(3))
    assert held.b.name is None
    ((by_d, by_q),) = matrix(lambda d, q: (d["a"] * q,), argnums=(0, 1))({"a": X}, 3.0)
    np.testing.assert_allclose(by_d["a"], 3 * np.eye(3))
    np.testing.assert_allclose(by_q, X)
    with pytest.raises(tl.ResultError, match="no floating-point"):
        matrix(lambda t: {"k": 3})(2.0)
    with pytest.raises(tl.RequestError, match="no floats"):
        matrix(lambda d: 2.0 * d["k"])({"k": 3})


def test_hessians_by_what_a_dict_holds() -> None:
    found = tl.hessian(lambda d: np.sum(d["a"] ** 3) * d["b"])({"a": X, "b": 2.0})
    np.testing.assert_allclose(found["a"]["a"], np.diag(12 * X))
    np.testing.assert_allclose(found["a"]["b"], 3 * X**2)
    np.testing.assert_allclose(found["b"]["a"], 3 * X**2)
    assert found["b"]["b"] == 0.0


class Spring:
    def __init__(self, w: np.ndarray) -> None:
        self.w, self.b, self.name, self.more = w, 2.0, "spring", {"k": w * 1.0, "n": 3}

    def loss(self, x: np.ndarray) -> Any:
        return np.sum((self.w * x) ** 2) * self.b + np.sum(self.more["k"] ** 3) * self.w[0]


def test_second_derivatives_by_an_object() -> None:
    spring = Spring(2.0 * X)
    for found in (tl.hessian(spring.loss, argnums="self")(X), tl.hessian(Spring.loss)(spring, X)):
        np.testing.assert_allclose(found.w.w, np.diag(4 * X**2))
        np.testing.assert_allclose(found.w.b, 4 * X**3)
        np.testing.assert_allclose(found.more["k"].w[:, 0], 12 * X**2)
        np.testing.assert_allclose(found.more["k"].more["k"], np.diag(12 * X * spring.w[0]))
        assert found.name is None
        assert found.more["n"] is None
    moved = tl.hvp(spring.loss, argnums="self")(X, spring)
    np.testing.assert_allclose(moved.w[1:], (4 * X**2 * spring.w + 4 * X**3 * 2.0)[1:])


def test_functions_of_libraries() -> None:
    assert tl.grad(np.sin)(0.3) == math.cos(0.3)
    assert tl.grad(math.sin)(0.3) == math.cos(0.3)
    assert tl.grad(tl.grad(np.sin))(0.3) == -math.sin(0.3)
    assert tl.grad(operator.mul)(2.0, 3.0) == 3.0
    assert tl.grad(np.multiply, argnums=1)(2.0, 3.0) == 2.0
    np.testing.assert_allclose(tl.grad(np.linalg.norm)(X), X / np.linalg.norm(X))
    np.testing.assert_allclose(tl.grad(np.linalg.norm)(X, 1), np.ones(3))
    np.testing.assert_allclose(tl.grad(np.linalg.norm)(X, ord=1), np.ones(3))
    np.testing.assert_allclose(tl.jacobian(np.cumsum)(X), np.tri(3))
    np.testing.assert_allclose(tl.grad(scipy.special.logsumexp)(X), scipy.special.softmax(X))
    tl.check_grads(np.tanh, (X,), order=2)
    assert "return np.cos(x)" in tl.grad(np.sin).source_for(0.3)
    with pytest.raises(tl.SourceError, match="print"):
        tl.grad(print)
