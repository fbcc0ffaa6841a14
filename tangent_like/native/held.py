"""A place that a loop touches in every turn is held in a number while the loop runs.

Before                                           After

    for j in range(i):                               x_bar_i = x_bar[i]
        L_bar[i, j] -= x_bar[i] * x[j]               for j in range(i):
        x_bar[j] -= x_bar[i] * L[i, j]                   L_bar[i, j] -= x_bar_i * x[j]
                                                         x_bar[j] -= x_bar_i * L[i, j]

A compiler that cannot tell whether a store may be to that place reads it anew in each turn, takes no turns together,
and makes each sum wait for memory. That no other touches it is told by names that share no memory, and by what the
loops around say of the places. Where a loop may have no turns, and the place may not be there, an ``if`` is put around.

Where all that is done with the array is to add to it, others may touch the place as well: a sum from 0 is added behind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Block,
    Choose,
    Compare,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Lambda,
    Logic,
    Name,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import (
    bound_in,
    children,
    expressions,
    key,
    names,
    rebuild,
    statements,
    with_body,
)
from tangent_like.kinds.dims import Dim, Sizes, fixed
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import FLOAT, Array, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.native.memory import Memory
from tangent_like.native.nests import Touch, touches
from tangent_like.native.places import Around, always_apart, has_turns, linear
from tangent_like.native.upward import plain

WRITTEN = frozenset({"float64", "complex128"})  # a number of Python's has this precision


@dataclass(frozen=True, eq=False)
class Held:
    """A place, and the number that it is held in."""

    place: Index
    name: str
    how: str  # "read", "written", or "added" to

    @property
    def first(self) -> Stmt:
        return Assign((self.name,), (Const(0.0) if self.how == "added" else self.place,))

    @property
    def last(self) -> Stmt:
        return Store(self.place, "+" if self.how == "added" else "", Name(self.name))


@dataclass(eq=False)
class Holding:
    typing: Typing
    sizes: Sizes
    namer: Namer
    memory: Memory

    def block(self, body: Block, around: Around) -> Block:
        out: list[Stmt] = []
        for k, stmt in enumerate(body):
            within = around.within(stmt) if isinstance(stmt, For) else around
            inner = with_blocks(stmt, lambda b, within=within: self.block(b, within))  # type: ignore[misc]
            out.extend(self.loop(inner, around, body[:k], body[k + 1 :]) if isinstance(inner, For) else [inner])
        return tuple(out)

    def loop(self, loop: For, around: Around, before: Block, after: Block) -> list[Stmt]:
        found = self.places(loop, around.within(loop))
        if not found:
            return [loop]
        table: dict[object, Held] = {}
        for place, how in found:
            name = self.namer.fresh(named_after(place) if how != "added" else "total")
            self.typing.overall[name] = FLOAT
            table[key(place)] = Held(place, name, how)
        new = replace(loop, body=_replaced(loop.body, table))
        first = [replace(h.first, origin=loop.origin) for h in table.values()]
        last = [replace(h.last, origin=loop.origin) for h in table.values() if h.how != "read"]
        whole = [*first, new, *last]
        if has_turns(loop, around) or all(self.is_there(h.place, around, before, after) for h in table.values()):
            return whole
        low, high = (loop.args[0], loop.args[1]) if len(loop.args) > 1 else (Const(0), loop.args[0])
        if len(loop.args) == 3 and literal(loop.args[2]) == -1:
            low, high = high, low
        elif len(loop.args) == 3 and literal(loop.args[2]) != 1:
            return [loop]
        return [If((Arm(Compare(high, (">",), (low,)), tuple(whole), loop.origin),), (), loop.origin)]

    # -- which places --

    def places(self, loop: For, within: Around) -> list[tuple[Index, str]]:
        """The places that a loop may hold, and what it does with them."""
        inner = list(statements(loop.body))
        if not plain(inner) or any(isinstance(s, For | Each | While) for s in inner):
            return []
        changing = bound_in((loop,))
        found = list(touches(loop.body, self.memory.is_array))
        candidates: dict[object, Index] = {}
        for stmt in loop.body:  # what stands in a branch may not be there
            for expr in always_evaluated(stmt):
                if isinstance(expr, Index) and self.is_element(expr) and not names(expr) & changing:
                    candidates.setdefault(key(expr), expr)
        chosen = []
        for place in candidates.values():
            assert isinstance(place.value, Name)
            mine = [t for t in found if self.memory.alias(t.name) == self.memory.alias(place.value.id)]
            written = any(t.writes and _is(t, place) for t in mine)
            if written and not self.is_exact(place):
                continue
            others = [t for t in mine if not _is(t, place) and (written or t.writes)]
            others = [t for t in others if not self.is_apart(place, t, changing - {loop.target}, within)]
            if not others:
                chosen.append((place, "written" if written else "read"))
            elif all(t.sums for t in mine):
                chosen.append((place, "added"))
        held = {key(place) for place, _ in chosen}
        stores = any(isinstance(s, Store) and key(s.target) not in held for s in inner)
        return [(place, how) for place, how in chosen if how != "read" or stores]

    def is_element(self, place: Index) -> bool:
        """Is it one number of an array?"""
        if not isinstance(place.value, Name) or not self.memory.is_array(place.value.id):
            return False
        kind = self.typing.overall.get(place.value.id)
        items = index_items(place.index)
        return isinstance(kind, Array) and kind.rank == len(items) and all(self.is_whole(i) for i in items)

    def is_whole(self, item: Expr) -> bool:
        """Is it a whole number that a turn leaves as it is?"""
        found = linear(item)
        if found is None:
            return False
        return all("." in text or not self.memory.is_array(text) for text, _ in found.terms)

    def is_exact(self, place: Index) -> bool:
        """Is a number of Python's what the array holds?"""
        assert isinstance(place.value, Name)
        kind = self.typing.overall[place.value.id]
        return isinstance(kind, Array) and kind.dtype in WRITTEN

    def is_apart(self, place: Index, other: Touch, changing: set[str], within: Around) -> bool:
        items = index_items(place.index)
        if other.items is None or len(other.items) != len(items) or not isinstance(place.value, Name):
            return False
        if other.name != place.value.id:
            return False  # another view of the same memory
        usable = [(a, b) for a, b in zip(items, other.items, strict=True) if not names(b) & changing]
        return always_apart([a for a, _ in usable], [b for _, b in usable], within)

    # -- is it there --

    def is_there(self, place: Index, around: Around, before: Block, after: Block) -> bool:
        """Would the place be touched anyhow, or do the loops around show that it is in the array?"""
        needed = names(place)
        for near in (before[::-1], after):
            for stmt in near:
                if key(place) in {key(e) for e in always_evaluated(stmt)}:
                    return True
                if bound_in((stmt,)) & needed:
                    break
        return self.is_inside(place, around)

    def is_inside(self, place: Index, around: Around) -> bool:
        assert isinstance(place.value, Name)
        kind = self.typing.overall.get(place.value.id)
        if not isinstance(kind, Array) or kind.dims is None:
            return False
        for item, dim in zip(index_items(place.index), kind.dims, strict=True):
            at = linear(item)
            if at is None or dim is None or not around.not_below_zero(at):
                return False
            most = self.size(around.most(at))
            if most is None or not self.reaches(most + fixed(1), dim):
                return False
        return True

    def size(self, dim: Dim) -> Dim | None:
        """The sum of names as a sum of sizes of arguments."""
        total = fixed(dim.const)
        for text, times in dim.terms:
            name, _, axis = text.partition(".shape[")
            kind = self.typing.overall.get(name)
            value: Dim | None = None
            if axis and isinstance(kind, Array) and kind.dims is not None and int(axis[:-1]) < len(kind.dims):
                value = kind.dims[int(axis[:-1])]
            elif not axis and isinstance(kind, Scalar):
                value = kind.value
            if value is None:
                return None
            total = total + value.times(times)
        return total

    def reaches(self, end: Dim, dim: Dim) -> bool:
        room = (dim - end).known
        return room >= 0 if room is not None else self.sizes.same(end, dim) is True


