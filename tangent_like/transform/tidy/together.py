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

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

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
    finder = _Finder(facts, uses, starts, _backs(function.body), _Lines(function.body, facts))
    for body in found:
        pushes = [s for s in body if isinstance(s, Push)]
        kept = [k for k in map(finder.kept, pushes) if k is not None]
        groups: dict[int, list[_Kept]] = {}
        for one in kept:
            groups.setdefault(id(one.back), []).append(one)
        for group in groups.values():
            place, chosen = _place(_Lines(body, facts), group)
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


class _Lines:
    """Where in a block what stands: asked of each name that is kept, and found once."""

    def __init__(self, body: Block, facts: Facts) -> None:
        self.body = body
        self.at = {stmt: k for k, stmt in enumerate(body)}
        self.bound: dict[str, list[int]] = {}
        self.read: dict[str, list[int]] = {}
        self.pops: dict[str, list[Pop]] = {}
        self.jumps: list[int] = []
        for k, stmt in enumerate(body):
            does = facts.does(stmt)
            for name in does.binds:
                self.bound.setdefault(name, []).append(k)
            for name in does.reads:
                self.read.setdefault(name, []).append(k)
            if isinstance(stmt, Pop):
                self.pops.setdefault(stmt.list, []).append(stmt)
            if any(isinstance(s, Break | Continue) for s in statements((stmt,))):
                self.jumps.append(k)

    def span(self, push: Push) -> tuple[int, int]:
        """The first and the last statement before which the name holds what the push keeps, in the same turns."""
        at = self.at[push]
        assert isinstance(push.value, Name)
        ends = (self.bound.get(push.value.id, []), self.jumps)
        first = max(found[k - 1] + 1 if (k := bisect_left(found, at)) else 0 for found in ends)
        last = min(found[k] if (k := bisect_right(found, at)) < len(found) else len(self.body) for found in ends)
        return first, last


def _place(lines: _Lines, group: list[_Kept]) -> tuple[int, list[_Kept]]:
    """Before which statement the most of the names hold what is kept of them, and which do."""
    spans = [(one, *lines.span(one.push)) for one in group]
    starts = sorted(first for _, first, _ in spans)
    ends = sorted(last for _, _, last in spans)
    places = sorted({lines.at[one.push] for one in group} | set(starts))
    if not places:
        return 0, []
    # of those that began, those that have not ended; the first place of the most
    best = max(places, key=lambda place: (bisect_right(starts, place) - bisect_left(ends, place), -place))
    return best, [one for one, first, last in spans if first <= best <= last]


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


@dataclass(eq=False)
class _Finder:
    """``uses``, ``starts`` and ``backs`` by name of a list; ``top``: the function's own block."""

    facts: Facts
    uses: Counter[str]
    starts: dict[str, Assign]
    backs: dict[str, Block]
    top: _Lines
    lines: dict[int, tuple[_Lines, Counter[str]]] = field(default_factory=dict)  # of blocks that take, by identity

    def kept(self, push: Push) -> _Kept | None:
        if not isinstance(push.value, Name) or self.uses[push.list] != 3:
            return None
        name, back = push.value.id, self.backs.get(push.list)
        if back is None or push.list not in self.starts:
            return None
        if id(back) not in self.lines:
            times = Counter(n for s in statements(back) for n in set(binds(s)))
            self.lines[id(back)] = _Lines(back, self.facts), times
        lines, times = self.lines[id(back)]
        pops = lines.pops.get(push.list, [])
        if pops and not (isinstance(pops[0].target, Name) and pops[0].target.id == name):
            return None
        if times[name] != len(pops):
            return None
        if pops:
            if lines.read.get(name, [len(back)])[0] < lines.at[pops[0]]:
                return None
        # where it is bound anew, nobody may read what it was
        elif any(push not in statements((self.top.body[k],)) for k in self.top.read.get(name, ())):
            return None
        return _Kept(name, push.list, self.starts[push.list], push, back)


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
