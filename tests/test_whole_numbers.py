"""What carries a derivative, stored into arrays of whole numbers: NumPy cuts it, and the derivative says so or is zero."""

import numpy as np
import pytest

import tangent_like as tl

COUNTS = np.array([3, 1, 2, 1])


def made_of_display(x):
    z = np.tile([1, 2], 2)
    z[0] = x[0] * 3
    return np.sum(z * x[:4])


def made_by_function(x):
    z = np.gcd(COUNTS, 2)
    z[1:] = x[1:4]
    return np.sum(z * x[:4])


def made_like(x):
    z = np.zeros_like([1, 2, 3])
    for k in range(3):
        z[k] = x[k] * 2
    return np.sum(z * x[:3])


def known_to_be_whole(x):
    z = np.zeros(3, dtype=int)
    z[0] = x[0] * 3
    return np.sum(z * x[:3])


def known_to_be_floats(x):
    z = np.zeros_like(x)
    z[0] = x[0] * 3
    return np.sum(z * x)


X = np.array([1.2, 0.7, 2.3, 1.1])


@pytest.mark.parametrize("f", [made_by_function, made_like])
def test_what_is_not_known_is_looked_at(f):
    with pytest.raises(tl.DifferentiationError, match="array of whole numbers"):
        tl.grad(f)(X)
    with pytest.raises(tl.DifferentiationError, match="array of whole numbers"):
        tl.jvp(f, (X,), (X,))


def test_what_is_known_is_not():
    np.testing.assert_array_equal(tl.grad(known_to_be_whole)(X), [3.0, 0, 0, 0])
    np.testing.assert_array_equal(tl.grad(made_of_display)(X), [3.0, 2.0, 1.0, 2.0])
    np.testing.assert_allclose(tl.grad(known_to_be_floats)(X), [6 * X[0], 0, 0, 0])
    assert "refuse" not in tl.grad(known_to_be_floats).source_for(X) + tl.grad(known_to_be_whole).source_for(X)
