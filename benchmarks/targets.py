"""The emitted gradients beside the hand-written ones: statements, time, time to differentiate.

    python benchmarks/targets.py            # all of it, half a minute
    python benchmarks/targets.py decay      # only these

The primals and their hand-written gradients are those of tests/goldens/targets.py. Ratios are
taken within one run: emitted, hand-written and primal take turns in short blocks, so that whatever
else the machine does falls on all three alike; reported is the median over the rounds.
"""

import argparse
import ast
import gc
import importlib.util
import inspect
import math
import statistics
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

GOLDENS = Path(__file__).resolve().parent.parent / "tests" / "goldens" / "targets.py"

# What the gradients must reach: statements and time over the hand-written, and milliseconds.
STATEMENTS, TIME, WARM, FIRST = 1.5, 1.3, 20.0, 100.0


class Target(NamedTuple):
    name: str
    argnums: int | tuple[int, ...]
    small: tuple[Any, ...]  # the arguments of tests/goldens/targets.py
    large: tuple[Any, ...] | None  # as real use has them; None where a size has no say


def all_targets() -> list[Target]:
    rng = np.random.default_rng(0)

    def normal(*shape: int) -> np.ndarray:
        return rng.normal(size=shape)

    return [
        Target("chirp", 0, (0.7,), None),
        Target("wave_sum", 0, (normal(6),), (normal(2_000),)),
        Target("decay", (0, 1), (0.9, 0.3, 5), (0.9, 0.003, 2_000)),
        Target("soft_path", (0, 1), (0.6, 1 + normal(9) / 2), (0.6, 1 + normal(2_000) / 2)),
        Target("jacobi", 0, (normal(9), 4), (normal(20_000), 50)),
        Target(
            "ridge",
            (0, 1),
            (normal(3), 0.2, normal(7, 3), normal(7), 0.1),
            (normal(50), 0.2, normal(5_000, 50), normal(5_000), 0.1),
        ),
        Target("halvings", 0, (13.0,), (1e300,)),
        Target(
            "residual",
            0,
            (normal(3, 3) / 3, normal(4, 3), 5),
            (normal(64, 64) / 64, normal(128, 64), 20),
        ),
    ]


def load() -> ModuleType:
    """The primals and gradients, as functions nobody has seen before."""
    spec = importlib.util.spec_from_file_location("targets_under_test", GOLDENS)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


# -- statements ---------------------------------------------------------------------------------


def is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def count_statements(source: str) -> int:
    """Statements in the bodies of all functions of a text, at any depth, docstrings left out."""
    inside: set[ast.stmt] = set()
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef):
            inside.update(
                node
                for child in function.body
                for node in ast.walk(child)
                if isinstance(node, ast.stmt) and not is_docstring(node)
            )
    return len(inside)


def with_helpers(function: Callable[..., Any]) -> str:
    """A function's text and that of the functions of its module that it calls, theirs included."""
    found = {function.__name__: function}
    queue = [function]
    while queue:
        caller = queue.pop()
        for name in caller.__code__.co_names:
            callee = caller.__globals__.get(name)
            if inspect.isfunction(callee) and name not in found:
                found[name] = callee
                queue.append(callee)
    return "\n\n".join(textwrap.dedent(inspect.getsource(f)) for f in found.values())


# -- time ---------------------------------------------------------------------------------------


def seconds(function: Callable[..., Any], args: tuple[Any, ...], times: int) -> float:
    start = perf_counter()
    for _ in range(times):
        function(*args)
    return perf_counter() - start


def interleaved(
    functions: tuple[Callable[..., Any], ...],
    args: tuple[Any, ...],
    rounds: int,
    block: float = 0.004,
) -> Iterator[tuple[float, ...]]:
    """Seconds a call of each function, round by round; every second round in the opposite order."""
    times = []
    for function in functions:
        calls, taken = 1, seconds(function, args, 1)
        while taken < block:
            calls = max(2 * calls, math.ceil(calls * block / max(taken, 1e-9)))
            taken = seconds(function, args, calls)
        times.append(calls)
    was_on = gc.isenabled()
    gc.disable()  # a collection would fall on whoever happens to run
    try:
        for turn in range(rounds):
            order = range(len(functions)) if turn % 2 else range(len(functions) - 1, -1, -1)
            taken_by = {k: seconds(functions[k], args, times[k]) / times[k] for k in order}
            yield tuple(taken_by[k] for k in range(len(functions)))
            gc.collect()
    finally:
        if was_on:
            gc.enable()


