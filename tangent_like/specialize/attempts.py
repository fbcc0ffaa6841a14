"""``try``, and the contexts of ``with``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from tangent_like.frontend.attempts import catches, read_inside
from tangent_like.frontend.in_place import written_in
from tangent_like.ir.nodes import (
    Assign,
    Call,
    Comprehension,
    Const,
    Define,
    Expr,
    Function,
    Global,
    Handler,
    Lambda,
    Name,
    Raise,
    Ref,
    Stmt,
    Try,
)
from tangent_like.ir.walk import bound_in, expressions, names, statements, subexpressions
from tangent_like.kinds.kind import Plain
from tangent_like.specialize import meet, rounds
from tangent_like.specialize.asked_ahead import as_condition
from tangent_like.specialize.paths import Path, leaves_here
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import State, captured, frame_key, leaves_in
from tangent_like.specialize.values import UNSET, Content, Frame, Handle, Leaf, Value

# What a name that is not bound raises.
UNBOUND = ("UnboundLocalError", "NameError", "Exception", "BaseException")


def context_of(s: Spec, expr: Expr, frame: Frame) -> Expr:
    """A call that makes a context is left as it is: only its arguments are evaluated."""
    if isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, Global):
        values = [s.evaluate(a, frame) for a in (*expr.args, *(v for _, v in expr.keywords))]
        if any(isinstance(v, Handle) for v in values):  # a display of it would be another
            raise s.refuse("a list, dict or object that goes into this context", "write into it outside", expr.at)
        exprs = tuple(map(s.materialize, values))
        named = tuple((n, e) for (n, _), e in zip(expr.keywords, exprs[len(expr.args) :], strict=True))
        return Call(expr.func, exprs[: len(expr.args)], named, expr.at)
    return s.materialize(s.evaluate(expr, frame), expr)


def try_(s: Spec, stmt: Try, frame: Frame) -> None:
    """What the body binds is only seen where it came to its end: handlers begin from the state before it."""
    condition = as_condition(s, stmt, frame)
    if condition is not None:
        s.tools.run(s, (condition,), frame)
        return
    base = s.state
    own = names_of_its_own(stmt, base, frame)
    seen, others = names_in(base, set()), names_in(base, own)
    paths: list[Path] = []
    handlers: list[Handler] = []
    s.state = base.copy()
    with s.block() as body, caught(s, stmt):
        s.tools.run(s, stmt.body, frame)
    if not stmt.final and only_constants(body, s.state, base):
        s.out.extend(body)
        if stmt.failed:
            s.state.vars[frame_key(frame.home(stmt.failed) or frame, stmt.failed)] = Leaf(Const(False), False)
        return
    rewired = not all(same_inside(s.state.vars.get(k), v) for k, v in base.vars.items() if k not in own) or not all(
        same_contents(s.state.heap.get(k), v) for k, v in base.heap.items()
    )
    if stmt.handlers and (rewired or others & bound_in(tuple(body)) or seen & written_in(tuple(body))):
        raise s.refuse("a write to what is seen after an exception", "make a new value in the try, and write behind it")
    paths.append(Path(s.state, body))
    for handler in stmt.handlers:
        s.state = base.copy()
        with s.at(handler.origin), s.block() as out:
            name = ""
            if handler.name:
                home = frame.home(handler.name) or frame
                name = s.name_of(home, handler.name)
                s.state.vars[frame_key(home, handler.name)] = Leaf(Name(name))
                s.state.kinds[name] = Plain("exception")
            s.tools.run(s, handler.body, frame)
        kind = None if handler.type is None else context_of(s, handler.type, frame)
        handlers.append(Handler(kind, name, (), handler.origin))
        paths.append(Path(s.state, out))
    alive = [p for p in paths if not leaves_here(p.out)]
    s.state = meet.met(s, alive) if alive else base
    made = tuple(replace(h, body=tuple(p.out)) for h, p in zip(handlers, paths[1:], strict=True))
    with s.block() as final:
        s.tools.run(s, stmt.final, frame)
    failed = s.name_of(frame.home(stmt.failed) or frame, stmt.failed) if stmt.failed else ""
    if failed:
        s.state.vars[frame_key(frame.home(stmt.failed) or frame, stmt.failed)] = Leaf(Name(failed))
    s.out.append(Try(tuple(body), made, tuple(final), stmt.origin, failed))


@contextmanager
def caught(s: Spec, stmt: Try) -> Iterator[None]:
    """Inside, it is known whether a handler would catch that a name is not bound."""
    catching = any(h.type is None or catches(h, UNBOUND) for h in stmt.handlers)
    s.catching += catching
    try:
        yield
    finally:
        s.catching -= catching


def only_constants(body: list[Stmt], state: State, base: State) -> bool:
    """Is what a block did known before the run, as the length of a list? Then nothing is left of it that might fail."""
    bound: set[str] = set()
    for stmt in body:
        if not isinstance(stmt, Assign) or not all(isinstance(v, Const) for v in stmt.values):
            return False
        bound.update(stmt.targets)
    for key, value in state.vars.items():
        if value is not base.vars.get(key):
            known = isinstance(value, Leaf) and (value.known is not UNSET or isinstance(value.expr, Const))
            if not known and not (isinstance(value, Leaf) and isinstance(value.expr, Name) and value.expr.id in bound):
                return False
    return all(state.heap.get(k) is v for k, v in base.heap.items())


def names_of_its_own(stmt: Try, base: State, frame: Frame) -> set[tuple[int, str]]:
    """What the body binds of the names of its function: ``normalize`` knows that no exception shows them.

    Not those that a function inside reads too: it may be called by a handler, unless that does nothing but raise.
    """
    bound = bound_in(stmt.body)
    own = {frame_key(frame, n) for n in bound}
    if all(len(h.body) == 1 and isinstance(h.body[0], Raise) for h in stmt.handlers):
        return own
    caught: set[int] = set()
    for value in (*base.vars.values(), *(v for content in base.heap.values() for v in content.values)):
        captured(value, caught)
    return own - {frame_key(frame, n) for n in read_by_others(frame.function)} if frame.id in caught else own


def read_by_others(function: Function) -> set[str]:
    """The names that functions inside a function read, and what is evaluated later."""
    found: set[str] = set()
    for stmt in statements(function.body):
        if isinstance(stmt, Define):
            found |= read_inside(stmt)
        for expr in (e for top in expressions(stmt) for e in subexpressions(top)):
            if isinstance(expr, Lambda):
                found |= read_inside(Define("", expr.function))
            elif isinstance(expr, Comprehension):
                found |= names(expr)
    return found


def names_in(state: State, but: set[tuple[int, str]]) -> set[str]:
    """The names of the output that the variables are there by."""
    values = [v for k, v in state.vars.items() if k not in but]
    return {n for v in values for leaf in leaves_in(v, state.heap) for n in names(leaf.expr)}


def same_inside(now: Value | None, before: Value) -> bool:
    return now is not None and (now is before or rounds.same_value(now, before))


def same_contents(now: Content | None, before: Content) -> bool:
    """Are the items the same values under the same keys?"""
    if now is before or now is None:
        return now is before
    keys = [k for k, _ in before.items]
    return keys == [k for k, _ in now.items] and all(
        a is b or rounds.same_value(a, b) for a, b in zip(now.values, before.values, strict=True)
    )
