"""Statements that protect arrays from writes: no number changes by them, and of the caller's arrays there are copies.

    y.setflags(write=False)        y.flags.writeable = False
"""

from __future__ import annotations

from typing import Any

import gast


def protects(node: Any, own: set[str], nodes: list[Any]) -> bool:
    """Is it such a statement, of one of the function's ``own`` names, and does none of its ``nodes`` ask about it?"""
    return _protects(node, own) and not any(_asks(n) for n in nodes)


def _asks(node: Any) -> bool:
    """Does it read the flags, or catch what a write into a protected array raises?"""
    match node:
        case gast.ExceptHandler():
            return True
        case gast.Attribute(attr="writeable") | gast.Subscript(value=gast.Attribute(attr="flags")):
            return isinstance(node.ctx, gast.Load)
        case _:
            return False


def _protects(node: Any, own: set[str]) -> bool:
    match node:
        case gast.Expr(
            value=gast.Call(
                func=gast.Attribute(value=gast.Name(id=name), attr="setflags"),
                args=[],
                keywords=[gast.keyword(arg="write", value=gast.Constant(value=bool()))],
            )
        ):
            return name in own
        case gast.Assign(
            targets=[gast.Attribute(value=gast.Attribute(value=gast.Name(id=name), attr="flags"), attr="writeable")],
            value=gast.Constant(value=bool()),
        ):
            return name in own
        case _:
            return False
