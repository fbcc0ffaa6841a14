"""What is written into things of the user's module, as the lines that the user would write."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.nodes import Attribute, Binary, Call, Const, Expr, Index, Library, Ref


def line_outside(call: Expr, show: Callable[[Expr], str]) -> str:
    """``STATS["calls"] += 1``; nothing for any other call."""
    match call:
        case Call(Ref(target=Library("builtins", "setattr")), (held, Const(str(name)), value)):
            place = show(Attribute(held, name))
        case Call(Ref(target=Library("builtins", "outside.setitem")), (table, key, value)):
            place = show(Index(table, key))
        case _:
            return ""
    match value:
        case Binary(op, old, more) if read_as(old, show) == place:
            return f"{place} {op}= {show(more)}"
    return f"{place} = {show(value)}"


def read_as(expr: Expr, show: Callable[[Expr], str]) -> str:
    """A place that is read by name, as it is written."""
    match expr:
        case Call(Ref(target=Library("builtins", "getattr")), (held, Const(str(name)))):
            return show(Attribute(held, name))
    return show(expr)
