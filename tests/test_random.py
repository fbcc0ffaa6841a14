"""Random draws: the stream of numbers, their slopes, and estimators against closed forms."""

from __future__ import annotations

import math
import types
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import integrate, special

import tangent_like as tl
from tangent_like.runtime import beta_slope, gamma_slope

Generator = np.random.Generator


def plain(w: np.ndarray, s: float, rng: Generator) -> float:
    y = rng.normal(w[0], s) + w[1] * rng.uniform(w[0], s + 3.0, size=3)
    z = rng.normal(w, s, size=(2, 3)) * rng.exponential(s)
    return np.sum(y) + np.sum(z**2) + rng.laplace(w[2], s) * rng.rayleigh(s)


def others(w: np.ndarray, s: float, rng: Generator) -> float:
    y = rng.lognormal(w, s) + rng.gumbel(w[0], s, 3) * rng.logistic(w[1], s)
    return np.sum(y * rng.weibull(s, size=3)) + rng.pareto(s) * rng.power(s)


def in_loops(w: np.ndarray, s: float, rng: Generator) -> float:
    t = s
    for i in rng.permutation(3):
        t += w[i] ** 2 * rng.normal()
    for k in range(rng.integers(2, 5)):
        t = t * w[1] + w[k % 3] * rng.normal(w[0], s)
    while rng.uniform() < 0.7:
        t = t * w[0] * rng.normal(w[1], 0.5)
        if rng.random() < 0.5:
            t = np.sin(t)
    return t


def places(w: np.ndarray, s: float, rng: Generator) -> float:
    x = w * s
    x[rng.integers(3)] = rng.normal() * w[2]
    x[rng.integers(0, 2)] *= 3.0
    order = rng.permutation(3)
    picked = w[rng.choice(3, size=2)]
    return w[rng.integers(3)] * w[0] + np.sum(x[order] * rng.random(3)) + np.sum(picked**2) * rng.binomial(9, 0.5)


def noise(w: np.ndarray, rng: Generator) -> np.ndarray:
    unused = rng.normal()
    del unused
    return w * rng.normal(size=3)


def in_calls(w: np.ndarray, s: float, rng: Generator) -> float:
    a = rng.uniform()
    b = noise(w, rng)
    a = 1.0
    return np.sum(noise(w, rng)) + rng.normal() * s + np.sum(b * noise(w**2, rng)) * a


def within(w: np.ndarray, s: float) -> float:
    rng = np.random.default_rng(11)
    return np.sum(rng.normal(w, s) ** 2)


def normals(w: np.ndarray, s: float, rng: Generator) -> float:
    cov = np.array([[2.0, 0.3, 0.1], [0.3, 1.0, 0.2], [0.1, 0.2, 0.5]]) + np.outer(w, w) * s
    x = rng.multivariate_normal(w, cov, size=4)
    y = rng.multivariate_normal(w * s, cov, method="cholesky")
    z = rng.multivariate_normal(w, cov * s, (2, 2), method="eigh")
    return np.sum(x**2 * np.arange(3.0)) + np.sum(y**3) + np.sum(z * np.arange(6.0).reshape(2, 3)[:, None])


def arguments(f: Callable[..., Any]) -> tuple[Any, ...]:
    return (np.array([0.4, 0.7, 0.9]), 1.3, *([np.random.default_rng(4)] if f is not within else []))


@pytest.mark.parametrize("f", [plain, others, in_loops, places, in_calls, within, normals])
def test_the_same_numbers_and_their_slopes(f: Callable[..., Any]) -> None:
    given, plainly = arguments(f), arguments(f)
    value, (w_bar, s_bar) = tl.value_and_grad(f, (0, 1))(*given)
    assert value == pytest.approx(f(*plainly), rel=1e-14)
    only = arguments(f)
    tl.grad(f, (0, 1))(*only)
    if f is not within:
        state = plainly[2].bit_generator.state
        assert given[2].bit_generator.state == state
        assert only[2].bit_generator.state == state
    w_dot, s_dot = np.array([0.3, -0.8, 0.5]), 0.7
    rest = arguments(f)[2:]
    slope = tl.jvp(f, (*arguments(f)[:2], *rest), (w_dot, s_dot, *(None for _ in rest)))[1]
    assert slope == pytest.approx(np.sum(w_bar * w_dot) + s_bar * s_dot, rel=1e-10)

    def at(t: float) -> float:
        w, s, *rest = arguments(f)
        return float(f(w + t * w_dot, s + t * s_dot, *rest))

    assert slope == pytest.approx((at(1e-6) - at(-1e-6)) / 2e-6, rel=1e-6)


