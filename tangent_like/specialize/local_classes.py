"""Classes inside functions, and named tuples made there: classes like those of a file that is only read."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Mapping
from typing import Any

from tangent_like.frontend.method_calls import BASES, is_inherited
from tangent_like.frontend.parsed import LOCAL, MARK, MODULE, Factory, ParsedClass, ParsedMember
from tangent_like.ir.nodes import Expr, Library, Ref, UserFunction
from tangent_like.specialize import containers
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import Class, Fn, Handle, Keywords, Leaf, Partial, Seq, Value

FIELD = Ref("field", Library("dataclasses", "field", None))
NO_BASE = ("object", "ABC", "Protocol", "Generic", "NamedTuple")
SOURCE = UserFunction("", "a method", None)


def class_of(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """What ``frontend.local_classes`` makes of a class definition."""
    del keywords, expr, hint
    name, options = _known(args[0]), _known(args[2])
    bases, methods, values = (containers.sequence(s, a) or () for a in (args[1], *args[3:]))
    members: dict[str, Any] = {}
    frames = []
    for row in methods:
        assert isinstance(row, Seq)
        key, form, fn = _known(row.items[0]), _known(row.items[1]), row.items[2]
        assert isinstance(fn, Fn)
        frames.append(fn.frame)
        members[str(key)] = ParsedMember("method" if form == "setter" else str(form), SOURCE, fn)
    fields: dict[str, Value | None] = {}
    for row in values:
        assert isinstance(row, Seq)
        key, form = str(_known(row.items[0])), _known(row.items[1])
        value = s.settled(row.items[2], key)
        if isinstance(value, Handle):
            raise s.refuse(f"{key!r}, which objects of {name} share,", "make it in __init__")
        target = value.expr.target if isinstance(value, Leaf) and isinstance(value.expr, Ref) else None
        if form == "value" and isinstance(target, Library) and is_inherited(target.obj):
            members[key] = ParsedMember("constant", None, target)  # __getattr__ = dict.__getitem__
        elif form == "value":
            members[key] = ParsedMember("constant", None, value)
        else:
            fields[key] = value if form == "field" else None
    about = {MARK: ParsedClass(None, str(name), None, {}), "__module__": MODULE + s.file, LOCAL: tuple(frames)}
    return Class(ClassInfo(_type(s, str(name), bases, options, members, fields, about)))


def _known(value: Value) -> object:
    assert isinstance(value, Leaf)
    return value.known


def _type(
    s: Spec,
    name: str,
    bases: tuple[Value, ...],
    options: object,
    members: dict[str, Any],
    fields: dict[str, Value | None],
    about: dict[str, Any],
) -> type:
    types: list[type] = []
    named = False
    for base in bases:
        target = base.expr.target if isinstance(base, Leaf) and isinstance(base.expr, Ref) else None
        if isinstance(base, Class):
            types.append(base.info.type)
        elif isinstance(target, Library) and target.obj in BASES:
            types.append(target.obj)
        elif isinstance(target, Library) and target.qualname in NO_BASE:
            named = named or target.qualname == "NamedTuple"
        else:
            raise s.refuse(f"the base of {name}", "move the class out of the function")
    if named:
        defaults = [v for v in fields.values() if v is not None]
        tuple_: type = collections.namedtuple(name, tuple(fields), defaults=defaults)  # type: ignore[misc]
        for key, member in {**members, **about}.items():
            setattr(tuple_, key, member)
        return tuple_
    if not isinstance(options, tuple):
        own = {k: ParsedMember("constant", None, v) for k, v in fields.items() if v is not None}
        return type(name, tuple(types), {**own, **members, **about})
    given = dict(options)
    found = {k: _field(s, v, k) for k, v in fields.items() if v is not None}
    shown = dict.fromkeys(fields, object)
    try:
        made: Any = type(name, tuple(types), {**members, **found, **about, "__annotations__": shown})
        frozen, keyed = bool(given.get("frozen", False)), bool(given.get("kw_only", False))
        dataclasses.dataclass(init=False, repr=False, eq=False, kw_only=keyed, frozen=frozen)(made)
    except TypeError as error:  # as Python says it: no order of the bases, a field without default
        raise s.refuse(f"{name} ({error})") from None
    made.__compares__ = bool(given.get("eq", True)), bool(given.get("order", False))
    made.__written_init__ = bool(given.get("init", True)) and "__init__" not in members
    assert isinstance(made, type)
    return made


def _field(s: Spec, value: Value, name: str) -> Any:
    """The default of a field of a dataclass."""
    if not (isinstance(value, Partial) and isinstance(value.function, Leaf) and value.function.expr is FIELD):
        return dataclasses.field(default=value)
    given: dict[str, Any] = {}
    for key, item in value.keywords:
        if key == "default":
            given[key] = item
        elif key == "default_factory":
            target = item.expr.target if isinstance(item, Leaf) and isinstance(item.expr, Ref) else None
            given[key] = target.obj if isinstance(target, Library) else Factory(item)
        elif key in ("init", "compare"):
            given[key] = bool(_known(item))
        elif key not in ("repr", "hash", "metadata"):
            raise s.refuse(f"{key}= of the field {name!r}")
    return dataclasses.field(**given)


def field(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``dataclasses.field``, which waits for the class."""
    del s, args, expr, hint
    return Partial(Leaf(FIELD), (), tuple(keywords))


def named_tuple(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``namedtuple("Point", "x y")`` inside a function."""
    del hint
    given = [containers.constant_key(s, a) for a in args]
    items = containers.static_items(s, args[1]) if len(args) == 2 and not isinstance(args[1], Leaf) else None
    fields = given[1] if items is None and len(args) == 2 else tuple(containers.constant_key(s, v) for v in items or ())
    defaults = containers.sequence(s, dict(keywords)["defaults"]) if "defaults" in dict(keywords) else ()
    names = fields.replace(",", " ").split() if isinstance(fields, str) else fields
    known = isinstance(names, list | tuple) and all(isinstance(f, str) for f in names)
    if not (len(given) == 2 and isinstance(given[0], str) and known and set(dict(keywords)) <= {"defaults"}):
        raise s.refuse("this named tuple", "write its names out", getattr(expr, "at", None))
    plain = [str(f) for f in names]  # type: ignore[attr-defined]
    made: Any = collections.namedtuple(given[0], plain, defaults=defaults)  # type: ignore[misc]
    made.__module__ = MODULE + s.file
    setattr(made, MARK, ParsedClass(None, given[0], None, {}))
    return Class(ClassInfo(made))


HANDLERS: Mapping[str, Handler] = {
    "tangent_like.class_of": class_of,
    "dataclasses.field": field,
    "collections.namedtuple": named_tuple,
}
