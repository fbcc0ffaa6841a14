"""``tl.grad`` inside a function that is differentiated: no perturbation is confused with another."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import tangent_like as tl


def own_slope(x):
    return x * tl.grad(lambda y: x + y)(2.0)


def square_of_slope(x, y):
    return tl.grad(lambda z: x * z * z)(y) ** 2


def twice(x):
    def inner(y):
        return tl.grad(lambda z: math.sin(z) * y * x)(y)

    return tl.grad(inner)(x)


def sine(t):
    return math.sin(t) * t


def newton(c):
    """The root of t**3 - c, by Newton's method on a closure."""
    t = 1.5
    for _ in range(20):
        slope = tl.grad(lambda u: u**3 - c)(t)
        t = t - (t**3 - c) / slope
    return t


def by_value(x):
    value, slope = tl.value_and_grad(sine)(x)
    return value * slope


def with_respect_to_two(x):
    a, b = tl.grad(lambda u, v: u * u * v * x, argnums=(0, 1))(x, 2.0)
    return a * b


def arrays(x):
    g = tl.grad(lambda v: np.sum(v**3))(x)
    return np.sum(g * x)


@pytest.mark.parametrize(
    ("f", "at", "slope"),
    [
        (own_slope, 3.0, 1.0),
        (by_value, 0.7, None),
        (with_respect_to_two, 1.3, None),
        (twice, 0.6, None),
        (newton, 2.0, 1 / (3 * 2.0 ** (2 / 3))),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_derivative_inside(f: Any, at: float, slope: float | None) -> None:
    if slope is None:
        slope = (f(at + 1e-6) - f(at - 1e-6)) / 2e-6
    assert tl.grad(f)(at) == pytest.approx(slope, rel=1e-6)
    assert tl.jvp(f, (at,), (1.0,))[1] == pytest.approx(slope, rel=1e-6)


def test_what_the_inner_function_reads_counts_too() -> None:
    a, b = tl.grad(square_of_slope, argnums=(0, 1))(1.5, 0.5)
    assert (a, b) == (pytest.approx(8 * 1.5 * 0.5**2), pytest.approx(8 * 1.5**2 * 0.5))


def test_arrays_inside() -> None:
    x = np.array([0.5, -1.0, 2.0])
    np.testing.assert_allclose(tl.grad(arrays)(x), 9 * x**2)


def test_an_integer_asked_for_inside() -> None:
    def f(x):
        return x * tl.grad(lambda k: k * x)(3)

    with pytest.raises(tl.DifferentiationError, match="which is no float"):
        tl.grad(f)(2.0)


def cube_root(b):
    return tl.root(lambda x: x**3 + x - b, 1.0)


@tl.checkpoint
def sine_again(b):
    return math.sin(b)


@pytest.mark.parametrize(
    "f",
    [
        lambda a: tl.grad(cube_root)(a) * a,
        lambda a: tl.grad(lambda b: tl.root(lambda x: x**3 + x - b, 1.0))(a) * a,
        lambda a: tl.jvp(lambda b: tl.fixed_point(lambda x: 0.5 * math.cos(x * b), 1.0), (a,), (1.0,))[1],
        lambda a: tl.vjp(lambda b: sine_again(b), a)[1](1.0)[0] * a,
    ],
)
def test_solvers_and_what_runs_again_inside(f: Any) -> None:
    """They were taken for constants where they were all that an inner function does."""
    slope = tl.numeric.grad(f)(0.8)
    assert abs(slope) > 0.01
    assert tl.grad(f)(0.8) == pytest.approx(slope, rel=1e-7)
    assert tl.jvp(f, (0.8,), (1.0,))[1] == pytest.approx(slope, rel=1e-7)


def turned_round(t):
    xs = [t * k for k in range(1, 4)]
    xs.reverse()
    return xs[0] * xs[1] ** 2


def put_between(t):
    xs = [t * k for k in range(1, 5)]
    xs.insert(1, t * t)
    del xs[2]
    xs.sort()
    return xs[0] * xs[1] ** 2 + xs[2]


@pytest.mark.parametrize("g", [turned_round, put_between])
def test_lists_that_an_inner_function_changes_in_place(g: Any) -> None:
    """The tangents of one that was turned round stayed in their order."""
    for f in (
        lambda t: t * tl.grad(g)(t),
        lambda t: t * tl.jvp(g, (t,), (1.0,))[1],
        lambda t: tl.fixed_point(lambda u, s: 0.1 * g(s) * math.cos(u), 0.5, t),
    ):
        slope = tl.numeric.grad(f)(0.63)
        assert tl.grad(f)(0.63) == pytest.approx(slope, rel=1e-7)
        assert tl.jvp(f, (0.63,), (1.0,))[1] == pytest.approx(slope, rel=1e-7)


def cubes(x):
    return np.sum(x**3)


WEIGHTS = np.array([1.0, 2.0, 3.0])
tuple_of_one = tl.grad(cubes, argnums=(0,))


def taken_out_of_a_tuple_of_one(x):
    (g,) = tuple_of_one(x)
    return np.sum(g * WEIGHTS) + np.sum(tl.grad(cubes, argnums=(0,))(x)[0] ** 2)


def test_a_gradient_in_a_tuple_of_one() -> None:
    x = np.array([0.5, 0.7, 1.1])
    expected = 6 * x * WEIGHTS + 36 * x**3
    np.testing.assert_allclose(tl.grad(taken_out_of_a_tuple_of_one)(x), expected)
    tangents = [tl.jvp(taken_out_of_a_tuple_of_one, (x,), (e,))[1] for e in np.eye(3)]
    np.testing.assert_allclose(tangents, expected)


def energy(q: Any, scale: Any = 1.0) -> Any:
    return np.sum(np.cos(np.diff(q))) * q[0] ** 2 * scale


CURVATURE = tl.hessian(energy)


def of_hessian(x):
    h = tl.hessian(lambda y: np.sum(y**4) * y[0] * x[1])(x)
    return np.trace(h) + h[0, 1]


def of_product(x):
    return tl.hvp(energy)(x, np.sin(x)) @ x + tl.hvp(energy, 0)(x, x[0], x**2) @ x


def of_jacobian(x):
    def turned(w):
        return np.array([w[0] ** 2 + w[1] * x[0] - x[1] ** 2, w[1] ** 3 + w[0] * x[2] - x[3]])

    w = np.array([0.1, 0.2])
    for _ in range(3):
        w = w - np.linalg.solve(tl.jacfwd(turned)(w) + 3 * np.eye(2), turned(w))
    return np.sum(w**2)


def of_numbers(x):
    s = 0.0
    for i in range(3):
        s += tl.hessian(lambda t, k=i: math.sin(t * x[k]))(x[i + 1]) * x[0] + tl.jacrev(energy, "scale")(x, x[i])
    return s


@dataclass
class Spring:
    k: Any
    at: Any
    label: str = "spring"


def of_slopes_with_structure(x):
    def stretched(t):
        return {"whole": t * t, "parts": [x * t, t[0] ** 3]}

    _, slope = tl.jvp(stretched, (x,), (x,))
    value, moved = tl.jvp(lambda s: Spring(s.k * s.at, s.k**2 * s.at), (Spring(x[0], x),), (Spring(x[1], None, None),))
    return np.sum(slope["whole"] * slope["parts"][0]) + slope["parts"][1] + np.sum(value.k * moved.at)


def of_pullbacks_with_structure(x):
    value, pull = tl.vjp(lambda s, d: {"y": s.k * s.at * d["w"], "n": [s.k, d["n"] * 1.0]}, Spring(x[0], x), {"w": x, "n": 3})
    s_bar, d_bar = pull({"y": x * x, "n": [x[1], 0.0]})
    return np.sum(s_bar.at * d_bar["w"] * value["y"]) * s_bar.k


def of_what_is_made_outside(x):
    return np.linalg.norm(CURVATURE(x)) + np.sum(tl.jacobian(CURVATURE)(x) ** 2)


MATRICES = [
    of_hessian, of_product, of_jacobian, of_numbers, of_what_is_made_outside,
    of_slopes_with_structure, of_pullbacks_with_structure,
]


@pytest.mark.parametrize("f", MATRICES)
def test_matrices_inside(f: Any) -> None:
    x, v = np.array([0.7, -0.4, 1.1, 0.5]), np.array([0.6, -0.3, 0.8, 0.2])

    def difference(g: Any) -> Any:
        outer, inner = ((g(x + h * v) - g(x - h * v)) / (2 * h) for h in (2e-3, 1e-3))
        return (4 * inner - outer) / 3

    assert tl.grad(f)(x) @ v == pytest.approx(difference(f), rel=1e-6)
    assert tl.jvp(f, (x,), (v,))[1] == pytest.approx(difference(f), rel=1e-6)
    assert tl.hvp(f)(x, v) == pytest.approx(difference(tl.grad(f)), rel=1e-5)


def test_third_derivatives() -> None:
    x, v = np.array([0.7, -0.4, 1.1, 0.5]), np.array([0.6, -0.3, 0.8, 0.2])
    found = tl.jacobian(tl.hessian(energy))(x)
    assert found.shape == (4, 4, 4)
    slope = (CURVATURE(x + 1e-4 * v) - CURVATURE(x - 1e-4 * v)) / 2e-4
    np.testing.assert_allclose(found @ v, slope, atol=1e-6)


def test_a_matrix_by_several_axes_is_refused() -> None:
    def f(x):
        return np.sum(tl.hessian(lambda y: np.sum(y**3))(x))

    with pytest.raises(tl.UnsupportedError, match="by an array of several axes"):
        tl.grad(f)(np.ones((2, 2)))
