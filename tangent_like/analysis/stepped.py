"""Bindings that lose nothing: the way back has what was there from what is there.

Before                                   On the way back

    a, b = b, a                              b, a = a, b
    j -= 1                                   j += 1
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.nodes import Assign, Augment, Binary, Block, Const, Each, Expr, For, Name, Stmt
from tangent_like.ir.walk import statements
from tangent_like.kinds.kind import INT, Kind

OPPOSITE = {"+": "-", "-": "+"}


def moved(stmt: Assign, may_move: Callable[[str], bool]) -> dict[str, str] | None:
    """By name: where an assignment moves its value, if it only moves values between its names."""
    found = {v.id: t for v, t in zip(stmt.values, stmt.targets, strict=False) if isinstance(v, Name)}
    if len(stmt.values) < 2 or len(found) != len(stmt.values) or set(found) != set(stmt.targets):
        return None
    return found if all(map(may_move, stmt.targets)) else None


def turns_bind(body: Block) -> frozenset[str]:
    """The names that loops bind where their turns begin: on the way back, too."""
    return frozenset(s.target for s in statements(body) if isinstance(s, For | Each))


def step_back(stmt: Stmt, kind_of: Callable[[Expr], Kind]) -> Stmt | None:
    """What undoes a step of a whole number by a number: ``j += 2``, ``j = j - 1``. Nothing is rounded."""
    match stmt:
        case Augment(target, "+" | "-" as op, Const(int() as by)) if not isinstance(by, bool):
            return Augment(target, OPPOSITE[op], Const(by)) if kind_of(Name(target)) == INT else None
        case Assign((target,), (Binary("+" | "-" as op, Name(id), Const(int() as by)),)) if id == target:
            if isinstance(by, bool) or kind_of(Name(target)) != INT:
                return None
            return Assign((target,), (Binary(OPPOSITE[op], Name(target), Const(by)),))
        case _:
            return None
