"""Results that nobody reads, by the name for that.

Before                                           After

    loss_value, loss_saved = loss_forward(x)         _, loss_saved = loss_forward(x)
    return loss_reverse(loss_saved, 1.0)             return loss_reverse(loss_saved, 1.0)

Only in the text that is the last word: for a text that is differentiated or compiled again, a name has one kind.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import Assign, Block, Function, Stmt
from tangent_like.ir.walk import reads, statements, with_body


def unread(function: Function) -> Function:
    read = {name for stmt in statements(function.body) for name in reads(stmt)}
    if "_" in read:
        return function

    def change(stmt: Stmt) -> Stmt:
        if not isinstance(stmt, Assign) or len(stmt.values) != 1 or len(stmt.targets) + bool(stmt.saved) < 2:
            return with_blocks(stmt, block)
        return replace(stmt, targets=tuple(t if t in read else "_" for t in stmt.targets))

    def block(body: Block) -> Block:
        return tuple(map(change, body))

    return with_body(function, block(function.body))
