"""Sums that a loop begins at a number and adds arrays to: an array from the first turn on.

    total = b
    for k in range(len(w)):
        total = total + w[k] * f(x, k)       # where the turn begins, the number stands for as many of it
    return np.sum((y - total) ** 2)

Where nothing else in the turn reads the sum, and there is a turn for certain: derivatives are held to that. The adjoint
of each term is that of the sum, then, as it stands, and that of the number all of it together; nobody asks of the sum
in a turn how large it has been.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Break,
    Call,
    Continue,
    Each,
    For,
    Function,
    Name,
    Raise,
    Return,
    Stmt,
)
from tangent_like.ir.walk import binds, blocks, bound_in, names, reads, statements, subexpressions
from tangent_like.kinds.dims import Assumption, Dim, Sizes, fixed
from tangent_like.kinds.kind import Array, Kind, Scalar


@dataclass(frozen=True, eq=False)
class SpreadSums:
    """``names``: by loop, those that may be such sums, and where they begin; ``turns``: how many it has, less one.

    ``began``: by these beginnings, those of which it is known, and what they are from the first turn on.
    """

    names: Mapping[Stmt, Mapping[str, Stmt]] = field(default_factory=dict)
    turns: dict[Stmt, Dim | None] = field(default_factory=dict)
    asked: dict[Stmt, tuple[Assumption, ...]] = field(default_factory=dict)
    began: dict[tuple[Stmt, str], Array] = field(default_factory=dict)

    @staticmethod
    def of(function: Function) -> SpreadSums:
        found: dict[Stmt, Mapping[str, Stmt]] = {}
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
        if name not in self.names.get(stmt, ()):
            return None
        match begin, end:
            case Scalar("int" | "float", None | "float64", mixed=False), Array(dims, "float64"):
                more = self.turns.get(stmt)
                if not dims or None in dims or more is None or not more.steady:
                    return None
                asked = sizes.at_least(more)
                if asked is None:
                    return None
                self.asked[stmt] = () if more.known is not None else (asked,)
                self.began[self.names[stmt][name], name] = end
                return end
            case _:
                return None


def _find(block: Block, found: dict[Stmt, Mapping[str, Stmt]]) -> None:
    for k, stmt in enumerate(block):
        for inner in blocks(stmt):
            _find(inner, found)
        if isinstance(stmt, For | Each) and not stmt.slots and not stmt.turns:
            sums = {name for name in map(_sum, stmt.body) if name and _is_sum(name, stmt)}
            begins = {name: _begin(name, block[:k]) for name in sums}
            known = {name: begin for name, begin in begins.items() if begin is not None}
            if known:
                found[stmt] = known


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


def _begin(name: str, before: Block) -> Stmt | None:
    """Where the sum gets the number that it begins at, if that is in the same block, no call, and for it alone."""
    at = next((k for k in reversed(range(len(before))) if name in bound_in((before[k],))), None)
    if at is None or any(name in reads(s) for s in statements(before[at + 1 :])):
        return None
    match last := before[at]:
        case Assign(targets, values, _, "", None, ()) if len(targets) == len(values):
            value = values[targets.index(name)]
            return None if any(isinstance(e, Call) for e in subexpressions(value)) else last
        case _:
            return None
