"""``k.start``, ``k.stop`` and ``k.step`` of an index: what a ``__getitem__`` of the user's asks of it."""

from __future__ import annotations

from tangent_like.ir.nodes import Const, Expr, Slice, Tuple
from tangent_like.specialize.values import UNSET, Lazy, Leaf, Seq, Value, none

NAMES = ("start", "stop", "step")


def part_of(value: Value, name: str) -> Value | None:
    match value:
        case Leaf(Slice(lower, upper, step)) if name in NAMES:
            return leaf((lower, upper, step)[NAMES.index(name)])
        case Lazy("slice", parts) if name in NAMES:
            given = (none(), *parts) if len(parts) == 1 else parts
            place = NAMES.index(name)
            return given[place] if place < len(given) else none()
        case _:
            return None


def as_object(index: Value) -> Value:
    """An index as a method of the user's is given it: ``k[1:, j]`` as ``(slice(1, None, None), j)``."""
    match index:
        case Leaf(Slice(lower, upper, step)):
            return Lazy("slice", (leaf(lower), leaf(upper), leaf(step)))
        case Leaf(Tuple(items)) if any(isinstance(item, Slice) for item in items):
            return Seq(tuple(as_object(leaf(item)) for item in items))
        case _:
            return index


def leaf(expr: Expr | None) -> Leaf:
    if expr is None:
        return none()
    return Leaf(expr, expr.value if isinstance(expr, Const) else UNSET)
