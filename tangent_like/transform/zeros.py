"""Tangents of zero, in the shape of their values."""

from __future__ import annotations

from tangent_like.ir.build import ZERO, np_call, zeros_by_key
from tangent_like.ir.nodes import Call, Const, Expr, Index, List, Tuple
from tangent_like.kinds.kind import Array, DictOf, Kind, Scalar, Sequence
from tangent_like.transform.runtime_refs import helper


def zero_of(expr: Expr, kind: Kind) -> Expr:
    """A tangent of zero for a value of this kind; ``expr`` is where its shape is read."""
    match kind:
        case Scalar():
            return ZERO
        case Array():
            return np_call("zeros_like", expr)
        case DictOf():
            return zeros_by_key()
        case Sequence(items=items):
            parts = tuple(zero_of(Index(expr, Const(k)), item) for k, item in enumerate(items))
            return List(parts) if kind.is_list else Tuple(parts)
        case _:
            return Call(helper("zeros_like"), (expr,))
