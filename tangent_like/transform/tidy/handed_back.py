"""What is taken under a second name and handed back at the end goes by the first all the way.

Before                                   After

    for _ in range(n):                       for _ in range(n):
        at_2 = at                                saved.append(at)
        saved.append(at_2)                       at = at + dt * np.sin(at)
        at_2 = at_2 + dt * np.sin(at_2)      for _ in range(n):
        at = at_2                                at_bar = at_bar + g.pop()
    for _ in range(n):                           at = saved.pop()
        at_2_bar = at_bar + g.pop()              at_bar *= np.cos(at)
        at_2 = saved.pop()
        at_2_bar *= np.cos(at_2)
        at_bar = at_2_bar

As it is where a method of the user's is written out that steps its arguments on. Where nothing reads or binds the first
name in between, and nothing reads it any more where the second comes again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tangent_like.ir.blocks import mentions, with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Block,
    Break,
    Comprehension,
    Continue,
    Expr,
    Function,
    Lambda,
    Name,
    Opaque,
    Return,
    Stmt,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, blocks, expressions, reads, statements, subexpressions, substitute, with_body
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.looks import ANY

SECOND = re.compile(r".+_\d+(_bar)?")


def handed_back(function: Function, facts: Facts) -> Function:
    if not any(_back(s) for s in statements(function.body)):
        return function
    for whole, block in _blocks(function.body):
        seen = _Seen(block)
        for at, stmt in enumerate(block):
            pair = _back(stmt)
            if pair is not None and _alike(facts, *pair) and _is_one(function, whole, seen, at, *pair):
                return handed_back(_renamed(function, stmt, *pair), facts)
    return function


@dataclass(frozen=True, eq=False)
class _Seen:
    """A block, and between which of its statements a second name is read or bound: asked for each of many names."""

    block: Block

    @cached_property
    def span(self) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for k, stmt in enumerate(self.block):
            for inner in statements((stmt,)):
                for name in (*reads(inner), *binds(inner)):
                    found[name] = found.get(name, (k, k))[0], k
        return found


def _blocks(body: Block, whole: int | None = None) -> Iterator[tuple[int | None, Block]]:
    """The blocks, each with the number of the statement of the function that it is in."""
    yield whole, body
    for k, stmt in enumerate(body):
        for inner in blocks(stmt):
            yield from _blocks(inner, k if whole is None else whole)


def _back(stmt: Stmt) -> tuple[str, str] | None:
    """The first name and the second, of ours, where one statement hands back what the second stands for."""
    match stmt:
        case Assign((first,), (Name(second),), saved="", guard=None) if first != second and SECOND.fullmatch(second):
            return first, second
        case _:
            return None


def _alike(facts: Facts, first: str, second: str) -> bool:
    """Is what is known of the first name true of the second?"""
    return facts.look_of(first) in (ANY, facts.look_of(second))


def _is_one(function: Function, whole: int | None, seen: _Seen, at: int, first: str, second: str) -> bool:
    block, (begin, end) = seen.block, seen.span[second]
    if begin == at or end > at or any(second == p.name for p in function.params):
        return False
    match block[begin]:
        case Assign((name,), (_,), saved="", guard=None, writes=()) if name == second:
            pass
        case _:
            return False
    if second in reads(block[begin]):
        return False
    between = block[begin + 1 : at]
    if any(mentions((s,), first) or _leaves(s) for s in between):
        return False
    if any(_is_opaque(s, {first, second}) for s in statements(function.body)):
        return False
    if whole is None:
        return True
    if mentions((function.body[whole],), second) != mentions(block, second):
        return False
    others = [k for k, s in enumerate(function.body) if k != whole and mentions((s,), second)]
    return not others or (min(others) > whole and not any(mentions((s,), first) for s in function.body[min(others) :]))


def _leaves(stmt: Stmt) -> bool:
    return any(isinstance(s, Break | Continue | Return) for s in statements((stmt,)))


def _is_opaque(stmt: Stmt, names: set[str]) -> bool:
    if names.isdisjoint(reads(stmt)):
        return False
    return any(
        isinstance(n, Lambda | Comprehension) or (isinstance(n, Opaque) and not names.isdisjoint(n.reads))
        for e in expressions(stmt)
        for n in subexpressions(e)
    )


def _renamed(function: Function, back: Stmt, first: str, second: str) -> Function:
    texts: dict[str, Expr] = {second: Name(first)}

    def without(body: Block) -> Block:
        return tuple(with_blocks(s, without) for s in body if s is not back)

    def renamed(body: Block) -> Block:
        return tuple(rewrite(s, lambda e: substitute(e, texts), lambda n: first if n == second else n) for s in body)

    def plain(body: Block) -> Block:
        return tuple(with_blocks(s, plain) for s in body if not _is_itself(s, first))

    return with_body(function, plain(renamed(without(function.body))))


def _is_itself(stmt: Stmt, name: str) -> bool:
    match stmt:
        case Assign((target,), (Name(value),)):
            return target == value == name
        case _:
            return False
