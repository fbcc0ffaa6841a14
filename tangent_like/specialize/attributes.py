"""Attributes of objects, read: their own, and what their classes say of them."""

from __future__ import annotations

import enum
import functools
import sys
import types
from dataclasses import replace

from tangent_like.frontend.method_calls import BASES
from tangent_like.frontend.parsed import Decorated, parsed
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Attribute,
    Call,
    Const,
    Expr,
    Global,
    Index,
    Library,
    Name,
    Ref,
    UserFunction,
)
from tangent_like.kinds.kind import Sequence, dims_of
from tangent_like.kinds.structure import children_of
from tangent_like.specialize import (
    assume,
    containers,
    library_objects,
    modules,
    object_numbers,
    outside,
    slice_parts,
    sparse,
)
from tangent_like.specialize.builtin_bases import ATTRIBUTES, items_are_attributes, items_in, passed_on
from tangent_like.specialize.classes import (
    ClassInfo,
    Member,
    attributes_of,
    is_users_class,
    is_users_object,
)
from tangent_like.specialize.decorated import applied
from tangent_like.specialize.either import by_options
from tangent_like.specialize.of_classes import watch_code, watch_lookup
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.taken_methods import METHOD, method_of
from tangent_like.specialize.turns import readable
from tangent_like.specialize.values import (
    UNSET,
    Bound,
    Class,
    Content,
    Either,
    Endless,
    Fn,
    Handle,
    Kept,
    Lazy,
    Leaf,
    Longest,
    Maybe,
    Mixed,
    Outer,
    Partial,
    Seq,
    Super,
    Value,
    is_used_up,
    target_value,
)

NOTHING = Ref("nothing", Library("tangent_like", "nothing", None))  # what ``object.__init__`` does
FILL = Ref("fill", Library("tangent_like", "fill", None))  # what an ``__init__`` that ``dataclass`` wrote does
MADE = Ref("made", Library("tangent_like", "made", None))  # what ``Point._make`` is
TABLE = Ref("attributes", Library("tangent_like", "attributes", None))  # what ``self.__dict__`` is
TABLE_METHOD = Ref("attribute_method", Library("tangent_like", "attribute_method", None))
OF_EVERY_OBJECT = ("__new__", "__setattr__", "__getattribute__")  # what ``super()`` gives of these, ``object`` has
OF_OBJECT = {"__dict__": TABLE, "__getattribute__": builtin_ref("getattr"), "__setattr__": builtin_ref("setattr")}
METHODS = {
    "list": ("append", "extend", "pop", "index", "count"),
    "table": ("get", "setdefault", "items", "keys", "values"),
    "dict": ("get", "pop", "setdefault", "update", "items", "keys", "values"),
}


def class_of(s: Spec, value: Value) -> ClassInfo | None:
    match value:
        case Handle():
            return s.content(value).cls
        case Seq(cls=cls):
            return cls
        case Outer(value=found) if is_users_object(found):
            return ClassInfo(type(found))
        case _:
            return None


def named(s: Spec, value: Leaf) -> Value:
    """What is a named tuple of the core, as such: its items have names."""
    kind = s.kind(value.expr)
    if not isinstance(kind, Sequence) or kind.of is None:
        return value
    return in_places(value.expr, kind)


def in_places(base: Expr, kind: Sequence) -> Seq:
    """The items of a tuple of the core, each by its number."""
    return Seq(tuple(Leaf(Index(base, Const(k))) for k in range(len(kind.items))), class_of_tuple(kind))


def class_of_tuple(kind: Sequence) -> ClassInfo | None:
    return None if kind.of is None else ClassInfo(kind.of)


