"""A place that one turn writes and the next one reads is carried from turn to turn in a number.

Before                                           After

    for t in range(n - 1, -1, -1):                   y_bar_next = y_bar[n]
        v_bar = y_bar[t + 1]                         for t in range(n - 1, -1, -1):
        y_bar[t] += v_bar * r                            y_bar_now = y_bar[t]
        y_bar[t + 1] = 0                                 v_bar = y_bar_next
                                                         y_bar_now += v_bar * r
                                                         y_bar[t] = y_bar_now
                                                         y_bar_next = 0
                                                         y_bar[t + 1] = y_bar_next
                                                         y_bar_next = y_bar_now

Each turn waits for the one before. Through memory it waits for the store as well, and then for the load. All that is
stored is stored as before; no other place of the array that the loop touches may be one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Binary,
    Block,
    Compare,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Name,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import bound_in, expressions, key, names, rebuild, statements, subexpressions, with_body
from tangent_like.kinds.dims import Sizes, symbol
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import FLOAT, Array
from tangent_like.kinds.operands import literal, step_of
from tangent_like.native.held import Holding, always_evaluated
from tangent_like.native.memory import Memory
from tangent_like.native.nests import Touch, plus, touches
from tangent_like.native.nests import place as at_place
from tangent_like.native.places import Around, always_apart, has_turns, linear, names_of
from tangent_like.native.upward import plain


@dataclass(frozen=True, eq=False)
class _Pair:
    """``old`` is in each turn the place that ``new`` was in the turn before."""

    old: Index
    new: Index


def carried(function: Function, typing: Typing, sizes: Sizes, namer: Namer, memory: Memory) -> Function:
    work = Holding(typing, sizes, namer, memory)

    def block(body: Block, around: Around) -> Block:
        return tuple(s for stmt in body for s in statement(stmt, around))

    def statement(stmt: Stmt, around: Around) -> list[Stmt]:
        if not isinstance(stmt, For):
            return [with_blocks(stmt, lambda b: block(b, around))]
        within = around.within(stmt)
        inner = list(statements(stmt.body))
        if any(isinstance(s, For | Each | While) for s in inner):
            return [with_blocks(stmt, lambda b: block(b, within))]
        pairs = list(_pairs(stmt, within, work)) if plain(inner) else []
        return _with_pairs(stmt, pairs, around, namer, memory) if pairs else [stmt]

    return with_body(function, block(function.body, Around()))


def _step(loop: For) -> int:
    step = step_of(loop.args)
    return step if step in (1, -1) else 0


def _pairs(loop: For, within: Around, work: Holding) -> Iterator[_Pair]:
    step, changing = _step(loop), bound_in((loop,))
    if not step or loop.target in bound_in(loop.body):
        return
    memory = work.memory
    found = list(touches(loop.body, memory.is_array))
    certain = {key(e) for s in loop.body for e in (*always_evaluated(s), *_target(s))}
    for name in dict.fromkeys(t.name for t in found if t.writes):
        kind = work.typing.overall.get(name)
        mine = [t for t in found if memory.alias(t.name) == memory.alias(name)]
        if not isinstance(kind, Array) or kind.dtype != "float64" or any(t.name != name for t in mine):
            continue
        pair = _pair(name, mine, loop, step, changing, within, work)
        if pair is not None and key(pair.old) in certain and key(pair.new) in certain:
            yield pair


def _target(stmt: Stmt) -> tuple[Expr, ...]:
    return (stmt.target,) if isinstance(stmt, Store) else ()


def _pair(
    name: str, mine: list[Touch], loop: For, step: int, changing: set[str], within: Around, work: Holding
) -> _Pair | None:
    """The two places of an array, if all other touches are elsewhere in every turn."""
    moving = [t for t in mine if _moves(t, loop.target, changing) is not None]
    for first in moving:
        at = _moves(first, loop.target, changing)
        assert at is not None
        axis, shift = at
        group = {shift: first}
        others = []
        for touch in mine:
            one = _moves(touch, loop.target, changing)
            if one is not None and one[0] == axis and _same_rows(first, touch, axis):
                group[one[1]] = touch
            else:
                others.append(touch)
        if len(group) != 2 or max(group) - min(group) != 1:
            continue
        old, new = (group[k] for k in (sorted(group) if step > 0 else sorted(group, reverse=True)))
        same = [t for t in mine if t not in others]
        written = any(t.writes for t in same if _key(t) == _key(new))
        read = any(not t.writes or t.sums for t in same if _key(t) == _key(old))
        if not written or not read or not all(_elsewhere(first, t, changing, within) for t in others):
            continue
        places = [_index(name, t) for t in (old, new)]
        if all(work.is_whole(i) for p in places for i in index_items(p.index)) and _counts_up(places, axis, within):
            return _Pair(*places)
    return None


def _moves(touch: Touch, turn: str, changing: set[str]) -> tuple[int, int] | None:
    """The axis ``t + c`` of a place that is steady along the others, and ``c``."""
    if touch.items is None:
        return None
    found = None
    for axis, item in enumerate(touch.items):
        at = linear(item)
        if at is None:
            return None
        if turn not in names_of(at):
            if names_of(at) & changing:
                return None
            continue
        shift = (at - symbol(turn)).known
        if shift is None or found is not None:
            return None
        found = (axis, shift)
    return found


def _same_rows(a: Touch, b: Touch, axis: int) -> bool:
    assert a.items is not None and b.items is not None
    if len(a.items) != len(b.items):
        return False
    return all(k == axis or key(x) == key(y) for k, (x, y) in enumerate(zip(a.items, b.items, strict=True)))


def _elsewhere(a: Touch, b: Touch, changing: set[str], within: Around) -> bool:
    """Do two touches differ in what stays as it is while the loop runs?"""
    if a.items is None or b.items is None or len(a.items) != len(b.items):
        return False
    steady = [(x, y) for x, y in zip(a.items, b.items, strict=True) if not (names(x) | names(y)) & changing]
    return always_apart([x for x, _ in steady], [y for _, y in steady], within)


def _counts_up(places: list[Index], axis: int, within: Around) -> bool:
    """Are the places along the axis counted from the front?"""
    for place in places:
        at = linear(index_items(place.index)[axis])
        if at is None or not within.not_below_zero(at):
            return False
    return True


def _index(name: str, touch: Touch) -> Index:
    assert touch.items is not None
    return at_place(Name(name), touch.items)


def _key(touch: Touch) -> object:
    return None if touch.items is None else tuple(map(key, touch.items))


def _with_pairs(loop: For, pairs: list[_Pair], around: Around, namer: Namer, memory: Memory) -> list[Stmt]:
    before: list[Stmt] = []
    first: list[Stmt] = []
    last: list[Stmt] = []
    table: dict[object, str] = {}
    start = loop.args[0] if len(loop.args) > 1 else Const(0)
    for pair in pairs:
        assert isinstance(pair.old.value, Name)
        base = pair.old.value.id
        old, new = namer.fresh(f"{base}_last"), namer.fresh(f"{base}_now")
        for name in (old, new):
            memory.typing.overall[name] = FLOAT
        table |= {key(pair.old): old, key(pair.new): new}
        before.append(Assign((old,), (_at(pair.old, loop.target, start),), loop.origin))
        if not _set_first(loop.body, pair.new):
            first.append(Assign((new,), (pair.new,)))
        last.append(Assign((old,), (Name(new),)))
    made = replace(loop, body=(*first, *_through(loop.body, table), *last))
    if has_turns(loop, around):
        return [*before, made]
    low, high = (loop.args[0], loop.args[1]) if len(loop.args) > 1 else (Const(0), loop.args[0])
    if _step(loop) < 0:
        low, high = high, low
    return [If((Arm(Compare(high, (">",), (low,)), (*before, made), loop.origin),), (), loop.origin)]


def _at(place: Index, turn: str, start: Expr) -> Index:
    """The place in the first turn."""

    def item(expr: Expr) -> Expr:
        at = linear(expr)
        shift = None if at is None else (at - symbol(turn)).known
        if shift is None:
            return expr
        number = literal(start)
        return Const(number + shift) if isinstance(number, int) else plus(start, shift)

    return at_place(place.value, tuple(map(item, index_items(place.index))))


def _set_first(body: Block, place: Index) -> bool:
    """Does a turn overwrite a place before it reads it?"""
    for stmt in body:
        sets = isinstance(stmt, Store) and key(stmt.target) == key(place)
        read = (stmt.value,) if isinstance(stmt, Store) and sets else expressions(stmt)
        inner = (e for s in statements((stmt,)) if s is not stmt for e in (*expressions(s), *_target(s)))
        if any(_holds(e, place) for e in (*read, *inner)):
            return False
        if sets and isinstance(stmt, Store):
            return stmt.op == ""
    return False


def _holds(expr: Expr, place: Index) -> bool:
    return any(key(e) == key(place) for e in subexpressions(expr))


def _through(body: Block, table: dict[object, str]) -> Iterator[Stmt]:
    """The statements with the places as numbers, which are stored where the places were."""

    def change(expr: Expr) -> Expr:
        name = table.get(key(expr)) if isinstance(expr, Index) else None
        return Name(name) if name is not None else rebuild(expr, change)

    for stmt in body:
        if isinstance(stmt, If):
            arms = tuple(replace(a, test=change(a.test), body=tuple(_through(a.body, table))) for a in stmt.arms)
            yield replace(stmt, arms=arms, orelse=tuple(_through(stmt.orelse, table)))
            continue
        name = table.get(key(stmt.target)) if isinstance(stmt, Store) else None
        if name is None or not isinstance(stmt, Store):
            yield rewrite(stmt, change, lambda n: n)
            continue
        value = change(stmt.value)
        if isinstance(value, Const) and isinstance(value.value, int):
            value = Const(float(value.value))
        if stmt.op in ("+", "-"):
            yield Augment(name, stmt.op, value, stmt.origin)
        else:
            yield Assign((name,), (Binary(stmt.op, Name(name), value) if stmt.op else value,), stmt.origin)
        yield Store(stmt.target, "", Name(name), stmt.origin)
