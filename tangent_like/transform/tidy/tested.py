"""What is added to an entry where a test holds: a branch, and no product with the test; and equal numbers counted.

Before                                                   After

    y_bar = x_bar / sum((k[i] == y, k[j] == y))          y_bar = x_bar / (k[i], k[j]).count(y)
    k_bar[i] += y_bar * (k[i] == y)                      if k[i] == y:
    k_bar[j] -= y_bar * (k[j] == y)                          k_bar[i] += y_bar
    p_bar += z * (p > q)                                 if k[j] == y:
                                                             k_bar[j] -= y_bar
                                                         p_bar += z * (p > q)

A truth value of NumPy's takes longer to multiply by than the whole branch, and an entry that gets nothing stays alone.
Of numbers only.
"""

from __future__ import annotations

from tangent_like.ir.nodes import (
    Arm,
    Attribute,
    Binary,
    Block,
    Call,
    Compare,
    Expr,
    Function,
    If,
    Index,
    List,
    Name,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import expressions, rebuild, subexpressions
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import Facts


def tested(function: Function, facts: Facts) -> Function:
    def block(body: Block) -> Block:
        return tuple([_tested(change_blocks(_counted(stmt, facts), block), facts) for stmt in body])

    return with_body(function, block(function.body))


def _tested(stmt: Stmt, facts: Facts) -> Stmt:
    match stmt:
        case Store(Index(Name()), "+" | "-", Binary("*", value, Compare() as test), None, False):
            parts = (value, test.left, *test.rights)
            if not facts.own(stmt).acts and all(facts.look(e).rank == 0 for e in parts):
                return If((Arm(test, (Store(stmt.target, stmt.op, value),)),), ())
    return stmt


def _counted(stmt: Stmt, facts: Facts) -> Stmt:
    """The statement with ``count`` in the place of a sum of comparisons with one number."""

    def change(expr: Expr) -> Expr:
        items = _equal(expr, facts)
        if items is None:
            return rebuild(expr, change)
        return Call(Attribute(Tuple(items[:-1]), "count"), items[-1:])

    if not any(isinstance(e, Compare) for top in expressions(stmt) for e in subexpressions(top)):
        return stmt
    return with_expressions(stmt, change)


def _equal(expr: Expr, facts: Facts) -> tuple[Expr, ...] | None:
    """Of ``sum((a == y, b == y))``: a, b and y."""
    match expr:
        case Call(_, (Tuple(items) | List(items),), ()) if items:
            target = library(expr)
            if target is None or origin_of(target) != ("builtins", "sum"):
                return None
        case _:
            return None
    found: list[Expr] = []
    common: Name | None = None
    for item in items:
        match item:
            case Compare(left, ("==",), (Name() as right,)) if facts.look(left).rank == facts.look(right).rank == 0:
                found.append(left)
                if common is not None and right.id != common.id:
                    return None
                common = right
            case _:
                return None
    return None if common is None else (*found, common)
