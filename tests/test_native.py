"""What Numba compiles is lowered to loops: the text says how, and the numbers are those of whole arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tangent_like as tl

pytest.importorskip("numba")


def shifted(x):
    y = x * 1.0
    y[1:] = y[:-1] * y[:-1] + x[1:]
    y[:-1] += y[1:]
    return np.sum(y * y)


def smoothed(A, t):
    A = A.copy()
    B = np.zeros_like(A)
    for _ in range(t):
        B[1:-1, 1:-1] = 0.2 * (A[1:-1, 1:-1] + A[:-2, 1:-1] + A[2:, 1:-1] + A[1:-1, :-2] + A[1:-1, 2:])
        A[1:-1, 1:-1] = B[1:-1, 1:-1] + 0.1 * B[1:-1, 2:]
    return np.sum(A * A)


def smoothed_by_hand(x, w, t):
    x = x.copy()
    y = np.zeros(len(x))
    for _ in range(t):
        for i in range(1, len(x) - 1):
            y[i] = w * x[i - 1] + x[i] - x[i + 1]
        for i in range(1, len(x) - 1):
            x[i] = y[i] * 0.5
    return np.sum(x * x)


def many(X, w, b, idx):
    Z = np.tanh(X @ w + b)
    norm = np.sqrt(np.sum(Z * Z, axis=1, keepdims=True) + 1.0)
    Z = np.where(Z > 0, Z / norm, 0.1 * Z)
    picked = w[idx] * np.mean(X, axis=0)[0]
    return np.sum(Z.T * 0.5) + np.sum(picked)


def quotients(x, a):
    y = x / x[0]
    return np.sum(y) / a + x[1] / x[2]


RNG = np.random.default_rng(3)


def agree(f: Any, argnums: Any, *args: Any) -> str:
    """Compiled and in Python the same; the text that was compiled."""
    ours = tl.grad(f, argnums, jit=True)
    theirs = tl.grad(f, argnums)(*args)
    for a, b in zip(np.atleast_1d(ours(*args)), np.atleast_1d(theirs), strict=True) if argnums == 0 else zip(
        ours(*args), theirs, strict=True
    ):
        assert np.allclose(a, b, rtol=1e-12, atol=1e-13)
    return ours.source_for(*args)


def test_a_store_that_reads_what_it_writes_goes_through_memory() -> None:
    assert "kept" in agree(shifted, 0, RNG.normal(size=6))


def test_the_adjoint_of_a_stencil_is_gathered() -> None:
    assert "padded" in agree(smoothed, 0, RNG.normal(size=(6, 5)), 3)
    df, plain = tl.grad(smoothed, jit=True), tl.grad(smoothed)
    for shape in ((3, 3), (2, 3), (1, 1), (0, 3)):
        A = RNG.normal(size=shape)
        assert np.allclose(df(A, 2), plain(A, 2))


def test_loops_by_hand_are_gathered_at_any_length() -> None:
    df, plain = tl.grad(smoothed_by_hand, jit=True), tl.grad(smoothed_by_hand)
    for n in (7, 3, 2, 1, 0):
        x = RNG.normal(size=n)
        assert np.allclose(df(x, 0.3, 3), plain(x, 0.3, 3))
    assert "padded" in df.source_for(RNG.normal(size=5), 0.3, 2)


def test_reductions_gathers_and_choices() -> None:
    args = (RNG.normal(size=(5, 3)), RNG.normal(size=(3, 4)), RNG.normal(size=4), np.array([0, 2, 2]))
    text = agree(many, (0, 1, 2), *args)
    text = "\n".join(line for line in text.splitlines() if "# " not in line)
    assert "keepdims" not in text
    assert "np.where" not in text


def test_division_by_zero_is_numpys_between_its_numbers_and_pythons_between_its_own() -> None:
    df = tl.grad(quotients, 1, jit=True)
    x = np.array([1.0, 2.0, 0.0])
    assert df(x, 2.0) == pytest.approx(-0.75)
    with np.errstate(all="ignore"):
        assert np.isinf(tl.value_and_grad(quotients, 1, jit=True)(x, 2.0)[0])
