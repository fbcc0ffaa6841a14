"""Lists in derivatives of derivatives, and what a compilation is kept for."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def by_loop(x: float, n: int) -> float:
    y = 1.0
    for _ in range(n):
        y = math.sin(y * x) * y + x
    return y


def by_while(x: float) -> float:
    t = x
    while t > 0.1:
        t = t * t * 0.9 - 0.01 * x
    return t * x


def by_list(x: float, n: int) -> float:
    u = [x, 2.0 * x]
    for _ in range(n):
        u.append(math.sin(u[-1]) * u[-2])
    return u[-1]


def by_stack(x: float, n: int) -> float:
    st = [x]
    for k in range(n):
        v = st.pop()
        st.append(v * x)
        st.append(math.sin(v) * k)
    return st[-1] * st[0]


def filtered(x: np.ndarray) -> Any:
    out = []
    for v in x:
        if v > 0:
            out.append(v**3)
    return sum(out)


def states(W: np.ndarray, h: np.ndarray, n: int) -> Any:
    hs = []
    for _ in range(n):
        h = np.tanh(W @ h)
        hs.append(h)
    return np.sum(np.stack(hs) ** 2)


def of_list(xs: list[float], a: float) -> float:
    t = a
    for v in xs:
        t = t * v + math.sin(v)
    return t


def moving_average(x: np.ndarray) -> Any:
    out = [x[0]]
    for v in x[1:]:
        out.append(0.3 * v + 0.7 * out[-1])
    return out[-1] * sum(out) + out[1]


def powers(x: np.ndarray) -> Any:
    rows = [x]
    for _ in range(3):
        rows.append(rows[-1] * x)
    return np.sum(np.stack(rows) ** 2) + np.sum(rows[-1] * rows[1])


def mixture(x: np.ndarray) -> Any:
    total = 0.0
    for v in x:
        terms = [-0.5 * (v - m) ** 2 for m in (0.1, 0.9, -0.4)]
        best = max(terms)
        total += best + np.log(sum(np.exp(t - best) for t in terms))
    return total


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (by_loop, (0.7, 4)),
        (by_while, (0.8,)),
        (by_list, (0.7, 4)),
        (by_stack, (0.7, 3)),
    ],
)
def test_a_derivative_with_lists_is_differentiated(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """The text of a gradient keeps values in lists: it is a program with lists of its own."""
    first = tl.grad(f)
    x, e = args[0], 1e-6
    slope = (first(x + e, *args[1:]) - first(x - e, *args[1:])) / (2 * e)
    assert math.isclose(tl.grad(first)(*args), slope, rel_tol=1e-5)


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (filtered, (np.array([1.0, -2.0, 3.0]),)),
        (states, (np.eye(2) * 0.5 + 0.1, np.ones(2), 3)),
        (moving_average, (np.array([0.4, 1.3, -0.2]),)),
        (powers, (np.array([0.4, 1.3]),)),
        (mixture, (np.array([0.4, 1.3]),)),
    ],
)
def test_hessians_through_lists(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    first, x, e = tl.grad(f), args[0], 1e-6
    slopes = np.zeros(x.shape + x.shape)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = e
        slopes[(..., *place)] = (first(x + step, *args[1:]) - first(x - step, *args[1:])) / (2 * e)
    np.testing.assert_allclose(tl.hessian(f)(*args), slopes, rtol=1e-4, atol=1e-6)


def test_another_length_does_not_compile_again() -> None:
    df = tl.grad(of_list)
    first = df.compiled(([1.0, 2.0], 0.5))
    assert df.compiled(([1.0, 2.0, 3.0], 0.5)) is first
    numeric = [6.241813835, 2.775972444, 2.602246900]
    assert df([1.0, 2.0, 3.0], 0.5) == pytest.approx(numeric, rel=1e-8)
    assert df([], 0.5) == []


def test_the_gradient_of_a_list_is_a_list_of_its_own() -> None:
    W = [np.eye(2), np.ones((2, 2))]

    def f(ws: list[np.ndarray], x: np.ndarray) -> Any:
        for w in ws:
            x = w @ x
        return np.sum(x)

    found = tl.grad(f)(W, np.ones(2))
    assert isinstance(found, list)
    assert [g.shape for g in found] == [(2, 2), (2, 2)]
    assert not any(np.shares_memory(g, w) for g in found for w in W)
