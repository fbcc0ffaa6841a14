"""Classes of the user's: what an attribute of an instance is, before the program runs."""

from __future__ import annotations

import dataclasses
import dis
import functools
import types
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from tangent_like.frontend.live import cached_function, is_derivative, is_library, live_target
from tangent_like.frontend.method_calls import is_inherited
from tangent_like.frontend.parsed import ParsedMember, describes, parsed
from tangent_like.ir.nodes import Expr, Global, Library, Ref, Target, UserFunction

TypeOf: TypeAlias = "type"


@dataclass(frozen=True)
class Member:
    """``form``: "method", "property", "cached", "partial", "static", "class", "descriptor", "inherited", "constant"."""

    form: str
    target: UserFunction | None
    owner: ClassInfo
    value: object = None

    @property
    def can_be_called(self) -> bool:
        """Is it a method whose text is known, or one of a dict or a list?"""
        return self.target is not None or self.form == "inherited"

    @property
    def comes_first(self) -> bool:
        """Is it asked before what an object itself has under its name?"""
        if self.form == "descriptor":
            return hasattr(type(self.value), "__set__") or hasattr(type(self.value), "__delete__")
        return self.form in ("property", "refused")


@dataclass(frozen=True)
class ClassInfo:
    """A class of a live program."""

    type: TypeOf
    target: Target | None = field(default=None, compare=False)

    @property
    def name(self) -> str:
        return self.type.__name__

    @property
    def is_dataclass(self) -> bool:
        return dataclasses.is_dataclass(self.type)

    @property
    def is_frozen(self) -> bool:
        """Is it a dataclass that lets nothing be assigned?"""
        found = getattr(self.type, "__dataclass_params__", None)
        return self.is_dataclass and bool(getattr(found, "frozen", False))

    def says(self, name: str) -> bool:
        """Is there text of the user's for a method?"""
        member = self.member(name)
        return member is not None and member.target is not None

    @property
    def is_named_tuple(self) -> bool:
        return issubclass(self.type, tuple) and hasattr(self.type, "_fields")

    @property
    def fields(self) -> tuple[str, ...]:
        """The parameters that its constructor makes attributes of."""
        if self.is_named_tuple:
            return tuple(self.type._fields)  # type: ignore[attr-defined]
        found = [f for f in self.described if f.init]
        return tuple(f.name for f in sorted(found, key=lambda f: bool(f.kw_only)))  # as its __init__ takes them

    @property
    def described(self) -> list[dataclasses.Field[object]]:
        """The fields of a dataclass, and what only its ``__init__`` takes (``InitVar``)."""
        own = {id(f) for f in dataclasses.fields(self.type)}
        table: dict[str, dataclasses.Field[object]] = self.type.__dataclass_fields__  # type: ignore[attr-defined]
        return [f for f in table.values() if id(f) in own or is_passed_on(f)]

    @property
    def generated_init(self) -> bool:
        """Did ``dataclass`` write its own ``__init__``?"""
        if parsed(self.type) is not None:
            return bool(vars(self.type).get("__written_init__"))
        init = vars(self.type).get("__init__")
        code = getattr(init, "__code__", None)
        return self.is_dataclass and code is not None and code.co_filename == "<string>"

    def compares(self, op: str) -> bool:
        """Did ``dataclass`` write how its objects are compared?"""
        if "__compares__" in vars(self.type):  # of a file that is read, or a class inside a function
            eq, order = vars(self.type)["__compares__"]
            own = {"__eq__", "__ne__"} & set(vars(self.type))
            return bool(eq if op in ("==", "!=") else order) and not own
        names = {"==": "__eq__", "!=": "__eq__", "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__"}
        code = getattr(vars(self.type).get(names.get(op, "")), "__code__", None)
        return self.is_dataclass and code is not None and code.co_filename == "<string>"

    def generating(self, behind: TypeOf | None = None) -> ClassInfo | None:
        """The class whose ``__init__``, written by ``dataclass``, makes its objects; None if another one does."""
        mro = self.type.__mro__
        for cls in mro if behind is None else mro[mro.index(behind) + 1 :]:
            info = ClassInfo(cls)
            if info.generated_init:
                return info
            if "__init__" in vars(cls):
                return None
        return None

    def with_target(self, expr: Expr | None) -> ClassInfo:
        """As it is called in the text, for where one is made again."""
        if self.target is None and isinstance(expr, Ref):
            return replace(self, target=expr.target)
        return self

    @property
    def bases(self) -> tuple[TypeOf, ...]:
        return self.type.__mro__

    def member(self, name: str, behind: TypeOf | None = None) -> Member | None:
        """What the class has under a name; ``behind`` a class of the hierarchy, as ``super()`` looks it up."""
        mro = self.type.__mro__
        if behind is not None:
            mro = mro[mro.index(behind) + 1 :]
        for cls in mro:
            if name in vars(cls):
                return self._member(vars(cls)[name], cls)
        return None

    def has_room(self, name: str) -> bool:
        """May an object have an attribute of that name? Not where ``__slots__`` of all its classes leave it out."""
        own = [cls for cls in self.type.__mro__ if cls is not object]
        if parsed(self.type) is not None or not all("__slots__" in vars(cls) for cls in own):
            return True
        return any(name in slots_of(cls) for cls in own)

    def _member(self, found: object, cls: TypeOf) -> Member:
        owner = ClassInfo(cls)
        if isinstance(found, ParsedMember) and found.form == "constant" and isinstance(found.value, Library):
            if is_inherited(found.value.obj):
                return Member("inherited", None, owner, found.value.obj)
        if isinstance(found, ParsedMember):
            return Member(found.form, found.target, owner, found.reason or found.value)
        if isinstance(found, types.FunctionType):
            return Member("method", user_function(found), owner, found)
        if isinstance(found, property) and isinstance(found.fget, types.FunctionType):
            return Member("property", user_function(found.fget), owner, found)
        if isinstance(found, functools.cached_property) and isinstance(found.func, types.FunctionType):
            return Member("cached", user_function(found.func), owner, found)
        if isinstance(found, functools.partialmethod) and isinstance(found.func, types.FunctionType):
            return Member("partial", user_function(found.func), owner, found)
        if isinstance(found, staticmethod | classmethod):
            form = "static" if isinstance(found, staticmethod) else "class"
            if isinstance(found.__func__, types.FunctionType):
                return Member(form, user_function(found.__func__), owner, found.__func__)
            if (kept := cached_function(found.__func__)) is not None:
                return Member(form, _cached(found.__func__, kept), owner, kept)
        if is_derivative(found) and isinstance(target := live_target("", "", found), UserFunction):
            return Member("method", target, owner, Ref(target.qualname, target))
        if is_inherited(found):
            return Member("inherited", None, owner, found)
        if (kept := cached_function(found)) is not None and hangs_on_arguments_alone(kept):
            return Member("method", _cached(found, kept), owner, kept)
        asked = is_users_class(type(found)) and describes(type(found))
        return Member("descriptor" if asked else "constant", None, owner, found)


