"""``store="all"`` and ``"none"``: other text, the same numbers up to rounding, in every program."""

from __future__ import annotations

import contextlib
from typing import Any

import corpus
import numpy as np
import pytest
from case import Case
from harness import float_leaves, parameters, quietly

import tangent_like as tl

EVERY = 53  # of the corpus


def suitable(case: Case) -> bool:
    return case.expect == "right" and not case.raises and not case.diverges and case.exact is None


CASES = [case for case in corpus.load()[0] if suitable(case)][::EVERY]


def seed_of(case: Case) -> int:
    """The first of some at which the program itself comes to an end."""
    for seed in range(1, 8):
        with contextlib.suppress(ArithmeticError):
            quietly(lambda seed=seed: case.f(*case.make(seed)))
            return seed
    raise AssertionError(f"{case.id} ends at none of the seeds")


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in CASES])
def test_numbers_do_not_depend_on_it(case: Case) -> None:
    found: dict[str, list[Any]] = {}
    seed = seed_of(case)
    for store in ("auto", "all", "none"):
        value, pullback = quietly(lambda store=store: tl.vjp(case.f, *case.make(seed), store=store))[0]
        (bars, _) = quietly(lambda pullback=pullback, value=value: pullback(value))
        leaves = [leaf for bar in bars if bar is not None for _, leaf in float_leaves(bar)]
        found[store] = [*(leaf for _, leaf in float_leaves(value)), *leaves]
    for store in ("all", "none"):
        assert len(found[store]) == len(found["auto"])
        for mine, plain in zip(found[store], found["auto"], strict=True):
            narrow = np.asarray(plain).dtype in (np.float32, np.complex64)
            near = {"rtol": 1e-5, "atol": 1e-6} if narrow else {"rtol": 1e-10, "atol": 1e-12}
            np.testing.assert_allclose(mine, plain, **near, err_msg=str(parameters(case.f)))


def loss(x: np.ndarray, n: int) -> float:
    s = 0.0
    for i in range(n):
        s += np.sin(x[i] * x[i]) * np.exp(x[i])
    return s + np.sum(np.tanh(x) ** 2 * x)


AT = (np.array([0.3, -0.7, 1.1]), 3)


def test_all_keeps_and_none_keeps_nothing() -> None:
    texts = {s: tl.grad(loss, store=s, comments=False).source_for(*AT) for s in ("auto", "all", "none")}
    assert texts["all"].count(".append(") > texts["auto"].count(".append(") == 0
    assert "np.exp(x[i])" not in texts["all"].partition("for i in range(n - 1")[2]
    forward = {s: tl.grad(loss, store=s).source_for(*AT).partition("# return")[0] for s in texts}
    assert ["np.tanh" in forward[s] for s in ("auto", "all", "none")] == [True, True, False]


def test_each_has_compilations_of_its_own() -> None:
    gradients = [tl.grad(loss, store=s) for s in ("auto", "all", "none")]
    assert len({g.specialize(*AT).__code__.co_code for g in gradients}) == 3
    for g in gradients:
        np.testing.assert_allclose(g(*AT), gradients[0](*AT), rtol=1e-13)


def noisy(x: float, n: int) -> float:
    s = 0.0
    for _ in range(n):
        s += x * np.random.normal() * x  # noqa: NPY002
    return s


def test_what_would_not_be_the_same_again_is_kept() -> None:
    np.random.seed(3)  # noqa: NPY002 - of programs as they are
    total = noisy(1.0, 4)
    np.random.seed(3)  # noqa: NPY002
    assert tl.grad(noisy, store="none")(2.0, 4) == pytest.approx(4.0 * total)


@pytest.mark.parametrize(
    "driver",
    [tl.grad, tl.value_and_grad, tl.jacobian, tl.jacfwd, tl.jacrev, tl.hessian],
    ids=lambda d: d.__name__,
)
def test_every_driver_takes_it(driver: Any) -> None:
    plain = driver(loss)(*AT)
    for store in ("all", "none"):
        given = driver(loss, store=store)(*AT)
        for mine, theirs in zip(given if isinstance(given, tuple) else (given,), plain if isinstance(plain, tuple) else (plain,), strict=True):
            np.testing.assert_allclose(mine, theirs, rtol=1e-12)
    np.testing.assert_allclose(tl.hvp(loss, store="all")(*AT, np.ones(3)), tl.hvp(loss)(*AT, np.ones(3)), rtol=1e-12)


def test_another_word_is_refused() -> None:
    with pytest.raises(tl.RequestError, match="store is 'auto', 'all' or 'none', not 'some'"):
        tl.grad(loss, store="some")


def test_what_a_turn_makes_anew_is_not_kept_element_by_element() -> None:
    """What is written in the turn before is other memory: of the sweep, each element is written once."""

    def swept(d: np.ndarray, c: np.ndarray, k: int) -> float:
        u = d
        for _ in range(k):
            u = np.zeros(len(d))
            for i in range(len(d) - 2, -1, -1):
                u[i] = d[i] - c[i] * u[i + 1]
            d = u
        return u @ u

    text = tl.grad(swept, argnums=(0, 1)).source_for(np.ones(4), np.ones(4), 3)
    assert ".append(u[i])" not in text
    assert ".append(u)" in text


def test_tests_tell_elements_apart() -> None:
    from corpus.writes import both_ways_in_branches, filtered

    x = np.linspace(0.1, 0.9, 6)
    assert "saved" not in tl.grad(filtered, argnums=(0, 1, 2)).source_for(x, x[:3], x[:4])
    assert "y_saved" in tl.grad(both_ways_in_branches, argnums=(0, 1)).source_for(x[:5], x[:5])
