"""What a turn of the user's keeps in a list or an array of theirs is not kept a second time.

Before                                   After

    h_saved = []
    hs = [h]                                 hs = [h]
    for t in range(n):                       for t in range(n):
        h_saved.append(h)                        h = np.tanh(W @ h)
        h = np.tanh(W @ h)                       hs.append(h)
        hs.append(h)
    for t in range(n - 1, -1, -1):           for t in range(n - 1, -1, -1):
        h = h_saved.pop()                        h = hs[t]
        h_bar = W.T @ (g * (1 - h ** 2))         h_bar = W.T @ (g * (1 - h ** 2))

Of a list it is the very object; of an array an equal number, or an equal row. Where the user's list or array stays as
the loop left it until the way back is through, or the way back takes one item a turn from the list. Loops that may end
early are left as they are: nobody has counted their turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tangent_like.ir.build import index
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Binary,
    Block,
    Break,
    Call,
    Choose,
    Compare,
    Const,
    Continue,
    Each,
    Expr,
    For,
    Function,
    Index,
    Library,
    List,
    Name,
    Pop,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    Tuple,
)
from tangent_like.ir.walk import base_name, bound_in, names, reads, same, statements
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Array, Kind, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.kinds.turns import places_of
from tangent_like.transform.enforced import Classes
from tangent_like.transform.statements.loop import reversed_range
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.fused import alike, used


@dataclass(frozen=True, eq=False)
class _Loops:
    """A loop of the forward sweep and the one that goes through its turns backwards, in one block."""

    before: Block  # what comes before the first
    loop: For | Each
    between: Block
    back: For
    first: int  # the number in the first turn
    begun: Mapping[str, int]  # where in the block the lists are empty first


@dataclass(frozen=True, eq=False)
class _Kept:
    """What we keep of ``name`` in each turn."""

    name: str
    push: Push
    pop: Pop


@dataclass(frozen=True, eq=False)
class _Theirs:
    """Where a turn of the user's puts it: at ``list[count + behind]``, with ``count`` the number of the turn."""

    memory: str
    put: Stmt
    behind: int
    part: int | None = None  # of a tuple
    begin: Expr | None = None  # what the first turn begins with, where that is not there
    popped: Pop | None = None  # what takes from the list in each turn of the way back


def kept_by_user(function: Function, kinds: Mapping[str, Kind], sizes: Sizes) -> Function:
    if not any(isinstance(s, Push) for s in statements(function.body)):
        return function
    changed = True
    while changed:
        changed = False
        facts, uses = find_facts(function, frozenset(), kinds), used(function.body)
        for loops in _pairs(function.body):
            for kept in _kept(loops, uses):
                finder = _Finder(loops, kept, facts, kinds, Classes.of(sizes.used), function)
                body = finder.without()
                if body is not None:
                    function, changed = with_body(function, body), True
                    break
            if changed:
                break
    return function


def _pairs(body: Block) -> Iterator[_Loops]:
    takers: dict[str, list[int]] = {}  # where loops take from a list
    begun: dict[str, int] = {}
    for q, back in enumerate(body):
        if isinstance(back, Assign) and len(back.targets) == 1 and _is_empty(back):
            begun.setdefault(back.targets[0], q)
        for name in {s.list for s in back.body if isinstance(s, Pop)} if isinstance(back, For) else ():
            takers.setdefault(name, []).append(q)
    for k, loop in enumerate(body):
        if not isinstance(loop, For | Each) or loop.turns or loop.slots or loop.target in bound_in(loop.body):
            continue
        if any(isinstance(s, Break | Continue | Return) for s in statements(loop.body)):
            continue
        lists = {s.list for s in loop.body if isinstance(s, Push)}
        q = min((q for name in lists for q in takers.get(name, ()) if q > k), default=k)
        back = body[q]
        if q > k and isinstance(back, For):
            first = _first(loop, back)
            if first is not None:
                yield _Loops(body[:k], loop, body[k + 1 : q], back, first, begun)


