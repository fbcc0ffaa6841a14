"""A number by which every reader multiplies an adjoint: multiplied once, where that leaves no number or one.

Before                                           After

    t_bar = lam * (0.5 / r)                          t_bar = lam / r
    x_bar = 2 * t_bar * dx                           x_bar = t_bar * dx
    y_bar -= 2 * t_bar * dy                          y_bar -= t_bar * dy

The numbers change by rounding.
"""

from __future__ import annotations

from collections.abc import Iterator

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import Assign, Binary, Block, Const, Expr, Function, Name, Return, Stmt
from tangent_like.ir.walk import binds, children, expressions, names, reads, rebuild, statements
from tangent_like.transform.factors import Factor, chained, factors
from tangent_like.transform.forms import is_adjoint
from tangent_like.transform.simpler import numbers_together
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions

Number = int | float


def numbers_inside(function: Function) -> Function:
    """The function with fewer such numbers."""
    for name, value in _candidates(function):
        number = _of_all(name, function)
        new = None if number is None else numbers_together([("*", Const(number)), *factors(value, True)])
        if new is not None:
            function = _with(function, name, value, new)
    return function


def _candidates(function: Function) -> list[tuple[str, Expr]]:
    """The adjoints that are bound once, to a product with a number in it."""
    body = tuple(statements(function.body))
    bound = [n for s in body for n in binds(s)]
    found: list[tuple[str, Expr]] = []
    for stmt in body:
        match stmt:
            case Assign((name,), (Binary("*" | "/") as value,), None, "") if stmt.origin is None and is_adjoint(stmt):
                if bound.count(name) == 1 and any(op == "*" and is_number(e) for op, e in factors(value, True)):
                    found.append((name, value))
            case _:
                pass
    return found


def _of_all(name: str, function: Function) -> Number | None:
    """The number by which each reader multiplies what the name holds."""
    found: set[Number | None] = set()
    for stmt in statements(function.body):
        if name not in reads(stmt):
            continue
        ours = stmt.origin is None or isinstance(stmt, Return)
        if not ours or name not in {n for e in expressions(stmt) for n in names(e)}:
            return None
        for expr in expressions(stmt):
            found.update(_numbers(name, expr))
    return found.pop() if len(found) == 1 else None


def _numbers(name: str, expr: Expr) -> Iterator[Number | None]:
    """What is multiplied with it wherever the name stands in the expression; None of nothing."""
    if isinstance(expr, Binary) and expr.op in ("*", "/"):
        parts = factors(expr, True)
        literal = [e for op, e in parts if op == "*" and isinstance(e, Const) and is_number(e)]
        for op, part in parts:
            if op == "*" and isinstance(part, Name):
                if part.id == name:
                    yield literal[0].value if len(literal) == 1 else None  # type: ignore[misc]
            else:
                yield from _numbers(name, part)
    elif isinstance(expr, Name):
        if expr.id == name:
            yield None
    elif name in names(expr):
        for child in children(expr):
            yield from _numbers(name, child)


def _with(function: Function, name: str, old: Expr, new: Expr) -> Function:
    def without(expr: Expr) -> Expr:
        if isinstance(expr, Binary) and expr.op in ("*", "/"):
            parts = factors(expr, True)
            if any(op == "*" and isinstance(e, Name) and e.id == name for op, e in parts):
                rest: list[Factor] = [(op, without(e)) for op, e in parts if op != "*" or not is_number(e)]
                return chained(rest)
        return rebuild(expr, without) if name in names(expr) else expr

    def one(stmt: Stmt) -> Stmt:
        if isinstance(stmt, Assign) and stmt.values[0] is old:
            return Assign((name,), (new,), None)
        return with_expressions(stmt, without) if name in reads(stmt) else stmt

    def block(body: Block) -> Block:
        return tuple(one(change_blocks(stmt, block)) for stmt in body)

    return with_body(function, block(function.body))
