"""Does the reverse half leave what the forward half kept as it is? Then a pullback needs no copy of it.

    def f_reverse(saved, y_bar):            def g_reverse(saved, y_bar):
        x, a = saved                            x, a_saved = saved
        return y_bar * a * x                    for k in range(len(x) - 1, -1, -1):
                                                    y_bar = y_bar * a_saved.pop()
    leaves_alone: yes                       leaves_alone: no, it takes from the list
"""

from __future__ import annotations

from tangent_like.frontend.expressions import IN_PLACE_METHODS
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Call,
    Do,
    Emitted,
    Expr,
    Function,
    Library,
    Pop,
    Push,
    Ref,
    Store,
)
from tangent_like.ir.walk import base_name, binds, blocks, expressions, names, statements, subexpressions
from tangent_like.transform.accumulate import is_fresh


def leaves_alone(function: Function, param: str) -> bool:
    """Is nothing that ``param`` holds written into, taken from or passed to who might?"""
    held = {param}
    body = tuple(statements(function.body))
    while True:
        before = len(held)
        for stmt in body:
            if isinstance(stmt, Assign):
                for k, target in enumerate(stmt.targets):
                    value = stmt.values[k] if len(stmt.values) == len(stmt.targets) else stmt.values[0]
                    if shares(value, held):
                        held.add(target)
            elif blocks(stmt) and any(shares(e, held) for e in expressions(stmt)):
                held.update(binds(stmt))  # the items of a loop, what a context gives
        if len(held) == before:
            break
    for stmt in body:
        match stmt:
            case Pop(list=taken) | Push(list=taken) if taken in held:
                return False
            case Store(place) if base_name(place) in held:
                return False
            case Augment(target) if target in held:
                return False
            case Do(value) if names(value) & held:
                return False
            case _:
                if any(passes(e, held) for e in expressions(stmt)):
                    return False
    return True


def shares(value: Expr, held: set[str]) -> bool:
    return bool(names(value) & held) and not is_fresh(value)


def passes(expr: Expr, held: set[str]) -> bool:
    """Is something held given to a function that is not NumPy's, or to one with an ``out``, or changed by a method?"""
    for part in subexpressions(expr):
        if isinstance(part, Call) and isinstance(part.func, Attribute):
            if part.func.name in IN_PLACE_METHODS and names(part.func.value) & held:
                return True  # tidied into an expression: f(kept.pop())
        if isinstance(part, Call) and isinstance(part.func, Ref):
            given = (*part.args, *(v for _, v in part.keywords))
            ours = isinstance(part.func.target, Emitted) or not isinstance(part.func.target, Library)
            writes = any(n == "out" for n, _ in part.keywords)
            if (ours or writes) and any(shares(e, held) for e in given):
                return True
    return False