def get(s: Spec, value: Value, name: str, expr: Attribute) -> Value:
    """``value.name``."""
    at = expr.at
    value = named(s, value) if isinstance(value, Leaf) else value.items if isinstance(value, Maybe) else value
    value = sparse.receiver(s, value, name)
    if (part_ := slice_parts.part_of(value, name)) is not None:
        return part_
    match value:
        case Either():
            return by_options(s, value, lambda v: get(s, v, name, expr), name, name)
        case Leaf(Ref()) if (written := outside.got(s, value, None, name)) is not None:
            return written
        case Leaf(Ref()) if (of_module := modules.member(value, name, at)) is not None:
            return of_module
        case Leaf(Ref()) if (of_held := library_objects.method_of(value, name, at)) is not None:
            return of_held
        case Leaf(known=Longest() | Endless() as kept) if name == "maxlen":
            most = kept.items if isinstance(kept, Longest) else None
            return Leaf(Name(most)) if isinstance(most, str) else Leaf(Const(most), most)
        case Leaf(found, part=part):
            if part is not None and name not in assume.ARRAY_ATTRIBUTES:
                assume.learn(s, part, "object", name)
            if (method := method_of(s, value, name)) is not None:
                return method
            if name == "flat":  # what is taken of it is new memory
                return Leaf(s.flats.add(Call(Attribute(found, "flatten", at), (), (), at)))
            axes = dims_of(s.kind(found)) if name == "ndim" else None
            known: object = UNSET if axes is None else len(axes)
            return Leaf(expr if found is expr.value else Attribute(found, name, at), known)
        case Handle() if s.content(value).form == "object":
            item = s.content(items_are_attributes(s, value) or value).get(name)
            if name in s.deleted and name in s.content(value).sometimes:
                raise s.refuse(f"the attribute {name!r}, which some paths delete,", "set it to None", at)
            if item is not None and not _comes_first(s, value, name):
                if isinstance(item, Lazy) and item.form == object_numbers.REFERENCE:
                    return object_numbers.referred(s, value, name, item)
                if is_used_up(item):
                    s.state.put(value, name, Mixed(f"the iterator {name!r}, read again once it may be used up,"))
                return readable(s, item, at)
            if name == ATTRIBUTES and items_in(s, value) is not None:
                if items_are_attributes(s, value) is None:
                    raise s.refuse("__dict__ of an object that is a dict or a list", "name the attributes", at)
                return value
            if name in OF_OBJECT and name not in own_members(class_of(s, value)):
                return Partial(Leaf(OF_OBJECT[name]), (value,), ())
        case Handle() if name == "maxlen" and s.content(value).made_as == "deque":
            return Leaf(Const(s.content(value).longest), s.content(value).longest)
        case Handle() if name in METHODS.get(s.content(value).form, ()):
            return Partial(Leaf(METHOD), (value, Leaf(Const(name), name)), ())
        case Seq(items, cls) if cls is not None and name in cls.fields:
            return items[cls.fields.index(name)]
        case Kept():
            return Partial(Leaf(METHOD), (value, Leaf(Const(name), name)), ())
        case Outer(value=enum.Enum() as found) if name in ("value", "name"):
            plain = getattr(found, name)
            if isinstance(plain, int | float | str | bool | None):
                return Leaf(Const(plain), plain)
            return containers.outer_child(s, value, ("attribute", name), plain)
        case Outer(value=tuple() as found) if name in getattr(found, "_fields", ()) or (
            name in ("_replace", "_asdict") and not ClassInfo(type(found)).says(name)
        ):
            return containers.outer_child(s, value, ("attribute", name), getattr(found, name))
        case Outer(value=found):
            first = is_users_object(found) and _comes_first(s, value, name)
            # one that only the class has, too: what is written is the object's own from there on
            if not first and (written := outside.got(s, value, None, name)) is not None:
                return written
            if (name in attributes_of(found) and not first) or not is_users_object(found):
                if not hasattr(found, name):
                    raise s.refuse(f"the attribute {name!r}, which is not there,", "", at)
                return containers.outer_child(s, value, ("attribute", name), getattr(found, name))
        case Super(cls, receiver):
            member = _behind(s, cls, receiver, name)
            if name == "__init__" and (generating := _generating(s, cls, receiver)) is not None:
                return Partial(Leaf(FILL), (Class(generating), receiver), ())
            if name == "__init__" and (member is None or member.owner.type is object):
                return Leaf(NOTHING)
            if name in OF_EVERY_OBJECT and (member is None or not member.can_be_called):
                return of_object(name) if name == "__new__" else Partial(of_object(name), (receiver,), ())
            if member is None:
                raise s.refuse(f"super().{name}, which is not there,", "", at)
            return from_member(s, member, receiver, name, expr)
        case Class(info):
            if (written := outside.got(s, value, class_expr(s, value), name)) is not None:
                return written
            member = info.member(name)
            if name == "__name__":
                return Leaf(Const(info.name), info.name)
            if name == "__init__" and (generating := info.generating()) is not None:
                return Partial(Leaf(FILL), (Class(generating),), ())
            if name == "__new__" and member is not None and member.owner.type in (object, *BASES):
                return of_object(name)
            if info.is_named_tuple and name in ("_make", "_fields"):
                fields = Seq(tuple(Leaf(Const(f), f) for f in info.fields))
                return fields if name == "_fields" else Partial(Leaf(MADE), (value,), ())
            if member is not None:
                return class_member(s, member, value, name, expr)
        case Bound(Fn() as method) if name == "__name__":
            return get(s, method, name, expr)
        case Fn() if name == "__name__":
            return Leaf(Const(value.name), value.name)
        case Partial(function, args, _) if name in ("func", "args"):
            return function if name == "func" else Seq(args)
        case Partial(Leaf(Ref() as of), (held,)) if of is TABLE:
            return Partial(Leaf(TABLE_METHOD), (held, Leaf(Const(name), name)), ())
        case Partial() if (of_library := library_objects.member(s, value, name, expr)) is not None:
            return of_library
        case _:
            pass
    cls_ = class_of(s, value)
    if name == "__class__" and cls_ is not None:
        return Class(cls_)
    member = None if cls_ is None else cls_.member(name)
    asked = None if member is not None or cls_ is None else cls_.member("__getattr__")
    if asked is not None and asked.can_be_called:
        return s.call(Bound(Method(s, asked), value), [Leaf(Const(name), name)], [], expr)
    if member is None:
        part = s.content(value).part if isinstance(value, Handle) else None
        if part is not None:
            assume.learn(s, part, "object", name)
        what = f"an object of class {cls_.name}" if cls_ is not None else "this"
        raise s.refuse(f"the attribute {name!r} of {what}, which is not there,", "", at)
    return from_member(s, member, value, name, expr)


