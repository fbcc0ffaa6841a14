"""An adjoint that is added to a part of another, and to nothing else, is that part from the start.

Before                                           After

    for i in range(n):                               for i in range(n):
        row_bar = np.zeros_like(row)                     row_bar = X_bar[i]
        for j in range(m):                               for j in range(m):
            row_bar[j] += t_bar * w[j]                       row_bar[j] += t_bar * w[j]
        X_bar[i] += row_bar

Between the two nothing may read either of them, and only sums may be added to the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Break,
    Call,
    Comment,
    Const,
    Continue,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import binds, bound_in, expressions, names, statements, subexpressions, with_body
from tangent_like.kinds.indexing import sort_of_index
from tangent_like.kinds.kind import Array
from tangent_like.native.memory import Memory
from tangent_like.native.sharing import alias_classes

SUMS = frozenset("+-")


def with_rows_in_place(function: Function, typing: Typing) -> Function:
    """The function with adjoints of rows as rows of adjoints; itself where there is none."""
    work = _Rows(function, typing, Memory(typing, alias_classes(function, typing), frozenset()))
    work.find(function.body)
    found = {name: pairs for name, pairs in work.found.items() if work.touched[name] == work.within[name]}
    if not found:
        return function
    begun = {pair.first: pair.view for pairs in found.values() for pair in pairs}
    ended = {pair.last for pairs in found.values() for pair in pairs}

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            if stmt in begun:
                out.append(Assign(binds(stmt), (begun[stmt],), stmt.origin))
            elif stmt not in ended:
                out.append(with_blocks(stmt, block))
        return tuple(out)

    return with_body(function, block(function.body))


@dataclass(frozen=True, eq=False)
class _Pair:
    """Where zeros are made, where they are added, and to what."""

    first: Stmt
    last: Stmt
    view: Index


@dataclass(eq=False)
class _Rows:
    function: Function
    typing: Typing
    memory: Memory

    def __post_init__(self) -> None:
        self.found: dict[str, list[_Pair]] = {}
        self.within: Counter[str] = Counter()
        self.touched = Counter(n for s in statements(self.function.body) for n in _touched(s))

    def find(self, body: Block) -> None:
        for k, stmt in enumerate(body):
            match stmt:
                case Store(Index(Name(whole)) as view, "+", Name(part), each=False) if whole != part:
                    first = self.first(body[:k], stmt, view, whole, part)
                    if first is not None:
                        self.found.setdefault(part, []).append(_Pair(body[first], stmt, view))
                        self.within.update(n for s in statements(body[first : k + 1]) for n in _touched(s) if n == part)
                case _:
                    pass
            with_blocks(stmt, self.inner)

    def inner(self, body: Block) -> Block:
        self.find(body)
        return body

    def first(self, before: Block, last: Stmt, view: Index, whole: str, part: str) -> int | None:
        """Which statement makes the zeros, if what comes between allows that they are the part of ``whole``."""
        at = next((k for k in range(len(before) - 1, -1, -1) if part in binds(before[k])), None)
        if at is None or not _makes_zeros(before[at], part) or not self.is_part(before[at], last, view, part):
            return None
        between = before[at + 1 :]
        kept = names(view.index) | {whole}
        if not _is_plain(view.index) or kept & bound_in(between) or self.meets(whole, part):
            return None
        inner = list(statements(between))
        if any(isinstance(s, Return | Break | Continue) or not self.only_adds(s, whole, part) for s in inner):
            return None
        return at

    def is_part(self, made: Stmt, last: Stmt, view: Index, part: str) -> bool:
        """Is it an array of the size and precision of the part, which is memory of the other's?"""
        if made not in self.typing.after or last not in self.typing.before:
            return False
        env = self.typing.before[last]
        ours, theirs = self.typing.after[made].get(part), self.typing.kind(view, env)
        if not isinstance(ours, Array) or not isinstance(theirs, Array) or not ours.dims or None in ours.dims:
            return False
        if sort_of_index(view.index, lambda e: self.typing.kind(e, env)) != "basic":
            return False
        return ours.dims == theirs.dims and ours.dtype == theirs.dtype

    def meets(self, whole: str, part: str) -> bool:
        """Is the memory of one known by other names too?"""
        every = {n for s in statements(self.function.body) for n in (*binds(s), *_touched(s))}
        other = {n for n in every if self.memory.is_array(n)} - {whole, part}
        own = {self.memory.alias(whole), self.memory.alias(part)}
        return len(own) < 2 or any(self.memory.alias(n) in own for n in other)

    def only_adds(self, stmt: Stmt, whole: str, part: str) -> bool:
        both = {whole, part}
        match stmt:
            case Store(Index(Name(id), index), op, value) if id in both:
                return op in SUMS and not both & (names(index) | names(value))
            case Augment(target, op, value) if target in both:
                return op in SUMS and target == part and not both & names(value)
            case _:
                return not both & ({n for e in expressions(stmt) for n in names(e)} | set(binds(stmt)))


def _makes_zeros(stmt: Stmt, name: str) -> bool:
    match stmt:
        case Assign((target,), (Call(Ref(target=Library(obj=obj))),)) if target == name:
            return obj is np.zeros_like or obj is np.zeros
        case _:
            return False


def _is_plain(index: Expr) -> bool:
    """Are places said by names and numbers alone?"""
    return all(isinstance(e, Name | Const | Binary | Unary | Slice | Tuple) for e in subexpressions(index))


def _touched(stmt: Stmt) -> Iterator[str]:
    """The names that a statement itself has to do with, one by one."""
    if not isinstance(stmt, Comment):
        yield from {*binds(stmt), *(n for e in expressions(stmt) for n in names(e))}
        if isinstance(stmt, Augment):
            yield stmt.target
