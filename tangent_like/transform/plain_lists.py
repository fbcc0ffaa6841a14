"""What is written about lists, in terms of ``append`` and of arrays.

Before                                   After (xs, ys lists)

    xs += ys                                 for item in ys:
                                                 xs.append(item)
    xs[:] = ys                               xs = list(ys)
    xs[a:b] = ys                             xs = xs[:a] + list(ys) + xs[a:][len(xs[a:b]):]
    xs[::2] = ys                             places = list(range(len(xs)))[::2]
                                             for k in range(max(len(places), len(ys))):
                                                 xs[places[k]] = ys[k]
    t = np.sum(np.sqrt(xs))                  t = np.sum(np.sqrt(np.array(xs)))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tangent_like.analysis.typing import Typing
from tangent_like.errors import DifferentiationError, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.build import atomic, builtin_ref, is_number, np_call
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Call,
    Compare,
    Each,
    Expr,
    For,
    Global,
    Index,
    Library,
    List,
    Name,
    Push,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import names, rebuild
from tangent_like.kinds.kind import UNKNOWN, Array, Kind, ListOf, Sequence, is_float, is_list
from tangent_like.kinds.steps import makes_array
from tangent_like.rules.operands import list_operands, takes_arrays


def plain_lists(
    stmt: Assign | Store | Augment | Return | Push, typing: Typing, fresh: Callable[[str], str]
) -> list[Stmt] | None:
    """What stands for the statement; None where nothing is to be done."""
    kind_of = typing.at(stmt)
    if isinstance(stmt, Augment) and is_list(typing.before[stmt].get(stmt.target)):
        return extended(stmt, kind_of, fresh)
    if isinstance(stmt, Store):
        holder = stmt.target.value
        if isinstance(kind_of(holder), ListOf) and isinstance(stmt.target.index, Slice):
            return part(stmt, kind_of, fresh)
    return with_arrays(stmt, typing)


def extended(stmt: Augment, kind_of: Callable[[Expr], Kind], fresh: Callable[[str], str]) -> list[Stmt]:
    """``xs += ys``."""
    if stmt.op != "+":
        raise UnsupportedError(f"{stmt.op}= on a list is not differentiated", place_of(stmt.origin), "build a new list")
    if stmt.target in names(stmt.value):
        held = fresh("items")
        again = Augment(stmt.target, "+", Name(held), stmt.origin)
        return [Assign((held,), (stmt.value,), stmt.origin), *extended(again, kind_of, fresh)]
    if isinstance(stmt.value, List | Tuple):
        return [Push(stmt.target, item, stmt.origin) for item in stmt.value.items]
    item = fresh("item")
    return [Each(item, stmt.value, (Push(stmt.target, Name(item), stmt.origin),), stmt.origin)]


def part(stmt: Store, kind_of: Callable[[Expr], Kind], fresh: Callable[[str], str]) -> list[Stmt]:
    """``xs[a:b] = ys``: nobody else holds the list, so the name may as well be bound to a new one.

    What stands behind the part begins as far behind ``a`` as the part is long, even where ``b`` is before ``a``.
    """
    index, holder = stmt.target.index, stmt.target.value
    assert isinstance(index, Slice)
    if stmt.op or not isinstance(holder, Name):
        raise UnsupportedError("a store into part of a list", place_of(stmt.origin), "build a new list of its parts")
    if index.step is not None and not is_number(index.step, 1):
        return one_by_one(stmt, holder, fresh)
    before: list[Stmt] = []
    lower, upper = (_named(e, f, before, fresh, stmt) for e, f in ((index.lower, "start"), (index.upper, "stop")))
    value = stmt.value
    copied = isinstance(value, Binary) or (isinstance(value, Index) and isinstance(value.index, Slice))
    if not isinstance(value, List) and not (copied and is_list(kind_of(value))):  # an array, or what may be one
        value = Call(builtin_ref("list"), (value,))
    if lower is not None:
        value = Binary("+", Index(holder, Slice(None, lower, None)), value)
    if upper is not None:
        rest = holder if lower is None else Index(holder, Slice(lower, None, None))
        count = _length(Index(holder, Slice(lower, upper, None)))
        value = Binary("+", value, Index(rest, Slice(count, None, None)))
    return [*before, Assign((holder.id,), (value,), stmt.origin)]


def one_by_one(stmt: Store, holder: Name, fresh: Callable[[str], str]) -> list[Stmt]:
    """``xs[a:b:step] = ys``: as many items as there are places; an ``IndexError`` where there are not."""
    items, places, k = fresh("items"), fresh("places"), fresh("k")
    every = Call(builtin_ref("list"), (Call(builtin_ref("range"), (_length(holder),)),))
    count = Call(builtin_ref("max"), (_length(Name(places)), _length(Name(items))))
    put = Store(Index(holder, Index(Name(places), Name(k))), "", Index(Name(items), Name(k)), stmt.origin)
    return [
        Assign((items,), (Call(builtin_ref("list"), (stmt.value,)),), stmt.origin),
        Assign((places,), (Index(every, stmt.target.index),), stmt.origin),
        For(k, (count,), (put,), stmt.origin),
    ]


def _length(items: Expr) -> Expr:
    return Call(builtin_ref("len"), (items,))


def _named(bound: Expr | None, name: str, before: list[Stmt], fresh: Callable[[str], str], stmt: Store) -> Expr | None:
    if bound is None or atomic(bound) or is_number(bound):
        return bound
    held = fresh(name)
    before.append(Assign((held,), (bound,), stmt.origin))
    return Name(held)


def is_range(expr: Expr) -> bool:
    match expr:
        case Call(Ref(target=Library("builtins", "range"))):
            return True
        case _:
            return False


def any_range(*operands: Expr) -> bool:
    return any(map(is_range, operands))


def is_table(expr: Expr) -> bool:
    """Is it a list or a tuple of the module?"""
    return isinstance(expr, Ref) and isinstance(expr.target, Global) and isinstance(expr.target.value, list | tuple)


def with_arrays(stmt: Assign | Store | Augment | Return | Push, typing: Typing) -> list[Stmt] | None:
    """Lists of numbers that NumPy takes for arrays, made arrays first: what flows back is made of them, too."""
    kind_of = typing.at(stmt)

    def to_array(expr: Expr) -> Expr:
        listed = isinstance(kind_of(expr), ListOf | Sequence) or isinstance(expr, List | Tuple)
        return np_call("array", expr) if listed and is_float(kind_of(expr)) else expr

    def of_numbers(expr: Expr) -> Expr:  # a rule reads it in arithmetic, whole numbers too
        listed = isinstance(kind_of(expr), ListOf | Sequence) or isinstance(expr, List | Tuple) or is_table(expr)
        return np_call("array", expr) if listed or is_range(expr) else expr

    def change(expr: Expr) -> Expr:
        match expr:
            case Call(func, args, keywords):
                try:
                    found = kind_of.application(expr)
                except DifferentiationError:
                    found = None
                if found is not None and found.rule.form != "constant" and takes_arrays(found.rule):
                    wanted = set(found.rule.differentiable) - list_operands(found.rule)
                    entries = found.rule.form == "elementwise"
                    active = [e for n, e in found.operands.items() if n in wanted or entries]
                    new = {id(e): of_numbers(e) for e in active}
                    changed = tuple(new.get(id(a), a) for a in args)
                    named = tuple((n, new.get(id(v), v)) for n, v in keywords)
                    pairs = zip((*changed, *(v for _, v in named)), (*args, *(v for _, v in keywords)), strict=True)
                    if any(a is not b for a, b in pairs):
                        return Call(func, changed, named, expr.at)
            case Binary(op, left, right) if makes_array(op, kind_of(left), kind_of(right)) or any_range(left, right):
                new_left, new_right = of_numbers(left), of_numbers(right)
                if new_left is not left or new_right is not right:
                    return Binary(op, new_left, new_right, expr.at)
            case Compare(left, ops, rights, at):
                kinds = [kind_of(e) for e in (left, *rights)]
                if any(isinstance(k, Array) for k in kinds):
                    first, *others = map(to_array, (left, *rights))
                    if first is not left or any(a is not b for a, b in zip(others, rights, strict=True)):
                        return Compare(first, ops, tuple(others), at)
            case _:
                pass
        return rebuild(expr, change)

    if isinstance(stmt, Assign):
        values = tuple(change(v) for v in stmt.values)
        same = all(a is b for a, b in zip(values, stmt.values, strict=True))
        return None if same else [replace(stmt, values=values)]
    if stmt.value is None:
        return None
    value = change(stmt.value)
    if isinstance(stmt, Augment | Store) and stmt.op:
        there = typing.before[stmt].get(stmt.target, UNKNOWN) if isinstance(stmt, Augment) else kind_of(stmt.target)
        value = of_numbers(value) if makes_array(stmt.op, there, kind_of(value)) else value
    return None if value is stmt.value else [replace(stmt, value=value)]
