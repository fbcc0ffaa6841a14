"""``np.c_[...]`` and ``np.r_[...]``: arrays joined by an index, as the functions that join them.

np.c_[np.ones(3), x]          np.column_stack((np.ones(3), x))
np.c_[a, b]                   np.concatenate((a, b), axis=-1), of arrays of three axes
np.r_[x, 1:3]                 np.concatenate((x, np.arange(1, 3)))
np.r_[0.0, x]                 np.concatenate(([0.0], x), dtype=np.result_type(0.0, x))
np.r_[0:1:5j]                 np.linspace(0, 1, 5)
"""

from __future__ import annotations

from typing import NamedTuple

from tangent_like.ir.build import numpy_ref
from tangent_like.ir.nodes import Call, Const, Expr, Index, Library, List, Ref, Slice, Tuple
from tangent_like.ir.walk import rebuild
from tangent_like.kinds.kind import Array, Scalar, Sequence, dims_of, is_list
from tangent_like.kinds.operands import promoted
from tangent_like.runtime import up_to_axes
from tangent_like.specialize.library_objects import runtime_ref
from tangent_like.specialize.operands import operands
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Frame, Leaf, Value

JOINERS = ("r_", "c_", "mgrid", "ogrid")


class Joined(NamedTuple):
    """One item: what is joined, and what its dtype is asked of.

    ``is_number``: it yields to the others' dtype if it is one of Python's; None where that is not known.
    """

    array: Expr
    asked: Expr
    is_number: bool | None


def is_joiner(expr: Expr) -> bool:
    """``np.c_``, ``np.r_``; ``np.mgrid`` and ``np.ogrid`` of one range."""
    target = expr.target if isinstance(expr, Ref) else None
    return isinstance(target, Library) and target.module == "numpy" and target.qualname in JOINERS


def join(s: Spec, expr: Index, frame: Frame) -> Value:
    """The value of ``np.c_[...]``, ``np.r_[...]``, ``np.mgrid[...]``."""
    assert isinstance(expr.value, Ref)
    name = expr.value.target.qualname  # type: ignore[union-attr]
    items = expr.index.items if isinstance(expr.index, Tuple) else (expr.index,)
    if name in ("mgrid", "ogrid"):
        if isinstance(expr.index, Slice):
            return Leaf(ranged(s, expr.index, frame))
        return Leaf(Index(expr.value, rebuild(expr.index, lambda e: s.materialize(s.evaluate(e, frame), e)), expr.at))
    values = operands(s, len(items), lambda k: evaluated(s, items[k], frame, name))
    parts = [joined(s, v, name) for v in values]
    arrays = tuple(p.array for p in parts)
    if name == "c_":
        if any(p.is_number for p in parts) and not all(p.is_number for p in parts):
            raise s.refuse("np.c_ of arrays and numbers", "use np.column_stack", expr.at)
        if any(len(dims_of(s.kind(a)) or ()) > 2 for a in arrays):
            return Leaf(Call(numpy_ref("concatenate"), (Tuple(arrays),), (("axis", Const(-1)),), expr.at))
        return Leaf(Call(numpy_ref("column_stack"), (Tuple(arrays),), (), expr.at))
    if all(p.is_number for p in parts):
        return Leaf(Call(numpy_ref("array"), (List(tuple(p.asked for p in parts)),), (), expr.at))
    if len(parts) == 1:
        return Leaf(arrays[0])
    dtype: tuple[tuple[str, Expr], ...] = ()
    mixed = any(p.is_number is not False for p in parts)
    if mixed and promoted([s.kind(p.asked) for p in parts]) not in ("float64", "int64"):
        dtype = (("dtype", Call(numpy_ref("result_type"), tuple(p.asked for p in parts))),)
    return Leaf(Call(numpy_ref("concatenate"), (Tuple(arrays),), dtype, expr.at))


def evaluated(s: Spec, expr: Expr, frame: Frame, name: str) -> Value:
    if isinstance(expr, Slice):
        return Leaf(ranged(s, expr, frame))
    if isinstance(expr, Const) and isinstance(expr.value, str):
        raise s.refuse(f"np.{name} with a text that says how to join", "use np.concatenate or np.stack", expr.at)
    return s.part(expr, frame, "part")


def joined(s: Spec, found: Value, name: str) -> Joined:
    value = s.materialize(found)
    kind = s.kind(value)
    if isinstance(kind, Array) and kind.rank:
        return Joined(value, value, False)
    if is_list(kind) or isinstance(kind, Sequence):
        array = Call(numpy_ref("array"), (value,))
        return Joined(array, array, False)
    if name == "c_" and not (isinstance(kind, Scalar) or dims_of(kind) is not None):  # of more axes it joins others
        value = s.held(Leaf(value), "part").expr
        return Joined(Call(runtime_ref(up_to_axes), (value, value, Const(2))), value, False)
    value = s.held(Leaf(value), "part").expr
    if isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.rank == 0):
        return Joined(List((value,)), value, True)
    return Joined(Call(numpy_ref("atleast_1d"), (value,)), value, None)


def ranged(s: Spec, expr: Slice, frame: Frame) -> Expr:
    """``a:b:c`` in brackets: a range, or as many points as an imaginary step says."""
    step = expr.step
    lower, upper = (Const(0) if e is None else s.materialize(s.evaluate(e, frame)) for e in (expr.lower, expr.upper))
    if isinstance(step, Const) and isinstance(step.value, complex):
        return Call(numpy_ref("linspace"), (lower, upper, Const(int(abs(step.value)))))
    if step is None:
        start = () if isinstance(lower, Const) and lower.value == 0 else (lower,)
        return Call(numpy_ref("arange"), (*start, upper))
    return Call(numpy_ref("arange"), (lower, upper, s.materialize(s.evaluate(step, frame))))
