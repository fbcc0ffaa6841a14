"""Iterators that a class of the user's makes with ``__next__``: loops over them as over functions that yield.

Before                                       After

    def __next__(self):                          def __next__(self):
        if self.k == self.n:                         while True:
            raise StopIteration                          if self.k == self.n:
        self.k += 1                                          return
        return self.k * self.h                           self.k += 1
                                                         yield self.k * self.h

What it gives is asked for turn by turn, and where it stands is in the object: each loop over it goes on from there.
"""

from __future__ import annotations

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Block,
    Call,
    Const,
    Continue,
    Each,
    Expr,
    For,
    Function,
    Loop,
    Opaque,
    Raise,
    Ref,
    Return,
    Stmt,
    While,
)
from tangent_like.ir.walk import expressions, statements, subexpressions
from tangent_like.ir.yields import YIELD, yielded
from tangent_like.specialize import attributes, generators
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Fn, Handle, Lazy, is_builtin


def taken_by_turns(s: Spec, value: Handle) -> Lazy | None:
    """What a loop takes of an object whose class has ``__next__``; None where it has none, or is not followed."""
    cls = attributes.class_of(s, value)
    member = None if cls is None else cls.member("__next__")
    if member is None or member.target is None:
        return None
    method = attributes.Method(s, member)
    if not isinstance(method, Fn):
        return None
    made = s.by_turns.get(method.function)
    if made is None:
        if not is_followed(method.function):
            return None
        made = s.by_turns[method.function] = as_generator(method.function)
    fn = Fn(made, method.frame, method.defaults, method.file, method.cls, method.target)
    return generators.begun(s, fn, [value], [])


def is_followed(function: Function) -> bool:
    """Does each way through it end by a value or by ``StopIteration``, which nothing else in it may raise?"""
    if not isinstance(function.body[-1], Return | Raise):
        return False
    for stmt in statements(function.body):
        if isinstance(stmt, For | Each | Loop | While) and any(isinstance(s, Return) for s in statements(stmt.body)):
            return False  # what goes on behind the yield would be the inner loop
        if isinstance(stmt, Return) and stmt.value is None:
            return False
        for expr in expressions(stmt):
            if any(isinstance(e, Call) and _is(e.func, "next") for e in subexpressions(expr)):
                return False
    return True


def as_generator(function: Function) -> Function:
    def yielding(block: Block) -> Block:
        out: list[Stmt] = []
        for stmt in block:
            if isinstance(stmt, Return) and stmt.value is not None:
                origin = stmt.origin or function.origin
                out += [yielded(stmt.value, (origin.line, origin.column), origin), Continue(origin)]
            elif isinstance(stmt, Raise) and _stops(stmt):
                out.append(Return(None, stmt.origin))
            else:
                out.append(with_blocks(stmt, yielding))
        return tuple(out)

    body = (While(Const(True), yielding(function.body), function.origin),)
    own = function.own | {YIELD}
    return Function(function.name, function.params, body, function.origin, function.doc, "", own, function.outer)


def _stops(stmt: Raise) -> bool:
    value = stmt.value.func if isinstance(stmt.value, Call) else stmt.value
    if isinstance(value, Opaque):  # what is only told stays as it was written
        return len(value.refs) == 1 and _is(value.refs[0], "StopIteration") and not value.reads
    return _is(value, "StopIteration")


def _is(value: Expr | None, name: str) -> bool:
    return isinstance(value, Ref) and is_builtin(value, name)
