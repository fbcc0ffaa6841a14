"""Statements with their expressions changed and the names that they bind renamed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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
    GradOf,
    Handler,
    If,
    Index,
    Item,
    List,
    Loop,
    Name,
    Opaque,
    Pass,
    Pop,
    Push,
    Raise,
    Return,
    Starred,
    Stmt,
    Store,
    Try,
    Tuple,
    While,
    With,
)
from tangent_like.ir.walk import names, rebuild, substitute


def _renamed(target: Expr, change: Callable[[Expr], Expr], rename: Callable[[str], str]) -> Expr:
    """A target with the names that it binds renamed, and its places changed."""
    match target:
        case Name():
            return Name(rename(target.id), target.at)
        case Tuple() | List() | Starred():
            return rebuild(target, lambda inner: _renamed(inner, change, rename))
        case _:
            return change(target)


def rewrite(stmt: Stmt, change: Callable[[Expr], Expr], rename: Callable[[str], str]) -> Stmt:
    """The statement (inner blocks too) with expressions changed and bound names renamed."""

    def inner(block: Block) -> Block:
        return tuple(rewrite(s, change, rename) for s in block)

    match stmt:
        case Assign():
            targets = tuple(rename(t) for t in stmt.targets)
            saved = rename(stmt.saved) if stmt.saved else ""
            guard = None if stmt.guard is None else (change(stmt.guard[0]), stmt.guard[1])
            writes = tuple(rename(n) for n in stmt.writes)
            return Assign(targets, tuple(change(v) for v in stmt.values), stmt.origin, saved, guard, writes)
        case Store():
            target = change(stmt.target)
            assert isinstance(target, Index)
            return Store(target, stmt.op, change(stmt.value), stmt.origin, stmt.each)
        case Augment():
            return Augment(rename(stmt.target), stmt.op, change(stmt.value), stmt.origin)
        case If():
            arms = tuple(Arm(change(arm.test), inner(arm.body), arm.origin) for arm in stmt.arms)
            path = rename(stmt.path) if stmt.path else ""
            return If(arms, inner(stmt.orelse), stmt.origin, path, stmt.early)
        case For():
            args, turns = tuple(change(a) for a in stmt.args), rename(stmt.turns) if stmt.turns else ""
            walked = tuple(map(rename, stmt.walked))
            return For(rename(stmt.target), args, inner(stmt.body), stmt.origin, turns, stmt.slots, walked)
        case Each():
            turns = rename(stmt.turns) if stmt.turns else ""
            made = (rename(stmt.target), change(stmt.iterable), inner(stmt.body), stmt.origin, turns, stmt.slots)
            return Each(*made)
        case While():
            return While(change(stmt.test), inner(stmt.body), stmt.origin, stmt.turns)
        case Return():
            return Return(change(stmt.value) if stmt.value is not None else None, stmt.origin, stmt.idle)
        case Do():
            return Do(change(stmt.value), stmt.origin)
        case GradOf():
            lines = substitute(change(stmt.lines), {n: Name(rename(n)) for n in stmt.own})
            name = change(Name(stmt.name)) if stmt.name else Name("")
            assert isinstance(lines, Opaque) and isinstance(name, Name)
            bar = stmt.bar if stmt.name else rename(stmt.bar)
            own = tuple(map(rename, stmt.own))
            return GradOf(name.id, bar, lines, stmt.changes, stmt.keeps, own, stmt.origin)
        case Assert():
            message = change(stmt.message) if stmt.message is not None else None
            return Assert(change(stmt.test), message, stmt.origin)
        case Raise():
            value = change(stmt.value) if stmt.value is not None else None
            return Raise(value, stmt.origin, change(stmt.cause) if stmt.cause is not None else None)
        case With():
            items = tuple(Item(change(i.context), rename(i.name) if i.name else "") for i in stmt.items)
            return With(items, inner(stmt.body), stmt.origin, stmt.again, stmt.sure)
        case Try():
            handlers = tuple(
                Handler(
                    change(h.type) if h.type is not None else None,
                    rename(h.name) if h.name else "",
                    inner(h.body),
                    h.origin,
                )
                for h in stmt.handlers
            )
            failed = rename(stmt.failed) if stmt.failed else ""
            body = inner(stmt.body)
            return Try(body, handlers, inner(stmt.final), stmt.origin, failed, inner(stmt.orelse))
        case Delete():
            return Delete(rename(stmt.name), stmt.origin)
        case Push():
            return Push(rename(stmt.list), change(stmt.value), stmt.origin)
        case Pop():
            old = stmt.target
            new = Name(rename(old.id), old.at) if isinstance(old, Name) else old and change(old)
            return Pop(new, rename(stmt.list), stmt.origin)  # type: ignore[arg-type]
        case Pass() | Comment() | Break() | Continue():
            return stmt
        case Bind():
            return Bind(_renamed(stmt.target, change, rename), stmt.op, change(stmt.value), stmt.origin)
        case Loop():
            target = _renamed(stmt.target, change, rename)
            return Loop(target, change(stmt.iterable), inner(stmt.body), stmt.origin)
        case Define():
            raise AssertionError("a function is not rewritten with what is around it")
        case _:
            assert_never(stmt)


def guarding(stmt: Stmt) -> frozenset[str]:
    """The names that say where an adjoint flows, which ``reads`` leaves out."""
    guard = stmt.guard if isinstance(stmt, Assign) else None
    return frozenset() if guard is None else names(guard[0])


def bound_once(stmt: Assign, fresh: Callable[[str], str]) -> Assign:
    """``b, b = rows[k]`` as ``b_2, b = rows[k]``: the last stays, and each place has a name of its own."""
    targets = stmt.targets
    if len(set(targets)) == len(targets):
        return stmt
    return replace(stmt, targets=tuple(fresh(t) if t in targets[k + 1 :] else t for k, t in enumerate(targets)))