def time_ratios(
    emitted: Callable[..., Any],
    hand: Callable[..., Any],
    primal: Callable[..., Any],
    args: tuple[Any, ...],
    rounds: int,
) -> tuple[float, float, float]:
    """Emitted over hand-written, emitted over primal, hand-written over primal."""
    taken = list(interleaved((emitted, hand, primal), args, rounds))
    return (
        statistics.median(e / h for e, h, _ in taken),
        statistics.median(e / p for e, _, p in taken),
        statistics.median(h / p for _, h, p in taken),
    )


def same(claimed: Any, true: Any, many: bool) -> bool:
    return all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-9, atol=1e-12)
        for a, b in zip(claimed if many else (claimed,), true if many else (true,), strict=True)
    )


# -- time to differentiate ----------------------------------------------------------------------


def differentiate(target: Target) -> float:
    """Milliseconds from a function nobody has seen to a compiled gradient."""
    import tangent_like as tl

    primal = getattr(load(), target.name)
    start = perf_counter()
    tl.grad(primal, argnums=target.argnums).specialize(*target.small)
    return 1000 * (perf_counter() - start)


def first_in_a_process(target: Target, times: int) -> float:
    """The same, where the import is all that has happened before."""
    command = [sys.executable, str(Path(__file__).resolve()), "--first", target.name]
    taken = [
        float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        for _ in range(times)
    ]
    return statistics.median(taken)


# -- the table ----------------------------------------------------------------------------------


def geometric_mean(values: list[float]) -> float:
    return math.exp(statistics.fmean(map(math.log, values)))


def mark(value: float, limit: float, digits: int = 2) -> str:
    """The number, with a star where it is over what it must reach."""
    return f"{value:.{digits}f}{'*' if value > limit else ' '}"


HEAD = (
    f"{'':<18}{'statements':>18}{'time over':>22}{'hand over':>10}{'differentiate, ms':>20}\n"
    f"{'':<18}{'ours/hand':>10}{'ratio':>8}{'hand':>12}{'primal':>10}{'primal':>10}"
    f"{'first':>11}{'warm':>9}"
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these primals")
    parser.add_argument("--rounds", type=int, default=41, help="turns that each function takes")
    parser.add_argument("--first", metavar="NAME", help=argparse.SUPPRESS)
    options = parser.parse_args()
    targets = {target.name: target for target in all_targets()}
    if options.first:
        print(differentiate(targets[options.first]))
        return 0
    for name in options.names:
        if name not in targets:
            parser.error(f"no primal {name!r}; there are {', '.join(targets)}")

    import tangent_like as tl

    module = load()
    columns: dict[str, list[float]] = {}
    over = 0
    print(HEAD)
    for target in targets.values():
        if options.names and target.name not in options.names:
            continue
        primal, hand = getattr(module, target.name), getattr(module, "grad_" + target.name)
        many = isinstance(target.argnums, tuple)
        gradient = tl.grad(primal, argnums=target.argnums)
        for size, args in (("small", target.small), ("large", target.large)):
            if args is None:
                continue
            emitted = gradient.specialize(*args)
            if not same(emitted(*args), hand(*args), many):
                raise SystemExit(f"{target.name}, {size}: not the hand-written gradient's values")
            ours = count_statements(gradient.source_for(*args))
            theirs = count_statements(with_helpers(hand))
            ratios = time_ratios(emitted, hand, primal, args, options.rounds)
            row = {"statements": ours / theirs, "time": ratios[0]}
            row |= {"over primal": ratios[1], "hand over primal": ratios[2]}
            line = (
                f"{target.name + ', ' + size:<18}{f'{ours}/{theirs}':>10}"
                f"{mark(row['statements'], STATEMENTS):>9}{mark(row['time'], TIME):>12}"
                f"{row['over primal']:>9.2f}{row['hand over primal']:>10.2f}"
            )
            over += (row["statements"] > STATEMENTS) + (row["time"] > TIME)
            if size == "small":
                row["first"] = first_in_a_process(target, 3)
                row["warm"] = statistics.median(differentiate(target) for _ in range(9))
                line += f"{mark(row['first'], FIRST, 1):>12}{mark(row['warm'], WARM, 1):>9}"
                over += (row["first"] > FIRST) + (row["warm"] > WARM)
            print(line.rstrip(), flush=True)
            for key, value in row.items():
                columns.setdefault(key, []).append(value)
    means = {key: geometric_mean(values) for key, values in columns.items()}
    print(
        f"{'geometric mean':<18}{'':>10}{means['statements']:>8.2f}{means['time']:>12.2f}"
        f"{means['over primal']:>10.2f}{means['hand over primal']:>10.2f}"
        f"{means['first']:>11.1f}{means['warm']:>9.1f}"
    )
    print(
        f"\n* over what it must reach: statements {STATEMENTS}, time {TIME}, "
        f"first {FIRST:.0f} ms, warm {WARM:.0f} ms; {over or 'none'} over"
    )
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
