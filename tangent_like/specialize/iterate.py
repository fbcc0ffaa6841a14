"""Loops over anything: written out where the items are known one by one, else a loop of the core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Binary,
    Call,
    Compare,
    Const,
    Each,
    Expr,
    For,
    If,
    Index,
    Name,
    Pass,
    Raise,
)
from tangent_like.ir.walk import names
from tangent_like.kinds.dims import fixed
from tangent_like.kinds.kind import INT, Array, Kind, Sequence
from tangent_like.specialize import containers, meet, rounds
from tangent_like.specialize.spec import MOST_UNROLLED, LoopExit, Spec
from tangent_like.specialize.turns import NotUnrolled, needs_turns, number, pinned, rows
from tangent_like.specialize.values import UNSET, Content, Handle, Lazy, Leaf, Outer, Seq, Value

Turn = Callable[[Value], None]
MOST_WRITTEN_OUT = 8  # numbers of a range, where a loop would do as well


class OnlyTheRun(Exception):  # noqa: N818 - not an error: a loop is made instead
    """The items are not known one by one, where they have to be."""


def over(s: Spec, value: Value, turn: Turn, wanted: str = "", written_out: int = 0) -> None:
    """Emit what runs ``turn`` for each item of ``value``; ``wanted`` is a name for the item, if it has one.

    ``written_out``: no loop of the core may be made of it, and at most so many turns.
    """
    if isinstance(value, Lazy) and value.form == "generator":
        s.tools.generate(s, value, turn, written_out)
        return
    if written_out:
        few = written_out <= MOST_WRITTEN_OUT
        items = containers.static_items(s, value) if few else every_item(s, value)
        if items is None or (is_range(value) and len(items) > written_out):
            raise OnlyTheRun
        unrolled(s, items, turn, value)
        return
    if isinstance(value, Lazy) and value.form == "iter":
        over(s, value.parts[0], turn, wanted, written_out)
        return
    if isinstance(value, Lazy) and value.form == "map" and all(is_static(s, p) for p in value.parts[1:]):
        # called turn by turn: what the body changes, the next call sees
        rows = Lazy("zip", value.parts[1:])

        def called(row: Value) -> None:
            assert isinstance(row, Seq)
            turn(s.call(value.parts[0], list(row.items)))

        over(s, rows, called, "", written_out)
        return
    if isinstance(value, Lazy) and value.form == "range":
        over_range(s, value, turn, wanted)
        return
    if isinstance(value, Lazy) and value.form == "filter":
        filtered(s, value, turn, wanted)
        return
    items = containers.static_items(s, value)
    if items is not None:
        unrolled(s, items, turn, value)
        return
    if isinstance(value, Leaf | Outer):
        over_array(s, Leaf(value.expr), turn, wanted)
        return
    if isinstance(value, Lazy):
        indexed_loop(s, value, turn)
        return
    raise s.refuse("a loop over this", "loop over range(len(...)) and index")


def is_range(value: Value) -> bool:
    return isinstance(value, Lazy) and value.form == "range"


def is_static(s: Spec, value: Value) -> bool:
    """Are the items known one by one, without asking for them?"""
    match value:
        case Lazy("enumerate" | "reversed" | "zip" | "iter", parts):
            return all(is_static(s, p) for p in parts if not isinstance(p, Leaf))
        case Lazy("items" | "keys" | "values" | "range"):
            return containers.static_items(s, value) is not None
        case Lazy():
            return False
        case _:
            return containers.static_items(s, value) is not None


def watched(s: Spec, value: Value | None) -> dict[int, Content]:
    """The containers that an iteration reads as it goes."""
    match value:
        case Handle(id):
            return {id: s.state.heap[id]}
        case Lazy("enumerate" | "reversed" | "zip" | "iter" | "items" | "keys" | "values", parts):
            return {k: v for p in parts for k, v in watched(s, p).items()}
        case _:
            return {}


def unrolled(s: Spec, items: list[Value], turn: Turn, source: Value | None = None) -> None:
    if len(items) > MOST_UNROLLED:
        raise s.refuse(f"a loop over {len(items)} items of different kinds", "use an array")
    before = watched(s, source)

    def unchanged() -> None:
        for id_, content in before.items():
            now = s.state.heap.get(id_, content)
            pairs = zip(now.values, content.values, strict=False)
            if len(now.items) != len(content.items) or not all(rounds.same_value(a, b) for a, b in pairs):
                raise s.refuse("a loop over what it changes", "loop over a copy")
    exit_ = LoopExit(start=(s.out, len(s.out)))
    s.exits.append(exit_)
    outer, s.repeated = s.repeated, s.frames
    try:
        for k, item in enumerate(items):
            if before and k > 0:
                unchanged()
            if not exit_.going:
                turn(item)
                continue

            def rest(item: Value = item) -> None:
                turn(item)

            meet.branches(s, [(Name(exit_.going), rest)])
        if items:
            lengths(s, before)
    finally:
        s.repeated = outer
        s.exits.pop()


def lengths(s: Spec, before: dict[int, Content]) -> None:
    """What has grown in the last turn would have been gone on with."""
    for id_, content in before.items():
        if len(s.state.heap.get(id_, content).items) != len(content.items):
            raise s.refuse("a loop over what it changes", "loop over a copy")


def filtered(s: Spec, value: Lazy, turn: Turn, wanted: str) -> None:
    function, inner = value.parts

    def tested(item: Value) -> None:
        held = s.settled(item, wanted or "item")
        test = held if containers.constant_key(s, function) is None else s.call(function, [held])
        condition = s.materialize(test)
        meet.branches(s, [(condition, lambda: turn(held))])

    over(s, inner, tested, wanted)


# -- loops of the core ----------------------------------------------------------------------------


def over_range(s: Spec, value: Lazy, turn: Turn, wanted: str) -> None:
    args = tuple(s.materialize(p) for p in value.parts)
    name = wanted or s.fresh("k")

    def body() -> None:
        s.state.kinds[name] = INT
        turn(Leaf(Name(name)))

    turn_by_turn(s, value, turn, lambda: rounds.loop(s, body, lambda block: For(name, args, block, s.origin)))


def turn_by_turn(s: Spec, value: Value, turn: Turn, loop: Callable[[], None]) -> None:
    """Emit a loop of the core; where its turns differ in structure, one after the other."""
    position, mark = len(s.out), s.mark()
    try:
        loop()
    except NotUnrolled:
        s.go_back(mark)
        del s.out[position:]
        items = every_item(s, value)
        if items is None:
            raise
        unrolled(s, items, turn, value)


def every_item(s: Spec, value: Value) -> list[Value] | None:
    """The items one by one, if need be as many as the call at hand has."""
    match value:
        case Leaf() if (count := rows(s, value)) is not None:
            base = s.held(value, "items").expr
            return [Leaf(Index(base, Const(k))) for k in range(count)]
        case Lazy("range", parts):
            numbers = [n for n in (number(s, p) for p in parts) if n is not None]
            if len(numbers) != len(parts) or len(range(*numbers)) > MOST_UNROLLED:
                return None
            return [Leaf(Const(k), k) for k in range(*numbers)]
        case Lazy("enumerate" | "zip" | "reversed" | "map" | "iter" as form, parts):
            first = 1 if form == "map" else 0
            last = 1 if form == "enumerate" else len(parts)
            found = [every_item(s, p) for p in parts[first:last]]
            known = [Seq(tuple(items)) for items in found if items is not None]
            if len(known) != len(found):
                return None
            return containers.lazy_items(s, Lazy(form, (*parts[:first], *known, *parts[last:])))
        case Lazy("generator"):
            return s.tools.generated(s, value, MOST_UNROLLED)
        case _:
            return containers.static_items(s, value)


def over_array(s: Spec, value: Leaf, turn: Turn, wanted: str) -> None:
    name = wanted or s.fresh("item")
    element = element_kind(s, s.kind(value.expr))

    def body() -> None:
        s.state.kinds[name] = element
        turn(Leaf(Name(name)))

    turn_by_turn(s, value, turn, lambda: rounds.loop(s, body, lambda block: Each(name, value.expr, block, s.origin)))


def element_kind(s: Spec, kind: Kind) -> Kind:
    return s.typing.element(kind)


def indexed_loop(s: Spec, value: Value, turn: Turn) -> None:
    """``for i, (a, b) in enumerate(zip(x, y))``: over the index, with the items at the top of each turn."""
    column = columns(s, value)
    if column.static is not None:
        unrolled(s, [column.item(Const(k)) for k in range(column.static)], turn)
        return
    index = s.fresh(column.wanted or "k")

    def body() -> None:
        s.state.kinds[index] = INT
        turn(column.item(Name(index)))

    def loop() -> None:
        rounds.loop(s, body, lambda block: For(index, (column.count,), block, s.origin))

    turn_by_turn(s, value, turn, loop)


@dataclass(frozen=True, eq=False)
class Column:
    """What can be indexed: ``count`` items; ``static`` their number where some are known one by one."""

    count: Expr
    item: Callable[[Expr], Value]
    static: int | None = None
    wanted: str = ""


def columns(s: Spec, value: Value) -> Column:
    """An iterable as something that is indexed."""
    items = containers.static_items(s, value) if not isinstance(value, Lazy) else None
    if items is not None:
        known = [s.settled(v, "item") for v in items]

        def pick(k: Expr) -> Value:
            assert isinstance(k, Const) and isinstance(k.value, int)
            return known[k.value]

        return Column(Const(len(known)), pick, len(known))
    match value:
        case Leaf() | Outer():
            base = s.held(Leaf(value.expr), "items").expr
            return Column(Call(builtin_ref("len"), (base,)), lambda k: Leaf(Index(base, k)))
        case Lazy("range", parts):
            return range_column(s, [s.materialize(s.settled(p, "bound")) for p in parts])
        case Lazy("enumerate", parts):
            inner = columns(s, parts[0])
            start = s.materialize(parts[1]) if len(parts) > 1 else Const(0)

            def numbered(k: Expr) -> Value:
                return Seq((Leaf(plus(start, k), known_sum(start, k)), inner.item(k)))

            return Column(inner.count, numbered, inner.static, "k")
        case Lazy("zip", parts):
            return zipped(s, [columns(s, p) for p in parts], parts)
        case Lazy("reversed", parts):
            inner = columns(s, parts[0])
            if inner.static is not None:
                last = inner.static - 1
                return Column(inner.count, lambda k: inner.item(Const(last - _int(k))), inner.static)
            count = s.fresh("count")
            s.assign(count, inner.count)
            top = Binary("-", Name(count), Const(1))
            return Column(Name(count), lambda k: inner.item(Binary("-", top, k)))
        case Lazy("map", parts):
            each = zipped(s, [columns(s, p) for p in parts[1:]], parts[1:])

            def mapped(k: Expr) -> Value:
                row = each.item(k)
                assert isinstance(row, Seq)
                return s.call(parts[0], list(row.items))

            return Column(each.count, mapped, each.static)
        case Lazy("generator" | "filter"):
            return columns(s, s.tools.as_list(s, value, "items"))
        case _:
            raise s.refuse("an iteration over this", "loop over range(len(...)) and index")


def _int(k: Expr) -> int:
    assert isinstance(k, Const) and isinstance(k.value, int)
    return k.value


def plus(start: Expr, k: Expr) -> Expr:
    if isinstance(start, Const) and start.value == 0:
        return k
    if isinstance(start, Const) and isinstance(k, Const):
        return Const(start.value + k.value)  # type: ignore[operator]
    return Binary("+", k, start)


def known_sum(start: Expr, k: Expr) -> object:
    found = plus(start, k)
    return found.value if isinstance(found, Const) else UNSET


def range_column(s: Spec, args: list[Expr]) -> Column:
    if len(args) == 1:
        return Column(args[0], Leaf)
    count = Call(builtin_ref("len"), (Call(builtin_ref("range"), tuple(args)),))
    step: Expr = args[2] if len(args) > 2 else Const(1)

    def number(k: Expr) -> Value:
        moved = k if isinstance(step, Const) and step.value == 1 else Binary("*", k, step)
        return Leaf(Binary("+", args[0], moved))

    del s
    return Column(count, number)


def zipped(s: Spec, found: list[Column], parts: tuple[Value, ...]) -> Column:
    """As long as the shortest."""
    if not found:
        return Column(Const(0), lambda _: Seq(()), 0)
    fixed_ = [c.static for c in found if c.static is not None]
    if fixed_:
        count = min(fixed_)
        for column, part in zip(found, parts, strict=True):
            if column.static is None and not long_enough(s, part, count):
                raise s.refuse(
                    "zip of what is known item by item with what only the run tells the length of",
                    "make an array of the items",
                )
        return Column(Const(count), lambda k: Seq(tuple(c.item(k) for c in found)), count)
    counts: list[Expr] = [found[0].count]
    for column, part in zip(found[1:], parts[1:], strict=True):
        if not same_length(s, part, parts[0]):
            counts.append(column.count)
    total = counts[0] if len(counts) == 1 else Call(builtin_ref("min"), tuple(counts))
    if len(counts) > 1 and names(total):
        held = s.fresh("count")
        s.emit(Assign((held,), (total,), s.origin))
        total = Name(held)
    return Column(total, lambda k: Seq(tuple(c.item(k) for c in found)))


def same_lengths(s: Spec, found: list[Expr]) -> None:
    """What ``zip(..., strict=True)`` asks of its arguments, before it begins."""
    counts = [Call(builtin_ref("len"), (e,)) for e in found]
    for k, count in enumerate(counts[1:], start=2):
        others = "argument 1" if k == 2 else f"arguments 1-{k - 1}"
        arms = []
        for op, what in (("<", "shorter"), (">", "longer")):
            message = Const(f"zip() argument {k} is {what} than {others}")
            error = Raise(Call(builtin_ref("ValueError"), (message,)), s.origin)
            arms.append(Arm(Compare(count, (op,), (counts[0],)), (error,), s.origin))
        s.out.append(If(tuple(arms), (Pass(),), s.origin))


def same_length(s: Spec, a: Value, b: Value) -> bool:
    if isinstance(a, Leaf) and isinstance(b, Leaf):
        one, two = s.kind(a.expr), s.kind(b.expr)
        if isinstance(one, Array) and isinstance(two, Array) and one.dims and two.dims:
            return bool(s.typing.sizes.same(one.dims[0], two.dims[0]))
    return False


def long_enough(s: Spec, part: Value, count: int) -> bool:
    """Has an array exactly as many rows? An assumption that is checked when the text runs."""
    if isinstance(part, Lazy) and part.form == "enumerate":
        return long_enough(s, part.parts[0], count)
    if isinstance(part, Leaf):
        kind = s.kind(part.expr)
        if isinstance(kind, Sequence):
            return len(kind.items) >= count
        if isinstance(kind, Array) and kind.dims:
            return bool(s.typing.sizes.same(kind.dims[0], fixed(count)))
    return False


