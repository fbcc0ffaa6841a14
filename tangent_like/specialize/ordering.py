"""``sorted``, ``min`` and ``max`` with a key: which item comes first.

Before                                           After

    order = sorted(xs, key=lambda x: abs(x))         keys = []
                                                     for x in xs:
                                                         keys.append(abs(x))
                                                     order = []
                                                     for k in np.argsort(keys, kind="stable"):
                                                         order.append(xs[k])
"""

from __future__ import annotations

import dataclasses

from tangent_like.ir.build import builtin_ref, numpy_ref
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    Index,
    List,
    Name,
    Push,
    Slice,
    Store,
    Tuple,
    Unary,
)
from tangent_like.kinds.kind import ListOf, Scalar, Sequence, Unknown, is_list
from tangent_like.rules.heaps import put_in_order
from tangent_like.specialize import (
    attributes,
    containers,
    iterate,
    meet,
    object_lists,
    object_places,
    operators,
    protocols,
    sets,
    table_methods,
    tables,
    texts,
)
from tangent_like.specialize.either import chosen
from tangent_like.specialize.spec import Spec, item_name
from tangent_like.specialize.turns import of_the_core
from tangent_like.specialize.values import (
    UNSET,
    Handle,
    Keywords,
    Lazy,
    Leaf,
    Maybe,
    Seq,
    Value,
    is_none,
    none,
    of_rules,
)


def in_order(
    s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str, one_by_one: bool = False
) -> Value | None:
    """``sorted(xs, key=f, reverse=True)``. ``one_by_one``: numbers, too, are picked by their places."""
    named = dict(keywords)
    at = getattr(expr, "at", None)
    key, reverse = named.pop("key", none()), named.pop("reverse", Leaf(Const(False), False))
    backwards = reverse.known if isinstance(reverse, Leaf) and isinstance(reverse.known, bool) else None
    if named or len(args) != 1 or backwards is None:
        raise s.refuse("this call of sorted", "write reverse=True or reverse=False", at)
    if is_none(key) and (ordered := tables.in_order(s, args[0], backwards)) is not None:
        return ordered
    if tables.is_table(args[0], s):
        args = [tables.keys(s, args[0])]
    if object_places.is_one(args[0], s):
        if is_none(key) and not backwards:
            made = object_lists.joined(s, args, hint, iterate.over)
            s.call(of_rules(put_in_order), [made])
            return made
        if is_none(key):
            raise s.refuse("the order of objects whose number only the run tells, reversed,", "give a key", at)
        places_ = s.held(Leaf(stable_order(keys_of(s, key, args[0]), backwards)), "order")
        return object_lists.in_order(s, args[0], places_, hint, iterate.over)
    items = sets.in_order(s, args[0]) or containers.static_items(s, args[0])
    if items is not None:
        given = [s.settled(v, "item") for v in items]
        mark, position = s.mark(), len(s.out)
        keys = [compared(s, v) for v in given] if is_none(key) else [s.call(key, [v]) for v in given]
        known = told_apart(s, keys) or [texts.constant(s, k) for k in keys]
        if not any(k is UNSET for k in known):
            try:
                order = sorted(range(len(given)), key=lambda k: known[k], reverse=backwards)  # type: ignore[arg-type,return-value]
            except TypeError:
                raise s.refuse("sorted of what has no order", "", at) from None
            return containers.new_list(s, [given[k] for k in order], hint)
        if not all(of_the_core(s, v) for v in given):
            places = places_of(s, keys, backwards, given)
            if places is None:
                raise s.refuse("the order of objects by what only the run tells", "sort arrays of their parts", at)
            return containers.new_list(s, [chosen(s, tuple(given), place) for place in places], hint)
        s.go_back(mark)
        del s.out[position:]
        args = [Seq(tuple(given))]
    base = of_items(s, args[0])
    if is_none(key) and not one_by_one and not isinstance(s.typing.element(s.kind(base)), Sequence | ListOf):
        return Leaf(numbers_in_order(s, base, backwards))
    order_ = s.fresh("order")
    rows = order_of_rows(s, base, backwards) if is_none(key) else None
    s.assign(order_, rows or stable_order(keys_of(s, key, Leaf(base)), backwards))
    name = s.fresh(hint or "items")
    s.emit(Assign((name,), (List(()),), s.origin))
    iterate.over(s, Leaf(Name(order_)), lambda k: s.emit(Push(name, Index(base, s.materialize(k)), s.origin)))
    return Leaf(Name(name))


