"""What the benchmarks share: statements counted, functions timed side by side, results compared."""

from __future__ import annotations

import ast
import dataclasses
import gc
import inspect
import math
import statistics
import textwrap
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter, process_time
from typing import Any

import numpy as np

# -- statements ---------------------------------------------------------------------------------------


def count_statements(source: str) -> int:
    """Statements in the bodies of all functions of a text, at any depth, docstrings left out."""

    def is_docstring(node: ast.stmt) -> bool:
        value = getattr(node, "value", None)
        return isinstance(node, ast.Expr) and isinstance(value, ast.Constant) and isinstance(value.value, str)

    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    inside = {s for f in functions for child in f.body for s in ast.walk(child) if isinstance(s, ast.stmt)}
    return sum(not is_docstring(s) for s in inside)


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


def runtime_calls(source: str) -> list[str]:
    """The helpers of tangent_like that a text imports."""
    return [
        name.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tangent_like")
        for name in node.names
    ]


# -- time -----------------------------------------------------------------------------------------------


Clock = Callable[[], float]


def seconds(function: Callable[..., Any], args: tuple[Any, ...], times: int, clock: Clock = perf_counter) -> float:
    start = clock()
    for _ in range(times):
        function(*args)
    return clock() - start


def interleaved(
    functions: Sequence[Callable[..., Any]],
    args: tuple[Any, ...],
    rounds: int,
    block: float = 0.004,
    clock: Clock = perf_counter,
) -> Iterator[tuple[float, ...]]:
    """Seconds a call of each function, round by round; every second round in the opposite order."""
    times = []
    for function in functions:
        function(*args)  # the first call may compile
        calls, taken = 1, seconds(function, args, 1, clock)
        while taken < block:
            calls = max(2 * calls, math.ceil(calls * block / max(taken, 1e-9)))
            taken = seconds(function, args, calls, clock)
        times.append(calls)
    was_on = gc.isenabled()
    gc.disable()  # a collection would fall on whoever happens to run
    try:
        for turn in range(rounds):
            order = range(len(functions)) if turn % 2 else range(len(functions) - 1, -1, -1)
            taken_by = {k: seconds(functions[k], args, times[k], clock) / times[k] for k in order}
            yield tuple(taken_by[k] for k in range(len(functions)))
            gc.collect()
    finally:
        if was_on:
            gc.enable()


def time_ratios(functions: Sequence[Callable[..., Any]], args: tuple[Any, ...], rounds: int) -> list[float]:
    """How long each function takes of the processor, over the second one: the median over the rounds."""
    taken = list(interleaved(functions, args, rounds, clock=process_time))
    return [statistics.median(t[k] / t[1] for t in taken) for k in range(len(functions))]


def geometric_mean(values: Sequence[float]) -> float:
    return math.exp(statistics.fmean(map(math.log, values)))


# -- results --------------------------------------------------------------------------------------------


def leaves(value: Any) -> list[Any]:
    """The numbers and arrays in tuples, lists, dicts and dataclasses, in order of the keys of dicts."""
    if isinstance(value, dict):
        return [leaf for key in sorted(value) for leaf in leaves(value[key])]
    if isinstance(value, tuple | list):
        return [leaf for item in value for leaf in leaves(item)]
    if dataclasses.is_dataclass(value):
        return [leaf for f in dataclasses.fields(value) for leaf in leaves(getattr(value, f.name))]
    return [value]


TINY = 1e-307


def same(claimed: Any, true: Any, tolerance: float = 1e-9) -> bool:
    """Agreement in shape, and in value relative to the largest entry of each array; what is denormal is 0."""
    pairs = list(zip(leaves(claimed), leaves(true), strict=True))
    return all(
        np.shape(a) == np.shape(b)
        and np.allclose(a, b, rtol=tolerance, atol=max(tolerance * float(np.max(np.abs(b), initial=0.0)), TINY))
        for a, b in pairs
    )
