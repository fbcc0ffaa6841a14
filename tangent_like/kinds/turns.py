"""The turns of a loop over an array by number: where each one's item stands, and which numbers there are.

The items of ``x`` are ``x[k]`` for ``k`` in ``range(len(x))``; those of ``x[1:]`` stand at ``range(1, len(x))``, those
of ``x[::-1]`` at ``range(len(x) - 1, -1, -1)``, and those of ``X[1:, 0]`` are ``X[k, 0]``. Only of slices whose bounds
are written out, on the side from which they count: then the range is empty where the array is too short for them.
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Binary, Call, Const, Expr, Index, Name, Slice, Tuple
from tangent_like.kinds.operands import literal

Place = Callable[[Expr], Index]


def places_of(iterable: Expr) -> tuple[Name, tuple[Expr, ...], Place] | None:
    """The array that a loop runs over, the arguments of the ``range`` of its places, and the place of a number."""
    match iterable:
        case Name():
            return iterable, (Call(builtin_ref("len"), (iterable,)),), lambda k: Index(iterable, k)
        case Index(Name() as whole, Slice() as part):
            args = _range_of(whole, part)
            return None if args is None else (whole, args, lambda k: Index(whole, k))
        case Index(Name() as whole, Tuple((Slice() as part, *others))) if all(map(_is_written_out, others)):
            args = _range_of(whole, part)
            return None if args is None else (whole, args, lambda k: Index(whole, Tuple((k, *others))))
        case _:
            return None


def _is_written_out(item: Expr) -> bool:
    parts = (item.lower, item.upper, item.step) if isinstance(item, Slice) else (item,)
    return all(part is None or _number(part) is not None for part in parts)


def _number(expr: Expr | None) -> int | None:
    value = literal(expr)
    return value if type(value) is int else None


def _range_of(whole: Name, part: Slice) -> tuple[Expr, ...] | None:
    step = 1 if part.step is None else _number(part.step)
    lower, upper = _number(part.lower), _number(part.upper)
    if (lower is None and part.lower is not None) or (upper is None and part.upper is not None):
        return None
    count = Call(builtin_ref("len"), (whole,))

    def from_the_end(number: int | None) -> Expr:
        return count if not number else Binary("-", count, Const(-number))

    if step == 1 and (lower is None or lower >= 0) and (upper is None or upper < 0):
        return (from_the_end(upper),) if not lower else (Const(lower), from_the_end(upper))
    if step == -1 and (lower is None or lower < 0) and (upper is None or upper >= 0):
        return from_the_end(-1 if lower is None else lower), Const(-1 if upper is None else upper), Const(-1)
    return None
