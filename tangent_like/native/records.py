"""What the halves of recursive functions keep stands in lists, a list for each name, and a call is told by a number.

Before                                           After

    def f_forward(x, n):                             def f_forward(f_x, f_n, f_f_saved, x, n):
        f_saved = None                                   f_saved = 0
        ...                                              ...
            value, f_saved = f_forward(y, n - 1)             value, f_saved = f_forward(f_x, ..., y, n - 1)
        return result, (x, n, f_saved)                   record = len(f_x)
                                                         f_x.append(x)
                                                         f_n.append(n)
                                                         f_f_saved.append(f_saved)
                                                         return result, record

    def f_reverse(saved, result_bar):                def f_reverse(f_x, f_n, f_f_saved, saved, result_bar):
        x, n, f_saved = saved                            x = f_x[saved]
        ...                                              n = f_n[saved]
                                                         f_saved = f_f_saved[saved]
                                                         ...

    def grad_g(x):                                   def grad_g(x):
        value, f_saved = f_forward(x, 3)                 f_x = [0.0]
        ...                                              f_n = [0]
                                                         f_f_saved = [0]
                                                         value, f_saved = f_forward(f_x, f_n, f_f_saved, x, 3)
                                                         ...

A tuple that holds another of its own sort, as deep as the calls go, is of no type that Numba knows. The lists begin
with an item each that is of no call, which says what they are lists of, and stands where no call was made. Where the
kind of what is kept is not known, all stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from tangent_like.analysis.typing import Typing
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import builtin_ref, np_call, numpy_ref
from tangent_like.ir.calls import said_in
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Block,
    Call,
    Const,
    Emitted,
    Expr,
    Function,
    Index,
    List,
    Name,
    Param,
    Pop,
    Push,
    Ref,
    Return,
    Stmt,
    Tuple,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, reads, rebuild, statements, with_body
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar
from tangent_like.native.elements import DTYPES

OF_NO_CALL = Const(0)


@dataclass(frozen=True, eq=False)
class Half:
    """A recursive forward half: the values that it keeps, and for each the list that holds them, as it begins."""

    name: str
    reverse: str
    fields: tuple[Expr, ...]
    lists: tuple[tuple[str, Expr], ...] = ()


@dataclass(eq=False)
class Flow:
    """By function: the names that hold what a half keeps, and the lists of such."""

    saved: dict[str, dict[str, str]] = field(default_factory=dict)
    lists: dict[str, dict[str, str]] = field(default_factory=dict)


def with_records(
    functions: tuple[Function, ...], entries: int, found: Mapping[str, Typing], pairs: Mapping[str, str]
) -> tuple[Function, ...]:
    """The functions with lists for what recursive halves keep; themselves where there are none, or it is not known how.

    ``pairs``: the reverse half of each forward half.
    """
    by_name = {f.name: f for f in functions}
    calls = {f.name: frozenset(_called(f)) & by_name.keys() for f in functions}
    again = {name for name in calls if name in _reached(name, calls)}
    kept = {n: _fields(by_name[n]) for n in pairs if n in by_name}
    keeping = {n: fields for n, fields in kept.items() if n in again and fields is not None}
    if not keeping or entries > 1 or functions[-1].name in again:
        return functions
    flow = _flow(functions, keeping, {n: fields for n, fields in kept.items() if fields is not None}, pairs)
    halves: list[Half] = []
    namer = Namer({n for f in functions for s in statements(f.body) for n in (*binds(s), *reads(s))} | by_name.keys())
    for name, fields in keeping.items():
        half = _with_lists(Half(name, pairs[name], fields), by_name[name], found.get(name), flow, namer)
        if half is None or _taken_apart(by_name.get(half.reverse), len(fields)) is None:
            return functions
        halves.append(half)
    ends = {h.name: h for h in halves} | {h.reverse: h for h in halves}
    needs = {f.name: _needed(f.name, calls, ends) for f in functions}
    return tuple(_changed(f, halves, needs, flow, f is functions[-1], namer) for f in functions)


def _called(function: Function) -> Iterator[str]:
    for expr in said_in(function.body):
        if isinstance(expr, Ref):
            target = expr.root or expr.target
            if isinstance(target, Emitted):
                yield target.name


def _reached(name: str, calls: Mapping[str, frozenset[str]]) -> set[str]:
    """What is called from there, at any depth."""
    reached: set[str] = set()
    queue = list(calls[name])
    while queue:
        one = queue.pop()
        if one not in reached:
            reached.add(one)
            queue.extend(calls[one])
    return reached


def _needed(name: str, calls: Mapping[str, frozenset[str]], ends: Mapping[str, Half]) -> tuple[tuple[str, Expr], ...]:
    """The lists of all halves that are called from there, and its own."""
    reached = _reached(name, calls) | {name}
    needed = {id(h): h for n, h in ends.items() if n in reached}
    return tuple(one for h in needed.values() for one in h.lists)


def _fields(function: Function) -> tuple[Expr, ...] | None:
    """What a forward half keeps, if all its returns say the same."""
    returns = [s for s in statements(function.body) if isinstance(s, Return)]
    if len(returns) != 1:
        return None
    match returns[0].value:
        case Tuple((*_, Tuple(items))) | Tuple(items) if items and not any(isinstance(i, Tuple) for i in items):
            return items
        case _:
            return None


def _taken_apart(function: Function | None, count: int) -> Assign | None:
    """The statement in which a reverse half takes apart what it is given, and reads it at no other place."""
    if function is None or not function.params:
        return None
    saved = function.params[0].name
    using = [s for s in statements(function.body) if saved in reads(s) or saved in binds(s)]
    match using:
        case [Assign(targets, (Name(id),)) as stmt] if id == saved and len(targets) == count and stmt in function.body:
            return stmt
        case _:
            return None


def _flow(
    functions: tuple[Function, ...],
    keeping: Mapping[str, object],
    kept: Mapping[str, tuple[Expr, ...]],
    pairs: Mapping[str, str],
) -> Flow:
    """Where goes what calls of ``keeping`` keep: to names, to lists, and to halves that take it apart."""
    flow = Flow({f.name: {} for f in functions}, {f.name: {} for f in functions})
    given = {pairs[n]: n for n in kept}
    size = -1
    while size != _size(flow):
        size = _size(flow)
        for function in functions:
            saved, lists = flow.saved[function.name], flow.lists[function.name]
            for stmt in statements(function.body):
                match stmt:
                    case Assign((*_, name), (Call(Ref() as func),)) if _emitted(func) in keeping:
                        saved[name] = _emitted(func)
                    case Push(list_, Name(name)) if name in saved:
                        lists[list_] = saved[name]
                    case Pop(Name(name), list_) if list_ in lists:
                        saved[name] = lists[list_]
            forward = given.get(function.name)
            parting = _taken_apart(function, len(kept[forward])) if forward is not None else None
            if parting is None or forward is None:
                continue
            for target, value in zip(parting.targets, kept[forward], strict=True):
                for here, there in ((saved, flow.saved[forward]), (lists, flow.lists[forward])):
                    if isinstance(value, Name) and value.id in there:
                        here[target] = there[value.id]
    return flow


def _size(flow: Flow) -> int:
    return sum(map(len, (*flow.saved.values(), *flow.lists.values())))


def _emitted(func: Ref) -> str:
    target = func.root or func.target
    return target.name if isinstance(target, Emitted) else ""


def _with_lists(half: Half, function: Function, typing: Typing | None, flow: Flow, namer: Namer) -> Half | None:
    """The half with its lists; None if it is not known what they hold."""
    if typing is None:
        return None
    lists = []
    ret = next(s for s in statements(function.body) if isinstance(s, Return))
    for k, value in enumerate(half.fields):
        named = value.id if isinstance(value, Name) else f"part_{k}"
        if named in flow.saved[half.name]:
            first: Expr | None = OF_NO_CALL
        elif named in flow.lists[half.name]:
            first = List((OF_NO_CALL,))
        else:
            env = typing.before.get(ret)
            first = None if env is None else _item(typing.kind(value, env))
        if first is None:
            return None
        lists.append((namer.fresh(f"{half.name.removesuffix('_forward')}_{named}"), List((first,))))
    return Half(half.name, half.reverse, half.fields, tuple(lists))


def _item(kind: Kind | None) -> Expr | None:
    """Something of a kind."""
    match kind:
        case Scalar("float", None | "float64"):
            return Const(0.0)
        case Scalar("int", None | "int64"):
            return OF_NO_CALL
        case Scalar("bool", None | "bool"):
            return Const(False)
        case ListOf(item):
            inner = _item(item)
            return None if inner is None else List((inner,))
        case Array(dims, dtype) if dims and dtype in DTYPES:
            shape: Expr = OF_NO_CALL if len(dims) == 1 else Tuple((OF_NO_CALL,) * len(dims))
            if dtype == "float64":
                return np_call("empty", shape)
            return Call(numpy_ref("empty"), (shape, numpy_ref("bool_" if dtype == "bool" else dtype)))
        case _:
            return None


def _is_array(first: Expr) -> bool:
    """Arrays in one list are of one layout for Numba; those that are contiguous are taken as they are."""
    return isinstance(first, List) and isinstance(first.items[0], Call)


def _changed(
    function: Function,
    halves: list[Half],
    needs: Mapping[str, tuple[tuple[str, Expr], ...]],
    flow: Flow,
    entry: bool,
    namer: Namer,
) -> Function:
    own = needs[function.name]
    if not own:
        return function
    forward = next((h for h in halves if h.name == function.name), None)
    backward = next((h for h in halves if h.reverse == function.name), None)
    parting = _taken_apart(function, len(backward.fields)) if backward is not None else None
    saved = flow.saved[function.name]

    def given(expr: Expr) -> Expr:
        expr = rebuild(expr, given)
        match expr:
            case Call(Ref() as func, args, keywords, at) if needs.get(_emitted(func)):
                more = needs[_emitted(func)]
                return Call(_wider(func, more), (*(Name(n) for n, _ in more), *args), keywords, at)
            case _:
                return expr

    def statement(stmt: Stmt) -> Iterator[Stmt]:
        match stmt:
            case Return(Tuple(items), origin) if forward is not None:
                values = items[:-1] if isinstance(items[-1], Tuple) else ()
                record = namer.fresh("record")
                yield Assign((record,), (Call(builtin_ref("len"), (Name(forward.lists[0][0]),)),))
                for (name, first), value in zip(forward.lists, forward.fields, strict=True):
                    yield Push(name, np_call("ascontiguousarray", value) if _is_array(first) else value)
                yield Return(Tuple((*values, Name(record))) if values else Name(record), origin)
            case Assign(targets) if stmt is parting and backward is not None:
                at = Name(function.params[0].name)
                for target, (name, _first) in zip(targets, backward.lists, strict=True):
                    yield Assign((target,), (Index(Name(name), at),), stmt.origin)
            case Assign((name,), (Const(None),)) if name in saved:
                yield Assign((name,), (OF_NO_CALL,), stmt.origin)
            case _:
                yield with_blocks(stmt, block)

    def block(body: Block) -> Block:
        return tuple(made for stmt in body for made in statement(stmt))

    body = tuple(rewrite(stmt, given, lambda name: name) for stmt in block(function.body))
    if entry:
        return with_body(function, (*(Assign((n,), (first,)) for n, first in own), *body))
    return replace(function, params=(*(Param(n) for n, _ in own), *function.params), body=body)


def _wider(func: Ref, more: tuple[tuple[str, Expr], ...]) -> Ref:
    """The function as it is called with lists before its arguments."""

    def wider(target: Emitted) -> Emitted:
        return Emitted(target.name, (*(n for n, _ in more), *target.params) if target.params else ())

    if isinstance(func.root, Emitted):
        return replace(func, root=wider(func.root))
    assert isinstance(func.target, Emitted)
    return replace(func, target=wider(func.target))
