"""What a call returns, and a list that is made, go at once to the names that they are meant for.

Before                                   After

    q, p = step(state_q, state_p, k)         state_q, state_p = step(state_q, state_p, k)
    state_q, state_p = q, p
    found_new = []                           found = []
    s = 0.0                                  s = 0.0
    found = found_new

Where nothing else reads the names in between. A copy that nobody reads goes: it may be of what only another path
binds, as ``t = k`` after a loop without turns, and in a ``try`` it would stay.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import Assign, Block, Call, List, Name, Pass, Stmt
from tangent_like.ir.walk import binds, expressions, reads, statements, subexpressions


def direct(body: Block) -> Block:
    """The block with such names left out."""
    counts: Counter[str] = Counter()
    read: set[str] = set()
    for stmt in statements(body):
        counts.update(binds(stmt))
        counts.update(e.id for expr in expressions(stmt) for e in subexpressions(expr) if isinstance(e, Name))
        read |= reads(stmt)
    return _block(body, {name for name, count in counts.items() if count == 2}, read)


def _block(body: Block, once: set[str], read: set[str]) -> Block:
    out: list[Stmt] = []
    for stmt in body:
        if isinstance(stmt, Assign) and not read & {*stmt.targets} and all(isinstance(v, Name) for v in stmt.values):
            continue
        call = out[-1] if out else None
        found = _joined(call, stmt, once) if isinstance(call, Assign) and isinstance(stmt, Assign) else None
        made = _made(out, stmt, once)
        if found is not None:
            out[-1] = found
        elif made is not None:
            out[made[0]] = made[1]
        else:
            out.append(with_blocks(stmt, lambda b: _block(b, once, read)))
    return tuple(out) if out or not body else (Pass(),)


def _joined(call: Assign, stmt: Assign, once: set[str]) -> Assign | None:
    """``once``: names that are bound in one place, and read in one."""
    if len(call.values) != 1 or len(call.targets) < 2 or not isinstance(call.values[0], Call) or call.writes:
        return None
    if len(stmt.values) != len(stmt.targets):
        return None
    table: dict[str, str] = {}
    for target, value in zip(stmt.targets, stmt.values, strict=True):
        if not isinstance(value, Name) or value.id not in once or value.id not in call.targets:
            return None
        table[value.id] = target
    targets = tuple(table.get(t, t) for t in call.targets)
    return replace(call, targets=targets) if len(set(targets)) == len(targets) else None


def _made(before: list[Stmt], stmt: Stmt, once: set[str]) -> tuple[int, Assign] | None:
    """Which statement makes a list that this one only binds to another name, and what it is then; else None."""
    match stmt:
        case Assign((target,), (Name(own),)) if own in once:
            for k in range(len(before) - 1, -1, -1):
                match before[k]:
                    case Assign((name,), (List(),)) as made if name == own:
                        return k, replace(made, targets=(target,))
                said = {n for s in statements((before[k],)) for n in (*binds(s), *reads(s))}
                if target in said or own in said:  # or it is filled in between
                    return None
    return None
