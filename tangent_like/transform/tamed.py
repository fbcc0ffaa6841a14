"""Roots of what is held at zero: where the bound holds it nothing moves, though the root's own slope is infinite.

Before                                               After

    s_bar * (0.5 / s) * np.where(v == 0, 0.5, v > 0)     s_bar * (0.5 / np.where(v > 0, s, np.inf))

for ``s = np.sqrt(np.maximum(v, 0))``.

The slope of the root at 0 is infinite and that of the bound 0; of both together it is 0, and not the product, which
is no number. Of a Python number: ``0.5 / r if v > 0 else 0.0``. The same for powers below 1, and for arcs of what is
clipped to -1 and 1. What is held may be multiplied on the way to the root, and may have a name.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tangent_like.analysis.held_at_bounds import off_bound
from tangent_like.ir.build import ZERO, np_call, numpy_ref
from tangent_like.ir.nodes import Binary, Call, Choose, Compare, Const, Expr, Library, Ref
from tangent_like.ir.walk import same
from tangent_like.kinds.kind import Kind, Scalar
from tangent_like.rules.apply import Application
from tangent_like.transform.fitting import Knows


def tamed(knows: Knows, found: Application, partial: Expr) -> Expr:
    """The slope of a function, and 0 where its operand is held."""
    off = off_bound(found, knows.typing.held, knows.kind_of)
    return partial if off is None else _only(off, partial, knows.kind_of)


def _only(off: Expr, partial: Expr, kind_of: Callable[[Expr], Kind]) -> Expr:
    if isinstance(kind_of(off), Scalar):
        return Choose(off, partial, ZERO)
    match partial:
        case Binary("/", above, below):
            return Binary("/", above, np_call("where", off, below, numpy_ref("inf")))
        case Binary("**", base, Const(int() | float() as power)) if power < 0:
            return Binary("**", np_call("where", off, base, numpy_ref("inf")), Const(power))
        case Binary("*", factor, rest):
            return Binary("*", factor, _only(off, rest, kind_of))
        case _:
            return np_call("where", off, partial, ZERO)


def vanishes(g: Expr, share: Expr) -> bool:
    """Is there a slope among the factors of an adjoint that is 0 wherever the share of what is held is not 1?"""
    match share:
        case Choose(Compare() as off, Const(1.0), _):
            return _has_factor(g, off)
        case Call(Ref(target=Library(obj=np.where)), (_, Const(0.5), Compare(_, (">",), _) as off), ()):
            return _has_factor(g, off)
        case _:
            return False


def _has_factor(g: Expr, off: Expr) -> bool:
    match g:
        case Choose(test, _, Const(0.0)):
            return same(test, off)
        case Call(Ref(target=Library(obj=np.where)), (test, _, Const(0.0)), ()):
            return same(test, off)
        case Binary("*", left, right):
            return _has_factor(left, off) or _has_factor(right, off)
        case Binary("/", left, Call(Ref(target=Library(obj=np.where)), (test, _, bound), ())):
            return (same(test, off) and same(bound, numpy_ref("inf"))) or _has_factor(left, off)
        case Binary("/", left, _):
            return _has_factor(left, off)
        case _:
            return False
