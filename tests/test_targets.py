"""What the compiler must reach: the eight of goldens/targets.py, and programs that are long, wide or deep.

How fast the emitted code is, and how long the first derivative of a process takes, is measured in
`benchmarks/`: here a limit of time is only there to see a fault, so it has room for a busy machine.
"""

from __future__ import annotations

import ast
import gc
import importlib.util
import inspect
import linecache
import math
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest

import tangent_like as tl

GOLDENS = Path(__file__).resolve().parent / "goldens" / "targets.py"
STATEMENTS = 1.5
PATIENCE = 60.0  # seconds: two Pythons are tested at once, on machines that are busy
TIMES = 14.0  # printing the tree of this file: about 40 ms where that takes 3; bare seconds are those of the machine


def load() -> ModuleType:
    """The primals and the hand-written gradients, as functions nobody has seen before."""
    spec = importlib.util.spec_from_file_location("targets_under_test", GOLDENS)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class Target(NamedTuple):
    name: str
    argnums: int | tuple[int, ...]
    draw: Callable[[np.random.Generator], tuple[Any, ...]]


TARGETS = [
    Target("chirp", 0, lambda r: (r.normal(),)),
    Target("wave_sum", 0, lambda r: (r.normal(size=r.integers(0, 9)),)),
    Target("decay", (0, 1), lambda r: (r.uniform(0.5, 2), r.random(), int(r.integers(0, 9)))),
    Target("soft_path", (0, 1), lambda r: (r.normal(), r.normal(1, 0.5, size=r.integers(0, 12)))),
    Target("jacobi", 0, lambda r: (r.normal(size=r.integers(3, 12)), int(r.integers(0, 6)))),
    Target(
        "ridge",
        (0, 1),
        lambda r: (r.normal(size=3), r.normal(), r.normal(size=(7, 3)), r.normal(size=7), r.random()),
    ),
    Target("halvings", 0, lambda r: (r.uniform(0, 100),)),
    Target(
        "residual",
        0,
        lambda r: (r.normal(size=(3, 3)) / 3, r.normal(size=(4, 3)), int(r.integers(0, 6))),
    ),
]
POINTS = 6


def statements(text: str) -> int:
    """Statements inside the functions of a text, at any depth, without docstrings."""

    def is_string(node: ast.stmt) -> bool:
        value = getattr(node, "value", None)
        return isinstance(node, ast.Expr) and isinstance(value, ast.Constant) and isinstance(value.value, str)

    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    inside = {s for f in functions for child in f.body for s in ast.walk(child) if isinstance(s, ast.stmt)}
    return sum(not is_string(s) for s in inside)


def with_helpers(f: Callable[..., Any]) -> str:
    """The text of a function and of those of its module that it calls, theirs included."""
    found = {f.__name__: f}
    queue = [f]
    while queue:
        caller = queue.pop()
        for name in caller.__code__.co_names:
            callee = caller.__globals__.get(name)
            if inspect.isfunction(callee) and name not in found:
                found[name] = callee
                queue.append(callee)
    return "\n\n".join(map(inspect.getsource, found.values()))


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: t.name)
def test_value(target: Target) -> None:
    module = load()
    primal, hand = getattr(module, target.name), getattr(module, f"grad_{target.name}")
    df = tl.grad(primal, target.argnums)
    rng = np.random.default_rng(0)
    for _ in range(POINTS):
        args = target.draw(rng)
        for f in (df, df.specialize(*args)):
            claimed, true = f(*args), hand(*args)
            if not isinstance(target.argnums, tuple):
                claimed, true = (claimed,), (true,)
            for a, b in zip(claimed, true, strict=True):
                assert np.shape(a) == np.shape(b)
                np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: t.name)
def test_count_of_statements(target: Target) -> None:
    module = load()
    args = target.draw(np.random.default_rng(1))
    emitted = tl.grad(getattr(module, target.name), target.argnums).source_for(*args)
    hand = with_helpers(getattr(module, f"grad_{target.name}"))
    ratio = statements(emitted) / statements(hand)
    assert ratio <= STATEMENTS, f"{ratio:.2f} times the statements of\n{hand}\nin\n{emitted}"


@pytest.mark.parametrize("target", TARGETS, ids=lambda t: t.name)
def test_time_to_differentiate(target: Target) -> None:
    args = target.draw(np.random.default_rng(1))

    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))

    def once() -> float:
        primal = getattr(load(), target.name)
        start = process_time()
        tl.grad(primal, target.argnums).specialize(*args)
        between = process_time()
        ast.unparse(tree)
        return (between - start) / (process_time() - between)

    once()
    assert statistics.median(once() for _ in range(5)) < TIMES


# -- long, wide and deep ------------------------------------------------------------------------------


def function(text: str) -> Callable[..., Any]:
    """The function ``f`` of a text, with its source where tools look for it."""
    file = f"<program {abs(hash(text))}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    scope: dict[str, Any] = {"math": math, "np": np}
    exec(compile(text, file, "exec"), scope)
    return scope["f"]