def is_plain(s: Spec, value: Seq | Handle) -> bool:
    return value.cls is None if isinstance(value, Seq) else s.content(value).form == "list"


def compared(s: Spec, value: Value) -> Value:
    """An object of a ``dataclass(order=True)`` as what Python compares it by."""
    cls = attributes.class_of(s, value) if isinstance(value, Handle) else None
    if cls is None or not getattr(getattr(cls.type, "__dataclass_params__", None), "order", False):
        return value
    names = [f.name for f in dataclasses.fields(cls.type) if f.compare]
    return Seq(tuple(attributes.get(s, value, n, Attribute(Const(None), n)) for n in names))


def compares(s: Spec, value: Value, last: bool) -> bool:
    """Is it an object that says which of two comes first; or ``last``, and by nothing else?"""
    if compared(s, value) is not value:
        return True
    says = isinstance(value, Handle) and protocols.has(s, value, "__lt__")
    return says and not (last and protocols.has(s, value, "__gt__"))


def truth(value: bool) -> Leaf:
    return Leaf(Const(value), value)


def told_apart(s: Spec, keys: list[Value]) -> list[object] | None:
    """What tuples begin with, where that alone tells them apart: of ``sorted(table.items())`` the keys."""
    rows = [containers.static_items(s, k) or [] for k in keys if isinstance(k, Seq | Handle) and is_plain(s, k)]
    if len(rows) != len(keys) or not rows:
        return None
    for count in range(1, min(map(len, rows)) + 1):
        found: list[object] = [tuple(texts.constant(s, v) for v in row[:count]) for row in rows]
        if any(v is UNSET for begin in found for v in begin):  # type: ignore[attr-defined]
            return None
        if all(a != b for k, a in enumerate(found) for b in found[:k]):
            return found
    return None


MOST_ORDERED = 8  # objects: what is done with each, once in order, is written out for all of them


def places_of(s: Spec, keys: list[Value], backwards: bool, given: list[Value]) -> list[Leaf] | None:
    """Where the first object in order is, the second, and so on, by keys that are numbers; None for other keys."""
    if len(given) > MOST_ORDERED:
        return None
    ranks = [[rank] for rank in ranks_of(s, keys)]
    if not ranks and any(k is v for k, v in zip(keys, given, strict=True)):
        return None
    rows = ranks or [numbers_of(s, k) for k in keys]
    if len({len(row) for row in rows}) != 1:
        return None
    names = []
    for column in zip(*rows, strict=True):
        names.append(s.fresh("keys"))
        s.assign(names[-1], List(tuple(column)))
    order = s.fresh("order")
    s.assign(order, stable_order([Name(n) for n in names], backwards))
    return [Leaf(Index(Name(order), Const(k))) for k in range(len(given))]


def ranks_of(s: Spec, keys: list[Value]) -> list[Expr]:
    """Of objects that say by ``__lt__`` which comes first: how many come before each."""
    if not all(protocols.has(s, k, "__lt__") for k in keys):
        return []
    found: list[Expr] = []
    for k, one in enumerate(keys):
        total: Expr = Const(0)
        for other in (*keys[:k], *keys[k + 1 :]):
            less = s.materialize(operators.operator(s, "__lt__", other, (one,), Const(None)))
            name = s.fresh("less")
            s.assign(name, less)
            total = Binary("+", total, Call(builtin_ref("int"), (Name(name),)))
        found.append(total)
    return found


def sorted_items(s: Spec, handle: Handle, keywords: Keywords, expr: Expr | None) -> list[Value]:
    """``xs.sort()`` of a list whose items are known one by one."""
    ordered = in_order(s, [handle], keywords, expr, s.content(handle).hint)
    if isinstance(ordered, Handle):
        return list(s.content(ordered).values)
    assert isinstance(ordered, Leaf)
    held = s.held(ordered, "in_order").expr
    hint = s.content(handle).hint
    count = len(s.content(handle).items)
    return [s.settled(Leaf(Index(held, Const(k))), item_name(hint, k)) for k in range(count)]


