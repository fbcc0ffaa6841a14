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
is added there, and so is what is added to an array that nobody else has. A call of ours is the last that is done in any
case. And of an array that is nobody else's no copy is handed out: ``return w_bar``, and not ``w_bar.copy()``.
"""

from __future__ import annotations

from dataclasses import replace
from operator import is_

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
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
from tangent_like.ir.walk import binds, expressions, names, statements
from tangent_like.transform.tidy.algebra import put_into, total
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.nest import adds_anew, chooses
from tangent_like.transform.tidy.width import COLUMNS, OTHERS, line_width, width

FAR = 40  # how many statements back what is returned is looked for
SEVERAL = 84  # columns of each of several results, which stand one below the other where they need it


def results(function: Function, facts: Facts) -> Function:
    if not function.body or not isinstance(function.body[-1], Return):
        return function
    end: Stmt = _uncopied(function.body[-1], function, facts)
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


def _uncopied(end: Return, function: Function, facts: Facts) -> Return:
    if end.value is None:
        return end
    items = end.value.items if isinstance(end.value, Tuple) else (end.value,)
    copied = [_copied(item) for item in items]
    if not any(copied):
        return end
    bound: dict[str, list[Stmt]] = {}
    for stmt in statements(function.body):
        for name in binds(stmt):
            bound.setdefault(name, []).append(stmt)

    def is_ours(name: str) -> bool:
        made = bound.get(name, [])
        new = all(isinstance(s, Augment) or (isinstance(s, Assign) and _makes_one(s, facts)) for s in made)
        once = [c for c in copied if c == name] == [name] and all(map(facts.is_fresh, others(name)))
        return bool(made) and new and once and name not in facts.users and facts.is_alone(name)

    def others(name: str) -> list[Expr]:
        return [item for item, of in zip(items, copied, strict=True) if of != name and name in names(item)]

    new = tuple(Name(n) if n and is_ours(n) else item for n, item in zip(copied, items, strict=True))
    if all(map(is_, new, items)):
        return end
    return replace(end, value=Tuple(new) if isinstance(end.value, Tuple) else new[0])


def _copied(expr: Expr) -> str:
    match expr:
        case Call(Attribute(Name(id), "copy"), (), ()):
            return id
        case _:
            return ""


def _makes_one(stmt: Assign, facts: Facts) -> bool:
    """Is what it binds to one name new memory?"""
    return len(stmt.targets) == 1 and not isinstance(stmt.values[0], Const) and facts.is_fresh(stmt.values[0])


def _with_value(end: Stmt, stmt: Stmt, between: list[Stmt], facts: Facts, quoted: bool) -> Stmt | None:
    """The ``return`` with what the statement binds in the place of its name, if nobody could tell."""
    match stmt:
        case Assign((name,), (value,)) if facts.mine(stmt):
            pass
        case Augment(name, "+" | "-" as op, more) if name not in facts.users and adds_anew(
            name, more, facts, (end, *between)
        ):
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
