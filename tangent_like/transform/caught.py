"""What the text would refuse where a handler of the user's catches it: that is refused ahead, by name.

    try:
        refuse_array(b)              # raises a ValueError of an array, which the handler takes for the user's own
        b = b * s
    except ValueError:
        ...

So where kinds are not known. What a function refuses that is called there is caught as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.attempts import told_kinds
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import Block, Call, Emitted, Function, Handler, Library, Ref, Try, With
from tangent_like.ir.walk import expressions, statements, subexpressions

RAISED = frozenset({"ValueError", "TypeError", "Exception", "BaseException"})
CHECKS = frozenset({"same_view"})  # beside those that say so by their names


def nothing_caught(functions: tuple[Function, ...]) -> tuple[Function, ...]:
    """The emitted functions, of which the last call the first, if nobody would catch what they refuse."""
    refusing: set[str] = set()
    if not any(_catches(stmt) for function in functions for stmt in statements(function.body)):
        return functions
    for function in functions:
        for stmt in statements(function.body):
            if _catches(stmt) and _refuses(stmt.body, refusing):  # type: ignore[union-attr]
                what = "what the derivative would refuse of its arguments would be caught by this handler"
                raise UnsupportedError(what, place_of(stmt.origin), "annotate the arguments, or what they hold")
        if _refuses(function.body, refusing):
            refusing.add(function.name)
    return functions


def _catches(stmt: object) -> bool:
    match stmt:
        case Try(handlers=handlers):
            return any(map(_is_wide, handlers))
        case With(items=items):
            nodes = [e for item in items for e in subexpressions(item.context)]
            return any(isinstance(e, Ref) and getattr(e.target, "qualname", "") == "suppress" for e in nodes)
        case _:
            return False


def _is_wide(handler: Handler) -> bool:
    """May it catch a ValueError or a TypeError that is not the user's own?"""
    kinds = [r.target if isinstance(r, Ref) else None for r in told_kinds(handler)]
    return not kinds or any(k is None or (isinstance(k, Library) and k.qualname in RAISED) for k in kinds)


def _refuses(block: Block, refusing: set[str]) -> bool:
    return any(name in refusing or name.startswith("refuse_") or name in CHECKS for name in _called(block))


def _called(block: Block) -> Iterator[str]:
    """The functions of ours that a block calls."""
    for stmt in statements(block):
        for top in expressions(stmt):
            for node in subexpressions(top):
                target = node.func.target if isinstance(node, Call) and isinstance(node.func, Ref) else None
                if isinstance(target, Emitted):
                    yield target.name
                elif isinstance(target, Library) and target.module.startswith("tangent_like"):
                    yield target.qualname
