"""What a comparison gives and what a condition is, where the structure alone tells."""

from __future__ import annotations

import enum
import operator

from tangent_like.ir.nodes import Expr
from tangent_like.ir.walk import names
from tangent_like.kinds.kind import Array, DictOf, ListOf, Plain, Scalar, Sequence
from tangent_like.specialize import assume, containers, object_places, table_paths, tables, texts, types_asked
from tangent_like.specialize.builtin_bases import as_held
from tangent_like.specialize.held_twice import are_apart
from tangent_like.specialize.object_keys import ObjectKey, module_key
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.turns import readable
from tangent_like.specialize.unwritten import by_identity
from tangent_like.specialize.values import UNSET, Class, Fn, Handle, Lazy, Leaf, Mixed, Outer, Seq, Value, is_none


def compared(s: Spec, op: str, left: Value, right: Value) -> bool | None:
    """What a comparison gives, where the structure alone tells."""
    left, right = readable(s, left), readable(s, right)
    types = [class_in(v) for v in (left, right)]
    if op in ("is", "is not", "==", "!=") and all(t is not None for t in types):
        return (types[0] is types[1]) == (op in ("is", "=="))
    sides = ((left, right), (right, left))
    if op in ("is", "is not", "==", "!=") and any(types_asked.is_of_another(s, *pair) for pair in sides):
        return op in ("is not", "!=")
    if op in ("is", "is not"):
        same: bool | None = None
        if is_none(left) and is_none(right):
            same = True
        elif is_none(left) or is_none(right):
            other = right if is_none(left) else left
            if not isinstance(other, Leaf) or never_none(s, other):
                same = False
        elif isinstance(left, Handle) and isinstance(right, Handle):
            same = left.id == right.id
            if not same:
                are_apart(s, left, right)
            if not same and (s.content(left).split or s.content(right).split):
                s.facts.learn_identity()
            if not same and s.content(left).shared and s.content(right).shared:
                raise s.refuse("an identity that only the arguments tell")
        elif isinstance(left, Outer) and isinstance(right, Outer) and isinstance(left.value, enum.Enum):
            same = left.value is right.value
        elif any(is_member(v) for v in (left, right)):
            other = right if is_member(left) else left
            if isinstance(other, Leaf) and not never_member(s, other):
                what = f"{op!r} of a member of an enumeration and what is not known"
                raise s.refuse(what, "call the derivative with real arguments")
            same = False
        elif not (isinstance(left, Leaf) and isinstance(right, Leaf)):
            raise s.refuse(f"{op!r} of these", "compare their items")
        return None if same is None else same == (op == "is")
    if op in ("in", "not in"):
        inside = contains(s, left, right)
        return None if inside is None else inside == (op == "in")
    if op in ("==", "!=") and any(map(is_member, (left, right))):
        one, two = (v.value if isinstance(v, Outer) else getattr(v, "known", UNSET) for v in (left, right))
        if one is not UNSET and two is not UNSET:
            return (one == two) == (op == "==")
    if isinstance(left, Leaf) and isinstance(right, Leaf) and op in ("==", "!="):
        if isinstance(left.known, str | bool | None) and isinstance(right.known, str | bool | None):
            return (left.known == right.known) == (op == "==")
        if any(no_number(one) and isinstance(s.kind(two.expr), Scalar) for one, two in ((left, right), (right, left))):
            return op == "!="
    if op in ("==", "!="):
        for one, two in ((left, right), (right, left)):
            if isinstance(two, Leaf) and isinstance(two.known, str | int | float | None) and is_table(s, one):
                return op == "!="  # a tuple and a text
    if isinstance(left, Seq) and isinstance(right, Seq) and op in ("==", "!="):
        rows = [containers.constant_key(s, v) for v in (left, right)]
        if containers.MISSING not in rows and left.cls is right.cls is None:
            return (rows[0] == rows[1]) == (op == "==")
    one, two = whole(s, left), whole(s, right)
    if one is not None and two is not None:
        compare_ = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
        table = {**compare_, "==": operator.eq, "!=": operator.ne}
        return bool(table[op](one, two))
    return None


def class_in(value: Value) -> type | None:
    """The class that a value is, of the user's or of Python's."""
    if isinstance(value, Class):
        return value.info.type
    return value.known if isinstance(value, Leaf) and isinstance(value.known, type) else None


def whole(s: Spec, value: Value) -> int | None:
    """The whole number that a value is."""
    found = containers.counted(s, value)
    if found is not None or not isinstance(value, Leaf):
        return found
    found = texts.fixed_int(s, value.expr)
    return by_pins(s, value.expr) if found is None else found


