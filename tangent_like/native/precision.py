"""The precision of results: what Numba computes with numbers of Python's in float64, NumPy leaves in float32."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tangent_like.analysis.typing import Typing
from tangent_like.ir.nodes import Function, Tuple
from tangent_like.ir.walk import expressions, statements, subexpressions
from tangent_like.kinds.kind import Array, Kind, Scalar, Sequence


def result_kinds(function: Function, typing: Typing) -> tuple[Kind, ...]:
    """The kinds of what a function returns, item by item.

    A sum over elements is a NumPy scalar if it has a term, and 0.0 if it has none. Where all that the function
    computes with is of single precision, or are numbers of Python's, the scalar is taken to be of that.
    """
    kind = typing.result[-1]
    items = kind.items if isinstance(kind, Sequence) and not kind.is_list else (kind,)
    if not any(isinstance(k, Scalar) and k.mixed and k.dtype is None for k in items):
        return items
    single = {"float": "float32", "complex": "complex64"}
    found = {dtype for dtype in _dtypes(function, typing) if dtype is None or dtype[0] in "fcl"}
    if not found or not found <= set(single.values()):
        return items
    return tuple(
        replace(k, dtype=single[k.type]) if isinstance(k, Scalar) and k.mixed and k.type in single else k for k in items
    )


def _dtypes(function: Function, typing: Typing) -> Iterator[str | None]:
    """The dtypes of all NumPy values in a function; None for one that is not known."""
    for kind in typing.overall.values():
        yield from _dtype(kind)
    for stmt in statements(function.body):
        if stmt in typing.before:
            kind_of = typing.at(stmt)
            for expr in expressions(stmt):
                for part in subexpressions(expr):
                    if not isinstance(part, Tuple):
                        yield from _dtype(kind_of(part))


def _dtype(kind: Kind) -> Iterator[str | None]:
    if isinstance(kind, Array) or (isinstance(kind, Scalar) and kind.dtype is not None):
        yield kind.dtype
