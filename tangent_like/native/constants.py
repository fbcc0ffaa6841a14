"""Arrays of the user's module as arguments: Numba would keep those it finds outside as they are at first.

Before                                   After

    def grad_f(x):                           def grad_f(x, WEIGHTS):
        return 2 * WEIGHTS * x                   return 2 * WEIGHTS * x
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Call, Emitted, Expr, Function, Global, Name, Param, Ref
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, expressions, names, rebuild, statements, subexpressions


def with_constants(functions: tuple[Function, ...]) -> tuple[tuple[Function, ...], dict[str, tuple[Ref, ...]]]:
    """The functions, and by name the references that each takes after its own arguments."""
    wanted: dict[str, dict[Global, Ref]] = {f.name: _arrays(f) for f in functions}
    calls = {f.name: _called(f) for f in functions}
    while True:
        before = sum(map(len, wanted.values()))
        for name, called in calls.items():
            for other in called & wanted.keys():
                wanted[name] = {**wanted[name], **wanted[other]}
        if sum(map(len, wanted.values())) == before:
            break
    if not before:
        return functions, {}
    taken = {n for f in functions for n in (f.name, *(p.name for p in f.params))}
    taken |= {n for f in functions for s in statements(f.body) for n in binds(s)}
    taken |= {n for f in functions for s in statements(f.body) for e in expressions(s) for n in names(e)}
    namer = Namer(taken)
    spelled: dict[Global, str] = {}
    for found in wanted.values():
        for target, ref in found.items():
            if target not in spelled:
                spelled[target] = namer.fresh(ref.spelling.rpartition(".")[2])
    changed = tuple(_changed(f, wanted, spelled) for f in functions)
    return changed, {n: tuple(found.values()) for n, found in wanted.items() if found}


def _arrays(function: Function) -> dict[Global, Ref]:
    found: dict[Global, Ref] = {}
    for stmt in statements(function.body):
        for expr in expressions(stmt):
            for node in subexpressions(expr):
                if isinstance(node, Ref) and isinstance(node.target, Global):
                    if isinstance(node.target.value, np.ndarray):
                        found.setdefault(node.target, node)
    return found


def _called(function: Function) -> set[str]:
    return {
        node.target.name
        for stmt in statements(function.body)
        for expr in expressions(stmt)
        for node in subexpressions(expr)
        if isinstance(node, Ref) and isinstance(node.target, Emitted)
    }


def _changed(function: Function, wanted: dict[str, dict[Global, Ref]], spelled: dict[Global, str]) -> Function:
    if not wanted[function.name]:
        return function

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Ref) and isinstance(expr.target, Global) and expr.target in spelled:
            return Name(spelled[expr.target], expr.at)
        expr = rebuild(expr, change)
        if isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, Emitted):
            more = tuple((spelled[t], Name(spelled[t])) for t in wanted.get(expr.func.target.name, ()))
            return Call(expr.func, expr.args, (*expr.keywords, *more), expr.at)
        return expr

    body = tuple(rewrite(s, change, lambda name: name) for s in function.body)
    more = tuple(Param(spelled[t]) for t in wanted[function.name])
    return replace(function, params=(*function.params, *more), body=body)
