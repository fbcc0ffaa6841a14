"""A row of a list of lists that has a name, and is written, as the place that it is.

Before                                   After

    for i in range(n):                       for i in range(n):
        row = table[i]                           for j in range(n):
        for j in range(n):                           table[i][j] = x[i] * x[j]
            row[j] = x[i] * x[j]

Two names for one list would have to be followed from then on.
"""

from __future__ import annotations

from tangent_like.analysis.typing import Typing
from tangent_like.frontend.expressions import IN_PLACE_METHODS
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Const,
    Each,
    Expr,
    For,
    Function,
    Index,
    Name,
    Opaque,
    Pass,
    Pop,
    Push,
    Ref,
    Stmt,
    Store,
    UserFunction,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import (
    base_name,
    binds,
    expressions,
    names,
    reads,
    statements,
    stored_in,
    subexpressions,
    substitute,
    with_body,
)
from tangent_like.kinds.kind import ListOf


def with_rows_in_place(function: Function, typing: Typing) -> Function:
    """The function without names for rows of lists of lists of which any is written."""
    written = stored_in(function.body)
    rows: dict[str, str] = {}  # the names that stand for rows alone, and the list whose they are
    for stmt in statements(function.body):
        for name in binds(stmt):
            held = row_of(stmt, typing)
            rows[name] = held if rows.get(name, held) == held else ""
    rows.update({p.name: "" for p in function.params if p.name in rows})
    also = {v.id for s in statements(function.body) if isinstance(s, Assign) for v in s.values if isinstance(v, Name)}
    found = {n for n, held in rows.items() if held and held not in also and (n in written or held in written)}
    if not found:
        return function
    out = with_body(function, _block(function.body, found))
    left = {n for s in statements(out.body) for n in (*reads(s), *binds(s))} & found
    return function if left else out


def row_of(stmt: Stmt, typing: Typing) -> str:
    """The list of lists whose row the statement gives a name, by an index that can be said again."""
    match stmt:
        case Assign((_,), (Index(Name(held), index),)) if stmt in typing.before and is_plain(index):
            kind = typing.before[stmt].get(held)
            return held if isinstance(kind, ListOf) and isinstance(kind.item, ListOf) else ""
        case _:
            return ""


def is_plain(index: Expr) -> bool:
    match index:
        case Name() | Const():
            return True
        case Binary("+" | "-", left, right):
            return is_plain(left) and is_plain(right)
        case _:
            return False


def _block(body: Block, found: set[str]) -> Block:
    """The block with places for the names of its rows; a name that cannot go stays."""
    out: list[Stmt] = []
    rest = list(body)
    while rest:
        stmt = rest.pop(0)
        name = stmt.targets[0] if isinstance(stmt, Assign) and len(stmt.targets) == 1 else ""
        if name not in found or not isinstance(stmt, Assign):
            out.append(with_blocks(stmt, lambda inner: _block(inner, found)))
            continue
        end = next((k for k, later in enumerate(rest) if name in binds(later)), len(rest))
        place = stmt.values[0]
        assert isinstance(place, Index)
        if not all(keeps(later, place, name) for later in rest[:end]):
            return (*out, stmt, *rest)
        rest[:end] = [_said(later, name, place) for later in rest[:end]]
    return tuple(out) or (Pass(),)


def _said(stmt: Stmt, name: str, place: Index) -> Stmt:
    return rewrite(stmt, lambda e: substitute(e, {name: place}), lambda n: n)


def keeps(stmt: Stmt, place: Index, name: str) -> bool:
    """Is the row that a place says the same one behind the statement, and only looked into and written by it?"""
    held = base_name(place)
    for part in statements((stmt,)):
        if names(place) & set(binds(part)) or name in binds(part):
            return False
        match part:
            case Store(Index(Name(id))) if id == held:
                return False  # another row stands there
            case Augment(target) | Push(target) | Pop(_, target) if target in (name, held):
                return False
            case Each(iterable=Name(id)) if id == name:
                return False
            case Assign(writes=changed) if changed:
                return False
            case For(target=target) if target in names(place):
                return False
        for expr in (e for top in expressions(part) for e in subexpressions(top)):
            if isinstance(expr, Opaque) and {name, held} & set(expr.reads):
                return False
            if isinstance(expr, Call) and hands_on(expr, {name, held}):
                return False
    return True


def hands_on(call: Call, lists: set[str | None]) -> bool:
    """Is one of the lists given to a function of the user's, or changed by a method?"""
    if isinstance(call.func, Attribute):
        return call.func.name in IN_PLACE_METHODS and base_name(call.func.value) in lists
    given = (*call.args, *(v for _, v in call.keywords))
    user = not isinstance(call.func, Ref) or isinstance(call.func.target, UserFunction)
    return user and any(isinstance(a, Name) and a.id in lists for a in given)
