"""gast in, the small language out: what only ``specialize`` reads, nested functions, comprehensions, targets."""

from __future__ import annotations

from typing import Any

import gast

from tangent_like.frontend.expressions import Expressions
from tangent_like.ir.nodes import (
    Attribute,
    Call,
    Clause,
    Comprehension,
    Dict,
    Expr,
    Library,
    Name,
    Ref,
    SetOf,
    Starred,
    Tuple,
    Walrus,
)

FORMS = {gast.ListComp: "list", gast.SetComp: "set", gast.DictComp: "dict", gast.GeneratorExp: "generator"}


def rich(node: Any, expr: Expressions, at: tuple[int, int]) -> Expr | None:
    """An expression of the wider language; None for one that is not differentiated."""
    match node:
        case gast.ListComp() | gast.SetComp() | gast.DictComp() | gast.GeneratorExp():
            return comprehension(node, expr, at)
        case gast.Dict():
            keys = tuple(None if k is None else expr(k) for k in node.keys)
            return Dict(keys, tuple(expr(v) for v in node.values), at)
        case gast.Set():
            return SetOf(tuple(expr(e) for e in node.elts), at)
        case gast.Starred():
            return Starred(expr(node.value), at)
        case gast.NamedExpr():
            return Walrus(node.target.id, expr(node.value), at)
        case _:
            return None


def comprehension(node: Any, expr: Expressions, at: tuple[int, int]) -> Comprehension:
    """The names that it binds are its own; the first iterable is evaluated outside of it."""
    names = frozenset(n for g in node.generators for n in bound_names(g.target))
    inner = expr.within(names)
    clauses = []
    for k, generator in enumerate(node.generators):
        if generator.is_async:
            raise expr.refuse(node, "async", "differentiate plain functions")
        iterable = (inner if k else expr)(generator.iter)
        bound = target(generator.target, inner)
        clauses.append(Clause(bound, zipped(bound, iterable), tuple(inner(c) for c in generator.ifs)))
    if isinstance(node, gast.DictComp):
        return Comprehension("dict", inner(node.key), inner(node.value), tuple(clauses), names, at)
    return Comprehension(FORMS[type(node)], inner(node.elt), None, tuple(clauses), names, at)


def zipped(bound: Expr, iterable: Expr) -> Expr:
    """``for q, k in zip(*heads)``: there are two heads, says what takes one of each."""
    match bound, iterable:
        case Tuple(items), Call(Ref(target=Library("builtins", "zip")) as func, (Starred(value, at),), ()):
            if not any(isinstance(item, Starred) for item in items):
                return Call(func, (Starred(value, at, len(items)),), (), iterable.at)
    return iterable


def target(node: Any, expr: Expressions) -> Expr:
    """What an assignment binds, as an expression."""
    at = (expr.source.first + node.lineno - 1, node.col_offset + 1)
    match node:
        case gast.Name():
            return Name(node.id, at)
        case gast.Tuple() | gast.List():
            return Tuple(tuple(target(e, expr) for e in node.elts), at)
        case gast.Starred():
            return Starred(target(node.value, expr), at)
        case gast.Attribute():
            return Attribute(expr(node.value), node.attr, at)
        case gast.Subscript():
            return expr.place(node)
        case _:
            raise expr.refuse(node, "an assignment to this", "assign to a name")


def bound_names(node: Any) -> set[str]:
    """The names in a target, walrus targets inside other expressions included."""
    return {n.id for n in gast.walk(node) if isinstance(n, gast.Name) and isinstance(n.ctx, gast.Store)}