def sort_list(s: Spec, holder: Leaf, keywords: Keywords, expr: Expr) -> None:
    """``xs.sort()`` of a list of the core: its items in order take their places."""
    ordered = in_order(s, [holder], keywords, expr, "in_order", one_by_one=True)
    assert isinstance(ordered, Leaf)
    held = s.held(ordered, "in_order").expr
    count = Leaf(Call(builtin_ref("len"), (holder.expr,)))

    def put(k: Value) -> None:
        place = s.materialize(k)
        s.emit(Store(Index(holder.expr, place), "", Index(held, place), s.origin))

    iterate.over(s, Lazy("range", (count,)), put)


def numbers_in_order(s: Spec, base: Expr, backwards: bool) -> Expr:
    """A list of the numbers in an array or a list, as Python's or NumPy's as they were."""
    plain = is_list(s.kind(base))
    found: Expr = Call(numpy_ref("sort"), (Call(numpy_ref("array"), (base,)) if plain else base,))
    if backwards:
        found = Index(found, Slice(None, None, Unary("-", Const(1))))
    name = s.fresh("in_order")
    s.assign(name, found)
    if plain:
        return Call(Attribute(Name(name), "tolist"), ())
    return Call(builtin_ref("list"), (Name(name),))


def stable_order(keys: list[Expr], backwards: bool) -> Expr:
    """The order of the keys, by the first and where it ties by the next; what ties stays as it was, backwards too."""
    turned = Slice(None, None, Unary("-", Const(1)))
    columns = tuple(Index(k, turned) if backwards else k for k in keys)
    if len(columns) == 1:
        order = Call(numpy_ref("argsort"), columns, (("kind", Const("stable")),))
    else:
        order = Call(numpy_ref("lexsort"), (Tuple(columns[::-1]),))  # which has the first key last
    last = Binary("-", Call(builtin_ref("len"), (keys[0],)), Const(1))
    return Binary("-", last, Index(order, turned)) if backwards else order


def order_of_rows(s: Spec, base: Expr, backwards: bool) -> Expr | None:
    """The order of lists or tuples of numbers, of which only the run tells how many: by the first, then by the next."""
    element = s.typing.element(s.kind(base))
    if not isinstance(element, ListOf) or not isinstance(element.item, Scalar):
        return None
    name = s.fresh("rows")
    s.assign(name, Call(numpy_ref("array"), (base,)))
    turned = Slice(None, None, Unary("-", Const(1)))
    rows: Expr = Index(Name(name), turned) if backwards else Name(name)
    order = Call(numpy_ref("lexsort"), (Index(Attribute(rows, "T"), turned),))
    last = Binary("-", Call(builtin_ref("len"), (base,)), Const(1))
    return Binary("-", last, Index(order, turned)) if backwards else order


def of_items(s: Spec, value: Value) -> Expr:
    """The items as something of the core that is indexed."""
    items = containers.static_items(s, value)
    if items is not None:
        return s.held(Leaf(List(tuple(s.materialize(v) for v in items))), "items").expr
    if isinstance(value, Leaf):
        return s.held(value, "items").expr
    return s.materialize(s.settled(s.tools.as_list(s, value, "items"), "items"))


def keys_of(s: Spec, key: Value, items: Value) -> list[Expr]:
    """A list with the key of each item; of keys that are tuples, one for each of their numbers."""
    names: list[str] = []
    start = len(s.out)

    def turn(item: Value) -> None:
        asked = table_methods.asked(s, key)
        numbers = numbers_of(s, item if is_none(key) else s.call(asked, [item]))
        if not names:
            names.extend(s.fresh("keys") for _ in numbers)
        if len(numbers) != len(names):
            raise s.refuse("sorting by keys of several lengths", "use keys of one length")
        for name, number in zip(names, numbers, strict=True):
            s.emit(Push(name, number, s.origin))

    iterate.over(s, items, turn)
    s.out[start:start] = [Assign((name,), (List(()),), s.origin) for name in names]
    return [Name(name) for name in names]


