"""Loops: the state at the top of a turn is that at its end, in structure and in the names of the leaves."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field, replace

from tangent_like.ir.nodes import Assign, Block, Const, Expr, Index, Name, Stmt, Tuple
from tangent_like.ir.walk import key as text_key
from tangent_like.kinds.kind import DictOf, Kind
from tangent_like.specialize import maybe, object_lists, object_numbers, object_places, table_paths, tables
from tangent_like.specialize.begun import of_class
from tangent_like.specialize.meet import beside_a_list_of_the_run, names_something, same_function, unknown_length
from tangent_like.specialize.paths import at_the_end, leaves_here
from tangent_like.specialize.spec import LoopExit, Spec, item_name
from tangent_like.specialize.state import State, handles_in, reached_from
from tangent_like.specialize.turns import needs_turns, of_the_core, same_bound
from tangent_like.specialize.unwritten import is_unwritten
from tangent_like.specialize.values import (
    UNSET,
    Bound,
    Content,
    Either,
    Fn,
    Handle,
    Lazy,
    Leaf,
    Maybe,
    Mixed,
    Outer,
    Row,
    Seq,
    Value,
)

Steps = tuple[object, ...]


@dataclass(eq=False)
class Carried:
    """What is known of the leaves that turns hand on: their names, found attempt by attempt."""

    names: dict[Steps, str] = field(default_factory=dict)
    unknown: set[Steps] = field(default_factory=set)  # not the same constant in every turn
    mixed: dict[Steps, str] = field(default_factory=dict)
    chosen: dict[Steps, tuple[Value, ...]] = field(default_factory=dict)  # one of several, from turn to turn another
    maybe: dict[Steps, maybe.Rows] = field(default_factory=dict)  # None in some turns, and a tuple in others
    renewed: set[Steps] = field(default_factory=set)  # objects that a turn replaces by others
    begun: dict[int, dict[object, Value]] = field(default_factory=dict)  # what objects have of their class at first
    reordered: set[Steps] = field(default_factory=set)  # dicts among them, whose keys then come in another order
    kinds: dict[str, Kind] = field(default_factory=dict)
    also: set[tuple[int, str]] = field(default_factory=set)  # other names, of a turn alone, of what it hands on
    rows: dict[Steps, Row] = field(default_factory=dict)  # None in some turns, an object of a list in others
    grown: bool = False


def loop(
    s: Spec, turn: Callable[[], None], make: Callable[[Block], Stmt], finish: Callable[[], None] | None = None
) -> None:
    """Emit a loop whose body ``turn`` emits, tried until a turn ends in the state it began with.

    ``finish`` emits what a turn that comes to its end does last.
    """
    carried = Carried()
    mark = s.mark()
    position = len(s.out)
    for _ in range(12):
        s.go_back(mark)
        del s.out[position:]
        enter(s, carried)
        head = s.state.copy()
        carried.grown = False

        def hand_on(state: State, head: State = head) -> list[tuple[str, Expr]]:
            return [(n, table_paths.apart(s, e)) for n, e in differences(s, head, state, carried)]

        exit_ = LoopExit(hand_on=hand_on)
        s.exits.append(exit_)
        try:
            with s.block() as out:
                turn()
            with s.block() as tail:
                if finish is not None and not leaves_here(out):
                    finish()
        finally:
            s.exits.pop()
        end = s.state
        ends = [] if leaves_here(out) else [end]
        pairs = [] if leaves_here(out) else differences(s, head, end, carried)
        if carried.grown:
            continue
        handed = tuple(table_paths.apart(s, e) for _, e in pairs)
        last = [Assign(tuple(n for n, _ in pairs), handed, s.origin)] if pairs else []
        s.state = after(s, head, [*ends, *exit_.breaks])
        object_places.forget_bound(s.state, head, set(carried.names.values()))
        s.out.append(make(at_the_end(tuple(out), (*tail, *last))))
        return
    raise needs_turns(s, "a loop whose variables change their structure from turn to turn")


def enter(s: Spec, carried: Carried) -> None:
    """Before the loop: the leaves that turns change get the names they are handed on by."""
    pairs: list[tuple[str, Expr]] = []
    state = s.state
    for var in carried.also:
        words = f"{var[1]!r}, one more name for what a turn hands on, read in another turn"
        state.vars[var] = Mixed(words, True, ("also", var[1]))  # read all the same: the turns are written out
    for var, value in list(state.vars.items()):
        state.vars[var] = entered(s, value, ("var", var), carried, pairs, var[1])
    for id_ in list(state.heap):
        content = state.heap[id_]
        new = {k: v for k, v in carried.begun.get(id_, {}).items() if content.get(k) is None}
        if new:
            content = state.heap[id_] = replace(content, items=(*content.items, *new.items()))
        items = tuple(
            (k, entered(s, v, ("heap", id_, k), carried, pairs, item_name(content.hint, k))) for k, v in content.items
        )
        if any(a is not b for (_, a), (_, b) in zip(items, content.items, strict=True)):
            if content.born:
                raise needs_turns(s, f"{content.hint!r}, which only some paths have made,")
            state.heap[id_] = replace(state.heap[id_], items=items)
    for name, expr in pairs:
        s.assign(name, table_paths.apart(s, expr))
    for name, kind in carried.kinds.items():
        state.kinds[name] = kind


def entered(
    s: Spec, value: Value, steps: Steps, carried: Carried, pairs: list[tuple[str, Expr]], hint: str
) -> Value:
    if steps in carried.mixed:
        return Mixed(carried.mixed[steps], True)
    if steps in carried.rows and (now := object_numbers.maybe(s.state, value)) is not None:
        is_one = entered(s, now[0], (*steps, "which"), carried, pairs, "which")
        there = entered(s, now[1] or Leaf(Const(0), 0), (*steps, "place"), carried, pairs, item_name(hint, "place"))
        assert isinstance(is_one, Leaf) and isinstance(there, Leaf)
        return object_numbers.either_of(is_one, object_places.renewed(s, carried.rows[steps], there))
    if steps in carried.maybe or isinstance(value, Maybe):
        told = carried.maybe.get(steps)
        at = told.at if told is not None else value.at if isinstance(value, Maybe) else ()
        like = value.items if isinstance(value, Maybe) else told.rows[0].items[1] if told is not None else value
        assert isinstance(like, Seq)
        row = maybe.row(value, like, at)
        begun = entered(s, row, (*steps, "items"), carried, pairs, hint)
        assert isinstance(begun, Seq)
        return value if begun is row and isinstance(value, Maybe) and value.at == at else maybe.met(begun, at)
    if steps in carried.chosen and not isinstance(value, Either):
        value = Either(Leaf(Const(0), 0), carried.chosen[steps])
    elif steps in carried.chosen and isinstance(value, Either) and members(value) is not None:
        value = Either(value.which, carried.chosen[steps])  # which begin with those that it was one of
    match value:
        case Leaf():
            known = UNSET if steps in carried.unknown else value.known
            name = carried.names.get(steps)
            if name is None:
                return Leaf(value.expr, known) if known is not value.known else value
            if name == "":
                own = isinstance(value.expr, Name) and ("heap", *s.slots.get(value.expr.id, ())) == steps
                of_table = str(steps[-1]).startswith((tables.TABLE, tables.ITEMS))
                own = own or (of_table and isinstance(s.kind(value.expr), DictOf))
                own = own or alone_unsure(s, value.expr)
                name = value.expr.id if own and isinstance(value.expr, Name) else s.fresh(hint or "value")
                carried.names[steps] = name
            else:
                s.namer.take([name])
            s.unstable.add(name)
            if not (isinstance(value.expr, Name) and value.expr.id == name):
                pairs.append((name, value.expr))
            return Leaf(Name(name), known)
        case Seq(items, cls):
            new = tuple(
                entered(s, v, (*steps, k), carried, pairs, item_name(hint, k)) for k, v in enumerate(items)
            )
            return value if all(a is b for a, b in zip(new, items, strict=True)) else Seq(new, cls)
        case Lazy("count", parts):
            begun = entered(s, Seq(parts), steps, carried, pairs, hint)
            assert isinstance(begun, Seq)
            return value if begun.items == parts else Lazy("count", begun.items)
        case Either(which, options):
            first = entered(s, which, (*steps, "which"), carried, pairs, "which")
            rest = entered(s, Seq(options), (*steps, "options"), carried, pairs, hint)
            assert isinstance(first, Leaf) and isinstance(rest, Seq)
            if first is which:
                return Either(which, rest.items, value.made)
            if any(s.state.heap[id_].is_born(value.made) for id_ in reached_from(options, s.state.heap)):
                raise needs_turns(s, f"{hint!r}, one of several objects of which only some paths have made one,")
            return Either(first, rest.items)
        case Handle(id) if steps in carried.renewed and (place := s.state.heap[id].row) is not None:
            found = entered(s, place.place, (*steps, "place"), carried, pairs, item_name(hint, "place"))
            assert isinstance(found, Leaf)
            return object_places.renewed(s, place, found)
        case Handle(id) if steps in carried.renewed:
            content = s.state.heap[id]
            split = content.split or s.state.handles().get(id, 0) > 1
            if split and not is_unwritten(s, value, s.state.heap):
                raise needs_turns(s, f"the object {hint!r}, which a loop replaces while another name holds it too,")
            items_ = tuple(
                (k, entered(s, v, (*steps, k), carried, pairs, item_name(hint, k))) for k, v in content.items
            )
            certain = content.certain and steps not in carried.reordered
            made = s.allocate(replace(content, items=items_, hint=hint, certain=certain, split=split))
            object_lists.as_one(made.id, id, s.state)
            for k, v in items_:
                if isinstance(v, Leaf) and isinstance(v.expr, Name) and v.expr.id in s.unstable:
                    s.slots[v.expr.id] = made.id, k
            return made
        case _:
            return value


def alone_unsure(s: Spec, expr: Expr) -> bool:
    """A name that the run may not have bound, and that nothing else is known by: to rename it would be to read it."""
    return isinstance(expr, Name) and expr.id in s.state.unsure and s.state.times_read(expr.id) == 1


def differences(s: Spec, head: State, end: State, carried: Carried) -> list[tuple[str, Expr]]:
    """What a turn must assign at its end for the next to begin as this one did."""
    pairs: list[tuple[str, Expr]] = []
    for var, value in head.vars.items():
        if var in end.vars:
            compare(s, value, end.vars[var], ("var", var), carried, pairs, head, end, var[1])
    alive = end.reachable()
    object_places.refuse_twice(s, end, head.pairs)
    for id_, content in head.heap.items():
        now = end.heap.get(id_)
        if now is None or now is content or id_ not in alive:
            continue
        if now.row is not content.row:
            raise needs_turns(s, f"{content.hint or 'an object'!r}, which a turn puts into a list,")
        if [k for k, _ in now.items] != [k for k, _ in content.items]:
            if content.form == "list":
                unknown_length(s, [content, now], [head, end], longer(s, head, end, alive))
            if has_of_class(s, id_, content, now, carried):
                continue
            table_paths.grown(s, [content, now])
            raise needs_turns(s, f"a {content.form} that gets new items in a loop", "set them before the loop")
        for (key, old), (_, new) in zip(content.items, now.items, strict=True):
            compare(s, old, new, ("heap", id_, key), carried, pairs, head, end, item_name(content.hint, key))
    handed = {name: s.typing.kind(expr, end.kinds) for name, expr in pairs}
    for name, kind in head.kinds.items():
        now_kind = handed.get(name, end.kinds.get(name, kind))
        if now_kind != kind:
            joined = s.typing.join(kind, now_kind)
            if joined != kind:
                carried.kinds[name] = joined
                carried.grown = True
    return pairs


def longer(s: Spec, head: State, end: State, alive: Set[int]) -> Iterator[object]:
    """Where the lists are made to which a turn adds items of the core: what is learned of one is learned of all."""
    for id_, content in head.heap.items():
        now = end.heap.get(id_) if id_ in alive and content.form == "list" and not content.borrowed else None
        values = () if now is None else (*content.values, *now.values)
        if now is not None and content.site is not None and len(now.items) != len(content.items):
            if all(of_the_core(s, v) and not names_something(v) for v in values):
                yield content.site


def has_of_class(s: Spec, id_: int, content: Content, now: Content, carried: Carried) -> bool:
    """Has the class the attributes that a turn has set for the first time? Then the object begins with them."""
    keys = [k for k, _ in content.items]
    found = {k: of_class(s, content, k) for k, _ in now.items if k not in keys}
    if [k for k, _ in now.items][: len(keys)] != keys or not found or id_ in carried.begun:
        return False
    values = {k: v for k, v in found.items() if v is not None}
    if len(values) == len(found):
        carried.begun[id_] = values
        carried.grown = True
    return len(values) == len(found)


def compare(
    s: Spec,
    old: Value,
    new: Value,
    steps: Steps,
    carried: Carried,
    pairs: list[tuple[str, Expr]],
    head: State,
    end: State,
    hint: str,
) -> None:
    if old is new:
        return
    if isinstance(new, Mixed) and members(old) is not None:
        s.facts.learn_chosen(new.choice)  # a turn tells which
    objects = object_numbers.maybes([old, new], [head, end])
    if objects is not None:
        if steps not in carried.rows:
            carried.rows[steps] = objects[0][2]
            carried.grown = True
            return
        (one, at, _), (other, there, _) = objects
        compare(s, one, other, (*steps, "which"), carried, pairs, head, end, hint)
        compare(s, at, there, (*steps, "place"), carried, pairs, head, end, hint)
        return
    tuples = maybe.rows(s, [old, new], [head, end])
    if tuples is not None:
        if steps in carried.maybe and carried.maybe[steps].at == tuples.at:
            compare(s, tuples.rows[0], tuples.rows[1], (*steps, "items"), carried, pairs, head, end, hint)
        else:
            carried.maybe[steps] = tuples
            carried.grown = True
        return
    match old, new:
        case Mixed(), _:
            return
        case Leaf(), Leaf():
            same_bound(s, [old, new])
            if old.known is not UNSET and not _equal(old.known, new.known):
                carried.unknown.add(steps)
                carried.grown = True
            if text_key(old.expr) == text_key(new.expr):
                return
            if steps in carried.names and isinstance(old.expr, Name):
                if all(name != old.expr.id for name, _ in pairs):
                    pairs.append((old.expr.id, new.expr))
            else:
                carried.names[steps] = ""
                carried.grown = True
        case Seq(), Seq() if len(old.items) == len(new.items) and old.cls == new.cls:
            for k, (a, b) in enumerate(zip(old.items, new.items, strict=True)):
                compare(s, a, b, (*steps, k), carried, pairs, head, end, item_name(hint, k))
        case Lazy("count", parts), Lazy("count", now):  # from which number on an iterator counts
            compare(s, Seq(parts), Seq(now), steps, carried, pairs, head, end, hint)
        case (Outer() | Either()), (Outer() | Either()) if members(old) is not None and members(new) is not None:
            compare_members(s, old, new, steps, carried, pairs, head, end)
        case (Handle() | Fn() | Bound()), Either() if steps not in carried.chosen and all_there(new.options, head):
            carried.chosen[steps] = (old, *(o for o in new.options if not same_value(o, old)))
            carried.grown = True
        case Either(), Either() if len(old.options) == len(new.options):
            compare(s, old.which, new.which, (*steps, "which"), carried, pairs, head, end, "which")
            compare(s, Seq(old.options), Seq(new.options), (*steps, "options"), carried, pairs, head, end, hint)
        case Handle(), Handle():
            if old.id == new.id:
                return
            first, second = head.heap[old.id], end.heap[new.id]
            keys, others = ([k for k, _ in content.items] for content in (first, second))
            anew = first.form == second.form == "dict" and keys != others and set(keys) == set(others)
            table_paths.beside(s, [first, second])
            object_lists.beside(s, [first, second], [head.heap, end.heap])
            if first.row is not None or second.row is not None:
                rows = (first.row, second.row)
                gone = any(isinstance(v, Mixed) for c in (first, second) for v in c.values)
                if gone or not object_places.same_list([first, second]) or rows[0] is None or rows[1] is None:
                    mix(steps, carried, hint)
                elif steps not in carried.renewed:
                    carried.renewed.add(steps)
                    carried.grown = True
                else:
                    place = (*steps, "place")
                    compare(s, rows[0].place, rows[1].place, place, carried, pairs, head, end, hint)
                return
            if first.form == second.form == object_numbers.FORM and not object_lists.same_form([first, second]):
                mix(steps, carried, hint)
                return
            if tables.TABLE == first.form == second.form:
                table_paths.forget_inner(end, new, head)
            if first.form == second.form == "dict" and keys != others and not anew:
                table_paths.grown(s, [first, second])
            if first.form != second.form or first.cls != second.cls or (keys != others and not anew):
                if first.form == second.form == "list":
                    unknown_length(s, [first, second], [head, end])
                mix(steps, carried, hint)
                return
            others_ = end.handles().get(new.id, 0) > 1 and not is_unwritten(s, new, end.heap)
            if others_ and has_other_names(s, new, carried, head, end):
                raise needs_turns(s, f"the object {hint!r}, which a loop replaces by one that has other names too,")
            if steps not in carried.renewed or (anew and steps not in carried.reordered):
                carried.renewed.add(steps)
                if anew:
                    carried.reordered.add(steps)
                carried.grown = True
                return
            table = dict(second.items)
            for key, a in first.items:
                compare(s, a, table[key], (*steps, key), carried, pairs, head, end, item_name(hint, key))
        case _:
            if not same_function([old, new]):
                beside_a_list_of_the_run(s, [old, new], [head, end])
                mix(steps, carried, hint)


def has_other_names(s: Spec, new: Handle, carried: Carried, head: State, end: State) -> bool:
    """Does something else hold it in the next turn? ``new = ...; old = new`` leaves ``new`` to be bound anew."""
    same = [v for v, value in end.vars.items() if isinstance(value, Handle) and value.id == new.id]
    alone = [v for v in same if not isinstance(head.vars.get(v), Handle) and ("also", v[1]) not in s.facts.chosen]
    if end.handles()[new.id] - len(alone) > 1:
        return True
    late = {v for v in alone if v not in head.vars}
    if late - carried.also:
        carried.also |= late
        carried.grown = True
    return False


def members(value: Value) -> tuple[Value, ...] | None:
    """The members of enumerations that a value may be; None if it may be something else."""
    options = value.options if isinstance(value, Either) else (value,)
    return options if all(isinstance(o, Outer) and isinstance(o.value, enum.Enum) for o in options) else None


def compare_members(
    s: Spec,
    old: Value,
    new: Value,
    steps: Steps,
    carried: Carried,
    pairs: list[tuple[str, Expr]],
    head: State,
    end: State,
) -> None:
    """``self.phase = Phase.HOLD`` in a turn: one of the members, by a number that turns hand on."""
    if same_value(old, new):
        return
    known, now = carried.chosen.get(steps) or members(old) or (), members(new) or ()
    missing = [o for o in now if not any(same_value(o, k) for k in known)]
    if missing or not isinstance(old, Either):
        carried.chosen[steps] = (*known, *missing)
        carried.grown = True
        return
    numbers = [next(k for k, o in enumerate(known) if same_value(o, one)) for one in now]
    if not isinstance(new, Either):
        which: Leaf = Leaf(Const(numbers[0]), numbers[0])
    elif numbers == list(range(len(numbers))):
        which = new.which
    else:
        which = Leaf(Index(Tuple(tuple(map(Const, numbers))), new.which.expr))
    compare(s, old.which, which, (*steps, "which"), carried, pairs, head, end, "which")


def all_there(options: tuple[Value, ...], head: State) -> bool:
    """Were all of them made before the loop?"""
    return all(id_ in head.heap for o in options for id_ in handles_in(o))


def mix(steps: Steps, carried: Carried, hint: str) -> None:
    carried.mixed[steps] = f"{hint!r}, which is not the same kind of thing in every turn,"
    carried.grown = True


def _equal(a: object, b: object) -> bool:
    return a is b or (type(a) is type(b) and a == b)


def after(s: Spec, head: State, ends: list[State]) -> State:
    """The state behind the loop: that at its top, with what only its turns bind."""
    out = head.copy()
    for end in ends:
        out.pairs |= end.pairs
        for var, value in end.vars.items():
            if var not in out.vars:
                out.vars[var] = value
            elif var not in head.vars and not same_value(out.vars[var], value):
                out.vars[var] = Mixed(f"{var[1]!r}, which a loop binds in several ways,")
        for id_, content in end.heap.items():
            known_ = out.heap.get(id_)
            if known_ is None:
                out.heap[id_] = content
            elif id_ not in head.heap and known_ is not content:
                out.heap[id_] = either_content(known_, content)
        for name, kind in end.kinds.items():
            known = out.kinds.get(name)
            out.kinds[name] = kind if known is None else s.typing.join(known, kind)
    return out


def either_content(one: Content, other: Content) -> Content:
    """What a turn has made, at its end and at a ``break``: the items that are not the same may not be read."""
    keys = [k for k, _ in one.items]
    if one.row is not other.row:
        gone = Mixed(f"{one.hint or 'an object'!r}, which a loop puts into a list on some paths,")
        return replace(one, items=tuple((k, gone) for k in keys))
    certain = one.certain and other.certain and keys == [k for k, _ in other.items]
    items: list[tuple[object, Value]] = []
    for key in {k: None for k, _ in (*one.items, *other.items)}:
        a, b = one.get(key), other.get(key)
        same = a is not None and b is not None and same_value(a, b)
        items.append((key, a if same and a is not None else Mixed(f"{key!r}, which a loop sets in several ways,")))
    if one.form == "list" and not certain:
        items = [(k, Mixed("a list that a loop makes in several lengths")) for k, _ in items]
    return replace(one, items=tuple(items), certain=certain)


def same_value(a: Value, b: Value) -> bool:
    if isinstance(a, Leaf) and isinstance(b, Leaf):
        return text_key(a.expr) == text_key(b.expr)
    if isinstance(a, Mixed) and isinstance(b, Mixed):
        return True
    if isinstance(a, Seq) and isinstance(b, Seq) and len(a.items) == len(b.items):
        return all(map(same_value, a.items, b.items))
    if isinstance(a, Either) and isinstance(b, Either) and len(a.options) == len(b.options):
        return same_value(a.which, b.which) and all(map(same_value, a.options, b.options))
    if isinstance(a, Handle) and isinstance(b, Handle):
        return a.id == b.id
    return same_function([a, b])