def _first(loop: For | Each, back: For) -> int | None:
    """The first number of the loop, if it counts up by one and ``back`` down again; None if not."""
    args = loop.args if isinstance(loop, For) else (places_of(loop.iterable) or (None, (), None))[1]
    if not args or (len(args) == 3 and literal(args[2]) != 1) or back.target in bound_in(back.body):
        return None
    first = literal(args[0]) if len(args) > 1 else 0
    read = any(back.target in reads(s) for s in back.body)
    if not isinstance(first, int) or first < 0 or (isinstance(loop, For) and read and back.target != loop.target):
        return None
    turned = alike(reversed_range(args), back.args)
    return first if turned or (alike(args, back.args) and not read) else None


def _kept(loops: _Loops, uses: Counter[str]) -> Iterator[_Kept]:
    """The names that a turn keeps in lists which have no other use."""
    pops = {s.list: s for s in loops.back.body if isinstance(s, Pop)}
    for stmt in loops.loop.body:
        match stmt:
            case Push(list_, Name(name)) if uses[list_] == 3 and list_ in pops:
                begun = list_ in loops.begun and loops.begun[list_] < len(loops.before)
                if begun and isinstance(pops[list_].target, Name) and stmt.origin is None:
                    yield _Kept(name, stmt, pops[list_])
            case _:
                pass


def _is_empty(stmt: Assign) -> bool:
    return isinstance(stmt.values[0], List) and not stmt.values[0].items


