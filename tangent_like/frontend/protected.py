"""Statements that protect arrays from writes: no number changes by them, and of the caller's arrays there are copies.

    y.setflags(write=False)        y.flags.writeable = False
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast

from tangent_like.errors import Place, UnsupportedError
from tangent_like.frontend.scopes import every_node
from tangent_like.frontend.source import FunctionSource


@dataclass(frozen=True)
class Protection:
    """Where the functions of a program that were read protect arrays, and where they may notice that."""

    where: list[Place] = field(default_factory=list)
    asked: list[Place] = field(default_factory=list)

    def note(self, source: FunctionSource) -> None:
        if not any(word in line for line in source.lines for word in ("setflags", "writeable", "except")):
            return
        nodes = every_node(source.tree)
        self.where.extend(source.place(n) for n in nodes if _protects(n, None))
        self.asked.extend(source.place(n) for n in nodes if _asks(n))

    def refuse_noticed(self) -> None:
        """An error where one function protects an array, and another may catch what a write into it raises."""
        if self.where and self.asked:
            what = "an array that is protected where a program may notice it, in a handler or by its flags,"
            raise UnsupportedError(f"{what} is not differentiated", self.where[0], "leave out the protection")


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


def _protects(node: Any, own: set[str] | None) -> bool:
    match node:
        case gast.Expr(
            value=gast.Call(
                func=gast.Attribute(value=gast.Name(id=name), attr="setflags"),
                args=[],
                keywords=[gast.keyword(arg="write", value=gast.Constant(value=bool()))],
            )
        ):
            return own is None or name in own
        case gast.Assign(
            targets=[gast.Attribute(value=gast.Attribute(value=gast.Name(id=name), attr="flags"), attr="writeable")],
            value=gast.Constant(value=bool()),
        ):
            return own is None or name in own
        case _:
            return False
