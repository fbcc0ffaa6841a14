"""What is multiplied by one over a number: divided by it.

Before                                   After

    p_bar = 1.0 / np.sum(e) * e              p_bar = e / np.sum(e)
    z_bar = -1.0 / n * (y - p)               z_bar = (p - y) / n
    c_bar = 1.0 / r * x_bar * k              c_bar = x_bar / r * k

In adjoints, of products of ours; the numbers change by rounding.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import Assign, Augment, Binary, Block, Call, Expr, Function, Return, Stmt, Store
from tangent_like.ir.walk import expressions, rebuild, statements, subexpressions
from tangent_like.kinds.kind import Kind
from tangent_like.transform.factors import chained, factors
from tangent_like.transform.forms import is_adjoint, is_of_numbers, summed
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions


def over_numbers(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with quotients for them; ``kinds`` are those of its names."""
    if not kinds or not any(_may(s) for s in statements(function.body)):
        return function

    def block(body: Block) -> Block:
        return tuple(one(change_blocks(stmt, block)) for stmt in body)

    def one(stmt: Stmt) -> Stmt:
        if not _may(stmt):
            return stmt
        target = stmt.target if isinstance(stmt, Store) else None
        return with_expressions(stmt, lambda e: e if e is target else change(e))

    def change(expr: Expr) -> Expr:
        new = _over(expr, kinds) if isinstance(expr, Binary) else None
        return rebuild(expr if new is None else new, change)

    return with_body(function, block(function.body))


def _may(stmt: Stmt) -> bool:
    """Does an adjoint's statement say one over something?"""
    if not isinstance(stmt, Return):
        if not isinstance(stmt, Assign | Augment | Store) or stmt.origin is not None or not is_adjoint(stmt):
            return False
    parts = (e for top in expressions(stmt) for e in subexpressions(top))
    return any(isinstance(e, Binary) and e.op == "/" and (is_number(e.left, 1) or is_number(e.left, -1)) for e in parts)


def _is_number(expr: Expr, kinds: Mapping[str, Kind]) -> bool:
    """Is it a number, that of a whole sum too?"""
    whole = summed(expr) if isinstance(expr, Call) else None
    return (whole is not None and whole[1] is None and not whole[2]) or is_of_numbers(expr, kinds)


def _over(expr: Binary, kinds: Mapping[str, Kind]) -> Expr | None:
    """``1.0 / n * a * b`` as ``a / n * b``."""
    if expr.op not in ("*", "/"):
        return None
    (_, one), *others = factors(expr)
    k = next((k for k, (op, _) in enumerate(others) if op == "*"), 0)
    if not k or not all(_is_number(e, kinds) for _, e in others[:k]):
        return None
    value = others.pop(k)[1]
    if is_number(one, -1) and isinstance(value, Binary) and value.op == "-":
        value = Binary("-", value.right, value.left)
    elif not is_number(one, 1):
        return None
    return chained([("*", value), *others])
