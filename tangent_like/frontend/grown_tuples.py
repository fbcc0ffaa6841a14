"""Tuples that grow, as the lists that they might be.

Before                                   After

    path = ()                                path = []
    for p in points:                         for p in points:
        path = path + (p,)                       path.append(p)

Where the name is bound by nothing else, and what the program does with it is the same for a list: it goes over it, asks
for its items, how many there are, whether there are any. So it has no other name, and nobody sees that it changes.
"""

from __future__ import annotations

from collections.abc import Iterator

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Bind,
    Block,
    Call,
    Choose,
    Comprehension,
    Define,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Lambda,
    Library,
    List,
    Logic,
    Loop,
    Name,
    Opaque,
    Push,
    Ref,
    Slice,
    Starred,
    Stmt,
    Store,
    Tuple,
    Unary,
    While,
)
from tangent_like.ir.walk import base_name, binds, blocks, children, expressions, names, reads, statements, with_body

READ_AT_ONCE = {
    "builtins": frozenset({"len", "sum", "max", "min", "list", "any", "all", "sorted"}),
    "math": frozenset({"fsum", "prod"}),
    "numpy": frozenset({
        "array", "asarray", "asanyarray", "stack", "concatenate", "vstack", "hstack", "column_stack",
        "sum", "mean", "max", "min", "prod",
    }),
}  # fmt: skip
READ_LATER = frozenset({"enumerate", "zip", "reversed", "map", "filter"})
GONE_OVER, ASKED, OTHERWISE = "gone over", "asked", "otherwise"  # what is done with a value: is it empty?


def with_grown_tuples_as_lists(function: Function) -> Function:
    """The function with such tuples as lists, where a loop makes them longer."""
    loops = [s for s in statements(function.body) if isinstance(s, For | Each | Loop | While)]
    grown = {n for loop in loops for s in statements(loop.body) if (n := grown_by(s)) is not None}
    grown -= {p.name for p in function.params} | function.outer
    for stmt in statements(function.body) if grown else ():
        grown -= {*misused(stmt), *grown_over(stmt)}
    return with_body(function, _changed(function.body, grown)) if grown else function


def grown_by(stmt: Stmt) -> str | None:
    """The name of the tuple that a statement makes longer."""
    found = longer(stmt)
    return None if found is None else found[0]


def longer(stmt: Stmt) -> tuple[str, tuple[Expr, ...]] | None:
    """``p = p + (a, b)``, ``p += (a, b)``, ``p = (*p, a, b)``: the name and the new items."""
    match stmt:
        case Assign((name,), (Binary("+", Name(id), Tuple(items)),)) if id == name:
            pass
        case Assign((name,), (Tuple((Starred(Name(id)), *items)),)) if id == name:
            pass
        case Augment(name, "+", Tuple(items)):
            pass
        case _:
            return None
    if any(isinstance(i, Starred) for i in items) or (len(items) > 1 and any(name in names(i) for i in items)):
        return None
    return name, tuple(items)


def begun(stmt: Stmt) -> tuple[str, tuple[Expr, ...]] | None:
    """``p = ()``, ``p = (a, b)``: the name and the items."""
    match stmt:
        case Assign((name,), (Tuple(items),)) if not any(isinstance(i, Starred) for i in items):
            return name, tuple(items)
        case Assign((name,), (Call(Ref(target=Library("builtins", "tuple")), (), ()),)):
            return name, ()
        case _:
            return None


def misused(stmt: Stmt) -> Iterator[str]:
    """The names of which a statement, but for what is inside of it, makes more than it might of a list."""
    found = longer(stmt) or begun(stmt)
    if found is not None:
        for item in found[1]:
            yield from used(item, OTHERWISE)
        return
    yield from binds(stmt)
    match stmt:
        case Define():
            inside = list(statements(stmt.function.body))
            yield from (n for s in inside for n in (*reads(s), *binds(s)))
            for one in inside:
                yield from (n for e in expressions(one) for n in names(e))
            yield from stmt.function.outer
        case If():
            for arm in stmt.arms:
                yield from used(arm.test, ASKED)
        case While(test):
            yield from used(test, ASKED)
        case Each(_, iterable):
            yield from used(iterable, GONE_OVER)
        case Loop(target, iterable):
            yield from names(target)
            yield from used(iterable, GONE_OVER)
        case _:
            if isinstance(stmt, Store | Bind) and (written := base_name(stmt.target)) is not None:
                yield written
            seen: set[str] = set()
            for expr in expressions(stmt):
                yield from used(expr, OTHERWISE)
                seen |= names(expr)
            if not blocks(stmt):
                yield from reads(stmt) - seen


def grown_over(stmt: Stmt) -> Iterator[str]:
    """The tuples that a loop goes over as they were, and makes longer meanwhile."""
    if isinstance(stmt, Each | Loop | For):
        over = frozenset().union(*map(names, expressions(stmt)))
        yield from (n for s in statements(stmt.body) if (n := grown_by(s)) in over)


def used(expr: Expr, how: str) -> Iterator[str]:
    """The names that are used otherwise, in an expression of which the value is used as ``how`` says."""
    match expr:
        case Name(id):
            if how == OTHERWISE:
                yield id
        case Index(Name(id), index):
            if isinstance(index, Slice) and how == OTHERWISE:
                yield id  # a part of a tuple is a tuple
            yield from used(index, OTHERWISE)
        case Call(Ref(target=Library(module, name)), args, keywords):
            at_once = name in READ_AT_ONCE.get(module, ()) and len(args) == 1
            later = module == "builtins" and name in READ_LATER and how == GONE_OVER
            for arg in args:
                yield from used(arg, GONE_OVER if at_once or later else OTHERWISE)
            for _, value in keywords:
                yield from used(value, OTHERWISE)
        case Comprehension(form, element, value, clauses):
            for clause in clauses:
                yield from names(clause.target)
                yield from used(clause.iterable, GONE_OVER if form != "generator" or how == GONE_OVER else OTHERWISE)
                for test in clause.conditions:
                    yield from used(test, ASKED)
            for part in (element, value):
                if part is not None:
                    yield from used(part, OTHERWISE)
        case Unary("not", operand):
            yield from used(operand, ASKED)
        case Logic(values=values):
            for part in values:
                yield from used(part, ASKED if how == ASKED else OTHERWISE)
        case Choose(test, body, orelse):
            yield from used(test, ASKED)
            yield from used(body, OTHERWISE)
            yield from used(orelse, OTHERWISE)
        case Lambda() | Opaque():
            yield from names(expr)
            if isinstance(expr, Lambda):
                yield from (n for s in statements(expr.function.body) for n in (*reads(s), *binds(s)))
        case _:
            for part in children(expr):
                yield from used(part, OTHERWISE)


def _changed(block: Block, grown: set[str]) -> Block:
    out: list[Stmt] = []
    for stmt in block:
        more, first = longer(stmt), begun(stmt)
        origin = getattr(stmt, "origin", None)
        if more is not None and more[0] in grown:
            out += [Push(more[0], item, origin) for item in more[1]]
        elif first is not None and first[0] in grown:
            out.append(Assign((first[0],), (List(first[1]),), origin))
        else:
            out.append(with_blocks(stmt, lambda b: _changed(b, grown)))
    return tuple(out)
