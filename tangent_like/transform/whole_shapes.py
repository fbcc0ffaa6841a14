"""Checks of all the sizes of two arrays as one check of their shapes.

Before                                              After

    mu.shape[0] == noise.shape[0]                       mu.shape == noise.shape
    mu.shape[1] == noise.shape[1]
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tangent_like.kinds.dims import Assumption, Dim
from tangent_like.kinds.kind import Array, Kind

AXIS = re.compile(r"(.+)\.shape\[(\d+)\]")


def whole_shapes(assumptions: Sequence[Assumption], kinds: Mapping[str, Kind]) -> list[str]:
    """The checks as they are written; ``kinds`` are those of arguments, by how they are reached."""
    pairs = [_pair(one, kinds) for one in assumptions]
    axes: dict[frozenset[str], set[int]] = {}
    for pair in pairs:
        if pair is not None:
            axes.setdefault(frozenset(pair[:2]), set()).add(pair[2])
    found: dict[str, None] = {}
    for one, pair in zip(assumptions, pairs, strict=True):
        if pair is None or len(axes[frozenset(pair[:2])]) < pair[3]:
            found[str(one)] = None
        elif f"{pair[1]}.shape == {pair[0]}.shape" not in found:
            found[f"{pair[0]}.shape == {pair[1]}.shape"] = None
    return list(found)


def _pair(one: Assumption, kinds: Mapping[str, Kind]) -> tuple[str, str, int, int] | None:
    """The two arrays of which it says that they are equally long along one axis, that axis, and how many they have."""
    left, right = _axis(one.left), _axis(one.right)
    if one.op != "==" or left is None or right is None or left[1] != right[1] or left[0] == right[0]:
        return None
    ranks = {kind.rank if isinstance(kind, Array) else None for kind in (kinds.get(left[0]), kinds.get(right[0]))}
    rank = ranks.pop()
    return (left[0], right[0], left[1], rank) if rank is not None and not ranks else None


def _axis(dim: Dim) -> tuple[str, int] | None:
    match dim:
        case Dim(((text, 1),), 0) if found := AXIS.fullmatch(text):
            return found[1], int(found[2])
        case _:
            return None
