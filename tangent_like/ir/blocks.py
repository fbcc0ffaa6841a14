"""Blocks inside statements: changed one by one, and how they are left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from operator import is_

from tangent_like.ir.nodes import (
    Arm,
    Block,
    Break,
    Each,
    For,
    Handler,
    If,
    Loop,
    Raise,
    Return,
    Stmt,
    Try,
    While,
    With,
)
from tangent_like.ir.walk import SIMPLE, binds, blocks, reads, statements


def with_blocks(stmt: Stmt, change: Callable[[Block], Block]) -> Stmt:
    """The statement with each of its inner blocks changed, in the order of the text; itself if none is."""
    if type(stmt) in SIMPLE:
        return stmt
    old = blocks(stmt)
    new = [change(block) for block in old]
    if all(a is b or same_items(a, b) for a, b in zip(old, new, strict=True)):
        return stmt
    match stmt:
        case If():
            *bodies, orelse = new
            arms = tuple(Arm(arm.test, body, arm.origin) for arm, body in zip(stmt.arms, bodies, strict=True))
            return If(arms, orelse, stmt.origin, stmt.path, stmt.early)
        case Try():
            body, *others, orelse, final = new
            pairs = zip(stmt.handlers, others, strict=True)
            handlers = tuple(Handler(h.type, h.name, inner, h.origin) for h, inner in pairs)
            return Try(body, handlers, final, stmt.origin, stmt.failed, orelse)
        case For() | Each() | While() | Loop() | With():
            return replace(stmt, body=new[0])
        case _:
            raise AssertionError(f"{type(stmt).__name__} has no blocks")


def same_items(a: Block, b: Block) -> bool:
    return len(a) == len(b) and all(map(is_, a, b))


def all_blocks(block: Block) -> list[Block]:
    """The block, and those inside its statements, each before what is in it."""
    return [block, *(b for stmt in block for inner in blocks(stmt) for b in all_blocks(inner))]


def mentions(block: Block, name: str) -> int:
    """How many statements read the name or bind it."""
    return sum(name in reads(s) or name in binds(s) for s in statements(block))


def leaves_by_break(body: Block) -> bool:
    """Is there a ``break`` of the loop whose body this is?"""
    for stmt in body:
        if isinstance(stmt, Break):
            return True
        if not isinstance(stmt, For | Each | While | Loop) and any(leaves_by_break(inner) for inner in blocks(stmt)):
            return True
    return False


def definitely_bound(body: Block, bound: set[str]) -> set[str]:
    """The names that every path through a block binds."""
    bound = set(bound)
    for stmt in body:
        if isinstance(stmt, If):
            arms = [definitely_bound(b, bound) for b in blocks(stmt) if not (b and isinstance(b[-1], Raise))]
            bound = set.intersection(*arms) if arms else bound
        elif isinstance(stmt, With):
            bound = definitely_bound(stmt.body, bound | set(binds(stmt)))
        else:
            bound |= set(binds(stmt)) if not blocks(stmt) else set()
    return bound


def leaves_function(body: Block) -> bool:
    """Does the block end by raising or returning, so that nothing after it sees its names?"""
    return bool(body) and isinstance(body[-1], Raise | Return)
