"""Which assumptions about sizes the text itself holds its arguments to: ``X @ w`` raises where sizes differ.

    z = X @ w + b            # X.shape[1] == w.shape[0] need not be checked on entry; that of b may be 1

Shapes are those of the arguments, and what follows from them where the other checks hold.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Opaque,
    Ref,
    Slice,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import binds, blocks, bound_in, children, expressions, statements, subexpressions
from tangent_like.kinds.dims import ONE, Assumption, Dim
from tangent_like.kinds.kind import Array, Kind, dims_of
from tangent_like.kinds.operands import literal

Shape = tuple[Dim, ...]

TOGETHER = 2  # of how many assumptions, that are not checked either, each case is looked at
REDUCING = frozenset({"sum", "mean", "max", "min", "amax", "amin", "prod"})


def needed(
    assumptions: tuple[Assumption, ...], function: Function, kinds: Mapping[str, Kind], wrt: tuple[str, ...]
) -> tuple[Assumption, ...]:
    """The assumptions that must be checked on entry: without those that follow from the others, or from the text."""
    shapes: dict[str, Shape] = {}  # and what is taken out of those with structure
    for name, kind in kinds.items():
        dims = dims_of(kind)
        if dims is not None and all(d is not None for d in dims):
            shapes[name] = tuple(d for d in dims if d is not None)
    whole = {n for n, k in kinds.items() if isinstance(k, Array) and k.dtype and np.dtype(k.dtype).kind in "iu"}
    params = Given(shapes, frozenset(whole))
    kept = list(assumptions)
    spread: list[Assumption] = []  # those without which the text raises, or does the same
    for last in (False, True):
        for one in assumptions:
            if one.op != "==" or one not in kept:
                continue
            others = [a for a in kept if a is not one]
            classes = Classes.of(others)
            for left, right in _products(function, params, classes.same):
                classes.join(left, right)
            if classes.same(one.left, one.right) or _said(one, others):
                kept = others
            elif last and (
                _is_spread(one, [], function, params, classes, wrt)
                or (spread and _is_spread(one, spread[-TOGETHER:], function, params, classes, wrt))
            ):
                kept = others
                spread.append(one)
    return tuple(kept)


def _said(one: Assumption, others: list[Assumption]) -> bool:
    """Does it follow from what is said of what they are made of? ``max(n - 1, 0) == max(m - 1, 0)`` from ``n == m``."""
    left, right = str(one.left), str(one.right)
    if "(" not in left or "(" not in right:
        return False
    for other in others:
        if other.op == "==" and not other.left.const and not other.right.const:
            whole = re.compile(rf"(?<![\w.\]]){re.escape(str(other.left))}(?![\w.\[])")
            other_text = str(other.right).replace("\\", r"\\")
            left, right = whole.sub(other_text, left), whole.sub(other_text, right)
    return left == right


def _is_spread(
    one: Assumption, before: list[Assumption], function: Function, params: Given, classes: Classes, wrt: tuple[str, ...]
) -> bool:
    """Where the two sizes differ, does the text raise, or do the same, as one that is 1 is spread to the other?

    They meet in a sum or a product, so that one of them is 1. That is the same where it is the size of arguments that
    are not differentiated, which are read nowhere but beside what has the other size; or a product of matrices raises.
    Of those ``before``, which are not checked either, each may hold as well, or the one or the other of its sizes be 1;
    of any others nothing is known.
    """
    whole = classes.joined(before)
    both = {whole.find(one.left), whole.find(one.right)}
    if not any({whole.find(a), whole.find(b)} == both for a, b in _walked(function, params, whole.same).met):
        return False
    for sides in itertools.product((1, 2), *[(0, 1, 2)] * len(before)):
        pairs = list(zip(sides, (one, *before), strict=True))
        known = classes.joined(a for side, a in pairs if not side)
        differ = [(a.left, a.right) if side == 1 else (a.right, a.left) for side, a in pairs if side]
        if not _raises_or_spreads(differ, function, params, known, wrt):
            return False
    return True


def _raises_or_spreads(
    differ: list[tuple[Dim, Dim]], function: Function, params: Given, classes: Classes, wrt: tuple[str, ...]
) -> bool:
    """The same where of each two sizes the first is 1, while the second is not."""
    for small, other in differ:
        if small.terms == () or len(small.terms) > 1 or small.const or other == ONE:
            return False
        if not any(classes.same(d, small) for shape in params.shapes.values() for d in shape):
            return False  # what it is the size of is not seen
    if any(classes.same(small, other) for small, _ in differ for _, other in differ):
        return True  # nothing is both
    wide = [other for _, other in differ]
    table = {classes.find(small): other for small, other in differ}
    spread = {n: tuple(ONE if classes.find(d) in table else d for d in s) for n, s in params.shapes.items()}
    narrow = {
        n: {k - len(s): table[classes.find(d)] for k, d in enumerate(s) if classes.find(d) in table}
        for n, s in params.shapes.items()
        if spread[n] != s
    }
    walker = _walked(function, Given(spread, params.whole), classes.same, narrow, wide)
    if any((a == ONE and walker.is_wide(b)) or (b == ONE and walker.is_wide(a)) for a, b in walker.pairs):
        return True
    if narrow.keys() & set(wrt):
        return False
    plain = narrow.keys() <= {p.name for p in function.params}
    return plain and walker.spread == sum(_mentions(function, n) for n in narrow)


def _mentions(function: Function, name: str) -> int:
    found = 0
    for stmt in statements(function.body):
        if name in binds(stmt):
            return -1
        for expr in expressions(stmt):
            for part in subexpressions(expr):
                if isinstance(part, Opaque) and name in part.reads:
                    return -1
                found += isinstance(part, Name) and part.id == name
    return found


@dataclass(frozen=True)
class Given:
    """The shapes of arguments, and which of them are whole numbers."""

    shapes: Mapping[str, Shape]
    whole: frozenset[str]


@dataclass(eq=False)
class Classes:
    """Sizes that are known to be equal."""

    parent: dict[Dim, Dim] = field(default_factory=dict)

    @classmethod
    def of(cls, assumptions: Iterable[Assumption]) -> Classes:
        """Those that are assumed to be."""
        found = cls()
        for one in assumptions:
            if one.op == "==":
                found.join(one.left, one.right)
        return found

    def joined(self, assumptions: Iterable[Assumption]) -> Classes:
        """Those that are equal where these hold, too."""
        found = Classes(dict(self.parent))
        for one in assumptions:
            found.join(one.left, one.right)
        return found

    def find(self, dim: Dim) -> Dim:
        while dim in self.parent:
            dim = self.parent[dim]
        return dim

    def join(self, a: Dim, b: Dim) -> None:
        first, second = self.find(a), self.find(b)
        if first != second:
            self.parent[second] = first

    def same(self, a: Dim, b: Dim) -> bool:
        return self.find(a) == self.find(b)


def _products(
    function: Function, params: Given, same: Callable[[Dim, Dim], bool]
) -> list[tuple[Dim, Dim]]:
    """The sizes that must agree in the products of matrices that every call computes."""
    return _walked(function, params, same).pairs


def _walked(
    function: Function,
    params: Given,
    same: Callable[[Dim, Dim], bool],
    narrow: Mapping[str, Mapping[int, Dim]] | None = None,
    wide: Sequence[Dim] = (),
) -> _Walker:
    """What every call computes, walked through."""
    own = {p.name for p in function.params}
    reached = {str(s[0]).removesuffix(".shape[0]"): s for s in params.shapes.values() if s}
    reached |= {n: s for n, s in params.shapes.items() if "." in n or "[" in n}
    bound = bound_in(function.body)
    whole = {n: s for n, s in params.shapes.items() if n in own and n in params.whole - bound}
    walker = _Walker({n: s for n, s in params.shapes.items() if n in own}, same, reached, narrow or {}, wide, whole)
    for stmt in function.body:
        if blocks(stmt):
            for name in bound_in((stmt,)):
                walker.shapes.pop(name, None)
            continue
        found = [walker.shape(e) for e in expressions(stmt)]
        for name in binds(stmt):
            walker.shapes.pop(name, None)
        if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
            for target, shape in zip(stmt.targets, found, strict=False):
                if shape is not None:
                    walker.shapes[target] = shape
                elif target in params.shapes and base_of(stmt.values[0]) in own:
                    walker.shapes[target] = params.shapes[target]
    return walker


def base_of(expr: Expr) -> str:
    """The name in front of attributes and keys."""
    while isinstance(expr, Attribute | Index):
        expr = expr.value
    return expr.id if isinstance(expr, Name) else ""


def path_of(expr: Expr) -> str:
    """``model.layers[0]`` as it is written in the names of sizes; empty where it is no such path."""
    match expr:
        case Name(id):
            return id
        case Attribute(value, name):
            inner = path_of(value)
            return f"{inner}.{name}" if inner else ""
        case Index(value, Const(key)):
            inner = path_of(value)
            return f"{inner}[{key!r}]" if inner else ""
        case _:
            return ""


@dataclass(eq=False)
class _Walker:
    shapes: dict[str, Shape]
    same: Callable[[Dim, Dim], bool]
    reached: Mapping[str, Shape]  # of parts of arguments, by how they are reached
    narrow: Mapping[str, Mapping[int, Dim]]  # arguments with axes of size 1, from the last, and what they are spread to
    wide: Sequence[Dim]  # sizes that are not 1
    whole: Mapping[str, Shape]  # arguments that are whole numbers
    pairs: list[tuple[Dim, Dim]] = field(default_factory=list)
    met: list[tuple[Dim, Dim]] = field(default_factory=list)  # in sums and products, where it is not known which is 1
    spread: int = 0  # how often a narrow argument stands beside what is as wide

    def shape(self, expr: Expr) -> Shape | None:
        match expr:
            case Name(id):
                return self.shapes.get(id)
            case Const(value):
                return () if isinstance(value, int | float) else None
            case Unary("-" | "+", operand):
                return self.shape(operand)
            case Attribute(value, "T"):
                inner = self.shape(value)
                return None if inner is None else inner[::-1]
            case Attribute() | Index() if (text := path_of(expr)) in self.reached:
                return self.reached[text]
            case Index(Attribute(_, "shape"), Const()) | Attribute(_, "size" | "ndim"):
                return ()
            case Index(value, index):
                items = index.items if isinstance(index, Tuple) else (index,)
                return self.indexed(self.shape(value), items)
            case Call(Ref(target=Library("builtins", "len")), (_,), ()):
                return ()
            case Binary("@", left, right):
                return self.product(self.shape(left), self.shape(right))
            case Binary("+" | "-" | "*" | "/" | "**", left, right):
                a, b = self.shape(left), self.shape(right)
                self.spread += self.beside(left, b) + self.beside(right, a)
                return self.together(a, b)
            case Compare(left, (_,), (right,)):
                a, b = self.shape(left), self.shape(right)
                self.spread += self.beside(left, b) + self.beside(right, a)
                return self.together(a, b)
            case Call(Ref(target=Library(obj=obj)), args, ()) if isinstance(obj, np.ufunc) or (
                obj is np.where and len(args) == 3
            ):
                shapes = [self.shape(a) for a in args]
                total: Shape | None = ()
                for one in shapes:
                    total = self.together(total, one)
                return total
            case Call(Ref(target=Library("numpy", name)), (whole,), keywords) if name in REDUCING:
                return self.reduced(self.shape(whole), {key: literal(value) for key, value in keywords})
            case Call(Ref(target=Library("numpy", "zeros_like" | "ones_like")), (whole,), ()):
                return self.shape(whole)
            case _:
                for child in children(expr):
                    self.shape(child)
                return None

    def reduced(self, shape: Shape | None, keywords: Mapping[str, object]) -> Shape | None:
        """Of a sum over everything, or along one axis."""
        axis, keeps = keywords.get("axis"), keywords.get("keepdims", False)
        if shape is None or not keywords.keys() <= {"axis", "keepdims"} or not isinstance(keeps, bool):
            return None
        if "axis" not in keywords:
            return (ONE,) * len(shape) if keeps else ()
        if not isinstance(axis, int) or isinstance(axis, bool) or not -len(shape) <= axis < len(shape):
            return None
        k = axis % len(shape)
        return (*shape[:k], *((ONE,) if keeps else ()), *shape[k + 1 :])

    def indexed(self, shape: Shape | None, items: tuple[Expr, ...]) -> Shape | None:
        """Of ``a[:, None]``, and of rows by whole numbers: ``E[words]``."""
        picked = [self.whole.get(i.id) for i in items if isinstance(i, Name)]
        for item in items:
            self.shape(item)
        if shape is None or (picked and len(items) > 1):
            return None
        if picked:
            return None if picked[0] is None or not shape else (*picked[0], *shape[1:])
        out: list[Dim] = []
        left = list(shape)
        for item in items:
            match item:
                case Const(value) if value is None:
                    out.append(ONE)
                case Slice(None, None, None) if left:
                    out.append(left.pop(0))
                case _:
                    return None
        return (*out, *left)

    def beside(self, expr: Expr, other: Shape | None) -> bool:
        """Is it a narrow argument, and has what stands beside it the sizes that it is spread to?"""
        while isinstance(expr, Unary) and expr.op == "-":
            expr = expr.operand
        axes = self.narrow.get(expr.id) if isinstance(expr, Name) else None
        if axes is None or other is None:
            return False
        return all(len(other) >= -k and self.same(other[k], wide) for k, wide in axes.items())

    def is_wide(self, dim: Dim) -> bool:
        return any(self.same(dim, wide) for wide in self.wide)

    def product(self, a: Shape | None, b: Shape | None) -> Shape | None:
        if a is None or b is None or not 1 <= len(a) <= 2 or not 1 <= len(b) <= 2:
            return None
        self.pairs.append((a[-1], b[0]))
        return (*a[:-1], *b[1:])

    def together(self, a: Shape | None, b: Shape | None) -> Shape | None:
        if a is None or b is None:
            return None
        if len(a) < len(b):
            a, b = b, a
        out = list(a[: len(a) - len(b)])
        for one, two in zip(a[len(a) - len(b) :], b, strict=True):
            if two == ONE or self.same(one, two):
                out.append(one)
            elif one == ONE:
                out.append(two)
            elif self.is_wide(one) and self.is_wide(two):
                out.append(one)  # they are the same, or this raises
            else:
                self.met.append((one, two))
                return None
        return tuple(out)
