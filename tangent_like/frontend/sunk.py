"""What a turn does before it returns, behind the loop: no turn has to remember whether it was the last.

Before                                   After

    for i in range(n):                       for i in range(n):
        x = x * k                                x = x * k
        if x > e:                                if x > e:
            result = x * x                           returned = True
            returned = True                          break
            break                            if returned:
    if returned:                                 result = x * x
        pass                                 else:
    else:                                        result = x
        result = x

Where one path leaves the loop. Nothing runs between the end of its last turn and what stands behind it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Block,
    Break,
    Const,
    Each,
    For,
    Function,
    If,
    Loop,
    Name,
    Stmt,
    While,
)
from tangent_like.ir.walk import blocks, statements, with_body

Turning = For | Each | While | Loop


def sunk(function: Function) -> Function:
    """The function with what its loops do on their ways out behind them."""
    if not any(isinstance(s, Break) for s in statements(function.body)):
        return function
    return with_body(function, _block(function.body))


def _block(block: Block) -> Block:
    out = [with_blocks(stmt, _block) for stmt in block]
    for k, (loop, then) in enumerate(pairwise(out)):
        if not isinstance(loop, Turning) or not isinstance(then, If) or len(then.arms) != 1:
            continue
        flag = then.arms[0].test
        if not isinstance(flag, Name) or sum(isinstance(s, Break) for s in _own(loop.body)) != 1:
            continue
        found = _taken_out(loop.body, flag.id)
        if found is not None:
            body, moved = found
            arm = replace(then.arms[0], body=(*moved, *then.arms[0].body))
            out[k], out[k + 1] = replace(loop, body=body), replace(then, arms=(arm,))
    return tuple(out)


def _own(block: Block) -> list[Stmt]:
    """The statements of a turn, without those of loops in it."""
    found: list[Stmt] = []
    for stmt in block:
        found.append(stmt)
        if not isinstance(stmt, Turning):
            found += [s for inner in blocks(stmt) for s in _own(inner)]
    return found


def _taken_out(block: Block, flag: str) -> tuple[Block, Block] | None:
    """The block that ends a turn, without what stands before the jump that sets the flag; and that."""
    if not block:
        return None
    *before, last = block
    if isinstance(last, Break):
        sets = [s for s in before if isinstance(s, Assign) and s.targets == (flag,)]
        if len(sets) != 1 or not isinstance(sets[0].values[0], Const) or len(before) < 2 or before[-1] is not sets[0]:
            return None
        return (sets[0], last), tuple(before[:-1])
    if not isinstance(last, If):
        return None
    for k, inner in enumerate(blocks(last)):
        found = _taken_out(inner, flag)
        if found is not None:
            body, moved = found
            if k < len(last.arms):
                arms = [Arm(a.test, body if j == k else a.body, a.origin) for j, a in enumerate(last.arms)]
                return (*before, replace(last, arms=tuple(arms))), moved
            return (*before, replace(last, orelse=body)), moved
    return None
