"""Named tuples whose class says what their operators mean: they are asked before the tuples that they are.

Before                                   After

    class Vec(NamedTuple):
        x: float
        y: float

        def __add__(self, other):
            return Vec(self.x + other.x, self.y + other.y)

    v = Vec(a, b) + Vec(b, a)                v_x = a + b
                                             v_y = b + a
"""

from __future__ import annotations

from tangent_like.specialize.attributes import OPERATORS
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Seq, Value

# What is asked of a tuple everywhere as of the items that it has.
OF_TUPLES = ("__len__", "__iter__", "__getitem__", "__contains__", "__bool__", "__getattribute__")


def by_its_class(op: str, left: Value, right: Value) -> bool:
    """Does the class of a named tuple define the operator, where Python asks it before it asks a tuple?"""
    forward, backward = OPERATORS.get(op, ("", ""))
    one, two = (v.cls if isinstance(v, Seq) else None for v in (left, right))
    if isinstance(left, Seq) and defines(one, forward):
        return True
    if not isinstance(left, Seq) or not defines(two, backward):
        return False
    assert two is not None
    return one is None or (one.type is not two.type and issubclass(two.type, one.type))


def defines(info: ClassInfo | None, name: str) -> bool:
    member = None if info is None or not name else info.member(name)
    return member is not None and member.target is not None


def held_to(s: Spec, info: ClassInfo, at: tuple[int, int] | None = None) -> ClassInfo:
    """Not a class that says otherwise what its items are, how many, or whether there are any."""
    for name in OF_TUPLES:
        if defines(info, name):
            raise s.refuse(f"{info.name}, a named tuple with a {name} of its own,", "name it otherwise", at)
    return info
