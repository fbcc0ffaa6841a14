"""Forms of sums, products and choices that adjoints are shortened by, and the sizes of what they come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeGuard

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Const,
    Expr,
    Index,
    Library,
    Name,
    Ref,
    Slice,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import base_name, same, subexpressions
from tangent_like.kinds.dims import ONE, Dim
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.transform.tidy.calls import library, origin_of

Dims = tuple[Dim, ...]

ADJOINTS = (Assign, Augment, Store)
ADJOINT = re.compile(r"_bar(_\d+)?$")


def is_adjoint(stmt: Assign | Augment | Store) -> bool:
    """What else we compute, the value of the function among it, is computed as the user wrote it."""
    if isinstance(stmt, Assign):
        name = stmt.targets[0] if stmt.targets else None
    else:
        name = stmt.target if isinstance(stmt, Augment) else base_name(stmt.target)
    return name is not None and "_bar" in name and ADJOINT.search(name) is not None


def is_own_adjoint(stmt: Stmt) -> TypeGuard[Assign | Augment | Store]:
    """Is it an adjoint's, and not one of the user's statements under that name?"""
    return isinstance(stmt, ADJOINTS) and stmt.origin is None and is_adjoint(stmt)


def is_zeros(value: Expr) -> bool:
    """``np.zeros_like(a)``, whatever else it is told."""
    target = library(value) if isinstance(value, Call) else None
    return target is not None and origin_of(target) == ("numpy", "zeros_like")


def begins_as_zeros(stmt: Stmt) -> str:
    """The adjoint that is bound to ``np.zeros_like(a)``."""
    match stmt:
        case Assign((name,), (Call(args=(Name(),), keywords=()) as call,), None, "") if is_adjoint(stmt):
            return name if is_zeros(call) else ""
        case _:
            return ""


def turn(index: Expr) -> tuple[str, ...]:
    """The axes along which an index reads all of an array backward, ``-``, or forward; () of any other index."""
    found: list[str] = []
    for item in index_items(index):
        match item:
            case Slice(None, None, step) if step is None or literal(step) == -1:
                found.append(":" if step is None else "-")
            case Const(value) if value is ...:
                found.append("...")
            case _:
                return ()
    while found and found[-1] == ":" and "..." not in found:
        found.pop()
    return tuple(found) if "-" in found else ()


def with_new_axes(dims: Dims, index: Expr) -> Dims | None:
    """The sizes of what an index of whole axes and new ones reads: ``[..., None]``; None of any other index."""
    items = index_items(index)
    values = [i.value if isinstance(i, Const) else i for i in items]
    whole = [isinstance(v, Slice) and v.lower is v.upper is v.step is None for v in values]
    if values.count(...) > 1 or None not in values or not all(
        v is None or v is ... or w for v, w in zip(values, whole, strict=True)
    ):
        return None
    rest = len(dims) - sum(whole)
    if rest < 0:
        return None
    found: list[Dim] = []
    left = list(dims)
    for value in (values if ... in values else [*values, ...]):
        taken = 0 if value is None else rest if value is ... else 1
        found += [ONE] if value is None else left[:taken]
        left = left[taken:]
    return tuple(found)


def chosen(one: Expr, two: Expr) -> tuple[Expr, Expr, Expr] | None:
    """``c``, ``a`` and ``b`` of ``np.where(c, a, 0.0) + np.where(c, 0.0, b)``."""
    match one, two:
        case Call(args=(c, a, first), keywords=()) as left, Call(args=(other, second, b), keywords=()) as right:
            assert isinstance(right, Call)
            targets = [library(left), library(right)]
            if not same(c, other) or any(t is None or origin_of(t) != ("numpy", "where") for t in targets):
                return None
            if is_number(first, 0) and is_number(second, 0):
                return c, a, b
            return (c, second, first) if is_number(a, 0) and is_number(b, 0) else None
        case _:
            return None


def names_in(expr: Expr) -> list[Name]:
    return [e for e in subexpressions(expr) if isinstance(e, Name)]


def is_sum_of_names(expr: Expr) -> bool:
    while isinstance(expr, Binary) and expr.op == "+" and isinstance(expr.right, Name):
        expr = expr.left
    return isinstance(expr, Name)


def spread_together(a: Dims, b: Dims) -> Dims | None:
    if len(a) < len(b):
        a, b = b, a
    pairs = list(zip(a[len(a) - len(b) :], b, strict=True))
    return (*a[: len(a) - len(b)], *(x if y == ONE else y for x, y in pairs)) if all(
        x == y or ONE in (x, y) for x, y in pairs
    ) else None


def without(dims: Dims, k: int) -> Dims:
    return (*dims[:k], *dims[k + 1 :])


def sizes_left(dims: Dims, axis: int | None, keeps: bool) -> Dims | None:
    """Of a sum along an axis, or over everything; None if there is no such axis."""
    if axis is None:
        return (ONE,) * len(dims) if keeps else ()
    if not -len(dims) <= axis < len(dims):
        return None
    k = axis % len(dims)
    return (*dims[:k], ONE, *dims[k + 1 :]) if keeps else without(dims, k)


def summed(call: Call) -> tuple[Expr, int | None, bool] | None:
    """What ``np.sum`` sums, along which axis, and whether it keeps that."""
    target = library(call)
    if target is None or origin_of(target) != ("numpy", "sum") or len(call.args) != 1:
        return None
    given = {name: literal(value) for name, value in call.keywords}
    axis, keeps = given.get("axis"), given.get("keepdims", False)
    plain = given.keys() <= {"axis", "keepdims"} and isinstance(keeps, bool)
    whole = isinstance(axis, int) and not isinstance(axis, bool)
    return (call.args[0], axis, keeps) if plain and (whole or "axis" not in given) else None  # type: ignore[return-value]


def size_said(expr: Expr, kinds: Mapping[str, Kind]) -> Dim | None:
    """The size that ``X.shape[1]``, ``len(y)`` or a number is; ``kinds`` are those of names."""
    match expr:
        case Index(Attribute(Name(id), "shape"), Const(int() as axis)):
            kind = kinds.get(id)
        case Call(Ref(target=Library("builtins", "len")), (Name(id),), ()):
            kind, axis = kinds.get(id), 0
        case Name(id) if isinstance(number := kinds.get(id), Scalar):
            return number.value
        case _:
            return None
    if not isinstance(kind, Array) or kind.dims is None or not -len(kind.dims) <= axis < len(kind.dims):
        return None
    return kind.dims[axis]


def is_of_numbers(expr: Expr, kinds: Mapping[str, Kind]) -> bool:
    """Is it a number, made of numbers and sizes? ``kinds`` are those of names."""
    match expr:
        case Const() | Attribute(_, "size"):
            return True
        case Name(id) if isinstance(kind := kinds.get(id), Scalar):
            return kind.type in ("float", "int")
        case Unary("-", operand):
            return is_of_numbers(operand, kinds)
        case Binary("*" | "/" | "+" | "-", left, right):
            return is_of_numbers(left, kinds) and is_of_numbers(right, kinds)
        case _:
            return size_said(expr, kinds) is not None


def multiplied(expr: Expr, is_a_number: Callable[[Expr], bool]) -> str:
    """The name of what is multiplied by numbers alone; empty where it is something else."""
    match expr:
        case Name(id):
            return id
        case Unary("-", operand):
            return multiplied(operand, is_a_number)
        case Binary("*" | "/", left, right) if is_a_number(right):
            return multiplied(left, is_a_number)
        case Binary("*", left, right) if is_a_number(left):
            return multiplied(right, is_a_number)
        case _:
            return ""
