"""A loop in a ``try`` that handles: each turn is tried, where what turns before have done is seen after an exception.

Before                                   After

    try:                                     for i in range(n):
        for i in range(n):                       try:
            y[i] = math.log(x[i])                    y[i] = math.log(x[i])
    except ValueError:                           except ValueError:
        y[-1] = 7.0                                  y[-1] = 7.0
                                                     break

A turn that fails has written nothing, and what was written before stays as it is. What stands beside the loop
is tried ahead of it and behind it (``attempts.parted``).
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.frontend.attempts import PLAIN, half_bound, only_raises, read_behind, shown_half, writes_before
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Block,
    Break,
    Call,
    Compare,
    Const,
    Continue,
    Each,
    Expr,
    For,
    Function,
    Handler,
    If,
    Library,
    Loop,
    Name,
    Opaque,
    Raise,
    Ref,
    Return,
    Stmt,
    Try,
    Unary,
    While,
)
from tangent_like.ir.walk import blocks, bound_in, expressions, names, statements, subexpressions

# What is iterated over is asked for ahead of the first turn: of these none raises what a program reckons with.
SURE = frozenset({
    "range", "len", "zip", "enumerate", "reversed", "min", "max", "abs", "list", "tuple", "iter", "islice", "product",
    "count", "arange",
})  # fmt: skip


def jumps(block: Block, kinds: tuple[type[Stmt], ...]) -> bool:
    """Is there a jump of the loop whose body this is?"""
    for stmt in block:
        if isinstance(stmt, kinds):
            return True
        if not isinstance(stmt, For | Each | While | Loop) and any(jumps(inner, kinds) for inner in blocks(stmt)):
            return True
    return False


def tried_loop(function: Function, stmt: Try, in_loop: bool, made: set[str]) -> int | None:
    """Where in the body the first loop stands of which an exception shows what its turns have done."""
    _, later = read_behind(function, stmt, stmt.body, in_loop)
    lost = set(shown_half(stmt, half_bound(stmt.body) - made, later))
    for k, one in enumerate(stmt.body):
        if not isinstance(one, For | Each | While | Loop) or not is_sure(one, function):
            continue
        if lost & bound_in((one,)) or writes_before(one, stmt.body[:k], stmt):
            return k
    return None


def by_turns(stmt: Try, namer: Namer) -> Block:
    """The loop that is the body, with its turns tried."""
    (loop,) = stmt.body
    assert isinstance(loop, For | Each | While | Loop)
    going = [h for h in stmt.handlers if not only_raises(h.body)]
    outside = any(jumps(h.body, (Break, Continue)) for h in going)
    failed = namer.fresh("failed") if outside or stmt.orelse else ""
    caught: list[Handler] = []
    arms: list[Arm] = []
    for handler in stmt.handlers:
        if handler not in going:
            caught.append(handler)
            continue
        number: Expr = Const(True) if len(going) == 1 else Const(len(arms) + 1)
        set_ = (Assign((failed,), (number,)),) if failed else ()
        if not outside:
            body = (*handler.body, *set_, Break()) if falls(handler.body) else handler.body
            caught.append(replace(handler, body=body))
            arms.append(Arm(Name(failed), (), handler.origin))
            continue
        held, bound = bound_again(handler, namer)
        caught.append(replace(handler, name=held, body=(*bound, *set_, Break())))
        test: Expr = Name(failed) if len(going) == 1 else Compare(Name(failed), ("==",), (number,))
        arms.append(Arm(test, handler.body, handler.origin))
    body = loop.body
    if isinstance(loop, While) and not all(isinstance(e, PLAIN) for e in subexpressions(loop.test)):
        # what is asked is tried, too
        body = (If((Arm(Unary("not", loop.test), (Break(),), loop.origin),), (), loop.origin), *body)
        loop = replace(loop, test=Const(True))
    turn = Try(body, tuple(caught), (), stmt.origin)
    tried = replace(loop, body=(turn,))
    if not failed:
        return (tried,)
    fine: Expr = Const(False) if len(going) == 1 else Const(0)
    start = Assign((failed,), (fine,))
    if outside:
        return (start, tried, If(tuple(arms), stmt.orelse, stmt.origin))
    whole: Expr = Unary("not", Name(failed)) if len(going) == 1 else Compare(Name(failed), ("==",), (Const(0),))
    return (start, tried, If((Arm(whole, stmt.orelse, stmt.origin),), (), stmt.origin))


def bound_again(handler: Handler, namer: Namer) -> tuple[str, Block]:
    """The name to catch the exception by, and what binds the user's name to it, where that is read behind the loop."""
    if not handler.name or not any(handler.name in names(e) for s in statements(handler.body) for e in expressions(s)):
        return "", ()
    held = namer.fresh("error")
    return held, (Assign((handler.name,), (Opaque(held, (held,)),)),)


def falls(block: Block) -> bool:
    return not (block and isinstance(block[-1], Return | Raise | Break | Continue))


def is_sure(loop: For | Each | While | Loop, function: Function) -> bool:
    """May what is asked for only once be asked for outside of the try?"""
    match loop:
        case While():
            return True
        case For(_, args):
            return all(_is_sure(a, function) for a in args)
        case Each(_, iterable) | Loop(_, iterable):
            return _is_sure(iterable, function)


def _is_sure(expr: Expr, function: Function) -> bool:
    for one in subexpressions(expr):
        match one:
            case Call(Ref(target=Library(qualname=name))) if name in SURE:
                pass
            case Name(id) if any(_may_yield(s, id) for s in statements(function.body)):
                return False
            case _ if not isinstance(one, (*PLAIN, Attribute)):
                return False
    return True


def _may_yield(stmt: Stmt, name: str) -> bool:
    """Is the name bound to what a function of the user's gives? That may run on from turn to turn."""
    match stmt:
        case Assign(targets, values) if name in targets:
            return any(isinstance(v, Call) and not _of_a_library(v) for v in values)
        case _:
            return False


def _of_a_library(call: Call) -> bool:
    return isinstance(call.func, Attribute) or (isinstance(call.func, Ref) and isinstance(call.func.target, Library))
