"""What is stored at a place and what is added there next, in one statement.

Before                                   After

    k_bar = np.zeros_like(k)                 k_bar = np.zeros_like(k)
    a_bar = 0.0                              a_bar = 0.0
    for i in range(n):                       for i in range(n):
        # y += k[i] * p                          # y += k[i] * p
        k_bar[i] = 2.0 * p                       a_bar += p * y
        a_bar += p * y                           # x += k[i] * q
        # x += k[i] * q                          k_bar[i] = 2.0 * p + math.cos(q)
        k_bar[i] += math.cos(q)

Of floating-point numbers, and of arrays that are computed. Where nothing between them reads the array or stores into
it: the first goes on to the second, or the second up to the first, past what changes nothing that it reads; or both to
where neither has changed.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Comment,
    Expr,
    Function,
    Index,
    Name,
    Pop,
    Push,
    Stmt,
    Store,
)
from tangent_like.ir.walk import names, same
from tangent_like.transform.tidy.algebra import is_float, total
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.width import COLUMNS, line_width

FAR = 16  # how many statements back the first is looked for


def added(function: Function, facts: Facts) -> Function:
    def block(body: Block, depth: int) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, lambda inner: block(inner, depth + 1))
            place = _first(out, new, facts) if isinstance(new, Store) and new.op in ("+", "-") else None
            if place is None or not _put(out, place, new, facts, depth):
                out.append(new)
        return tuple(out)

    return with_body(function, block(function.body, 1))


def _first(before: list[Stmt], then: Stmt, facts: Facts) -> int | None:
    """Where the place was stored into last, if nothing behind that jumps, calls or reads the array."""
    array = _array(then, facts)
    if array is None:
        return None
    memory = facts.classes({array})
    for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
        stmt = before[k]
        if isinstance(stmt, Comment):
            continue
        if not isinstance(stmt, Assign | Augment | Store | Push | Pop) or facts.own(stmt).wild:
            return None
        does = facts.does(stmt)
        if does.anything or array in does.reads | does.binds or memory & (does.writes | facts.classes(does.reads)):
            stored = isinstance(stmt, Store) and stmt.op == "" and _array(stmt, facts) == array
            return k if stored and same(_target(stmt), _target(then)) else None
    return None


def _target(stmt: Stmt) -> Expr | None:
    return stmt.target if isinstance(stmt, Store) else None


def _array(stmt: Stmt, facts: Facts) -> str | None:
    """The array that a number, or an array that is computed, goes into, without a look at what is in it."""
    if not isinstance(stmt, Store) or stmt.origin is not None or facts.own(stmt).acts:
        return None
    target = _target(stmt)
    if not isinstance(target, Index) or not isinstance(target.value, Name) or not is_float(stmt.value, facts):
        return None
    read = names(stmt.value) | names(target.index)
    if target.value.id in read or facts.classes({target.value.id}) & facts.classes(read):
        return None
    new = facts.look(stmt.value).rank == 0 or facts.is_fresh(stmt.value)
    return target.value.id if new else None


def _put(out: list[Stmt], k: int, then: Stmt, facts: Facts, depth: int) -> bool:
    """Make one statement of the two, where the second would stand or where the first stands."""
    first, between = out[k], out[k + 1 :]
    assert isinstance(first, Store) and isinstance(then, Store)
    joined = replace(first, value=total(Binary(then.op, first.value, then.value), facts))
    if line_width(joined, depth) > COLUMNS:
        return False
    place = names(first.target)
    late = next((j for j, s in enumerate(between) if not facts.steady(names(first.value) | place, (s,))), len(between))
    if not facts.steady(names(then.value) | place, between[late:]):
        return False
    out[k:] = [*between[:late], joined, *between[late:]]
    return True
