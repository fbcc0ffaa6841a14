"""A divisor that all the partials of one operation have: divided by once. Numbers, before they multiply arrays.

Before                                   After

    x_bar = z_bar / y                        t_bar = z_bar / y
    y_bar = z_bar * (-z / y)                 x_bar = t_bar
                                             y_bar = -t_bar * z
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import is_number, mul, negative, signed
from tangent_like.ir.nodes import Binary, Expr
from tangent_like.ir.walk import same
from tangent_like.kinds.kind import Kind, Scalar, dims_of


def common_divisor(partials: list[Expr]) -> Expr | None:
    """What every one of several partials is divided by."""
    first, *others = (fraction(p)[1] for p in partials) if len(partials) > 1 else (None,)
    return first if first is not None and all(o is not None and same(first, o) for o in others) else None


def over(partial: Expr) -> Expr:
    """What is divided."""
    return fraction(partial)[0]


def fraction(partial: Expr) -> tuple[Expr, Expr | None]:
    body, sign = negative(partial)
    match body:
        case Binary("/", above, below):
            return signed(above, sign), below
        case _:
            return partial, None


def scaled(g: Expr, by: Expr, kind_of: Callable[[Expr], Kind]) -> Expr:
    """``g * by``, the numbers among the factors first: ``a * b * x_bar`` goes through the array once."""
    if not dims_of(kind_of(g)):
        return mul(g, by)
    (body, sign), (array, other) = negative(by), negative(g)
    compound = isinstance(body, Binary) and body.op in ("*", "/")
    over_it = isinstance(body, Binary) and body.op == "/" and is_number(body.left)  # ``x_bar / a``
    if not (compound or sign != other) or over_it or is_number(body) or not isinstance(kind_of(body), Scalar):
        return mul(g, by)
    return signed(Binary("*", body, array), sign != other)
