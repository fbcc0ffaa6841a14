"""Statements that protect arrays from writes: no number changes by them, and of the caller's arrays there are copies.

    y.setflags(write=False)        y.flags.writeable = False

But where the function handles exceptions: a ``ValueError`` may come of the protection.
"""

from __future__ import annotations

from typing import Any

import gast


def protects(node: Any, own: set[str], nodes: list[Any]) -> bool:
    """Is it such a statement, of one of the function's ``own`` names? ``nodes`` are all of the function."""
    return _protected(node) in own and not any(isinstance(n, gast.Try) and n.handlers for n in nodes)


def _protected(node: Any) -> str | None:
    match node:
        case gast.Expr(
            value=gast.Call(
                func=gast.Attribute(value=gast.Name(id=name), attr="setflags"),
                args=[],
                keywords=[gast.keyword(arg="write", value=gast.Constant(value=bool()))],
            )
        ):
            return str(name)
        case gast.Assign(
            targets=[gast.Attribute(value=gast.Attribute(value=gast.Name(id=name), attr="flags"), attr="writeable")],
            value=gast.Constant(value=bool()),
        ):
            return str(name)
        case _:
            return None
