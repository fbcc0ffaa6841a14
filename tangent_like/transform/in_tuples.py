"""Adding to the adjoints of tuples in lists. A part of one is a copy: its places are those of the whole.

    h = rows[-1][1:]        adds to        rows_bar[-1][1], rows_bar[-1][2]
"""

from __future__ import annotations

from tangent_like.ir.build import add
from tangent_like.ir.nodes import Call, Const, Expr, Index, List, Name, Slice, Stmt, Store
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.indexing import indexed
from tangent_like.kinds.kind import UNKNOWN, Array, Kind, ListOf, Scalar, Sequence, item_of
from tangent_like.kinds.operands import literal
from tangent_like.transform.contribution import Contribution
from tangent_like.transform.runtime_refs import helper


def items_of(place: Index, part: Contribution, kind: Kind) -> list[Index]:
    """The places of the items of a tuple in a list: those of ``t[1:]`` are places in ``t``, of which it is a copy."""
    assert isinstance(part.kind, Sequence)
    every = range(len(part.kind.items))
    if not isinstance(place.index, Slice):
        return [Index(place, Const(k)) for k in every]
    assert isinstance(part.path, Index)
    holder = kind_of_place(part.path.value, kind)
    index = place.index
    lower, upper, step = (None if b is None else whole(b) for b in (index.lower, index.upper, index.step))
    assert isinstance(holder, Sequence)
    return [Index(place.value, Const(k)) for k in range(len(holder.items))[lower:upper:step]]


def whole(bound: Expr) -> int:
    """The number that the text says: what is known item by item is cut at such."""
    found = literal(bound)
    assert isinstance(found, int)
    return found


def kind_of_place(path: Expr, kind: Kind) -> Kind | None:
    """The kind of a place in what a name of this kind holds, as far as that is lists and tuples."""
    if isinstance(path, Name):
        return kind
    held = kind_of_place(path.value, kind) if isinstance(path, Index) else None
    if not isinstance(path, Index) or not isinstance(held, ListOf | Sequence):
        return None
    return indexed(held, path.index, lambda _: UNKNOWN, Sizes({}))


def item_by_item(places: list[Index], value: Expr, kind: Sequence) -> list[Stmt]:
    """What is added to a tuple in a list, whose items are of several kinds: in text that is differentiated again."""
    out: list[Stmt] = []
    for k, (one, item) in enumerate(zip(places, kind.items, strict=True)):
        more = value.items[k] if isinstance(value, List) else Index(value, Const(k))
        if isinstance(item, Sequence):
            out.extend(item_by_item([Index(one, Const(j)) for j in range(len(item.items))], more, item))
        elif isinstance(item, Array | Scalar):
            out.append(Store(one, "", add(one, more)))
        else:  # a list, or what may be one
            out.append(Store(one, "", Call(helper("added"), (one, more))))
    return out


def through_lists(path: Expr, kind: Kind) -> bool:
    """Is a place in a list that a name holds, or in a list in one, and not in an array?"""
    if isinstance(path, Name):
        return isinstance(kind, ListOf | Sequence)
    if not isinstance(path, Index) or not through_lists(path.value, kind):
        return False
    depth = 0
    inner: Expr = path.value
    while isinstance(inner, Index):
        inner, depth = inner.value, depth + 1
    found: Kind | None = kind
    for _ in range(depth):
        found = item_of(found) if isinstance(found, ListOf | Sequence) else None
    return isinstance(found, ListOf | Sequence)
