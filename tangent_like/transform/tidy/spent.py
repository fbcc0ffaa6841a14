"""What is stored into places that nobody reads any more, gone.

Before                                           After

    X_bar = 2 * X                                    X_bar = 2 * X
    p_bar = np.zeros(n)                              p_bar = np.zeros(n)
    for i in range(n):                               for i in range(n):
        for j in range(n):                               for j in range(n):
            p_bar[j] += X_bar[i, j] * W[i, j]                p_bar[j] += X_bar[i, j] * W[i, j]
            X_bar[i, j] = 0.0                            for j in range(i):
        for j in range(i):                                   p_bar[j] += X_bar[i + 1, j] * W[i, j]
            p_bar[j] += X_bar[i + 1, j] * W[i, j]    return p_bar
            X_bar[i, j] += W[i, j]
    return p_bar

No later turn reads row ``i`` of ``X_bar``. Of arrays that are ours and go by no other name; places are told apart by
``analysis/regions.py``. Sums into places that only such sums read go together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tangent_like.analysis.bindings import count_bindings
from tangent_like.analysis.regions import Regions, Site
from tangent_like.ir.nodes import (
    Attribute,
    Augment,
    Block,
    Expr,
    Function,
    Index,
    Lambda,
    Name,
    Opaque,
    Pass,
    Pop,
    Stmt,
    Store,
)
from tangent_like.ir.walk import base_name, children, expressions, statements
from tangent_like.kinds.kind import INT, UNKNOWN, Array, Kind
from tangent_like.transform.tidy.blocks import change_blocks, with_body
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.looks import WHOLE

PAIRS = 600  # of stores and reads of one array: beyond that it is left as it is


@dataclass(eq=False)
class _Uses:
    """Of one array: the stores that may go, what else reads it, and what these stores read for themselves."""

    stores: list[Store] = field(default_factory=list)
    reads: list[Site] = field(default_factory=list)
    own: dict[Store, list[Site]] = field(default_factory=dict)


def spent(function: Function, facts: Facts) -> Function:
    uses = _find_uses(function, facts)
    if not uses:
        return function
    regions = Regions(function.body, count_bindings(function), _kinds(facts))
    gone: set[Stmt] = set()
    for name in uses:
        gone |= _unread(uses[name], regions)
    if not gone:
        return function

    def block(body: Block) -> Block:
        out = tuple(change_blocks(s, block) for s in body if s not in gone)
        return out or (Pass(),)

    return with_body(function, block(function.body))


def _find_uses(function: Function, facts: Facts) -> dict[str, _Uses]:
    """By name, where a store into it in a loop may go."""
    found: dict[str, _Uses] = {}
    for stmt in statements(function.body):
        if isinstance(stmt, Store) and (name := base_name(stmt.target)) is not None and _is_ours(name, facts):
            found.setdefault(name, _Uses())
    if not found:
        return found
    for stmt in statements(function.body):
        target = base_name(stmt.target) if isinstance(stmt, Store) else None
        own = found.get(target or "")
        if own is not None and isinstance(stmt, Store):
            if not facts.own(stmt).acts and not _reads(stmt.value, target) and not stmt.each:
                own.stores.append(stmt)
                own.own[stmt] = [Site(stmt, stmt.target)] if stmt.op else []
            elif stmt.op:
                own.reads.append(Site(stmt, stmt.target))
        for name, path in _sites(stmt):
            if name in found:
                found[name].reads.append(Site(stmt, path))
        if isinstance(stmt, Augment) and stmt.target in found:
            found[stmt.target].reads.append(Site(stmt, None))
    return {n: u for n, u in found.items() if u.stores and len(u.stores) * len(u.reads) <= PAIRS}


def _is_ours(name: str, facts: Facts) -> bool:
    return name not in facts.users and facts.is_alone(name) and bool(facts.look_of(name).rank)


def _reads(expr: Expr, name: str | None) -> bool:
    return any(n == name for n, _ in _within(expr))


def _sites(stmt: Stmt) -> list[tuple[str, Index | None]]:
    """The names that a statement's own expressions read, each with the element that is meant, or None for all."""
    found: list[tuple[str, Index | None]] = []
    for expr in expressions(stmt):
        if isinstance(stmt, Store | Pop) and expr is stmt.target:
            place: Expr = expr
            while isinstance(place, Index | Attribute):
                if isinstance(place, Index):
                    found.extend(_within(place.index))
                place = place.value
            if not isinstance(place, Name):
                found.extend(_within(place))
        else:
            found.extend(_within(expr))
    return found


def _within(expr: Expr) -> list[tuple[str, Index | None]]:
    found: list[tuple[str, Index | None]] = []
    pending = [expr]
    while pending:
        node = pending.pop()
        if isinstance(node, Name):
            found.append((node.id, None))
        elif isinstance(node, Index) and _is_path(node):
            found.append((base_name(node) or "", node))
            inner: Expr = node
            while isinstance(inner, Index):
                pending.append(inner.index)
                inner = inner.value
        elif isinstance(node, Attribute) and node.name in ("shape", "ndim", "size") and isinstance(node.value, Name):
            continue
        elif isinstance(node, Opaque):
            found.extend((n, None) for n in node.reads)
        elif isinstance(node, Lambda):
            inside = [e for s in statements(node.function.body) for e in expressions(s)]
            found.extend((n, None) for e in inside for n, _ in _within(e))
        else:
            pending.extend(children(node))
    return found


def _is_path(node: Expr) -> bool:
    while isinstance(node, Index):
        node = node.value
    return isinstance(node, Name)


def _unread(uses: _Uses, regions: Regions) -> set[Stmt]:
    """The stores of which no read that stays may see anything."""
    left = list(uses.stores)
    pending = list(uses.reads)
    while pending and left:
        site = pending.pop()
        seen = [s for s in left if regions.may_reach(s, site)]
        left = [s for s in left if s not in seen]
        for store in seen:
            pending.extend(uses.own[store])
    return set(left)


def _kinds(facts: Facts) -> Callable[[Stmt], Callable[[Expr], Kind]]:
    def kind(expr: Expr) -> Kind:
        look = facts.look(expr)
        if look == WHOLE:
            return INT
        return Array((None,) * look.rank) if look.rank else UNKNOWN

    return lambda _: kind
