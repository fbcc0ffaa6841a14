"""Lists of one number again and again, from which items are only taken: the number itself.

Before                                   After

    r_bar = [1.0] * len(r)                   x_bar = [0.0] * len(x)
    x_bar = [0.0] * len(x)                   for k in range(len(x) - 1, -1, -1):
    for k in range(len(x) - 1, -1, -1):          o = x[k]
        o = x[k]                                 x_bar[k] += 2 * 1.0 * o
        x_bar[k] += 2 * r_bar.pop() * o      for k in range(n):
    s_bar = [-0.5] * n                           t_bar = -0.5
    for k in range(n):                           y_bar += t_bar * k
        t_bar = s_bar.pop()
        y_bar += t_bar * k

The adjoint of a list that is summed. It has an item for each that is taken: it shrinks as the list grew.
"""

from __future__ import annotations

from collections import Counter

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Each,
    Expr,
    For,
    Function,
    List,
    Name,
    Pass,
    Pop,
    Push,
    Stmt,
    Unary,
)
from tangent_like.ir.walk import binds, expressions, rebuild, statements, subexpressions
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.facts import Facts


def alike(function: Function, facts: Facts) -> Function:
    every = list(statements(function.body))
    made = {s.targets[0]: s for s in every if isinstance(s, Assign) and facts.mine(s) and _item(s) is not None}
    if not made:
        return function
    bound = Counter(n for s in every for n in binds(s))
    items = {n: _item(s) for n, s in made.items() if bound[n] == 1 and not facts.own(s).acts}
    for stmt in every:
        for name in [n for n in items if not _only_taken(stmt, n, facts)]:
            del items[name]
    if not items:
        return function

    def change(expr: Expr) -> Expr:
        return items.get(_taken(expr)) or rebuild(expr, change)

    def block(body: Block) -> Block:
        new = tuple(n for s in body for n in statement(s))
        return new or ((Pass(),) if body else ())

    def statement(stmt: Stmt) -> Block:
        match stmt:
            case Assign((name,)) if name in items:
                return ()
            case Pop(target, name) if (item := items.get(name)) is not None:
                return (Assign((target.id,), (item,), stmt.origin),) if isinstance(target, Name) else ()
            case _:
                return (with_expressions(change_blocks(stmt, block), change),)

    return with_body(function, block(function.body))


def _only_taken(stmt: Stmt, name: str, facts: Facts) -> bool:
    """Does a statement do nothing with the list but take from it?"""
    own = facts.own(stmt)
    if isinstance(stmt, Pop) and stmt.list == name:
        return stmt.target is None or isinstance(stmt.target, Name)
    if isinstance(stmt, Push) and stmt.list == name:
        return False
    if isinstance(stmt, For | Each) and stmt.slots == name:
        return False
    if name not in own.reads:
        return name not in own.fixed
    taken = sum(_taken(e) == name for top in expressions(stmt) for e in subexpressions(top))
    return name not in own.fixed and own.reads[name] == taken


def _item(stmt: Assign) -> Expr | None:
    """The number that a list is made of."""
    match stmt.values:
        case (Binary("*", List((item,)), _),) if is_number(item.operand if isinstance(item, Unary) else item):
            return item
        case _:
            return None


def _taken(expr: Expr) -> str:
    """The list of which the last item is taken."""
    match expr:
        case Call(Attribute(Name(id), "pop"), (), ()):
            return id
        case _:
            return ""
