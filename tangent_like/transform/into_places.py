"""What a call returns and is put into places next, put there by the call.

Before                                               After

    h_bar, W_bar, b_bar = f_reverse(saved, h_bar)        h_bar, Ws_bar[k], bs_bar[k] = f_reverse(saved, h_bar)
    Ws_bar[k] = W_bar
    bs_bar[k] = b_bar

Where nobody else reads those names. This is for the reader, and last: no other pass knows of such statements.
"""

from __future__ import annotations

from collections import Counter

from tangent_like.ir.nodes import Assign, Bind, Block, Call, Emitted, Expr, Function, Name, Ref, Stmt, Store, Tuple
from tangent_like.ir.walk import binds, expressions, names, statements, subexpressions, with_body
from tangent_like.transform.tidy.blocks import change_blocks


def into_places(function: Function) -> Function:
    if not any(_brings_several(s) for s in statements(function.body)):
        return function
    uses: Counter[str] = Counter()
    for stmt in statements(function.body):
        uses.update(binds(stmt))
        uses.update(e.id for top in expressions(stmt) for e in subexpressions(top) if isinstance(e, Name))

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        rest = [change_blocks(s, block) for s in body]
        while rest:
            stmt = rest.pop(0)
            if _brings_several(stmt):
                assert isinstance(stmt, Assign)
                places: dict[str, Expr] = {}
                while rest and (found := _put(rest[0], stmt.targets)) and uses[found[0]] == 2:
                    places[found[0]] = found[1]
                    rest.pop(0)
                if places:
                    items = tuple(places.get(t, Name(t)) for t in stmt.targets)
                    stmt = Bind(Tuple(items), "", stmt.values[0], stmt.origin)
            out.append(stmt)
        return tuple(out)

    return with_body(function, block(function.body))


def _brings_several(stmt: Stmt) -> bool:
    match stmt:
        case Assign(targets, (Call(Ref(target=Emitted())),), saved="", writes=()):
            return len(targets) > 1
        case _:
            return False


def _put(stmt: Stmt, targets: tuple[str, ...]) -> tuple[str, Expr] | None:
    """The name that a statement puts into a place, and that."""
    match stmt:
        case Store(target, "", Name(id)) if id in targets and not stmt.each and not names(target) & set(targets):
            return id, target
        case _:
            return None
