"""Matrices that outer products add up to, and that nothing is asked of but their sum against another: that sum.

Before                                       After

    A_bar = np.zeros_like(A)                     t_bar = 0.0
    for _ in range(n):                           for _ in range(n):
        lam = A_inv.T @ u_bar                        lam = A_inv.T @ u_bar
        A_bar -= np.outer(lam, u)                    t_bar -= lam @ (L @ u)
    k_bar = np.sum(A_bar * L)                    k_bar = t_bar

Where ``L`` is as large, and stays as it is. A product of a matrix and a vector reads the matrix once; the outer product
is written, and added to another. The numbers change by rounding. In double precision, where sizes are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Const,
    Each,
    Expr,
    For,
    Function,
    Name,
    Return,
    Stmt,
)
from tangent_like.ir.walk import binds, blocks, expressions, reads, rebuild, statements, subexpressions, with_body
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind, dims_of
from tangent_like.transform.each_entry import called
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import begins_as_zeros, summed
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions
from tangent_like.transform.tidy.facts import Facts, find_facts


def outer_sums(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function with such sums instead of the matrices; ``kinds`` are those of its names."""
    if not any(map(_adds_outer, statements(function.body))):
        return function
    facts, classes = find_facts(function, frozenset(), kinds), Classes.of(sizes.used)
    namer: Namer | None = None
    for k, stmt in enumerate(function.body):
        name = begins_as_zeros(stmt)
        other = _against(name, function.body[k + 1 :], facts) if name else None
        if not name or other is None or not _alike(kinds.get(name), kinds.get(other), classes):
            continue
        if namer is None:
            taken = {n for s in statements(function.body) for n in (*reads(s), *binds(s))}
            namer = Namer(frozenset(taken) | {p.name for p in function.params})
        body = (*function.body[:k], *_summed(function.body[k:], name, other, namer.fresh("t_bar")))
        function = with_body(function, body)
    return function


def _adds_outer(stmt: Stmt) -> bool:
    match stmt:
        case Augment(_, "+" | "-", Call(args=(_, _), keywords=()) as call):
            return called(call) == "outer"
        case _:
            return False


def _against(name: str, body: Block, facts: Facts) -> str | None:
    """The name of what alone a matrix is summed against in the end, which nothing changes before."""
    uses = Counter(n for s in statements(body) for e in expressions(s) for n in _named(e))
    read: str | None = None
    for stmt in body:
        if read is not None:
            break
        if name not in facts.does(stmt).reads | facts.does(stmt).binds:
            continue
        if isinstance(stmt, For | Each):
            named = {s: {*binds(s), *(n for e in expressions(s) for n in _named(e))} for s in statements((stmt,))}
            inside = [s for s, found in named.items() if name in found]
            if any(blocks(s) or not _is_added(s, facts) for s in inside):
                return None
        elif isinstance(stmt, Assign | Augment | Return) and name not in binds(stmt):
            found = [m for e in expressions(stmt) for p in subexpressions(e) if (m := _sum_against(p, name))]
            if len(found) != 1 or uses[name] != 1:
                return None
            read = found[0]
        else:
            return None
    if read is None or any(read in binds(s) or _writes(s, read, facts) for s in statements(body)):
        return None
    return read


def _named(expr: Expr) -> list[str]:
    return [e.id for e in subexpressions(expr) if isinstance(e, Name)]


def _is_added(stmt: Stmt, facts: Facts) -> bool:
    """Is it an outer product of vectors that is added?"""
    if not _adds_outer(stmt):
        return False
    assert isinstance(stmt, Augment) and isinstance(stmt.value, Call)
    looks = [facts.look(e) for e in stmt.value.args]
    return stmt.target not in _named(stmt.value) and all(k.rank == 1 and k.type == "float64" for k in looks)


def _sum_against(expr: Expr, name: str) -> str | None:
    """``np.sum(A_bar * L)``"""
    found = summed(expr) if isinstance(expr, Call) else None
    match found:
        case (Binary("*", Name(a), Name(b)), None, False) if name in (a, b) and a != b:
            return b if a == name else a
        case _:
            return None


def _writes(stmt: Stmt, name: str, facts: Facts) -> bool:
    does = facts.does(stmt)
    return does.anything or facts.class_of(name) in does.writes


def _alike(a: Kind | None, b: Kind | None, classes: Classes) -> bool:
    if not isinstance(a, Array) or not isinstance(b, Array) or a.dtype != "float64" or b.dtype != "float64":
        return False
    one, two = dims_of(a), dims_of(b)
    if one is None or two is None or not len(one) == len(two) == 2:
        return False
    return all(
        x is not None and y is not None and (x == y or classes.same(x, y)) for x, y in zip(one, two, strict=True)
    )


def _summed(body: Block, name: str, other: str, new: str) -> Block:
    def change(expr: Expr) -> Expr:
        return Name(new) if _sum_against(expr, name) == other else rebuild(expr, change)

    def statement(stmt: Stmt) -> Stmt:
        if begins_as_zeros(stmt) == name:
            assert isinstance(stmt, Assign)
            return Assign((new,), (Const(0.0),), stmt.origin)
        if isinstance(stmt, Augment) and stmt.target == name:
            assert isinstance(stmt.value, Call)
            a, b = stmt.value.args
            return replace(stmt, target=new, value=Binary("@", a, Binary("@", Name(other), b)))
        return with_expressions(change_blocks(stmt, lambda inner: tuple(map(statement, inner))), change)

    return tuple(map(statement, body))
