"""Narrow numbers as they are where wider ones stand beside them: NumPy makes the one of the other.

Before                                      After

    x_bar = y_bar * m.astype("float64")         x_bar = y_bar * m
    z_bar = m.astype("float64") * m             z_bar = m.astype('float64') * m

Of whole numbers alone the product would wrap, of narrow floating-point ones it would be rounded. The casts are ours
(``transform/widened.py``). It comes last: what takes products apart again would have to see them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from operator import is_not

import numpy as np

from tangent_like.ir.casts import OPERATORS, inside, parts, together
from tangent_like.ir.nodes import (
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Ref,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import expressions, rebuild, statements, subexpressions, with_body
from tangent_like.transform.tidy.algebra import is_float
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions
from tangent_like.transform.tidy.calls import LIKE
from tangent_like.transform.tidy.facts import Facts


def promoted(function: Function, facts: Facts) -> Function:
    """The function without casts that say what NumPy does anyway."""
    tops = (e for stmt in statements(function.body) for e in expressions(stmt))
    if all(inside(part) is None for top in tops for part in subexpressions(top)):
        return function

    def block(body: Block) -> Block:
        return tuple(one(stmt) for stmt in body)

    def one(stmt: Stmt) -> Stmt:
        new = with_expressions(stmt, lambda e: plain(e, facts))
        if isinstance(new, Augment | Store) and new.op in OPERATORS:
            target = Name(new.target) if isinstance(new, Augment) else new.target
            new = replace(new, value=bared(new.value, (target,), facts))
        return change_blocks(new, block)

    return with_body(function, block(function.body))


def plain(expr: Expr, facts: Facts) -> Expr:
    new = rebuild(expr, lambda part: plain(part, facts))
    match new:
        case Binary(op, left, right) if op in OPERATORS:
            two = bared(right, (left,), facts)
            if two is not right:
                return Binary(op, left, two, new.at)
            one = bared(left, (right,), facts)
            return Binary(op, one, right, new.at) if one is not left else new
        case Call(Ref(target=Library(module, name)), args, keywords) if together(module, name):
            others = [a for a in args if uncast(a) is None] or args[:1]
            bare = tuple(a if a is others[0] else bared(a, others, facts) for a in args)
            return Call(new.func, bare, keywords, new.at) if any(map(is_not, args, bare)) else new
    return new


def uncast(expr: Expr) -> tuple[Expr, str] | None:
    """What our cast makes floating-point numbers of, as it is taken from or transposed, and of which dtype."""
    match expr:
        case Attribute(value, "T") if (found := uncast(value)) is not None:
            return Attribute(found[0], "T", expr.at), found[1]
        case Index(value, index) if (found := uncast(value)) is not None:
            return Index(found[0], index, expr.at), found[1]
        case _:
            return parts(expr)


def bared(expr: Expr, others: Iterable[Expr], facts: Facts) -> Expr:
    """An operand without its cast, where one of the others does what that says."""
    found = uncast(expr)
    return expr if found is None or not any(makes(other, *found, facts) for other in others) else found[0]


def makes(other: Expr, inner: Expr, dtype: str, facts: Facts) -> bool:
    """Does ``other`` beside it make of narrow numbers what their cast does?

    Of whole numbers any floating-point one does. Of floating-point ones NumPy's of more bits do: a number of Python's
    takes on the precision of what it meets.
    """
    own = uncast(other)
    if own is not None:
        return own[1] in (dtype, "float64")
    return is_wide(other, facts) if is_float(inner, facts) else is_float(other, facts)


def is_wide(expr: Expr, facts: Facts) -> bool:
    """Is it an array or a number of NumPy's of 64 bits, or complex, and no number of Python's?"""
    cast = parts(expr)
    if cast is not None:
        return cast[1] == "float64"
    match expr:
        case Binary(op, left, right) if op in OPERATORS:
            return is_wide(left, facts) or is_wide(right, facts)
        case Unary("-", value) | Index(value) | Attribute(value, "T") | Call(Attribute(value, "sum" | "dot" | "copy")):
            return is_wide(value, facts)
        case Call(Ref(target=Library("numpy", name, obj)), args):
            if facts.look(expr).type == "float64":
                return True
            return (isinstance(obj, np.ufunc) or name in LIKE) and any(is_wide(a, facts) for a in args)
        case Name():
            look = facts.look(expr)
            return look.type == "float64" and bool(look.rank)
        case _:
            return False