def test_second_derivatives() -> None:
    z = np.random.default_rng(1).normal()
    second = tl.grad(tl.grad(lambda m, s, rng: rng.normal(m, s) ** 3), 1)(0.5, 2.0, np.random.default_rng(1))
    assert second == pytest.approx(6 * z * (0.5 + 2.0 * z))


@pytest.mark.parametrize("a", [1.3, 7.5, 300.0, 2e4])
def test_gamma_draws_far_out(a: float) -> None:
    """The slope is the integral of the changes of the density's logarithm, beyond ``x`` or below it."""
    for x, ends in ((a + 5 * a**0.5 + 40, (0.0, np.inf)), (a * 0.6, (-a * 0.6, 0.0))):
        turn = np.log(x) - special.digamma(a)

        def change(t: float, x: float = x, turn: float = turn) -> float:
            return float(np.exp((a - 1) * np.log1p(t / x) - t) * (turn + np.log1p(t / x)))

        found = integrate.quad(change, *ends, epsabs=0, epsrel=1e-12, limit=500)[0]
        np.testing.assert_allclose(gamma_slope(a, x), found if ends[0] == 0 else -found, rtol=1e-8)


@pytest.mark.parametrize(("a", "b", "x"), [(1e-3, 3.0, 1e-4), (1.0, 600.0, 0.06), (30.0, 5e3, 0.05), (0.5, 1e5, 0.03)])
def test_beta_draws_far_out(a: float, b: float, x: float) -> None:
    turn = special.digamma(a + b) - special.digamma(a)
    by_other = special.digamma(a + b) - special.digamma(b)

    def change(t: float, other: bool = False) -> float:
        density = (a - 1) * np.log(t / x) + (b - 1) * (np.log1p(-t) - np.log1p(-x))
        return float(np.exp(density) * ((np.log1p(-t) + by_other) if other else (np.log(t) + turn)))

    parts = [x, x + 5 / b, x + 50 / b] if b > 50 else [x, 1.1 * x, 2 * x, 0.01, 0.1, 1.0]
    found, other = (
        sum(integrate.quad(change, p, q, (asked,), epsabs=0, epsrel=1e-10, limit=500)[0] for p, q in pairwise(parts))
        for asked in (False, True)
    )
    np.testing.assert_allclose(beta_slope(a, b, x), found, rtol=1e-7)
    np.testing.assert_allclose(-beta_slope(b, a, 1 - x), other, rtol=1e-7)


@pytest.mark.parametrize("a", [0.3, 1.0, 7.5, 300.0, 2e4])
def test_gamma_draws_stay_at_their_quantile(a: float) -> None:
    x = np.random.default_rng(0).gamma(a, size=50)
    u, h = special.gammainc(a, x), 1e-3 * a
    expected = differences(lambda t: special.gammaincinv(a + t, u), h)
    np.testing.assert_allclose(gamma_slope(a, x), expected, rtol=1e-7)


@pytest.mark.parametrize(("a", "b"), [(1.0, 1.0), (0.6, 4.0), (20.0, 3.0), (2e3, 1e3)])
def test_beta_draws_stay_at_their_quantile(a: float, b: float) -> None:
    x = np.random.default_rng(0).beta(a, b, size=50)
    u = special.betainc(a, b, x)
    np.testing.assert_allclose(
        beta_slope(a, b, x), differences(lambda t: special.betaincinv(a + t, b, u), 1e-3 * a), rtol=1e-6
    )
    np.testing.assert_allclose(
        -beta_slope(b, a, 1 - x), differences(lambda t: special.betaincinv(a, b + t, u), 1e-3 * b), rtol=1e-6
    )


def differences(f: Callable[[float], Any], h: float) -> Any:
    """Central differences, extrapolated once."""
    once, twice = (f(h) - f(-h)) / (2 * h), (f(h / 2) - f(-h / 2)) / h
    return (4 * twice - once) / 3


def gamma_mean(p: np.ndarray, rng: Generator) -> float:
    return np.mean(rng.gamma(p[0], p[1], size=20_000) ** 2)


