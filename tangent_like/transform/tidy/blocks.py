"""Statements taken apart and put together again: the same object where nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from operator import is_

from tangent_like.ir.blocks import same_items, with_blocks
from tangent_like.ir.never import assert_never
from tangent_like.ir.nodes import (
    Arm,
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
    Expr,
    For,
    Function,
    GradOf,
    If,
    Index,
    Item,
    Loop,
    Name,
    Opaque,
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
from tangent_like.ir.walk import SIMPLE, expressions, statements, with_body

# What is done until nothing changes ends when fewer than one statement in so many has: seen in long functions alone.
# Measured: over 1,000 statements the rounds behind such a one change less than one statement in a thousand. What a
# reader sees at one glance is done to its end.
FEW, FEW_OF_MANY = 10, 4
SHORT, MANY = 100, 400


def hardly_changed(before: Function, after: Function) -> bool:
    """Is next to nothing another than before? Comments that went do not count."""
    old = {id(s) for s in statements(before.body) if type(s) is not Comment}
    new = {id(s) for s in statements(after.body) if type(s) is not Comment}
    few = SHORT if len(new) < SHORT else FEW if len(new) < MANY else FEW_OF_MANY
    return len(old ^ new) * few < len(new)


def change_blocks(stmt: Stmt, change: Callable[[Block], Block]) -> Stmt:
    """The statement with each of its inner blocks changed, in the order of the text.

    How far the body of a ``try`` comes before an exception is not ours to change: it stays as it is.
    """
    return stmt if type(stmt) in SIMPLE or may_stop(stmt) else with_blocks(stmt, change)


def may_stop(stmt: Stmt) -> bool:
    """May an exception in the body be seen by what stands behind?"""
    kind = type(stmt)
    return kind is Try or (kind is With and not stmt.sure)  # type: ignore[union-attr]


def with_expressions(stmt: Stmt, change: Callable[[Expr], Expr]) -> Stmt:
    """The statement with its own expressions changed, in the order of ``walk.expressions``."""
    old = expressions(stmt)
    new = [change(e) for e in old]
    if all(map(is_, old, new)):
        return stmt
    match stmt:
        case Assign():
            return Assign(stmt.targets, tuple(new), stmt.origin, stmt.saved, stmt.guard, stmt.writes)
        case Store():
            assert isinstance(new[1], Index)
            return Store(new[1], stmt.op, new[0], stmt.origin, stmt.each)
        case Augment():
            return Augment(stmt.target, stmt.op, new[0], stmt.origin)
        case If():
            pairs = zip(stmt.arms, new, strict=True)
            arms = tuple(Arm(test, arm.body, arm.origin) for arm, test in pairs)
            return If(arms, stmt.orelse, stmt.origin, stmt.path, stmt.early)
        case For():
            return For(stmt.target, tuple(new), stmt.body, stmt.origin, stmt.turns)
        case Each():
            return Each(stmt.target, new[0], stmt.body, stmt.origin, stmt.turns)
        case While():
            return While(new[0], stmt.body, stmt.origin, stmt.turns)
        case Return():
            return Return(new[0], stmt.origin)
        case Raise():
            value = new[0] if stmt.value is not None else None
            return Raise(value, stmt.origin, new[-1] if stmt.cause is not None else None)
        case With():
            items = tuple(Item(context, i.name) for context, i in zip(new, stmt.items, strict=True))
            return With(items, stmt.body, stmt.origin, stmt.again, stmt.sure)
        case Do():
            return Do(new[0], stmt.origin)
        case GradOf():
            assert isinstance(new[0], Opaque)
            return replace(stmt, lines=new[0])
        case Assert():
            return Assert(new[0], new[1] if len(new) > 1 else None, stmt.origin)
        case Push():
            return Push(stmt.list, new[0], stmt.origin)
        case Pop():
            assert isinstance(new[0], Name | Index)
            return Pop(new[0], stmt.list, stmt.origin)
        case Pass() | Comment() | Break() | Continue() | Delete() | Try():
            return stmt  # what a try catches is never ours to change
        case Loop():
            return Loop(stmt.target, new[0], stmt.body, stmt.origin)
        case Bind() | Define():
            raise AssertionError("specialize leaves none of these")
        case _:
            assert_never(stmt)


__all__ = ["change_blocks", "may_stop", "same_items", "with_body", "with_expressions"]
