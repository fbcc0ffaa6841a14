"""The adjoint of a short vector that flows to it entry by entry: made at once, or at least put and not added.

Before                                   After

    p_bar = np.zeros_like(p)                 k_bar -= t_bar * p[0]
    p_bar[1] = t_bar * k                     p_bar = np.array([-s_bar * p[0], t_bar * k])
    k_bar -= t_bar * p[0]                    w_bar = np.zeros_like(w)
    p_bar[0] += -s_bar * p[0]                w_bar[0] = y_bar @ x[1:]
    w_bar = np.zeros_like(w)                 w_bar[1] = y_bar @ x[:-1]
    w_bar[0] = y_bar @ x[1:]
    w_bar[1] += y_bar @ x[:-1]

    x, y = q                                 x, y = q
    q_bar = [0.0] * len(q)                   q_bar = [y, x]
    q_bar[0] = y
    q_bar[1] += x

Where nothing else is done with it between. Of one statement's reverse half ``entries`` makes it at once; this is of
what several statements add. ``0.0 + v`` is ``v`` but for the sign of zeros: this is none of the passes that ``tidy``
switches. In double precision. How long a list is tell the names that it was unpacked into. ``np.zeros(len(q))`` of what
may be a list, too, is a list where ``like`` alone reads it, which makes of it what ``q`` is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from tangent_like.ir.build import neg, np_call
from tangent_like.ir.nodes import (
    Assign,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Expr,
    Function,
    Index,
    Library,
    List,
    Name,
    Ref,
    Return,
    Stmt,
    Store,
)
from tangent_like.ir.walk import base_name, binds, names, reads, statements, subexpressions
from tangent_like.kinds.dims import Dim, Sizes
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.transform.each_entry import called
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import begins_as_zeros, is_adjoint
from tangent_like.transform.tidy.algebra import FLOATS
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.calls import acts, library, origin_of
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.width import COLUMNS, line_width, width

FAR = 40  # how many statements on the entries are looked for
ENTRY = 76  # columns of each of them, which stand one below the other where they need it


def filled_vectors(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with such vectors made at once; ``kinds`` are those of its names."""
    if not any(_begins(s) for s in statements(function.body)):
        return function
    facts = find_facts(function, frozenset(), kinds)
    equal = Classes.of(sizes.used)

    def block(body: Block, depth: int) -> Block:
        body = tuple(change_blocks(s, lambda inner: block(inner, depth + 1)) for s in body)
        for k in range(len(body) - 1, -1, -1):
            name, of = _begins(body[k])
            kind = kinds.get(name) if name else None
            if isinstance(kind, ListOf) or of:
                numbers = not isinstance(kind, ListOf) or isinstance(kind.item, Scalar)
                long = _unpacked(body, k, of, facts) if numbers and of else None
                if long and (isinstance(kind, ListOf) or _is_made_like(function, name)):
                    body = _filled(body, k, name, long, facts, depth, listed=True)
            elif isinstance(kind, Array) and kind.dtype == "float64":
                size = kind.dims[0] if kind.rank == 1 and kind.dims else None
                body = _filled(body, k, name, None if size is None else _known(size, equal), facts, depth)
        return body

    return with_body(function, block(function.body, 1))


def _begins(stmt: Stmt) -> tuple[str, str]:
    """The adjoint that is bound to zeros; and what tells by its ``len`` how many, if that is told so."""
    match stmt:
        case Assign((name,), (Binary("*", List((Const(0.0),)), length),), None) if is_adjoint(stmt):
            return name, _counted(length)
        case Assign((name,), (Call(args=(Call() as length,), keywords=()) as zeros,), None) if is_adjoint(stmt):
            return (name, of) if called(zeros) == "zeros" and (of := _counted(length)) else ("", "")
        case _:
            return begins_as_zeros(stmt), ""


def _counted(length: Expr) -> str:
    """The ``p`` of ``len(p)``."""
    match length:
        case Call(Ref(target=Library("builtins", "len")), (Name(of),), ()):
            return of
        case _:
            return ""


