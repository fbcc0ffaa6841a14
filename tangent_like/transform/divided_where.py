"""Quotients of arrays that are 0 where what they are divided by is 0: by what NumPy has for that.

Before                                            After

    t_bar = quotient(s_bar, s * len(x))               t_bar = np.divide(
                                                          s_bar, s * len(x), out=np.zeros_like(s), where=s != 0.0
                                                      )

In adjoints, of arrays in double precision whose sizes are known to be equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial

from tangent_like.ir.build import is_number, np_call
from tangent_like.ir.nodes import Attribute, Binary, Call, Compare, Const, Expr, Function, Name, Stmt
from tangent_like.ir.walk import binds, expressions, reads, rebuild, statements, subexpressions, with_body
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind
from tangent_like.transform.adjoints import with_adjoints
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import size_said
from tangent_like.transform.standing import Standing, Surroundings
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import find_facts


def divided_where(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with such quotients said so; ``kinds`` are those of its names."""
    every = statements(function.body)
    if not any(_quotient(e) for s in every for top in expressions(s) for e in subexpressions(top)):
        return function
    uses = Counter(n for s in every for n in {*reads(s), *binds(s)})
    around = Surroundings(find_facts(function, frozenset(), kinds), kinds, uses, Classes.of(sizes.used))
    return with_body(function, with_adjoints(function.body, partial(_changed, around)))


def _quotient(expr: Expr) -> tuple[Expr, Expr, Name] | None:
    """What is divided, by what, and the first factor of that."""
    match expr:
        case Call(args=(over, under), keywords=()) if (target := library(expr)) is not None:
            if origin_of(target) != ("runtime", "quotient"):
                return None
        case _:
            return None
    first = under
    while isinstance(first, Binary) and first.op == "*" and not is_number(first.left):
        first = first.left
    return (over, under, first) if isinstance(first, Name) else None


def _changed(around: Surroundings, expr: Expr, before: list[Stmt]) -> Expr:
    found = _quotient(expr)
    if found is None:
        return rebuild(expr, lambda e: _changed(around, e, before))
    over, under, first = found
    at = Standing(around, before, ())
    shape = around.dims(first.id)
    others = under
    while isinstance(others, Binary):
        if not _is_size(others.right, around.kinds):
            return expr
        others = others.left
    if not shape or at.dims(over) != shape:
        return expr
    apart = Compare(first, ("!=",), (Const(0.0),))
    return np_call("divide", over, under, out=np_call("zeros_like", first), where=apart)


def _is_size(expr: Expr, kinds: Mapping[str, Kind]) -> bool:
    """A number that is 0 only where there are no entries at all."""
    match expr:
        case Const(int() | float() as value):
            return value != 0
        case Attribute(_, "size"):
            return True
        case _:
            return not isinstance(expr, Name) and size_said(expr, kinds) is not None
