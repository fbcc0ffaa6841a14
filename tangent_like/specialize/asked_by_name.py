"""``getattr``, ``hasattr`` and ``setattr`` with a name that is known."""

from __future__ import annotations

from tangent_like.ir.nodes import Const, Expr
from tangent_like.kinds.kind import Array, Scalar
from tangent_like.specialize import assume, attributes, outside, setting
from tangent_like.specialize.modules import member, module_of
from tangent_like.specialize.object_keys import is_key
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.turns import needs_turns
from tangent_like.specialize.values import UNSET, Fn, Handle, Keywords, Leaf, Value, none


def attribute(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``getattr`` with a constant name."""
    del keywords, hint
    name = args[1].known if isinstance(args[1], Leaf) else None
    if isinstance(name, str) and (module := module_of(args[0])) is not None:
        found = member(args[0], name, getattr(expr, "at", None))
        if found is None and len(args) < 3:
            raise s.refuse(f"{module.spelling}.{name}, which is not there,", "", getattr(expr, "at", None))
        return args[2] if found is None else found
    if isinstance(name, str) and isinstance(args[0], Leaf) and len(args) > 2 and lacks(s, args[0], name):
        return args[2]
    if isinstance(name, str) and (of_function := outside.by_name(s, args[0], name, *args[2:])) is not None:
        return of_function
    if name is UNSET:
        raise needs_turns(s, "getattr of this", "write the attribute", getattr(expr, "at", None))
    if not isinstance(name, str) or isinstance(args[0], Fn) or (isinstance(args[0], Leaf) and not is_array(s, args[0])):
        raise s.refuse("getattr of this", "write the attribute", getattr(expr, "at", None))
    if len(args) > 2 and not attributes.has(s, args[0], name):
        return args[2]
    return attributes.by_name(s, args[0], name, expr)


def is_array(s: Spec, value: Leaf) -> bool:
    return value.known is UNSET and isinstance(s.kind(value.expr), Array)


def lacks(s: Spec, value: Leaf, name: str) -> bool:
    """Is it a number or an array, which has nothing of this name?"""
    if name in assume.ARRAY_ATTRIBUTES:
        return False
    if value.known is not UNSET:
        return isinstance(value.known, int | float) or value.known is None
    return isinstance(s.kind(value.expr), Scalar | Array) or assume.is_no_object(s, value)


def has_attribute(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    del keywords, hint
    name = args[1].known if isinstance(args[1], Leaf) else None
    if isinstance(name, str) and module_of(args[0]) is not None:
        there = member(args[0], name, None) is not None
        return Leaf(Const(there), there)
    if isinstance(args[0], Leaf):
        if isinstance(name, str) and (of_function := outside.has_by_name(s, args[0], name)) is not None:
            return of_function
        return Leaf(Const(False), False) if isinstance(name, str) and lacks(s, args[0], name) else None
    if not isinstance(name, str) or isinstance(args[0], Fn):
        raise s.refuse("hasattr of this", "", getattr(expr, "at", None))
    found = attributes.has(s, args[0], name)
    return Leaf(Const(found), found)


def set_past(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``object.__setattr__(self, name, value)``, as a frozen dataclass sets its own; once it is a key, no more."""
    if isinstance(args[0], Handle) and is_key(s, args[0]):
        raise s.refuse("writing into an object that is a key", "make a new one", getattr(expr, "at", None))
    return set_attribute(s, args, keywords, expr, hint, True)


def set_attribute(
    s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str, past: bool = False
) -> Value | None:
    del keywords, hint
    name = args[1].known if isinstance(args[1], Leaf) else None
    if not isinstance(name, str):
        raise s.refuse("setattr of this", "write the attribute", getattr(expr, "at", None))
    setting.put(s, args[0], name, args[2], expr or Const(None), past)
    return none()
