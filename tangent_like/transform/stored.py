"""What a store leaves in its place, read there by its own reverse half instead of being kept beside."""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.nodes import Attribute, Binary, Compare, Expr, Fresh, Index, Name, Slice, Store
from tangent_like.ir.walk import rebuild, same
from tangent_like.kinds.indexing import index_items, sort_of_index
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar, Unknown

Stays = Callable[[Store], bool]


def stored_value(stmt: Store, kind_of: Callable[[Expr], Kind], stays: Stays) -> Expr | None:
    """The place after the store, if the value stays there to the end as it was computed; else None."""
    value = stmt.value if not stmt.op else Binary(stmt.op, stmt.target, stmt.value)
    if stmt.each or not isinstance(_base(stmt.target), Name) or not _unchanged(kind_of(stmt.target), kind_of(value)):
        return None
    return _after(stmt.target) if stays(stmt) else None


def _base(path: Expr) -> Expr:
    while isinstance(path, Index):
        path = path.value
    return path


def _after(path: Expr) -> Expr:
    if isinstance(path, Index):
        return Index(_after(path.value), path.index)
    assert isinstance(path, Name)
    return Fresh(path.id)


def _unchanged(place: Kind, value: Kind) -> bool:
    """Is a value the same number for number once it is stored?"""
    match place, value:
        case Scalar("float", own), Scalar("float", other):
            return own in (None, "float64") and other in (None, "float64")
        case Array(), Array():
            known = place.dims is not None and None not in place.dims
            return known and place.dims == value.dims and place.dtype == value.dtype is not None
        case _:
            return False


def read_back(expr: Expr, target: Index, name: str, value: Callable[[Index], Expr]) -> Expr:
    """``expr`` with what a store left in its ``target`` replaced; the place is given with the name of the array.

    Of ``y[:, i][:, None]`` the place is ``y[:, i]``, where that is what was written.
    """
    if isinstance(expr, Index) and isinstance(_base(expr), Fresh) and _depth(expr) <= _depth(target):
        return value(_named(expr, name))
    return rebuild(expr, lambda child: read_back(child, target, name, value))


def _depth(path: Expr) -> int:
    return 1 + _depth(path.value) if isinstance(path, Index) else 0


def _named(path: Index, name: str) -> Index:
    inner = _named(path.value, name) if isinstance(path.value, Index) else Name(name)
    return Index(inner, path.index)


def copied_part(target: Index, kind_of: Callable[[Expr], Kind]) -> Expr | None:
    """The part of what is written that is a copy: of an array by a mask or places, of a list by a slice."""
    node = target.value
    while isinstance(node, Index | Attribute):
        if isinstance(node, Index):
            of, index = kind_of(node.value), node.index
            if isinstance(of, Array) and sort_of_index(index, kind_of) in ("mask", "fancy"):
                return node
            if isinstance(of, ListOf) and isinstance(index, Slice):
                return node
            if isinstance(of, Array | Unknown) and any(_is_array(e, node.value, kind_of) for e in index_items(index)):
                return node
        node = node.value
    return None


def _is_array(index: Expr, of: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    """An array of places or truths, of whatever dtype: a number nowhere, since ``y > 0`` in ``y[y > 0]`` is none."""
    kind = kind_of(index)
    if isinstance(kind, Array):
        return kind.rank != 0
    return isinstance(index, Compare) and any(same(e, of) for e in (index.left, *index.rights))


def of_the_copy(stmt: Store, copy: Expr, name: str) -> Store:
    """The store into a copy that has a name by now."""

    def change(expr: Expr) -> Expr:
        return Name(name) if expr is copy else rebuild(expr, change)

    target = change(stmt.target)
    assert isinstance(target, Index)
    return Store(target, stmt.op, stmt.value, stmt.origin, stmt.each)