def beta_mean(p: np.ndarray, rng: Generator) -> float:
    return np.mean(rng.beta(p[0], p[1], size=20_000) ** 2)


def dirichlet_mean(p: np.ndarray, rng: Generator) -> float:
    return np.mean(rng.dirichlet(p, size=20_000)[:, 0] ** 2)


def normal_mean(p: np.ndarray, rng: Generator) -> float:
    x = rng.multivariate_normal(np.zeros(2), np.array([[p[0], 0.2], [0.2, p[1]]]), size=20_000)
    return np.mean(x[:, 0] ** 2 * x[:, 1] ** 2)


@pytest.mark.parametrize(
    ("f", "closed"),
    [
        (gamma_mean, lambda p: p[0] * (p[0] + 1) * p[1] ** 2),
        (beta_mean, lambda p: p[0] * (p[0] + 1) / ((p[0] + p[1]) * (p[0] + p[1] + 1))),
        (dirichlet_mean, lambda p: p[0] * (p[0] + 1) / (np.sum(p) * (np.sum(p) + 1))),
        (normal_mean, lambda p: p[0] * p[1] + 2 * 0.2**2),
    ],
)
def test_no_bias(f: Callable[..., Any], closed: Callable[..., Any]) -> None:
    p = np.array([1.5, 2.5])
    found = [tl.grad(f)(p, np.random.default_rng(seed)) for seed in range(8)]
    mean, error = np.mean(found, axis=0), np.std(found, axis=0) / math.sqrt(7)
    np.testing.assert_array_less(np.abs(mean - tl.grad(closed)(p)), 4 * error + 1e-12)
    assert np.all(error < 0.02 * np.abs(mean))


# -- expectations --


def draw(p: Any, rng: Generator) -> Any:
    return rng.normal(p[0], p[1])


def log_density(x: Any, p: Any) -> Any:
    return -0.5 * ((x - p[0]) / p[1]) ** 2 - np.log(p[1])


def square(x: Any) -> Any:
    return x**2


@pytest.mark.parametrize("estimator", ["reparameterize", "score", 2.0, "mean", lambda p: p[0] ** 2])
def test_expectations_of_normal_draws(estimator: Any) -> None:
    """E x^2 = m^2 + s^2."""
    if estimator == "reparameterize":
        estimate = tl.expectation(square, draw, samples=3000)
    else:
        baseline = None if isinstance(estimator, str) and estimator == "score" else estimator
        estimate = tl.expectation(square, (draw, log_density), "score", baseline, samples=3000)
    found = [tl.value_and_grad(estimate)((0.5, 1.5), np.random.default_rng(k)) for k in range(8)]
    table = np.array([[v, *g] for v, g in found])
    error = np.std(table, axis=0) / math.sqrt(7)
    np.testing.assert_array_less(np.abs(np.mean(table, axis=0) - [2.5, 1.0, 3.0]), 4 * error)
    assert np.all(error < 0.2)


def count(a: float, rng: Generator) -> Any:
    return rng.poisson(a)


def log_probability(k: Any, a: float) -> Any:
    return k * np.log(a) - a


