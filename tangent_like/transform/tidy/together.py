"""What a turn keeps in one place, in one list.

Before                                   After

    c_saved = []                             saved = []
    s_saved = []                             for i in range(n):
    x_saved = []                                 s = np.sin(x)
    for i in range(n):                           c = np.cos(s)
        s = np.sin(x)                            saved.append((x, s, c))
        c = np.cos(s)                            x = s * c
        x_saved.append(x)                    for i in range(n - 1, -1, -1):
        x = s * c                                x, s, c = saved.pop()
        s_saved.append(s)                        y_bar += c * s
        c_saved.append(c)                        y_bar += x
    for i in range(n - 1, -1, -1):
        c = c_saved.pop()
        y_bar += c * s_saved.pop()
        x = x_saved.pop()
        y_bar += x

Of three values and more; of two, if neither is a variable of the user's: one or two of those have lists of their own,
which are named after them (decision 6).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Block,
    Break,
    Call,
    Continue,
    Expr,
    Function,
    List,
    Name,
    Pop,
    Push,
    Stmt,
    Tuple,
)
from tangent_like.ir.walk import binds, expressions, rebuild, statements
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import nodes, takes
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.fused import used


@dataclass(frozen=True, eq=False)
class _Kept:
    """A name that a turn keeps, and takes from the list ``list`` in the block ``back``."""

    name: str
    list: str
    start: Stmt
    push: Push
    back: Block


def together(function: Function, facts: Facts) -> Function:
    found = list(_pushing(function.body))
    if not found:
        return function
    uses = used(function.body)
    starts = {s.targets[0]: s for s in function.body if isinstance(s, Assign) and _is_empty(s)}
    backs = _backs(function.body)
    for body in found:
        pushes = [s for s in body if isinstance(s, Push)]
        kept = [k for k in (_kept(p, function.body, facts, uses, starts, backs) for p in pushes) if k is not None]
        groups: dict[int, list[_Kept]] = {}
        for one in kept:
            groups.setdefault(id(one.back), []).append(one)
        for group in groups.values():
            place, chosen = _place(body, group, facts)
            if len(chosen) > (1 if all(one.name not in facts.users for one in chosen) else 2):
                taken = frozenset(uses) | facts.users
                return with_body(function, _joined(function.body, chosen, body, place, facts, taken))
    return function


def _pushing(body: Block) -> Iterator[Block]:
    """The blocks that keep several values."""
    if sum(isinstance(s, Push) for s in body) > 1:
        yield body
    for stmt in body:
        yield from (b for inner in _inner(stmt) for b in _pushing(inner))


def _place(body: Block, group: list[_Kept], facts: Facts) -> tuple[int, list[_Kept]]:
    """Before which statement the most of the names hold what is kept of them, and which do."""
    spans = [(one, *_span(body, one.push, facts)) for one in group]
    best: tuple[int, list[_Kept]] = (0, [])
    for place in sorted({body.index(one.push) for one in group} | {first for _, first, _ in spans}):
        held = [one for one, first, last in spans if first <= place <= last]
        if len(held) > len(best[1]):
            best = place, held
    return best


def _span(body: Block, push: Push, facts: Facts) -> tuple[int, int]:
    """The first and the last statement before which the name holds what the push keeps, in the same turns."""
    at = body.index(push)
    assert isinstance(push.value, Name)
    name = push.value.id

    def ends(stmt: Stmt) -> bool:
        return name in facts.does(stmt).binds or any(isinstance(s, Break | Continue) for s in statements((stmt,)))

    first = next((k + 1 for k in range(at - 1, -1, -1) if ends(body[k])), 0)
    last = next((k for k in range(at + 1, len(body)) if ends(body[k])), len(body))
    return first, last


def _inner(stmt: Stmt) -> list[Block]:
    found: list[Block] = []

    def note(body: Block) -> Block:
        found.append(body)
        return body

    change_blocks(stmt, note)
    return found


def _is_empty(stmt: Assign) -> bool:
    value = stmt.values[0]
    return len(stmt.targets) == 1 and isinstance(value, List) and not value.items


def _backs(body: Block) -> dict[str, Block]:
    """By list: the block of the statement that takes from it."""
    found: dict[str, Block] = {}
    for stmt in body:
        found.update(dict.fromkeys(_taken(stmt), body))
        for inner in _inner(stmt):
            found.update(_backs(inner))
    return found


def _taken(stmt: Stmt) -> list[str]:
    if isinstance(stmt, Pop):
        return [stmt.list] if isinstance(stmt.target, Name) else []
    calls = [n for e in expressions(stmt) for n in nodes(e) if isinstance(n, Call) and takes(n)]
    return [c.func.value.id for c in calls if isinstance(c.func, Attribute) and isinstance(c.func.value, Name)]


def _kept(
    push: Push, body: Block, facts: Facts, uses: Counter[str], starts: dict[str, Assign], backs: dict[str, Block]
) -> _Kept | None:
    if not isinstance(push.value, Name) or uses[push.list] != 3:
        return None
    name, back = push.value.id, backs.get(push.list)
    if back is None or push.list not in starts:
        return None
    pops = [s for s in back if isinstance(s, Pop) and s.list == push.list]
    if pops and not (isinstance(pops[0].target, Name) and pops[0].target.id == name):
        return None
    if sum(name in binds(s) for s in statements(back)) != len(pops):
        return None
    ahead = back[: back.index(pops[0])] if pops else ()
    if any(name in facts.does(s).reads for s in ahead):
        return None
    if not pops:  # where it is bound anew, nobody may read what it was
        ahead = tuple(s for s in body if push not in statements((s,)))
        if any(name in facts.does(s).reads for s in ahead):
            return None
    return _Kept(name, push.list, starts[push.list], push, back)


def _joined(
    body: Block, group: list[_Kept], forward: Block, place: int, facts: Facts, used_names: frozenset[str]
) -> Block:
    """``group`` kept before the statement with the number ``place`` of the block ``forward``."""
    name = group[0].list
    if any(one.name in facts.users for one in group):
        name = Namer(used_names).fresh("saved")
    lists = {one.list: one.name for one in group}
    starts = {one.start for one in group}
    gone = {one.push for one in group}
    names = tuple(one.name for one in group)
    pushed = Push(name, Tuple(tuple(map(Name, names))), group[0].push.origin)
    taken = Assign(names, (Call(Attribute(Name(name), "pop"), ()),), None)

    def named(expr: Expr) -> Expr:
        if isinstance(expr, Call) and takes(expr) and isinstance(expr.func, Attribute):
            held = expr.func.value
            if isinstance(held, Name) and held.id in lists:
                return Name(lists[held.id])
        return rebuild(expr, named)

    def block(old: Block) -> Block:
        out: list[Stmt] = [taken] if old is group[0].back else []
        for k, stmt in enumerate(old):
            if old is forward and k == place:
                out.append(pushed)
            if stmt in gone or (isinstance(stmt, Pop) and stmt.list in lists):
                continue
            if stmt in starts:
                if stmt is group[0].start:
                    out.append(Assign((name,), stmt.values, None))  # type: ignore[union-attr]
                continue
            new = with_expressions(stmt, named) if old is group[0].back else stmt
            out.append(change_blocks(new, block))
        if old is forward and place == len(old):
            out.append(pushed)
        return tuple(out)

    return block(body)
