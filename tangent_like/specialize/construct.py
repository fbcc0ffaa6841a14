"""Objects made by calling their class: named tuples, dataclasses, and what ``__init__`` makes."""

from __future__ import annotations

import dataclasses
import enum
import types

from tangent_like.frontend.live import live_target
from tangent_like.frontend.method_calls import BASES
from tangent_like.frontend.parsed import LOCAL, Factory, parsed
from tangent_like.ir.nodes import Const, Expr, Library, List, Ref, UserFunction
from tangent_like.kinds.kind import Scalar
from tangent_like.specialize import attributes, containers, modules, object_pools, tables
from tangent_like.specialize.builtin_bases import HELD, base_of
from tangent_like.specialize.classes import ClassInfo, Member, is_passed_on, is_users_class, user_function
from tangent_like.specialize.named_tuples import held_to
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import (
    UNSET,
    Bound,
    Class,
    Content,
    Fn,
    Handle,
    Keywords,
    Leaf,
    Outer,
    Partial,
    Seq,
    Value,
    enum_member,
    none,
    target_value,
)


def construct(
    s: Spec, cls: Class, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str
) -> Value:
    """``Model(...)``: a named tuple, a dataclass, or what ``__init__`` makes of it."""
    info = cls.info
    at = getattr(expr, "at", None)
    if issubclass(info.type, enum.Enum):
        return member_by_value(s, cls, args, keywords, expr)
    if type(info.type).__call__ is not type.__call__:
        raise s.refuse(f"a class whose metaclass, {type(info.type).__name__}, has __call__", "", at)
    if info.is_named_tuple:
        code = getattr(info.type.__new__, "__code__", None)
        if parsed(info.type) is None and (code is None or not code.co_filename.startswith("<")):
            raise s.refuse(f"{info.name}, a named tuple with a __new__ of its own,", "", at)
        held_to(s, info, at)
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
    for name in ("__new__", "__getattribute__"):
        member = info.member(name)
        if member is not None and member.owner.type is not object:
            if name == "__new__" and member.target is not None:
                return made_anew(s, cls, member, args, keywords, expr)
            if member.owner.type in BASES:
                continue
            inherited = member.owner.type.__module__ == "builtins"
            what = f"a subclass of {member.owner.name}" if inherited else f"a class with {name}"
            raise s.refuse(f"{what}, {info.name},", "", at)
    setter = info.member("__setattr__")
    if not info.is_frozen and setter is not None and setter.owner.type is not object and not setter.can_be_called:
        raise s.refuse(f"a class with __setattr__, {info.name},", "", at)
    handle = with_items(s, attributes.new_object(s, info.with_target(cls.expr), hint), expr)
    begin(s, cls, handle, args, keywords, expr)
    object_pools.made(s, info, handle)
    return handle


def made_anew(s: Spec, cls: Class, member: Member, args: list[Value], keywords: Keywords, expr: Expr | None) -> Value:
    """What ``__new__`` gives, and ``__init__`` fills where that is of the class."""
    made = s.call(attributes.Method(s, member), [cls, *args], keywords, expr)
    own = attributes.class_of(s, made)
    if own is None or not issubclass(own.type, cls.info.type):
        return made
    if not isinstance(made, Handle):
        raise s.refuse(f"{cls.info.name}, whose __new__ gives what was there,", "", getattr(expr, "at", None))
    begin(s, cls, made, args, keywords, expr)
    return made


