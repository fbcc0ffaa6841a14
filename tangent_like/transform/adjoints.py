"""The statements that say adjoints, changed one after the other, with those before them at hand."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.nodes import Block, Expr, Return, Stmt, Store
from tangent_like.transform.forms import is_own_adjoint
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions


def says_adjoints(stmt: Stmt) -> bool:
    """Is it an adjoint's statement, or returns it some?"""
    return isinstance(stmt, Return) or is_own_adjoint(stmt)


def with_adjoints(body: Block, change: Callable[[Expr, list[Stmt]], Expr]) -> Block:
    """The block with what its adjoints are changed: ``change`` may take out of the statements before them, its second.

    The place of a store stays.
    """
    out: list[Stmt] = []
    for stmt in body:
        new = change_blocks(stmt, lambda inner: with_adjoints(inner, change))
        if says_adjoints(new):
            target = new.target if isinstance(new, Store) else None
            new = with_expressions(new, lambda e, t=target: e if e is t else change(e, out))  # type: ignore[misc]
        out.append(new)
    return tuple(out)
