"""``try``: forward as written; the way back goes through the body if that ran to its end.

Before                          After, forward

    try:                            y_saved_start = len(y_saved)
        for k in range(n):          try:
            y = y * w[k]                for k in range(n):
    except IndexError:                      y_saved.append(y)
        failed = True                       y = y * w[k]
                                    except IndexError:
                                        y_saved = y_saved[:y_saved_start]
                                        failed = True
"""

from __future__ import annotations

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Block,
    Call,
    Do,
    Handler,
    If,
    Index,
    Name,
    Pass,
    Pop,
    Push,
    Slice,
    Stmt,
    Store,
    Try,
    Unary,
)
from tangent_like.ir.walk import binds, bound_in, statements
from tangent_like.transform.accumulate import State
from tangent_like.transform.once_only import is_once_only
from tangent_like.transform.statements.assign import keep, restore
from tangent_like.transform.statements.blocks import at_end
from tangent_like.transform.statements.branch import alternatives, choose
from tangent_like.transform.sweep import Sweep
from tangent_like.transform.tangents import Tangents


def forward(stmt: Try, sweep: Sweep) -> list[Stmt]:
    body = sweep.forward(stmt.body, sweep)
    starts: dict[str, str] = {}
    if stmt.failed:
        refuse_half_done(stmt, body)
        own = {inner.list for inner in statements(stmt.body) if isinstance(inner, Push)}  # the user's
        kept = [inner.list for inner in statements(body) if isinstance(inner, Push) and inner.list not in own]
        starts = {list_: sweep.namer.fresh(f"{list_}_start") for list_ in dict.fromkeys(kept)}
    body = at_end(stmt, 0, body, sweep)
    shortened = tuple(Assign((n,), (Index(Name(n), Slice(None, Name(start), None)),)) for n, start in starts.items())
    handlers = tuple(
        Handler(h.type, h.name, (*shortened, *sweep.forward(h.body, sweep)) or (Pass(),), h.origin)
        for h in stmt.handlers
    )
    final = sweep.forward(stmt.final, sweep)
    lengths = [Assign((start,), (Call(builtin_ref("len"), (Name(n),)),)) for n, start in starts.items()]
    return [*keep(stmt, sweep), *lengths, Try(body or (Pass(),), handlers, final, stmt.origin, stmt.failed)]


def refuse_half_done(stmt: Try, body: Block) -> None:
    """What lists and arrays hold when an exception comes would have to be undone by half.

    The user's own lines write only into what the body has made: see ``half_written``.
    """
    own = set(statements(stmt.body))
    for inner in statements(body):
        if isinstance(inner, Pop | Store) and inner not in own:
            raise UnsupportedError(
                "a try whose body changes lists or arrays that its derivative needs is not differentiated",
                place_of(stmt.origin),
                "put what cannot fail before or after the try",
            )


def reverse(stmt: Try, state: State, sweep: Sweep) -> list[Stmt]:
    out = sweep.backward(stmt.final, state, sweep)
    if not stmt.failed:
        return [*out, *sweep.backward(stmt.body, state, sweep), *restore(stmt, sweep)]
    bodies = alternatives(stmt, {0: stmt.body, 1: ()}, state, sweep)
    whole = Unary("not", Name(stmt.failed))
    arms = (Arm(whole, stmt.body, stmt.origin),)
    return [*out, *choose(arms, stmt.origin, [whole], [tuple(b) for b in bodies]), *restore(stmt, sweep)]


def tangent(stmt: Try, sweep: Tangents) -> list[Stmt]:
    """Forward mode: where the body ran to its end it is run again, with its tangents.

    An exception that only a tangent raises is none of the primal's, and no handler may see it.
    """
    if not stmt.failed:
        handlers = tuple(Handler(h.type, h.name, sweep.block(h.body, sweep), h.origin) for h in stmt.handlers)
        final = sweep.block(stmt.final, sweep)
        return [Try(sweep.block(stmt.body, sweep) or (Pass(),), handlers, final, stmt.origin)]
    acts = any(s in sweep.activity.acts for s in statements(stmt.body))
    if not acts and not any(map(sweep.has_dot, bound_in(stmt.body))):
        return [stmt]  # else the names that it binds to constants get their zeros
    again = said_again(tuple(s for s in stmt.body if not is_kept(stmt, s, sweep)), sweep)
    return [stmt, If((Arm(Unary("not", Name(stmt.failed)), again, stmt.origin),), ())]


def is_kept(stmt: Try, inner: Stmt, sweep: Tangents) -> bool:
    """Is it done once and for all, as the body ran: what is printed, and what draws a constant that it binds alone?"""
    if isinstance(inner, Do):
        return True
    if not isinstance(inner, Assign) or inner in sweep.activity.acts or not is_once_only(inner, sweep.happens_once):
        return False
    bound = [n for s in statements(stmt.body) for n in binds(s)]
    return all(bound.count(n) == 1 for n in inner.targets) and not any(map(sweep.has_dot, inner.targets))


def said_again(body: Block, sweep: Tangents) -> Block:
    for inner in statements(body):
        if is_once_only(inner, sweep.happens_once):
            raise UnsupportedError(
                "forward mode through a try that draws at random, or writes outside of the program, by what carries "
                "derivatives, or not at its top, is not differentiated",
                place_of(getattr(inner, "origin", None)),
                "do that ahead of the try, or use reverse mode",
            )
    return without_prints(sweep.block(body, sweep))


def without_prints(body: Block) -> Block:
    kept = tuple(with_blocks(s, without_prints) for s in body if not isinstance(s, Do))
    return kept if kept or not body else (Pass(),)
