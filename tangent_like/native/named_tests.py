"""What a test takes from a list gets a name first: the list can then become an array.

Before                                   After

    if path_saved.pop():                     path = path_saved.pop()
        y_bar[i] += z_bar                    if path:
                                                 y_bar[i] += z_bar
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Arm, Attribute, Block, Call, Expr, Function, If, Name, Pop, Stmt, Unary
from tangent_like.ir.walk import binds, reads, statements, with_body


def named_before(function: Function) -> Function:
    """The function without lists in its tests, where those stand first."""
    taken = {n for s in statements(function.body) for n in (*binds(s), *reads(s))}
    namer = Namer(taken | {p.name for p in function.params})

    def block(body: Block) -> Block:
        return tuple(new for stmt in body for new in statement(stmt))

    def statement(stmt: Stmt) -> tuple[Stmt, ...]:
        inner = with_blocks(stmt, block)
        if not isinstance(inner, If) or (found := _list(inner.arms[0].test)) is None:
            return (inner,)
        name = namer.fresh(found.removesuffix("_saved"))
        first = inner.arms[0]
        own = Arm(_named(first.test, Name(name)), first.body, first.origin)
        return Pop(Name(name), found, inner.origin), replace(inner, arms=(own, *inner.arms[1:]))

    return with_body(function, block(function.body))


def _list(test: Expr) -> str | None:
    match test:
        case Call(Attribute(Name(list_), "pop"), (), ()):
            return list_
        case Unary("not", operand):
            return _list(operand)
        case _:
            return None


def _named(test: Expr, name: Name) -> Expr:
    return Unary("not", _named(test.operand, name)) if isinstance(test, Unary) else name
