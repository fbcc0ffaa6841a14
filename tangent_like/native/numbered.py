"""Loops over the entries of an array go by the numbers of their turns: how much they keep is known then.

Before                                           After

    for row in X:                                    for k in range(len(X)):
        ...                                              row = X[k]
    for k in range(len(X) - 1, -1, -1):                  ...
        row = X[k]                                   for k in range(len(X) - 1, -1, -1):
        ...                                              row = X[k]
                                                         ...
"""

from __future__ import annotations

from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Assign, Block, Comment, Each, Expr, For, Function, Name, Stmt
from tangent_like.ir.walk import binds, bound_in, key, reads, same, statements, with_body
from tangent_like.kinds.kind import Array
from tangent_like.kinds.turns import Place, places_of
from tangent_like.transform.statements.loop import reversed_range


def with_numbered_turns(function: Function, typing: Typing) -> Function:
    """The function with loops over ranges for those over arrays that keep their names; itself where there is none."""
    every = list(statements(function.body))
    if not any(isinstance(s, Each) for s in every):
        return function
    namer = Namer({n for s in every for n in (*binds(s), *reads(s))} | {p.name for p in function.params})

    def statement(stmt: Stmt) -> Stmt:
        inner = with_blocks(stmt, block)
        if not isinstance(stmt, Each) or not isinstance(inner, Each) or stmt.slots:
            return inner
        found = places_of(stmt.iterable)
        if found is None or not is_array(found[0].id) or {found[0].id, stmt.target} & bound_in(inner.body):
            return inner
        number = number_behind(stmt, found[1], found[2], every) or namer.fresh("k")
        first = Assign((stmt.target,), (found[2](Name(number)),), stmt.origin)
        return For(number, found[1], (first, *inner.body), stmt.origin, stmt.turns)

    def is_array(name: str) -> bool:
        kind = typing.overall.get(name)
        return isinstance(kind, Array) and bool(kind.dims)

    def block(body: Block) -> Block:
        return tuple(map(statement, body))

    return with_body(function, block(function.body))


def number_behind(stmt: Each, turns: tuple[Expr, ...], place: Place, every: list[Stmt]) -> str | None:
    """The name that the way back of a loop gives the number of a turn, if that means nothing else in the function."""
    wanted = [key(a) for a in reversed_range(turns)]
    for loop in every:
        if not isinstance(loop, For) or [key(a) for a in loop.args] != wanted:
            continue
        match next((s for s in loop.body if not isinstance(s, Comment)), None):
            case Assign((target,), (item,)) if target == stmt.target and same(item, place(Name(loop.target))):
                pass
            case _:
                continue
        own = set(statements((loop,)))
        if not any(loop.target in (*binds(s), *reads(s)) for s in every if s not in own):
            return loop.target
    return None
