"""What every result kind asks of the operands: literals, dtypes, broadcasting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np

from tangent_like.ir.nodes import Call, Const, Expr, Library, Ref, Tuple, Unary
from tangent_like.ir.nodes import List as ListExpr
from tangent_like.kinds.dims import Dim, Sizes, fixed
from tangent_like.kinds.kind import (
    NONE,
    UNKNOWN,
    Array,
    Kind,
    ListOf,
    Plain,
    Scalar,
    Sequence,
    dims_of,
    is_scalar,
)

Kinds = Mapping[str, Kind]  # by operand
Exprs = Mapping[str, Expr]  # by operand: for axes and flags that are literals


def literal(expr: Expr | None) -> object:
    """The value of a literal expression (numbers, None, bools, tuples of them); NotImplemented otherwise."""
    match expr:
        case Const():
            return expr.value
        case Unary("-", Const(value)) if isinstance(value, int | float):
            return -value
        case Tuple() | ListExpr():
            values = tuple(literal(i) for i in expr.items)
            return NotImplemented if NotImplemented in values else values
        case _:
            return NotImplemented


def step_of(args: tuple[Expr, ...]) -> object:
    """The step of ``range(*args)``, where it is a literal; NotImplemented otherwise."""
    return literal(args[2]) if len(args) == 3 else 1


ORDER = ("bool", "int", "float", "complex")  # of a number of two types it has the later


def broadcast_kinds(kinds: list[Kind], sizes: Sizes, floating: bool = False) -> Kind:
    """The kind of an elementwise result; ``floating``: integers become floats (``np.sin``, ``/``)."""
    if kinds and all(type(k) is Scalar and k.dtype is None and not k.mixed for k in kinds):
        type_ = max([k.type for k in kinds], key=ORDER.index)  # type: ignore[union-attr]
        return Scalar("float" if floating and type_ in ("bool", "int") else type_)
    kinds = [k for k in kinds if k != NONE]  # a bound of np.clip that is not there
    if any(isinstance(k, Plain | Sequence | ListOf) for k in kinds) or not kinds:
        return UNKNOWN
    dtype = promoted([k for k in kinds if not isinstance(k, Plain | Sequence)], floating)
    if all(is_scalar(k) for k in kinds):
        scalars = [k for k in kinds if isinstance(k, Scalar)]
        type_ = max((k.type for k in scalars), key=ORDER.index)
        if floating and type_ in ("bool", "int"):
            type_ = "float"
        mixed = any(k.mixed for k in scalars)
        all_python = all(k.dtype is None for k in scalars)
        return Scalar(type_, None if all_python or mixed else dtype, None, mixed)
    if any(dims_of(k) is None for k in kinds):
        if any(isinstance(k, Array) for k in kinds):
            return Array(None, dtype)
        return UNKNOWN
    rank = max(len(dims_of(k) or ()) for k in kinds)
    if rank == 0:  # a 0-d array among scalars gives a scalar of NumPy's
        if dtype is not None and np.dtype(dtype).kind == "c":
            return Scalar("complex", dtype)
        return Scalar("float", dtype) if dtype is None or np.dtype(dtype).kind == "f" else UNKNOWN
    dims: list[Dim | None] = [fixed(1)] * rank
    for kind in kinds:
        own = dims_of(kind) or ()
        for k, size in enumerate(own):
            at = rank - len(own) + k
            dims[at] = sizes.broadcast(dims[at], size)
    return Array(tuple(dims), dtype)


def elementwise(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    """What a floating-point function makes of its operands, entry by entry; of uint8 numbers of half precision."""
    found = broadcast_kinds(list(kinds.values()), sizes, floating=True)
    if not isinstance(found, Array | Scalar) or found.dtype != "float64":
        return found
    narrow = {1: "float16", 2: "float32"}.get(np.dtype(promoted(list(kinds.values()))).itemsize)
    return replace(found, dtype=narrow) if narrow else found


def promoted(kinds: list[Kind], floating: bool = False) -> str | None:
    """The dtype that NumPy gives: Python scalars are weak."""
    if all(_is_plain_float(kind) for kind in kinds) and any(kind.dtype for kind in kinds):  # type: ignore[union-attr]
        return "float64"
    parts: list[object] = []
    for kind in kinds:
        match kind:
            case Scalar(dtype=None, type=t):
                if kind.mixed:
                    return None
                parts.append({"float": 0.0, "int": 0, "bool": False, "complex": 0j}[t])
            case Scalar(dtype=d) | Array(dtype=d):
                if d is None:
                    return None
                parts.append(np.dtype(d))
            case _:
                return None
    if not any(isinstance(p, np.dtype) for p in parts):
        return None
    dtype = np.result_type(*parts)  # type: ignore[arg-type]
    if floating and dtype.kind in "iub":
        return "float64"
    return dtype.name


def _is_plain_float(kind: Kind) -> bool:
    """Is it of float64, or a number of Python's or NumPy's that gives float64 beside it? As most are."""
    if isinstance(kind, Scalar) and kind.dtype is None:
        return kind.type != "complex"
    return isinstance(kind, Scalar | Array) and kind.dtype == "float64"


def first(kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Kind:
    return next(iter(kinds.values()))


def array_of(kind: Kind) -> Kind:
    match kind:
        case Scalar(type=t, dtype=d):
            if kind.mixed:
                return Array((), None)
            return Array(
                (),
                d or {"float": "float64", "int": "int64", "bool": "bool", "complex": "complex128"}[t],
            )
        case Array():
            return kind
        case Sequence(items=items) if items:
            inner_kinds = [array_of(i) for i in items]
            if not all(isinstance(k, Array) and k.dims is not None for k in inner_kinds):
                return Array(None, None)
            arrays = [k for k in inner_kinds if isinstance(k, Array)]
            if len({len(k.dims or ()) for k in arrays}) != 1:
                return Array(None, None)
            dtype = promoted(list(arrays))
            return Array((fixed(len(items)), *(arrays[0].dims or ())), dtype)
        case Sequence():
            return Array((fixed(0),), "float64")
        case ListOf(item=None):
            return Array((None,), "float64")
        case ListOf(item=item) if item is not None:
            inner = array_of(item)
            if not isinstance(inner, Array) or inner.dims is None:
                return Array(None, None)
            return Array((None, *inner.dims), inner.dtype)
        case _:
            return Array(None, None)


def dtype_of(expr: Expr | None) -> str | None:
    """The dtype that a literal ``dtype=`` names; float64 where there is none, None for another order of bytes."""
    match expr:
        case None | Const(None):
            return "float64"
        case Const(str() as named):
            pass
        case Ref(target=Library(obj=named)):
            pass
        case _:
            return None
    try:
        dtype = np.dtype(cast(Any, named))
    except TypeError:
        return None
    return str(dtype.name) if dtype.isnative else None


def of_spectra(expr: Expr) -> bool:
    """Is it a call of a helper, one that has no rule, which returns complex numbers whatever it is given?"""
    target = expr.func.target if isinstance(expr, Call) and isinstance(expr.func, Ref) else None
    return isinstance(target, Library) and target.qualname in ("unrfftn", "unirfftn")
