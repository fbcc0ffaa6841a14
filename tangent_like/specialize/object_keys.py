"""Objects as members of sets and keys of dicts: by identity, as Python has it where a class says nothing of its own.

    visited = set()                       which objects are there is known where each object is
    if node not in visited:
        visited.add(node)

Frozen dataclasses are found by their fields, where those are known.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field

from tangent_like.ir.nodes import Const
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import UNSET, Class, Handle, Leaf, Seq, Value

UNSAID = "a table of the module by keys that are classes or objects", "use texts as keys"


@dataclass(frozen=True)
class ObjectKey:
    """Two are one where Python would find one by the other."""

    id: object
    handle: Handle = field(compare=False)

    def __repr__(self) -> str:  # in names, and in what is refused
        return "object"


def object_key(s: Spec, value: Value) -> ObjectKey | None:
    """The key that an object is; None for what is no object, or of a class that says itself what is equal."""
    if not isinstance(value, Handle) or s.content(value).form != "object":
        return None
    content = s.content(value)
    cls = content.cls
    if cls is None or content.part is not None or content.row is not None:
        return None
    if cls.is_frozen and cls.compares("==") and plain(cls.type):
        return by_fields(s, value, cls)
    if not is_only_itself(s, value) or special(cls.type, "__hash__") is not object.__hash__:
        return None
    if content.shared:
        raise s.refuse("an identity that only the arguments tell", "pass each object once")
    if content.split:
        s.facts.learn_identity()
    return ObjectKey(value.id, value)


def is_key(s: Spec, value: Handle) -> bool:
    """Is it a key of a dict, or in a set?"""

    def holds(key: object) -> bool:
        return any(map(holds, key)) if isinstance(key, tuple) else isinstance(key, ObjectKey) and key.handle == value

    return any(holds(key) for content in s.state.heap.values() for key, _ in content.items)


def is_only_itself(s: Spec, value: Value) -> bool:
    """Is it an object of a class that does not say what is equal to it?"""
    if not isinstance(value, Handle):
        return False
    cls = s.content(value).cls
    if s.content(value).form != "object" or cls is None or cls.compares("=="):
        return False
    return special(cls.type, "__eq__") is object.__eq__


def special(cls: type, name: str) -> object:
    return getattr(cls, name, None)


def plain(cls: type) -> bool:
    """Is it a class without bases of its own, of which ``dataclass`` wrote how objects are compared?"""
    return cls.__mro__[1:] == (object,)


def by_fields(s: Spec, value: Handle, cls: ClassInfo) -> ObjectKey | None:
    content = s.content(value)
    known: list[object] = []
    for one in dataclasses.fields(cls.type):
        found = content.get(one.name)
        if one.compare is False or one.hash is False:
            return None
        if not isinstance(found, Leaf) or found.known is UNSET:
            return None
        known.append(found.known)
    return ObjectKey((cls.type, *known), value)


def module_key(key: object, table: object) -> object:
    """The key of a dict of the module that is equal to a frozen dataclass made here; others are what they are."""
    if not isinstance(key, ObjectKey | tuple) or type(table) is not dict:
        return key
    return next((k for k in table if is_found_by(key, k)), key)


def is_found_by(key: object, other: object) -> bool:
    if type(key) is tuple and type(other) is tuple and len(key) == len(other):
        return all(map(is_found_by, key, other))
    if not isinstance(key, ObjectKey):
        return key == other
    if not isinstance(key.id, tuple) or not dataclasses.is_dataclass(other) or type(other) is not key.id[0]:
        return False
    return key.id[1:] == tuple(getattr(other, one.name) for one in dataclasses.fields(other))


def is_by_fields(key: object) -> bool:
    """Is it a dataclass, or does it hold one, which one that is made here may be equal to?"""
    if isinstance(key, tuple):
        return any(map(is_by_fields, key))
    return dataclasses.is_dataclass(key) and not isinstance(key, type)


def keys_of(s: Spec, table: Iterable[object]) -> list[Value]:
    """The keys of a dict of the module, for a loop over it."""
    if any(map(is_by_fields, table)):
        raise s.refuse(*UNSAID)
    return [key_value(k) for k in table]


def key_value(key: object) -> Value:
    """What a program gets that goes through the keys."""
    if isinstance(key, tuple) and hasattr(key, "_fields"):
        return Seq(tuple(map(key_value, key)), ClassInfo(type(key)))
    if isinstance(key, tuple) and any(isinstance(k, ObjectKey | tuple) for k in key):
        return Seq(tuple(map(key_value, key)))
    if isinstance(key, type):
        return Class(ClassInfo(key))
    return key.handle if isinstance(key, ObjectKey) else Leaf(Const(key), key)


def is_said(key: object) -> bool:
    """Does its text say the key, wherever it stands? That of a class or of a named tuple does not."""
    if type(key) is tuple:
        return all(map(is_said, key))
    return key is None or type(key) in (bool, int, float, complex, str, bytes)


def has_order(key: object) -> bool:
    """Has Python an order for it in a set that can be relied on? Of objects by identity it has none."""
    return not isinstance(key, type) and (not isinstance(key, ObjectKey) or not isinstance(key.id, int))
