"""Plans of expressions that make lists, and of lists that go into numbers: each item has its own part."""

from __future__ import annotations

import builtins
import math
from collections.abc import Iterable
from typing import Protocol

from tangent_like.analysis.typing import Typing
from tangent_like.errors import Place, UnsupportedError
from tangent_like.ir.build import builtin_ref, mul, np_call
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Expr,
    Index,
    Library,
    List,
    Name,
    Ref,
    Slice,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import subexpressions
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar, Sequence, Unknown, is_complex, is_list, item_of
from tangent_like.kinds.lists import copied_list, makes_list
from tangent_like.kinds.operands import array_of
from tangent_like.rules.apply import Application
from tangent_like.transform.dicts import back_dict
from tangent_like.transform.runtime_refs import helper


class Plans(Protocol):
    """What these ask of the plan that they are part of."""

    typing: Typing
    definitions: dict[Expr, Expr]

    def kind_of(self, expr: Expr) -> Kind: ...

    def place(self, expr: Expr) -> Place: ...

    def back(self, expr: Expr, g: Expr) -> None: ...

    def back_index(self, expr: Index, g: Expr) -> None: ...

    def is_varied(self, expr: Expr) -> bool: ...

    def named(self, g: Expr, wanted: str) -> Expr: ...

    def want(self, expr: Expr) -> None: ...

    def want_shape(self, expr: Expr) -> None: ...

    def same_shape(self, a: Expr, b: Expr) -> bool: ...

    def value_of(self, expr: Expr, result: Expr | None) -> Expr: ...

    def is_view_path(self, expr: Expr) -> bool: ...

    def open_up(self, expr: Expr) -> None: ...

    def contribute(self, path: Expr, value: Expr) -> None: ...


def length(expr: Expr) -> Expr:
    return Call(builtin_ref("len"), (expr,))


def back_list(planner: Plans, expr: Expr, g: Expr) -> bool:
    """The adjoint ``g`` of an expression that makes a list or a dict, or reads one; False for what is none."""
    if not makes_list(expr, planner.kind_of):
        return back_dict(planner, expr, g)
    if isinstance(expr, Call) and isinstance(expr.func, Attribute) and expr.func.name == "tolist":
        planner.back(expr.func.value, np_call("array", g))
        return True
    copied = copied_list(expr)
    if copied is not None:
        if isinstance(planner.kind_of(copied), Array):
            g = np_call("array", g)
        planner.back(copied, g)
        return True
    match expr:
        case Binary("+", left, right):
            joined(planner, left, right, planner.named(g, "t_bar"))
            return True
        case Binary("*", left, right):
            items, other = (left, right) if is_list(planner.kind_of(left)) else (right, left)
            if isinstance(items, List) and not planner.is_varied(other):
                repeated(planner, items, planner.named(g, "t_bar"))
                return True
            raise UnsupportedError("a list repeated", planner.place(expr), "append its items in a loop")
    return False


def joined(planner: Plans, left: Expr, right: Expr, g: Expr) -> None:
    """``xs + ys``: to each its part of the list ``g``."""
    if isinstance(planner.kind_of(g), Scalar):
        planner.back(left, g)
        planner.back(right, g)
        return
    if isinstance(right, List | Tuple):
        count = len(right.items)
        for k, item in enumerate(right.items):
            planner.back(item, Index(g, Const(k - count)))
        if planner.is_varied(left):
            planner.back(left, Index(g, Slice(None, _minus(count), None)) if count else g)
        return
    if isinstance(left, List | Tuple):
        cut: Expr = Const(len(left.items))
    else:
        cut = length(left)
        planner.want_shape(left)
    if planner.is_varied(left):
        planner.back(left, Index(g, Slice(None, cut, None)))
    if planner.is_varied(right):
        planner.back(right, Index(g, Slice(cut, None, None)))


def _minus(count: int) -> Expr:
    return Unary("-", Const(count))


