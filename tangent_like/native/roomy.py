"""Which lists of numbers stay lists: those that grow where nobody knows how much there will be.

Before                                           After

    x_saved = []                                     saved = []
    y_saved = []                                     while x * y < 9:
    while x * y < 9:                                     saved.append((x, y))
        x_saved.append(x)                                x, y = 2 * x, x + y
        y_saved.append(y)
        x, y = 2 * x, x + y

An array that grows as it is filled is another array after some turns, and Numba counts its owners in every turn: 38 ns
for each that a turn puts there, where a list takes 3.
"""

from __future__ import annotations

from collections.abc import Iterator

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Binary, Block, Call, Const, Each, Expr, For, If, Push, Stmt, Unary, While
from tangent_like.ir.walk import blocks, bound_in, statements
from tangent_like.kinds.operands import literal, step_of
from tangent_like.native.by_turns import is_plain, range_of

FEW = 16  # turns


def turns_of(stmt: For) -> Expr | None:
    """How many turns a loop takes: of names that it finds as they are before it."""
    found = range_of(stmt)
    if found is not None:
        return found.turns
    step = stmt.args[2] if len(stmt.args) == 3 else Const(1)
    if literal(step) == 0 or stmt.slots or stmt.walked or not all(map(_is_cheap, stmt.args)):
        return None
    return Call(builtin_ref("len"), (Call(builtin_ref("range"), stmt.args),))


def pushed(body: Block, name: str) -> dict[Stmt, int]:
    """What is put on a stack in one turn, and how often at most: not by loops of whose turns there may be many."""
    found: dict[Stmt, int] = {}
    for stmt in body:
        match stmt:
            case Push(list_) if list_ == name:
                found[stmt] = 1
            case If():
                for inner in blocks(stmt):
                    found |= pushed(inner, name)
            case For():
                turns = range_of(stmt)
                number = None if turns is None else literal(turns.turns)
                if isinstance(number, int) and number <= FEW:
                    found |= {push: number * times for push, times in pushed(stmt.body, name).items()}
            case _:
                pass
    return found


def hot(body: Block, name: str) -> bool:
    """Is something put on a list in an innermost loop for whose turns no room can be made before it?"""
    roomy = _with_room(body, name)
    return any(push not in roomy for push in _innermost(body, name))


def _innermost(body: Block, name: str, loop: bool = False) -> Iterator[Stmt]:
    for stmt in body:
        match stmt:
            case Push(list_) if list_ == name and loop:
                yield stmt
            case For() | Each() | While():
                inner = not any(isinstance(s, For | Each | While) for s in statements(stmt.body))
                yield from _innermost(stmt.body, name, inner)
            case _:
                for part in blocks(stmt):
                    yield from _innermost(part, name, loop)


def _with_room(body: Block, name: str) -> set[Stmt]:
    found: set[Stmt] = set()
    for stmt in statements(body):
        if isinstance(stmt, For):
            every = {s for s in statements(stmt.body) if isinstance(s, Push) and s.list == name}
            if every and _is_told(stmt) and pushed(stmt.body, name).keys() == every:
                found |= every
    return found


def _is_told(stmt: For) -> bool:
    """May its turns be told before it, by names for its ends where these are more than names?"""
    if turns_of(stmt) is not None:
        return True
    direct = any(isinstance(s, Push) for s in stmt.body)
    step = step_of(stmt.args)
    return direct and step in (1, -1) and stmt.target not in bound_in(stmt.body)


def _is_cheap(expr: Expr) -> bool:
    match expr:
        case Binary("+" | "-" | "*", left, right):
            return _is_cheap(left) and _is_cheap(right)
        case Unary("-", operand):
            return _is_cheap(operand)
        case _:
            return is_plain(expr)
