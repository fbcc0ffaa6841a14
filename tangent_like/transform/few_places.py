"""What the way back reads of an array in few places gets a name, if else the array would be kept store by store.

Before                                           After

    for t in range(steps):                           for t in range(steps):
        for i in range(1, n - 1):                        for i in range(1, n - 1):
            u[i] += 0.1 * (u[i + 1] - u[i - 1])              u[i] += 0.1 * (u[i + 1] - u[i - 1])
        e += u[3] ** 2                                   u_3 = u[3]
                                                         e += u_3 ** 2

One number is kept in each turn then, and not what every store overwrites; and an array once, where the stores are of
single numbers in loops of their own. Only where nothing else of what the stores overwrite is read on the way back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from tangent_like.analysis.places import paths_of
from tangent_like.analysis.regions import Site, flattened
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Block,
    Call,
    Choose,
    Comprehension,
    Const,
    Each,
    Expr,
    For,
    Function,
    Index,
    Lambda,
    Logic,
    Name,
    Opaque,
    Push,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.walk import base_name, blocks, called_by, key, rebuild, statements, subexpressions, with_body
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.transform.sweep import Sweep

MOST = 4  # places that are kept in a turn in place of what one store overwrites

Around = tuple[Stmt, ...]


def with_few_places_named(function: Function, body: Block, sweep: Sweep, namer: Namer) -> Function:
    """The function with names for such places; itself where there are none.

    ``body`` is the function's as the ``sweep`` knows it: what is not the same statement in both stays as it is.
    """
    around = dict(_loops(body, ()))
    own = {s for s in statements(function.body) if _values(s)}
    wanted: dict[Stmt, dict[object, Expr]] = {}
    for stmt in sweep.records.items:
        found = _places(stmt, sweep, around, own)
        for site, place in found or ():
            wanted.setdefault(site, {})[key(place)] = place
    if not wanted:
        return function

    def block(old: Block) -> Block:
        return tuple(new for s in old for new in named(s))

    def named(stmt: Stmt) -> Block:
        if stmt not in wanted:
            return (with_blocks(stmt, block),)
        before, table = [], {}
        for at, place in wanted[stmt].items():
            name = namer.fresh(_name(place))
            table[at] = Name(name)
            whole = isinstance(sweep.typing.at(stmt)(place), Array)
            value = Call(Attribute(place, "copy"), ()) if whole else place
            before.append(Assign((name,), (value,), stmt.origin))
        return (*before, _read_by(stmt, table))

    return with_body(function, block(function.body))


def _name(place: Expr) -> str:
    """``u_3`` for ``u[3]``, ``u_last`` for ``u[-1]``, ``u_here`` for what is longer to say, ``u_then`` for ``u``."""
    if isinstance(place, Name):
        return f"{place.id}_then"
    items = flattened(place) or ()
    said = ["last" if literal(i) == -1 else str(literal(i)) if isinstance(i, Const) else "" for i in items]
    said = [i.id if isinstance(i, Name) else t for i, t in zip(items, said, strict=True)]
    plain = bool(said) and all(t.isidentifier() or t.isdigit() for t in said)
    return "_".join([base_name(place) or "", *(said if plain else ["here"])])


def _loops(body: Block, around: Around) -> Iterator[tuple[Stmt, Around]]:
    """The statements, with the loops in which each stands."""
    for stmt in body:
        yield stmt, around
        inner = (*around, stmt) if isinstance(stmt, For | Each | While) else around
        for part in blocks(stmt):
            yield from _loops(part, inner)


def _places(
    stmt: Stmt, sweep: Sweep, around: Mapping[Stmt, Around], own: set[Stmt]
) -> list[tuple[Stmt, Expr]] | None:
    """What to name so that nothing of what the statement overwrites has to be kept; None where that is not known."""
    match stmt:
        case Store(target):
            name, whole = base_name(target), not isinstance(sweep.typing.at(stmt)(target), Scalar)
        case Augment(target):
            name, whole = target, True
        case _:
            return None
    if name is None or stmt not in around:
        return None
    found: list[tuple[Stmt, Expr]] = []
    for site, path, after, other in _sites(sweep, name):
        if isinstance(stmt, Store) and not sweep.aliases.is_shared(name) and other == name:
            if not sweep.regions.may_hit(stmt, Site(site, path, after)):
                continue
        if after or site not in own or site is stmt or around[stmt][: len(around[site])] != around[site]:
            return None
        kind_of = sweep.typing.at(site)
        deeper = len(around[stmt]) > len(around[site])
        for place in [path] if path is not None else _read_of(site, other, kind_of):
            numbers = isinstance(kind_of(place), Scalar) and (deeper or whole)
            arrays = isinstance(kind_of(place), Array) and deeper and not whole
            if not (numbers or arrays) or not _is_read_alone(site, place):
                return None
            found.append((site, place))
    arrays = any(isinstance(sweep.typing.at(site)(place), Array) for site, place in found)
    return found if len(found) <= (1 if arrays else MOST) else None


def _read_of(stmt: Stmt, name: str, kind_of: Callable[[Expr], Kind]) -> list[Expr]:
    """What a statement reads of an array: its elements, or all of it."""
    paths = [p for e in _values(stmt) for n, p, _ in paths_of(e) if n == name]
    if any(p is None or not isinstance(kind_of(p), Scalar) for p in paths):
        return [Name(name)]
    return [p for p in paths if p is not None]


def _sites(sweep: Sweep, name: str) -> Iterator[tuple[Stmt, Index | None, bool, str]]:
    """Where the way back reads the memory of a name, by whatever name."""
    aliases = sweep.aliases
    same = {name} | {n for n in aliases.linked_of if aliases.link(n) == aliases.link(name)}
    for stmt, reads in sweep.plans.reads.items():
        told = {n for n, _, _ in reads.places}
        yield from ((stmt, path, after, n) for n, path, after in reads.places if n in same)
        yield from ((stmt, None, False, n) for n in (reads.before | reads.memory) - told if n in same)
        yield from ((stmt, None, True, n) for n in reads.after - told if n in same)


def _values(stmt: Stmt) -> tuple[Expr, ...]:
    match stmt:
        case Assign(_, values):
            return values
        case Augment() | Store() | Push():
            return (stmt.value,)
        case _:
            return ()


def _is_read_alone(stmt: Stmt, place: Expr) -> bool:
    """Is the place there in what the statement reads, whatever way it goes, and not the one that it writes?"""
    at = key(place)
    every = [e for value in _values(stmt) for e in subexpressions(value)]
    if any(isinstance(e, Choose | Logic | Comprehension | Lambda | Opaque) or called_by(e) is not None for e in every):
        return False
    match stmt:
        case Store(target) if key(target) == at or (isinstance(place, Name) and base_name(target) == place.id):
            return False
        case Augment(target) if isinstance(place, Name) and place.id == target:
            return False
        case Assign() if stmt.writes or stmt.saved or stmt.guard is not None:
            return False
    return any(key(e) == at for e in every)


def _read_by(stmt: Stmt, table: Mapping[object, Expr]) -> Stmt:
    def change(expr: Expr) -> Expr:
        found = table.get(key(expr))
        return rebuild(expr, change) if found is None else found

    match stmt:
        case Assign():
            return replace(stmt, values=tuple(map(change, stmt.values)))
        case Augment() | Store() | Push():
            return replace(stmt, value=change(stmt.value))
        case _:
            return stmt
