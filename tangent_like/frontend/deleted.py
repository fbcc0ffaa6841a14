"""``del name``: nothing, as long as no one reads the name before it is bound again."""

from __future__ import annotations

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import Block, Delete, Each, For, Function, Handler, If, Loop, Stmt, Try, While
from tangent_like.ir.walk import binds, blocks, bound_in, reads, statements


def refuse_deleted(function: Function) -> None:
    """An error for what may read a name that has been deleted: Python raises there, on some path."""
    deleted = _deleted(function.body)
    if deleted:
        bound = {p.name for p in function.params}
        tried = [s.body for s in statements(function.body) if isinstance(s, Try) and s.handlers]
        # a ``del`` of what is not there: nobody binds it, or somebody waits for what Python raises
        asked = (deleted - bound_in(function.body)).union(*map(_deleted, tried))
        _block(function.body, asked - bound)


def _deleted(block: Block) -> set[str]:
    return {s.name for s in statements(block) if isinstance(s, Delete)}


def _block(block: Block, gone: set[str]) -> None:
    for stmt in block:
        _statement(stmt, gone)


def _statement(stmt: Stmt, gone: set[str]) -> None:
    wanted = reads(stmt) | ({stmt.name} if isinstance(stmt, Delete) else set())
    found = sorted(wanted & gone)
    if found:
        raise UnsupportedError(
            f"{found[0]!r} may have been deleted here, or never bound",
            place_of(stmt.origin),
            "leave out the del, or bind it again",
        )
    match stmt:
        case Delete(name):
            gone.add(name)
        case If():
            _paths(blocks(stmt), gone)
        case For() | Each() | While() | Loop():
            for _ in range(2):  # what one turn deletes, the next may read
                inner = gone - set(binds(stmt))
                _block(stmt.body, inner)
                gone |= inner
        case Try():
            _block(stmt.body, gone)
            _paths((stmt.orelse, *map(_body, stmt.handlers)), gone)
            _block(stmt.final, gone)
        case _:
            gone.difference_update(binds(stmt))
            for inner_block in blocks(stmt):
                _block(inner_block, gone)


def _body(handler: Handler) -> Block:
    return handler.body


def _paths(bodies: tuple[Block, ...], gone: set[str]) -> None:
    outs: list[set[str]] = []
    for body in bodies:
        inner = set(gone)
        _block(body, inner)
        outs.append(inner)
    gone.clear()
    gone.update(*outs)
