"""The rows of an array, or the items of a list, that a function of the user's returns, each with a name.

Before                                   After

    x, y = rotated(p, angle)                 xy = rotated(p, angle)
                                             x, y = xy
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Assign, Block, Function, Name, Stmt
from tangent_like.ir.walk import called_by, statements, with_body
from tangent_like.kinds.kind import Array, ListOf, Sequence, Unknown


def with_arrays_named(function: Function, typing: Typing, namer: Namer) -> Function:
    """The function in which what calls of the user's functions return is unpacked only if it is a tuple."""
    found = {s for s in statements(function.body) if isinstance(s, Assign) and takes_rows(s, typing)}
    if not found:
        return function

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            if stmt in found and isinstance(stmt, Assign):
                name = namer.fresh("".join(stmt.targets) if max(map(len, stmt.targets)) == 1 else "rows")
                out.append(replace(stmt, targets=(name,)))
                out.append(Assign(stmt.targets, (Name(name),), stmt.origin))
            else:
                out.append(with_blocks(stmt, block))
        return tuple(out)

    return with_body(function, block(function.body))


def takes_rows(stmt: Assign, typing: Typing) -> bool:
    if len(stmt.targets) < 2 or len(stmt.values) != 1 or called_by(stmt.values[0]) is None or stmt not in typing.before:
        return False
    kind = typing.at(stmt)(stmt.values[0])
    if isinstance(kind, Sequence):
        return kind.is_list
    return isinstance(kind, ListOf | Unknown) or (isinstance(kind, Array) and kind.rank != 0)
