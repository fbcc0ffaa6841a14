"""Loops of the way back whose turns may come in any order run upwards, as memory does.

Before                                           After

    for i in range(k - 1, -1, -1):                   for i in range(k):
        y_bar[i] += z_bar[i]                             y_bar[i] += z_bar[i]
        z_bar[i] = 0                                     z_bar[i] = 0

Downwards, a processor that takes several turns at once has to turn each group of them around, and Numba does not see
that the places are counted from the front. Sums may come in any order (decision 23). Places that lie apart in memory,
as those of a column do, are not taken together: where most do, a loop stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Call,
    Comment,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    Library,
    Name,
    Pass,
    Ref,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.walk import binds, blocks, bound_in, expressions, names, statements, subexpressions, with_body
from tangent_like.kinds.operands import literal
from tangent_like.native.memory import Memory
from tangent_like.native.nests import Touch, plus, touches
from tangent_like.native.places import Around, meet_in_one_turn
from tangent_like.native.raising import Uses, always_bound, find_uses


def upward(function: Function, memory: Memory) -> Function:
    uses = find_uses(function.body)

    def block(body: Block, around: Around) -> Block:
        return tuple(statement(s, around) for s in body)

    def statement(stmt: Stmt, around: Around) -> Stmt:
        within = around.within(stmt) if isinstance(stmt, For) else around
        inner = with_blocks(stmt, lambda b: block(b, within))
        if not isinstance(inner, For) or not downwards(inner) or inner.target in uses.late:
            return inner
        return turned(inner) if any_order(inner, within, memory, uses) else inner

    return with_body(function, block(function.body, Around()))


def downwards(loop: For) -> bool:
    return len(loop.args) == 3 and literal(loop.args[2]) == -1


def turned(loop: For) -> For:
    """``range(a, b, -1)`` as ``range(b + 1, a + 1)``."""
    first, last = (_one_more(e) for e in (loop.args[1], loop.args[0]))
    args = (last,) if literal(first) == 0 else (first, last)
    return replace(loop, args=args)


def _one_more(expr: Expr) -> Expr:
    value = literal(expr)
    return Const(value + 1) if isinstance(value, int) else plus(expr, 1)


def any_order(loop: For, within: Around, memory: Memory, uses: Uses) -> bool:
    """Does an innermost loop, along memory, come to the same whatever the order of its turns, up to that of sums?"""
    inner = list(statements(loop.body))
    if not plain(inner) or not loop.body or loop.target in bound_in(loop.body):
        return False
    if any(isinstance(s, For | Each | While) for s in inner):
        return False
    if not own_numbers(loop.body, uses):
        return False
    steady = frozenset(names_in(inner) - bound_in((loop,)))
    found = list(touches(loop.body, memory.is_array))
    apart = sum(any(loop.target in names(i) for i in t.items[:-1]) for t in found if t.items)
    along = sum(loop.target in names(t.items[-1]) for t in found if t.items)
    if apart > along:
        return False
    return not any(disturbs(a, b, loop.target, memory, steady, within) for a, b in pairs(found))


def any_order_outside(loop: For, within: Around, memory: Memory, uses: Uses) -> bool:
    """The same of a loop around others."""
    inner = list(statements(loop.body))
    if not plain(inner) or loop.target in bound_in(loop.body) or any(isinstance(s, Each | While) for s in inner):
        return False
    if not own_numbers(loop.body, uses):
        return False
    steady = frozenset(names_in(inner) - bound_in((loop,)))
    found = list(touches(loop.body, memory.is_array))
    return not any(disturbs(a, b, loop.target, memory, steady, within) for a, b in pairs(found))


def plain(stmts: list[Stmt]) -> bool:
    """Statements about numbers and places that neither jump nor call what may write."""
    for stmt in stmts:
        match stmt:
            case Assign():
                good = not stmt.saved and not stmt.writes
            case Store():
                good = isinstance(stmt.target.value, Name) and not stmt.each
            case Augment() | If() | Comment() | Pass() | For():
                good = True
            case _:
                good = False
        if not good or any(calls_others(e) for e in expressions(stmt)):
            return False
    return True


def calls_others(expr: Expr) -> bool:
    """Does it call anything but functions of libraries by name?"""
    return any(isinstance(e, Call) and not _of_library(e) for e in subexpressions(expr))


def _of_library(call: Call) -> bool:
    match call.func:
        case Ref(target=Library(module=module)):
            return module.partition(".")[0] in ("numpy", "math", "builtins")
        case _:
            return False


def names_in(stmts: list[Stmt]) -> set[str]:
    return {n for s in stmts for e in expressions(s) for n in names(e)}


def own_numbers(body: Block, uses: Uses) -> bool:
    """Is each number that a turn binds its own? Sums over the turns are read in none of them."""
    mine = {n for s in statements(body) for n in binds(s)} - sums_over(body)
    return not mine & uses.outside and bound_first(body, mine, set())


def sums_over(body: Block) -> set[str]:
    """The numbers that the turns do nothing with but add to them."""
    inner = list(statements(body))
    sums = {s.target for s in inner if isinstance(s, Augment) and s.op in ("+", "-")}
    others = {n for s in inner if not (isinstance(s, Augment) and s.op in ("+", "-")) for n in binds(s)}
    return sums - others - names_in(inner)


def bound_first(body: Block, mine: set[str], seen: set[str]) -> bool:
    """Does a turn bind the numbers that are its own before it reads them?"""
    for stmt in body:
        if any((names(e) & mine) - seen for e in expressions(stmt)):
            return False
        if isinstance(stmt, Augment) and stmt.target in mine - seen:
            return False
        own = set(binds(stmt)) if isinstance(stmt, For) else set()
        if not all(bound_first(inner, mine, seen | own) for inner in blocks(stmt)):
            return False
        seen.update(always_bound(stmt))
    return True


def pairs(found: list[Touch]) -> Iterator[tuple[Touch, Touch]]:
    for k, a in enumerate(found):
        for b in found[k:]:
            yield a, b


def disturbs(a: Touch, b: Touch, target: str, memory: Memory, steady: frozenset[str], within: Around) -> bool:
    """May one turn touch what another does, so that it matters which comes first?"""
    if memory.alias(a.name) != memory.alias(b.name) or not (a.writes or b.writes) or (a.sums and b.sums):
        return False
    if a.name != b.name or a.items is None or b.items is None or len(a.items) != len(b.items):
        return True
    return not meet_in_one_turn(a.items, b.items, target, steady, within)
