"""What goes back as something else does: through the two slices of neighbours, or through an index.

Before, for ``s = np.trapezoid(y)``                    After

    y_bar = s_bar * trapezoid_weights(y, None, 1.0)        y_bar = np.zeros_like(y)
                                                           y_bar[1:] = 0.5 * s_bar
                                                           y_bar[:-1] += 0.5 * s_bar
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tangent_like.ir.build import mul, np_call
from tangent_like.ir.nodes import Binary, Const, Expr, Index, List, Slice
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.rules.apply import Application
from tangent_like.transform.composed import in_terms
from tangent_like.transform.differences import Opens, opened_up
from tangent_like.transform.fitting import Mask
from tangent_like.transform.where import Flows, back_where

TRAPEZOIDS = tuple(f for f in (getattr(np, "trapezoid", None), getattr(np, "trapz", None)) if f is not None)


class Plan(Flows, Opens, Protocol):
    """What these ask of the plan that they are part of."""


def back_otherwise(
    plan: Plan, expr: Expr, found: Application, g: Expr, mask: Mask, active: list[str], loose: bool
) -> bool:
    """Has the call an adjoint that is no text of its rule? Then it went where it goes."""
    if found.rule.own is not None:
        return False
    elementwise = found.rule.form == "elementwise"
    if elementwise and (terms := plan.definitions.get(expr) or in_terms(expr, plan.kind_of)) is not None:
        plan.definitions[expr] = terms
        plan.back(terms, g, None, mask, loose)
        return True
    if np.where in found.rule.targets:
        back_where(plan, expr, found, g, mask, active)
        return True
    other = plan.definitions.get(expr) or in_slices(plan, found)
    if other is None:
        return False
    opened = opened_up(plan, [found.operands[n] for n in ("x", "y") if n in active])
    if opened is False:
        plan.definitions[expr] = other
        plan.back(other, g, None, mask)
    return opened is not None


def in_slices(plan: Plan, found: Application) -> Expr | None:
    """The trapezoids under a curve of one axis, and what is taken by its places."""
    if np.take in found.rule.targets:
        return places(plan, found)
    if not any(f in found.rule.targets for f in TRAPEZOIDS):
        return None
    y, x, dx = (found.operands[n] for n in ("y", "x", "dx"))
    kinds = [plan.kind_of(e) for e in (y, x, dx)]
    if literal(found.operands["axis"]) not in (-1, 0):
        return None
    both = neighbours("+", y, kinds[0])
    if literal(x) is None:
        if both is None or not isinstance(kinds[2], Scalar):
            return None
        return mul(mul(Const(0.5), dx), np_call("sum", both))
    gaps = neighbours("-", x, kinds[1])
    if both is None or gaps is None:
        return None
    return mul(Const(0.5), np_call("sum", Binary("*", gaps, both)))


def places(plan: Plan, found: Application) -> Expr | None:
    """``np.take(x, i)`` of a vector, or along the first axis, as one writes it: ``x[i]``."""
    x, index = found.operands["x"], found.operands["indices"]
    along, kind = literal(found.operands["axis"]), plan.kind_of(x)
    if not isinstance(kind, Array) or not kind.rank or literal(found.operands.get("mode", Const("raise"))) != "raise":
        return None
    if not (along == 0 and along is not False) and not (along is None and kind.rank == 1):
        return None
    if isinstance(index, List) and all(isinstance(literal(i), int) for i in index.items):
        return Index(x, index)
    places_ = plan.kind_of(index)
    return Index(x, index) if isinstance(places_, Array) and is_whole(places_) else None


def is_whole(kind: Array) -> bool:
    return kind.dtype is not None and np.dtype(kind.dtype).kind in "iu"


def neighbours(op: str, x: Expr, kind: Kind) -> Expr | None:
    """``x[1:] - x[:-1]`` of a vector of floating-point numbers."""
    if not isinstance(kind, Array) or kind.rank != 1 or kind.dtype is None or np.dtype(kind.dtype).kind not in "fc":
        return None
    later, earlier = (Index(x, part) for part in (Slice(Const(1), None, None), Slice(None, Const(-1), None)))
    return Binary(op, later, earlier)
