"""Squares of sizes, which are polynomials in the parts and entries, and are differentiated as such.

Before (what the chain rule gives)                 After

    2 * y_bar * np.abs(z) * np.conj(np.sign(z))        2 * y_bar * np.conj(z)
    2 * y_bar * r / r * x                              2 * y_bar * x

for ``np.abs(z) ** 2`` of complex ``z``, and for ``np.linalg.norm(x) ** 2``, of which ``r`` is the root.
"""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable

import numpy as np

from tangent_like.analysis.seen import At
from tangent_like.ir.nodes import Binary, Call, Const, Expr, Library, Ref
from tangent_like.kinds.kind import Array, Kind, is_complex

_SIZES = (np.absolute, builtins.abs, operator.abs)


def squared(expr: Expr) -> Expr | None:
    """What stands under a square."""
    match expr:
        case Binary("**", size, Const(int() | float() as order)) if order == 2:
            return size
        case Call(Ref(target=Library() as target), (size,), ()) if target.obj is np.square:
            return size
        case _:
            return None


def squared_size(expr: Expr, kind_of: Callable[[Expr], Kind]) -> Expr | None:
    """``z`` of ``np.abs(z) ** 2`` for complex ``z``."""
    match squared(expr):
        case Call(Ref(target=Library() as target), (z,), ()) if target.obj in _SIZES and is_complex(kind_of(z)):
            return z
        case _:
            return None


def squared_norm(expr: Expr, kind_of: At) -> Expr | None:
    """``x`` of ``np.linalg.norm(x) ** 2``, the sum of the squares of all entries, for real ``x``."""
    match squared(expr):
        case Call(Ref(target=Library() as target), (x,), ()) as norm if target.obj is np.linalg.norm:
            kind, found = kind_of(x), kind_of.application(norm)
            own = found is None or found.rule.own is not None
            return x if isinstance(kind, Array) and not is_complex(kind) and not own else None
        case _:
            return None
