"""Fresh names at the top level: where the old value is still needed, the new one is called something else."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tangent_like.analysis.recorded import Records
from tangent_like.analysis.typing import Typing
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Expr,
    Function,
    Name,
    Stmt,
)
from tangent_like.ir.rewrite import guarding, rewrite
from tangent_like.ir.walk import binds, reads, statements, substitute, with_body
from tangent_like.kinds.kind import UNKNOWN, Array, Kind, Scalar


def find_renames(original: Function, body: Block, records: Records, typing: Typing) -> dict[int, tuple[str, ...]]:
    """By place at the top level: names whose new binding gets a fresh name.

    Those whose old value is still needed, and those whose kind changes: a name has one kind.
    """
    found: dict[int, tuple[str, ...]] = {}
    bound: dict[str, Kind] = {}
    places = _places(original.body, body)
    for stmt in body:
        k = places.get(stmt, -1)
        if k < 0:
            continue
        wanted = list(records.renames.get(stmt, ()))
        if isinstance(stmt, Assign):
            for name in stmt.targets:
                new = typing.after.get(stmt, {}).get(name, UNKNOWN)
                if name in bound and not _same_sort(bound[name], new) and name not in wanted:
                    wanted.append(name)
                bound[name] = new
        if wanted:
            found[k] = tuple(wanted)
    return found


def _places(original: Block, body: Block) -> dict[Stmt, int]:
    """Where the simple statements of the readied body stand in the block that it was made from."""
    own = {stmt: k for k, stmt in enumerate(original)}
    by_origin = {
        (s.origin, s.targets): k for k, s in enumerate(original) if isinstance(s, Assign) and s.origin is not None
    }
    found: dict[Stmt, int] = {}
    for stmt in body:
        if stmt in own:
            found[stmt] = own[stmt]
        elif isinstance(stmt, Assign) and stmt.origin and (stmt.origin, stmt.targets) in by_origin:
            found[stmt] = by_origin[stmt.origin, stmt.targets]  # a call that got its ``saved``
    return found


def _same_sort(a: Kind, b: Kind) -> bool:
    if isinstance(a, Scalar) and isinstance(b, Scalar):
        return True
    if isinstance(a, Array) and isinstance(b, Array):
        return a.rank == b.rank
    return type(a) is type(b)


def rename_from(function: Function, renames: Mapping[int, tuple[str, ...]], namer: Namer) -> Function:
    """From each such binding on, the name is another."""
    table: dict[str, str] = {}
    out: list[Stmt] = []

    def change(expr: Expr) -> Expr:
        return substitute(expr, {old: Name(new) for old, new in table.items()}) if table else expr

    def rename(name: str) -> str:
        return table.get(name, name)

    for k, stmt in enumerate(function.body):
        if k not in renames:
            # a statement that stays one and the same keeps what is known of it
            out.append(rewrite(stmt, change, rename) if table and mentions(stmt, table) else stmt)
            continue
        wanted = renames[k]
        match stmt:
            case Assign(targets, values):
                new_values = tuple(change(v) for v in values)
                writes = tuple(rename(n) for n in stmt.writes)
                for name in wanted:
                    table[name] = namer.fresh(_version(name))
                guard = None if stmt.guard is None else (change(stmt.guard[0]), stmt.guard[1])
                new = tuple(rename(t) for t in targets)
                out.append(Assign(new, new_values, stmt.origin, stmt.saved, guard, writes))
            case _:
                # v += e where the old value is needed: the sum gets the new name
                assert isinstance(stmt, Augment)
                value = change(Binary(stmt.op, Name(stmt.target), stmt.value))
                table[wanted[0]] = namer.fresh(_version(wanted[0]))
                out.append(Assign((table[wanted[0]],), (value,), stmt.origin))
    return with_body(function, tuple(out))


def mentions(stmt: Stmt, table: Mapping[str, str]) -> bool:
    """Does a statement, inner blocks included, read or bind one of the names, or ask it on the way back?"""
    return any(not table.keys().isdisjoint((*reads(s), *binds(s), *guarding(s))) for s in statements((stmt,)))


def _version(name: str) -> str:
    """The name without the number of its version: the namer gives the next."""
    return re.sub(r"_\d+$", "", name)
