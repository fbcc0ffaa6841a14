"""Adjoints of short vectors that flow to them entry by entry."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def rhs(y: Any, g: float) -> Any:
    return np.array([y[1], -g * np.sin(y[0])])


def pendulum(y: Any, g: float) -> Any:
    for _ in range(4):
        k = rhs(y, g)
        y = y + 0.1 * rhs(y + 0.05 * k, g)
    return y[0] ** 2 + y[1]


def weights(w: Any, g: float) -> Any:
    x = np.linspace(0.0, g, 6)
    o = w[0] * x[:-1] + w[1] * x[1:]
    return np.sum(o ** 2)


def either_end(w: Any, g: float) -> Any:
    """Of a vector of two entries, ``-1`` and 1 are one."""
    return w[0] * g + w[-1] * w[0] + w[1] ** 2


def again(w: Any, g: float) -> Any:
    """One entry is read twice."""
    return np.sin(w[0] * g) + np.exp(w[1]) * w[0] + w[1] ** 2


def between(w: Any, g: float) -> Any:
    """What flows to the first entry is made of a name that is bound anew before the second is there."""
    total = 0.0
    for _ in range(3):
        v = w * g
        a = v[0] * g
        g = g + 0.1 * v[1]
        total = total + a * g
        w = w + 0.1 * a
    return total


def rows(W: Any, g: float) -> Any:
    W = np.stack([W, W * g])
    a = np.tanh(W[0] @ W[1])
    return a * np.sum(W[1]) + W[0, 1]


def whole_too(w: Any, g: float) -> Any:
    v = w * g
    s = v[0] * v[1]
    return s * np.sum(v ** 2) + v[1]


@pytest.mark.parametrize("f", [pendulum, weights, either_end, again, between, rows, whole_too])
def test_values(f: Any) -> None:
    w = np.array([0.4, -0.7])
    for n in (2, 3) if f in (weights, either_end, again, rows, whole_too) else (2,):
        v = np.append(w, 0.3)[:n]
        for wrt in (0, (0, 1)):
            found, expected = (d.grad(f, argnums=wrt)(v, 1.3) for d in (tl, tl.numeric))
            for one, other in zip(found if wrt else [found], expected if wrt else [expected], strict=True):
                assert one == pytest.approx(other, rel=1e-6, abs=1e-8)


def test_made_at_once() -> None:
    text = tl.grad(pendulum).source_for(np.array([0.4, -0.7]), 1.3)
    assert text.count("_bar = np.array([") == 2, text
    text = tl.grad(weights).source_for(np.array([0.4, -0.7, 0.2]), 1.3)
    assert "w_bar[0] = " in text and "w_bar[1] = " in text
