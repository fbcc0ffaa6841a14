"""Statements between loops over one index space: those that may as well come before the first, or behind the second.

Before                                           After

    for i in range(n):                               y_bar = np.zeros_like(y)
        t[i] = 0.5 * x[i]                            for i in range(n):
    y_bar = np.zeros_like(y)                             t[i] = 0.5 * x[i]
    for i in range(n):                                   y_bar[i] += t[i]
        y_bar[i] += t[i]
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Const,
    Expr,
    Index,
    Library,
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


def may_come_first(stmt: Stmt, nest: Nest, between: list[Stmt], is_array: Callable[[str], bool]) -> bool:
    """May memory that is zero be made before a nest as well as behind it?"""
    match stmt:
        case Assign((name,), (Call(Ref(target=Library(obj=obj)), args, ()),)):
            pass
        case _:
            return False
    if obj is not np.zeros and obj is not np.zeros_like:
        return False
    if obj is np.zeros_like and not (len(args) == 1 and isinstance(args[0], Name) and is_array(args[0].id)):
        return False
    body = (*nest.front, *nest.body, *between)
    bound = {n for s in statements((*nest.body, *between)) for n in binds(s)}
    told = {n for s in statements(body) for e in expressions(s) for n in names(e)}
    told |= {n for s in statements(body) for n in binds(s)} | {n for e in nest.extents for n in names(e.text)}
    return name not in told and not bound & {n for e in args for n in names(e)} and not _reads(args)


def _reads(args: tuple[Expr, ...]) -> bool:
    """Is an element of an array read, which the nest may have written, or something called?"""
    every = [e for a in args for e in subexpressions(a)]
    places = (e for e in every if isinstance(e, Index) and not isinstance(e.value, Attribute))
    calls = (e for e in every if isinstance(e, Call) and _name_of(e) not in ("len", "min", "max"))
    return any(True for _ in places) or any(True for _ in calls)


def _name_of(call: Call) -> str:
    target = call.func.target if isinstance(call.func, Ref) else None
    return target.qualname if isinstance(target, Library) and target.module == "builtins" else ""


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
