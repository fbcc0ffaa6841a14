"""Objects in lists whose number only the run tells, by their places: read, written, told apart, and forgotten.

``p.u`` is ``ps_u[i]``: see ``object_lists``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeGuard

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    Index,
    List,
    Name,
    Slice,
    Store,
    Unary,
)
from tangent_like.ir.walk import key as text_key
from tangent_like.ir.walk import names
from tangent_like.specialize.object_numbers import (
    FORM,
    LISTS,
    PLACE,
    as_row,
    columns_of,
    compares,
    is_placed,
    is_reference,
    number_of,
    pool_key,
    reference_of,
    row_or_none,
)
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import State
from tangent_like.specialize.turns import needs_turns, readable
from tangent_like.specialize.values import (
    Content,
    Handle,
    Lazy,
    Leaf,
    Mixed,
    Row,
    Seq,
    Value,
    is_function_ref,
)

PART = "part"  # a part of such a list, gone through where it stands
LEN = builtin_ref("len")
SAMPLES = (str, bool, int)  # what an attribute may be that is a constant in all objects


def is_one(value: Value, s: Spec) -> TypeGuard[Handle]:
    return isinstance(value, Handle) and s.content(value).form == FORM


def fits(value: Value) -> bool:
    """Can it be an attribute of an object in such a list?"""
    if isinstance(value, Seq):
        return value.cls is None and all(map(fits, value.items))
    return is_reference(value) or (isinstance(value, Leaf) and not is_function_ref(value))


def constant(value: Value) -> Leaf | None:
    """The constant that an attribute is."""
    if isinstance(value, Leaf) and (value.known is None or type(value.known) in SAMPLES):
        return Leaf(Const(value.known), value.known)
    if isinstance(value, Leaf) and isinstance(value.expr, Const) and type(value.expr.value) is float:
        return value
    return None


def column(s: Spec, handle: Handle) -> Name:
    """One of the lists, which tells how many objects there are."""
    return Name(columns_of(s.content(handle))[0][1])


def columns_name(content: Content) -> Name:
    return Name(columns_of(content)[0][1])


def is_column(s: Spec, name: str) -> bool:
    return any(name in (c for _, c in columns_of(content)) for content in s.state.heap.values() if content.form == FORM)


def attributes_of(s: Spec, content: Content, value: Value) -> list[tuple[str, Expr]]:
    """What an object puts into the lists, by their names."""
    assert content.of is not None
    if is_placed(content):
        name = columns_of(content)[0][1]
        return [(name, number_of(s, content, value))]
    one = s.content(value) if isinstance(value, Handle) else None
    keys = {k for k, _ in content.items}
    same = one is not None and one.form == "object" and one.cls is not None and one.cls.type is content.of.type
    same = same and one is not None and {k for k, _ in one.items} == keys
    if one is None or not same or one.borrowed or one.shared or one.part is not None:
        raise needs_turns(s, f"something else in a list of objects of class {content.of.name}", "use a list for each")
    new: list[tuple[str, Expr]] = []
    for key, held in content.items:
        found = one.get(key)
        assert found is not None
        found = readable(s, found)
        if content.pool and isinstance(found, Handle) and isinstance(value, Handle) and found.id == value.id:
            refers: Expr | None = to_itself(s, content, key)
        else:
            refers = reference_of(s, content.of.name, key, found) if content.pool else None
        if isinstance(held, Lazy) and isinstance(held.parts[0], Leaf) and isinstance(held.parts[0].expr, Name):
            assert refers is not None
            new.append((held.parts[0].expr.id, refers))
            continue
        assert isinstance(held, Leaf)
        if not isinstance(held.expr, Name):
            same_constant(s, content.of.name, key, held, found)
            continue
        new.append((held.expr.id, of_attribute(s, content.of.name, key, found)))
    return new


def to_itself(s: Spec, content: Content, key: object) -> Expr:
    """The number that an object is about to get: ``self.parent = self`` in its ``__init__``."""
    assert content.of is not None
    if (content.of.name, key) not in s.facts.references:
        s.facts.learn_reference(content.of.name, key, pool_key(content.of))
    return s.held(Leaf(Call(LEN, (columns_name(content),))), str(key)).expr


def same_constant(s: Spec, cls: str, key: object, held: Leaf, found: Value) -> None:
    now = constant(found)
    if now is None or text_key(now.expr) != text_key(held.expr):
        s.facts.learn_varied_attribute(cls, key)


def of_attribute(s: Spec, cls: str, key: object, value: Value) -> Expr:
    if not fits(value) or (isinstance(value, Leaf) and value.known is None):
        what = f"the attribute {key!r}, None or no number in an object of a list whose length only the run tells,"
        raise needs_turns(s, what, f"give {cls} numbers and arrays")
    return s.materialize(value)


def item(s: Spec, handle: Handle, place: Expr, exact: bool = True) -> Value:
    """The object at a place; ``exact``: that is counted from the front for sure."""
    content = s.content(handle)
    if is_placed(content):
        return row_of(s, content, Index(column(s, handle), place))
    held = s.held(Leaf(place), "place")
    made = as_row(content, handle, held)
    assert made.row is not None
    return s.allocate(replace(made, row=replace(made.row, exact=exact or content.pool)))


def row_of(s: Spec, content: Content, place: Expr) -> Value:
    """The object that has a number in the pool of the class that a list is of."""
    assert content.of is not None
    held = s.held(Leaf(place), "place")
    return row_or_none(s, s.pools[pool_key(content.of)], held, (content.of.name, LISTS) in s.facts.none_there)


def renewed(s: Spec, row: Row, place: Leaf) -> Handle:
    """The object at the place that a turn hands on."""
    return s.allocate(moved_to(s.state, replace(row, exact=s.content(row.list).pool), place))


def moved_to(state: State, row: Row, place: Leaf) -> Content:
    return replace(as_row(state.heap[row.list.id], row.list, place), row=replace(row, place=place))


def at(s: Spec, handle: Handle, index: Value) -> Value:
    """``ps[index]``, a slice of it."""
    if isinstance(index, Leaf) and isinstance(index.expr, Slice) and is_placed(s.content(handle)):
        name = s.fresh(s.content(handle).hint or "items")
        s.assign(name, Index(column(s, handle), index.expr))
        return s.allocate(replace(s.content(handle), items=((PLACE, Leaf(Name(name))),)))
    if isinstance(index, Leaf) and isinstance(index.expr, Slice):
        return part(s, handle, index.expr)
    known = index.known if isinstance(index, Leaf) else None
    if type(known) is not int:
        place = s.materialize(index)
        return item(s, handle, place, isinstance(place, Name) and place.id in s.facts.indices)
    return item(s, handle, Const(known) if known >= 0 else from_the_end(s, handle, Const(-known)))


def from_the_end(s: Spec, handle: Handle, back: Expr) -> Expr:
    return Binary("-", Call(LEN, (column(s, handle),)), back)


def store(s: Spec, handle: Handle, index: Value, value: Value) -> None:
    """``ps[index] = value``: another object at the place."""
    content = s.content(handle)
    one = s.content(value) if isinstance(value, Handle) else None
    if is_placed(content) and isinstance(index, Leaf) and is_slice(index.expr):
        if one is not None and one.form == "list":
            numbers = List(tuple(number_of(s, content, v) for v in one.values))
            s.emit(Store(Index(column(s, handle), index.expr), "", numbers, s.origin))
            return
        if one is None or not is_placed(one):
            raise s.refuse("this store into a list of objects whose number only the run tells", "store objects")
        s.emit(Store(Index(column(s, handle), index.expr), "", columns_name(one), s.origin))
        return
    if is_placed(content):
        s.emit(Store(Index(column(s, handle), s.materialize(index)), "", number_of(s, content, value), s.origin))
        return
    if one is None or content.of is None or one.row is not None or (isinstance(index, Leaf) and is_slice(index.expr)):
        raise s.refuse("this store into a list of objects whose number only the run tells", "store a new object")
    place = s.materialize(s.in_names(index, "place"))
    new = attributes_of(s, content, value)
    moved(s, handle)
    for column_, expr in new:
        s.emit(Store(Index(Name(column_), place), "", expr, s.origin))
    assert isinstance(value, Handle)
    s.state.heap[value.id] = replace(as_row(content, handle, Leaf(place)), row=Row(handle, Leaf(place), False))


def is_slice(expr: Expr) -> bool:
    return isinstance(expr, Slice)


def part(s: Spec, handle: Handle, cut: Slice) -> Lazy:
    """``ps[1:]``: the places from one to another."""
    match cut.step:
        case None | Const(None | 1):
            pass
        case Unary("-", Const(1)) | Const(-1) if cut.lower is None and cut.upper is None:
            return Lazy("reversed", (handle,))
        case _:
            raise s.refuse("a list of objects whose number only the run tells, in steps,", "ask for the number")
    start = s.held(Leaf(bound(s, handle, cut.lower, Const(0))), "start")
    stop = bound(s, handle, cut.upper, Call(LEN, (column(s, handle),)))
    if cut.upper is not None:
        stop = Call(builtin_ref("min"), (stop, Call(LEN, (column(s, handle),))))
    return Lazy(PART, (handle, start, s.held(Leaf(stop), "stop")))


def places(value: Lazy) -> Lazy:
    """The places in a part of a list."""
    return Lazy("range", value.parts[1:])


def in_part(s: Spec, value: Lazy, place: Value) -> Value:
    handle = value.parts[0]
    assert isinstance(handle, Handle)
    return item(s, handle, s.materialize(place))


def bound(s: Spec, handle: Handle, expr: Expr | None, default: Expr) -> Expr:
    """A bound of a slice, counted from the front."""
    match expr:
        case None | Const(None):
            return default
        case Const(int() as k) if k < 0:
            return Call(builtin_ref("max"), (from_the_end(s, handle, Const(-k)), Const(0)))
        case Unary("-", Const(int() as k)):
            return Call(builtin_ref("max"), (from_the_end(s, handle, Const(k)), Const(0)))
        case Const(int()):
            return expr
        case Name(id) | Binary("+", Name(id), Const(int())) if id in s.facts.indices:
            return expr
        case _:
            raise s.refuse("a slice of a list of objects by what only the run tells", "loop over range(...) and index")


def length_of(s: Spec, value: Value) -> Expr | None:
    if is_one(value, s):
        return Call(LEN, (column(s, value),))
    if isinstance(value, Lazy) and value.form == PART:
        start, stop = (s.materialize(p) for p in value.parts[1:])
        return Call(builtin_ref("max"), (Binary("-", stop, start), Const(0)))
    return None


def put(s: Spec, handle: Handle, key: object, value: Value) -> None:
    """``p.u = value`` of an object of such a list."""
    content = s.content(handle)
    held = content.get(key)
    assert content.row is not None and content.cls is not None
    held = None if held is None else readable(s, held)
    refers = reference_of(s, content.cls.name, key, value) if s.content(content.row.list).pool else None
    if refers is not None and isinstance(held, Lazy):
        assert isinstance(held.parts[0], Leaf) and isinstance(held.parts[0].expr, Index)
        s.emit(Store(held.parts[0].expr, "", refers, s.origin))
        return
    if not isinstance(held, Leaf):
        raise s.refuse(f"the attribute {key!r}, which objects of a list get later on,", "set it in __init__")
    written(s, content)
    if not isinstance(held.expr, Index):
        same_constant(s, content.cls.name, key, held, value)
        return
    expr = of_attribute(s, content.cls.name, key, value)
    if text_key(expr) != text_key(held.expr):
        s.emit(Store(held.expr, "", expr, s.origin))


def augment(s: Spec, handle: Handle, key: object, op: str, value: Expr) -> None:
    """``p.u op= value``."""
    content = s.content(handle)
    held = content.get(key)
    assert isinstance(held, Leaf) and content.cls is not None
    written(s, content)
    if not isinstance(held.expr, Index):
        s.facts.learn_varied_attribute(content.cls.name, key)
    assert isinstance(held.expr, Index)
    s.emit(Store(held.expr, op, value, s.origin))


def written(s: Spec, content: Content) -> None:
    """An object of a list is written: where it may be in two lists at once, that is refused."""
    row, cls = content.row, content.cls
    assert row is not None and cls is not None
    if s.content(row.list).pool:
        return
    if cls.name in s.facts.twice:
        what = f"a write to an object of class {cls.name}, which may be in two lists whose length only the run tells,"
        raise s.refuse(what, "keep each object in one list")
    reached = s.state.reachable()
    for pair in s.state.pairs:
        if row.list.id in pair:
            other = pair[1] if pair[0] == row.list.id else pair[0]
            if other in reached or other == row.list.id:
                s.facts.learn_twice(cls.name)
            forget(s.state, lambda r: r.list.id == other)  # noqa: B023


def refuse_twice(s: Spec, state: State, but: frozenset[tuple[int, int]] = frozenset()) -> None:
    """What is in two lists that both go on is not written; ``but`` those of which that is known."""
    reached = state.reachable() if state.pairs else set()
    for one, other in state.pairs - but:
        if one in reached and other in reached:
            of = state.heap[one].of
            if of is not None:
                s.facts.learn_twice(of.name)


def forget(state: State, which: Callable[[Row], bool]) -> None:
    """Objects by their places, where these are no longer what they were."""
    for id_, content in list(state.heap.items()):
        if content.row is not None and which(content.row):
            gone = Mixed(f"{content.hint or 'an object'!r}, of a list that has changed since,")
            state.heap[id_] = replace(content, items=tuple((k, gone) for k, _ in content.items))
    for var, value in list(state.vars.items()):
        if isinstance(value, Lazy) and value.form == PART and isinstance(handle := value.parts[0], Handle):
            if which(Row(handle, Leaf(Const(0)))):
                state.vars[var] = Mixed(f"{var[1]!r}, a part of a list that has changed since,")


def forget_bound(state: State, head: State, bound: set[str]) -> None:
    """Those that a turn has found, by variables that the loop binds anew at its end."""
    for id_, content in list(state.heap.items()):
        if content.row is None or id_ in head.heap:  # handed on, by the variable itself
            continue
        if any(names(v.expr) & bound for v in (*content.values, content.row.place) if isinstance(v, Leaf)):
            gone = Mixed(f"{content.hint or 'an object'!r}, of a list that has changed since,")
            state.heap[id_] = replace(content, items=tuple((k, gone) for k, _ in content.items))


def moved(s: Spec, handle: Handle) -> None:
    """Objects leave the list, or change places: who knows one by its place does no longer know it."""
    if any(handle.id in pair for pair in s.state.pairs):
        what = "a list whose objects are in another one, too, and that loses some,"
        raise s.refuse(what, "make a new list: [p for p in ps if ...]")
    forget(s.state, lambda row: row.list.id == handle.id)


def membership(s: Spec, op: str, left: Value, right: Value) -> Leaf | None:
    """``p in ps``: whether its number is there."""
    if op not in ("in", "not in") or not is_one(right, s) or not is_placed(s.content(right)):
        return None
    content = s.content(right)
    if content.of is None or compares(content.of):
        return None
    return Leaf(Compare(number_of(s, content, left), (op,), (column(s, right),)))


def identity(s: Spec, op: str, left: Value, right: Value) -> Leaf | None:
    """``p is q`` of objects of such lists: whether they are at one place."""
    if not isinstance(left, Handle) or not isinstance(right, Handle) or left.id == right.id:
        return None
    rows = [s.content(v).row for v in (left, right)]
    one, other = rows
    if one is None and other is None:
        return None
    if one is None or other is None or one.list.id != other.list.id or not (one.exact and other.exact):
        raise s.refuse(f"{op!r} of objects of two lists", "compare an attribute that tells them apart")
    return Leaf(Compare(one.place.expr, ("==" if op == "is" else "!=",), (other.place.expr,)))


def same_list(contents: list[Content]) -> bool:
    """Are they objects of one list, by their places?"""
    rows = [c.row for c in contents]
    return all(r is not None and rows[0] is not None and r.list.id == rows[0].list.id for r in rows)
