"""Which values the way back says again, since keeping them is no cheaper."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tangent_like.analysis.again import is_offset
from tangent_like.ir.build import atomic, builtin_ref
from tangent_like.ir.casts import inside
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

SUMS = 8  # operations in a sum of entries, ``u[i - 1] - 2 * u[i] + u[i + 1]``, that is said again in a loop
MOST = 12  # operations, slices among them, of what is said again of an array


def cheap(expr: Expr, kind_of: Callable[[Expr], Kind], in_loop: bool, compiled: bool = False) -> bool:
    """Is saying it again on the way back no dearer than keeping it?"""
    if atomic(expr):
        return True
    kind = kind_of(expr)
    scalar = isinstance(kind, Scalar)
    match expr:
        case Attribute(value, "T" | "shape" | "size" | "ndim" | "dtype"):
            return cheap(value, kind_of, in_loop, compiled)
        case Index(value, index):
            whole = all(cheap(i, kind_of, True, compiled) for i in children(index)) or atomic(index)
            view = scalar or not any(isinstance(kind_of(i), Array) for i in index_items(index))
            return view and cheap(value, kind_of, in_loop, compiled) and whole
        case Compare():
            return all(cheap(c, kind_of, in_loop, compiled) for c in children(expr))
        case Unary("-" | "not" | "~", operand):
            return (scalar or isinstance(expr.operand, Name)) and cheap(operand, kind_of, in_loop, compiled)
        case Binary():
            if in_loop and scalar:
                return weight(expr, compiled) <= (SUMS if not compiled and _is_sum_of_entries(expr) else 6)
            simple = expr.op in ("+", "-", "*")
            return scalar and simple and all(atomic(c) or _small(c) for c in (expr.left, expr.right))
        case Call(Ref(target=Library("numpy", "arange")), (count,), ()):
            return cheap(count, kind_of, in_loop, compiled) or (isinstance(count, Call) and _length(count))
        case Call(_, (whole,), ()) if _length(expr) and isinstance(kind_of(whole), Array):
            return cheap(whole, kind_of, in_loop, compiled)
        case Call() if (whole_number := inside(expr)) is not None:  # what NumPy does anyway beside floating-point ones
            return cheap(whole_number, kind_of, in_loop, compiled)
        case Call():
            return in_loop and scalar and not _opaque_call(expr) and weight(expr, compiled) <= 6
        case Slice() | Tuple():
            return all(cheap(c, kind_of, in_loop, compiled) for c in children(expr))
        case _:
            return False


def _is_sum_of_entries(expr: Expr) -> bool:
    match expr:
        case Binary("+" | "-", left, right) | Binary("*", Const() as left, right):
            return _is_sum_of_entries(left) and _is_sum_of_entries(right)
        case Index(Name(), index):
            return all(atomic(i) or is_offset(i) for i in index_items(index))
        case _:
            return atomic(expr)


def _length(call: Call) -> bool:
    """``len(x)``."""
    named = isinstance(call.func, Ref) and call.func.target == builtin_ref("len").target
    return named and len(call.args) == 1 and isinstance(call.args[0], Name)


def weight(expr: Expr, compiled: bool = False) -> int:
    """A rough count of the operations in an expression: of those that take time where it is compiled."""
    if compiled and isinstance(expr, Index):
        return 1 + weight(expr.value, True) + sum(weight(i, True) for i in index_items(expr.index) if not is_offset(i))
    own = 0 if isinstance(expr, Name | Const | Ref | Slice | Tuple | Attribute) else 1
    return own + sum(weight(c, compiled) for c in children(expr))


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


def neighbours(wanted: Iterable[Expr], kind_of: Callable[[Expr], Kind]) -> frozenset[Expr]:
    """Of what is wanted of one statement: sums and products of parts of one array, where there are several of it.

    ``(1.0 + k * u[1:]) * (u[1:] - u[:-1])``: to keep ``u`` takes less memory than to keep both factors.
    """
    found: dict[str, list[Expr]] = {}
    for expr in wanted:
        base = _one_base(expr, kind_of) if isinstance(expr, Binary) and weight(expr) <= MOST else None
        if base:
            found.setdefault(base, []).append(expr)
    return frozenset(e for one in found.values() if len(one) > 1 for e in one)


def _one_base(expr: Expr, kind_of: Callable[[Expr], Kind]) -> str | None:
    """The one array of which an expression adds and multiplies parts; "" of numbers alone, None of anything else."""
    if isinstance(kind_of(expr), Scalar):
        return "" if weight(expr) <= MOST and not any(isinstance(e, Call) for e in subexpressions(expr)) else None
    match expr:
        case Index(Name(id), index) if not any(isinstance(kind_of(i), Array) for i in index_items(index)):
            return id if all(atomic(i) or isinstance(i, Slice) for i in index_items(index)) else None
        case Name(id):
            return id if isinstance(kind_of(expr), Array) else None
        case Unary("-", operand):
            return _one_base(operand, kind_of)
        case Binary("+" | "-" | "*", left, right):
            one, two = _one_base(left, kind_of), _one_base(right, kind_of)
            if one is None or two is None or (one and two and one != two):
                return None
            return one or two
        case _:
            return None
