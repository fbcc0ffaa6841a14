"""Names that have changed places, changed back: nothing of them is kept.

Before                                   After

    k_saved = []                             for i in range(n):
    p_saved = []                                 k, p = p, k
    for i in range(n):                           k[i] = p[i] * 2
        k_saved.append(k)                    for i in range(n - 1, -1, -1):
        p_saved.append(p)                        k, p = p, k
        k, p = p, k                              x_bar += k[i] * p[i]
        k[i] = p[i] * 2
    for i in range(n - 1, -1, -1):
        p = p_saved.pop()
        k = k_saved.pop()
        x_bar += k[i] * p[i]

Of loops that are run once, where nothing else binds those names.
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.nodes import Assign, Block, Each, For, Function, List, Name, Pop, Push, Stmt, While
from tangent_like.ir.walk import binds, reads, statements
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.facts import Facts

Loop = For | Each | While


def swaps(function: Function, facts: Facts) -> Function:  # noqa: ARG001  # as every pass
    for k, loop in enumerate(function.body):
        if isinstance(loop, Loop):
            for stmt in loop.body:
                if isinstance(stmt, Assign) and is_swap(stmt):
                    found = _swapped(function.body, k, loop, stmt)
                    if found is not None:
                        return with_body(function, found)
    return function


def is_swap(stmt: Assign) -> bool:
    values = [v.id for v in stmt.values if isinstance(v, Name)]
    return len(set(stmt.targets)) == len(stmt.targets) > 1 and sorted(values) == sorted(stmt.targets)


def _swapped(body: Block, k: int, loop: Loop, swap: Assign) -> Block | None:
    at = loop.body.index(swap)
    pushes = {
        s.value.id: s for s in loop.body[:at] if isinstance(s, Push) and isinstance(s.value, Name)
    }
    if not set(swap.targets) <= pushes.keys():
        return None
    lists = {pushes[n].list: n for n in swap.targets}
    back = next((q for q in range(k + 1, len(body)) if set(lists) & _taken(body[q])), None)
    if back is None:
        return None
    other = body[back]
    assert isinstance(other, Loop)
    pops = [s for s in other.body if isinstance(s, Pop) and s.list in lists]
    first = other.body.index(pops[0])
    together = all(a is b for a, b in zip(other.body[first:], pops, strict=False))
    names_too = all(isinstance(p.target, Name) and p.target.id == lists[p.list] for p in pops)
    if len(pops) != len(lists) or not together or not names_too:
        return None
    starts = [s for s in body[:k] if isinstance(s, Assign) and set(s.targets) & lists.keys()]
    empty = all(isinstance(s.values[0], List) and not s.values[0].items for s in starts)
    uses = [n for s in statements(body) for n in lists if n in reads(s) or n in binds(s)]
    if len(starts) != len(lists) or not empty or len(uses) != 3 * len(lists):
        return None
    bound = [n for s in (loop, *body[k + 1 : back], other) for n in _bound(s) if n in swap.targets]
    if len(bound) != 2 * len(lists):
        return None
    new = Assign(*_back(swap), None)
    gone: set[Stmt] = {*starts, *(pushes[n] for n in swap.targets)}
    ahead = replace(loop, body=tuple(s for s in loop.body if s not in gone))
    behind = replace(other, body=(*other.body[:first], new, *other.body[first + len(pops) :]))
    table: dict[Stmt, Stmt] = {loop: ahead, other: behind}
    return tuple(table.get(s, s) for s in body if s not in gone)


def _back(swap: Assign) -> tuple[tuple[str, ...], tuple[Name, ...]]:
    """Targets and values of what changes the names back: of two that change places, the same."""
    to = {t: v.id for t, v in zip(swap.targets, swap.values, strict=True) if isinstance(v, Name)}
    known = {n: t for t, n in to.items()}
    return swap.targets, tuple(Name(known[t]) for t in swap.targets)


def _taken(stmt: Stmt) -> set[str]:
    return {s.list for s in stmt.body if isinstance(s, Pop)} if isinstance(stmt, Loop) else set()


def _bound(stmt: Stmt) -> list[str]:
    return [n for s in statements((stmt,)) for n in binds(s)]
