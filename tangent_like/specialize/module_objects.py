"""Objects that a file makes for its functions, as ``CONF = Config(3)``: made where they are used.

Before                                   After

    CONF = Config(3)                         y = x * 3

    def f(x):
        y = x * CONF.k

A file is read and not run. What a call of a class makes is the same at each use as long as nobody writes into it, which
is seen once all of the function has been gone through: in what its attributes and lists hold, and in arrays. So it is
with what cached functions give: see ``cached_results``.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.analysis.views import memory_of
from tangent_like.frontend.parsed import Made
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Call,
    Do,
    Each,
    Expr,
    Library,
    Name,
    Pop,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    UserFunction,
)
from tangent_like.ir.walk import base_name, expressions, key, names, statements, subexpressions
from tangent_like.kinds.kind import UNKNOWN
from tangent_like.rules.draws import drawn_by
from tangent_like.specialize.interpolators import standing
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import reached_from
from tangent_like.specialize.values import UNSET, Content, Frame, Leaf, Value


def made_in_module(s: Spec, made: Made, expr: Ref) -> Value:
    """What the name stands for, and a note on each object in it of what it holds."""
    if (asked := standing(made.cls, expr)) is not None:
        return asked
    before = set(s.state.heap)
    function = s.library.read(made.target, s.place(expr.at))
    (given,) = function.body
    assert isinstance(given, Return) and given.value is not None
    with s.block() as out:
        value = s.evaluate(given.value, Frame(0, function, None, function.origin.file, frozenset()), expr.spelling)
    made_here = reached_from([value], s.state.heap) - before
    held = [v for id_ in made_here for v in s.state.heap[id_].values]
    exprs = [e for t in statements(tuple(out)) for e in expressions(t)]
    if not _is_steady(s, [*exprs, *(v.expr for v in (value, *held) if isinstance(v, Leaf))], set()):
        hint = "pass the value as an argument"
        raise s.refuse(f"{expr.spelling}, of which only running the file tells what it is,", hint, expr.at)
    for stmt in out:
        s.emit(stmt)
    for id_ in made_here:
        content = s.state.heap[id_]
        s.state.heap[id_] = replace(content, of_module=(f"{expr.spelling}, an object of the module", content.items))
    return value


# What these compute is the same each time that it is asked.
PURE = ("builtins", "math", "cmath", "numpy", "scipy", "operator")


def _is_steady(s: Spec, exprs: list[Expr], seen: set[UserFunction]) -> bool:
    """Do they give the same whenever they are evaluated: no draws, no clocks, no files?"""
    for expr in (e for top in exprs for e in subexpressions(top) if isinstance(e, Call)):
        if drawn_by(expr):
            return False
        match expr.func:
            case Ref(target=Library(module=module)):
                if module.partition(".")[0] not in PURE:
                    return False
            case Ref(target=UserFunction() as target) if target not in seen:
                body = s.library.read(target, s.place(expr.at)).body
                if not _is_steady(s, [e for t in statements(body) for e in expressions(t)], seen | {target}):
                    return False
            case _:
                pass
    return True


def refuse_written(s: Spec, body: Block) -> None:
    """The next call would find what this one has written into an object of the module's."""
    held: dict[str, str] = dict(s.cached)
    for content in s.state.heap.values():
        if content.of_module is None:
            continue
        name, items = content.of_module
        if not _same_items(content, items):
            raise _refusal(s, name)
        for _, value in items:
            if isinstance(value, Leaf) and value.known is UNSET:
                held.update(dict.fromkeys(names(value.expr), name))
    if held:
        _refuse_stores(s, body, held)


def _refuse_stores(s: Spec, body: Block, held: dict[str, str]) -> None:
    """``held``: what may be arrays of the module's, each with the object that it is in."""
    everything = list(statements(body))
    count = -1
    while count != len(held):
        count = len(held)
        for stmt in everything:
            for targets, value in _bindings(stmt):
                found = [held[n] for n in memory_of(value, lambda _: UNKNOWN, lambda _: True, lists=True) if n in held]
                held.update(dict.fromkeys(targets if found else (), found[0] if found else ""))
    for stmt in everything:
        for name in written_through(s, stmt) & held.keys():
            with s.at(stmt.origin):
                raise _refusal(s, held[name])


def _bindings(stmt: Stmt) -> list[tuple[tuple[str, ...], Expr]]:
    match stmt:
        case Assign(targets, values) if len(targets) == len(values):
            return [((t,), v) for t, v in zip(targets, values, strict=True)]
        case Assign(targets, values):
            return [(targets, v) for v in values]
        case Push(list_, value):
            return [((list_,), value)]
        case Pop(Name(target), list_):
            return [((target,), Name(list_))]
        case Each(target, iterable):
            return [((target,), iterable)]
        case _:
            return []


def written_through(s: Spec, stmt: Stmt) -> set[str]:
    """The names through which a statement may write memory."""
    found: set[str] = set()
    match stmt:
        case Store(target) | Augment(target):
            name = target if isinstance(target, str) else base_name(target)
            found |= {name} if name is not None else set()
        case Push(list_) | Pop(_, list_):
            found.add(list_)
        case Do(value):
            found |= names(value)
        case _:
            pass
    for top in expressions(stmt):
        for expr in subexpressions(top):
            if isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, UserFunction):
                inside = statements(s.library.read(expr.func.target, s.place(expr.at)).body)
                if any(isinstance(t, Store | Augment | Do | Push | Pop) for t in inside):
                    found |= names(expr)
    return found


def _refusal(s: Spec, name: str) -> Exception:
    return s.refuse(f"writing into {name},", "make a copy, or pass it as an argument")


def _same_items(content: Content, items: tuple[tuple[object, Value], ...]) -> bool:
    return len(items) == len(content.items) and all(
        k == other and _same(v, now) for (k, v), (other, now) in zip(items, content.items, strict=True)
    )


def _same(a: Value, b: Value) -> bool:
    return a is b or (isinstance(a, Leaf) and isinstance(b, Leaf) and key(a.expr) == key(b.expr))
