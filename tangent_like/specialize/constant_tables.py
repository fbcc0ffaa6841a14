"""Tables of the module, read under keys that only the run tells: they stay the constants that they are.

Before                                           After

    for v in GRAPH[u]:                               for v in GRAPH[u]:
        cost += x[v]                                     cost += x[v]
    for v, e in WEIGHTS[u].items():                  keys = list(WEIGHTS[u])
        cost += x[v] * e                             for k in range(len(keys)):
                                                         cost += x[keys[k]] * WEIGHTS[u][keys[k]]

Tried where no loop around can be written out: each turn by itself would know what it reads.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Attribute, Call, Expr, Global, Index, Ref
from tangent_like.kinds.dicts import kind_of_data
from tangent_like.kinds.kind import DictOf, Kind, Plain
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.turns import NotUnrolledError, needs_turns
from tangent_like.specialize.values import Keywords, Lazy, Leaf, Outer, Value
from tangent_like.specialize.watched import watch


def item(s: Spec, table: Outer, index: Value, expr: Expr | None) -> Value:
    """``TABLE[index]``."""
    if expr is not None and expr in s.facts.dynamic:
        return Leaf(Index(typed(s, table), s.materialize(index), getattr(expr, "at", None)))
    raise by_turns(s, table, expr)


def got(s: Spec, table: Outer, args: list[Value], expr: Expr | None) -> Value:
    """``TABLE.get(index, default)``."""
    if expr is not None and expr in s.facts.dynamic:
        exprs = tuple(map(s.materialize, args))
        return Leaf(Call(Attribute(typed(s, table), "get"), exprs, (), getattr(expr, "at", None)))
    raise by_turns(s, table, expr)


def by_turns(s: Spec, table: Outer, expr: Expr | None) -> NotUnrolledError:
    """First the turns of the loops around are tried one by one."""
    error = needs_turns(s, "a key that only the run tells", "use constant keys", getattr(expr, "at", None))
    if s.facts.tables and is_data(table.value):
        error.site = expr
    return error


def is_data(value: object) -> bool:
    """Is it made of numbers, texts and arrays of numbers alone?"""
    if isinstance(value, dict):
        return all(is_data(v) for pair in value.items() for v in pair)
    if isinstance(value, list | tuple):
        return type(value) in (list, tuple) and all(is_data(v) for v in value)
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biuf"
    return isinstance(value, bool | int | float | str)


def typed(s: Spec, table: Outer) -> Expr:
    """The table, with what its items are, which is asked again at each call."""
    match table.expr:
        case Ref(target=Global() as target):
            (kind,) = watch(s, table, kinds_in)
            return replace(table.expr, target=replace(target, stated=kind))
        case expr:
            return expr


def kinds_in(table: object) -> tuple[Kind]:
    return (kind_of_data(table),)


def is_dict(s: Spec, value: Value) -> bool:
    """Is it a dict that is such a constant?"""
    return isinstance(value, Leaf) and isinstance(s.kind(value.expr), DictOf)


def method(s: Spec, table: Leaf, name: str, args: list[Value], keywords: Keywords, expr: Expr) -> Value:
    """``TABLE[u].items()``, ``TABLE[u].get(v, 0)``."""
    at = getattr(expr, "at", None)
    if name in ("items", "keys", "values") and not args:
        return Lazy(name, (s.held(table, "table"),))
    if name == "get" and len(args) == 2 and not keywords:
        return Leaf(Call(Attribute(table.expr, "get"), tuple(map(s.materialize, args)), (), at))
    raise s.refuse(f"the method .{name}() of a table of the module", "", at)


def iterated(s: Spec, value: Leaf | Outer) -> Leaf:
    """What a loop over it goes over: of a dict the keys."""
    kind = s.kind(value.expr)
    if kind == Plain("set"):
        raise s.refuse("the order of a set", "use sorted(...), or a list")
    if not isinstance(kind, DictOf):
        return Leaf(value.expr)
    return s.held(Leaf(Call(builtin_ref("list"), (value.expr,))), "keys")
