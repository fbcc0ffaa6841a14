"""Outer products of which entries alone are read, in the way back through matrices put together of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def rotated(angle: float, p: Any, q: Any) -> Any:
    c, s = np.cos(angle), np.sin(angle)
    R = np.array([[c, -s], [s, c]])
    return np.sum((R @ p - q) ** 2)


def chain(angle: float, p: Any, q: Any) -> Any:
    for k in range(3):
        T = np.array([[1.0, angle * k], [0.0, 1.0]])
        U = np.array([[1.0, 0.0], [-1.0 / (angle + k), 1.0]])
        p = U @ (T @ p)
    return np.sum(p * q)


def chain_of_rotations(angle: float, p: Any, q: Any) -> Any:
    """Four entries are read, and what is multiplied is bound anew before."""
    total = 0.0
    for k in range(3):
        c, s = np.cos(angle * k), np.sin(angle * k)
        R = np.array([[c, -s], [s, c]])
        p = R @ p
        total = total + np.sum(p * q)
    return total


def entry_of_outer(angle: float, p: Any, q: Any) -> Any:
    M = np.outer(p * angle, q)
    return M[0, 1] ** 2 + M[-1, 0] * angle


def corner(angle: float, p: Any, q: Any) -> Any:
    M = np.array([[angle, 2.0], [3.0, angle ** 2]])
    N = np.array([[1.0, angle], [angle, 0.0]])
    u = M @ p
    v = N @ u
    return v @ q + u @ u


@pytest.mark.parametrize("f", [rotated, chain, chain_of_rotations, entry_of_outer, corner])
def test_values(f: Any) -> None:
    rng = np.random.default_rng(11)
    p, q = rng.normal(size=2), rng.normal(size=2)
    expected = tl.numeric.grad(f, argnums=(0, 1, 2))(0.7, p, q)
    found = tl.grad(f, argnums=(0, 1, 2))(0.7, p, q)
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, rel=1e-6, abs=1e-8)
    assert tl.grad(f)(0.7, p, q) == pytest.approx(expected[0], rel=1e-6)


def test_no_outer_product_is_made() -> None:
    p = np.array([0.3, -0.4])
    for f in (rotated, chain):
        assert "outer" not in tl.grad(f).source_for(0.7, p, p)
