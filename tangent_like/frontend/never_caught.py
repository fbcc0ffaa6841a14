"""Handlers of exceptions that are known not to come, or asked for ahead: a number takes no items.

Before                                   After

    try:                                     if np.isscalar(e):
        e[e < 0.1] = 0.0                         if e < 0.1:
    except TypeError:                                e = 0.0
        if e < 0.1:                          else:
            e = 0.0                              try:
                                                     e[e < 0.1] = 0.0
                                                 except TypeError:
                                                     ...

A ``NameError`` comes of no name that is there: its handler, which stands for a library that may be missing, goes.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.frontend.attempts import catches, only_raises, told_kinds
from tangent_like.frontend.exposed import bound_before, exposed, with_what_runs
from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import builtin_ref, np_call, numpy_ref
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Binary,
    Block,
    Call,
    Compare,
    Const,
    Define,
    Delete,
    Expr,
    Function,
    Handler,
    If,
    Index,
    Library,
    Logic,
    Name,
    Raise,
    Ref,
    Slice,
    Stmt,
    Store,
    Try,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import expressions, names, statements, subexpressions, with_body

MOST_COPIES = 40
CATCHING = ("TypeError", "Exception", "BaseException")
PLAIN = (Name, Const, Ref, Slice, Tuple, Unary, Binary, Compare, Logic)
OF_NUMBERS = ("TypeError", "AttributeError")  # what a number raises that is taken for an array


def with_asked(function: Function, namer: Namer) -> Function:
    """The function without handlers that nothing reaches, and with numbers asked for where they take no items."""
    if not any(isinstance(s, Try) and s.handlers for s in statements(function.body)):
        return function

    def change(block: Block) -> Block:
        out: list[Stmt] = []
        for stmt in block:
            kept = _without_missing(function, stmt) if isinstance(stmt, Try) else (stmt,)
            for one in kept:
                inner = with_blocks(one, change)
                out.append(_asked(inner, inner.body, namer) if isinstance(inner, Try) else inner)
        return tuple(out)

    body = change(function.body)
    return function if body == function.body else with_body(function, body)


def _without_missing(function: Function, stmt: Try) -> Block:
    """The ``try`` without handlers of names that are not there, where all are."""
    if not any(_only_of(h, "NameError") for h in stmt.handlers):
        return (stmt,)
    before = bound_before(function.body, stmt)
    inside = tuple(statements(stmt.body))
    if before is None or any(isinstance(s, Define | Delete) for s in inside):
        return (stmt,)
    if exposed(stmt.body, with_what_runs(function)) - before - {p.name for p in function.params}:
        return (stmt,)
    handlers = tuple(h for h in stmt.handlers if not _only_of(h, "NameError"))
    if handlers or stmt.final:
        return (replace(stmt, handlers=handlers),)
    return (*stmt.body, *stmt.orelse)


def _only_of(handler: Handler, *kinds: str) -> bool:
    """Is it said to catch exceptions of these kinds, and no others?"""
    refs = told_kinds(handler)
    return bool(refs) and all(isinstance(r, Ref) and getattr(r.target, "qualname", "") in kinds for r in refs)


def _asked(stmt: Try, body: Block, namer: Namer) -> Stmt:
    """With each write into an item behind the question whether it is a number's."""
    handler = next((h for h in stmt.handlers if h.type is None or catches(h, CATCHING)), None)
    if handler is None or not catches(handler, ("TypeError",)) or only_raises(handler.body) or stmt.final:
        return replace(stmt, body=body)
    body = tuple(made for one in body for made in _worked_out(one, namer))
    found = [(k, name) for k, one in enumerate(body) if (name := _stored(one))]
    if not _may_be_repeated(handler):
        return replace(stmt, body=body)
    if not found:
        return _asked_under_condition(stmt, body, namer)
    if sum(1 for _ in statements(handler.body)) * len(found) > MOST_COPIES:
        return replace(stmt, body=body)
    k, name = found[0]
    number = Arm(np_call("isscalar", Name(name)), handler.body, stmt.origin)
    arms: tuple[Arm, ...] = (number,)
    rest = replace(stmt, body=body[k:])
    if all(_only_of(h, *OF_NUMBERS) for h in stmt.handlers):
        is_array = Call(builtin_ref("isinstance"), (Name(name), numpy_ref("ndarray")))
        behind = body[k + 1 :]
        done = (_asked(stmt, behind, namer),) if behind else stmt.orelse
        arms = (number, Arm(is_array, (body[k], *done), stmt.origin))
    whole = If(arms, (rest,), stmt.origin)
    return replace(stmt, body=body[:k], orelse=(whole,)) if k else whole


def _asked_under_condition(stmt: Try, body: Block, namer: Namer) -> Stmt:
    """Of ``if (x < 0).any(): x[x < 0] = 0.0`` at the end, the question is tried, and then the write."""
    last = body[-1] if body else None
    if not isinstance(last, If) or len(last.arms) > 1 or last.orelse or stmt.orelse:
        return replace(stmt, body=body)
    (arm,) = last.arms
    if not any(map(_stored, arm.body)):
        return replace(stmt, body=body)
    test = namer.fresh("asked")
    inner = If((Arm(Name(test), (_asked(stmt, arm.body, namer),), arm.origin),), (), last.origin)
    return replace(stmt, body=(*body[:-1], Assign((test,), (arm.test,), last.origin)), orelse=(inner,))


def _stored(stmt: Stmt) -> str:
    """The name into whose items the statement writes."""
    match stmt:
        case Store(Index(Name(id), index), op, value) if op != "del":
            return id if not op or (_is_plain(index) and _is_plain(value)) else ""
        case _:
            return ""


def _worked_out(stmt: Stmt, namer: Namer) -> Block:
    """A write of what calls something, behind what is called: that comes before the exception, or raises another."""
    match stmt:
        case Store(Index(Name(), index) as target, "", value) if _stored(stmt):
            made: list[Stmt] = []

            def ahead(expr: Expr, hint: str) -> Expr:
                if _is_plain(expr) or any(isinstance(e, Slice) for e in subexpressions(expr)):
                    return expr
                made.append(Assign((name := namer.fresh(hint),), (expr,), stmt.origin))
                return Name(name)

            value, index = ahead(value, "value"), ahead(index, "key")
            return (*made, replace(stmt, target=replace(target, index=index), value=value))
        case _:
            return (stmt,)


def _is_plain(expr: Expr) -> bool:
    """Does it call nothing, and raise nothing of what handlers are there for?"""
    return all(isinstance(e, PLAIN) or _is_numpys(e) for e in subexpressions(expr))


def _is_numpys(expr: Expr) -> bool:
    """A call of a function for arrays, which numbers warn in, and is done to no object of the user's."""
    target = expr.func.target if isinstance(expr, Call) and isinstance(expr.func, Ref) else None
    return isinstance(target, Library) and (target.module == "numpy" or target.qualname in ("abs", "float"))


def _may_be_repeated(handler: Handler) -> bool:
    """Does it neither ask for the exception nor make functions?"""
    inside = tuple(statements(handler.body))
    if any(isinstance(s, Define) or (isinstance(s, Raise) and s.value is None) for s in inside):
        return False
    return not handler.name or not any(handler.name in names(e) for s in inside for e in expressions(s))
