"""Sums that a loop begins at a number and adds arrays to: an array from the first turn on.

    total = 0.0
    for k in range(len(w)):
        total = total + w[k] * f(x, k)       # where the turn begins, the number stands for as many of it
    return np.sum((y - total) ** 2)

Where nothing else in the turn reads the sum, and there is a turn for certain: derivatives are held to that. The adjoint
of each term is that of the sum, then, as it stands; nobody asks of the sum in a turn how large it has been.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Break,
    Const,
    Continue,
    Each,
    For,
    Function,
    Name,
    Raise,
    Return,
    Stmt,
)
from tangent_like.ir.walk import binds, blocks, bound_in, names, reads, statements
from tangent_like.kinds.dims import Assumption, Dim, Sizes, fixed
from tangent_like.kinds.kind import Array, Kind, Scalar


@dataclass(frozen=True, eq=False)
class SpreadSums:
    """``names``: by loop, those that may be such sums; ``turns`` how many turns it has, less one."""

    names: Mapping[Stmt, frozenset[str]] = field(default_factory=dict)
    turns: dict[Stmt, Dim | None] = field(default_factory=dict)
    asked: dict[Stmt, tuple[Assumption, ...]] = field(default_factory=dict)

    @staticmethod
    def of(function: Function) -> SpreadSums:
        found: dict[Stmt, frozenset[str]] = {}
        _find(function.body, found)
        return SpreadSums(found)

    def counted(self, stmt: Stmt, low: Dim | None, high: Dim | None) -> None:
        """Its turns go from ``low`` to ``high``."""
        if stmt in self.names:
            self.turns[stmt] = None if low is None or high is None else high - low

    def over(self, stmt: Stmt, kind: Kind) -> None:
        """It goes over what is of this kind."""
        if isinstance(kind, Array) and kind.dims:
            self.counted(stmt, fixed(1), kind.dims[0])

    def joined(self, stmt: Stmt, name: str, begin: Kind | None, end: Kind, sizes: Sizes) -> Kind | None:
        """What such a sum is where a turn begins, if it is one."""
        match begin, end:
            case Scalar("int" | "float", None), Array(dims, "float64") if name in self.names.get(stmt, ()):
                more = self.turns.get(stmt)
                if not dims or None in dims or more is None or not more.steady:
                    return None
                if more.known is not None:
                    return end if more.known >= 0 else None
                asked = sizes.at_least(more)
                if asked is None:
                    return None
                self.asked[stmt] = (asked,)
                return end
            case _:
                return None


def _find(block: Block, found: dict[Stmt, frozenset[str]]) -> None:
    for k, stmt in enumerate(block):
        for inner in blocks(stmt):
            _find(inner, found)
        if isinstance(stmt, For | Each) and not stmt.slots and not stmt.turns:
            sums = frozenset(s for s in map(_sum, stmt.body) if s and _is_sum(s, stmt) and _begins(s, block[:k]))
            if sums:
                found[stmt] = sums


def _sum(stmt: Stmt) -> str:
    """The name that a statement adds to."""
    match stmt:
        case Assign((name,), (Binary("+" | "-", Name(id), more),), _, "", None, ()) if id == name:
            pass
        case Assign((name,), (Binary("+", more, Name(id)),), _, "", None, ()) if id == name:
            pass
        case Augment(name, "+" | "-", more):
            pass
        case _:
            return ""
    return "" if name in names(more) else name


def _is_sum(name: str, loop: For | Each) -> bool:
    inside = list(statements(loop.body))
    if any(isinstance(s, Break | Continue | Return | Raise) for s in inside) or name == loop.target:
        return False
    bound = [s for s in inside if name in binds(s)]
    return len(bound) == 1 and not any(name in reads(s) for s in (loop, *inside) if s is not bound[0])


def _begins(name: str, before: Block) -> bool:
    """Is it a number where the loop begins, for all to see?"""
    last = next((s for s in reversed(before) if name in bound_in((s,))), None)
    match last:
        case Assign(targets, values, _, "") if len(targets) == len(values):
            value = values[targets.index(name)]
            return isinstance(value, Const) and is_number(value) and not isinstance(value.value, bool | complex)
        case _:
            return False
