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
    Augment,
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
from tangent_like.kinds.dims import ONE, Assumption, Dim, symbol
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
                or (spread and _is_spread(one, _beside(one, spread), function, params, classes, wrt))
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


def _beside(one: Assumption, spread: list[Assumption]) -> list[Assumption]:
    """Those of them that say most of the same sizes: of these first, and then of the last."""
    own = {one.left, one.right}
    return sorted(spread, key=lambda a: bool({a.left, a.right} & own))[-TOGETHER:]


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
    given = Given(spread, params.whole)
    walker = _walked(function, given, classes.same, narrow, wide)
    if walker.raises():
        return True
    agreed = classes.joined(())
    for left, right in walker.pairs:
        agreed.join(left, right)  # or the product raises
    if len(agreed.parent) > len(classes.parent):
        walker = _walked(function, given, agreed.same, narrow, wide)
        if walker.raises():
            return True
    if narrow.keys() & set(wrt):
        return False
    plain = narrow.keys() <= {p.name for p in function.params}
    counts = [_mentions(function, name, name not in narrow) for name in walker.narrow]
    return plain and None not in counts and walker.spread == sum(c or 0 for c in counts)


def _mentions(function: Function, name: str, times: int) -> int | None:
    """How often is a name read that is bound so many times? None where that is not told."""
    found = 0
    for stmt in statements(function.body):
        times -= name in binds(stmt)
        for expr in expressions(stmt):
            for part in subexpressions(expr):
                if isinstance(part, Opaque) and name in part.reads:
                    return None
                found += isinstance(part, Name) and part.id == name
    return None if times else found


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
    shapes = {n: s for n, s in params.shapes.items() if n in own}
    walker = _Walker(shapes, same, reached, dict(narrow or {}), wide, whole)
    for stmt in function.body:
        if blocks(stmt):
            for name in bound_in((stmt,)):
                walker.shapes.pop(name, None)
            continue
        if isinstance(stmt, Augment):
            walker.added(stmt)
            continue
        found = [walker.shape(e) for e in expressions(stmt)]
        for name in binds(stmt):
            walker.shapes.pop(name, None)
        if isinstance(stmt, Assign) and len(stmt.values) == 1 < len(stmt.targets) and len(found[0] or ()) == 1:
            walker.shapes |= dict.fromkeys(stmt.targets, ())  # entries of a vector
        elif isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
            for target, value, shape in zip(stmt.targets, stmt.values, found, strict=False):
                if shape is not None:
                    walker.shapes[target] = shape
                    walker.named(target, value)
                elif target in params.shapes and base_of(stmt.values[0]) in own:
                    walker.shapes[target] = params.shapes[target]
    return walker


