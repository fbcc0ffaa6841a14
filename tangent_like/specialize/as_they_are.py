"""Functions that keep notes outside, called with what carries no derivative: they run as they are, once.

Before                                       After

    def fib(n):                                  fib_value = fib(6)
        if n in MEMO:                            y = x * fib_value
            return MEMO[n]
        ...
    y = x * fib(6)

What they give carries none either. What else of the program reads what they write is asked as ever (see ``outside``).
"""

from __future__ import annotations

from types import FunctionType

from tangent_like.frontend.live import cached_function
from tangent_like.frontend.of_module import may_write_module
from tangent_like.ir.nodes import Attribute, Bind, Call, Do, Expr, Index, Ref, Stmt, Store, UserFunction
from tangent_like.ir.outside_calls import CALL
from tangent_like.ir.walk import statements
from tangent_like.specialize.operands import called_bodies
from tangent_like.specialize.outside import OTHERS, is_note
from tangent_like.specialize.outside_tables import ITEMS, MISSING, held_by
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Keywords, Leaf, Seq, Value, is_function_ref, named


def called(
    s: Spec, ref: Ref, target: UserFunction, args: list[Value], named_: Keywords, expr: Expr | None
) -> Value | None:
    """A variable with what such a call gives; None for any other call."""
    given = [*args, *(v for _, v in named_)]
    source = cached_function(target.source) or target.source
    if not isinstance(source, FunctionType) or not all(is_told(s, v) for v in given):
        return None
    call = Call(ref, tuple(map(s.materialize, args)), tuple((n, s.materialize(v)) for n, v in named_))
    writing = [stmt for body in called_bodies(s, [call]) for stmt in statements(body) if may_write_module(stmt)]
    places = [place_of(stmt) for stmt in writing]
    if not writing or any(held is MISSING for held, _ in places):
        return None
    for held, name in places:
        for noted in (name, *(f"{name}, {other}" for other in OTHERS.values())):
            s.facts.learn_outside(held, noted, False)
    own = s.fresh(f"{source.__name__}_value".strip("<>"))
    s.assign(own, Call(CALL, (ref, *call.args), call.keywords, getattr(expr, "at", None)))
    s.facts.notes.add(own)
    return named(own)


def place_of(stmt: Stmt) -> tuple[object, str]:
    """What a statement writes into, and the attribute; of a table any item of it."""
    match stmt:
        case Store(target) | Bind(target=target) if isinstance(target, Attribute):
            return held_by(target.value), target.name
        case Store(Index(value)) | Bind(target=Index(value)) | Do(Call(Attribute(value))):
            return held_by(value), ITEMS
        case _:
            return MISSING, ""


def is_told(s: Spec, value: Value) -> bool:
    """Is it a number, a text, or a tuple of some, that carries no derivative?"""
    match value:
        case Seq(items):
            return all(is_told(s, v) for v in items)
        case Leaf():
            return not is_function_ref(value) and is_note(s, value.expr)
        case _:
            return False
