"""The slope of ``np.logaddexp(0.0, z)``, where its value is for nothing else: by the logistic function.

Before                                           After

    w * np.exp(z - np.logaddexp(0.0, z))             w / (1 + np.exp(np.minimum(-z, 709.0)))

One exponential takes a third of the time of the two functions. Of 709 it is still finite, so that NumPy warns of
nothing, and the slope there is 0 but for what is denormal; where ``z`` is infinite, it is not the difference of two
infinities. Where the value has a name, the slope is one exponential as it is. Last of all: other passes take factors
out of sums, and what is differentiated again stays finite. That such a slope is ours, in double precision, is what
``composed`` gives it: it has no place in a file.
"""

from __future__ import annotations

import numpy as np

from tangent_like.ir.build import is_number, neg, negative, np_call, signed
from tangent_like.ir.nodes import Binary, Call, Const, Expr, Function, Library, Ref, Stmt
from tangent_like.ir.walk import expressions, rebuild, same, statements, subexpressions, with_body
from tangent_like.transform.adjoints import says_adjoints, with_adjoints
from tangent_like.transform.factors import Factor, chained, factors

MOST = 709.0  # of which the exponential is finite


def logistic_slopes(function: Function) -> Function:
    """The function with such slopes said so."""
    said = (top for s in statements(function.body) if says_adjoints(s) for top in expressions(s))
    if not any(_under(e) is not None for top in said for e in subexpressions(top)):
        return function
    return with_body(function, with_adjoints(function.body, _changed))


def _changed(expr: Expr, before: list[Stmt]) -> Expr:
    return rebuild(_divided(expr), lambda e: _changed(e, before))


def _divided(expr: Expr) -> Expr:
    """A product by such slopes: what else is multiplied comes first."""
    rest: list[Factor] = []
    under: list[Factor] = []
    minus = False
    for op, factor in factors(expr):
        body, sign = negative(factor)
        found = _under(body) if op == "*" else None
        minus ^= sign and found is not None
        (rest if found is None else under).append((op, factor) if found is None else ("/", found))
    if not under:
        return expr
    first = next((k for k, (op, _) in enumerate(rest) if op == "*"), None)
    return signed(chained([("*", Const(1)) if first is None else rest.pop(first), *rest, *under]), minus)


def _under(expr: Expr) -> Expr | None:
    """``1 + np.exp(np.minimum(-z, 709.0))`` of ``np.exp(z - np.logaddexp(0.0, z))``."""
    match expr:
        case Call(Ref(target=Library(obj=np.exp)), (Binary("-", z, value, None),), (), None):
            pass
        case _:
            return None
    match value:
        case Call(Ref(target=Library(obj=np.logaddexp)), (a, b), ()):
            zero, other = (a, b) if is_number(a, 0) else (b, a)
            ours = is_number(zero, 0) and same(other, z)
            return Binary("+", Const(1), np_call("exp", np_call("minimum", neg(z), Const(MOST)))) if ours else None
        case _:
            return None
