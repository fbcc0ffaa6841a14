"""Which elements of an array a store can hit, told apart from those read before it.

    for i in range(1, n):
        b[i] -= a[i] / b[i - 1] * c[i - 1]       # the way back reads b[i - 1]: no turn up to here wrote it again

Indices are sums of loop variables, names that are bound once, and numbers. A read and a store are apart if
on some axis the one ends before the other begins, for every pair of turns in which the read comes first.
Indices that may be negative count from the other end, so they are told apart from nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tangent_like.analysis.holding import holding
from tangent_like.ir.blocks import leaves_by_break
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Const,
    Each,
    Expr,
    For,
    If,
    Index,
    Library,
    Name,
    Pop,
    Ref,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
    While,
)
from tangent_like.ir.quick import quick
from tangent_like.ir.walk import base_name, blocks, bound_in, key, stored_in
from tangent_like.kinds.kind import Array, DictOf, Kind, Scalar
from tangent_like.kinds.operands import literal, step_of

Loop = For | Each | While
# The place of a statement: the loops and branch arms that it stands in, and its number in each block.
Way: TypeAlias = "tuple[tuple[Stmt | None, int, int], ...]"


@quick
@dataclass(frozen=True, slots=True)
class Sum:
    """``const`` and symbols with their factors; a symbol is a name, a loop's variable, or the size of something."""

    terms: tuple[tuple[object, int], ...] = ()
    const: int = 0

    def plus(self, other: Sum, times: int = 1) -> Sum:
        found = dict(self.terms)
        for symbol, factor in other.terms:
            found[symbol] = found.get(symbol, 0) + times * factor
        return Sum(tuple((s, f) for s, f in found.items() if f), self.const + times * other.const)


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """The variable of a loop in a turn; ``early`` where it belongs to the read, which came first."""

    loop: For
    early: bool


