"""Boolean masks of arrays of several axes, which Numba takes of one axis only.

Before                                           After

    t = X[M] ** 2                                    t = X.ravel()[M.ravel()] ** 2
    X_bar[M] += 2 * t_bar                            put_masked(X_bar, M, X_bar.ravel()[M.ravel()] + 2 * t_bar)

A number that goes wherever the mask says becomes a loop (``lower``).
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.analysis.seen import Env
from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Do,
    Expr,
    Function,
    Index,
    Push,
    Return,
    Stmt,
    Store,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import expressions, rebuild, subexpressions, with_body
from tangent_like.kinds.kind import Array
from tangent_like.transform.runtime_refs import helper


def with_masks(function: Function, typing: Typing) -> Function:
    """The function with masks of one axis; facts are known of the new statements too."""

    def block(body: Block) -> Block:
        return tuple(map(statement, body))

    def statement(stmt: Stmt) -> Stmt:
        env = typing.before.get(stmt)
        if not isinstance(stmt, Assign | Augment | Store | Push | Return | Do):
            inner = with_blocks(stmt, block)
            if inner is not stmt and env is not None:
                typing.before[inner] = env
            return inner
        if env is None or not any(_masks(e, typing, env) for whole in expressions(stmt) for e in subexpressions(whole)):
            return stmt
        made = _put(stmt, typing, env) if isinstance(stmt, Store) else rewrite(stmt, _reader(typing, env), lambda n: n)
        typing.before[made] = env
        if stmt in typing.after:
            typing.after[made] = typing.after[stmt]
        return made

    return with_body(function, block(function.body))


def _masks(expr: Expr, typing: Typing, env: Env) -> bool:
    if not isinstance(expr, Index):
        return False
    whole, mask = typing.kind(expr.value, env), typing.kind(expr.index, env)
    if not isinstance(whole, Array) or not isinstance(mask, Array) or mask.dtype != "bool":
        return False
    if whole.dims is None or mask.dims is None or not 1 < len(mask.dims) == len(whole.dims):
        return False
    return all(typing.sizes.same(a, b) for a, b in zip(whole.dims, mask.dims, strict=True))


def _reader(typing: Typing, env: Env) -> Callable[[Expr], Expr]:
    """Changes what is read through masks in an expression."""

    def change(expr: Expr) -> Expr:
        new = rebuild(expr, change)
        return _read(new) if _masks(expr, typing, env) else new

    return change


def _read(expr: Expr) -> Expr:
    assert isinstance(expr, Index)
    flat = (Call(Attribute(e, "ravel"), ()) for e in (expr.value, expr.index))
    return Index(next(flat), next(flat), expr.at)


def _put(stmt: Store, typing: Typing, env: Env) -> Stmt:
    read = _reader(typing, env)
    value = read(stmt.value)
    if not _masks(stmt.target, typing, env) or not isinstance(typing.kind(stmt.value, env), Array):
        return Store(stmt.target, stmt.op, value, stmt.origin, stmt.each)
    if stmt.op:
        value = Binary(stmt.op, _read(stmt.target), value)
    return Do(Call(helper("put_masked"), (stmt.target.value, stmt.target.index, value)), stmt.origin)