@dataclass(frozen=True, eq=False)
class _Finder:
    loops: _Loops
    kept: _Kept
    facts: Facts
    kinds: Mapping[str, Kind]
    equal: Classes
    function: Function

    def without(self) -> Block | None:
        """The block of the loops, where something of the user's has what we keep; None where nothing has."""
        for stmt in self.loops.loop.body:
            match stmt:
                case Push(list_, value) if stmt is not self.kept.push and list_ != self.kept.push.list:
                    found = self.in_list(stmt, list_, value)
                case Store(Index(Name(array), place), "", value) if not stmt.each:
                    found = self.in_array(stmt, array, place, value)
                case _:
                    continue
            if found is not None:
                return self.read_again(found)
        return None

    # -- where it is --

    def when(self, put: Stmt) -> bool | None:
        """Does the user put it there in the turn that keeps it (True), or in the one before (False)? None: neither."""
        body, name = self.loops.loop.body, {self.kept.name}
        ours, theirs = body.index(self.kept.push), body.index(put)
        first, last = sorted((ours, theirs))
        if self.facts.steady(name, body[first + 1 : last]):
            return True
        around = (*body[:ours], *body[theirs + 1 :])
        return False if ours < theirs and self.facts.steady(name, around) else None

    def in_list(self, put: Push, list_: str, value: Expr) -> _Theirs | None:
        part = _part(value, self.kept.name)
        begins = [(s, v) for s in self.loops.before for n, v in _bound(s) if n == list_]
        if part is False or len(begins) != 1 or list_ in self.facts.shared:
            return None
        ((start, begin),) = begins
        if not isinstance(begin, List):
            return None
        pops = [s for s in self.loops.back.body if isinstance(s, Pop) and s.list == list_]
        others = [s for s in self.around(start) if s is not put and s not in pops]
        if len(pops) > 1 or not self.facts.steady({list_}, others) or any(_takes(s, list_) for s in others):
            return None
        when, had = self.when(put), len(begin.items)
        if when is None:
            return None
        if not when and not (had and self.is_begin(begin.items[-1], part, start)):
            first = None if pops else self.first_value()
            return None if first is None else _Theirs(list_, put, had - 1, part, first)
        return _Theirs(list_, put, had if when else had - 1, part, None, pops[0] if pops else None)

    def in_array(self, put: Store, array: str, place: Expr, value: Expr) -> _Theirs | None:
        behind = _behind(place, self.loops.loop.target) if isinstance(self.loops.loop, For) else None
        if behind is None or behind + self.loops.first < 0 or not self.holds(array, value):
            return None
        when, loop = self.when(put), self.loops.loop
        rest = (*(s for s in loop.body if s is not put), *self.loops.between, self.loops.back)
        if when is None or not self.facts.is_alone(array) or not self.facts.steady({array}, rest):
            return None
        if when:
            return _Theirs(array, put, self.loops.first + behind)
        at = behind + self.loops.first - 1
        begins = [s for s in self.loops.before if isinstance(s, Store) and self.begins(s, array, at)]
        since = self.loops.before[self.loops.before.index(begins[-1]) + 1 :] if begins else ()
        if at >= 0 and begins and self.facts.steady({array, self.kept.name}, since):
            return _Theirs(array, put, at)
        first = self.first_value()
        return None if first is None else _Theirs(array, put, at, None, first)

    def begins(self, stmt: Store, array: str, at: int) -> bool:
        match stmt:
            case Store(Index(Name(id), place), "", Name(name)) if not stmt.each:
                return id == array and name == self.kept.name and literal(place) == at
            case _:
                return False

    def holds(self, array: str, value: Expr) -> bool:
        """Does the array give back what is put into it, to the bit?"""
        whole = self.kinds.get(array)
        if not isinstance(value, Name) or value.id != self.kept.name or not isinstance(whole, Array) or not whole.dims:
            return False
        item = self.kinds.get(value.id)
        if whole.dtype != "float64":
            return False
        if len(whole.dims) == 1:
            double = isinstance(item, Scalar) and item.type == "float" and item.dtype in (None, "float64")
            return double and not getattr(item, "mixed", False)
        if not isinstance(item, Array) or item.dtype != "float64" or len(item.dims or ()) + 1 != len(whole.dims):
            return False
        assert item.dims is not None
        pairs = zip(item.dims, whole.dims[1:], strict=True)
        return all(a is not None and b is not None and self.equal.same(a, b) for a, b in pairs)

    def is_begin(self, item: Expr, part: int | None, start: Stmt) -> bool:
        """Is the last item of the list the value with which the loop begins?"""
        if part is not None:
            if not isinstance(item, Tuple) or part >= len(item.items):
                return False
            item = item.items[part]
        if not isinstance(item, Name):
            return False
        name, since = self.kept.name, [start]
        if item.id != name:  # by its first name: x = x0
            since += [s for s in self.loops.before for n, v in _bound(s) if n == name and same(v, item)]
            if len(since) != 2:
                return False
        first = min(map(self.loops.before.index, since))
        return self.facts.steady({name, item.id}, [s for s in self.loops.before[first:] if s not in since])

    def first_value(self) -> Expr | None:
        """What the loop begins with, if that is said by a name that keeps it until the way back is through."""
        loops, name = self.loops, self.kept.name
        for k in reversed(range(len(loops.before))):
            if name not in bound_in((loops.before[k],)):
                continue
            value = dict(_bound(loops.before[k])).get(name)
            since = loops.before[k + 1 :]
            later = (*loops.loop.body, *loops.between, *loops.back.body)
            match value:
                case Const(number) if isinstance(number, float):
                    return value if self.facts.steady({name}, since) else None
                case Name(first) if first != name:
                    held = self.facts.steady({name, first}, since) and self.facts.steady({first}, later)
                    return value if held else None
                case Call(Ref(target=Library("numpy", "zeros" | "ones" | "zeros_like" | "ones_like"))):
                    said = {n for n in names(value) if n != name}  # which is made again
                    held = name not in names(value) and self.facts.steady({name, *said}, since)
                    return value if held and self.facts.steady(said, later) else None
                case _:
                    return None
        return None

    def around(self, start: Stmt) -> list[Stmt]:
        """All that may change it from where it begins until the way back is through."""
        loops = self.loops
        before = loops.before[loops.before.index(start) + 1 :]
        return [*before, *loops.loop.body, *loops.between, *loops.back.body]

    # -- read again --

    def read_again(self, found: _Theirs) -> Block | None:
        loops, kept = self.loops, self.kept
        assert isinstance(kept.pop.target, Name)
        count: Expr = Name(loops.back.target)
        back, target = loops.back, kept.pop.target.id
        if found.popped is not None:
            body = self.with_popped(found, found.popped, target)
            if body is None:
                return None
        else:
            if not alike(reversed_range(_args(loops.loop)), back.args) or back.target == "_":
                number = self.counter() if back.target == "_" else back.target
                count = Name(number)
                back = replace(back, target=number, args=reversed_range(_args(loops.loop)))
            where = _plus(count, found.behind - loops.first)
            item = _item(Index(Name(found.memory), where), found.part)
            if found.begin is not None:
                first = loops.first
                item = Choose(Compare(count, (">",), (Const(first),)) if first else count, item, found.begin)
            again = Assign((target,), (item,), None)
            body = tuple(again if s is kept.pop else s for s in back.body)
        loop = replace(loops.loop, body=tuple(s for s in loops.loop.body if s is not kept.push))
        gone = {s for s in loops.before if isinstance(s, Assign) and s.targets == (kept.push.list,)}
        new: dict[Stmt, Stmt] = {loops.loop: loop, loops.back: replace(back, body=body)}
        return tuple(new.get(s, s) for s in self.function.body if s not in gone)

    def with_popped(self, found: _Theirs, popped: Pop, target: str) -> Block | None:
        """The turn of the way back, in which the user's list gives up an item, and ``target`` is that or the last."""
        body = self.loops.back.body
        theirs, ours = body.index(popped), body.index(self.kept.pop)
        length = found.behind  # of the list, less the number of the turn, and before the item is put there
        start = next(v for s in self.loops.before for n, v in _bound(s) if n == found.memory)
        assert isinstance(start, List)
        newest = length == len(start.items)  # it is the item of this turn
        if newest and popped.target is None and found.part is None:
            first, last = sorted((theirs, ours))
            both = {target, found.memory}
            if not any(reads(s) & both or bound_in((s,)) & both for s in body[first + 1 : last]):
                taken = replace(popped, target=Name(target))
                return tuple(taken if k == first else s for k, s in enumerate(body) if k != last)
        at = -1 if newest or theirs < ours else -2
        again = Assign((target,), (_item(Index(Name(found.memory), Const(at)), found.part),), None)
        return tuple(again if s is self.kept.pop else s for s in body)

    def counter(self) -> str:
        """A name for the number of the turn: ``k``, also where other loops count by it."""
        taken = {p.name for p in self.function.params}
        for stmt in self.function.body:
            own = {n for s in statements((stmt,)) for n in (*reads(s), *bound_in((s,)))}
            free = isinstance(stmt, For) and stmt.target == "k" and stmt is not self.loops.back
            taken |= own - {"k"} if free else own
        return Namer(taken).fresh("k")


