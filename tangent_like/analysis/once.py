"""Of a place that is written several times in a row, only what it held before the first is kept.

    for i in range(m):
        b_saved.append(b[i])             # once: nobody reads on the way back what it holds between here
        for k in range(i + 1, m):
            b[i] += A[k, i] * b[k]
        b[i] = 1.5 * b[i]                # and here

Decided when all is known that the way back reads. A store, or a loop whose turns all write one place, needs nothing
kept if a statement above in the same block writes the same place, and no read of the way back that stands between may
meet it. A loop that is the first of these keeps the place before its turns, where another statement of the block reads
or writes it anyhow: a loop may have no turns, and the array no such place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.analysis.regions import Loop, Regions, Site
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Choose,
    Comment,
    Const,
    Expr,
    For,
    Index,
    Logic,
    Name,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import base_name, blocks, bound_in, expressions, key, names, statements, subexpressions

FAR = 12  # statements that are looked back over
SITES = 60  # reads of a name on the way back: of more nothing is asked, for each store asks all of them


@dataclass(eq=False)
class Once:
    """``sites`` by name, of names whose memory is nobody else's and which nothing reads as a whole."""

    regions: Regions
    sites: Mapping[str, list[Site]]
    items: dict[Stmt, None]  # stores that keep what they overwrite; those that need not are taken out
    before: dict[Stmt, list[Store]] = field(default_factory=dict)  # by loop: the stores whose place is kept before it
    inside: dict[Stmt, frozenset[Stmt]] = field(default_factory=dict)  # a statement and those in it

    def block(self, body: Block, around: int) -> None:
        """``around``: how many loops the block stands in."""
        for k, stmt in enumerate(body):
            if isinstance(stmt, Store) and stmt in self.items and self.is_place(stmt):
                if self.written_above(body, k, stmt, around):
                    del self.items[stmt]
            elif isinstance(stmt, For):
                self.loop(body, k, stmt, around)
            deeper = around + isinstance(stmt, Loop)
            for inner in blocks(stmt):
                self.block(inner, deeper)

    def loop(self, body: Block, k: int, loop: For, around: int) -> None:
        """What one place in all turns of a loop need not keep in each."""
        bound = bound_in((loop,))
        for store in [s for s in statements(loop.body) if isinstance(s, Store) and s in self.items]:
            if names(store.target) & bound or not self.is_place(store):
                continue
            if not self.is_quiet(loop, store, around):
                continue
            if self.written_above(body, k, store, around):
                del self.items[store]
            elif self.is_there(body, k, store):
                del self.items[store]
                self.before.setdefault(loop, []).append(store)

    def is_place(self, store: Store) -> bool:
        """Is it one number of an array, said by names, numbers and their sums alone?"""
        name = base_name(store.target)
        if store.each or name not in self.sites or not isinstance(store.target.value, Name):
            return False
        items = store.target.index.items if isinstance(store.target.index, Tuple) else (store.target.index,)
        if not all(isinstance(e, Name | Const | Binary) for i in items for e in subexpressions(i)):
            return False
        return self.regions.is_number(store)

    def written_above(self, body: Block, k: int, store: Store, around: int) -> bool:
        """Does a statement above write the place, with nothing read in between on the way back?"""
        needed, own = names(store.target), key(store.target)
        own_reads = [s for s in self.sites[base_name(store.target) or ""] if s.stmt is store and not s.after]
        if body[k] is store and not all(self.is_apart(store, s, around) for s in own_reads):
            return False
        for j in range(k - 1, max(k - FAR, 0) - 1, -1):
            stmt = body[j]
            if isinstance(stmt, Comment):
                continue
            if isinstance(stmt, Store) and key(stmt.target) == own:
                after = [s for s in self.sites[base_name(store.target) or ""] if s.stmt is stmt and s.after]
                return all(self.is_apart(store, s, around) for s in after)
            if any(key(s.target) == own for s in self.before.get(stmt, ())):
                return True
            if bound_in((stmt,)) & needed or not self.is_quiet(stmt, store, around):
                return False
        return False

    def is_quiet(self, stmt: Stmt, store: Store, around: int) -> bool:
        """Does the way back of a statement read nothing of the place?"""
        inner = self.inside.get(stmt) or self.inside.setdefault(stmt, frozenset(statements((stmt,))))
        sites = self.sites[base_name(store.target) or ""]
        return all(self.is_apart(store, s, around) for s in sites if s.stmt in inner)

    def is_apart(self, store: Store, site: Site, around: int) -> bool:
        return self.regions.never_meet(store, site, around)

    def is_there(self, body: Block, k: int, store: Store) -> bool:
        """Does the block touch the place in any case, by a statement beside the loop?"""
        needed, own = names(store.target), key(store.target)
        for near in (body[:k][::-1], body[k + 1 :]):
            for stmt in near[:FAR]:
                if isinstance(stmt, Assign | Augment | Store) and own in {key(e) for e in _sure(stmt)}:
                    return True
                if bound_in((stmt,)) & needed:
                    break
        return False


def _sure(stmt: Stmt) -> list[Expr]:
    """The places that a statement touches in any case."""
    whole = [e for e in expressions(stmt) if not any(isinstance(x, Choose | Logic) for x in subexpressions(e))]
    return [e for w in whole for e in subexpressions(w) if isinstance(e, Index)]