def is_by_entry(function: object) -> bool:
    """``np.exp``, and not ``np.matmul``."""
    return isinstance(function, np.ufunc) and function.signature is None


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
    narrow: dict[str, Mapping[int, Dim]]  # names with axes of size 1, from the last, and what they are spread to
    wide: Sequence[Dim]  # sizes that are not 1
    whole: Mapping[str, Shape]  # arguments that are whole numbers
    pairs: list[tuple[Dim, Dim]] = field(default_factory=list)
    fits: list[tuple[Dim, Dim]] = field(default_factory=list)  # what is put into what: it is of that size, or 1
    met: list[tuple[Dim, Dim]] = field(default_factory=list)  # in sums and products, where it is not known which is 1
    beside_each_other: dict[Dim, tuple[Dim, ...]] = field(default_factory=dict)  # what a size is that of, all in one
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
            case Index(Attribute(_, "shape"), Const() | Unary("-", Const())) | Attribute(_, "size" | "ndim"):
                return ()
            case Index(value, index):
                items = index.items if isinstance(index, Tuple) else (index,)
                return self.indexed(self.shape(value), items)
            case Call(Ref(target=Library("builtins", "len")), (_,), ()) | Call(Ref(target=Library("math"))):
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
            case Call(Ref(target=Library(obj=obj)), args, ()) if is_by_entry(obj) or (
                obj is np.where and len(args) == 3
            ):
                shapes = [self.shape(a) for a in args]
                for k, arg in enumerate(args):
                    others = self.all_together([*shapes[:k], *shapes[k + 1 :]])
                    self.spread += self.beside(arg, others) if len(args) > 1 else 0
                return self.all_together(shapes)
            case Call(Ref(target=Library("numpy", name)), (whole,), keywords) if name in REDUCING:
                return self.reduced(self.shape(whole), {key: literal(value) for key, value in keywords})
            case Call(Attribute(whole, name), (), keywords) if name in REDUCING:
                return self.reduced(self.shape(whole), {key: literal(value) for key, value in keywords})
            case Call(Ref(target=Library("numpy", "cumsum")), (whole,), keywords):
                inner = self.shape(whole)
                return inner if keywords or (inner is not None and len(inner) == 1) else None
            case Call(Ref(target=Library("numpy.linalg", "solve")), (matrix, right), ()):
                return self.solved(self.shape(matrix), self.shape(right))
            case Call(Ref(target=Library("numpy", "add.at")), (_, Name(id), value), ()):
                inner = self.shape(value)
                if id in self.whole and inner is not None and len(inner) == len(self.whole[id]) == 1:
                    self.fits.append((inner[0], self.whole[id][0]))
                return None
            case Call(Ref(target=Library("numpy", "zeros_like" | "ones_like")), (whole,), ()):
                return self.shape(whole)
            case _:
                for child in children(expr):
                    self.shape(child)
                return None

    def added(self, stmt: Augment) -> None:
        """In place: what is added to an array is no larger."""
        own, value = self.shapes.pop(stmt.target, None), self.shape(stmt.value)
        if own and value is not None and len(value) <= len(own):
            self.fits.extend(zip(value, own[len(own) - len(value) :], strict=True))
            self.shapes[stmt.target] = own

    def solved(self, matrix: Shape | None, right: Shape | None) -> Shape | None:
        """Of a solution: as many equations as right sides have entries."""
        if matrix is None or right is None or len(matrix) != 2 or not 1 <= len(right) <= 2:
            return None
        self.pairs += [(matrix[0], matrix[1]), (matrix[1], right[0])]
        return right

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
        for k, item in enumerate(items):
            match item:
                case Const(value) if value is None:
                    out.append(ONE)
                case Const(value) if value is ... and not any(isinstance(i, Slice) for i in items[k:]):
                    out += left
                    left = []
                case Slice(None, None, step) if left and (step is None or literal(step) == -1):
                    out.append(left.pop(0))
                case _:
                    return None
        return (*out, *left)

    def beside(self, expr: Expr, other: Shape | None) -> int:
        """How many narrow arguments is it made of, entry by entry, where they are spread to what stands beside it?"""
        found = self.made_of(expr)
        if not found or other is None:
            return 0
        fits = all(len(other) >= -k and self.same(other[k], wide) for axes in found for k, wide in axes.items())
        return len(found) if fits else 0

    def named(self, target: str, value: Expr) -> None:
        """What is made of narrow arguments alone is narrow, too: it is read beside what is wide."""
        found = self.made_of(value)
        if found and target not in self.narrow:
            self.narrow[target] = {k: wide for axes in found for k, wide in axes.items()}
            self.spread += len(found)

    def made_of(self, expr: Expr) -> list[Mapping[int, Dim]] | None:
        """The axes of the narrow arguments in it; None where there is more in it than those and numbers."""
        match expr:
            case Name(id) if id in self.narrow:
                return [self.narrow[id]]
            case Name(id):
                return [] if self.shapes.get(id) == () else None
            case Const(value):
                return [] if isinstance(value, int | float) else None
            case Unary("-", operand):
                return self.made_of(operand)
            case Binary("+" | "-" | "*" | "/" | "**", left, right):
                one, two = self.made_of(left), self.made_of(right)
                return None if one is None or two is None else one + two
            case _:
                return None

    def raises(self) -> bool:
        """Is what is not 1 put where there is room for 1, or multiplied as a matrix with it?"""
        into = [*self.fits, *self.pairs, *((b, a) for a, b in self.pairs)]
        return any(room == ONE and self.is_wide(size) for size, room in into)

    def is_wide(self, dim: Dim) -> bool:
        """Is it not 1, where nothing has raised?"""
        return any(self.same(part, wide) for part in self.beside_each_other.get(dim, (dim,)) for wide in self.wide)

    def all_together(self, shapes: Sequence[Shape | None]) -> Shape | None:
        total: Shape | None = ()
        for one in shapes:
            total = self.together(total, one)
        return total

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
                both = {*self.beside_each_other.get(one, (one,)), *self.beside_each_other.get(two, (two,))}
                out.append(symbol(" beside ".join(sorted(map(str, both)))))
                self.beside_each_other[out[-1]] = tuple(both)
        return tuple(out)