def numbers_of(s: Spec, key: Value) -> list[Expr]:
    """The numbers that a key is compared by."""
    key = key.items if isinstance(key, Maybe) else key
    if isinstance(key, Leaf):
        kind = s.kind(key.expr)
        if isinstance(kind, Scalar | Unknown):
            return [key.expr]
        if isinstance(kind, Sequence) and all(isinstance(k, Scalar | Unknown) for k in kind.items):
            held = s.held(key, "key").expr
            return [Index(held, Const(k)) for k in range(len(kind.items))]
    parts = containers.static_items(s, key) if isinstance(key, Seq | Handle) else None
    if parts and all(isinstance(p, Leaf) and isinstance(s.kind(p.expr), Scalar | Unknown) for p in parts):
        return [p.expr for p in parts if isinstance(p, Leaf)]
    raise s.refuse("a key that is neither a number nor a tuple of numbers", "sort by numbers")


def tuples(s: Spec, args: list[Value]) -> Expr | None:
    """The items among which ``min`` and ``max`` choose, as something of the core, where they are tuples."""
    items = containers.static_items(s, args[0]) if len(args) == 1 else args
    if items is None:
        held = args[0].expr if isinstance(args[0], Leaf) else None
        return held if held is not None and isinstance(s.typing.element(s.kind(held)), Sequence) else None
    if not items or not all(isinstance(v, Seq) and v.items for v in items):
        return None
    return of_items(s, Seq(tuple(items)))


def first_of(s: Spec, name: str, base: Expr, key: Value) -> Leaf:
    """The first of the items whose key is the greatest, or the least."""
    return Leaf(Index(base, place_of_first(s, name, key, Leaf(base))))


def place_of_first(s: Spec, name: str, key: Value, items: Value) -> Expr:
    keys = keys_of(s, key, items)
    if len(keys) > 1:
        return Index(stable_order(keys, name == "max"), Const(0))
    return Call(numpy_ref("argmax" if name == "max" else "argmin"), (keys[0],))


def by_key(s: Spec, name: str, args: list[Value], named: dict[str, Value], expr: Expr | None) -> Value:
    """``max(xs, key=f)``: the first of those whose key is the greatest."""
    at = getattr(expr, "at", None)
    items = containers.static_items(s, args[0]) if len(args) == 1 else list(args)
    if set(named) != {"key"}:
        raise s.refuse(f"{name} with key= and {', '.join(sorted(set(named) - {'key'}))}=", "use an if", at)
    if len(args) == 1 and object_places.is_one(args[0], s):
        return object_places.item(s, args[0], place_of_first(s, name, named["key"], args[0]), exact=True)
    if items is None:
        return first_of(s, name, of_items(s, args[0]), named["key"])
    if not items:
        raise s.refuse(f"{name} of nothing", "", at)
    given = [s.settled(v, "item") for v in items]
    keys = [s.settled(s.call(named["key"], [v]), "key") for v in given]
    known = [texts.constant(s, k) for k in keys]
    if not any(k is UNSET for k in known):
        best_ = (max if name == "max" else min)(range(len(given)), key=lambda k: known[k])  # type: ignore[arg-type,return-value]
        return given[best_]
    places = None if all(isinstance(v, Leaf) for v in given) else places_of(s, keys, name == "max", given)
    if places is not None:
        return chosen(s, tuple(given), places[0])
    if not all(isinstance(v, Leaf) for v in given):
        raise s.refuse(f"{name} with key= of objects, by what only the run tells,", "find the index with np.argmax", at)
    best, least = s.fresh("best"), s.fresh("best_key")
    s.unstable |= {best, least}
    s.assign(best, s.materialize(given[0]))
    s.assign(least, s.materialize(keys[0]))
    op = ">" if name == "max" else "<"
    for item, key in zip(given[1:], keys[1:], strict=True):

        def better(item: Value = item, key: Value = key) -> None:
            s.assign(best, s.materialize(item))
            s.assign(least, s.materialize(key))

        meet.branches(s, [(Compare(s.materialize(key), (op,), (Name(least),)), better)])
    return Leaf(Name(best))


