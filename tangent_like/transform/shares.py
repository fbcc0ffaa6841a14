"""The adjoints of the two of which one is the greater: what the one gets not, the other gets.

Before                                           After

    a_bar = z_bar * np.where(a == b, 0.5, a > b)     a_bar = z_bar * np.where(a == b, 0.5, a > b)
    b_bar = z_bar * np.where(b == a, 0.5, b > a)     b_bar = z_bar - a_bar

The same numbers: halves, all and nothing. Of two that both carry derivatives and have the shape of the result.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from typing import Protocol

import numpy as np

from tangent_like.ir.holes import fill
from tangent_like.ir.nodes import Binary, Expr
from tangent_like.kinds.kind import Array, Scalar
from tangent_like.rules.apply import Application
from tangent_like.transform.divisors import scaled
from tangent_like.transform.fitting import Knows

EXTREMA = frozenset({np.maximum, np.minimum, builtins.max, builtins.min})


class Shares(Knows, Protocol):
    """What is asked of the plan."""

    def back(self, expr: Expr, g: Expr) -> None: ...

    def named(self, g: Expr, wanted: str) -> Expr: ...

    def same_shape(self, a: Expr, b: Expr) -> bool: ...


def back_shares(
    planner: Shares,
    expr: Expr,
    found: Application,
    prepared: list[tuple[str, Expr]],
    g: Expr,
    table: Mapping[str, Expr],
) -> bool:
    """False where it is another function, or one of the two alone carries a derivative or is spread."""
    if found.rule.own is not None or len(prepared) != 2 or not EXTREMA.intersection(found.rule.targets):
        return False
    (first, text), (second, _) = prepared
    operands = found.operands[first], found.operands[second]
    kinds = [planner.kind_of(e) for e in (*operands, expr)]
    if not (all(isinstance(k, Scalar) for k in kinds) or all(isinstance(k, Array) and k.rank for k in kinds)):
        return False
    if any(getattr(k, "dtype", None) not in (None, "float64") for k in kinds):
        return False
    if not all(planner.same_shape(e, expr) for e in operands):
        return False
    part = planner.named(scaled(g, fill(text, table), planner.kind_of), "t_bar")
    planner.back(operands[0], part)
    planner.back(operands[1], Binary("-", g, part))
    return True
