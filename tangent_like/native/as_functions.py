"""Methods as the functions that they are: what Numba lacks is known of functions, by one name each.

Before                                           After

    a.std(axis=0)                                    np.std(a, axis=0)
    a.transpose(1, 0)                                np.transpose(a, (1, 0))
    np.add.reduce(a)                                 np.sum(a, axis=0)
    np.multiply.outer(x, y)                          x[:, None] * y
    t @ m                                            np.matmul(t, m)             # t: a stack of matrices
    t.squeeze()                                      np.squeeze(t, (1,))         # t: an array (n, 1)
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from tangent_like.ir.build import np_call, numpy_ref
from tangent_like.ir.nodes import Attribute, Binary, Call, Const, Expr, Index, Library, List, Ref, Slice, Tuple
from tangent_like.kinds.kind import Array, Kind
from tangent_like.kinds.operands import literal

KindOf = Callable[[Expr], Kind]

METHODS = frozenset(
    {
        "all", "any", "argmax", "argmin", "clip", "cumprod", "cumsum", "diagonal", "dot", "max", "mean", "min", "prod",
        "ptp", "repeat", "reshape", "round", "squeeze", "std", "sum", "swapaxes", "take", "trace", "transpose", "var",
    }
)  # fmt: skip
REDUCED = MappingProxyType(
    {
        np.add: "sum", np.multiply: "prod", np.maximum: "max", np.minimum: "min", np.logical_and: "all",
        np.logical_or: "any",
    }
)
RUNNING = MappingProxyType({np.add: "cumsum", np.multiply: "cumprod"})
OPERATORS = MappingProxyType({np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/"})


def as_function(expr: Expr, old: Expr, kind_of: KindOf) -> Expr:
    """``expr``, whose parts may be new, as a call of a function; ``old`` is what it was, of which kinds are known."""
    match expr, old:
        case Call(Attribute(value, name), args, keywords), Call(Attribute(whole)) if name in METHODS:
            if not isinstance(kind_of(whole), Array):
                return expr
            if name in ("transpose", "reshape"):
                if keywords:
                    return expr
                args = (args[0] if len(args) == 1 else Tuple(args),) if args else ()
            found = Call(numpy_ref(name), (value, *args), keywords, expr.at)
            return squeezed(found, whole, old, kind_of) if name == "squeeze" else found
        case Call(Ref(target=Library(obj=np.squeeze)), (_,), ()), Call(args=(whole,)):
            return squeezed(expr, whole, old, kind_of)
        case Call(Ref(target=Library(obj=obj)), args, keywords), Call(args=given) if isinstance(_ufunc(obj), np.ufunc):
            return _of_ufunc(expr, _ufunc(obj), getattr(obj, "__name__", ""), args, keywords, given, kind_of)
        case Binary("@", left, right), Binary(left=a, right=b):
            kinds = kind_of(a), kind_of(b)
            stacked = any(isinstance(k, Array) and k.rank is not None and k.rank > 2 for k in kinds)
            return np_call("matmul", left, right) if stacked else expr
        case _:
            return expr


def squeezed(expr: Call, whole: Expr, old: Expr, kind_of: KindOf) -> Expr:
    """With the axes that go: those of length 1."""
    before, after = kind_of(whole), kind_of(old)
    if len(expr.args) != 1 or expr.keywords or not isinstance(before, Array) or before.dims is None:
        return expr
    gone = [k for k, dim in enumerate(before.dims) if dim is not None and dim.known == 1]
    rank = after.rank if isinstance(after, Array) else 0
    if rank is None or len(before.dims) - len(gone) != rank:
        return expr
    return Call(expr.func, (*expr.args, Tuple(tuple(map(Const, gone)))), (), expr.at)


def _ufunc(obj: object) -> object:
    return getattr(obj, "__self__", None)


def _of_ufunc(
    expr: Call,
    ufunc: object,
    name: str,
    args: tuple[Expr, ...],
    keywords: tuple[tuple[str, Expr], ...],
    given: tuple[Expr, ...],
    kind_of: KindOf,
) -> Expr:
    """``reduce``, ``accumulate`` and ``outer`` of a ufunc."""
    table = REDUCED if name == "reduce" else RUNNING if name == "accumulate" else {}
    if ufunc in table and 1 <= len(args) <= 2:
        axis = () if len(args) == 2 or any(n == "axis" for n, _ in keywords) else (("axis", Const(0)),)
        return Call(numpy_ref(table[ufunc]), args, (*keywords, *axis), expr.at)  # type: ignore[index]
    if name == "outer" and ufunc in OPERATORS and len(args) == 2 and not keywords:
        kinds = kind_of(given[0]), kind_of(given[1])
        if all(isinstance(k, Array) and k.rank is not None for k in kinds):
            new = Const(None)
            rank = kinds[1].rank  # type: ignore[union-attr]
            rows = Index(args[0], Tuple((*[Slice(None, None, None)] * kinds[0].rank, *[new] * rank)))  # type: ignore[union-attr,operator]
            return Binary(OPERATORS[ufunc], rows, args[1], expr.at)  # type: ignore[index]
    return expr


def with_tuples(expr: Expr) -> Expr:
    """Lists of whole numbers in tuples, as axes are given, as tuples."""
    match expr:
        case Tuple(items, at):
            return Tuple(tuple(map(with_tuples, items)), at)
        case List(items, at) if items and all(isinstance(literal(i), int) for i in items):
            return Tuple(items, at)
        case _:
            return expr
