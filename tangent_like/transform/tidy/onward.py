"""What goes on under a second name at the end of a function, under one; or as a sum, where more is made of it.

Before                                   After

    p_bar = k_bar                            k_bar -= np.sum(k_bar)
    p_bar -= np.sum(k_bar)                   q_bar = 2 * k
    q_bar = 2 * k                            b_bar = q_bar + k
    b_bar = q_bar                            x_bar = b_bar @ b_bar
    b_bar += k                               return k_bar, x_bar
    x_bar = b_bar @ b_bar
    return p_bar, x_bar

Two names of one array are one array: what is written into it, by either name, both see. The sum takes other memory,
so that nobody may read the array by its first name, or another, any more.
"""

from __future__ import annotations

from tangent_like.ir.nodes import Assign, Augment, Binary, Block, Comment, Expr, Function, Name, Return, Stmt
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, names, reads, statements, substitute
from tangent_like.transform.tidy.algebra import total
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.memory import OUTSIDE
from tangent_like.transform.tidy.width import COLUMNS, line_width


def onward(function: Function, facts: Facts) -> Function:
    body = function.body
    for k in range(len(body) - 1, -1, -1):
        stmt = body[k]
        if not isinstance(stmt, Assign | Augment | Comment | Return):
            break
        if isinstance(stmt, Assign) and isinstance(stmt.values[0], Name) and facts.mine(stmt):
            found = _one(stmt.targets[0], stmt.values[0].id, body[k + 1 :], facts)
            if found is not None:
                return with_body(function, (*body[:k], *found))
    return function


def _one(name: str, first: str, rest: Block, facts: Facts) -> Block | None:
    """The statements after ``name = first`` without ``name``."""
    changes = [s for s in statements(rest) if name in binds(s)]
    known = facts.look_of(name) == facts.look_of(first)
    arrays = known and bool(facts.look_of(name).rank) and facts.look_of(name).type == "float64"
    adds = [s for s in changes if isinstance(s, Augment)]
    if first in facts.users or not arrays or not adds or len(adds) < len(changes):
        return None
    if any(first in binds(s) for s in statements(rest)):
        return None
    used = [s for s in statements(rest) if name in reads(s) and s not in adds]
    if len(used) == 1 and isinstance(used[0], Return):
        new = Name(first)
        return tuple(
            rewrite(s, lambda e: substitute(e, {name: new}), lambda n: first if n == name else n) for s in rest
        )
    return _summed(name, first, rest, adds[0], facts) if len(adds) == 1 and adds[0] in rest else None


def _summed(name: str, first: str, rest: Block, add: Augment, facts: Facts) -> Block | None:
    k = rest.index(add)
    class_ = facts.class_of(name)
    mine = {n for n in facts.memory if facts.class_of(n) == class_} | {first}
    later = {n for s in statements(rest[k + 1 :]) for n in (*reads(s), *binds(s))}
    ahead = [facts.does(s) for s in rest[:k]]
    if OUTSIDE in mine or (mine - {name}) & later or name in names(add.value) or add.op not in ("+", "-"):
        return None
    if any(name in does.reads or class_ in does.writes or does.anything for does in ahead):
        return None
    value: Expr = total(Binary(add.op, Name(first), add.value), facts)
    new: Stmt = Assign((name,), (value,), add.origin)
    return (*rest[:k], new, *rest[k + 1 :]) if line_width(new, 1) <= COLUMNS else None
