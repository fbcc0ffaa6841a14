"""Loops over the items of arrays, as the user wrote them: forward, and on the way back where the order is no matter.

Before                                   After

    for k in range(len(X)):                  for x, y in zip(X, Y):
        total += X[k] @ w * Y[k]                 total += x @ w * y
    for k in range(len(X) - 1, -1, -1):      for x, y in zip(X, Y):
        x = X[k]                                 # e = x @ w - y
        # e = x @ w - y                          w_bar += 2.0 * (x @ w - y) * x
        w_bar += 2.0 * (x @ w - Y[k]) * x

The way back goes through the items from the last, since a turn may read what the one before it has made. Where turns
only add to adjoints, it comes to the same from the first, but for rounding. ``zip`` ends with the shortest array, as
the user's did. Of what ``tidy`` has made: every analysis before knows only loops that count.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Set

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Library,
    Loop,
    Name,
    Ref,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import base_name, binds, bound_in, expressions, names, rebuild, statements, subexpressions
from tangent_like.kinds.kind import Array, Kind, ListOf
from tangent_like.kinds.operands import literal
from tangent_like.transform.tidy.alive import Alive
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import Facts, find_facts

WRITTEN = re.compile(r"for (\w+(?:, \w+)*) in (?:zip\((\w+(?:, \w+)+)\)|(\w+)):")


def in_order(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with such loops; ``kinds`` are those of names, of which those of parameters are asked."""
    function = unpacked(function)
    counts = _counts(function)
    if not any(_written(s, counts) for s in statements(function.body)):
        return function
    kinds = {p.name: kinds[p.name] for p in function.params if p.name in kinds}
    facts = find_facts(function, frozenset(), kinds)
    alive = Alive(facts)
    used = {n for s in statements(function.body) for n in (*binds(s), *names_of(s))}

    def block(body: Block, top: bool) -> Block:
        return tuple(one(s, body[k + 1 :], top) for k, s in enumerate(body))

    def one(stmt: Stmt, rest: Block, top: bool) -> Stmt:
        found = _written(stmt, counts)
        if found is None or not isinstance(stmt, For):
            return change_blocks(stmt, lambda inner: block(inner, False))
        back = len(stmt.args) == 3
        if back and not (top and _only_adds(stmt, alive.exposed_block(rest), facts, alive)):
            return change_blocks(stmt, lambda inner: block(inner, False))
        later = alive.exposed_block(rest) if top else set(used)
        new = _through(stmt, *found, kinds, facts, later)
        return change_blocks(stmt, lambda inner: block(inner, False)) if new is None else new

    return with_body(function, block(function.body, True))


def unpacked(function: Function) -> Function:
    """Loops that take their items apart in their first line do so in their head, as the user's did.

    Before                                   After

        for item in controls:                    for a, delta in controls:
            a, delta = item                          v += a * dt
            v += a * dt
    """
    every = list(statements(function.body))
    if not any(isinstance(s, Each) for s in every) or not any(isinstance(s, Assign) and s.targets[1:] for s in every):
        return function
    named = Counter(n for s in every for n in {*binds(s), *names_of(s)})

    def statement(stmt: Stmt) -> Stmt:
        if not isinstance(stmt, Each) or stmt.origin is None or named[stmt.target] != 2:
            return change_blocks(stmt, block)
        match stmt.body:
            case (Assign(targets, (Name(stmt.target),), _, "", None, ()), *rest) if rest and len(targets) > 1:
                if stmt.origin.text.strip().startswith(f"for {', '.join(targets)} in "):
                    return Loop(Tuple(tuple(map(Name, targets))), stmt.iterable, block(tuple(rest)), stmt.origin)
        return change_blocks(stmt, block)

    def block(body: Block) -> Block:
        return tuple(map(statement, body))

    return with_body(function, block(function.body))


def names_of(stmt: Stmt) -> set[str]:
    return {n for e in expressions(stmt) for n in names(e)}


def _counts(function: Function) -> dict[str, list[str]]:
    """By name: of which lists it is the length of the shortest, as ``count = min(len(Ws), len(bs))`` says it."""
    bound = Counter(n for s in statements(function.body) for n in binds(s))
    found: dict[str, list[str]] = {}
    for stmt in function.body:
        match stmt:
            case Assign((name,), (Call(Ref(target=Library("builtins", "min")), lengths, ()),)) if bound[name] == 1:
                lists = [next(iter(sorted(names(e))), "") for e in lengths]
                if all(_is_length(e, n) for e, n in zip(lengths, lists, strict=True)):
                    found[name] = lists
            case _:
                pass
    return found


