"""Second derivatives of functions that keep a value on one path, and nothing on another."""

import math

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