def new(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``super().__new__(cls)`` in a ``__new__`` of the user's."""
    holds = args and isinstance(args[0], Class) and base_of(args[0].info) is not None
    if ((len(args) != 1 or keywords) and not holds) or not isinstance(args[0], Class):
        raise s.refuse("object.__new__ of this", "give it the class alone", getattr(expr, "at", None))
    return with_items(s, attributes.new_object(s, args[0].info.with_target(args[0].expr), hint), expr)


def with_items(s: Spec, handle: Handle, expr: Expr | None) -> Handle:
    """A new object, with nothing in it yet where it is a dict or a list."""
    content = s.content(handle)
    base, hint = base_of(content.cls), content.hint
    if base is None or content.cls is None:
        return handle
    site = (content.cls.name if LOCAL in vars(content.cls.type) else content.cls.type, HELD, expr)
    if site not in s.facts.dynamic:
        form = "list" if base is list else "dict"
        s.state.put(handle, HELD, s.allocate(Content(form, (), None, hint, site)))
    elif base is list:
        containers.put(s, handle, HELD, Leaf(List(())))
    else:
        s.state.put(handle, HELD, tables.display(s, [], [], hint, site))
    return handle


def begin(
    s: Spec, cls: Class, handle: Handle, args: list[Value], keywords: Keywords, expr: Expr | None
) -> None:
    """What its ``__init__`` makes of a new object."""
    info = cls.info
    at = getattr(expr, "at", None)
    anew = info.member("__new__")
    s.constructing.add(handle.id)
    try:
        init = info.member("__init__")
        generating = info.generating()
        if generating is not None:
            fill_dataclass(s, generating, expr, handle, args, keywords)
        elif init is not None and init.can_be_called:
            s.call(Bound(attributes.Method(s, init), handle), args, keywords, expr)
        elif (args or keywords) and (anew is None or anew.owner.type is object):
            raise s.refuse(f"arguments to {info.name}, whose __init__ has no source,", "", at)
    finally:
        s.constructing.discard(handle.id)


def member_by_value(s: Spec, cls: Class, args: list[Value], keywords: Keywords, expr: Expr | None) -> Value:
    """``Kind("linear")``: the member that has the value."""
    key = containers.constant_key(s, args[0]) if len(args) == 1 and not keywords else containers.MISSING
    if isinstance(key, cls.info.type):
        return args[0]
    found = [m for m in cls.info.type if key is not containers.MISSING and m.value == key]  # type: ignore[attr-defined]
    if not found or cls.expr is None:
        what = f"a member of {cls.info.name} that only the run tells"
        raise s.refuse(what, "write the member", getattr(expr, "at", None))
    return enum_member(cls.expr, found[0])


def fill_dataclass(
    s: Spec, cls: ClassInfo, expr: Expr | None, handle: Handle, args: list[Value], keywords: Keywords
) -> None:
    """What the ``__init__`` does that ``dataclass`` wrote for ``cls``, the object's class or one that it inherits."""
    own = s.content(handle).cls
    assert own is not None
    values = by_field(s, cls.fields, args, keywords, cls.name)
    passed: list[Value] = []
    for found in cls.described:
        member = own.member(found.name)
        hooked = attributes.own_setattr(own) is not None
        if hooked or (member is not None and member.form == "descriptor"):
            raise s.refuse(f"the field {found.name!r}, which its class is asked about,", "write __init__ out")
        if is_passed_on(found):
            if found.name not in values and found.default is dataclasses.MISSING:
                raise s.refuse(f"{cls.name} without {found.name!r}")
            passed.append(values.get(found.name) or default_value(s, found.default, found.name, cls))
        elif found.name in values:
            containers.put(s, handle, found.name, values[found.name])
        elif found.default is not dataclasses.MISSING:
            containers.put(s, handle, found.name, default_value(s, found.default, found.name, cls))
        elif found.default_factory is list or found.default_factory is dict:
            form = "list" if found.default_factory is list else "dict"
            site = (cls.name if LOCAL in vars(cls.type) else cls.type, found.name, expr)
            if site in s.facts.dynamic:
                anew = Leaf(List(())) if form == "list" else tables.display(s, [], [], found.name, site)
                containers.put(s, handle, found.name, anew)
                continue
            if form == "list":
                containers.put(s, handle, found.name, containers.new_list(s, [], found.name, site))
                continue
            containers.put(s, handle, found.name, s.allocate(Content(form, (), None, found.name, site)))
        elif found.default_factory is not dataclasses.MISSING:
            factory = made_by(s, found.default_factory, found.name)
            made = s.call(factory, [], [], None, found.name)
            if isinstance(found.default_factory, Factory) and found.default_factory.shared and not is_frozen(s, made):
                raise s.refuse(f"the default of {found.name!r}, which objects share,", "pass it")
            containers.put(s, handle, found.name, made)
        elif found.init:
            raise s.refuse(f"{cls.name} without {found.name!r}")
    post = own.member("__post_init__")
    if post is not None and post.target is not None:
        s.call(Bound(attributes.Method(s, post), handle), passed)


def filled(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``super().__init__(...)`` where ``dataclass`` wrote that."""
    del hint
    cls, handle, *given = args
    if not isinstance(cls, Class) or not isinstance(handle, Handle):
        raise s.refuse("a call of this __init__", "", getattr(expr, "at", None))
    fill_dataclass(s, cls.info, expr, handle, given, keywords)
    return none()


def made_by(s: Spec, factory: object, name: str) -> Value:
    """What is called for the default of a field."""
    found = factory.made_by if isinstance(factory, Factory) else factory
    if isinstance(found, Leaf | Fn | Class | Partial):
        return found
    if isinstance(found, UserFunction | Library):
        return target_value(found)
    if isinstance(found, types.FunctionType) and (target := user_function(found)) is not None:
        return Leaf(Ref(name, target))
    if is_users_class(found):
        return Class(ClassInfo(found))  # type: ignore[arg-type]
    target_ = live_target("", "", found)
    if not isinstance(target_, Library):
        raise s.refuse(f"the default of {name!r}", "pass it")
    return target_value(target_)


def is_frozen(s: Spec, value: Value) -> bool:
    """Is it nothing that anybody could change: numbers, and frozen dataclasses of these?"""
    match value:
        case Leaf(expr, known):
            return known is not UNSET or isinstance(s.kind(expr), Scalar)
        case Seq(items):
            return all(is_frozen(s, v) for v in items)
        case Handle():
            content = s.content(value)
            return content.cls is not None and content.cls.is_frozen and all(is_frozen(s, v) for v in content.values)
        case _:
            return False


def default_value(s: Spec, value: object, name: str, cls: ClassInfo | None = None) -> Value:
    """The default of a field, which its class has as an attribute of its name."""
    if isinstance(value, Leaf | Seq | Outer | Fn | Class | Partial):  # of a class inside a function
        return value
    if isinstance(value, enum.Enum):
        return Outer(Const(value.name), value, lambda: value)
    if value is None or isinstance(value, bool | int | float | str):
        return Leaf(Const(value), value)
    if isinstance(value, tuple):
        return Seq(tuple(default_value(s, v, name) for v in value))
    if isinstance(value, UserFunction | Library):
        return target_value(value)
    if (module := modules.of_library(value)) is not None:
        return module
    if callable(value):
        target = live_target("", "", value)
        if isinstance(target, UserFunction | Library):
            return target_value(target)
    if cls is not None and parsed(cls.type) is None and attributes.class_expr(s, Class(cls)) is not None:
        return attributes.constant(s, Member("constant", None, cls, value), Class(cls), name, Const(None))
    raise s.refuse(f"the default of {name!r}", "pass it")


def all_fields(info: ClassInfo) -> tuple[str, ...] | None:
    """The parameters of a class that has one for each field, and no defaults; None for any other."""
    if info.is_named_tuple:
        return None if info.type._field_defaults else info.fields  # type: ignore[attr-defined]
    generating = info.generating()
    if generating is None:
        return None
    missing = dataclasses.MISSING
    plain = all(f.default is missing and f.default_factory is missing for f in dataclasses.fields(generating.type))
    return generating.fields if plain else None


def by_field(
    s: Spec, fields: tuple[str, ...], args: list[Value], keywords: Keywords, name: str
) -> dict[str, Value]:
    if len(args) > len(fields):
        raise s.refuse(f"{name} with more arguments than it has fields")
    found = dict(zip(fields, args, strict=False))
    for key, value in keywords:
        if key in found or key not in fields:
            raise s.refuse(f"{name} with {key!r}, which it does not take,")
        found[key] = value
    return found
