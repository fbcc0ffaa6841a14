"""Loops of the user's, and those of the way back, as nests: where their turns may come in any order.

    for i in range(n - 2, 0, -1):                for @0 in range(n - 2):
        t = 0.5 * b_bar[i]               as          t = 0.5 * b_bar[@0 + 1]
        a_bar[i - 1] += t                            a_bar[@0] += t
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tangent_like.ir.build import sub
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Comment,
    Const,
    Each,
    Expr,
    For,
    If,
    Name,
    Pass,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import (
    binds,
    blocks,
    bound_in,
    expressions,
    names,
    rebuild,
    statements,
)
from tangent_like.kinds.operands import literal, step_of
from tangent_like.native.nests import Extent, Nest, in_order, moves, plus, touches, turn


@dataclass(frozen=True, eq=False)
class Uses:
    """Names that are read where their turn has not bound them before; and behind the loops whose variables they are.

    And names that loops bind.
    """

    outside: frozenset[str]
    late: frozenset[str]
    turning: frozenset[str] = frozenset()


def raised(
    loop: For, alias: Callable[[str], str], is_array: Callable[[str], bool], uses: Uses
) -> Nest | None:
    """The nest that a loop is; None where the order of its turns may matter, or it is more than a nest."""
    loops: list[For] = []
    body: Block = (loop,)
    comments: list[Comment] = []
    while True:
        inner = [s for s in body if not isinstance(s, Comment | Pass)]
        if len(inner) != 1 or not isinstance(inner[0], For):
            break
        comments.extend(s for s in body if isinstance(s, Comment))
        loops.append(inner[0])
        body = inner[0].body
    comments.extend(s for s in body if isinstance(s, Comment))
    body = tuple(s for s in body if not isinstance(s, Comment | Pass))
    if not body or not all(isinstance(s, Assign | Store) or _sums(s, is_array) for s in body):
        return None
    changing = bound_in((loop,))
    written = {alias(t.name) for t in touches(body, is_array) if t.writes}
    table: dict[str, Expr] = {}
    extents: list[Extent] = []
    for k, one in enumerate(loops):
        limits = _limits(one)
        if limits is None or one.target in uses.late or one.target in table or one.target in bound_in(body):
            return None
        low, count = limits
        free = names(low) | names(count)
        if free & changing or any(alias(n) in written for n in free):
            return None
        if not isinstance(low, Const) or not isinstance(low.value, int):
            return None
        table[one.target] = plus(turn(k), low.value)
        extents.append(Extent(count, None))
    if not _own(body, uses):
        return None

    def moved(expr: Expr) -> Expr:
        if isinstance(expr, Name):
            return table.get(expr.id, expr)
        expr = rebuild(expr, moved)
        if isinstance(expr, Binary) and expr.op in "+-" and isinstance(expr.right, Const):
            number = expr.right.value
            if isinstance(number, int) and not isinstance(number, bool) and moves(expr.left):
                return plus(expr.left, number if expr.op == "+" else -number)
        return expr

    made: list[Stmt] = [rewrite(s, moved, lambda n: n) for s in body]
    found = list(touches(made, is_array))
    for a in found:
        for b in found:
            one_place = alias(a.name) == alias(b.name)
            if one_place and not (in_order(a, b, len(loops)) and in_order(b, a, len(loops))):
                return None
    return Nest(tuple(extents), [], made, comments=list(comments), origin=loop.origin, safe=False)


def _sums(stmt: Stmt, is_array: Callable[[str], bool]) -> bool:
    """``total += v``, for a number that is summed up: in any order."""
    return isinstance(stmt, Augment) and stmt.op in ("+", "-") and not is_array(stmt.target)


def _read(stmt: Stmt) -> tuple[Expr, ...]:
    return (stmt.value,) if isinstance(stmt, Augment) else expressions(stmt)


def _limits(loop: For) -> tuple[Expr, Expr] | None:
    """The least value of the variable, and the number of turns."""
    step = step_of(loop.args)
    first: Expr = loop.args[0] if len(loop.args) > 1 else Const(0)
    last = loop.args[1] if len(loop.args) > 1 else loop.args[0]
    if step == -1:
        low, high = _plus(last, 1), _plus(first, 1)
    elif step == 1:
        low, high = first, last
    else:
        return None
    if isinstance(low, Const) and isinstance(low.value, int):
        return low, _plus(high, -low.value)
    return low, sub(high, low)


def _plus(expr: Expr, number: int) -> Expr:
    value = literal(expr)
    return Const(value + number) if isinstance(value, int) else plus(expr, number)


def _own(body: Block, uses: Uses) -> bool:
    """Is each number that the body binds bound before it is read, and read nowhere else? None of it reads a sum."""
    sums = {s.target for s in body if isinstance(s, Augment)}
    bound = {n for s in body if not isinstance(s, Augment) for n in binds(s)}
    if bound & (uses.outside | sums) or any(sums & names(e) for s in body for e in _read(s)):
        return False
    seen: set[str] = set()
    for stmt in body:
        for expr in _read(stmt):
            if (names(expr) & bound) - seen:
                return False
        if isinstance(stmt, Store) and not isinstance(stmt.target.value, Name):
            return False
        seen.update(binds(stmt))
    return True


def find_uses(body: Block) -> Uses:
    late: set[str] = set()
    outside: set[str] = set()

    def visit(block: Block, turning: frozenset[str], bound: set[str]) -> None:
        for stmt in block:
            read = set().union(*map(names, expressions(stmt)))
            if isinstance(stmt, Augment):
                read.add(stmt.target)
            late.update(read - turning)
            outside.update(read - bound)
            inner = turning | {stmt.target} if isinstance(stmt, For) else turning
            for part in blocks(stmt):
                visit(part, inner, set(bound) if isinstance(stmt, If) else set(binds(stmt)))
            bound.update(always_bound(stmt))
            bound.difference_update(_bound_by_turns(stmt))  # what is read behind a loop is of its last turn

    visit(body, frozenset(), set())
    loops = tuple(s for s in statements(body) if isinstance(s, For | Each | While))
    turning = {n for s in loops for n in (*binds(s), *_bound_by_turns(s))}
    return Uses(frozenset(outside), frozenset(late), frozenset(turning))


def always_bound(stmt: Stmt) -> set[str]:
    """The names that a statement binds whatever way it goes."""
    if isinstance(stmt, If) and stmt.orelse:
        return set.intersection(*(set().union(*map(always_bound, b)) for b in blocks(stmt)))
    return set() if blocks(stmt) else set(binds(stmt))


def _bound_by_turns(stmt: Stmt) -> set[str]:
    """The names that loops in a statement bind."""
    loops = (s for s in statements((stmt,)) if isinstance(s, For | Each | While))
    return {name for loop in loops for name in bound_in(loop.body)}


def first_use(body: Block, name: str) -> str:
    """Is a name "read" before it is bound, surely "bound", or left "open"?"""
    for stmt in body:
        if any(name in names(e) for e in expressions(stmt)) or (isinstance(stmt, Augment) and stmt.target == name):
            return "read"
        match stmt:
            case For(target) if target == name:
                continue
            case If() | For() | Each() | While():  # there may be no turn
                ends = [first_use(inner, name) for inner in blocks(stmt)]
                if "read" in ends:
                    return "read"
                if isinstance(stmt, If) and stmt.orelse and set(ends) == {"bound"}:
                    return "bound"
            case _ if blocks(stmt):
                inside = tuple(statements((stmt,)))
                if any(name in names(e) for s in inside for e in expressions(s)):
                    return "read"
                if any(isinstance(s, Augment) and s.target == name for s in inside):
                    return "read"
            case _ if name in binds(stmt):
                return "bound"
    return "open"
