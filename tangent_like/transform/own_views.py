"""A name that is bound to a part of what it was: the whole gets a name, of which the tangent is the mirror.

Before                                   After

    w = w.reshape(2, 3)[0]                   w_2 = w
                                             w = w_2.reshape(2, 3)[0]
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Assign, Attribute, Block, Expr, Function, Index, Name, Stmt
from tangent_like.ir.walk import names, substitute, with_body
from tangent_like.transform.ready import is_reshape


def with_wholes_named(function: Function, namer: Namer) -> Function:
    """The function, where such a part is of what is reshaped first: that is said again for the tangent."""

    def inside(block: Block) -> Block:
        return tuple(s for stmt in block for s in one(with_blocks(stmt, inside)))

    def one(stmt: Stmt) -> tuple[Stmt, ...]:
        match stmt:
            case Assign((target,), (value,)) if not stmt.writes and is_part_of_reshaped(value, target):
                whole = namer.fresh(target)
                part = substitute(value, {target: Name(whole)})
                return Assign((whole,), (Name(target),), stmt.origin), replace(stmt, values=(part,))
            case _:
                return (stmt,)

    return with_body(function, inside(function.body))


def is_part_of_reshaped(value: Expr, name: str) -> bool:
    """Is it a row, a part, a transpose of such?"""
    whole = value
    while isinstance(whole, Index) or (isinstance(whole, Attribute) and whole.name == "T"):
        whole = whole.value
    return whole is not value and is_reshape(whole) and name in names(whole)
