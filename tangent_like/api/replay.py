"""Drivers that run a program several times let it draw the same random numbers each time.

A Jacobian takes a pass for each column, a check several for each direction. Each pass begins with the generators as
they were, so that all of them differentiate one and the same function; the last one leaves them as a single call does.
"""

from __future__ import annotations

import random
import types
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from tangent_like.frontend.live import is_library

DEEPEST = 4  # how far into objects and containers generators are looked for,
MOST = 10_000  # and among how many parts
NUMBERS = (float, int, complex, np.ndarray, np.generic)
NOTHING = (*NUMBERS, str, bytes, type(None), type, types.ModuleType, types.FunctionType)

Stream = tuple[Callable[[], Any], Callable[[Any], Any]]  # how its state is read, and set


@dataclass(frozen=True, eq=False)
class Replay:
    """The streams that a call draws from, with the states that they had."""

    kept: tuple[tuple[Callable[[Any], Any], Any], ...]

    def __bool__(self) -> bool:
        return bool(self.kept)

    def rewind(self) -> None:
        """Set every stream back to where it was."""
        for put, state in self.kept:
            put(state)


def replay(f: Any, values: Any) -> Replay:
    """The generators among ``values`` and those that ``f`` reads, itself or in a function that it calls."""
    found: dict[int, Stream] = {}
    for one in (*_within(values), *_read_by(f)):
        key, stream = _stream(one)
        found.setdefault(key, stream)
    return Replay(tuple((put, get()) for get, put in found.values()))


def _stream(one: Any) -> tuple[int, Stream]:
    match one:
        case np.random.Generator():
            bits = one.bit_generator
            return id(bits), (lambda: bits.state, lambda state: setattr(bits, "state", state))
        case np.random.RandomState():
            return id(one), (one.get_state, one.set_state)
        case types.ModuleType() if one is random:
            return id(one), (random.getstate, random.setstate)
        case types.ModuleType():
            return id(one), (np.random.get_state, np.random.set_state)
        case _:
            return id(one), (one.getstate, one.setstate)


def _within(value: Any) -> Iterator[Any]:
    """The generators in containers and objects, the nearest first."""
    pending, seen = deque([(value, 0)]), set[int]()
    while pending and len(seen) < MOST:
        one, depth = pending.popleft()
        if id(one) in seen or isinstance(one, NOTHING):
            continue
        seen.add(id(one))
        if isinstance(one, np.random.Generator | np.random.RandomState | random.Random):
            yield one
        elif depth < DEEPEST:
            pending.extend((part, depth + 1) for part in _parts(one))


def _parts(value: Any) -> list[Any]:
    if isinstance(value, tuple | list | set | frozenset):
        return list(value)
    if isinstance(value, dict):
        return list(value.values())
    return list(vars(value).values()) if hasattr(value, "__dict__") else []


def _read_by(f: Any) -> Iterator[Any]:
    """The generators, and the modules that draw, that a function reads by the names in its code."""
    pending, seen = [f], set[int]()
    while pending:
        one = pending.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, types.MethodType):
            yield from _within(one.__self__)
            one = one.__func__
        if not isinstance(one, types.FunctionType):
            inner = getattr(one, "function", None)  # a derivative of ours
            pending += [inner] if callable(inner) and not isinstance(one, type) else []
            continue
        if is_library(one.__module__ or ""):
            continue
        names = set(_names(one.__code__))
        cells = [c.cell_contents for c in one.__closure__ or () if _is_bound(c)]
        for value in [*(one.__globals__[n] for n in names if n in one.__globals__), *cells]:
            owner = getattr(value, "__self__", None)
            if isinstance(value, types.ModuleType):
                if value in (random, np.random) or (value is np and "random" in names):
                    yield np.random if value is np else value
            elif isinstance(owner, np.random.Generator | np.random.RandomState | random.Random):
                yield owner
            elif callable(value):
                pending.append(value)
            else:
                yield from _within(value)


def _names(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield from _names(inner)


def _is_bound(cell: Any) -> bool:
    try:
        cell.cell_contents  # noqa: B018 - asked for
    except ValueError:
        return False
    return True
