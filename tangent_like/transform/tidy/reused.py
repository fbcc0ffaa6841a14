"""What a name of ours holds, read where the same is computed again in the midst of a statement.

Before                                   After

    a = p - q                                a = p - q
    r = np.sqrt(y)                           r = np.sqrt(y)
    b_bar = np.sum(a ** 2)                   b_bar = np.sum(a ** 2)
    w_bar = (p - q) / b_bar                  w_bar = a / b_bar
    x_bar = y * np.sqrt(y) - b_bar           x_bar = y * r - b_bar
    p = p * np.sin(p - q)                    p = p * np.sin(a)
    k_bar = (p - q) * b_bar                  k_bar = (p - q) * b_bar

    logp = z - lse                           logp = z - lse
    z_bar = np.exp(z - lse) * b_bar          z_bar = np.exp(logp) * b_bar

Of arrays, and of numbers that a call computes: where it stands in arithmetic, or under a function whose result is
memory of its own. The statement may be the user's, who wrote again what in an earlier one got a name for the way back;
a name of theirs is read in statements of ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Compare,
    Expr,
    Function,
    Name,
    Return,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import expressions, names, rebuild, same, subexpressions
from tangent_like.transform.tidy.blocks import change_blocks, same_items, with_body, with_expressions
from tangent_like.transform.tidy.calls import acts, makes_new
from tangent_like.transform.tidy.facts import Facts

FAR = 32  # how many names back the same value is looked for


@dataclass(frozen=True, eq=False)
class _Held:
    name: str
    value: Expr
    used: frozenset[str]
    reads: frozenset[str]
    memory: frozenset[str]
    users: bool


def reused(function: Function, facts: Facts) -> Function:
    def block(body: Block) -> Block:
        held: list[_Held] = []
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, block)
            if held and isinstance(new, Assign | Augment | Store | Return):
                new = _reading(new, held if _is_ours(new, facts) else [h for h in held if not h.users])
            out.append(new)
            if isinstance(new, Comment):
                continue
            does = facts.does(new)
            held = [h for h in held if _stays(h, does.binds, does.writes, does.anything)]
            held = [*held[-FAR:], *_found(new, facts)]
        return body if same_items(tuple(out), body) else tuple(out)

    return with_body(function, block(function.body))


def _stays(held: _Held, binds: frozenset[str], writes: frozenset[str], anything: bool) -> bool:
    if anything and held.memory:
        return False
    return not (binds & held.reads or writes & held.memory)


def _is_ours(stmt: Assign | Augment | Store | Return, facts: Facts) -> bool:
    return stmt.origin is None and not (isinstance(stmt, Assign) and any(n in facts.users for n in stmt.targets))


def _found(stmt: Stmt, facts: Facts) -> Iterator[_Held]:
    """What a statement gives names to, if they are worth to be read."""
    if not isinstance(stmt, Assign) or stmt.guard or stmt.writes or stmt.saved:
        return
    if len(stmt.targets) != len(stmt.values):
        return
    users = not facts.mine(stmt)
    for name, value in zip(stmt.targets, stmt.values, strict=True):
        if not isinstance(value, Binary | Call) or stmt.targets.count(name) > 1:
            continue
        read = names(value)
        new = isinstance(value, Binary) or makes_new(value)
        called = any(isinstance(e, Call) for e in subexpressions(value))
        if not read.isdisjoint(stmt.targets) or acts(value) or not new or not (called or facts.look_of(name).rank):
            continue
        yield _Held(name, value, read, frozenset({name, *read}), frozenset(facts.classes({name, *read})), users)


def _reading(stmt: Stmt, held: list[_Held]) -> Stmt:
    target = stmt.target if isinstance(stmt, Store) else None
    tops = {(type(h.value), h.used) for h in held}
    below = (e for top in expressions(stmt) if top is not target for e in subexpressions(top))
    if not any((type(e), names(e)) in tops for e in below):
        return stmt

    def change(expr: Expr, inside: bool) -> Expr:
        if inside and (type(expr), used := names(expr)) in tops:
            for one in reversed(held):
                if one.used == used and same(one.value, expr):
                    return Name(one.name)
        computing = isinstance(expr, Binary | Unary | Compare) or (isinstance(expr, Call) and makes_new(expr))
        return rebuild(expr, lambda e: change(e, computing))

    return with_expressions(stmt, lambda e: e if e is target else change(e, False))
