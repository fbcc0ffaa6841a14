"""What goes back through slices: a function of neighbours is said by the two slices that it is a function of.

Before, for ``d = np.diff(x)``              After

    x_bar = undiff(d_bar, x)                x_bar = np.zeros_like(x)
                                            x_bar[1:] = d_bar
                                            x_bar[:-1] -= d_bar
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tangent_like.ir.build import mul, np_call
from tangent_like.ir.nodes import Binary, Const, Expr, Index, List, Slice, Tuple
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.rules.apply import Application
from tangent_like.transform.where import Flows, Mask, back_where

TRAPEZOIDS = tuple(f for f in (getattr(np, "trapezoid", None), getattr(np, "trapz", None)) if f is not None)


class Plan(Flows, Protocol):
    definitions: dict[Expr, Expr]

    def is_view_path(self, expr: Expr) -> bool: ...

    def open_up(self, expr: Expr) -> None: ...


def back_otherwise(plan: Plan, expr: Expr, found: Application, g: Expr, mask: Mask, active: list[str]) -> bool:
    """Has the call an adjoint that is no text of its rule? Then it went where it goes."""
    if found.rule.own is not None:
        return False
    if np.where in found.rule.targets:
        back_where(plan, expr, found, g, mask, active)
        return True
    other = plan.definitions.get(expr) or in_slices(plan, found)
    if other is None:
        return False
    apart = [found.operands[n] for n in ("x", "y") if n in active and not plan.is_view_path(found.operands[n])]
    if apart and plan.definitions:  # it may be part of what a definition says, which stands nowhere in the program
        return False
    for operand in apart:  # of which two slices are taken
        plan.open_up(operand)
    if not apart:
        plan.definitions[expr] = other
        plan.back(other, g, None, mask)
    return True


def in_slices(plan: Plan, found: Application) -> Expr | None:
    """The first differences along an axis, and the trapezoids under a curve of one axis."""
    if np.diff in found.rule.targets:
        x = found.operands["x"]
        if "prepend" in found.operands or literal(found.operands["n"]) != 1:
            return None
        return neighbours("-", x, literal(found.operands["axis"]), plan.kind_of(x))
    if np.take in found.rule.targets:
        return places(plan, found)
    if not any(f in found.rule.targets for f in TRAPEZOIDS):
        return None
    y, x, dx = (found.operands[n] for n in ("y", "x", "dx"))
    kinds = [plan.kind_of(e) for e in (y, x, dx)]
    if not is_vector(kinds[0]) or literal(found.operands["axis"]) not in (-1, 0):
        return None
    both = neighbours("+", y, -1, kinds[0])
    if literal(x) is None:
        if both is None or not isinstance(kinds[2], Scalar):
            return None
        return mul(mul(Const(0.5), dx), np_call("sum", both))
    gaps = neighbours("-", x, -1, kinds[1])
    if both is None or gaps is None or not is_vector(kinds[1]):
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


def is_vector(kind: Kind) -> bool:
    return isinstance(kind, Array) and kind.rank == 1


def neighbours(op: str, x: Expr, axis: object, kind: Kind) -> Expr | None:
    """``x[1:] - x[:-1]`` of floating-point numbers of known rank."""
    if not isinstance(kind, Array) or not kind.rank or kind.dtype is None or np.dtype(kind.dtype).kind not in "fc":
        return None
    if not isinstance(axis, int) or isinstance(axis, bool) or not -kind.rank <= axis < kind.rank:
        return None
    before = (Slice(None, None, None),) * (axis % kind.rank)
    later, earlier = (Slice(Const(1), None, None), Slice(None, Const(-1), None))
    left, right = (Index(x, Tuple((*before, part)) if before else part) for part in (later, earlier))
    return Binary(op, left, right)