@quick
@dataclass(frozen=True, slots=True)
class Span:
    """From ``low`` to ``high``, both included; None for no known end."""

    low: Sum | None
    high: Sum | None


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A read in the reverse half of a statement: of the elements at ``path``, or of all of them where that is None."""

    stmt: Stmt
    path: Index | None
    after: bool = False  # of the value that the statement leaves there


@dataclass(eq=False)
class Regions:
    """``bindings``: how often each name is bound; what a loop binds counts twice."""

    body: Block
    bindings: Mapping[str, int]
    kind_at: Callable[[Stmt], Callable[[Expr], Kind]]
    rewritten: set[str] = field(default_factory=set)  # names written otherwise than by a store
    _bound: dict[str, int] = field(default_factory=dict)  # by name: where at the top of the function it was last bound
    _stored: dict[str, int] = field(default_factory=dict)  # by name: where a store into it first stands
    _ways: dict[Stmt, Way] = field(default_factory=dict)
    _turns: dict[tuple[For, bool], Turn] = field(default_factory=dict)
    _runs: dict[Stmt, list[Sum]] = field(default_factory=dict)  # what ``_running`` found
    _found: dict[tuple[Index | None, Stmt], tuple[Expr, ...] | None] = field(default_factory=dict)  # by ``_place_at``
    stores_into: dict[str | None, list[Store]] = field(default_factory=dict)  # by the name of the array
    changed: set[str] = field(default_factory=set)  # names that other statements than stores write into
    _number: dict[Store, int] = field(default_factory=dict)  # of a store among those into its name
    _made: dict[tuple[Stmt, str], int] = field(default_factory=dict)  # where a turn of a loop first binds a name
    _binders: dict[tuple[Stmt, int], dict[str, list[Stmt]]] = field(default_factory=dict)
    _breaks: dict[Stmt, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._place(self.body, ())
        self.rewritten |= self.changed
        for k, stmt in enumerate(self.body):
            for name in stored_in((stmt,)):
                self._stored.setdefault(name, k)
            for name in bound_in((stmt,)):
                self._bound[name] = k if not blocks(stmt) else len(self.body)

    def settled(self, name: str | None) -> bool:
        """Is all that is written into the name written by stores, into memory that it was bound to before?"""
        if name is None or name in self.rewritten:
            return False
        return self._bound.get(name, -1) < self._stored.get(name, len(self.body))

    def _place(self, block: Block, way: Way) -> None:
        for k, stmt in enumerate(block):
            own = (*way, (None, 0, k))
            self._ways[stmt] = own
            if isinstance(stmt, Store):
                others = self.stores_into.setdefault(base_name(stmt.target), [])
                self._number[stmt] = len(others)
                others.append(stmt)
            elif isinstance(stmt, Augment):
                self.changed.add(stmt.target)
            elif isinstance(stmt, Assign):
                self.changed.update(stmt.writes)
                if len(way) > 0 and isinstance(way[-1][0], For | Each | While):
                    for name in stmt.targets:
                        self._made.setdefault((way[-1][0], name), k)
            elif isinstance(stmt, Pop):
                self.changed.add(base_name(stmt.target) or "" if stmt.target is not None else "")
            for j, inner in enumerate(blocks(stmt)):
                self._place(inner, (*way, (stmt, j, k)))

    # -- questions --

    def binders(self, stmt: Stmt, k: int) -> Mapping[str, list[Stmt]]:
        """By name: the statements at the top of block ``k`` of a statement that bind it, there or further in."""
        found = self._binders.get((stmt, k))
        if found is None:
            found = self._binders[stmt, k] = {}
            for one in blocks(stmt)[k]:
                for name in bound_in((one,)):
                    found.setdefault(name, []).append(one)
        return found

    def is_left_by_break(self, loop: Loop) -> bool:
        if loop not in self._breaks:
            self._breaks[loop] = leaves_by_break(loop.body)
        return self._breaks[loop]

    def may_hit(self, store: Store, site: Site) -> bool:
        """May the store write an element that the site reads, after it was read?

        Into memory that goes by one name: what a turn of a loop binds before the store was not there in the turn
        before.
        """
        if store not in self._ways or site.stmt not in self._ways:
            return True
        common, order = self._common(store, site.stmt)
        same_turn = order < 0 or (order == 0 and not site.after)
        if not common and not same_turn:
            return False
        made = self._anew(store)
        if made is not None and not self._since(made, site):
            return False
        places = self._places(store, site)
        if places is None:
            return True
        written, read = places
        first = 0 if made is None else common.index(made[0]) + 1
        cases = list(range(first, len(common))) + ([len(common)] if same_turn else [])
        return not all(self._apart(written, store, read, site.stmt, common, k) for k in cases)

    def may_reach(self, store: Store, site: Site) -> bool:
        """May the site, a read that comes before what its statement writes, see what the store has left there?"""
        if store not in self._ways or site.stmt not in self._ways:
            return True
        common, order = self._common(site.stmt, store)
        same_turn = order < 0 and site.stmt is not store
        if not common and not same_turn:
            return False
        places = self._places(store, site)
        if places is None:
            return True
        written, read = places
        cases = [*range(len(common)), *([len(common)] if same_turn else [])]
        return not all(self._apart(read, site.stmt, written, store, common, k) for k in cases)

    def never_meet(self, store: Store, site: Site, around: int) -> bool:
        """Is what the site reads another place than the store's, in one turn of the first ``around`` loops around?"""
        if store not in self._ways or site.stmt not in self._ways:
            return False
        places = self._places(store, site)
        if places is None:
            return False
        written, read = places
        common = self.loops_around(store)[:around]
        return self._apart(written, store, read, site.stmt, common, len(common))

    def loops_around(self, stmt: Stmt) -> list[Loop]:
        return [loop for loop, _, _ in self._ways[stmt] if isinstance(loop, For | Each | While)]

    def is_number(self, store: Store) -> bool:
        """Does it write one number?"""
        return isinstance(self.kind_at(store)(store.target), Scalar)

    def _anew(self, store: Store) -> tuple[Loop, int, int] | None:
        """The innermost loop that binds what the store writes into anew, in each turn before it.

        With the depth at which it stands, and the number of the statement of its body that binds.
        """
        name, way = base_name(store.target) or "", self._ways[store]
        for depth in range(len(way) - 2, -1, -1):
            loop = way[depth][0]
            if isinstance(loop, For | Each | While):
                made = self._made.get((loop, name))
                if made is not None and made < way[depth + 1][2]:
                    return loop, depth, made
        return None

    def _since(self, made: tuple[Loop, int, int], site: Site) -> bool:
        """Does the site read what a name is bound to in the turn of a loop, once it is?"""
        loop, depth, k = made
        way = self._ways[site.stmt]
        if len(way) <= depth + 1 or way[depth][0] is not loop:
            return False
        return way[depth + 1][2] > k or (way[depth + 1][2] == k and site.after)

    def stays(self, store: Store) -> bool:
        """Does what the store writes stay there to the end?"""
        name = base_name(store.target)
        if not self.settled(name):
            return False
        if not isinstance(self.kind_at(store)(Name(name or "")), Array | DictOf):
            return False
        site = Site(store, store.target, True)
        first = self._number[store] if self._once(store) else 0
        return not any(self.may_hit(s, site) for s in self.stores_into.get(name, [])[first:])

    def is_first(self, store: Store) -> bool:
        """Has no store written there before?"""
        name = base_name(store.target)
        if not self.settled(name) and not self._made_once(store, name):
            return False
        if not isinstance(self.kind_at(store)(Name(name or "")), Array | DictOf):
            return False
        last = self._number[store] + 1 if self._once(store) else None
        return not any(self.may_hit(store, Site(s, s.target, True)) for s in self.stores_into.get(name, [])[:last])

    def _made_once(self, store: Store, name: str | None) -> bool:
        """Is what it writes into bound in one place, anew in each turn of a loop around it, and written by stores?"""
        return name not in self.changed and self.bindings.get(name or "", 0) == 2 and self._anew(store) is not None

    def _once(self, store: Store) -> bool:
        """Does it run once, after all the stores above it and before those below?"""
        return len(self._ways.get(store, ())) == 1

    def apart(self, stmt: Stmt, first: Index, second: Index) -> bool:
        """Are two places, as the statement means them, without a common element?"""
        one, two = flattened(first), flattened(second)
        if one is None or two is None or stmt not in self._ways:
            return False
        if not self._plain(first, one, stmt) or not self._plain(second, two, stmt):
            return False
        loops = self.loops_around(stmt)
        return self._apart(one, stmt, two, stmt, loops, len(loops))

    def _common(self, store: Stmt, read: Stmt) -> tuple[list[Loop], int]:
        """The loops around both; and whether the read comes first in a turn of all of them (-1), or last (1)."""
        loops: list[Loop] = []
        order = 0
        for (a, i, k), (b, j, m) in zip(self._ways[store], self._ways[read], strict=False):
            if k != m:
                order = -1 if m < k else 1
                break
            if a is not b:
                order = -1  # one statement stands in the other: a loop, that reads before its turns
                break
            if a is None:
                break
            if i != j:
                order = 1 if isinstance(a, If) else -1  # two arms of a branch: not in one turn
                break
            if isinstance(a, For | Each | While):
                loops.append(a)
        return loops, order

    # -- spans --

    def _places(self, store: Store, site: Site) -> tuple[tuple[Expr, ...], tuple[Expr, ...]] | None:
        """What the store writes and what the site reads, axis by axis; None where that is not plain to see."""
        read, written = self._place_at(site.path, site.stmt), self._place_at(store.target, store)
        return None if read is None or written is None else (written, read)

    def _place_at(self, path: Index | None, stmt: Stmt) -> tuple[Expr, ...] | None:
        if (path, stmt) not in self._found:
            items = None if path is None else flattened(path)
            self._found[path, stmt] = items if items and self._plain(path, items, stmt) else None
        return self._found[path, stmt]

    def _plain(self, path: Index | None, items: tuple[Expr, ...], stmt: Stmt) -> bool:
        """An array, and nothing but whole numbers and slices, one for each axis?"""
        kind_of = self.kind_at(stmt)
        base: Expr | None = path
        while isinstance(base, Index):
            base = base.value
        name = base.id if isinstance(base, Name) else getattr(base, "name", "")  # before the statement, or after it
        if not isinstance(kind_of(Name(name)), Array | DictOf):
            return False
        kinds = [kind_of(i) for i in items if not isinstance(i, Slice)]
        return all(isinstance(k, Scalar) and k.type == "int" for k in kinds)

    def _around(self, stmt: Stmt) -> list[For]:
        return [part for part, _, _ in self._ways[stmt] if isinstance(part, For)]

    def _apart(
        self,
        written: tuple[Expr, ...],
        store: Stmt,
        read: tuple[Expr, ...],
        reader: Stmt,
        common: list[Loop],
        case: int,
    ) -> bool:
        """Apart where the turns of the first ``case`` loops around both are the same, and the next is earlier?"""
        shared: set[Stmt] = set(common[:case])
        earlier = common[case] if case < len(common) else None
        facts = [*self._running(store), *self._running(reader)]
        for own, other in zip(written, read, strict=False):
            one, two = _number(own), _number(other)
            if one is not None and two is not None and one != two:
                return True
            first = self._span(own, store, shared, False, facts)
            second = self._span(other, reader, shared, True, facts)
            if first is None or second is None:
                continue
            for low, high in ((first.low, second.high), (second.low, first.high)):
                if low is not None and high is not None and self._positive(low.plus(high, -1), shared, earlier):
                    return True
        return False

    def _running(self, stmt: Stmt) -> list[Sum]:
        """What is not negative where the statement runs: the number of turns of each loop around it, less one."""
        if stmt in self._runs:
            return self._runs[stmt]
        found = self._runs[stmt] = []
        for loop in self._around(stmt):
            low, high = self._bounds(self._turn(loop, False), set())
            if low is not None and high is not None:
                # at most so many, in whatever turn of the loops around: that is not negative either
                most = self._least(low.plus(high, -1), set(), None)
                found += [] if most is None else [Sum().plus(most, -1)]
        return found

    def _span(self, item: Expr, stmt: Stmt, shared: set[Stmt], early: bool, facts: list[Sum]) -> Span | None:
        if isinstance(item, Slice):
            if item.step is not None and literal(item.step) != 1:
                return None
            low = Sum() if item.lower is None else self._sum(item.lower, stmt, shared, early)
            high = None if item.upper is None else self._sum(item.upper, stmt, shared, early)
            if low is None or not self._natural(low, facts):
                return None
            if high is not None and not self._natural(high, facts):
                high = None  # it may count from the end
            return Span(low, None if high is None else high.plus(Sum((), 1), -1))
        at = self._sum(item, stmt, shared, early)
        if at is None:
            return None
        natural = self._natural(at, facts) or any(
            self._natural(at.plus(held, -1), facts) for held in self._held(stmt, shared, early)
        )
        return Span(at, at) if natural else None

    def _held(self, stmt: Stmt, shared: set[Stmt], early: bool) -> Iterator[Sum]:
        """What the branches around the statement say is not negative."""
        for more, less, at_least in holding(self._ways[stmt]):
            a, b = (self._sum(side, stmt, shared, early) for side in (more, less))
            if a is not None and b is not None:
                yield a.plus(b, -1).plus(Sum((), at_least), -1)

    def _sum(self, expr: Expr, stmt: Stmt, shared: set[Stmt], early: bool) -> Sum | None:
        value = literal(expr)
        if isinstance(value, int) and not isinstance(value, bool):
            return Sum((), value)
        match expr:
            case Name(id):
                loops = [loop for loop in self._around(stmt) if loop.target == id]
                if loops:
                    loop = loops[-1]
                    if id in bound_in(loop.body):
                        return None
                    return Sum(((self._turn(loop, early and loop not in shared), 1),))
                return Sum(((id, 1),)) if self.bindings.get(id, 0) <= 1 else None
            case Binary("+" | "-" as op, left, right):
                a, b = self._sum(left, stmt, shared, early), self._sum(right, stmt, shared, early)
                return None if a is None or b is None else a.plus(b, 1 if op == "+" else -1)
            case Unary("-", operand):
                inner = self._sum(operand, stmt, shared, early)
                return None if inner is None else Sum().plus(inner, -1)
            case Call(Ref(target=Library("builtins", "len")), (Name(id),)) if self.bindings.get(id, 0) <= 1:
                return Sum(((key(expr), 1),))
            case Index(Attribute(Name(id), "shape"), Const()) if self.bindings.get(id, 0) <= 1:
                return Sum(((key(expr), 1),))
            case _:
                return None

    def _turn(self, loop: For, early: bool) -> Turn:
        return self._turns.setdefault((loop, early), Turn(loop, early))

    def _bounds(self, turn: Turn, shared: set[Stmt]) -> tuple[Sum | None, Sum | None]:
        """The lowest and the highest value of a loop's variable."""
        start: Expr = Const(0) if len(turn.loop.args) == 1 else turn.loop.args[0]
        stop = turn.loop.args[0] if len(turn.loop.args) == 1 else turn.loop.args[1]
        step = step_of(turn.loop.args)
        if not isinstance(step, int) or not step:
            return None, None
        # a bound in outer loops' variables is that of the same turn of those
        first = self._sum(start, turn.loop, shared, turn.early)
        end = self._sum(stop, turn.loop, shared, turn.early)
        if step > 0:
            return first, None if end is None else end.plus(Sum((), 1), -1)
        return (None if end is None else end.plus(Sum((), 1))), first

    def _least(self, total: Sum, shared: set[Stmt], earlier: Loop | None) -> Sum | None:
        """A sum without loop variables that ``total`` is not below."""
        for _ in range(40):
            turns = [(s, f) for s, f in total.terms if isinstance(s, Turn)]
            if not turns:
                return total
            turn, factor = max(turns, key=lambda pair: (len(self._ways[pair[0].loop]), pair[0].early))
            low, high = self._bounds(turn, shared)
            if turn.early and turn.loop is earlier:
                step = step_of(turn.loop.args)
                now = Sum(((self._turn(turn.loop, False), 1),))
                if isinstance(step, int) and step > 0:
                    high = now.plus(Sum((), step), -1)
                elif isinstance(step, int) and step < 0:
                    low = now.plus(Sum((), -step))
            bound = low if factor > 0 else high
            if bound is None:
                return None
            rest = Sum(tuple((s, f) for s, f in total.terms if s is not turn), total.const)
            total = rest.plus(bound, factor)
        return None

    def _positive(self, total: Sum, shared: set[Stmt], earlier: Loop | None) -> bool:
        least = self._least(total, shared, earlier)
        return least is not None and least.const >= 1 and all(_size(s) and f > 0 for s, f in least.terms)

    def _natural(self, total: Sum, facts: list[Sum]) -> bool:
        """Is it never below zero?"""
        least = self._least(total, set(), None)
        if least is None:
            return False
        candidates = (least, *(least.plus(fact, -1) for fact in facts))
        return any(t.const >= 0 and all(_size(s) and f > 0 for s, f in t.terms) for t in candidates)


def _size(symbol: object) -> bool:
    """The size of something, which is never negative."""
    return isinstance(symbol, tuple)


def _number(item: Expr) -> int | None:
    """A number that is not negative, as it is written: where places are many, most are such."""
    return item.value if isinstance(item, Const) and isinstance(item.value, int) and item.value >= 0 else None


def flattened(path: Expr) -> tuple[Expr, ...] | None:
    """The index items of ``x[i]``, ``x[i, j]`` and ``x[i][j]``, axis by axis; None for other paths."""
    items: list[Expr] = []
    while isinstance(path, Index):
        own = path.index.items if isinstance(path.index, Tuple) else (path.index,)
        if any(isinstance(i, Const) and (i.value is None or i.value is ...) for i in own):
            return None
        if items and any(isinstance(i, Slice) for i in own):
            return None
        items[:0] = own
        path = path.value
    return tuple(items) if isinstance(path, Name) or not isinstance(path, Attribute | Call | Binary) else None
