"""The compiler's work grows with the length of a program, and no faster: calls counted, since seconds vary."""

from __future__ import annotations

import cProfile
import importlib.util
import pstats
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tangent_like as tl

SCALAR = ("math.sin(v{a}) * v{b}", "v{a} + 0.5 * v{b}", "v{a} * v{b} * 0.1", "math.exp(-v{a} * v{b})")
ARRAY = ("np.sin(v{a}) * v{b}", "v{a} + 0.5 * v{b}", "v{a} * v{b} * 0.1", "np.exp(-v{a} * v{b})")
THREE = ("math.sin(a) * b", "a * b + 0.5 * c", "c * 0.9 + a * 0.1", "math.exp(-a * a) * c", "b - 0.3 * a")
BEGIN = "    a = x[0]\n    b = x[1]\n    c = x[2]\n"


def named(texts: tuple[str, ...], first: str, last: str) -> Callable[[random.Random, int], str]:
    """Each statement gives a new name to something of the last few."""

    def make(draw: random.Random, n: int) -> str:
        lines = [first]
        for i in range(3, n):
            a, b = (draw.randrange(max(0, i - 6), i) for _ in range(2))
            lines.append(f"    v{i} = {draw.choice(texts).format(a=a, b=b)}\n")
        return "".join((*lines, last.format(n - 1)))

    return make


def stepped(draw: random.Random, indent: str, count: int) -> str:
    return "".join(f"{indent}{draw.choice('abc')} = {draw.choice(THREE)}\n" for _ in range(count))


def bound_anew(draw: random.Random, n: int) -> str:
    return BEGIN + stepped(draw, "    ", n) + "    return a + b + c\n"


def branches(draw: random.Random, n: int) -> str:
    lines = [BEGIN]
    for _ in range(n // 9):
        lines.append(f"    if {draw.choice('abc')} > {draw.random():.2f}:\n{stepped(draw, ' ' * 8, 4)}")
        lines.append(f"    else:\n{stepped(draw, ' ' * 8, 3)}")
    return "".join(lines) + "    return a + b + c\n"


def loops(draw: random.Random, n: int) -> str:
    lines = [BEGIN + "    y = x.copy()\n"]
    for _ in range(n // 6):
        turn = stepped(draw, " " * 8, 4) + "        y[i] = y[i] * 0.5 + a * b\n"
        lines.append("    for i in range(len(x)):\n" + turn)
    return "".join(lines) + "    return a + b + c + np.sum(y)\n"


def methods(draw: random.Random, n: int) -> str:
    """A class whose steps are written out, one behind the other."""
    calls = "".join(f"    s.step({draw.random():.3f})\n" for _ in range(n // 6))
    return "    s = Walker(x[0], x[1])\n" + calls + "    return s.at * s.speed\n"


MAKERS: dict[str, Callable[[random.Random, int], str]] = {
    "scalar": named(SCALAR, "    v0 = x[0]\n    v1 = x[1]\n    v2 = x[2]\n", "    return v{}\n"),
    "array": named(ARRAY, "    v0 = x * 1.0\n    v1 = x * 2.0\n    v2 = x * 0.5\n", "    return np.sum(v{})\n"),
    "bound anew": bound_anew,
    "branches": branches,
    "loops": loops,
    "methods": methods,
}

HEAD = """import math
import numpy as np

class Walker:
    def __init__(self, at, speed):
        self.at = at
        self.speed = speed

    def step(self, dt):
        self.speed = self.speed - dt * math.sin(self.at)
        self.at = self.at + dt * self.speed

def f(x):
"""


def calls_for(folder: Path, kind: str, n: int) -> int:
    """The calls, of Python's functions and of built-in ones, that a gradient of about ``n`` lines takes."""
    file = folder / f"of_{n}_lines.py"
    file.write_text(HEAD + MAKERS[kind](random.Random(1), n))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None and spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    f = module.f
    profile = cProfile.Profile()
    profile.enable()
    tl.grad(f).specialize(np.array([0.3, 0.5, 0.7]))
    profile.disable()
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", MAKERS)
def test_three_times_the_lines_take_three_times_the_work(kind: str, tmp_path: Path) -> None:
    calls_for(tmp_path, kind, 20)  # what is looked up once
    few, many = (calls_for(tmp_path, kind, n) for n in (40, 120))
    assert many < 3.4 * few
