"""What of what the forward half kept does the reverse half change? A pullback needs a copy of that alone.

    def f_reverse(saved, y_bar):     def g_reverse(saved, y_bar):                def h_reverse(saved, y_bar):
        x, a = saved                     x, a_saved = saved                          x, a_saved = saved
        return y_bar * a * x             for k in range(len(x) - 1, -1, -1):         a_saved *= x
                                             y_bar = y_bar * a_saved.pop()           return y_bar * a_saved
    changed_in: "nothing"            changed_in: "lists"                         changed_in: "arrays"
"""

from __future__ import annotations

from tangent_like.frontend.expressions import IN_PLACE_METHODS
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Do,
    Emitted,
    Expr,
    Function,
    Index,
    Library,
    Pop,
    Push,
    Ref,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import base_name, binds, expressions, names, statements, subexpressions
from tangent_like.transform.accumulate import is_fresh


def changed_in(function: Function, param: str) -> str:
    """Are "lists" that ``param`` holds taken from, its "arrays" written into or passed to who might, or "nothing"?"""
    held = {param}
    body = tuple(statements(function.body))
    while True:
        before = len(held)
        for stmt in body:
            held.update(holders(stmt, held))
        if len(held) == before:
            break
    found = "nothing"
    for stmt in body:
        match stmt:
            case Pop(place) if isinstance(place, Index) and base_name(place) in held:
                return "arrays"
            case Pop(list=taken) | Push(list=taken) if taken in held:
                found = "lists"
            case Store(place) if base_name(place) in held:
                return "arrays"
            case Augment(target) if target in held:
                return "arrays"
            case Do(value) if names(value) & held:
                return "arrays"
        if any(passes(e, held) for e in expressions(stmt)):
            return "arrays"
        if any(takes(e, held) for e in expressions(stmt)):
            found = "lists"
    return found


def holders(stmt: Stmt, held: set[str]) -> set[str]:
    """The names that hold something of ``held`` after a statement."""
    match stmt:
        case Assign(targets, values):
            parted = values if len(values) == len(targets) else values[:1] * len(targets)
            return {t for t, value in zip(targets, parted, strict=True) if shares(value, held)}
        case Pop(target, taken) if taken in held and target is not None:
            return {name for name in (base_name(target),) if name is not None}
        case Push(taken, value) if shares(value, held):
            return {taken}
        case Augment() | Store():
            return set()
        case _ if any(shares(e, held) for e in expressions(stmt)):
            return set(binds(stmt))  # the items of a loop, what a context gives, names bound in a pattern
    return set()


def shares(value: Expr, held: set[str]) -> bool:
    """May a value be part of what is held? What is taken from a list that is held was in it."""
    if not names(value) & held:
        return False
    return not is_fresh(value) or (not isinstance(value, Binary | Unary) and takes(value, held))


def passes(expr: Expr, held: set[str]) -> bool:
    """Is something held given to a function that is not NumPy's, or to one with an ``out``, or changed by a method?"""
    for part in subexpressions(expr):
        if isinstance(part, Call) and isinstance(part.func, Attribute):
            if part.func.name in IN_PLACE_METHODS - {"pop"} and names(part.func.value) & held:
                return True
        if isinstance(part, Call) and isinstance(part.func, Ref):
            given = (*part.args, *(v for _, v in part.keywords))
            ours = isinstance(part.func.target, Emitted) or not isinstance(part.func.target, Library)
            writes = any(n == "out" for n, _ in part.keywords)
            if (ours or writes) and any(shares(e, held) for e in given):
                return True
    return False


def takes(expr: Expr, held: set[str]) -> bool:
    """Does an expression take from a list that is held: ``f(kept.pop())``, as tidying nests it?"""
    return any(
        isinstance(part, Call)
        and isinstance(part.func, Attribute)
        and part.func.name == "pop"
        and bool(names(part.func.value) & held)
        for part in subexpressions(expr)
    )