def held(function: Function, typing: Typing, sizes: Sizes, namer: Namer, memory: Memory) -> Function:
    work = Holding(typing, sizes, namer, memory)
    return with_body(function, work.block(function.body, Around()))


def _is(touch: Touch, place: Index) -> bool:
    assert isinstance(place.value, Name)
    if touch.name != place.value.id or touch.items is None:
        return False
    return tuple(map(key, touch.items)) == tuple(map(key, index_items(place.index)))


def always_evaluated(stmt: Stmt) -> list[Expr]:
    """The expressions that a statement evaluates whatever it is that it decides."""
    found = expressions(stmt)[:1] if isinstance(stmt, If) else expressions(stmt)
    return [e for whole in found for e in _sure(whole)]


def _sure(expr: Expr) -> list[Expr]:
    """The subexpressions that are evaluated whenever the expression is."""
    if isinstance(expr, Choose | Logic | Lambda):
        return _sure(expr.test) if isinstance(expr, Choose) else []
    return [expr, *(e for child in children(expr) for e in _sure(child))]


def named_after(place: Index) -> str:
    """``x_bar_i`` for ``x_bar[i]``."""
    assert isinstance(place.value, Name)
    items = index_items(place.index)
    parts = [i.id if isinstance(i, Name) else str(i.value) if isinstance(i, Const) else "" for i in items]
    spelled = all(p.isidentifier() or p.isdecimal() for p in parts)
    return "_".join([place.value.id, *parts]) if spelled else f"{place.value.id}_here"


def _replaced(body: Block, table: dict[object, Held]) -> Block:
    def change(expr: Expr) -> Expr:
        if isinstance(expr, Index):
            one = table.get(key(expr))
            if one is not None:
                return Name(one.name)
        return rebuild(expr, change)

    def block(inner: Block) -> Block:
        return tuple(map(statement, inner))

    def statement(stmt: Stmt) -> Stmt:
        one = table.get(key(stmt.target)) if isinstance(stmt, Store) else None
        if one is None:
            return rewrite(with_blocks(stmt, block), change, lambda n: n)
        assert isinstance(stmt, Store)
        value = change(stmt.value)
        if stmt.op:
            return Augment(one.name, stmt.op, value, stmt.origin)
        return Assign((one.name,), (value,), stmt.origin)

    return block(body)
