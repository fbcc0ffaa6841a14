"""``np.where``: the adjoint of an arm goes down with the condition that it counts under."""

from __future__ import annotations

from typing import Protocol

from tangent_like.ir.nodes import Expr
from tangent_like.rules.apply import Application
from tangent_like.transform.fitting import Fits, Mask, elementwise_operands, fitted_or_none, in_full


class Flows(Fits, Protocol):
    """What the rule asks of the plan that it is part of."""

    mask: Mask

    def want(self, expr: Expr) -> None: ...

    def named(self, g: Expr, wanted: str) -> Expr: ...

    def back(
        self, expr: Expr, g: Expr, result: Expr | None = None, mask: Mask = None, loose: bool = False
    ) -> None: ...

    def flow(
        self, operand: Expr, value: Expr, fitted: Expr | None, mask: Mask = None, loose: bool = False
    ) -> None: ...


def back_where(plan: Flows, expr: Expr, found: Application, g: Expr, mask: Mask, active: list[str]) -> None:
    """An untaken arm must not leak: the mask goes down with the adjoint, past poles, to the leaves."""
    condition = found.operands["c"]
    plan.mask = None
    plan.want(condition)
    g = plan.masked(g, mask)
    names = [n for n in ("x", "y") if n in active]
    if len(names) > 1:
        g = plan.named(g, "z_bar")
    for name in names:
        arm = found.operands[name]
        if plan.same_shape(arm, expr):
            plan.back(arm, g, None, (condition, name == "x"))
        else:
            value = plan.masked(g, (condition, name == "x"))
            fitted = fitted_or_none(plan, value, arm, expr)
            if fitted is None and elementwise_operands(plan, arm) is not None:
                plan.back(arm, in_full(plan, g, g, expr), None, (condition, name == "x"), loose=True)
            else:
                plan.flow(arm, in_full(plan, g, value, expr) if fitted is None else value, fitted)
