"""Products with second derivatives where that of the gradient's text is refused: the gradient of a slope."""

import numpy as np
import pytest

import tangent_like as tl


def scale(u, k):
    u *= k * u


def grown(x, k, n=2):
    u = np.array(x)
    for _ in range(n):
        scale(u, k)
    return u.sum()


def grown_by(params):
    return grown(params["x"], params["k"])


class Growth:
    def __init__(self, k):
        self.k = k

    def total(self, x):
        return grown(x, self.k)


def looked_at(x, k):
    u = np.array(x)
    for _ in range(2):
        scale(u, k)
        with tl.grad_of(u) as u_bar:
            u_bar *= 0.5
    return u.sum()


X, K = np.array([0.5, 1.2, 0.8]), 0.7
CURVE = 12 * K**3 * X**2  # of k**3 * x**4


def test_a_helper_that_writes_in_a_loop():
    np.testing.assert_allclose(tl.hessian(grown)(X, K), np.diag(CURVE), rtol=1e-12)
    product = tl.hvp(grown, (0, 1))
    for x in (X, X[:2]):
        by_x, by_k = product(x, K, (x, 1.0))
        np.testing.assert_allclose(by_x, 12 * K**3 * x**3 + 12 * K**2 * x**3, rtol=1e-12)
        np.testing.assert_allclose(by_k, 12 * K**2 * np.sum(x**4) + 6 * K * np.sum(x**4), rtol=1e-12)
    assert "def " in product.source_for(X, K)


def test_the_value_is_the_gradient():
    value, tangent = tl.jvp(tl.grad(grown), (X, K), (X, None))
    np.testing.assert_array_equal(value, tl.grad(grown)(X, K))
    np.testing.assert_allclose(tangent, CURVE * X, rtol=1e-12)
    np.testing.assert_allclose(tl.jacobian(tl.grad(grown))(X, K), np.diag(CURVE), rtol=1e-12)


def shaken(x, rng):
    u = np.array(x)
    for _ in range(2):
        scale(u, rng.normal())
    return u.sum()


def test_draws_are_the_same():
    one, two = np.random.default_rng(3), np.random.default_rng(3)
    value, tangent = tl.jvp(tl.grad(shaken), (X, one), (X, None))
    np.testing.assert_array_equal(value, tl.grad(shaken)(X, two))
    np.testing.assert_allclose(tangent, 3 * value, rtol=1e-12)
    assert one.bit_generator.state == two.bit_generator.state


def test_dicts_and_methods():
    found = tl.hvp(grown_by)({"x": X, "k": K}, {"x": X, "k": 0.0})
    np.testing.assert_allclose(found["x"], CURVE * X, rtol=1e-12)
    np.testing.assert_allclose(tl.hessian(Growth(K).total)(X), np.diag(CURVE), rtol=1e-12)
    wide = np.linspace(0.1, 1.0, 40)
    np.testing.assert_allclose(tl.hessian(grown)(wide, K), np.diag(12 * K**3 * wide**2), rtol=1e-12)


def test_lines_that_change_adjoints_are_not_left_out():
    with pytest.raises(tl.DifferentiationError, match="same memory"):
        tl.hessian(looked_at)(X, K)
