"""A copy of an array that nobody reads any more is that array, by the name of the copy from the beginning.

Before                                           After

    z_bar = 1 - np.tanh(x + s) ** 2                  x_bar = 1 - np.tanh(x + s) ** 2
    v_bar = z_bar[i]                                 v_bar = x_bar[i]
    x_bar = z_bar.copy()                             np.add.at(x_bar, k, v_bar * w)
    np.add.at(x_bar, k, v_bar * w)

Where it was made in the same block, is ours, and goes by no other name.
"""

from __future__ import annotations

from collections import Counter

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Block,
    Break,
    Call,
    Continue,
    Expr,
    Function,
    Name,
    Opaque,
    Return,
    Stmt,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, expressions, reads, statements, subexpressions, substitute
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import Facts


def unshared(function: Function, facts: Facts) -> Function:
    if not any(_copied(s) for s in statements(function.body)):
        return function
    mentioned = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, block)
            old = _copied(new)
            begin = _begin(out, old, new.targets[0], mentioned, facts) if old and isinstance(new, Assign) else None
            if begin is None:
                out.append(new)
            elif isinstance(new, Assign) and (name := new.targets[0]) != old:
                out[begin:] = [_renamed(s, old, name) for s in out[begin:]]
                mentioned[name] += mentioned[old] - 2  # without the copy, which named both
        return tuple(out)

    return with_body(function, block(function.body))


def _begin(before: list[Stmt], old: str, new: str, mentioned: Counter[str], facts: Facts) -> int | None:
    """Where the array was made, if these statements alone name it, it is ours, and the new name is free as long."""
    theirs = {old, new} if old == new else {old, new, old.removesuffix("_bar")}
    if theirs & facts.users or not facts.is_alone(old):
        return None  # what is the user's, or its adjoint, keeps its name
    if old == new:  # behind it the name is that of the copy: what it was before it was made is all the same
        places = [k for k, s in enumerate(before) if isinstance(s, Assign) and old in s.targets][-1:]
    else:
        places = [k for k, s in enumerate(before) if old in reads(s) or old in binds(s)]
    if not places:
        return None
    since = before[places[0] :]
    inside = list(statements(tuple(since)))
    if old != new:
        own = [s for s in inside if old in reads(s) or old in binds(s)]
        if len(own) + 1 != mentioned[old] or any(new in reads(s) or new in binds(s) for s in inside):
            return None
    bound = [s for s in inside if old in binds(s)]
    if since[0] not in bound or not all(_is_new(s, facts) for s in bound) or isinstance(since[0], Augment):
        return None
    return None if any(map(_is_hard, inside)) else places[0]


def _is_new(stmt: Stmt, facts: Facts) -> bool:
    """Is what it binds to one name memory of its own?"""
    if isinstance(stmt, Augment):
        return True
    return isinstance(stmt, Assign) and facts.mine(stmt) and facts.is_fresh(stmt.values[0])


def _is_hard(stmt: Stmt) -> bool:
    """Does it leave the block, or name what we cannot see?"""
    if isinstance(stmt, Break | Continue | Return):
        return True
    return any(isinstance(e, Opaque) for top in expressions(stmt) for e in subexpressions(top))


def _renamed(stmt: Stmt, old: str, new: str) -> Stmt:
    table: dict[str, Expr] = {old: Name(new)}
    return rewrite(stmt, lambda e: substitute(e, table), lambda n: new if n == old else n)


def _copied(stmt: Stmt) -> str:
    """What is copied: ``z_bar`` of ``x_bar = z_bar.copy()``."""
    match stmt:
        case Assign((_,), (Call(Attribute(Name(id), "copy"), (), ()),), None):
            return id
        case _:
            return ""
