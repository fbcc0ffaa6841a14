"""Objects made by calling their class: named tuples, dataclasses, and what ``__init__`` makes."""

from __future__ import annotations

import dataclasses
import enum
import types

from tangent_like.frontend.live import live_target
from tangent_like.frontend.parsed import parsed
from tangent_like.ir.nodes import Const, Expr, Library, List, Ref, UserFunction
from tangent_like.specialize import attributes, containers
from tangent_like.specialize.classes import user_function
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import UNSET, Bound, Class, Content, Handle, Leaf, Outer, Seq, Value, target_value


def construct(
    s: Spec, cls: Class, args: list[Value], keywords: list[tuple[str, Value]], expr: Expr | None, hint: str
) -> Value:
    """``Model(...)``: a named tuple, a dataclass, or what ``__init__`` makes of it."""
    info = cls.info
    at = getattr(expr, "at", None)
    if type(info.type).__call__ is not type.__call__:
        raise s.refuse(f"a class whose metaclass, {type(info.type).__name__}, has __call__", "", at)
    if info.is_named_tuple:
        code = getattr(info.type.__new__, "__code__", None)
        if parsed(info.type) is None and (code is None or not code.co_filename.startswith("<")):
            raise s.refuse(f"{info.name}, a named tuple with a __new__ of its own,", "", at)
        values = by_field(s, info.fields, args, keywords, info.name)
        for name in info.fields:
            if name not in values:
                default_ = info.type._field_defaults.get(name, UNSET)  # type: ignore[attr-defined]
                if default_ is UNSET:
                    raise s.refuse(f"{info.name} without {name!r}", "", at)
                values[name] = default_value(s, default_, name)
        return Seq(tuple(values[n] for n in info.fields), info.with_target(cls.expr))
    if issubclass(info.type, BaseException):
        raise s.refuse("an exception as a value", "", at)
    for name in ("__new__", "__getattribute__", "__getattr__"):
        member = info.member(name)
        if member is not None and member.owner.type is not object:
            raise s.refuse(f"a class with {name}", "", at)
    if not info.is_frozen and (setter := info.member("__setattr__")) and setter.owner.type is not object:
        raise s.refuse(f"a class with __setattr__, {info.name},", "", at)
    handle = attributes.new_object(s, info.with_target(cls.expr), hint)
    s.constructing.add(handle.id)
    try:
        init = info.member("__init__")
        if init is not None and init.target is not None and not info.generated_init:
            s.call(Bound(attributes.Method(s, init), handle), args, keywords, expr)
        elif info.is_dataclass:
            fill_dataclass(s, expr, handle, args, keywords)
        elif args or keywords:
            raise s.refuse(f"arguments to {info.name}, whose __init__ has no source,", "", at)
    finally:
        s.constructing.discard(handle.id)
    return handle


def fill_dataclass(
    s: Spec, expr: Expr | None, handle: Handle, args: list[Value], keywords: list[tuple[str, Value]]
) -> None:
    cls = s.content(handle).cls
    assert cls is not None
    values = by_field(s, cls.fields, args, keywords, cls.name)
    for found in dataclasses.fields(cls.type):
        if found.name in values:
            containers.put(s, handle, found.name, values[found.name])
        elif found.default is not dataclasses.MISSING:
            containers.put(s, handle, found.name, default_value(s, found.default, found.name))
        elif found.default_factory is list or found.default_factory is dict:
            form = "list" if found.default_factory is list else "dict"
            site = (cls.type, found.name, expr)
            if site in s.facts.dynamic:
                containers.put(s, handle, found.name, Leaf(List(())))
                continue
            made = s.allocate(Content(form, (), None, found.name, site))
            containers.put(s, handle, found.name, made)
        elif isinstance(found.default_factory, types.FunctionType):
            target = user_function(found.default_factory)
            if target is None:
                raise s.refuse(f"the default of {found.name!r}")
            containers.put(s, handle, found.name, s.call(Leaf(Ref(found.name, target)), []))
        elif found.default_factory is not dataclasses.MISSING:
            raise s.refuse(f"the default of {found.name!r}")
        elif found.init:
            raise s.refuse(f"{cls.name} without {found.name!r}")
    post = cls.member("__post_init__")
    if post is not None and post.target is not None:
        s.call(Bound(attributes.Method(s, post), handle), [])


def default_value(s: Spec, value: object, name: str) -> Value:
    """The default of a field."""
    if isinstance(value, enum.Enum):
        return Outer(Const(value.name), value, lambda: value)
    if value is None or isinstance(value, bool | int | float | str):
        return Leaf(Const(value), value)
    if isinstance(value, tuple):
        return Seq(tuple(default_value(s, v, name) for v in value))
    if isinstance(value, UserFunction | Library):
        return target_value(value)
    if callable(value):
        target = live_target("", "", value)
        if isinstance(target, UserFunction | Library):
            return target_value(target)
    raise s.refuse(f"the default of {name!r}", "pass it")


def by_field(
    s: Spec, fields: tuple[str, ...], args: list[Value], keywords: list[tuple[str, Value]], name: str
) -> dict[str, Value]:
    if len(args) > len(fields):
        raise s.refuse(f"{name} with more arguments than it has fields")
    found = dict(zip(fields, args, strict=False))
    for key, value in keywords:
        if key in found or key not in fields:
            raise s.refuse(f"{name} with {key!r}, which it does not take,")
        found[key] = value
    return found