def repeated(planner: Plans, items: List, g: Expr) -> None:
    """``[x] * n``: the sum of the parts."""
    count = len(items.items)
    for k, item in enumerate(items.items):
        if planner.is_varied(item):
            part: Expr = g if count == 1 else Index(g, Slice(Const(k), None, Const(count)))
            kind = planner.kind_of(item)
            if isinstance(kind, Array):  # also where there is none
                planner.want_shape(item)
                total: Expr = Call(builtin_ref("sum"), (part, np_call("zeros_like", item)))
            elif isinstance(kind, Scalar):
                total = Call(builtin_ref("sum"), (part,))
            elif isinstance(kind, Unknown):
                planner.want_shape(item)
                total = Call(builtin_ref("sum"), (part, Call(helper("zeros_like"), (item,))))
            else:
                raise UnsupportedError("this list repeated", planner.place(items), "append its items in a loop")
            planner.back(item, total)


def as_adjoint(planner: Plans, path: Expr, kind: ListOf | Sequence, value: Expr) -> Expr:
    """``value`` as the adjoint of the list ``path``: a list of the same length."""
    own = planner.kind_of(value)
    if isinstance(own, ListOf | Sequence) or isinstance(value, List) or is_listing(value):
        return value
    if isinstance(kind, Sequence):
        planner.want_shape(path)
        return Call(helper("filled"), (path, value)) if isinstance(own, Scalar) else value
    numbers = isinstance(kind.item, Scalar | None)
    if isinstance(own, Scalar):
        planner.want_shape(path)
        if numbers:
            return Binary("*", List((value,)), length(path))
        return Call(helper("filled"), (path, value))
    if isinstance(own, Array):
        whole = array_of(kind)
        rank = whole.rank if isinstance(whole, Array) else None
        if rank is None or own.rank is None:
            if isinstance(kind.item, ListOf):
                what = "a list of lists of what is not known"
                raise UnsupportedError(what, planner.place(path), "annotate it: list[list[float]]")
            planner.want_shape(path)
            whole_ = np_call("array", np_call("broadcast_to", value, np_call("shape", path)))
            return Call(builtin_ref("list"), (whole_,))
        if own.rank < rank:
            planner.want_shape(path)
            return Call(helper("filled"), (path, value))
        if isinstance(kind.item, ListOf):
            return Call(Attribute(value, "tolist"), ())
        if isinstance(kind.item, Scalar) and kind.item.dtype is None and not kind.item.mixed:
            return Call(Attribute(value, "tolist"), ())
    elif isinstance(item_of(kind), ListOf) and isinstance(value, Call) and isinstance(value.func, Ref):
        if isinstance(value.func.target, Library) and value.func.target.module == "numpy":
            return Call(Attribute(value, "tolist"), ())
    return Call(builtin_ref("list"), (value,))


def is_listing(value: Expr) -> bool:
    """Is it a helper that gives a list for a list?"""
    match value:
        case Call(Ref(target=Library(module=module, qualname=name))):
            return module.startswith("tangent_like") and name in LISTINGS
        case _:
            return False


LISTINGS = frozenset(
    [
        "best_items",
        "each_item",
        "each_less",
        "each_over",
        "each_times",
        "joined_parts",
        "other_items",
        "pieces",
        "unblock",
        "unhstack",
    ]
)


def moves(seed: str, values: Iterable[Expr]) -> bool:
    """Does what the adjoint ``seed`` holds go to one heir, or in slices to several?"""
    whole = sliced = 0
    for value in values:
        for expr in subexpressions(value):
            whole += isinstance(expr, Name) and expr.id == seed
            sliced += isinstance(expr, Index) and isinstance(expr.value, Name) and expr.value.id == seed
    return whole in (1, sliced)


