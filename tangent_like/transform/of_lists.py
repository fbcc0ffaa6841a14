"""Text without kinds for lists of numbers, where there is none for whatever the arguments may be.

    def median(xs):                      refused for an ``xs`` of which nothing is known; for a list of numbers
        s = sorted(xs)                   it is not, and the text asks on entry that it is one
        return s[len(s) // 2]
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TypeVar

from tangent_like.analysis.maybe_lists import LIST, ROWS, checks, maybe_lists
from tangent_like.errors import NOWHERE, DifferentiationError
from tangent_like.ir.nodes import Function, UserFunction
from tangent_like.kinds.kind import FLOAT, UNKNOWN, Kind, ListOf
from tangent_like.kinds.structure import Shape
from tangent_like.transform.lowered import read, source_of
from tangent_like.transform.stages import Stage, Watch, unwatched

Made = TypeVar("Made")
KINDS: Mapping[int, Kind] = {LIST: ListOf(FLOAT), ROWS: ListOf(ListOf(FLOAT))}


def or_of_lists(
    attempt: Callable[[Mapping[str, Shape], Watch], Made],
    written: Callable[[], Function],
    shapes: Mapping[str, Shape],
    watch: Watch,
) -> tuple[Made, tuple[tuple[str, str], ...]]:
    """What is made of the arguments as they are known; or, if that is refused, of lists, with what is checked then."""
    seen: list[Stage] = []
    see = watch if watch is unwatched else seen.append
    try:
        return attempt(shapes, see), ()
    except DifferentiationError as refused:
        for depths in tried(written, shapes):
            first = seen.copy()
            seen.clear()
            try:
                return attempt({**shapes, **{n: KINDS[d] for n, d in depths.items()}}, see), checks(depths)
            except DifferentiationError:
                seen[:] = first
        raise refused from None
    finally:
        for stage in seen:
            watch(stage)


def tried(written: Callable[[], Function], shapes: Mapping[str, Shape]) -> list[dict[str, int]]:
    """The depths of lists to try, one after the other: as use tells, and all of them lists of lists."""
    unknown = {n for n, shape in shapes.items() if shape == UNKNOWN}
    if not unknown:
        return []
    try:
        found = {n: d for n, d in maybe_lists(written(), functools.cache(read_or_none)).items() if n in unknown}
    except DifferentiationError:
        return []  # refused already, for what it is refused for here
    deeper = dict.fromkeys(found, ROWS)
    return [d for d in ((found, deeper) if deeper != found else (found,)) if d]


def read_or_none(target: UserFunction) -> Function | None:
    try:
        return read(source_of(target, NOWHERE)).written
    except DifferentiationError:
        return None
