"""A sample of the programs of ``rank_programs.py``: as many as a few seconds take; and what was wrong there once."""

from __future__ import annotations

import linecache
from typing import Any

import numpy as np
import pytest
from rank_programs import problem, programs

import tangent_like as tl

SEED = 2
SAMPLE = list(programs(60, SEED))


@pytest.mark.parametrize("k", range(0, len(SAMPLE), 10))
@pytest.mark.filterwarnings("ignore")
def test_programs_for_any_ranks_are_right_or_refused(k: int) -> None:
    for j, body in enumerate(SAMPLE[k : k + 10]):
        found = problem(body, f"<ranks {SEED}:{k + j}>", k + j)
        assert found is None, f"{found}\n{body}"


def a_view_of_a_number(x: Any, w: Any) -> Any:
    if np.sum(x) > 1e9:
        w = 1.5 * w
    return np.sum(x.T * w) + np.sum(x[..., None] * w)


def running_sums(x: Any, w: Any) -> Any:
    return np.sum(np.sin(np.cumsum(x, axis=-1))) + np.sum(w)


def inner_products(x: Any, w: Any) -> Any:
    return np.sum(np.sin(np.inner(x, w)))


def sums_of_last_axes(x: Any, w: Any) -> Any:
    return np.sum(np.einsum("...i,...i->...", w, w) * np.sum(x))


def a_total_stored(x: Any, w: Any) -> Any:
    y = 1.0 * w
    y[..., 0] = np.sum(x, axis=-1)
    return np.sum(y * y * w)


def stored_totals(x: Any, w: Any) -> Any:
    y, total = 1.0 * w, np.sum(x)
    y[..., 0] = total
    y[..., -1] = total
    return np.sum(y * y * w)


def sums_of_sums(x: Any, w: Any) -> Any:
    return np.sum(np.sum(np.sum(np.hstack([x, w]), axis=-1), axis=-1)) * np.sum(w)


def own_memory(p: Any) -> Any:
    p = p * 2.0
    p += 0.5
    return p * np.sum(p)


def helped(x: Any, w: Any) -> Any:
    return np.sum(np.tanh(own_memory(x))) + np.sum(own_memory(w))


def a_number_through_a_view(x: Any, w: Any) -> Any:
    y = w * 2.0
    s = y[..., 0]
    s += x
    return np.sum(y * y)


def started(x: Any, w: Any) -> Any:
    return np.sum(np.sin(sum(w, x)))


ANY: list[Any] = [0.3, np.float64(0.3), np.array(0.3), np.array([0.3, -0.4, 0.8]), np.arange(6.0).reshape(2, 3) / 7]
PROGRAMS = [
    stored_totals, sums_of_sums, a_view_of_a_number, running_sums, inner_products, sums_of_last_axes, a_total_stored, helped,
    a_number_through_a_view, started,
]  # fmt: skip


@pytest.mark.parametrize("f", PROGRAMS)
def test_numbers_and_arrays(f: Any) -> None:
    kept, right = tl.grad(f, (0, 1)), 0
    world = dict(f.__globals__)
    try:
        exec(compile(kept.source, "<derivative>", "exec"), world)
    except tl.DifferentiationError:
        assert f is a_number_through_a_view
    for x in ANY:
        for w in ANY:
            try:
                value, wanted = f(x, w), tl.numeric.grad(f, (0, 1))(x, w)
            except (ValueError, TypeError, IndexError, AttributeError):
                continue
            dots = tuple(np.ones(np.shape(a)) if np.ndim(a) else 1.0 for a in (x, w))
            try:
                ahead = tl.jvp(f, (x, w), dots)
                for gradient in (kept, world.get(f"grad_{f.__name__}", kept)):
                    for one, slope in zip(gradient(x, w), wanted, strict=True):
                        assert np.shape(one) == np.shape(slope)
                        np.testing.assert_allclose(one, slope, rtol=1e-5, atol=1e-6)
            except tl.DifferentiationError:
                continue
            except ValueError:  # by the text, when it runs
                if f is not a_number_through_a_view:
                    raise
                continue
            assert ahead[0] == value
            assert np.isclose(ahead[1], sum(np.sum(slope) for slope in wanted), rtol=1e-5, atol=1e-6)
            right += 1
    assert right > 4 or f is a_number_through_a_view


