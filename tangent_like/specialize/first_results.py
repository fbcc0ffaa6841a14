"""May a function give a whole number? ``np.vectorize`` makes an array of the type of the first result.

    def payoff(s):                         np.vectorize(payoff)(prices)
        return max(s - 100.0, 0)           whole numbers, where the first price is below 100
"""

from __future__ import annotations

from collections.abc import Iterator

from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Call,
    Choose,
    Const,
    Expr,
    For,
    Function,
    Lambda,
    Library,
    Name,
    Ref,
    Return,
    Unary,
)
from tangent_like.ir.walk import statements

COUNTING = frozenset({"int", "len", "round", "bool"})
CHOOSING = frozenset({"max", "min", "abs", "sum", "pow"})


def may_be_whole(function: Function | Lambda) -> bool:
    """Does the text show a result that may be a whole number?"""
    whole = function.function if isinstance(function, Lambda) else function
    results = [s.value for s in statements(whole.body) if isinstance(s, Return) and s.value is not None]
    return any(_is_whole(value, whole, frozenset()) for value in results)


def _is_whole(expr: Expr, function: Function, seen: frozenset[str]) -> bool:
    match expr:
        case Const(value):
            return isinstance(value, int)
        case Unary("not"):
            return True
        case Unary(_, operand):
            return _is_whole(operand, function, seen)
        case Binary("/"):
            return False
        case Binary(_, left, right):
            return _is_whole(left, function, seen) and _is_whole(right, function, seen)
        case Choose(_, body, orelse):
            return _is_whole(body, function, seen) or _is_whole(orelse, function, seen)
        case Call(Ref(target=Library(module="builtins", qualname=name)), args) if name in COUNTING | CHOOSING:
            return name in COUNTING or any(_is_whole(a, function, seen) for a in args)
        case Name(id) if id not in seen:
            return any(_is_whole(e, function, seen | {id}) for e in _bound_to(id, function))
        case _:
            return False


def _bound_to(name: str, function: Function) -> Iterator[Expr]:
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
            yield from (v for t, v in zip(stmt.targets, stmt.values, strict=True) if t == name)
        elif isinstance(stmt, Augment) and stmt.target == name:
            yield Binary(stmt.op, Name(name), stmt.value)
        elif isinstance(stmt, For) and stmt.target == name:
            yield Const(0)
