"""How the gradients grow: time with the size of arrays, the turns of loops and the length of programs, and memory."""

from __future__ import annotations

import linecache
import statistics
import tracemalloc
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

import tangent_like as tl


def waves(x: np.ndarray) -> float:
    return np.sum(np.sin(x) * np.exp(-x * x))


def logistic(x: float, r: float, n: int) -> float:
    for _ in range(n):
        x = r * x * (1 - x)
    return x


def relaxed(a: np.ndarray, steps: int) -> float:
    a = a.copy()
    for _ in range(steps):
        a[1:-1] = np.tanh(a[:-2] + a[2:])
    return np.sum(a * a)


def straight(lines: int) -> Callable[..., Any]:
    """A program of so many lines."""
    body = ["def f(x, y):"] + [f"    {'xy'[k % 2]} = x * y + {k + 1} / (x + 3.0)" for k in range(lines)]
    text = "\n".join([*body, "    return x + y", ""])
    file = f"<straight {lines}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    space: dict[str, Any] = {}
    exec(compile(text, file, "exec"), space)  # noqa: S102 - our own text
    made: Callable[..., Any] = space["f"]
    return made


def seconds(f: Callable[..., Any], *args: Any) -> float:
    f(*args)
    found = []
    for _ in range(5):
        start = perf_counter()
        f(*args)
        found.append(perf_counter() - start)
    return statistics.median(found)


def peak(f: Callable[..., Any], *args: Any) -> float:
    """Bytes."""
    f(*args)
    tracemalloc.start()
    f(*args)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return float(most)


Curve = tuple[str, list[float], list[float]]


def curves() -> dict[str, tuple[str, str, list[Curve]]]:
    """By title: what is along and what up, and the curves."""
    rng = np.random.default_rng(0)
    sizes = [10**k for k in range(1, 7)]
    compiled = compiles()
    pictures: dict[str, tuple[str, str, list[Curve]]] = {}

    def of(f: Callable[..., Any], inputs: list[tuple[Any, ...]]) -> list[tuple[str, list[float]]]:
        makers: list[tuple[str, Callable[..., Any]]] = [("primal", f), ("gradient", tl.grad(f))]
        if compiled:
            makers.append(("compiled gradient", tl.grad(f, jit=True)))
        return [(name, [seconds(g, *args) for args in inputs]) for name, g in makers]

    arrays = [(rng.normal(size=n),) for n in sizes]
    pictures["size of the array"] = ("numbers", "seconds", [(n, sizes, t) for n, t in of(waves, arrays)])
    turns = [10**k for k in range(1, 6)]
    given = [(0.3, 3.5, n) for n in turns]
    pictures["turns of the loop"] = ("turns", "seconds", [(n, turns, t) for n, t in of(logistic, given)])
    lines = [25, 100, 400, 1600]
    took = []
    for n in lines:
        f = straight(n)
        start = perf_counter()
        tl.grad(f, (0, 1)).specialize(0.5, 0.4)
        took.append(perf_counter() - start)
    pictures["lines of the program"] = ("lines", "seconds to differentiate", [("emission", lines, took)])
    steps = [4, 16, 64, 256]
    a = rng.normal(size=20_000)
    kept = [peak(tl.grad(relaxed), a, n) for n in steps]
    pictures["memory"] = ("turns, 20,000 numbers each", "bytes", [("gradient", steps, kept)])
    return pictures


def compiles() -> bool:
    try:
        import numba  # noqa: F401
    except ImportError:
        return False
    return True


def draw(file: str) -> dict[str, tuple[str, str, list[Curve]]]:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    pictures = curves()
    figure, axes = plt.subplots(2, 2, figsize=(9, 7))
    for axis, (title, (along, up, found)) in zip(axes.flat, pictures.items(), strict=True):
        for name, xs, ys in found:
            axis.loglog(xs, ys, marker="o", label=name)
        axis.set(title=title, xlabel=along, ylabel=up)
        axis.grid(alpha=0.3)
        axis.legend()
    figure.tight_layout()
    figure.savefig(file, dpi=80)
    plt.close(figure)
    return pictures
