"""Iterables as something that is indexed: how many items there are, and the item at a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tangent_like.errors import UnsupportedError
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Expr,
    If,
    Index,
    List,
    Name,
    Pass,
    Raise,
    Slice,
    Tuple,
)
from tangent_like.ir.walk import names, same
from tangent_like.kinds.dims import assumption
from tangent_like.kinds.kind import Array, ListOf, Scalar, Sequence, alike
from tangent_like.kinds.turns import places_of
from tangent_like.specialize import constant_tables, containers, object_places
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.turns import needs_turns, number, pinned
from tangent_like.specialize.values import UNSET, Handle, Lazy, Leaf, Outer, Seq, Value, is_atomic, is_none


@dataclass(frozen=True, eq=False)
class Column:
    """What can be indexed: ``count`` items, None for no end; ``static`` their number where some are known.

    ``walked``: the lists that give an end by their length, as it is when a turn begins.
    """

    count: Expr | None
    item: Callable[[Expr], Value]
    static: int | None = None
    wanted: str = ""
    walked: tuple[str, ...] = ()


def columns(s: Spec, value: Value) -> Column:
    """An iterable as something that is indexed."""
    items = containers.static_items(s, value) if not isinstance(value, Lazy) else None
    if items is not None:
        known = [s.settled(v, "item") for v in items]

        def pick(k: Expr) -> Value:
            if isinstance(k, Const) and isinstance(k.value, int):
                return known[k.value]
            numbers = [v.expr for v in known if isinstance(v, Leaf) and isinstance(s.kind(v.expr), Scalar | Array)]
            if len(numbers) != len(known):
                what = "an item, by a number that only the run tells, of what is known one by one"
                raise needs_turns(s, what, "make a list of what is gone through beside it")
            return Leaf(Index(List(tuple(numbers)), k))

        return Column(Const(len(known)), pick, len(known))
    match value:
        case Leaf(Index() as part) if (found := slice_column(s, part)) is not None:
            return found
        case Leaf() | Outer():
            base = s.held(constant_tables.iterated(s, value), "items").expr
            walked = (base.id,) if isinstance(base, Name) and isinstance(s.kind(base), ListOf) else ()
            length = Call(builtin_ref("len"), (base,))
            return Column(length, lambda k: Leaf(Index(base, k)), walked=walked)
        case Lazy("items" | "keys" | "values" as form, (Leaf() as table,)):
            keys = columns(s, table)

            def entry(k: Expr) -> Value:
                key = keys.item(k)
                place = Leaf(Index(table.expr, s.materialize(key)))
                return Seq((key, place)) if form == "items" else key if form == "keys" else place

            return Column(keys.count, entry)
        case Handle() if object_places.is_one(value, s):
            first = object_places.column(s, value)
            return Column(Call(builtin_ref("len"), (first,)), partial(object_places.item, s, value), walked=(first.id,))
        case Lazy(object_places.PART, (Handle() as handle, Leaf(start), _)):
            walked = (object_places.column(s, handle).id,)
            many = object_places.length_of(s, value)
            return Column(many, lambda k: object_places.item(s, handle, plus(start, k)), walked=walked)
        case Lazy("range", parts):
            return range_column(s, [s.materialize(s.settled(p, "bound")) for p in parts])
        case Lazy("enumerate", parts):
            inner = columns(s, parts[0])
            start = s.materialize(parts[1]) if len(parts) > 1 else Const(0)

            def numbered(k: Expr) -> Value:
                return Seq((Leaf(plus(start, k), known_sum(start, k)), inner.item(k)))

            return Column(inner.count, numbered, inner.static, "k", inner.walked)
        case Lazy("zip", parts):
            return zipped(s, [columns(s, p) for p in parts], parts)
        case Lazy("reversed", parts):
            inner = columns(s, parts[0])
            if inner.static is not None:
                last = inner.static - 1
                return Column(inner.count, lambda k: inner.item(Const(last - _int(k))), inner.static)
            if inner.count is None:
                raise s.refuse("reversed of what has no end")
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

            return Column(each.count, mapped, each.static, walked=each.walked)
        case Lazy("count", parts):
            given = [s.materialize(s.settled(p, "start")) for p in parts]
            start = given[0] if given else Const(0)
            step = given[1] if len(given) > 1 else Const(1)

            def counted(k: Expr) -> Value:
                moved = k if isinstance(step, Const) and step.value == 1 else Binary("*", k, step)
                return Leaf(plus(start, moved), known_sum(start, moved))

            return Column(None, counted)
        case Lazy("repeat", parts):
            held = s.settled(parts[0], "item")
            return Column(s.materialize(parts[1]) if len(parts) > 1 else None, lambda _: held)
        case Lazy("cycle", parts):
            return cycled(s, columns(s, parts[0]))
        case Lazy("pairwise", parts):
            inner = columns(s, parts[0])
            fewer = None if inner.count is None else Binary("-", inner.count, Const(1))
            static = None if inner.static is None else max(inner.static - 1, 0)
            return Column(fewer, lambda k: Seq((inner.item(k), inner.item(after(k)))), static, walked=inner.walked)
        case Lazy("longest", (fill, *parts)):
            return longest(s, [columns(s, p) for p in parts], s.materialize(fill))
        case Lazy("iter", parts):
            return columns(s, parts[0])
        case Lazy("islice", parts):
            return sliced(s, parts)
        case Lazy():
            return columns(s, s.tools.as_list(s, value, "items"))
        case _:
            raise s.refuse("an iteration over this", "loop over range(len(...)) and index")


def slice_column(s: Spec, part: Index) -> Column | None:
    """``x[1:]``: the entries ``x[k + 1]`` of an array that keeps its name."""
    found = places_of(part)
    if found is None or not s.is_stable(found[0]) or not isinstance(s.kind(found[0]), Array):
        return None
    _, args, place = found
    if len(args) == 1:
        return Column(args[0], lambda k: Leaf(place(k)))
    low, high, *step = args
    if not step:
        return Column(less(high, low), lambda k: Leaf(place(plus(low, k))))
    return Column(less(low, high), lambda k: Leaf(place(less(low, k))))


def less(a: Expr, b: Expr) -> Expr:
    """``a - b``; of a number taken off, and another, their sum."""
    match a, b:
        case Binary("-", inner, Const(int() as taken)), Const(int() as more):
            return inner if taken + more == 0 else Binary("-", inner, Const(taken + more))
        case _:
            return Binary("-", a, b)


def cycled(s: Spec, inner: Column) -> Column:
    """``cycle(xs)``: from the front again, without an end."""
    count_ = inner.static
    if count_ is not None:
        items = [inner.item(Const(k)) for k in range(count_)]
        plain = all(isinstance(v, Leaf) and is_atomic(v.expr) for v in items)
        base = s.held(Leaf(Tuple(tuple(map(s.materialize, items)))), "items").expr if plain else None

        def picked(k: Expr) -> Value:
            if count_ and isinstance(k, Const) and isinstance(k.value, int):
                return items[k.value % count_]
            if base is None:
                raise needs_turns(s, "a cycle of items that are known one by one")
            return Leaf(Index(base, Binary("%", k, Const(count_))))

        return Column(None, picked)
    if inner.count is None:
        return inner
    count = s.fresh("count")
    s.assign(count, inner.count)
    return Column(None, lambda k: inner.item(Binary("%", k, Name(count))))


def sliced(s: Spec, parts: tuple[Value, ...]) -> Column:
    """``islice(xs, start, stop, step)``; which of them Python takes only where they are not negative."""
    bounds: list[Expr | None] = [_bound(s, p) for p in parts[1:]]
    if len(bounds) == 1:
        bounds = [None, *bounds]
    start, stop, by = [*bounds, None][:3]
    start, step = start or Const(0), 1 if by is None else by.value if isinstance(by, Const) else None
    if not isinstance(step, int):
        raise s.refuse("islice with a step that only the run tells", "write the step out")
    inner = columns(s, parts[0])

    def item(k: Expr) -> Value:
        return inner.item(plus(start, _times(k, step)))

    if inner.count is None:
        if stop is None:
            raise s.refuse("islice of what has no end, without a stop that is known")
        if isinstance(start, Const) and isinstance(stop, Const):
            total = len(range(start.value, stop.value, step))  # type: ignore[call-overload]
            return Column(Const(total), item, total)
        if step != 1:
            raise s.refuse("islice in steps, as far as only the run tells,", "write the bounds out")
        return Column(Call(builtin_ref("max"), (Binary("-", stop, start), Const(0))), item)
    if isinstance(parts[0], Leaf):
        part = Index(parts[0].expr, Slice(start, stop, None if step == 1 else Const(step)))
        if isinstance(s.kind(parts[0].expr), Array):
            return columns(s, Leaf(part))
        count = Call(builtin_ref("len"), (part,))  # of a list, a part would be a copy, and turns may change the list
        return Column(count, item, walked=inner.walked)
    return columns(s, Lazy("islice", (s.tools.as_list(s, parts[0], "items"), *parts[1:])))


def _bound(s: Spec, value: Value) -> Expr | None:
    """A bound that is known, or a variable that holds it; None where there is none."""
    if is_none(value):
        return None
    known = containers.known_int(value)
    if known is not None:
        return Const(known)
    if not isinstance(value, Leaf):
        raise s.refuse("islice with bounds of this kind", "write the bounds out")
    return s.held(value, "bound").expr


def _times(k: Expr, step: int) -> Expr:
    if isinstance(k, Const) and isinstance(k.value, int):
        return Const(k.value * step)
    return k if step == 1 else Binary("*", k, Const(step))


def after(k: Expr) -> Expr:
    return Const(k.value + 1) if isinstance(k, Const) and isinstance(k.value, int) else Binary("+", k, Const(1))


def _int(k: Expr) -> int:
    assert isinstance(k, Const) and isinstance(k.value, int)
    return k.value


def plus(start: Expr, k: Expr) -> Expr:
    if isinstance(start, Const) and start.value == 0:
        return k
    if isinstance(start, Const) and isinstance(k, Const):
        return Const(start.value + k.value)  # type: ignore[operator]
    match start, k:
        case Const(1), Binary("-", Binary("-", count, Const(1)), turn):  # from the end
            return Binary("-", count, turn)
        case _:
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
        for column, part in zip(found, parts, strict=True):
            if column.static is None and column.count is not None:
                size = length_here(s, part)
                if size is None:
                    try:
                        return zipped(s, [c if c.static is None else in_lists(s, c) for c in found], parts)
                    except UnsupportedError:
                        size = min(fixed_)
                        at_least(s, column.count, size)
                fixed_.append(size)
        count = min(fixed_)
        return Column(Const(count), lambda k: Seq(tuple(c.item(k) for c in found)), count)
    ending = [(c.count, p) for c, p in zip(found, parts, strict=True) if c.count is not None]
    if not ending:
        return Column(None, lambda k: Seq(tuple(c.item(k) for c in found)))
    counts: list[Expr] = [ending[0][0]]
    for one, part in ending[1:]:
        if not same_length(s, part, ending[0][1]) and not any(same(one, count) for count in counts):
            counts.append(one)
    total = counts[0] if len(counts) == 1 else Call(builtin_ref("min"), tuple(counts))
    if len(counts) > 1 and names(total):
        held = s.fresh("count")
        s.emit(Assign((held,), (total,), s.origin))
        total = Name(held)
    walked = tuple(dict.fromkeys(n for c in found for n in c.walked))
    return Column(total, lambda k: Seq(tuple(c.item(k) for c in found)), walked=walked)


def longest(s: Spec, found: list[Column], fill: Expr) -> Column:
    """As long as the longest, with ``fill`` in the place of what the others have not."""
    if any(c.count is None or c.static is not None for c in found):
        raise s.refuse("itertools.zip_longest of what is known item by item, or has no end,", "make arrays of it")
    counts = [s.held(Leaf(c.count), "count").expr for c in found if c.count is not None]
    total = s.held(Leaf(Call(builtin_ref("max"), tuple(counts))), "count").expr if len(counts) > 1 else counts[0]

    def row(k: Expr) -> Value:
        items = [s.materialize(c.item(k)) for c in found]
        tests = [Compare(k, ("<",), (count,)) for count in counts]
        return Seq(tuple(Leaf(Choose(t, e, fill)) for t, e in zip(tests, items, strict=True)))

    return Column(total, row, walked=tuple(dict.fromkeys(n for c in found for n in c.walked)))


def in_lists(s: Spec, column: Column) -> Column:
    """Items that are known one by one, in lists of the core: beside what only the run tells the length of."""
    assert column.static is not None
    rows = [column.item(Const(k)) for k in range(column.static)]
    return Column(Const(column.static), in_list(s, rows, "items"))


def in_list(s: Spec, rows: list[Value], hint: str) -> Callable[[Expr], Value]:
    first = rows[0] if rows else None
    if all(isinstance(v, Leaf) for v in rows) and alike(tuple(s.kind(s.materialize(v)) for v in rows)):
        name = s.fresh(hint)
        s.assign(name, List(tuple(s.materialize(v) for v in rows)))
        return lambda k: Leaf(Index(Name(name), k))
    if isinstance(first, Seq) and all(
        isinstance(v, Seq) and v.cls == first.cls and len(v.items) == len(first.items) for v in rows
    ):
        places = [in_list(s, [v.items[j] for v in rows], hint) for j in range(len(first.items))]  # type: ignore[union-attr]
        return lambda k: Seq(tuple(place(k) for place in places), first.cls)
    raise s.refuse(
        "zip of what is known item by item with what only the run tells the length of", "make an array of the items"
    )


def at_least(s: Spec, count: Expr, size: int) -> None:
    """The text is for so many items at least: what is known item by item beside them is written out."""
    words = f"this derivative is for {size} items at least: as many as are known one by one beside them"
    stop(s, Compare(count, ("<",), (Const(size),)), words)


def stop(s: Spec, test: Expr, words: str) -> None:
    """A ``ValueError`` where the test says so."""
    error = Call(builtin_ref("ValueError"), (Const(words),))
    s.out.append(If((Arm(test, (Raise(error, s.origin),), s.origin),), (Pass(),), s.origin))


def by_number(s: Spec, value: Leaf, count: int, wanted: str) -> list[Value]:
    """So many items of what has a name of its own, by their numbers."""
    held = s.held(value, wanted).expr
    return [Leaf(Index(held, Const(k))) for k in range(count)]


def one_by_one(s: Spec, value: Value) -> list[Value] | None:
    """The items, where they are known, or the call at hand says how many there are."""
    found = containers.static_items(s, value)
    return s.tools.every_item(s, value) if found is None else found


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
            a_size, b_size = one.dims[0], two.dims[0]
            if a_size is None or b_size is None or not s.typing.sizes.same(a_size, b_size):
                return False
            if a_size != b_size:
                s.pins.append(assumption(a_size, True, b_size))
            return True
    return False


def length_here(s: Spec, part: Value) -> int | None:
    """How many items an iterable has in the call at hand."""
    match part:
        case Lazy("enumerate" | "reversed", parts):
            return length_here(s, parts[0])
        case Lazy("range", parts):
            numbers = [n for n in (number(s, p) for p in parts) if n is not None]
            return len(range(*numbers)) if len(numbers) == len(parts) else None
        case Leaf(expr):
            kind = s.kind(expr)
            if isinstance(kind, Sequence) and not kind.is_list:
                return len(kind.items)
            return pinned(s, kind.dims[0]) if isinstance(kind, Array) and kind.dims else None
        case _:
            return None