def by_pins(s: Spec, expr: Expr) -> int | None:
    """The whole number that a size is where turns have been written out for it: ``n - 1`` of so many objects."""
    if not s.pins or not s.unstable.isdisjoint(names(expr)):
        return None
    kind = s.kind(expr)
    size = kind.value if isinstance(kind, Scalar) and kind.type == "int" else None
    if size is None or not size.terms or not size.steady:
        return None
    for pin in s.pins:
        apart = (size - pin.left).known
        if pin.op == "==" and apart is not None and pin.right.known is not None:
            return pin.right.known + apart
    return None


def no_number(value: Leaf) -> bool:
    """Is it None or a string, which no number equals?"""
    return value.known is None or isinstance(value.known, str)


def is_table(s: Spec, value: Value) -> bool:
    """Is it a tuple, list, dict or set, which no text and no number equals?"""
    match value:
        case Seq(cls=cls):
            return cls is None
        case Handle():
            return s.content(value).form in ("list", "dict", "set")
        case Outer(value=found):
            return type(found) in (tuple, list, dict, set, frozenset)
        case _:
            return False


def is_member(value: Value) -> bool:
    """Is it a member of an enumeration?"""
    return isinstance(value, Outer) and isinstance(value.value, enum.Enum)


def never_member(s: Spec, value: Leaf) -> bool:
    return value.known is not UNSET or isinstance(s.kind(value.expr), Scalar | Array | Sequence | ListOf | DictOf)


def never_none(s: Spec, value: Leaf) -> bool:
    kind = s.kind(value.expr)
    if value.known is not UNSET:
        return value.known is not None
    if isinstance(kind, Plain):
        return kind.what != "None"
    return isinstance(kind, Scalar | Array | Sequence | ListOf | DictOf)


def truth_of(s: Spec, value: Value) -> bool | None:
    """What a condition is, where that is known before the program runs."""
    value = readable(s, value)
    match value:
        case Leaf(known=known) if known is None or (isinstance(known, bool | str | int) and known is not UNSET):
            return bool(known)
        case Seq(items):
            return bool(items)
        case Handle() if tables.is_table(value, s) or object_places.is_one(value, s):
            return None
        case Handle() if (inside := as_held(s, value, "__bool__", "__len__")) is not value:
            return truth_of(s, inside)
        case Handle() if s.content(value).form != "object":
            containers.refuse_open(s, value)
            return bool(containers.certain(s, value).items)
        case Handle():
            for name in ("__bool__", "__len__"):
                if has_member(s, value, name):
                    raise s.refuse(f"the truth of an object with {name}", "compare what it depends on")
            return True
        case Fn() | Class():
            return True
        case Outer(value=found, read=read) if type(found) in (tuple, list, dict, set, frozenset):
            s.reads.append((lambda: bool(read()), bool(found)))
            return bool(found)
        case Leaf():
            number = containers.counted(s, value)
            return None if number is None else bool(number)
        case _:
            return None


def holds_object(key: object) -> bool:
    """Is it, or does it hold, a key that stands for an object made here?"""
    return isinstance(key, ObjectKey) or (isinstance(key, tuple) and any(map(holds_object, key)))


def has_member(s: Spec, value: Handle, name: str) -> bool:
    cls = s.content(value).cls
    return cls is not None and cls.member(name) is not None


def contains(s: Spec, left: Value, right: Value) -> bool | None:
    key = containers.constant_key(s, left)
    part = s.content(right).part if isinstance(right, Handle) and s.content(right).form == "dict" else None
    if part is not None and isinstance(right, Handle) and key is not containers.MISSING:
        if s.content(right).get(key) is None:
            assume.learn(s, part, "dict", key)  # the text is for dicts that have it
        return True
    containers.refuse_open(s, right)
    if isinstance(right, Handle) and s.content(right).form in ("dict", "set") and key is not containers.MISSING:
        found = s.content(right).get(key)
        if isinstance(found, Mixed):
            table_paths.grown(s, [s.content(right)])
        return found is not None and readable(s, found) is not None
    if isinstance(right, Lazy) and right.form == "keys" and isinstance(right.parts[0], Handle):
        return contains(s, left, right.parts[0])
    if isinstance(right, Outer) and isinstance(right.value, dict) and key is not containers.MISSING:
        key = module_key(key, right.value)
        if holds_object(key):
            return False if type(right.value) is dict else None
        s.reads.append((lambda: key in right.read(), key in right.value))  # type: ignore[operator]
        return key in right.value
    if isinstance(right, Leaf) and isinstance(right.known, frozenset | str) and isinstance(key, str):
        return key in right.known
    items = containers.sequence(s, right)
    if items is not None and isinstance(left, Handle):
        objects = [v for v in items if isinstance(v, Handle)]
        if any(v.id == left.id for v in objects):
            return True
        if len(objects) == len(items) and by_identity(s, left, *objects):
            return False
    if items is not None and key is not containers.MISSING:
        keys = [containers.constant_key(s, v) for v in items]
        if all(k is not containers.MISSING for k in keys):
            return key in keys
    return None
