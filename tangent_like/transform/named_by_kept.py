"""What a turn keeps of a call is read on the way back where the same call of what it keeps, too, would be made again.

Before                                        After

    for _ in range(4):                            for _ in range(4):
        s = np.sin(E)                                 s = np.sin(E)
        c = np.cos(E)                                 c = np.cos(E)
        saved.append((E, c, s))                       saved.append((E, c, s))
        E = E - e * s / (1.0 - e * c)                 E = E - e * s / (1.0 - e * c)
    for E, c, s in reversed(saved):               for E, c, s in reversed(saved):
        t_bar = E_bar / (1.0 - e * c)                 t_bar = E_bar / (1.0 - e * c)
        E_bar -= t_bar * e * np.cos(E)                E_bar -= t_bar * e * c

Of functions that only compute, where nothing writes into what is kept. No number changes.
"""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Break,
    Call,
    Compare,
    Continue,
    Expr,
    Function,
    Name,
    Push,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import bound_in, key, names, reads, rebuild, statements, substitute
from tangent_like.kinds.kind import Kind
from tangent_like.transform.forms import is_adjoint
from tangent_like.transform.made_again import Kept, kept_lists, operands_taken
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import Pure, acts, makes_new
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.fused import used


def named_by_kept(function: Function, kinds: Mapping[str, Kind], pure: Pure = frozenset()) -> Function:
    """``pure`` are the functions that do nothing but compute."""
    if not any(isinstance(s, Push) for s in statements(function.body)):
        return function
    facts = find_facts(function, frozenset(), kinds, pure)
    table = kept_lists(function.body, used(function.body))
    instead: dict[Block, Block] = {}
    for kept in table.values():
        back = instead.get(kept.back, kept.back)
        said = _said(kept, table, function, facts)
        new = None if said is None else _with_name(back, kept, *said, facts)
        if new is not None:
            instead[kept.back] = new
    return with_body(function, _with(function.body, instead)) if instead else function


def _said(
    kept: Kept, table: Mapping[str, Kept], function: Function, facts: Facts
) -> tuple[Expr, tuple[Stmt, ...]] | None:
    """The call of which the value is, as the way back would say it, and what takes its operands there."""
    assert isinstance(kept.push.value, Name)
    name, block = kept.push.value.id, kept.there
    at = block.index(kept.push)
    made = next((k for k in reversed(range(at)) if name in bound_in((block[k],))), None)
    if made is None or any(isinstance(s, Break | Continue) for s in statements(block)):
        return None
    match block[made]:
        case Assign((_,), (Call() as value,), _, "", None, ()) if not acts(value, facts.pure) and makes_new(value):
            pass
        case _:
            return None
    if name in names(value) or not facts.steady({name}, block[made + 1 : at]):
        return None
    taken = operands_taken(value, kept, made, table, function, facts)
    if taken is None:
        return None
    given, pops = taken
    held = facts.classes({name, *names(value), *(e.id for e in given.values() if isinstance(e, Name))})
    if not pops or any(facts.does(s).writes & held for s in function.body):
        return None  # nothing begins it, or it may be in another state by now
    return substitute(value, given), pops


def _with_name(back: Block, kept: Kept, value: Expr, pops: tuple[Stmt, ...], facts: Facts) -> Block | None:
    """The turn of the way back with the kept value's name where the call is made: behind all that is taken for it."""
    assert isinstance(kept.pop.target, Name)
    name, read = kept.pop.target.id, set(names(value))
    start = max(map(back.index, pops)) + 1
    own = back.index(kept.pop)
    body = list(back)
    if own > start:
        if any(name in reads(s) or name in bound_in((s,)) for s in body[start:own]):
            start = own + 1
        else:
            body.insert(start, body.pop(own))
            start += 1
    elif not facts.steady({name}, body[own + 1 : start]):
        return None
    changed = False
    for k in range(start, len(body)):
        stmt = body[k]
        if isinstance(stmt, Assign | Augment | Store) and is_adjoint(stmt) and stmt.origin is None:
            body[k] = _reading(stmt, value, name)
            changed = changed or body[k] is not stmt
        if not facts.steady({name, *read}, (stmt,)):
            break
    return tuple(body) if changed else None


def _reading(stmt: Stmt, value: Expr, name: str) -> Stmt:
    target, own = stmt.target if isinstance(stmt, Store) else None, key(value)

    def change(expr: Expr, inside: bool) -> Expr:
        if inside and isinstance(expr, Call) and key(expr) == own:
            return Name(name)
        computing = isinstance(expr, Binary | Unary | Compare) or (isinstance(expr, Call) and makes_new(expr))
        return rebuild(expr, lambda e: change(e, computing))

    return with_expressions(stmt, lambda e: e if e is target else change(e, isinstance(stmt, Augment)))


def _with(body: Block, instead: Mapping[Block, Block]) -> Block:
    new = instead.get(body, body)
    return tuple(change_blocks(stmt, lambda inner: _with(inner, instead)) for stmt in new)
