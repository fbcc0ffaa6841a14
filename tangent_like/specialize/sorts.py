"""What sort of container a value is, where Python compares by that before it looks at items.

    deque([1, 2]) == [1, 2]          is False
    a.keys() == b.keys()             whatever their order
    OrderedDict(...) == OrderedDict(...)    in their order; beside a plain dict in any
"""

from __future__ import annotations

from collections.abc import Iterator

from tangent_like.kinds.kind import ListOf, Scalar
from tangent_like.specialize import object_numbers
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import COUNTS, UNSET, Endless, Handle, Lazy, Leaf, Longest, Seq, Value

# Sorts that are not compared item by item with lists, tuples, dicts and sets; ``range`` has a comparison of its own.
SPECIAL = frozenset({"deque", "OrderedDict", "Counter", "keys", "items", "values", "iterator"})
BY_KEYS = ("set", "keys")
DICTS = ("dict", "defaultdict", "OrderedDict", "Counter")
APART = ("list", "tuple", "deque", *DICTS, *BY_KEYS)  # but for those that ``by_sorts`` names, never the same


def sort_of(s: Spec, value: Value) -> str:
    """The sort of a value; "" where it is not known, or no container."""
    match value:
        case Lazy("range" | "keys" | "items" | "values" as form):
            return form
        case Lazy("slice" | "row" | "part"):
            return ""
        case Lazy():
            return "iterator"
        case Seq():
            return "tuple"
        case Handle():
            content = s.content(value)
            if content.form in ("object", object_numbers.FORM):
                return ""
            of_dict = "dict" if content.default is None else "Counter" if content.default is COUNTS else "defaultdict"
            return content.made_as or (of_dict if content.form == "dict" else content.form)
        case Leaf(known=Longest() | Endless()):
            return "deque"
        case Leaf(expr) if isinstance(s.kind(expr), ListOf):
            return "list"
        case _:
            return ""


def compared(s: Spec, op: str, left: Value, right: Value) -> bool | None:
    """What ``==``, ``!=``, ``in`` say by the sorts alone; None where the items are compared."""
    if op not in ("==", "!=", "in", "not in"):
        return None
    sorts = sort_of(s, left), sort_of(s, right)
    if op in ("in", "not in"):
        by_items = sorts[1] in ("list", "tuple", "deque", "values")  # the others ask for keys
        if by_items and (sorts[0] in SPECIAL or any(sort_of(s, v) in SPECIAL for v in held(s, right))):
            raise _refusal(s)
        return None
    same = by_sorts(s, sorts, left, right)
    if same is None and any(sort_of(s, v) in SPECIAL for side in (left, right) for v in held(s, side)):
        raise _refusal(s)
    return None if same is None else same == (op == "==")


def by_sorts(s: Spec, sorts: tuple[str, str], left: Value, right: Value) -> bool | None:
    """Are they the same, as far as that does not hang on their items?"""
    if not SPECIAL.intersection(sorts):
        return None
    if any(one in SPECIAL and is_plain(s, other) for one, other in zip(sorts, (right, left), strict=True)):
        return False
    keys = [keys_of(s, v) for v in (left, right)]
    if all(sort in BY_KEYS for sort in sorts) and None not in keys:
        return set(keys[0] or ()) == set(keys[1] or ())
    if sorts[0] == sorts[1] == "deque":
        return None
    if all(sort in DICTS for sort in sorts):
        if sorts == ("OrderedDict", "OrderedDict"):
            return None if keys[0] == keys[1] else False
        if sorts != ("Counter", "Counter") or set(keys[0] or ()) == set(keys[1] or ()):
            return None  # of two counters one may have a key with nothing counted
    elif any(sort in ("deque", "keys", *DICTS) for sort in sorts) and all(sort in APART for sort in sorts):
        return False
    raise _refusal(s)


def keys_of(s: Spec, value: Value) -> list[object] | None:
    """Those of a dict, of its ``keys()``, or what is in a set; None where they are not known."""
    match value:
        case Lazy("keys", (Handle() as holder,)) | (Handle() as holder):
            content = s.content(holder)
            known = content.form in ("dict", "set") and content.certain and content.part is None
            return [k for k, _ in content.items] if known else None
        case _:
            return None


def held(s: Spec, value: Value) -> Iterator[Value]:
    """What a container holds, however deep; what objects hold is compared by their classes, if at all."""
    pending, seen = [value], set[int]()
    while pending:
        one = pending.pop()
        items: tuple[Value, ...] = one.items if isinstance(one, Seq) else ()
        if isinstance(one, Handle) and one.id not in seen and s.content(one).form != "object":
            seen.add(one.id)
            items = s.content(one).values
        yield from items
        pending.extend(items)


def is_plain(s: Spec, value: Value) -> bool:
    """Is it a number, a text or None?"""
    if not isinstance(value, Leaf):
        return False
    plain = isinstance(value.known, str | int | float | None) and value.known is not UNSET
    return plain or isinstance(s.kind(value.expr), Scalar)


def _refusal(s: Spec) -> Exception:
    what = "a comparison of deques, counters, views of dicts or iterators by more than their items"
    return s.refuse(what, "compare lists or dicts: list(...), dict(...)")
