"""Two loops one in the other change places where the inner one then goes along memory.

Before                                           After

    for i in range(n):                               for j in range(n):
        for j in range(n):                               for i in range(n):
            A_bar[j, i] += x_bar[i] * y[j]                   A_bar[j, i] += x_bar[i] * y[j]

What stands beside the inner loop goes into a loop of its own, before or behind, if other turns touch nothing of it.
A place is touched in one turn of both only, or only added to, so that the order of the turns does not matter.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import Assign, Augment, Block, Comment, Each, Expr, For, Function, If, Pass, Stmt, While
from tangent_like.ir.walk import bound_in, names, statements, with_body
from tangent_like.native.memory import Memory
from tangent_like.native.nests import Touch, touches
from tangent_like.native.places import Around, linear, meet_in_one_turn, names_of
from tangent_like.native.raising import Uses, find_uses
from tangent_like.native.upward import names_in, own_numbers, pairs, plain

PARTS = 4  # of a loop: beyond that it stays as it is


def interchanged(function: Function, memory: Memory) -> Function:
    uses = find_uses(function.body)

    def block(body: Block, around: Around) -> Block:
        return tuple(new for s in body for new in statement(s, around))

    def statement(stmt: Stmt, around: Around) -> Block:
        if not isinstance(stmt, For):
            return (with_blocks(stmt, lambda b: block(b, around)),)
        within = around.within(stmt)
        inner = with_blocks(stmt, lambda b: block(b, within))
        assert isinstance(inner, For)
        parts = _parts(inner.body)
        if len(parts) > 1 and not _may_part(inner, parts, within, memory, uses):
            return (inner,)
        nests = [replace(inner, body=part) for part in parts]
        swapped = tuple(_swapped_if(nest, within, memory, uses) for nest in nests)
        return swapped if any(new is not nest for new, nest in zip(swapped, nests, strict=True)) else (inner,)

    return with_body(function, block(function.body, Around()))


def _swapped_if(outer: For, within: Around, memory: Memory, uses: Uses) -> For:
    alone = [s for s in outer.body if not isinstance(s, Comment | Pass)]
    if len(alone) != 1 or not isinstance(alone[0], For) or not _may_swap(outer, alone[0], within, memory, uses):
        return outer
    return _swapped(outer, alone[0])


def _parts(body: Block) -> list[Block]:
    """Each loop with its comment, and what stands before, between and behind them."""
    parts: list[list[Stmt]] = []
    said: list[Stmt] = []
    last_is_loop = True
    for stmt in body:
        if isinstance(stmt, Comment | Pass):
            said.append(stmt)
            continue
        is_loop = isinstance(stmt, For)
        if is_loop or last_is_loop or not parts:
            parts.append([])
        parts[-1] += [*said, stmt]
        said, last_is_loop = [], is_loop
    if said and parts:
        parts[-1] += said
    return [tuple(p) for p in parts]


def _may_part(outer: For, parts: list[Block], within: Around, memory: Memory, uses: Uses) -> bool:
    """May all turns of one part come before those of the next? No turn touches in one what another does in the next."""
    inner = list(statements(outer.body))
    if len(parts) > PARTS or not any(isinstance(s, For) for p in parts for s in p) or not plain(inner):
        return False
    if any(isinstance(s, Assign | Augment | If | Each | While) for s in inner) or outer.target in uses.late:
        return False
    changing = bound_in((outer,))
    if outer.target in bound_in(outer.body) or any(names(a) & changing for a in outer.args):
        return False
    steady = frozenset(names_in(inner) - changing)
    found = [list(touches(p, memory.is_array)) for p in parts]
    crossing = ((a, b) for k, own in enumerate(found) for other in found[k + 1 :] for a in own for b in other)
    return not any(_disturbs_by(a, b, (outer.target,), memory, steady, within) for a, b in crossing)


def _swapped(outer: For, inner: For) -> For:
    said = tuple(s for s in outer.body if isinstance(s, Comment))
    return replace(inner, body=(replace(outer, body=(*said, *inner.body)),))


def _may_swap(outer: For, inner: For, within: Around, memory: Memory, uses: Uses) -> bool:
    body = list(statements(inner.body))
    if not inner.body or not plain(body) or any(isinstance(s, For | Each | While) for s in body):
        return False
    changing = bound_in((outer,))
    if any(linear(a) is None or names(a) & changing for a in inner.args) or {outer.target, inner.target} & uses.late:
        return False
    if {outer.target, inner.target} & bound_in(inner.body) or not own_numbers(inner.body, uses):
        return False
    found = list(touches(inner.body, memory.is_array))
    if _along(found, outer.target) <= _along(found, inner.target):
        return False
    steady = frozenset(names_in(body) - changing)
    both = within.within(inner)
    return not any(_disturbs(a, b, outer.target, inner.target, memory, steady, both) for a, b in pairs(found))


def _along(found: list[Touch], target: str) -> int:
    """How many places lie along memory from turn to turn, less those that lie apart."""
    along = sum(target in names(t.items[-1]) for t in found if t.items)
    return along - sum(any(target in names(i) for i in t.items[:-1]) for t in found if t.items)


def _disturbs(
    a: Touch, b: Touch, outer: str, inner: str, memory: Memory, steady: frozenset[str], around: Around
) -> bool:
    return _disturbs_by(a, b, (outer, inner), memory, steady, around)


def _disturbs_by(
    a: Touch, b: Touch, targets: tuple[str, ...], memory: Memory, steady: frozenset[str], around: Around
) -> bool:
    if memory.alias(a.name) != memory.alias(b.name) or not (a.writes or b.writes) or (a.sums and b.sums):
        return False
    if a.name != b.name or a.items is None or b.items is None or len(a.items) != len(b.items):
        return True
    return not all(_only_in_one(a, b, target, steady, around) for target in targets)


def _only_in_one(a: Touch, b: Touch, target: str, steady: frozenset[str], around: Around) -> bool:
    """Do the two meet only where ``target`` is the same, by an axis that no other variable of the two moves along?"""
    assert a.items is not None and b.items is not None
    moved = [(x, y) for x, y in zip(a.items, b.items, strict=True) if _moves(x, target) and _moves(y, target)]
    return meet_in_one_turn([x for x, _ in moved], [y for _, y in moved], target, steady, around)


def _moves(item: Expr, target: str) -> bool:
    found = linear(item)
    return found is not None and target in names_of(found)
