"""What one statement's reverse half adds to one place, in one statement.

Before                                           After

    # v[1:-1] = u[2:] - 2.0 * u[1:-1] - a * u[1:-1]  # v[1:-1] = u[2:] - 2.0 * u[1:-1] - a * u[1:-1]
    u_bar[2:] += part_bar                            u_bar[2:] += part_bar
    u_bar[1:-1] -= 2.0 * part_bar                    u_bar[1:-1] -= 2.0 * part_bar + a * part_bar
    u_bar[1:-1] -= a * part_bar
    w_bar += X.T @ r_bar                             w_bar += X.T @ r_bar + Y.T @ s_bar
    w_bar += Y.T @ s_bar

Where nothing between them reads that memory, or does more to it than add. What is short goes under the comment of the
next, too. The place is found once, and what is added is rounded once more: this is none of the passes that ``tidy``
switches. In double precision only: of two terms one is known to be of it, so that their sum is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeGuard

from tangent_like.ir.build import add, sub
from tangent_like.ir.nodes import Assign, Augment, Block, Comment, Function, Index, Name, Stmt, Store
from tangent_like.ir.walk import base_name, blocks, names, same
from tangent_like.kinds.kind import Kind
from tangent_like.transform.forms import is_adjoint
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.width import COLUMNS, OTHERS, line_width, width

FLOATS = frozenset({"float64", "float"})
FAR = 20  # how many statements back the same place is looked for


def gathered(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with what is added to one place together; ``kinds`` are those of its names."""
    if not kinds or not _twice(function.body):
        return function
    facts = find_facts(function, frozenset(), kinds)

    def block(body: Block, depth: int) -> Block:
        out: list[Stmt] = []
        begun: set[str] = set()  # what is assigned so far
        for stmt in body:
            new = change_blocks(stmt, lambda inner: block(inner, depth + 1))
            k = _earlier(out, new, facts, begun) if _adds(new) else None
            first = None if k is None else out[k]
            if k is not None and _adds(first) and _adds(new):
                both = _both(first, new)
                if line_width(both, depth) <= COLUMNS:
                    del out[k]
                    new = both
            out.append(new)
            if isinstance(new, Assign):
                begun.update(new.targets)
        return tuple(out)

    return with_body(function, block(function.body, 1))


def _adds(stmt: Stmt | None) -> TypeGuard[Store | Augment]:
    """Does it add to an adjoint, or to a place in one, in a line of ours?"""
    if not isinstance(stmt, Store | Augment) or stmt.origin is not None or (isinstance(stmt, Store) and stmt.each):
        return False
    return stmt.op in ("+", "-") and is_adjoint(stmt)


def _place(stmt: Store | Augment) -> Index | Name:
    return stmt.target if isinstance(stmt, Store) else Name(stmt.target)


def _base(stmt: Store | Augment) -> str:
    return base_name(_place(stmt)) or ""


def _twice(body: Block) -> bool:
    """Is there a block that adds to one adjoint twice?"""
    bases = [_base(s) for s in body if _adds(s)]
    return len(set(bases)) < len(bases) or any(_twice(inner) for s in body for inner in blocks(s))


def _earlier(before: list[Stmt], then: Store | Augment, facts: Facts, assigned: set[str]) -> int | None:
    """Where the same place is added to, if that may as well be done where it is done next."""
    name, place = _base(then), _place(then)
    own = facts.class_of(name)
    if facts.look(then.value).type not in FLOATS or (own is None and facts.look_of(name).type != "float64"):
        return None
    read = names(then.value) | (names(place.index) if isinstance(place, Index) else set())
    if name in read or own in facts.classes(read):  # what is added before is part of what is added here
        return None
    bound: set[str] = set()
    written: set[str] = set()
    quoted = False
    for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
        stmt = before[k]
        if isinstance(stmt, Comment):
            quoted = True
            continue
        does = facts.does(stmt)
        named = does.binds | does.reads if own is None else does.binds
        if _adds(stmt) and (_base(stmt) == name if own is None else facts.class_of(_base(stmt)) == own):
            there = _place(stmt)
            inside = names(stmt.value) | (names(there.index) if isinstance(there, Index) else set())
            if same(there, place):
                again = names(stmt.value) | (names(there) if isinstance(there, Index) else set())
                steady = not again & bound and not facts.classes(inside) & written and not facts.own(stmt).acts
                if quoted and (width(stmt.value) > OTHERS or (name in assigned and isinstance(then, Augment))):
                    return None  # to what the adjoint begins with it is added there
                types = {facts.look(stmt.value).type, facts.look(then.value).type}
                return k if steady and "float64" in types and types <= FLOATS else None
            if own in facts.classes(inside):
                return None
        elif name in named or own in facts.classes(does.reads) | does.writes:
            return None
        if does.anything:
            return None
        bound |= does.binds
        written |= does.writes
    return None


def _both(first: Store | Augment, then: Store | Augment) -> Store | Augment:
    if first.op == then.op:
        return replace(then, value=add(first.value, then.value))
    plus, minus = (first, then) if first.op == "+" else (then, first)
    return replace(then, op="+", value=sub(plus.value, minus.value))
