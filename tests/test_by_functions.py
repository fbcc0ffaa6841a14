"""NumPy's functions that take functions, splines, sparse solutions: in both modes, and their second derivatives."""

from __future__ import annotations

import linecache
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

X = np.array([0.0, 0.4, 1.0, 1.3, 2.0])


def pieces(x):
    return np.sum(np.piecewise(x, [x < 0, x >= 0], [lambda t: t**2, lambda t: t**3]) ** 2)


def pieces_and_rest(x, k):
    return np.sum(np.piecewise(x, [x < -0.5, x > 0.5], [lambda t: k * t**2, 1.0, lambda t: np.sin(k * t)]) ** 2)


def pieces_that_overlap(x):
    return np.sum(np.piecewise(x, [x > -1, x > 0.5], [lambda t: t**2, lambda t: np.log(t)]))


def entry_by_entry(x):
    return np.sum(np.vectorize(lambda t: t**2 if t > 0 else -t)(x))


def of_two(x, y):
    return np.sum(np.vectorize(lambda t, u: t * u)(x, y) ** 2)


def of_indices(k):
    return np.sum(np.fromfunction(lambda i, j: np.exp(-k * (i + j)), (3, 2)))


def product(p, q):
    return np.sum(np.polymul(p, q) ** 2)


def fitted(x, y):
    return np.sum(np.polyfit(x, y, 2) ** 2)


B = np.array([0.3, -0.8, 1.2])
Y = np.array([0.1, 0.9, 0.3, -0.4, 0.8])
PROGRAMS: list[tuple[Any, tuple[Any, ...]]] = [
    (pieces, (B,)), (pieces_and_rest, (B, 0.7)), (pieces_that_overlap, (B,)), (entry_by_entry, (B,)),
    (of_two, (B, 2 * B)), (of_indices, (0.7,)), (product, (B, 2 * B)), (fitted, (X, Y)),
]  # fmt: skip


@pytest.mark.parametrize(("f", "args"), PROGRAMS, ids=[f.__name__ for f, _ in PROGRAMS])
def test_both_modes_and_orders(f: Any, args: tuple[Any, ...]) -> None:
    tl.check_grads(f, args, tuple(range(len(args))), order=2)
    assert tl.value_and_grad(f)(*args)[0] == pytest.approx(f(*args), rel=1e-12)


def test_splines_and_sparse_solutions() -> None:
    interpolate, sparse = pytest.importorskip("scipy.interpolate"), pytest.importorskip("scipy.sparse")
    linalg = pytest.importorskip("scipy.sparse.linalg")
    matrix = sparse.csc_matrix(np.array([[2.0, 1, 0], [0, 3, 1], [1, 0, 4]]))

    def through(y, t):
        spline = interpolate.CubicSpline(X, y, bc_type="natural")
        return np.sum(spline(t) ** 2) * spline(0.7, 1)

    def solved(b):
        return np.sum(linalg.spsolve(matrix, b) ** 3)

    tl.check_grads(through, (Y, 0.5 * B + 0.6), (0, 1), order=2)
    tl.check_grads(solved, (B,), order=2)


INTERPOLATORS = [
    "PchipInterpolator(X, y)", "PchipInterpolator(X, y, extrapolate=False)",
    "Akima1DInterpolator(X, y)", "Akima1DInterpolator(X, y, method='makima', extrapolate=True)",
    "make_interp_spline(X, y)", "make_interp_spline(X, y, k=1)",
    "make_interp_spline(X, y, 3, bc_type='natural')", "CubicSpline(X, y, bc_type='clamped')",
]  # fmt: skip


@pytest.mark.parametrize("made", INTERPOLATORS)
def test_interpolators(made: str) -> None:
    interpolate = pytest.importorskip("scipy.interpolate")
    lines = f"def f(y, t):\n    spline = interpolate.{made}\n    return np.sum(spline(t) ** 2) * spline(0.13, 1)\n"
    linecache.cache[f"<{made}>"] = (len(lines), None, lines.splitlines(keepends=True), f"<{made}>")
    world = {"np": np, "interpolate": interpolate, "X": X}
    exec(compile(lines, f"<{made}>", "exec"), world)
    f: Any = world["f"]
    for heights in (Y, np.cumsum(np.abs(Y)), np.array([0.0, 0.3, 0.3, 0.9, -2.0])):
        t = 0.5 * B + 0.6
        flat = len(np.unique(heights)) < len(heights)  # a kink
        if not flat:
            tl.check_grads(f, (heights, t), (0, 1), order=2)
        assert tl.value_and_grad(f)(heights, t)[0] == pytest.approx(f(heights, t), rel=1e-13)
        assert np.all(np.isfinite(tl.grad(f)(heights, t)))


def test_what_is_refused() -> None:
    def by_knots(x):
        interpolate = pytest.importorskip("scipy.interpolate")
        return interpolate.CubicSpline(x, Y)(0.3)

    def of_a_number(x):
        return np.piecewise(x, [x < 0], [lambda t: t])

    for f, at in ((by_knots, X), (of_a_number, 0.3)):
        with pytest.raises(tl.DifferentiationError):
            tl.grad(f)(at)
