"""Which whole numbers are known not to be negative: indices counted from the front, and lengths."""

from __future__ import annotations

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Const,
    Expr,
    For,
    Function,
    Index,
    Library,
    Name,
    Ref,
    Stmt,
)
from tangent_like.ir.walk import binds, statements
from tangent_like.kinds.operands import literal, step_of


def nonnegative_names(function: Function) -> frozenset[str]:
    """Names that are bound by loops, and by assignments, that give them nothing below 0.

    All of them are taken to be, and those whose bindings do not show it are taken out until none is left to be.
    """
    bindings: dict[str, list[Stmt]] = {}
    for stmt in statements(function.body):
        for name in binds(stmt):
            bindings.setdefault(name, []).append(stmt)
    params = {p.name for p in function.params}
    found = {n for n in bindings if n not in params}
    while True:
        wrong = {n for n in found if not all(_gives(s, n, found) for s in bindings[n])}
        if not wrong:
            return frozenset(found)
        found -= wrong


def _gives(stmt: Stmt, name: str, found: set[str]) -> bool:
    match stmt:
        case For(target, args) if target == name:
            step = step_of(args)
            if not isinstance(step, int) or step == 0:
                return False
            if step > 0:
                return len(args) == 1 or nonnegative(args[0], found)
            last = literal(args[1])  # the last turn is above it
            return (isinstance(last, int) and last >= -1) or nonnegative(args[1], found) or _one_below(args[1], found)
        case Assign(targets, values):
            if len(targets) == len(values):
                return all(nonnegative(v, found) for t, v in zip(targets, values, strict=True) if t == name)
            return isinstance(values[0], Attribute) and values[0].name == "shape"
        case _:
            return False


def _one_below(expr: Expr, found: set[str]) -> bool:
    """``i - 1`` for an ``i`` that is not negative: above it is none that is."""
    return isinstance(expr, Binary) and expr.op == "-" and literal(expr.right) == 1 and nonnegative(expr.left, found)


def nonnegative(expr: Expr, found: set[str] | frozenset[str]) -> bool:
    match expr:
        case Const(value):
            return isinstance(value, int) and value >= 0
        case Name(id):
            return id in found
        case Binary("+" | "*" | "//" | "%", left, right):
            return nonnegative(left, found) and nonnegative(right, found)
        case Call(Ref(target=Library(module="builtins", qualname="len"))):
            return True
        case Index(Attribute(_, "shape"), _) | Attribute(_, "size"):
            return True
        case _:
            return False
