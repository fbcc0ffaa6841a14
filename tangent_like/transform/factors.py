"""Factors that are the same all along a sum, outside of it.

Before                                   After

    s_bar = np.sum(z_bar * (d / s), axis=0)  s_bar = np.sum(z_bar * d, axis=0) / s
    k_bar = np.sum(z_bar * x * k)            k_bar = np.sum(z_bar * x) * k

Whole arrays are then multiplied once less for each of them. Products of the user's are not taken apart.
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import negative, signed
from tangent_like.ir.nodes import Binary, Const, Expr, Name
from tangent_like.kinds.dims import ONE, Dim
from tangent_like.kinds.kind import Kind, dims_of

Dims = tuple["Dim | None", ...]
Factor = tuple[str, Expr]  # "*" or "/", and by what


def apart(
    kind_of: Callable[[Expr], Kind], value: Expr, own: Dims, front: list[int], kept: list[int]
) -> tuple[Expr, list[Factor], list[Factor]] | None:
    """What is to be summed over the axes ``front`` and ``kept``, and what stands before and behind that.

    None where nothing goes outside. The axes ``front`` are gone after the sum, ``kept`` are then of size 1.
    """
    body, sign = negative(value)
    inside: list[Factor] = []
    before: list[Factor] = []
    behind: list[Factor] = []
    full = False
    for op, factor in factors(body):
        dims = dims_of(kind_of(factor))
        if dims is None:
            return None
        skipped = len(own) - len(dims)
        same = all(axis < skipped for axis in front) and all(
            axis < skipped or dims[axis - skipped] == ONE for axis in kept
        )
        full = full or (not same and len(dims) == len(own))
        (inside if not same else behind if inside else before).append((op, factor))
    if not full or all(is_literal(e) for _, e in (*before, *behind)):
        return None
    return signed(chained(inside), sign), before, behind


def is_literal(expr: Expr) -> bool:
    """A number, or the adjoint of the result, which will be 1."""
    return isinstance(expr, Const) or (isinstance(expr, Name) and expr.id.startswith("@"))


def factors(expr: Expr, theirs: bool = False) -> list[Factor]:
    """``a * (b / c)`` as ``* a``, ``* b``, ``/ c``; ``theirs``: of products of the user's, too."""
    match expr:
        case Binary("*", left, right, at) if at is None or theirs:
            return [*factors(left, theirs), *factors(right, theirs)]
        case Binary("/", left, right, at) if at is None or theirs:
            return [*factors(left, theirs), ("/", right)]
        case _:
            return [("*", expr)]


def chained(parts: list[Factor]) -> Expr:
    (op, expr), *others = parts
    if op == "/":
        expr, others = Const(1.0), parts
    for op, factor in others:
        expr = Binary(op, expr, factor)
    return expr


def joined(total: Expr, before: list[Factor], behind: list[Factor]) -> Expr:
    """The sum between what went outside; its sign in front."""
    body, sign = negative(total)
    return signed(chained([*before, ("*", body), *behind]), sign)
