"""What a class inherits from ``dict`` or ``list``, asked of the dict or list that its object holds.

    super().__setitem__(key, value)          dict.__getitem__(self, name)          self.append(v)

Python does these past the methods of the class: ``update`` asks no ``__setitem__`` of the user's.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict

from tangent_like.frontend.method_calls import is_inherited
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Attribute, Call, Compare, Const, Expr, Index, Library, Ref
from tangent_like.kinds.kind import is_list
from tangent_like.specialize import attributes, collected, conditions, containers, methods, outers, protocols, written
from tangent_like.specialize.builtin_bases import HELD, gone_through, items_in
from tangent_like.specialize.keyed import by_key
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.turns import readable
from tangent_like.specialize.values import Bound, Handle, Kept, Keywords, Lazy, Leaf, Outer, Value, none

IN_PLACE = {"__iadd__": "+", "__imul__": "*", "__ior__": "|"}
BINARY = {"__add__": "+", "__mul__": "*", "__or__": "|"}
GOES_THROUGH = (*IN_PLACE, *BINARY, "__ror__", "__eq__", "__ne__", "update", "extend")  # what they are given
REFLECTED = {"__rmul__": "*", "__ror__": "|"}


def call(s: Spec, obj: object, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``dict.__getitem__(p, key)``, of an object that is a dict or of a dict itself; None where it is neither."""
    if not args or not is_inherited(obj):
        return None
    name, owner = obj.__name__, obj.__objclass__  # type: ignore[attr-defined]
    at = getattr(expr, "at", None)
    whole, rest = args[0], [gone_through(s, a) if name in GOES_THROUGH else a for a in args[1:]]
    value = items_in(s, whole)
    cls = attributes.class_of(s, whole)
    if value is None:
        if isinstance(whole, Handle) and s.content(whole).form == "object":
            named = "?" if cls is None else cls.name
            what = f"an object of {named}, of which only the attributes are known,"
            raise s.refuse(what, f"pass {owner.__name__}(...) of it", at)
        value = whole
    if name == "__init__":
        return begun(s, whole, value, owner, args[1:], keywords, expr, hint)
    if name in IN_PLACE and rest:
        if isinstance(value, Leaf) and name == "__iadd__":
            methods.of_core_list(s, value, "extend", rest, [], expr or Const(None))
        elif written.extend_in_place(s, value, IN_PLACE[name], rest[0]) is None:
            raise s.refuse(f"{IN_PLACE[name]}= of this", "write it out", at)
        return whole
    if name in BINARY or name in REFLECTED:
        pair = (value, rest[0]) if name in BINARY else (rest[0], value)
        return s.tools.binary(s, BINARY.get(name) or REFLECTED[name], *pair, expr or Const(None))
    place = Index(Const(None), Const(None), at)
    match name:
        case "__getitem__":
            return missing(s, whole, value, rest[0], expr) or item(s, value, rest[0], expr)
        case "__setitem__":
            written.store(s, value, rest[0], "", rest[1], place)
            return none()
        case "__delitem__":
            plain(s, value, "pop", rest, [], expr)
            return none()
        case "__len__":
            return s.call(Leaf(builtin_ref("len")), [value], [], expr)
        case "__iter__":
            return value if isinstance(value, Outer) else protocols.iterable(s, value, expr)
        case "__reversed__":
            return Lazy("reversed", (value,))
        case "__contains__":
            return compared(s, "in", rest[0], value, at)
        case "__eq__" | "__ne__":
            return compared(s, "==" if name == "__eq__" else "!=", value, rest[0], at)
        case _ if name.startswith("__") or (name == "copy" and owner in (OrderedDict, defaultdict)):
            named = owner.__name__ if cls is None else cls.name
            hint = "write the method out in the class"
            raise s.refuse(f"{name} of {named}, which {owner.__name__} has,", hint, at)
        case _:
            return plain(s, value, name, rest, keywords, expr)


def compared(s: Spec, op: str, left: Value, right: Value, at: tuple[int, int] | None) -> Value:
    return conditions.compared_values(s, Compare(Const(None), (op,), (Const(None),), at), [left, right])


