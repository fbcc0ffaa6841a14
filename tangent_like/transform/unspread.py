"""Adjoints that were spread to a shape which everything that reads them has anyway: as few numbers as they are.

Before                                                After

    p = w * e                                             p = w * e
    p_bar = np.zeros_like(p) + c[..., None]               p_bar = c[..., None]
    w_bar = np.sum(p_bar * e, axis=0)                     w_bar = np.sum(p_bar * e, axis=0)
    z_bar = p_bar * w * e                                 z_bar = p_bar * w * e
    q_bar = np.full_like(q, 1.0 / len(x))                 q_bar = 1.0 / len(x)
    r_bar = np.where(small, q_bar * r, 0.0)               r_bar = np.where(small, q_bar * r, 0.0)
    s_bar = np.full_like(s, 1.0 / len(x))                 a_bar[rows, columns] = 1.0 / len(x)
    a_bar[rows, columns] = s_bar

Where ``e`` has the shape of ``p``, and ``r`` that of ``q``: what is computed has the same entries, in fewer steps. An
adjoint that goes on by itself (it is returned, summed, or has another name) stays as it is. In double precision only,
where sizes are known.
"""

from __future__ import annotations

from collections import ChainMap, Counter
from collections.abc import Container, Mapping, MutableMapping
from dataclasses import replace
from typing import TypeGuard

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Compare,
    Const,
    Do,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Ref,
    Slice,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import base_name, binds, blocks, children, expressions, names, reads, rebuild, statements
from tangent_like.kinds.dims import ONE, Dim, Sizes
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.transform.each_entry import called, entry_by_entry
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import Dims, is_adjoint, sizes_left, spread_together, summed
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.width import COLUMNS, line_width