def _written(stmt: Stmt, counts: Mapping[str, list[str]]) -> tuple[list[str], list[str]] | None:
    """The names of items and arrays of a loop that the user wrote over arrays, and that counts through all of them."""
    if not isinstance(stmt, For) or stmt.origin is None or stmt.turns or stmt.slots:
        return None
    found = WRITTEN.fullmatch(stmt.origin.text.strip())
    if found is None:
        return None
    items, arrays = found[1].split(", "), (found[2] or found[3]).split(", ")
    if len(items) != len(arrays) or len({*items, *arrays}) < 2 * len(items):
        return None
    match stmt.args:
        case (count,):
            through = True
        case (Binary("-", count, Const(1)), stop, step):
            through = literal(stop) == literal(step) == -1
        case _:
            return None
    shortest = isinstance(count, Name) and counts.get(count.id) == arrays
    return (items, arrays) if through and (shortest or any(_is_length(count, a) for a in arrays)) else None


def _is_length(expr: Expr, array: str) -> bool:
    match expr:
        case Call(func, (Name(id),), ()) if id == array:
            return getattr(func, "target", None) == builtin_ref("len").target
        case _:
            return False


def _through(
    loop: For,
    items: list[str],
    arrays: list[str],
    kinds: Mapping[str, Kind],
    facts: Facts,
    later: Set[str],
) -> Stmt | None:
    """The loop over the items themselves, if it reads nothing else by its counter; ``later`` are names that stay."""
    does = facts.does(loop)
    found = [kinds.get(a) for a in arrays]
    lists = all(isinstance(k, ListOf) and isinstance(k.item, Array) for k in found)
    end = loop.args[0].left if isinstance(loop.args[0], Binary) else loop.args[0]
    if not lists and (isinstance(end, Name) or not all(isinstance(k, Array) and k.rank for k in found)):
        return None
    if set(arrays) & does.binds or facts.classes(set(arrays)) & does.writes or does.anything:
        return None
    bound = Counter(n for s in statements(loop.body) for n in binds(s))
    table: dict[str, str] = {}  # what the items are called, by array
    named: list[Stmt] = []
    for stmt in loop.body:
        match stmt:
            case Assign((target,), (Index(Name(array), Name(loop.target)),)) if array in arrays:
                if bound[target] == 1 and array not in table:
                    table[array] = target
                    named.append(stmt)
    for item, array in zip(items, arrays, strict=True):
        if array not in table and item in later | does.reads | does.binds:
            return None
        table.setdefault(array, item)

    def change(expr: Expr) -> Expr:
        match expr:
            case Index(Name(array), Name(loop.target)) if array in table:
                return Name(table[array])
            case _:
                return rebuild(expr, change)

    places = [(n, s in named) for s in statements(loop.body) for e in expressions(s) for n in subexpressions(e)]
    read = Counter(n.value.id for n, _ in places if _is_item(n, loop.target, table))  # type: ignore[union-attr]
    counted = sum(isinstance(n, Name) and n.id == loop.target for n, _ in places)
    if counted != sum(read.values()) or any(not read[a] for a in arrays) or loop.target in bound:
        return None
    first = [s for s in loop.body if not isinstance(s, Comment)][: len(named)]
    early = {table[a] for a in arrays} & {n for s in first for n in names_of(s)}
    if set(first) != set(named) or early:
        return None
    body = tuple(rewrite(s, change, lambda n: n) for s in loop.body if s not in named)
    if len(arrays) == 1:
        return Each(table[arrays[0]], Name(arrays[0]), body, loop.origin)
    targets = Tuple(tuple(Name(table[a]) for a in arrays))
    return Loop(targets, Call(builtin_ref("zip"), tuple(map(Name, arrays))), body, loop.origin)


def _is_item(expr: Expr, counter: str, arrays: Mapping[str, str]) -> bool:
    match expr:
        case Index(Name(array), Name(index)):
            return index == counter and array in arrays
        case _:
            return False


def _only_adds(loop: For, after: set[str], facts: Facts, alive: Alive) -> bool:
    """Do turns add to adjoints that none of them reads, and make nothing else that others, or what follows, read?"""
    inner = tuple(statements(loop.body))
    if not all(isinstance(s, Assign | Augment | Store | If | For | Each | Comment) for s in inner):
        return False
    if any(facts.own(s).acts or (isinstance(s, Assign) and (s.saved or s.writes)) for s in inner):
        return False
    made = {n for s in inner if isinstance(s, Assign | For | Each) for n in binds(s)}
    if made & (after | alive.exposed_block(loop.body)) or loop.target in after:
        return False
    sums: set[str] = set()
    for stmt in inner:
        if isinstance(stmt, Augment | Store):
            name = stmt.target if isinstance(stmt, Augment) else base_name(stmt.target)
            if name is None:
                return False
            if name in made:
                if not (facts.is_number(name) or facts.is_alone(name)):
                    return False
                continue
            if stmt.op not in ("+", "-"):
                return False
            sums.add(name)
    if any(facts.class_of(n) is not None and not facts.is_alone(n) for n in sums):
        return False
    read = {n for s in inner for n in facts.own(s).reads}
    places = {n for s in inner if isinstance(s, Store) for n in names(s.target.index)}
    return bool(sums) and not sums & (read | places) and bound_in(loop.body) <= made | sums
