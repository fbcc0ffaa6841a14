"""Second derivatives of functions that keep a value on one path, and nothing on another."""

import math
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def bent(p):
    if p < 1.5:
        pass
    else:
        p = (0.7 if p > 2.0 else p) * (0.4 if p < 3.0 else p) * -(p * p)
    return math.sin(p)


def bent_inside(x):
    x[1] = math.sin(bent(x @ x))
    return 0.25 * np.sum(x**2)


@pytest.mark.parametrize("scale", [0.5, 1.1, 1.3, 2.0])
def test_forward_over_reverse(scale):
    x, v = scale * np.array([0.6, 0.4, 0.9]), np.array([1.0, -0.5, 0.7])
    along = tl.jvp(tl.grad(bent_inside), (x,), (v,))[1]
    h = 1e-5
    gradient = tl.grad(bent_inside)
    np.testing.assert_allclose(along, (gradient(x + h * v) - gradient(x - h * v)) / (2 * h), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(along, tl.grad(lambda z: tl.jvp(bent_inside, (z,), (v,))[1])(x))


def rows_into_the_next(A: Any, a: Any) -> Any:
    before = A[0]
    for row in A[1:]:
        row += before * a
        before = row
    return np.sum(A * A)


def buffers_by_three_names(A: Any, a: Any) -> Any:
    y = A[0] * A[1]
    z = y
    for k in range(2):
        w = z
        w += A[k] * a
        z = w
    return np.sum(y * y)


@pytest.mark.parametrize("f", [rows_into_the_next, buffers_by_three_names])
def test_tangents_are_written_where_others_see_them(f: Any) -> None:
    A, V = np.linspace(0.3, 1.4, 12).reshape(3, 4), np.linspace(-1.0, 0.7, 12).reshape(3, 4) ** 2
    by = (0, 1)
    up, down = (tl.grad(f, by)(A + h * V, 0.8 + h) for h in (1e-5, -1e-5))
    found = tl.hvp(f, by)(A, 0.8, (V, 1.0))
    turned = tl.grad(lambda A, a: tl.jvp(f, (A, a), (V, 1.0))[1], by)(A, 0.8)
    for k in by:
        np.testing.assert_allclose(found[k], (up[k] - down[k]) / 2e-5, rtol=1e-6)
        np.testing.assert_allclose(turned[k], found[k], rtol=1e-12)
