"""Compiled slopes along a direction, and gradients over threads, of programs whose gradients compile."""

from __future__ import annotations

import numpy as np
import pytest

import tangent_like as tl

pytest.importorskip("numba")

RNG = np.random.default_rng(6)


def cut(A):
    M = A.copy()
    M[A < 0] = 0.0  # the mask is a number a turn, and is asked twice there
    M[A > 1] *= 0.5
    return np.sum(np.sqrt(M + 1.0))


def nearest(c, points):
    d = np.sum((points[:, None, :] - c[None, :, :]) ** 2, axis=2)  # its slope fills an array with rows
    return np.sum(np.min(d, axis=1))


def middle(x):
    return np.median(x) * np.sum(np.sort(x) * np.linspace(0, 1, len(x)))


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (cut, (RNG.normal(size=(5, 4)),)),
        (nearest, (RNG.normal(size=(3, 2)), RNG.normal(size=(8, 2)))),
        (middle, (RNG.normal(size=9),)),
    ],
)
def test_slopes_compile(f, args):
    along = (RNG.normal(size=args[0].shape), *(None for _ in args[1:]))
    compiled, plain = tl.jvp(f, args, along, jit=True), tl.jvp(f, args, along)
    np.testing.assert_allclose(compiled, plain, rtol=1e-12)


def slope(y, p):
    return np.array([p[0] * (y[1] - y[0]), y[0] * (p[1] - y[1])])


def stepped(y, p, n):
    for _ in range(n):  # y is bound three times where Numba counts, and the places of the steps are y_2, y_3, y_4
        k1 = slope(y, p)
        k2 = slope(y + 0.5 * k1, p)
        k3 = slope(y + 0.5 * k2, p)
        k4 = slope(y + k3, p)
        y = y + (k1 + 2 * k2 + 2 * k3 + k4) / 60
    return np.sum(y**2)


def test_threads_are_handed_names_that_are_apart():
    args = np.array([1.0, 0.5]), np.array([0.3, 0.7]), 4
    found = tl.grad(stepped, (0, 1), jit={"parallel": True})(*args)
    for ours, plain in zip(found, tl.grad(stepped, (0, 1))(*args), strict=True):
        np.testing.assert_allclose(ours, plain, rtol=1e-12)


def test_tangents_of_variances_along_axes():
    def f(x):
        return np.sum(x**3 / np.sqrt(x.var(axis=0) + np.std(x, axis=1, keepdims=True)))

    x = np.random.default_rng(0).normal(size=(4, 5))
    np.testing.assert_allclose(tl.jvp(f, (x,), (x**2,), jit=True), tl.jvp(f, (x,), (x**2,)), rtol=1e-12)
