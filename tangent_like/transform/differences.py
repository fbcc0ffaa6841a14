"""The adjoint of differences of neighbours, at the places of the two.

    d = np.diff(u)                           u_bar[1:] += d_bar
                                             u_bar[:-1] -= d_bar

Along an axis that is known, once or twice; of an array that has a name, or gets one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np

from tangent_like.ir.build import mul
from tangent_like.ir.nodes import Const, Expr, Index, Slice, Tuple, Unary
from tangent_like.kinds.kind import Array
from tangent_like.kinds.operands import literal
from tangent_like.rules.apply import Application
from tangent_like.transform.lists import Plans
from tangent_like.transform.plain_order import WHOLE

# By how often differences are taken: where each place begins and ends, and how often the adjoint is added there.
PLACES = {1: ((1, 0, 1), (0, 1, -1)), 2: ((2, 0, 1), (1, 1, -2), (0, 2, 1))}


def back_differences(planner: Plans, found: Application, g: Expr) -> bool:
    """False where the axis is not known, or differences are taken more than twice."""
    if np.diff not in found.rule.targets or found.rule.own is not None:
        return False
    x = found.operands["x"]
    kind = planner.kind_of(x)
    times, axis = literal(found.operands.get("n", Const(1))), literal(found.operands.get("axis", Const(-1)))
    if not isinstance(kind, Array) or not kind.rank or type(times) is not int or type(axis) is not int:
        return False
    if times not in PLACES or not -kind.rank <= axis < kind.rank:
        return False
    opened = opened_up(planner, [x])
    if opened is not False:
        return opened is True
    g = planner.named(g, "t_bar")
    for first, last, count in PLACES[times]:
        part = Slice(Const(first) if first else None, Unary("-", Const(last)) if last else None, None)
        before = (WHOLE,) * (axis % kind.rank)
        place = Index(x, Tuple((*before, part)) if before else part)
        planner.contribute(place, mul(Const(count), g) if abs(count) > 1 else g if count > 0 else Unary("-", g))
    return True


class Opens(Protocol):
    """What taking an operand apart asks of the plan."""

    definitions: dict[Expr, Expr]

    def is_view_path(self, expr: Expr) -> bool: ...

    def open_up(self, expr: Expr) -> None: ...


def opened_up(planner: Opens, operands: Iterable[Expr]) -> bool | None:
    """Do the operands get names first, of which slices are taken? None where they cannot: a definition says them."""
    apart = [e for e in operands if not planner.is_view_path(e)]
    if apart and planner.definitions:  # what a definition says stands nowhere in the program
        return None
    for operand in apart:
        planner.open_up(operand)
    return bool(apart)
