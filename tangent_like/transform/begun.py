"""Adjoints that begin as what is added to all of them, and not as zeros.

Before                                   After

    # dx = u[1:] - u[:-1]                    # fit = np.sum((u - f) ** 2)
    u_bar = np.zeros_like(u)                 u_bar = 2.0 * (u - f)
    u_bar[1:] = dx_bar                       # dx = u[1:] - u[:-1]
    u_bar[:-1] -= dx_bar                     u_bar[1:] += dx_bar
    # fit = np.sum((u - f) ** 2)             u_bar[:-1] -= dx_bar
    u_bar += 2.0 * (u - f)
    q_bar = np.zeros_like(q) - t_bar[:, None]
    q_bar -= d_bar * e                       q_bar = -t_bar[:, None] - d_bar * e
    z_bar = np.zeros_like(z)                 e_bar = loss_bar / total
    z_bar[k] = -loss_bar                     z_bar = e_bar * e
    e_bar = loss_bar / total                 z_bar[k] -= loss_bar
    z_bar += e_bar * e

Where nothing between them reads the adjoint. The same numbers are added in another order, so that this is none of the
passes that ``tidy`` switches. In double precision, where sizes are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeGuard

from tangent_like.ir.build import neg
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Expr,
    Function,
    Index,
    Name,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import base_name, binds, names, reads, statements, subexpressions
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind
from tangent_like.transform.enforced import Classes
from tangent_like.transform.forms import begins_as_zeros, is_adjoint, is_zeros
from tangent_like.transform.standing import Standing, Surroundings
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.calls import acts
from tangent_like.transform.tidy.facts import find_facts

FAR = 60  # how many statements back the zeros are looked for


def begun(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    """The function without zeros that are added to as a whole; ``kinds`` are those of its names."""
    inside = list(statements(function.body))
    if not any(map(_adds_all, inside)) or not any(begins_as_zeros(s) or _spread(s) for s in inside):
        return function
    uses = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})
    around = Surroundings(find_facts(function, frozenset(), kinds), kinds, uses, Classes.of(sizes.used))

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = change_blocks(stmt, block)
            found = _found(out, new, around) if _adds_all(new) else None
            if found is None and _adds_all(new) and (late := _late(out, new, around)) is not None:
                out = late
                continue
            if found is None or not isinstance(new, Augment):
                out.append(_with_spread(out, new, around) if _adds_all(new) else new)
                continue
            k, first, gone = found
            if k + 1 < len(out):
                out[k + 1] = _added(out[k + 1], new.target)
            out = [s for s in out if s is not gone]
            quoted = [out.pop()] if isinstance(out[-1], Comment) and k < len(out) - 1 else []
            at = k - 1 if k and isinstance(out[k - 1], Comment) and quoted else k
            out[at : k + 1] = [*quoted, first, *out[at:k]]
        return tuple(out)

    return with_body(function, block(function.body))


def _adds_all(stmt: Stmt) -> TypeGuard[Augment]:
    """Does it add to an adjoint, whatever it is?"""
    return isinstance(stmt, Augment) and stmt.origin is None and stmt.op in ("+", "-") and is_adjoint(stmt)


def _found(before: list[Stmt], stmt: Augment, around: Surroundings) -> tuple[int, Assign, Stmt | None] | None:
    """Where the adjoint is made of zeros, what it may be made of there instead, and what is not said any more then."""
    facts, name, value = around.facts, stmt.target, stmt.value
    standing = Standing(around, before, ())
    at = len(before)
    if isinstance(value, Name):
        at, made = standing.found(value.id)
        if made is None or around.uses[value.id] != 2:
            return None
        value = made
    own, read, whole = facts.class_of(name), names(value), around.dims(name)
    if not whole or own is None or own in facts.classes(read) or standing.dims(value) != whole:
        return None
    if not isinstance(value, Binary | Unary) or any(acts(e) for e in subexpressions(value)):
        return None
    for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
        one = before[k]
        if isinstance(one, Comment) or k == at:
            continue
        if begins_as_zeros(one) == name:
            begun = value if stmt.op == "+" else neg(value)
            if at < k or not isinstance(begun, Binary | Unary):
                return None  # the negative of a negative is somebody's memory
            return k, Assign((name,), (begun,), None), before[at] if at < len(before) else None
        does = facts.does(one)
        if does.anything or does.binds & read or does.writes & facts.classes(read):
            return None
        if _adds_to(_added(one, name) if k and begins_as_zeros(before[k - 1]) == name else one, name):
            continue
        if own in facts.classes(does.reads) or own in does.writes or name in does.binds:
            return None
    return None


def _late(before: list[Stmt], stmt: Augment, around: Surroundings) -> list[Stmt] | None:
    """The statements where the adjoint is made only here, if what it is made of is not there where the zeros are.

    What is added to parts of it before comes behind, in the reverse half of one statement.
    """
    facts, name, value = around.facts, stmt.target, stmt.value
    own, whole = facts.class_of(name), around.dims(name)
    new = value if stmt.op == "+" else neg(value)
    if not whole or own is None or own in facts.classes(names(value)) or not isinstance(new, Binary | Unary):
        return None
    if Standing(around, before, ()).dims(value) != whole:
        return None
    parts: list[Stmt] = []
    for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
        one = before[k]
        if begins_as_zeros(one) == name:
            if not parts:
                return None
            kept = [s for s in before[k + 1 :] if s not in parts]
            behind = [_added(parts[-1], name), *parts[-2::-1]]
            return [*before[:k], *kept, Assign((name,), (new,), None), *behind]
        first = k > 0 and begins_as_zeros(before[k - 1]) == name
        if _adds_to(_added(one, name) if first else one, name):
            if isinstance(one, Augment) or not facts.steady(reads(one) - {name}, before[k + 1 :]):
                return None
            parts.append(one)
            continue
        does = facts.does(one)
        if isinstance(one, Comment) or does.anything or own in facts.classes(does.reads) or own in does.writes:
            return None
        if name in does.binds:
            return None
    return None


def _spread(stmt: Stmt) -> Expr | None:
    """What is spread over zeros that an adjoint is made of."""
    match stmt:
        case Assign((_,), (Binary("+" | "-" as op, Call() as zeros, value),), None, "") if is_adjoint(stmt):
            return (value if op == "+" else neg(value)) if is_zeros(zeros) else None
        case _:
            return None


def _with_spread(before: list[Stmt], stmt: Augment, around: Surroundings) -> Stmt:
    """The statement, or one that makes all of the adjoint where only what is spread was there."""
    k = _spread_before(before, stmt, around)
    value = None if k is None else _spread(before[k])
    if k is None or value is None:
        return stmt
    del before[k]
    return Assign((stmt.target,), (Binary(stmt.op, value, stmt.value),), None)


def _spread_before(before: list[Stmt], stmt: Augment, around: Surroundings) -> int | None:
    """Where that is, if what is added to it now is as large as all of it."""
    whole = around.dims(stmt.target)
    if not whole or Standing(around, before, ()).dims(stmt.value) != whole or stmt.target in names(stmt.value):
        return None
    for k in range(len(before) - 1, max(len(before) - FAR, 0) - 1, -1):
        does = None if isinstance(before[k], Comment) else around.facts.does(before[k])
        if does is not None and stmt.target in does.binds:
            value = _spread(before[k])
            if value is None or any(acts(e) for e in subexpressions(value)):
                return None
            return k if around.facts.steady(names(value), before[k + 1 :]) else None
        if does is not None and stmt.target in does.reads:
            return None
    return None


def _added(stmt: Stmt, name: str) -> Stmt:
    """What is put into zeros is as well added to them."""
    puts = isinstance(stmt, Store) and stmt.op == "" and base_name(stmt.target) == name
    return replace(stmt, op="+") if isinstance(stmt, Store) and puts else stmt


def _adds_to(stmt: Stmt, name: str) -> bool:
    """Does it add in places of the adjoint what is not of it?"""
    match stmt:
        case Store(target, "+" | "-", value, None):
            parts: list[Expr] = [value]
            place: Expr = target
            while isinstance(place, Index | Attribute):
                parts += [place.index] if isinstance(place, Index) else []
                place = place.value
            return base_name(target) == name and not any(name in names(p) for p in parts)
        case Augment(target, "+" | "-", value, None):
            return target == name and name not in names(value)
        case _:
            return False
