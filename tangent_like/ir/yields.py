"""How the small language says ``yield x``: ``if (yield)(x): return``, which holds once nobody wants more."""

from __future__ import annotations

from tangent_like.ir.nodes import Arm, Block, Call, Expr, If, Name, Origin, Return, Stmt
from tangent_like.ir.walk import statements

YIELD = "(yield)"  # a local of every function that yields, under a name that no program has


def yielded(value: Expr, at: tuple[int, int], origin: Origin) -> If:
    return If((Arm(Call(Name(YIELD, at), (value,), (), at), (Return(None, origin),), origin),), (), origin)


def is_yield(stmt: Stmt) -> bool:
    if not isinstance(stmt, If) or not isinstance(test := stmt.arms[0].test, Call):
        return False
    return isinstance(test.func, Name) and test.func.id == YIELD


def yields(block: Block) -> bool:
    return any(map(is_yield, statements(block)))
