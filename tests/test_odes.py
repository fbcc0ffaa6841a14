"""Differential equations: closed forms, and the derivative of the numbers that the steps give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.cli.main import main


def decay(y, t, k):
    return -k * y


def at_the_end(y0, k, t):
    return tl.odeint(decay, y0, t, k, steps=8)[-1]


def swing(y0, t, g):
    def rate(y, s):
        return np.stack([y[1], -g * np.sin(y[0]) - 0.1 * s * y[1]])

    return np.sum(tl.odeint(rate, y0, t, method="midpoint", steps=3) ** 2)


def few_kept(y0, t, g):
    ys = tl.odeint(lambda y, s: np.cos(g * y) * s, y0, t, method="euler", steps=9, slots=2)
    return np.sum(ys[1:] * g)


T = np.array([0.0, 0.3, 0.7, 1.2])


def test_closed_form() -> None:
    y0, k = 1.5, 0.8
    y0_bar, k_bar, t_bar = tl.grad(at_the_end, (0, 1, 2))(y0, k, T)
    end = np.exp(-k * 1.2)
    assert y0_bar == pytest.approx(end, rel=1e-6)
    assert k_bar == pytest.approx(-1.2 * y0 * end, rel=1e-6)
    np.testing.assert_allclose(t_bar, [k * y0 * end, 0.0, 0.0, -k * y0 * end], atol=1e-6)


@pytest.mark.parametrize("f", [swing, few_kept])
def test_exact_for_the_steps_taken(f: Any) -> None:
    tl.check_grads(f, (np.array([0.4, -0.2]), T, 1.3))


def test_second_order() -> None:
    tl.check_grads(at_the_end, (1.5, 0.8, T), order=2)


def test_unknown_method() -> None:
    with pytest.raises(ValueError, match="must be euler, midpoint or rk4"):
        tl.odeint(decay, 1.0, T, 0.5, method="dopri")


MODEL = """
import numpy as np
import tangent_like as tl


def rate(y, t, k):
    return -k * y + t


def model(y0, k, t):
    return np.sum(tl.odeint(rate, y0, t, k, steps=2) ** 2)
"""


def test_standalone_module(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(MODEL)
    out = tmp_path / "out.py"
    assert not main(["grad", f"{tmp_path / 'model.py'}:model", "--wrt", "y0,k", "-o", str(out)])
    text = out.read_text()
    assert "import tangent_like" not in text
    assert "from tangent_like" not in text
    found: dict[str, Any] = {}
    exec(compile(text, str(out), "exec"), found)
    model: dict[str, Any] = {}
    exec(compile(MODEL, "model", "exec"), model)
    y0, k = np.array([1.0, 2.0]), 0.7
    bars = found["grad_model"](y0, k, T)
    slope = (model["model"](y0, k + 1e-6, T) - model["model"](y0, k - 1e-6, T)) / 2e-6
    assert bars[1] == pytest.approx(slope, rel=1e-6)
