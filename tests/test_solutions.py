"""Implicit differentiation: against unrolling, with errors that say the residual, and without tangent_like."""

from __future__ import annotations

import importlib.util
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.cli.main import main

pytest.importorskip("scipy")


def contract(x, W, b):
    return np.tanh(W @ x + b)


def equilibrium(W, b):
    return np.sum(tl.fixed_point(contract, np.zeros(len(b)), W, b) ** 2)


def unrolled(W, b, steps):
    x = np.zeros(len(b))
    for _ in range(steps):
        x = contract(x, W, b)
    return np.sum(x**2)


def distance(x, a, b):
    return np.sum((x - a) ** 4 + b * (x - 1.0) ** 2)


def nearest(a, b):
    return np.sum(tl.minimize(distance, np.ones(len(a)), a, b) * a)


def hypergradient(k, a, b):
    def held_out(k):
        x = tl.minimize(lambda x: np.sum((x - a) ** 2) + k**2 * np.sum(x**2), a)
        return np.sum((x - b) ** 2)

    return tl.grad(held_out)(k)


def at_rest(a, b):
    return tl.fixed_point(lambda x: x + a * b, 1.0)


def in_a_tuple(a):
    return tl.fixed_point(lambda p: p, (a, a))[0]


def contraction(n: int) -> tuple[Any, Any]:
    rng = np.random.default_rng(3)
    W = rng.normal(size=(n, n))
    return 0.5 * W / np.linalg.norm(W, 2), rng.normal(size=n)


@pytest.mark.parametrize("n", [1, 5, 90])
def test_same_numbers_as_unrolling(n: int) -> None:
    W, b = contraction(n)
    found = tl.grad(equilibrium, (0, 1))(W, b)
    for ours, theirs in zip(found, tl.grad(unrolled, (0, 1))(W, b, 60), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-10)


def test_memory_does_not_grow_with_the_steps() -> None:
    W, b = contraction(90)
    df = tl.grad(equilibrium, 1)
    peaks = []
    for scale in (0.1, 1.98):  # few steps, and hundreds
        df(scale * W, b)
        tracemalloc.start()
        df(scale * W, b)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


def test_float32_stays() -> None:
    W, b = (a.astype(np.float32) for a in contraction(4))
    a, c = tl.grad(equilibrium, (0, 1))(W, b)
    assert a.dtype == c.dtype == np.float32


def test_second_order_of_a_minimum() -> None:
    a = np.array([0.4, 1.3])
    tl.check_grads(nearest, (a, a + 1.0))


def test_derivative_of_a_derivative_of_a_minimum() -> None:
    a = np.array([0.4, 1.3, -0.2])
    args = (0.7, a, a[::-1].copy())
    slope = (hypergradient(0.7 + 1e-5, *args[1:]) - hypergradient(0.7 - 1e-5, *args[1:])) / 2e-5
    assert tl.grad(hypergradient)(*args) == pytest.approx(slope, rel=1e-6)


def from_start(x0, a):
    return np.sum(tl.fixed_point(lambda x: 0.5 * np.cos(x) + a, x0))


def regularized(a, b):
    def fitted(k):
        return tl.minimize(lambda w: (w - a) ** 2 + k * k * w**2, 0.0)

    k = tl.minimize(lambda k: (fitted(k) - b) ** 2 + (k - 0.5) ** 2, 0.3)
    return k * fitted(k)


def test_minima_in_minima() -> None:
    tl.check_grads(regularized, (0.7, 1.3))


def stationary(a, n):
    """One of the fixed points of a Markov chain: its sum is that of the start, which the equation does not say."""
    P = (1.0 - a) * np.eye(n) + a * np.ones((n, n)) / n
    P[0, 0], P[0, 1] = P[0, 0] - 0.1 * a, P[0, 1] + 0.1 * a
    return tl.fixed_point(lambda x: P.T @ x, np.ones(n) / n)[0]


def one_of_many(a):
    return tl.root(lambda x: np.array([x[0] + x[1] - a, 2.0 * (x[0] + x[1] - a)]), np.zeros(2))[0]


@pytest.mark.parametrize(("f", "args"), [(stationary, (0.5, 3)), (stationary, (0.5, 80)), (one_of_many, (1.0,))])
def test_one_of_many_solutions_has_no_derivative(f: Any, args: Any) -> None:
    f(*args)
    with pytest.raises(np.linalg.LinAlgError, match="singular, or near it"):
        tl.grad(f)(*args)
    with pytest.raises(np.linalg.LinAlgError, match="singular, or near it"):
        tl.jvp(f, args, (1.0, *[None] * (len(args) - 1)))


