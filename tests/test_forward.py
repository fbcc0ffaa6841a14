"""Forward mode through the public interface: texts, tangents that are refused, Jacobians, Hessians, products."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.api.derivative import DerivativeFunction
from tangent_like.request import Request


def decay(x: float, k: float, n: int) -> float:
    # one factor per turn
    for i in range(n):  # noqa: B007
        x = x * math.exp(-k * x)
    return x


def pair(x, y):
    return np.sin(x) * y, np.outer(x, x)


def energy(x, s):
    return np.sum(np.exp(x) * np.sin(x) * x[::-1]) * s**2


def weighted(x, w=2.0, *, shift=0.5):
    return x * w + shift * x


def grows(x, c):
    y = x + c
    z = y
    return z


def keeps(x):
    return x


def halves_of(x):
    y = x[:2]
    return y, y


def test_the_text_is_one_pass() -> None:
    text = tl.jacfwd(decay, (0, 1)).source_for(0.9, 0.3, 5)
    assert text == (
        "import math\n\n\n"
        "def jvp_decay(x: float, k: float, n: int, x_dot: float, k_dot: float) -> tuple[float, float]:\n"
        '    """Value and tangent of decay with respect to x, k."""\n'
        "    # one factor per turn\n"
        "    for i in range(n):\n"
        "        e = math.exp(-k * x)\n"
        "        x_dot = x_dot * e + x * ((-k_dot * x - k * x_dot) * e)\n"
        "        x = x * e\n"
        "    return x, x_dot\n"
    ), text


def solved(A: np.ndarray, b: np.ndarray) -> Any:
    x = np.linalg.solve(A, b)
    length = np.sqrt(x @ x)
    return np.sum(3.0 * x * b) + np.mean(x / length) + length


def test_tangents_are_said_shortly() -> None:
    """One factorization, one product of a vector with itself, one division, and numbers before sums."""
    A, b = np.eye(3) + 0.1 * np.arange(9.0).reshape(3, 3), np.arange(1.0, 4.0)
    text = DerivativeFunction(solved, Request((0, 1), "jvp")).source_for(A, b)
    assert "x_dot = np.linalg.solve(A, b_dot - A_dot @ x)" in text
    assert "length_dot = x_dot @ x / length" in text
    assert "_dot * length_dot" not in text
    assert text.count("/ length") == 3  # of the value, the tangent of the length and that of the quotient
    dots = np.cos(A), np.sin(b)
    _, slope = tl.jvp(solved, (A, b), dots)
    ends = [solved(A + h * dots[0], b + h * dots[1]) for h in (1e-6, -1e-6)]
    np.testing.assert_allclose(slope, (ends[0] - ends[1]) / 2e-6, rtol=1e-7)


def test_jvp_has_the_form_of_the_value() -> None:
    x = np.array([1.0, 2.0, 3.0], np.float32)
    value, tangent = tl.jvp(pair, (x, x), (np.ones(3), None))
    assert [t.dtype for t in tangent] == [np.float32] * 2
    assert [t.shape for t in tangent] == [(3,), (3, 3)]
    assert np.array_equal(value[0], np.sin(x) * x)


@pytest.mark.parametrize("f", [grows, lambda x, c: x + c])
def test_a_tangent_is_as_large_as_its_value(f: Any) -> None:
    _, tangent = tl.jvp(f, (2.0, np.zeros(3)), (1.0, None))
    assert tangent.tolist() == [1.0, 1.0, 1.0]
    _, tangent = tl.jvp(f, (np.ones(3), np.zeros((2, 3))), (np.arange(3.0), None))
    assert tangent.tolist() == [[0.0, 1.0, 2.0]] * 2


@pytest.mark.parametrize("f", [keeps, halves_of])
def test_a_tangent_is_memory_of_its_own(f: Any) -> None:
    x, x_dot = np.ones(3), np.arange(3.0)
    value, tangent = tl.jvp(f, (x,), (x_dot,))
    tangents = tangent if isinstance(tangent, tuple) else (tangent,)
    for t in tangents:
        t[...] = 7.0
        assert not np.shares_memory(t, x)
        assert not np.shares_memory(t, x_dot)
    assert x_dot.tolist() == [0.0, 1.0, 2.0]
    if len(tangents) == 2:
        assert not np.shares_memory(*tangents)
    assert not np.any(np.asarray(value if isinstance(value, np.ndarray) else value[0]) == 7.0)


def test_no_tangent_at_all_is_zero() -> None:
    value, tangent = tl.jvp(pair, (np.ones(2), np.ones(2)), (None, None))
    assert np.array_equal(value[1], np.ones((2, 2)))
    assert [t.tolist() for t in tangent] == [[0.0, 0.0], [[0.0, 0.0], [0.0, 0.0]]]


def test_defaults_and_keyword_only_parameters() -> None:
    assert tl.jvp(weighted, (3.0,), (1.0,)) == (7.5, 2.5)
    assert tl.jvp(weighted, (3.0, 4.0), (1.0, 1.0)) == (13.5, 7.5)


@pytest.mark.parametrize(
    ("args", "tangents", "words"),
    [
        ((1.0, 2), (1.0, None, None), "2 arguments and 3 tangents"),
        ((0.5, 0.3, 2), (1.0, None, 1.0), "of kind int, which has no tangent"),
        ((np.ones(2), 0.3, 2), (np.ones(3), None, None), "has shape"),
        ((0.5, 0.3, 2), (1j, None, None), "dtype complex"),
    ],
)
def test_tangents_that_do_not_fit(args: Any, tangents: Any, words: str) -> None:
    with pytest.raises(tl.RequestError, match=words):
        tl.jvp(decay, args, tangents)


def test_jacobians_agree_and_have_the_shape_of_result_then_argument() -> None:
    x, y = np.array([1.0, 2.0, 3.0]), np.array([0.2, 0.3, 0.4])
    by = [tl.jacfwd(pair, (0, "y"))(x, y), tl.jacrev(pair, (0, "y"))(x, y), tl.jacobian(pair, (0, 1))(x, y)]
    for rows in zip(*by, strict=True):
        for one, two, three in zip(*rows, strict=True):
            assert one.shape == two.shape == three.shape
            np.testing.assert_allclose(one, two, rtol=1e-13)
            np.testing.assert_allclose(one, three, rtol=1e-13)
    assert by[0][1][0].shape == (3, 3, 3)
    np.testing.assert_allclose(by[0][0][0], np.diag(np.cos(x) * y))
    assert tl.jacfwd(lambda t: t**3)(2.0) == tl.jacrev(lambda t: t**3)(2.0) == tl.jacobian(lambda t: t**3)(2.0) == 12.0


def test_an_empty_argument_has_an_empty_jacobian() -> None:
    assert tl.jacfwd(lambda x: x * 2)(np.zeros(0)).shape == (0, 0)
    assert tl.jacrev(lambda x: np.sum(x))(np.zeros(0)).shape == (0,)
    for matrix in (tl.jacfwd, tl.jacrev, tl.jacobian):
        by_x, by_y = matrix(lambda x, y: 2.0 * x + np.sum(y), argnums=(0, 1))(np.arange(6.0), np.zeros(0))
        assert by_x.shape == (6, 6)
        assert by_y.shape == (6, 0)


def test_hessian_and_its_product() -> None:
    x, v = np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 2.0])
    rows = tl.hessian(energy, (0, 1))(x, 2.0)
    assert [[np.shape(h) for h in row] for row in rows] == [[(3, 3), (3,)], [(3,), ()]]
    np.testing.assert_allclose(rows[0][0], rows[0][0].T, rtol=1e-13)
    np.testing.assert_allclose(rows[0][1], rows[1][0], rtol=1e-13)
    np.testing.assert_allclose(tl.hvp(energy)(x, 2.0, v), rows[0][0] @ v, rtol=1e-13)
    along = tl.hvp(energy, (0, 1))(x, 2.0, (v, 1.0))
    np.testing.assert_allclose(along[0], rows[0][0] @ v + rows[0][1], rtol=1e-13)
    gradient = tl.grad(energy)
    e = 1e-6
    np.testing.assert_allclose(rows[0][0] @ v, (gradient(x + e * v, 2.0) - gradient(x - e * v, 2.0)) / (2 * e), rtol=1e-6)


def wave(x: float) -> float:
    return math.sin(x) * x**3


def test_gradients_of_gradients_to_the_fourth_order() -> None:
    x, d = 0.7, wave
    s, c = math.sin(x), math.cos(x)
    expected = [
        c * x**3 + 3 * s * x**2,
        -s * x**3 + 6 * c * x**2 + 6 * s * x,
        -c * x**3 - 9 * s * x**2 + 18 * c * x + 6 * s,
        s * x**3 - 12 * c * x**2 - 36 * s * x + 24 * c,
    ]
    for truth in expected:
        assert tl.jacfwd(d)(x) == pytest.approx(truth, rel=1e-12)
        d = tl.grad(d)
        assert d(x) == pytest.approx(truth, rel=1e-12)


def test_a_derivative_of_a_derivative_is_compiled_once() -> None:
    from tangent_like.api import derivative

    assert tl.grad(tl.grad(wave)).base is wave
    tl.grad(tl.grad(wave))(0.5)
    caches = derivative._CACHES[wave]
    chain = tl.grad(tl.grad(wave)).chain
    assert len(caches[chain].by_types) == 1
    compiled = next(iter(caches[chain].by_types.values()))[0]
    tl.grad(tl.grad(wave))(0.25)
    assert next(iter(caches[chain].by_types.values()))[0] is compiled


# -- derivatives within functions ----------------------------------------------------------------------


def plus(x, y):
    return x + y


def confusable(x):
    return x * tl.grad(plus, argnums=1)(x, 1.0)


def potential(q):
    return np.sum(q**4) / 4 + np.sum(np.cos(q))


force = tl.grad(potential)


def leapfrog(q, p, dt: float, n: int):
    for _ in range(n):
        p = p - dt * force(q)
        q = q + dt * p
    return np.sum(q * q)


@tl.value_and_grad
def cubed(x):
    return x**3


def of_both(x):
    value, slope = cubed(x)
    return value * slope


def of_a_constant(x, q):
    return x * force(q)[0]


def selfish(x):
    return x * tl.grad(selfish)(x)


def test_perturbations_are_not_confused() -> None:
    """d/dx (x * d/dy (x + y)) is 1."""
    assert tl.grad(confusable)(3.0) == 1.0
    assert tl.jvp(confusable, (3.0,), (1.0,)) == (3.0, 1.0)


def test_a_derivative_is_called_within_a_function() -> None:
    tl.check_grads(leapfrog, (np.array([0.3, 0.7]), np.array([0.1, -0.2]), 0.1, 4))
    assert tl.grad(of_both)(2.0) == 3 * 5 * 2.0**4
    assert tl.jvp(of_both, (2.0,), (1.0,)) == (96.0, 240.0)
    q = np.array([0.3, 0.7])
    assert tl.grad(of_a_constant)(2.0, q) == force(q)[0]


def test_what_differentiates_itself_is_refused() -> None:
    with pytest.raises(tl.UnsupportedError, match="grad of selfish is differentiated within itself"):
        tl.grad(selfish)(1.0)


def test_stop_gradient_makes_a_constant() -> None:
    def f(x):
        return np.sum(x * tl.stop_gradient(x))

    x = np.array([1.0, 2.0])
    value, bar = tl.value_and_grad(f)(x)
    assert value == 5.0
    assert bar.tolist() == [1.0, 2.0]
    assert tl.jvp(f, (x,), (np.ones(2),))[1] == 3.0
    assert tl.stop_gradient(x) is x


# -- check_grads ---------------------------------------------------------------------------------------


def in_steps(x, y):
    a = y * y
    b = x * 2
    c = np.round(b * 1e9) / 1e9
    return a + c


def test_check_grads_says_which_statement_is_wrong() -> None:
    line = in_steps.__code__.co_firstlineno + 3
    with pytest.raises(AssertionError, match=rf"argument 'x'.*first wrong at .*test_forward.py:{line}: c = np.round"):
        tl.check_grads(in_steps, (0.3, 0.5))
    for modes in (("fwd",), ("rev",)):
        with pytest.raises(AssertionError, match="forward mode" if modes == ("fwd",) else "reverse mode"):
            tl.check_grads(in_steps, (0.3, 0.5), modes=modes)


def test_check_grads_of_second_order() -> None:
    tl.check_grads(energy, (np.array([0.1, 0.2, 0.3]), 2.0), order=2)
    tl.check_grads(wave, (0.7,), order=3)
    with pytest.raises(tl.RequestError, match="returns numbers and arrays"):
        tl.check_grads(lambda d: {"a": d["a"] * 2}, ({"a": np.ones(2)},), order=2)
    with pytest.raises(tl.RequestError, match="modes"):
        tl.check_grads(wave, (0.7,), modes=("sideways",))


def test_check_grads_of_higher_orders_of_arrays() -> None:
    x, y = np.array([0.3, -0.7]), np.array([1.2, 0.4])
    tl.check_grads(pair, (x, y), order=3)
    tl.check_grads(lambda n, x, y: np.sin(x * n) * y, (3, x, y), "y", order=3)
    tl.check_grads(lambda x: np.sum(np.exp(x) * x[::-1]), (x,), order=4)

    @tl.custom_vjp
    def sine(x):
        return np.sin(x)

    @sine.defvjp
    def _(y_bar, y, x):
        return y_bar * tl.stop_gradient(np.cos(x))  # right, but for its own derivative

    tl.check_grads(lambda x: sine(x) * x, (x,), modes=("rev",))
    with pytest.raises(AssertionError, match="of the gradient"):
        tl.check_grads(lambda x: sine(x) * x, (x,), modes=("rev",), order=2)


def cubes(x):
    return np.sum(x**3)


def by_default(x, f=cubes):
    return 2.0 * f(x)


def by_name(p, f=cubes, *, k=2.0):
    return f(p["a"]) * k * p["b"]


def test_tangents_behind_functions_that_are_defaults() -> None:
    x, v = np.array([1.0, 2.0]), np.array([1.0, 0.5])
    assert tl.jvp(by_default, (x,), (v,))[1] == 18.0
    np.testing.assert_array_equal(tl.hvp(by_default)(x, v), [12.0, 12.0])
    assert tl.jvp(by_name, ({"a": x, "b": 2.0},), ({"a": v, "b": 1.0},)) == (36.0, 54.0)


def of_a_matrix(a):
    w, v = np.linalg.eig(a)
    s = np.linalg.svd(a[:2])[1]  # of all vectors, which are not used
    return np.sum(np.abs(v[0]) ** 2 * w.real) + s[0] * s[1] + np.sum(np.percentile(a, [30, 60], axis=1))


def cut(a):
    return np.sum(np.delete(a, slice(0, 2), 1) ** 3) / (1.0 + np.sum(a * a)) + np.sum(np.cov(a, a**2, rowvar=False))


@pytest.mark.parametrize("f", [of_a_matrix, cut])
def test_keywords_that_were_wrong_or_failed(f: Any) -> None:
    tl.check_grads(f, (np.random.default_rng(4).normal(size=(3, 3)),))


def quotient(x, y):
    z = x / y
    return z * z + 3.0 * z


def test_tangents_in_few_steps() -> None:
    """One division for a quotient, one product for what one tangent is multiplied with."""
    text = tl.jacfwd(quotient, (0, 1)).source_for(np.ones(3), np.ones(3))
    assert "(x_dot - z * y_dot) / y * (2 * z + 3.0)" in text


def further_columns(a, k):
    q, _ = np.linalg.qr(a, mode="complete")
    return np.sum(q[:, k : k + 2] ** 3)


def further_vectors(a, k):
    u, _, _ = np.linalg.svd(a)
    return np.sum(u[:, k : k + 2] ** 3)


def inner_columns(a, k):
    return 2.0 * further_columns(a, k)


@pytest.mark.parametrize("f", [further_columns, further_vectors, inner_columns])
def test_tangents_of_vectors_that_a_matrix_does_not_say(f: Any) -> None:
    a, a_dot = np.random.default_rng(2).normal(size=(2, 4, 2))
    _, slope = tl.jvp(f, (a, 0), (a_dot, None))
    assert slope == pytest.approx(np.sum(tl.grad(f)(a, 0) * a_dot))
    with pytest.raises(ValueError, match="reduced form"):
        tl.jvp(f, (a, 2), (a_dot, None))
    with pytest.raises(ValueError, match="reduced form"):
        tl.jacfwd(f)(a, 2)
