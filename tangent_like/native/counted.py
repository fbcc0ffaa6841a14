"""How much a stack will hold, counted where the ends of inner loops depend on outer ones.

    for i in range(n):                               size = 0
        for j in range(i):                           for i_2 in range(n):
            x_saved.append(x)              gets          for j_2 in range(i_2):
            for k in range(j):                               size += 1 + max(j_2, 0)
                x_saved.append(x)                    x_saved = np.empty(size)

As many as the longest of the inner loops would put there, at each outer turn, is a multiple of that: memory that
is touched here and there only, and of which each page is new.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce

from tangent_like.ir.build import add, sub
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Const,
    Expr,
    For,
    Index,
    Library,
    Name,
    Push,
    Ref,
    Stmt,
    Unary,
)
from tangent_like.ir.walk import blocks, bound_in, names, statements, substitute
from tangent_like.kinds.operands import literal, step_of
from tangent_like.native.nests import at_least_zero


@dataclass(eq=False)
class Counting:
    """``other`` says how much a statement with blocks that is no loop puts on the stack at most."""

    name: str
    size: str
    fresh: Callable[[str], str]
    other: Callable[[Stmt, int], int | None]
    targets: list[str] = field(default_factory=list)

    def of(self, stmt: Stmt, table: dict[str, Expr]) -> tuple[Expr, list[Stmt]] | None:
        """What a statement puts there that no loop of ours has to count, and the loops that do."""
        match stmt:
            case Push(list_) if list_ == self.name:
                return Const(1), []
            case For(target, args, body):
                if not self.held(body):
                    return Const(0), []
                step = step_of(args)
                if not isinstance(step, int) or step == 0 or target in bound_in(body):
                    return None
                if not all(map(is_told, args)):
                    return None
                args = tuple(substitute(a, table) for a in args)
                own = self.fresh(target)
                inner = self.total(body, {**table, target: Name(own)})
                if inner is None:
                    return None
                each, loops = inner
                if not loops and own not in names(each):
                    turns = turns_of_range(args, step)
                    return (turns if literal(each) == 1 else Binary("*", turns, each)), []
                self.targets.append(own)
                if literal(each) != 0:
                    loops = [*loops, Augment(self.size, "+", each)]
                return Const(0), [For(own, args, tuple(loops))]
            case _:
                return Const(0), []

    def total(self, body: Block, table: dict[str, Expr]) -> tuple[Expr, list[Stmt]] | None:
        always = sum(isinstance(s, Push) and s.list == self.name for s in body)
        each: list[Expr] = []
        loops: list[Stmt] = []
        for stmt in body:
            if blocks(stmt) and not isinstance(stmt, For):
                most = self.other(stmt, always)
                if most is None:
                    return None
                always -= most
                found: tuple[Expr, list[Stmt]] | None = (Const(most), [])
            else:
                found = self.of(stmt, table)
            if found is None:
                return None
            if literal(found[0]) != 0:
                each.append(found[0])
            loops += found[1]
        return (reduce(add, each) if each else Const(0)), loops

    def held(self, body: Block) -> bool:
        return any(isinstance(s, Push) and s.list == self.name for s in statements(body))


def turns_of_range(args: tuple[Expr, ...], step: int) -> Expr:
    first: Expr = args[0] if len(args) > 1 else Const(0)
    last = args[1] if len(args) > 1 else args[0]
    if step < 0:
        first, last = last, first
    return turns_between(first, last, step)


def turns_between(low: Expr, high: Expr, step: int) -> Expr:
    """The turns of a loop from ``low`` to ``high``, or down from there."""
    whole = at_least_zero(high if literal(low) == 0 else sub(high, low))
    return whole if step in (1, -1) else Binary("//", add(whole, Const(abs(step) - 1)), Const(abs(step)))


def depends(stmt: Stmt, around: frozenset[str] = frozenset()) -> bool:
    """Does a loop that is within others begin or end where these tell?"""
    if not isinstance(stmt, For):
        return any(depends(s, around) for inner in blocks(stmt) for s in inner)
    if any(names(a) & around for a in stmt.args):
        return True
    return any(depends(s, around | {stmt.target}) for s in stmt.body)


def is_told(expr: Expr) -> bool:
    """Is it a number that only changes where names are bound: no item of an array, and no length of a list?"""
    match expr:
        case Name() | Index(Attribute(Name(), "shape"), Const()):
            return True
        case Const(value):
            return isinstance(value, int)
        case Unary("-", operand):
            return is_told(operand)
        case Binary("+" | "-" | "*", left, right):
            return is_told(left) and is_told(right)
        case Call(Ref(target=Library(module="builtins", qualname="min" | "max")), (left, right), ()):
            return is_told(left) and is_told(right)
        case _:
            return False


def counted(body: Block, at: list[int], counting: Counting) -> Block | None:
    """The statements that count what those at ``at`` put on the stack; None where that is not told by their loops."""
    out: list[Stmt] = []
    rest: list[Expr] = []
    for k in at:
        if blocks(body[k]) and not isinstance(body[k], For):
            return None
        found = counting.of(body[k], {})
        if found is None:
            return None
        out += found[1]
        if literal(found[0]) != 0:
            rest.append(found[0])
    changing = bound_in(body[at[0] : at[-1] + 1])
    told = [a for s in statements(tuple(out)) if isinstance(s, For) for a in s.args]
    told += [s.value for s in statements(tuple(out)) if isinstance(s, Augment)]
    if any(names(e) & changing for e in (*told, *rest)):
        return None
    return (Assign((counting.size,), (reduce(add, rest) if rest else Const(0),)), *out)
