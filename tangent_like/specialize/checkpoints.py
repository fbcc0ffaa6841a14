"""``tl.checkpointed`` and ``tl.checkpoint`` as they are read: a loop that says so, and a call that does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TypeGuard

from tangent_like.ir.blocks import leaves_by_break
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Binary,
    Break,
    Call,
    Const,
    Each,
    Expr,
    For,
    If,
    Library,
    Loop,
    Name,
    Ref,
    Stmt,
    Tuple,
    While,
)
from tangent_like.specialize.inner import lifted, name_of, outline_of, refilled, returned
from tangent_like.specialize.outlines import Outline, by_leaves
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Keywords, Lazy, Leaf, Partial, Value, is_builtin

AGAIN = Ref("checkpoint", Library("tangent_like", "run_again", None))


def checkpointed(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``tl.checkpointed(turns, slots)``."""
    del hint
    named = dict(keywords)
    given = [*args, *(named[n] for n in ("turns", "slots") if n in named)]
    if "block" in named:
        raise s.refuse("tl.checkpointed by blocks in another call", "write for t in tl.checkpointed(range(n), k, m):")
    if len(given) != 2 or set(named) - {"turns", "slots"}:
        raise s.refuse("tl.checkpointed without turns and slots", "", getattr(expr, "at", None))
    return Lazy("checkpointed", tuple(given))


def over(s: Spec, turns: Value, run: Callable[[Value], None]) -> None:
    """A loop over a value; where it is checkpointed, the loop of the core says how many states it keeps."""
    inner, slots = apart(turns)
    if slots is None:
        run(turns)
        return
    name = s.fresh("slots")
    s.assign(name, s.materialize(slots))
    first = len(s.out)
    run(inner)
    for k in range(first, len(s.out)):
        stmt = s.out[k]
        if isinstance(stmt, For | Each):
            s.out[k] = replace(stmt, slots=name)
            return


def apart(turns: Value) -> tuple[Value, Value | None]:
    """What a loop goes over, and its slots: of ``enumerate(tl.checkpointed(xs, slots))`` ``enumerate(xs)``."""
    match turns:
        case Lazy("checkpointed", (inner, slots)):
            return apart(inner)[0], slots
        case Lazy("enumerate" | "zip" | "reversed" | "iter", parts):
            found = [apart(p) for p in parts]
            given = [slots for _, slots in found if slots is not None]
            return (replace(turns, parts=tuple(p for p, _ in found)), given[0]) if given else (turns, None)
        case _:
            return turns, None


def in_blocks(s: Spec, stmt: Each | Loop, run: Callable[[Stmt], None]) -> bool:
    """Run ``for t in tl.checkpointed(range(n), slots, block):`` as a loop over blocks, with one over turns in it."""
    call = stmt.iterable
    if not is_checkpointed(call):
        return False
    named = dict(zip(("turns", "slots", "block"), call.args, strict=False)) | dict(call.keywords)
    if set(named) != {"turns", "slots", "block"}:
        return False
    turns = named["turns"]
    if not is_range(turns) or not 1 <= len(turns.args) <= 2 or turns.keywords:
        raise s.refuse("tl.checkpointed by blocks of this", "loop over range(n) or range(start, n)", call.at)
    if leaves_by_break(stmt.body):
        raise s.refuse("a break in a loop that is checkpointed by blocks", "leave block= away", call.at)
    begin, stop, block = map(s.fresh, ("begin", "stop", "block"))
    run(Assign((stop,), (turns.args[-1],), stmt.origin))
    run(Assign((block,), (named["block"],), stmt.origin))
    start = turns.args[0] if len(turns.args) == 2 else Const(0)
    end = Call(builtin_ref("min"), (Binary("+", Name(begin), Name(block)), Name(stop)))
    target = stmt.target if not isinstance(stmt.target, str) else Name(stmt.target)
    inner = Loop(target, Call(turns.func, (Name(begin), end), (), turns.at), stmt.body, stmt.origin)
    whole = Call(turns.func, (start, Name(stop), Name(block)), (), turns.at)
    outer = Call(call.func, (whole, named["slots"]), (), call.at)
    run(Loop(Name(begin), outer, (inner,), stmt.origin))
    return True


def is_checkpointed(expr: Expr) -> TypeGuard[Call]:
    if not isinstance(expr, Call) or not isinstance(expr.func, Ref) or not isinstance(expr.func.target, Library):
        return False
    target = expr.func.target
    return HANDLERS.get(f"{target.module}.{target.qualname}") is checkpointed


def is_range(expr: Expr) -> TypeGuard[Call]:
    return isinstance(expr, Call) and isinstance(expr.func, Ref) and is_builtin(expr.func, "range")


def as_for(stmt: While) -> Loop | None:
    """``while tl.checkpointed(test, slots):`` as a loop that is left; None for any other."""
    test = stmt.test
    if not is_checkpointed(test):
        return None
    named = dict(test.keywords)
    condition = test.args[0] if test.args else named["turns"]
    turns = Call(builtin_ref("range"), (Const(sys.maxsize),))
    given = (turns, *test.args[1:]) if test.args else (turns,)
    left = tuple((n, e) for n, e in test.keywords if n != "turns")
    body = If((Arm(condition, stmt.body, stmt.origin),), (Break(stmt.origin),), stmt.origin)
    return Loop(Name("_"), Call(test.func, given, left, test.at), (body,), stmt.origin)


def checkpoint(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """``tl.checkpoint(g)``: what is called runs again on the way back."""
    del hint
    if len(args) != 1 or keywords:
        raise s.refuse("tl.checkpoint of this", "pass one function", getattr(expr, "at", None))
    return Partial(Leaf(AGAIN), (args[0],), ())


def run_again(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value:
    """A call of ``tl.checkpoint(g)``."""
    del expr, hint
    given = [s.in_names(a, "given") for a in args[1:]]
    named = [(n, s.in_names(v, n)) for n, v in keywords]
    shapes: list[Outline] = []

    called = Partial(args[0], tuple(given), tuple(named))
    function, captured, _ = lifted(s, called, [], apart=lambda value: by_leaves(s, value, shapes))
    function = replace(function, name=name_of(args[0]))
    call = Call(s.library.again(function, None), tuple(map(Name, captured)))
    result = returned(function)
    if not isinstance(result, Tuple):
        return Leaf(call)
    names = tuple(s.fresh("result") for _ in result.items)
    s.emit(Assign(names, (call,), s.origin))
    return refilled(s, outline_of(function, shapes), [Leaf(Name(n)) for n in names])


HANDLERS = {
    "tangent_like.run_again": run_again,
    "tangent_like.runtime.checkpoints.run_again": run_again,
    "tangent_like.checkpoint": checkpoint,
    "tangent_like.checkpointed": checkpointed,
    "tangent_like.runtime.checkpoint": checkpoint,
    "tangent_like.runtime.checkpointed": checkpointed,
}