def test_expectations_over_counts() -> None:
    """E k^2 = a + a^2: also its second derivative, and with a function that reads the parameter."""
    pair = (count, log_probability)
    estimate = tl.expectation(square, pair, "score", "mean", samples=4000)
    rngs = [np.random.default_rng(k) for k in range(6)]
    assert np.mean([tl.grad(estimate)(1.5, r) for r in rngs]) == pytest.approx(4.0, abs=0.15)
    assert np.mean([tl.grad(tl.grad(estimate))(1.5, r) for r in rngs]) == pytest.approx(2.0, abs=0.6)
    both = tl.expectation(lambda k, a: k * a, pair, "score", samples=4000)
    assert np.mean([tl.grad(both)(1.5, r) for r in rngs]) == pytest.approx(3.0, abs=0.15)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"estimator": "path"}, "must be reparameterize or score"),
        ({"estimator": "score"}, "takes a pair"),
        ({"baseline": 1.0}, "a baseline is for"),
        ({"samples": 0}, "too few"),
        ({"estimator": "score", "baseline": "mean", "samples": 1}, "too few"),
    ],
)
def test_what_does_not_fit(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        tl.expectation(square, draw, **arguments)


# -- refused --


@pytest.mark.parametrize(
    "f",
    [
        lambda a, rng: rng.poisson(a) * 1.0,
        lambda a, rng: int(rng.binomial(5, a)) * a,
        lambda a, rng: rng.choice(np.array([a, 2.0])),
        lambda a, rng: rng.standard_t(a),
    ],
)
def test_draws_that_jump_are_refused_by_name(f: Callable[..., Any]) -> None:
    with pytest.raises(tl.DifferentiationError, match=r"a draw of \w+ by parameters that carry derivatives"):
        tl.grad(f)(0.5, np.random.default_rng(0))


def test_other_objects_are_no_generators() -> None:
    other = types.MappingProxyType({"power": 1})  # of a kind that is known, and not opened
    with pytest.raises(tl.DifferentiationError):
        tl.grad(lambda a, o: o.power(a))(0.5, other)


def test_what_would_draw_again_is_refused() -> None:
    def noisy(a: float, rng: Generator) -> float:
        def g(u: float) -> float:
            return u * rng.normal()

        return tl.checkpoint(g)(a)

    with pytest.raises(tl.DifferentiationError, match="runs again"):
        tl.grad(noisy)(0.5, np.random.default_rng(0))


# -- smoothing --


def step(x: float) -> float:
    return 1.0 if x > 0.0 else 0.0


def test_a_step_is_smoothed() -> None:
    g = tl.smoothed(step, 0.5, 2000)
    assert g(0.2) == pytest.approx(0.5 * (1 + math.erf(0.2 / 0.5 / math.sqrt(2))), abs=0.02)
    slope = math.exp(-0.5 * 0.4**2) / math.sqrt(2 * math.pi) / 0.5
    assert tl.grad(g)(0.2) == pytest.approx(slope, abs=0.02)
    assert tl.jvp(g, (0.2,), (1.0,))[1] == pytest.approx(tl.grad(g)(0.2))


def test_arrays_are_smoothed() -> None:
    g = tl.smoothed(lambda x, a: np.sum(np.abs(x)) * a, 0.5, 3000)
    x, scale = np.array([0.1, -0.3]), 0.5 * math.sqrt(2)
    np.testing.assert_allclose(tl.grad(g)(x, 2.0), [2.0 * math.erf(v / scale) for v in x], atol=0.1)
    jacobian = tl.jacobian(tl.smoothed(floors, 0.5, 3000))(x)
    np.testing.assert_allclose(jacobian, np.eye(2), atol=0.15)


def floors(x: np.ndarray) -> np.ndarray:
    return np.floor(x)


def test_smoothed_within_what_is_differentiated() -> None:
    def loss(x: np.ndarray) -> float:
        return tl.smoothed(signs, 0.3, 5)(x) ** 2

    x, g = np.array([0.1, 0.2]), tl.smoothed(signs, 0.3, 5)
    np.testing.assert_allclose(tl.grad(loss)(x), 2 * g(x) * tl.grad(g)(x))
    with pytest.raises(ValueError, match="must be positive"):
        tl.smoothed(signs, 0.0, 5)


def signs(x: np.ndarray) -> float:
    return np.sum(np.sign(x))


# -- several passes, the same draws ------------------------------------------------------------------

STREAM = np.random.default_rng(11)


def cloud(p: np.ndarray, rng: Generator) -> np.ndarray:
    return rng.normal(p[0], p[1], size=4)


def from_a_module(p: np.ndarray) -> np.ndarray:
    return STREAM.normal(p[0], p[1], size=4)


def from_numpy(p: np.ndarray) -> np.ndarray:
    return np.random.normal(p[0], p[1], size=4)  # noqa: NPY002 - what users have


def squares(p: np.ndarray, rng: Generator) -> float:
    return np.sum(cloud(p, rng) ** 2) + np.sum(rng.gamma(p[0], p[1], size=3) ** 2)


@pytest.mark.parametrize("matrix", [tl.jacobian, tl.jacfwd, tl.jacrev])
def test_columns_are_of_the_same_draws(matrix: Any) -> None:
    p = np.array([2.5, 1.3])
    once, again = np.random.default_rng(3), np.random.default_rng(3)
    drawn = cloud(p, once)
    expected = np.stack([np.ones(4), (drawn - p[0]) / p[1]], axis=1)
    np.testing.assert_allclose(matrix(cloud)(p, again), expected, rtol=1e-12)
    assert once.normal() == again.normal(), "as after one call"
    for f in (from_a_module, from_numpy):
        found = matrix(f)(p)
        np.testing.assert_array_equal(found[:, 0], 1.0)
        assert abs(found[:, 1]).max() < 5.0


def test_hessians_and_checks_are_of_the_same_draws() -> None:
    p = np.array([2.5, 1.3])
    second = tl.hessian(squares)(p, np.random.default_rng(3))
    np.testing.assert_allclose(second, second.T, rtol=1e-9)
    z = (cloud(p, np.random.default_rng(3)) - p[0]) / p[1]
    only_normal = tl.hessian(lambda p, rng: np.sum(cloud(p, rng) ** 2))(p, np.random.default_rng(3))
    np.testing.assert_allclose(only_normal, 2 * np.array([[4.0, z.sum()], [z.sum(), (z**2).sum()]]), rtol=1e-10)
    only = (p, np.random.default_rng(3))
    tl.check_grads(lambda p, rng: np.sum(cloud(p, rng) ** 2), only, order=2)
    numeric = tl.numeric.jacobian(cloud)(p, np.random.default_rng(3))
    np.testing.assert_allclose(numeric, tl.jacobian(cloud)(p, np.random.default_rng(3)), rtol=1e-6)


def test_second_derivatives_of_draws_that_are_implicit() -> None:
    p, e = np.array([2.5, 1.3]), np.eye(2) * 1e-3
    u = special.betainc(*p, np.random.default_rng(3).beta(*p, size=5))

    def at(q: Any) -> float:
        return float(np.sum(special.betaincinv(q[0], q[1], u) ** 2))

    expected = [[(at(p + a + b) - at(p + a - b) - at(p - a + b) + at(p - a - b)) / 4e-6 for a in e] for b in e]
    found = tl.hessian(lambda p, rng: np.sum(rng.beta(p[0], p[1], size=5) ** 2))(p, np.random.default_rng(3))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


class Batches:
    def __init__(self, mean: Any, rng: Any) -> None:
        self.mean, self.rng = mean, rng

    def noise(self, n: int) -> Any:
        return self.rng.normal(self.mean, 1.0, size=n)

    def batch(self, xs: Any) -> Any:
        k = self.rng.integers(len(xs), size=2)
        return xs[k]


def products_of_draws(mean: Any, xs: Any, rng: Any) -> Any:
    batches, total = Batches(mean, rng), 0.0
    for _ in range(3):
        total = total + np.sum(np.tanh(batches.noise(4))) * np.mean(batches.batch(xs))
    return total


def test_methods_draw_in_the_order_in_which_they_are_called() -> None:
    """The draw of the second, which makes statements, came before that of the first."""
    args = (0.3, np.array([0.4, 0.8, 0.1]))
    ours, theirs = (d(products_of_draws, (0, 1))(*args, np.random.default_rng(0)) for d in (tl.grad, tl.numeric.grad))
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-7)
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-7)


def descent(w: Any, x: Any, rng: Any) -> Any:
    order = np.arange(len(x))
    for _ in range(2):
        rng.shuffle(order)
        rng.shuffle(order[1:])
        for i in order:
            w = w - 0.1 * (w * x[i] - 1.0) * x[i]
    return w * x[order[0]]


def mixed_up(x: Any, rng: Any) -> Any:
    y = x * 2.0
    rng.shuffle(y)
    return y[0]


def test_what_is_shuffled_in_place() -> None:
    x, found = np.array([0.4, 0.8, -0.1, 1.2]), []
    for d in (tl.grad, tl.numeric.grad):
        found.append(d(descent, (0, 1))(0.3, x, np.random.default_rng(0)))
    assert found[0][0] == pytest.approx(found[1][0], rel=1e-7)
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-7)
    first = np.random.default_rng(0).permutation(4)[0]
    np.testing.assert_array_equal(tl.grad(mixed_up)(x, np.random.default_rng(0)), 2.0 * (np.arange(4) == first))
    with pytest.raises(tl.DifferentiationError, match="permutation"):
        tl.grad(lambda x: np.random.permutation(x * 2.0)[0])(x)  # noqa: NPY002
