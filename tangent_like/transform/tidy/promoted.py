"""Whole numbers as they are where floating-point ones stand beside them: NumPy makes the one of the other.

Before                                      After

    x_bar = y_bar * m.astype("float64")         x_bar = y_bar * m
    z_bar = m.astype("float64") * m             z_bar = m.astype('float64') * m

Of whole numbers alone the product would wrap. The casts are ours (``transform/widened.py``). It comes last: what takes
products apart again would have to see them.
"""

from __future__ import annotations

from tangent_like.ir.casts import OPERATORS, inside, together
from tangent_like.ir.nodes import Binary, Block, Call, Expr, Function, Library, Ref, Stmt
from tangent_like.ir.walk import expressions, rebuild, statements, subexpressions, with_body
from tangent_like.transform.tidy.algebra import is_float
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions
from tangent_like.transform.tidy.facts import Facts


def promoted(function: Function, facts: Facts) -> Function:
    """The function without casts that say what NumPy does anyway."""
    tops = (e for stmt in statements(function.body) for e in expressions(stmt))
    if all(inside(part) is None for top in tops for part in subexpressions(top)):
        return function

    def block(body: Block) -> Block:
        return tuple(one(stmt) for stmt in body)

    def one(stmt: Stmt) -> Stmt:
        return change_blocks(with_expressions(stmt, lambda e: plain(e, facts)), block)

    return with_body(function, block(function.body))


def plain(expr: Expr, facts: Facts) -> Expr:
    new = rebuild(expr, lambda part: plain(part, facts))
    match new:
        case Binary(op, left, right) if op in OPERATORS:
            one, two = inside(left), inside(right)
            if two is not None and (one is not None or is_float(left, facts)):
                return Binary(op, left, two, new.at)
            if one is not None and is_float(right, facts):
                return Binary(op, one, right, new.at)
        case Call(Ref(target=Library(module, name)), args, keywords) if together(module, name):
            pairs = [(a, inside(a)) for a in args]
            floats = any(bare is None and is_float(a, facts) for a, bare in pairs)
            if floats and any(bare is not None for _, bare in pairs):
                return Call(new.func, tuple(a if bare is None else bare for a, bare in pairs), keywords, new.at)
    return new
