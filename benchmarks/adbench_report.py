"""ADBench's problems: what a gradient or Jacobian costs over its primal, in this process, and whether it is right.

    python benchmarks/adbench_report.py              # all four, a minute or two
    python benchmarks/adbench_report.py gmm lstm     # only these
    python benchmarks/adbench_report.py --jit        # compiled by Numba, where it is installed

The data are those that ADBench publishes (benchmarks/data). Ratios are medians over rounds in which derivative
and primal take turns; each derivative is held against a central difference in a random direction.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from adbench import ba, gmm, hand, lstm  # noqa: E402 - beside this file, which runs as a script

import tangent_like as tl  # noqa: E402

DATA = HERE / "data"


class Problem(NamedTuple):
    name: str
    primal: Callable[..., Any]
    derivative: Callable[..., Any]
    args: tuple[Any, ...]
    slope: Callable[[Any, list[Any]], Any]  # of the derivative in a direction, one step an argument
    wrt: tuple[int, ...]


def along_gradient(bars: Any, steps: list[Any]) -> Any:
    return sum(np.sum(bar * step) for bar, step in zip(bars, steps, strict=True))


def along_columns(jacobians: Any, steps: list[Any]) -> Any:
    parts = jacobians if isinstance(jacobians, tuple) else (jacobians,)
    return sum(np.tensordot(j, step, np.ndim(step)) for j, step in zip(parts, steps, strict=True))


def along_sparse(jacobians: Any, steps: list[Any]) -> Any:
    return sum(j @ step.ravel() for j, step in zip(jacobians, steps, strict=True))


def problems(jit: bool) -> Iterator[Problem]:
    options: dict[str, Any] = {"jit": True} if jit else {}
    for name in ("gmm_d2_K5", "gmm_d10_K25", "gmm_d32_K50"):
        g = tl.grad(gmm.objective, gmm.WRT, **options)
        yield Problem(name, gmm.objective, g, tuple(gmm.read(DATA / f"{name}.txt")), along_gradient, (0, 1, 2))
    for name in ("lstm_l2_c1024", "lstm_l4_c1024"):
        g = tl.grad(lstm.objective, lstm.WRT, **options)
        yield Problem(name, lstm.objective, g, tuple(lstm.read(DATA / f"{name}.txt")), along_gradient, (0, 1))
    instance = ba.read(DATA / "ba1_n49_m7776_p31843.txt")
    sparse = tl.jacobian(ba.residuals, (0, 1, 2), sparsity="auto")
    yield Problem("ba1_n49_m7776", ba.residuals, sparse, tuple(instance), along_sparse, (0, 1, 2))
    posed = hand.read(DATA / "hand" / "simple_t26_c100.txt")
    simple = (posed.theta, *posed.model[:-1], posed.correspondences, posed.points)
    yield Problem("hand_simple", hand.simple, tl.jacfwd(hand.simple, **options), simple, along_columns, (0,))


def check(problem: Problem) -> float:
    """The relative error of the derivative in a random direction."""
    rng = np.random.default_rng(0)
    steps = [rng.normal(size=np.shape(problem.args[k])) for k in problem.wrt]

    def value(t: float) -> Any:
        moved = list(problem.args)
        for k, step in zip(problem.wrt, steps, strict=True):
            moved[k] = moved[k] + t * step
        return np.ravel(problem.primal(*moved))

    measured = (value(1e-6) - value(-1e-6)) / 2e-6
    claimed = np.ravel(problem.slope(problem.derivative(*problem.args), steps))
    return float(np.max(np.abs(claimed - measured)) / max(np.max(np.abs(measured)), 1e-300))


def ratio(problem: Problem, rounds: int) -> tuple[float, float]:
    """Milliseconds of the primal, and the derivative over it."""

    def once(f: Callable[..., Any]) -> float:
        start = perf_counter()
        f(*problem.args)
        return perf_counter() - start

    pairs = [(once(problem.primal), once(problem.derivative)) for _ in range(rounds)]
    return statistics.median(p for p, _ in pairs) * 1e3, statistics.median(d / p for p, d in pairs)


def main() -> int:
    parser = argparse.ArgumentParser(description="ADBench's problems: derivative over primal")
    parser.add_argument("names", nargs="*", help="only problems whose names begin so")
    parser.add_argument("--jit", action="store_true", help="compile the gradients by Numba")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    wrong = False
    print(f"{'problem':16}{'primal, ms':>12}{'derivative / primal':>22}{'error':>10}")
    for problem in problems(options.jit):
        if options.names and not problem.name.startswith(tuple(options.names)):
            continue
        error = check(problem)
        wrong |= not error < 1e-5
        primal, over = ratio(problem, options.rounds)
        print(f"{problem.name:16}{primal:12.2f}{over:22.2f}{error:10.1e}", flush=True)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
