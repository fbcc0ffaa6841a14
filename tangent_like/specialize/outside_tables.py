"""Dicts and lists of the module that a program keeps notes in: written where it stands, once, without derivatives.

    STATS["calls"] += 1
    LOG.append(float(loss))
    if n in SEEN: ...

As with attributes (see ``outside``) the program may read what it has written: then it is read where it stands, and
kept. What may carry a derivative is written, and never read again.
"""

from __future__ import annotations

import collections

from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Do,
    Expr,
    Global,
    Index,
    Name,
    Ref,
    Unary,
)
from tangent_like.ir.nodes import Tuple as TupleOf
from tangent_like.ir.outside_calls import APPEND, CLEAR, CONTAINS, GETITEM, LENGTH, SETITEM
from tangent_like.kinds.kind import INT, Plain, Scalar, numeric
from tangent_like.specialize import containers
from tangent_like.specialize.outside import is_note, is_plain, note_other, parts_of, stays
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Handle, Kept, Leaf, Outer, Value, named, none

At = tuple[int, int] | None
TABLES = (dict, list, collections.defaultdict, collections.OrderedDict, collections.Counter)
ITEMS = "an item of a table"  # what is written of a table, whichever item it is
MISSING = object()
ANY = "[?]"  # an item of which only the run tells which it is


def kept(s: Spec, expr: Expr, value: object) -> Kept | None:
    """A table as one that the program writes; None, and a note that it is read, where it is none."""
    if type(value) not in TABLES:
        return None
    if s.facts.outside.may_write(value, ITEMS):
        return Kept(expr, value)
    s.facts.outside.read[id(value), ITEMS] = value
    return None


def table_of(holder: Value) -> Kept | None:
    """The table of the module that something is."""
    match holder:
        case Kept():
            return holder
        case Outer(expr, value) if type(value) in TABLES:
            return Kept(expr, value)
        case Leaf(Ref(target=Global(value=value)) as expr) if type(value) in TABLES:
            return Kept(expr, value)
        case _:
            return None


def put(s: Spec, holder: Value, index: Value, op: str, new: Value, at: At, mark: int = -1) -> bool:
    """``holder[index] op= new``; False where ``holder`` is no table of the module's.

    ``mark``: where the statements began that the new value needed, before which what was there is read.
    """
    if isinstance(holder, Leaf) and isinstance(holder.expr, Name) and holder.expr.id in s.facts.notes:
        raise s.refuse("a write into what was read of a table of the module", "write into the table by its keys", at)
    table = table_of(holder)
    if table is None:
        return False
    if op and mark != len(s.out):
        what = f"{op}= in a table of the module, by a value that needs statements,"
        raise s.refuse(what, "give it a name before", at)
    place = key_of(s, index, at)
    value = given(s, new, at)
    s.facts.learn_outside(table.value, ITEMS, False)
    s.facts.learn_outside(table.value, which(place), False)
    if not is_note(s, value):
        note_varied(s, table, place)
    note_other(s, table.value, which(place), op, value)
    if op:
        refuse_varied(s, table, place)
        value = Binary(op, Call(GETITEM, (table.expr, place)), value)
    s.emit(Do(Call(SETITEM, (table.expr, place, value), (), at), s.origin))
    return True


def method(s: Spec, table: Kept, name: str, args: list[Value], keywords: list[tuple[str, Value]], at: At) -> Value:
    is_list = isinstance(table.value, list)
    if name == "append" and is_list and len(args) == 1 and not keywords:
        value = given(s, args[0], at)
        s.facts.learn_outside(table.value, ITEMS, False)
        if not is_note(s, value):
            note_varied(s, table, None)
        note_other(s, table.value, ANY, "", value)
        s.emit(Do(Call(APPEND, (table.expr, value), (), at), s.origin))
        return none()
    if name == "clear" and not args and not keywords:
        s.facts.learn_outside(table.value, ITEMS, False)
        s.facts.learn_outside(table.value, ANY, False)
        s.emit(Do(Call(CLEAR, (table.expr,), (), at), s.origin))
        return none()
    if name == "update" and not is_list and (not args or (len(args) == 1 and is_known(s, args[0]))):
        items = containers.dict_items(s, args[0]) if args else {}
        for key, new in (*items.items(), *keywords):
            put(s, table, Leaf(Const(key), key), "", new, at)
        return none()
    if name == "get" and not is_list and len(args) == 2 and not keywords:
        return got(s, table, args, at)
    raise s.refuse(f"the method .{name}() of a global", "write into what is the function's own", at)


def is_known(s: Spec, value: Value) -> bool:
    return isinstance(value, Handle) and s.content(value).form == "dict"


def got(s: Spec, table: Kept, args: list[Value], at: At) -> Value:
    """``STATS.get(key, default)``: what is there, where the key is."""
    from tangent_like.specialize import meet

    place, default = key_of(s, args[0], at), s.in_names(args[1], "default")
    test = contains(s, table, Leaf(place), at)
    found = meet.branch(s, [(test.expr, lambda: asked(s, table, place)), (None, lambda: default)], "got")
    if isinstance(found, Leaf) and isinstance(found.expr, Name) and is_note(s, s.materialize(default)):
        s.facts.notes.add(found.expr.id)
    return found


