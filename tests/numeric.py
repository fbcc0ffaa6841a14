"""A stand-in for the package that differentiates by differences: slow, a little inexact, and right.

The harness is tested with it, and with versions of it that break one promise each.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
from harness import float_leaves, is_float, promoted, replaced, slope, vector


class DifferentiationError(Exception):
    file, line, column, source_line = "somewhere.py", 1, 0, "def f(x):"


def copied(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return copy.deepcopy(args)


class Derivative:
    def __init__(self, f: Callable[..., Any], argnums: Any, with_value: bool) -> None:
        self.f, self.argnums, self.with_value = f, argnums, with_value

    def __call__(self, *args: Any) -> Any:
        value, pullback = vjp(self.f, *args)
        bars = pullback(np.float64(1.0))
        result = (
            tuple(bars[k] for k in self.argnums)
            if isinstance(self.argnums, tuple)
            else bars[self.argnums]
        )
        return (value, result) if self.with_value else result

    def source_for(self, *args: Any) -> str:
        return f"def grad_{self.f.__name__}():\n    pass\n"

    def specialize(self, *args: Any) -> Any:
        return self


def grad(f: Callable[..., Any], argnums: Any = 0, tidy: bool = True) -> Derivative:
    return Derivative(f, argnums, False)


def value_and_grad(f: Callable[..., Any], argnums: Any = 0, tidy: bool = True) -> Derivative:
    return Derivative(f, argnums, True)


def vjp(f: Callable[..., Any], *args: Any) -> Any:
    kept = copied(args)
    value = f(*copied(args))

    def pullback(bar: Any) -> tuple[Any, ...]:
        weights = vector(bar)
        return tuple(gradient(f, kept, k, weights) for k in range(len(args)))

    return value, pullback


def gradient(f: Callable[..., Any], args: tuple[Any, ...], k: int, weights: np.ndarray) -> Any:
    if not float_leaves(args[k]):
        return None

    def partial(path: Any, spot: int | None) -> float:
        def s(t: float) -> float:
            moved = list(promoted(list(copied(args))))

            def change(here: Any, leaf: Any) -> Any:
                if here != path:
                    return leaf
                if spot is None:
                    return type(leaf)(leaf + t)
                leaf = np.array(leaf)
                leaf.flat[spot] += t
                return leaf

            moved[k] = replaced(moved[k], change)
            from harness import quietly

            return float(vector(quietly(lambda: f(*moved))[0]) @ weights)

        return slope(s)[0]

    def fill(path: Any, leaf: Any) -> Any:
        if not is_float(leaf):
            return None
        if not isinstance(leaf, np.ndarray):
            return type(leaf)(partial(path, None))
        bar = np.empty(leaf.shape, leaf.dtype)
        for spot in range(leaf.size):
            bar.flat[spot] = partial(path, spot)
        return bar

    return replaced(copied((args[k],))[0], fill)
