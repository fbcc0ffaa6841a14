"""``max`` and ``min``: of numbers, of tuples, by a key, of the keys of a dict, and with a default."""

from __future__ import annotations

from collections.abc import Sequence

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Call, Choose, Compare, Const, Expr, Name
from tangent_like.specialize import comprehensions, containers, ordering, tables
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import Handle, Keywords, Lazy, Leaf, Seq, Value, none


def extreme(name: str) -> Handler:
    def make(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
        named = dict(keywords)
        if len(args) == 1 and (iterated := keys_of_dict(s, args[0])) is not args[0]:
            return s.call(Leaf(builtin_ref(name)), [iterated], keywords, expr)
        if "key" in named:
            return ordering.by_key(s, name, args, named, expr)
        if set(named) == {"default"} and len(args) == 1:
            return or_default(s, name, args[0], named["default"], expr)
        if not keywords and len(args) == 1 and (table := tables.of_keys(s, args[0])) is not None:
            keys = s.fresh("keys")  # in any order: a set's, too
            s.assign(keys, Call(builtin_ref("list"), (tables.looked_over(s, table),)))
            return Leaf(Call(builtin_ref(name), (Name(keys),), (), getattr(expr, "at", None)))
        given = containers.static_items(s, args[0]) if len(args) == 1 else args
        if not keywords and given and (whole := whole_numbers(given)):
            return Leaf(Const(found := max(whole) if name == "max" else min(whole)), found)
        if not keywords and given and all(ordering.compares(s, v, name == "max") for v in given):
            listed = ordering.in_order(s, [Seq(tuple(given))], [("reverse", ordering.truth(name == "max"))], expr, hint)
            if isinstance(listed, Handle):
                return s.content(listed).values[0]
        if not keywords and (base := ordering.tuples(s, args)) is not None:
            return ordering.first_of(s, name, base, none())
        if len(args) == 1 and isinstance(args[0], Lazy):
            items = containers.static_items(s, args[0])
            made = comprehensions.as_list(s, args[0], hint or "values") if items is None else Seq(tuple(items))
            if items is None and not keywords and (base := ordering.tuples(s, [made])) is not None:
                return ordering.first_of(s, name, base, none())
            named_ = tuple((n, s.materialize(v)) for n, v in keywords)
            if isinstance(made, Seq) and len(made.items) > 1 and not keywords:
                exprs = tuple(s.materialize(v) for v in made.items)
                return Leaf(Call(builtin_ref(name), exprs, (), getattr(expr, "at", None)))
            return Leaf(Call(builtin_ref(name), (s.materialize(made),), named_, getattr(expr, "at", None)))
        return None

    return make


def whole_numbers(values: Sequence[Value]) -> list[int]:
    """The numbers that all are, known ahead of the run; none where one is not: ``max(len(a), len(b))``."""
    known = [v.known for v in values if isinstance(v, Leaf) and type(v.known) is int]
    return known if len(known) == len(values) else []


def or_default(s: Spec, name: str, items: Value, default: Value, expr: Expr | None) -> Value:
    """``max(items, default=e)``: ``e`` where there are none."""
    known = containers.static_items(s, items)
    if known is not None and not known:
        return default
    if known is not None:
        return s.call(Leaf(builtin_ref(name)), [Seq(tuple(known))], [], expr)
    listed = comprehensions.as_list(s, items, "values") if isinstance(items, Lazy) else items
    held = s.in_names(listed, "values")
    found = s.call(Leaf(builtin_ref(name)), [held], [], expr)
    there = Compare(Call(builtin_ref("len"), (s.materialize(held),)), (">",), (Const(0),))
    return Leaf(Choose(there, s.materialize(found), s.materialize(default), getattr(expr, "at", None)))


def keys_of_dict(s: Spec, value: Value) -> Value:
    """The keys of a dict, which is what iterating over it gives; anything else as it is."""
    if isinstance(value, Handle) and s.content(value).form == "dict":
        return Seq(tuple(containers.static_items(s, value) or ()))
    return value
