"""What an object begins with: the attributes of its class, where it has none of its own yet.

    class Filter:
        last = None

        def feed(self, x):
            y = x if self.last is None else 0.5 * (x + self.last)
            self.last = y                    # from here on it has its own
            return y
"""

from __future__ import annotations

from tangent_like.ir.nodes import Const
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import UNSET, Content, Leaf, Value


def of_class(s: Spec, content: Content, key: object) -> Value | None:
    """What an object that has not set the attribute has of its class: a number, a text, None; else None itself."""
    member = None if content.cls is None or content.form != "object" else content.cls.member(str(key))
    if member is None or member.form != "constant":
        return None
    value = member.value
    if isinstance(value, Leaf):  # of a class inside a function
        return value
    if not isinstance(value, int | float | str | None) or hasattr(value, "dtype"):
        return None
    s.reads.append((lambda: vars(member.owner.type).get(str(key)), value))
    return Leaf(Const(value), value if not isinstance(value, float) else UNSET)
