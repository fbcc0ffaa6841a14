"""What a turn keeps besides the user's variables, in one list.

Before                                   After

    a_saved = []                             a_saved = []
    b_saved = []                             for i in range(n):
    for i in range(n):                           a_bar = np.sin(x)
        a_bar = np.sin(x)                        b_bar = np.cos(x)
        b_bar = np.cos(x)                        x = a_bar * b_bar
        x = a_bar * b_bar                        a_saved.append((a_bar, b_bar))
        a_saved.append(a_bar)                for i in range(n - 1, -1, -1):
        b_saved.append(b_bar)                    a_bar, b_bar = a_saved.pop()
    for i in range(n - 1, -1, -1):               y_bar += a_bar * b_bar
        b_bar = b_saved.pop()
        y_bar += a_saved.pop() * b_bar

Each variable of the user's has a list of its own, which is named after it (decision 6); parts of expressions and what
calls keep have no name to tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tangent_like.ir.nodes import Assign, Attribute, Block, Call, Expr, Function, List, Name, Pop, Push, Stmt, Tuple
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
    runs = list(_runs(function.body))
    if not runs:
        return function
    uses = used(function.body)
    starts = {s.targets[0]: s for s in function.body if isinstance(s, Assign) and _is_empty(s)}
    backs = _backs(function.body)
    for run in runs:
        found = [k for k in (_kept(p, function.body, facts, uses, starts, backs) for p in run) if k is not None]
        groups: dict[int, list[_Kept]] = {}
        for one in found:
            groups.setdefault(id(one.back), []).append(one)
        for group in groups.values():
            if len(group) > 1:
                return with_body(function, _joined(function.body, group))
    return function


def _runs(body: Block) -> Iterator[list[Push]]:
    """Statements in a row that keep names."""
    run: list[Push] = []
    for stmt in body:
        if isinstance(stmt, Push):
            run.append(stmt)
            continue
        if len(run) > 1:
            yield run
        run = []
        yield from (r for inner in _inner(stmt) for r in _runs(inner))
    if len(run) > 1:
        yield run


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
    if not isinstance(push.value, Name) or push.value.id in facts.users or uses[push.list] != 3:
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


def _joined(body: Block, group: list[_Kept]) -> Block:
    first = group[0].list
    lists = {one.list: one.name for one in group}
    gone = {s for one in group[1:] for s in (one.start, one.push)}
    names = tuple(one.name for one in group)
    pushed = Push(first, Tuple(tuple(map(Name, names))), group[0].push.origin)
    taken = Assign(names, (Call(Attribute(Name(first), "pop"), ()),), None)

    def named(expr: Expr) -> Expr:
        if isinstance(expr, Call) and takes(expr) and isinstance(expr.func, Attribute):
            held = expr.func.value
            if isinstance(held, Name) and held.id in lists:
                return Name(lists[held.id])
        return rebuild(expr, named)

    def block(old: Block) -> Block:
        out: list[Stmt] = [taken] if old is group[0].back else []
        for stmt in old:
            if stmt in gone or (isinstance(stmt, Pop) and stmt.list in lists):
                continue
            if stmt is group[0].push:
                out.append(pushed)
                continue
            new = with_expressions(stmt, named) if old is group[0].back else stmt
            out.append(change_blocks(new, block))
        return tuple(out)

    return block(body)
