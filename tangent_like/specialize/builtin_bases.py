"""Classes that are dicts or lists: an object holds what its class inherits, and passes on what it does not do itself.

Before                                   After

    class Params(dict):                      p_W = np.outer(x, x)
        def total(self):                     p_b = x
            return sum(self.values())        y = p_W + p_b

    p = Params(W=np.outer(x, x), b=x)
    y = p.total()

The dict or list is an item of the object beside its attributes, under a name that no attribute has. What Python does
to it past the methods of its class (``sum``, ``f(**p)``, ``np.array``) is done to that.
"""

from __future__ import annotations

from tangent_like.frontend.method_calls import BASES
from tangent_like.ir.nodes import Library, Ref
from tangent_like.specialize.classes import ClassInfo, Member
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Content, Handle, Value, none

HELD = ""
ATTRIBUTES = "__dict__"
GONE_THROUGH = ("__iter__", "__len__", "keys", "items", "values", "__reversed__")


def base_of(info: ClassInfo | None) -> type | None:
    """The class of Python's whose objects hold items, of which this one is a subclass; None where there is none."""
    if info is None:
        return None
    found = next((base for base in info.type.__mro__ if base in BASES), None)
    return found if found is not info.type else None


def items_in(s: Spec, value: Value) -> Value | None:
    """The dict or list that an object is by its class."""
    if not isinstance(value, Handle) or s.content(value).form != "object":
        return None
    return s.content(value).get(HELD)


def as_held(s: Spec, value: Value, *names: str) -> Value:
    """The dict or list that an object is, where its class says nothing of its own of what these methods do."""
    found = items_in(s, value)
    if found is None or not isinstance(value, Handle) or not inherits(s.content(value).cls, *names):
        return value
    return found


def inherits(info: ClassInfo | None, *names: str) -> bool:
    """Does a class leave these methods to the class of Python's behind it?"""
    members = () if info is None else map(info.member, names)
    return all(m is None or m.form == "inherited" or m.owner.type is object for m in members)


def gone_through(s: Spec, value: Value) -> Value:
    """What Python goes through where it is given an object that is a dict or a list."""
    return as_held(s, value, *GONE_THROUGH)


def of_subclass(s: Spec, cls: ClassInfo, inside: Handle, hint: str) -> Handle:
    """An argument whose class is a subclass of dict or list: the object that holds ``inside``."""
    return s.allocate(Content("object", ((HELD, inside),), cls, hint, None, True))


def alone(s: Spec, value: Handle) -> Handle | None:
    """The dict or list that an object holds, if it has nothing besides."""
    found = items_in(s, value)
    if found is None:
        return None
    content = s.content(value)
    base = base_of(content.cls)
    if not isinstance(found, Handle) or base not in (dict, list) or len(content.items) > 1:
        raise s.refuse("a result that is an object of this kind", "return what is in it")
    return found


def passed_on(member: Member) -> Ref:
    """A method of Python's own, as it is called by its name: ``dict.__getitem__``."""
    owner: type = member.value.__objclass__  # type: ignore[attr-defined]
    name = f"{owner.__name__}.{member.value.__name__}"  # type: ignore[attr-defined]
    return Ref(name, Library(owner.__module__, name, member.value))


def items_are_attributes(s: Spec, value: Handle) -> Handle | None:
    """The dict of an object that has said ``self.__dict__ = self``."""
    content = s.content(value)
    found = content.get(HELD) if content.get(ATTRIBUTES) is not None else None
    return found if isinstance(found, Handle) else None


def joins(s: Spec, value: Value, name: str, new: Value) -> bool:
    """``self.__dict__ = self``, from which on the items of the dict are the attributes."""
    if name != ATTRIBUTES or not isinstance(value, Handle) or new != value:
        return False
    if not isinstance(items_in(s, value), Handle):
        return False
    s.state.put(value, ATTRIBUTES, none())
    return True


