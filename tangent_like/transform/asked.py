"""What the way back asks again of statements and of plans."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tangent_like.analysis.places import paths_of
from tangent_like.ir.nodes import Expr, For, Index, Name
from tangent_like.transform.contribution import Plan
from tangent_like.transform.reading import split_reads


def counter(name: str) -> frozenset[str]:
    return frozenset({name}) if name else frozenset()


def args_again(stmt: For) -> tuple[Expr, ...]:
    """The arguments of ``range`` that the way back reads: a counter stands for where the loop ended."""
    if not stmt.turns:
        return stmt.args
    return (stmt.args[0], *stmt.args[2:]) if len(stmt.args) > 1 else ()


def asked_again(exprs: Iterable[Expr], stable: Callable[[str], bool]) -> frozenset[str]:
    """What the way back reads to ask again how the program went; the shape of a ``stable`` name is there anyway."""
    found: set[str] = set()
    for expr in exprs:
        values, shapes = split_reads(expr)
        found |= {e.id for e in values if isinstance(e, Name)}
        found |= {e.id for e in shapes if isinstance(e, Name) and not stable(e.id)}
    return frozenset(found)


def places_of(plan: Plan, read: set[str]) -> tuple[tuple[str, Index | None, bool], ...]:
    """Of names that are read: which elements."""
    found = [place for expr in plan.values() for place in paths_of(expr) if place[0] in read]
    for _, valued in plan.indices():  # sizes stay, whatever is stored
        found.extend((name, None, False) for name in sorted(valued) if name in read)
    return tuple(found)
