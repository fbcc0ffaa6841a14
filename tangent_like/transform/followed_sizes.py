"""The sizes of what a function computes, followed from those of its arguments through what every call computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from tangent_like.ir.nodes import (
    Attribute,
    Augment,
    Binary,
    Call,
    Choose,
    Compare,
    Comprehension,
    Const,
    Expr,
    Function,
    Index,
    Lambda,
    Library,
    List,
    Logic,
    Name,
    Ref,
    Return,
    Slice,
    Store,
    Tuple,
    Unary,
    UserFunction,
)
from tangent_like.ir.walk import children
from tangent_like.kinds.dims import ONE, Dim, fixed, symbol
from tangent_like.kinds.operands import literal
from tangent_like.runtime import lowered
from tangent_like.transform.loop_turns import Kept, Shape
from tangent_like.transform.narrow_parts import is_by_entry, is_number_of_sizes, narrow_parts
from tangent_like.transform.sizes_of_calls import size_of_call
from tangent_like.transform.tidy.calls import origin_of

REDUCING = frozenset({
    "sum", "mean", "max", "min", "amax", "amin", "prod", "argmax", "argmin", "std", "var", "any", "all",
})  # fmt: skip
SQUARE = frozenset({("numpy", "linalg.inv"), ("numpy", "linalg.cholesky"), ("runtime", "onto_triangle")})


def _cut(size: Dim, lower: Expr | None, upper: Expr | None) -> Dim | None:
    """Of ``x[1:-1]``, where there are so many; less than none is none."""
    first, last = (0 if end is None else literal(end) for end in (lower, upper))
    if not isinstance(first, int) or not isinstance(last, int) or not first >= 0 >= last:
        return None
    left = size + fixed(last - first)
    return left if left.terms or left.const >= 0 else fixed(0)


def _made_whole(expr: Expr) -> bool:
    """``x.astype(int)``"""
    match expr:
        case Call(Attribute(_, "astype"), (Ref(target=Library("builtins", "int")),), ()):
            return True
        case _:
            return False


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
class Walker:
    shapes: dict[str, Shape]
    same: Callable[[Dim, Dim], bool]
    reached: Mapping[str, Shape]  # of parts of arguments, by how they are reached
    narrow: dict[str, Mapping[int, Dim]]  # names with axes of size 1, from the last, and what they are spread to
    wide: Sequence[Dim]  # sizes that are not 1
    whole: Mapping[str, Shape]  # arguments that are whole numbers
    pairs: list[tuple[Dim, Dim]] = field(default_factory=list)
    fits: list[tuple[Dim, Dim]] = field(default_factory=list)  # what is put into what: it is of that size, or 1
    long: list[Dim] = field(default_factory=list)  # sizes of which ``v[2]`` is asked: not 1, or this raises
    met: list[tuple[Dim, Dim]] = field(default_factory=list)  # in sums and products, where it is not known which is 1
    beside_each_other: dict[Dim, tuple[Dim, ...]] = field(default_factory=dict)  # what a size is that of, all in one
    counts: dict[str, Dim] = field(default_factory=dict)  # numbers that are sizes
    turns: set[str] = field(default_factory=set)  # what counts the turns of a loop
    indices: set[str] = field(default_factory=set)  # names of arrays of whole numbers that are computed
    lists: dict[str, Kept | None] = field(default_factory=dict)  # None of what is empty
    tuples: dict[str, tuple[Shape | None, ...]] = field(default_factory=dict)
    wider: dict[str, Shape] = field(default_factory=dict)  # of names of what has unknown parts
    opens: Callable[[UserFunction], Function | None] | None = None
    depth: int = 0  # in how many calls
    least: dict[int, Shape] = field(default_factory=dict)  # of what has unknown parts: where it is wide
    spread: int = 0  # how often a narrow argument stands beside what is as wide

    def shape(self, expr: Expr) -> Shape | None:
        if isinstance(expr, Name):  # what most are
            return self.shapes.get(expr.id)
        if isinstance(expr, Call):
            return self.called(expr)
        match expr:
            case Binary("@", left, right):
                return self.product(self.shape(left), self.shape(right))
            case Binary("+" | "-" | "*" | "/" | "**", left, right) | Compare(left, (_,), (right,)):
                a, b = self.shape(left), self.shape(right)
                self.spread += self.beside(left, b) + self.beside(right, a)
                if a is None or b is None:
                    first, second = (s or self.at_least(e) or () for s, e in ((a, left), (b, right)))
                    self.least_of(expr, first, second)
                return self.together(a, b)
            case Const(value):
                return () if isinstance(value, int | float) else None
            case Unary("-" | "+", operand):
                return self.shape(operand)
            case Attribute(value, "T"):
                inner = self.shape(value)
                return None if inner is None else inner[::-1]
            case Attribute() | Index() if (text := path_of(expr)) in self.reached:
                return self.reached[text]
            case Index(Attribute(_, "shape")) | Attribute(_, "size" | "ndim") if is_number_of_sizes(expr):
                return ()
            case Index(value, index):
                items = index.items if isinstance(index, Tuple) else (index,)
                return self.indexed(self.shape(value), items)
            case _:
                return self.unknown(expr)

    def unknown(self, expr: Expr) -> Shape | None:
        """Nothing is said of it, but what its parts say, where they are computed."""
        kept: tuple[list[Any], ...] = (self.pairs, self.fits, self.long)
        told = [(found, len(found)) for found in kept]
        for child in children(expr):
            self.shape(child)
        if isinstance(expr, Choose | Logic | Lambda | Comprehension):
            for found, before in told:
                del found[before:]
        return None

    def called(self, call: Call) -> Shape | None:
        """Of what a function of a library, or a method, returns."""
        if isinstance(call.func, Attribute):
            if call.func.name == "pop" and isinstance(call.func.value, Name):
                kept = self.lists.get(call.func.value.id)
                return None if kept is None or kept.tupled else kept.shapes[0]
            if _made_whole(call):
                return self.shape(call.func.value) or None
            if call.func.name == "copy" and not call.args:
                return self.shape(call.func.value)
            if call.func.name not in REDUCING or call.args:
                return self.unknown(call)
            return self.reduced(self.shape(call.func.value), call.keywords)
        if isinstance(call.func, Ref) and isinstance(call.func.target, UserFunction):
            return self.opened(call, call.func.target)
        if not isinstance(call.func, Ref) or not isinstance(call.func.target, Library):
            return self.unknown(call)
        if is_number_of_sizes(call):
            return ()
        target, args = call.func.target, call.args
        if call.keywords:
            if len(args) == 1 and target.module == "numpy" and target.qualname in REDUCING:
                return self.reduced(self.shape(args[0]), call.keywords)
            if len(args) == 1 and target.module == "numpy" and target.qualname == "cumsum":
                return self.shape(args[0])
            return self.unknown(call)
        if is_by_entry(target.obj) or (target.obj is np.where and len(args) == 3):
            shapes = [self.shape(a) for a in args]
            for k, arg in enumerate(args if self.narrow and len(args) > 1 else ()):
                self.spread += self.beside(arg, self.all_together([*shapes[:k], *shapes[k + 1 :]]))
            return self.all_together(shapes)
        match target.module, target.qualname, args:
            case "numpy", name, (whole,) if name in REDUCING:
                return self.reduced(self.shape(whole), ())
            case _, "lowered", (number,) if target.obj is lowered:
                return () if self.shape(number) == () else None
            case "numpy", "eye", (count,):
                size = self.count(count)
                return None if size is None else (size, size)
            case "numpy", "zeros" | "ones", (sizes,):
                found = [self.count(e) for e in (sizes.items if isinstance(sizes, Tuple) else (sizes,))]
                return None if None in found else tuple(size for size in found if size is not None)
            case "numpy", "outer", (left, right):
                ends = self.shape(left), self.shape(right)
                if None in ends:
                    first, second = (
                        ((s or self.at_least(e) or (ONE,))[0],) for s, e in zip(ends, args, strict=True)
                    )
                    self.least_of(call, first, second, whole=True)
                return (*ends[0], *ends[1]) if ends[0] and ends[1] and len(ends[0]) == len(ends[1]) == 1 else None
            case _, _, (whole,) if origin_of(target) in SQUARE:
                inner = self.shape(whole)
                if inner is not None and len(inner) == 2:
                    self.pairs.append((inner[0], inner[1]))
                return inner
            case "numpy.linalg", "solve", (matrix, right):
                return self.solved(self.shape(matrix), self.shape(right))
            case "numpy", "add.at", (Name(id), index, value):
                inner, places = self.shape(value), self.places(index)
                vector = len(self.shapes.get(id, ())) == 1
                if vector and inner is not None and places is not None and len(inner) == len(places) == 1:
                    self.fits.append((inner[0], places[0]))
                return None
            case "numpy", "array", (List(items),) if items and all(self.shape(i) == () for i in items):
                return (fixed(len(items)),)
            case "numpy", "concatenate", (Tuple(items) | List(items),) if items:
                joined = [self.shape(item) for item in items]
                lengths = [s[0] for s in joined if s is not None and len(s) == 1]
                return (reduce(add, lengths),) if len(lengths) == len(joined) else None
            case "numpy", "clip", (whole, low, high):
                return self.all_together([self.shape(whole), self.shape(low), self.shape(high)])
            case _:
                return size_of_call(self, target.module, target.qualname, args)

    def opened(self, call: Call, target: UserFunction) -> Shape | None:
        """Of what a function of the user's returns that is one expression."""
        function = None if self.opens is None or call.keywords or self.depth else self.opens(target)
        last = None if function is None else function.body[-1]
        if function is None or len(call.args) != len(function.params) or not isinstance(last, Return):
            return self.unknown(call)
        shapes = [self.shape(a) for a in call.args]
        known = {p.name: s for p, s in zip(function.params, shapes, strict=True) if s is not None}
        fresh: dict[str, Any] = {n: {} for n in ("reached", "narrow", "whole", "counts", "lists", "tuples", "wider")}
        inner = replace(self, shapes=known, turns=set(), indices=set(), depth=1, **fresh)
        return None if last.value is None else inner.shape(last.value)

    def rows(self, target: str, iterable: Expr, shape: Shape) -> None:
        """Rows of what is narrow, but has more than one row, are narrow, too."""
        if isinstance(iterable, Name) and iterable.id in self.narrow and target not in self.narrow:
            axes = self.narrow[iterable.id]
            if -len(shape) not in axes:
                self.narrow[target] = axes
                self.spread += 1

    def at_least(self, expr: Expr) -> Shape | None:
        """Of what has unknown parts."""
        return self.wider.get(expr.id) if isinstance(expr, Name) else self.least.get(id(expr))

    def least_of(self, expr: Expr, a: Shape, b: Shape, whole: bool = False) -> None:
        """Of what has a part of which nothing is known: it is wide where the other part is."""
        found = (*a, *b) if whole else max(a, b, key=lambda s: sum(map(self.is_wide, s)))
        if any(map(self.is_wide, found)):
            self.least[id(expr)] = found

    def count(self, expr: Expr) -> Dim | None:
        """The size that a number is."""
        match expr:
            case Const(int() as value) if not isinstance(value, bool) and value >= 0:
                return fixed(value)
            case Name(id):
                return self.counts.get(id)
            case Call(Ref(target=Library("builtins", "len")), (Name(id),), ()):
                shape = self.shapes.get(id)
                return shape[0] if shape else None
            case Index(Attribute(Name(id), "shape"), Const(int() as k)):
                shape = self.shapes.get(id)
                return shape[k] if shape is not None and 0 <= k < len(shape) else None
            case Binary("+" | "-" as op, left, right):
                one, two = self.count(left), self.count(right)
                return None if one is None or two is None else one + two if op == "+" else one - two
            case _:
                return None

    def added(self, stmt: Augment) -> None:
        """In place: what is added to an array is no larger."""
        own, value = self.shapes.pop(stmt.target, None), self.shape(stmt.value)
        value = self.at_least(stmt.value) if value is None else value
        if own:
            self.shapes[stmt.target] = own
        if own and value is not None and len(value) <= len(own):
            self.fits.extend(zip(value, own[len(own) - len(value) :], strict=True))

    def stored(self, stmt: Store) -> None:
        """What is put into a part of an array, or added to it, is no larger."""
        own, value = self.shape(stmt.target), None if stmt.op == "del" else self.shape(stmt.value)
        value = self.at_least(stmt.value) if value is None else value
        if own and value is not None and len(value) <= len(own):
            self.fits.extend(zip(value, own[len(own) - len(value) :], strict=True))

    def solved(self, matrix: Shape | None, right: Shape | None) -> Shape | None:
        """Of a solution: as many equations as right sides have entries."""
        if matrix is None or right is None or len(matrix) != 2 or not 1 <= len(right) <= 2:
            return None
        self.pairs += [(matrix[0], matrix[1]), (matrix[1], right[0])]
        return right

    def reduced(self, shape: Shape | None, given: tuple[tuple[str, Expr], ...]) -> Shape | None:
        """Of a sum over everything, or along one axis."""
        keywords = {key: literal(value) for key, value in given}
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
        told = [(i, self.places(i)) for i in items]
        picked = [p for i, p in told if p is not None or (isinstance(i, Name) and i.id not in self.turns)]
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
                case _ if left and self.is_place(item):
                    place = literal(item)
                    if isinstance(place, int) and not -1 <= place <= 0:
                        self.long.append(left[0])
                    left.pop(0)
                case Slice(lower, upper, None) if left and (size := _cut(left[0], lower, upper)) is not None:
                    out.append(size)
                    left.pop(0)
                case _:
                    return None
        return (*out, *left)

    def places(self, expr: Expr) -> Shape | None:
        """The shape of an array of whole numbers."""
        match expr:
            case Name(id):
                return self.whole.get(id) or (self.shapes.get(id) if id in self.indices else None)
            case Binary("+" | "-", inner, Const(int())):
                return self.places(inner)
            case _:
                return None

    def is_whole(self, expr: Expr) -> bool:
        """Is it known to be an array of whole numbers?"""
        match expr:
            case Call(Ref(target=Library("numpy", "clip")), (whole, low, high), ()):
                return self.is_whole(whole) and self.shape(low) == self.shape(high) == ()
            case _:
                return _made_whole(expr) or self.places(expr) is not None

    def is_place(self, expr: Expr) -> bool:
        """Is it one whole number?"""
        match expr:
            case Const(value):
                return isinstance(value, int) and not isinstance(value, bool)
            case Name(id):
                return id in self.turns
            case Binary("+" | "-", left, right):
                return self.is_place(left) and self.is_place(right)
            case Index(Name(id), index):
                return len(self.whole.get(id, ())) == 1 and self.is_place(index)
            case _:
                return False

    def beside(self, expr: Expr, other: Shape | None) -> int:
        """How many narrow arguments is it made of, entry by entry, where they are spread to what stands beside it?"""
        if not self.narrow or other is None:
            return 0
        found = narrow_parts(self, expr)
        if not found:
            return 0
        fits = all(len(other) >= -k and self.same(other[k], wide) for axes in found for k, wide in axes.items())
        return len(found) if fits else 0

    def named(self, target: str, value: Expr) -> None:
        """What is made of narrow arguments alone is narrow, too: it is read beside what is wide."""
        found = narrow_parts(self, value) if self.narrow else None
        if found and target not in self.narrow:
            self.narrow[target] = {k: wide for axes in found for k, wide in axes.items()}
            self.spread += len(found)

    def raises(self) -> bool:
        """Is what is not 1 put where there is room for 1, or multiplied as a matrix with it?"""
        into = [*self.fits, *self.pairs, *((b, a) for a, b in self.pairs)]
        return any(room == ONE and self.is_wide(size) for size, room in into)

    def equal(self, one: Dim, two: Dim) -> bool:
        """Are they one size, or as much less than one size?"""
        return self.same(one, two) or (
            bool(one.terms and two.terms)
            and one.const == two.const
            and self.same(one + fixed(-one.const), two + fixed(-two.const))
        )

    def is_wide(self, dim: Dim) -> bool:
        """Is it not 1, where nothing has raised?"""
        if not dim.terms:
            return dim.const > 1
        sure = (*self.wide, *self.long)
        return any(self.same(part, wide) for part in self.beside_each_other.get(dim, (dim,)) for wide in sure)

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
            if two == ONE or self.equal(one, two):
                out.append(one)
            elif one == ONE:
                out.append(two)
            elif self.is_wide(one) and self.is_wide(two):
                out.append(one)
                self.pairs.append((one, two))  # they are the same, or this raises
            else:
                self.met.append((one, two))
                both = {*self.beside_each_other.get(one, (one,)), *self.beside_each_other.get(two, (two,))}
                out.append(symbol(" beside ".join(sorted(map(str, both)))))
                self.beside_each_other[out[-1]] = tuple(both)
        return tuple(out)
