"""Statements taken apart and put together again: the same object where nothing changed."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.never import assert_never
from tangent_like.ir.nodes import (
    Arm,
    Assert,
    Assign,
    Augment,
    Bind,
    Block,
    Comment,
    Define,
    Do,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Loop,
    Name,
    Pass,
    Pop,
    Push,
    Raise,
    Return,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.walk import expressions


def with_body(function: Function, body: Block) -> Function:
    if same_items(body, function.body):
        return function
    origin, doc, returns = function.origin, function.doc, function.returns
    return Function(function.name, function.params, body, origin, doc, returns)


def same_items(a: Block, b: Block) -> bool:
    return len(a) == len(b) and all(x is y for x, y in zip(a, b, strict=True))


def change_blocks(stmt: Stmt, change: Callable[[Block], Block]) -> Stmt:
    """The statement with each of its inner blocks changed, in the order of the text."""
    match stmt:
        case If():
            bodies = [change(arm.body) for arm in stmt.arms]
            orelse = change(stmt.orelse)
            if same_items(orelse, stmt.orelse) and all(
                same_items(new, arm.body) for new, arm in zip(bodies, stmt.arms, strict=True)
            ):
                return stmt
            pairs = zip(stmt.arms, bodies, strict=True)
            arms = tuple(Arm(arm.test, body, arm.origin) for arm, body in pairs)
            return If(arms, orelse, stmt.origin, stmt.path)
        case For() | Each() | While():
            body = change(stmt.body)
            return stmt if same_items(body, stmt.body) else _with_inner(stmt, body)
        case _:
            return stmt


def _with_inner(stmt: For | Each | While, body: Block) -> Stmt:
    match stmt:
        case For():
            return For(stmt.target, stmt.args, body, stmt.origin)
        case Each():
            return Each(stmt.target, stmt.iterable, body, stmt.origin)
        case While():
            return While(stmt.test, body, stmt.origin, stmt.turns)
        case _:
            assert_never(stmt)


def with_expressions(stmt: Stmt, change: Callable[[Expr], Expr]) -> Stmt:
    """The statement with its own expressions changed, in the order of ``walk.expressions``."""
    old = expressions(stmt)
    new = [change(e) for e in old]
    if all(a is b for a, b in zip(old, new, strict=True)):
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
            return If(arms, stmt.orelse, stmt.origin, stmt.path)
        case For():
            return For(stmt.target, tuple(new), stmt.body, stmt.origin)
        case Each():
            return Each(stmt.target, new[0], stmt.body, stmt.origin)
        case While():
            return While(new[0], stmt.body, stmt.origin, stmt.turns)
        case Return():
            return Return(new[0], stmt.origin)
        case Raise():
            return Raise(new[0], stmt.origin)
        case Do():
            return Do(new[0], stmt.origin)
        case Assert():
            return Assert(new[0], new[1] if len(new) > 1 else None, stmt.origin)
        case Push():
            return Push(stmt.list, new[0], stmt.origin)
        case Pop():
            assert isinstance(new[0], Name | Index)
            return Pop(new[0], stmt.list, stmt.origin)
        case Pass() | Comment():
            return stmt
        case Bind() | Loop() | Define():
            raise AssertionError("specialize leaves none of these")
        case _:
            assert_never(stmt)
