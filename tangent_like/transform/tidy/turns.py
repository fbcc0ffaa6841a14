"""Loops that only count: without a counter that nobody reads.

Before                                   After

    for k in range(n - 1, -1, -1):           for _ in range(n):
        x = x_saved.pop()                        x = x_saved.pop()
        x_bar = x_bar * x                        x_bar = x_bar * x

Of counters that are ours: ``for x in xs`` is gone through backwards by index. A counter of the user's stays.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.nodes import Binary, Block, Const, Expr, For, Function, Stmt, Unary
from tangent_like.ir.walk import blocks, reads, statements
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import Facts


def turns(function: Function, facts: Facts) -> Function:
    loops = [s for s in statements(function.body) if isinstance(s, For) and s.target not in facts.users]
    if not loops or any("_" in reads(s) for s in statements(function.body)):
        return function
    outside = _read_outside(function.body, frozenset())

    def block(body: Block) -> Block:
        return tuple(one(s) for s in body)

    def one(stmt: Stmt) -> Stmt:
        new = change_blocks(stmt, block)
        if not isinstance(new, For) or new.target in facts.users | outside | _read_outside(new.body, frozenset()):
            return new
        count = _backwards(new)
        return new if count is None else replace(new, target="_", args=(count,))

    return with_body(function, block(function.body))


def _backwards(loop: For) -> Expr | None:
    """How many turns there are of a loop over ``range(n - 1, -1, -1)``."""
    match loop.args:
        case (Binary("-", count, Const(int() as by)), stop, step) if loop.target != "_" and by >= 1:
            if not (_minus_one(stop) and _minus_one(step)):
                return None
            return count if by == 1 else Binary("-", count, Const(by - 1))
        case _:
            return None


def _minus_one(expr: Expr) -> bool:
    match expr:
        case Const(value) | Unary("-", Const(value)):
            return value == (1 if isinstance(expr, Unary) else -1)
        case _:
            return False


def _read_outside(body: Block, bound: frozenset[str]) -> set[str]:
    """The names that are read where no loop around counts by them."""
    found: set[str] = set()
    for stmt in body:
        found |= reads(stmt) - bound
        inner = bound | {stmt.target} if isinstance(stmt, For) else bound
        for part in blocks(stmt):
            found |= _read_outside(part, inner)
    return found
