"""``tl.check_rule``: right rules pass, and of wrong ones it says what is wrong, at the rule's line."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

X = np.array([0.3, -1.2, 2.0])
W = np.array([0.7, 1.1, -0.4])


def soft(x: Any) -> Any:
    return np.log1p(np.exp(x))


def mixed(x: Any, w: Any) -> Any:
    return np.sin(x) * w


def mirror(x: np.ndarray) -> np.ndarray:
    return 2.0 * x[::-1]


def line_of(text: str) -> int:
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    return next(k for k, line in enumerate(lines, 1) if text in line)


def test_right_rules_pass() -> None:
    @tl.rule.elementwise()
    def soft_rule(y, x):  # type: ignore[no-untyped-def]
        return 1 / (1 + np.exp(-x))

    @tl.rule.elementwise()
    def mixed_rule(y, x, w):  # type: ignore[no-untyped-def]
        return np.cos(x) * w, np.sin(x)

    @tl.rule.linear()
    def mirror_rule(y_bar, y, x):  # type: ignore[no-untyped-def]
        return 2.0 * y_bar[::-1]

    tl.check_rule(soft, X, rules={soft: soft_rule})
    tl.check_rule(mixed, X, W, rules={mixed: mixed_rule})
    tl.check_rule(mirror, X, rules={mirror: mirror_rule})


def test_custom_functions_and_modes() -> None:
    @tl.custom_vjp
    def scaled(x: np.ndarray, k: float) -> np.ndarray:
        return np.tanh(x) * k

    @scaled.defvjp  # type: ignore[attr-defined]
    def scaled_vjp(y_bar, y, x, k):  # type: ignore[no-untyped-def]
        t = np.tanh(x)
        return y_bar * (1 - t * t) * k, np.sum(y_bar * t)

    tl.check_rule(scaled, X, 0.5)

    @scaled.defjvp  # type: ignore[attr-defined]
    def scaled_jvp(x_dot, k_dot, y, x, k):  # type: ignore[no-untyped-def]
        t = np.tanh(x)
        return x_dot * (1 - t * t) * k + 2.0 * t * k_dot

    with pytest.raises(tl.RuleError, match=r"argument 'k'.*forward mode") as found:
        tl.check_rule(scaled, X, 0.5)
    assert found.value.file == __file__
    assert isinstance(found.value, AssertionError)



def test_wrong_rules_are_told_at_their_line() -> None:
    @tl.rule.elementwise()
    def wrong_sign(y, x):  # type: ignore[no-untyped-def]
        return -1 / (1 + np.exp(-x))

    @tl.rule.elementwise()
    def wrong_second(y, x, w):  # type: ignore[no-untyped-def]
        return np.cos(x) * w, np.cos(x)

    @tl.rule.linear()
    def wrong_transpose(y_bar, y, x):  # type: ignore[no-untyped-def]
        return 2.0 * y_bar

    @tl.rule()
    def one_mode_wrong(y, x):  # type: ignore[no-untyped-def]
        def jvp(x_dot):  # type: ignore[no-untyped-def]
            return 2.5 * x_dot[::-1]

        def vjp(y_bar):  # type: ignore[no-untyped-def]
            return 2.0 * y_bar[::-1]

        return jvp, vjp

    @tl.rule.linear()
    def wrong_shape(y_bar, y, x):  # type: ignore[no-untyped-def]
        return np.sum(y_bar)

    @tl.rule.elementwise()
    def wrong_angle(y, opposite, adjacent):  # type: ignore[no-untyped-def]
        return adjacent, opposite

    for f, args, rule, what, line in (
        (soft, (X,), wrong_sign, "argument 'x'", "def wrong_sign"),
        (mixed, (X, W), wrong_second, "argument 'w'", "def wrong_second"),
        (mirror, (X,), wrong_transpose, "reverse mode", "def wrong_transpose"),
        (mirror, (X,), one_mode_wrong, "forward mode", "def one_mode_wrong"),
        (mirror, (X,), wrong_shape, "shape", "def wrong_shape"),
        (np.arctan2, (X, W), wrong_angle, "by forward mode", "def wrong_angle"),
    ):
        with pytest.raises(tl.RuleError, match=what) as found:
            tl.check_rule(f, *args, rules={f: rule})
        assert found.value.line == line_of(line)


def test_what_is_asked_beside_the_values() -> None:
    def doubled(x: Any) -> Any:
        return 2.0 * x

    @tl.rule.elementwise(doubled)
    def too_wide(y, x):  # type: ignore[no-untyped-def]
        return np.full(np.shape(x), 2.0) if np.ndim(x) else 2.0

    tl.check_rule(doubled, np.ones(3))

    @tl.rule.linear(doubled)
    def loses_float32(y_bar, y, x):  # type: ignore[no-untyped-def]
        return np.reshape(y_bar, np.shape(x)) * np.float64(2.0)

    tl.check_rule(doubled, X)

    def curved(x: Any) -> Any:
        return np.exp(x)

    @tl.rule(curved)
    def kept_constant(y, x):  # type: ignore[no-untyped-def]
        def jvp(x_dot):  # type: ignore[no-untyped-def]
            return tl.stop_gradient(y) * x_dot

        def vjp(y_bar):  # type: ignore[no-untyped-def]
            return tl.stop_gradient(y) * y_bar

        return jvp, vjp

    tl.check_rule(curved, X, order=1)
    with pytest.raises(tl.RuleError, match="order 2"):
        tl.check_rule(curved, X)


def test_requests() -> None:
    with pytest.raises(tl.RequestError, match="no rule"):
        tl.check_rule(math.hypot, 1.0, 2.0)
    made = tl.rule.constant(np.rint, reason="piecewise constant")
    with pytest.raises(tl.RequestError, match="no derivative"):
        tl.check_rule(made, X)


# -- check_grads --------------------------------------------------------------------------------------


def rounds(v: Any) -> Any:
    return np.round(v * 1e9) / 1e9


def in_a_loop(x: np.ndarray) -> float:
    total = 0.0
    for i in range(len(x)):
        a = x[i] * 2.0
        b = rounds(a) * a
        total += b
    return total


def in_the_end(x: np.ndarray) -> float:
    y = x * x
    return np.sum(rounds(y))


def kinked(x: np.ndarray) -> float:
    return np.sum(np.where(x > 0.3, 3.0 * (x - 0.3), 0.0))


def structured(p: dict[str, Any]) -> float:
    return np.sum(p["w"] * p["b"][0]) + p["b"][1] ** 2


def test_check_grads_cuts_into_loops_and_ends() -> None:
    for f, text in ((in_a_loop, "b = rounds(a) * a"), (in_the_end, "return np.sum(rounds(y))")):
        with pytest.raises(AssertionError) as found:
            tl.check_grads(f, (X,))
        assert f"first wrong at {__file__}:{line_of(text)}: {text}" in str(found.value)
        assert "off by" in str(found.value)


def test_check_grads_says_that_there_is_a_kink() -> None:
    with pytest.raises(AssertionError, match="kink"):
        tl.check_grads(kinked, (X,))


def test_check_grads_of_structures_and_rules() -> None:
    tl.check_grads(structured, ({"w": X, "b": (W, 0.5)},))
    for f in (lambda x: np.sum(x**3), lambda x: np.cumsum(np.sin(x) * x)):
        tl.check_grads(f, (np.float32([0.5, 1.2, 2.0, 0.3, -1.1]),), directions=8)

    @tl.rule.elementwise(soft)
    def wrong(y, x):  # type: ignore[no-untyped-def]
        return 1 / (1 + np.exp(x))

    def f(x: np.ndarray) -> float:
        y = x * x
        z = soft(y)
        return np.sum(z)

    try:
        with pytest.raises(AssertionError, match=rf"{line_of('z = soft(y)')}: z = soft\(y\)"):
            tl.check_grads(f, (X,))
    finally:
        del soft.__tangent_like_rule__  # type: ignore[attr-defined]
    tl.check_grads(f, (X,))
