"""What the forward sweep keeps for the way back, by the user's statement that it is kept at, with its size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tangent_like.analysis.seen import Env
from tangent_like.analysis.typing import Typing
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Const,
    Each,
    Expr,
    For,
    Name,
    Origin,
    Pop,
    Push,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.walk import base_name, binds, blocks, names, reads, statements
from tangent_like.kinds.dims import ONE, Dim, Sizes
from tangent_like.kinds.kind import Array, Kind, Scalar, Sequence
from tangent_like.show.program import shown
from tangent_like.transform.stages import Swept


@dataclass(frozen=True, eq=False)
class Size:
    """Bytes of data: ``times`` numbers of ``each`` bytes; ``times`` None where it is not known.

    What Python adds for an object of its own, and for its place in a list, is not counted.
    """

    each: int
    times: Dim | None

    def text(self, sizes: Sizes) -> str:
        """How many bytes; empty where that is not known."""
        if self.times is None:
            return ""
        number = sizes.evaluate(self.times)
        if number is not None:
            return counted(number * self.each)
        times = str(self.times)
        return f"{self.each} * {f'({times})' if ' ' in times else times} bytes"


def counted(number: int) -> str:
    return f"{number:,} byte{'' if number == 1 else 's'}"


@dataclass(frozen=True, eq=False)
class Kept:
    """``what`` is kept at the statement of ``origin``: in every turn of a loop, or once."""

    origin: Origin
    what: str
    size: Size
    turn: bool
    callee: bool = False  # it is what a callee keeps, and told there


def kept(swept: Swept, params: frozenset[str]) -> Iterator[Kept]:
    """What is kept in lists, and what variables hold over to the way back; parameters are there anyway."""
    yield from _in_lists(swept.front, swept, False)
    yield from _held(swept, params)


def one(value: Expr, origin: Origin, swept: Swept, turn: bool) -> Kept:
    of_call = isinstance(value, Name) and value.id in swept.saved
    return Kept(origin, said(value, origin, swept.front), size_of(value, swept.typing), turn, of_call)


def _in_lists(body: Block, swept: Swept, in_loop: bool) -> Iterator[Kept]:
    for k, stmt in enumerate(body):
        if isinstance(stmt, Push) and stmt.list in swept.kept and stmt.origin is None:
            origin = _origin_of(stmt.value, k, body)
            if origin is not None:
                yield one(stmt.value, origin, swept, in_loop)
        for inner in blocks(stmt):
            yield from _in_lists(inner, swept, in_loop or isinstance(stmt, For | Each | While))


def _origin_of(value: Expr, k: int, body: Block) -> Origin | None:
    """The statement of the user's that a value is kept at: the one that overwrites it, else the last that binds it."""
    wanted = names(value) if isinstance(value, Name) else {base_name(value) or ""}
    after = next((s for s in body[k + 1 :] if not isinstance(s, Push)), None)
    if after is not None and wanted & {*binds(after), *_stored(after)}:
        return _own(after)
    for j in range(k - 1, -1, -1):
        inside = [body[j], *(s for inner in blocks(body[j]) for s in statements(inner))]
        for stmt in reversed(inside):
            if wanted & set(binds(stmt)):
                following = (s for s in body[j + 1 :] if _own(s) is not None)
                return _own(stmt) or _own(next(following, stmt))
    return _own(after) if after is not None else None


def said(value: Expr, origin: Origin, front: Block) -> str:
    """What is kept, in the user's words: of a name of ours, what it stands for."""
    if isinstance(value, Name) and not re.search(rf"\b{re.escape(value.id)}\b", origin.text):
        for stmt in statements(front):
            if isinstance(stmt, Assign) and value.id in stmt.targets and len(stmt.targets) == len(stmt.values):
                inner = stmt.values[stmt.targets.index(value.id)]
                return "which way it went" if isinstance(inner, Const) else shown(inner)
    return shown(value)


def _stored(stmt: Stmt) -> set[str]:
    return {base_name(stmt.target) or ""} if isinstance(stmt, Store) else set()


def _own(stmt: Stmt) -> Origin | None:
    return getattr(stmt, "origin", None)


def _held(swept: Swept, params: frozenset[str]) -> Iterator[Kept]:
    """Variables that the forward sweep binds once, and the way back reads."""
    wanted = needed(swept.back)
    last: dict[str, Stmt] = {}
    again: set[str] = set()
    for stmt in swept.front:
        for name in binds(stmt):
            last[name] = stmt
        for inner in blocks(stmt):
            for below in statements(inner):
                for name in binds(below):
                    last.setdefault(name, below)
                    if isinstance(stmt, For | Each | While):
                        again.add(name)
    for name, stmt in last.items():
        origin = _own(stmt)
        single = isinstance(stmt, Assign | Augment)
        if name in wanted and name not in params | again and single and origin is not None and name not in swept.kept:
            yield one(Name(name), origin, swept, False)


def needed(back: Block) -> set[str]:
    """The names whose values the way back finds there: read before it binds them itself."""
    found: set[str] = set()
    bound: set[str] = set()

    def go(block: Block) -> None:
        for stmt in block:
            found.update(reads(stmt) - bound)
            for inner in blocks(stmt):
                go(inner)
            if isinstance(stmt, Assign | Pop | For | Each):
                bound.update(binds(stmt))

    go(back)
    return found


def size_of(value: Expr, typing: Typing) -> Size:
    return size_of_kind(typing.kind(value, Env(typing.overall)), typing.sizes)


def size_of_kind(kind: Kind, sizes: Sizes) -> Size:
    match kind:
        case Scalar(type, dtype):
            plain = {"bool": "bool", "complex": "complex128"}.get(type, "float64")
            return Size(np.dtype(dtype or plain).itemsize, ONE)
        case Array(dims, dtype) if dims is not None:
            return Size(np.dtype(dtype or "float64").itemsize, sizes.product(list(dims)))
        case Sequence(items):
            parts = [size_of_kind(i, sizes) for i in items]
            total = Dim((), 0)
            for part in parts:
                if part.times is None:
                    return part
                total = total + part.times.times(part.each)
            return Size(1, total)
        case _:
            return Size(8, None)