def drawn_once(a, rng):
    w = rng.normal(a, 1.0)
    return tl.fixed_point(lambda x: 0.3 * np.cos(w * x), 0.1)


@pytest.mark.parametrize(
    ("f", "args", "wrt"),
    [
        (equilibrium, (0.3 * np.eye(80) + 0.001, np.ones(80)), (0, 1)),
        (nearest, (np.array([0.3, 0.5]), np.array([1.3, 1.5])), (0, 1)),
        (regularized, (0.7, 1.3), (0, 1)),
    ],
)
def test_what_solvers_call_is_compiled(f: Any, args: Any, wrt: Any) -> None:
    pytest.importorskip("numba")
    value, bars = tl.value_and_grad(f, wrt)(*args)
    found, ours = tl.value_and_grad(f, wrt, jit=True)(*args)
    assert found == pytest.approx(value)
    for one, two in zip(ours, bars, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-7)
    _, pullback = tl.vjp(f, *args, jit=True)
    np.testing.assert_allclose(pullback(1.0)[0], bars[0], rtol=1e-7)
    tangents = tuple(np.ones(np.shape(a)) if np.ndim(a) else 1.0 for a in args)
    assert tl.jvp(f, args, tangents, jit=True)[1] == pytest.approx(sum(np.sum(b) for b in bars), rel=1e-6)
    one, two = np.random.default_rng(0), np.random.default_rng(0)
    assert tl.grad(drawn_once, jit=True)(0.5, one) == pytest.approx(tl.grad(drawn_once)(0.5, two))
    assert one.normal() == two.normal()


def test_where_it_starts_has_no_derivative() -> None:
    np.testing.assert_array_equal(tl.grad(from_start)(np.ones(3), 0.2), np.zeros(3))
    assert tl.jvp(from_start, (np.ones(3), 0.2), (np.ones(3), None))[1] == 0.0


def test_errors_say_the_residual() -> None:
    with pytest.raises(ArithmeticError, match="fixed_point: not converged: the residual is"):
        tl.fixed_point(lambda x: 2.0 * x + 1.0, 1.0)
    with pytest.raises(ArithmeticError, match="root: not converged: the residual is"):
        tl.root(lambda x: x * x + 1.0, 1.0)
    with pytest.raises(ArithmeticError, match="minimize: not converged: the residual is"):
        tl.minimize(lambda x: np.sum(x), np.ones(2))
    with pytest.raises(np.linalg.LinAlgError, match="singular, or near it: the residual is"):
        tl.linear_solve(lambda v: 0.0 * v, np.ones(3))
    with pytest.raises(np.linalg.LinAlgError, match="singular"):
        tl.grad(at_rest)(0.0, 2.0)


def test_what_cannot_be_solved_for_is_refused() -> None:
    with pytest.raises(tl.DifferentiationError, match="a start that is no number or array"):
        tl.grad(in_a_tuple)(1.0)


MODEL = """
import math
import numpy as np
import tangent_like as tl


def rate(x, a):
    return 0.5 * math.cos(a * x)


def model(a: float, b: float) -> float:
    x = tl.fixed_point(lambda x: rate(x, a) + b, 0.0)
    y = tl.root(lambda y: y * y * y + y - x, 1.0)
    return x * y


def values(a, b):
    x = tl.fixed_point(lambda x: np.cos(x * a) * 0.3 + b, b)
    return np.sum(tl.minimize(lambda y: np.sum((y - x) ** 2 + (y - a) ** 4), x) * b)
"""


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_standalone_module(mode: str, tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(MODEL)
    out = tmp_path / "out.py"
    target = f"{tmp_path / 'model.py'}:"
    spec = importlib.util.spec_from_file_location("model", tmp_path / "model.py")
    assert spec is not None and spec.loader is not None
    model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(model)
    a = np.array([0.3, 0.5])
    for name, args in (("model", (0.3, 0.4)), ("values", (a, a + 0.1))):
        options = ["--wrt", "a,b", "--mode", mode, "-o", str(out), "--force"]
        assert not main(["grad", target + name, *options])
        text = out.read_text()
        assert "import tangent_like" not in text and "from tangent_like" not in text
        namespace: dict[str, Any] = {}
        exec(compile(text, str(out), "exec"), namespace)
        f = getattr(model, name)
        if mode == "reverse":
            for ours, theirs in zip(namespace[f"grad_{name}"](*args), tl.grad(f, (0, 1))(*args), strict=True):
                np.testing.assert_allclose(ours, theirs, rtol=1e-9)
        else:
            value, slope = namespace[f"jvp_{name}"](*args, *args)
            np.testing.assert_allclose(value, f(*args), rtol=1e-9)
            np.testing.assert_allclose(slope, tl.jvp(f, args, args)[1], rtol=1e-9)
