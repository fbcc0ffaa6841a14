"""The gradient of real arguments is real: where a number on the way became complex, that is said.

    def f(x):                          # of x = 0.7: a is complex, and so would be what flows back
        a = (0.4 - x) ** 0.5
        return abs(a) ** 2

Python makes a complex number of a negative one to a power that is not whole; NumPy's arrays have nan there. Only
gradients of programs with such powers of numbers are looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

import numpy as np

from tangent_like.ir.nodes import Augment, Binary, Const, Expr, Function, Unary
from tangent_like.ir.walk import expressions, statements, subexpressions


def real_only(call: Callable[..., Any], functions: Iterable[Function], values: tuple[Any, ...]) -> Callable[..., Any]:
    """The compiled gradient, which raises where it is complex and the arguments are real."""
    of_numbers = all(map(is_real, values)) and not all(type(v) is np.ndarray for v in values)
    if not of_numbers or not any(map(has_powers, functions)):
        return call

    @wraps(call)
    def called(*args: Any) -> Any:
        found = call(*args)
        if holds_complex(found):
            raise ValueError("a number became complex on the way: a negative one to a power that is not whole")
        return found

    return called


def is_real(value: Any) -> bool:
    """A real number, an array or a list of them, or what carries no derivative; of objects nobody looks inside."""
    if isinstance(value, tuple | list):
        return all(map(is_real, value))
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in "fiub"
    return value is None or isinstance(value, float | int | str)


def holds_complex(found: Any) -> bool:
    if isinstance(found, tuple | list):
        return any(map(holds_complex, found))
    return isinstance(found, complex) or (isinstance(found, np.ndarray) and found.dtype.kind == "c")


def has_powers(function: Function) -> bool:
    """Is there a power whose exponent is not a whole number that stands there?"""
    for stmt in statements(function.body):
        if isinstance(stmt, Augment) and stmt.op == "**":
            return True
        for whole in expressions(stmt):
            for expr in subexpressions(whole):
                if isinstance(expr, Binary) and expr.op == "**" and not is_whole(expr.right):
                    return True
    return False


def is_whole(expr: Expr) -> bool:
    if isinstance(expr, Unary):
        return is_whole(expr.operand)
    return isinstance(expr, Const) and isinstance(expr.value, int)
