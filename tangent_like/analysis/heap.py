"""What names may be, and what lists may hold, at a place of a function: see ``sharing``."""

from __future__ import annotations

from dataclasses import dataclass, field

from tangent_like.ir.paths import unlike

# An object: where it was made, and whether it is the last one made there.
Thing = tuple[str, bool]
Things = frozenset[Thing]
NOTHING: Things = frozenset()
OUTSIDE = "outside "  # what such an object is called by, before its name


@dataclass(eq=False)
class Heap:
    """``names``: what each name may be. ``holds``: what each list (or tuple) may hold. ``twice``: held in two slots."""

    names: dict[str, Things] = field(default_factory=dict)
    holds: dict[Thing, Things] = field(default_factory=dict)
    twice: set[Thing] = field(default_factory=set)

    def copy(self) -> Heap:
        return Heap(dict(self.names), dict(self.holds), set(self.twice))

    def merge(self, other: Heap) -> None:
        for name in unlike(self.names, other.names):
            self.names[name] = self.names.get(name, NOTHING) | other.names.get(name, NOTHING)
        for thing in unlike(self.holds, other.holds):
            self.holds[thing] = self.holds.get(thing, NOTHING) | other.holds.get(thing, NOTHING)
        self.twice |= other.twice

    def same(self, other: Heap) -> bool:
        return self.names == other.names and self.holds == other.holds and self.twice == other.twice

    def held(self, things: Things) -> Things:
        return frozenset(t for thing in things for t in self.holds.get(thing, NOTHING))

    def reach(self, things: Things) -> Things:
        """The objects and all that they hold, however deep."""
        found = set(things)
        pending = list(things)
        while pending:
            for inner in self.holds.get(pending.pop(), NOTHING):
                if inner not in found:
                    found.add(inner)
                    pending.append(inner)
        return frozenset(found)

    def outside(self, name: str) -> Things:
        """What is the module's, or of all calls, and so is all that it holds."""
        thing = (f"{OUTSIDE}{name}", False)
        self.holds[thing] = frozenset({thing})
        return frozenset({thing})

    def put(self, lists: Things, things: Things) -> None:
        for one in lists:
            old = self.holds.get(one, NOTHING)
            self.twice |= old & things
            self.holds[one] = old | things

    def make(self, site: str, holds: Things = NOTHING) -> Things:
        """A new object: what was the last one made there is one of those made before."""
        new, old = (site, True), (site, False)

        def aged(things: Things) -> Things:
            return (things - {new}) | {old} if new in things else things

        holds = aged(holds)
        self.names = {name: aged(things) for name, things in self.names.items()}
        before = self.holds.pop(new, NOTHING)
        self.holds = {thing: aged(held) for thing, held in self.holds.items()}
        if before:
            self.holds[old] = self.holds.get(old, NOTHING) | aged(before)
        if new in self.twice:
            self.twice.discard(new)
            self.twice.add(old)
        if holds:
            self.holds[new] = holds
        return frozenset({new})
