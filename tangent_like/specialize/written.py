"""Writes into places of lists, dicts and objects, and what changes them in place."""

from __future__ import annotations

from functools import partial

from tangent_like.ir.nodes import Attribute, Augment, Binary, Expr, Index, Name, Store
from tangent_like.kinds.kind import Array, Kind, Scalar, Unknown
from tangent_like.specialize import containers, iterate, object_lists, object_numbers, object_places, operators, tables
from tangent_like.specialize.begun import of_class
from tangent_like.specialize.containers import MISSING
from tangent_like.specialize.held_twice import refuse_shared, written_through
from tangent_like.specialize.keyed import UNTOLD, by_key, is_open_text, no_such_key, raising
from tangent_like.specialize.spec import MOST_WRITTEN_OUT, Spec, item_name
from tangent_like.specialize.values import COUNTS, UNSET, Either, Handle, Lazy, Leaf, Value, none


def is_vector(kind: Kind | None) -> bool:
    """An array for sure, and no number of NumPy's, which ``op=`` would bind anew?"""
    return isinstance(kind, Array) and bool(kind.rank)


def augment(s: Spec, handle: Handle, key: object, op: str, value: Value, expr: Expr) -> None:
    """``handle[key] op= value``: in place for an array, a new value for a number."""
    old = s.content(handle).get(key)
    if old is None and s.content(handle).default is not None:
        old = s.tools.missing(s, handle, key)
    if old is None:
        old = of_class(s, s.content(handle), key)  # self.count += 1, where the class has it
    if old is None:
        raise s.refuse(f"{op}= on {key!r}, which is not there,")
    if isinstance(old, Leaf) and s.content(handle).row is not None:
        object_places.augment(s, handle, key, op, s.materialize(value))
        return
    if isinstance(old, Leaf):
        s.facts.learn_written(key)
        kind = s.kind(old.expr)
        right = s.materialize(value)
        if isinstance(kind, Scalar):
            containers.put(s, handle, key, Leaf(Binary(op, old.expr, right), counted(op, old, value)))
            return
        if isinstance(old.expr, Name) and is_vector(kind):  # it stays where it is, and what it is called
            s.emit(Augment(old.expr.id, op, right, s.origin))
            return
        name = s.field_name(handle, key, s.content(handle).hint)
        if not (isinstance(old.expr, Name) and old.expr.id == name):
            s.assign(name, old.expr)
        s.emit(Augment(name, op, right, s.origin))
        refuse_shared(s, handle, key)
        s.state.put(handle, key, Leaf(Name(name)))
        return
    found = extend_in_place(s, old, op, value)
    if found is None and isinstance(old, Handle):
        found = operators.in_place(s, op, old, value, expr)
    if found is None and isinstance(old, Either) and any(isinstance(option, Handle) for option in old.options):
        raise s.refuse(f"{op}= on one of several lists or objects that is in a place", "give it a name first")
    containers.put(s, handle, key, found if found is not None else s.tools.binary(s, op, old, value, expr))


def counted(op: str, old: Leaf, value: Value) -> object:
    """``self.at += 1`` of a number that is known: a place among tokens."""
    more = value.known if isinstance(value, Leaf) else UNSET
    if type(old.known) is not int or type(more) is not int or op not in ("+", "-"):
        return UNSET
    return old.known + more if op == "+" else old.known - more


