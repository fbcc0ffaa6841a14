"""What a turn takes on under a name of the user's goes by that name all the way: numbers of tuples, say.

Before                                   After

    x_0 = 1.0                                s = 1.0
    for k in range(n):                       for k in range(n):
        s = x_0                                  t = s * 0.5
        t = s * 0.5                              s = s - t
        x_0 = s - t                          return s
    return x_0

Where the user wrote ``q, v = x``, ``x_0`` is a name of ours. Of numbers, where nothing binds the first name between the
copy and the last that reads the second, which is bound and read nowhere else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import Assign, Block, Comprehension, Expr, For, Function, Lambda, Name, Opaque, Stmt
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, blocks, expressions, reads, statements, subexpressions, substitute, with_body
from tangent_like.transform.tidy.facts import Facts, is_bound_in


def carried(function: Function, facts: Facts) -> Function:
    for block in _turns(function.body):
        for k, stmt in enumerate(block):
            pair = _copied(stmt, facts)
            if pair is not None and _is_one(function, block, k, *pair):
                return carried(_renamed(function, stmt, *pair), facts)
    return function


def _turns(body: Block) -> Iterator[Block]:
    for stmt in body:
        if isinstance(stmt, For):
            yield stmt.body
        for inner in blocks(stmt):
            yield from _turns(inner)


def _copied(stmt: Stmt, facts: Facts) -> tuple[str, str] | None:
    """The name of the user's that a number is bound to, and its name so far."""
    match stmt:
        case Assign((name,), (Name(first),), saved="", guard=None) if facts.is_number(name) and facts.is_number(first):
            theirs = re.search(r"_\d+$", first) if stmt.origin is None else is_bound_in(name, stmt.origin.text)
            return (name, first) if theirs and name != first and not name.endswith("_bar") else None
        case _:
            return None


def _is_one(function: Function, block: Block, k: int, name: str, first: str) -> bool:
    """Do both names hold one number wherever the second is read?"""
    everywhere = list(statements(function.body))
    if first in {p.name for p in function.params} or any(_is_opaque(s, {name, first}) for s in everywhere):
        return False
    for stmt in everywhere:
        origin = getattr(stmt, "origin", None)
        if first in binds(stmt) and origin is not None and is_bound_in(first, origin.text):
            return False
    uses = Counter(n for s in everywhere for n in {*reads(s), *binds(s)})
    inside = [list(statements((s,))) for s in block]
    last, own = k, 0
    for at, parts in enumerate(inside):
        count = sum(name in {*reads(s), *binds(s)} for s in parts)
        own += count
        if count and at > k:
            last = at
        if count and at < k:
            return False
    if own != uses[name] or sum(name in binds(s) for s in everywhere) != 1:
        return False
    for at in range(k + 1, last + 1):
        if any(first in binds(s) for s in inside[at]) and not (at == last and isinstance(block[at], Assign)):
            return False
    return True


def _is_opaque(stmt: Stmt, names: set[str]) -> bool:
    return any(
        (isinstance(n, Opaque) and not names.isdisjoint(n.reads)) or isinstance(n, Lambda | Comprehension)
        for e in expressions(stmt)
        for n in subexpressions(e)
    )


def _renamed(function: Function, copy: Stmt, name: str, first: str) -> Function:
    """``first``, and its adjoint, under the other's name; without the copy."""
    names = {n for s in statements(function.body) for n in (*reads(s), *binds(s))} | {p.name for p in function.params}
    table = {first: name}
    if f"{name}_bar" not in names:
        table[f"{first}_bar"] = f"{name}_bar"
    texts: dict[str, Expr] = {old: Name(new) for old, new in table.items()}

    def under(body: Block) -> Block:
        return tuple(rewrite(s, lambda e: substitute(e, texts), lambda n: table.get(n, n)) for s in without(body))

    def without(body: Block) -> Block:
        return tuple(with_blocks(s, without) for s in body if s is not copy)

    return with_body(function, under(function.body))
