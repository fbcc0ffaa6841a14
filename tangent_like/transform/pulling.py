"""Whether a pullback may read again and again what the forward half kept, or has to run it anew each time."""

from __future__ import annotations

from tangent_like.ir.nodes import Assign, Augment, Const, Expr, Function, List, Pop, Push, Stmt, Store
from tangent_like.ir.walk import base_name, statements
from tangent_like.transform.accumulate import is_fresh


def can_be_pulled_twice(functions: tuple[Function, ...]) -> bool:
    """Does no half change what it is given: is no list popped, and no array written but those that it makes?"""
    return all(changes_nothing(f) for f in functions)


def changes_nothing(function: Function) -> bool:
    made: dict[str, bool] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, Assign):
            alone = len(stmt.values) == len(stmt.targets)
            for k, target in enumerate(stmt.targets):
                made[target] = made.get(target, True) and alone and is_made(stmt.values[k])
    for param in function.params:  # a copy under its name, and it is a list of the function's own
        made[param.name] = made.get(param.name, False) and is_copied(param.name, function)
    return not any(changes(stmt, made) for stmt in statements(function.body))


def is_copied(name: str, function: Function) -> bool:
    return any(isinstance(s, Assign) and s.targets == (name,) for s in function.body)


def is_made(value: Expr) -> bool:
    return isinstance(value, Const | List) or is_fresh(value)


def changes(stmt: Stmt, made: dict[str, bool]) -> bool:
    """Does a statement write into what may be memory of others?"""
    match stmt:
        case Pop(list=name) | Push(list=name):
            return not made.get(name, False)
        case Store(target):
            return not made.get(base_name(target) or "", False)
        case Augment(target):
            return not made.get(target, False)
        case _:
            return False
