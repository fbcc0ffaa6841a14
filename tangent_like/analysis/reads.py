"""What the way back reads, statement by statement, and where it reads each name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tangent_like.analysis.regions import Site
from tangent_like.ir.nodes import Index, Stmt
from tangent_like.ir.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class Reads:
    """What the reverse half of one statement reads: values before it, values after it."""

    before: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    memory: frozenset[str] = frozenset()  # names whose memory is referred to from then on
    # of some names, which elements: the name, the path (None for all), and whether after the statement
    places: tuple[tuple[str, Index | None, bool], ...] = ()
    restored: frozenset[str] = frozenset()  # what it computes again from the values after it, before it reads others
    returned: frozenset[str] = frozenset()  # names of what a callee returns and may have kept as well
    sized: frozenset[str] = frozenset()  # names whose size before is read, where they are bound


NOTHING = Reads()


def find_sites(reads: Mapping[Stmt, Reads]) -> dict[str, list[Site]]:
    """By name: where the way back reads its memory, and which elements."""
    found: dict[str, list[Site]] = {}
    for stmt, own in reads.items():
        told = {name for name, _, _ in own.places}
        others = [(n, None, False) for n in (own.before | own.memory) - told]
        others += [(n, None, True) for n in own.after - told]
        for name, path, after in (*own.places, *others):
            found.setdefault(name, []).append(Site(stmt, path, after))
    return found
