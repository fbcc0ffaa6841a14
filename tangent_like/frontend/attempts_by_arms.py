"""A branch in a ``try`` that handles: each arm is tried, where what it has done is seen after an exception.

Before                                   After

    try:                                     try:
        if u > 0.0:                              path = u > 0.0
            out.append(math.log(u - 1.0))    except ValueError:
        else:                                    out.append(0.0)
            out.append(u)                    else:
    except ValueError:                           if path:
        out.append(0.0)                              try:
                                                         out.append(math.log(u - 1.0))
                                                     except ValueError:
                                                         out.append(0.0)
                                                 else:
                                                     try: ...

What stands beside the branch is tried ahead of it and behind it (``attempts.parted``). So it is with a ``try`` in a
``try``, whose handlers become one's: the outer ones come last, and guard what the inner ones do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tangent_like.frontend.attempts import half_bound, may_raise, read_behind, shown_half, writes_before
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Arm, Assign, Block, Function, If, Name, Raise, Try
from tangent_like.ir.walk import bound_in, statements


def tried_branch(function: Function, stmt: Try, in_loop: bool, made: set[str]) -> int | None:
    """Where in the body the first branch, or ``try``, stands of which an exception shows what its arms have done."""
    _, later = read_behind(function, stmt, stmt.body, in_loop)
    lost = set(shown_half(stmt, half_bound(stmt.body) - made, later))
    for k, one in enumerate(stmt.body):
        if isinstance(one, If) or (isinstance(one, Try) and may_be_one(one, stmt)):
            if lost & bound_in((one,)) or writes_before(one, stmt.body[:k], stmt):
                return k
    return None


def by_arms(stmt: Try, namer: Namer, made: set[str], copied: Callable[[Block], Block]) -> tuple[Block, int]:
    """What stands for a ``try`` whose body is a branch or another ``try``, and how many statements it says again."""
    (branch,) = stmt.body
    assert isinstance(branch, If | Try)
    again = sum(1 for h in stmt.handlers for _ in statements(h.body)) + sum(1 for _ in statements(stmt.orelse))
    cost = 0

    def tried(body: Block, orelse: Block | None = None) -> Block:
        nonlocal cost
        cost += again
        handlers = tuple(replace(h, body=copied(h.body)) for h in stmt.handlers)
        return (Try(body, handlers, (), stmt.origin, "", copied(stmt.orelse) if orelse is None else orelse),)

    if isinstance(branch, Try):
        inner = tuple(replace(h, body=tried(h.body)) for h in branch.handlers)
        outer = tuple(replace(h, body=copied(h.body)) for h in stmt.handlers)
        orelse = tried(branch.orelse) if branch.orelse else copied(stmt.orelse)
        return (Try(branch.body, (*inner, *outer), (), branch.origin, "", orelse),), cost + again
    first, *others = branch.arms
    rest = (If(tuple(others), branch.orelse, others[0].origin),) if others else branch.orelse
    orelse = tried(rest) if rest else copied(stmt.orelse)
    if not may_raise(If((first,), ())):
        return (If((replace(first, body=tried(first.body)),), orelse, branch.origin),), cost
    path = namer.fresh("path")
    made.add(path)
    chosen = If((Arm(Name(path), tried(first.body), first.origin),), orelse, branch.origin)
    return tried((Assign((path,), (first.test,), first.origin),), (chosen,)), cost


def may_be_one(inner: Try, outer: Try) -> bool:
    """May the handlers of both stand behind one body? A bare ``raise`` says which exception by where it stands."""
    bodies = (h.body for h in (*inner.handlers, *outer.handlers))
    return not inner.final and not any(isinstance(s, Raise) and s.value is None for b in bodies for s in statements(b))