def _cached(wrapper: object, kept: types.FunctionType) -> UserFunction | None:
    """The target of what a cached function does, which knows that it is cached."""
    target = user_function(kept)
    return target and replace(target, source=wrapper)


def hangs_on_arguments_alone(method: types.FunctionType) -> bool:
    """Does what a method gives not change by its being kept: does it leave its object alone?"""
    first = method.__code__.co_varnames[:1]
    for one in dis.get_instructions(method):
        named = one.argval if isinstance(one.argval, tuple) else (one.argval,)
        if any(n in first for n in named):
            return False
    return True


def is_passed_on(field: dataclasses.Field[object]) -> bool:
    """Is it an ``InitVar``, which ``__init__`` hands to ``__post_init__`` and does not keep?"""
    return getattr(field, "_field_type", None) is getattr(dataclasses, "_FIELD_INITVAR", field)


def user_function(fn: types.FunctionType) -> UserFunction | None:
    """The target of a function of the user's; None for a function of a library."""
    if is_library(fn.__module__ or ""):
        return None
    code = fn.__code__
    return UserFunction(f"{code.co_filename}:{code.co_firstlineno}:{fn.__module__}#{id(fn)}", fn.__qualname__, fn)


def is_users_class(value: object) -> bool:
    return isinstance(value, type) and not is_library(value.__module__ or "") and value.__module__ != "builtins"


def is_users_object(value: object) -> bool:
    """An instance of a class that is written in Python by the user, with attributes of its own."""
    cls = type(value)
    return is_users_class(cls) and (hasattr(value, "__dict__") or hasattr(cls, "__slots__"))


def attributes_of(value: object) -> dict[str, object]:
    """The attributes that an object itself has."""
    found = dict(getattr(value, "__dict__", {}))
    for cls in type(value).__mro__:
        for name in slots_of(cls):
            if name not in found and hasattr(value, name) and name not in ("__dict__", "__weakref__"):
                found[name] = getattr(value, name)
    return found


def slots_of(cls: TypeOf) -> tuple[str, ...]:
    """The attributes that a class itself names in ``__slots__``."""
    slots = vars(cls).get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def class_of_global(target: Target) -> ClassInfo | None:
    if isinstance(target, Global) and is_users_class(target.value):
        assert isinstance(target.value, type)
        return ClassInfo(target.value, target)
    return None
