"""Calls that write memory, taken out of the expressions they stand in: each becomes a statement of its own.

What Python evaluates before such a call is taken out with it, so that everything happens in the same order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tangent_like import runtime
from tangent_like.errors import Place, UnsupportedError, place_at
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assert,
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Choose,
    Compare,
    Const,
    Do,
    Each,
    Expr,
    For,
    If,
    Library,
    List,
    Logic,
    Name,
    Opaque,
    Origin,
    Push,
    Raise,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Try,
    Tuple,
    While,
    With,
)
from tangent_like.ir.walk import children, expressions, rebuild, subexpressions

Wanted = Callable[[Expr], bool]
# Of a call, with the calls below it taken out, and as it stood before: what stands for its value.
Spelled = Callable[[Call, Call, "Taker"], Expr]
# As ``Spelled``, of a call that is all of a statement; None where it is as any other.
Whole = Callable[["Do | Assign", Call, Call, "Taker"], "list[Stmt] | None"]


@dataclass(eq=False)
class Taking:
    """Goes through blocks. ``spelled`` puts the statements of a call into the taker that it is given."""

    namer: Namer
    file: str
    is_wanted: Wanted
    spelled: Spelled
    whole: Whole

    def taker(self, stmt: Stmt) -> Taker:
        return Taker(self.namer, stmt.origin, self.file, self.is_wanted, self.spelled)

    def holds(self, stmt: Stmt) -> bool:
        return any(self.is_wanted(e) for expr in expressions(stmt) for e in subexpressions(expr))

    def refuse(self, expr: Expr, stmt: Stmt) -> UnsupportedError:
        place = self.taker(stmt).place(expr)
        what = "a call that writes an array, in this place, is not differentiated"
        return UnsupportedError(what, place, "make it a statement before")

    def refuse_inside(self, expr: Expr, stmt: Stmt) -> None:
        for inner in subexpressions(expr):
            if self.is_wanted(inner):
                raise self.refuse(inner, stmt)

    def block(self, block: Block) -> Block:
        return tuple(s for stmt in block for s in self.statement(stmt))

    def statement(self, stmt: Stmt) -> list[Stmt]:
        taker = self.taker(stmt)
        match stmt:
            case If():
                first = taker(stmt.arms[0].test)
                for arm in stmt.arms[1:]:
                    self.refuse_inside(arm.test, stmt)
                tests = [first, *(a.test for a in stmt.arms[1:])]
                arms = tuple(Arm(t, self.block(a.body), a.origin) for t, a in zip(tests, stmt.arms, strict=True))
                return [*taker.out, replace(stmt, arms=arms, orelse=self.block(stmt.orelse))]
            case While():
                self.refuse_inside(stmt.test, stmt)
                return [replace(stmt, body=self.block(stmt.body))]
            case For():
                args = taker.all(stmt.args)
                return [*taker.out, replace(stmt, args=args, body=self.block(stmt.body))]
            case Each():
                iterable = taker(stmt.iterable)
                return [*taker.out, replace(stmt, iterable=iterable, body=self.block(stmt.body))]
            case With() | Try():
                return [with_blocks(stmt, self.block)]
        if not self.holds(stmt):
            return [stmt]
        match stmt:
            case Do(value) | Assign(_, (value,)) if self.is_wanted(value):
                assert isinstance(value, Call)
                plain = taker.children(value)
                assert isinstance(plain, Call)
                found = self.whole(stmt, plain, value, taker)
                if found is not None:
                    return [*taker.out, *found]
                taker = self.taker(stmt)
        return self.simple(stmt, taker)

    def simple(self, stmt: Stmt, taker: Taker) -> list[Stmt]:
        match stmt:
            case Assign(_, values):
                return self.after(taker, replace(stmt, values=taker.all(values)))
            case Store(target, op, value):
                self.refuse_inside(target, stmt)
                if op:
                    raise self.refuse(value, stmt)
                return self.after(taker, replace(stmt, value=taker(value)))
            case Augment(_, _, value) | Push(_, value):
                return self.after(taker, replace(stmt, value=taker(value)))
            case Return(value) if value is not None:
                return self.after(taker, Return(taker(value), stmt.origin))
            case Do(value):
                plain = taker(value)
                return taker.out if isinstance(plain, Name | Const) else self.after(taker, Do(plain, stmt.origin))
            case Assert() | Raise():
                for expr in expressions(stmt):
                    self.refuse_inside(expr, stmt)
        raise AssertionError(f"{type(stmt).__name__} holds no expression to take calls out of")

    def after(self, taker: Taker, stmt: Stmt) -> list[Stmt]:
        return [*taker.out, stmt]


@dataclass(eq=False)
class Taker:
    """Takes calls out of the expressions of one statement; ``out`` are the statements before it."""

    namer: Namer
    origin: Origin | None
    file: str
    is_wanted: Wanted
    spelled: Spelled
    out: list[Stmt] = field(default_factory=list)

    def place(self, expr: Expr) -> Place:
        at = getattr(expr, "at", None)
        if at is None and self.origin is not None:
            at = (self.origin.line, self.origin.column)
        return place_at(self.file, at)

    def fresh(self, expr: Expr, wanted: str) -> Name:
        name = self.namer.fresh(wanted)
        self.out.append(Assign((name,), (expr,), self.origin))
        return Name(name)

    def name(self, expr: Expr, wanted: str) -> Expr:
        return expr if isinstance(expr, Name | Const) else self.fresh(expr, wanted)

    def check(self, helper: str, *args: Expr) -> None:
        """A check at run time, of what only running can tell."""
        target = Library("tangent_like.runtime", helper, getattr(runtime, helper))
        self.out.append(Do(Call(Ref(helper, target, None, target), args), self.origin))

    def holds(self, expr: Expr) -> bool:
        return any(self.is_wanted(e) for e in subexpressions(expr))

    def __call__(self, expr: Expr) -> Expr:
        if not self.holds(expr):
            return expr
        plain = self.children(expr)
        if not self.is_wanted(expr):
            return plain
        assert isinstance(plain, Call) and isinstance(expr, Call)
        return self.spelled(plain, expr, self)

    def all(self, exprs: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """Several expressions evaluated one after the other."""
        last = max((k for k, e in enumerate(exprs) if self.holds(e)), default=-1)
        done: list[Expr] = []
        for k, expr in enumerate(exprs):
            plain = self(expr)
            done.append(self.kept(plain) if k < last else plain)
        return tuple(done)

    def children(self, expr: Expr) -> Expr:
        """The expression with calls below it taken out."""
        parts = children(expr)
        if not any(self.holds(p) for p in parts):
            return expr
        if isinstance(expr, Choose | Logic) or (isinstance(expr, Compare) and len(expr.ops) > 1):
            for part in parts[1:]:
                if self.holds(part):
                    raise UnsupportedError(
                        "a call that writes an array, in this place, is not differentiated",
                        self.place(part),
                        "make it a statement before",
                    )
        table = dict(zip(map(id, parts), self.all(parts), strict=True))
        return rebuild(expr, lambda child: table[id(child)])

    def kept(self, expr: Expr) -> Expr:
        """The value as it is now: a call that follows may write what it is made of."""
        match expr:
            case Name() | Const() | Ref() | Opaque():
                return expr
            case Slice() | Tuple() | List():
                return rebuild(expr, self.kept)
            case Attribute(Name()):
                return expr  # the method of an array: the array is looked up before, and not changed
            case Attribute():
                return rebuild(expr, self.kept)
            case _:
                return self.fresh(expr, "held")
