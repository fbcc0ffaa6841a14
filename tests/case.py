"""One program of the corpus: a plain function, a way to make arguments for it, and the verdict we expect.

Arguments are made afresh from a seed for every single evaluation, never copied: two arguments that are one
array, a strided view, a shared row stay so, which no copy would preserve.
"""

from __future__ import annotations

import copy
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Rng = np.random.Generator
Spec = Callable[["Draw"], Any]


@dataclass(frozen=True)
class Case:
    f: Callable[..., Any]
    args: Callable[[Rng], tuple[Any, ...]]
    wrt: tuple[int, ...] = (0,)
    expect: str = "right"  # "right", "refused", or "either": right or refused, never wrong
    tags: tuple[str, ...] = ()
    seeds: int = 3
    name: str = ""
    # At a kink no difference quotient knows the answer: the gradients stated, one per entry of `wrt`.
    exact: Callable[..., tuple[Any, ...]] | None = None
    # The primal raises this, so must the derivative, with the same words.
    raises: type[BaseException] | None = None
    # The primal is fine and its derivative infinite.
    diverges: type[BaseException] | None = None

    def __post_init__(self) -> None:
        assert self.expect in ("right", "refused", "either"), self.expect

    @property
    def title(self) -> str:
        return self.name or getattr(self.f, "__name__", repr(self.f))

    @property
    def id(self) -> str:
        return f"{self.f.__module__.rpartition('.')[2]}:{self.title}"

    def make(self, seed: int) -> tuple[Any, ...]:
        # The name is mixed in, so that two programs of the same shapes do not get the same numbers.
        return tuple(self.args(np.random.default_rng([seed, zlib.crc32(self.title.encode())])))


# -- ways to make arguments ------------------------------------------------------------------------------


class Draw:
    """A generator, and the sizes that one tuple of arguments has agreed on."""

    def __init__(self, rng: Rng) -> None:
        self.rng = rng
        self.sizes: dict[str, int] = {}

    def size(self, size: int | str) -> int:
        if isinstance(size, int):
            return size
        name, sign, offset = size.partition("-") if "-" in size else size.partition("+")
        if name not in self.sizes:
            self.sizes[name] = int(self.rng.integers(3, 7))
        return self.sizes[name] + (int(offset) if sign else 0) * (-1 if sign == "-" else 1)

    def normal(self, *shape: int | str) -> Any:
        """A number, or an array of a shape."""
        found = self.rng.normal(size=tuple(self.size(size) for size in shape))
        return found if shape else float(found)

    def floats(self, low: float | None, high: float | None, shape: tuple[int, ...]) -> Any:
        if low is None:
            return self.rng.normal(size=shape)
        return self.rng.uniform(low, low + 1 if high is None else high, size=shape)


def takes(*specs: Any) -> Callable[[Rng], tuple[Any, ...]]:
    """Arguments one by one; sizes named by a string are drawn once for each tuple: `takes(vec("n"), mat("n", "m"))`."""

    def make(rng: Rng) -> tuple[Any, ...]:
        draw = Draw(rng)
        return tuple(spec(draw) if callable(spec) else copy.deepcopy(spec) for spec in specs)

    return make


def num(low: float | None = None, high: float | None = None) -> Spec:
    return lambda draw: float(draw.floats(low, high, ()))


def array(
    *sizes: int | str, low: float | None = None, high: float | None = None, dtype: Any = float
) -> Spec:
    return lambda draw: np.array(
        draw.floats(low, high, tuple(draw.size(size) for size in sizes)), dtype=dtype
    )


def vec(size: int | str = "n", low: float | None = None, high: float | None = None) -> Spec:
    return array(size, low=low, high=high)


def mat(
    rows: int | str = "m",
    columns: int | str = "n",
    low: float | None = None,
    high: float | None = None,
) -> Spec:
    return array(rows, columns, low=low, high=high)


def pair() -> Spec:
    """A complex number."""
    return lambda draw: complex(draw.normal(), draw.normal())


def pairs(*sizes: int | str, dtype: Any = complex) -> Spec:
    """Complex numbers in an array."""
    return lambda draw: np.array(draw.normal(*sizes) + 1j * draw.normal(*sizes), dtype=dtype)


def whole(low: int, high: int) -> Spec:
    """A Python int, both ends included."""
    return lambda draw: int(draw.rng.integers(low, high + 1))


def wholes(size: int | str, low: int, high: int | str) -> Spec:
    """An integer array with entries low <= k < high."""
    return lambda draw: draw.rng.integers(low, draw.size(high), size=draw.size(size))


def bools(size: int | str) -> Spec:
    return lambda draw: draw.rng.random(size=draw.size(size)) < 0.5


def flag() -> Spec:
    return lambda draw: bool(draw.rng.random() < 0.5)


def one_of(*values: Any) -> Spec:
    return lambda draw: values[int(draw.rng.integers(len(values)))]


def constant(value: Any) -> Spec:
    """The very value: a function, a class."""
    return lambda draw: value


def listed(cases: list[Case]) -> Callable[..., Callable[[Callable[..., Any]], Callable[..., Any]]]:
    """A decorator that lists a program with its arguments; the program stays the plain function it is."""

    def case(*specs: Any, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        def add(f: Callable[..., Any]) -> Callable[..., Any]:
            cases.append(Case(f, takes(*specs), **options))
            return f

        return add

    return case