def item(s: Spec, table: Kept, index: Value, at: At) -> Value:
    """What is there now; a table in it that is never replaced is the table that it is."""
    place = key_of(s, index, at)
    held, outside = table.value, s.facts.outside
    inner = found_at(held, place.value) if isinstance(place, Const) else None
    replaced = outside.may_write(held, which(place)) or outside.may_write(held, ANY)
    if not isinstance(place, Const) or type(inner) not in TABLES or replaced:
        return asked(s, table, place)
    key, expr = place.value, Index(table.expr, place)
    outside.read.update({(id(held), which(place)): held, (id(held), ANY): held})
    s.reads.append((lambda: found_at(held, key), inner))
    return kept(s, expr, inner) or Outer(expr, inner, lambda: found_at(held, key))


def which(place: Expr) -> str:
    return f"[{place.value!r}]" if isinstance(place, Const) else ANY


def contains(s: Spec, table: Kept, index: Value, at: At) -> Leaf:
    own = s.fresh("there")
    s.assign(own, Call(CONTAINS, (table.expr, key_of(s, index, at))))
    return named_leaf(own)


def whole(s: Spec, at: At) -> Exception:
    hint = "ask for its items by their keys, or pass it as an argument"
    return s.refuse("a dict or list of the module that the program writes, read as a whole,", hint, at)


def length(s: Spec, table: Kept) -> Leaf:
    own = s.fresh("count")
    s.assign(own, Call(LENGTH, (table.expr,)))
    s.state.kinds[own] = INT
    return named_leaf(own)


def named_leaf(name: str) -> Leaf:
    found = named(name)
    assert isinstance(found, Leaf)
    return found


def refuse_varied(s: Spec, table: Kept, place: Expr) -> None:
    if any(name in s.facts.outside.varied for name in names_of(table.value, place)):
        what = "an item of something outside, which is given what may carry a derivative, and read,"
        raise s.refuse(what, "keep it in a variable as well, and read that")


def asked(s: Spec, table: Kept, place: Expr) -> Leaf:
    """A variable with what is there now: a whole number, where it is one and nothing else is written."""
    refuse_varied(s, table, place)
    own = s.fresh("held")
    s.facts.notes.add(own)
    s.assign(own, Call(GETITEM, (table.expr, place)))
    if isinstance(place, Const):
        held, key = table.value, place.value
        if type(found_at(held, key)) is int and all(stays(s, held, name, int) for name in (which(place), ANY, ITEMS)):
            s.reads.append((lambda: type(found_at(held, key)), int))
            s.state.kinds[own] = INT
    return named_leaf(own)


def found_at(table: object, key: object) -> object:
    try:
        return table[key]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return None


def names_of(table: object, place: Expr | None) -> tuple[str, ...]:
    """What is noted of an item of which it is known, or not, which it is."""
    whole = f"{id(table)}[...]"
    return (whole, f"{id(table)}[{place.value!r}]") if isinstance(place, Const) else (whole, f"{id(table)}[?]")


def note_varied(s: Spec, table: Kept, place: Expr | None) -> None:
    """It may carry a derivative: nobody reads it from now on."""
    exact = names_of(table.value, place)[1] if isinstance(place, Const) else names_of(table.value, None)[0]
    for name in (exact, f"{id(table.value)}[?]"):
        s.facts.learn_outside(table.value, ITEMS, False)
        if name not in s.facts.outside.varied:
            s.facts.learn_varied(name)


def key_of(s: Spec, index: Value, at: At) -> Expr:
    """A key or an index that only says which: a number or a text, or a tuple of some."""
    key = containers.constant_key(s, index)
    if key is not containers.MISSING and isinstance(key, str | int | bool | None):
        return Const(key)
    expr = s.materialize(s.in_names(index, "key"))
    parts = expr.items if isinstance(expr, TupleOf) else (expr,)
    if not all(is_plain(s, part) for part in parts):
        raise s.refuse("a write to a global, by a key that may carry a derivative,", "use texts or whole numbers", at)
    return expr


def given(s: Spec, new: Value, at: At) -> Expr:
    """What is written: numbers, texts and copies of arrays, which nobody else writes into."""
    value = s.materialize(new)
    if not all(is_own(s, part) for part in parts_of(value)):
        hint = "keep a number there, as float(...), or a copy, or return it"
        raise s.refuse("keeping what may be an array in something outside", hint, at)
    return value


def is_own(s: Spec, value: Expr) -> bool:
    match value:
        case Binary() | Unary() | Compare() | Const() | Call(Attribute(_, "copy" | "tolist"), ()):
            return True
        case _:
            return isinstance(numeric(s.kind(value)), Scalar | Plain)


def held_by(expr: Expr) -> object:
    """What is in a place of the module, where the text says which; MISSING for anything else."""
    match expr:
        case Ref(target=Global(value=value)):
            return value
        case Attribute(value, name):
            of = held_by(value)
            return MISSING if of is MISSING else getattr(of, name, MISSING)
        case Index(value, Const(key)):
            of = held_by(value)
            if type(of) in TABLES:
                try:
                    return of[key]  # type: ignore[index]
                except (KeyError, IndexError, TypeError):
                    return of
    return MISSING