def check(text: str, *points: float) -> float:
    """Hold the derivative of a function of one number against differences; the seconds that it took to make."""
    f = function(text)
    df = tl.grad(f)
    gc.collect()
    gc.disable()  # a collection costs more the more there is, whoever made it
    try:
        start = process_time()
        df(points[0])
        taken = process_time() - start
    finally:
        gc.enable()
    assert taken < PATIENCE
    for x in points:
        h = 1e-6 * max(1.0, abs(x))
        slope = (f(x + h) - f(x - h)) / (2 * h)
        assert math.isclose(df(x), slope, rel_tol=1e-5, abs_tol=1e-7), (df(x), slope)
    return taken


def straight(lines: int) -> str:
    """Every value is used twice, once at once and once ten lines later."""
    body = ["    a0 = x * x"]
    body += [
        f"    a{k} = math.sin(a{k - 1}) * 0.9 + a{max(k - 10, 0)} * 0.1" if k % 2 else f"    a{k} = a{k - 1} + x / {k + 1}"
        for k in range(1, lines - 1)
    ]
    return "\n".join(["def f(x):", *body, f"    return a{lines - 2}"]) + "\n"


def test_three_thousand_straight_lines() -> None:
    """Twice the lines, twice the time, but for a busy machine; a square would make it 36 times."""
    short = min(check(straight(500), 0.5) for _ in range(2))
    assert check(straight(3_000), 0.5) / short < 12


def loops(lines: int) -> list[str]:
    body = (f"    y = x * {k}\n    for i in range(3):\n        y = math.sin(y) + x\n    total = total + y" for k in range(lines // 4))
    return ["    total = x", *body, "    return total"]


def stores(lines: int) -> list[str]:
    body = (f"    a[{k % 5}] = a[{(k + 1) % 5}] * x + {k}" for k in range(lines))
    return ["    a = np.ones(5)", *body, "    return np.sum(np.sin(a))"]


def calls(lines: int) -> list[str]:
    return ["    y = x", *("    y = g(y, x)" for _ in range(lines)), "    return y"]


def branches(lines: int) -> list[str]:
    body = (f"    if x > {k}:\n        y = y * x\n    else:\n        y = math.sin(y) + x" for k in range(lines // 4))
    return ["    y = x", *body, "    return y"]


def appended(lines: int) -> list[str]:
    body = (f"    items.append(math.sin(x * {k}))" for k in range(lines))
    return ["    items = []", *body, "    y = x", "    for v in items:\n        y += v * v", "    return y"]


@pytest.mark.parametrize("body", [loops, stores, calls, branches, appended], ids=lambda f: f.__name__)
def test_time_grows_with_the_lines(body: Callable[[int], list[str]]) -> None:
    def seconds(lines: int) -> float:
        text = "\n".join(["def g(y, x):", "    return math.sin(y * x)", "", "def f(x):", *body(lines)])
        return check(text + "\n", 0.5)

    short = min(seconds(60) for _ in range(2))
    assert seconds(300) / short < 10  # five times the lines; a square would make it 25


@pytest.mark.parametrize("head", ["for i{k} in range(1):", "while y < {k}:", "if y > -{k}:"])
def test_blocks_in_blocks(head: str) -> None:
    """Fixed points in fixed points: what an inner loop came to is not looked for again by each turn around it."""

    def seconds(depth: int) -> float:
        lines = ["def f(x):", "    y = x"]
        for k in range(depth):
            lines += [f"{'    ' * (k + 1)}{head.format(k=k)}", f"{'    ' * (k + 2)}y = y * 0.5 + x + {k + 1}"]
        return check("\n".join([*lines, "    return y * y"]) + "\n", 0.7)

    short = min(seconds(6) for _ in range(3))
    assert seconds(16) / short < 15  # twice the time for each of ten levels would make it a thousand


def test_elif_chain_of_a_thousand_arms() -> None:
    arms = [f"    {'el' if k else ''}if x < {k}:\n        y = x * {k} + math.sin(x)\n" for k in range(1_000)]
    text = "def f(x):\n" + "".join(arms) + "    else:\n        y = x * x\n    return y * y\n"
    check(text, 3.5, 998.25, 2000.0)


def test_sum_of_a_thousand_terms() -> None:
    terms = " + ".join(f"math.sin(x * {k})" if k % 2 else f"{k} * x" for k in range(1_000))
    check(f"def f(x):\n    return {terms}\n", 0.01)


def test_nested_parentheses() -> None:
    depth = 60
    check(f"def f(x):\n    return {'math.sin(x * (' * depth}x{' + 1))' * depth}\n", 0.3)


def test_nested_calls() -> None:
    check(f"def f(x):\n    return {'math.sin(' * 90}x{')' * 90}\n", 0.3)


def test_call_of_a_call() -> None:
    """A hundred functions, each calling the one before."""
    text = "def f0(x):\n    return x * x\n"
    text += "".join(f"def f{k}(x):\n    return math.sin(f{k - 1}(x)) + x\n" for k in range(1, 100))
    check(text + "def f(x):\n    return f99(x)\n", 0.3)


def test_nested_loops_and_branches() -> None:
    lines = ["def f(x):", "    y = x"]
    for k in range(1, 18, 2):
        lines.append(f"{'    ' * k}for i{k} in range({1 + k % 4 // 3}):")
        lines.append(f"{'    ' * (k + 1)}if y > {k - 20}:")
    lines.append(f"{'    ' * 19}y = y * math.sin(x) + x")
    check("\n".join([*lines, "    return y * y"]) + "\n", 0.7)
