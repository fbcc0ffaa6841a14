"""Loops whose turns touch nothing that another turn writes, over threads: where ``parallel=True`` is asked for.

Before                                           After

    for i in range(n):                               for i in prange(n):
        for j in range(m):                               for j in range(m):
            A_bar[i, j] += t_bar[i] * x[j]                   A_bar[i, j] += t_bar[i] * x[j]

That is read off the places: two touches of one array, one of which writes, are in one turn only if an axis of both says
``i + c`` with the same ``c``. Threads can share a sum over the turns into a number, and none into an array. Of loops in
loops the outermost that may is the one, if it has a loop in it: for less, threads are not worth their start. What stays
in order says for which array, in a comment.
"""

from __future__ import annotations

import re

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Augment,
    Block,
    Call,
    Comment,
    Each,
    Expr,
    For,
    Function,
    If,
    Library,
    Name,
    Ref,
    Stmt,
    While,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, blocks, bound_in, expressions, names, rebuild, statements, with_body
from tangent_like.kinds.operands import step_of
from tangent_like.native.memory import Memory
from tangent_like.native.nests import Touch, touches
from tangent_like.native.places import Around, meet_in_one_turn
from tangent_like.native.raising import find_uses
from tangent_like.native.upward import bound_first, names_in, pairs, plain, sums_over, turned


def threaded(function: Function, memory: Memory) -> Function:
    """The function with ``prange`` wherever a loop is shown to allow it."""
    prange = _prange()
    if prange is None:
        return function
    uses = find_uses(function.body)

    def block(body: Block, around: Around) -> Block:
        return tuple(new for s in body for new in statement(s, around))

    def statement(stmt: Stmt, around: Around) -> tuple[Stmt, ...]:
        if not isinstance(stmt, For):
            return (with_blocks(stmt, lambda b: block(b, around)),)
        within = around.within(stmt)
        why = _in_order(stmt, within, memory, function.body)
        worth = not around.loops or any(isinstance(s, For) for s in statements(stmt.body))
        if why is None and worth and stmt.target not in uses.late:
            loop = turned(stmt) if len(stmt.args) == 3 else stmt
            return (Each(loop.target, Call(prange, loop.args), loop.body, loop.origin),)
        inner = with_blocks(stmt, lambda b: block(b, within))
        return (Comment(f"# in order, for {why}"), inner) if why and not around.loops else (inner,)

    return with_body(function, block(function.body, Around()))


def _prange() -> Ref | None:
    try:
        import numba
    except ImportError:  # which is said where it is asked to compile
        return None
    return Ref("numba.prange", Library("numba", "prange", numba.prange), None, Library("numba", "", numba))


def apart_from_versions(function: Function) -> Function:
    """``y_3`` as ``y3`` where there is a ``y``: so Numba calls a later ``y``, which threads are handed by name."""
    taken = {p.name for p in function.params}
    bound = bound_in(function.body) - taken
    namer = Namer(taken | bound)
    numbered = ((n, re.fullmatch(r"(.+)_(\d+)", n)) for n in sorted(bound))
    table = {n: namer.fresh(f"{m[1]}{m[2]}") for n, m in numbered if m is not None and m[1] in taken | bound}

    def change(expr: Expr) -> Expr:
        return Name(table.get(expr.id, expr.id), expr.at) if isinstance(expr, Name) else rebuild(expr, change)

    return with_body(function, tuple(rewrite(s, change, lambda n: table.get(n, n)) for s in function.body))


def _in_order(loop: For, within: Around, memory: Memory, body: Block) -> str | None:
    """For what the turns have to come in order: an array, a number; empty: for more than these. None: for nothing."""
    inner = list(statements(loop.body))
    step = step_of(loop.args)
    if step not in (1, -1) or not plain(inner) or any(isinstance(s, Each | While) for s in inner):
        return ""
    if loop.target in bound_in(loop.body) or not any(binds(s) or touches((s,), memory.is_array) for s in inner):
        return ""
    found = list(touches(loop.body, memory.is_array))
    steady = frozenset(names_in(inner) - bound_in((loop,)))
    for a, b in pairs(found):
        if _disturbs(a, b, loop.target, memory, steady, within):
            return a.name
    over = sums_over(loop.body)
    mine = {n for s in inner for n in binds(s)} - over
    if not bound_first(loop.body, mine, set()):
        return ", ".join(sorted(mine)[:3])
    return ", ".join(sorted(mine & _open_outside(body, loop))[:3]) or None


def _disturbs(a: Touch, b: Touch, target: str, memory: Memory, steady: frozenset[str], within: Around) -> bool:
    if memory.alias(a.name) != memory.alias(b.name) or not (a.writes or b.writes):
        return False
    if a.name != b.name or a.items is None or b.items is None or len(a.items) != len(b.items):
        return True
    return not meet_in_one_turn(a.items, b.items, target, steady, within)


def _open_outside(body: Block, loop: For) -> set[str]:
    """The names that are read outside of a loop where nothing in the same turn has bound them before."""
    found: set[str] = set()

    def visit(block: Block, bound: set[str], turning: frozenset[str]) -> None:
        for stmt in block:
            if stmt is not loop:
                read = set().union(*map(names, expressions(stmt)))
                read |= {stmt.target} if isinstance(stmt, Augment) else set()
                found.update(read - bound - turning)
                inner = turning | {stmt.target} if isinstance(stmt, For) else turning
                for part in blocks(stmt):
                    visit(part, set(bound) if isinstance(stmt, If) else set(), inner)
                if not blocks(stmt):
                    bound.update(binds(stmt))
            for turns in statements((stmt,)):
                if isinstance(turns, For | Each | While):
                    bound.difference_update(bound_in((turns,)))

    visit(body, set(), frozenset())
    return found
