"""What a statement's reverse half does: temporaries, and what they and its reads contribute to which adjoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tangent_like.ir.nodes import Attribute, Expr, Index
from tangent_like.ir.quick import quick
from tangent_like.ir.walk import base_name, names
from tangent_like.kinds.kind import Kind


def choosing(path: Expr) -> frozenset[str]:
    """The names that say which place of its base a path is: the base too, where it is asked (``x[x > 0]``)."""
    match path:
        case Index(value, index):
            return choosing(value) | names(index)
        case Attribute(value):
            return choosing(value)
        case _:
            return names(path) - {base_name(path) or ""}


@quick
@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """``value`` goes to the adjoint of the place ``path`` (a name or a chain of views below it).

    ``fancy`` is an index by integer arrays at the end of the path: places may repeat.
    """

    path: Expr
    value: Expr
    kind: Kind  # of the place
    value_kind: Kind
    fancy: Expr | None = None

    @property
    def name(self) -> str:
        found = base_name(self.path)
        assert found is not None
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Temporaries in order, then contributions. ``seeds`` name the adjoints that flow in."""

    temps: tuple[tuple[str, Expr], ...]
    parts: tuple[Contribution, ...]
    seeds: tuple[str, ...]
    env: Mapping[str, Kind]

    def values(self) -> tuple[Expr, ...]:
        return (*(e for _, e in self.temps), *(c.value for c in self.parts))

    def indices(self) -> tuple[tuple[Expr, frozenset[str]], ...]:
        """What says which places are written, with the names that it reads: a path without that which it is of."""
        return (
            *((c.path, frozenset(choosing(c.path))) for c in self.parts),
            *((c.fancy, frozenset(names(c.fancy))) for c in self.parts if c.fancy is not None),
        )

    def paths(self) -> tuple[Expr, ...]:
        return (
            *(c.path for c in self.parts),
            *(c.fancy for c in self.parts if c.fancy is not None),
        )
