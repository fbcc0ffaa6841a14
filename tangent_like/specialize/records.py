"""What the functions of ``dataclasses`` make of objects; ``SimpleNamespace``; the gradient by an object."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from dataclasses import replace

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import Const, Expr
from tangent_like.kinds.kind import Array
from tangent_like.specialize import object_numbers
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import Class, Content, Handle, Keywords, Leaf, Seq, Value


def replaced(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``dataclasses.replace``."""
    if not isinstance(args[0], Handle):
        raise s.refuse("dataclasses.replace of this", "", getattr(expr, "at", None))
    content = object_numbers.by_itself(s, args[0])
    assert content.cls is not None
    named = dict(keywords)
    values = [(f.name, named.get(f.name, content.get(f.name))) for f in dataclasses.fields(content.cls.type) if f.init]
    given = [(n, v) for n, v in values if v is not None]
    return s.call(Class(content.cls), [], given, expr, hint)


def taken_apart(form: str) -> Handler:
    """``dataclasses.asdict`` and ``astuple``: the fields of an object, and of those in it, with copies of arrays."""

    def apart(s: Spec, value: Value) -> Value:
        if isinstance(value, Seq):
            return Seq(tuple(apart(s, v) for v in value.items), value.cls)
        if isinstance(value, Leaf):
            return Leaf(np_call("copy", value.expr)) if isinstance(s.kind(value.expr), Array) else value
        content = s.content(value) if isinstance(value, Handle) else None
        if content is None:
            raise s.refuse(f"dataclasses.as{form} of this", "read its fields")
        if content.form != "object":
            return s.allocate(replace(content, items=tuple((k, apart(s, v)) for k, v in content.items), borrowed=False))
        if content.cls is None or not dataclasses.is_dataclass(content.cls.type):
            return value
        fields = [(f.name, content.get(f.name)) for f in dataclasses.fields(content.cls.type)]
        found = tuple((n, apart(s, v)) for n, v in fields if v is not None)
        return Seq(tuple(v for _, v in found)) if form == "tuple" else s.allocate(Content("dict", found))

    def handler(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
        cls = s.content(args[0]).cls if isinstance(args[0], Handle) else None
        if keywords or cls is None or not dataclasses.is_dataclass(cls.type):
            raise s.refuse(f"dataclasses.as{form} of this", "read its fields", getattr(expr, "at", None))
        return s.settled(apart(s, args[0]), hint)

    return handler


def fields_of(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``dataclasses.fields``: what each is called."""
    del keywords, hint
    value = args[0]
    cls = value.info if isinstance(value, Class) else s.content(value).cls if isinstance(value, Handle) else None
    if cls is None or not dataclasses.is_dataclass(cls.type):
        raise s.refuse("dataclasses.fields of this", "write the names out", getattr(expr, "at", None))
    return Seq(tuple(named(s, name=Leaf(Const(f.name), f.name)) for f in dataclasses.fields(cls.type)))


def named(s: Spec, **items: Value) -> Handle:
    """An object with these attributes."""
    return s.allocate(Content("object", tuple(items.items()), NAMESPACE))


def namespace(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``SimpleNamespace(a=1.0)``."""
    if args:
        raise s.refuse("a namespace of a mapping", "write its names out", getattr(expr, "at", None))
    return s.settled(s.allocate(Content("object", tuple(keywords), NAMESPACE, hint)), hint)


def likened(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``like_object(x, w=w_bar)``, what a gradient by an object returns: an object of that class, without its maker."""
    held = args[0]
    content = s.content(held) if isinstance(held, Handle) else None
    if content is None or content.cls is None or not {k for k, _ in content.items} <= {n for n, _ in keywords}:
        at = getattr(expr, "at", None)
        raise s.refuse("the gradient by an object, used here,", "take it by what the object holds", at)
    return s.settled(s.allocate(Content("object", tuple(keywords), content.cls, hint)), hint)


NAMESPACE = ClassInfo(types.SimpleNamespace)

HANDLERS: Mapping[str, Handler] = {
    "dataclasses.replace": replaced,
    "dataclasses.fields": fields_of,
    "types.SimpleNamespace": namespace,
    "tangent_like.runtime.structure.like_object": likened,
    "tangent_like.runtime.like_object": likened,
    "dataclasses.asdict": taken_apart("dict"),
    "dataclasses.astuple": taken_apart("tuple"),
}
