"""The figures of docs/differences.md: ``python benchmarks/differences.py`` draws them (matplotlib, maybe SymPy)."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import tangent_like as tl

FIGURES = Path(__file__).parent.parent / "docs" / "figures"


def smooth(x: float) -> float:
    return np.exp(x) * np.sin(3.0 * x)


def chained(x: np.ndarray) -> float:
    """Rosenbrock's function."""
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def logistic(x: float, n: int) -> float:
    for _ in range(n):
        x = 3.7 * x * (1.0 - x)
    return x


def errors() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """The relative error of each method, by step."""
    x = 0.8
    exact = np.exp(x) * (np.sin(3 * x) + 3 * np.cos(3 * x))
    found = {}
    for method, low in (("forward", -16), ("central", -16), ("richardson", -8), ("complex", -30)):
        steps = 10.0 ** np.arange(low, 0.01, 0.25)
        made = [tl.numeric.grad(smooth, method=method, step=float(h))(x) for h in steps]
        found[method] = steps, np.maximum(np.abs(np.array(made) / exact - 1.0), 1e-17)
    return found


def seconds(work: Callable[[], Any]) -> float:
    """The least of several runs."""
    work()
    times = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def costs(sizes: tuple[int, ...] = (2, 8, 32, 128, 512)) -> dict[str, list[float]]:
    """The time of a gradient, in evaluations of the function, by the number of variables."""
    gradient, columns = tl.grad(chained), tl.jacfwd(chained)
    found: dict[str, list[float]] = {"central differences": [], "forward mode": [], "reverse mode": []}
    for n in sizes:
        x = np.linspace(0.5, 1.5, n)
        once = seconds(lambda x=x: chained(x))
        found["central differences"].append(seconds(lambda x=x: tl.numeric.grad(chained)(x)) / once)
        found["forward mode"].append(seconds(lambda x=x: columns(x)) / once)
        found["reverse mode"].append(seconds(lambda x=x: gradient(x)) / once)
    return found


def lengths(turns: tuple[int, ...] = (1, 2, 3, 4, 5, 6)) -> dict[str, list[int]]:
    """The length of the derivative of the logistic map, in characters, by the number of its turns."""
    found = {"our source": [len(tl.grad(logistic).source_for(0.3, 5))] * len(turns)}
    try:
        import sympy
    except ImportError:
        return found
    x = sympy.Symbol("x")
    expression, symbolic = x, []
    for _ in range(max(turns)):
        expression = 3.7 * expression * (1 - expression)
        symbolic.append(len(str(sympy.diff(expression, x))))
    found["SymPy's expression"] = [symbolic[n - 1] for n in turns]
    return found


def main() -> None:
    from matplotlib.figure import Figure

    FIGURES.mkdir(exist_ok=True)

    def drawn(file: str, label: str, other: str, draw: Callable[[Any], None]) -> None:
        figure = Figure(figsize=(6, 3.6), layout="constrained")
        axes = figure.add_subplot()
        draw(axes)
        axes.set(xlabel=label, ylabel=other, yscale="log")
        axes.legend()
        figure.savefig(FIGURES / file, metadata={"Date": None})

    sizes, turns = (2, 8, 32, 128, 512), (1, 2, 3, 4, 5, 6)
    by_step, by_size, by_turn = errors(), costs(sizes), lengths(turns)

    def steps(axes: Any) -> None:
        for method, (h, error) in by_step.items():
            axes.plot(h, error, label=method)
        axes.set_xscale("log")

    def dimensions(axes: Any) -> None:
        for name, cost in by_size.items():
            axes.plot(sizes, cost, ".-", label=name)
        axes.set_xscale("log")

    def swell(axes: Any) -> None:
        for name, length in by_turn.items():
            axes.plot(turns, length, ".-", label=name)

    drawn("differences-step.svg", "step", "relative error", steps)
    drawn("differences-dimension.svg", "variables", "evaluations of the function", dimensions)
    drawn("differences-swell.svg", "turns of the loop", "characters", swell)
    for name, (h, error) in by_step.items():
        print(f"{name}: least error {error.min():.1e} at step {h[error.argmin()]:.1e}")
    for name, cost in by_size.items():
        print(f"{name}: {', '.join(f'{c:.0f}' for c in cost)} evaluations for {sizes} variables")
    for name, length in by_turn.items():
        print(f"{name}: {length} characters")


if __name__ == "__main__":
    main()
