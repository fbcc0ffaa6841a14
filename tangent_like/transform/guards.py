"""Where only one arm of a ``np.where`` reads a name, no adjoint flows to it from the entries of the other.

Before                                   After

    r = np.sqrt(x)                           r = np.sqrt(x)            # guarded by x > 0
    y = np.where(x > 0, r * 2, 0.0)          y = np.where(x > 0, r * 2, 0.0)

The adjoint of ``r`` is zero there in any case; but zero times the infinite slope of the root at 0 is
not a number. The guard masks again behind the pole.
"""

from __future__ import annotations

from typing import TypeGuard

import numpy as np

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Binary,
    Block,
    Call,
    Compare,
    Const,
    Each,
    Expr,
    Library,
    Name,
    Ref,
    Stmt,
    Unary,
)
from tangent_like.ir.walk import binds, children, expressions, key, names, reads, statements, stored_in, subexpressions
from tangent_like.kinds.kind import UNKNOWN
from tangent_like.rules.apply import application


def guard_arms(body: Block) -> Block:
    """The block with guards on the assignments that allow one."""
    if not any(_is_where(e) for s in statements(body) for top in expressions(s) for e in subexpressions(top)):
        return body
    reads_of: dict[str, int] = {}
    bound: dict[str, int] = {}
    arms: dict[str, list[tuple[Expr, bool, int]]] = {}
    for stmt in statements(body):
        for name in binds(stmt):
            bound[name] = bound.get(name, 0) + 1
        for name in reads(stmt):
            reads_of[name] = reads_of.get(name, 0) + 1
        for expr in expressions(stmt):
            _find(expr, stmt, arms)
    guards: dict[str, tuple[Expr, bool]] = {}
    order: dict[str, int] = {}
    for k, stmt in enumerate(statements(body)):
        for name in binds(stmt):
            order.setdefault(name, k)
    unsteady = may_change(body)
    for name, found in arms.items():
        first = found[0]
        alike = all(key(c) == key(first[0]) and side == first[1] for c, side, _ in found)
        # asked at the assignment, the condition must be what it is at the np.where
        steady = all(
            bound.get(n, 0) <= 1 and order.get(n, -1) < order.get(name, -1) and n not in unsteady
            for n in names(first[0])
        )
        if alike and steady and bound.get(name) == 1 and len({at for _, _, at in found}) == reads_of.get(name):
            guards[name] = (first[0], first[1])
    return _guarded(body, guards) if guards else body


def _is_where(expr: Expr) -> TypeGuard[Call]:
    if not isinstance(expr, Call) or len(expr.args) != 3 or not isinstance(expr.func, Ref):
        return False
    return isinstance(expr.func.target, Library) and expr.func.target.obj is np.where


def may_change(body: Block) -> set[str]:
    """Names whose memory may be written: by themselves, or through a name that may be a view of theirs."""
    stored = stored_in(body)
    found = set(stored)
    if stored:
        for stmt in statements(body):
            if isinstance(stmt, Assign):
                for value in stmt.values:
                    if not isinstance(value, Binary | Compare | Const | Unary):
                        found |= names(value) | set(stmt.targets)
            elif isinstance(stmt, Each):
                found |= names(stmt.iterable) | {stmt.target}
    return found


def _find(expr: Expr, stmt: Stmt, arms: dict[str, list[tuple[Expr, bool, int]]]) -> None:
    """Names that a statement reads only inside one arm of one ``np.where``."""
    wheres: list[Call] = []
    outside: set[str] = set()

    def go(e: Expr) -> None:
        if _is_where(e):
            wheres.append(e)
            return
        below = children(e)
        if not below:
            outside.update(names(e))
        for child in below:
            go(child)

    go(expr)
    for k, call in enumerate(wheres):
        condition, left, right = call.args
        others = [names(w) for j, w in enumerate(wheres) if j != k]
        elsewhere = outside.union(names(condition), *others)
        for arm, other, side in ((left, right, True), (right, left, False)):
            for name in entry_by_entry(arm) - names(other) - elsewhere:
                arms.setdefault(name, []).append((condition, side, id(stmt)))


def entry_by_entry(expr: Expr) -> set[str]:
    """The names of which an entry of ``expr`` reads the entry at the same place alone."""
    mixed: set[str] = set()

    def go(e: Expr) -> set[str]:
        if isinstance(e, Name):
            return {e.id}
        if isinstance(e, Unary | Binary | Call):
            found = application(e, lambda _: UNKNOWN)
            if found is not None and found.problem is None and found.rule.form == "elementwise":
                return set().union(*map(go, found.operands.values()))
        mixed.update(names(e))
        return set()

    return go(expr) - mixed


def _guarded(body: Block, guards: dict[str, tuple[Expr, bool]]) -> Block:
    out: list[Stmt] = []
    for stmt in body:
        match stmt:
            case Assign(targets, values) if len(targets) == len(values) == 1 and targets[0] in guards:
                out.append(Assign(targets, values, stmt.origin, stmt.saved, stmt.guard or guards[targets[0]]))
            case _:
                out.append(with_blocks(stmt, lambda inner: _guarded(inner, guards)))
    return tuple(out)
