"""Methods as the functions that they are: what Numba lacks is known of functions, by one name each.

Before                                           After

    a.std(axis=0)                                    np.std(a, axis=0)
    a.transpose(1, 0)                                np.transpose(a, (1, 0))
    np.add.reduce(a)                                 np.sum(a, axis=0)
    np.logaddexp.reduce(a)                           log_of_sums(a)
    np.multiply.outer(x, y)                          x[:, None] * y
    t @ m                                            np.matmul(t, m)             # t: a stack of matrices
    t.mT                                             np.matrix_transpose(t)
    t.squeeze()                                      np.squeeze(t, (1,))         # t: an array (n, 1)
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from tangent_like.ir.build import np_call, numpy_ref
from tangent_like.ir.nodes import Attribute, Binary, Call, Const, Expr, Index, Library, List, Ref, Slice, Tuple
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind
from tangent_like.kinds.operands import literal
from tangent_like.transform.runtime_refs import helper

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
KEPT = frozenset({"axis", "keepdims"})
RUNNING = MappingProxyType({np.add: "cumsum", np.multiply: "cumprod"})
OPERATORS = MappingProxyType({np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/"})


def as_function(expr: Expr, old: Expr, kind_of: KindOf, sizes: Sizes) -> Expr:
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
            return squeezed(found, whole, kind_of, sizes) if name == "squeeze" else found
        case Call(Ref(target=Library(obj=np.squeeze)), (_,), ()), Call(args=(whole,)):
            return squeezed(expr, whole, kind_of, sizes)
        case Call(Ref(target=Library(obj=obj)), args, keywords), Call(args=given) if isinstance(_ufunc(obj), np.ufunc):
            return _of_ufunc(expr, _ufunc(obj), getattr(obj, "__name__", ""), args, keywords, given, kind_of)
        case Attribute(value, "mT"), Attribute(whole, "mT") if isinstance(kind_of(whole), Array):
            return np_call("matrix_transpose", value)
        case Binary("@", left, right), Binary(left=a, right=b):
            kinds = kind_of(a), kind_of(b)
            stacked = any(isinstance(k, Array) and k.rank is not None and k.rank > 2 for k in kinds)
            return np_call("matmul", left, right) if stacked else expr
        case _:
            return expr


def squeezed(expr: Call, whole: Expr, kind_of: KindOf, sizes: Sizes) -> Expr:
    """With the axes that go: those of length 1."""
    before = kind_of(whole)
    if len(expr.args) != 1 or expr.keywords or not isinstance(before, Array) or before.dims is None:
        return expr
    goes = [sizes.is_one(dim) for dim in before.dims]
    if None in goes:
        return expr
    return Call(expr.func, (*expr.args, Tuple(tuple(Const(k) for k, gone in enumerate(goes) if gone))), (), expr.at)


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
    if ufunc is np.logaddexp and name == "reduce" and len(args) <= 2 and not {n for n, _ in keywords} - KEPT:
        return Call(helper("log_of_sums"), args, keywords, expr.at)
    if name == "outer" and ufunc in OPERATORS and len(args) == 2 and not keywords:
        kinds = kind_of(given[0]), kind_of(given[1])
        if all(isinstance(k, Array) and k.rank is not None for k in kinds):
            new = Const(None)
            rank = kinds[1].rank  # type: ignore[union-attr]
            rows = Index(args[0], Tuple((*[Slice(None, None, None)] * kinds[0].rank, *[new] * rank)))  # type: ignore[union-attr,operator]
            return Binary(OPERATORS[ufunc], rows, args[1], expr.at)  # type: ignore[index]
    return expr


def as_einsum(expr: Call, old: Call, kind_of: KindOf) -> Expr:
    """``np.tensordot`` along axes that are written out, and its adjoints, by letters: of tuples Numba sees no items."""
    name = getattr(getattr(expr.func, "target", None), "qualname", "")
    first = 0 if name == "tensordot" else 1
    given = dict(expr.keywords)
    axes = given.get("axes", expr.args[first + 2] if len(expr.args) > first + 2 else Const(2))
    ranks = [k.rank if isinstance(k, Array) else None for k in map(kind_of, old.args[first : first + 2])]
    over = literal(axes)
    if set(given) - {"axes"} or None in ranks or not isinstance(over, tuple | list) or len(over) != 2:
        return expr
    left, right = (side if isinstance(side, tuple | list) else (side,) for side in over)
    letters = iter("abcdefghijklmnopqrstuvwxyz")
    mine, theirs = ([next(letters) for _ in range(rank or 0)] for rank in ranks)
    for a, b in zip(left, right, strict=True):
        theirs[b] = mine[a]
    rest = [n for n in mine if n not in theirs] + [n for n in theirs if n not in mine]
    x, y = expr.args[first : first + 2]
    if not first:
        return np_call("einsum", Const(f"{''.join(mine)},{''.join(theirs)}->{''.join(rest)}"), x, y)
    other, wanted = (y, mine) if name == "tensordot_left" else (x, theirs)
    known = theirs if name == "tensordot_left" else mine
    if not rest:
        return Binary("*", np_call("einsum", Const(f"{''.join(known)}->{''.join(wanted)}"), other), expr.args[0])
    return np_call("einsum", Const(f"{''.join(rest)},{''.join(known)}->{''.join(wanted)}"), expr.args[0], other)


def with_tuples(expr: Expr) -> Expr:
    """Lists of whole numbers in tuples, as axes are given, as tuples."""
    match expr:
        case Tuple(items, at):
            return Tuple(tuple(map(with_tuples, items)), at)
        case List(items, at) if items and all(isinstance(literal(i), int) for i in items):
            return Tuple(items, at)
        case _:
            return expr
