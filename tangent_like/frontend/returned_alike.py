"""A ``return`` in a loop of what is returned behind it, too: a ``break``.

Before                                   After

    for k in range(n):                       for k in range(n):
        f = x * x - a                            f = x * x - a
        if abs(f) < e:                           if abs(f) < e:
            return x                                 break
        y = x - f / (2 * x)                      y = x - f / (2 * x)
        if abs(y - x) < e:                       if abs(y - x) < e:
            return y                                 x = y
        x = y                                        break
    return x                                     x = y
                                             return x

Of the second both arms do the same, so that no turn has to remember whether it was the last.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Block,
    Break,
    Const,
    Each,
    For,
    Function,
    If,
    Name,
    Return,
    Stmt,
    While,
)
from tangent_like.ir.walk import bound_in, same, statements, with_body


def returned_alike(function: Function) -> Function:
    """The function with a ``break`` for such a ``return``; what else it returns stays as it is."""
    if not function.body:
        return function
    *before, last = function.body
    if isinstance(last, While) and isinstance(last.test, Const) and last.test.value is True and last.body:
        if any(isinstance(s, Break) for s in statements(last.body)):
            return function  # behind it, nothing is returned
        end = last.body[-1]
        for name in end.targets if isinstance(end, Assign) else ():
            if (body := _ended(last.body, name)) is not None and any(isinstance(s, Break) for s in statements(body)):
                return with_body(function, (*before, replace(last, body=body), Return(Name(name), last.origin)))
        return function
    loop = before[-1] if before else None
    if not isinstance(loop, For | Each | While) or not isinstance(last, Return) or not isinstance(last.value, Name):
        return function
    if isinstance(loop, For | Each) and loop.target == last.value.id:
        return function
    if not any(isinstance(s, Return) for s in statements(loop.body)):
        return function
    body = _ended(loop.body, last.value.id)
    return function if body is None else with_body(function, (*before[:-1], replace(loop, body=body), last))


def _ended(block: Block, name: str) -> Block | None:
    """The turn with breaks; None where something else is returned, or another loop would be left."""
    out: list[Stmt] = []
    for k, stmt in enumerate(block):
        match stmt:
            case Return(value) if isinstance(value, Name) and value.id == name:
                return (*out, Break(stmt.origin))
            case If():
                after = block[k + 1 :]
                arms = [_arm(a.body, after, name) for a in stmt.arms]
                orelse = _arm(stmt.orelse, after, name)
                if orelse is None or None in arms:
                    return None
                pairs = zip(stmt.arms, arms, strict=True)
                out.append(replace(stmt, arms=tuple(Arm(a.test, b or (), a.origin) for a, b in pairs), orelse=orelse))
            case _ if any(isinstance(s, Return) for s in statements((stmt,))):
                return None
            case _:
                out.append(stmt)
    return tuple(out)


def _arm(body: Block, after: Block, name: str) -> Block | None:
    """What an arm does, where the turn ends with ``after`` behind the branch."""
    match body, after:
        case (Return(value) as end,), (Assign((target,), (other,), _, "", None, ()),) if value is not None:
            if target == name and same(value, other) and name not in bound_in(body):
                return (Assign((name,), (value,), end.origin), Break(end.origin))
        case _:
            pass
    return _ended(body, name)
