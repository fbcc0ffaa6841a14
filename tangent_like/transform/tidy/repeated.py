"""Calls that are made a second time in one block, of the same values: of numbers, under the same name, or in the midst.

Before                                   After

    e = math.exp(x)                          e = math.exp(x)
    x_bar = y_bar * e                        x_bar = y_bar * e
    e = math.exp(x)                          x_bar += z_bar * e
    x_bar += z_bar * e                       y_bar = 2.0 * e
    y_bar = 2.0 * math.exp(x)
"""

from __future__ import annotations

from tangent_like.ir.nodes import Assign, Augment, Block, Call, Comment, Expr, Function, Name, Ref, Stmt, Store
from tangent_like.ir.walk import expressions, names, rebuild, same
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import acts, nodes
from tangent_like.transform.tidy.facts import Facts

FAR = 30  # how many statements back the first is looked for


def repeated(function: Function, facts: Facts) -> Function:
    """The pass: in the statements that are ours."""

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, block)
            if isinstance(new, Assign) and facts.mine(new):
                (name,) = new.targets
                held = _held(new, out, facts)
                if held == name:
                    continue
                if held is not None and facts.is_number(name):
                    new = Assign((name,), (Name(held),))
            out.append(_read_there(new, out, facts))
        return tuple(out) if len(out) < len(body) or any(a is not b for a, b in zip(out, body, strict=True)) else body

    return with_body(function, block(function.body))


def _read_there(stmt: Stmt, before: list[Stmt], facts: Facts) -> Stmt:
    """The statement with names for the calls in its midst whose results have names."""
    if not isinstance(stmt, Assign | Augment | Store) or stmt.origin is not None:
        return stmt
    whole = set(expressions(stmt)) if isinstance(stmt, Assign) else set()
    target = stmt.target if isinstance(stmt, Store) else None
    asked = {
        e.func.spelling
        for top in expressions(stmt)
        if top is not target
        for e in nodes(top)
        if isinstance(e, Call) and isinstance(e.func, Ref) and e not in whole
    }
    made: dict[str, list[tuple[int, str, Call]]] = {}  # by what is called
    for k in range(max(len(before) - FAR, 0), len(before)) if asked else ():
        match before[k]:
            case Assign((name,), (Call(Ref(spelling)) as call,), saved="", guard=None, writes=()) if spelling in asked:
                made.setdefault(spelling, []).append((k, name, call))
            case _:
                pass
    if not made:
        return stmt

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Call) and isinstance(expr.func, Ref) and expr not in whole and not acts(expr):
            for k, name, call in reversed(made.get(expr.func.spelling, ())):
                read = names(call)
                if same(call, expr) and name not in read and _steady({name, *read}, before[k + 1 :], facts):
                    return Name(name)
        return rebuild(expr, change)

    return with_expressions(stmt, lambda e: e if e is target else change(e))


def _steady(read: set[str], since: list[Stmt], facts: Facts) -> bool:
    """Is what these names hold the same behind some statements?"""
    memory = facts.classes(read)
    does = [facts.does(s) for s in since if not isinstance(s, Comment)]
    return not any(d.binds & read or d.writes & memory or (d.anything and memory) for d in does)


def _held(stmt: Assign, before: list[Stmt], facts: Facts) -> str | None:
    """The name of what holds the value already, since an earlier statement bound it to the same."""
    (name,), (value,) = stmt.targets, stmt.values
    if not any(isinstance(e, Call) for e in nodes(value)) or acts(value):
        return None  # arithmetic alone stands where it is read, maybe
    if stmt.guard is not None or stmt.writes or name in names(value):
        return None
    read = names(value)
    memory = facts.classes({name, *read})
    bound: set[str] = set()
    for other in reversed(before[-FAR:]):
        match other:
            case Comment():
                continue
            case Assign((held,), (first,), saved="", guard=None) if held not in bound and same(first, value):
                return held if not other.writes and held not in read else None
            case _:
                pass
        does = facts.does(other)
        if does.binds & read or does.writes & memory or (does.anything and memory):
            return None
        bound |= does.binds
    return None
