"""Sizes of which nothing is known have names of their own: what is made of one array is as large as that array.

    d = x[x > 0]             # of items@0.0 entries
    s = c * d                # of as many
    i, j = np.nonzero(A)     # of items@1.0 entries, both

Each statement that binds such an array names the size anew, in each turn of a loop: no two values that may differ in
size share a name. A function names other sizes than those of its arguments, and nobody outside knows its names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from tangent_like import runtime
from tangent_like.analysis.settling import LENGTH
from tangent_like.ir.nodes import Call, Expr, Library, Ref, Stmt
from tangent_like.kinds.dims import symbol
from tangent_like.kinds.kind import Array, Kind, Sequence
from tangent_like.kinds.steps import without

PLACES = frozenset({"nonzero", "where", "triu_indices", "tril_indices", "triu_indices_from", "tril_indices_from"})
MOST = 4  # names of sizes among the arguments
HELPERS = Path(runtime.__file__).parent
OWN = re.compile(rf"{LENGTH}(\d+)\.")


def named(lengths: dict[Expr | Stmt, str], key: Expr | Stmt, params: Mapping[str, Kind]) -> str:
    """The name of the sizes that come of an expression, or a statement: of no size of the parameters.

    None where functions that call each other would find new names without end.
    """
    if key not in lengths:
        first = 1 + max((int(n) for n in OWN.findall(repr(params))), default=-1)
        lengths[key] = f"{LENGTH}{first + len(lengths)}" if first < MOST else ""
    return lengths[key]


def with_sizes(kind: Kind, name: str) -> Kind:
    """The kind with names for the sizes of which nothing is known."""
    return sized(kind, name) if isinstance(kind, Array) else kind


def sized(kind: Array, name: str) -> Array:
    if kind.dims is None or None not in kind.dims or not name:
        return kind
    return Array(tuple(symbol(f"{name}.{k}") if d is None else d for k, d in enumerate(kind.dims)), kind.dtype)


def is_unsized(kind: Kind) -> bool:
    """Is it an array of known rank, and of a size of which nothing is known?"""
    return isinstance(kind, Array) and kind.dims is not None and None in kind.dims


def of_one(kinds: dict[str, Kind], name: Callable[[], str], file: str) -> dict[str, Kind]:
    """The kinds of what a statement binds; of a single array with names for its sizes.

    Not in our own helpers: what is put on their lists would never come to an end of new names.
    """
    if len(kinds) != 1 or not any(map(is_unsized, kinds.values())) or Path(file).parent == HELPERS:
        return kinds
    return {target: with_sizes(kind, name()) for target, kind in kinds.items()}


def of_several(value: Expr, kind: Kind, name: Callable[[], str]) -> Kind:
    """The kind of what is taken apart: of vectors of positions, one for each axis, each is as long as the others."""
    match value, kind:
        case Call(Ref(target=Library("numpy", function))), Sequence(items) if function in PLACES and items:
            if all(map(is_unsized, items)):
                return Sequence(tuple(with_sizes(item, name()) for item in items), kind.is_list, kind.of)
            return kind
        case _:
            return kind


def without_own(kind: Kind, params: Mapping[str, Kind]) -> Kind:
    """The kind of a result without the names that the function gave to sizes: each call gives others."""
    found = set(OWN.findall(repr(kind)))
    for number in found - set(OWN.findall(repr(params))) if found else found:
        kind = without(kind, f"{LENGTH}{number}.")
    return kind
