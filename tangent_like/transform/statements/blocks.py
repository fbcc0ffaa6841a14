"""What is kept where a block ends, and taken back where its way back begins."""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.blocks import leaves_by_break
from tangent_like.ir.nodes import Arm, Assign, Block, Break, If, Name, Pop, Stmt, With
from tangent_like.ir.walk import blocks, bound_in, statements
from tangent_like.transform.statements.assign import save
from tangent_like.transform.sweep import Sweep


def kept_at_end(stmt: Stmt, k: int, body: Block, sweep: Sweep) -> Block:
    return at_end(stmt, k, sweep.forward(body, sweep), sweep)


def at_end(stmt: Stmt, k: int, body: Block, sweep: Sweep) -> Block:
    """``body``, already the forward sweep's, with what is kept at the end of block ``k`` of the statement."""
    for name in sweep.records.at_end.get((stmt, k), ()):
        slot = sweep.slot(stmt, name, k)
        body = before_leaving(body, save(slot.name, slot.is_list, Name(name)), name)
    return body


def before_leaving(body: Block, last: Stmt, name: str) -> Block:
    """``body`` and then ``last``, which reads ``name``: a ``break`` that the body ends in comes after it.

    Before                                   After

        path = r < e                             path = r < e
        if path:                                 path_saved.append(path)
            break                                if path:
        else:                                        break
            x = x - r                            else:
                                                     x = x - r
    """
    if not body or not leaves_by_break(body[-1:]):
        return (*body, last)
    *before, end = body
    if isinstance(end, Break) or name not in bound_in((end,)):
        return (*before, last, end)
    match end:
        case If():
            arms = tuple(Arm(a.test, before_leaving(a.body, last, name), a.origin) for a in end.arms)
            orelse = before_leaving(end.orelse, last, name)
            return (*before, If(arms, orelse, end.origin, end.path, end.early))
        case With():
            return (*before, replace(end, body=before_leaving(end.body, last, name)))
        case _:
            raise AssertionError("a break stands at the end of its turn")


def restored_at_end(stmt: Stmt, k: int, sweep: Sweep) -> list[Stmt]:
    out: list[Stmt] = []
    for name in reversed(sweep.records.at_end.get((stmt, k), ())):
        slot = sweep.slot(stmt, name, k)
        out.append(Pop(Name(name), slot.name) if slot.is_list else Assign((name,), (Name(slot.name),)))
    if found := sweep.records.again.get((stmt, k)):
        order = {s: i for i, s in enumerate(statements(blocks(stmt)[k]))}  # one may be computed from another
        told = sorted(found.items(), key=lambda item: order.get(item[1].stmt, 0))
        out.extend(Assign((name,), (again.value,)) for name, again in told)
    return out
