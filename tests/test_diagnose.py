"""``tl.diagnose``: where adjoints become infinite, vanish or explode; kinks; lost digits."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.cli.main import main


def root_of(u: np.ndarray) -> np.ndarray:
    return np.sqrt(u)


def poles(x: np.ndarray) -> float:
    d = np.abs(x)
    e = root_of(d)
    return np.sum(e * x)


def repeated(x: np.ndarray, w: np.ndarray, n: int) -> float:
    h = x
    for _ in range(n):
        h = w @ h
    return np.sum(h)


def number(x: float) -> float:
    y = x - 1.0
    return math.sqrt(y) * 2.0


def later(x: np.ndarray) -> float:
    y = x * x
    z = 1e200 * y
    for k in range(3):
        z = z * 1e60 * (k + 1)
    return np.sum(np.log(z))


def test_the_line_that_makes_it_infinite_and_what_of() -> None:
    found = tl.diagnose(poles, np.array([1.0, 0.0, -2.0]))
    assert found.adjoint is not None
    assert (found.adjoint.name, found.adjoint.where, found.adjoint.number) == ("the adjoint of u", "[1]", "nan")
    assert found.adjoint.spot.text == "return np.sqrt(u)"
    assert dict(found.adjoint.values)["r[1]"] == "0"
    assert "the adjoint of u[1] is nan" in str(found)


def test_a_healthy_function_is_called_healthy() -> None:
    found = tl.diagnose(poles, np.array([1.0, 3.0]))
    assert found.is_healthy
    assert found.adjoint is None
    assert found.value == poles(np.array([1.0, 3.0]))


def test_slopes_of_python_numbers() -> None:
    found = tl.diagnose(number, 1.0)
    assert found.raised.startswith("ZeroDivisionError")
    assert found.adjoint is not None
    assert found.adjoint.spot.text == "return math.sqrt(y) * 2.0"
    assert any("pole" in note.what for note in found.kinks)


def test_values_that_overflow() -> None:
    found = tl.diagnose(later, np.array([2.0]))
    assert found.primal is not None
    assert found.primal.spot.text == "z = z * 1e60 * (k + 1)"


@pytest.mark.parametrize("scale", [0.5, 1.0, 3.0])
def test_norms_by_turns_are_those_of_the_adjoints(scale: float) -> None:
    x, w = np.array([1.0, 2.0]), scale * np.eye(2)
    found = tl.diagnose(repeated, x, w, 12)
    (row,) = [r for r in found.norms if r.spot.text == "h = w @ h"]
    assert row.name == "h"
    np.testing.assert_allclose(row.norms, [scale ** (12 - k) * math.sqrt(2) for k in range(12)])
    assert row.factor == pytest.approx(scale)
    assert f"x {scale:.3g} a turn" in str(found)


def test_functions_that_are_not_watched_inside_are_still_run() -> None:
    assert tl.diagnose(lambda x: np.sum(x), np.ones(2)).value == 2.0


def kinks(x: np.ndarray, m: float) -> float:
    a = np.maximum(x, 0.0)
    b = a.max()
    c = np.clip(x, 0.5, 2.0)
    d = np.linalg.norm(x - x)
    e = m % 2.0
    if m > 4.0:
        e = e + 1.0
    m -= 4.0
    return np.sum(a) + b + np.sum(c) + d + e + abs(m)


def test_lines_at_a_kink() -> None:
    found = tl.diagnose(kinks, np.array([0.0, 2.0, 2.0, 0.7]), 4.0, argnums=(0, 1))
    texts = {note.spot.text.split(" ")[0]: note.what for note in found.kinks}
    assert set(texts) == {"a", "b", "c", "d", "e", "if", "return"}
    assert texts["a"] == "equal candidates, in 1 of 4 entries"
    beside = tl.diagnose(kinks, np.array([0.1, 2.1, 1.9, 0.7]), 4.1, argnums=(0, 1))
    assert {note.spot.text.split(" ")[0] for note in beside.kinks} == {"d"}


def lossy(x: np.ndarray, a: float) -> float:
    k = np.array([[1.0, 1.0], [1.0, 1.0 + 1e-12]])
    y = np.linalg.solve(k, x)
    t = (a + 1e10) - 1e10
    return np.sum(y) + t + math.sin(1e9 * a)


def test_steps_that_lose_digits() -> None:
    found = tl.diagnose(lossy, np.ones(2), 0.3)
    assert [n.spot.text.partition(" ")[0] for n in found.losses] == ["y", "t", "return"]
    assert "condition 4.0e+12" in found.losses[0].what
    assert "cancellation" in found.losses[1].what


def test_several_results_and_methods() -> None:
    class Layer:
        def __init__(self) -> None:
            self.w = np.array([1.0, 2.0])

        def act(self, x: np.ndarray) -> np.ndarray:
            return np.abs(x) * self.w

        def both(self, x: np.ndarray) -> Any:
            return self.act(x), np.log(x)

    found = tl.diagnose(Layer().both, np.array([1.0, 0.0]))
    assert found.adjoint is not None
    assert found.adjoint.number == "inf"
    assert any("tip" in note.what for note in found.kinks)


def test_it_changes_nothing_of_the_caller() -> None:
    x = np.array([1.0, 2.0])

    def writes(x: np.ndarray) -> float:
        x[0] = 3.0
        return np.sum(x * x)

    found = tl.diagnose(writes, x)
    assert found.value == 13.0
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_a_plot_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    found = tl.diagnose(repeated, np.ones(2), 2.0 * np.eye(2), 5)
    found.plot(str(tmp_path / "norms.png"))
    assert (tmp_path / "norms.png").stat().st_size > 1000


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "model_to_diagnose.py"
    file.write_text("import numpy as np\n\n\ndef loss(x):\n    y = np.sqrt(x)\n    return np.sum(y)\n")
    assert main(["diagnose", f"{file}:loss", "--at", "x=np.array([1.0, 0.0])"]) == 0
    out = capsys.readouterr().out
    assert "the adjoint of x[1] is inf" in out
    assert "model_to_diagnose.py:5: y = np.sqrt(x)" in out
    assert main(["diagnose", f"{file}:loss"]) == 2