def test_arrays_of_more_axes_than_a_rule_is_for() -> None:
    def polynomial(p: Any, x: Any) -> Any:
        return np.sum(np.polyval(p, x) ** 2)

    by_text: dict[str, Any] = {}
    exec(compile(tl.grad(polynomial, (0, 1)).source, "<derivative>", "exec"), by_text)
    p, x = np.array([1.0, -0.5, 2.0]), np.array([0.3, 0.7])
    for one, slope in zip(by_text["grad_polynomial"](p, x), tl.numeric.grad(polynomial, (0, 1))(p, x), strict=True):
        np.testing.assert_allclose(one, slope, rtol=1e-5)
    with pytest.raises(ValueError, match="for a vector"):
        by_text["grad_polynomial"](np.ones((2, 2)), x)
    with pytest.raises(tl.DifferentiationError):
        tl.grad(polynomial)(np.ones((2, 2)), x)
    with pytest.raises(tl.DifferentiationError):
        tl.grad(lambda a: np.sum(np.polyval([a, 2 * a], a)))(x)
    with pytest.raises(tl.DifferentiationError):
        tl.jvp(polynomial, (np.ones((2, 2)), x), (np.ones((2, 2)), x))


def test_axes_are_counted_in_each_operand() -> None:
    def turned(x: Any, y: Any) -> Any:
        return np.sum(np.sin(np.cross(x, y, axis=0))) + np.sum(np.cos(np.vecdot(x, y, axis=0)))

    x, y = np.array([0.3, 0.7, -0.2]), np.arange(12.0).reshape(3, 4) / 7
    if not hasattr(np, "vecdot"):
        pytest.skip("np.vecdot is younger")
    for a, b in ((x, y), (y, x), (y, y[::-1])):
        for one, slope in zip(tl.grad(turned, (0, 1))(a, b), tl.numeric.grad(turned, (0, 1))(a, b), strict=True):
            np.testing.assert_allclose(one, slope, rtol=1e-5, atol=1e-6)


def test_a_pullback_of_what_is_one_tuple() -> None:
    def tables(a: Any) -> Any:
        return tuple(a * k for k in range(3))

    a = np.ones((3, 4))
    for f in (np_gradient, tables):
        value, pullback = tl.vjp(f, a)
        bars = tuple(np.full(np.shape(v), 1.0 + k) for k, v in enumerate(value))
        found = pullback(bars)[0]
        wanted = tl.numeric.grad(lambda a, f=f, bars=bars: sum(np.sum(v * b) for v, b in zip(f(a), bars, strict=True)))(a)
        np.testing.assert_allclose(found, wanted, atol=1e-6)


def np_gradient(a: Any) -> Any:
    return np.gradient(a)


def test_whole_numbers_beside_what_carries_a_derivative() -> None:
    def steps(p: Any) -> Any:
        return np.sum(np.diff(np.array([1, 2, 4]), prepend=p, append=2 * p) ** 2)

    def spread(w: Any) -> Any:
        return np.sum(np.cov(np.array([[1, 2, 4], [2, 1, 7]]), aweights=np.array([w, 0.5, 0.7])) ** 2)

    def dropped(p: Any) -> Any:
        return 1.0 * np.sum(np.array([1, 2]), initial=p)

    for f in (steps, spread):
        assert np.isclose(tl.grad(f)(0.3), tl.numeric.grad(f)(0.3), rtol=1e-5)
        assert np.isclose(tl.jvp(f, (0.3,), (1.0,))[1], tl.numeric.grad(f)(0.3), rtol=1e-5)
    with pytest.raises(tl.DifferentiationError, match="initial"):
        tl.grad(dropped)(0.3)


VIEWS = ["list(y)[0]", "tuple(y)[0]", "y.flat[:]", "np.float64(y)", "y[0]", "y[..., 0]", "np.diagonal(y)", "y.ravel()"]
WRITES = ["y *= s", "y[0] = s", "v *= s", "v[...] = s"]


@pytest.mark.parametrize("view", VIEWS)
def test_writes_and_views(view: str) -> None:
    """Both modes, by call: right or refused."""
    told = 0
    for write in WRITES:
        text = f"def f(x, s):\n    y = x * 1.5\n    v = {view}\n    {write}\n    return np.sum(y * y) + np.sum(np.sin(v))\n"
        name = f"<{view} and {write}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        world: dict[str, Any] = {"np": np}
        exec(compile(text, name, "exec"), world)
        f, x, s = world["f"], np.arange(9.0).reshape(3, 3) / 7, 0.7
        try:
            wanted = tl.numeric.grad(f, (0, 1))(x, s)
        except ValueError:
            continue  # a view that is read only
        told += 1
        ways = (lambda f: tl.value_and_grad(f, (0, 1))(x, s), lambda f: tl.jvp(f, (x, s), (x, 1.0)))
        for way in ways:
            try:
                value, found = way(f)
            except tl.DifferentiationError:
                continue
            assert value == f(x, s)
            if isinstance(found, tuple):
                np.testing.assert_allclose(found[0], wanted[0], rtol=1e-5, atol=1e-6)
                np.testing.assert_allclose(found[1], wanted[1], rtol=1e-5)
            else:
                assert np.isclose(found, np.sum(wanted[0] * x) + wanted[1], rtol=1e-5)
    assert told
