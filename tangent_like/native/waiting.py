"""Sums that an innermost loop adds to several places of an array wait in memory of their own until it has ended.

Before                                           After

    for i in range(1, n - 1):                        p_bar_waiting = np.empty(max(n - 1, 0))
        if c[i] > 0:                                 for i in range(1, n - 1):
            p_bar[i] += t_bar                            p_bar_here = 0.0
            p_bar[i - 1] -= t_bar                        p_bar_next = 0.0
        else:                                            if c[i] > 0:
            p_bar[i] -= t_bar                                p_bar_here += t_bar
                                                             p_bar_next -= t_bar
                                                         else:
                                                             p_bar_here -= t_bar
                                                         p_bar[i] += p_bar_here
                                                         p_bar_waiting[i] = p_bar_next
                                                     for i in range(1, n - 1):
                                                         if p_bar_waiting[i] != 0.0:
                                                             p_bar[i - 1] += p_bar_waiting[i]

Added at once, each sum waits for the one that the turn before stored, and no turns are taken together. Nothing else in
the loop touches the array, so that its sums may come later. A place that is added to in branches alone may not be there
in other turns: it is asked whether there is something to add.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import np_call
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Block,
    Call,
    Compare,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Library,
    Name,
    Ref,
    Stmt,
    Store,
    Tuple,
    While,
)
from tangent_like.ir.walk import binds, blocks, bound_in, expressions, key, names, statements, subexpressions, with_body
from tangent_like.kinds.dims import symbol
from tangent_like.kinds.kind import FLOAT, Array
from tangent_like.kinds.operands import literal
from tangent_like.native.memory import Memory
from tangent_like.native.nests import at_least_zero, touches
from tangent_like.native.places import Around, linear, names_of
from tangent_like.native.raising import Uses, find_uses
from tangent_like.native.upward import any_order, any_order_outside, downwards, turned

MOST = 12  # places of one loop that wait
AT_ONCE = frozenset({"abs", "fabs", "sqrt", "min", "max", "minimum", "maximum", "float"})  # of several turns


@dataclass(frozen=True, eq=False)
class _Place:
    """A place that a loop adds to: ``name`` is the number in which a turn adds up; empty: one sum, of every turn."""

    target: Index
    name: str
    waiting: str  # memory; empty: it is added at the end of the turn
    always: bool  # is it added to in every turn?
    op: str = "+"
    again: bool = False  # does what it waits for wait there for another place already?


def with_waiting(function: Function, memory: Memory, namer: Namer) -> Function:
    uses = find_uses(function.body)

    def block(body: Block, around: Around, fixed: bool, down: frozenset[str]) -> tuple[list[Stmt], Block]:
        """Memory to be made before, and the new block; ``fixed``: it stands in no loop."""
        before: list[Stmt] = []
        out: list[Stmt] = []
        for stmt in body:
            made, new = statement(stmt, around, down)
            kept = made if fixed else [s for s in made if _sizes(s) & bound_in(body)]
            before += [s for s in made if s not in kept]
            out += [*kept, *new]
        return before, tuple(out)

    def statement(stmt: Stmt, around: Around, down: frozenset[str]) -> tuple[list[Stmt], list[Stmt]]:
        if not isinstance(stmt, For):
            return [], [with_blocks(stmt, lambda b: block(b, around, True, down)[1])]
        up = turned(stmt) if downwards(stmt) and stmt.target not in uses.late else stmt
        if up is not stmt and any_order_outside(stmt, around.within(stmt), memory, uses):
            found = loop(up, around, down)
            if found[0] or _beside(stmt):
                return found
        return loop(stmt, around, down)

    def loop(stmt: For, around: Around, down: frozenset[str]) -> tuple[list[Stmt], list[Stmt]]:
        within = around.within(stmt)
        limits = _limits(stmt)
        if not any(isinstance(s, For | Each | While) for s in statements(stmt.body)):
            waits = None if limits is None else _waits(stmt, limits, within, down, memory, uses, namer)
            return waits or ([], [stmt])
        down = down - {stmt.target} if limits is not None else down | {stmt.target}
        made, inner = block(stmt.body, within, False, down)
        inside = [s for s in made if stmt.target in _sizes(s)]
        new = stmt if inner == stmt.body else replace(stmt, body=(*inside, *inner))
        return [s for s in made if s not in inside], [new]

    return with_body(function, block(function.body, Around(), True, frozenset())[1])


def _beside(loop: For) -> bool:
    """Does it touch rows beside the one of its turn? Numba sees of what counts upwards alone that they are there."""
    every = (e for s in statements(loop.body) for whole in expressions(s) for e in subexpressions(whole))
    rows = [linear(i) for e in every if isinstance(e, Index) and isinstance(e.index, Tuple) for i in e.index.items[:-1]]
    apart = [(r - symbol(loop.target)).known for r in rows if r is not None]
    return any(apart)


def _sizes(stmt: Stmt) -> set[str]:
    return set().union(*map(names, expressions(stmt)))


def _waits(
    loop: For, limits: Expr, within: Around, down: frozenset[str], memory: Memory, uses: Uses, namer: Namer
) -> tuple[list[Stmt], list[Stmt]] | None:
    """The memory that is needed, and the statements instead of a loop; ``down``: names that do not count upwards."""
    if loop.target in uses.late or not _at_once(loop.body):
        return None
    found = [place for name in _arrays(loop.body) for place in _places(name, loop, memory, namer)]
    counted = {n for p in found for n in names(p.target.index)}
    if not found or len(found) > MOST or counted & down or not any_order(loop, within, memory, uses):
        return None
    of = {key(p.target): p for p in found}
    body = tuple(_added(loop.body, of, loop.target))
    numbers = [p for p in found if p.name]
    starts = tuple(Assign((p.name,), (Const(0.0),)) for p in numbers)
    ends = tuple(_end(p, loop.target) for p in numbers)
    made: list[Stmt] = []
    behind: dict[object, list[Stmt]] = {}  # places of several arrays in one loop, if they have the same index
    for place in found:
        if place.name:
            memory.typing.overall[place.name] = FLOAT
        if place.waiting:
            memory.typing.overall[place.waiting] = Array((None,), "float64")
            behind.setdefault(key(place.target.index), []).append(_behind(place, loop.target))
        if place.waiting and not place.again:
            made.append(Assign((place.waiting,), (np_call("empty", at_least_zero(limits)),), loop.origin))
    after = [replace(loop, body=tuple(stmts)) for stmts in behind.values()]
    return made, [replace(loop, body=(*starts, *body, *ends)), *after]


def _limits(loop: For) -> Expr | None:
    """The end of a loop that counts upwards from a number."""
    if len(loop.args) == 3 and literal(loop.args[2]) != 1:
        return None
    low = literal(loop.args[0]) if len(loop.args) > 1 else 0
    high = loop.args[1] if len(loop.args) > 1 else loop.args[0]
    if not isinstance(low, int) or low < 0 or linear(high) is None or names(high) & bound_in((loop,)):
        return None
    return high


def _at_once(body: Block) -> bool:
    """Is there nothing in the turns for which a processor takes one after another?"""
    every = (e for s in statements(body) for whole in expressions(s) for e in subexpressions(whole))
    calls = [e for e in every if isinstance(e, Call)]
    return all(_takes_several(c.func) for c in calls)


def _takes_several(function: Expr) -> bool:
    match function:
        case Ref(target=Library(qualname=name)):
            return name in AT_ONCE
        case _:
            return False


def _arrays(body: Block) -> Iterator[str]:
    yield from dict.fromkeys(s.target.value.id for s in _sums(body) if isinstance(s.target.value, Name))


def _sums(body: Block) -> Iterator[Store]:
    for stmt in statements(body):
        if isinstance(stmt, Store) and stmt.op in ("+", "-") and isinstance(stmt.target.value, Name) and not stmt.each:
            yield stmt


def _places(name: str, loop: For, memory: Memory, namer: Namer) -> list[_Place]:
    """The places of an array that the loop does nothing with but add to them: at least two that follow each other."""
    kind = memory.typing.overall.get(name)
    if not isinstance(kind, Array) or kind.dtype != "float64":
        return []
    own = memory.alias(name)
    stmts = [s for s in _sums(loop.body) if names(s.target.value) == {name}]
    met = [t for t in touches(loop.body, memory.is_array) if memory.alias(t.name) == own]
    if len(met) != len(stmts) or not all(t.sums and t.name == name for t in met):
        return []
    changing = bound_in((loop,))
    offsets: dict[object, int] = {}
    times: Counter[object] = Counter()
    targets: dict[object, Index] = {}
    always = _always(loop.body)
    for stmt in stmts:
        at = _offset(stmt.target, loop.target, changing, memory)
        if at is None:
            return []
        place = key(stmt.target)
        offsets[place], targets[place] = at, stmt.target
        times[place] += 1
    if len(set(offsets.values())) < 2:
        return []
    stays = times.most_common(1)[0][0]
    if stays not in always:
        stays = next((p for p, _ in times.most_common() if p in always), None)
    found = []
    shared: dict[str, str] = {}
    for place, target in targets.items():
        alone = next((s for s in loop.body if isinstance(s, Store) and key(s.target) == place), None)
        if times[place] > 1:
            alone = None
        value = _once_bound(alone, loop.body)
        again = value in shared
        waiting = "" if place == stays else shared[value] if again else namer.fresh(f"{name}_waiting")
        if value and waiting:
            shared[value] = waiting
        if alone is None or waiting:
            number = "" if alone is not None else namer.fresh(f"{name}_here" if place == stays else f"{name}_next")
            op = alone.op if alone is not None else "+"
            found.append(_Place(target, number, waiting, place in always, op, again))
    return found


def _once_bound(stmt: Store | None, body: Block) -> str:
    """The name that is added, if a turn binds it once; empty for anything else."""
    if stmt is None or not isinstance(stmt.value, Name):
        return ""
    name = stmt.value.id
    return name if [n for s in statements(body) for n in binds(s)].count(name) == 1 else ""


def _always(body: Block) -> set[object]:
    """The places that the turns add to whatever way they go."""
    found: set[object] = set()
    for stmt in body:
        if isinstance(stmt, If) and stmt.orelse:
            found |= set.intersection(*map(_always, blocks(stmt)))
        elif isinstance(stmt, Store) and stmt.op in ("+", "-"):
            found.add(key(stmt.target))
    return found


def _offset(target: Index, turn: str, changing: set[str], memory: Memory) -> int | None:
    """``c`` of ``a[i, j + c]``, where all else stays as it is while the loop over ``j`` runs."""
    items = target.index.items if isinstance(target.index, Tuple) else (target.index,)
    found = [linear(i) for i in items]
    *rows, last = found
    if last is None or any(r is None or names_of(r) & (changing | {turn}) for r in rows):
        return None
    if any(memory.is_array(n) for i in items for n in names(i)):
        return None
    return (last - symbol(turn)).known


def _added(body: Block, of: dict[object, _Place], turn: str) -> Iterator[Stmt]:
    """The body with sums in numbers, or put where they wait."""
    for stmt in body:
        place = of.get(key(stmt.target)) if isinstance(stmt, Store) and stmt.op in ("+", "-") else None
        if place is None or not isinstance(stmt, Store):
            yield with_blocks(stmt, lambda b: tuple(_added(b, of, turn)))
        elif place.name:
            yield Augment(place.name, stmt.op, stmt.value, stmt.origin)
        elif not place.again:
            yield Store(Index(Name(place.waiting), Name(turn)), "", stmt.value, stmt.origin)


def _end(place: _Place, turn: str) -> Stmt:
    if place.waiting:
        return Store(Index(Name(place.waiting), Name(turn)), "", Name(place.name))
    return Store(place.target, "+", Name(place.name))


def _behind(place: _Place, turn: str) -> Stmt:
    term = Index(Name(place.waiting), Name(turn))
    add = Store(place.target, place.op, term)
    return add if place.always else If((Arm(Compare(term, ("!=",), (Const(0.0),)), (add,)),), ())
