"""Calls on which the test over the table tries a rule, written beside the rule.

    case(draw(2, 3), axis=0)      # f(x, axis=0) for a random x of shape (2, 3)

``case`` makes a function of a random generator that returns (args, kwargs), as ``Rule.cases`` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Draw:
    """An operand to be drawn: a float where ``shape`` is empty, else an array."""

    shape: tuple[int, ...]
    low: float
    high: float
    holed: bool = False  # with a NaN for the second entry
    sorted: bool = False

    def __call__(self, rng: np.random.Generator) -> Any:
        drawn = rng.uniform(self.low, self.high, self.shape)
        if self.sorted:
            drawn.sort()
        if self.holed:
            drawn.flat[1] = np.nan
        return drawn if self.shape else float(drawn)


def draw(
    *shape: int, low: float = -2.0, high: float = 2.0, holed: bool = False, sorted: bool = False
) -> Draw:
    return Draw(shape, low, high, holed, sorted)


@dataclass(frozen=True, slots=True)
class Positive:
    """A symmetric positive definite matrix to be drawn, or a stack of them."""

    shape: tuple[int, ...]

    def __call__(self, rng: np.random.Generator) -> Any:
        root = rng.uniform(-1.0, 1.0, (*self.shape, self.shape[-1]))
        return root @ np.matrix_transpose(root) + np.diag(np.arange(1.0, self.shape[-1] + 1))


def positive(*shape: int) -> Positive:
    """The last size is that of the matrices."""
    return Positive(shape)


def case(*args: Any, **kwargs: Any) -> Callable[[np.random.Generator], Any]:
    """Return a call with every ``draw`` among the arguments, also within a list, drawn anew."""

    def call(rng: np.random.Generator) -> tuple[tuple[Any, ...], dict[str, Any]]:
        return tuple(_drawn(a, rng) for a in args), {k: _drawn(a, rng) for k, a in kwargs.items()}

    return call


def _drawn(value: Any, rng: np.random.Generator) -> Any:
    if isinstance(value, Draw | Positive):
        return value(rng)
    if isinstance(value, list | tuple):
        return type(value)(_drawn(item, rng) for item in value)
    return value
