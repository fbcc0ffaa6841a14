"""Comments that quote a statement of which nothing is left, gone.

Before                                   After

    # y = x                                  # y = 2 * x
    # y = 2 * x                              x_bar = 2 * y_bar
    x_bar = 2 * y_bar
    # x = 1.0
"""

from __future__ import annotations

from tangent_like.ir.nodes import Block, Comment, Function, Stmt
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import Facts


def comments(function: Function, facts: Facts) -> Function:  # noqa: ARG001  # as every pass
    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            if isinstance(stmt, Comment) and out and isinstance(out[-1], Comment):
                out.pop()
            out.append(change_blocks(stmt, block))
        if out and isinstance(out[-1], Comment):
            out.pop()
        return tuple(out)

    return with_body(function, block(function.body))
