"""Loops over arrays are printed as the user wrote them, and backward only where turns depend on one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def fitted(w: np.ndarray, X: np.ndarray, y: np.ndarray):
    total = 0.0
    for x, t in zip(X, y):  # noqa: B905
        total += (x @ w - t) ** 2
    return total


def classes(W: np.ndarray, X: np.ndarray, labels: np.ndarray):
    total = 0.0
    for x, k in zip(X, labels):  # noqa: B905
        z = W @ x
        total += np.log(np.sum(np.exp(z))) - z[k]
    return total


def carried(w: float, x: np.ndarray, y: np.ndarray):
    h, total = 0.0, 0.0
    for a, b in zip(x, y):  # noqa: B905
        h = np.tanh(w * h + a)
        total += h * b
    return total


def items_too(x: np.ndarray, y: np.ndarray):
    total = 0.0
    for a, b in zip(x, y):  # noqa: B905
        total += a * b * b
    return total


def last_read(w: float, x: np.ndarray, y: np.ndarray):
    total, a = 0.0, 0.0
    for a, b in zip(x, y):  # noqa: B905
        total += np.sin(w * a) * b
    return total * np.cos(w * a)


def stored(w: float, x: np.ndarray, y: np.ndarray):
    z = np.zeros(5)
    for a, b in zip(x, y):  # noqa: B905
        z[int(abs(a)) % 5] = w * a * b
    return np.sum(z**2)


def counted(w: float, x: np.ndarray, y: np.ndarray):
    total = 0.0
    for a, b in zip(x, y):  # noqa: B905
        total += np.sin(w * a) * b
    return total / len(y)


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(5).normal(size=shape)


Args = tuple[Any, ...]
PROGRAMS: dict[Callable[..., Any], tuple[tuple[int, ...], Args, str]] = {
    fitted: ((0,), (normal(3), normal(6, 3), normal(6)), "for x, t in zip(X, y):"),
    classes: ((0,), (normal(4, 3), normal(6, 3), np.array([0, 3, 1, 1, 2, 0])), "for x, k in zip(X, labels):"),
    carried: ((0,), (0.4, normal(6), normal(6)), "range(len(x) - 1, -1, -1):"),
    items_too: ((0, 1), (normal(6), normal(6)), "range(len(x) - 1, -1, -1):"),
    last_read: ((0,), (0.4, normal(6), normal(6)), "range(len(x) - 1, -1, -1):"),
    stored: ((0,), (0.4, normal(6) * 2, normal(6)), "range(len(x) - 1, -1, -1):"),
    counted: ((0,), (0.4, normal(6), normal(6)), "for a, b in zip(x, y):"),
}


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_loops_are_as_they_were_written_where_the_order_is_no_matter(f: Callable[..., Any]) -> None:
    wrt, args, line = PROGRAMS[f]
    df = tl.value_and_grad(f, argnums=wrt)
    text = df.source_for(*args)
    assert line in text
    value, claimed = df(*args)
    assert value == f(*args)
    for one, true in zip(claimed, tl.numeric.grad(f, argnums=wrt)(*args), strict=True):
        np.testing.assert_allclose(one, true, rtol=1e-5, atol=1e-7)
    plain = tl.grad(f, argnums=wrt, tidy=False)(*args)
    for one, other in zip(claimed, plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_where_one_array_is_shorter_the_text_is_right_or_raises(f: Callable[..., Any]) -> None:
    wrt, args, _ = PROGRAMS[f]
    scope: dict[str, Any] = {}
    exec(tl.grad(f, argnums=wrt).source_for(*args), scope)
    for k in range(len(args)):
        for rows in (0, 1, 4):
            if np.ndim(args[k]):
                new = (*args[:k], args[k][:rows], *args[k + 1 :])
                try:
                    claimed = scope[f"grad_{f.__name__}"](*new)
                    true = tl.grad(f, argnums=wrt)(*new)
                except (ValueError, IndexError, ZeroDivisionError):
                    continue
                for one, other in zip(claimed, true, strict=True):
                    assert np.shape(one) == np.shape(other)
                    np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)
