"""What a statement's reverse half does: temporaries, and what they and its reads contribute to which adjoints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tangent_like.ir.nodes import Attribute, Expr, Index, Name
from tangent_like.ir.quick import quick
from tangent_like.ir.walk import base_name, names
from tangent_like.kinds.kind import Kind
from tangent_like.transform.reading import split_reads


def choosing(path: Expr) -> frozenset[str]:
    """The names that say which place of its base a path is: the base too, where it is asked (``x[x > 0]``)."""
    match path:
        case Index(value, index):
            return choosing(value) | names(index)
        case Attribute(value):
            return choosing(value)
        case _:
            return names(path) - {base_name(path) or ""}


def valued(path: Expr) -> frozenset[str]:
    """Those of the names that say which place it is that are read by value: not ``u`` of ``u[len(u) // 2]``."""
    match path:
        case Index(value, index):
            return valued(value) | {e.id for e in split_reads(index)[0] if isinstance(e, Name)}
        case Attribute(value):
            return valued(value)
        case _:
            return choosing(path)


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

    def indices(self) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
        """The names that say which places are written, of paths without what they are of; and those read by value."""
        fancy = [c.fancy for c in self.parts if c.fancy is not None]
        return (
            *((choosing(c.path), valued(c.path)) for c in self.parts),
            *((frozenset(names(e)), frozenset(n.id for n in split_reads(e)[0] if isinstance(n, Name))) for e in fancy),
        )

    def paths(self) -> tuple[Expr, ...]:
        return (
            *(c.path for c in self.parts),
            *(c.fancy for c in self.parts if c.fancy is not None),
        )
