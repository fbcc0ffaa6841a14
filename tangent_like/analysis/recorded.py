"""Which primal values must be kept for the way back, and where: decided before anything is generated.

A forward pass carries *need*: the names whose present value the reverse halves of the statements run
so far will read. A statement that overwrites a needed name records it first. In a loop, a name that
was not defined before it is recorded where the turn ends instead. Needing memory is needing every
element: a store into it records the elements that it overwrites.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.typing import Typing
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Each,
    For,
    If,
    Name,
    Raise,
    Return,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.walk import base_name, binds, bound_in, stored_in
from tangent_like.kinds.kind import Array


@dataclass(frozen=True, slots=True)
class Reads:
    """What the reverse half of one statement reads: values before it, values after it."""

    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    memory: frozenset[str] = frozenset()  # names whose memory is referred to from then on


NOTHING = Reads()


@dataclass(frozen=True, eq=False)
class Records:
    """``names[stmt]``: bindings kept before it; ``items``: stores whose overwritten elements are kept.

    ``at_end[stmt, k]``: names kept where block ``k`` of the statement ends. ``renames[stmt]``: bindings
    at the top level of the function that get a fresh name instead. ``resaid``: loops over an array whose
    item is read back from the array.
    """

    names: dict[Stmt, tuple[str, ...]] = field(default_factory=dict)
    items: dict[Stmt, None] = field(default_factory=dict)
    at_end: dict[tuple[Stmt, int], tuple[str, ...]] = field(default_factory=dict)
    renames: dict[Stmt, tuple[str, ...]] = field(default_factory=dict)
    resaid: dict[Stmt, None] = field(default_factory=dict)


def find_records(
    body: Block,
    params: Iterable[str],
    reads: Mapping[Stmt, Reads],
    aliases: Aliases,
    typing: Typing,
    start: Iterable[str] = (),
) -> Records:
    """What to keep. ``start``: names whose value on entry the end of the way back reads."""
    worker = _Recorder(reads, aliases, typing)
    need = set(start)
    worker.block(body, need, set(params), 0, top=True)
    return worker.records


def binding(name: str) -> str:
    """The mark in *need* for what a name is bound to, whatever the memory there holds."""
    return f"binding of {name}"


def memory(name: str) -> str:
    """The mark in *need* for the memory of a class of names, whatever its names are bound to now."""
    return f"memory of {name}"


@dataclass(eq=False)
class _Recorder:
    reads: Mapping[Stmt, Reads]
    aliases: Aliases
    typing: Typing
    records: Records = field(default_factory=Records)

    def block(self, block: Block, need: set[str], defined: set[str], depth: int, top: bool = False) -> None:
        for stmt in block:
            self.statement(stmt, need, defined, depth, top)

    def use(self, names: Iterable[str], need: set[str]) -> None:
        for name in names:
            need.add(name)
            if self.aliases.is_shared(name):
                need.add(memory(self.aliases.class_of[name]))

    def statement(self, stmt: Stmt, need: set[str], defined: set[str], depth: int, top: bool) -> None:
        reads = self.reads.get(stmt, NOTHING)
        self.use(reads.before, need)
        for name in reads.memory:
            if self.aliases.is_written(name):
                need.add(memory(self.aliases.class_of[name]))
        match stmt:
            case Assign():
                for name in stmt.writes:
                    # the reverse half of the callee puts back what it overwrote, where there is one
                    if not stmt.saved and self.stored_memory_needed(name, need):
                        self.records.items[stmt] = None
                        need.add(binding(name))
                targets = binds(stmt)
                self.overwrite(stmt, targets, need, top)
                defined.update(targets)
                self.use(reads.after, need)
            case Augment(target):
                kind = self.typing.before[stmt].get(target)
                if isinstance(kind, Array) and self.stored_memory_needed(target, need):
                    self.records.items[stmt] = None
                    if not self.aliases.is_shared(target):
                        need.discard(target)
                        need.discard(memory(self.aliases.class_of.get(target, target)))
                else:
                    self.overwrite(stmt, (target,), need, top)
                self.use(reads.after, need)
            case Store(target):
                root = base_name(target)
                if root is not None and self.stored_memory_needed(root, need):
                    self.records.items[stmt] = None
                    need.add(binding(root))  # to put the old elements back
                self.use(reads.after, need)
            case If():
                self.branch(stmt, need, defined, depth)
                self.use(reads.after, need)
            case For(target):
                self.overwrite(stmt, (target,), need, top)
                self.loop(stmt, stmt.body, need, defined | {target}, depth)
            case Each(target):
                self.overwrite(stmt, (target,), need, top)
                self.loop(stmt, stmt.body, need, defined | {target}, depth)
            case While():
                self.loop(stmt, stmt.body, need, defined, depth)
                self.use(reads.after, need)
            case _:
                pass

    def stored_memory_needed(self, name: str, need: set[str]) -> bool:
        """Does a store through ``name`` overwrite memory whose contents are still to be read?"""
        own = self.aliases.class_of.get(name, name)
        if memory(own) in need:
            return True
        if self.aliases.is_shared(name):
            return any(n in need for n in self.aliases.members.get(own, ()))
        return name in need

    def overwrite(self, stmt: Stmt, names: Iterable[str], need: set[str], top: bool) -> None:
        kept = tuple(n for n in names if n in need or binding(n) in need)
        if not kept:
            return
        if top and isinstance(stmt, Assign | Augment) and stmt.origin is not None:
            self.records.renames[stmt] = kept
        else:
            known = self.records.names.get(stmt, ())
            self.records.names[stmt] = known + tuple(n for n in kept if n not in known)
        need.difference_update(kept)
        need.difference_update(map(binding, kept))

    def branch(self, stmt: If, need: set[str], defined: set[str], depth: int) -> None:
        outs: list[tuple[set[str], set[str]]] = []
        blocks = (*(a.body for a in stmt.arms), stmt.orelse)
        assigned = [bound_in(b) for b in blocks]
        for k, body in enumerate(blocks):
            inner_need, inner_defined = set(need), set(defined)
            self.block(body, inner_need, inner_defined, depth)
            if depth and not (body and isinstance(body[-1], Return | Raise)):
                # a name that only this arm defines cannot be recorded where a later turn overwrites it
                others = set().union(*(a for j, a in enumerate(assigned) if j != k)) if len(blocks) > 1 else set()
                partial = {
                    n.removeprefix("binding of ")
                    for n in inner_need - need
                    if n.removeprefix("binding of ") in assigned[k] - defined - others
                }
                self.keep_at_end(stmt, k, partial, inner_need)
            outs.append((inner_need, inner_defined))
        for inner_need, _ in outs:
            need |= inner_need
        live = [d for (_, d), b in zip(outs, blocks, strict=True) if not (b and isinstance(b[-1], Return | Raise))]
        if live:
            defined |= set.intersection(*live)

    def keep_at_end(self, stmt: Stmt, k: int, names: set[str], need: set[str]) -> None:
        if names:
            known = self.records.at_end.get((stmt, k), ())
            self.records.at_end[stmt, k] = known + tuple(sorted(n for n in names if n not in known))
            need -= names
            need -= set(map(binding, names))

    def loop(self, stmt: For | Each | While, body: Block, need: set[str], defined: set[str], depth: int) -> None:
        bound, stored = bound_in(body), stored_in(body)
        target = stmt.target if isinstance(stmt, For | Each) else None
        while True:
            inner = set(need)
            self.block(body, inner, set(defined), depth + 1)
            if target is not None:
                if target in inner and isinstance(stmt, Each):
                    self.records.resaid[stmt] = None
                    if isinstance(stmt.iterable, Name):
                        self.use((stmt.iterable.id,), inner)
                inner.discard(target)  # the reversed loop binds it again
            late: set[str] = set()
            grown = False
            for mark in sorted(inner - need):
                name = mark.removeprefix("binding of ")
                if name in bound:
                    if name in defined:
                        need.add(mark)
                        grown = True
                    else:
                        late.add(name)
                elif mark == name and self.touched(name, stored):
                    need.add(mark)
                    grown = True
            if grown:
                continue
            self.keep_at_end(stmt, 0, late, inner)
            need |= inner
            return

    def touched(self, name: str, stored: set[str]) -> bool:
        """Is the memory of ``name`` (or of the class that it marks) written in the body?"""
        for other in stored:
            own = self.aliases.class_of.get(other, other)
            if name == memory(own) or other == name:
                return True
            if self.aliases.is_shared(other) and self.aliases.class_of.get(name) == own:
                return True
        return False
