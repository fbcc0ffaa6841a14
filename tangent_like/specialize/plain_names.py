"""A function that was written out at a call, with the names of its author where they are free.

Before                                      After

    def step_2(q_2, p_2, dt):                   def step(q, p, dt):
        q_3 = q_2                                   p = p - dt * q
        p_3 = p_2                                   return q, p
        p_3 = p_3 - dt * q_3
        return q_3, p_3
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from tangent_like.ir.nodes import Assign, Expr, Function, Name, Ref
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import bound_in, expressions, names, rebuild, statements, subexpressions
from tangent_like.ir.walk import reads as reads_of

NUMBERED = re.compile(r"(.*?)(_\d+)+")


def with_plain_names(function: Function, theirs: set[str]) -> Function:
    """``theirs``: the names that the author gave."""
    function = _without_copies(function)
    params = {p.name for p in function.params}
    own = params | bound_in(function.body) | {n for s in statements(function.body) for n in reads_of(s)}
    spelled = {
        e.spelling.partition(".")[0]
        for s in statements(function.body)
        for top in expressions(s)
        for e in subexpressions(top)
        if isinstance(e, Ref)
    }
    table: dict[str, str] = {}
    for name in sorted(own - theirs):
        found = NUMBERED.fullmatch(name)
        if found and found[1] and found[1] not in own | spelled | set(table.values()):
            table[name] = found[1]
    return _renamed(function, table)


def _without_copies(function: Function) -> Function:
    """Without names that only say what a parameter is called from there on."""
    params = {p.name for p in function.params}
    counts = Counter(n for s in statements(function.body) for e in expressions(s) for n in _each(e))
    bound = bound_in(function.body)
    table: dict[str, str] = {}
    k = 0
    for stmt in function.body:
        match stmt:
            case Assign((target,), (Name(id),)) if id in params and counts[id] == 1 and id not in bound:
                if target in params or target in table:
                    break
                table[target] = id
                k += 1
            case _:
                break
    return _renamed(replace(function, body=function.body[k:]), table)


def _each(expr: Expr) -> list[str]:
    return [n for e in subexpressions(expr) if isinstance(e, Name) for n in names(e)]


def _renamed(function: Function, table: dict[str, str]) -> Function:
    if not table:
        return function

    def change(expr: Expr) -> Expr:
        return Name(table.get(expr.id, expr.id), expr.at) if isinstance(expr, Name) else rebuild(expr, change)

    body = tuple(rewrite(s, change, lambda n: table.get(n, n)) for s in function.body)
    params = tuple(replace(p, name=table.get(p.name, p.name)) for p in function.params)
    return replace(function, params=params, body=body)
