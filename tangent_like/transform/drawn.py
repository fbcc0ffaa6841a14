"""Each draw is a statement of its own, in the order of the program.

Before                                          After

    y = rng.normal() + m * rng.normal()             drawn = rng.normal()
                                                    drawn_2 = rng.normal()
                                                    y = drawn + m * drawn_2

What the way back says again must not draw again, and what gets a name must not be drawn before the rest. Calls of
the user's functions, which may draw as well, keep their places among the draws.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Call,
    Choose,
    Comprehension,
    Each,
    Expr,
    For,
    Function,
    Lambda,
    Logic,
    Name,
    Origin,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    UserFunction,
)
from tangent_like.ir.walk import rebuild, subexpressions, with_body
from tangent_like.rules.draws import drawn_by, drawn_in

UNSURE = (Choose, Logic, Lambda, Comprehension)


def draws_in_order(function: Function, namer: Namer) -> Function:
    return with_body(function, _block(function.body, namer)) if drawn_in(function) else function


def _block(block: Block, namer: Namer) -> Block:
    out: list[Stmt] = []
    for stmt in block:
        out.extend(_statement(stmt, namer))
    return tuple(out)


def _statement(stmt: Stmt, namer: Namer) -> list[Stmt]:
    stmt = with_blocks(stmt, lambda inner: _block(inner, namer))
    match stmt:
        case Assign(values=values):
            taker = _Taker(namer, stmt.origin)
            found = taker.taken(values, True)
            return [*taker.out, replace(stmt, values=found) if taker.out else stmt]
        case Augment() | Push():
            taker = _Taker(namer, stmt.origin)
            (value,) = taker.taken((stmt.value,))
            return [*taker.out, replace(stmt, value=value) if taker.out else stmt]
        case Store():
            taker = _Taker(namer, stmt.origin)
            value, target = taker.taken((stmt.value, stmt.target))
            return [*taker.out, replace(stmt, value=value, target=target) if taker.out else stmt]  # type: ignore[arg-type]
        case Return() if stmt.value is not None:
            taker = _Taker(namer, stmt.origin)
            (value,) = taker.taken((stmt.value,))
            return [*taker.out, replace(stmt, value=value) if taker.out else stmt]
        case Each() | For():  # what is gone over is asked for again on the way back
            taker = _Taker(namer, stmt.origin)
            values = (stmt.iterable,) if isinstance(stmt, Each) else stmt.args
            if not any(drawn_by(e) for value in values for e in subexpressions(value)):
                return [stmt]
            found = tuple(map(taker.change, values))
            made = replace(stmt, iterable=found[0]) if isinstance(stmt, Each) else replace(stmt, args=found)
            return [*taker.out, made]
        case _:
            return [stmt]


class _Taker:
    def __init__(self, namer: Namer, origin: Origin | None) -> None:
        self.namer, self.origin = namer, origin
        self.out: list[Stmt] = []

    def taken(self, values: tuple[Expr, ...], whole: bool = False) -> tuple[Expr, ...]:
        """The expressions with names for what they draw; ``whole``: a draw by itself has one."""
        drawn = [e for value in values for e in subexpressions(value) if drawn_by(e)]
        if not drawn or (len(drawn) == 1 and len(values) == 1 and drawn[0] is values[0] and whole):
            return values
        if len(values) == 1 and whole and moves(values[0]):  # it stands alone already, and may say what it writes
            return (rebuild(values[0], self.change),)
        return tuple(self.change(value) for value in values)

    def change(self, expr: Expr) -> Expr:
        if isinstance(expr, Choose):  # its condition is asked in any case
            expr = replace(expr, test=self.change(expr.test))
        if isinstance(expr, UNSURE):
            if any(drawn_by(e) for e in subexpressions(expr)):
                hint = "draw in statements of their own"
                what = "a draw that may or may not happen, beside others, is not differentiated"
                raise UnsupportedError(what, place_of(self.origin), hint)
            return expr
        made = rebuild(expr, self.change)
        if not moves(expr):
            return made
        name = self.namer.fresh("drawn")
        self.out.append(Assign((name,), (made,), self.origin))
        return Name(name)


def moves(expr: Expr) -> bool:
    """May it move a generator?"""
    user = isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, UserFunction)
    return user or bool(drawn_by(expr))
