"""The logistic function in the words of its users: its slope is told by its value alone.

Before (what the chain rule gives)                 After

    p_bar * (p / (1 + e)) * e                          p_bar * p * (1 - p)

for ``p = 1 / (1 + np.exp(-x))`` and for ``p = np.exp(x) / (1 + np.exp(x))``. Nothing but ``p`` is kept, and where the
exponential overflows, so that ``p`` is 0, the slope is 0 and not the product of 0 and infinity.
"""

from __future__ import annotations

import math

import numpy as np

from tangent_like.analysis.seen import At
from tangent_like.ir.build import is_number, mul
from tangent_like.ir.nodes import Binary, Call, Const, Expr, Library, Ref
from tangent_like.ir.walk import same
from tangent_like.kinds.kind import is_complex


def logistic(expr: Expr, kind_of: At) -> tuple[Expr, bool] | None:
    """``u`` of ``1 / (1 + exp(u))``, falling, or of ``exp(u) / (1 + exp(u))``, rising; None for anything else."""
    match expr:
        case Binary("/", top, Binary("+", one, Call() as power)) if is_number(one, 1):
            pass
        case Binary("/", top, Binary("+", Call() as power, one)) if is_number(one, 1):
            pass
        case _:
            return None
    match power:
        case Call(Ref(target=Library() as target), (u,), ()) if target.obj in (np.exp, math.exp):
            found = kind_of.application(power)
            if found is None or found.rule.own is not None or is_complex(kind_of(u)):
                return None
            if is_number(top, 1):
                return u, False
            return (u, True) if same(top, power) else None
        case _:
            return None


def logistic_slope(value: Expr, rises: bool) -> Expr:
    """The slope in ``u``, from the value."""
    slope = mul(value, Binary("-", Const(1), value))
    return slope if rises else mul(Const(-1), slope)
