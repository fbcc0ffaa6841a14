"""Multiples of an array that one statement of the way back reads several times: computed once.

Before                                                   After

    u_bar = (                                                t_bar = 0.25 * w_bar * d
        np.roll(0.25 * w_bar * d, -1)                        u_bar = np.roll(t_bar, -1) + np.roll(t_bar, 1) - w_bar
        + np.roll(0.25 * w_bar * d, 1)
        - w_bar
    )

Of one array in double precision, by numbers alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Choose,
    Comprehension,
    Const,
    Expr,
    Function,
    Lambda,
    Logic,
    Name,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import (
    binds,
    children,
    expressions,
    key,
    reads,
    rebuild,
    statements,
    subexpressions,
    with_body,
)
from tangent_like.kinds.kind import Kind
from tangent_like.transform.forms import is_own_adjoint, multiplied
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions
from tangent_like.transform.tidy.facts import Facts, find_facts

LATER = (Choose, Comprehension, Lambda, Logic)  # of which not all is computed, or not now


def multiples_once(function: Function, kinds: Mapping[str, Kind]) -> tuple[Function, Mapping[str, Kind]]:
    """The function with names for them, and the kinds of its names, with the new ones."""
    if not any(_may(s) for s in statements(function.body)):
        return function, kinds
    made: dict[str, Kind] = {}
    namer: Namer | None = None
    facts = find_facts(function, frozenset(), kinds)

    def block(body: Block) -> Block:
        nonlocal namer
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, block)
            for whole in _twice(new, facts):
                if namer is None:
                    taken = {n for s in statements(function.body) for n in {*reads(s), *binds(s)}}
                    namer = Namer(frozenset(taken) | {p.name for p in function.params})
                name = namer.fresh("t_bar")
                if (kind := kinds.get(_array(whole, facts))) is not None:
                    made[name] = kind
                out.append(Assign((name,), (whole,), None))
                new = _with_name(new, whole, name)
            out.append(new)
        return tuple(out) if len(out) > len(body) or any(a is not b for a, b in zip(out, body, strict=True)) else body

    return with_body(function, block(function.body)), {**kinds, **made}


def _may(stmt: Stmt) -> bool:
    """Does an adjoint's statement say something more than once?"""
    if not is_own_adjoint(stmt):
        return False
    parts = [e for top in _values(stmt) for e in subexpressions(top)]
    named = [e.id for e in parts if isinstance(e, Name)]
    if len(set(named)) == len(named):
        return False
    keys = [key(e) for e in parts if isinstance(e, Binary) and e.op in "*/"]
    return len(set(keys)) < len(keys)


def _twice(stmt: Stmt, facts: Facts) -> list[Expr]:
    """The largest multiples that an adjoint's statement says more than once."""
    if not isinstance(stmt, Assign | Augment | Store) or not _may(stmt):
        return []
    tops = _values(stmt)
    if any(isinstance(e, LATER) for top in tops for e in subexpressions(top)):
        return []
    found = [e for top in tops for e in _multiples(top, facts)]
    often = Counter(key(e) for e in found)
    return list({key(e): e for e in found if often[key(e)] > 1}.values())


def _values(stmt: Assign | Augment | Store) -> tuple[Expr, ...]:
    return (stmt.value,) if isinstance(stmt, Store) else tuple(expressions(stmt))


def _multiples(expr: Expr, facts: Facts) -> Iterator[Expr]:
    if isinstance(expr, Binary) and _array(expr, facts):
        yield expr
        return
    for child in children(expr):
        yield from _multiples(child, facts)


def _array(expr: Expr, facts: Facts) -> str:
    """The array that is multiplied by numbers alone; empty where it is something else."""
    name = multiplied(expr, lambda e: _is_number(e, facts))
    look = facts.look_of(name) if name else None
    return name if look is not None and look.rank and look.type == "float64" else ""


def _is_number(expr: Expr, facts: Facts) -> bool:
    match expr:
        case Const(value):
            return isinstance(value, int | float)
        case Name(id):
            return facts.is_number(id)
        case Unary("-", operand):
            return _is_number(operand, facts)
        case Binary("+" | "-" | "*" | "/" | "**", left, right):
            return _is_number(left, facts) and _is_number(right, facts)
        case _:
            return False


def _with_name(stmt: Stmt, whole: Expr, name: str) -> Stmt:
    target = stmt.target if isinstance(stmt, Store) else None
    own = key(whole)

    def change(expr: Expr) -> Expr:
        return Name(name) if isinstance(expr, Binary) and key(expr) == own else rebuild(expr, change)

    return with_expressions(stmt, lambda e: e if e is target else change(e))
