"""What is computed for the result alone, in the ``return``.

Before                                   After

    # r = z @ k                              # r = z @ k
    p_bar = np.outer(y, z)                   z_bar = k_bar @ W
    z_bar = k_bar @ W                        # z = X @ w + b
    # z = X @ w + b                          return X.T @ z_bar, np.sum(z_bar), x_bar - x, np.outer(y, z)
    w_bar = X.T @ z_bar
    b_bar = np.sum(z_bar)
    x_bar -= x
    return w_bar, b_bar, x_bar, p_bar

Where the line stays short, or each line of several results; of what belongs to other statements of the user's than the
last only what is short, and not from beyond a loop, so that what is longer keeps its comment. What is added to a number
is added there, and so is what is computed to be added to an array that nobody else has: NumPy adds into the new memory.
What is there already is added in place. A call of ours is the last that is done in any case.
"""

from __future__ import annotations

from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Comment,
    Const,
    Do,
    Expr,
    Function,
    Name,
    Return,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import expressions, names
from tangent_like.transform.tidy.algebra import put_into, total
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.nest import chooses
from tangent_like.transform.tidy.width import COLUMNS, OTHERS, line_width, width

FAR = 40  # how many statements back what is returned is looked for
SEVERAL = 84  # columns of each of several results, which stand one below the other where they need it


def results(function: Function, facts: Facts) -> Function:
    if not function.body or not isinstance(function.body[-1], Return):
        return function
    end: Stmt = function.body[-1]
    kept: list[Stmt] = []  # of those before it that stay, the last first
    k = len(function.body) - 1
    quoted = False
    while k > 0 and len(kept) < FAR:
        stmt = function.body[k - 1]
        if not isinstance(stmt, Comment | Assign | Augment | Store | Do):
            break
        if isinstance(stmt, Comment):
            quoted = True
        elif quoted and stmt.origin is not None and not (isinstance(stmt, Assign) and facts.mine(stmt)):
            break  # of the forward sweep
        k -= 1
        new = None if isinstance(stmt, Comment | Store | Do) else _with_value(end, stmt, kept, facts, quoted)
        if new is None:
            kept.append(stmt)
        else:
            end = new
    if end is function.body[-1]:
        return function
    return with_body(function, (*function.body[:k], *reversed(kept), end))


def _with_value(end: Stmt, stmt: Stmt, between: list[Stmt], facts: Facts, quoted: bool) -> Stmt | None:
    """The ``return`` with what the statement binds in the place of its name, if nobody could tell."""
    match stmt:
        case Assign((name,), (value,)) if facts.mine(stmt):
            pass
        case Augment(name, "+" | "-" as op, more) if name not in facts.users and _adds_anew(name, more, facts):
            value = total(Binary(op, Name(name), more), facts)
        case _:
            return None
    own = facts.own(end)
    if facts.own(stmt).acts and not between and isinstance(stmt, Assign):  # a call: nothing else is done behind it
        called = own.reads.get(name) == 1 and isinstance(end, Return) and isinstance(end.value, Name)
        new = put_into(end, {name: value}, facts)
        return new if called and _is_narrow(new) else None
    if quoted and (width(value) > OTHERS or (chooses((value,)) and chooses(expressions(end)))):
        return None
    if isinstance(value, Name | Const) or facts.own(stmt).acts or own.acts:
        return None
    if own.reads.get(name) != 1 or name in own.fixed:
        return None
    read = names(value)
    classes = facts.classes(read)
    for other in between:
        does = facts.does(other)
        if name in does.reads or does.binds & {name, *read} or classes & does.writes or (classes and does.anything):
            return None
    new = put_into(end, {name: value}, facts)
    return new if _is_narrow(new) else None


def _is_narrow(end: Stmt) -> bool:
    match end:
        case Return(Tuple(items)):
            return all(width(item) <= SEVERAL for item in items)
        case _:
            return line_width(end, 1) <= COLUMNS


def _adds_anew(name: str, more: Expr, facts: Facts) -> bool:
    """Is what is added to a number, or to an array, as good as added where it is read once, in new memory?"""
    if facts.is_number(name):
        return True
    own, new = facts.look_of(name), not isinstance(more, Const) and facts.is_fresh(more)
    known = own.rank is not None and own.type == facts.look(more).type == "float64"
    return known and new and facts.is_alone(name)
