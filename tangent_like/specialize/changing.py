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

from tangent_like.frontend.in_place import written_in
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Attribute,
    Augment,
    Block,
    Call,
    Compare,
    Const,
    Do,
    For,
    Name,
    Ref,
    UserFunction,
)
from tangent_like.ir.walk import (
    base_name,
    blocks,
    bound_in,
    expressions,
    statements,
    subexpressions,
)
from tangent_like.kinds.kind import INT, Array, Kind, ListOf, Scalar, is_list
from tangent_like.specialize import containers, iterators, meet, rounds
from tangent_like.specialize.columns import columns
from tangent_like.specialize.effects import does_more, through_views
from tangent_like.specialize.operands import draws
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Handle, Lazy, Leaf, Seq, Value, is_none

Turn = Callable[[Value], None]

COPIED_FIRST = ("product", "combinations", "permutations", "with_replacement")
GOES_ON = ("pairwise", "accumulate")


def may_change(made: Block, before: Mapping[str, Kind]) -> bool:
    """Do the statements write memory that was there before them, as far as can be seen?

    ``s += e`` of what is not known is refused later where it may share memory with anything.
    """
    grown = {stmt.target for stmt in statements(made) if isinstance(stmt, Augment)}
    plain = tuple(stmt for stmt in statements(made) if not isinstance(stmt, Augment) and not blocks(stmt))
    stored = through_views(plain, written_in(plain))
    if any(n in before and not isinstance(before[n], Scalar) for n in stored):
        return True
    if any(isinstance(before.get(n), Array | ListOf) for n in grown):
        return True
    exprs = (e for stmt in statements(made) for top in expressions(stmt) for e in subexpressions(top))
    return any(isinstance(e, Ref) and isinstance(e.target, UserFunction) for e in exprs)


def has_effects(s: Spec, position: int) -> bool:
    """Do the statements from ``position`` on draw, tell or write outside of the program?"""
    made = tuple(statements(tuple(s.out[position:])))
    return any(isinstance(stmt, Do) or any(draws(s, e) for e in expressions(stmt)) for stmt in made)


def reads_memory(value: Lazy) -> bool:
    """Is it of arrays or lists that have names, and of no copies?"""
    return any(isinstance(p, Leaf) and base_name(p.expr) is not None for p in value.parts)


TAKEN_OTHERWISE = frozenset({
    "product", "chain", "combinations", "permutations", "with_replacement", "pairwise", "longest", "islice",
    "cycle", "accumulate", "takewhile", "dropwhile", "ndenumerate",
})  # fmt: skip


def refuse_calls(s: Spec, value: Lazy, over: Callable[[Spec, Value, Turn], None]) -> None:
    """Calls that change what they find are made once, and no sooner than their items are asked for."""
    mark, position, kinds, heap = s.mark(), len(s.out), dict(s.state.kinds), dict(s.state.heap)
    outer, s.probing = s.probing, True
    try:
        for part in taken_otherwise(value):
            over(s, part, lambda _: None)
        changes = does_more(s, position, kinds, heap)
    finally:
        s.probing = outer
        s.go_back(mark)
        del s.out[position:]
    if changes:
        what = f"calls that change what they find, inside of {value.form},"
        raise s.refuse(what, "make a list of them first")


def taken_otherwise(value: Value) -> list[Value]:
    """The calls of ``map`` that are made sooner, or more often, than turn by turn."""
    if not isinstance(value, Lazy):
        return []
    if value.form in TAKEN_OTHERWISE:
        return mapped(value)
    if value.form == "zip":  # what stands first is asked for one item more where what stands behind has no more
        return [*(m for p in value.parts[:-1] for m in mapped(p)), *taken_otherwise(value.parts[-1])]
    return [m for p in value.parts for m in taken_otherwise(p)]


def mapped(value: Value) -> list[Value]:
    """The calls of ``map`` in it."""
    if not isinstance(value, Lazy):
        return []
    return [value] if value.form in ("map", "starmap") else [m for p in value.parts for m in mapped(p)]


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


def going_on(s: Spec, value: Lazy, turn: Turn) -> None:
    """``pairwise`` and ``accumulate``, with what they have read in a variable."""
    source, *more = value.parts
    if not isinstance(source, Leaf):
        raise s.refuse(f"itertools.{value.form} of what the loop may change", "loop over a copy: list(...)")
    column = columns(s, s.settled(source, "items"))
    assert column.count is not None
    count = s.held(Leaf(column.count), "count").expr
    start = more[1] if len(more) > 1 and not is_none(more[1]) else None
    held = s.fresh("previous" if value.form == "pairwise" else "total")
    index = s.fresh("k")
    s.unstable.add(held)

    def pair() -> None:
        current = s.held(Leaf(s.materialize(column.item(Name(index)))), "current")
        turn(Seq((Leaf(Name(held)), current)))
        s.assign(held, current.expr)

    def total() -> None:
        added = iterators.added(s, more[0], Leaf(Name(held)), column.item(Name(index)))
        s.assign(held, s.materialize(added))
        turn(Leaf(Name(held)))

    def one() -> None:
        s.state.kinds[index] = INT
        (pair if value.form == "pairwise" else total)()

    def begun() -> None:
        s.assign(held, s.materialize(column.item(Const(0)) if start is None else start))
        if value.form == "accumulate":
            turn(Leaf(Name(held)))
        args = (Const(1 if start is None else 0), count)
        # a list that grew meanwhile would be gone on with: refused where aliases are known
        rounds.loop(s, one, lambda block: For(index, args, block, s.origin, "", "", column.walked))

    if start is None:
        meet.branches(s, [(Compare(count, (">",), (Const(0),)), begun)])
    else:
        begun()


def held(s: Spec, value: Lazy) -> Lazy:
    """Names that the loop may bind anew stay what they were."""
    if any(isinstance(p, Leaf) and containers.known_int(p) is None for p in value.parts):
        parts = tuple(s.settled(p, "items") if isinstance(p, Leaf) else p for p in value.parts)
        return Lazy(value.form, parts)
    return value


def refuse_rebound(s: Spec, source: Value | None, k: int, done: Block) -> None:
    """The item of turn ``k``, taken before the first, is still in its place: no turn has put another one there."""
    if places_at(s, source, k) & bound_in(done):
        raise s.refuse("a loop over what it changes", "loop over a copy")


def places_at(s: Spec, source: Value | None, k: int) -> set[str]:
    """The variables of the places that the lists that are gone through have for turn ``k``."""
    match source:
        case Handle(id) | Lazy("reversed", (Handle(id),)):
            values = s.state.heap[id].values
            own = (values if isinstance(source, Handle) else values[::-1])[k : k + 1]
            return {v.expr.id for v in own if isinstance(v, Leaf) and isinstance(v.expr, Name) and s.is_slot(v, id)}
        case Lazy("map", (_, *parts)) | Lazy("enumerate" | "zip" | "iter", parts):
            return {name for part in parts for name in places_at(s, part, k)}
        case _:
            return set()
