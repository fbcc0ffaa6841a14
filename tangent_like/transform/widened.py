"""Narrow numbers of NumPy's beside floating-point ones of more bits, said as what NumPy makes of them.

Before                  After

    y = w * m               y = w * m.astype("float64")

where ``m`` is an array of ``uint8``, or of ``float32`` beside one of ``float64``. Texts of derivatives take products
apart and move signs and numbers about in them: of floating-point numbers that is right, where ``-m``, ``2 * m`` and
``m * m`` of narrow numbers wrap, or lose what the primal has. What stands beside wider numbers in the end says so no
longer (``tidy/promoted.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from operator import is_

import numpy as np

from tangent_like.analysis.typing import Typing
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import np_call
from tangent_like.ir.casts import OPERATORS, together
from tangent_like.ir.nodes import (
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Const,
    Expr,
    Function,
    Library,
    Name,
    Ref,
    Return,
    Stmt,
    Store,
)
from tangent_like.ir.walk import expressions, rebuild, statements, subexpressions, with_body
from tangent_like.kinds.kind import Array, DictOf, Kind, ListOf, Scalar, Sequence
from tangent_like.transform.tidy.blocks import with_expressions

KindOf = Callable[[Expr], Kind]


def is_narrow(kind: Kind | None, dtype: str = "float64") -> bool:
    """Are products, sums or signs of such numbers alone less than those of ``dtype``?

    Those of whole numbers wrap, but of 64 bits with a sign; those of floating-point numbers of fewer bits are rounded.
    """
    match kind:
        case Array(dtype=str() as found) | Scalar(type="int" | "float", dtype=str() as found):
            own = np.dtype(found)
            if own.kind == "f":
                return own.itemsize < np.dtype(dtype).itemsize
            return own.kind == "u" or (own.kind == "i" and own.itemsize < 8)
        case Sequence(items=items):
            return any(is_narrow(item, dtype) for item in items)
        case ListOf(item=item) | DictOf(item=item):
            return is_narrow(item, dtype)
        case _:
            return False


def wraps(kind: Kind) -> bool:
    """Is it of narrow whole numbers?"""
    return is_narrow(kind, "float16")


# Functions that compute with whole numbers alone before the others: that wraps, and their rules say it otherwise.
ALONE = frozenset({"trapezoid", "trapz", "cumulative_trapezoid", "multi_dot"})


def with_widened(function: Function, typing: Typing) -> Function:
    """The function in which narrow numbers beside floating-point ones of more bits are cast to those."""
    if not any(map(is_narrow, typing.overall.values())) and not reads_narrow(function, typing):
        return function

    def block(body: Block) -> Block:
        return tuple(with_blocks(one(stmt), block) for stmt in body)

    def one(stmt: Stmt) -> Stmt:
        if stmt not in typing.before:
            return stmt
        kind_of = typing.at(stmt)
        for call in (e for top in expressions(stmt) for e in subexpressions(top) if isinstance(e, Call)):
            refuse_alone(call, kind_of, stmt)
        if isinstance(stmt, Return):
            value = None if stmt.value is None else widened(stmt.value, kind_of)
            return stmt if value is stmt.value else replace(stmt, value=value)
        new = with_expressions(stmt, lambda e: widened(e, kind_of))
        if isinstance(new, Augment | Store) and new.op in OPERATORS:
            target = Name(new.target) if isinstance(new, Augment) else new.target
            if isinstance(stmt, Augment | Store) and float_of(kind_of(target)):
                return replace(new, value=meeting(stmt.value, new.value, kind_of, kind_of(target)))
        return new

    return with_body(function, block(function.body))


def reads_narrow(function: Function, typing: Typing) -> bool:
    """Does it read such numbers that have no name in it, of the module's or of objects?"""
    for stmt in statements(function.body):
        found = [e for top in expressions(stmt) for e in subexpressions(top) if isinstance(e, Attribute | Ref)]
        if found and stmt in typing.before and any(map(is_narrow, map(typing.at(stmt), found))):
            return True
    return False


def refuse_alone(call: Call, kind_of: KindOf, stmt: Stmt) -> None:
    """Refuse narrow numbers beside floating-point ones where the function computes with the narrow ones first."""
    if not isinstance(call.func, Ref) or not isinstance(call.func.target, Library):
        return
    name = call.func.target.qualname.rpartition(".")[2]
    pairs = name == "einsum" and any(k == "optimize" for k, _ in call.keywords)
    kinds = [kind_of(a) for a in (*call.args, *(v for _, v in call.keywords))]
    if (name in ALONE or pairs) and any(map(wraps, kinds)) and float_of(kind_of(call)):
        place = place_of(getattr(stmt, "origin", None))
        what = f"{call.func.spelling} of whole numbers of few bits, which wrap in it, beside floating-point ones"
        raise UnsupportedError(what, place, "cast them first: m.astype(float)")


def widened(expr: Expr, kind_of: KindOf) -> Expr:
    """The expression with casts of the narrow numbers in it that meet wider ones."""
    new = rebuild(expr, lambda part: widened(part, kind_of))
    own = kind_of(expr) if isinstance(expr, Binary | Call) else None
    if own is None or not float_of(own):
        return new
    match expr, new:
        case Binary(op, left, right), Binary(_, new_left, new_right) if op in OPERATORS:
            one, two = meeting(left, new_left, kind_of, own), meeting(right, new_right, kind_of, own)
            meets = (one is new_left) != (two is new_right)  # of whole numbers alone: it is they that are computed with
            return Binary(op, one, two, new.at) if meets else new
        case Call(Ref(target=Library(module, name)), args), Call(func, new_args, keywords) if together(module, name):
            first = 1 if name == "where" else 0
            if not any(float_of(kind_of(a)) for a in args):
                return new
            pairs = list(zip(args, new_args, strict=True))
            found = tuple(b if k < first else meeting(a, b, kind_of, own) for k, (a, b) in enumerate(pairs))
            return new if all(map(is_, found, new_args)) else Call(func, found, keywords, new.at)
        case _:
            return new


def meeting(expr: Expr, new: Expr, kind_of: KindOf, met: Kind) -> Expr:
    """An operand, cast if it is a number narrower than what it meets, or an array of them."""
    kind, dtype = kind_of(expr), float_of(met)
    sure = isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.dims is not None)  # else it may be a number
    pythons = isinstance(met, Scalar) and met.dtype is None  # takes on the precision of what it meets
    narrow = wraps(kind) if pythons else is_narrow(kind, dtype)
    return cast(new, dtype, isinstance(kind, Array)) if sure and narrow else new


def float_of(kind: Kind) -> str:
    """The dtype of real floating-point numbers; empty of all else."""
    match kind:
        case Scalar(type="float", dtype=dtype):
            return dtype or "float64"
        case Array(dtype=str() as dtype) if np.dtype(dtype).kind == "f":
            return dtype
        case _:
            return ""


def cast(expr: Expr, dtype: str, is_array: bool) -> Expr:
    """The narrow numbers as those that they meet."""
    return Call(Attribute(expr, "astype"), (Const(dtype),)) if is_array else np_call(dtype, expr)
