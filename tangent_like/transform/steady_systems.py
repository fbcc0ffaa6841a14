"""Systems of one matrix in all turns of a loop: solved by its inverse, which is computed once.

Before                                       After

    for _ in range(n):                           A_inv = np.linalg.inv(A)
        u_saved.append(u)                        for _ in range(n):
        u = np.linalg.solve(A, B @ u)                u_saved.append(u)
    u_bar = 2.0 * u                                  u = A_inv @ (B @ u)
    for _ in range(n):                           u_bar = 2.0 * u
        u_new = u                                for _ in range(n):
        u = u_saved.pop()                            u_new = u
        lam = np.linalg.solve(A.T, u_bar)            u = u_saved.pop()
        A_bar -= np.outer(lam, u_new)                lam = A_inv.T @ u_bar
        u_bar = B.T @ lam                            A_bar -= np.outer(lam, u_new)
                                                     u_bar = B.T @ lam

As in implicit steps through time. Of a matrix in double precision that the loop leaves as it is, in loops over a range
or an array. What the value of the function is made of is computed as the user wrote it; the numbers change by rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tangent_like.ir.build import np_call
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
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
    Stmt,
    Store,
)
from tangent_like.ir.walk import binds, expressions, reads, rebuild, statements, subexpressions, with_body
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.cholesky_systems import value_is_ours
from tangent_like.transform.each_entry import called
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions
from tangent_like.transform.tidy.facts import find_facts

FEW = 2  # turns, for which an inverse is no gain


def steady_systems(function: Function, kinds: Mapping[str, Kind]) -> tuple[Function, Mapping[str, Kind]]:
    """The function with one inverse for each such matrix, and the kinds of its names."""
    ours = value_is_ours(function.body)
    loops = {k: list(_matrices(s, ours)) for k, s in enumerate(function.body) if isinstance(s, For | Each)}
    if not any(loops.values()):
        return function, kinds
    facts = find_facts(function, frozenset(), kinds)
    namer = Namer({n for s in statements(function.body) for n in (*binds(s), *reads(s))})
    params = {p.name for p in function.params}
    namer.take(params)
    inverses: dict[int, list[Assign]] = {}  # before which statement
    named: dict[int, dict[str, str]] = {}  # by loop and matrix: the inverse
    known = dict(kinds)
    since: dict[str, tuple[int, str]] = {}  # by matrix: where it was inverted last
    for k, found in loops.items():
        for matrix in dict.fromkeys(found):
            loop = function.body[k]
            assert isinstance(loop, For | Each)
            bound = _turns(loop) or matrix in params or matrix in _surely_bound(function.body[:k])
            if not bound or not _is_square(kinds.get(matrix)) or not facts.steady({matrix}, function.body[k : k + 1]):
                continue
            if matrix not in since or not facts.steady({matrix}, function.body[since[matrix][0] : k]):
                since[matrix] = k, namer.fresh(f"{matrix}_inv")
                made = Assign((since[matrix][1],), (np_call("linalg.inv", Name(matrix)),), None)
                inverses.setdefault(k, []).append(made)
                known[since[matrix][1]] = kinds[matrix]
            named.setdefault(k, {})[matrix] = since[matrix][1]
    if not named:
        return function, kinds
    out: list[Stmt] = []
    for k, stmt in enumerate(function.body):
        out += inverses.get(k, [])
        out.append(_solved(stmt, named[k], ours) if k in named else stmt)
    return with_body(function, tuple(out)), known


def _surely_bound(body: Block) -> Iterator[str]:
    """What is bound behind the statements, even where a loop among them has no turn: then names may stand for None."""
    for stmt in body:
        if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
            yield from (t for t, v in zip(stmt.targets, stmt.values, strict=True) if v != Const(None))
        elif isinstance(stmt, For) and _turns(stmt):
            yield from _surely_bound(stmt.body)


def _turns(loop: For | Each) -> bool:
    """Has the loop a turn, for sure?"""
    args = loop.args if isinstance(loop, For) else ()
    numbers = [a.value for a in args if isinstance(a, Const) and isinstance(a.value, int)]
    return bool(args) and len(numbers) == len(args) and len(range(*numbers)) > 0


def _is_square(kind: Kind | None) -> bool:
    return isinstance(kind, Array) and kind.rank == 2 and kind.dtype == "float64"


def _matrices(loop: For | Each, ours: bool) -> Iterator[str]:
    """Of the systems that are solved in each turn of the loop, and may be solved in another way.

    What only some turns solve may be singular in the others.
    """
    turns = loop.args if isinstance(loop, For) else ()
    if len(turns) == 1 and isinstance(turns[0], Const) and turns[0].value in range(FEW + 1):
        return
    for stmt in loop.body:
        if _may_change(stmt, ours):
            yield from (m for top in expressions(stmt) for e in subexpressions(top) if (m := _system(e)))


def _may_change(stmt: Stmt, ours: bool) -> bool:
    return isinstance(stmt, Assign | Augment | Store) and (ours or stmt.origin is None)


def _system(expr: Expr) -> str:
    match expr:
        case Call(args=(Name(id) | Attribute(Name(id), "T"), _), keywords=()) if called(expr) == "linalg.solve":
            return id
        case _:
            return ""


def _solved(loop: Stmt, inverses: Mapping[str, str], ours: bool) -> Stmt:
    def change(expr: Expr) -> Expr:
        match rebuild(expr, change):
            case Call(args=(which, side)) as call if _system(call) in inverses:
                inverse: Expr = Name(inverses[_system(call)])
                return Binary("@", inverse if isinstance(which, Name) else Attribute(inverse, "T"), side)
            case new:
                return new

    def block(body: Block) -> Block:
        return tuple(
            with_expressions(s, change) if _may_change(s, ours) else change_blocks(s, block) for s in body
        )

    return change_blocks(loop, block)


