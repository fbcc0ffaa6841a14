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

Taken where all of them may be: behind what still reads the later value of one of them. What is kept in an arm of a
branch stays in the list of the first of the user's variables, so that an edit of one arm names nothing anew in another.
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
    If,
    List,
    Name,
    Pop,
    Push,
    Stmt,
    Tuple,
)
from tangent_like.ir.walk import binds, expressions, rebuild, statements, subexpressions
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import takes
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.fused import used

FEW = 24  # of how many names each place is tried


@dataclass(frozen=True, eq=False)
class _Kept:
    """A name that a turn keeps, and takes from the list ``list`` in the block ``back``."""

    name: str
    list: str
    start: Stmt
    push: Push
    back: Block
    first: int  # the statements of ``back`` before which it may be taken, from the first to the last
    last: int


def together(function: Function, facts: Facts) -> Function:
    found = list(_pushing(function.body))
    if not found:
        return function
    uses = used(function.body)
    starts = {s.targets[0]: s for s in function.body if isinstance(s, Assign) and _is_empty(s)}
    finder = _Finder(facts, uses, starts, _backs(function.body), _Lines(function.body, facts))
    for body, in_arm in found:
        pushes = [s for s in body if isinstance(s, Push)]
        kept = [k for k in map(finder.kept, pushes) if k is not None]
        groups: dict[int, list[_Kept]] = {}
        for one in kept:
            groups.setdefault(id(one.back), []).append(one)
        for group in groups.values():
            lines = _Lines(body, facts)
            spans = [(one, *lines.span(one.push)) for one in group]
            places = {first for _, first, _ in spans} | {lines.at[one.push] for one in group}
            place, back, chosen = _places(spans, sorted(places))
            if len(chosen) > 1:
                taken = frozenset(uses) | facts.users
                return with_body(function, _joined(function.body, chosen, body, in_arm, (place, back), facts, taken))
    return function


def _pushing(body: Block, in_arm: bool = False) -> Iterator[tuple[Block, bool]]:
    """The blocks that keep several values; and are they in an arm of a branch?"""
    if sum(isinstance(s, Push) for s in body) > 1:
        yield body, in_arm
    for stmt in body:
        yield from (b for inner in _inner(stmt) for b in _pushing(inner, in_arm or isinstance(stmt, If)))


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


Spans = list[tuple[_Kept, int, int]]  # of each name, the first statement and the last between which it may be


def _places(spans: Spans, places: list[int]) -> tuple[int, int, list[_Kept]]:
    """Before which of these statements the most of the names are kept, before which one taken, and which those are.

    Kept as soon as may be; taken as late: what reads the later value of one stays together.
    """
    best: tuple[int, int, list[_Kept]] = 0, 0, []
    few = len(spans) <= FEW
    for place in places if few else _most(spans, places):
        there = [one for one, first, last in spans if first <= place <= last]
        if len(there) > len(best[2]):
            taking = [(one, one.first, one.last) for one in there]
            back = _most(taking, sorted({one.last for one in there}, reverse=True))[0]
            chosen = [one for one, first, last in taking if first <= back <= last]
            best = (place, back, chosen) if len(chosen) > len(best[2]) else best
    return best


def _most(spans: Spans, places: list[int]) -> list[int]:
    """The first of the places at which the most of the names may be."""
    starts = sorted(first for _, first, _ in spans)
    ends = sorted(last for _, _, last in spans)
    # of those that began, those that have not ended
    return [max(places, key=lambda place: bisect_right(starts, place) - bisect_left(ends, place))] if places else []


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
    calls = [n for e in expressions(stmt) for n in subexpressions(e) if isinstance(n, Call) and takes(n)]
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
        # where it is bound anew, nobody may read what it was, or will be
        if not pops and any(self.sees(push, back, k) for k in self.top.read.get(name, ())):
            return None
        read = lines.read.get(name, [])
        if read and not pops:
            return None
        place = lines.at[pops[0]] if pops else next(k for k, s in enumerate(back) if push.list in _taken(s))
        later = bisect_left(read, place)  # of what reads it, the first behind that
        first = read[later - 1] + 1 if later else 0
        last = read[later] if later < len(read) else len(back) if pops else place
        if any(k < last for k in lines.jumps):
            return None
        return _Kept(name, push.list, self.starts[push.list], push, back, first, last)

    def sees(self, push: Push, back: Block, k: int) -> bool:
        """Does statement ``k`` of the function read what a name is, once it is bound in ``back``?"""
        stmt = self.top.body[k]
        if push in statements((stmt,)):
            return False
        return back is self.top.body or not any(_holds(s, back) for s in self.top.body[k + 1 :])


def _holds(stmt: Stmt, body: Block) -> bool:
    return any(inner is body or any(_holds(s, body) for s in inner) for inner in _inner(stmt))


def _joined(
    body: Block,
    group: list[_Kept],
    forward: Block,
    in_arm: bool,
    places: tuple[int, int],
    facts: Facts,
    used_names: frozenset[str],
) -> Block:
    """``group`` kept before one statement of the block ``forward``, and taken before one of theirs, by number.

    ``in_arm``: is ``forward`` in an arm of a branch?
    """
    place, back = places
    name = next((one.list for one in group if one.name in facts.users), "")
    name = Namer(used_names).fresh("saved") if name and not in_arm else name or group[0].list
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
        out: list[Stmt] = []
        for k, stmt in enumerate(old):
            if old is group[0].back and k == back:
                out.append(taken)
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
        if old is group[0].back and back == len(old):
            out.append(taken)
        if old is forward and place == len(old):
            out.append(pushed)
        return tuple(out)

    return block(body)