def plain(s: Spec, value: Value, name: str, args: list[Value], keywords: Keywords, expr: Expr | None) -> Value:
    """A method of the list or dict that is held, by its name."""
    at = getattr(expr, "at", None)
    if isinstance(value, Leaf) and is_list(s.kind(value.expr)):
        found = methods.of_core_list(s, value, name, args, keywords, expr or Const(None))
        given = () if found is not None else tuple(map(s.materialize, args))
        return found or Leaf(Call(Attribute(value.expr, name, at), given))
    if isinstance(value, Handle):
        return methods.method(s, value, name, args, keywords, expr)
    if isinstance(value, Outer | Kept):
        return outers.method(s, value, name, args, expr, keywords)
    return s.call(attributes.get(s, value, name, Attribute(Const(None), name, at)), args, keywords, expr)


def item(s: Spec, value: Value, index: Value, expr: Expr | None) -> Value:
    if isinstance(value, Leaf):
        return Leaf(Index(value.expr, s.materialize(index), getattr(expr, "at", None)))
    found = by_key(s, value, index, lambda key: item(s, value, key, expr), "item", None, expr)
    found = containers.item(s, value, index, expr) if found is None else found
    assert found is not None
    return readable(s, found, getattr(expr, "at", None))


def missing(s: Spec, whole: Value, value: Value, index: Value, expr: Expr | None) -> Value | None:
    """What a subclass of ``dict`` says by ``__missing__`` of a key that it has not."""
    cls = attributes.class_of(s, whole)
    member = None if cls is None or whole is value else cls.member("__missing__")
    if member is None or not member.can_be_called or member.form == "inherited":
        return None
    key = containers.constant_key(s, index)
    if key is containers.MISSING or not isinstance(value, Handle) or s.content(value).form != "dict":
        raise s.refuse("a key that only the run tells, of a class with __missing__", "use constant keys")
    if containers.certain(s, value).get(key) is not None:
        return None
    return s.call(Bound(attributes.Method(s, member), whole), [index], [], expr)


def begun(
    s: Spec, whole: Value, value: Value, owner: type, args: list[Value], keywords: Keywords, expr: Expr | None, of: str
) -> Value:
    """``super().__init__(...)``: what the object holds from now on."""
    if not isinstance(whole, Handle):
        raise s.refuse(f"{owner.__name__}.__init__ of this", "", getattr(expr, "at", None))
    if not args and not keywords:
        return none()
    if isinstance(value, Handle) and s.content(value).form == "dict" and s.content(value).items:
        methods.method(s, value, "update", args, keywords, expr)
        return none()
    if owner is defaultdict:
        made = collected.default_dict(s, args, keywords, expr, of)
    else:
        given = [protocols.iterable(s, a, expr) if owner is list else gone_through(s, a) for a in args]
        maker = Leaf(builtin_ref("list" if owner is list else "dict"))
        made = s.call(maker, given, keywords, expr, s.content(whole).hint)
    assert made is not None
    containers.put(s, whole, HELD, made)
    return none()


KEPT = frozenset(
    f"builtins.{name}"
    for name in (
        "isinstance", "issubclass", "type", "id", "hasattr", "getattr", "setattr", "delattr", "callable", "str", "repr",
        "print", "format", "vars", "dir", "hash", "abs", "round", "int", "float", "len", "iter", "next", "bool",
    )
)  # fmt: skip
OF_OBJECTS = ("tangent_like", "copy", "dataclasses", "functools", "operator", "enum")


def as_python_sees(s: Spec, ref: Ref, args: list[Value]) -> list[Value]:
    """The arguments of a function of a library, which goes through a dict or a list of the user's as through any."""
    of = ref.target
    if not isinstance(of, Library) or of.module in OF_OBJECTS or is_inherited(of.obj):
        return args
    if f"{of.module}.{of.qualname}" in KEPT or of.qualname.startswith("object."):
        return args
    return [gone_through(s, a) for a in args]
