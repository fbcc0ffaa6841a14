"""The accepted derivatives in `goldens/`: the compiler still writes them to the letter, and they are right.

A difference that is meant is accepted by `python tests/goldens/accept.py`, and reviewed like any change.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from goldens import accept

POINTS = 3


@cache
def golden(name: str) -> ModuleType:
    return accept.load(accept.HERE / f"{name}.py")


@cache
def example(name: str) -> ModuleType:
    return accept.load(accept.ROOT / "examples" / f"{name}.py")


def compare(old: str, new: str) -> None:
    if old != new:
        shown = difflib.unified_diff(old.splitlines(), new.splitlines(), "accepted", "written now", lineterm="")
        pytest.fail("run `python tests/goldens/accept.py` if this is meant:\n" + "\n".join(shown), pytrace=False)


def check(primal: Callable[..., Any], gradient: Callable[..., Any], wrt: Any, args: tuple[Any, ...], seed: int) -> None:
    """Along one random direction at a time, one for each argument asked for."""
    rng = np.random.default_rng([seed, 1])
    bars = gradient(*args)
    single = isinstance(wrt, str)
    names = list(inspect.signature(primal).parameters)
    for name, bar in zip((wrt,) if single else wrt, (bars,) if single else bars, strict=True):
        k = names.index(name)
        way = rng.normal(size=np.shape(args[k]))
        assert np.shape(bar) == np.shape(args[k])

        def along(t: float, k: int = k, way: Any = way) -> float:
            moved = args[k] + t * way
            return float(primal(*args[:k], moved if np.ndim(moved) else float(moved), *args[k + 1 :]))

        h = 1e-5 * max(1.0, float(np.max(np.abs(args[k]), initial=0.0)))
        # of fourth order: with the functions of the examples, of long simulations, the second is too coarse
        slope = (8 * (along(h) - along(-h)) - (along(2 * h) - along(-2 * h))) / (12 * h)
        np.testing.assert_allclose(np.sum(bar * way), slope, rtol=1e-6, atol=1e-9)


# -- pairs --------------------------------------------------------------------------------------------

PAIRS = [
    pytest.param(name, pair, id=f"{name}:{pair['of'].__name__}")
    for name in accept.PAIRED
    for pair in golden(name).PAIRS
]


@pytest.mark.parametrize(("name", "pair"), PAIRS)
def test_text(name: str, pair: dict[str, Any]) -> None:
    text = (accept.HERE / f"{name}.py").read_text(encoding="utf-8")
    section = next(s for s in accept.sections(text) if f"\ndef {pair['of'].__name__}(" in s)
    compare(section.partition(accept.BEGIN)[2].strip("\n"), accept.derivative(pair).strip("\n"))


@pytest.mark.parametrize(("name", "pair"), PAIRS)
def test_value(name: str, pair: dict[str, Any]) -> None:
    primal = pair["of"]
    emitted = getattr(golden(name), f"{accept.mode(pair)}_{primal.__name__}")
    with_value = accept.mode(pair) == "value_and_grad"
    for seed in range(POINTS):
        args = pair["at"](np.random.default_rng(seed))
        check(primal, (lambda *a: emitted(*a)[1]) if with_value else emitted, pair["wrt"], args, seed)
        if with_value:
            assert emitted(*args)[0] == primal(*args)


@pytest.mark.parametrize("name", accept.PAIRED)
def test_nothing_else_is_in_the_files(name: str) -> None:
    """What `accept.py` writes is the file, and so a second run changes nothing."""
    compare((accept.HERE / f"{name}.py").read_text(encoding="utf-8"), accept.paired_text(name))


def test_targets_are_those_of_targets_py() -> None:
    hand = golden("targets")
    for pair in golden("accepted_targets").PAIRS:
        primal = pair["of"]
        assert inspect.getsource(primal) == inspect.getsource(getattr(hand, primal.__name__))


# -- examples -----------------------------------------------------------------------------------------


def heat_rod(rng: np.random.Generator) -> tuple[Any, ...]:
    rod = example("heat_rod")
    measured = rod.simulate(rng.uniform(20, 40, size=9), readings=4)[:, ::3]
    return rng.uniform(20, 40, size=9), measured, 3, 1e-4, 30, 2.0


def gmm(rng: np.random.Generator) -> tuple[Any, ...]:
    read = example("gmm").read(accept.ROOT / "examples" / "data" / "gmm_d2_K5.txt")
    moved = (v + 0.1 * rng.normal(size=v.shape) for v in read[:3])
    return (*moved, read[3][:50], *read[4:])


def pendulum(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.normal(size=200), 0.3, 0.1, 0.01


def learning_rates(rng: np.random.Generator) -> tuple[Any, ...]:
    X, X_new = rng.normal(size=(9, 3)), rng.normal(size=(7, 3))
    return rng.normal(size=6) - 1.0, X, (X[:, 0] > 0) * 1.0, X_new, (X_new[:, 0] > 0) * 1.0


def variational(rng: np.random.Generator) -> tuple[Any, ...]:
    X = rng.normal(size=(9, 3))
    return rng.normal(size=3), 0.3 * rng.normal(size=3), X, (X[:, 0] > 0) * 1.0, int(rng.integers(99))


def equilibrium(rng: np.random.Generator) -> tuple[Any, ...]:
    W = rng.normal(size=(4, 4))
    return 0.5 * W / np.linalg.norm(W, 2), rng.normal(size=(2, 4)), rng.normal(size=4), np.arange(3.0), rng.normal(size=3)


def neural_ode(rng: np.random.Generator) -> tuple[Any, ...]:
    A, b, B = rng.normal(size=(4, 2)), rng.normal(size=4), rng.normal(size=(2, 4))
    return A, b, B, 0.5 * rng.normal(size=2), np.array([0.0, 0.1, 0.3]), rng.normal(size=(3, 2))


def newton(rng: np.random.Generator) -> tuple[Any, ...]:
    X = rng.normal(size=(9, 3))
    return rng.normal(size=3), X, (X[:, 0] > 0) * 1.0, 0.2


def networks(rng: np.random.Generator) -> tuple[Any, ...]:
    W, (u, b, v) = 0.5 * rng.normal(size=(3, 3)), rng.normal(size=(3, 3))
    return W, u, b, v, rng.normal(size=6)


def reversible(rng: np.random.Generator) -> tuple[Any, ...]:
    F, G = 0.5 * rng.normal(size=(2, 3, 4, 4))
    return F, G, rng.normal(size=(4, 2)), rng.normal(size=4), rng.normal(size=(2, 5)), np.sign(rng.normal(size=5))


def quadratic_program(rng: np.random.Generator) -> tuple[Any, ...]:
    return rng.uniform(0.3, 1.2, size=3), rng.uniform(0.3, 1.5, size=(4, 3)), rng.uniform(0.0, 1.0, size=(4, 3))


def bundle(rng: np.random.Generator) -> tuple[Any, ...]:
    poses = np.hstack([0.3 * rng.normal(size=(2, 5)), rng.uniform(4, 6, size=(2, 1))])
    p = np.concatenate([poses.ravel(), rng.normal(size=12)])
    return p, 2, np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 2, 3]), rng.normal(size=(5, 2))


ARGUMENTS = {
    f.__name__: f
    for f in (
        heat_rod, gmm, pendulum, learning_rates, variational, equilibrium, neural_ode, newton, networks, reversible,
        quadratic_program, bundle,
    )
}  # fmt: skip


@pytest.mark.parametrize("name", accept.EXAMPLES)
def test_example_text(name: str) -> None:
    compare((accept.HERE / f"{name}.py").read_text(encoding="utf-8"), accept.example_text(name))


@pytest.mark.parametrize("name", accept.EXAMPLES)
def test_example_value(name: str) -> None:
    file, function, wrt = accept.EXAMPLES[name]
    text = (accept.HERE / f"{name}.py").read_text(encoding="utf-8")
    assert "tangent_like" not in text
    names = wrt.split(",")
    for seed in range(POINTS):
        args = ARGUMENTS[file](np.random.default_rng(seed))
        gradient = getattr(golden(name), f"grad_{function}")
        check(getattr(example(file), function), gradient, names if len(names) > 1 else wrt, args, seed)


def test_every_file_is_used() -> None:
    found = {path.stem for path in Path(accept.HERE).glob("*.py")}
    assert found == {"accept", "targets", *accept.PAIRED, *accept.EXAMPLES}