def of_object(name: str) -> Leaf:
    """``object.__new__``, say, which classes of the user's inherit."""
    return Leaf(Ref(name, Library("builtins", f"object.{name}", getattr(object, name))))


def own_setattr(cls: ClassInfo | None) -> Member | None:
    """What a class of the user's does where an attribute is set."""
    member = None if cls is None or cls.is_frozen else cls.member("__setattr__")
    return member if member is not None and member.can_be_called else None


def _comes_first(s: Spec, value: Value, name: str) -> bool:
    cls = class_of(s, value)
    member = None if cls is None else cls.member(name)
    return member is not None and member.comes_first


def _behind(s: Spec, cls: ClassInfo, receiver: Value, name: str) -> Member | None:
    own = class_of(s, receiver) or (receiver.info if isinstance(receiver, Class) else None)
    return None if own is None else own.member(name, cls.type)


def _generating(s: Spec, cls: ClassInfo, receiver: Value) -> ClassInfo | None:
    """The class behind ``cls`` whose ``__init__`` is the next, if ``dataclass`` wrote that."""
    own = class_of(s, receiver)
    return None if own is None else own.generating(cls.type)


def from_member(s: Spec, member: Member, receiver: Value, name: str, expr: Expr) -> Value:
    """What an instance gives for something that its class has."""
    watch_lookup(s, receiver, name)
    at = getattr(expr, "at", None)
    refuse_overwritten(s, member.owner, at)
    if member.form == "inherited":
        return Partial(Leaf(passed_on(member)), (receiver,), ())
    if member.form in ("method", "property"):
        if member.target is None:
            raise s.refuse(f"the method {name!r}, whose source is not the user's,", "", at)
        bound = Bound(Method(s, member), receiver)
        return bound if member.form == "method" else s.call(bound, [], [], expr)
    if member.form == "cached":
        return cached(s, member, receiver, name, expr)
    if member.form == "partial":
        return with_given(s, member, receiver, name, at)
    if member.form == "class":
        return Bound(Method(s, member), Class(class_of(s, receiver) or member.owner))
    if member.form == "static":
        return Method(s, member)
    if member.form == "refused":
        raise s.refuse(str(member.value), "", at)
    if member.form == "descriptor":
        return described(s, member, receiver, name, expr, "__get__", Class(class_of(s, receiver) or member.owner))
    part = s.content(receiver).part if isinstance(receiver, Handle) else None
    if part is not None and isinstance(member.value, int | float | str | bool | None):
        place = f"{assume.shown(part)}.{name}"  # the class has it, unless the object has one of its own
        s.conditions.append((f"{place} != {member.value!r}", f"this derivative is for {place} == {member.value!r}"))
    return constant(s, member, receiver, name, expr)


def cached(s: Spec, member: Member, receiver: Value, name: str, expr: Expr) -> Value:
    """A ``cached_property``: computed when it is first read, an attribute from then on."""
    if member.target is None or not isinstance(receiver, Handle):
        raise s.refuse(f"the cached property {name!r} here", "make it a property", getattr(expr, "at", None))
    found = s.settled(s.call(Bound(Method(s, member), receiver), [], [], expr), name)
    s.state.put(receiver, name, found)
    return found


