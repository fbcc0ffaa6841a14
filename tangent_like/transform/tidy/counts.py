"""As many turns as a list has items, where a turn puts one there: no counter beside it.

Before                                   After

    x_saved = []                             x_saved = []
    turns = 0                                while x > 1:
    while x > 1:                                 x_saved.append(x)
        turns += 1                               x = x * 0.5
        x_saved.append(x)                    for _ in range(len(x_saved)):
        x = x * 0.5                              x = x_saved.pop()
    for _ in range(turns):                       x_bar = x_bar * x
        x = x_saved.pop()
        x_bar = x_bar * x

Only of loops that are run once, with a list that nothing else fills, and that the way back alone empties.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Call,
    Const,
    Each,
    Expr,
    For,
    Function,
    List,
    Name,
    Push,
    Stmt,
    While,
)
from tangent_like.ir.walk import binds, reads, statements, substitute, with_body
from tangent_like.transform.tidy.facts import Facts


def counts(function: Function, facts: Facts) -> Function:
    body = function.body
    for k, loop in enumerate(body):
        if isinstance(loop, For | Each | While):
            for stmt in loop.body:
                if isinstance(stmt, Augment) and isinstance(stmt.value, Const) and stmt.value.value == 1:
                    found = _counted(body, k, stmt, facts)
                    if found is not None:
                        return with_body(function, found)
    return function


def _counted(body: Block, k: int, step: Augment, facts: Facts) -> Block | None:
    """The statements without the counter that ``step`` adds to in the loop ``body[k]``, if a list tells its number."""
    turns, loop = step.target, body[k]
    begin = next((s for s in body[:k] if isinstance(s, Assign) and s.targets == (turns,)), None)
    if begin is None or not facts.mine(begin) or step.op != "+":
        return None
    if not isinstance(begin.values[0], Const) or begin.values[0].value != 0:
        return None
    back = next((s for s in body[k + 1 :] if turns in reads(s)), None)
    if not isinstance(back, For) or sum(map(_uses(turns), statements(body))) != 3:
        return None
    assert isinstance(loop, For | Each | While)
    for stmt in loop.body:
        if isinstance(stmt, Push) and _tells(stmt.list, body[:k], back, body):
            return tuple(_without(s, step, stmt.list) for s in body if s is not begin)
    return None


def _uses(name: str) -> Callable[[Stmt], bool]:
    return lambda stmt: name in reads(stmt) or name in binds(stmt)


def _tells(list_: str, before: Block, back: For, body: Block) -> bool:
    """Does a list, of which one statement of a loop puts an item, begin empty, and is it emptied in ``back`` alone?"""
    starts = [s for s in before if isinstance(s, Assign) and s.targets == (list_,)]
    empty = len(starts) == 1 and isinstance(starts[0].values[0], List) and not starts[0].values[0].items
    inside = sum(map(_uses(list_), statements((back,))))
    return empty and sum(map(_uses(list_), statements(body))) == inside + 2


def _without(stmt: Stmt, step: Augment, list_: str) -> Stmt:
    match stmt:
        case For() | Each() | While() if any(s is step for s in stmt.body):
            return replace(stmt, body=tuple(s for s in stmt.body if s is not step), turns="")
        case For() if step.target in reads(stmt):
            length: dict[str, Expr] = {step.target: Call(builtin_ref("len"), (Name(list_),))}
            return replace(stmt, args=tuple(substitute(a, length) for a in stmt.args))
        case _:
            return stmt
