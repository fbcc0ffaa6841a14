"""Loops that put one item a turn on a stack, or take one off: the item is told by the number of the turn.

Before                                           After

    for i in range(k):                               y_kept = y_saved[y_saved_top:y_saved_top + k]
        y_saved[y_saved_top] = y[i]                  for i in range(k):
        y_saved_top += 1                                 y_kept[i] = y[i]
        y[i] = z[i]                                      y[i] = z[i]
                                                     y_saved_top += k

Counted up beside the loop, the end of the stack is a number of which Numba does not know that it is not negative: each
index is then looked at, and no turns are taken together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

from tangent_like.ir.build import add, method, sub
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Break,
    Call,
    Const,
    Continue,
    Each,
    Expr,
    For,
    If,
    Index,
    Library,
    Name,
    Pass,
    Pop,
    Push,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Try,
    Tuple,
    Unary,
    While,
    With,
)
from tangent_like.ir.walk import bound_in, names, statements
from tangent_like.kinds.operands import literal, step_of
from tangent_like.native.nests import at_least_zero


@dataclass(frozen=True, eq=False)
class Range:
    """The turns of a loop over ``range``, by 1 or -1, which nothing in it changes."""

    first: Expr
    last: Expr  # the end, which is not reached
    step: int

    @property
    def turns(self) -> Expr:
        low, high = (self.first, self.last) if self.step == 1 else (self.last, self.first)
        return at_least_zero(difference(high, low))

    def from_start(self, target: Expr) -> Expr:
        """The number of the turn."""
        return difference(target, self.first) if self.step == 1 else difference(self.first, target)

    def from_end(self, target: Expr) -> Expr:
        """How many turns come behind it."""
        low, high = (target, self.last) if self.step == 1 else (self.last, target)
        return difference(difference(high, low), Const(1))


def difference(a: Expr, b: Expr) -> Expr:
    x, y = literal(a), literal(b)
    if isinstance(x, int) and isinstance(y, int):
        return Const(x - y) if x >= y else Unary("-", Const(y - x))
    if isinstance(y, int):
        if isinstance(a, Binary) and a.op in ("+", "-") and isinstance(literal(a.right), int):
            number = literal(a.right) if a.op == "+" else -literal(a.right)  # type: ignore[operator]
            total = number - y  # type: ignore[operator]
            return a.left if total == 0 else add(a.left, Const(total)) if total > 0 else sub(a.left, Const(-total))
        return a if y == 0 else sub(a, Const(y)) if y > 0 else add(a, Const(-y))
    return sub(a, b)


def range_of(stmt: For) -> Range | None:
    step = step_of(stmt.args)
    if step not in (1, -1) or stmt.target in bound_in(stmt.body):
        return None
    first: Expr = stmt.args[0] if len(stmt.args) > 1 else Const(0)
    last = stmt.args[1] if len(stmt.args) > 1 else stmt.args[0]
    free = bound_in(stmt.body) | {stmt.target}
    if not all(is_plain(e) and not names(e) & free for e in (first, last)):
        return None
    return Range(first, last, int(step))


def is_plain(expr: Expr) -> bool:
    """A number made of names, which is the same wherever it is said."""
    match expr:
        case Name():
            return True
        case Const(value):
            return isinstance(value, int)
        case Unary("-", operand):
            return is_plain(operand)
        case Binary("+" | "-", left, right):
            return is_plain(left) and is_plain(right)
        case Call(Ref(target=Library(module="builtins", qualname="len")), (Name(),), ()):
            return True
        case _:
            return False


def leaves(body: Block) -> bool:
    """Does a turn, or a part of it, end before its end?"""
    for stmt in body:
        match stmt:
            case Break() | Continue() | Return() | Try() | With():
                return True
            case If():
                if any(leaves(b) for b in (*(a.body for a in stmt.arms), stmt.orelse)):
                    return True
            case For() | Each() | While():
                if any(isinstance(s, Return | Try) for s in statements(stmt.body)):
                    return True
            case _:
                pass
    return False


def once_a_turn(stmt: For, wanted: Callable[[str], bool]) -> list[Push | Pop]:
    """What each turn puts on a stack, or takes off one, exactly once, and with which it does nothing more."""
    if leaves(stmt.body):
        return []
    found: dict[str, list[Push | Pop]] = {}
    for inner in statements(stmt.body):
        if isinstance(inner, Push | Pop):
            found.setdefault(inner.list, []).append(inner)
    return [all_[0] for name, all_ in found.items() if len(all_) == 1 and wanted(name) and all_[0] in stmt.body]


@dataclass(eq=False)
class Here:
    """A loop written with an index of the turn for one of its stacks."""

    before: list[Stmt]
    after: list[Stmt]
    change: Stmt  # what stands for the ``Push`` or ``Pop``


def by_turns(stmt: For, target: str, turns: Range, one: Push | Pop, top: str, kept: str, alone: bool) -> Here:
    """``kept`` is the part of the stack that the loop fills; ``alone``: all that is ever on it."""
    where = Name(one.list if alone else kept)
    part = Index(Name(one.list), Slice(Name(top), add(Name(top), turns.turns), None))
    view = Assign((kept,), (part,), stmt.origin)
    if isinstance(one, Push):
        place = Index(where, turns.from_start(Name(target)))
        put = Store(place, "", one.value, one.origin)
        return Here([] if alone else [view], [] if alone else [_moved(top, "+", turns, stmt)], put)
    place = Index(where, turns.from_end(Name(target)))
    return Here([] if alone else [_moved(top, "-", turns, stmt), view], [], _taken(one, place))


def of_several(ranges: list[Range], targets: list[str], one: Push | Pop, top: str, kept: str, stmt: For) -> Here:
    """As ``by_turns``, of loops one in the other: ``kept[i, j]``."""
    count = reduce(lambda a, b: Binary("*", a, b), (r.turns for r in ranges))
    part = Index(Name(one.list), Slice(Name(top), add(Name(top), count), None))
    view = Assign((kept,), (method(part, "reshape", *(r.turns for r in ranges)),), stmt.origin)
    where = list(zip(ranges, map(Name, targets), strict=True))
    if isinstance(one, Push):
        place = Index(Name(kept), Tuple(tuple(r.from_start(t) for r, t in where)))
        return Here([view], [Augment(top, "+", count, stmt.origin)], Store(place, "", one.value, one.origin))
    place = Index(Name(kept), Tuple(tuple(r.from_end(t) for r, t in where)))
    return Here([Augment(top, "-", count, stmt.origin), view], [], _taken(one, place))


def _taken(one: Pop, place: Index) -> Stmt:
    match one.target:
        case Name(id):
            return Assign((id,), (place,), one.origin)
        case None:
            return Pass(one.origin)
        case _:
            return Store(one.target, "", place, one.origin)


def _moved(top: str, op: str, turns: Range, stmt: For) -> Augment:
    return Augment(top, op, turns.turns, stmt.origin)
