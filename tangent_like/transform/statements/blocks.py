"""What is kept where a block ends, and taken back where its way back begins."""

from __future__ import annotations

from tangent_like.ir.nodes import Assign, Block, Name, Pop, Stmt
from tangent_like.transform.statements.assign import save
from tangent_like.transform.sweep import Sweep


def kept_at_end(stmt: Stmt, k: int, body: Block, sweep: Sweep) -> Block:
    out = list(sweep.forward(body, sweep))
    for name in sweep.records.at_end.get((stmt, k), ()):
        slot = sweep.slot(stmt, name, k)
        out.append(save(slot.name, slot.is_list, Name(name)))
    return tuple(out)


def restored_at_end(stmt: Stmt, k: int, sweep: Sweep) -> list[Stmt]:
    out: list[Stmt] = []
    for name in reversed(sweep.records.at_end.get((stmt, k), ())):
        slot = sweep.slot(stmt, name, k)
        out.append(Pop(Name(name), slot.name) if slot.is_list else Assign((name,), (Name(slot.name),)))
    return out
