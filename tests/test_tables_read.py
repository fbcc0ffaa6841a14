"""Numbers and arrays in the module's tables and objects: known kinds, asked again at each call."""

from __future__ import annotations

import functools
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.cli.main import main

TABLE: dict[str, Any] = {}
CONFIG = types.SimpleNamespace()
COEFFICIENTS: list[Any] = []
ROWS: list[Any] = []


class Plan:
    rate: Any = 0.5


class Slotted:
    __slots__ = ("rate",)

    def __init__(self, rate: Any) -> None:
        self.rate = rate


class Computed:
    def __getattr__(self, name: str) -> float:
        return 0.3


SLOTTED, COMPUTED = Slotted(0.5), Computed()


def power(p: Any, q: Any) -> Any:
    return q * p if p > 0.2 else q


HALF = functools.partial(power, 0.5)


@pytest.fixture(autouse=True)
def _tables() -> None:
    TABLE.clear()
    TABLE.update(rate=0.5, inner={"w": np.array([1.0, 2.0])}, items=[0.1, np.float32(2.0)], n=2)
    CONFIG.rate, CONFIG.w, CONFIG.n = 0.5, np.eye(2), 3
    COEFFICIENTS[:] = [0.5, 0.2, 0.1]
    ROWS[:] = [[0.1, 0.2], [0.3, 0.4]]
    Plan.rate = SLOTTED.rate = 0.5


def by_key(x):  # type: ignore[no-untyped-def]
    return np.sum(x * TABLE["rate"] + TABLE["inner"]["w"] * x**2 + TABLE["items"][0] * x)


def by_attribute(x):  # type: ignore[no-untyped-def]
    return np.sum(np.tanh(CONFIG.w @ x) * CONFIG.rate)


def by_class(x):  # type: ignore[no-untyped-def]
    return np.sum(x * Plan.rate * SLOTTED.rate)


def in_place(x):  # type: ignore[no-untyped-def]
    y = Plan.rate
    z = y
    y += x[0]
    return y * z


def horner(x):  # type: ignore[no-untyped-def]
    s = 0.0 * x
    for c in COEFFICIENTS:
        s = s * x + c
    return np.sum(s)


def by_number(x):  # type: ignore[no-untyped-def]
    s = 0.0
    for k in range(len(x)):
        s += COEFFICIENTS[k] * x[k] ** 2
    return s


def of_rows(x):  # type: ignore[no-untyped-def]
    return np.sum(np.array(ROWS) @ x)


def partly(x):  # type: ignore[no-untyped-def]
    y = HALF(x[0])
    y *= x[1]
    return y


FUNCTIONS = [by_key, by_attribute, by_class, in_place, horner, by_number, of_rows, partly]


def differences(f: Callable[[Any], Any], x: Any) -> Any:
    return np.array([(f(x + 1e-6 * e) - f(x - 1e-6 * e)) / 2e-6 for e in np.eye(len(x))])


@pytest.mark.parametrize("f", FUNCTIONS)
def test_text_knows_what_they_are(f: Callable[[Any], Any]) -> None:
    x, gradient = np.array([0.3, 0.4]), tl.grad(f)
    text = gradient.source_for(x)
    assert "tangent_like" not in text, text
    np.testing.assert_allclose(gradient(x), differences(f, x), atol=1e-6)


CHANGES: list[Callable[[], Any]] = [
    lambda: TABLE.update(rate=np.array([3.0, 4.0])),
    lambda: TABLE["inner"].update(w=2.0),
    lambda: TABLE["items"].__setitem__(0, np.array([5.0, 6.0])),
    lambda: TABLE.update(inner={"w": np.float64(3.0)}),
    lambda: setattr(CONFIG, "rate", np.array([[1.0], [2.0]])),
    lambda: setattr(CONFIG, "w", np.ones((3, 2))),
    lambda: setattr(Plan, "rate", np.float32(0.25)),
    lambda: setattr(SLOTTED, "rate", np.array([1.0, 2.0])),
    lambda: COEFFICIENTS.append(0.7),
    lambda: COEFFICIENTS.__setitem__(1, 3),
    lambda: ROWS.append([0.5, 0.6]),
    lambda: ROWS.__setitem__(0, [1, 2]),
]


@pytest.mark.parametrize("f", FUNCTIONS)
def test_what_is_replaced_is_seen(f: Callable[[Any], Any]) -> None:
    x, gradient = np.array([0.3, 0.4]), tl.grad(f)
    for change in CHANGES:
        gradient(x)
        change()
        if np.ndim(f(x)) == 0:
            np.testing.assert_allclose(gradient(x), differences(f, x), atol=1e-6)


def test_arrays_may_come_into_a_list() -> None:
    x, gradient = np.array([0.3, 0.4]), tl.grad(horner)
    gradient(x)
    COEFFICIENTS[1] = np.array([1.0, 2.0])
    np.testing.assert_allclose(gradient(x), differences(horner, x), atol=1e-6)


def test_what_a_class_computes_is_not_taken_for_known() -> None:
    def f(x):  # type: ignore[no-untyped-def]
        return np.sum(x * COMPUTED.rate)

    np.testing.assert_allclose(tl.grad(f)(np.ones(2)), [0.3, 0.3])


def test_a_long_list_is_looked_at_as_a_whole() -> None:
    COEFFICIENTS[:] = [0.01 * k for k in range(300)]
    x, gradient = np.array([0.3, 0.4]), tl.grad(horner)
    assert "unbroadcast" not in gradient.source_for(x)
    COEFFICIENTS[200] = np.array([1.0, 2.0])
    np.testing.assert_allclose(gradient(x), differences(horner, x), atol=1e-6)


FILE = """
import types
import numpy as np

TABLE = {"rate": 0.5, "items": [0.1, 2.0], "w": np.ones(2)}
CONFIG = types.SimpleNamespace(rate=0.5)
WRITTEN = {"rate": 0.5}
MADE = dict(rate=0.5)


class Plan:
    rate = 0.5


def known(x: float, v: np.ndarray):
    y = TABLE["rate"]
    z = y
    y += x * TABLE["items"][1]
    return y * z * CONFIG.rate * Plan.rate * MADE["rate"]


def unknown(x: np.ndarray):
    return np.sum(x * WRITTEN["rate"])


def learn(rate):
    WRITTEN["rate"] = rate
"""


def test_of_a_file_by_its_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "tables.py"
    file.write_text(FILE)
    assert main(["grad", f"{file}:known", "--wrt", "x"]) == 0
    text = capsys.readouterr().out
    assert "tangent_like.runtime" not in text and "unbroadcast" not in text
    assert main(["grad", f"{file}:unknown"]) == 2
    assert "writes into" in capsys.readouterr().err
