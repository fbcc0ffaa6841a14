"""Sums of the way back that an innermost loop adds up, told to be sums in any order: a processor takes several at once.

Before                                           After

    for j in range(n):                               for j in range(n):
        a_bar += z_bar[j] * b[j]                         a_bar = in_any_order(a_bar, z_bar[j] * b[j])
        b_bar[j] += z_bar[j] * a                         b_bar[j] += z_bar[j] * a

In order, each turn waits for the sum of the turn before it, and the loop is never faster than one addition after the
other. Adjoints are sums whose order nobody wrote; the user's own sums are added up in the order that they have.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import neg
from tangent_like.ir.nodes import Assign, Augment, Block, Call, Each, For, Function, Name, Stmt, While
from tangent_like.ir.walk import binds, expressions, names, statements, with_body
from tangent_like.kinds.kind import Scalar
from tangent_like.native.memory import Memory
from tangent_like.transform.runtime_refs import helper


def with_free_sums(function: Function, memory: Memory) -> Function:
    """The function with its own sums in any order."""

    def block(body: Block) -> Block:
        return tuple(map(statement, body))

    def statement(stmt: Stmt) -> Stmt:
        if isinstance(stmt, For) and not any(isinstance(s, For | While | Each) for s in statements(stmt.body)):
            return replace(stmt, body=_freed(stmt.body, memory))
        return with_blocks(stmt, block)

    return with_body(function, block(function.body))


def _freed(body: Block, memory: Memory) -> Block:
    sums = {s.target for s in body if isinstance(s, Augment) and s.origin is None and s.op in ("+", "-")}
    for stmt in statements(body):
        kept = isinstance(stmt, Augment) and stmt in body and stmt.origin is None and stmt.op in ("+", "-")
        sums -= {n for e in ((stmt.value,) if isinstance(stmt, Augment) else expressions(stmt)) for n in names(e)}
        if not kept:
            sums -= set(binds(stmt))
    sums = {n for n in sums if _is_float(n, memory)}
    return tuple(_free(s) if isinstance(s, Augment) and s.target in sums else s for s in body)


def _free(stmt: Augment) -> Stmt:
    term = stmt.value if stmt.op == "+" else neg(stmt.value)
    return Assign((stmt.target,), (Call(helper("in_any_order"), (Name(stmt.target), term)),), stmt.origin)


def _is_float(name: str, memory: Memory) -> bool:
    kind = memory.typing.overall.get(name)
    return isinstance(kind, Scalar) and kind.type == "float"
