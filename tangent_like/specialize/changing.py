"""Loops over what ``itertools`` has read before a turn, where turns may change what is read.

``product`` and ``combinations`` copy what they are given first; ``pairwise`` and ``accumulate`` go on from what
they have read a turn before.

Before                                  After

    for a, b in pairwise(y):                previous = y[0]
        y[2] += a                           for k in range(1, len(y)):
                                                current = y[k]
                                                y[2] += previous
                                                previous = current
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Attribute, Block, Call, Compare, Const, Expr, Name, Pop, Push, Ref, UserFunction
from tangent_like.ir.walk import base_name, expressions, statements, stored_in, subexpressions
from tangent_like.kinds.kind import Array, Kind, Scalar, is_list
from tangent_like.specialize import containers, iterators, meet
from tangent_like.specialize.columns import columns
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Lazy, Leaf, Seq, Value, is_none

Turn = Callable[[Value], None]
Over = Callable[[Value, Turn], None]

COPIED_FIRST = ("product", "combinations", "permutations", "with_replacement")
GOES_ON = ("pairwise", "accumulate")


def may_change(made: Block, before: Mapping[str, Kind]) -> bool:
    """Do the statements write memory that was there before them, as far as can be seen?"""
    if any(n in before and not isinstance(before[n], Scalar) for n in stored_in(made)):
        return True
    exprs = (e for stmt in statements(made) for top in expressions(stmt) for e in subexpressions(top))
    return any(isinstance(e, Ref) and isinstance(e.target, UserFunction) for e in exprs)


def resizes(made: Block, before: Mapping[str, Kind]) -> bool:
    """Do the statements put something into a list that was there before them, or take something out?"""
    return any(isinstance(s, Push | Pop) and s.list in before for s in statements(made))


def reads_memory(value: Lazy) -> bool:
    """Is it of arrays or lists that have names, and of no copies?"""
    return any(isinstance(p, Leaf) and base_name(p.expr) is not None for p in value.parts)


def within(value: Value) -> bool:
    """Does what is iterated over go on, somewhere inside, from what it has read of memory before?"""
    if not isinstance(value, Lazy):
        return False
    if value.form in (*GOES_ON, *COPIED_FIRST, "cycle") and reads_memory(value):
        return True
    return any(map(within, value.parts))


def refuse_changed(s: Spec, value: Value, made: Block, before: Mapping[str, Kind]) -> None:
    if within(value) and may_change(made, before):
        raise s.refuse("a loop over what it may change", "loop over a copy: list(...)")


def copied(s: Spec, value: Lazy) -> Lazy:
    """What is copied first, copied: the numbers of an array, the items of a list; rows of an array are views still."""

    def copy(part: Value) -> Value:
        if not isinstance(part, Leaf) or base_name(part.expr) is None or isinstance(s.kind(part.expr), Scalar):
            return part
        kind = s.kind(part.expr)
        if isinstance(kind, Array) and kind.rank != 1:
            return part
        if isinstance(kind, Array):
            return s.held(Leaf(Call(Attribute(part.expr, "copy"), ())), "items")
        if is_list(kind):
            return s.held(Leaf(Call(builtin_ref("list"), (part.expr,))), "items")
        raise s.refuse(f"itertools.{value.form} of what the loop may change", "loop over a copy: list(...)")

    return Lazy(value.form, tuple(map(copy, value.parts)))


def going_on(s: Spec, value: Lazy, turn: Turn, over: Over) -> None:
    """``pairwise`` and ``accumulate``, with what they have read in a variable."""
    source, *more = value.parts
    if any(not is_none(p) for p in more[1:]) or not isinstance(source, Leaf):
        raise s.refuse(f"itertools.{value.form} of what the loop may change", "loop over a copy: list(...)")
    column = columns(s, s.settled(source, "items"))
    assert column.count is not None
    count = s.held(Leaf(column.count), "count")
    held = s.fresh("previous" if value.form == "pairwise" else "total")
    s.unstable.add(held)

    def pair(k: Value) -> None:
        current = s.held(Leaf(s.materialize(column.item(place(k)))), "current")
        turn(Seq((Leaf(Name(held)), current)))
        s.assign(held, current.expr)

    def total(k: Value) -> None:
        added = iterators.added(s, more[0], Leaf(Name(held)), column.item(place(k)))
        s.assign(held, s.materialize(added))
        turn(Leaf(Name(held)))

    def begun() -> None:
        s.assign(held, s.materialize(column.item(Const(0))))
        if value.form == "accumulate":
            turn(Leaf(Name(held)))
        over(Lazy("range", (Leaf(Const(1), 1), count)), pair if value.form == "pairwise" else total)

    meet.branches(s, [(Compare(count.expr, (">",), (Const(0),)), begun)])


def place(k: Value) -> Expr:
    assert isinstance(k, Leaf)
    return k.expr


def held(s: Spec, value: Lazy) -> Lazy:
    """Names that the loop may bind anew stay what they were."""
    if any(isinstance(p, Leaf) and containers.known_int(p) is None for p in value.parts):
        parts = tuple(s.settled(p, "items") if isinstance(p, Leaf) else p for p in value.parts)
        return Lazy(value.form, parts)
    return value
