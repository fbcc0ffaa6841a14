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
from dataclasses import dataclass, replace

from tangent_like.ir.blocks import all_blocks
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
from tangent_like.ir.walk import binds, blocks, children, expressions, names, reads, statements, subexpressions
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.kinds.operands import literal


@dataclass(frozen=True)
class Moves:
    """How a value depends on the maximum: ``times`` it is added, or its exponential to that power a factor.

    ``axes`` are those along which the maximum itself varies, from the end (-1 is the last). ``scale`` is the product
    with a number of the program's that ``times`` counts: of another product we do not know whether it is as large.
    """

    how: str  # "added" or "factor"
    times: float
    axes: frozenset[int]
    scale: Expr | None = None


class MattersError(Exception):
    """The result may depend on the maximum."""


KindAt = Callable[[Stmt], Callable[[Expr], Kind]]
Sole = Callable[[str], bool]  # does an array go by this name alone?

EXTREMA = ("max", "min", "maximum", "minimum")


def find_shifts(function: Function, kind_at: KindAt, sole: Sole) -> frozenset[Expr]:
    """The maxima and minima on whose value nothing depends."""
    found: set[Expr] = set()
    for block in all_blocks(function.body):
        for stmt in block:
            if isinstance(stmt, Assign | Augment | Return | Store):
                for expr in expressions(stmt):
                    for call in _extrema(expr):
                        if _is_idle(call, block, function, kind_at, sole):
                            found.add(call)
    return frozenset(found)


def _extrema(expr: Expr) -> list[Call]:
    return [e for e in subexpressions(expr) if isinstance(e, Call) and plain(e)[0] in EXTREMA]


def plain(call: Call) -> tuple[str, tuple[Expr, ...]]:
    """A function of NumPy by name, and its arguments; ``x.max()`` as ``np.max(x)``, ``max(a, b)`` as ``np.maximum``."""
    match call.func:
        case Ref(target=Library("numpy", name)):
            return {"amax": "max", "amin": "min"}.get(name, name), call.args
        case Ref(target=Library("math", "exp" | "log" as name)):
            return name, call.args
        case Ref(target=Library("builtins", "max" | "min" as name)) if len(call.args) > 1:
            return f"{name}imum", call.args
        case Attribute(value, "max" | "min" | "sum" | "mean" | "dot" | "squeeze" as name):
            return name, (value, *call.args)
        case _:
            return "", call.args


def _is_idle(call: Call, block: Block, function: Function, kind_at: KindAt, sole: Sole) -> bool:
    moved: dict[str, Moves] = {}
    everything: set[str] = set()
    seen: set[str] = set()
    early: set[str] = set()  # read before they are bound: in a loop, as the turn before left them
    try:
        for stmt in block:
            if isinstance(stmt, Comment):
                continue
            early |= reads(stmt) - seen
            if blocks(stmt):
                inside = {n for s in statements((stmt,)) for n in (*reads(s), *binds(s))}
                if inside & set(moved):
                    return False
                early |= inside - seen
                continue
            seen.update(binds(stmt))
            reader = _Reader(call, moved, kind_at(stmt))
            found = [reader.moves(e) for e in expressions(stmt)]
            if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values) and not stmt.writes:
                targets: tuple[str, ...] = stmt.targets
            elif isinstance(stmt, Augment) and (sole(stmt.target) or reader.rank(Name(stmt.target)) == 0):
                targets = (stmt.target,)
                found = [reader.moves(Binary(stmt.op, Name(stmt.target), stmt.value))]
            elif any(own is not None for own in found) or set(binds(stmt)) & set(moved):
                return False
            else:
                continue
            for target, own in zip(targets, found, strict=True):
                moved.pop(target, None)
                if own is not None:
                    moved[target] = own
                    everything.add(target)
            if any(m.scale is not None and names(m.scale) & set(binds(stmt)) for m in moved.values()):
                return False
    except MattersError:
        return False
    if block is not function.body and everything & early:
        return False
    return not _read_outside(function.body, block, everything, set())


