"""A helper writes one argument and hands back another, which is a number or entries of it: read before it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def pulled(p: Any, q: Any) -> Any:
    p[:-1] -= np.tanh(p[1:])
    return q


def both(p: Any, q: Any) -> Any:
    p[0] = 5.0 * p[1]
    return p, q


def times(p: Any, q: Any, k: int) -> Any:
    p[k] *= q
    return q


def a_number(A: np.ndarray) -> float:
    x = A[0] * 1.0
    return pulled(x, x[0]) * 1.7 + np.sum(x * x)


def a_number_beside_the_array(A: np.ndarray) -> float:
    y = A[1] * 1.0
    a, b = both(y, y[0])
    return b * np.sum(a) + y[1]


def numbers_in_turns(A: np.ndarray) -> float:
    y, t = A[0] * 1.0, 0.0
    for k in range(3):
        t += times(y, y[k], k)
    return t * np.sum(y)


def by_its_name(A: np.ndarray) -> float:
    B = A * 1.0
    r = pulled(B[0], q=B[0][0])
    return r * r + np.sum(B)


def entries(A: np.ndarray) -> float:
    B, i = A * 1.0, [0, 1]
    r = pulled(B, B[i])
    return np.sum(r * r) + np.sum(B)


def chosen_entries(A: np.ndarray) -> float:
    B = A * 1.0
    r = pulled(B, B[np.array([True, False, True])])
    return np.sum(r * r) + np.sum(B)


def a_view(A: np.ndarray) -> float:
    B = A * 1.0
    r = pulled(B, B[1:])
    return np.sum(r * r) + np.sum(B)


PROGRAMS = (
    a_number, a_number_beside_the_array, numbers_in_turns, by_its_name, entries, chosen_entries, a_view,
)  # fmt: skip


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_what_is_handed_back_is_what_it_was(f: Callable[[np.ndarray], float]) -> None:
    for seed in range(3):
        A, along = np.random.default_rng(seed).normal(size=(2, 3, 3))
        slope = (f(A + 1e-6 * along) - f(A - 1e-6 * along)) / 2e-6
        value, bar = tl.value_and_grad(f)(A)
        assert value == f(A)
        ours, ahead = tl.jvp(f, (A,), (along,))
        assert ours == value
        np.testing.assert_allclose([np.sum(bar * along), ahead], slope, rtol=1e-6, atol=1e-7)
