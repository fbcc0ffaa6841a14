"""Which primal values must be kept for the way back, and where: decided before anything is generated.

A forward pass carries *need*: the names whose present value the reverse halves of the statements run
so far will read. A statement that overwrites a needed name records it first. In a loop, a name that
was not defined before it is recorded where the turn ends instead. Needing memory is needing every
element: a store into it records the elements that it overwrites.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from tangent_like.analysis.again import Again, is_steady, runs_less, said_again
from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.needs import binding, memory, slots
from tangent_like.analysis.once import SITES, Once
from tangent_like.analysis.reads import NOTHING, Reads, find_sites
from tangent_like.analysis.regions import Regions, Site
from tangent_like.analysis.stepped import moved, step_back, turns_bind
from tangent_like.analysis.surely import puts_back_itself, surely_read, writes_all
from tangent_like.analysis.typing import Typing
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Each,
    For,
    If,
    Name,
    Pop,
    Push,
    Raise,
    Return,
    Stmt,
    Store,
    Try,
    While,
    With,
)
from tangent_like.ir.paths import unlike
from tangent_like.ir.walk import base_name, binds, bound_in, names, statements, stored_in
from tangent_like.kinds.kind import Array, ListOf


@dataclass(frozen=True, eq=False)
class Records:
    """``names[stmt]``: bindings kept before it; ``items``: stores whose overwritten elements are kept.

    ``at_end[stmt, k]``: names kept where block ``k`` of the statement ends. ``renames[stmt]``: bindings
    at the top level of the function that get a fresh name instead. ``resaid``: loops over an array whose
    item is read back from the array. ``again[stmt, k]``: names of block ``k`` that are computed anew instead.
    ``before``: loops, by the stores in them whose place is kept once, ahead of all turns.
    ``moves``: assignments that lose nothing, each with what takes it back. ``entered``: what is bound
    before a loop, of loops in no other. ``unset``: what may be kept where no path has bound it yet.
    """

    names: dict[Stmt, tuple[str, ...]] = field(default_factory=dict)
    items: dict[Stmt, None] = field(default_factory=dict)
    before: dict[Stmt, list[Store]] = field(default_factory=dict)
    moves: dict[Stmt, Stmt] = field(default_factory=dict)
    entered: dict[Stmt, frozenset[str]] = field(default_factory=dict)
    at_end: dict[tuple[Stmt, int], tuple[str, ...]] = field(default_factory=dict)
    renames: dict[Stmt, tuple[str, ...]] = field(default_factory=dict)
    resaid: dict[Stmt, None] = field(default_factory=dict)
    again: dict[tuple[Stmt, int], dict[str, Again]] = field(default_factory=dict)
    unset: dict[str, None] = field(default_factory=dict)


def find_records(
    body: Block,
    params: Iterable[str],
    reads: Mapping[Stmt, Reads],
    aliases: Aliases,
    typing: Typing,
    regions: Regions,
    start: Iterable[str] = (),
    again: bool = True,
    compiled: bool = False,
) -> Records:
    """What to keep. ``start``: names whose value on entry the end of the way back reads.

    ``again``: may what is cheap be computed again?
    """
    worker = _Recorder(reads, aliases, typing, regions, find_sites(reads), again, turns_bind(body), compiled)
    need: set[str] = set()
    worker.whole(start, need)
    worker.block(body, need, set(params), 0, top=True)
    return worker.kept_once(body)


@dataclass(eq=False)
class _Recorder:
    reads: Mapping[Stmt, Reads]
    aliases: Aliases
    typing: Typing
    regions: Regions
    sites: dict[str, list[Site]]
    may_repeat: bool = True
    turns: frozenset[str] = frozenset()  # names that turns of loops bind anew
    compiled: bool = False
    everywhere: set[str] = field(default_factory=set)  # names that are read beside what ``sites`` tells
    returned: set[str] = field(default_factory=set)  # names of what callees returned, and may have kept
    records: Records = field(default_factory=Records)
    # outside loops, needed names that only some paths bind: the ends of the blocks where they surely are
    partial: dict[str, tuple[tuple[Stmt, int], ...]] = field(default_factory=dict)
    unbound: set[tuple[Stmt, int, str]] = field(default_factory=set)  # of these ends those where some path is without
    loose: set[str] = field(default_factory=set)  # names that are read where only some paths have bound them
    sized: set[str] = field(default_factory=set)  # names whose size before they are bound is read
    met: set[str] = field(default_factory=set)  # names that some statement so far binds

    def kept_once(self, body: Block) -> Records:
        """What was found, without what places keep that are written again before the way back reads them."""
        alone = {
            n: sites
            for n, sites in self.sites.items()
            if n not in self.everywhere and n not in self.returned and len(sites) <= SITES
            and not (self.shares(n) or self.is_list(n))
        }
        if self.records.items and alone:
            Once(self.regions, alone, self.records.items, self.records.before).block(body, 0)
        return self.records

    def block(self, block: Block, need: set[str], defined: set[str], depth: int, top: bool = False) -> None:
        for stmt in block:
            self.statement(stmt, need, defined, depth, top)

    def use(self, names: Iterable[str], need: set[str]) -> None:
        for name in names:
            need.add(name)
            if self.shares(name):
                need.add(memory(self.aliases.link(name)))
            if self.is_list(name):
                need.add(slots(self.aliases.link(name)))

    def whole(self, names: Iterable[str], need: set[str]) -> None:
        """All of what the names hold is read, by no statement's reverse half."""
        self.everywhere.update(names)
        self.loose.update(names)
        self.use(names, need)

    def shares(self, name: str) -> bool:
        """May the memory that it held, or will hold, go by other names?"""
        return self.aliases.is_shared(name) or self.aliases.is_linked(name)

    def is_list(self, name: str) -> bool:
        return isinstance(self.typing.overall.get(name), ListOf)

    def statement(self, stmt: Stmt, need: set[str], defined: set[str], depth: int, top: bool) -> None:
        reads = self.reads.get(stmt, NOTHING)
        self.use(reads.before, need)
        sized = reads.sized if depth or not isinstance(stmt, Each) else reads.sized & (self.met | defined)
        need.update(map(binding, sized))
        for name in reads.memory:
            if self.aliases.is_written(name) or self.aliases.is_linked(name):
                need.add(memory(self.aliases.link(name)))
            if self.is_list(name):
                need.add(slots(self.aliases.link(name)))
        read = {*reads.before, *reads.after, *(name for name, _, _ in reads.places)}
        self.loose |= (read | sized) - defined - set(binds(stmt))
        self.sized |= sized
        self.met.update(binds(stmt))
        defined |= surely_read(stmt)
        match stmt:
            case Assign():
                for name in stmt.writes:
                    # the reverse half of the callee puts back what it overwrote, where there is one
                    if not stmt.saved and self.stored_memory_needed(stmt, name, need):
                        self.records.items[stmt] = None
                        need.add(binding(name))
                if not top and self.loses_nothing(stmt, need):
                    defined.update(stmt.targets)
                    self.use(reads.after, need)
                    return
                targets = binds(stmt)
                self.overwrite(stmt, tuple(t for t in targets if t not in reads.restored), need, top, defined)
                need.difference_update(reads.restored)
                need.difference_update(map(binding, reads.restored))
                defined.update(targets)
                need.difference_update(memory(t) for t in targets if not self.shares(t))
                self.use(reads.after, need)
                if reads.returned:
                    written = {t for t in reads.returned if self.aliases.is_written(t)}
                    need.update(memory(self.aliases.link(t)) for t in written)
                    self.returned |= written
            case Augment(target):
                kind = self.typing.before[stmt].get(target)
                if not top and self.loses_nothing(stmt, need):
                    pass
                elif isinstance(kind, Array) and self.stored_memory_needed(stmt, target, need):
                    self.records.items[stmt] = None
                    need.add(binding(target))  # the old elements are put back into the memory
                    if not self.shares(target):
                        need.discard(target)
                        need.discard(memory(self.aliases.link(target)))
                else:
                    self.overwrite(stmt, (target,), need, top, defined)
                self.use(reads.after, need)
            case Store(target):
                root = base_name(target)
                if root is not None and self.stored_memory_needed(stmt, root, need):
                    self.records.items[stmt] = None
                    need.add(binding(root))  # to put the old elements back, where the index says
                    self.whole(names(target) - {root}, need)
                    if not self.shares(root) and writes_all(target, self.typing.at(stmt)):
                        need -= {root, memory(self.aliases.link(root))}
                self.use(reads.after, need)
            case Push(list_):
                own = stmt in self.aliases.filled and list_ not in need  # as far as anybody reads it, nobody has it
                if self.slots_needed(list_, need) and (not own or list_ in self.returned):
                    self.records.items[stmt] = None
                    need.add(binding(list_))  # to take it off again
                self.use(reads.after, need)
            case Pop(popped, list_):
                target = popped.id if isinstance(popped, Name) else ""
                if target:
                    self.overwrite(stmt, (target,), need, False, defined)
                    defined.add(target)
                if self.slots_needed(list_, need):
                    assert target
                    self.records.items[stmt] = None
                    need.add(binding(list_))
                    self.whole((target,), need)  # to put it back
                self.use(reads.after, need)
            case If():
                self.branch(stmt, need, defined, depth)
                self.use(reads.after, need)
            case For(target) | Each(target):
                self.overwrite(stmt, (target,), need, top, defined)
                self.loop(stmt, stmt.body, need, defined | {target}, depth)
                self.use(reads.after, need)
            case While():
                self.loop(stmt, stmt.body, need, defined, depth)
                self.use(reads.after, need)
            case With():
                self.overwrite(stmt, binds(stmt), need, False, defined)
                defined.update(binds(stmt))
                self.block(stmt.body, need, defined, depth)
            case Try():
                self.attempt(stmt, need, defined, depth)
                self.use(reads.after, need)
            case _:
                pass

    def loses_nothing(self, stmt: Assign | Augment, need: set[str]) -> bool:
        """Is it turned round on the way back, ``a, b = b, a`` and ``j += 1``? What is needed goes along."""
        if stmt in self.records.names:  # what one pass over a loop has kept, it keeps
            return False
        self.records.moves.pop(stmt, None)
        back = step_back(stmt, self.typing.at(stmt))
        if back is not None:
            (name,) = binds(stmt)
            if name not in need or name in self.turns or not self.may_move(name):
                return False
            self.records.moves[stmt] = back
            return True
        found = moved(stmt, self.may_move) if isinstance(stmt, Assign) else None
        if found is None or not need & found.keys() or any(binding(n) in need for n in found):
            return False
        wanted = {found[n] for n in need & found.keys()}
        need.difference_update(found)  # in place: "-=" with keys makes another set
        need.update(wanted)
        self.records.moves[stmt] = Assign(tuple(found), tuple(map(Name, found.values())))
        return True

    def may_move(self, name: str) -> bool:
        shared = self.aliases.is_shared(name) or self.aliases.is_written(name)
        return not (shared or self.is_list(name) or name in self.partial)

    def stored_memory_needed(self, stmt: Stmt, name: str, need: set[str]) -> bool:
        """Does a store through ``name`` overwrite memory whose contents are still to be read?"""
        young = stmt in self.aliases.young and not self.aliases.is_shared(name)
        alone = young or not (self.shares(name) or self.is_list(name))
        told = name in self.sites and name not in self.everywhere and name not in self.returned
        if alone and isinstance(stmt, Store) and told:
            sites = (s for s in self.sites[name] if self.regions.may_hit(stmt, s))
            if not any(s.stmt is stmt or not puts_back_itself(s) for s in sites):
                return False
        own = self.aliases.link(name)
        if young:  # nobody else has seen this memory, but for a caller, and a callee that returned it
            return name in need or memory(own) in self.everywhere or (name in self.returned and memory(own) in need)
        if memory(own) in need or (self.is_list(name) and slots(own) in need):
            return True
        if self.shares(name):
            return any(n in need for n in self.aliases.linked.get(own, ()))
        return name in need

    def slots_needed(self, name: str, need: set[str]) -> bool:
        """Does a change of the list change what is still to be read?"""
        return slots(self.aliases.link(name)) in need

    def overwrite(
        self, stmt: Stmt, names: Iterable[str], need: set[str], top: bool, defined: set[str]
    ) -> None:
        kept = tuple(n for n in names if n in need or binding(n) in need)
        if not kept:
            return
        if top and isinstance(stmt, Assign | Augment) and stmt.origin is not None:
            self.records.renames[stmt] = kept
        else:
            asked = {n for n in kept if n in defined}  # what is bound on every path may have been read since
            for name in kept:
                ends = self.partial.pop(name, ())
                if name in self.loose:
                    asked.add(name)
                    continue
                for branch, k in ends:
                    self.keep_at_end(branch, k, (name,), need, repeat=False)  # its operands may be gone
                    if (branch, k, name) in self.unbound:
                        self.unsure(branch, k, (name,))
            kept = tuple(n for n in kept if n in need or binding(n) in need or n in asked)
            known = self.records.names.get(stmt, ())
            self.records.names[stmt] = known + tuple(n for n in kept if n not in known)
            self.records.unset.update(dict.fromkeys(n for n in kept if n not in defined))
        need.difference_update(kept)
        need.difference_update(map(binding, kept))

    def attempt(self, stmt: Try, need: set[str], defined: set[str], depth: int) -> None:
        """As a branch that runs the body or nothing, where exceptions are handled."""
        self.overwrite(stmt, binds(stmt), need, False, defined)
        if stmt.failed:
            self.arms(stmt, (stmt.body, ()), need, defined, depth)
            for handler in stmt.handlers:
                self.block(handler.body, need, set(defined), depth)
            defined |= set.intersection(*(bound_in(h.body) for h in stmt.handlers)) & bound_in(stmt.body)
        else:
            self.block(stmt.body, need, defined, depth)
        self.block(stmt.final, need, defined, depth)

    def branch(self, stmt: If, need: set[str], defined: set[str], depth: int) -> None:
        self.arms(stmt, (*(a.body for a in stmt.arms), stmt.orelse), need, defined, depth)

    def arms(self, stmt: Stmt, blocks: tuple[Block, ...], need: set[str], defined: set[str], depth: int) -> None:
        outs: list[tuple[set[str], set[str], set[str]]] = []
        entered = self.partial
        left: dict[str, tuple[tuple[Stmt, int], ...]] = {}
        for body in blocks:
            inner_need, inner_defined = set(need), set(defined)
            self.partial = dict(entered)
            self.block(body, inner_need, inner_defined, depth)
            anew = set(entered) - set(self.partial)  # bound again here: what is needed from now on is another value
            outs.append((inner_need, inner_defined, inner_need - (need - anew - set(map(binding, anew)))))
            for name in unlike(left, self.partial):
                known, ends = left.get(name, ()), self.partial.get(name, ())
                left[name] = (*known, *(e for e in ends if e not in known)) if known else ends
        self.partial = left
        going = [not (b and isinstance(b[-1], Return | Raise)) for b in blocks]
        live = [d for (_, d, _), goes in zip(outs, going, strict=True) if goes]
        after = set.intersection(*live) if live else set(defined)
        for k, (inner_need, bound, own) in enumerate(outs):
            # a name that is bound on some paths only cannot be kept where it is bound again: others come there, too
            partial = self.partly(own, after | defined) if going[k] else set()
            if depth:
                while partial:  # what is computed again reads other names
                    self.keep_at_end(stmt, k, partial, inner_need)
                    self.unsure(stmt, k, partial - bound)
                    partial = self.partly(inner_need - need, after | defined) - partial
            else:
                for name in sorted(partial):
                    if name not in bound:
                        self.unbound.add((stmt, k, name))
                    self.partial[name] = (*self.partial.get(name, ()), (stmt, k))
        for inner_need, _, _ in outs:
            need |= inner_need
        defined |= after

    def partly(self, marks: set[str], surely: set[str]) -> set[str]:
        """The names among marks that are not bound on every path."""
        found = {m.removeprefix(binding("")) for m in marks}
        return {n for n in found if n not in surely and not n.startswith((memory(""), slots("")))}

    def keep_at_end(self, stmt: Stmt, k: int, names: Iterable[str], need: set[str], repeat: bool = True) -> None:
        wanted = sorted(names)
        repeat = repeat and self.may_repeat
        for name in [n for n in wanted if repeat and n not in self.records.at_end.get((stmt, k), ())]:
            told = (self.aliases, self.typing, self.regions, self.compiled)
            again = said_again(name, stmt, k, *told, partial(self.may_be_kept, stmt))
            if again is None:
                continue
            wanted.remove(name)
            self.records.again.setdefault((stmt, k), {})[name] = again
            need -= {name, binding(name)}
            for other, path in again.reads:
                site = Site(again.stmt, path)
                if not any(s.stmt is again.stmt and s.path is path for s in self.sites.get(other, ())):
                    self.sites.setdefault(other, []).append(site)
                self.use((other,), need)
                self.loose.add(other)
        if wanted:
            known = self.records.at_end.get((stmt, k), ())
            self.records.at_end[stmt, k] = known + tuple(n for n in wanted if n not in known)
            for name in wanted:
                need -= {name, binding(name)}
                if self.aliases.is_written(name) or self.aliases.is_linked(name):
                    need.add(memory(self.aliases.link(name)))  # the memory is kept, not what it holds
                if self.is_list(name):
                    need.add(slots(self.aliases.link(name)))

    def may_be_kept(self, stmt: Stmt, store: Store, name: str) -> bool:
        """May what the store overwrites be put back for what is said again in ``stmt``?

        If the way back reads it for other reasons; compiled also if it is less than what else would be kept.
        """
        sites = self.sites.get(name, ())
        if len(sites) > SITES or name in self.everywhere:
            return False
        if self.compiled and runs_less(store, stmt, self.regions):
            return True
        return any(not puts_back_itself(s) and self.regions.may_hit(store, s) for s in sites)

    def unsure(self, stmt: Stmt, k: int, names: Iterable[str]) -> None:
        """Names that may not be bound where block ``k`` ends: what is kept of them there is bound before."""
        kept = self.records.at_end.get((stmt, k), ())
        self.records.unset.update(dict.fromkeys(n for n in sorted(names) if n in kept))

    def loop(self, stmt: For | Each | While, body: Block, need: set[str], defined: set[str], depth: int) -> None:
        bound, stored = bound_in(body), stored_in(body)
        resized = {slots(self.aliases.link(s.list)) for s in statements(body) if isinstance(s, Push | Pop)}
        target = stmt.target if isinstance(stmt, For | Each) else None
        if not depth:
            self.records.entered[stmt] = frozenset(defined)
        while True:
            inner, inside, entered = set(need), set(defined), set(self.partial)
            self.block(body, inner, inside, depth + 1)
            anew = entered - set(self.partial) - self.loose  # kept at that path's end: turns need their own
            need.difference_update(anew, map(binding, anew))
            if target is not None:
                if target in inner and isinstance(stmt, Each):
                    self.records.resaid[stmt] = None
                    if (whole := base_name(stmt.iterable)) is not None:
                        self.whole((whole,), inner)
                inner.discard(target)  # the reversed loop binds it again
            late: set[str] = set()
            grown = False
            for mark in sorted(inner - need):
                name = mark.removeprefix("binding of ")
                if name in bound:
                    if name in defined or (name in self.sized and name in self.records.unset):
                        need.add(mark)
                        grown = True
                    else:
                        late.add(name)
                elif (mark == name and self.touched(name, stored)) or mark in resized:
                    need.add(mark)
                    grown = True
            if grown:
                continue
            late = {n for n in late if not self.holds(n, stmt, depth)}
            while late:  # and what of that is said again
                known = set(inner)
                self.keep_at_end(stmt, 0, late, inner)
                self.unsure(stmt, 0, late - inside)
                late = {m for m in inner - known - {target} if m in bound and m not in defined}
            if target is not None:
                inner.discard(target)
            need |= inner
            return

    def holds(self, name: str, stmt: For | Each | While, depth: int) -> bool:
        """Does a name that the loop binds hold, behind it, what it held in each turn?

        A loop around would have to keep that: what is cheap is better computed anew in the turns.
        """
        told = (self.aliases, self.typing, self.regions)
        if depth and self.may_repeat and said_again(name, stmt, 0, *told, self.compiled) is not None:
            return False
        return is_steady(name, stmt, *told)

    def touched(self, name: str, stored: set[str]) -> bool:
        """Is the memory of ``name`` (or of the class that it marks) written in the body?"""
        for other in stored:
            own = self.aliases.link(other)
            if name in (memory(own), slots(own)) or other == name:
                return True
            if self.shares(other) and self.aliases.linked_of.get(name) == own:
                return True
        return False
