"""Functions of the runtime about the items of tuples and lists, as Numba compiles them.

Their Python makes lists, whatever it is given. What stands in the text as ``(a, b, c)`` stays a tuple here: it needs
no memory of its own.
"""

# Numba asks that an overload has the parameters of what it stands for.
# ruff: noqa: ARG001
# mypy: allow-untyped-defs, allow-untyped-calls, allow-untyped-decorators, disable-error-code="call-arg"

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import overload

from tangent_like import runtime

OF_ITEMS: frozenset[object] = frozenset(
    {
        runtime.added, runtime.best_items, runtime.each_less, runtime.each_over, runtime.each_times,
        runtime.other_items, runtime.sum_of_products,
    }
)  # fmt: skip


def is_number(of: Any) -> bool:
    return isinstance(of, types.Float | types.Integer | types.Boolean)


def is_vector(of: Any) -> bool:
    return isinstance(of, types.Array) and of.ndim == 1


def count_of(of: Any) -> int | None:
    """How many numbers there are in a tuple; -1 for a list of numbers, None for anything else."""
    if isinstance(of, types.UniTuple | types.Tuple):
        return len(of.types) if of.types and all(map(is_number, of.types)) else None
    return -1 if isinstance(of, types.List) and is_number(of.dtype) else None


def written(head: str, *lines: str) -> Any:
    names: dict[str, Any] = {}
    exec("\n    ".join([f"def impl({head}):", *lines]), names)  # noqa: S102 - our own text
    return names["impl"]


def each(head: str, item: str, count: int, *before: str) -> Any:
    """A function that returns a tuple of ``count`` items, or a list for a list."""
    items = ", ".join(item.format(k=k) for k in range(count))
    whole = f"({items},)" if count >= 0 else f"[{item.format(k='k')} for k in range(len(x))]"
    return written(head, *before, f"return {whole}")


@overload(runtime.best_items)
def best_items(y, x):
    if is_number(y) and isinstance(x, types.Array) and x.ndim == 1:
        return lambda y, x: (x == y) / (x == y).sum()
    count = count_of(x)
    if count is None or not is_number(y):
        return None
    ties = " + ".join(f"(x[{k}] == y)" for k in range(count))
    lines = [f"n = {ties}"] if count >= 0 else ["n = 0", "for item in x:", "    n += item == y"]
    return each("y, x", "(x[{k}] == y) / n", count, *lines)


@overload(runtime.each_times)
def each_times(y_bar, x):
    if is_number(y_bar) and isinstance(x, types.Array):
        return lambda y_bar, x: y_bar * x
    count = count_of(x)
    if count is None or not is_number(y_bar):
        return None
    return each("y_bar, x", "y_bar * x[{k}]", count)


@overload(runtime.each_over)
def each_over(x, y):
    if is_vector(x) and is_number(y):
        return lambda x, y: x / y if y else x * 0.0
    count = count_of(x)
    if count is None or not is_number(y):
        return None
    return each("x, y", "(x[{k}] / y if y else x[{k}] * 0.0)", count)


@overload(runtime.each_less)
def each_less(x, y):
    if is_vector(x) and is_vector(y):
        return lambda x, y: x - y
    count = count_of(x)
    if count is None or count_of(y) != count:
        return None
    if count >= 0:
        return each("x, y", "x[{k}] - y[{k}]", count)

    def impl(x, y):
        if len(x) != len(y):
            raise ValueError("there are as many items in both")
        return [x[k] - y[k] for k in range(len(x))]

    return impl


@overload(runtime.sum_of_products)
def sum_of_products(x, y):
    count = count_of(x)
    vectors = is_vector(x) and is_vector(y)
    if not vectors and (count is None or count_of(y) != count):
        return None
    if count is not None and count >= 0:
        return written("x, y", "return " + " + ".join(f"x[{k}] * y[{k}]" for k in range(count)))

    def impl(x, y):
        if len(x) != len(y):
            raise ValueError("there are as many items in both")
        total = 0.0
        for k in range(len(x)):
            total += x[k] * y[k]
        return total

    return impl


@overload(runtime.other_items)
def other_items(x, start=1):
    """Of each item the product of the others: that of those before it times that of those behind."""
    count = count_of(x)
    if count is not None and count >= 0:
        items = (" * ".join(["start", *(f"x[{j}]" for j in range(count) if j != k), "1.0"]) for k in range(count))
        return written("x, start=1", f"return ({', '.join(items)},)")
    if count is None and not is_vector(x):
        return None
    vector = is_vector(x)

    def impl(x, start=1):
        found = np.ones(len(x))
        product = 1.0 * start
        for k in range(len(x)):
            found[k] = product
            product *= x[k]
        product = 1.0
        for k in range(len(x) - 1, -1, -1):
            found[k] *= product
            product *= x[k]
        return found if vector else list(found)

    return impl


@overload(runtime.added)
def added(a, b):
    if count_of(a) == count_of(b) == -1:

        def impl(a, b):
            if len(a) != len(b):
                raise ValueError("there are as many items in both")
            return [a[k] + b[k] for k in range(len(a))]

        return impl
    numbers = is_number(a) or isinstance(a, types.Array)
    return (lambda a, b: a + b) if numbers and (is_number(b) or isinstance(b, types.Array)) else None
