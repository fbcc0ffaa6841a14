"""What is put into a place of new zeros for the first time: an assignment.

Before                                   After

    k_bar = np.zeros_like(k)                 k_bar = np.zeros_like(k)
    p_bar = np.zeros_like(p)                 p_bar = np.zeros_like(p)
    W_bar = np.zeros_like(W)                 W_bar = np.zeros_like(W)
    X_bar = np.zeros_like(X)                 X_bar = np.zeros_like(X)
    for i in range(n - 1, -1, -1):           for i in range(n - 1, -1, -1):
        X_bar[i, 1] += x_bar * p[i]              X_bar[i, 1] = x_bar * p[i]
        X_bar[i, 0] -= x * i                     X_bar[i, 0] = -x * i
        k_bar[i] += x_bar * p[i]                 k_bar[i] = x_bar * p[i]
        p_bar[i - 1] += x_bar * k[i]             p_bar[i - 1] += x_bar * k[i]
        for j in range(1, n):                    for j in range(1, n):
            W_bar[i, j - 1] -= x * j                 W_bar[i, j - 1] = -x * j
        for j in range(n):                       for j in range(n):
            W_bar[i, j] += x                         W_bar[i, j] += x
        x_bar = x_bar * 0.5 + k_bar[i]           x_bar = x_bar * 0.5 + k_bar[i]
    q_bar = np.sum(W_bar * W)                q_bar = np.sum(W_bar * W)
    return k_bar, p_bar, q_bar, X_bar        return k_bar, p_bar, q_bar, X_bar

Where each turn has a place of its own: it is counted by the turns of every loop in which it stands, and no count is
negative, as is that of ``p_bar[i - 1]`` in the last turn. All that is written there later is added to that, and all
else in a place with another number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tangent_like.ir.build import neg
from tangent_like.ir.nodes import (
    Assign,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Expr,
    For,
    Function,
    Index,
    Name,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import binds, names, same, statements
from tangent_like.kinds.operands import literal
from tangent_like.transform.tidy.algebra import put_into
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import Facts

ZEROS = frozenset({("numpy", "zeros"), ("numpy", "zeros_like"), ("runtime", "zeros_like")})


def placed(function: Function, facts: Facts) -> Function:
    first: dict[Stmt, Stmt] = {}

    def look(body: Block) -> Block:
        for k, stmt in enumerate(body):
            change_blocks(stmt, look)
            name = _zeros(stmt, facts)
            for found in () if name is None else _first(name, body[k + 1 :], facts, (), {}):
                first[found] = put_into(_put(found), {}, facts)
        return body

    def change(body: Block) -> Block:
        return tuple([first.get(stmt) or change_blocks(stmt, change) for stmt in body])

    look(function.body)
    return with_body(function, change(function.body)) if first else function


def _put(stmt: Store) -> Store:
    return Store(stmt.target, "", stmt.value if stmt.op == "+" else neg(stmt.value), stmt.origin)


def _zeros(stmt: Stmt, facts: Facts) -> str | None:
    """The name of ours that the statement binds to new zeros, of memory that has no other name."""
    match stmt:
        case Assign((name,), (Call() as value,)) if facts.mine(stmt) and stmt.guard is None:
            target = library(value)
            if target is not None and origin_of(target) in ZEROS and facts.look_of(name).type == "float64":
                return name if facts.is_alone(name) else None
    return None


@dataclass(frozen=True)
class _Turns:
    """A loop that the statement stands in: what counts its turns, and the least count (None: it may be negative)."""

    loop: For
    least: int | None


def _first(
    name: str, body: Block, facts: Facts, loops: tuple[_Turns, ...], behind: dict[Stmt, tuple[_Turns, ...]]
) -> list[Store]:
    """The first statements that write into places of what ``name`` holds, if they find zeros there in each turn.

    ``behind``: what stands behind the loop in which they are, and the loops around both.
    """
    writing = [s for s in body if not isinstance(s, Comment) and _writes(s, name, facts)]
    match writing[:1]:
        case [For() as loop] if loop.target not in {n for s in statements(loop.body) for n in binds(s)}:
            behind = {**behind, **{s: loops for w in writing[1:] for s in statements((w,))}}
            return _first(name, loop.body, facts, (*loops, _Turns(loop, _least(loop.args))), behind)
        case [Store()] if loops:
            pass
        case _:
            return []
    found: list[Store] = []
    others = [s for s in statements(loops[0].loop.body) if _own_write(s, name, facts)]
    inside = set(statements(loops[-1].loop.body))
    for k, stmt in enumerate(writing):
        if not isinstance(stmt, Store) or not isinstance(stmt.target.value, Name) or stmt.target.value.id != name:
            break
        apart = (s for s in others if s is not stmt and not _apart(s, stmt, name, facts))
        later = all(
            (s in inside and s not in writing[:k] and _is_there(s, stmt))
            or (s in behind and _of_one_turn(s, stmt, name, facts, behind[s]))
            for s in apart
        )
        if later and _counts_up(stmt, name, facts, loops):
            found.append(stmt)
    return found


def _counts_up(stmt: Store, name: str, facts: Facts, loops: tuple[_Turns, ...]) -> bool:
    """Does it add, in each turn in another place?"""
    if stmt.op not in ("+", "-") or stmt.each:
        return False
    given = facts.look(stmt.value)
    real = given.type in ("float64", "int") or given.rank == 0  # a complex number stops it as before
    if facts.own(stmt).wild or name in names(stmt.value) or not real:
        return False
    counts = list(_counts(stmt.target.index))
    return all(any(_counted(turns, c) for c in counts) for turns in loops)


def _is_there(stmt: Stmt, other: Store) -> bool:
    return isinstance(stmt, Store) and same(stmt.target, other.target)


def _apart(stmt: Stmt, other: Store, name: str, facts: Facts) -> bool:
    """Does it write in places with another number along one axis, as ``k_bar[i, 0]`` beside ``k_bar[i, 1]``?"""
    for one, two in _counts_of_both(stmt, other, name):
        a, b = literal(one), literal(two)
        if type(a) is int and type(b) is int and a != b and (a < 0) == (b < 0):
            return True
        if not all(isinstance(e, Slice) or facts.look(e).rank == 0 for e in (one, two)):
            return False  # it may count for several axes, or for none
    return False


def _of_one_turn(stmt: Stmt, other: Store, name: str, facts: Facts, loops: tuple[_Turns, ...]) -> bool:
    """Do the two meet in one place only where the turns of the loops around both are the same?"""
    told: set[For] = set()
    for one, two in _counts_of_both(stmt, other, name):
        if not all(isinstance(e, Slice) or facts.look(e).rank == 0 for e in (one, two)):
            break  # it may count for several axes, or for none
        if same(one, two):
            told.update(turns.loop for turns in loops if _counted(turns, one))
    return bool(told) and all(turns.loop in told for turns in loops)


def _counts_of_both(stmt: Stmt, other: Store, name: str) -> list[tuple[Expr, Expr]]:
    """What the two count by, axis by axis; nothing where the statement is no plain store into what ``name`` holds."""
    match stmt:
        case Store(Index(Name(id), index)) if id == name and not stmt.each:
            return list(zip(_counts(index), _counts(other.target.index), strict=False))
        case _:
            return []


def _writes(stmt: Stmt, name: str, facts: Facts) -> bool:
    does = facts.does(stmt)
    return name in does.binds or facts.class_of(name) in does.writes or does.anything


def _own_write(stmt: Stmt, name: str, facts: Facts) -> bool:
    """Does the statement itself write there, or hold a statement that might?"""
    return type(stmt) is not For and _writes(stmt, name, facts)


def _counts(index: Expr) -> Iterator[Expr]:
    yield from index.items if isinstance(index, Tuple) else (index,)


def _counted(turns: _Turns, count: Expr) -> bool:
    """Is the count another one in each turn of the loop, and never negative?"""
    least = turns.least
    match count:
        case Name(id) if id == turns.loop.target:
            return least is not None
        case Binary("+" | "-" as op, Name(id), Const(value=int(by))) if id == turns.loop.target:
            return least is not None and least + (by if op == "+" else -by) >= 0
    return False


def _least(args: tuple[Expr, ...]) -> int | None:
    """The least number in ``range(*args)``, or one below it; None if it may be negative."""
    match args:
        case (_,):
            return 0
        case (Const(value=int(start)), _) | (Const(value=int(start)), _, Const(value=1)):
            return start if start >= 0 else None
        case (_, stop, Unary("-", Const(value=1)) | Const(value=-1)):
            match stop:
                case Const(value=int(end)):
                    return end + 1 if end >= -1 else None
                case Unary("-", Const(value=1)):
                    return 0
    return None