def described(
    s: Spec, member: Member, receiver: Value, name: str, expr: Expr, asked: str, more: Value
) -> Value:
    """What a descriptor of the user's says: ``__get__`` with the class, ``__set__`` with what is assigned."""
    found = ClassInfo(type(member.value)).member(asked)
    if found is None or found.target is None:
        raise s.refuse(f"the descriptor {name!r}, without {asked},", "", getattr(expr, "at", None))
    holder = constant(s, member, receiver, name, expr)
    return s.call(Bound(Method(s, found), holder), [receiver, more], [], expr)


def with_given(s: Spec, member: Member, receiver: Value, name: str, at: tuple[int, int] | None) -> Value:
    """A ``functools.partialmethod``: the method with some of its arguments."""
    found = member.value
    assert isinstance(found, functools.partialmethod)
    given = (*found.args, *found.keywords.values())
    if not all(v is None or type(v) in (bool, int, float, str) for v in given):
        raise s.refuse(f"the method {name!r}, with arguments that are not written out,", "write the method", at)
    args = tuple(Leaf(Const(v), v) for v in found.args)
    keywords = tuple((n, Leaf(Const(v), v)) for n, v in found.keywords.items())
    return Partial(Bound(Method(s, replace(member, value=found.func)), receiver), args, keywords)


def refuse_overwritten(s: Spec, owner: ClassInfo, at: tuple[int, int] | None) -> None:
    """A class that the file changes once it is made is not what its definition says."""
    found = parsed(owner.type)
    if found is None or found.scope is None:
        return
    if (found.scope.file, found.qualname.partition(".")[0]) in found.scope.overwritten():
        raise s.refuse(f"the class {owner.name}, which the file changes,", "define it in one place", at)


def class_member(s: Spec, member: Member, cls: Class, name: str, expr: Expr) -> Value:
    watch_lookup(s, cls, name)
    refuse_overwritten(s, member.owner, getattr(expr, "at", None))
    if member.form == "class":
        return Bound(Method(s, member), cls)
    if member.form in ("method", "static", "inherited"):
        return Method(s, member)
    if member.form == "refused":
        raise s.refuse(str(member.value), "", getattr(expr, "at", None))
    if member.form == "descriptor":
        raise s.refuse(f"the descriptor {name!r}, read from its class,", "", getattr(expr, "at", None))
    return constant(s, member, cls, name, expr)


def Method(s: Spec, member: Member) -> Value:  # noqa: N802 - it makes a value
    """A function of a class, which knows the class for ``super()``."""
    if member.form == "inherited":
        return Leaf(passed_on(member))
    if member.target is None:
        raise s.refuse("a method whose source is not the user's")
    if isinstance(member.value, Fn | Ref):  # of a class inside a function; a derivative
        return replace(member.value, cls=member.owner) if isinstance(member.value, Fn) else Leaf(member.value)
    ruled = s.library.ruled(member.target)
    if ruled is not member.target:  # called by the name of its class: its text is the rule's
        cls = class_expr(s, Class(member.owner))
        if not isinstance(cls, Ref):
            raise s.refuse(f"{member.target.qualname}, which has a rule of its own, here", "define it in a module")
        return Leaf(Ref(f"{cls.spelling}.{member.target.qualname.rpartition('.')[2]}", ruled, None, cls.target))
    watch_code(s, member)
    function = s.library.read(member.target, s.place())
    made = Fn(function, None, (), function.origin.file, member.owner, member.target)
    return applied(s, member.value, made) if isinstance(member.value, Decorated) else made


def constant(s: Spec, member: Member, holder: Value, name: str, expr: Expr) -> Value:
    """A value that a class has: a number is written out, structure is read where it stands."""
    owner, value = member.owner.type, member.value
    if (written := outside.got(s, Class(member.owner), class_expr(s, Class(member.owner)), name)) is not None:
        return written
    if isinstance(value, Leaf | Seq | Class | Outer | Fn | Partial):  # of a class inside a function
        return value
    if isinstance(value, enum.Enum):
        return Outer(expr, value, lambda: vars(owner).get(name))
    if parsed(owner) is not None and isinstance(value, UserFunction | Library):
        return target_value(value)
    if isinstance(value, int | float | str | bool | None) and not hasattr(value, "dtype"):
        s.reads.append((lambda: vars(owner).get(name), value))
        return Leaf(Const(value), value if not isinstance(value, float) else UNSET)
    if isinstance(holder, Outer):
        return containers.outer_child(s, holder, ("attribute", name), value)
    cls = class_expr(s, holder)
    if cls is None:
        hint = "read it as an attribute of the class"
        raise s.refuse(f"the class attribute {name!r}", hint, getattr(expr, "at", None))
    if is_users_class(value):
        return Class(ClassInfo(value), Attribute(cls, name))  # type: ignore[arg-type]
    if children_of(value) is not None or callable(value):
        place = Attribute(cls, name)
        return s.tools.kept(s, place, value) or Outer(place, value, lambda: vars(owner).get(name), True)
    return Leaf(Attribute(cls, name))


