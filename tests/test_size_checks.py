"""Sizes that are not checked on entry: where they differ, the text raises, or does what is right.

Gradients made for one call are called again with axes of one or two arguments cut to 1.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def masked(U, V, R, mask):
    E = mask * (U @ V.T - R)
    return np.sum(E**2)


def chosen(Q, K, V, seen):
    S = np.where(seen, Q @ K.T, -1e9)
    E = np.exp(S - np.max(S, axis=1, keepdims=True))
    return np.sum((E / E.sum(axis=1, keepdims=True) @ V) ** 2)


def risks(beta, X, event):
    eta = X @ beta
    risk = np.cumsum(np.exp(eta)[::-1])[::-1]
    return -np.sum(event * (eta - np.log(risk)))


def grouped(beta, u, X, y, group):
    eta = X @ beta + u[group]
    return np.sum(np.logaddexp(0.0, eta) - y * eta)


def margins(W, a, p, n):
    near = np.sum((a @ W - p @ W) ** 2, axis=1)
    far = np.sum((a @ W - n @ W) ** 2, axis=1)
    return np.sum(np.maximum(near - far + 1.0, 0.0))


def counts(beta, X, y, alpha):
    mu = np.exp(X @ beta)
    return np.sum((y + 1.0 / alpha) * np.log(1.0 + alpha * mu) - y * np.log(alpha * mu))


def shifted(W, b, X, Y):
    return np.mean((X @ W + b - Y) ** 2)


def means(w, X, y):
    return np.mean(np.log(1.0 + np.exp(X @ w)) - y * (X @ w))


def evidence(scale, noise, X, y, m):
    n = len(y)
    D = np.sum((X[:, None, :] - X[None, :, :]) ** 2, axis=-1)
    K = np.exp(-0.5 * D / scale**2) + noise**2 * np.eye(n)
    r = y - m
    return r @ np.linalg.solve(K, r)


def jittered(jitter, x, Z):
    D = np.sum((Z[:, None] - Z[None]) ** 2, axis=-1)
    return np.sum(np.exp(-0.1 * (D + jitter * np.eye(len(x)))))


def columns(W, X, y):
    z = X @ W
    return np.sum(y[:, None] * z - np.logaddexp(0.0, z)) / W.shape[1]


def share(w, X, y):
    n = len(y)
    return n * w[0] + np.sum(np.logaddexp(0.0, X @ w) - y * (X @ w)) / n


def centred(w, X, y):
    r = X @ w - y
    m = np.sum(r, axis=0, keepdims=True) / len(y)
    return np.sum((r - m) ** 4)


def turns(w, X, y):
    r = X @ w - y
    s = 0.0
    for i in range(len(y)):
        s += r[i] ** 2
    return s


def triplets(E, a, p, n):
    s = 0.0
    for i, j, k in zip(a, p, n):  # noqa: B905
        s += E[i] @ E[j] - E[i] @ E[k]
    return s / len(a)


def recurrent(E, W, b, V, words):
    h = np.zeros(len(b))
    loss = 0.0
    for t in range(len(words) - 1):
        h = np.tanh(E[words[t]] + W @ h + b)
        loss += np.logaddexp(0.0, (V @ h)[words[t + 1]])
    return loss


def settled(J, h, target, words):
    m = np.zeros(len(h))
    for _ in range(len(words) - 1):
        m = np.tanh(J @ m + h)
    return np.sum((m - target) ** 2)


def relaxed(A, u, target, words):
    for _ in range(len(words) - 1):
        u = np.tanh(A @ u)
    return np.sum((u - target) ** 2)


def between(v, x, target):
    i = np.floor(x).astype(int)
    t = x - i
    y = v[i] * (1.0 - t) + v[i + 1] * t
    return np.sum((y - target) ** 2)


def logistic(x):
    return 1.0 / (1.0 + np.exp(-x))


def gated(Wz, Wc, xs):
    h = np.zeros(Wz.shape[0])
    for x in xs:
        v = np.concatenate([h, x])
        z = logistic(Wz @ v)
        h = (1.0 - z) * h + z * np.tanh(Wc @ v)
    return np.sum(h**2)


def elman(Wx, Wh, b, V, xs):
    h = np.zeros(len(b))
    for x in xs:
        h = np.tanh(Wx @ x + Wh @ h + b)
    return np.sum(np.tanh(V @ h))


def layer(h, W, b):
    return h + np.tanh(W @ h + b)


def deep(W, b, x, target, words):
    h = np.tanh(W @ x)
    for _ in range(len(words) - 1):
        h = layer(h, W, b)
    return np.sum((h - target) ** 2)


def filtered(F, q, zs):
    m = np.zeros(2)
    P = np.eye(2)
    loss = 0.0
    for z in zs:
        m = F @ m
        P = F @ P @ F.T + q * np.eye(2)
        e = z - m[0]
        K = P[:, 0] / (P[0, 0] + 1.0)
        loss += e * e / (P[0, 0] + 1.0)
        m = m + K * e
        P = P - np.outer(K, P[0])
    return loss


def chains(log_T, emit):
    a = emit[0]
    for t in range(1, len(emit)):
        a = emit[t] + np.log(np.sum(np.exp(a[:, None] + log_T), axis=0))
    return np.log(np.sum(np.exp(a)))


def powers(A, v, words):
    for _ in range(len(words) - 1):
        v = A @ v
        v = v / np.sqrt(v @ v)
    return v @ (A @ v)


def begun(log_pi, log_A, log_B, obs):
    a = log_pi + log_B[:, obs[0]]
    for t in range(1, len(obs)):
        a = np.log(np.sum(np.exp(a[:, None] + log_A), axis=0)) + log_B[:, obs[t]]
    return np.log(np.sum(np.exp(a)))


rng = np.random.default_rng(11)
N = rng.normal
def scheduled(w: Any, A: Any, b: Any, xs: Any) -> Any:
    m = np.zeros_like(w)
    for t in range(1, len(xs) + 1):
        m = 0.9 * m + 0.1 * (A.T @ (A @ w - b))
        w = w - 0.1 * m / (1 - 0.9**t)
    return 0.5 * np.sum((A @ w - b) ** 2)


PROGRAMS: dict[str, tuple[Any, Any, tuple[Any, ...], bool]] = {
    "masked": (masked, (0, 1), (N(size=(5, 2)), N(size=(4, 2)), N(size=(5, 4)), N(size=(5, 4))), True),
    "chosen": (chosen, (0, 1, 2), (N(size=(4, 3)), N(size=(5, 3)), N(size=(5, 2)), N(size=(4, 5)) > -1), True),
    "risks": (risks, 0, (N(size=3), N(size=(6, 3)), np.ones(6)), True),
    "grouped": (grouped, (0, 1), (N(size=3), N(size=4), N(size=(6, 3)), np.ones(6), np.arange(6) % 4), True),
    "margins": (margins, 0, (N(size=(3, 2)), N(size=(5, 3)), N(size=(5, 3)), N(size=(5, 3))), False),  # by one product
    "counts": (counts, (0, 3), (N(size=3), N(size=(6, 3)), np.ones(6), 0.5), True),
    "shifted": (shifted, (0, 1), (N(size=(3, 2)), N(size=2), N(size=(6, 3)), N(size=(6, 2))), False),
    "evidence": (evidence, (0, 1), (0.8, 0.5, N(size=(4, 2)), N(size=4), N(size=4)), False),
    "jittered": (jittered, 0, (0.7, N(size=3), N(size=(3, 2))), False),
    "columns": (columns, 0, (N(size=(3, 2)), N(size=(5, 3)), N(size=5)), True),
    "share": (share, 0, (N(size=3), N(size=(6, 3)), np.ones(6)), True),
    "centred": (centred, 0, (N(size=3), N(size=(6, 3)), np.ones(6)), False),
    "turns": (turns, 0, (N(size=3), N(size=(6, 3)), np.ones(6)), False),
    "triplets": (triplets, 0, (N(size=(4, 3)), np.arange(4), np.arange(4)[::-1], np.array([1, 2, 2, 3])), True),
    "recurrent": (
        recurrent,
        (0, 1, 2, 3),
        (N(size=(4, 3)), N(size=(3, 3)), N(size=3), N(size=(4, 3)), np.array([0, 1, 3])),
        True,
    ),
    "settled": (settled, (0, 1), (N(size=(3, 3)), N(size=3), N(size=3), np.arange(3)), True),
    "relaxed": (relaxed, (0, 1), (N(size=(3, 3)), N(size=3), N(size=3), np.arange(3)), False),
    "between": (between, 0, (N(size=5), np.array([0.5, 1.2, 3.9]), N(size=3)), True),
    "gated": (gated, (0, 1), (N(size=(3, 5)), N(size=(3, 5)), N(size=(4, 2))), True),
    "elman": (
        elman,
        (0, 1, 2, 3),
        (N(size=(3, 2)), N(size=(3, 3)), N(size=3), N(size=(2, 3)), N(size=(4, 2))),
        True,
    ),
    "deep": (deep, (0, 1), (N(size=(3, 3)), N(size=3), N(size=3), N(size=3), np.arange(3)), False),
    "filtered": (filtered, (0, 1), (N(size=(2, 2)), 0.5, N(size=4)), True),
    "chains": (chains, (0, 1), (N(size=(3, 3)), N(size=(4, 3))), True),
    "powers": (powers, (0, 1), (N(size=(3, 3)), N(size=3), np.arange(3)), True),
    "begun": (begun, (0, 1, 2), (N(size=3), N(size=(3, 3)), N(size=(3, 4)), np.array([0, 3, 1])), False),
    "means": (means, 0, (N(size=3), N(size=(6, 3)), np.ones(6)), True),
    "scheduled": (scheduled, 0, (N(size=3), N(size=(6, 3)), N(size=6), np.arange(3)), True),
}


def cut(args: tuple[Any, ...], axes: tuple[tuple[int, int], ...], rows: int | None = None) -> list[Any]:
    """With one entry along some axes; and so many rows in the last argument, by which loops go."""
    new = list(args)
    for k, axis in axes:
        new[k] = np.take(new[k], [0], axis=axis)
    if rows is not None:
        new[-1] = new[-1][:rows]
    return new


def apart(found: Any) -> Any:
    return found if isinstance(found, tuple) else (found,)


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_not_checked_raises_or_is_right(name: str) -> None:
    f, wrt, args, free = PROGRAMS[name]
    gradient = tl.grad(f, wrt)
    assert ("this derivative is for" not in gradient.source_for(*args)) == free
    made = gradient.specialize(*args)
    axes = [(k, axis) for k, x in enumerate(args) for axis in range(np.ndim(x))]
    calls = 0
    two = list(itertools.combinations(axes, 2))
    turns = (None, 1, 0) if f.__code__.co_varnames[len(args) - 1] in {"words", "xs", "zs", "emit", "obs"} else (None,)
    for some, rows in itertools.product((*itertools.combinations(axes, 1), *two[:: 1 + len(two) // 8]), turns):
        new = cut(args, some, rows)
        try:
            f(*new)
        except (ValueError, IndexError):
            continue
        calls += 1
        try:
            found = made(*new)
        except ValueError:
            continue
        for mine, right in zip(apart(found), apart(gradient(*new)), strict=True):
            assert np.shape(mine) == np.shape(right)
            np.testing.assert_allclose(mine, right, rtol=1e-9, atol=1e-12)
    assert calls > 2


def projected(P, t):
    Q = P + t
    uv = Q[:, :2] / Q[:, 2:]
    return np.sum(uv**2)


def test_sizes_that_others_leave_one_number_are_not_asked_for_again() -> None:
    text = tl.grad(projected, (0, 1)).source_for(N(size=(4, 3)), N(size=3))
    assert "P.shape[1] == t.shape[0] == 3" in text or "t.shape[0] == P.shape[1] == 3" in text
    assert "max(" not in text and "!=" not in text