def _read_outside(body: Block, own: Block, names: set[str], bound: set[str]) -> bool:
    """Does a statement outside of ``own`` read one of the names as it may have been bound there?

    ``bound`` are the names that have been bound anew since, wherever the function is.
    """
    for stmt in body:
        inner = blocks(stmt)
        bound = bound - {n for block in inner for s in statements(block) for n in binds(s)}
        if body is not own and (reads(stmt) & names) - bound:
            return True  # the condition of a loop reads what its turns have bound, too
        if any(_read_outside(block, own, names, bound) for block in inner):
            return True
        if body is not own and not inner:
            bound = bound | set(binds(stmt))
    return False


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
                return inner if inner is None or inner.how == "factor" else replace(inner, times=-inner.times)
            case Binary("@", left, right):
                return self.contracted(left, right)
            case Binary():
                return self.binary(expr)
            case Index(value, index):
                return self.indexed(value, index)
            case Call():
                return self.called(expr)
            case _:
                if any(self.moves(c) is not None for c in children(expr)):
                    raise MattersError
                return None

    def extremum(self) -> Moves:
        (name, args), keywords = plain(self.call), dict(self.call.keywords)
        if not args or any(self.moves(a) is not None for a in args):
            raise MattersError
        ranks = [self.rank(a) for a in args]  # of arrays and numbers, of nothing else
        if name in ("maximum", "minimum"):
            if keywords or len(args) < 2:
                raise MattersError
            return Moves("added", 1, frozenset(range(-max(ranks), 0)))
        reduced = self.reduced(args, keywords)
        varied = frozenset(range(-ranks[0], 0)) - reduced
        return Moves("added", 1, self.left(varied, reduced, keywords))

    def reduced(self, args: tuple[Expr, ...], keywords: dict[str, Expr]) -> frozenset[int]:
        """The axes that a reduction does away with, from the end."""
        if set(keywords) - {"axis", "keepdims"} or len(args) > 2 or (len(args) == 2 and "axis" in keywords):
            raise MattersError
        given = keywords.get("axis", args[1] if len(args) == 2 else Const(None))
        rank = self.rank(args[0])
        axes = tuple(map(literal, given.items)) if isinstance(given, Tuple) else (literal(given),)
        if isinstance(given, Const) and given.value is None:
            axes = tuple(range(rank))
        if not all(type(a) is int and -rank <= a < rank for a in axes):
            raise MattersError
        return frozenset(a if a < 0 else a - rank for a in axes if isinstance(a, int))

    def left(self, axes: frozenset[int], reduced: frozenset[int], keywords: dict[str, Expr]) -> frozenset[int]:
        """Where axes stand once others are reduced."""
        kept = literal(keywords["keepdims"]) if "keepdims" in keywords else False
        if not isinstance(kept, bool):
            raise MattersError
        return axes if kept else frozenset(a + sum(b > a for b in reduced) for a in axes)

    def binary(self, expr: Binary) -> Moves | None:
        op, one, two = expr.op, self.moves(expr.left), self.moves(expr.right)
        if one is None and two is None:
            return None
        if one is not None and two is not None and one.axes != two.axes:
            raise MattersError
        if one is not None and two is not None and one.scale is not two.scale:
            raise MattersError
        found = one or two
        assert found is not None
        sign = -1 if op in ("-", "/") else 1
        times = (one.times if one else 0) + sign * (two.times if two else 0)
        if op in ("+", "-") and all(m is None or m.how == "added" for m in (one, two)):
            return _moves("added", times, found.axes, found.scale)
        if op in ("+", "-") and one is not None and two is not None and one == two:
            return one  # the same factor in both
        if op in ("*", "/") and all(m is None or m.how == "factor" for m in (one, two)):
            return _moves("factor", times, found.axes, found.scale)
        number = expr.right if two is None else expr.left if one is None and op == "*" else None
        if op in ("*", "/") and number is not None and self.rank(number) == 0:
            return Moves("added", 1, found.axes, expr)  # of "added" alone: factors are above
        raise MattersError

    def contracted(self, left: Expr, right: Expr) -> Moves | None:
        """A product of matrices: what is a factor all along the sum stays one."""
        one, two = self.moves(left), self.moves(right)
        if one is None and two is None:
            return None
        if (one is not None and two is not None) or not (one or two).how == "factor":  # type: ignore[union-attr]
            raise MattersError
        first, second = self.rank(left), self.rank(right)
        if not 0 < first <= 2 or not 0 < second <= 2:
            raise MattersError
        if one is not None:
            if -1 in one.axes:
                raise MattersError
            return replace(one, axes=one.axes if second == 2 else frozenset(a + 1 for a in one.axes))
        assert two is not None
        if -second in two.axes:
            raise MattersError
        return two  # along its last axis at most, which is that of the product

    def indexed(self, value: Expr, index: Expr) -> Moves | None:
        inner = self.moves(value)
        if self.moves_inside(index):
            raise MattersError
        if inner is None or not inner.axes:
            return inner
        axes = list(range(-self.rank(value), 0))  # of the value, one for each that the result has
        left: list[int | None] = []
        for item in index.items if isinstance(index, Tuple) else (index,):
            match item:
                case Const(None):
                    left.append(None)
                case Slice(None, None, None) if axes:
                    left.append(axes.pop(0))
                case Const(int()) if axes and axes.pop(0) not in inner.axes:
                    pass
                case _:
                    raise MattersError
        left.extend(axes)
        return Moves(inner.how, inner.times, frozenset(k - len(left) for k, a in enumerate(left) if a in inner.axes))

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
        if name in ("dot", "matmul") and len(args) == 2 and not keywords:
            return self.contracted(*args)
        first = inner[0] if args else None
        if first is None or any(m is not None for m in inner[1:]):
            raise MattersError
        if name == "exp" and first.how == "added" and not keywords:
            return replace(first, how="factor")
        if name == "log" and first.how == "factor" and not keywords:
            return replace(first, how="added")
        if name in ("sum", "mean") and first.how == "factor":
            reduced = self.reduced(args, keywords)
            if reduced & first.axes:
                raise MattersError
            return replace(first, axes=self.left(first.axes, reduced, keywords))
        if name in ("squeeze", "expand_dims"):
            return replace(first, axes=self.counted_anew(name, first.axes, args, keywords))
        raise MattersError

    def counted_anew(
        self, name: str, axes: frozenset[int], args: tuple[Expr, ...], keywords: dict[str, Expr]
    ) -> frozenset[int]:
        """Where axes stand once others of one entry are gone, or one is new."""
        at = literal(keywords.get("axis", args[-1] if len(args) == 2 else None))
        if name == "squeeze":
            gone = self.reduced(args, keywords)
            if gone & axes or at is None or at is NotImplemented:
                raise MattersError
            return self.left(axes, gone, {})
        rank = self.rank(args[0]) + 1
        if type(at) is not int or not -rank <= at < rank or keywords.keys() - {"axis"}:
            raise MattersError
        place = at if at < 0 else at - rank
        return frozenset(a if a > place else a - 1 for a in axes)


def _moves(how: str, times: float, axes: frozenset[int], scale: Expr | None) -> Moves | None:
    return Moves(how, times, axes, scale) if times else None
