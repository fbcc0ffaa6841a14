"""Items of a list that change places: the list holds what it held, and each of them once.

    held = rows[p]
    held_2 = rows[i]
    rows[i] = held
    rows[p] = held_2

In between an item is in two places; behind it none is, if nobody asks for it by those names again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from tangent_like.ir.nodes import Assign, Binary, Block, Const, Expr, Function, Index, Name, Pop, Stmt, Store, Unary
from tangent_like.ir.walk import binds, names, reads, same, statements

MOST = 4  # statements of an exchange


def read_and_bound(function: Function) -> tuple[Counter[str], Counter[str]]:
    """How often each name is read, and how often it is bound."""
    every = list(statements(function.body))
    return Counter(n for s in every for n in reads(s)), Counter(n for s in every for n in binds(s))


def exchange(block: Block, first: int, read: Mapping[str, int], bound: Mapping[str, int]) -> tuple[Stmt, ...]:
    """The statements from ``first`` on that make two items of one list change places; none if they do not."""
    whole, state = "", [0, 1]
    places: list[Expr] = []
    held: dict[str, int] = {}

    def place(expr: Expr) -> int | None:
        """Which of two places of the list it is."""
        nonlocal whole
        match expr:
            case Index(Name(id), index) if id == (whole or id) and _is_plain(index) and not names(index) & {id, *held}:
                whole = id
                found = next((k for k, known in enumerate(places) if same(known, index)), len(places))
                if found == len(places):
                    places.append(index)
                return found if found < 2 else None
            case _:
                return None

    for k, stmt in enumerate(block[first : first + MOST]):
        match stmt:
            case Assign((name,), (value,)) if (at := place(value)) is not None and bound[name] == 1:
                held[name] = state[at]
            case Store(target, "", value) if (at := place(target)) is not None:
                if isinstance(value, Name) and value.id in held:
                    state[at] = held[value.id]
                elif (other := place(value)) is not None:
                    state[at] = state[other]
                else:
                    return ()
            case _:
                return ()
        if k >= 2 and sorted(state) == [0, 1] and isinstance(stmt, Store) and len(places) == 2:
            window = block[first : first + k + 1]
            inside = Counter(n for s in window for n in reads(s))
            return window if all(read[n] == inside[n] for n in held) else ()
    return ()


def _is_plain(index: Expr) -> bool:
    match index:
        case Name() | Const():
            return True
        case Unary(_, operand):
            return _is_plain(operand)
        case Binary(_, left, right):
            return _is_plain(left) and _is_plain(right)
        case _:
            return False


def popped_once(function: Function) -> frozenset[str]:
    """The names of what is popped that one statement reads, to give it another name."""
    every = list(statements(function.body))
    popped = {s.target.id for s in every if isinstance(s, Pop) and isinstance(s.target, Name)}
    count = Counter(n for s in every for n in reads(s))
    named = [s.values[0] for s in every if isinstance(s, Assign) and len(s.values) == 1]
    moved = {v.id for v in named if isinstance(v, Name)}
    bound = Counter(n for s in every for n in binds(s))
    return frozenset(n for n in popped & moved if count[n] == bound[n] == 1)
