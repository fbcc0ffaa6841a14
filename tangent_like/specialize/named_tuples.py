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

from tangent_like.ir.nodes import Expr
from tangent_like.specialize import attributes, operators
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Leaf, Seq, Value

# What is asked of a tuple everywhere as of the items that it has.
OF_TUPLES = ("__len__", "__iter__", "__getitem__", "__contains__", "__bool__", "__getattribute__")


def by_its_class(s: Spec, op: str, left: Value, right: Value, expr: Expr) -> Value | None:
    """What the class of a named tuple says of the operator, where Python asks it before it asks a tuple."""
    one, two = (attributes.named(s, v) if isinstance(v, Leaf) else v for v in (left, right))
    return operators.binary(s, op, one, two, expr) if _defined(op, one, two) else None


def _defined(op: str, left: Value, right: Value) -> bool:
    forward, backward = operators.OPERATORS.get(op, ("", ""))
    one, two = (v.cls if isinstance(v, Seq) else None for v in (left, right))
    if isinstance(left, Seq) and operators.own_method(one, forward):
        return True
    if two is None or not operators.own_method(two, backward):
        return False
    if not isinstance(left, Seq):
        return True
    return one is None or (one.type is not two.type and issubclass(two.type, one.type))


def held_to(s: Spec, info: ClassInfo, at: tuple[int, int] | None = None) -> ClassInfo:
    """Not a class that says otherwise what its items are, how many, or whether there are any."""
    for name in OF_TUPLES:
        if operators.own_method(info, name):
            raise s.refuse(f"{info.name}, a named tuple with a {name} of its own,", "name it otherwise", at)
    return info
