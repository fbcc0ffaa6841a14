"""Maxima that only keep numbers small: nothing that is computed with them depends on them.

    m = np.max(x)                       # e and total change by exp(-m), the log of total by -m, and
    e = np.exp(x - m)                   # the result not at all: no derivative flows to m
    total = np.sum(e)
    return m + np.log(total)

Of each value we know how it depends on the maximum: not at all, as a sum with a multiple of it, or as a
product with a power of its exponential. What depends on it in any other way, and what is read outside the
block, is taken to matter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import binds, blocks, children, expressions, reads, statements, subexpressions
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.kinds.operands import literal


@dataclass(frozen=True)
class Moves:
    """How a value depends on the maximum: ``times`` it is added, or its exponential to that power a factor.

    ``axis`` is the one axis along which the maximum itself varies, from the end; 0 where it is one number.
    """

    how: str  # "added" or "factor"
    times: float
    axis: int


class MattersError(Exception):
    """The result may depend on the maximum."""


KindAt = Callable[[Stmt], Callable[[Expr], Kind]]


def find_shifts(function: Function, kind_at: KindAt) -> frozenset[Expr]:
    """The calls of ``np.max`` and ``np.min`` on whose value nothing depends."""
    found: set[Expr] = set()
    for block in _all_blocks(function.body):
        for stmt in block:
            if isinstance(stmt, Assign | Augment | Return | Store):
                for expr in expressions(stmt):
                    for call in _extrema(expr):
                        if _is_idle(call, block, function, kind_at):
                            found.add(call)
    return frozenset(found)


def _all_blocks(block: Block) -> list[Block]:
    return [block, *(b for stmt in block for inner in blocks(stmt) for b in _all_blocks(inner))]


def _extrema(expr: Expr) -> list[Call]:
    return [e for e in subexpressions(expr) if isinstance(e, Call) and plain(e)[0] in ("max", "min")]


def plain(call: Call) -> tuple[str, tuple[Expr, ...]]:
    """The name of a function of NumPy and its arguments; ``x.max()`` as ``np.max(x)``."""
    match call.func:
        case Ref(target=Library("numpy", name)):
            return {"amax": "max", "amin": "min"}.get(name, name), call.args
        case Attribute(value, "max" | "min" | "sum" as name):
            return name, (value, *call.args)
        case _:
            return "", call.args


def _is_idle(call: Call, block: Block, function: Function, kind_at: KindAt) -> bool:
    moved: dict[str, Moves] = {}
    everything: set[str] = set()
    try:
        for stmt in block:
            if isinstance(stmt, Comment):
                continue
            if blocks(stmt):
                if {n for s in statements((stmt,)) for n in (*reads(s), *binds(s))} & set(moved):
                    return False
                continue
            found = [_Reader(call, moved, kind_at(stmt)).moves(e) for e in expressions(stmt)]
            if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values) and not stmt.writes:
                for target, own in zip(stmt.targets, found, strict=True):
                    moved.pop(target, None)
                    if own is not None:
                        moved[target] = own
                        everything.add(target)
            elif any(own is not None for own in found) or set(binds(stmt)) & set(moved):
                return False
    except MattersError:
        return False
    # a name that depends on it is this block's alone, and bound once
    own_stmts = set(block)
    for stmt in statements(function.body):
        if stmt not in own_stmts and everything & {*reads(stmt), *binds(stmt)}:
            return False
    bound = [n for stmt in block for n in binds(stmt) if n in everything]
    seen: set[str] = set()
    for stmt in block:
        if reads(stmt) & (everything - seen):
            return False  # of the turn before
        seen.update(binds(stmt))
    return len(bound) == len(everything) and not {p.name for p in function.params} & everything


@dataclass(frozen=True, eq=False)
class _Reader:
    call: Call
    moved: dict[str, Moves]
    kind_of: Callable[[Expr], Kind]

    def rank(self, expr: Expr) -> int:
        kind = self.kind_of(expr)
        if isinstance(kind, Scalar):
            return 0
        if isinstance(kind, Array) and kind.rank is not None:
            return kind.rank
        raise MattersError

    def moves(self, expr: Expr) -> Moves | None:
        """How the value depends on the maximum; None where it does not."""
        if expr is self.call:
            return self.extremum()
        match expr:
            case Name(id):
                return self.moved.get(id)
            case Unary("-", operand):
                inner = self.moves(operand)
                return inner if inner is None or inner.how == "factor" else Moves("added", -inner.times, inner.axis)
            case Binary(op, left, right):
                return self.binary(op, left, right)
            case Index(value, index):
                return self.indexed(value, index)
            case Call():
                return self.called(expr)
            case _:
                if any(self.moves(c) is not None for c in children(expr)):
                    raise MattersError
                return None

    def extremum(self) -> Moves:
        (_, args), keywords = plain(self.call), dict(self.call.keywords)
        if not args:
            raise MattersError
        self.rank(args[0])  # an array's method, no other's
        if any(self.moves(a) is not None for a in args) or set(keywords) - {"axis", "keepdims"} or len(args) > 2:
            raise MattersError
        axis = literal(keywords["axis"]) if "axis" in keywords else literal(args[1]) if len(args) == 2 else None
        if axis is None:
            return Moves("added", 1, 0)
        rank = self.rank(args[0])
        if rank != 2 or axis not in (1, -1):
            raise MattersError
        kept = "keepdims" in keywords and literal(keywords["keepdims"]) is True
        return Moves("added", 1, -2 if kept else -1)

    def binary(self, op: str, left: Expr, right: Expr) -> Moves | None:
        one, two = self.moves(left), self.moves(right)
        if one is None and two is None:
            return None
        if one is not None and two is not None and one.axis != two.axis:
            raise MattersError
        axis = (one or two).axis  # type: ignore[union-attr]
        sign = -1 if op in ("-", "/") else 1
        if op in ("+", "-") and all(m is None or m.how == "added" for m in (one, two)):
            return _moves("added", (one.times if one else 0) + sign * (two.times if two else 0), axis)
        if op in ("+", "-") and one is not None and two is not None and one == two:
            return one  # the same factor in both
        if op in ("*", "/") and all(m is None or m.how == "factor" for m in (one, two)):
            return _moves("factor", (one.times if one else 0) + sign * (two.times if two else 0), axis)
        raise MattersError

    def indexed(self, value: Expr, index: Expr) -> Moves | None:
        inner = self.moves(value)
        if self.moves_inside(index):
            raise MattersError
        if inner is None or inner.axis == 0:
            return inner
        items = index.items if isinstance(index, Tuple) else (index,)
        match items:
            case (Slice(None, None, None), Const(None)) if inner.axis == -1 and self.rank(value) == 1:
                return Moves(inner.how, inner.times, -2)
            case (Slice(None, None, None), Const(0)) if inner.axis == -2 and self.rank(value) == 2:
                return Moves(inner.how, inner.times, -1)
            case _:
                raise MattersError

    def moves_inside(self, expr: Expr) -> bool:
        return any(self.moves(c) is not None for c in (children(expr) or (expr,)) if not isinstance(c, Ref))

    def called(self, expr: Call) -> Moves | None:
        name, args = plain(expr)
        keywords = dict(expr.keywords)
        inner = [self.moves(a) for a in (*args, *keywords.values())]
        if not name and self.moves_inside(expr.func):
            raise MattersError
        if all(m is None for m in inner):
            return None
        first = inner[0] if args else None
        if first is None or any(m is not None for m in inner[1:]):
            raise MattersError
        if name == "exp" and first.how == "added":
            return _moves("factor", first.times, first.axis)
        if name == "log" and first.how == "factor":
            return _moves("added", first.times, first.axis)
        if name == "sum" and first.how == "factor" and len(args) == 1 and not set(keywords) - {"axis", "keepdims"}:
            return self.summed(args[0], keywords, first)
        raise MattersError

    def summed(self, arg: Expr, keywords: dict[str, Expr], own: Moves) -> Moves:
        if own.axis == 0:
            return own
        axis = literal(keywords["axis"]) if "axis" in keywords else None
        if own.axis != -2 or self.rank(arg) != 2 or axis not in (1, -1):
            raise MattersError
        kept = "keepdims" in keywords and literal(keywords["keepdims"]) is True
        return Moves(own.how, own.times, -2 if kept else -1)


def _moves(how: str, times: float, axis: int) -> Moves | None:
    return Moves(how, times, axis) if times else None
