"""Attributes of objects, written."""

from __future__ import annotations

import types

from tangent_like.ir.nodes import Const, Expr, Ref, UserFunction
from tangent_like.specialize import containers, outside
from tangent_like.specialize.attributes import Method, class_expr, described, own_members, own_setattr
from tangent_like.specialize.builtin_bases import items_are_attributes, joins
from tangent_like.specialize.classes import Member, user_function
from tangent_like.specialize.either import each, raising
from tangent_like.specialize.said_of_events import SAID_OF_EVENTS, by_its_name
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Bound, Class, Either, Fn, Frame, Handle, Keywords, Leaf, Value, is_none, none


def put(
    s: Spec, value: Value, name: str, new: Value, expr: Expr, past: bool = False, frame: Frame | None = None
) -> None:
    """``value.name = new``; ``past`` what its class says of that, as ``object.__setattr__`` does it."""
    at = getattr(expr, "at", None)
    if isinstance(value, Either):
        given = s.in_names(new, name)
        each(s, value, lambda v: raising(s, name) if is_none(v) else put(s, v, name, given, expr, past))
        return
    outer = isinstance(value, Leaf) and isinstance(value.expr, Ref) and isinstance(value.expr.target, UserFunction)
    inner = isinstance(value, Fn) and not by_its_name(value, expr, frame)
    if name in SAID_OF_EVENTS and (outer or inner):
        raise s.refuse(f"this {name} of a function", "write a constant, right behind the def, by its name", at)
    if outside.put(s, value, class_expr(s, value) if isinstance(value, Class) else None, name, "", new, at):
        return
    if not isinstance(value, Handle) or s.content(value).form != "object":
        raise s.refuse(f"an assignment to the attribute {name!r} of this", "use a local name", at)
    cls = s.content(value).cls
    if joins(s, value, name, new):
        return
    if not past and (hook := own_setattr(cls)) is not None:
        s.call(Bound(Method(s, hook), value), [Leaf(Const(name), name), new], [], expr)
        return
    member = None if cls is None else cls.member(name)
    if member is not None and member.form == "property":
        if set_property(s, member, value, name, new, expr):
            return
        raise s.refuse(f"an assignment to the property {name!r}", "assign to what it reads", at)
    if member is not None and member.form == "refused":
        raise s.refuse(str(member.value), "", at)
    if member is not None and member.form == "descriptor" and member.comes_first:
        described(s, member, value, name, expr, "__set__", new)
        return
    if cls is not None and cls.is_frozen and not past and value.id not in s.constructing:
        raise s.refuse(f"an assignment to an attribute of {cls.name}, which is frozen,", "use dataclasses.replace", at)
    if cls is not None and "__setattr__" in own_members(cls) and not cls.is_frozen and not past:
        raise s.refuse(f"an assignment to an attribute of {cls.name}, which has __setattr__,", "", at)
    if cls is not None and not cls.has_room(name):
        raise s.refuse(f"the attribute {name!r}, which __slots__ of {cls.name} leave out,", "name it there", at)
    containers.put(s, items_are_attributes(s, value) or value, name, new)


def deleted(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``delattr(value, "name")``, which is ``del value.name``."""
    del keywords, hint
    at = getattr(expr, "at", None)
    value, name = args[0], args[1].known if isinstance(args[1], Leaf) else None
    content = s.content(value) if isinstance(value, Handle) else None
    if content is None or content.form != "object" or not isinstance(name, str) or content.borrowed or content.row:
        raise s.refuse("del of a part of this", "make a new value without it", at)
    cls = content.cls
    member = None if cls is None else cls.member(name)
    own = cls is not None and ("__delattr__" in own_members(cls) or cls.is_frozen)
    if own or (member is not None and member.comes_first):
        raise s.refuse(f"del of the attribute {name!r}, which its class is asked about,", "", at)
    if content.get(name) is None or name in content.sometimes:
        raise s.refuse(f"del of the attribute {name!r}, which may not be there,", "", at)
    assert isinstance(value, Handle)
    s.deleted.add(name)
    s.state.drop(value, name)
    return none()


def set_property(s: Spec, member: Member, value: Value, name: str, new: Value, expr: Expr) -> bool:
    """``value.name = new`` by the setter of a property; False where its text is not known."""
    inside = member.owner.member(f"{name}=") if isinstance(member.value, Fn) else None
    if inside is not None:  # of a class inside a function
        s.call(Bound(Method(s, inside), value), [new], [], expr)
        return True
    setter = getattr(member.value, "fset", None)
    target = user_function(setter) if isinstance(setter, types.FunctionType) else None
    if isinstance(member.value, UserFunction):  # of a file that is only read
        target = member.value
    if target is None:
        return False
    function = s.library.read(target, s.place())
    method = Fn(function, None, (), function.origin.file, member.owner, target)
    s.call(Bound(method, value), [new], [], expr)
    return True