def _args(loop: For | Each) -> tuple[Expr, ...]:
    if isinstance(loop, For):
        return loop.args
    found = places_of(loop.iterable)
    assert found is not None
    return found[1]


def _bound(stmt: Stmt) -> list[tuple[str, Expr]]:
    """What an assignment binds, name by name."""
    if not isinstance(stmt, Assign) or len(stmt.targets) != len(stmt.values):
        return []
    return list(zip(stmt.targets, stmt.values, strict=True))


def _part(value: Expr, name: str) -> int | bool | None:
    """Which part of what is put into a list the name is: None if all of it, False if none."""
    match value:
        case Name(id):
            return None if id == name else False
        case Tuple(items):
            return next((k for k, i in enumerate(items) if isinstance(i, Name) and i.id == name), False)
        case _:
            return False


def _takes(stmt: Stmt, list_: str) -> bool:
    """May it write into the list, or take from it?"""
    for inner in statements((stmt,)):
        if isinstance(inner, Push | Pop) and inner.list == list_:
            return True
        if isinstance(inner, Store | Pop) and isinstance(inner.target, Index) and base_name(inner.target) == list_:
            return True
    return False


def _behind(place: Expr, target: str) -> int | None:
    """``c`` of the place ``t + c``."""
    match place:
        case Name(id) if id == target:
            return 0
        case Binary("+" | "-" as op, Name(id), Const(int(by))) if id == target and type(by) is int:
            return by if op == "+" else -by
        case Binary("+", Const(int(by)), Name(id)) if id == target and type(by) is int:
            return by
        case _:
            return None


def _plus(count: Expr, by: int) -> Expr:
    return count if not by else Binary("+" if by > 0 else "-", count, Const(abs(by)))


def _item(expr: Expr, part: int | None) -> Expr:
    return expr if part is None else index(expr, Const(part))
