"""The items of an iterable one by one, if need be as many as the call at hand has."""

from __future__ import annotations

from functools import partial

from tangent_like.ir.nodes import Const
from tangent_like.specialize import containers, effects, iterators
from tangent_like.specialize.columns import Column, at_least, by_number, columns
from tangent_like.specialize.operands import operands
from tangent_like.specialize.spec import MOST_UNROLLED, Spec
from tangent_like.specialize.turns import number, rows
from tangent_like.specialize.values import Lazy, Leaf, Seq, Value


def every_item(s: Spec, value: Value) -> list[Value] | None:
    """The items one by one, if need be as many as the call at hand has."""
    match value:
        case Leaf() if (count := rows(s, value)) is not None:
            return by_number(s, value, count, "items")
        case Lazy("range", parts):
            numbers = [n for n in (number(s, p) for p in parts) if n is not None]
            if len(numbers) != len(parts) or len(range(*numbers)) > MOST_UNROLLED:
                return None
            return [Leaf(Const(k), k) for k in range(*numbers)]
        case Lazy("enumerate" | "zip" | "reversed" | "map" | "iter" as form, parts):
            if form == "zip" and any(map(iterators.is_endless, parts)):
                return with_endless(s, parts)
            first = 1 if form == "map" else 0
            last = 1 if form == "enumerate" else len(parts)
            position, kinds, heap = len(s.out), dict(s.state.kinds), dict(s.state.heap)
            found = [every_item(s, p) for p in parts[first:last]]
            if form == "zip":
                found = beside_known(s, parts, found)
            if any(map(calls, parts[first:last])) and effects.does_more(s, position, kinds, heap):
                what = f"a function that changes what it finds, inside of {form}"
                raise s.refuse(what, "write the calls into the loop")
            known = [Seq(tuple(items)) for items in found if items is not None]
            if len(known) != len(found):
                return None
            return containers.lazy_items(s, Lazy(form, (*parts[:first], *known, *parts[last:])))
        case Lazy("product" | "chain" | "combinations" | "permutations" | "with_replacement" | "pairwise", parts):
            known_ = [every_item(s, p) for p in (parts if value.form in ("product", "chain") else parts[:1])]
            rows_ = [Seq(tuple(items)) for items in known_ if items is not None]
            if len(rows_) != len(known_):
                return None
            return iterators.items(s, Lazy(value.form, (*rows_, *parts[len(rows_) :])))
        case Lazy("generator"):
            return s.tools.generated(s, value, MOST_UNROLLED)
        case _:
            return containers.static_items(s, value)


def calls(value: Value) -> bool:
    """Are functions called, or expressions evaluated, as its items are taken?"""
    return isinstance(value, Lazy) and (value.form in ("map", "starmap", "generator") or any(map(calls, value.parts)))


def at(column: Column, k: int) -> Value:
    return column.item(Const(k))


def beside_known(
    s: Spec, parts: tuple[Value, ...], found: list[list[Value] | None]
) -> list[list[Value] | None]:
    """Of what only the run tells the length of as many items as there are known ones in ``zip`` with it."""
    known = [len(items) for items in found if items is not None]
    if not known or len(known) == len(found):
        return found
    out = list(found)
    for k, part in enumerate(parts):
        if out[k] is None:
            column = columns(s, part)
            if column.count is None:
                return found
            at_least(s, column.count, min(known))
            out[k] = operands(s, min(known), partial(at, column))
    return out


def with_endless(s: Spec, parts: tuple[Value, ...]) -> list[Value] | None:
    """``zip(xs, itertools.count())``: as long as what has an end."""
    ending = [every_item(s, p) for p in parts if not iterators.is_endless(p)]
    rows = [row for row in ending if row is not None]
    if len(rows) != len(ending) or not rows:
        return None
    count, found = min(map(len, rows)), iter(rows)
    table = [operands(s, count, partial(at, columns(s, p))) if iterators.is_endless(p) else next(found) for p in parts]
    return [Seq(tuple(row)) for row in zip(*table, strict=False)]
