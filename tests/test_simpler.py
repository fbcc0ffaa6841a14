"""Factors that are there twice, terms that differ in a number, and traces: the same numbers in fewer steps."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def half_square(w: np.ndarray, b: float):
    return 0.5 * w @ w * b


def square_alone(w: np.ndarray):
    return 0.5 * w @ w


def hinge(z: np.ndarray, k: float):
    return k * np.sum(np.maximum(z, 0.0) ** 2) + np.sum(np.minimum(0.0, z) ** 2)


def hinge_rebound(z: np.ndarray):
    h = np.maximum(z, 0.0)
    z = z - 1.0
    return np.sum(h * np.maximum(z, 0.0))


def identity(A: np.ndarray, q: float, n: int):
    P = A
    for _ in range(n):
        P = A @ P + q * np.eye(2)
    return np.sum(P * P)


def ridged(s: float, K: np.ndarray, y: np.ndarray):
    n = len(y)
    E = np.eye(n)
    return y @ np.linalg.solve(K + s**2 * E, y) + np.sum(E)


def columns_of(W: np.ndarray, X: np.ndarray, y: np.ndarray):
    z = X @ W
    ll = y[:, None] * z - np.logaddexp(0.0, z)
    return np.sum(ll) / W.shape[1]


def identity_written(A: np.ndarray, q: float):
    e = np.eye(2)
    e[0, 1] = 3.0
    return np.sum((A + q * e) ** 2)


def rolled(u: np.ndarray):
    return np.sum(u * (u - np.roll(u, 1)) ** 2)


def gaussian(m: np.ndarray, s: np.ndarray, x: np.ndarray):
    z = (x - m) / np.exp(s)
    return np.sum(0.5 * z**2 + s)


def normed(w: np.ndarray, A: np.ndarray, n: int):
    for _ in range(n):
        v = A @ w
        r = np.sqrt(v @ v)
        w = v / r + 0.1 * w
    return np.sum(w)


def batch(T: np.ndarray, g: np.ndarray):
    d = T - np.mean(T, axis=0)
    s = np.sqrt(np.mean(d**2, axis=0) + 1e-5)
    return np.sum((g * d / s) ** 2 * T)


def divergence(p: np.ndarray, q: np.ndarray):
    return np.sum(p * np.log(p / q) - p + q)


def entropy(p: np.ndarray):
    return -np.sum(p * np.log(p))


def log_returns(S: float, K: float, n: int):
    return (math.log(S / K) + 0.5 * math.log(2 * S * K)) / n


def implicit_steps(u: np.ndarray, k: float, n: int):
    L = np.eye(3, k=1) - 2 * np.eye(3) + np.eye(3, k=-1)
    A = np.eye(3) - k * L
    for _ in range(n):
        u = np.linalg.solve(A, u)
    return np.sum(u**2)


def implicit_steps_of_another(u: np.ndarray, k: float, n: int):
    L = np.eye(3, k=1) - 2 * np.eye(3)
    A = np.eye(3) - k * L
    for _ in range(n):
        u = np.linalg.solve(A, u)
        L[0, 0] = 1.0
    return np.sum(u**2) + np.sum(L * k)


def crossed(u: np.ndarray, v: np.ndarray):
    return np.sum(np.cross(u, -v) ** 2) + np.sum(np.cross(-u, v) * u)


def robust(w: np.ndarray, A: np.ndarray, k: float):
    r = A @ w - 0.1
    a = np.abs(r)
    return np.mean(np.where(a <= k, 0.5 * r**2, k * (a - 0.5 * k)))


def penalized(w: np.ndarray, A: np.ndarray, k: float):
    return 0.5 * np.sum((A @ w) ** 2) + 0.5 * k * (np.sum(w**2) + np.sum(A**2))


def smooth(w: np.ndarray, v: np.ndarray, k: float):
    fit = np.sum((w - v) ** 2)
    d = w[1:] - w[:-1]
    e = w[2:] - w[:-2]
    return fit + k * np.sum(d**2) + np.sum(e**4)


def smooth_rebound(w: np.ndarray, v: np.ndarray, k: float):
    fit = np.sum((w - v) ** 2 * w[0])
    v = v * k
    w[0] = w[1] * v[0]
    d = w[1:] * w[:-1]
    return fit + k * np.sum(d**2) + np.sum(v)


def total_variation(A: np.ndarray, g: float):
    x = np.diff(A, axis=0)[:, :-1]
    y = np.diff(A, axis=1)[:-1]
    return np.sum(np.sqrt(x**2 + g * y**2 + 0.1)) + np.sum(A**3)


def sliced_twice(A: np.ndarray, g: float):
    x = np.diff(A, axis=0)[1:]
    y = np.diff(A, axis=1)[:, :-1] * g
    A = A * y[0, 0]
    return np.sum(x**2) + np.sum(y**3) + np.sum(A[0] ** 3)


def cross_entropy(w: np.ndarray, A: np.ndarray, y: np.ndarray):
    p = 1.0 / (1.0 + np.exp(-(A @ w)))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def weighted_entropy(w: np.ndarray, A: np.ndarray, y: np.ndarray):
    p = 1.0 / (1.0 + np.exp(-(A @ w)))
    return -np.sum(2.0 * y * np.log(p) + (1.3 - y) * np.log(1.0 - p)) + np.sum(p**2)


def rows_and_all(w: np.ndarray, A: np.ndarray):
    return np.sum(w * np.log(np.sum(A**2, axis=1))) + np.sum(w * np.sum(A, axis=1)) + np.sum(A**3 * w)


def rows_read_between(w: np.ndarray, A: np.ndarray):
    B = A * 1.5
    s = np.sum(B, axis=1)
    C = B * A
    return np.sum(s**2) + np.sum(C * w) + np.sum(s) * B[0, 0]


def inflated(beta: np.ndarray, g: np.ndarray, X: np.ndarray, y: np.ndarray):
    mu = np.exp(X @ beta)
    pi = 1.0 / (1.0 + np.exp(-(X @ g)))
    zero = np.log(pi + (1.0 - pi) * np.exp(-mu))
    count = np.log(1.0 - pi) - mu + y * np.log(mu)
    return -np.sum(np.where(y == 0, zero, count))


def one_mask(u: np.ndarray, v: np.ndarray, seen: np.ndarray):
    a, b = u * v, np.log(v)
    y = np.where(seen, a - u, b)
    return np.sum(np.where(seen, y * a, b * u) - np.where(seen, 0.0, u))


Z = np.array([-1.5, 0.0, 0.3, -0.0, 2.0, 1.0])
A = np.array([[0.3, 0.2], [-0.4, 0.5]])
U, V = np.array([0.3, -0.7, 1.1]), np.array([1.3, 0.2, -0.4])
PROGRAMS: dict[Callable[..., Any], tuple[tuple[int, ...], tuple[Any, ...], tuple[str, ...], tuple[str, ...]]] = {
    half_square: ((0, 1), (U, 0.7), ("b * w",), ("0.5 * w +",)),
    square_alone: ((0,), (U,), ("w.copy()",), ("return (0.5",)),
    hinge: ((0,), (Z, 0.7), ("np.maximum(z, 0.0)", "np.minimum(0.0, z)"), ("np.where",)),
    inflated: ((0, 1), (U, V, np.outer(U, V) + np.eye(3), np.array([0.0, 2.0, 1.0])), ("1.0 - y / mu)",), ("shape",)),
    one_mask: ((0, 1), (U, V**2 + 0.1, np.array([True, False, True])), (), ()),
    hinge_rebound: ((0,), (Z,), ("np.where",), ()),
    identity: ((0, 1), (A, 0.7, 3), ("np.trace(P_bar)",), ("np.sum(P_bar",)),
    ridged: ((0,), (0.7, A + 3.0 * np.eye(len(A)), np.arange(1.0, 1.0 + len(A))), ("np.trace(",), ()),
    columns_of: ((0,), (A, A + 1.0, np.arange(float(len(A)))), ("(y[:, None] - 1 / (1 + np.exp(",), ("full_like",)),
    identity_written: ((0, 1), (A, 0.7), (), ("np.trace",)),
    rolled: ((0,), (Z,), (), ("np.roll(-",)),
    gaussian: ((0, 1), (U, V, np.array([[0.3, 1.2, -0.4], [0.1, -0.8, 2.0]])), ("z.shape[0] - np.sum(",), ("full_like",)),
    normed: ((0, 1), (U, np.outer(U, V) + np.eye(3), 3), ("v_bar = (w_bar - w_bar @ (v / r) / r * v) / r",), ("0.5",)),
    batch: ((0, 1), (np.array([[0.3, 1.2], [0.1, -0.8], [0.7, 0.2]]), U[:2]), (), ("0.5",)),
    robust: ((0, 1), (U, np.outer(U, V) + np.eye(3), 0.5), ("np.where(np.abs(r) <= k, r, k * np.sign(r))",), (", 0.0)",)),
    penalized: ((0, 1), (U, np.outer(U, V) + np.eye(3), 0.7), ("k * w", "k * A"), ("2 *",)),
    smooth: ((0,), (U, V, 0.7), ("w_bar = 2.0 * (w - v)",), ("zeros_like",)),
    smooth_rebound: ((0, 1), (U, V, 0.7), (), ()),
    total_variation: ((0, 1), (np.outer(U, V) + np.eye(3), 0.7), ("A_bar[1:, :-1]",), ("zeros_like",)),
    sliced_twice: ((0, 1), (np.outer(U, V) + np.eye(3), 0.7), (), ()),
    cross_entropy: ((0,), (U, np.outer(U, V) + np.eye(3), V / 2), ("(1.0 / (1.0 + np.exp(-(A @ w))) - y)",), ("y / p",)),
    rows_and_all: ((0, 1), (U + 2.0, np.outer(U, V) + np.eye(3)), (), ("zeros_like(A)",)),
    rows_read_between: ((0, 1), (U + 2.0, np.outer(U, V) + np.eye(3)), (), ()),
    weighted_entropy: ((0, 2), (U, np.outer(U, V) + np.eye(3), V / 2), (), ()),
    crossed: ((0, 1), (U, V), (), ()),
    implicit_steps: ((0, 1), (U, 0.3, 4), ("t_bar -= u_bar @ (L @ u)",), ("np.outer",)),
    implicit_steps_of_another: ((0, 1), (U, 0.3, 4), ("(L_then @ u)",), ()),
    divergence: ((0, 1), (U**2, V**2 + 0.1), ("return np.log(p / q), 1 - p / q",), ()),
    entropy: ((0,), (U**2,), ("return (-np.log(p) - 1.0,)",), ()),
    log_returns: ((0, 1), (1.3, 0.7, 2), (" / S", " / K"), ("math.log(S / K) /", " = math.log")),
}


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_the_text_is_shorter_and_right(f: Callable[..., Any]) -> None:
    wrt, args, there, gone = PROGRAMS[f]
    df = tl.grad(f, argnums=wrt)
    text = df.source_for(*args)
    assert all(part in text for part in there), text
    assert not any(part in text for part in gone), text
    given = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
    for k, claimed in zip(wrt, df(*args), strict=True):
        assert not any(isinstance(a, np.ndarray) and np.shares_memory(a, claimed) for a in args)
        for place in np.ndindex(np.shape(claimed)):
            ends = []
            for step in (1e-6, -1e-6):
                new = [a.copy() if isinstance(a, np.ndarray) else a for a in args]
                if place:
                    new[k][place] += step
                else:
                    new[k] += step
                ends.append(f(*new))
            np.testing.assert_allclose(np.asarray(claimed)[place], (ends[0] - ends[1]) / 2e-6, rtol=1e-5, atol=1e-5)
    for a, b in zip(args, given, strict=True):
        np.testing.assert_array_equal(a, b)


def softly(z: np.ndarray, w: np.ndarray) -> float:
    return np.sum(w * np.logaddexp(0.0, z))


def test_slopes_of_softplus_are_finite_far_out_and_where_it_is_infinite() -> None:
    z, w = np.array([-np.inf, -800.0, -700.0, -40.0, 0.0, 40.0, 700.0, np.inf]), np.array([1.0, 9.0, 2.0, 3.0, 4.0, -5.0, 6.0, 7.0])
    assert "return w / (1 + np.exp(np.minimum(-z, 709.0)))" in tl.grad(softly).source_for(z, w)
    assert "np.exp(z - a)" in tl.value_and_grad(softly).source_for(z, w)  # a name has what the slope is one step from
    slopes = np.array([0.0, 0.0, np.exp(-700.0), np.exp(-40.0), 0.5, 1.0, 1.0, 1.0])
    np.testing.assert_allclose(tl.grad(softly)(z, w), slopes * w, rtol=1e-12, atol=1e-306)
    curve = tl.hessian(softly)(np.array([-800.0, 0.0, 800.0]), np.ones(3))
    np.testing.assert_allclose(curve, np.diag([0.0, 0.25, 0.0]), rtol=1e-12)


def softest(x: np.ndarray, y: np.ndarray, g: float) -> float:
    return g * np.log(np.sum(np.exp(x / g))) - g * np.log(np.sum(y / g))


def test_a_number_that_multiplies_and_divides_does_neither() -> None:
    x, y, g = np.array([0.3, -0.2, 0.9]), np.array([1.3, 0.2, 0.9]), 0.7
    text = tl.grad(softest, argnums=(0, 1)).source_for(x, y, g)
    assert "return e / np.sum(e)," in text
    p = np.exp(x / g) / np.sum(np.exp(x / g))
    x_bar, y_bar = tl.grad(softest, argnums=(0, 1))(x, y, g)
    np.testing.assert_allclose(x_bar, p, rtol=1e-12)
    np.testing.assert_allclose(y_bar, np.full(3, -g / np.sum(y)), rtol=1e-12)


def lengths_of_rows(A: np.ndarray) -> float:
    return np.sum(np.linalg.norm(A, 2, axis=1)) + np.linalg.norm(A, "fro")


def spectrum(A: np.ndarray) -> float:
    w, v = np.linalg.eigh(A + A.T)
    return np.sum(np.exp(w) * v[0] ** 2)


def test_no_ones_stand_beside_what_has_their_entries_behind_a_new_axis() -> None:
    A = np.random.default_rng(4).normal(size=(3, 4))
    text = tl.grad(lengths_of_rows).source_for(A)
    assert "quotient(A, np.linalg.norm(A, 'fro'))" in text
    assert "ones" not in text and "spread" not in text and "norm_slope" not in text
    expected = A / np.linalg.norm(A, axis=1)[:, None] + A / np.linalg.norm(A)
    np.testing.assert_allclose(tl.grad(lengths_of_rows)(A), expected, rtol=1e-12)


def test_what_a_helper_makes_for_an_operand_has_its_form() -> None:
    A = np.random.default_rng(5).normal(size=(3, 3))
    assert "return t_bar + t_bar.T" in tl.grad(spectrum).source_for(A)
    tl.check_grads(spectrum, (A,))


def of_a_pair(p: list[float]) -> float:
    x, y = p
    return (1.0 - x) ** 2 + 100.0 * (y - x * x) ** 2


def test_the_gradient_of_an_unpacked_list_is_said_as_one() -> None:
    df = tl.grad(of_a_pair)
    assert "return [-2.0 * (1.0 - x) - 2 * y_bar * x, y_bar]" in df.source_for([1.5, 2.0])
    np.testing.assert_allclose(df([1.5, 2.0]), [151.0, -50.0], rtol=1e-12)
    assert type(tl.grad(lambda p: of_a_pair(p))((1.5, 2.0))) is tuple


def twice_lower(A: np.ndarray) -> float:
    return np.sum(np.tril(np.tril(A)) ** 2) + np.sum(np.triu(np.tril(A)) ** 3)


def test_a_triangle_of_the_same_triangle_is_taken_once() -> None:
    A = np.random.default_rng(6).normal(size=(3, 3))
    text = tl.grad(twice_lower).source_for(A)
    assert "A_bar += np.tril(2.0 * np.tril(np.tril(A)))" in text
    tl.check_grads(twice_lower, (A,))
