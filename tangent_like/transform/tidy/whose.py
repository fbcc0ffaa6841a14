"""Adjoints go by the name of the variable of the user's whose they are, and not of a part of an expression.

Before                                   After

    # r = x - y                              # r = x - y
    a_bar = 2 * r_bar                        x_bar = 2 * r_bar
    x_bar = a_bar                            # x = np.exp(w)
    # x = np.exp(w)                          w_bar = x_bar * x
    w_bar = x_bar * x                        # y = z / 2
    # y = z / 2                              z_bar = y_bar / 2
    part_bar = y_bar / 2                     v_bar += z_bar * z
    z_bar = part_bar                         z_bar += v_bar
    v_bar += part_bar * z
    z_bar += v_bar

Where all that is done with the part's is done before the variable's is bound to something else.
"""

from __future__ import annotations

import re
from collections import Counter

from tangent_like.ir.nodes import Assign, Augment, Block, Comment, Expr, Function, Name, Stmt, Store
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, reads, statements, substitute
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import Facts

ADJOINT = re.compile(r"(.+)_bar(?:_\d+)?$")
SOLUTION = re.compile(r"lam(?:_\d+)?$")  # of the equations that say the adjoint
FAR = 60  # how many statements back the part's is looked for


def whose(function: Function, facts: Facts) -> Function:
    if not any(_copied(s, facts) for s in statements(function.body)):
        return function
    uses = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        left = list(body)
        for k, stmt in enumerate(left):
            new = change_blocks(stmt, block)
            pair = _copied(new, facts)
            end, later = (k, 0) if pair is None else _end(left, k + 1, *pair)
            start = None if pair is None else _start(out, *pair, uses[pair[1]] - 1 - later)
            if pair is None or start is None:
                out.append(new)
                continue
            theirs, part = pair
            out[start:] = [_under(s, theirs, part) for s in out[start:]]
            left[k + 1 : end] = [_under(s, theirs, part) for s in left[k + 1 : end]]
            uses[theirs] += uses.pop(part) - 2
        return tuple(out)

    return with_body(function, block(function.body))


def _under(stmt: Stmt, name: str, part: str) -> Stmt:
    """The statement with ``name`` for ``part``."""
    table: dict[str, Expr] = {part: Name(name)}
    return rewrite(stmt, lambda e: substitute(e, table), lambda n: name if n == part else n)


def _copied(stmt: Stmt, facts: Facts) -> tuple[str, str] | None:
    """The adjoint of a variable of the user's, and that of a part of an expression that it is bound to."""
    match stmt:
        case Assign((theirs,), (Name(part),), guard=None, saved="", writes=()) if facts.mine(stmt):
            own, other = ADJOINT.match(theirs), ADJOINT.match(part)
            if own is None or own[1] not in facts.users or part in facts.users:
                return None
            ours = SOLUTION.match(part) if other is None else other[1] not in facts.users
            return (theirs, part) if ours else None
        case _:
            return None


def _end(body: list[Stmt], start: int, theirs: str, part: str) -> tuple[int, int]:
    """Up to where both names hold the same, and how many statements read the part's there."""
    uses = 0
    for k in range(start, min(start + FAR, len(body))):
        stmt = body[k]
        if not isinstance(stmt, Assign | Augment | Store | Comment) or part in binds(stmt):
            return k, uses
        uses += part in reads(stmt)
        if theirs in binds(stmt):
            return k + 1, uses  # it is read before
    return min(start + FAR, len(body)), uses


def _start(before: list[Stmt], theirs: str, part: str, left: int) -> int | None:
    """Where the part's is bound, if all of its uses are from there on, and none of the variable's."""
    for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
        stmt = before[k]
        if not isinstance(stmt, Assign | Augment | Store | Comment):
            return None
        mentioned = {*reads(stmt), *binds(stmt)}
        begins = isinstance(stmt, Assign) and stmt.targets == (part,)  # from what the variable's was, maybe
        if theirs in (binds(stmt) if begins else mentioned):
            return None
        if part not in mentioned:
            continue
        left -= 1
        if isinstance(stmt, Assign):
            if any(isinstance(v, Name) and v.id == part for v in stmt.values):
                return None  # it goes by another name already
            if part in stmt.targets:
                return k if left == 0 and part not in reads(stmt) else None
    return None
