"""Adjoints that begin at one number are begun in one statement; what the user wrote stays as it was written."""

from __future__ import annotations

import numpy as np

import tangent_like as tl
from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Assign, Binary, Const, Function, Name, Origin
from tangent_like.transform.chained_numbers import chained_numbers

ORIGIN = Origin("", 1, 1, "x = 0.0")


def smoothed(a: float, b: float, w: np.ndarray, y: np.ndarray) -> float:
    level = 0.0
    trend = 0.0
    for t in range(len(y)):
        error = y[t] * w[t] - level - trend
        level = level + trend + a * error
        trend = trend + b * error
    return level * trend


def test_gradients_begin_together() -> None:
    args = 0.3, 0.2, np.ones(4), np.array([0.2, 0.5, -0.3, 0.4])
    text = tl.grad(smoothed, argnums=(0, 1)).source_for(*args)
    assert "    a_bar = b_bar = 0.0\n" in text
    assert "    level = 0.0\n    trend = 0.0\n" in text  # the user's own
    steps = [tuple(np.add(args[k], h * (k == j)) for k in range(2)) for j in range(2) for h in (1e-6, -1e-6)]
    values = [smoothed(*step, *args[2:]) for step in steps]
    differences = (values[0] - values[1]) / 2e-6, (values[2] - values[3]) / 2e-6
    np.testing.assert_allclose(tl.grad(smoothed, argnums=(0, 1))(*args), differences, rtol=1e-6)


def chained(*body: Assign) -> list[tuple[str, ...]]:
    made = chained_numbers(Function("f", (), tuple(body), ORIGIN))
    return [s.targets for s in made.body if isinstance(s, Assign)]


def one(name: str, value: float = 0.0) -> Assign:
    return Assign((name,), (Const(value),))


def test_over_what_neither_reads_nor_binds_the_name() -> None:
    zeros = Assign(("W_bar",), (np_call("zeros_like", Name("W")),))
    assert chained(one("a"), zeros, one("b")) == [("a", "b"), ("W_bar",)]
    reads = Assign(("c",), (Binary("+", Name("b"), Const(1.0)),))
    assert chained(one("a"), reads, one("b")) == [("a",), ("c",), ("b",)]
    assert chained(one("a"), one("a")) == [("a",), ("a",)]


def test_only_equal_numbers_of_ours() -> None:
    assert chained(one("a"), one("b", 1.0), one("c", -0.0)) == [("a",), ("b",), ("c",)]
    assert chained(one("a"), Assign(("n",), (Const(0),))) == [("a",), ("n",)]
    theirs = Assign(("x",), (Const(0.0),), ORIGIN)
    assert chained(theirs, one("a"), one("b")) == [("x",), ("a", "b")]
    assert chained(one("a"), theirs, one("b")) == [("a",), ("x",), ("b",)]
