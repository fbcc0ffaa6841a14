"""Turns that a loop leaves in the middle: the way back knows nothing of them.

Before                                   After

    for k in range(n):                       turns = 0
        f = x * x - a                        for k in range(n):
        if abs(f) < e:                           f = x * x - a
            break                                if abs(f) < e:
        else:                                        break
            x = x - f / (2 * x)                  x = x - f / (2 * x)
                                                 turns += 1

What the last, broken turn computed before it left is of no use behind the loop: then the turns that count
are the whole ones, and no turn has to remember its path.
"""

from __future__ import annotations

from tangent_like.ir.blocks import leaves_by_break
from tangent_like.ir.nodes import Arm, Assign, Block, Break, Comment, Const, Each, For, Function, If, Pass, Stmt, While
from tangent_like.ir.walk import binds, blocks, bound_in, reads, statements

Turning = For | Each | While


def find_exits(body: Block) -> set[Stmt]:
    """The branches that do nothing but jump and say so: they have no way back.

    What is asked before the loop has ended, or in a turn of an outer loop, is another thing: there, what is said is
    kept like any value.
    """
    found: set[Stmt] = set()
    asked: set[str] = set()
    for stmt in body:
        asked |= {n for s in statements((stmt,)) for n in reads(s)}
        found |= _exits((stmt,), 0, asked)
    return found


def _exits(body: Block, depth: int, asked: set[str]) -> set[Stmt]:
    found: set[Stmt] = set()
    for stmt in body:
        if isinstance(stmt, If):
            inner = [s for block in blocks(stmt) for s in block]
            told = {n for s in inner for n in binds(s)}
            if all(_says(s) for s in inner) and (not told or (depth == 1 and told.isdisjoint(asked))):
                found.add(stmt)
        for block in blocks(stmt):
            found |= _exits(block, depth + isinstance(stmt, For | Each | While), asked)
    return found


def asked_before(told: set[str], loop: Turning, function: Function) -> bool:
    """Does anything before the loop ask what a turn says on leaving? On the way back it is to be as it was then."""
    for stmt in statements(function.body):
        if stmt == loop:
            return False
        if told & reads(stmt):
            return True
    return True


def _says(stmt: Stmt) -> bool:
    if isinstance(stmt, Assign):
        return all(isinstance(v, Const) and isinstance(v.value, bool) for v in stmt.values)
    return isinstance(stmt, Break | Pass | Comment)


def opened(loop: Turning, body: Block, function: Function, inside: bool) -> Block | None:
    """``body``, the loop's made ready, with what follows the jump behind it; None where the broken turn counts.

    ``inside``: another loop is around it.
    """
    front, last = body[:-1], body[-1] if body else None
    if not isinstance(last, If):
        return None
    if len(last.arms) != 1 or not leaves_by_break(last.arms[0].body) or leaves_by_break((*front, *last.orelse)):
        return None
    arm = last.arms[0]
    if not all(_says(s) for s in arm.body) or not isinstance(arm.body[-1], Break) or not last.orelse:
        return None
    told = {n for s in arm.body for n in binds(s)}
    if told and (inside or asked_before(told, loop, function)):
        return None
    seen: set[str] = set()
    made: set[str] = {loop.target} if isinstance(loop, Each) else set()
    for stmt in front:
        if not isinstance(stmt, Assign) or stmt.writes:
            return None
        seen |= reads(stmt)
        if set(binds(stmt)) & (seen - made):
            return None  # carried from turn to turn
        made.update(binds(stmt))
    own = set(statements((loop,)))
    outside = {n for s in statements(function.body) if s not in own for n in (*reads(s), *binds(s))}
    if made & outside or made & bound_in(last.orelse):
        return None
    return (*front, If((Arm(arm.test, arm.body, arm.origin),), (), last.origin), *last.orelse)
