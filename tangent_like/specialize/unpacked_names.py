"""The names that the user gives to parts of arguments, which the parts have from the beginning.

    def f(params, y0, dt):                         def f(damping, omega, angle, speed, dt):
        damping, omega = params                        for _ in range(9):
        angle, speed = y0                                  speed -= dt * damping * math.sin(angle)
        for _ in range(9):                                 angle += dt * omega * speed
            speed -= dt * damping * math.sin(angle)        return angle
            angle += dt * omega * speed
        return angle

A name that is bound anew later is that of a part which nothing else reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tangent_like.ir.nodes import (
    Assign,
    Bind,
    Const,
    Define,
    Expr,
    Function,
    Index,
    Lambda,
    Name,
    Opaque,
    Origin,
    Stmt,
    Tuple,
)
from tangent_like.ir.walk import binds, expressions, statements, subexpressions
from tangent_like.specialize.resumed import walruses


@dataclass(frozen=True, eq=False)
class Given:
    """The name, and the statement that gives it."""

    name: str
    origin: Origin | None
    again: bool  # is it bound anew later?


def unpacked_names(function: Function, multiple: frozenset[str]) -> dict[tuple[object, ...], Given]:
    """By the way to a part, the parameter first; ``multiple`` are the names that are bound more than once."""
    params = {p.name for p in function.params if not p.star}
    inside = {n for stmt in statements(function.body) for n in walruses(stmt)}
    bound = {n for stmt in statements(function.body) for n in binds(stmt)} | inside
    found: dict[tuple[object, ...], Given] = {}
    count = Counter(_read(function))
    other = {*params, *function.outer, *inside}  # the names that somebody has
    for stmt in function.body:
        for way, name in _given(stmt):
            alone = name not in multiple or count[str(way[0])] == 1
            if way[0] in params - bound and way not in found and name not in other and alone:
                found[way] = Given(name, stmt.origin, name in multiple)
                other.add(name)
        other |= {n for s in statements((stmt,)) for n in binds(s)}
    return found


def _given(stmt: Stmt) -> Iterator[tuple[tuple[object, ...], str]]:
    """``a, (b, c) = p``: the ways to the parts, with their names."""
    match stmt:
        case Assign((_, _, *_) as targets, (value,)) if (way := _way(value)) is not None:
            yield from (((*way, k), name) for k, name in enumerate(targets))
        case Assign((name,), (Index() as value,)) if (way := _way(value)) is not None:
            yield way, name
        case Bind(Tuple() as target, "", value) if (way := _way(value)) is not None:
            yield from _inside(target, way)


def _inside(target: Expr, way: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], str]]:
    match target:
        case Name(id):
            yield way, id
        case Tuple(items):
            for k, item in enumerate(items):
                yield from _inside(item, (*way, k))


def _way(expr: Expr) -> tuple[object, ...] | None:
    match expr:
        case Name(id):
            return (id,)
        case Index(value, Const(int() as key)) if key >= 0 and (way := _way(value)) is not None:
            return (*way, key)
        case _:
            return None


def _read(function: Function) -> Iterator[str]:
    """The names that it reads, as often as it does; twice what functions inside read, and what is read turn by turn."""
    pending = [(function, 1)]
    while pending:
        one, times = pending.pop()
        for stmt in statements(one.body):
            if isinstance(stmt, Define):
                pending.append((stmt.function, 2))
            for expr in (e for top in expressions(stmt) for e in subexpressions(top)):
                if isinstance(expr, Name):
                    yield from (expr.id,) * times
                elif isinstance(expr, Opaque):
                    yield from (*expr.reads, *expr.reads)
                elif isinstance(expr, Lambda):
                    pending.append((expr.function, 2))
