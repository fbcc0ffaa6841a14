"""The pairs of benchmarks/: the emitted gradient has the values of the hand-written one and calls no helper; and an
edit of one branch changes the derivative there and nowhere else.
"""

from __future__ import annotations

import difflib
import itertools
import linecache
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

import measure  # noqa: E402 - beside the programs
import pairs  # noqa: E402

PAIRS = pairs.all_pairs()
# What the text may take of the hand-written statements, where it keeps nothing that the hand-written does not.
SHORT = {"thomas": 1.1, "log_det": 1.15, "cholesky": 1.2, "plate": 1.3, "recurrent": 1.15, "first_over": 1.4}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p.name)
def test_value(pair: pairs.Pair) -> None:
    args = pair.sizes["small"]()
    df = tl.grad(pair.primal, argnums=pair.wrt)
    text = df.source_for(*args)
    assert measure.same(df.specialize(*args)(*args), pair.hand(*args))
    assert not measure.runtime_calls(text), text
    if pair.name in SHORT:
        ratio = measure.count_statements(text) / measure.count_statements(measure.with_helpers(pair.hand))
        assert ratio <= SHORT[pair.name], text


COUNT = itertools.count()


def function(text: str) -> Callable[..., Any]:
    name = f"<test_pairs {next(COUNT)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    namespace: dict[str, Any] = {}
    exec(compile(text, name, "exec"), namespace)
    return namespace["f"]


def branches(edited: bool) -> str:
    """Forty branches of five lines; one of them in two versions."""
    lines = ["import math", "def f(x: float, k: float, n: int):", "    y = x", "    for i in range(n):"]
    for b in range(40):
        lines.append(f"        {'elif' if b else 'if'} i == {b}:")
        if b == 20 and edited:
            lines += [
                "            p = math.exp(math.sin(y) * k)",
                "            q = p / (1.0 + y * y * k)",
                "            s = q * math.exp(q + k * q)",
                "            y = y * s + p * p",
            ]
        else:
            lines += [
                f"            u = math.sin(k * y + {b}.0)",
                "            v = math.exp(u * y) / (1.0 + u)",
                f"            w = u * math.sqrt(v + {b}.5)",
                "            y = y * w + math.tanh(u * v)",
            ]
    return "\n".join([*lines, "    return y"]) + "\n"


def test_an_edit_changes_the_derivative_where_it_is() -> None:
    old, new = (tl.grad(function(branches(e)), (0, 1)).source_for(1.0, 0.5, 3).splitlines() for e in (False, True))
    blocks = [o for o in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if o[0] != "equal"]
    assert len(old) > 1_000
    changed = sum(max(e - s, f - t) for _, s, e, t, f in blocks)
    lists = [line for _, _, _, t, f in blocks for line in new[t:f] if line.endswith("_saved = []")]
    assert changed - len(lists) < 60, f"{changed} lines"
    assert len(blocks) - len(lists) <= 12


LAYERS = """
import numpy as np

def f(x: np.ndarray, W: np.ndarray, b: np.ndarray, layers: int):
    for k in range(layers):
        if k == 0:
            h = np.tanh(x @ W + b)
            x = x * np.exp(-0.1 * h * h)
        elif k == 1:
{edited}
        elif k == 2:
            g = 1.0 / (1.0 + np.exp(-x @ W))
            v = (1.0 - g) * np.sqrt(1.0 + x * x)
            x = g * x + v * b
        else:
            s = np.sqrt(1.0 + x * x) * np.sin(x)
            x = s * b
    if layers > 2:
        w = (1.0 - x) ** 2 / np.sqrt(1.0 + x * x)
        return np.sum(w * x)
    return np.sum(x * x)
"""


def test_an_edit_of_an_arm_names_nothing_anew_in_another() -> None:
    before = "            u = x @ W\n            x = x + u * u"
    after = "            u = np.sin(x @ W + b)\n"
    after += "            u = np.exp(u * b) * np.sqrt(u * u + 1.0)\n            u = u * np.tanh(2.0 * u)\n            x = x - u"
    x, W, b = np.ones((3, 2)), np.eye(2), np.ones(2)
    old, new = (
        tl.grad(function(LAYERS.format(edited=text)), (0, 1, 2)).source_for(x, W, b, 4).splitlines()
        for text in (before, after)
    )
    hunks = [
        (old[s:e], new[t:u])
        for tag, s, e, t, u in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    own = re.compile(r"\bu(_\w+)?\b|# x = x [+-] u")
    assert all(own.search(line) for pair in hunks for lines in pair for line in lines), hunks
    assert len(hunks) <= 6


def test_what_only_keeps_numbers_small_has_no_derivative() -> None:
    def soft(z: np.ndarray, k: int) -> float:
        e = np.exp(z - np.max(z))
        return -np.log(e[k] / np.sum(e))

    def hard(z: np.ndarray) -> float:
        return np.sum(np.exp(z - np.max(z)))

    z = np.array([0.3, -1.0, 2.0])
    assert "==" not in tl.grad(soft).source_for(z, 1)
    np.testing.assert_allclose(tl.grad(soft)(z, 1), np.exp(z) / np.sum(np.exp(z)) - np.eye(3)[1])
    assert "==" in tl.grad(hard).source_for(z)
    tl.check_grads(hard, (z,))


def test_turns_that_are_broken_off() -> None:
    def newton(a: float, n: int, small: float) -> float:
        x = a
        for _ in range(n):
            f = x * x - a
            if abs(f) < small:
                break
            x = x - f / (2.0 * x)
        return x

    df = tl.grad(newton)
    assert "path" not in df.source_for(2.0, 9, 1e-12)
    for n in (0, 1, 3, 50):
        h = 1e-6
        slope = (newton(2.0 + h, n, 1e-12) - newton(2.0 - h, n, 1e-12)) / (2 * h)
        np.testing.assert_allclose(df(2.0, n, 1e-12), slope, rtol=1e-6)