def class_expr(s: Spec, value: Value) -> Expr | None:
    """How the class of a value is called in the text; None for one that has no place in a module."""
    if isinstance(value, Class) and value.expr is not None:
        return value.expr
    info = value.info if isinstance(value, Class) else class_of(s, value)
    if info is None:
        return None
    target = info.target or live_class(info.type)
    return None if target is None else Ref(info.name, target)


def live_class(cls: type) -> Global | None:
    """A class by its module, where it stands in one under its name."""
    module = sys.modules.get(cls.__module__)
    if getattr(module, cls.__name__, None) is not cls:
        return None
    return Global(cls.__module__, cls.__name__, cls, None, lambda: getattr(module, cls.__name__, None))


PLAIN = (object, types.SimpleNamespace)  # what sets their attributes does nothing else


def own_members(cls: ClassInfo | None) -> set[str]:
    """Without ``__dict__``, where attributes are kept, which Python gives each class."""
    bases = () if cls is None else cls.bases
    return {name for c in bases if c not in PLAIN for name in vars(c)} - {"__dict__"}


def get_call(
    s: Spec, value: Value, args: list[Value], keywords: list[tuple[str, Value]], expr: Expr | None
) -> Value:
    """A call of an object: its ``__call__``."""
    cls = class_of(s, value)
    member = None if cls is None else cls.member("__call__")
    if member is None or member.target is None:
        raise s.refuse("a call of this", "call a function by its name", getattr(expr, "at", None))
    return s.call(Bound(Method(s, member), value), args, keywords, expr)


def is_callable_leaf(value: Leaf) -> bool:
    """A function of a library or of the user's at the top of a module."""
    return isinstance(value.expr, Ref) and not isinstance(value.expr.target, Global)


def has(s: Spec, value: Value, name: str) -> bool:
    known = s.content(value).form == "object" if isinstance(value, Handle) else False
    if isinstance(value, Handle) and known and s.content(items_are_attributes(s, value) or value).get(name) is not None:
        if name in s.content(value).sometimes or isinstance(s.content(value).get(name), Mixed):
            raise s.refuse(f"the attribute {name!r}, which only some paths set,")
        return True
    if isinstance(value, Outer):
        return hasattr(value.value, name)
    if isinstance(value, Class):
        return hasattr(value.info.type, name)
    cls = class_of(s, value)
    if cls is not None and name in (cls.fields if cls.is_named_tuple else ()):
        return True
    found = cls is not None and cls.member(name) is not None
    if not found and cls is not None and cls.member("__getattr__") is not None:
        raise s.refuse(f"whether there is an attribute {name!r}, which {cls.name}.__getattr__ is asked,")
    return found


def by_name(s: Spec, value: Value, name: str, expr: Expr | None) -> Value:
    """``getattr(value, name)``."""
    holder = value.expr if isinstance(value, Leaf | Outer) else Const(None)
    at = getattr(expr, "at", None)
    return get(s, value, name, Attribute(holder, name, at))


def as_number(s: Spec, value: Handle) -> Value | None:
    """An object where a number or an array is needed: what ``__array__`` or ``__float__`` would give."""
    if sparse.is_held(value, s):
        return sparse.matrix_of(s, value)
    cls = s.content(value).cls
    for name in ("__array__", "__float__"):
        member = None if cls is None else cls.member(name)
        if member is not None and member.target is not None:
            return s.call(Bound(Method(s, member), value), [])
    return None


def new_object(s: Spec, cls: ClassInfo, hint: str) -> Handle:
    return s.allocate(Content("object", (), cls, hint or cls.name.lower()))


def no_value(s: Spec, cls: ClassInfo | None, at: tuple[int, int] | None) -> Exception:
    """The refusal of an object where one value is asked for: of a function that is not read, say."""
    hint = "pass the numbers and arrays that it has, each for itself"
    return s.refuse(f"an object of class {'?' if cls is None else cls.name} used here", hint, at)
