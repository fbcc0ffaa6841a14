"""Calls that are made a second time in one block, of the same values: of numbers, or under the same name.

Before                                   After

    e = math.exp(x)                          e = math.exp(x)
    x_bar = y_bar * e                        x_bar = y_bar * e
    e = math.exp(x)                          x_bar += z_bar * e
    x_bar += z_bar * e
"""

from __future__ import annotations

from tangent_like.ir.nodes import Assign, Block, Call, Comment, Function, Name, Stmt
from tangent_like.ir.walk import names, same
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.calls import acts, nodes
from tangent_like.transform.tidy.facts import Facts

FAR = 30  # how many statements back the first is looked for


def repeated(function: Function, facts: Facts) -> Function:
    """The pass: in the statements that are ours."""

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, block)
            if isinstance(new, Assign) and facts.mine(new):
                (name,) = new.targets
                held = _held(new, out, facts)
                if held == name:
                    continue
                if held is not None and facts.is_number(name):
                    new = Assign((name,), (Name(held),))
            out.append(new)
        return tuple(out) if len(out) < len(body) or any(a is not b for a, b in zip(out, body, strict=True)) else body

    return with_body(function, block(function.body))


def _held(stmt: Assign, before: list[Stmt], facts: Facts) -> str | None:
    """The name of what holds the value already, since an earlier statement bound it to the same."""
    (name,), (value,) = stmt.targets, stmt.values
    if not any(isinstance(e, Call) for e in nodes(value)) or acts(value):
        return None  # arithmetic alone stands where it is read, maybe
    if stmt.guard is not None or stmt.writes or name in names(value):
        return None
    read = names(value)
    memory = facts.classes({name, *read})
    bound: set[str] = set()
    for other in reversed(before[-FAR:]):
        match other:
            case Comment():
                continue
            case Assign((held,), (first,), saved="", guard=None) if held not in bound and same(first, value):
                return held if not other.writes and held not in read else None
            case _:
                pass
        does = facts.does(other)
        if does.binds & read or does.writes & memory or (does.anything and memory):
            return None
        bound |= does.binds
    return None
