"""``tl.vmap``: what a loop over the entries gives, compiled or not, differentiated or not."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

RNG = np.random.default_rng(7)
X = RNG.uniform(0.1, 1.0, (4, 3))
x = X[0]
w = RNG.normal(size=3)


def wave(a: Any) -> Any:
    return a * math.sin(3 * a)


def steps(a: Any, k: Any, n: int = 4) -> Any:
    for _ in range(n):
        if a > 0.5:
            a = a - k * a * a
        else:
            a = a + k
    return a


def row(v: Any, w: Any) -> Any:
    return np.tanh(v) * w, v @ w


def neuron(p: Any, v: Any) -> Any:
    return math.tanh(p["w"] @ v + p["b"])


def maybe(a: Any) -> Any:
    return 0 if a > 0.5 else a


def above(v: Any) -> Any:
    return v[v > 0.5]


def scaled(v: Any, *, by: float = 2.0) -> Any:
    return v * by


@pytest.fixture(params=[False, True], ids=["python", "numba"])
def jit(request: Any) -> Any:
    if request.param:
        pytest.importorskip("numba")
    return request.param


def test_each_entry(jit: bool) -> None:
    assert np.allclose(tl.vmap(wave, jit=jit)(x), [wave(a) for a in x], rtol=1e-14)
    assert np.allclose(tl.vmap(steps, (0, None), jit=jit)(x, 0.3), [steps(a, 0.3) for a in x], rtol=1e-14)
    found = tl.vmap(row, (1, None), (1, 0), jit=jit)(X.T, w)
    assert np.allclose(found[0], (np.tanh(X) * w).T, rtol=1e-14) and np.allclose(found[1], X @ w, rtol=1e-14)
    assert found[0].shape == (3, 4)


def test_gradients_of_each_entry(jit: bool) -> None:
    assert np.allclose(tl.vmap(tl.grad(wave), jit=jit)(x), np.sin(3 * x) + 3 * x * np.cos(3 * x), rtol=1e-13)
    p = {"w": w, "b": 0.2}
    found = tl.vmap(tl.grad(neuron), (None, 0), jit=jit)(p, X)
    each = [tl.grad(neuron)(p, v) for v in X]
    assert np.allclose(found["w"], [g["w"] for g in each]) and np.allclose(found["b"], [g["b"] for g in each])
    value, slope = tl.vmap(tl.value_and_grad(steps), (0, None), jit=jit)(x, 0.3)
    assert np.allclose(value, [steps(a, 0.3) for a in x])
    assert np.allclose(slope, [tl.grad(steps)(a, 0.3) for a in x])


def loss(p: Any, X: Any) -> Any:
    return np.mean(tl.vmap(neuron, (None, 0))(p, X) ** 2)


def test_it_is_differentiated(jit: bool) -> None:
    tl.check_grads(loss, ({"w": w, "b": 0.2}, X))
    assert np.allclose(tl.grad(loss, jit=jit)({"w": w, "b": 0.2}, X)["w"], tl.grad(loss)({"w": w, "b": 0.2}, X)["w"])
    value, pull = tl.vjp(tl.vmap(wave), x, jit=jit)
    assert np.allclose(pull(np.ones(3))[0], tl.vmap(tl.grad(wave))(x)) and np.allclose(value, tl.vmap(wave)(x))
    assert np.allclose(tl.jvp(tl.vmap(wave), (x,), (w,), jit=jit)[1], w * tl.vmap(tl.grad(wave))(x))
    assert tl.vmap(tl.vmap(wave), jit=jit)(X).shape == X.shape


def test_the_loop_can_be_read() -> None:
    text = tl.vmap(tl.grad(wave)).source_for(x)
    code = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert "np.empty(a.shape[0])" in text and "for k in range(a.shape[0])" in text and "vmap(" not in "\n".join(code)
    assert "np.stack" in tl.vmap(wave).source


def test_no_entries(jit: bool) -> None:
    assert tl.vmap(wave, jit=jit)(np.empty(0)).shape == (0,)
    assert tl.vmap(row, (0, None), jit=jit)(np.empty((0, 3)), w)[0].shape == (0, 3)
    assert tl.grad(loss, jit=jit)({"w": w, "b": 0.2}, X[:1])["w"].shape == (3,)
    with pytest.raises(ValueError, match="at least one array"):
        tl.vmap(above)(np.empty((0, 3)))


def test_dtypes_and_sizes() -> None:
    assert tl.vmap(np.sin)(X.astype(np.float32)).dtype == np.float32
    assert tl.vmap(lambda a: a > 0.5)(x).dtype == bool
    assert np.allclose(tl.vmap(maybe)(x), [maybe(a) for a in x])  # an int first, and floats behind it
    with pytest.raises(ValueError, match="same shape"):
        tl.vmap(above)(np.array([[0.1, 0.9, 0.9], [0.1, 0.1, 0.9]]))


def test_defaults_and_keywords() -> None:
    assert np.allclose(tl.vmap(steps)(x, x), [steps(a, a) for a in x])
    assert np.allclose(tl.vmap(steps, (0, None, None))(x, 0.1, 2), [steps(a, 0.1, 2) for a in x])
    assert np.allclose(tl.vmap(scaled)(x, by=3.0), 3 * x)
    assert np.allclose(pickle.loads(pickle.dumps(tl.vmap(wave)))(x), tl.vmap(wave)(x))


def line(p: dict[str, Any], x: Any) -> Any:
    return np.sum((p["w"] * x + p["b"]) ** 2)


def test_axes_by_key_and_item() -> None:
    W, b, X = np.arange(6.0).reshape(3, 2), np.array([0.5, -0.3]), np.sin(np.arange(6.0)).reshape(3, 2)
    mapped = tl.vmap(line, in_axes=({"w": 0, "b": None}, 0))
    assert np.allclose(mapped({"w": W, "b": b}, X), [line({"w": W[k], "b": b}, X[k]) for k in range(3)])
    turned = tl.vmap(line, ({"b": None, "w": 1}, None))
    assert np.allclose(turned({"w": W.T, "b": b}, b), [line({"w": row, "b": b}, b) for row in W])
    items = tl.vmap(lambda q, x: q[0] * np.sum(x) + q[1], in_axes=([0, None], 0))
    assert np.allclose(items([W[:, 0], 2.0], X), W[:, 0] * np.sum(X, axis=1) + 2.0)
    tl.check_grads(lambda W, b: np.sum(tl.vmap(line, ({"w": 0, "b": None}, 0))({"w": W, "b": b}, X) ** 2), (W, b))
    gradients = tl.vmap(tl.grad(line), ({"w": 0, "b": None}, 0))({"w": W, "b": b}, X)
    assert np.allclose(gradients["b"], [tl.grad(line)({"w": W[k], "b": b}, X[k])["b"] for k in range(3)])
    for axes in ({"w": 0}, {"w": 0, "c": 0}, (0, 0)):
        with pytest.raises(tl.DifferentiationError, match="another structure"):
            tl.vmap(line, (axes, 0))({"w": W, "b": b}, X)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: tl.vmap(steps)(x, w[:2]), "unequal numbers of entries"),
        (lambda: tl.vmap(wave)(2.0), "over an argument that is no array"),
        (lambda: tl.vmap(wave, 1)(x), "along axis 1 of an array of 1 axes"),
        (lambda: tl.vmap(wave, None)(x), "along no axis"),
        (lambda: tl.vmap(wave, 0, 2)(x), "out_axes 2"),
        (lambda: tl.vmap(wave, 0, (0, 0))(x), "out_axes"),
        (lambda: tl.vmap(wave, (0, 0, 0, 0)), "takes 1 arguments"),
        (lambda: tl.vmap(wave, "rows"), "axes are numbers"),
        (lambda: tl.vmap(3.0), "takes a function"),  # type: ignore[arg-type]
        (lambda: tl.vmap(tl.hessian(wave)), "tl.hessian"),
    ],
)
def test_refused_by_name(call: Any, said: str) -> None:
    with pytest.raises(tl.DifferentiationError, match=said):
        call()
