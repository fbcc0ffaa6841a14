"""Whole arrays as loops: a statement about arrays becomes loops over their places, and neighbours one loop.

Before                                           After

    v_bar = A_bar[1:-1] / 3                          for i in range(A_bar.shape[0] - 2):
    A_bar[1:-1] = 0                                      v_bar = A_bar[i + 1] / 3
    B_bar[:-2] += v_bar                                  A_bar[i + 1] = 0
    B_bar[1:-1] += v_bar                                 B_bar[i] += v_bar
                                                         B_bar[i + 1] += v_bar

What is not known to be the same stays as it is. A store that reads the array it writes, at other places, goes
through memory of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tangent_like.analysis.seen import Env
from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import np_call, numpy_ref
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Comment,
    Comprehension,
    Const,
    Do,
    Expr,
    For,
    Function,
    If,
    Index,
    Lambda,
    Library,
    Logic,
    Name,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import bound_in, key, names, rebuild, with_body
from tangent_like.kinds.dims import Sizes, fixed
from tangent_like.kinds.indexing import index_items, sort_of_index
from tangent_like.kinds.kind import FLOAT, Array, Kind, Scalar
from tangent_like.native.beside import is_movable, may_follow
from tangent_like.native.elements import COPIES, Elements, NotElementwiseError, _in
from tangent_like.native.gather import Told, gathered, parted
from tangent_like.native.making import empty, plainly_cut, refuse_empty
from tangent_like.native.nests import Extent, Nest, fused, place, touches, turn, written
from tangent_like.native.raising import Uses, find_uses, raised
from tangent_like.native.reductions import Reduction, reduction_of
from tangent_like.native.sharing import plain_views, with_copies

Items = list["Stmt | Nest"]


@dataclass(eq=False)
class Lowering:
    """One function; ``nests[loop]`` tells of the loops written out what they stand for."""

    typing: Typing
    sizes: Sizes
    namer: Namer
    nonneg: frozenset[str]
    classes: dict[str, str]
    raising: bool
    uses: Uses
    views: Mapping[str, Index]
    nests: dict[Stmt, Nest] = field(default_factory=dict)
    turns: list[str] = field(default_factory=list)
    cuts: dict[str, tuple[Extent, ...]] = field(default_factory=dict)  # of what loops have filled in this block
    bounds: dict[str, frozenset[str]] = field(default_factory=dict)  # the names that these were cut by

    def alias(self, name: str) -> str:
        return self.classes.get(name, name)

    def is_array(self, name: str) -> bool:
        return not isinstance(self.typing.overall.get(name), Scalar)

    def is_complex(self, name: str) -> bool:
        return "complex" in (getattr(self.typing.overall.get(name), "dtype", None) or "")

    @property
    def told(self) -> Told:
        return self.namer.fresh, self.alias, self.is_array, self.is_complex

    # -- blocks --

    def block(self, body: Block) -> Block:
        items: Items = []
        around, self.cuts = self.cuts, {}
        for stmt in body:
            before = self.cuts
            neighbours = self.neighbours(stmt)
            if neighbours is not None:
                items.extend(neighbours)
            else:
                inner = with_blocks(stmt, self.block)
                items.extend(self.statement(stmt) if inner is stmt else self.around(stmt, inner))
            self.forget(bound_in((stmt,)), before)
        self.cuts = around
        out: list[Stmt] = []
        pending: list[Stmt] = []  # since the last nest: comments, and what may as well come behind the next
        last: Nest | None = None
        for item in items:
            if isinstance(item, Nest):
                held = [s for s in pending if not isinstance(s, Comment)]
                behind = all(may_follow(s, item, self.alias, self.is_array) for s in held)
                if last is not None and behind and fused(last, item, self.sizes, self.alias, self.is_array):
                    last.comments.extend(c for c in pending if isinstance(c, Comment))
                    pending[:] = held
                else:
                    self.write(last, out)
                    out.extend(pending)
                    last, pending = item, []
            elif isinstance(item, Comment) or (last is not None and is_movable(item)):
                pending.append(item)
            else:
                self.write(last, out)
                out.extend(pending)
                out.append(item)
                last, pending = None, []
        self.write(last, out)
        return (*out, *pending)

    def forget(self, bound: set[str], before: Mapping[str, tuple[Extent, ...]]) -> None:
        """What arrays were cut by is known as long as these are the same, and so are the bounds."""
        self.cuts = {
            n: e
            for n, e in self.cuts.items()
            if not self.bounds[n] & bound and (n not in bound or before.get(n) is not e)
        }

    def neighbours(self, stmt: Stmt) -> list[Nest] | None:
        """A loop that scatters to neighbours, as loops that gather; None for any other statement."""
        if not isinstance(stmt, For):
            return None
        nest = raised(stmt, self.alias, self.is_array, self.uses)
        return None if nest is None else gathered(nest, *self.told) or parted(nest, stmt, self.uses, *self.told)

    def write(self, nest: Nest | None, out: list[Stmt]) -> None:
        if nest is None:
            return
        for one in gathered(nest, *self.told) or [nest]:
            self.write_one(one, out)

    def write_one(self, nest: Nest, out: list[Stmt]) -> None:
        while len(self.turns) < nest.rank:  # the same in all loops of ours: none stands within another
            self.turns.append(self.namer.fresh("ijklmnpq"[len(self.turns) % 8]))
        stmts = written(nest, self.turns)
        self.nests[stmts[-1]] = nest
        out.extend(stmts)

    def around(self, stmt: Stmt, inner: Stmt) -> Items:
        """A statement with blocks: what it reads itself is computed before it, where it is read once."""
        if stmt in self.typing.before:
            self.typing.before[inner] = self.typing.before[stmt]
        if not isinstance(inner, For):
            return [inner]
        work, cuts = Work(self, inner), self.cuts
        try:
            args = tuple(work.taken_out(a) for a in inner.args)
        except NotElementwiseError:
            self.cuts = cuts
            return [inner]
        return [*work.items, replace(inner, args=args)] if work.items else [inner]

    # -- statements --

    def statement(self, stmt: Stmt) -> Items:
        if stmt not in self.typing.before:
            return [stmt]  # what is never reached has no kinds
        work = Work(self, stmt)
        taken, cuts = self.namer.taken, self.cuts
        try:
            return work.statement(stmt)
        except NotElementwiseError:
            self.namer.reset(taken)
            self.cuts = cuts
            return [with_copies(stmt, self.alias, self.is_array)]


@dataclass(eq=False)
class Work:
    """One statement being taken apart: ``items`` come before it."""

    lowering: Lowering
    stmt: Stmt
    items: Items = field(default_factory=list)

    def __post_init__(self) -> None:
        self.env = Env(dict(self.lowering.typing.before[self.stmt]))
        self.sizes = self.lowering.sizes
        for view in self.lowering.views.values():
            assert isinstance(view.value, Name)
            self.env.setdefault(view.value.id, self.lowering.typing.overall[view.value.id])

    def kind(self, expr: Expr) -> Kind:
        return self.lowering.typing.kind(expr, self.env)

    def array(self, expr: Expr) -> Array | None:
        kind = self.kind(expr)
        return kind if isinstance(kind, Array) and kind.dims else None

    def elements(self) -> Elements:
        low = self.lowering
        known = low.nonneg, lambda _: None, low.views, low.cuts
        return Elements(self.kind, self.sizes, low.namer.fresh, *known, low.raising)

    def statement(self, stmt: Stmt) -> Items:
        match stmt:
            case Assign((target,), (value,)) if not stmt.saved and not stmt.writes:
                return self.assign(stmt, target, value)
            case Assign(values=values):
                taken = tuple(self.operands_out(v) for v in values) if len(values) == 1 else values
                return self.with_items(replace(stmt, values=taken) if taken != values else stmt)
            case Store():
                return self.store(stmt)
            case Augment(target, op, value):
                value = self.taken_out(value)
                if self.array(Name(target)) is None:
                    return self.with_items(Augment(target, op, value, stmt.origin))
                elements = self.elements()
                extents = elements.extents(Name(target))
                return self.stored(Name(target), op, value, elements, extents, stmt)
            case Do(Call(Ref(target=Library(obj=obj)), (Name() as target, index, value), ())) if self.adds(obj):
                return self.store(Store(Index(target, index), "+", value, stmt.origin, True))
            case Return(value) if value is not None:
                return self.with_items(Return(self.returned(value), stmt.origin))
            case Push(list_, value):
                return self.with_items(Push(list_, self.in_memory(self.taken_out(value)), stmt.origin))
            case Do(value):
                return self.with_items(Do(self.operands_out(value), stmt.origin))
            case _:
                return [stmt]

    def adds(self, obj: object) -> bool:
        from tangent_like.runtime import add_at

        return obj is add_at or obj == np.add.at

    def with_items(self, stmt: Stmt) -> Items:
        return [*self.items, stmt]

    def assign(self, stmt: Assign, target: str, value: Expr) -> Items:
        value = self.taken_out(value)
        if self.array(value) is None or not self.is_fresh(value):
            return self.with_items(Assign((target,), (value,), stmt.origin))
        if target in names(value):
            made = self.made(value, f"{target}_new")
            return self.with_items(Assign((target,), (made,), stmt.origin))
        self.made(value, target, False)
        return self.items

    def is_fresh(self, expr: Expr) -> bool:
        """Is it computed element by element, into memory of its own?"""
        match expr:
            case Call(Attribute(Index() | Binary(), "copy"), (), ()):
                return True
            case Call(func=Ref(target=Library(obj=obj)), args=(Index() | Binary(),), keywords=()) if _in(obj, COPIES):
                return True
            case Index(value, index):
                return self.array(value) is not None and sort_of_index(index, self.kind) == "fancy"
            case _:
                return bool(list(self.elements().operands(expr)))

    def made(self, value: Expr, wanted: str, fresh: bool = True) -> Name:
        """A nest that computes an array into memory of its own."""
        kind = self.array(value)
        assert kind is not None
        elements = self.elements()
        extents = elements.extents(value)
        idx = tuple(turn(k) for k in range(len(extents)))
        element = elements.at(value, idx, extents)
        name = self.lowering.namer.fresh(wanted) if fresh else wanted
        alloc = Assign((name,), (empty("empty", extents, kind.dtype),), getattr(self.stmt, "origin", None))
        nest = Nest(extents, [*elements.front, alloc], [Store(_place(name, idx), "", element)], {name: alloc})
        nest.origin = getattr(self.stmt, "origin", None)
        self.items.append(nest)
        if any(isinstance(e.cut, tuple) and e.cut[0] == "slice" for e in extents) and plainly_cut(extents):
            self.lowering.cuts = {**self.lowering.cuts, name: extents}
            self.lowering.bounds[name] = names(value)
        if fresh:
            self.env[name] = kind
            self.lowering.typing.overall[name] = kind
        return Name(name)

    def in_memory(self, value: Expr) -> Expr:
        """The value, under a name if it is computed element by element."""
        if self.array(value) is None or not self.is_fresh(value):
            return value
        return self.made(value, "t")

    def returned(self, value: Expr) -> Expr:
        if isinstance(value, Tuple):
            return Tuple(tuple(self.returned(i) for i in value.items), value.at)
        return self.in_memory(self.taken_out(value))

    # -- stores --

    def store(self, stmt: Store) -> Items:
        value = self.taken_out(stmt.value)
        kind = self.kind(stmt.target)
        if not isinstance(kind, Array):
            if stmt.each and not isinstance(kind, Scalar):
                raise NotElementwiseError  # it may name an element twice
            return self.with_items(Store(stmt.target, stmt.op, value, stmt.origin, stmt.each))
        elements = self.elements()
        mask = self.masked(stmt.target)
        if mask is not None and isinstance(self.kind(value), Scalar):
            return self.store_masked(stmt, mask, value, elements)
        if stmt.op and not stmt.each and sort_of_index(stmt.target.index, self.kind) != "basic":
            raise NotElementwiseError  # an element that is named twice is written once
        extents = elements.extents(stmt.target)
        return self.stored(stmt.target, stmt.op, value, elements, extents, stmt)

    def masked(self, target: Index) -> Expr | None:
        """The boolean array of ``a[mask]``, of the shape of ``a``."""
        kind, base = self.array(target.index), self.array(target.value)
        if kind is None or base is None or kind.dtype != "bool" or kind.rank != base.rank:
            return None
        return target.index

    def store_masked(self, stmt: Store, mask: Expr, value: Expr, elements: Elements) -> Items:
        extents = elements.extents(stmt.target.value)
        idx = tuple(turn(k) for k in range(len(extents)))
        test, number = elements.at(mask, idx, extents), elements.number(value)
        at = elements.element(stmt.target.value, idx)
        if not isinstance(at, Index):
            raise NotElementwiseError
        inner = Store(at, stmt.op, number, stmt.origin)
        body: list[Stmt] = [If((Arm(test, (inner,), stmt.origin),), (), stmt.origin)]
        self.items.append(Nest(extents, elements.front, body, origin=stmt.origin))
        return self.items

    def stored(
        self, target: Expr, op: str, value: Expr, elements: Elements, extents: tuple[Extent, ...], stmt: Stmt
    ) -> Items:
        """``target op= value`` element by element."""
        if op not in ("", "+", "-", "*", "/"):
            raise NotElementwiseError
        idx = tuple(turn(k) for k in range(len(extents)))
        element = elements.at(value, idx, extents)
        at = elements.element(target, idx) if not isinstance(target, Name) else place(target, idx)
        if not isinstance(at, Index) or not isinstance(at.value, Name):
            raise NotElementwiseError
        low = self.lowering
        own, wanted = low.alias(at.value.id), _key(index_items(at.index))
        for touch in touches([Do(element)], low.is_array):
            if low.alias(touch.name) == own and (touch.name != at.value.id or _key(touch.items) != wanted):
                copy = self.made_for(value)
                elements = self.elements()
                extents = elements.extents(target)
                element = elements.at(copy, idx, extents)
                at = elements.element(target, idx) if not isinstance(target, Name) else at
                assert isinstance(at, Index)
                break
        origin = getattr(stmt, "origin", None)
        if op == "/":
            op, element = "", self.divided(at, element)
        nest = Nest(extents, elements.front, [Store(at, op, element, origin)], origin=origin)
        self.items.append(nest)
        return self.items

    def divided(self, left: Expr, right: Expr) -> Expr:
        return np_call("divide", left, right) if self.lowering.raising else Binary("/", left, right)

    def made_for(self, value: Expr) -> Expr:
        """The value in memory of its own, because the store would change what it reads."""
        if self.array(value) is None:
            raise NotElementwiseError
        return self.made(value, "kept")

    # -- parts with loops of their own --

    def taken_out(self, expr: Expr) -> Expr:
        """The expression with sums over axes, and operands of what is not elementwise, before it and named."""
        if isinstance(expr, Choose | Logic | Lambda | Comprehension | Name | Const | Ref):
            return expr
        expr = rebuild(expr, self.taken_out) if self.is_elementwise(expr) else self.operands_out(expr)
        found = reduction_of(expr, self.kind)
        if found is not None:
            return self.reduced(expr, found)
        return expr

    def is_elementwise(self, expr: Expr) -> bool:
        if isinstance(expr, Binary | Unary) and not (isinstance(expr, Binary) and expr.op == "@"):
            return True
        return bool(list(self.elements().operands(expr)))

    def operands_out(self, expr: Expr) -> Expr:
        """What a call, an index or a product reads: arrays in memory."""
        if isinstance(expr, Choose | Logic | Lambda | Comprehension | Name | Const | Ref):
            return expr

        def operand(child: Expr) -> Expr:
            child = self.taken_out(child)
            return child if reduction_of(expr, self.kind) is not None else self.in_memory(child)

        if isinstance(expr, Attribute | Index):
            return rebuild(expr, self.taken_out)
        return rebuild(expr, operand)

    def reduced(self, expr: Expr, found: Reduction) -> Expr:
        elements = self.elements()
        extents = elements.extents(found.operand)
        dtype = elements.checked(found.operand).dtype
        idx = tuple(turn(k) for k in range(len(extents)))
        kind = self.kind(expr)
        if dtype not in ("float64", "float32"):
            raise NotElementwiseError
        best = found.name in ("max", "min")
        if best and not all(e.dim is not None and self.sizes.same(e.dim, fixed(0)) is False for e in extents):
            if len(found.axes) < len(extents):
                raise NotElementwiseError
            elements.front.append(refuse_empty(found.name, extents))
        if found.other is None:
            element = elements.at(found.operand, idx, extents)
        else:
            element = Binary("*", elements.at(found.operand, idx, extents), elements.at(found.other, idx, extents))
        first = Const(0.0) if not best else Unary("-", numpy_ref("inf")) if found.name == "max" else numpy_ref("inf")
        pick = {"max": "maximum", "min": "minimum"}.get(found.name, "")
        kept = [k for k in range(len(extents)) if k not in found.axes]
        origin = getattr(self.stmt, "origin", None)
        count: Expr | None = None
        if found.name == "mean":
            for k in found.axes:
                count = extents[k].text if count is None else Binary("*", count, extents[k].text)
        if not kept and not found.keepdims:
            name = self.lowering.namer.fresh({"max": "highest", "min": "lowest"}.get(found.name, "total"))
            body: Stmt = Augment(name, "+", element)
            if best:
                body = Assign((name,), (np_call(pick, Name(name), element),))
            nest = Nest(extents, [*elements.front, Assign((name,), (first,))], [body], origin=origin)
            self.items.append(nest)
            self.env[name] = kind if isinstance(kind, Scalar) else FLOAT
            self.lowering.typing.overall[name] = self.env[name]
            return Name(name) if count is None else self.divided(Name(name), count)
        if not isinstance(kind, Array) or kind.dims is None:
            raise NotElementwiseError
        name = self.lowering.namer.fresh("sums" if not best else "best")
        if found.keepdims:
            shape = tuple(
                Extent(Const(1), fixed(1)) if k in found.axes else e for k, e in enumerate(extents)
            )
            at = tuple(Const(0) if k in found.axes else i for k, i in enumerate(idx))
        else:
            shape, at = tuple(extents[k] for k in kept), tuple(idx[k] for k in kept)
        alloc = Assign((name,), (empty("full" if best else "zeros", shape, dtype, first if best else None),), origin)
        target = _place(name, at)
        inner = Store(target, "+", element) if not best else Store(target, "", np_call(pick, target, element))
        self.items.append(Nest(extents, [*elements.front, alloc], [inner], origin=origin))
        self.env[name] = Array(kind.dims, dtype)
        self.lowering.typing.overall[name] = self.env[name]
        if count is not None:
            own = tuple(turn(k) for k in range(len(shape)))
            more = Store(_place(name, own), "", self.divided(_place(name, own), count))
            self.items.append(Nest(shape, [], [more], origin=origin))
        return Name(name)


def _place(name: str, idx: tuple[Expr, ...]) -> Index:
    return place(Name(name), idx)


def _key(items: tuple[Expr, ...] | None) -> object:
    return None if items is None else tuple(map(key, items))


def lowered(
    function: Function,
    typing: Typing,
    sizes: Sizes,
    namer: Namer,
    classes: dict[str, str],
    nonneg: frozenset[str],
    raising: bool,
) -> tuple[Function, dict[Stmt, Nest]]:
    """The function with loops, and what the loops stand for."""
    uses, views = find_uses(function.body), plain_views(function, typing)
    work = Lowering(typing, sizes, namer, nonneg, classes, raising, uses, views)
    return with_body(function, work.block(function.body)), work.nests

