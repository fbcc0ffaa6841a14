"""``*e``, where only the run tells how long ``e`` is: in displays, runs of items and arrays between them.

Before                                   After

    q = np.array([n, *e])                    q = np.concatenate(([n], e))

    q = [n, *e, m]                           q = [n] + e + [m]

In calls, as many items as the function takes, or, for its own ``*rest``, ``e`` itself.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

import numpy as np

from tangent_like.ir.build import builtin_ref, numpy_ref
from tangent_like.ir.leaves import At
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Bind,
    Call,
    Clause,
    Comprehension,
    Const,
    Do,
    Expr,
    Function,
    Index,
    Library,
    List,
    Name,
    Param,
    Ref,
    Slice,
    Starred,
    Store,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import base_name, binds, expressions, names, statements
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar, is_list
from tangent_like.specialize import attributes, comprehensions, construct, inner, protocols
from tangent_like.specialize.columns import one_by_one
from tangent_like.specialize.operands import operands
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.turns import of_the_core
from tangent_like.specialize.values import Class, Fn, Frame, Lazy, Leaf, Seq, Value, is_builtin


def joined(s: Spec, call: Call, frame: Frame) -> Value | None:
    """What such a call gives; None for another call."""
    match call:
        case Call(Ref(target=Library("numpy", "array" | "asarray" | "asanyarray")), (List(items) | Tuple(items),), ()):
            pass
        case _:
            return None
    if not any(isinstance(item, Starred) for item in items):
        return None

    def one(k: int) -> Value:
        item = items[k]
        value = s.part(item.value if isinstance(item, Starred) else item, frame)
        if not isinstance(item, Starred):
            return value
        found = one_by_one(s, value)
        if found is None and not isinstance(value, Leaf):
            raise s.refuse("a starred value whose length only the run tells", "write the items out", item.at)
        return value if found is None else Seq(tuple(found))

    flat: list[tuple[Value, Expr | None]] = []
    for item, value in zip(items, operands(s, len(items), one), strict=True):
        if not isinstance(item, Starred):
            flat.append((value, item))
        elif isinstance(value, Seq):
            flat += [(v, item) for v in value.items]
        else:
            whole = s.materialize(value, item)
            if is_list(s.kind(whole)):
                whole = Call(call.func, (whole,), (), call.at)
            flat.append((Lazy("run", (Leaf(whole),)), item))
    parts = in_parts(s, flat)
    if not any(is_run(value) for value, _ in flat):
        return Leaf(Call(call.func, (parts[0] if parts else List(()),), (), call.at))
    return Leaf(Call(numpy_ref("concatenate"), (Tuple(tuple(parts)),), (), call.at))


def is_run(value: Value) -> bool:
    """Is it what only the run tells the length of, among the items of a display?"""
    return isinstance(value, Lazy) and value.form == "run"


def in_parts(s: Spec, items: Iterable[tuple[Value, Expr | None]]) -> list[Expr]:
    """The items that are known one by one in lists, and what is between them; each with where it is written."""
    parts: list[Expr] = []
    known: list[Expr] = []
    for value, item in items:
        match value:
            case Lazy("run", (whole,)):
                parts += [List(tuple(known))] if known else []
                parts.append(s.materialize(whole, item))
                known = []
            case _:
                known.append(s.materialize(value, item))
    return [*parts, List(tuple(known))] if known else parts


def as_run(s: Spec, value: Value) -> Value:
    """``*e`` in the display of a list, as a list of the core."""
    if isinstance(value, Lazy):
        value = s.tools.as_list(s, value, "items")
    if not isinstance(value, Leaf):
        raise s.refuse("a starred value whose length only the run tells", "write the items out")
    return s.settled(Leaf(Call(builtin_ref("list"), (value.expr,))), "items")  # it may be a tuple


def in_runs(s: Spec, values: list[Value], at: At) -> Value | None:
    """``[a, *e, b]`` as ``[a] + e + [b]``; None where all items are known one by one."""
    if not any(map(is_run, values)):
        return None
    if not all(is_run(v) or of_the_core(s, v) for v in values):
        raise s.refuse("objects beside what only the run tells the length of", "append them in a loop", at)
    parts = in_parts(s, ((v, None) for v in values))
    if len(parts) == 1:
        return Leaf(Call(builtin_ref("list"), (parts[0],), (), at))
    return Leaf(functools.reduce(lambda a, b: Binary("+", a, b, at), parts))


def spread(
    s: Spec, value: Value, star: Starred, function: Value | None = None, before: int = 0, keyed: bool = False
) -> list[Value]:
    """The arguments that ``*value`` stands for; last in a call, as many as ``function`` takes behind ``before``.

    ``keyed``: there are arguments by name besides.
    """
    value = protocols.in_parts(s, value)
    found = one_by_one(s, value)
    if found is None and isinstance(value, Leaf):
        found = protocols.counted(s, value, star.count) if star.count else as_many(s, function, value, before, keyed)
    if found is None:
        raise s.refuse("* of what only the run tells the length of", "write the arguments out", star.at)
    return found


def all_in_one(s: Spec, items: tuple[Expr, ...], values: list[Value]) -> Value | None:
    """What a call is given from a ``*e`` on that is not the last: one list, if only the run tells how long ``e`` is."""
    if len(items) == 1 or one_by_one(s, values[0]) is not None or not isinstance(values[0], Leaf | Lazy):
        return None
    parts: list[Value] = []
    for item, value in zip(items, values, strict=True):
        known = one_by_one(s, value) if isinstance(item, Starred) else [value]
        parts += [Lazy("run", (as_run(s, value),))] if known is None else known
    return in_runs(s, parts, getattr(items[0], "at", None))


def as_many(s: Spec, function: Value | None, value: Leaf, before: int, keyed: bool) -> list[Value] | None:
    """``Point(*row)``: as many items as the function takes, and all of them without a default; or its ``*rest``."""
    match function:
        case Leaf(Ref(target=Library("builtins", "max" | "min"))) if not before and not keyed:
            return [value]
        case Leaf(Ref(target=Library() as library)):
            params = of_library(library)
        case Leaf(Ref(target=UserFunction() as target)) if not inner.is_derived(target):
            params = s.library.read(target, s.place()).params
        case Fn(function=called):
            params = called.params
        case Class(info) if (fields := construct.all_fields(info)) is not None:
            params = tuple(map(Param, fields))
        case Class(info) if (init := info.member("__init__")) is not None and init.target is not None:
            made = attributes.Method(s, init)
            params = made.function.params[1:] if isinstance(made, Fn) else ()
        case _:
            return None
    params = params[before:]
    first = next((k for k, p in enumerate(params) if p.star == "*"), None)
    if first is not None and isinstance(s.kind(value.expr), ListOf) and not (first and keyed):
        if all(p.default is None for p in params[:first]):
            held = s.held(value, "items").expr if first else value.expr
            given = [s.settled(Leaf(Index(held, Const(k))), p.name) for k, p in enumerate(params[:first])]
            # a tuple stays as it is, whatever becomes of the list
            whole = Index(held, Slice(Const(first), None, None)) if first else Call(builtin_ref("list"), (held,))
            return [*given, Lazy("rest", (s.settled(Leaf(whole), params[first].name),))]
    if keyed or len(params) < 2 or any(p.star or p.keyword_only or p.default is not None for p in params):
        return None
    names_ = tuple(s.fresh(p.name) for p in params)
    s.emit(Assign(names_, (value.expr,), s.origin))
    return [Leaf(Name(n)) for n in names_]


def of_library(library: Library) -> tuple[Param, ...]:
    """What a function of a library always takes: ``np.hypot(*p)``, ``math.atan2(*p)``."""
    if isinstance(library.obj, np.ufunc):
        return tuple(map(Param, ("first", "second", "third")[: library.obj.nin]))
    with suppress(ValueError, TypeError):
        params = tuple(inspect.signature(library.obj).parameters.values())  # type: ignore[arg-type]
        if library.module == "math" and all(p.kind is p.POSITIONAL_ONLY for p in params):
            return tuple(Param(p.name) for p in params)
    return ()


def all_others(rest: list[Value]) -> Value:
    """What ``*rest`` is bound to: a tuple, or what stands for one whose length only the run tells."""
    match rest:
        case [Lazy("rest", (whole,))]:
            return whole
        case _:
            return Seq(tuple(rest))


def is_zip_of_rows(expr: Call) -> bool:
    stars = len(expr.args) == 1 and isinstance(expr.args[0], Starred)
    return stars and not expr.keywords and isinstance(expr.func, Ref) and is_builtin(expr.func, "zip")


def transposed(s: Spec, rows: Value, star: Starred, frame: Frame, at: At) -> Value | None:
    """``zip(*rows)`` of rows whose number only the run tells, as ``tuple([row[k] for row in rows])`` for each ``k``.

    None for rows of which that is not known to be numbers, or where somebody may write into one meanwhile.
    """
    kind = s.kind(rows.expr) if isinstance(rows, Leaf) else None
    if not isinstance(rows, Leaf) or not isinstance(kind, ListOf) or not is_row(kind.item):
        return None
    if one_by_one(s, rows) is not None or may_be_written(star.value, frame.function):
        return None
    each = (Clause(Name("row"), Name("rows")),)
    column = Comprehension("list", Index(Name("row"), Name("k")), None, each, frozenset(["row"]), at)
    lengths = Comprehension("list", Call(builtin_ref("len"), (Name("row"),)), None, each, frozenset(["row"]), at)
    least = Call(builtin_ref("min"), (lengths,), (("default", Const(0)),), at)
    turns = (Clause(Name("k"), Call(builtin_ref("range"), (least,), (), at)),)
    found = Comprehension("list", Call(builtin_ref("tuple"), (column,), (), at), None, turns, frozenset(["k"]), at)
    inside = comprehensions.scope(s, replace(found, names=frozenset(["rows"])), frame)
    s.state.vars[frame_key(inside, "rows")] = s.held(rows, "rows")
    return Lazy("iter", (s.settled(s.evaluate(found, inside), "columns"),))


def is_row(kind: Kind | None) -> bool:
    """Is it a vector of numbers, or a list of them?"""
    if isinstance(kind, ListOf):
        return isinstance(kind.item, Scalar)
    return isinstance(kind, Array) and kind.rank == 1


def may_be_written(rows: Expr, function: Function) -> bool:
    """Does the function write into what is related to the rows, by any name, or hand it to what may?"""
    all_ = statements(function.body)
    bound = [(set(binds(s)), set().union(*map(names, expressions(s)))) for s in all_ if binds(s)]
    related = set(names(rows))
    while found := [(a, b) for a, b in bound if (a & related or b & related) and not a | b <= related]:
        related = related.union(*(a | b for a, b in found))
    for stmt in all_:
        match stmt:
            case Store(target) | Bind(Index() | Attribute() as target):
                if base_name(target) in related:
                    return True
            case Augment(target=name) if name in related and name in names(rows):
                return True
            case Do(Call(Attribute(Name(), "append"))):
                pass
            case Do(value) if names(value) & related:
                return True
            case _:
                pass
    return False
