"""One element of an array expression: what stands at the places ``idx`` of it, as arithmetic of numbers.

    w * np.tanh(x[1:] - x[:-1])        at @0:        w * np.tanh(x[@0 + 1] - x[@0])

What is no matter of one element (a product of matrices, a sum, a call) is computed before the loops, under a
name of its own, and that is indexed.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from tangent_like.ir.build import builtin_ref, np_call
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Expr,
    Index,
    Library,
    Name,
    Ref,
    Slice,
    Stmt,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import key
from tangent_like.kinds.dims import Dim, Sizes
from tangent_like.kinds.indexing import slice_length
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.native.by_turns import is_plain
from tangent_like.native.division import NAMES as DIVISIONS
from tangent_like.native.nests import Extent, at_least_zero, at_most, place, plus
from tangent_like.native.nonneg import nonnegative
from tangent_like.native.special import has_c_form

KindOf = Callable[[Expr], Kind]

DTYPES = frozenset({"float64", "float32", "int64", "bool"})
# Of one or two numbers Numba takes these as NumPy does.
ELEMENTWISE = frozenset(
    {
        np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan, np.arctan2, np.sinh, np.cosh, np.tanh, np.arcsinh,
        np.arccosh, np.arctanh, np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.sqrt, np.square,
        np.abs, np.fabs, np.sign, np.maximum, np.minimum, np.power, np.hypot, np.floor, np.ceil, np.isnan,
        np.isfinite, np.isinf, np.logical_and, np.logical_or, np.logical_not, np.logical_xor, np.greater, np.less,
        np.greater_equal, np.less_equal, np.equal, np.not_equal, np.add, np.subtract, np.multiply, np.divide,
        np.negative, np.logaddexp,
    }
)  # fmt: skip
LIKE = frozenset({np.zeros_like, np.ones_like})
CASTS: Mapping[object, str] = MappingProxyType({np.int64: "int", np.float64: "float"})
COPIES = frozenset({np.copy, np.array, np.ascontiguousarray})


class NotElementwiseError(Exception):
    """This stays a statement about whole arrays."""


@dataclass(eq=False)
class Elements:
    """Elements of the expressions of one statement; ``front`` collects what is computed before the loops."""

    kind_of: KindOf
    sizes: Sizes
    fresh: Callable[[str], str]
    nonneg: frozenset[str]
    before: Callable[[Expr], tuple[list[Stmt], Expr] | None]  # a part that has loops of its own
    views: Mapping[str, Index]  # names that are no more than a view of another
    cuts: Mapping[str, tuple[Extent, ...]]  # what arrays were cut by that loops of ours have filled
    raising: bool = False  # a division by 0 written as one would raise, and NumPy's does not
    front: list[Stmt] = field(default_factory=list)
    named: dict[object, Name] = field(default_factory=dict)

    def array(self, expr: Expr) -> Array | None:
        kind = self.kind_of(expr)
        return kind if isinstance(kind, Array) else None

    def checked(self, expr: Expr) -> Array:
        kind = self.array(expr)
        if kind is None or kind.dims is None or kind.dtype not in DTYPES or not kind.dims:
            raise NotElementwiseError
        return kind

    # -- what is computed before --

    def name_for(self, expr: Expr, wanted: str) -> Name:
        """The value of an expression under a name that is bound before the loops."""
        at = key(expr)
        if at not in self.named:
            made = self.before(expr)
            if made is not None:
                self.front.extend(made[0])
                expr = made[1]
            if isinstance(expr, Name):
                self.named[at] = expr
            else:
                name = self.fresh(wanted)
                self.front.append(Assign((name,), (expr,)))
                self.named[at] = Name(name)
        return self.named[at]

    def number(self, expr: Expr) -> Expr:
        """A number that is the same in every turn: as it stands if it is cheap to say, else under a name."""
        if isinstance(expr, Const | Name | Ref):
            return expr
        if literal(expr) is not NotImplemented:
            return expr
        if isinstance(expr, Binary) and expr.op in "+-*":
            return Binary(expr.op, self.number(expr.left), self.number(expr.right), expr.at)
        if isinstance(expr, Unary) and expr.op in "+-":
            return Unary(expr.op, self.number(expr.operand), expr.at)
        return self.name_for(expr, "c")

    # -- extents --

    def extents(self, expr: Expr) -> tuple[Extent, ...]:
        """How many turns each axis of an array expression takes."""
        kind = self.checked(expr)
        assert kind.dims is not None
        found = self._extents(expr, kind.dims)
        if len(found) != len(kind.dims):
            raise NotElementwiseError
        return found

    def _extents(self, expr: Expr, dims: tuple[Dim | None, ...]) -> tuple[Extent, ...]:
        match expr:
            case Name(id) if id in self.views:
                return self.extents(self.views[id])
            case Name(id):
                texts = (Index(Attribute(expr, "shape"), Const(k)) for k in range(len(dims)))
                if id in self.cuts:
                    return tuple(replace(e, text=t) for e, t in zip(self.cuts[id], texts, strict=True))
                pairs = enumerate(zip(texts, dims, strict=True))
                return tuple(Extent(t, d, ("whole", id, k), d) for k, (t, d) in pairs)
            case Index(value, index) if self.array(value) is not None:
                return self._of_index(value, index)
            case Attribute(value, "T"):
                return self.extents(value)[::-1]
            case Call(Attribute(value, "copy"), (), ()):
                return self.extents(value)
            case Call(func=Ref(target=Library(obj=obj)), args=(first, *_)) if _in(obj, COPIES):
                return self.extents(first)
            case Call(func=Ref(target=Library(obj=obj)), args=(first,)) if _in(obj, LIKE):
                return self.extents(first)
            case _:
                operands = list(self.operands(expr))
                if not operands:
                    return self._extents(self.name_for(expr, "t"), dims)
                return self.broadcast([self.extents(o) for o in operands if self.array(o) is not None])

    def broadcast(self, parts: list[tuple[Extent, ...]]) -> tuple[Extent, ...]:
        """The extents of an elementwise expression: where sizes differ, one of them is 1."""
        rank = max(map(len, parts))
        out: list[Extent] = []
        for axis in range(-rank, 0):
            found: Extent | None = None
            for part in parts:
                if len(part) < -axis:
                    continue
                extent = part[axis]
                if found is None or found.one(self.sizes):
                    found = extent
                elif not extent.same(found, self.sizes) and not extent.one(self.sizes):
                    raise NotElementwiseError
            assert found is not None
            out.append(found)
        return tuple(out)

    def _of_index(self, value: Expr, index: Expr) -> tuple[Extent, ...]:
        base = self.extents(value)
        out: list[Extent] = []
        named: Extent | None = None  # how many places arrays name
        axis = 0
        for item in self.items(index, len(base)):
            if isinstance(item, Const) and item.value is None:
                from tangent_like.kinds.dims import ONE

                out.append(Extent(Const(1), ONE))
            elif isinstance(item, Slice):
                out.append(self.sliced(base[axis], item))
                axis += 1
            elif self.array(item) is not None:
                if len(self.extents(item)) != 1 or self.array(item).dtype == "bool":  # type: ignore[union-attr]
                    raise NotElementwiseError
                if named is None:
                    named = self.extents(item)[0]
                    out.append(named)
                elif not self.extents(item)[0].same(named, self.sizes):
                    raise NotElementwiseError
                axis += 1
            else:
                axis += 1
        return tuple(out)

    def items(self, index: Expr, rank: int) -> list[Expr]:
        """One item for each axis of the value, and None for each new axis; arrays stand side by side."""
        given: list[Expr] = list(index.items) if isinstance(index, Tuple) else [index]
        taken = sum(1 for i in given if not (isinstance(i, Const) and i.value in (None, ...)))
        dots = [k for k, i in enumerate(given) if isinstance(i, Const) and i.value is ...]
        rest: list[Expr] = [Slice(None, None, None)] * (rank - taken)
        if dots:
            given = [*given[: dots[0]], *rest, *given[dots[0] + 1 :]]
        else:
            given += rest
        arrays: list[int] = []
        for k, item in enumerate(given):
            if isinstance(item, Slice) or (isinstance(item, Const) and item.value is None):
                continue
            kind = self.kind_of(item)
            if isinstance(kind, Scalar) and kind.type == "int":
                continue
            if not isinstance(kind, Array) or kind.rank != 1 or kind.dtype != "int64":
                raise NotElementwiseError
            arrays.append(k)
        scalars = sum(isinstance(self.kind_of(i), Scalar) for i in given if not isinstance(i, Slice))
        if arrays and arrays[-1] - arrays[0] >= len(arrays):
            raise NotElementwiseError  # the axis of what they name would come first
        if (arrays and scalars > sum(isinstance(i, Const) and i.value is None for i in given)):
            raise NotElementwiseError
        return given

    def sliced(self, base: Extent, item: Slice) -> Extent:
        dim = self._slice_dim(base, item)
        step = 1 if item.step is None else literal(item.step)
        if step == -1 and item.lower is None and item.upper is None:
            return base
        if step is None:
            step = 1
        if not isinstance(step, int) or step < 1:
            raise NotElementwiseError
        low, high = _bound(item.lower), _bound(item.upper)
        if low in (None, 0) and high is None and step == 1:
            return base
        plainly = all(p is None or is_plain(p) for p in (item.lower, item.upper))
        cut = ("slice", key(item.lower), key(item.upper), step, "plain" if plainly else "")
        start = self.start(base, item.lower)
        if high is None:
            stop = base.text
        elif isinstance(high, int):
            stop = plus(base.text, high) if high < 0 else at_most(Const(high), base.text)
        else:
            assert item.upper is not None
            upper = self.number(item.upper)
            if not nonnegative(item.upper, self.nonneg):
                upper = self.from_front(upper, base)
            stop = at_most(upper, base.text)
        length = plus(stop, -start.value) if isinstance(start, Const) else Binary("-", stop, start)  # type: ignore[operator]
        if step != 1:
            length = Binary("//", plus(length, step - 1), Const(step))
        return Extent(length, dim, cut, base.dim)

    def _slice_dim(self, base: Extent, item: Slice) -> Dim | None:
        if base.dim is None:
            return None
        return slice_length(base.dim, item, self.kind_of, self.sizes)

    def start(self, base: Extent, lower: Expr | None) -> Expr:
        """Where a slice begins, counted from the front."""
        low = _bound(lower)
        if low is None:
            return Const(0)
        if isinstance(low, int):
            return Const(low) if low >= 0 else self.name_for(at_least_zero(plus(base.text, low)), "start")
        assert lower is not None
        given = self.number(lower)
        return given if nonnegative(lower, self.nonneg) else self.from_front(given, base)

    def from_front(self, given: Expr, base: Extent) -> Expr:
        """``k``, or ``n + k`` where ``k`` counts from the end."""
        shifted = at_least_zero(Binary("+", base.text, given))
        return self.name_for(Choose(Compare(given, (">=",), (Const(0),)), given, shifted), "start")

    # -- elements --

    def operands(self, expr: Expr) -> Iterator[Expr]:
        """The operands of an expression that is computed element by element; none if it is not."""
        match expr:
            case Binary(op, left, right) if op not in ("@", "<<", ">>"):
                yield from (left, right)
            case Unary("-" | "+", operand):
                yield operand
            case Unary("~", operand) if self.array(operand) is not None and self.checked(operand).dtype == "bool":
                yield operand
            case Compare(left, ops, (right,)) if ops[0] not in ("in", "not in", "is", "is not"):
                yield from (left, right)
            case Call(Attribute(value, "astype"), (Ref(target=Library(obj=obj)),), ()):
                kind = self.array(value)
                if kind is not None and kind.dtype in ("float64", "int64", "bool") and _in(obj, CASTS):
                    yield value
            case Call(func=Ref(target=Library(obj=obj)), args=args, keywords=()):
                chosen = len(args) == 3 and (obj is np.where or obj is np.clip)
                if chosen or _in(obj, ELEMENTWISE) or has_c_form(obj):
                    yield from args

    def at(self, expr: Expr, idx: tuple[Expr, ...], extents: tuple[Extent, ...]) -> Expr:
        """The element of ``expr`` at ``idx``, broadcast to the loops of ``extents``."""
        kind = self.kind_of(expr)
        if isinstance(kind, Scalar):
            return self.number(expr)
        if not isinstance(kind, Array) or kind.dims == ():
            raise NotElementwiseError
        own = self.extents(expr)
        if len(own) > len(idx):
            raise NotElementwiseError
        idx, extents = idx[len(idx) - len(own) :], extents[len(extents) - len(own) :]
        at: list[Expr] = []
        for item, mine, loop in zip(idx, own, extents, strict=True):
            if mine.same(loop, self.sizes):
                at.append(item)
            elif mine.one(self.sizes):
                at.append(Const(0))
            else:
                raise NotElementwiseError
        return self.element(expr, tuple(at))

    def element(self, expr: Expr, idx: tuple[Expr, ...]) -> Expr:
        own = self.extents(expr)
        match expr:
            case Name(id) if id in self.views:
                return self.element(self.views[id], idx)
            case Name():
                return place(expr, idx)
            case Index(value, index):
                return self.of_index(value, index, idx)
            case Attribute(value, "T"):
                return self.element(value, idx[::-1])
            case Call(Attribute(value, "copy"), (), ()):
                return self.element(value, idx)
            case Call(func=Ref(target=Library(obj=obj)), args=(value,), keywords=()) if _in(obj, COPIES):
                return self.element(value, idx) if self.array(value) is not None else self._named(expr, idx)
            case Call(func=Ref(target=Library(obj=obj)), args=(_,), keywords=()) if _in(obj, LIKE):
                one = obj is np.ones_like
                whole = self.checked(expr).dtype == "int64"
                return Const((1 if one else 0) if whole else (1.0 if one else 0.0))
        operands = list(self.operands(expr))
        if not operands:
            return self._named(expr, idx)
        if isinstance(expr, Call) and isinstance(expr.func, Attribute) and isinstance(expr.args[0], Ref):
            name = CASTS[expr.args[0].target.obj]  # type: ignore[union-attr]
            element = self.at(operands[0], idx, own)
            if self.checked(operands[0]).dtype == "bool":  # of which Numba makes no float
                numbers = (Const(1), Const(0)) if name == "int" else (Const(1.0), Const(0.0))
                return Choose(element, *numbers)
            return Call(builtin_ref(name), (element,))
        self.same_as_numbers(expr, operands)
        parts = [self.at(o, idx, own) for o in operands]
        match expr:
            case Binary("/" | "//" | "%" as op) if self.raising:
                return np_call(DIVISIONS[op], parts[0], parts[1])
            case Binary(op):
                return Binary(op, parts[0], parts[1], expr.at)
            case Unary("~"):
                return Unary("not", parts[0], expr.at)
            case Unary(op):
                return Unary(op, parts[0], expr.at)
            case Compare(_, ops, _):
                return Compare(parts[0], ops, (parts[1],), expr.at)
            case Call(func=Ref(target=Library(obj=obj))) if obj is np.where:
                return Choose(parts[0], parts[1], parts[2], expr.at)
            case Call(func=Ref(target=Library(obj=obj))) if obj is np.clip:
                return np_call("minimum", np_call("maximum", parts[0], parts[1]), parts[2])
            case Call(func, _, keywords):
                return Call(func, tuple(parts), keywords, expr.at)
        raise NotElementwiseError

    def _named(self, expr: Expr, idx: tuple[Expr, ...]) -> Expr:
        return place(self.name_for(expr, "t"), idx)

    def same_as_numbers(self, expr: Expr, operands: list[Expr]) -> None:
        """Raise where NumPy computes with the elements otherwise than Python and Numba with numbers."""
        kinds = [self.kind_of(o) for o in operands]
        types = [k.type if isinstance(k, Scalar) else k.dtype if isinstance(k, Array) else None for k in kinds]
        if None in types or "complex" in types:
            raise NotElementwiseError
        floats = [t for t in types if t in ("float", "float64", "float32")]
        if isinstance(expr, Binary) and expr.op not in ("&", "|", "^") and "bool" in types and not floats:
            raise NotElementwiseError  # True + True is True there
        if isinstance(expr, Binary) and expr.op in ("**", "//", "%", "/") and not floats:
            raise NotElementwiseError
        if isinstance(expr, Call) and not floats and not set(types) <= {"bool"}:
            raise NotElementwiseError

    def of_index(self, value: Expr, index: Expr, idx: tuple[Expr, ...]) -> Expr:
        return self.element(value, self.places(value, index, idx))

    def places(self, value: Expr, index: Expr, idx: tuple[Expr, ...]) -> tuple[Expr, ...]:
        """The places of ``value`` that are at ``idx`` of ``value[index]``."""
        base = self.extents(value)
        given = iter(idx)
        named: Expr | None = None  # which of the places that arrays name
        out: list[Expr] = []
        for item in self.items(index, len(base)):
            if isinstance(item, Const) and item.value is None:
                next(given)
            elif isinstance(item, Slice):
                out.append(self.moved(base[len(out)], item, next(given)))
            elif self.array(item) is not None:
                named = next(given) if named is None else named
                out.append(self.element(item, (named,)))
            else:
                out.append(self.number(item))
        return tuple(out)

    def moved(self, base: Extent, item: Slice, at: Expr) -> Expr:
        step = 1 if item.step is None else literal(item.step)
        if step == -1:
            return Binary("-", plus(base.text, -1), at)
        start = self.start(base, item.lower)
        if isinstance(step, int) and step > 1:
            at = Binary("*", Const(step), at)
        if isinstance(start, Const) and isinstance(start.value, int):
            return plus(at, start.value)
        return Binary("+", at, start)


def _bound(expr: Expr | None) -> object:
    """A number, None, or the expression itself."""
    if expr is None:
        return None
    value = literal(expr)
    return expr if value is NotImplemented else value


def _in(obj: object, known: Container[object]) -> bool:
    try:
        return obj in known
    except TypeError:
        return False
