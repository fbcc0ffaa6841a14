"""Methods of dicts, and of sets, whose keys only the run tells, and of lists under such keys."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import zeros_by_key
from tangent_like.ir.nodes import Attribute, Call, Compare, Const, Dict, Expr, Index, Name
from tangent_like.ir.walk import key as text_key
from tangent_like.kinds.kind import DictOf, Scalar
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.tables import (
    append,
    begin,
    contains,
    has_rows,
    is_number,
    is_table,
    key_of,
    keys,
    looked_over,
    put_in,
    read,
    remove,
    store,
    update,
    variable,
)
from tangent_like.specialize.values import COUNTS, Either, Handle, Keywords, Lazy, Leaf, Mixed, Partial, Value, none


def asked(s: Spec, key: Value) -> Value:
    """``d.get``, asked for keys that are there: ``max(d, key=d.get)``."""
    match key:
        case Partial(Leaf() as method_, (Handle() as table, Leaf(known="get")), ()) if is_table(table, s):
            return Partial(method_, (table, Leaf(Const("at"), "at")), ())
        case _:
            return key


def method(
    s: Spec,
    table: Handle,
    name: str,
    args: list[Value],
    keywords: Keywords,
    expr: Expr | None,
    branches: Callable[..., Value | None],
    loop: Callable[..., None],
) -> Value:
    """A method; ``branches`` and ``loop`` are those of the parts above this one."""
    at = getattr(expr, "at", None)
    if keywords:
        raise s.refuse(f"the method .{name}() of a dict whose keys only the run tells, called by names,", "", at)
    if s.content(table).site in s.facts.sets:
        return set_method(s, table, name, args, at, branches, loop)
    match name, args:
        case ("items" | "keys" | "values"), []:
            return Lazy(name, (table,))
        case "at", [key]:
            return read(s, table, key, at)
        case "get", [key] if (text_key(key_of(s, key)), variable(s, table).id) in s.present:
            return read(s, table, key, at)
        case "get", [key] | [key, Leaf(known=None)]:
            return there_or_none(s, table, s.in_names(key, "key"), at)
        case "get", [key, default]:
            if isinstance(default, Leaf) and is_number(default.expr):
                return Leaf(Call(Attribute(looked_over(s, table), "get"), (key_of(s, key), default.expr), (), at))
            place, other = s.in_names(key, "key"), s.in_names(default, "default")
            arms = [(contains(s, table, place), lambda: read(s, table, place, at)), (None, lambda: other)]
            return given(branches(s, arms, "value"))
        case "setdefault", [key, Handle() as new] if s.content(new).form == "list":
            place = s.in_names(key, "key")
            absent = Compare(key_of(s, place), ("not in",), (variable(s, table),))
            branches(s, [(absent, lambda: store(s, table, place, "", new, at))])
            return read(s, table, place, at)
        case "pop", [key, *_] if has_rows(s, table):
            remove(s, table, s.in_names(key, "key"))
            return Mixed("what pop gives of a dict of lists,")
        case ("get" | "copy" | "update"), _ if has_rows(s, table):
            raise s.refuse(f"the method .{name}() of a dict of lists whose keys only the run tells", "write a loop", at)
        case "setdefault", [key, default]:
            place, other = s.in_names(key, "key"), s.in_names(default, "default")
            absent = Compare(key_of(s, place), ("not in",), (looked_over(s, table),))
            branches(s, [(absent, lambda: store(s, table, place, "", other, at))])
            return read(s, table, place, at)
        case "copy", []:
            return another(s, table, expr, loop)
        case "update", _ if s.content(table).default is COUNTS:
            raise s.refuse("the method .update() of a Counter whose keys only the run tells", "add to it in a loop", at)
        case "update", [more]:
            update(s, table, more, loop)
            return none()
        case "clear", []:
            for_each = keys(s, table)
            loop(s, for_each, lambda k: remove(s, table, k))
            return none()
        case "pop", [key]:
            place = s.in_names(key, "key")
            popped = s.fresh("popped")
            s.assign(popped, Index(looked_over(s, table), key_of(s, place), at))
            remove(s, table, place)
            return Leaf(Name(popped))
        case "pop", [key, Leaf(known=None)]:
            place = s.in_names(key, "key")
            branches(s, [(contains(s, table, place), lambda: remove(s, table, place))])
            return Mixed("what pop(key, None) gives, a number or None,")
        case "pop", [key, default]:
            place, other = s.in_names(key, "key"), s.in_names(default, "default")

            def taken() -> Value:
                return method(s, table, "pop", [place], [], expr, branches, loop)

            return given(branches(s, [(contains(s, table, place), taken), (None, lambda: other)], "popped"))
        case _:
            raise s.refuse(f"the method .{name}() of a dict whose keys only the run tells", "write a loop", at)


def set_method(
    s: Spec,
    table: Handle,
    name: str,
    args: list[Value],
    at: tuple[int, int] | None,
    branches: Callable[..., Value | None],
    loop: Callable[..., None],
) -> Value:
    match name, args:
        case "add", [key]:
            put_in(s, table, key)
        case "remove", [key]:
            remove(s, table, key)
        case "discard", [key]:
            place = s.in_names(key, "key")
            branches(s, [(contains(s, table, place), lambda: remove(s, table, place))])
        case "update", [more]:
            loop(s, more, lambda k: put_in(s, table, k))
        case _:
            raise s.refuse(f"the method .{name}() of a set whose items only the run tells", "write a loop", at)
    return none()


def given(value: Value | None) -> Value:
    assert value is not None
    return value


def there_or_none(s: Spec, table: Handle, key: Value, at: tuple[int, int] | None) -> Value:
    """``d.get(key)``: the number that is there, or None."""
    found, value, name = s.fresh("found"), s.fresh("value"), variable(s, table)
    s.assign(found, contains(s, table, key))
    kind = s.kind(name)
    whole = isinstance(kind, DictOf) and isinstance(kind.item, Scalar) and kind.item.type != "float"
    s.assign(value, Call(Attribute(name, "get"), (key_of(s, key), Const(0 if whole else 0.0)), (), at))
    return Either(Leaf(Name(found)), (none(), Leaf(Name(value))))


def another(s: Spec, table: Handle, expr: Expr | None, loop: Callable[..., None]) -> Handle:
    """``d.copy()``."""
    content, kind = s.content(table), s.kind(variable(s, table))
    made: Expr = Dict((), ())
    if isinstance(kind, DictOf) and kind.missing and content.default is not None:
        zero = s.materialize(content.default)
        made = zeros_by_key("int" if isinstance(zero, Const) and type(zero.value) is int else "float")
    if content.site in s.facts.counters:
        s.facts.counters.add(expr)
    new = begin(s, made, content.hint, expr, default=content.default)
    update(s, new, table, loop)
    return new


def row_method(s: Spec, row: Lazy, name: str, args: list[Value], at: tuple[int, int] | None) -> Value:
    """``d[key].append(value)``."""
    if name != "append" or len(args) != 1:
        raise s.refuse(f"the method .{name}() of a list under a key that only the run tells", "append to it", at)
    append(s, row, args[0])
    return none()
