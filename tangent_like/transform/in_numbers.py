"""Truths and whole numbers among adjoints: ``np.sum((x > 0) * x)`` asks for ``x > 0``, which is no number yet.

Of truths a sum and a sign are no numbers; products, sums and signs of NumPy's whole numbers wrap, where those of the
floating-point numbers that the primal makes of them do not.

Before                          After

    x_bar = (x > 0) - (x > 1)       x_bar = (x > 0).astype("float64") - (x > 1).astype("float64")
    x_bar = m * m                   x_bar = m.astype("float64") * m
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from tangent_like.ir.build import ZERO, builtin_ref, is_number
from tangent_like.ir.casts import together
from tangent_like.ir.nodes import Attribute, Binary, Call, Compare, Const, Expr, Library, Logic, Ref, Stmt, Unary
from tangent_like.ir.walk import expressions, key, rebuild, subexpressions
from tangent_like.kinds.kind import Array, Kind, Scalar

KindOf = Callable[[Expr], Kind]

FLOATS = Array(None, "float64")


def is_truth(expr: Expr, kind_of: KindOf) -> bool:
    """May it be a truth, or an array of them?"""
    if isinstance(expr, Compare | Logic) or (isinstance(expr, Unary) and expr.op == "not"):
        return True
    match kind_of(expr):
        case Scalar(type="bool") | Array(dtype="bool"):
            return True
        case _:
            return isinstance(expr, Const) and isinstance(expr.value, bool)


def is_whole(expr: Expr, kind_of: KindOf) -> bool:
    """Is it a whole number of NumPy's, or an array of them, of which products, sums and signs wrap?"""
    match kind_of(expr):
        case Scalar(type="int", dtype=dtype, mixed=mixed):
            return dtype is not None or mixed
        case Array(dtype=str() as dtype):
            return np.dtype(dtype).kind in "iu"
        case _:
            return False


def in_numbers(value: Expr, kind_of: KindOf, kind: Kind, before: Expr) -> Expr:
    """An adjoint of this kind, whose terms and factors may be truths and whole numbers, in floating-point numbers.

    ``before``: what it was with an adjoint in place of 1: the arithmetic of whole numbers in that is the primal's.
    """
    return in_floats(without_wraps(value, kind_of, kind, keys((before,))), kind_of, kind)


def keys(exprs: Iterable[Expr]) -> frozenset[object]:
    return frozenset(key(part) for expr in exprs for part in subexpressions(expr))


def by_whole_numbers(stmt: Stmt, kind_of: KindOf) -> frozenset[object]:
    """What a statement computes, where whole numbers of NumPy's are in it; nothing where there are none."""
    own = expressions(stmt)
    if not any(is_whole(part, kind_of) for expr in own for part in subexpressions(expr)):
        return frozenset()
    return keys(own)


def in_floats(value: Expr, kind_of: KindOf, kind: Kind) -> Expr:
    """Terms that are truths or whole numbers, as floating-point numbers."""
    match value:
        case Unary("-", inner):
            return Unary("-", in_floats(inner, kind_of, kind))
        case Binary("+" | "-" as op, left, right):
            return Binary(op, in_floats(left, kind_of, kind), in_floats(right, kind_of, kind))
    if not is_truth(value, kind_of):
        return as_float(value, kind_of, kind) if is_whole(value, kind_of) else value
    if isinstance(value, Const):
        return Const(float(value.value))  # type: ignore[arg-type]
    return as_float(value, kind_of, kind)


def as_float(value: Expr, kind_of: KindOf, kind: Kind) -> Expr:
    own = kind_of(value)
    if isinstance(own, Scalar):
        return Call(builtin_ref("float"), (value,))
    dtype = kind.dtype if isinstance(kind, Array) and isinstance(own, Array) and own.dims is not None else None
    return Binary("+", value, ZERO) if dtype is None else Call(Attribute(value, "astype"), (Const(dtype),))


def is_computed(expr: Expr) -> bool:
    """Is it arithmetic with all of its parts? What else is called or taken from may ask for whole numbers."""
    match expr:
        case Unary() | Binary():
            return True
        case Call(Ref(target=Library(module, name))):
            return together(module, name)
        case _:
            return False


def without_wraps(expr: Expr, kind_of: KindOf, kind: Kind, own: frozenset[object]) -> Expr:
    """Arithmetic of whole numbers that the primal does not do, in floating-point numbers."""
    if key(expr) in own or not is_computed(expr):
        return expr
    if isinstance(expr, Binary) and expr.op == "**":  # a whole power stays one
        return Binary("**", without_wraps(expr.left, kind_of, kind, own), expr.right, expr.at)
    expr = rebuild(expr, lambda part: without_wraps(part, kind_of, kind, own))
    if not is_whole(expr, kind_of):
        return expr
    match expr:
        case Unary("-", operand):
            return Unary("-", as_float(operand, kind_of, kind))
        case Binary("+" | "-" | "*" as op, left, right) if is_number(left) and isinstance(left, Const):
            return Binary(op, Const(float(left.value)), right)  # type: ignore[arg-type]
        case Binary("+" | "-" | "*" | "@" as op, left, right):
            if is_whole(left, kind_of):
                return Binary(op, as_float(left, kind_of, kind), right)
            return Binary(op, left, as_float(right, kind_of, kind))
        case Call(func, args, keywords):
            arrays = [k for k, a in enumerate(args) if isinstance(kind_of(a), Array) and is_whole(a, kind_of)]
            if len(arrays) > 1:
                k = arrays[0]
                return Call(func, (*args[:k], as_float(args[k], kind_of, kind), *args[k + 1 :]), keywords)
            return expr
        case _:
            return expr
