"""Shapes of what only the run tells the rank of, starred among sizes.

    A.reshape(2, *A.shape[1:])       is       A.reshape((2,) + A.shape[1:])
    np.random.randn(*A.shape)        is       np.random.standard_normal(A.shape)
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial, reduce
from itertools import groupby

from tangent_like.ir.build import numpy_ref
from tangent_like.ir.nodes import Attribute, Binary, Call, Expr, Index, Library, Ref, Starred, Tuple
from tangent_like.kinds.kind import Plain
from tangent_like.specialize import containers
from tangent_like.specialize.operands import is_shape
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Frame, Leaf, Value


def joined(s: Spec, items: tuple[Expr, ...], frame: Frame) -> Leaf | None:
    """``(2, *A.shape)`` as ``(2,) + A.shape``, where the items of a shape are not known one by one."""
    shapes = [is_open(s, item, frame) for item in items]
    if not any(shapes):
        return None
    parts: list[Expr] = []
    for shape, run in groupby(range(len(items)), shapes.__getitem__):
        row = tuple(items[k] for k in run)
        parts += [item.value for item in row if isinstance(item, Starred)] if shape else [Tuple(row)]
    return Leaf(reduce(partial(Binary, "+"), [s.materialize(s.part(part, frame)) for part in parts]))


def is_open(s: Spec, item: Expr, frame: Frame) -> bool:
    """Is it a starred shape, to read which does nothing, of a rank that is not known?"""
    if not isinstance(item, Starred) or not is_shape(item.value):
        return False
    value = s.part(item.value, frame)
    if not isinstance(value, Leaf) or containers.static_items(s, value) is not None:
        return False
    whole = value.expr.value if isinstance(value.expr, Index) else value.expr
    return s.kind(whole) == Plain("shape")


# What takes sizes one by one, and what takes the same as one shape.
IN_ONE = {"reshape": "reshape", "rand": "random_sample", "randn": "standard_normal"}


def in_one(s: Spec, call: Call, frame: Frame) -> tuple[Call, list[Value]]:
    """``x.reshape(2, *y.shape)`` and ``np.random.randn(*y.shape)``: a call that is given one shape, and the shape."""
    match call.func:
        case Attribute(value, name, at) if name in IN_ONE:
            func: Expr = Attribute(value, IN_ONE[name], at)
        case Ref(target=Library("numpy.random", "rand" | "randn" as name)):
            func = numpy_ref(f"random.{IN_ONE[name]}")
        case _:
            return call, []
    shape = None if call.keywords else joined(s, call.args, frame)
    return (call, []) if shape is None else (replace(call, func=func, args=()), [shape])
