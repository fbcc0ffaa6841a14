"""What memory does a function return? Forward over it, whose memory its names hold where.

    def step(x, cell):             # x: x, cell: cell
        cell = cell * 0.5          # cell: made here
        view = x[1:]               # view: x
        return cell, view          # x is an argument; no two results may be one memory
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tangent_like.analysis.views import is_of_items, memory_of
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Each,
    Expr,
    Function,
    If,
    Index,
    List,
    Name,
    Pop,
    Push,
    Return,
    Stmt,
    Store,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import base_name, blocks, called_by, subexpressions
from tangent_like.kinds.kind import Kind

Held = dict[str, frozenset[object]]  # by name: the arguments, and the statements that make memory, which it may be


@dataclass(eq=False)
class _Search:
    kind_of: Callable[[Expr], Kind]
    returns_argument: Callable[[UserFunction], bool]
    returns_one: Callable[[UserFunction], bool]
    items: bool = True  # is a list that Python makes of items memory of theirs?
    results: list[frozenset[object]] = field(default_factory=list)  # of each result, or of the one there is
    twice: set[object] = field(default_factory=set)  # what some list may hold in two places
    one: bool = False  # may two results, or two items of one, be one memory?

    def memory(self, value: Expr, held: Held) -> frozenset[object]:
        """What has been there before that the value may be."""
        if not self.items and is_of_items(value):
            return frozenset()
        found = memory_of(value, self.kind_of, self.returns_argument, lists=True)
        return frozenset().union(*(held.get(n, frozenset()) for n in found))

    def block(self, block: Block, held: Held) -> None:
        for stmt in block:
            self.statement(stmt, held)

    def bind(self, stmt: Assign, held: Held) -> None:
        """What the targets may be; what was made here the turn before is something else from now on."""
        targets, values = stmt.targets, stmt.values
        for value in values:
            self.lists(value, held)
        if len(targets) == len(values):
            made = {t: {(stmt, t)} if is_made(v) else set() for t, v in zip(targets, values, strict=True)}
            found = {t: self.memory(v, held) for t, v in zip(targets, values, strict=True)}
        else:
            one = self.is_one(values[0])
            made = {t: {(stmt, "" if one else t)} for t in targets}
            found = dict.fromkeys(targets, self.memory(values[0], held))
        new = frozenset().union(*made.values())
        if len(values) == 1 and self.is_one(values[0]):
            self.twice |= new

        def aged(memory: frozenset[object]) -> frozenset[object]:
            return frozenset((m, "before") if m in new else m for m in memory) if memory & new else memory

        for name, memory in held.items():
            held[name] = aged(memory)
        held.update({t: aged(memory) | made[t] for t, memory in found.items()})

    def lists(self, value: Expr, held: Held) -> None:
        """Lists are displayed in it: may one hold the same thing twice?"""
        for node in subexpressions(value):
            match node:
                case List(items):
                    found: frozenset[object] = frozenset()
                    for item in items:
                        memory = self.memory(item, held)
                        self.twice |= memory & found
                        found |= memory
                case Binary("*", List(items), _) | Binary("*", _, List(items)):
                    self.twice |= frozenset().union(*(self.memory(item, held) for item in items))
                case Binary("+", left, right):
                    self.twice |= self.memory(left, held) & self.memory(right, held)
                case _:
                    pass

    def is_one(self, value: Expr) -> bool:
        called = called_by(value)
        return called is not None and self.returns_one(called)

    def statement(self, stmt: Stmt, held: Held) -> None:
        match stmt:
            case Assign():
                self.bind(stmt, held)
            case Pop(Name(id), list_):
                held[id] = held.get(list_, frozenset())
            case Push(list_, value):
                self.lists(value, held)
                memory = self.memory(value, held)
                self.twice |= memory & held.get(list_, frozenset())
                self.add(list_, memory, held)
            case Store(target, _, value):
                self.add(base_name(target) or "", self.memory(value, held), held)
            case Augment(target, _, value):
                self.add(target, self.memory(value, held), held)
            case Return(value) if value is not None:
                self.lists(value, held)
                items = value.items if isinstance(value, Tuple) else (value,)
                self.results = [self.memory(item, held) for item in items]
                self.one = self.is_one(value) or any(memory & self.twice for memory in self.results)
                self.one |= any(a & b for k, a in enumerate(self.results) for b in self.results[:k])
            case If():
                ends = [dict(held) for _ in blocks(stmt)]
                for inner, end in zip(blocks(stmt), ends, strict=True):
                    self.block(inner, end)
                held.clear()
                for end in ends:
                    join(held, end)
            case _:
                if isinstance(stmt, Each):
                    self.add(stmt.target, self.memory(stmt.iterable, held), held)
                before: Held | None = None
                while blocks(stmt) and before != held:  # any number of turns, none included
                    before = dict(held)
                    for inner in blocks(stmt):
                        end = dict(held)
                        self.block(inner, end)
                        join(held, end)

    def add(self, name: str, memory: frozenset[object], held: Held) -> None:
        held[name] = held.get(name, frozenset()) | memory


def is_made(value: Expr) -> bool:
    """May it be memory of its own? What is a name, or a part of one, is not."""
    return not isinstance(value, Name | Index | Attribute)


def join(held: Held, end: Held) -> None:
    for name, memory in end.items():
        held[name] = held.get(name, frozenset()) | memory


def _searched(
    function: Function,
    kind_of: Callable[[Expr], Kind],
    returns_argument: Callable[[UserFunction], bool],
    returns_one: Callable[[UserFunction], bool],
    items: bool = True,
) -> _Search:
    search = _Search(kind_of, returns_argument, returns_one, items)
    search.block(function.body, {p.name: frozenset({p.name}) for p in function.params})
    return search


def returns_memory(
    function: Function,
    kind_of: Callable[[Expr], Kind],
    returns_argument: Callable[[UserFunction], bool],
    items: bool = True,
) -> bool:
    """May a result be memory of an argument? ``returns_argument``: the same of the functions that it calls.

    ``items``: or hold its items, in a list that Python makes of them?
    """
    params = {p.name for p in function.params}
    search = _searched(function, kind_of, returns_argument, lambda _: False, items)
    return any(not params.isdisjoint(memory) for memory in search.results)


def returns_one_memory(
    function: Function,
    kind_of: Callable[[Expr], Kind],
    returns_argument: Callable[[UserFunction], bool],
    returns_one: Callable[[UserFunction], bool],
) -> bool:
    """May two of its results be one memory? ``returns_one``: the same of the functions that it calls."""
    return _searched(function, kind_of, returns_argument, returns_one).one
