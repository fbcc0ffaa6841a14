"""By what the size of an array is said, and that no text is silently wrong for other sizes than those it is made for."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def poisson(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray):
    eta = X @ w + b
    return np.mean(np.exp(eta) - y * eta) + 0.1 * np.sum(np.abs(w))


def rows(E: np.ndarray, W: np.ndarray, words: np.ndarray):
    z = W @ np.mean(E[words], axis=0)
    return np.log(np.sum(np.exp(z)))


def two_layer(W: np.ndarray, b: np.ndarray, V: np.ndarray, X: np.ndarray, Y: np.ndarray):
    out = np.tanh(X @ W + b) @ V
    return np.mean(np.sum((out - Y) ** 2, axis=1))


def smooth(x: np.ndarray, y: np.ndarray, q: np.ndarray, h: float):
    K = np.exp(-((q[:, None] - x[None, :]) ** 2) / h)
    return np.sum((K @ y) ** 2)


def beside(x: np.ndarray, y: np.ndarray, w: np.ndarray):
    return np.mean((x - y) ** 2) + np.sum(w[:, None] * x)


def focal(w: np.ndarray, b: float, X: np.ndarray, y: np.ndarray, g: float):
    p = 1.0 / (1.0 + np.exp(-(X @ w + b)))
    pt = np.where(y > 0.0, p, 1.0 - p)
    return -np.mean((1.0 - pt) ** g * np.log(pt))


def seen(pose: np.ndarray, f: float, P: np.ndarray, uv: np.ndarray):
    X = np.cos(pose[0]) * P[:, 0] - np.sin(pose[0]) * P[:, 1] + pose[1]
    Z = P[:, 2] + pose[2] + 5.0
    return np.sum((f * X / Z - uv[:, 0]) ** 2 + (f * P[:, 1] / Z - uv[:, 1]) ** 2)


def likelihood(scale: float, noise: float, D2: np.ndarray, y: np.ndarray):
    L = np.linalg.cholesky(scale * np.exp(-0.5 * D2) + (2.0 + noise**2) * np.eye(len(y)))
    return np.sum(np.linalg.solve(L, y) ** 2) + np.sum(np.log(np.diag(L)))


def labels(w: np.ndarray, X: np.ndarray, y: np.ndarray, m: np.ndarray):
    r = np.exp(m[:, 0]) * (X @ w - np.exp(y)) * (y > 0.1)
    return np.sum(r**2) + np.sum(np.where(m[:, 1] > 0.0, r, 0.5 * r))


def normal(*shape: int) -> np.ndarray:
    return np.random.default_rng(3).normal(size=shape)


PROGRAMS: dict[Callable[..., Any], tuple[tuple[int, ...], tuple[Any, ...]]] = {
    poisson: ((0, 1), (normal(3), 0.2, normal(4, 3), normal(4))),
    rows: ((0, 1), (normal(5, 3), normal(2, 3), np.array([1, 3, 1, 0]))),
    two_layer: ((0, 1, 2), (normal(3, 4), normal(4), normal(4, 2), normal(5, 3), normal(5, 2))),
    smooth: ((0, 1, 2), (normal(3), normal(3), normal(4), 0.5)),
    focal: ((0, 1), (normal(3), 0.2, normal(4, 3), normal(4), 2.0)),
    seen: ((0, 1), (normal(3), 0.7, normal(4, 3), normal(4, 2))),
    likelihood: ((0, 1), (0.3, 0.2, np.abs(np.subtract.outer(normal(4), normal(4))), normal(4))),
    labels: ((0,), (normal(3), normal(4, 3), normal(4), normal(4, 2))),
    beside: ((0, 2), (normal(3, 4), normal(3, 4), normal(3))),
}


def body(f: Callable[..., Any]) -> str:
    wrt, args = PROGRAMS[f]
    return tl.grad(f, argnums=wrt).source_for(*args)


def test_what_is_read_once_is_said_where_it_is_read() -> None:
    assert "eta_bar = (np.exp(X @ w + b) - y) / len(X)" in body(poisson)
    assert "lam" not in body(poisson) and "return 0.1 * np.sign(w) + X.T @ eta_bar, np.sum(eta_bar)" in body(poisson)
    assert "2 / len(X) * (a @ V - Y)" in body(two_layer)


def test_rows_picked_by_whole_numbers_have_their_length() -> None:
    text = body(rows)
    assert "/ len(words)" in text and "np.mean(E[words], axis=0)" in text
    assert "raise" not in text  # W @ h does


def test_what_a_loop_alone_binds_needs_not_be_there_before() -> None:
    def recurrent(W: np.ndarray, b: np.ndarray, xs: np.ndarray):
        h = np.zeros(2)
        for x in xs:
            z = W @ np.concatenate([h, x]) + b
            h = np.tanh(z[:2]) * np.tanh(z[2:])
        return np.sum(h)

    args = normal(4, 5), normal(4), normal(3, 3)
    df = tl.grad(recurrent, argnums=(0, 1))
    text = df.source_for(*args)
    assert "None" not in text and "z_bar = np.zeros_like(b)" in text and "in reversed(" in text
    for empty in (False, True):
        new = (*args[:2], args[2][:0]) if empty else args
        scope: dict[str, Any] = {}
        exec(text, scope)
        for one, other in zip(scope["grad_recurrent"](*new), df(*new), strict=True):
            np.testing.assert_allclose(one, other)
    claimed = df(*args)
    for k in (0, 1):
        for place in np.ndindex(claimed[k].shape):
            ends = []
            for step in (1e-6, -1e-6):
                new = [a.copy() for a in args]
                new[k][place] += step
                ends.append(recurrent(*new))
            np.testing.assert_allclose(claimed[k][place], (ends[0] - ends[1]) / 2e-6, rtol=1e-5, atol=1e-6)


def test_rows_that_truths_pick_have_not() -> None:
    E, W = normal(4, 3), normal(2, 3)
    words = np.array([True, False, True, True])
    df = tl.grad(rows, argnums=(0, 1))
    assert "len(words)" not in df.source_for(E, W, words)
    for one, other in zip(df(E, W, words), df(E, W, np.flatnonzero(words)), strict=True):
        np.testing.assert_allclose(one, other)


def other_sizes(args: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The arguments with one, two or three of their axes cut to 1, or by one."""
    axes = [(i, k) for i, a in enumerate(args) if isinstance(a, np.ndarray) for k in range(a.ndim)]
    for count in (1, 2, 3):
        for cut in itertools.combinations(axes, count):
            for shorter in (True, False):
                new = list(args)
                for i, k in cut:
                    new[i] = new[i].take(range(new[i].shape[k] - 1 if shorter else 1), axis=k)
                yield tuple(new)


