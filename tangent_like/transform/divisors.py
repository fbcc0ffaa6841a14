"""A divisor that all the partials of one operation have: divided by once.

Before                                   After

    x_bar = z_bar / y                        t_bar = z_bar / y
    y_bar = z_bar * (-z / y)                 x_bar = t_bar
                                             y_bar = -t_bar * z
"""

from __future__ import annotations

from tangent_like.ir.build import negative, signed
from tangent_like.ir.nodes import Binary, Expr
from tangent_like.ir.walk import same


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
