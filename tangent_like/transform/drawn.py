"""Each draw is a statement of its own, in the order of the program.

Before                                          After

    y = rng.normal() + m * rng.normal()             drawn = rng.normal()
                                                    drawn_2 = rng.normal()
                                                    y = drawn + m * drawn_2

What the way back says again must not draw again, and what gets a name must not be drawn before the rest. Calls of
the user's functions, which may draw as well, keep their places among the draws; those that do, or that write outside
of the program, are draws to whoever asks: ``sample(rng) * sample(rng)`` are two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.calls import called_name
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Block,
    Call,
    Choose,
    Compare,
    Comprehension,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    Lambda,
    Logic,
    Name,
    Origin,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    Unary,
    UserFunction,
)
from tangent_like.ir.walk import called_by, rebuild, subexpressions, with_body
from tangent_like.rules.draws import drawn_by

Happens = Callable[[UserFunction], bool]


def draws_in_order(function: Function, namer: Namer, happens: Happens) -> Function:
    """``happens``: may a call of a function of the user's not be made twice?"""
    asked: dict[UserFunction, bool] = {}

    def once(target: UserFunction) -> bool:
        if target not in asked:
            asked[target] = happens(target)
        return asked[target]

    return with_body(function, _block(function.body, namer, once))


def _block(block: Block, namer: Namer, once: Happens) -> Block:
    out: list[Stmt] = []
    for stmt in block:
        out.extend(_statement(stmt, namer, once))
    return tuple(out)


def _statement(stmt: Stmt, namer: Namer, once: Happens) -> list[Stmt]:
    stmt = with_blocks(stmt, lambda inner: _block(inner, namer, once))
    match stmt:
        case Assign((bound,), (Choose() as choice,)) if _Taker(namer, stmt.origin, once).is_branch(choice):
            return _Taker(namer, stmt.origin, once).branch(bound, choice)
        case Assign(values=values):
            taker = _Taker(namer, stmt.origin, once)
            found = taker.taken(values, True)
            return [*taker.out, replace(stmt, values=found) if taker.out else stmt]
        case Augment() | Push():
            taker = _Taker(namer, stmt.origin, once)
            (value,) = taker.taken((stmt.value,))
            return [*taker.out, replace(stmt, value=value) if taker.out else stmt]
        case Store():
            taker = _Taker(namer, stmt.origin, once)
            value, target = taker.taken((stmt.value, stmt.target))
            return [*taker.out, replace(stmt, value=value, target=target) if taker.out else stmt]  # type: ignore[arg-type]
        case Return() if stmt.value is not None:
            taker = _Taker(namer, stmt.origin, once)
            (value,) = taker.taken((stmt.value,))
            return [*taker.out, replace(stmt, value=value) if taker.out else stmt]
        case Each() | For():  # what is gone over is asked for again on the way back
            taker = _Taker(namer, stmt.origin, once)
            values = (stmt.iterable,) if isinstance(stmt, Each) else stmt.args
            if not any(taker.happens(e) for value in values for e in subexpressions(value)):
                return [stmt]
            found = tuple(map(taker.change, values))
            made = replace(stmt, iterable=found[0]) if isinstance(stmt, Each) else replace(stmt, args=found)
            return [*taker.out, made]
        case _:
            return [stmt]


class _Taker:
    def __init__(self, namer: Namer, origin: Origin | None, once: Happens) -> None:
        self.namer, self.origin, self.once = namer, origin, once
        self.direct = True  # is there a draw among them that no function of the user's makes?
        self.out: list[Stmt] = []

    def taken(self, values: tuple[Expr, ...], whole: bool = False) -> tuple[Expr, ...]:
        """The expressions with names for what they draw; ``whole``: a draw by itself has one."""
        drawn = [e for value in values for e in subexpressions(value) if self.happens(e)]
        self.direct = any(map(drawn_by, drawn))
        if not drawn or (len(drawn) == 1 and len(values) == 1 and drawn[0] is values[0] and whole):
            return values
        if len(values) == 1 and whole and moves(values[0]):  # it stands alone already, and may say what it writes
            return (rebuild(values[0], self.change),)
        return tuple(self.change(value) for value in values)

    def happens(self, expr: Expr) -> bool:
        called = called_by(expr)
        return bool(drawn_by(expr)) or (called is not None and self.once(called))

    def change(self, expr: Expr) -> Expr:
        if self.is_branch(expr):
            name = self.namer.fresh("value")
            self.out = self.branch(name, expr)  # behind what is there already
            return Name(name)
        if isinstance(expr, Lambda | Comprehension):
            if any(drawn_by(e) for e in subexpressions(expr)):
                hint = "draw in statements of their own"
                what = "a draw that may or may not happen, beside others, is not differentiated"
                raise UnsupportedError(what, place_of(self.origin), hint)
            return expr
        made = rebuild(expr, self.change)
        if not moves(expr):
            return made
        wanted = "drawn"
        if not self.direct and isinstance(expr, Call) and isinstance(expr.func, Ref):
            wanted = f"{called_name(expr.func)}_value"
        name = self.namer.fresh(wanted)
        self.out.append(Assign((name,), (made,), self.origin))
        return Name(name)

    def is_branch(self, expr: Expr) -> bool:
        """Is it one that may or may not draw, by a value that comes before?"""
        match expr:
            case Choose(_, body, orelse):
                later: tuple[Expr, ...] = (body, orelse)
            case Logic(_, (_, *values)):
                later = tuple(values)
            case Compare(_, _, (_, *rights)):
                later = tuple(rights)
            case _:
                return False
        return any(self.happens(e) for part in later for e in subexpressions(part))

    def branch(self, name: str, expr: Expr) -> list[Stmt]:
        """``name = expr`` by branches."""
        match expr:
            case Choose(test, body, orelse):
                test = self.change(test)
                arm = Arm(test, self.bound(name, body), self.origin)
                return self.after([If((arm,), self.bound(name, orelse), self.origin)])
            case Logic(op, (first, *rest)):
                begun = Assign((name,), (self.change(first),), self.origin)
                test = Name(name) if op == "and" else Unary("not", Name(name))
                more = rest[0] if len(rest) == 1 else replace(expr, values=tuple(rest))
                return self.after([begun, If((Arm(test, self.bound(name, more), self.origin),), (), self.origin)])
            case Compare(left, (op, *ops), (middle, *rights)):
                left, middle = self.change(left), self.change(middle)
                if not isinstance(middle, Name | Const):
                    held = self.namer.fresh("held")
                    self.out.append(Assign((held,), (middle,), self.origin))
                    middle = Name(held)
                pair = Compare(left, (op,), (middle,), expr.at)
                return self.branch(name, Logic("and", (pair, Compare(middle, tuple(ops), tuple(rights), expr.at))))
        raise AssertionError("nothing of it may or may not happen")

    def after(self, made: list[Stmt]) -> list[Stmt]:
        """Behind what has been taken out already."""
        out, self.out = [*self.out, *made], []
        return out

    def bound(self, name: str, value: Expr) -> Block:
        return tuple(_statement(Assign((name,), (value,), self.origin), self.namer, self.once))


def moves(expr: Expr) -> bool:
    """May it move a generator?"""
    user = isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, UserFunction)
    return user or bool(drawn_by(expr))
