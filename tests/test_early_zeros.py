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
