"""What the user left early with nothing to differentiate is left early by the gradient."""

from __future__ import annotations

import math
import textwrap

import numpy as np

import tangent_like as tl


def cut(x: float, k: float):
    t = x * k
    if t < 0:
        return 0.0
    if t > 9:
        return 5.0
    return math.sqrt(t) * x


def piecewise(x: np.ndarray, k: float):
    if k < 0:
        return 0.0
    if k > 2:
        return x[0] * k
    return x[1] + k


def joined(x: float, k: float):
    y = 1.0
    if k > 0:
        y = x * k
    return y


def met(o: np.ndarray, d: np.ndarray, c: np.ndarray, r: float):
    """Where a ray meets a ball."""
    oc = o - c
    b = oc @ d
    disc = b * b - oc @ oc + r * r
    if disc < 0:
        return 0.0
    return -b - math.sqrt(disc)


def weighed(x: np.ndarray, W: np.ndarray, k: float):
    if k < 0:
        return 0.0
    return np.sum((W @ x) ** 2) * k


def body_of(source: str) -> str:
    lines = [line for line in source.split('"""\n')[1].splitlines() if not line.strip().startswith("#")]
    return textwrap.dedent("\n".join(lines)).strip()


def test_zeros_are_returned_where_the_user_returned() -> None:
    gradient = tl.value_and_grad(cut, argnums=(0, 1))
    text = body_of(gradient.source_for(1.0, 2.0))
    assert text.startswith("t = x * k\nif t < 0:\n    return 0.0, (0.0, 0.0)\nif t > 9:\n    return 5.0, (0.0, 0.0)\nr = ")
    for x, k in ((1.0, 2.0), (-1.0, 2.0), (5.0, 2.0)):
        value, bars = gradient(x, k)
        assert value == cut(x, k)
        h = 1e-6
        slopes = (cut(x + h, k) - cut(x - h, k)) / (2 * h), (cut(x, k + h) - cut(x, k - h)) / (2 * h)
        assert np.allclose(bars, slopes)


def test_arrays_are_as_large_as_ever() -> None:
    gradient = tl.grad(piecewise, argnums=(0, 1))
    x = np.array([3.0, 4.0])
    assert body_of(gradient.source_for(x, 1.0)).startswith("if k < 0:\n    return np.zeros_like(x), 0.0\n")
    for k, bars in ((-1.0, ([0.0, 0.0], 0.0)), (3.0, ([3.0, 0.0], 3.0)), (1.0, ([0.0, 1.0], 1.0))):
        found = gradient(x, k)
        assert np.array_equal(found[0], bars[0])
        assert found[1] == bars[1]


def test_other_branches_stay() -> None:
    assert "return" not in body_of(tl.grad(joined, argnums=(0, 1)).source_for(1.0, 2.0)).split("return x_bar")[0]


def test_zeros_like_arguments_are_returned() -> None:
    gradient = tl.grad(met, argnums=(0, 1, 3))
    o, d = np.array([0.1, 0.2, -5.0]), np.array([0.0, 0.1, 1.0])
    c = np.array([0.0, 0.1, 0.2])
    assert "if disc < 0:\n    return np.zeros_like(o), np.zeros_like(d), 0.0\n" in body_of(gradient.source_for(o, d, c, 1.5))
    found = gradient(o, d, c, 0.01)
    assert [np.shape(f) for f in found] == [(3,), (3,), ()]
    assert not any(np.any(f) for f in found)
    found[0][0] = 1.0  # the caller's own
    assert not np.any(gradient(o, d, c, 0.01)[0])
    found = gradient(o, d, c, 1.5)
    for k in range(3):
        h = np.eye(3)[k] * 1e-6
        assert np.isclose(found[0][k], (met(o + h, d, c, 1.5) - met(o - h, d, c, 1.5)) / 2e-6)
        assert np.isclose(found[1][k], (met(o, d + h, c, 1.5) - met(o, d - h, c, 1.5)) / 2e-6)


def test_zeros_need_no_sizes() -> None:
    """What is behind such a return holds the sizes together, or is not reached."""
    gradient = tl.grad(weighed, argnums=(0, 1))
    x, W = np.ones(3), np.ones((2, 3))
    assert "this derivative" not in gradient.source_for(x, W, 1.0)
    found = gradient.specialize(x, W, 1.0)(np.ones(4), W, -1.0)
    assert [f.shape for f in found] == [(4,), (2, 3)]
