"""Loops that add to the same places one after the other are one loop, which stores there once.

Before                                           After

    for j in range(n):                               for j in range(n):
        for i in range(n):                               for i in range(n):
            A_bar[j, i] = u_bar[i] * w[j]                    A_bar[j, i] = u_bar[i] * w[j] + v_bar[j] * x[i]
    for i in range(n - 1, -1, -1):
        for j in range(n - 1, -1, -1):
            A_bar[i, j] += v_bar[i] * x[j]

Only where the turns of each may come in any order, and no turn of the second touches what another of the first does.
Sums may come in any order (decision 23).
"""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import add, sub
from tangent_like.ir.nodes import Block, Comment, For, Function, Name, Pass, Stmt, Store
from tangent_like.ir.walk import bound_in, key, same, with_body
from tangent_like.kinds.dims import Sizes
from tangent_like.native.memory import Memory
from tangent_like.native.nests import Nest, fused, touches, written
from tangent_like.native.raising import Uses, find_uses, raised


def joined(function: Function, memory: Memory, sizes: Sizes) -> Function:
    uses = find_uses(function.body)

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        for stmt in body:
            new = with_blocks(stmt, block)
            last = next((k for k in range(len(out) - 1, -1, -1) if not isinstance(out[k], Comment)), None)
            before = None if last is None else out[last]
            if isinstance(new, For) and isinstance(before, For):
                one = _joined(before, new, memory, sizes, uses)
                if one is not None and last is not None:
                    out[last:] = [*out[last + 1 :], *one]
                    continue
            out.append(new)
        return tuple(out)

    return with_body(function, block(function.body))


def _joined(first: For, second: For, memory: Memory, sizes: Sizes, uses: Uses) -> list[Stmt] | None:
    one, two = (raised(loop, memory.alias, memory.is_array, uses) for loop in (first, second))
    if one is None or two is None or one.rank != two.rank or not _in_one_place(one, two):
        return None
    if [key(e.text) for e in one.extents] != [key(e.text) for e in two.extents]:
        return None
    turns = _turns(first)[: one.rank]
    if bound_in(tuple(two.body)) & set(turns):
        return None
    if not fused(one, replace(two, extents=one.extents), sizes, memory.alias, memory.is_array):
        return None
    return written(replace(one, body=_with_sums(one.body, memory)), turns)


def _in_one_place(one: Nest, two: Nest) -> bool:
    """Does the second add to a place that the first writes in the same turn?"""
    firsts = [s.target for s in one.body if isinstance(s, Store) and s.op in ("", "+")]
    return any(isinstance(s, Store) and s.op in ("+", "-") and same(s.target, t) for s in two.body for t in firsts)


def _turns(loop: For) -> list[str]:
    """The variables of a loop and of those that stand alone in it, the outer ones first."""
    found = [loop.target]
    inner = [s for s in loop.body if not isinstance(s, Comment | Pass)]
    return found + _turns(inner[0]) if len(inner) == 1 and isinstance(inner[0], For) else found


def _with_sums(body: list[Stmt], memory: Memory) -> list[Stmt]:
    """``a[i] = u`` and ``a[i] += v`` next to each other, as ``a[i] = u + v``."""
    out: list[Stmt] = []
    for stmt in body:
        last = out[-1] if out else None
        if (
            isinstance(stmt, Store)
            and isinstance(last, Store)
            and not stmt.each
            and stmt.op in ("+", "-")
            and last.op in ("", "+")
            and same(stmt.target, last.target)
            and not _reads(stmt, memory)
        ):
            value = add(last.value, stmt.value) if stmt.op == "+" else sub(last.value, stmt.value)
            out[-1] = replace(last, value=value)
        else:
            out.append(stmt)
    return out


def _reads(stmt: Store, memory: Memory) -> bool:
    """Does the value read of the array that the statement adds to?"""
    base = stmt.target.value
    own = memory.alias(base.id) if isinstance(base, Name) else None
    return own is None or any(memory.alias(t.name) == own and not t.writes for t in touches([stmt], memory.is_array))
