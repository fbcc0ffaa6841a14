"""Lists that begin with whole numbers and come to hold floats: compiled, they are of floats, or refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tangent_like as tl

pytest.importorskip("numba")


def times(x):
    c = [0] * len(x)
    for i in range(len(x)):
        c[i] += x[i] * 2.5
    a = np.array(c)
    return np.sum(a * a * a)


def said(x):
    c = [0, True, 2]
    for i in range(3):
        c[i] = x[i] * 2.5
    a = np.array(c)
    return np.sum(a * a * a)


def appended(x):
    c = []
    for _ in range(len(x)):
        c.append(0)
    for i in range(len(x)):
        c[i] += x[i] * 2.5
    a = np.array(c)
    return np.sum(a * a * a)


def counted(x):
    c = [2 * i for i in range(len(x))]
    for i in range(len(x)):
        c[i] += x[i] * 2.5
    a = np.array(c)
    return np.sum(a * a * a)


def by_another_name(x):
    c = [0] * 3
    d = c
    for i in range(3):
        d[i] = x[i] * 2.5
    a = np.array(c)
    return np.sum(a * a * a)


def given(x, k):
    c = k.copy()
    c[0] = x[0] * 1.5
    a = np.array(c)
    return np.sum(a * a * a)


def of_an_array(x):
    c = np.zeros(3, dtype=int).tolist()
    for i in range(3):
        c[i] = x[i] * 2.5
    a = np.array(c)
    return np.sum(a * a * a)


X = np.array([0.7, 1.3, -0.4])


@pytest.mark.parametrize("f", [times, said, appended, counted, by_another_name], ids=lambda f: f.__name__)
def test_lists_of_whole_numbers_come_to_hold_floats(f: Any) -> None:
    assert np.allclose(tl.grad(f, jit=True)(X), tl.grad(f)(X), rtol=1e-12)


@pytest.mark.parametrize("k", [[1, 2], [1, 5, 4]], ids=str)
def test_a_given_list_of_whole_numbers_comes_to_hold_floats(k: list[int]) -> None:
    assert np.allclose(tl.grad(given, jit=True)(X, k), tl.grad(given)(X, k), rtol=1e-12)


def test_a_list_of_whole_numbers_of_an_array_is_refused() -> None:
    with pytest.raises(tl.UnsupportedError, match="floats are put into a list of whole numbers"):
        tl.grad(of_an_array, jit=True)(X)
