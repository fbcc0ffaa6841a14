"""What stands for something else until it is known: holes of rules, and values read as their statement binds them."""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.nodes import Expr, Fresh, Hole
from tangent_like.ir.walk import rebuild, subexpressions


def fill(expr: Expr, table: Mapping[str, Expr]) -> Expr:
    """``expr`` with the holes in ``table`` replaced."""
    if isinstance(expr, Hole):
        return table.get(expr.name, expr)
    return rebuild(expr, lambda child: fill(child, table))


def refresh(expr: Expr, table: Mapping[str, Expr]) -> Expr:
    """``expr`` with ``Fresh`` reads replaced by the names that hold those values."""
    if isinstance(expr, Fresh):
        return table.get(expr.name, expr)
    return rebuild(expr, lambda child: refresh(child, table))


def fresh_reads(expr: Expr) -> set[str]:
    return {node.name for node in subexpressions(expr) if isinstance(node, Fresh)}