def back_total(planner: Plans, expr: Expr, found: Application, g: Expr, result: Expr | None) -> bool:
    """``sum(xs, start)``: each item gets all of it. False where what is summed is not known."""
    if found.rule.targets == (builtins.max, builtins.min) and found.rule.own is None:
        return back_extremum(planner, expr, found, g, result)
    if found.rule.targets not in ((builtins.sum,), (math.fsum,)):
        return False
    items, start = found.operands["values"], found.operands.get("start")
    kind = planner.kind_of(items)
    known = isinstance(kind, Sequence) or (isinstance(kind, Array) and kind.rank is not None)
    if isinstance(kind, ListOf):
        known = isinstance(kind.item, Scalar | Array | None)
    if isinstance(kind, Array) and start is not None and not planner.same_shape(Index(items, Const(0)), expr):
        known = False  # the items need not be as large as the start
    if not known:
        return False
    g = planner.named(g, "t_bar")
    if isinstance(kind, ListOf) and isinstance(kind.item, Array) and not same_sizes(planner.kind_of(g), kind.item):
        if isinstance(planner.kind_of(g), Scalar):
            g = Call(helper("spread"), (g, planner.value_of(expr, result)))
        planner.want_shape(items)
        planner.back(items, Call(helper("each_item"), (g, items))) if planner.is_varied(items) else None
    else:
        to_each(planner, items, g, expr)
    if start is not None and planner.is_varied(start):
        planner.back(start, fitted(planner, g, start, expr))
    return True


def same_sizes(total: Kind, item: Array) -> bool:
    """Is what each item gets as large as the item?"""
    steady = item.dims is not None and all(d is not None and d.steady for d in item.dims)
    return steady and (isinstance(total, Scalar) or (isinstance(total, Array) and total.dims == item.dims))


def to_each(planner: Plans, items: Expr, g: Expr, expr: Expr) -> None:
    """All of ``g`` to each item; of lists that are joined or repeated in the call, to the items of each."""
    kind, unknown = planner.kind_of(items), isinstance(planner.kind_of(g), Unknown)
    match items:
        case _ if not planner.is_varied(items):
            pass
        case List(parts) | Tuple(parts):
            for item in parts:
                planner.back(item, fitted(planner, g, item, expr))
        case Binary("+", left, right) if makes_list(items, planner.kind_of):
            to_each(planner, left, g, expr)
            to_each(planner, right, g, expr)
        case Binary("*", left, right) if makes_list(items, planner.kind_of):
            inner, count = (left, right) if is_list(planner.kind_of(left)) else (right, left)
            if not isinstance(count, Const) or not isinstance(count.value, int) or count.value < 0:
                count = Call(builtin_ref("max"), (count, Const(0)))
            to_each(planner, inner, mul(count, g), expr)
        case _ if isinstance(kind, Sequence):
            for k in range(len(kind.items)):
                planner.back(Index(items, Const(k)), fitted(planner, g, Index(items, Const(k)), expr))
        case _ if isinstance(kind, ListOf) and isinstance(kind.item, Scalar) and unknown:
            planner.want_shape(items)
            planner.back(items, Binary("*", List((g,)), length(items)))  # a number, whatever is known of it
        case _:
            planner.back(items, g)


def back_extremum(planner: Plans, expr: Expr, found: Application, g: Expr, result: Expr | None) -> bool:
    """``max(a, b, c)`` of numbers: ``y_bar / sum((a == y, b == y, c == y))`` goes to each that is the greatest."""
    values = found.operands.get("values")
    if not isinstance(values, Tuple | List) or not 2 <= len(values.items) <= MANY:
        return False
    items = values.items
    if not all(isinstance(k := planner.kind_of(e), Scalar) and not is_complex(k) for e in (*items, g)):
        return False
    y = planner.value_of(expr, result)
    for item in items:
        planner.want(item)
    ties = Call(builtin_ref("sum"), (Tuple(tuple(Compare(item, ("==",), (y,)) for item in items)),))
    share = planner.named(Binary("/", g, ties), "t_bar")
    for item in items:
        planner.back(item, Binary("*", share, Compare(item, ("==",), (y,))))
    return True


MANY = 6  # items of an extremum that are written out


def fitted(planner: Plans, g: Expr, operand: Expr, whole: Expr) -> Expr:
    """``g`` summed to the shape of an operand that may have been broadcast."""
    one, all_ = planner.kind_of(operand), planner.kind_of(whole)
    if isinstance(one, Scalar) and isinstance(all_, Scalar):
        return g
    if isinstance(one, Array) and isinstance(all_, Array) and one.dims == all_.dims and None not in (one.dims or ()):
        return g
    planner.want_shape(operand)
    return Call(helper("unbroadcast"), (g, operand))


__all__ = ["as_adjoint", "back_list", "back_total", "moves"]
