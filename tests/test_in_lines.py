"""How the text is laid out: statements in several lines, and calls of the user's functions where they are read."""

from __future__ import annotations

import ast

import numpy as np
import pytest

import tangent_like as tl
from tangent_like.backend.in_lines import WIDTH, in_lines

ROLLS = " + ".join(f"np.roll(u_bar, {k}, axis=0)" for k in range(6))


@pytest.mark.parametrize(
    "statement",
    [
        f"u_bar += {ROLLS} - 4.0 * u_bar",
        f"u_bar[1:-1] -= c * ({ROLLS})",
        f"return {ROLLS}, ({ROLLS}), -u_bar",
        f"u, v = np.where(u > 0, {ROLLS}, v), {ROLLS}",
        f"x = np.sum(np.tanh({ROLLS}), axis=0, keepdims=True) / u['a + b, (']",
        f"x = {ROLLS} if u else {ROLLS}",
        f"x = [np.sum(y * 3 for y in u) for u in ({ROLLS}, v)]",
        f"x = y[{ROLLS}]",
        f"x = f(u, *({ROLLS}, v), key=lambda a, b: ({ROLLS}))",
    ],
)
def test_the_same_statement_in_several_lines(statement: str) -> None:
    for depth in (1, 3):
        line = "    " * depth + statement
        text = in_lines(line)
        head = "def f():\n" + "".join("    " * k + "if 1:\n" for k in range(1, depth))
        assert ast.dump(ast.parse(head + text)) == ast.dump(ast.parse(head + line))
    short = "x = " + ROLLS[: WIDTH - 60]
    assert in_lines(short) == short


def test_a_sum_stands_term_by_term() -> None:
    found = in_lines(f"    u_bar += {ROLLS} - 4.0 * u_bar").split("\n")
    assert found[0] == "    u_bar += ("
    assert found[1] == "        np.roll(u_bar, 0, axis=0)"
    assert found[2] == "        + np.roll(u_bar, 1, axis=0)"
    assert found[-2:] == ["        - 4.0 * u_bar", "    )"]


def laplace(u):
    return np.roll(u, 1, 0) + np.roll(u, -1, 0) + np.roll(u, 1, 1) + np.roll(u, -1, 1) - 4.0 * u


def noisy(u):
    return u + np.random.default_rng(3).normal()


def diffused(u: np.ndarray, d: float, n: int):
    for _ in range(n):
        u = u + d * laplace(u) - u**3
    return np.sum(u**2)


def with_noise(u: np.ndarray):
    a = 2.0 * noisy(u) + u
    return np.sum(a**2)


def test_calls_that_only_compute_stand_where_they_are_read() -> None:
    u = np.random.default_rng(0).normal(size=(4, 5)) / 4
    text = tl.grad(diffused).source_for(u, 0.1, 3)
    assert "u = u + d * laplace(u) - u ** 3" in text
    assert max(map(len, text.split("\n"))) <= WIDTH
    tl.check_grads(diffused, (u, 0.1, 3))
    assert "    a = 2.0 * noisy(u)" not in tl.grad(with_noise).source_for(u)


def test_what_stood_on_several_lines_is_quoted_as_on_one() -> None:
    def summed(x: np.ndarray):
        y = np.tanh(
            x[1:]
            * x[:-1]
        )
        return np.sum(
            y**2,
        )

    assert "# y = np.tanh(x[1:] * x[:-1])" in tl.grad(summed).source_for(np.ones(4))


def stencil(u: np.ndarray, c: float, n: int):
    for _ in range(n):
        u = np.tanh(np.roll(u, 1) * c * 0.25 + np.roll(u, -1) * c * 0.25 + np.roll(u, 2) * c * 0.25 - u)
    return np.sum(u**3)


def test_a_multiple_is_computed_once_in_a_statement() -> None:
    args = np.random.default_rng(2).normal(size=6) / 4, 0.7, 3
    text = tl.grad(stencil).source_for(*args)
    assert text.count("0.25 * t_bar * c") == 1
    assert "np.roll(0.25" not in text
    tl.check_grads(stencil, args)
    tl.check_grads(stencil, args, argnums=(0, 1))
