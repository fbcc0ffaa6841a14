"""``x.flat``: the entries in order, read as ``x.flatten()``, written at the places that they have in ``x``.

    x.flat[k]                      x.flatten()[k]
    x.flat[::n + 1] = v            x[np.unravel_index(np.arange(x.size)[::n + 1], x.shape)] = v
    x.flat[mask] = v               x[np.reshape(mask, x.shape)] = v

A store through ``x.reshape(-1)`` would be lost where ``x`` does not lie in memory in order.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.build import numpy_ref
from tangent_like.ir.nodes import Attribute, Call, Expr, Index, Name
from tangent_like.ir.walk import subexpressions
from tangent_like.kinds.kind import Array, Kind
from tangent_like.specialize.changing import may_change
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Frame, Leaf


def placed(s: Spec, target: Index, frame: Frame) -> Index:
    """The place of a store, said by indices where it is said by ``.flat``."""
    match target.value:
        case Attribute(Name() as of, "flat") if isinstance(s.evaluate(of, frame), Leaf):
            if by_mask(s, target.index, frame):
                return Index(of, Call(numpy_ref("reshape"), (target.index, Attribute(of, "shape"))), target.at)
            order = Call(numpy_ref("arange"), (Attribute(of, "size"),))
            places = Call(numpy_ref("unravel_index"), (Index(order, target.index), Attribute(of, "shape")))
            return Index(of, places, target.at)
        case Attribute(_, "flat"):
            raise s.refuse("a store into .flat of this", "give the array a name", target.at)
        case _:
            return target


def by_mask(s: Spec, index: Expr, frame: Frame) -> bool:
    """Is it known to be an array of truths?"""
    found = s.evaluate(index, frame) if isinstance(index, Name) else None
    kind = s.kind(found.expr) if isinstance(found, Leaf) else None
    return isinstance(kind, Array) and kind.dtype == "bool" and kind.rank == 1


def refuse_changed(s: Spec, iterable: Expr, position: int, kinds: Mapping[str, Kind]) -> None:
    """A loop reads ``x.flat`` turn by turn, and ``x.flatten()`` before the first: turns since ``position`` write it."""
    asked = any(isinstance(e, Attribute) and e.name == "flat" for e in subexpressions(iterable))
    if asked and may_change(tuple(s.out[position:]), kinds):
        raise s.refuse("a loop over .flat of what it may change", "loop over a copy: x.flatten()")
