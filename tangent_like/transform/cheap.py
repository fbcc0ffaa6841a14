"""Which values the way back says again, since keeping them is no cheaper."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import atomic, builtin_ref
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    Index,
    Library,
    Name,
    Opaque,
    Ref,
    Slice,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import called_by, children, subexpressions
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Array, Kind, Scalar


def cheap(expr: Expr, kind_of: Callable[[Expr], Kind], in_loop: bool) -> bool:
    """Is saying it again on the way back no dearer than keeping it?"""
    if atomic(expr):
        return True
    kind = kind_of(expr)
    scalar = isinstance(kind, Scalar)
    match expr:
        case Attribute(value, "T" | "shape" | "size" | "ndim" | "dtype"):
            return cheap(value, kind_of, in_loop)
        case Index(value, index):
            whole = all(cheap(i, kind_of, True) for i in children(index)) or atomic(index)
            view = scalar or not any(isinstance(kind_of(i), Array) for i in index_items(index))
            return view and cheap(value, kind_of, in_loop) and whole
        case Compare():
            return all(cheap(c, kind_of, in_loop) for c in children(expr))
        case Unary("-" | "not" | "~", operand):
            return (scalar or isinstance(expr.operand, Name)) and cheap(operand, kind_of, in_loop)
        case Binary():
            if in_loop and scalar:
                return weight(expr) <= 6
            simple = expr.op in ("+", "-", "*")
            return scalar and simple and all(atomic(c) or _small(c) for c in (expr.left, expr.right))
        case Call(Ref(target=Library("numpy", "arange")), (count,), ()):
            return cheap(count, kind_of, in_loop) or (isinstance(count, Call) and _length(count))
        case Call(_, (whole,), ()) if _length(expr) and isinstance(kind_of(whole), Array):
            return cheap(whole, kind_of, in_loop)
        case Call():
            return in_loop and scalar and not _opaque_call(expr) and weight(expr) <= 6
        case Slice() | Tuple():
            return all(cheap(c, kind_of, in_loop) for c in children(expr))
        case _:
            return False


def _length(call: Call) -> bool:
    """``len(x)``."""
    named = isinstance(call.func, Ref) and call.func.target == builtin_ref("len").target
    return named and len(call.args) == 1 and isinstance(call.args[0], Name)


def weight(expr: Expr) -> int:
    """A rough count of the operations in an expression."""
    own = 0 if isinstance(expr, Name | Const | Ref | Slice | Tuple | Attribute) else 1
    return own + sum(weight(c) for c in children(expr))


def _small(expr: Expr) -> bool:
    match expr:
        case Index(Name(), index):
            return all(atomic(c) or isinstance(c, Binary) for c in index_items(index))
        case Attribute(value, "shape" | "size"):
            return isinstance(value, Name)
        case _:
            return False


def _opaque_call(expr: Expr) -> bool:
    return any(called_by(e) is not None or isinstance(e, Opaque) for e in subexpressions(expr))
