"""What objects of the user's do where the language asks them: iteration, truth, contexts, places."""

from __future__ import annotations

import enum

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Call, Compare, Const, Expr
from tangent_like.kinds.kind import Sequence
from tangent_like.specialize import (
    attributes,
    attributes_by_name,
    columns,
    containers,
    next_methods,
    object_places,
    operators,
    outside_tables,
    tables,
)
from tangent_like.specialize.either import by_options, items
from tangent_like.specialize.maybe import whether
from tangent_like.specialize.spec import MOST_WRITTEN_OUT, Spec
from tangent_like.specialize.truth import truth_of
from tangent_like.specialize.turns import number
from tangent_like.specialize.values import (
    Class,
    Either,
    Handle,
    Kept,
    Lazy,
    Leaf,
    Maybe,
    Outer,
    Seq,
    Value,
    enum_member,
    is_none,
    object_of,
)


def has(s: Spec, value: Value, name: str) -> bool:
    """Is it an object of a class whose method ``name`` can be read?"""
    if isinstance(value, Handle) and s.content(value).form != "object":
        return False
    cls = attributes.class_of(s, value)
    member = None if cls is None else cls.member(name)
    return member is not None and member.can_be_called


def iterable(s: Spec, value: Value, expr: Expr | None = None) -> Value:
    """What is iterated over: of an object what its ``__iter__`` gives, or its items by number."""
    if isinstance(value, Class) and (members := enum_members(value)) is not None:
        return Seq(tuple(members))
    if isinstance(value, Either):
        found = items(s, value)
        return value if found is None else found
    if tables.is_table(value, s):
        return Lazy("keys", (value,))
    if (held := object_of(value)) is not None:
        return Lazy("keys", (held,))
    if isinstance(value, Seq) or not isinstance(value, Handle | Outer):
        return value
    if has(s, value, "__iter__"):
        given = operators.special(s, "__iter__", value, expr)
        turns = next_methods.taken_by_turns(s, given) if isinstance(given, Handle) else None
        return given if turns is None else turns
    if has(s, value, "__getitem__") and has(s, value, "__len__"):
        count = containers.known_int(operators.special(s, "__len__", value, expr))
        if count is not None:
            places = [Leaf(Const(k), k) for k in range(count)]
            return Seq(tuple(operators.operator(s, "__getitem__", value, (k,), expr or Const(None)) for k in places))
    return value


def in_parts(s: Spec, value: Value) -> Value:
    """The items of a call that gives a few, ``np.split(x, 3)``, ``np.shape(x)``."""
    if not isinstance(value, Leaf) or not isinstance(value.expr, Call):
        return value
    kind = s.kind(value.expr)
    if not isinstance(kind, Sequence) or len(kind.items) > MOST_WRITTEN_OUT:
        return value
    return Seq(tuple(columns.by_number(s, value, len(kind.items), "parts")))


def counted(s: Spec, value: Leaf, count: int) -> list[Value]:
    """The items of a list that has to have so many::

        if len(heads) != 3:
            raise ValueError("...")
    """
    held = s.held(value, "rows")
    wrong = Compare(Call(builtin_ref("len"), (held.expr,)), ("!=",), (Const(count),))
    columns.stop(s, wrong, f"zip of rows gives columns of {count}, as they are unpacked")
    return columns.by_number(s, held, count, "rows")


def enum_members(value: Class) -> list[Value] | None:
    """The members of an enumeration, in order."""
    cls = value.info.type
    if not issubclass(cls, enum.Enum) or value.expr is None:
        return None
    holder = value.expr
    return [enum_member(holder, member) for member in cls]


def condition(s: Spec, value: Value, expr: Expr | None = None) -> Value:
    """What is asked for its truth: of an object what ``__bool__`` or ``__len__`` says."""
    if isinstance(value, Maybe):
        return whether(value, "is not")
    if isinstance(value, Either):
        return by_options(s, value, lambda v: known_truth(s, condition(s, v, expr)))
    if (count := tables.length_of(s, value) or object_places.length_of(s, value)) is not None:
        return Leaf(Compare(count, (">",), (Const(0),)))
    for name in ("__bool__", "__len__"):
        if isinstance(value, Handle | Outer) and has(s, value, name):
            return operators.special(s, name, value, expr)
    return value


def known_truth(s: Spec, value: Value) -> Value:
    found = truth_of(s, value)
    return value if found is None else Leaf(Const(found), found)


def contains(s: Spec, left: Value, right: Value, expr: Expr) -> Value | None:
    """``left in right`` by ``__contains__``."""
    if isinstance(right, Kept):
        return outside_tables.contains(s, right, left, getattr(expr, "at", None))
    if isinstance(right, Handle) and s.content(right).form == "dict" and (place := number(s, left)) is not None:
        keys = [k for k, _ in s.content(right).items]
        if any(type(k) is int for k in keys) and s.content(right).part is None:
            return Leaf(Const(place in keys), place in keys)  # as it is read there: ``d[n]``
    by_name = attributes_by_name.has(s, left, right, expr)
    if by_name is not None or not isinstance(right, Handle | Outer) or not has(s, right, "__contains__"):
        return by_name
    return operators.operator(s, "__contains__", right, (left,), expr)


def store(s: Spec, holder: Value, index: Value, op: str, new: Value, expr: Expr) -> bool:
    """``obj[index] op= new`` by ``__setitem__``, ``obj.__dict__[index] op= new`` by name."""
    if attributes_by_name.stored(s, holder, index, op, new, expr):
        return True
    if not isinstance(holder, Handle) or not has(s, holder, "__setitem__"):
        return False
    if op:
        old = operators.operator(s, "__getitem__", holder, (index,), expr)
        new = s.tools.binary(s, op, old, new, expr)
    operators.operator(s, "__setitem__", holder, (index, new), expr)
    return True


def lets_pass(found: Value) -> bool:
    """Does what ``__exit__`` gives let an exception pass?"""
    return is_none(found) or (isinstance(found, Leaf) and found.known is False)


def is_slice(value: Value) -> bool:
    return isinstance(value, Lazy) and value.form == "slice"


def plain_number(value: Value) -> Value:
    """A member of an ``IntEnum`` where a number is computed with."""
    if isinstance(value, Outer) and isinstance(value.value, enum.Enum) and isinstance(value.value, int | float | str):
        plain = value.value.value
        return Leaf(Const(plain), plain)
    return value
