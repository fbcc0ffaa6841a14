"""Values of which each entry is made of the entries of their parts in the same place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from tangent_like.ir.nodes import Binary, Call, Compare, Const, Expr, Name, Ref, Unary
from tangent_like.ir.walk import children
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.transform.tidy.calls import FLOATING, library, origin_of

FUNCTIONS = FLOATING | {"maximum", "minimum", "sign", "abs", "absolute", "square", "negative"}


def entry_by_entry(expr: Expr) -> bool:
    """Is it an operation of that sort, or a name?"""
    match expr:
        case Name() | Binary("+" | "-" | "*" | "/" | "**") | Unary("-") | Compare():
            return True
        case Call(keywords=()):
            target, name = library(expr), called(expr)
            ufunc = target is not None and isinstance(target.obj, np.ufunc) and name in FUNCTIONS
            return ufunc or (name == "where" and len(expr.args) == 3)
        case _:
            return False


def called(call: Call) -> str:
    """The function of NumPy that is called; "" where it is another."""
    target = library(call)
    if target is None:
        return ""
    head, name = origin_of(target)
    return name if head == "numpy" else ""


def one_array(expr: Expr, definition: Callable[[str], Expr | None], kinds: Mapping[str, Kind]) -> str | None:
    """The one array of which a value is made, so that it has its shape: "" of numbers alone, None of anything else.

    ``definition`` says what a name was bound to, where that still comes to the same.
    """
    match expr:
        case Const():
            return ""
        case Name(id):
            kind = kinds.get(id)
            if isinstance(kind, Scalar):
                return ""
            value = definition(id)
            deeper = None if value is None or isinstance(value, Name) else one_array(value, definition, kinds)
            return deeper or (id if isinstance(kind, Array) and kind.rank else None)
        case _ if entry_by_entry(expr):
            found = {one_array(c, definition, kinds) for c in children(expr) if not isinstance(c, Ref)} - {""}
            return next(iter(found)) if len(found) == 1 else None if found else ""
        case _:
            return None
