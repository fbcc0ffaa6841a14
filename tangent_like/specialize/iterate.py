"""Loops over anything: written out where the items are known one by one, else a loop of the core."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tangent_like.errors import UnsupportedError
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Attribute,
    Block,
    Call,
    Compare,
    Const,
    Each,
    Expr,
    For,
    Index,
    List,
    Name,
    Slice,
    Tuple,
)
from tangent_like.ir.walk import expressions, statements, subexpressions
from tangent_like.kinds.kind import INT, Array, Kind, ListOf
from tangent_like.specialize import (
    assume,
    changing,
    constant_tables,
    containers,
    filters,
    generators,
    iterators,
    meet,
    object_places,
    resumed,
    rounds,
    tables,
)
from tangent_like.specialize.branching import more_paths
from tangent_like.specialize.columns import columns, stop
from tangent_like.specialize.every_item import every_item
from tangent_like.specialize.operands import later_of
from tangent_like.specialize.spec import MOST_UNROLLED, MOST_WRITTEN_OUT, LoopExit, Spec
from tangent_like.specialize.turns import NotUnrolledError, OnlyTheRun, needs_turns
from tangent_like.specialize.values import Content, Handle, Lazy, Leaf, Outer, Seq, Value

Turn = Callable[[Value], None]


def over(
    s: Spec, value: Value, turn: Turn, wanted: str = "", written_out: int = 0, leaves: bool = False
) -> None:
    """Emit what runs ``turn`` for each item of ``value``; ``wanted`` is a name for the item, if it has one.

    ``written_out``: no loop of the core may be made of it, and at most so many turns. ``leaves``: a turn may leave
    the loop, so that it has to be one.
    """
    if isinstance(value, Lazy) and resumed.goes_on(value):
        resumed.counted(s, value, turn, over, leaves)
        return
    if generators.is_begun(value) or generators.goes_through(value):
        generators.over(s, value, turn, written_out, generators.flag(s) if leaves else "")
        return
    if isinstance(value, Lazy) and value.form == "generator":
        by_flag = leaves and (value.comprehension is None or len(value.comprehension.clauses) > 1)
        s.tools.generate(s, value, turn, written_out, generators.flag(s) if by_flag else "")
        return
    if written_out:
        few = written_out <= MOST_WRITTEN_OUT
        items = containers.static_items(s, value) if few else every_item(s, value)
        if items is None or (is_range(value) and len(items) > written_out):
            raise OnlyTheRun
        unrolled(s, items, turn, value)
        return
    if isinstance(value, Lazy) and not s.probing and changing.mapped(value):
        changing.refuse_calls(s, value, over)
    if isinstance(value, Lazy) and not s.probing and generators.ahead(value):
        generators.careful(s, value, turn, partial(as_it_is, s, value, turn, wanted, leaves), leaves)
        return
    as_it_is(s, value, turn, wanted, leaves)


def as_it_is(s: Spec, value: Value, turn: Turn, wanted: str, leaves: bool) -> None:
    if isinstance(value, Lazy) and tables.over(s, value, turn, wanted, over):
        return
    if isinstance(value, Lazy) and value.form == "iter":
        over(s, value.parts[0], turn, wanted, 0, leaves)
        return
    if isinstance(value, Lazy) and value.form in iterators.FORMS:
        over_more(s, value, turn, leaves)
        return
    if isinstance(value, Lazy) and value.form == "map" and all(is_static(s, p) for p in value.parts[1:]):
        # called turn by turn: what the body changes, the next call sees
        rows = Lazy("zip", value.parts[1:])

        def called(row: Value) -> None:
            assert isinstance(row, Seq)
            turn(s.call(value.parts[0], list(row.items)))

        over(s, rows, called)
        return
    if isinstance(value, Lazy) and value.form == "range":
        over_range(s, value, turn, wanted)
        return
    if isinstance(value, Lazy) and value.form in filters.FORMS:
        filters.filtered(s, value, turn, wanted, partial(over, leaves=leaves))
        return
    if object_places.is_one(value, s):
        indexed_loop(s, value, turn)
        return
    if isinstance(value, Lazy) and value.form == object_places.PART:
        over_range(s, object_places.places(value), lambda k: turn(object_places.in_part(s, value, k)), "")
        return
    items = containers.static_items(s, value)
    if items is not None:
        unrolled(s, items, turn, value)
        return
    if isinstance(value, Leaf | Outer):
        over_array(s, constant_tables.iterated(s, value), turn, wanted)
        return
    if isinstance(value, Lazy) and value.form == "checkpointed":
        raise s.refuse("tl.checkpointed elsewhere than at the head of a loop", "write for t in tl.checkpointed(...):")
    if isinstance(value, Lazy):
        back = from_the_end(s, value)
        if back is not None:
            over_array(s, back, turn, wanted)
        else:
            indexed_loop(s, value, turn, wanted if value.form == "enumerate" else "")
        return
    raise s.refuse("a loop over this", "loop over range(len(...)) and index")


def over_more(s: Spec, value: Lazy, turn: Turn, leaves: bool) -> None:
    """What ``itertools`` makes; where the turns may change what it has read before, read once more, and so."""
    if value.form in ("chain", "product"):
        value = changing.held(s, value)
    careful = value.form in (*changing.COPIED_FIRST, *changing.GOES_ON) and changing.reads_memory(value)
    position, mark, kinds = len(s.out), s.mark(), dict(s.state.kinds)
    before = watched(s, value) if value.form == "accumulate" else {}
    of_itertools(s, value, turn, leaves)
    refuse_other(s, before)
    if not careful:
        changing.refuse_changed(s, value, tuple(s.out[position:]), kinds)
    elif changing.may_change(tuple(s.out[position:]), kinds):
        s.go_back(mark)
        del s.out[position:]
        if leaves and value.form == "accumulate":
            raise s.refuse("leaving a loop over what it may change", "loop over a copy: accumulate(list(...))")
        if value.form in changing.GOES_ON:
            changing.going_on(s, value, turn)
        else:
            of_itertools(s, changing.copied(s, value), turn, leaves)


def of_itertools(s: Spec, value: Lazy, turn: Turn, leaves: bool) -> None:
    if iterators.is_endless(value):
        iterators.endless(s, value, turn)
        return
    if value.form == "accumulate":
        over(s, iterators.accumulated(s, value, lambda v, t: over(s, v, t)), turn)
        return
    if value.form == "starmap":
        over(s, value.parts[1], lambda v: turn(s.call(value.parts[0], iterators.row(v, s))), leaves=leaves)
        return
    pools = value.parts[:1] if value.form == "combinations" else value.parts
    nested, told = value.form in iterators.NESTED and not leaves, all(is_items(s, p) for p in pools)
    items = None if nested and not told else iterators.items(s, value)
    if items is not None:
        unrolled(s, items, turn, value)
    elif nested:
        read_once = told and value.form in changing.COPIED_FIRST
        iterators.nested(s, iterators.of_lists(s, value) if read_once else value, turn, lambda v, t: over(s, v, t))
    elif value.form in iterators.NESTED:
        over(s, s.tools.as_list(s, value, "items"), turn)
    elif value.form in ("permutations", "with_replacement"):
        what = f"itertools.{value.form} of what only the run tells the length of"
        known = [every_item(s, p) for p in value.parts[:1]]
        if len(value.parts) > 1 and containers.known_int(value.parts[1]) is None:
            raise needs_turns(s, f"itertools.{value.form} of a number that only the run tells", "write the loops out")
        if known[0] is None or isinstance(value.parts[0], Seq):
            raise s.refuse(what, "write the loops out")
        over_more(s, Lazy(value.form, (Seq(tuple(known[0])), *value.parts[1:])), turn, leaves)
    else:
        indexed_loop(s, value, turn)


def is_items(s: Spec, value: Value) -> bool:
    """Are the items known one by one, and no numbers of a range?"""
    return not is_range(value) and is_static(s, value)


def is_range(value: Value) -> bool:
    return isinstance(value, Lazy) and value.form == "range"


def is_static(s: Spec, value: Value) -> bool:
    """Are the items known one by one, without asking for them?"""
    match value:
        case Lazy("enumerate" | "reversed" | "zip" | "iter", parts):
            told = [is_static(s, p) for p in parts]
            return any(told) and all(known or isinstance(p, Leaf) for known, p in zip(told, parts, strict=True))
        case Lazy("items" | "keys" | "values" | "range"):
            return containers.static_items(s, value) is not None
        case Lazy():
            return False
        case _:
            return containers.static_items(s, value) is not None


READ_AS_THEY_GO = frozenset({
    "enumerate", "reversed", "zip", "iter", "items", "keys", "values",
    "islice", "pairwise", "chain", "longest", "starmap", "accumulate", "cycle", "map",
})  # fmt: skip


def watched(s: Spec, value: Value | None) -> dict[int, Content]:
    """The containers that an iteration reads as it goes."""
    match value:
        case Handle(id):
            return {id: s.state.heap[id]}
        case Lazy(form, parts) if form in READ_AS_THEY_GO:
            return {k: v for p in parts for k, v in watched(s, p).items()}
        case _:
            return {}


def unrolled(s: Spec, items: list[Value], turn: Turn, source: Value | None = None) -> None:
    """One turn after the other; of what is displayed, each item as it was before the first.

    Before                                   After

        for e in [a, a * b]:                     item = a * b
            a = a + e                            a = a + a
                                                 a = a + item
    """
    if len(items) > MOST_UNROLLED:
        raise s.refuse(f"a loop over {len(items)} items of different kinds", "use an array")
    position, mark = len(s.out), s.mark()
    try:
        written_out(s, items, turn, source, displayed(s, source))
    except ItemChangedError:
        s.go_back(mark)
        del s.out[position:]
        table = {id(leaf): s.settled(leaf, "item") for leaf in displayed(s, source)}
        written_out(s, [with_held(s, item, table) for item in items], turn, source, [])


class ItemChangedError(Exception):
    """A turn changed what an item is computed from, which Python did before the first turn."""


def displayed(s: Spec, value: Value | None, seen: set[int] | None = None) -> list[Leaf]:
    """The items, or parts of items, that exist before the first turn; those of what is there twice, once."""
    seen = set() if seen is None else seen
    match value:
        case Leaf(expr) if isinstance(expr, Tuple | List):
            return [leaf for leaf in containers.static_items(s, value) or [] if isinstance(leaf, Leaf)]
        case Seq(items):
            return [leaf for item in items for leaf in displayed_in(s, item, seen)]
        case Handle(id) if id not in seen:
            seen.add(id)
            leaves = [leaf for item in s.state.heap[id].values for leaf in displayed_in(s, item, seen)]
            return [leaf for leaf in leaves if not s.is_slot(leaf, id)]
        case Lazy("enumerate" | "reversed" | "zip" | "iter" | "items" | "values", parts):
            return [leaf for part in parts for leaf in displayed(s, part)]
        case Lazy(form, parts) if form in changing.COPIED_FIRST:
            rows = [containers.static_items(s, part) for part in (parts if form == "product" else parts[:1])]
            return [leaf for row in rows for item in row or [] for leaf in displayed_in(s, item, seen)]
        case _:
            return []


def displayed_in(s: Spec, item: Value, seen: set[int]) -> list[Leaf]:
    if isinstance(item, Leaf):
        return [item]
    return displayed(s, item, seen) if isinstance(item, Seq | Handle) else []


def with_held(s: Spec, item: Value, table: dict[int, Value]) -> Value:
    if isinstance(item, Seq):
        return Seq(tuple(with_held(s, v, table) for v in item.items), item.cls)
    return s.settled(item, "item") if isinstance(item, Handle) else table.get(id(item), item)


def written_out(s: Spec, items: list[Value], turn: Turn, source: Value | None, early: list[Leaf]) -> None:
    before = watched(s, source)
    first = containers.static_items(s, source) if read_again(source) and source is not None else None
    exit_ = LoopExit(start=(s.out, len(s.out)))
    s.exits.append(exit_)
    outer, s.repeated = s.repeated, s.frames
    try:
        position = counted = len(s.out)
        paths = 0
        for k, item in enumerate(items):
            if k > 0:
                paths, counted = more_paths(s, paths, s.out[counted:]), len(s.out)
                if first is None or source is None:
                    refuse_other(s, before, k if by_place(source) else 0)
                    changing.refuse_rebound(s, source, k, tuple(s.out[position:]))
                else:
                    lengths(s, before)
                    item = item_now(s, source, first, k, item)  # noqa: PLW2901
                later = later_of(s, tuple(s.out[position:]), {})
                if any(later.disturbs(leaf.expr) for leaf in early):
                    raise ItemChangedError
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


def read_again(value: Value | None) -> bool:
    """Is each item read when its turn comes, and tells the value itself which it is?"""
    match value:
        case Handle():
            return True
        case Lazy("enumerate" | "reversed" | "zip" | "items" | "keys" | "values", parts):
            return all(not isinstance(p, Lazy) or read_again(p) for p in parts)
        case _:
            return False


def item_now(s: Spec, source: Value, first: list[Value], k: int, item: Value) -> Value:
    """The item of a turn: another one, if the turns before have put another one in its place."""
    now = containers.static_items(s, source)
    if now is None or len(now) != len(first):
        raise s.refuse("a loop over what it changes", "loop over a copy")
    return item if rounds.same_value(first[k], now[k]) else now[k]


def by_place(value: Value | None) -> bool:
    """Is the item of a turn made of those at its place in what is gone through?"""
    if isinstance(value, Lazy):
        return value.form in ("map", "enumerate", "zip", "iter") and all(map(by_place, value.parts))
    return True


def refuse_other(s: Spec, before: dict[int, Content], first: int = 0) -> None:
    """What is iterated over is still what it was, from the place ``first`` on."""
    for id_, content in before.items():
        now = s.state.heap.get(id_, content)
        pairs = zip(now.values[first:], content.values[first:], strict=False)
        if len(now.items) != len(content.items) or not all(rounds.same_value(a, b) for a, b in pairs):
            raise s.refuse("a loop over what it changes", "loop over a copy")


def lengths(s: Spec, before: dict[int, Content]) -> None:
    """What has grown in the last turn would have been gone on with; a dict has the keys that it had."""
    for id_, content in before.items():
        now = s.state.heap.get(id_, content)
        other_keys = content.form != "list" and [k for k, _ in now.items] != [k for k, _ in content.items]
        if len(now.items) != len(content.items) or other_keys:
            raise s.refuse("a loop over what it changes", "loop over a copy")


# -- loops of the core ----------------------------------------------------------------------------


def over_range(s: Spec, value: Lazy, turn: Turn, wanted: str) -> None:
    args = tuple(s.materialize(p) for p in value.parts)
    name = wanted or s.fresh("k")
    if len(args) == 1 and name not in s.unstable:
        s.facts.indices.add(name)

    def body() -> None:
        s.state.kinds[name] = INT
        turn(Leaf(Name(name)))

    turn_by_turn(s, value, turn, lambda: rounds.loop(s, body, lambda block: For(name, args, block, s.origin)))


def turn_by_turn(s: Spec, value: Value, turn: Turn, loop: Callable[[], None]) -> None:
    """Emit a loop of the core; where its turns differ in structure, one after the other."""
    position, mark = len(s.out), s.mark()
    try:
        loop()
    except NotUnrolledError:
        s.go_back(mark)
        del s.out[position:]
        items = every_item(s, value)
        if items is None:
            raise
        unrolled(s, items, turn, value)


def over_array(s: Spec, value: Leaf, turn: Turn, wanted: str) -> None:
    name = wanted or s.fresh("item")
    element = element_kind(s, s.kind(value.expr))

    def body() -> None:
        s.state.kinds[name] = element
        turn(Leaf(Name(name)))

    def loop() -> None:
        rounds.loop(s, body, lambda block: Each(name, value.expr, block, s.origin))

    position, mark = len(s.out), s.mark()
    try:
        turn_by_turn(s, value, turn, loop)
    except UnsupportedError:
        if not is_empty(s.kind(value.expr)):
            raise
    else:
        if not is_empty(s.kind(value.expr)) or not asked_as_object(tuple(s.out[position:]), name):
            return
    s.go_back(mark)
    del s.out[position:]
    none_there(s, value.expr)


def from_the_end(s: Spec, value: Lazy) -> Leaf | None:
    """``reversed(x)`` of an array that keeps its name: ``x[::-1]``, which is no copy."""
    match value:
        case Lazy("reversed", (Leaf(Name() as whole),)) if s.is_stable(whole) and isinstance(s.kind(whole), Array):
            return Leaf(Index(whole, Slice(None, None, Const(-1))))
        case _:
            return None


def asked_as_object(block: Block, name: str) -> bool:
    """Is something asked of it that no number and no array has?"""
    found = (e for stmt in statements(block) for top in expressions(stmt) for e in subexpressions(top))
    own = [e.name for e in found if isinstance(e, Attribute) and isinstance(e.value, Name) and e.value.id == name]
    return not assume.ARRAY_ATTRIBUTES.issuperset(own)


def is_empty(kind: Kind) -> bool:
    """Is it a list in which nothing is, as far as is known: ``children=[]`` of an argument?"""
    return isinstance(kind, ListOf) and kind.item is None


def none_there(s: Spec, listed: Expr) -> None:
    """Of what would be in an empty list nothing is known: no turn is taken, and that is checked."""
    filled = Compare(Call(builtin_ref("len"), (listed,)), (">",), (Const(0),))
    stop(s, filled, "this derivative is for a list that is empty here")


def element_kind(s: Spec, kind: Kind) -> Kind:
    return s.typing.element(kind)


def indexed_loop(s: Spec, value: Value, turn: Turn, wanted: str = "") -> None:
    """``for i, (a, b) in enumerate(zip(x, y))``: over the index, with the items at the top of each turn."""
    column = columns(s, value)
    if column.static is not None:
        unrolled(s, [column.item(Const(k)) for k in range(column.static)], turn, value)
        return
    index = wanted or s.fresh(column.wanted or "k")
    if index not in s.unstable:
        s.facts.indices.add(index)

    def body() -> None:
        s.state.kinds[index] = INT
        turn(column.item(Name(index)))

    count = column.count
    if count is None:
        iterators.endless(s, value, turn)
        return

    position, kinds, before = len(s.out), dict(s.state.kinds), watched(s, value)

    def loop() -> None:
        # a list that grew meanwhile would be gone on with: refused where aliases are known
        rounds.loop(s, body, lambda block: For(index, (count,), block, s.origin, "", "", column.walked))

    turn_by_turn(s, value, turn, loop)
    if not (isinstance(value, Lazy) and value.form in (*changing.COPIED_FIRST, *changing.GOES_ON)):
        changing.refuse_changed(s, value, tuple(s.out[position:]), kinds)
        refuse_other(s, before)
