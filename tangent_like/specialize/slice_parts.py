"""``k.start``, ``k.stop``, ``k.step``, ``k.indices(n)`` of an index: what a ``__getitem__`` of the user's asks."""

from __future__ import annotations

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Binary, Call, Choose, Compare, Const, Expr, Slice, Tuple, Unary
from tangent_like.specialize.containers import known_int
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import UNSET, Lazy, Leaf, Seq, Value, is_none, none

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


def indices(s: Spec, value: Lazy, args: list[Value], at: tuple[int, int] | None) -> Seq:
    """``k.indices(n)``: where it begins, where it ends, and its step; ``min(a, n)`` where only the run tells ``n``."""
    start, stop, step = (part_of(value, name) or none() for name in NAMES)
    by = 1 if is_none(step) else known_int(step)
    if len(args) != 1 or not by:
        raise s.refuse("indices of a slice whose step only the run tells", "write out where it begins and ends", at)
    size = s.materialize(s.settled(args[0], "size"))
    last: Expr = size if by > 0 else Binary("-", size, Const(1))
    first = 0 if by > 0 else -1

    def bound(given: Value, otherwise: Expr, hint: str) -> Value:
        if is_none(given):
            return s.settled(leaf(otherwise), hint)
        place = s.materialize(s.settled(given, hint))
        within = Call(builtin_ref("min"), (place, last))
        from_the_end = Call(builtin_ref("max"), (Binary("+", size, place), Const(first)))
        if (known := known_int(given)) is not None:
            return s.settled(Leaf(within if known >= 0 else from_the_end), hint)
        return s.settled(Leaf(Choose(Compare(place, ("<",), (Const(0),)), from_the_end, within)), hint)

    begin, end = (Const(0), size) if by > 0 else (last, Const(-1))
    return Seq((bound(start, begin, "start"), bound(stop, end, "stop"), Leaf(Const(by), by)))


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
    match expr:
        case Unary("-", Const(int() as value)) if type(value) is int:
            return Leaf(expr, -value)
        case _:
            return Leaf(expr, expr.value if isinstance(expr, Const) else UNSET)
