"""What a program is made of may be another by now: files edited, methods and attributes set, code exchanged."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

LOADED = """
import numpy as np


def weight(x):
    return 2.0 * x


def loss(x):
    return np.sum(weight(x) ** 2)


first = lambda x: np.sum(x * 3.0)
"""


def test_a_file_that_was_edited_since_it_was_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "edited_since.py"
    path.write_text(LOADED)
    monkeypatch.syspath_prepend(str(tmp_path))
    module = importlib.import_module("edited_since")
    x = np.ones(2)
    path.write_text("import math\n" + LOADED)  # the same, one line further down
    np.testing.assert_array_equal(tl.grad(module.loss)(x), [8.0, 8.0])
    np.testing.assert_array_equal(tl.grad(module.first)(x), [3.0, 3.0])
    path.write_text(LOADED.replace("2.0 * x", "2.0 - x").replace("3.0", "30.0"))
    for f in (module.loss, module.first):
        with pytest.raises(tl.DifferentiationError, match="edited since it was loaded"):
            tl.grad(f, comments=False)(x)
    module = importlib.reload(module)
    np.testing.assert_array_equal(tl.grad(module.loss)(x), [-2.0, -2.0])


def scaled(x: np.ndarray, by: float = 2.0, *, power: int = 1) -> np.ndarray:
    return by * x**power


OFFSET: Any = 0.5


class Model:
    rate = 2.0

    def __init__(self) -> None:
        self.weight = 3.0

    @property
    def twice(self) -> float:
        return 2.0 * self.weight

    def step(self, x: np.ndarray, by: float = 1.5) -> np.ndarray:
        return self.rate * by * x

    def loss(self, x: np.ndarray) -> float:
        return np.sum(self.step(x) ** 2) * self.twice + np.sum(scaled(x) * (x + OFFSET))


class Special(Model):
    pass


model = Special()


def of_the_module(x: np.ndarray) -> float:
    return model.loss(x)


def of_an_argument(x: np.ndarray, model: Model) -> float:
    return model.loss(x)


def other_step(self: Model, x: np.ndarray, by: float = 0.0) -> np.ndarray:
    return x**3 * by


def other_twice(self: Model) -> float:
    return self.weight**3


def other_power(x: np.ndarray, by: float = 0.0, *, power: int = 0) -> np.ndarray:
    return by + x ** (power + 2)


def other_scaled(x: np.ndarray) -> np.ndarray:
    return x**5


def set_code(owner: Any, name: str, new: Callable[..., Any]) -> Callable[[pytest.MonkeyPatch], None]:
    """As IPython's autoreload does."""
    return lambda patch: patch.setattr(vars(owner)[name], "__code__", new.__code__)


def set_item(owner: Any, name: str, new: object) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: patch.setattr(owner, name, new, raising=False)


CHANGES = {
    "code of a method": set_code(Model, "step", other_step),
    "code of a property": lambda patch: patch.setattr(vars(Model)["twice"].fget, "__code__", other_twice.__code__),
    "code of what a method calls": lambda patch: patch.setattr(scaled, "__code__", other_power.__code__),
    "what a method calls": lambda patch: patch.setitem(globals(), "scaled", other_scaled),
    "a number that a method reads": lambda patch: patch.setitem(globals(), "OFFSET", np.ones(3)),
    "a method": set_item(Model, "step", lambda self, x: x**2),
    "a property": set_item(Model, "twice", property(lambda self: self.weight + 7.0)),
    "a method of the class below": set_item(Special, "step", lambda self, x: x**4),
    "a method of the object": set_item(model, "step", lambda x: x**2 * 5.0),
    "a number of the class": set_item(Model, "rate", 4.0),
    "a number of the object that was the class's": set_item(model, "rate", 5.0),
    "defaults": lambda patch: patch.setattr(scaled, "__defaults__", (6.0,)),
    "keyword defaults": lambda patch: patch.setattr(scaled, "__kwdefaults__", {"power": 3}),
    "defaults of a method": lambda patch: patch.setattr(Model.step, "__defaults__", (6.0,)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_set_since_is_what_is_differentiated(change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    x, step = np.array([0.5, 1.5, -0.5]), 1e-6 * np.array([1.0, -2.0, 0.5])
    gradient, of_argument = tl.grad(of_the_module), tl.grad(of_an_argument)

    def check() -> None:
        slope = (model.loss(x + step) - model.loss(x - step)) / 2e-6
        along = step / 1e-6
        found = [gradient(x) @ along, of_argument(x, model) @ along, tl.grad(model.loss)(x) @ along]
        found.append(tl.jvp(of_the_module, (x,), (along,))[1])
        np.testing.assert_allclose(found, slope, rtol=1e-6)

    check()
    CHANGES[change](monkeypatch)
    check()
    monkeypatch.undo()
    check()


class Plan:
    rate = 5
    ready: bool | None = False


plan = Plan()


def of_what_only_the_class_has(x):  # type: ignore[no-untyped-def]
    plan.rate = 3
    total = np.sum(x) * plan.rate
    plan.ready = None
    result = total if plan.ready is None else 2 * total
    plan.ready, plan.rate = False, 5
    return result


def test_what_an_object_gets_is_its_own_where_only_its_class_had_it() -> None:
    for _ in range(2):  # the first time, nobody has called the function itself
        np.testing.assert_array_equal(tl.grad(of_what_only_the_class_has)(np.ones(3)), [3.0, 3.0, 3.0])
        assert of_what_only_the_class_has(np.ones(3)) == 9.0
