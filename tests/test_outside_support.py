"""Where nothing is found a density is 0: so are the slopes of ``exp(logpdf)``, not NaN; and other edges of domains."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from scipy.spatial import distance

import tangent_like as tl

SHAPES: dict[str, tuple[float, ...]] = {
    "gamma": (2.5,),
    "lognorm": (0.5,),
    "beta": (2.0, 3.0),
    "weibull_min": (1.5,),
    "f": (3.0, 4.0),
    "fisk": (2.5,),
    "burr12": (2.5, 1.5),
    "expon": (),
    "pareto": (2.5,),
    "chi2": (3.0,),
    "invgamma": (3.0,),
    "rayleigh": (),
    "nakagami": (1.3,),
    "genpareto": (0.4,),
    "maxwell": (),
    "halfnorm": (),
    "invgauss": (1.2,),
    "gompertz": (1.1,),
}


def by_logarithm(d: Any) -> Any:
    def f(x, args, loc, scale):
        return np.sum(np.exp(d.logpdf(x, *args, loc, scale)))

    return f


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("x", [-1.7, np.array([-1.7, 0.55, 5.0])], ids=["number", "array"])
def test_densities_by_their_logarithms(name: str, x: Any) -> None:
    f, shapes = by_logarithm(getattr(stats, name)), SHAPES[name]
    found = tl.grad(f, (0, 1, 2, 3) if shapes else (0, 2, 3))(x, shapes, 0.1, 1.2)
    flat = np.concatenate([np.ravel(v) for v in found])
    assert np.all(np.isfinite(flat))
    h = 1e-6
    moved = [f(x + k, tuple(a + k for a in shapes), 0.1 + k, 1.2 + k) for k in (h, -h)]
    np.testing.assert_allclose(np.sum(flat), (moved[0] - moved[1]) / (2 * h), rtol=1e-6, atol=1e-7)


LOGARITHMS = [
    *((name, "logpdf") for name in (*SHAPES, "halfcauchy", "uniform", "truncnorm")),
    *((name, "logcdf") for name in ("gamma", "beta", "f", "expon", "chi2", "halfnorm", "lognorm", "maxwell", "uniform")),
]


def log_of(chance: Any) -> Any:
    def f(x, args, loc, scale):
        return np.sum(chance(x, *args, loc, scale))

    return f


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "method"), LOGARITHMS)
@pytest.mark.parametrize("x", [-1.7, np.array([-1.7, -0.5])], ids=["number", "array"])
def test_logarithms_of_nothing_stay(name: str, method: str, x: Any) -> None:
    f = log_of(getattr(getattr(stats, name), method))
    shapes = (-1.0, 1.5) if name == "truncnorm" else SHAPES.get(name, ())
    args = (x, shapes, 0.9, 1.2)
    assert f(*args) == -np.inf
    for found in tl.grad(f, (0, 1, 2, 3) if shapes else (0, 2, 3))(*args):
        np.testing.assert_array_equal(np.ravel(found), 0.0)
    assert tl.jvp(f, args, (np.ones_like(x)[()], None, 1.0, 1.0))[1] == 0.0


def between(x, y, vi):
    return np.sum(distance.cdist(x, y, "mahalanobis", VI=vi)) + distance.mahalanobis(x[0], y[0], vi)


def test_points_that_are_one() -> None:
    x, vi = np.array([[1.0, 2.0]]), np.array([[2.0, 0.3], [0.3, 1.0]])
    for found in tl.grad(between, (0, 1, 2))(x, x.copy(), vi):
        np.testing.assert_array_equal(found, np.zeros(np.shape(found)))


def greatest_from(x, least):
    return np.max(x[x > 10.0], initial=least) + np.min(x[x > 10.0], initial=-least) + np.nanmax(x[x > 9.0], initial=least)


def test_the_greatest_of_nothing() -> None:
    found = tl.grad(greatest_from, (0, 1))(np.ones(3), 2.0)
    np.testing.assert_array_equal(found[0], np.zeros(3))
    assert found[1] == 1.0
    assert tl.jvp(greatest_from, (np.ones(3), 2.0), (np.ones(3), 1.0))[1] == 1.0
    np.testing.assert_array_equal(tl.grad(greatest_from)(np.array([1.0, 11.0, 12.0]), 2.0), [0.0, 0.0, 2.0])


def areas(x):
    return np.sum(np.trapezoid(x))


def test_the_integral_of_nothing() -> None:
    assert tl.grad(areas)(np.zeros((3, 0))).shape == (3, 0)
