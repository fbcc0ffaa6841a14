"""Objects whose attributes nothing writes once they are made: a name more for one may as well be a copy of it.

Before                                           After

    best = Point(a, b)                               best_u, best_v = a, b
    for e in x:                                      for e in x:
        new = Point(best.u * e, best.v)                  new_u, new_v = best_u * e, best_v
        if new.u > best.u:                               if new_u > best_u:
            best = new                                       best_u, best_v = new_u, new_v

Not where the program asks which object it is, by ``is``.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Content, Handle, Leaf, Outer, Seq, Value


def is_unwritten(s: Spec, value: Value, heap: Mapping[int, Content]) -> bool:
    """Is it such an object, and all that it holds? A write that is met later begins the attempt again."""
    match value:
        case Leaf() | Outer():
            return True
        case Seq(items):
            return all(is_unwritten(s, v, heap) for v in items)
        case Handle(id) if id in heap and id not in s.constructing:
            content = heap[id]
            if content.form != "object" or content.cls is None or content.shared or content.part is not None:
                return False
            if s.facts.identity:
                return False
            return all(k not in s.facts.written and is_unwritten(s, v, heap) for k, v in content.items)
        case _:
            return False


def by_identity(s: Spec, *values: Handle) -> bool:
    """Are two objects equal only if they are one?"""
    for value in values:
        content = s.content(value)
        if content.form != "object" or content.cls is None or content.part is not None:
            return False
        if content.shared or content.split or content.row is not None:
            return False
        member = content.cls.member("__eq__")
        if content.cls.is_dataclass or member is None or member.owner.type is not object:
            return False
    return True
