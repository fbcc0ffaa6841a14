"""The squared size of a complex number, ``np.abs(z) ** 2``: a polynomial in its parts, and differentiated as one.

Before (what the chain rule gives)                 After

    2 * y_bar * np.abs(z) * np.conj(np.sign(z))        2 * y_bar * np.conj(z)
"""

from __future__ import annotations

import builtins
import operator
from collections.abc import Callable

import numpy as np

from tangent_like.ir.nodes import Binary, Call, Const, Expr, Library, Ref
from tangent_like.kinds.kind import Kind, is_complex

_SIZES = (np.absolute, builtins.abs, operator.abs)


def squared_size(expr: Expr, kind_of: Callable[[Expr], Kind]) -> Expr | None:
    """``z`` of ``np.abs(z) ** 2`` for complex ``z``."""
    match expr:
        case Binary("**", size, Const(int() | float() as order)) if order == 2:
            pass
        case Call(Ref(target=Library() as target), (size,), ()) if target.obj is np.square:
            pass
        case _:
            return None
    match size:
        case Call(Ref(target=Library() as target), (z,), ()) if target.obj in _SIZES and is_complex(kind_of(z)):
            return z
        case _:
            return None
