"""Half of what the equal ones get, where they are: no array of shares.

Before                                                   After

    k_bar = z * p * np.where(k == 0.0, 0.5, k > 0.0)     k_bar = z * p * (k >= 0.0)
    return np.sum(k_bar), k_bar                          k_bar[k == 0.0] *= 0.5
                                                         return np.sum(k_bar), k_bar

Of the adjoint of what is compared, which has its shape: the same numbers, with less memory, and faster where there is
much of it. In double precision only, for the shares are.
"""

from __future__ import annotations

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import Assign, Binary, Block, Call, Compare, Const, Expr, Function, Index, Name, Stmt, Store
from tangent_like.ir.walk import names, same
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import Facts

MORE = {">": ">=", "<": "<="}


def tied(function: Function, facts: Facts) -> Function:
    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, block)
            found = _parts(new, facts)
            out.extend([new] if found is None else found)
        return tuple(out)

    return with_body(function, block(function.body))


def _parts(stmt: Stmt, facts: Facts) -> tuple[Stmt, Stmt] | None:
    match stmt:
        case Assign((name,), (Binary("*", value, Call() as share),)) if facts.mine(stmt):
            found = _shared(share)
        case _:
            return None
    if found is None or facts.own(stmt).acts or name in names(stmt.values[0]) or stmt.guard is not None:
        return None
    held, more, tie = found
    look = facts.look_of(held)
    if name != f"{held}_bar" or not look.rank or look != facts.look_of(name) or look.type != "float64":
        return None
    return (
        Assign((name,), (Binary("*", value, more),), stmt.origin),
        Store(Index(Name(name), tie), "*", Const(0.5)),
    )


def _shared(share: Call) -> tuple[str, Expr, Expr] | None:
    """Of ``np.where(a == 0.0, 0.5, a > 0.0)``: a, ``a >= 0.0`` and ``a == 0.0``."""
    target = library(share)
    if target is None or origin_of(target) != ("numpy", "where") or share.keywords:
        return None
    match share.args:
        case (Compare(Name(a), ("==",), (limit,)) as tie, half, Compare(Name(b), (">" | "<" as op,), (other,))):
            if a == b and is_number(half, 0.5) and is_number(limit) and same(limit, other):
                return a, Compare(Name(a), (MORE[op],), (limit,)), tie
    return None
