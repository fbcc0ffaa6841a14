"""Differential equations: closed forms, and the derivative of the numbers that the steps give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import integrate

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
    with pytest.raises(ValueError, match="must be euler, midpoint, rk4 or dopri5"):
        tl.odeint(decay, 1.0, T, 0.5, method="dopri")
    with pytest.raises(ValueError, match="must be discrete or continuous"):
        tl.odeint(decay, 1.0, T, 0.5, adjoint="exact")


# -- adapted steps, and the continuous adjoint --


def oscillator(y, t, mu):
    return np.array([y[1], mu * (1 - y[0] ** 2) * y[1] - y[0] + 0.1 * np.sin(t)])


WEIGHTS = np.array([1.0, 2.0])
Y0, TIMES = np.array([2.0, 0.1]), np.linspace(0.0, 3.0, 4)


def adapted(y0, mu, t, rtol):
    return np.sum(tl.odeint(oscillator, y0, t, mu, method="dopri5", rtol=rtol) * WEIGHTS)


def by_lsoda(y0, mu, t):
    return np.sum(tl.odeint(oscillator, y0, t, mu, method="lsoda", adjoint="continuous") * WEIGHTS)


def by_radau(y0, mu, t):
    return np.sum(tl.odeint(oscillator, y0, t, mu, method="radau", adjoint="continuous") * WEIGHTS)


def by_bdf(y0, mu, t):
    return np.sum(tl.odeint(oscillator, y0, t, mu, method="bdf", adjoint="continuous") * WEIGHTS)


def reference(y0, mu, t):
    """By SciPy, to twelve digits."""
    found = integrate.solve_ivp(
        lambda t, y: oscillator(y, t, mu), (t[0], t[-1]), y0, t_eval=t, rtol=1e-12, atol=1e-13, method="DOP853"
    )
    return np.sum(found.y.T * WEIGHTS)


def expected():
    h = 1e-4
    by_y0 = [(reference(Y0 + h * e, 1.5, TIMES) - reference(Y0 - h * e, 1.5, TIMES)) / (2 * h) for e in np.eye(2)]
    by_mu = (reference(Y0, 1.5 + h, TIMES) - reference(Y0, 1.5 - h, TIMES)) / (2 * h)
    by_t = [(reference(Y0, 1.5, TIMES + h * e) - reference(Y0, 1.5, TIMES - h * e)) / (2 * h) for e in np.eye(4)]
    return by_y0, by_mu, by_t


def test_adapted_steps_against_scipy() -> None:
    value, bars = tl.value_and_grad(adapted, (0, 1, 2))(Y0, 1.5, TIMES, 1e-9)
    assert value == pytest.approx(reference(Y0, 1.5, TIMES), rel=1e-7)
    for found, wanted in zip(bars, expected(), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)


def test_adapted_steps_are_differentiated_as_they_are() -> None:
    """With coarse steps the numbers are far from the solution; their derivative is still theirs in both modes."""
    y0_bar, mu_bar, t_bar = tl.grad(adapted, (0, 1, 2))(Y0, 1.5, TIMES, 1e-2)
    y0_dot, t_dot = np.array([0.3, -0.4]), np.array([0.1, 0.2, -0.1, 0.3])
    slope = tl.jvp(adapted, (Y0, 1.5, TIMES, 1e-2), (y0_dot, 0.7, t_dot, None))[1]
    assert slope == pytest.approx(y0_bar @ y0_dot + mu_bar * 0.7 + t_bar @ t_dot, rel=1e-12)
    h = 1e-7  # so near, as many steps are taken, of sizes that hardly differ
    moved = [adapted(Y0 + s * h * y0_dot, 1.5 + s * h * 0.7, TIMES, 1e-6) for s in (1, -1)]
    fixed = tl.jvp(adapted, (Y0, 1.5, TIMES, 1e-6), (y0_dot, 0.7, None, None))[1]
    assert (moved[0] - moved[1]) / (2 * h) == pytest.approx(fixed, rel=1e-3)


def test_adapted_steps_of_numbers_and_backward_in_time() -> None:
    def back(y0, k):
        return tl.odeint(decay, y0, np.array([1.0, 0.5, 0.0]), k, method="dopri5")[-1]

    y0_bar, k_bar = tl.grad(back, (0, 1))(1.5, 0.8)
    assert y0_bar == pytest.approx(np.exp(0.8), rel=1e-6)
    assert k_bar == pytest.approx(1.5 * np.exp(0.8), rel=1e-6)
    with pytest.raises(ArithmeticError, match="3 steps are not enough"):
        tl.odeint(oscillator, Y0, TIMES, 1.5, method="dopri5", max_steps=3)
    equal = tl.odeint(decay, 1.5, np.array([0.0, 0.0, 1.0]), 0.8, method="dopri5")
    np.testing.assert_allclose(equal, [1.5, 1.5, 1.5 * np.exp(-0.8)], rtol=1e-7)


@pytest.mark.parametrize("f", [by_lsoda, by_radau, by_bdf])
def test_continuous_adjoint_against_scipy(f: Any) -> None:
    value, bars = tl.value_and_grad(f, (0, 1, 2))(Y0, 1.5, TIMES)
    assert value == pytest.approx(reference(Y0, 1.5, TIMES), rel=1e-6)
    for found, wanted in zip(bars, expected(), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)
    assert tl.jvp(f, (Y0, 1.5, TIMES), (None, 1.0, None))[1] == pytest.approx(bars[1], rel=1e-6)


def test_second_derivatives_through_lsoda() -> None:
    """In forward over reverse mode: ``y = y0 exp(-k)``."""

    def f(y0: Any, k: Any) -> Any:
        times = np.array([0.0, 1.0])
        return np.sum(tl.odeint(lambda y, t: -k * y, y0, times, method="lsoda", adjoint="continuous")[-1] ** 2)

    y0, k = np.array([1.0, 2.0]), 0.7
    assert tl.hessian(f, 1)(y0, k) == pytest.approx(4.0 * np.sum(y0**2) * np.exp(-2.0 * k), rel=1e-6)


def pulled_to_cosine(y0, k, t):
    return tl.odeint(lambda y, s: -k * (y - np.cos(s)), y0, t, method="radau", adjoint="continuous")[-1]


def solved_back(y0, k, t):
    return tl.odeint(lambda y, s: -k * (y - np.cos(s)), y0, t, method="lsoda", adjoint="continuous")[-1]


def test_stiff_equations() -> None:
    """``y' = -k (y - cos t)``: far behind the start, ``y = (k^2 cos t + k sin t) / (1 + k^2)``."""
    k, t = 1000.0, 1.0
    y0_bar, k_bar, t_bar = tl.grad(pulled_to_cosine, (0, 1, 2))(2.0, k, np.array([0.0, 0.5, t]))
    assert abs(y0_bar) < 1e-12
    by_k = (2 * k * np.cos(t) + np.sin(t)) / (1 + k**2) - 2 * k * (k**2 * np.cos(t) + k * np.sin(t)) / (1 + k**2) ** 2
    assert k_bar == pytest.approx(by_k, rel=1e-4)
    assert t_bar[-1] == pytest.approx((-(k**2) * np.sin(t) + k * np.cos(t)) / (1 + k**2), rel=1e-5)
    with pytest.raises(ArithmeticError, match="misses where it began"):
        tl.grad(solved_back)(2.0, k, np.array([0.0, 0.5, t]))


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


def decaying(k):
    times = np.array([0.0, 1.0])
    return np.sum(tl.odeint(lambda y, t, k: -k * y, np.ones(2), times, k, method="radau", adjoint="continuous"))


def test_second_derivatives_by_a_stiff_method_turn_its_forward_mode() -> None:
    """They were refused: forward mode does not follow the continuous adjoint of a stiff method, reverse mode can."""
    assert tl.hessian(decaying)(2.0) == pytest.approx(2.0 * np.exp(-2.0), rel=1e-4)


def stacked(y: Any, n: int) -> Any:
    ys = [y]
    for _ in range(n):
        ys.append(np.sin(ys[-1]))
    return np.sum(np.stack(ys) ** 2)


def test_what_is_put_together_of_states_compiles() -> None:
    pytest.importorskip("numba")
    y = np.array([1.0, 0.5])
    np.testing.assert_allclose(tl.grad(stacked, jit=True)(y, 3), tl.grad(stacked)(y, 3), rtol=1e-12)
