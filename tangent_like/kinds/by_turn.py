"""Sizes that every turn of a loop moves by as much: how long an array is as a turn begins, by the variable of the loop.

    for i in range(n - 1, -1, -1):               # i: i@0, from n - 1 down to 0
        v = p * v[1:] + q * v[:-1]               # v: i@0 + 2 as the turn begins, i@0 + 1 as it ends

The first turn says by how much; that it is so in every turn is asked of a turn that begins with these sizes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.ir.nodes import Expr
from tangent_like.kinds.dims import Dim, Sizes, fixed, symbol
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.kinds.operands import literal


@dataclass(eq=False)
class ByTurn:
    """Of one loop: its symbol, where that begins and by what it moves, and what is taken for true of arrays."""

    own: str
    first: Dim
    step: int
    taken: dict[tuple[str, int], Dim] = field(default_factory=dict)

    @property
    def variable(self) -> Kind:
        """The variable of the loop in its first turn."""
        return Scalar("int", None, self.first)

    def take(self, before: Mapping[str, Kind | None], ends: Mapping[str, Kind], sizes: Sizes) -> None:
        """What the sizes are, if all turns do as the first: what it began and what it ended with."""
        for name, kind in before.items():
            end = ends.get(name)
            if not isinstance(kind, Array) or not isinstance(end, Array) or kind.dims is None or end.dims is None:
                continue
            if len(kind.dims) == len(end.dims):
                for k, (old, new) in enumerate(zip(kind.dims, end.dims, strict=True)):
                    moved = None if old is None or new is None else _moved(old, new, sizes)
                    if old is not None and moved:
                        self.taken[name, k] = old + (symbol(self.own) - self.first).times(moved * self.step)

    def confirmed(self, name: str, end: Kind, kind: Kind, asked: bool, sizes: Sizes) -> Kind:
        """The kind with which turns begin; ``asked``: of a turn that began so, ``end`` is what it ended with."""
        if not isinstance(kind, Array) or kind.dims is None:
            return kind
        dims = list(kind.dims)
        for k in range(len(dims)):
            size = self.taken.get((name, k))
            if size is None:
                continue
            new = end.dims[k] if isinstance(end, Array) and end.dims is not None and k < len(end.dims) else None
            if asked and not sizes.same(new, self.behind(size)):
                del self.taken[name, k]
            else:
                dims[k] = size
        return Array(tuple(dims), kind.dtype)

    def behind(self, size: Dim) -> Dim:
        """The size with which the next turn begins."""
        return size + fixed(dict(size.terms).get(self.own, 0) * self.step)


def _moved(old: Dim, new: Dim, sizes: Sizes) -> int | None:
    """By how much, where every slice lies within its axis; or in the call at hand."""
    by = sizes.unclipped(new) - sizes.unclipped(old)
    return sizes.evaluate(by) if by.known is None else by.known


def by_turn(own: str | None, args: tuple[Expr, ...], sizes: Sizes) -> ByTurn | None:
    """Of a loop over ``range`` in steps of 1 or -1 of which it is known where it begins."""
    step = literal(args[2]) if len(args) == 3 else 1
    if own is None or isinstance(step, bool) or step not in (1, -1):
        return None
    low, high = sizes.turns.get(own, (None, None))
    first = low if step == 1 else high
    return None if first is None else ByTurn(own, first, int(step))


def moves(before: Mapping[str, Kind | None], ends: Mapping[str, Kind]) -> bool:
    """Does a turn change the size of an array?"""
    pairs = ((kind, ends.get(name)) for name, kind in before.items())
    return any(isinstance(a, Array) and isinstance(b, Array) and a.dims != b.dims for a, b in pairs)
