"""Statements between loops over one index space that may as well come behind the second.

Before                                           After

    for i in range(n):                               for i in range(n):
        t[i] = 0.5 * x[i]                                t[i] = 0.5 * x[i]
    s_bar[k] += v                                        y_bar[i] += t[i]
    for i in range(n):                               s_bar[k] += v
        y_bar[i] += t[i]
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.nodes import (
    Assign,
    Binary,
    Const,
    Index,
    Name,
    Ref,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import binds, expressions, names, statements, subexpressions
from tangent_like.native.nests import Nest, touches


def is_movable(stmt: Stmt) -> bool:
    """Is it about one place or number, so that it may come behind the loops that follow?"""
    match stmt:
        case Assign((_,), (value,)) if not stmt.saved and not stmt.writes and stmt.guard is None:
            parts = [value]
        case Store(target, _, value) if isinstance(target.value, Name) and not stmt.each:
            parts = [target, value]
        case _:
            return False
    plainly = Name | Const | Index | Tuple | Unary | Ref
    every = [e for part in parts for e in subexpressions(part)]
    return all(isinstance(e, plainly) or (isinstance(e, Binary) and e.op in ("+", "-", "*")) for e in every)


def may_follow(stmt: Stmt, nest: Nest, alias: Callable[[str], str], is_array: Callable[[str], bool]) -> bool:
    """Is it the same whether a movable statement comes before a nest or behind it?"""
    body = (*nest.front, *nest.body)
    inside = {n for s in statements(body) for n in binds(s)} | nest.made.keys()
    told = {n for s in statements(body) for e in expressions(s) for n in names(e)} | inside
    told |= {n for e in nest.extents for n in names(e.text)}
    if told & set(binds(stmt)) or inside & {n for e in expressions(stmt) for n in names(e)}:
        return False
    for a in touches([stmt], is_array):
        for b in touches(list(body), is_array):
            if alias(a.name) == alias(b.name) and (a.writes or b.writes):
                return False
    return True