def _unpacked(body: Block, k: int, of: str, facts: Facts) -> int | None:
    """How many items are in what an earlier line of the block unpacks, which is as long still."""
    for j in range(k - 1, max(k - FAR, 0) - 1, -1):
        match body[j]:
            case Assign((_, _, *_) as targets, (Name(id),)) if id == of:
                steady = of not in targets and facts.steady({of}, body[j + 1 : k])
                return len(targets) if steady else None
            case _:
                pass
    return None


def _is_made_like(function: Function, name: str) -> bool:
    """Does nothing but ``like`` read it, beside what puts numbers there?"""
    bound = 0
    for stmt in statements(function.body):
        bound += name in binds(stmt)
        if name not in reads(stmt):
            continue
        match stmt:
            case Store(Index(Name(id), index), value=value) if id == name:
                if name in names(index) or name in names(value):
                    return False
            case Return(value) if value is not None:
                parts = subexpressions(value)
                if sum(_is_like_of(e, name) for e in parts) < sum(isinstance(e, Name) and e.id == name for e in parts):
                    return False
            case _:
                return False
    return bound == 1


def _is_like_of(expr: Expr, name: str) -> bool:
    match expr:
        case Call(args=(Name(id), Name())) if id == name and (target := library(expr)) is not None:
            return origin_of(target) == ("runtime", "like")
        case _:
            return False


def _known(size: Dim, equal: Classes) -> int | None:
    """The number that a size is, or is assumed to be."""
    whole = equal.find(size)
    alike = (whole, *(d for d in equal.parent if equal.find(d) == whole))
    return next((d.known for d in alike if d.known is not None), None)


class Entry(NamedTuple):
    at: int  # of the statement in its block
    place: int
    value: Expr


def _filled(body: Block, k: int, name: str, size: int | None, facts: Facts, depth: int, listed: bool = False) -> Block:
    """The block with what is put and added to entries of ``body[k]``, zeros, put there, or all of it at once."""
    entries = _entries(body, k, name, facts)
    places = {e.place % size if size and -size <= e.place < size else e.place: e for e in entries}
    if not entries or len(places) < len(entries):
        return body
    if size == len(entries) > 1 and set(places) == set(range(size)) and _together(body, entries, facts):
        items = List(tuple(places[j].value for j in range(size)))
        made = items if listed else np_call("array", items)
        whole = Assign((name,), (made,), None)
        narrow = line_width(whole, depth) <= COLUMNS or all(width(e.value) <= ENTRY for e in entries)
        if narrow and not any(isinstance(s, Comment) for s in body[k : entries[-1].at]):
            gone = {k, *(e.at for e in entries[:-1])}
            return tuple(whole if j == entries[-1].at else s for j, s in enumerate(body) if j not in gone)
    if len({e.place < 0 for e in entries}) > 1:
        return body  # 0 and -1 may be one
    puts = {e.at: replace(s, op="", value=e.value) for e in entries if isinstance(s := body[e.at], Store) and s.op}
    return tuple(puts.get(j, s) for j, s in enumerate(body)) if puts else body


def _entries(body: Block, k: int, name: str, facts: Facts) -> list[Entry]:
    """What is put or added to entries, each another, behind the zeros and before anything else is done with them."""
    found: list[Entry] = []
    own = facts.classes({name})
    for j in range(k + 1, min(len(body), k + FAR)):
        stmt = body[j]
        if isinstance(stmt, Comment):
            continue
        match stmt:
            case Store(Index(Name(id), index), "" | "+" | "-" as op, value, None) if id == name and not stmt.each:
                place = literal(index)
                if type(place) is not int or name in names(value) or place in [e.place for e in found]:
                    return found
                found.append(Entry(j, place, neg(value) if op == "-" else value))
            case Store() if base_name(stmt.target) == name:
                return found
            case _:
                does = facts.does(stmt)
                touched = {*does.reads, *does.binds, *does.writes}
                if does.anything or name in touched or own & facts.classes(touched):
                    return found
    return found


def _together(body: Block, entries: list[Entry], facts: Facts) -> bool:
    """Are the entries numbers that are the same still where the last is put?"""
    for entry in entries:
        look = facts.look(entry.value)
        if look.rank != 0 or look.type not in FLOATS or any(map(acts, subexpressions(entry.value))):
            return False
        if not facts.steady(names(entry.value), body[entry.at + 1 : entries[-1].at]):
            return False
    return True
