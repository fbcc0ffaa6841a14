"""Functions that call themselves, compiled: what their halves keep stands in lists that a number tells apart."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

pytest.importorskip("numba")


def tree(x, lo, hi):
    if hi - lo == 1:
        return math.sin(x[lo])
    mid = (lo + hi) // 2
    return tree(x, lo, mid) * tree(x, mid, hi) + 1.0


def root(x):
    return tree(x, 0, len(x)) ** 2


def even(x, n):
    if n == 0:
        return x
    return odd(x * 1.1, n - 1) + x


def odd(x, n):
    if n == 0:
        return -x
    return math.sin(even(x, n - 1))


def by_turns(x, n):
    return even(x, n) * odd(x, n - 1)


def below(x, w, first, count, i):
    s = math.tanh(x[i])
    for k in range(count[i]):
        s += w * below(x, w, first, count, first[i] + k)
    return s * s


def whole_tree(x, w, first, count):
    total = 0.0
    for i in range(2):
        total += below(x, w, first, count, i)
    return total


def fourier(re, im):
    n = len(re)
    if n == 1:
        return re.copy(), im.copy()
    a, b = fourier(re[0::2], im[0::2])  # strided: for Numba of another type than what is passed first
    c, d = fourier(re[1::2], im[1::2])
    p, q = np.zeros(n), np.zeros(n)
    for k in range(n // 2):
        u, v = math.cos(2 * math.pi * k / n), -math.sin(2 * math.pi * k / n)
        p[k] = a[k] + u * c[k] - v * d[k]
        q[k] = b[k] + u * d[k] + v * c[k]
        p[k + n // 2] = a[k] - u * c[k] + v * d[k]
        q[k + n // 2] = b[k] - u * d[k] - v * c[k]
    return p, q


def spectrum(re, im):
    p, q = fourier(re, im)
    return np.sum((p * p + q * q) ** 2)


FIRST, COUNT = np.array([1, 3, 5, 0, 0, 0, 0]), np.array([2, 2, 2, 0, 0, 0, 0])
PROGRAMS = (
    (root, 0, (np.linspace(0.3, 1.9, 9),)),
    (by_turns, 0, (0.3, 5)),
    (whole_tree, (0, 1), (np.linspace(0.2, 1.0, 7), 0.7, FIRST, COUNT)),
    (spectrum, (0, 1), (np.linspace(0.2, 1.0, 8) ** 2, np.linspace(-0.3, 0.5, 8))),
)


def leaves(value: Any) -> list[Any]:
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, tuple) else [value]


@pytest.mark.parametrize(("f", "wrt", "args"), PROGRAMS, ids=[f.__name__ for f, _, _ in PROGRAMS])
def test_recursions_compile(f, wrt, args):
    compiled = tl.grad(f, wrt, jit=True)
    for _ in range(2):  # nothing is left of the first call
        for ours, plain in zip(leaves(compiled(*args)), leaves(tl.grad(f, wrt)(*args)), strict=True):
            np.testing.assert_allclose(ours, plain, rtol=1e-10)


def test_a_call_is_told_by_a_number():
    text = tl.grad(root, jit=True).source_for(PROGRAMS[0][2][0])
    forward, reverse = text.partition("def tree_reverse")[::2]
    assert "record = len(tree_x)" in forward
    assert "return result, record" in forward
    assert "x = tree_x[saved]" in reverse
    assert "None" not in text
