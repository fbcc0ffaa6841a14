"""Jumps as the user wrote them: what followed one stands behind the branch again, and not in its ``else``.

An arm with nothing in it is not written, and what is left where the other arm raises stands behind.

Before                                   After

    for v in xs:                             for v in xs:
        if v < 0:                                if v < 0:
            pass                                     continue
        else:                                    s = s + v
            s = s + v                            if s > 9:
            if s > 9:                                break
                break                            s_saved.append(s)
            else:                                s = s * s
                s_saved.append(s)
                s = s * s

Not one of the passes that ``tidy`` switches: those, and every analysis, take it that nothing follows a jump.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Arm,
    Block,
    Break,
    Compare,
    Continue,
    Each,
    Expr,
    For,
    Function,
    If,
    Logic,
    Pass,
    Raise,
    Stmt,
    Unary,
    While,
    With,
)
from tangent_like.ir.walk import with_body

OPPOSITE = {"==": "!=", "!=": "==", "is": "is not", "is not": "is", "in": "not in", "not in": "in"}


def as_written(function: Function) -> Function:
    return with_body(function, _block(function.body, ends=False))


def _block(body: Block, ends: bool) -> Block:
    """``ends``: with the block its turn of a loop comes to its end."""
    out: list[Stmt] = []
    for k, stmt in enumerate(body):
        last = ends and k == len(body) - 1
        match stmt:
            case If() if stmt.early and stmt.orelse and (last or all(_jumps(a.body) for a in stmt.arms)):
                arms = tuple(Arm(a.test, _leaving(_block(a.body, last)), a.origin) for a in stmt.arms)
                out.append(replace(stmt, arms=arms, orelse=()))
                out.extend(_block(stmt.orelse, last))
            case If() if (new := _without_idle(stmt)) is not stmt:
                out.append(with_blocks(new, lambda b, last=last: _block(b, last)))  # type: ignore[misc]
            case If(arms=(Arm(body=body_) as arm,), orelse=(*_, Raise()) as orelse) if not _jumps(body_):
                raising = Arm(_not(arm.test), _block(orelse, False), arm.origin)
                out.append(replace(stmt, arms=(raising,), orelse=()))
                out.extend(_block(body_, last))
            case If() | With():
                out.append(with_blocks(stmt, lambda inner, last=last: _block(inner, last)))  # type: ignore[misc]
            case For() | Each() | While():
                out.append(with_blocks(stmt, lambda inner: _block(inner, ends=True)))
            case _:
                out.append(with_blocks(stmt, lambda inner: _block(inner, ends=False)))
    return tuple(out)


def _without_idle(stmt: If) -> If:
    """``if not c:`` for ``if c: pass``, ``else``, and ``elif not c and d:`` for two arms of which the first is idle."""
    match stmt.arms:
        case (*before, Arm(body=(Pass(None),)) as idle) if stmt.orelse:
            rest = Arm(_not(idle.test), stmt.orelse, idle.origin)
        case (*before, Arm(body=(Pass(None),)) as idle, last) if not stmt.orelse:
            rest = Arm(Logic("and", (_not(idle.test), last.test)), last.body, last.origin)
        case _:
            return stmt
    return _without_idle(replace(stmt, arms=(*before, rest), orelse=()))


def _not(test: Expr) -> Expr:
    """The opposite, also where a number is no number."""
    match test:
        case Unary("not", inner):
            return inner
        case Compare(left, (op,), rights) if op in OPPOSITE:
            return Compare(left, (OPPOSITE[op],), rights)
        case _:
            return Unary("not", test)


def _jumps(body: Block) -> bool:
    return bool(body) and isinstance(body[-1], Break | Raise | Continue)


def _leaving(body: Block) -> Block:
    if _jumps(body):
        return body
    return (*(s for s in body if not isinstance(s, Pass)), Continue())
