"""Programs that Numba compiles with words of ours for what it lacks, held against those that are not compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tangent_like as tl

pytest.importorskip("numba")

RNG = np.random.default_rng(11)


def agree(f: Any, wrt: tuple[int, ...], *calls: tuple[Any, ...]) -> str:
    """Compiled and in Python the same, for each tuple of arguments; the text that was compiled for the first."""
    ours, theirs = tl.grad(f, wrt, jit=True), tl.grad(f, wrt)
    for args in calls:
        for a, b in zip(ours(*args), theirs(*args), strict=True):
            assert np.shape(a) == np.shape(b)
            assert np.allclose(a, b, rtol=1e-11, atol=1e-13)
    return ours.source_for(*calls[0])


def ring(x: np.ndarray, w: np.ndarray, turns: int, s: int) -> float:
    x = x.copy()
    for _ in range(turns):
        force = np.zeros_like(x)
        for i in range(len(x) - 1):
            force[i] += max(x[i], w[i], 0.5)
        for i in range(len(x)):
            x[i] += 0.1 * force[i]
    pairs = np.outer(x, np.roll(w, 1))
    pairs[:] = np.roll(pairs, (1, -s), axis=(0, 1))
    return np.sum(pairs * pairs * x)


def test_rolled_arrays_outer_products_ties_and_sizes_that_no_turn_has_set() -> None:
    x, w = RNG.normal(size=(2, 5))
    w[2] = x[2] = 0.7  # a tie
    text = agree(ring, (0, 1), (x, w, 3, 2), (x, w, 0, -8), (x[:2], w[:2], 1, 0))
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    assert not any(said in line for line in lines for said in ("np.roll", "np.outer", "= None"))
