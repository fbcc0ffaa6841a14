"""Objects by the numbers that they have in a pool (``object_pools``), and None beside them, as -1.

An object at a place of lists is an object whose attributes are items of these: ``as_row``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard

from tangent_like.frontend.parsed import LOCAL
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Call, Choose, Compare, Const, Expr, Index, Name
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import State
from tangent_like.specialize.turns import needs_turns
from tangent_like.specialize.values import Content, Either, Handle, Lazy, Leaf, Mixed, Row, Value, is_none, none

PLACE = "place"  # the one attribute of a list whose objects are in a pool: their numbers there (``object_pools``)
LISTS = ("in lists",)  # stands for these lists, where it is told that None may be in them
FORM = "objects"  # the form of the content of such a list: its attributes, each with the variable of its list
REFERENCE = "reference"  # the form of an attribute in a pool that is an object of another, or of this one


def columns_of(content: Content) -> list[tuple[object, str]]:
    """The attributes that have lists, with the names of these."""
    held = [(k, v.parts[0] if isinstance(v, Lazy) else v) for k, v in content.items]
    return [(k, v.expr.id) for k, v in held if isinstance(v, Leaf) and isinstance(v.expr, Name)]


def is_placed(content: Content) -> bool:
    """Is it a list of the numbers that objects have in a pool?"""
    return content.form == FORM and bool(content.items) and content.items[0][0] is PLACE


def pool_key(cls: ClassInfo) -> object:
    """By which a class is known in all attempts: one inside a function is made anew by each."""
    return cls.name if LOCAL in vars(cls.type) else cls.type


def compares(cls: ClassInfo) -> bool:
    """Is what is equal to an object of the class not that object alone?"""
    member = cls.member("__eq__")
    return cls.is_dataclass or (member is not None and member.owner.type is not object)


def maybe(state: State, value: Value) -> tuple[Leaf, Leaf | None, Row | None] | None:
    """Which it is, and at what place, of None, an object of a list, or either; None for anything else."""
    match value:
        case Leaf(known=None):
            return Leaf(Const(0), 0), None, None
        case Handle(id) if (row := state.heap[id].row) is not None and not is_gone(state.heap[id]):
            return Leaf(Const(1), 1), row.place, row
        case Either(which, (Leaf(known=None), Handle(id))) if type(value) is Either and id in state.heap:
            row = state.heap[id].row
            return None if row is None or is_gone(state.heap[id]) else (which, row.place, row)
        case _:
            return None


def is_gone(content: Content) -> bool:
    return any(isinstance(v, Mixed) for v in content.values)


def maybes(values: list[Value], states: list[State]) -> list[tuple[Leaf, Leaf, Row]] | None:
    """Those of values that are None here and an object of one list there."""
    found = [maybe(state, value) for value, state in zip(values, states, strict=True)]
    rows = [f[2] for f in found if f is not None and f[2] is not None]
    if not rows or any(f is None for f in found) or all(isinstance(v, Handle) for v in values):
        return None
    if any(r.list.id != rows[0].list.id for r in rows) or any(rows[0].list.id not in state.heap for state in states):
        return None
    return [(f[0], f[1] or Leaf(Const(0), 0), rows[0]) for f in found if f is not None]


def either_of(which: Leaf, row: Handle) -> Either:
    return Either(which, (none(), row))


def number_of(s: Spec, content: Content, value: Value) -> Expr:
    """The number that an object has in the pool of the class that a list is of."""
    found = maybe(s.state, value)
    row = None if found is None else found[2]
    assert content.of is not None
    if found is None or row is None or row.list.id != s.pools[pool_key(content.of)].id:
        raise needs_turns(s, "something else in a list of objects whose number only the run tells")
    if isinstance(value, Handle):
        return row.place.expr
    s.facts.learn_none_there(content.of.name, LISTS)
    return number_or_none(found[0], row)


def number_or_none(which: Leaf, row: Row) -> Expr:
    return Choose(Compare(which.expr, ("==",), (Const(1),)), row.place.expr, Const(-1))


def reference_of(s: Spec, cls: str, key: object, value: Value) -> Expr | None:
    """What an attribute of an object in a pool has for another such object, or None; None for what is no such thing."""
    found = maybe(s.state, value)
    row = None if found is None else found[2]
    known = s.facts.references.get((cls, key))
    if row is not None and s.content(row.list).pool:
        of = s.content(row.list).of
        assert of is not None and found is not None
        if known is None:
            s.facts.learn_reference(cls, key, pool_key(of))
        if known != pool_key(of):
            raise s.refuse(f"the attribute {key!r}, an object of one class or of another,", "use an attribute for each")
        if isinstance(value, Handle):
            return row.place.expr
        s.facts.learn_none_there(cls, key)
        return number_or_none(found[0], row)
    if known is None:
        return None
    if not is_none(value):
        raise s.refuse(f"the attribute {key!r}, an object or something else,", "use an attribute for each")
    s.facts.learn_none_there(cls, key)
    return Const(-1)


def as_row(content: Content, handle: Handle, place: Leaf) -> Content:
    items = tuple((k, at_place(v, place)) for k, v in content.items)
    return Content("object", items, content.of, content.hint, row=Row(handle, place, content.pool))


def at_place(column_: Value, place: Leaf) -> Value:
    """What of a list for an attribute the object at a place has."""
    match column_:
        case Leaf(Name() as name):
            return Leaf(Index(name, place.expr))
        case Lazy(form, (Leaf(Name() as name),)) if form == REFERENCE:
            return replace(column_, parts=(Leaf(Index(name, place.expr)),))
        case _:
            return column_


def row_or_none(s: Spec, pool: Handle, place: Leaf, none_there: bool) -> Value:
    """The object of a number; None where that is -1."""
    made = as_row(s.content(pool), pool, place)
    assert made.row is not None
    row = s.allocate(made)
    if not none_there:
        return row
    which = s.fresh("which")
    s.assign(which, Call(builtin_ref("int"), (Compare(place.expr, (">=",), (Const(0),)),)))
    return either_of(Leaf(Name(which)), row)


def referred(s: Spec, handle: Handle, key: object, reference: Lazy) -> Value:
    """The object that an attribute is, or None."""
    cls = s.content(handle).cls
    assert cls is not None and isinstance(reference.parts[0], Leaf)
    place = s.held(reference.parts[0], str(key))
    return row_or_none(s, s.pools[s.facts.references[cls.name, key]], place, (cls.name, key) in s.facts.none_there)


def by_itself(s: Spec, handle: Handle) -> Content:
    """An object with the objects that it is said to hold by their numbers, as they are now."""
    content = s.content(handle)
    found = [(k, referred(s, handle, k, v) if is_reference(v) else v) for k, v in content.items]
    return replace(content, items=tuple(found))


def is_reference(value: Value) -> TypeGuard[Lazy]:
    return isinstance(value, Lazy) and value.form == REFERENCE
