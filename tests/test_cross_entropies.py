"""Cross-entropies of a softmax with something other than one entry of each row: right, and not divided by the softmax."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def of_rows(W, X, q, tau):
    z = X @ W / tau
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    p = e / np.sum(e, axis=1, keepdims=True)
    return -np.mean(np.sum(q * np.log(p), axis=1))


def of_one(w, q, tau):
    z = w / tau
    e = np.exp(z - np.max(z))
    p = e / np.sum(e)
    return -np.sum(q * np.log(p))


def read_again(W, X, q, tau):
    z = X @ W / tau
    e = np.exp(z)
    p = e / np.sum(e, axis=1, keepdims=True)
    return -np.sum(q * np.log(p)) + np.sum(p**3)


def smoothed(z, labels, eps):
    n = len(z)
    s = z - z.max(axis=1, keepdims=True)
    logp = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    nll = -logp[np.arange(n), labels]
    return np.mean((1.0 - eps) * nll - eps * logp.mean(axis=1))


rng = np.random.default_rng(5)
N = rng.normal
ROWS = (N(size=(3, 4)), N(size=(6, 3)))
CASES: dict[str, tuple[Any, tuple[Any, ...], bool]] = {
    "of rows": (of_rows, (*ROWS, rng.uniform(size=(6, 4)), 0.7), True),
    "of one": (of_one, (N(size=5), rng.uniform(size=5), 0.7), True),
    "one row for all": (of_rows, (*ROWS, rng.uniform(size=(1, 4)), 0.7), False),
    "one entry for each row": (of_rows, (*ROWS, rng.uniform(size=(6, 1)), 0.7), False),
    "one vector for all": (of_rows, (*ROWS, rng.uniform(size=4), 0.7), False),
    "whole numbers": (of_rows, (*ROWS, rng.integers(0, 3, size=(6, 4)), 0.7), False),
    "truths": (of_one, (N(size=5), rng.uniform(size=5) > 0.5, 0.7), False),
    "single precision": (of_rows, (*ROWS, rng.uniform(size=(6, 4)).astype("float32"), 0.7), False),
    "read again": (read_again, (*ROWS, rng.uniform(size=(6, 4)), 0.7), False),
}


@pytest.mark.parametrize("name", CASES)
def test_right(name: str) -> None:
    f, args, undivided = CASES[name]
    tl.check_grads(f, args, argnums=0)
    text = tl.grad(f).source_for(*args)
    assert ("/ p)" not in text and "q / p" not in text and ("t_bar = " in text or " - q) / tau" in text)) == undivided


def test_the_limit_where_a_softmax_is_zero() -> None:
    w, q = np.array([0.0, -800.0, 1.0]), np.array([0.2, 0.3, 0.5])
    e = np.exp(w - 1.0)
    np.testing.assert_allclose(tl.grad(of_one)(w, q, 1.0), e / e.sum() - q, atol=1e-12)


def test_nothing_is_computed_for_its_shape_alone() -> None:
    args = N(size=(5, 3)), np.array([0, 2, 1, 1, 0]), 0.1
    text = tl.grad(smoothed).source_for(*args)
    assert "logp = s" not in text.replace("# logp = s", "")
    assert "nll = -" not in text.replace("# nll = -", "")
    tl.check_grads(smoothed, args)
    with pytest.raises(ValueError, match="this derivative is for"):
        tl.grad(smoothed).specialize(*args)(args[0], np.array([1]), 0.1)
    one = args[0], np.array([1]), 0.1  # the one label for all rows: compiled anew
    tl.check_grads(smoothed, one)
