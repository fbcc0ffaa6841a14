"""The adjoint of an array that a loop over a list leaves behind, where one of its sizes is not known: in plain NumPy.

Before                              After

    H_bar = unbroadcast(2 * a, H)   H_bar = 2 * a
                                    H_bar = H_bar if H_bar.shape == H.shape else np.sum(H_bar, axis=1, keepdims=True)

``H`` is what the last of the weights made of it, and ``a = H - y`` as large in every axis but one: there ``H`` has one
column, or as many. Not a pass of ``tidy``, as ``lists_of_zeros`` is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Assign, Attribute, Call, Choose, Compare, Const, Expr, Function, Name, Stmt
from tangent_like.ir.walk import names, with_body
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.transform.forms import is_own_adjoint
from tangent_like.transform.lists_of_zeros import is_like
from tangent_like.transform.tidy.calls import acts, library, origin_of


def summed_if_spread(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function without the helper; ``kinds`` are those of its names."""
    body: list[Stmt] = []
    for stmt in function.body:
        body.extend(_plain(stmt, kinds))
    return with_body(function, tuple(body)) if len(body) > len(function.body) else function


def _plain(stmt: Stmt, kinds: Mapping[str, Kind]) -> tuple[Stmt, ...]:
    match stmt:
        case Assign((bar,), (Call(args=(value, Name(of)), keywords=()) as call,), None, "", None, ()):
            target = library(call)
        case _:
            return (stmt,)
    if target is None or origin_of(target) != ("runtime", "unbroadcast") or not is_own_adjoint(stmt):
        return (stmt,)
    axis = None if bar == of or acts(value) else _one_axis(value, kinds.get(of), kinds)
    if axis is None:
        return (stmt,)
    held, sizes = Name(bar), Attribute(Name(of), "shape")
    summed = np_call("sum", held, axis=Const(axis), keepdims=Const(True))
    same = Compare(Attribute(held, "shape"), ("==",), (sizes,))
    return Assign((bar,), (value,), None), Assign((bar,), (Choose(same, held, summed),), None)


def _one_axis(value: Expr, kind: Kind | None, kinds: Mapping[str, Kind]) -> int | None:
    """The axis in which an array may have one entry where the value has several; None where more is not known."""
    arrays = [n for n in names(value) if not isinstance(kinds.get(n), Scalar)]
    if len(arrays) != 1 or isinstance(value, Name) or not is_like(value, arrays[0], kinds):
        return None
    own = kinds.get(arrays[0])
    if not isinstance(own, Array) or not isinstance(kind, Array) or own.dims is None or kind.dims is None:
        return None
    pairs = list(enumerate(zip(own.dims, kind.dims, strict=False)))
    unlike = [k for k, (a, b) in pairs if a is None or a != b]
    return unlike[0] if len(own.dims) == len(kind.dims) and len(unlike) == 1 else None
