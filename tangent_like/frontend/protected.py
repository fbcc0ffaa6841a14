"""Statements that protect arrays from writes: no number changes by them, and of the caller's arrays there are copies.

    y.setflags(write=False)        y.flags.writeable = False        y.flags["WRITEABLE"] = False

A write into one that is protected by then is refused (``protected_writes``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gast

from tangent_like.errors import Place, UnsupportedError
from tangent_like.frontend.protected_writes import protected_write
from tangent_like.frontend.scopes import every_node
from tangent_like.frontend.source import FunctionSource


@dataclass(frozen=True)
class Protection:
    """Where the functions of a program that were read protect arrays, and where they may notice that."""

    where: list[Place] = field(default_factory=list)
    asked: list[Place] = field(default_factory=list)
    read: dict[int, FunctionSource] = field(default_factory=dict)  # by their trees

    def note(self, source: FunctionSource) -> None:
        self.read[id(source.tree)] = source
        if not any(word in line for line in source.lines for word in ("setflags", "writeable", "WRITEABLE", "except")):
            return
        nodes = every_node(source.tree)
        self.where.extend(source.place(n) for n in nodes if _protects(n, None))
        self.asked.extend(source.place(n) for n in nodes if _asks(n))

    def refuse_noticed(self) -> None:
        """An error where one function protects an array, and another writes into it or may catch what that raises.

        What was read is forgotten: it holds the user's functions.
        """
        read = list(self.read.values())
        self.read.clear()
        if self.where and self.asked:
            what = "an array that is protected where a program may notice it, in a handler or by its flags,"
            raise UnsupportedError(f"{what} is not differentiated", self.where[0], "leave out the protection")
        if not self.where:
            return
        found = protected_write((s.tree for s in read), told_of_writes)
        if found is not None:
            own = next(s for s in read if any(n is found for n in every_node(s.tree)))
            hint = "write into a copy (.copy()), or before it is protected"
            what = "what may write into an array that is protected, where Python raises a ValueError,"
            raise UnsupportedError(f"{what} is not differentiated", own.place(found), hint)


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
    told = told_of_writes(node)
    return told is not None and (own is None or told[0] in own)


def told_of_writes(node: Any) -> tuple[str, bool] | None:
    """The name of what a statement protects from writes, or opens to them, and whether it may be written then."""
    match node:
        case gast.Expr(
            value=gast.Call(
                func=gast.Attribute(value=gast.Name(id=name), attr="setflags"),
                args=[],
                keywords=[gast.keyword(arg="write", value=gast.Constant(value=bool() as may))],
            )
        ):
            return name, may
        case gast.Assign(
            targets=[gast.Attribute(value=gast.Attribute(value=gast.Name(id=name), attr="flags"), attr="writeable")],
            value=gast.Constant(value=bool() as may),
        ):
            return name, may
        case gast.Assign(
            targets=[
                gast.Subscript(
                    value=gast.Attribute(value=gast.Name(id=name), attr="flags"),
                    slice=gast.Constant(value="WRITEABLE" | "W"),
                )
            ],
            value=gast.Constant(value=bool() as may),
        ):
            return name, may
        case _:
            return None
