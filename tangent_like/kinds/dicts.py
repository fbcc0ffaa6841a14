"""What is known about dicts whose keys only the run tells: their values all alike, their keys not."""

from __future__ import annotations

import collections
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from tangent_like.ir.nodes import Attribute, Binary, Call, Dict, Expr, Index, Library, Ref, Store
from tangent_like.kinds.kind import (
    FLOAT,
    INT,
    UNKNOWN,
    DictOf,
    Kind,
    ListOf,
    Plain,
    Scalar,
    Sequence,
    as_list,
    is_list,
    join,
    kind_of_value,
    without_sizes,
)

KindOf = Callable[[Expr], Kind]


class Got(NamedTuple):
    """``d.get(key, default)``: the place in the dict, and what stands for it where it is missing."""

    place: Index
    default: Expr


def got(expr: Expr, kind_of: KindOf) -> Got | None:
    match expr:
        case Call(Attribute(value, "get"), (key, default), ()) if isinstance(kind_of(value), DictOf):
            return Got(Index(value, key, expr.at), default)
        case _:
            return None


def keys_of(expr: Expr, kind_of: KindOf) -> Expr | None:
    """The dict of which ``list(d)`` and ``sorted(d)`` give the keys."""
    match expr:
        case Call(Ref(target=Library("builtins", "list" | "sorted")), (value,)) if isinstance(kind_of(value), DictOf):
            return value
        case _:
            return None


def of_dicts(expr: Expr, kind_of: KindOf) -> Kind | None:
    """The kind of what makes a dict, or reads one otherwise than by an index; None for anything else."""
    match expr:
        case Dict(keys, values) if None not in keys:
            kind = DictOf(None)
            for key, value in zip(keys, values, strict=True):
                if key is not None:
                    kind = with_value(kind, kind_of(value), kind_of(key))
            return kind
        case Call(Ref(target=Library(obj=collections.defaultdict)), (Ref(target=Library(obj=obj)),), ()):
            return DictOf(FLOAT if obj is float else Scalar("int"), None, True) if obj in (float, int) else None
        case Call(Attribute(value, "copy"), (), ()) if isinstance(whole := kind_of(value), DictOf):
            return whole
        case Call(Ref(target=Library("builtins", "set"))):
            return Plain("set")
        case Call(Attribute(value, "count" | "index"), (_, *_), ()) if is_list(kind_of(value)):
            return INT  # where something is in a list, and how often
        case Call() if (table := keys_of(expr, kind_of)) is not None:
            whole = kind_of(table)
            assert isinstance(whole, DictOf)
            return ListOf(whole.key or INT)  # of nothing: what is put there later is joined with the least
        case _ if (found := got(expr, kind_of)) is not None:
            whole = kind_of(found.place.value)
            assert isinstance(whole, DictOf)
            default = without_sizes(kind_of(found.default))
            return default if whole.item is None else join(whole.item, default)
        case _:
            return None


def kind_of_data(value: object) -> Kind:
    """The kind of a constant made of numbers and texts, in dicts, lists and tuples: what is said of each is of any."""
    if type(value) in _OF_TYPE:
        return _OF_TYPE[type(value)]
    if isinstance(value, dict):
        # each kind once: a table is asked at each call, and most of what is in it is alike
        kind = DictOf(None)
        for key, item in dict.fromkeys((kind_of_data(k), kind_of_data(v)) for k, v in value.items()):
            kind = with_value(kind, item, key)
        return kind
    if isinstance(value, list):
        return as_list(Sequence(tuple(dict.fromkeys(map(kind_of_data, value))), True))
    if type(value) is tuple:
        return Sequence(tuple(map(kind_of_data, value)))
    return without_sizes(kind_of_value(value)) if isinstance(value, bool | int | float | str | np.ndarray) else UNKNOWN


_OF_TYPE: Mapping[type, Kind] = {type(v): without_sizes(kind_of_value(v)) for v in (True, 1, 1.0, "")}


def with_value(kind: DictOf, item: Kind, key: Kind) -> DictOf:
    """The kind of a dict that may hold such a value under such a key, too."""
    item, key = without_sizes(item), without_sizes(key)
    return DictOf(
        item if kind.item is None else join(kind.item, item),
        key if kind.key is None else join(kind.key, key),
        kind.missing,
    )


def stored(kind: DictOf, stmt: Store, kind_of: KindOf) -> DictOf:
    """The kind of the dict after ``d[k] = v``, ``d[k] += v`` or ``del d[k]``."""
    if stmt.op == "del":
        return kind
    value = Binary(stmt.op, stmt.target, stmt.value) if stmt.op else stmt.value
    return with_value(kind, kind_of(value), kind_of(stmt.target.index))


def grows(kind: Kind | None) -> bool:
    """Is it a container of which a store changes what is known?"""
    return is_list(kind) or isinstance(kind, DictOf)

