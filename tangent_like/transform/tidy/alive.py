"""Which names are still read: backward over the statements, in time linear in their number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tangent_like.ir.nodes import Block, Each, For, If, Stmt, While, With
from tangent_like.ir.walk import binds, blocks
from tangent_like.transform.tidy.blocks import may_stop
from tangent_like.transform.tidy.facts import Facts


@dataclass(eq=False)
class Alive:
    """``names`` are read later, unless they are bound before. ``trail`` lets changes be taken back."""

    facts: Facts
    names: set[str] = field(default_factory=set)
    trail: list[tuple[str, bool]] = field(default_factory=list)

    def add(self, found: Iterable[str]) -> None:
        for name in found:
            if name not in self.names:
                self.names.add(name)
                self.trail.append((name, False))

    def remove(self, found: Iterable[str]) -> None:
        for name in found:
            if name in self.names:
                self.names.discard(name)
                self.trail.append((name, True))

    def mark(self) -> int:
        return len(self.trail)

    def back(self, mark: int) -> dict[str, bool]:
        """Take back what changed since ``mark``; the names that changed, and whether they were read then."""
        touched = {name: name in self.names for name, _ in self.trail[mark:]}
        while len(self.trail) > mark:
            name, was = self.trail.pop()
            if was:
                self.names.add(name)
            else:
                self.names.discard(name)
        return touched

    def meet(self, paths: list[dict[str, bool]]) -> None:
        """Before a branch, from what its paths changed: read on one of them is read."""
        for name in {n: None for path in paths for n in path}:
            if any(path.get(name, name in self.names) for path in paths):
                self.add((name,))
            else:
                self.remove((name,))

    def before(self, stmt: Stmt) -> None:
        """From after a simple statement to before it."""
        if may_stop(stmt):
            self.add(self.exposed(stmt))
            return
        self.remove(binds(stmt))
        own = self.facts.own(stmt)
        self.add(own.reads)
        self.add(own.fixed)

    def around(self, stmt: For | Each | While) -> None:
        """At the end of a turn of a loop, from after the loop: the next turn may read, too."""
        self.add(self.exposed(stmt))

    def exposed(self, stmt: Stmt) -> frozenset[str]:
        """The names that a statement may read as they are before it (a loop's own, in any turn)."""
        found = self.facts.exposed.get(stmt)
        if found is None:
            own = self.facts.own(stmt)
            reads = set(own.reads) | own.fixed
            if isinstance(stmt, If):
                for body in blocks(stmt):
                    reads |= self.exposed_block(body)
            elif may_stop(stmt):
                reads |= self.facts.does(stmt).reads  # an exception may come before anything is bound
            elif isinstance(stmt, For | Each | While | With):
                reads |= self.exposed_block(stmt.body) - set(binds(stmt))
            found = self.facts.exposed[stmt] = frozenset(reads)
        return found

    def exposed_block(self, block: Block) -> set[str]:
        found: set[str] = set()
        for stmt in reversed(block):
            found.difference_update(self.surely(stmt))
            found |= self.exposed(stmt)
        return found

    def surely(self, stmt: Stmt) -> Iterable[str]:
        """The names that a statement binds on every path through it."""
        if isinstance(stmt, If):
            paths = [{n for s in body for n in self.surely(s)} for body in blocks(stmt)]
            return set.intersection(*paths)
        return () if isinstance(stmt, For | Each | While) or may_stop(stmt) else binds(stmt)
