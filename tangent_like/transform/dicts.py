"""Dicts whose keys only the run tells: the adjoint is a dict with the same keys, and a zero under all others.

    v = d[k]                  ->      d_bar[k] += v_bar
    d[k] = 2 * v              ->      v_bar += 2 * d_bar[k];  d_bar[k] = 0.0
    v = d.get(k, 0.0)         ->      d_bar[k] += v_bar
    d = {"a": v}              ->      v_bar += d_bar["a"]

What flows to a key that ``get`` has not found goes nowhere: nobody has put a value there before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tangent_like.errors import Place, UnsupportedError
from tangent_like.ir.build import ZERO, builtin_ref
from tangent_like.ir.nodes import Attribute, Call, Dict, Each, Expr, Index, Name, Stmt, Store
from tangent_like.kinds.dicts import Got, got
from tangent_like.kinds.kind import DictOf, Kind


class Asked(Protocol):
    """What these ask of the plan that they are part of."""

    def kind_of(self, expr: Expr) -> Kind: ...

    def place(self, expr: Expr) -> Place: ...

    def is_varied(self, expr: Expr) -> bool: ...


class Backward(Asked, Protocol):
    def back(self, expr: Expr, g: Expr) -> None: ...

    def back_index(self, expr: Index, g: Expr) -> None: ...


class Onward(Asked, Protocol):
    def item_of(self, item: Expr) -> Expr: ...

    def full(self, expr: Expr) -> Expr | None: ...


def back_dict(planner: Backward, expr: Expr, g: Expr) -> bool:
    """What flows to a display, and through ``get``; False for anything else."""
    if isinstance(expr, Dict):
        for key, value in zip(expr.keys, expr.values, strict=True):
            assert key is not None
            planner.back(value, Index(g, key))
        return True
    if (copied := copied_dict(expr, planner.kind_of)) is not None:
        planner.back(copied, g)
        return True
    read = read_of(planner, expr)
    if read is None:
        return False
    planner.back_index(read.place, g)
    return True


def push_dict(pusher: Onward, expr: Expr) -> Expr | None:
    """The tangents of the values under the same keys, or the one under a key."""
    if isinstance(expr, Dict):
        return Dict(expr.keys, tuple(map(pusher.item_of, expr.values)))
    if (copied := copied_dict(expr, pusher.kind_of)) is not None:
        whole = pusher.full(copied)
        return None if whole is None else Call(Attribute(whole, "copy"), ())
    read = read_of(pusher, expr)
    if read is None:
        return None
    inner = pusher.full(read.place.value)
    return ZERO if inner is None else Call(Attribute(inner, "get"), (read.place.index, ZERO))


def copied_dict(expr: Expr, kind_of: Callable[[Expr], Kind]) -> Expr | None:
    """What ``d.copy()`` copies."""
    match expr:
        case Call(Attribute(value, "copy"), (), ()) if isinstance(kind_of(value), DictOf):
            return value
        case _:
            return None


def read_of(asked: Asked, expr: Expr) -> Got | None:
    found = got(expr, asked.kind_of)
    if found is not None and asked.is_varied(found.default):
        raise UnsupportedError("a default that carries a derivative", asked.place(expr), "write an if: key in d")
    return found


def added_dict(bar: str, value: Expr, fresh: Callable[[str], str]) -> list[Stmt]:
    """The adjoint of a dict that goes by another name, too, added key by key to the one that there is."""
    key = fresh("key")
    place = Store(Index(Name(bar), Name(key)), "+", Index(value, Name(key)))
    return [Each(key, Call(builtin_ref("list"), (value,)), (place,))]