def extend_in_place(s: Spec, old: Value, op: str, value: Value) -> Value | None:
    """``xs += ys`` keeps the list that ``xs`` is; so do ``xs *= 2``, and ``d |= other`` the dict."""
    form = s.content(old).form if isinstance(old, Handle) else ""
    if isinstance(old, Handle) and form == object_numbers.FORM and op == "+":
        iterate.over(s, value, lambda v: object_lists.append(s, old, v))
        return old
    if not isinstance(old, Handle) or (op, form) not in (("+", "list"), ("*", "list"), ("|", "dict")):
        return None
    if op == "+":
        extend(s, old, value)
    elif op == "|" and s.content(old).default is COUNTS:
        raise s.refuse("|= on a Counter, which keeps what is more,", "write it out")
    elif op == "|":
        for key, item in containers.dict_items(s, value).items():
            containers.put(s, old, key, item)
    else:
        count = containers.known_int(value)
        if count is None:
            return None
        if s.content(old).longest is not None:
            raise s.refuse("*= on a deque that keeps so many items", "use extend")
        refuse_shared(s, old)
        s.set_items(old, [s.settled(v, "item") for v in s.content(old).values] * max(count, 0))
    return old


def extend(s: Spec, handle: Handle, value: Value) -> None:
    """``xs.extend(value)``."""
    items = list(s.content(handle).values)
    hint = s.content(handle).hint
    more = containers.static_items(s, value)
    if more is None and isinstance(value, Lazy) and value.form == "generator":
        more = s.tools.generated(s, value, MOST_WRITTEN_OUT)
    if more is None:
        site = s.content(handle).site
        if site is not None and object_places.is_one(value, s):
            like = next((o for o in s.facts.objects.values() if object_lists.is_like(o, s.content(value).of)), None)
            if like is not None:
                s.facts.learn_objects(site, like)
        elif site is not None:
            s.facts.learn_dynamic(site)
        raise s.refuse("extend by what only the run tells the length of", "use a list made here")
    items.extend(s.settled(v, item_name(hint, len(items) + k)) for k, v in enumerate(more))
    refuse_shared(s, handle)
    longest = s.content(handle).longest
    s.set_items(handle, items if longest is None else items[max(len(items) - longest, 0) :])


def stored(s: Spec, value: Value, index: Value, op: str, new: Value, expr: Index) -> Value:
    store(s, value, index, op, new, expr)
    return none()


# -- places ---------------------------------------------------------------------------------------


def store(s: Spec, value: Value, index: Value, op: str, new: Value, expr: Index, each: bool = False) -> None:
    """``value[index] op= new``; ``each``: as often as an index stands there, as ``np.add.at``."""
    if isinstance(value, Leaf):
        place = Index(value.expr, s.materialize(index), expr.at)
        if not isinstance(root(value.expr), Name):
            raise s.refuse("a write to a global", "write into an array of the function's own", expr.at)
        written_through(s, value.expr)
        s.emit(Store(place, op, s.materialize(new), s.origin, each))
        return
    if object_places.is_one(value, s) and not op:
        object_places.store(s, value, index, new)
        return
    if tables.is_table(value, s):
        tables.store(s, value, index, op, new, expr.at)
        return
    if not each and isinstance(value, Handle) and s.content(value).form in ("dict", "list"):
        content = s.content(value)
        key = containers.constant_key(s, index)
        if content.form == "list":
            if type(key) is not int:
                raise containers.not_unrolled(s, value)
            if not -len(content.items) <= key < len(content.items):
                raise s.refuse(f"the index {key} into {len(content.items)} items", "", expr.at)
            key %= len(content.items)
        elif key is MISSING:
            told = not any(isinstance(v, Leaf) and isinstance(s.kind(v.expr), Unknown) for v in content.values)
            if told and is_open_text(s, index):
                raise tables.only_the_run(s, value, UNTOLD[0], expr.at)  # most often a new key
            held, absent = s.in_names(new, "held"), partial(raising if op else no_such_key, s)
            if by_key(s, value, index, lambda k: stored(s, value, k, op, held, expr), "item", absent) is not None:
                return
            raise tables.only_the_run(s, value, "a key that only the run tells", expr.at)
        if op:
            augment(s, value, key, op, new, expr)
        else:
            containers.put(s, value, key, new)
        return
    raise s.refuse("a store into this", "", expr.at)


def root(expr: Expr) -> Expr:
    while isinstance(expr, Index | Attribute):
        expr = expr.value
    return expr
