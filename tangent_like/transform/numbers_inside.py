"""A number by which every reader multiplies an adjoint: multiplied once, where that leaves no number or one.

Before                                           After

    t_bar = lam * (0.5 / r)                          t_bar = lam / r
    x_bar = 2 * t_bar * dx                           x_bar = t_bar * dx
    y_bar -= 2 * t_bar * dy                          y_bar -= t_bar * dy

The numbers change by rounding.
"""

from __future__ import annotations

from collections import Counter
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
    products = _products(function)
    found = _multiplied(function) if products else {}
    for name in [n for n in products if n in found]:
        value, number = products.get(name), found.get(name)
        if value is None or number is None:
            continue
        new = numbers_together([("*", Const(number)), *factors(value, True)])
        if new is not None:
            function = _with(function, name, value, new)
            products, found = _products(function), _multiplied(function)  # as they are by now
    return function


def _products(function: Function) -> dict[str, Expr]:
    """The adjoints that are bound once, to a product with a number in it."""
    body = tuple(statements(function.body))
    bound = Counter(n for s in body for n in binds(s))
    found: dict[str, Expr] = {}
    for stmt in body:
        match stmt:
            case Assign((name,), (Binary("*" | "/") as value,), None, "") if is_adjoint(stmt) and bound[name] == 1:
                if any(op == "*" and is_number(e) for op, e in factors(value, True)):
                    found[name] = value
            case _:
                pass
    return found


def _multiplied(function: Function) -> dict[str, Number]:
    """The names that are multiplied by the same number wherever they are read, and that number."""
    found: dict[str, set[Number | None]] = {}
    for stmt in statements(function.body):
        ours = stmt.origin is None or isinstance(stmt, Return)
        said = [pair for expr in expressions(stmt) for pair in _numbers(expr)] if ours else []
        for name, number in said:
            found.setdefault(name, set()).add(number)
        for name in reads(stmt) - {name for name, _ in said}:
            found.setdefault(name, set()).add(None)
    alone = {name: next(iter(numbers)) for name, numbers in found.items() if len(numbers) == 1}
    return {name: number for name, number in alone.items() if number is not None}


def _numbers(expr: Expr) -> Iterator[tuple[str, Number | None]]:
    """Each name in the expression, and what number it is multiplied with there; None of none."""
    if isinstance(expr, Binary) and expr.op in ("*", "/"):
        parts = factors(expr, True)
        literal = [e.value for op, e in parts if op == "*" and isinstance(e, Const) and is_number(e)]
        for op, part in parts:
            if op == "*" and isinstance(part, Name):
                yield part.id, literal[0] if len(literal) == 1 else None  # type: ignore[misc]
            else:
                yield from _numbers(part)
    elif isinstance(expr, Name):
        yield expr.id, None
    else:
        for child in children(expr):
            yield from _numbers(child)


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
