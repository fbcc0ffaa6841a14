"""Shares of operands that may be equal, as two halves: a processor asks both at once, and of several turns.

Before                                                       After

    t_bar = s_bar * (1.0 if a > b                                t_bar = s_bar * ((0.5 if a > b else 0.0)
        else 0.5 if a == b else 0.0)                                 + (0.5 if a >= b else 0.0))

Of one question after another the second waits for the first, and a loop that is taken several turns at once asks for
each turn both, one under the mask of the other.
"""

from __future__ import annotations

from tangent_like.ir.nodes import Binary, Choose, Compare, Const, Expr, Function
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import key, rebuild, with_body


def with_halves(function: Function) -> Function:
    return with_body(function, tuple(rewrite(s, _halves, lambda name: name) for s in function.body))


def _halves(expr: Expr) -> Expr:
    expr = rebuild(expr, _halves)
    match expr:
        case Choose(
            Compare(a, (">" | "<" as op,), (b,)) as first,
            Const(1.0),
            Choose(Compare(c, ("==",), (d,)), Const(0.5), Const(0.0)),
        ) if key(a) == key(c) and key(b) == key(d):
            half, zero = Const(0.5), Const(0.0)
            either = Compare(a, (f"{op}=",), (b,))
            return Binary("+", Choose(first, half, zero), Choose(either, half, zero))
        case _:
            return expr
