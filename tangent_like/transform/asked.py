"""What the way back asks again of statements and of plans."""

from __future__ import annotations

from tangent_like.analysis.places import paths_of
from tangent_like.ir.nodes import Expr, For, If, Index
from tangent_like.ir.walk import names
from tangent_like.transform.contribution import Plan


def counter(name: str) -> frozenset[str]:
    return frozenset({name}) if name else frozenset()


def args_again(stmt: For) -> tuple[Expr, ...]:
    """The arguments of ``range`` that the way back reads: a counter stands for where the loop ended."""
    if not stmt.turns:
        return stmt.args
    return (stmt.args[0], *stmt.args[2:]) if len(stmt.args) > 1 else ()


def names_of_tests(stmt: If) -> set[str]:
    return {n for arm in stmt.arms for n in names(arm.test)}


def places_of(plan: Plan, read: set[str]) -> tuple[tuple[str, Index | None, bool], ...]:
    """Of names that are read: which elements."""
    found = [place for expr in plan.values() for place in paths_of(expr) if place[0] in read]
    for _, own in plan.indices():
        found.extend((name, None, False) for name in sorted(own) if name in read)
    return tuple(found)
