"""Places in arrays as sums of names and a number, and what the loops around tell of them.

    for i in range(n):
        for j in range(i):      # 0 <= j <= i - 1: the places x[i] and x[j] are never one
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Const,
    Expr,
    For,
    Index,
    Library,
    Name,
    Ref,
    Unary,
)
from tangent_like.ir.walk import bound_in
from tangent_like.kinds.dims import Dim, fixed, symbol
from tangent_like.kinds.operands import step_of


def linear(expr: Expr) -> Dim | None:
    """A whole number as a sum of names, lengths and a number; None where it is more than that.

    The symbols are names of the function, so that ``n`` and what it is bound to are two.
    """
    match expr:
        case Const(value) if isinstance(value, int) and not isinstance(value, bool):
            return fixed(value)
        case Name(id):
            return symbol(id)
        case Unary("-" | "+" as op, operand):
            found = linear(operand)
            return found if found is None or op == "+" else -found
        case Binary("+" | "-" as op, left, right):
            a, b = linear(left), linear(right)
            return None if a is None or b is None else a + b if op == "+" else a - b
        case Binary("*", left, right):
            a, b = linear(left), linear(right)
            if a is None or b is None:
                return None
            if a.known is not None:
                return b.times(a.known)
            return None if b.known is None else a.times(b.known)
        case Call(Ref(target=Library(module="builtins", qualname="len")), (Name(id),), ()):
            return symbol(f"{id}.shape[0]")
        case Index(Attribute(Name(id), "shape"), Const(int(axis))) if axis >= 0:
            return symbol(f"{id}.shape[{axis}]")
        case _:
            return None


def names_of(dim: Dim) -> set[str]:
    return {text.partition(".")[0] for text, _ in dim.terms}


@dataclass(frozen=True, eq=False)
class Turns:
    """A variable of a loop, with the least and the most that it is; None: that is not known."""

    target: str
    low: Dim | None
    high: Dim | None
    count: Dim | None = None  # how many turns, where that is told by the bounds, and then if it is above 0


@dataclass(frozen=True, eq=False)
class Around:
    """The loops around a statement, the outermost first."""

    loops: tuple[Turns, ...] = ()

    def within(self, loop: For) -> Around:
        return Around((*self.loops, turns_of(loop)))

    def most(self, dim: Dim) -> Dim:
        """A bound above, by the loops from within outwards."""
        for turns in reversed(self.loops):
            times = dict(dim.terms).get(turns.target, 0)
            bound = turns.high if times > 0 else turns.low
            if times and bound is None:
                return dim
            if times and bound is not None:
                dim = dim - symbol(turns.target).times(times) + bound.times(times)
        return dim

    def least(self, dim: Dim) -> Dim:
        return -self.most(-dim)

    def below_zero(self, dim: Dim) -> bool:
        known = self.most(dim).known
        return known is not None and known < 0

    def above_zero(self, dim: Dim) -> bool:
        return self.below_zero(-dim)

    def not_below_zero(self, dim: Dim) -> bool:
        known = self.least(dim).known
        return known is not None and known >= 0


def turns_of(loop: For) -> Turns:
    """What a loop says of its variable, if nothing in it changes what that stands on."""
    changing = bound_in(loop.body)
    step = step_of(loop.args)
    first = linear(loop.args[0]) if len(loop.args) > 1 else fixed(0)
    last = linear(loop.args[1] if len(loop.args) > 1 else loop.args[0])
    if loop.target in changing or not isinstance(step, int) or step == 0:
        return Turns(loop.target, None, None)
    if first is not None and names_of(first) & (changing | {loop.target}):
        first = None
    if last is not None and names_of(last) & (changing | {loop.target}):
        last = None
    high = None if last is None else last - fixed(1)
    low = first
    if step < 0:
        low, high = None if last is None else last + fixed(1), first
    count = high - low + fixed(1) if high is not None and low is not None and abs(step) == 1 else None
    return Turns(loop.target, low, high, count)


def always_apart(first: Iterable[Expr], second: Iterable[Expr], around: Around) -> bool:
    """Are two places of one array never the same, in one turn of all loops around?"""
    return any(_apart(linear(a), linear(b), around) for a, b in zip(first, second, strict=True))


def _apart(x: Dim | None, y: Dim | None, around: Around) -> bool:
    if x is None or y is None or not (around.not_below_zero(x) and around.not_below_zero(y)):
        return False  # what counts from the end may be any place
    return around.below_zero(x - y) or around.above_zero(x - y)


def meet_in_one_turn(
    first: Iterable[Expr], second: Iterable[Expr], target: str, steady: frozenset[str], around: Around
) -> bool:
    """Are two places of one array never touched in two turns of the innermost loop, which is over ``target``?

    ``steady`` are the names that the loop leaves as they are.
    """
    for a, b in zip(first, second, strict=True):
        x, y = linear(a), linear(b)
        if x is None or y is None or not names_of(x) | names_of(y) <= steady | {target}:
            continue
        if target not in names_of(x) or target not in names_of(y):
            if _apart(x, y, around):
                return True
        elif not (x - y).terms and not (x - y).const and around.not_below_zero(x):
            return True
    return False


def has_turns(loop: For, around: Around) -> bool:
    """Is there at least one turn?"""
    count = turns_of(loop).count
    return count is not None and around.above_zero(count)
