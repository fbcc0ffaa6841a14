"""Fewer steps for sums, products and quotients of adjoints: the same numbers but for rounding, and only where it is sure."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def softmax(x: np.ndarray, w: np.ndarray) -> Any:
    e = np.exp(x)
    p = e / np.sum(e, axis=1, keepdims=True)
    return np.sum(w * p**2)


def softmax_read_again(x: np.ndarray, w: np.ndarray) -> Any:
    e = np.exp(x)
    total = np.sum(e, axis=1, keepdims=True)
    p = e / total
    e = e * w
    return np.sum(w * p**2) + np.sum(e / total)


def columns(x: np.ndarray, w: np.ndarray) -> Any:
    s = np.sqrt(np.sum(x**2, axis=0))
    return np.sum(w * (x / s) ** 3)


def least_squares(x: np.ndarray, w: np.ndarray) -> Any:
    G = x.T @ (w[:, :1] * x) + np.eye(3)
    return np.sum(np.linalg.solve(G, x.T @ w[:, 0]) ** 2)


def weights(x: np.ndarray, w: np.ndarray) -> Any:
    G = x.T @ (w[:, 0][:, None] * x) + np.eye(3)
    beta = np.linalg.solve(G, x.T @ (w[:, 0] * w[:, 1]))
    return beta @ beta


def fitted(x: np.ndarray, w: np.ndarray) -> Any:
    v, y = w[:, 0] + w[:, 2], x[:, 0]
    G = x.T @ (v[:, None] * x) + np.eye(3)
    beta = np.linalg.solve(G, x.T @ (v * y))
    return np.sum((beta - 1.0) ** 2)


def several(x: np.ndarray, w: np.ndarray) -> Any:
    k = w[0, 0]
    total = 0.0
    for i in range(3):
        a = part(x[i], k)
        b = part(x[i] + a, k)
        k = k + a * b
        total += part(x[i] * k, k)
    return total


def part(v: Any, k: Any) -> Any:
    return k * np.sum(np.sin(v * k))


def two_arms(x: np.ndarray, w: np.ndarray) -> Any:
    return np.sum(np.where(x > 0.1, w * x**2, np.sin(x) / w))


def two_arms_turned(x: np.ndarray, w: np.ndarray) -> Any:
    return np.sum(np.where(x > 0.1, np.sin(x), 0.0) * w + np.where(x > 0.1, 1.0, x * w) * w)


def upwind(x: np.ndarray, w: np.ndarray) -> Any:
    u, v = x.copy(), x.copy()
    for _ in range(3):
        v[1:-1] = u[1:-1] - w[1:-1] * u[1:-1] * (u[1:-1] - u[:-2]) + 0.1 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
        u, v = v, u
    return np.sum(u * v)


def swapped(x: np.ndarray, w: np.ndarray) -> Any:
    s = np.sum(x * w)
    x = x.copy()
    w = w.copy()
    for _ in range(3):
        w[1:] = np.sin(x[:-1]) * s + x[1:] * x[:-1]
        x, w = w, x
    return np.sum(x * w) + s


def swapped_and_alike(x: np.ndarray, w: np.ndarray) -> Any:
    x = x.copy()
    w = w.copy()
    v = x
    for j in range(3):
        v[j] = x[j] * w[j + 1]
        x, w = w, x
    return np.sum(x * v * w)


def one_after_another(x: np.ndarray, w: np.ndarray) -> Any:
    a = x * w
    for i in range(3):
        a[i] = a[i] * a[i + 1] + w[i] * a[i] - a[i + 1] * w[i + 1] * a[i]
        a[i + 1] += a[i] * a[i] * 0.1
    return np.sum(a * a)


def standardized(x: np.ndarray, w: np.ndarray) -> Any:
    mu = np.mean(x, axis=1, keepdims=True)
    var = np.mean((x - mu) ** 2, axis=1, keepdims=True)
    return np.sum(w * ((x - mu) / np.sqrt(var + 1e-5)) ** 3)


def standardized_again(x: np.ndarray, w: np.ndarray) -> Any:
    columns = (x - x.mean(axis=0)) * x.mean(axis=0)
    return standardized(x, w) + np.sum(w * columns**2)


def means_over_other_counts(x: np.ndarray, w: np.ndarray) -> Any:
    low = np.sum(x * w, axis=0, keepdims=True) / x.shape[1]
    few = np.sum(x * w, axis=1, keepdims=True) / x.shape[0]
    high = np.sum(x, axis=0, keepdims=True) / x.shape[0] + np.sum(x * low)
    return np.sum((x - low) ** 2) + np.sum((w - few) ** 3) + np.sum((x - high) ** 3) + np.sum(high)


def entropy(x: np.ndarray, w: np.ndarray) -> Any:
    labels = np.arange(4) % 3 - 1
    e = np.exp(x * w)
    p = e / np.sum(e, axis=1, keepdims=True)
    return -np.mean(np.log(p[np.arange(len(x)), labels]))


def entropy_of_one(x: np.ndarray, w: np.ndarray) -> Any:
    labels = np.arange(4) % 3
    e = np.exp(x)
    p = e / np.sum(e, axis=1, keepdims=True)
    return np.sum(np.log(p[np.arange(4), labels])) + np.sum(p * w)


def entropy_weighted(x: np.ndarray, w: np.ndarray) -> Any:
    labels = np.arange(4) % 3
    e = np.exp(x * w)
    p = e / np.sum(e, axis=1, keepdims=True)
    return np.sum(w[:, 0] * np.log(p[np.arange(x.shape[0]), labels]))


def entropy_of_few_rows(x: np.ndarray, w: np.ndarray) -> Any:
    labels = np.arange(3)
    e = np.exp(x * w)
    p = e / np.sum(e, axis=1, keepdims=True)
    return np.sum(np.log(p[np.arange(x.shape[1]), labels]))


def entropy_down_columns(x: np.ndarray, w: np.ndarray) -> Any:
    labels = np.arange(4) % 3
    e = np.exp(x * w)
    p = e / np.sum(e, axis=0, keepdims=True)
    return -np.sum(np.log(p[np.arange(4), labels]))


def plain_entropy(x: np.ndarray, w: np.ndarray) -> Any:
    labels = np.arange(4) % 3
    p = np.exp(x)
    p = p / np.sum(p, axis=1, keepdims=True)
    return np.sum(np.log(p[np.arange(len(p)), labels])) + np.sum(w)


def test_the_entropy_of_a_softmax_takes_two_lines() -> None:
    x, w = np.ones((4, 3)), np.ones((4, 3))
    text = tl.grad(entropy).source_for(x, w)
    assert "    p[np.arange(len(x)), labels] -= 1.0\n    return p / len(x) * w" in text  # in its own memory
    assert "p_bar" not in text
    assert "p_bar" in tl.grad(entropy_of_few_rows).source_for(x, w)
    assert "p_bar" in tl.grad(entropy_weighted).source_for(x, w)
    assert "return -p_2" in tl.grad(plain_entropy).source_for(x, w)
    with np.errstate(divide="ignore"):  # the probability of a label is 0
        bar = tl.grad(plain_entropy)(np.array([[-800.0, 0.0, 0.0], [0.0] * 3, [0.0] * 3, [0.0] * 3]), w)
    np.testing.assert_allclose(bar[0], [1.0, -0.5, -0.5])


def test_sums_over_counts_are_means() -> None:
    x, w = np.ones((4, 3)), np.ones((4, 3))
    text = tl.grad(standardized).source_for(x, w)
    assert "x_bar - np.mean(" in text
    assert "mu_bar" not in text


def test_what_is_added_to_one_place_stands_in_one_line() -> None:
    text = tl.grad(upwind, argnums=(0, 1)).source_for(np.ones((4, 3)), np.ones((4, 3)))
    half = text.partition("# v[1:-1] =")[2].partition("#")[0]
    places = [line.strip().partition("]")[0] for line in half.splitlines() if "] += " in line or "] -= " in line]
    assert len(places) > 2
    assert len(set(places)) == len(places)
    assert "_new" not in text  # what is copied on entry has the adjoint of the copy
    text = tl.grad(swapped, argnums=(0, 1)).source_for(np.ones((4, 3)), np.ones((4, 3)))
    assert "max(" not in text  # of what the sizes asked for are made of, all is said
    assert ".copy() +" not in text
    read_between = tl.grad(one_after_another).source_for(np.ones((4, 3)), np.ones((4, 3)))
    assert read_between.count("a_bar[i + 1] += a_bar[i] * a[i]") == 1


@pytest.mark.parametrize("f", [plain_entropy, entropy, entropy_of_one, entropy_weighted, entropy_of_few_rows, entropy_down_columns, standardized, standardized_again, means_over_other_counts, upwind, fitted, swapped, swapped_and_alike, one_after_another, two_arms, two_arms_turned, softmax, softmax_read_again, columns, least_squares, weights, several])
def test_the_same_but_for_rounding(f: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(4, 3)), rng.uniform(1, 2, size=(4, 3))
    gradients = tl.grad(f, argnums=(0, 1))(x, w)
    for k, bar in enumerate(gradients):
        step = rng.normal(size=(4, 3))
        one, two = [x, w], [x, w]
        one[k], two[k] = one[k] + 1e-6 * step, two[k] - 1e-6 * step
        slope = (f(*one) - f(*two)) / 2e-6
        np.testing.assert_allclose(np.sum(bar * step), slope, rtol=1e-6, atol=1e-8)


def test_what_is_written() -> None:
    x, w = np.ones((4, 3)), np.ones((4, 3))
    text = tl.grad(softmax).source_for(x, w)
    assert "np.sum(p_bar * p, axis=1, keepdims=True)) * p" in text
    text_of_weights = tl.grad(weights, argnums="w").source_for(x, w)
    assert "np.outer" not in text_of_weights
    assert text_of_weights.count("np.linalg.solve(G.T") == 1
    assert "-= t_bar * (x @ beta)" in text_of_weights  # a product that has a name is read there
    assert "+= -" not in text_of_weights
    assert "* (y - x @ beta)" in tl.grad(fitted, argnums="w").source_for(x, w)
    assert text != tl.grad(softmax).source_for(x.astype(np.float32), w.astype(np.float32))


def regression(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray) -> Any:
    r = X @ w + b - y
    return np.mean(r**2)


def logistic(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray) -> Any:
    return np.mean(np.log(1.0 + np.exp(-y * (X @ w + b))))


def weighted_mean(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray) -> Any:
    return np.mean((X @ w) * y) + b * np.mean(y * b) + b * len(y)


def without_product(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray) -> Any:
    return b * np.sum((X[:, 0] - y) ** 2) + np.sum(w * b)


def read_alone(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray) -> Any:
    z = (X @ w + b) * y
    return np.sum(z * z) / y.size + np.sum(y * b)


def parts_of(gradients: Any) -> tuple[Any, ...]:
    return gradients if isinstance(gradients, tuple) else (gradients,)


@pytest.mark.parametrize("f", [regression, logistic, weighted_mean, without_product, read_alone])
def test_what_is_not_checked_is_right_or_raises_all_the_same(f: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)

    def given(rows: int, columns: int, weights: int, answers: int) -> tuple[Any, ...]:
        return rng.normal(size=weights), 0.7, rng.normal(size=(rows, columns)), rng.normal(size=answers)

    for n, d in ((4, 3), (4, 1), (1, 3)):
        for wrt in ((0, 1), (1,), (0, 1, 2), (1, 3)):
            kept = tl.grad(f, argnums=wrt).specialize(*given(n, d, d, n))
            for sizes in ((n, d, d, 1), (1, d, d, n), (n, d, 1, n), (1, d, d, 4), (4, d, d, 1), (5, d, d, 4)):
                args = given(*sizes)
                try:
                    right = tl.grad(f, argnums=wrt)(*args)
                except ValueError:
                    right = None
                try:
                    claimed = kept(*args)
                except (ValueError, IndexError):
                    continue
                assert right is not None, (n, d, wrt, sizes)
                for one, two in zip(parts_of(claimed), parts_of(right), strict=True):
                    assert np.shape(one) == np.shape(two), (n, d, wrt, sizes)
                    np.testing.assert_allclose(one, two, rtol=1e-9)


def test_labels_of_one_number_need_no_check() -> None:
    args = np.ones(3), 0.5, np.ones((4, 3)), np.ones(4)
    assert "raise" not in tl.grad(regression, argnums=(0, 1)).source_for(*args)
    assert "raise" not in tl.grad(logistic, argnums=(0, 1)).source_for(*args)
    assert "raise" in tl.grad(regression, argnums="y").source_for(*args)
    assert "raise" in tl.grad(read_alone, argnums=(0, 1)).source_for(*args)


def layered(layers: Any, X: np.ndarray) -> Any:
    h = X
    for W, b in layers:
        h = np.tanh(h @ W + b)
    return np.sum(h * h)


def test_sizes_that_differ_in_one_call_may_be_equal_in_the_next() -> None:
    """What a name is bound to has several sizes: nothing is asked of whether those of another call are equal."""
    rng = np.random.default_rng(0)

    def given(*widths: int) -> Any:
        pairs = itertools.pairwise(widths)
        return [(rng.normal(size=(m, n)), rng.normal(size=n)) for m, n in pairs], rng.normal(size=(5, widths[0]))

    text = tl.grad(layered).source_for(*given(3, 4, 2))
    assert ".shape[1] ==" not in text.partition("raise")[0]
    gradient = tl.grad(layered).specialize(*given(3, 4, 2))
    for widths in ((3, 4, 2), (3, 3, 3), (4, 3, 4)):
        layers, X = given(*widths)
        for own, other in zip(gradient(layers, X), tl.grad(layered)(layers, X), strict=True):
            np.testing.assert_allclose(own[0], other[0], rtol=1e-12)
            np.testing.assert_allclose(own[1], other[1], rtol=1e-12)


def test_what_is_transposed_twice_is_itself() -> None:
    def whitened(A: np.ndarray, y: np.ndarray) -> Any:
        L = np.linalg.cholesky(A)
        return y @ np.linalg.solve(L.T, y)

    assert ".T.T" not in tl.grad(whitened).source_for(np.eye(3) * 2.0, np.ones(3))


def with_offset(w: np.ndarray, X: np.ndarray, off: np.ndarray, y: np.ndarray) -> Any:
    eta = X @ w + off
    return np.sum(np.exp(eta) - y * eta)


def two_weights(w: np.ndarray, X: np.ndarray, off: np.ndarray, y: np.ndarray) -> Any:
    return np.sum(y * np.tanh(X @ w + off) * off)


@pytest.mark.parametrize("f", [with_offset, two_weights])
def test_several_sizes_that_are_not_checked_may_differ_at_once(f: Callable[..., Any]) -> None:
    rng = np.random.default_rng(0)

    def given(rows: int, offsets: int, answers: int) -> tuple[Any, ...]:
        return rng.normal(size=3), rng.normal(size=(rows, 3)), rng.normal(size=offsets), rng.normal(size=answers)

    kept = tl.grad(f).specialize(*given(4, 4, 4))
    assert f is two_weights or "raise" not in tl.grad(f).source_for(*given(4, 4, 4))
    for sizes in itertools.product((1, 4, 5), repeat=3):
        args = given(*sizes)
        try:
            claimed = kept(*args)
        except (ValueError, AssertionError):
            continue
        np.testing.assert_allclose(claimed, tl.grad(f)(*args), rtol=1e-9)
