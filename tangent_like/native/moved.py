"""Arrays that go from name to name, ``v_bar = u_bar; u_bar = np.zeros_like(u)``: which names are one array in use.

    for _ in range(steps):
        v_bar = u_bar                       # one array by two names
        u_bar = np.zeros_like(u)            # no longer
        for i in range(1, n):
            u_bar[i - 1] += v_bar[i]        # two arrays

Told by the order of the statements: which names may be one array before each of them. A name is followed where all that
it is ever bound to is new memory or (a part of) what other such names hold, and where no list and no function that is
called keeps it. Two of them are one array for all that follows if they may be at a statement that touches either.
Between loops that touch an array under different names stands the statement that moves it, and nothing goes past that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Break,
    Continue,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Name,
    Push,
    Stmt,
    Store,
    Try,
    While,
    With,
)
from tangent_like.ir.walk import binds, blocks, names, reads, statements
from tangent_like.kinds.kind import Array, Kind, Scalar

KindOf = Callable[[str], "Kind | None"]
Sources = Callable[[Expr], frozenset[str]]
Pair = frozenset[str]


def followed(function: Function, sources: Sources, kind_of: KindOf) -> frozenset[str]:
    """The names of arrays whose memory is known from how they are bound."""
    body = list(statements(function.body))
    if any(isinstance(s, Try | With) for s in body):
        return frozenset()
    found = {n for s in body for n in binds(s) if isinstance(kind_of(n), Array)} - {p.name for p in function.params}
    ties = [(t, held) for s in body for t, held in _ties(s, sources, kind_of)]
    while True:
        lost = {n for t, held in ties for n in (t, *held) if not ({t, *held} <= found)}
        if not lost & found:
            return frozenset(found)
        found -= lost


def _ties(stmt: Stmt, sources: Sources, kind_of: KindOf) -> Iterator[tuple[str, frozenset[str]]]:
    """What a statement binds, and the names whose memory that may be; "" for what is not a name."""
    match stmt:
        case Assign(targets, values) if len(targets) == len(values) and not stmt.saved:
            for target, value in zip(targets, values, strict=True):
                if isinstance(kind_of(target), Scalar):
                    continue
                yield target, _held(target, value, sources, kind_of)
        case Assign(targets, values):
            held = frozenset().union(*map(names, values))
            yield "", frozenset(t for t in targets if not isinstance(kind_of(t), Scalar)) | held
        case Push(list_, value):
            yield "", sources(value) | {list_}
        case Store(Index(Name(id)), "", value) if not isinstance(kind_of(id), Array):
            yield "", sources(value)
        case Augment() | For():
            pass  # in place, or a number
        case Each(target, iterable):
            yield "", names(iterable) | {target}
        case _:
            yield "", frozenset(binds(stmt)) if not isinstance(stmt, Store) else frozenset()


def _held(target: str, value: Expr, sources: Sources, kind_of: KindOf) -> frozenset[str]:
    if isinstance(value, Binary) and isinstance(kind_of(target), Array):
        return frozenset()  # arithmetic of arrays makes a new one
    return sources(value)


def one_array(function: Function, known: frozenset[str], sources: Sources, kind_of: KindOf) -> set[Pair]:
    """The pairs among ``known`` that may be one array where a statement touches either."""
    close: set[Pair] = set()

    def touch(found: Iterable[str], now: set[Pair]) -> None:
        mine = known.intersection(found)
        if mine:
            close.update(p for p in now if p & mine)

    def block(body: Block, now: set[Pair]) -> set[Pair]:
        for stmt in body:
            now = statement(stmt, now)
        return now

    def statement(stmt: Stmt, now: set[Pair]) -> set[Pair]:
        match stmt:
            case Assign(targets, values) if len(targets) == len(values) and known & set(targets):
                return moved(targets, values, now)
            case If():
                touch(reads(stmt), now)
                return set().union(*(block(inner, set(now)) for inner in blocks(stmt)))
            case For() | While() | Each():
                touch(reads(stmt), now)
                for inner in blocks(stmt):
                    while not (after := through(inner, set(now))) <= now:
                        now = now | after
                return now
            case _:
                touch((*reads(stmt), *binds(stmt)), now)
                return now

    def through(body: Block, now: set[Pair]) -> set[Pair]:
        """What may hold wherever a turn ends: a ``break`` may end it anywhere."""
        seen = set(now)
        for stmt in body:
            now = statement(stmt, now)
            if any(isinstance(s, Break | Continue) for s in statements((stmt,))):
                seen |= now
        return seen | now

    def moved(targets: tuple[str, ...], values: tuple[Expr, ...], now: set[Pair]) -> set[Pair]:
        held = {t: _held(t, v, sources, kind_of) & known for t, v in zip(targets, values, strict=True)}
        for value in values:
            if not isinstance(value, Name):
                touch(names(value), now)
        after = {p for p in now if not p & set(targets)}
        for target, given in held.items():
            if target in known:
                others = set(given) | {n for p in now if p & given for n in p}
                after |= {frozenset((target, n)) for n in others - set(targets)}
        for a in targets:
            for b in targets:
                if a < b and _meet(held[a], held[b], now) and {a, b} <= known:
                    after.add(frozenset((a, b)))
        return after

    block(function.body, set())
    return close


def _meet(one: frozenset[str], other: frozenset[str], now: set[Pair]) -> bool:
    return bool(one & other) or any(frozenset((a, b)) in now for a in one for b in other)