def unspread(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> tuple[Function, Mapping[str, Kind]]:
    """The function, and the kinds of its names: those of the adjoints that are smaller now."""
    wholes = {n: len(w[1]) for s in statements(function.body) if (w := _whole(s, kinds)) for n in binds(s)}
    if not wholes:
        return function, kinds
    plain, facts = function, find_facts(function, frozenset(), kinds)
    function = with_body(function, _joined(function.body, wholes, facts))
    equal = Classes.of(sizes.used)
    bound: Counter[str] = Counter()
    readers: dict[str, set[Stmt]] = {}
    for stmt in statements(function.body):
        bound.update(binds(stmt))
        for name in reads(stmt):
            readers.setdefault(name, set()).add(stmt)
    smaller: dict[str, Kind] = {}
    by_now = dict(kinds)
    does = [facts.does(stmt) for stmt in statements(function.body)]
    written = {c for one in does for c in one.writes}
    anything = any(one.anything for one in does)

    def stays(value: Expr) -> bool:
        """Is it no view of memory that is written?"""
        base = base_name(value)
        if base is None or facts.is_number(base):
            return True
        return bound[base] <= 1 and not anything and facts.class_of(base) not in written

    numbers: set[str] = set()  # what was an array

    def bare(expr: Expr) -> Expr:
        """``c`` for ``c[..., None]`` of what is a number now."""
        return expr.value if _widens(expr, numbers) else rebuild(expr, bare)

    def block(body: Block) -> Block:
        shapes: dict[str, Dims] = {}  # of what is bound here and has no kind
        out: list[Stmt] = []
        for k, old in enumerate(body):
            stmt = with_expressions(old, bare) if numbers & reads(old) else old
            stmt = change_blocks(stmt, block)
            whole = _whole(stmt, kinds)
            if whole is not None and isinstance(stmt, Assign):
                (name,), value = stmt.targets, whole[0]
                full = tuple(map(equal.find, whole[1]))
                small = _Shapes(kinds, shapes, equal).of(value)
                if bound[name] == 1 and small is not None and small != full and stays(value):
                    here = _Shapes(kinds, shapes, equal)
                    fitting = _fitting(name, small, full, body[k + 1 :], here, readers, bound)
                    if fitting:
                        stmt = replace(stmt, values=(value,))
                    for other, dims in fitting.items():
                        if not dims:
                            numbers.add(other)
                        by_now[other] = smaller[other] = Array(dims, "float64") if dims else Scalar("float")
            if isinstance(stmt, Assign) and len(stmt.targets) == 1 == len(stmt.values):
                shape = _Shapes(by_now, shapes, equal).of(stmt.values[0])
                if shape is not None and bound[stmt.targets[0]] == 1:
                    shapes[stmt.targets[0]] = shape
            out.append(stmt)
        return tuple(out) if any(a is not b for a, b in zip(out, body, strict=True)) else body

    function = with_body(function, block(function.body))
    return (function, {**kinds, **smaller}) if smaller else (plain, kinds)


def _joined(body: Block, wholes: Mapping[str, int], facts: Facts) -> Block:
    """The block with a first contribution in one sum with the next where it would be smaller alone.

    ``y_bar = l_bar * t[:, None]`` and ``y_bar -= l_bar * p``. ``wholes`` are the axes of what is spread.
    """

    def smaller(value: Expr) -> bool:
        read = names(value)
        axes = max((wholes[n] for n in read if n in wholes), default=0)
        return all(n in wholes or (r := facts.look_of(n).rank) is None or r < axes for n in read)

    out = [change_blocks(stmt, lambda inner: _joined(inner, wholes, facts)) for stmt in body]
    k = 0
    while k < len(out):
        stmt = out[k]
        k += 1
        match stmt:
            case Assign((name,), (Binary("*" | "/") as value,), None) if names(value) & wholes.keys():
                if not is_adjoint(stmt) or not smaller(value):
                    continue
                j = next((j for j in range(k, len(out)) if name in {*reads(out[j]), *binds(out[j])}), k - 1)
            case _:
                continue
        match out[j]:
            case Augment(target, "+" | "-" as op, added) if target == name and name not in names(added):
                whole = replace(stmt, values=(Binary(op, value, added),))
                if facts.steady(names(value), out[k:j]) and line_width(whole, 1) <= COLUMNS:
                    out[k - 1 : j + 1] = [*out[k:j], whole]
                    k -= 1
            case _:
                pass
    return body if all(a is b for a, b in zip(out, body, strict=False)) else tuple(out)


def _whole(stmt: Stmt, kinds: Mapping[str, Kind]) -> tuple[Expr, Dims] | None:
    """What is spread, and to which shape."""
    if not isinstance(stmt, Assign) or len(stmt.targets) != 1 or stmt.origin is not None or not is_adjoint(stmt):
        return None
    match stmt.values[0]:
        case Call(args=(Name(like), value), keywords=()) as call if called(call) == "full_like":
            pass
        case Call(args=(Name(like),), keywords=()) as call if called(call) == "ones_like":
            value = Const(1.0)
        case Binary("+", Call(args=(Name(like),), keywords=()) as call, value) if called(call) == "zeros_like":
            pass
        case _:
            return None
    kind = kinds.get(like)
    if not isinstance(kind, Array) or kind.dtype != "float64" or kind.dims is None:
        return None
    full = tuple(d for d in kind.dims if d is not None)
    return (value, full) if full and len(full) == len(kind.dims) else None


def _fitting(
    name: str,
    small: Dims,
    full: Dims,
    after: Block,
    shapes: _Shapes,
    readers: Mapping[str, set[Stmt]],
    bound: Counter[str],
) -> dict[str, Dims]:
    """The name, and others of ours that are as small then, if all that reads them comes to the same; else nothing."""
    less, more = shapes.with_name(name, small), shapes.with_name(name, full)
    found = {name: small}
    waiting = set(readers.get(name, ()))  # what is to be looked at
    if not waiting:
        return {}
    for stmt in after:
        if not waiting:
            return found
        if reads(stmt) & found.keys():
            waiting.discard(stmt)
            if _fills(stmt, found, less):
                continue
            if blocks(stmt) or not all(_same(e, found, less, more) for e in expressions(stmt)):
                return {}
            match stmt:
                case Assign((target,), (value,)) if less.of(value) != more.of(value):
                    own = less.of(value)
                    if own is None or not is_adjoint(stmt) or stmt.origin is not None or bound[target] != 1:
                        return {}
                    if isinstance(shapes.kinds.get(target), Scalar) or not _fresh(value):
                        return {}
                    found[target] = own
                    waiting |= readers.get(target, set())
                    more.own[target] = more.of(value) or ()
                    less.own[target] = own
                    continue
                case Assign() if len(stmt.targets) == len(stmt.values):
                    reading = [v for v in stmt.values if names(v) & found.keys()]
                    if any(more.of(v) is None or less.of(v) != more.of(v) for v in reading):
                        return {}
                case Augment(target, "+" | "-", value) if isinstance(shapes.kinds.get(target), Array):
                    if more.of(Name(target)) != more.of(value):
                        return {}
                case Store(target, "+" | "-", value) if not names(target) & found.keys():
                    if more.of(target) is None or more.of(target) != more.of(value):
                        return {}
                case _:
                    return {}
        if isinstance(stmt, Assign) and len(stmt.targets) == 1 == len(stmt.values):
            shape = more.of(stmt.values[0])
            if shape is not None and stmt.targets[0] not in shapes.kinds:
                less.own[stmt.targets[0]] = more.own[stmt.targets[0]] = shape
    return {} if waiting else found


def _fills(stmt: Stmt, small: Mapping[str, Dims], less: _Shapes) -> bool:
    """Is what is put into places, or added there, less than there are places? It is spread there, too."""
    match stmt:
        case Store(Index(Name(id)) as target, "" | "+" | "-", Name(name)) if less.of(Name(id)):  # of a list an item
            rest = {*names(target)}
        case Do(Call(Ref(target=Library("numpy", "add.at")), (Name() as whole, index, Name(name)), ())):
            rest = {whole.id, *names(index)}
        case _:
            return False
    return name in small and not rest & small.keys()


def _fresh(value: Expr) -> bool:
    """Is it computed, and no other name for memory?"""
    return isinstance(value, Binary | Unary) or (isinstance(value, Call) and entry_by_entry(value))


def _widens(expr: Expr, small: Container[str]) -> TypeGuard[Index]:
    """Is it ``c[..., None]`` of one of the small ones?"""
    match expr:
        case Index(Name(id), index) if id in small:
            items = index_items(index)
            return bool(items) and all(isinstance(i, Const) and i.value in (None, ...) for i in items)
        case _:
            return False


def _same(expr: Expr, small: Mapping[str, Dims], less: _Shapes, more: _Shapes) -> bool:
    """Has every part that is not computed entry by entry the same shape, whichever the small names have?"""
    if _widens(expr, small) and less.of(expr.value) == ():
        return True
    parts = [c for c in children(expr) if names(c) & small.keys()]
    if any(less.of(c) is None or more.of(c) is None for c in parts):
        return False
    if not entry_by_entry(expr) and any(less.of(c) != more.of(c) for c in parts):
        return False
    return all(_same(c, small, less, more) for c in parts)


class _Shapes:
    """The sizes of values: of numbers (), None where they are not known."""

    def __init__(self, kinds: Mapping[str, Kind], own: MutableMapping[str, Dims], equal: Classes) -> None:
        self.kinds, self.own, self.equal = kinds, own, equal

    def with_name(self, name: str, dims: Dims) -> _Shapes:
        return _Shapes(self.kinds, ChainMap({name: dims}, self.own), self.equal)

    def of(self, expr: Expr) -> Dims | None:
        match expr:
            case Const(int() | float()):
                return ()
            case Name(id):
                return self.named(id)
            case Attribute(_, "size"):
                return ()
            case Attribute(value, "T"):
                inner = self.of(value)
                return None if inner is None else inner[::-1]
            case Index(Attribute(_, "shape"), Const(int())):
                return ()
            case Index(value, index):
                return self.indexed(value, index)
            case Call(args=args):
                if (found := summed(expr)) is not None:
                    inner = self.of(found[0])
                    return None if inner is None else sizes_left(inner, *found[1:])
                if _length(expr):
                    return ()
                return self.together(args) if entry_by_entry(expr) else None
            case Binary("@", left, right):
                a, b = self.of(left), self.of(right)
                return (*a[:-1], *b[1:]) if a and b and len(a) <= 2 and len(b) <= 2 else None
            case Binary() | Unary() | Compare() if entry_by_entry(expr):
                return self.together(children(expr))
            case _:
                return None

    def named(self, name: str) -> Dims | None:
        if name in self.own:
            return self.own[name]
        kind = self.kinds.get(name)
        if isinstance(kind, Scalar):
            return ()
        if isinstance(kind, Array):
            known = tuple(self.equal.find(d) for d in kind.dims or () if d is not None)
            return known if kind.dims is not None and len(known) == len(kind.dims) else None
        return None

    def together(self, parts: tuple[Expr, ...]) -> Dims | None:
        total: Dims | None = ()
        for part in parts:
            one = self.of(part)
            total = None if total is None or one is None else spread_together(total, one)
        return total

    def indexed(self, value: Expr, index: Expr) -> Dims | None:
        """``c[..., None]``, ``c[:, None]`` and places of an array."""
        dims = self.of(value)
        if dims is None or (not dims and _widens(Index(value, index), self.own)):
            return dims  # of what has become a number the number is read
        left = list(dims)
        out: list[Dim] = []
        items = index_items(index)
        for k, item in enumerate(items):
            match item:
                case Const(None):
                    out.append(ONE)
                case Const(value=given) if given is ... and all(_is_none(i) for i in items[k + 1 :]):
                    out.extend(left)
                    left.clear()
                case Slice(None, None, None) if left:
                    out.append(left.pop(0))
                case Const(int()) if left:
                    left.pop(0)
                case _:
                    return None
        return (*out, *left)


def _is_none(expr: Expr) -> bool:
    return isinstance(expr, Const) and expr.value is None


def _length(call: Call) -> bool:
    target = library(call)
    return target is not None and origin_of(target) == ("builtins", "len")


