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


def less_an_item(h: Any, w: Any) -> Any:
    return np.mean(w - h[-1][:]) + np.sum(h[1] - h[0][:1])


def chosen_or_an_item(h: Any, w: Any) -> Any:
    return np.sum(np.where(w > 0.5, w, h[0] - h[1][:1])) + np.sum(np.stack([h[0], h[1]]) - h[0])


def items_in_turns(h: Any, w: Any) -> Any:
    return sum(np.sum(w - a) for a in h) + np.sum(np.outer(h[0], h[1]) - h[0])


@pytest.mark.parametrize("store", ["auto", "all", "none"])
@pytest.mark.parametrize("f", [less_an_item, chosen_or_an_item, items_in_turns])
def test_a_number_stands_for_all_entries_where_sizes_of_items_are_not_known(f: Any, store: str) -> None:
    rng = np.random.default_rng(3)
    w, h, along = rng.normal(size=(4, 3)), [rng.normal(size=3) for _ in range(2)], [rng.normal(size=3) for _ in range(2)]
    gradient = tl.grad(f, store=store)(h, w)
    _, pullback = tl.vjp(f, h, w, store=store)
    up, down = (f([a + t * b for a, b in zip(h, along, strict=True)], w) for t in (1e-6, -1e-6))
    for found in (gradient, pullback(1.0)[0]):
        slope = sum(np.sum(a * b) for a, b in zip(found, along, strict=True))
        assert slope == pytest.approx((up - down) / 2e-6, rel=1e-6)


def all_ones(p: Any) -> Any:
    return np.ones(3) @ np.ones((3, 4))


def longer_by_what_is_not_needed(p: Any, a: Any) -> Any:
    b = all_ones(np.mean(a))
    p.extend([p[-1] * a, b[-3]])
    return p[-1] * 0.68 + p[-2]


def test_what_nobody_needs_is_taken_from_a_list_all_the_same() -> None:
    p_bar, a_bar = tl.grad(longer_by_what_is_not_needed, (0, 1))([0.2, 0.3], 0.7)
    assert p_bar == [0.0, 0.7] and a_bar == pytest.approx(0.3)