@pytest.mark.parametrize("f", PROGRAMS, ids=lambda f: f.__name__)
def test_for_other_sizes_the_text_is_right_or_raises(f: Callable[..., Any]) -> None:
    wrt, args = PROGRAMS[f]
    df = tl.grad(f, argnums=wrt)
    scope: dict[str, Any] = {}
    exec(df.source_for(*args), scope)
    made = scope[f"grad_{f.__name__}"]
    raised = 0
    for new in other_sizes(args):
        try:
            f(*new)
            claimed = made(*new)
        except (ValueError, IndexError):
            raised += 1
            continue
        for one, true in zip(claimed, df(*new), strict=True):
            assert np.shape(one) == np.shape(true)
            np.testing.assert_allclose(one, true, rtol=1e-9, atol=1e-12)
    assert raised


def triangle(C: np.ndarray, A: np.ndarray, b: float) -> float:
    C = C * b
    for i in range(A.shape[0]):
        for k in range(A.shape[1]):
            C[i, : i + 1] += b * A[i, k] * A[: i + 1, k]
    return np.sum(C**2)


def held_from_the_turn_before(y: np.ndarray) -> float:
    total, before = 0.0, y[:1] * 1.0
    for k in range(1, 3):
        w = y[:k] * y[:k]
        total += np.sum(w * before)  # of one entry beside two, in the second turn
        before = w
    return total


def test_slices_that_every_turn_bounds_within_their_axes_are_of_one_size() -> None:
    gradient = tl.grad(triangle, (0, 1))
    text = gradient.source_for(normal(4, 4), normal(4, 3), 0.5)
    assert "unbroadcast" not in text and "C.shape[1] < A.shape[0]" in text
    for rows, width in ((4, 4), (4, 6), (4, 1), (1, 1), (3, 1)):  # with one column the slices are of one entry
        args = (normal(rows, width), normal(rows if width > 1 else 1, 2), 0.5)
        tl.check_grads(triangle, args)
        np.testing.assert_allclose(gradient(*args)[1], tl.grad(triangle, (0, 1))(*args)[1])
    tl.check_grads(held_from_the_turn_before, (normal(4),), order=2)


def squares(w: np.ndarray, X: np.ndarray, y: np.ndarray):
    return np.mean((y - X @ w) ** 2)


def likely(w: np.ndarray, X: np.ndarray, y: np.ndarray):
    p = 1 / (1 + np.exp(-(X @ w)))
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def over_length(w: np.ndarray, X: np.ndarray, y: np.ndarray):
    return np.sum((y - X @ w) ** 2) / len(y)


def test_counts_of_rows_are_those_of_the_matrix() -> None:
    X, y, w = normal(5, 3), np.linspace(0.1, 0.9, 5), normal(3)
    for f in (squares, likely, over_length):
        scope: dict[str, object] = {}
        text = tl.grad(f).source_for(w, X, y)
        exec(text, scope)
        grad = scope[f"grad_{f.__name__}"]
        np.testing.assert_allclose(grad(w, X, y), tl.numeric.grad(f)(w, X, y), rtol=1e-5)  # type: ignore[operator]
        assert "raise ValueError" not in text
        assert ("len(y)" if f is over_length else "len(X)") in text  # the user's count, and ours
        np.testing.assert_allclose(grad(w, X, y[:1]), tl.numeric.grad(f)(w, X, y[:1]), rtol=1e-5)  # type: ignore[operator]
        with pytest.raises(ValueError, match=r"matmul|mismatch"):
            grad(w, X[:1], y)  # type: ignore[operator]
