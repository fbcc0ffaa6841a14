"""Arrays that are filled with one number, beside what has all of their entries anyway: the number will do.

Before                                    After

    y_bar = np.ones_like(e) * np.exp(e)       y_bar = 1 * np.exp(e)
"""

from __future__ import annotations

import numpy as np

from tangent_like import runtime
from tangent_like.ir.build import is_number, neg
from tangent_like.ir.nodes import Binary, Call, Const, Expr, Index, Library, Name, Ref, Tuple, Unary
from tangent_like.ir.walk import key
from tangent_like.transform.tidy.calls import FLOATING, library, origin_of
from tangent_like.transform.tidy.facts import Facts


def filled(like: Expr, other: Expr, facts: Facts) -> Expr | None:
    """The number that an array is filled with, where ``other`` has all of its entries anyway.

    ``np.ones_like(a)``, or ``np.ones_like(a)[..., None]`` beside what is computed from ``a[..., None]``.
    """
    match like:
        case Index(Call() as made, Tuple(items)) if all(isinstance(i, Const) and i.value in (..., None) for i in items):
            whole: Expr | None = Index(made.args[0], like.index) if made.args else None
        case Call() as made:
            whole = made.args[0] if made.args else None
        case _:
            return None
    if made.keywords or whole is None or not isinstance(made.args[0], Name):
        return None
    target = library(made)
    if target is None or not spans(other, key(whole)):
        return None
    match origin_of(target), made.args:
        case ("numpy", "ones_like"), (_,):
            return Const(1)
        case ("numpy", "full_like"), (shape, value):
            look = facts.look(value)
            exact = (
                look.rank == 0
                and look.type in ("float64", "int")
                and facts.look(shape).type == "float64"
            )
            return value if exact else None
        case _:
            return None


def spans(expr: Expr, whole: object) -> bool:
    """Is the value computed entry by entry from the array of this key (and more, it may be)?"""
    match expr:
        case Name() | Index():
            return key(expr) == whole
        case Binary("+" | "-" | "*" | "/" | "**", left, right):
            return spans(left, whole) or spans(right, whole)
        case Unary("-" | "+", operand):
            return spans(operand, whole)
        case Call(Ref(target=Library() as target), args) if not expr.keywords:
            if target.obj is np.expand_dims and len(args) == 2 and is_number(args[1], 0):
                return spans(args[0], whole)  # what it is added before broadcasts
            head, called = origin_of(target)
            floating = isinstance(target.obj, np.ufunc) and called in FLOATING and head == "numpy"
            return (floating or target.obj is runtime.quotient) and any(spans(a, whole) for a in args)
        case _:
            return False


def lifted(like: Expr, other: Expr, facts: Facts) -> Expr | None:
    """What zeros are made to be added to, where ``other`` has all of their entries anyway."""
    match like:
        case Binary("+" | "-" as op, Call(Ref(target=Library() as target), (Name(id),), ()), value):
            whole = origin_of(target) == ("numpy", "zeros_like") and spans(other, key(Name(id)))
            doubles = facts.look(Name(id)).type == facts.look(other).type == facts.look(value).type == "float64"
            return (value if op == "+" else neg(value)) if whole and doubles else None
        case _:
            return None
