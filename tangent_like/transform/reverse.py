"""The two sweeps: statements forward with what they keep, and their reverse halves, newest first."""

from __future__ import annotations

from tangent_like.ir.never import assert_never
from tangent_like.ir.nodes import (
    Assert,
    Assign,
    Augment,
    Bind,
    Block,
    Break,
    Comment,
    Continue,
    Define,
    Delete,
    Do,
    Each,
    For,
    GradOf,
    If,
    Loop,
    Pass,
    Pop,
    Push,
    Raise,
    Return,
    Stmt,
    Store,
    Try,
    While,
    With,
)
from tangent_like.ir.walk import blocks
from tangent_like.transform.accumulate import State
from tangent_like.transform.statements import assign, attempt, branch, context, lists, loop, store, surgery
from tangent_like.transform.sweep import Sweep, quoted


def forward_block(block: Block, sweep: Sweep) -> Block:
    """The statements of a block with what they keep for the way back."""
    out: list[Stmt] = []
    for stmt in block:
        out.extend(forward(stmt, sweep))
    return tuple(out)


def forward(stmt: Stmt, sweep: Sweep) -> list[Stmt]:
    match stmt:
        case Assign() | Augment():
            return assign.forward(stmt, sweep)
        case Store():
            return store.forward(stmt, sweep)
        case If():
            return branch.forward(stmt, sweep)
        case For() | Each() | While():
            return loop.forward(stmt, sweep)
        case With():
            return context.forward(stmt, sweep)
        case Try():
            return attempt.forward(stmt, sweep)
        case Push() | Pop():
            return lists.forward(stmt, sweep)
        case Break() | Do() | Assert() | Raise() | Pass() | Comment():
            return [stmt]
        case Return() | GradOf():
            return []
        case Bind() | Loop() | Define():
            raise AssertionError("specialize leaves none of these")
        case Continue() | Delete():
            raise AssertionError("normalize leaves none")
        case _:
            assert_never(stmt)


def backward_block(block: Block, state: State, sweep: Sweep) -> list[Stmt]:
    """The reverse halves of a block's statements, newest first, each under a comment that quotes it."""
    out: list[Stmt] = []
    for k in range(len(block) - 1, -1, -1):
        stmt = block[k]
        statements = backward(stmt, state, sweep)
        if statements and isinstance(stmt, Assign | Augment | Store | Push | Pop | GradOf):
            again = k + 1 < len(block) and block[k + 1].origin is stmt.origin and stmt.origin is not None
            if not again:
                out.extend(quoted(stmt.origin))
        out.extend(statements)
    return out


def backward(stmt: Stmt, state: State, sweep: Sweep) -> list[Stmt]:
    match stmt:
        case Assign() | Augment():
            return assign.reverse(stmt, state, sweep)
        case Store():
            return store.reverse(stmt, state, sweep)
        case If():
            return branch.reverse(stmt, state, sweep)
        case For() | Each() | While():
            return loop.reverse(stmt, state, sweep)
        case With():
            return context.reverse(stmt, state, sweep)
        case Try():
            return attempt.reverse(stmt, state, sweep)
        case Break() | Continue() | Delete():
            return []
        case GradOf():
            return surgery.reverse(stmt, state, sweep)
        case Push():
            return lists.reverse_push(stmt, state, sweep)
        case Pop():
            return lists.reverse_pop(stmt, state, sweep)
        case Do() | Assert() | Raise() | Pass() | Comment() | Return():
            return []
        case Bind() | Loop() | Define():
            raise AssertionError("specialize leaves none of these")
        case _:
            assert_never(stmt)


def depths(block: Block, depth: int, table: dict[Stmt, int]) -> None:
    """How many loops each statement stands in."""
    for stmt in block:
        table[stmt] = depth
        for inner in blocks(stmt):
            depths(inner, depth + isinstance(stmt, For | Each | While), table)
