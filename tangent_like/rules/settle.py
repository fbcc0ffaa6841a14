"""What a rule's text asks of its operands, answered where their kinds tell: one arm of a choice is left.

Before                                       After (x of rank 1)

    np.diag(y_bar) if np.ndim(x) == 1            np.diag(y_bar)
    else on_diagonal(y_bar, x)
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from tangent_like.ir.nodes import (
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Expr,
    Index,
    Library,
    Logic,
    Ref,
    Slice,
    Tuple,
    Unary,
)
from tangent_like.ir.nodes import List as ListExpr
from tangent_like.ir.walk import rebuild
from tangent_like.kinds.kind import NONE, Array, Kind, Plain, Scalar, Sequence, dims_of
from tangent_like.rules.rule import known
from tangent_like.rules.unsaid import is_default, library_defaults

KindOf = Callable[[Expr], Kind]

_ASKED: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip


def settled(expr: Expr, kind_of: KindOf) -> Expr:
    """``expr`` with every question answered that the kinds of its parts answer."""
    if isinstance(expr, Choose):
        test = settled(expr.test, kind_of)
        if isinstance(test, Const):
            return settled(expr.body if test.value else expr.orelse, kind_of)
        return Choose(test, settled(expr.body, kind_of), settled(expr.orelse, kind_of), expr.at)
    return answered(rebuild(expr, lambda child: settled(child, kind_of)), kind_of)


def answered(expr: Expr, kind_of: KindOf) -> Expr:
    """One question, whose own parts are settled."""
    match expr:
        case Compare(left, ("is" | "is not" as op,), (right,)):
            same = _identical(left, right, kind_of)
            return expr if same is None else Const(same == (op == "is"))
        case Compare(Const(left), ("in",), (Tuple(items),)) if all(isinstance(i, Const) for i in items):
            return Const(any(isinstance(i, Const) and type(i.value) is type(left) and i.value == left for i in items))
        case Compare(Const(left), (op,), (Const(right),)) if op in _ASKED:
            try:
                return Const(_ASKED[op](left, right))
            except TypeError:
                return expr
        case Call(Ref(target=Library("numpy", "ndim")), (x,), ()):
            dims = dims_of(kind_of(x))
            return expr if dims is None else Const(len(dims))
        case Call(Ref(target=Library("numpy", "ravel")), (x,), ()) if isinstance(kind := kind_of(x), Scalar | Array):
            if isinstance(kind, Scalar):
                return ListExpr((x,), expr.at)
            return x if kind.rank == 1 else expr
        case Call(Ref(target=Library("numpy", "ravel")), (ListExpr(items) | Tuple(items),), ()):
            return ListExpr(items, expr.at) if all(isinstance(kind_of(i), Scalar) for i in items) else expr
        case Call(Ref(target=Library("numpy", "divide")), (x, y), ()) if isinstance(kind_of(x), Scalar | Array):
            return Binary("/", x, y)  # of no list: as one writes it
        case Call(Ref(target=Library("builtins", "len")), (Tuple(items) | ListExpr(items),), ()):
            return Const(len(items))
        case Call(Ref(target=Library(module)), _, keywords) if keywords and module.startswith(("numpy", "scipy")):
            return _without_defaults(expr)
        case Index(Tuple(items) | ListExpr(items), Const(int(k))) if -len(items) <= k < len(items):
            return items[k]
        case Index(ListExpr(items), Slice(Const(int(k)), None, None)) if k >= 0:
            return ListExpr(items[k:], expr.at)
        case Index(Tuple(items), Slice(Const(int(k)), None, None)) if k >= 0:
            return Tuple(items[k:], expr.at)
        case Unary("not", Const(value)):
            return Const(not value)
        case Call(Ref(target=Library(obj=obj)), (test,), ()) if obj is known:
            return test if isinstance(test, Const) else Const(False)
        case Logic(op, values):
            return _joined(expr, op, values)
        case Choose(Const(value), body, orelse):
            return body if value else orelse
        case _:
            return expr


def _without_defaults(expr: Call) -> Call:
    """``np.sum(x, axis=1, keepdims=False)`` is ``np.sum(x, axis=1)``."""
    assert isinstance(expr.func, Ref) and isinstance(expr.func.target, Library)
    defaults = library_defaults(expr.func.target.obj)

    def is_said(name: str, value: Expr) -> bool:
        if not isinstance(value, Const) or name not in defaults:
            return True
        return not is_default(name, value.value, defaults[name])

    kept = tuple((name, value) for name, value in expr.keywords if is_said(name, value))
    return expr if len(kept) == len(expr.keywords) else Call(expr.func, expr.args, kept, expr.at)


def _joined(expr: Expr, op: str, values: tuple[Expr, ...]) -> Expr:
    left: list[Expr] = []
    for value in values:
        if not isinstance(value, Const):
            left.append(value)
        elif bool(value.value) == (op == "or"):
            left.append(Const(op == "or"))
            break
    if not left:
        return Const(op == "and")
    if len(left) == 1 or isinstance(left[0], Const):
        return left[0]
    return Logic(op, tuple(left), expr.at)


def _identical(left: Expr, right: Expr, kind_of: KindOf) -> bool | None:
    """``left is right``, for None, True and False on the right; None where that is not known."""
    if not isinstance(right, Const) or not (right.value is None or isinstance(right.value, bool)):
        return None
    if isinstance(left, Const):
        return left.value is right.value
    if isinstance(left, Tuple | ListExpr):
        return False
    kind = kind_of(left)
    if right.value is None and kind == NONE:
        return True
    if isinstance(kind, Plain):
        return None
    if isinstance(kind, Scalar) and kind.type == "bool" and right.value is not None:
        return None
    return False if isinstance(kind, Scalar | Array | Sequence) else None
