"""Where nothing comes back to a place of a table, what its turn would add is left out.

Before                                           After

    t_bar = D_bar[i, j] * (a == D[i, j])             if D_bar[i, j] != 0.0:
    D_bar[i, j - 1] += t_bar                             t_bar = D_bar[i, j] * (a == D[i, j])
    D_bar[i - 1, j] += D_bar[i, j] - t_bar               D_bar[i, j - 1] += t_bar
                                                         D_bar[i - 1, j] += D_bar[i, j] - t_bar

A largest or smallest value comes from few of the places of a table, and the adjoints of all others are 0: zeros are
added to zeros, and each sum waits for the one before. That nothing but zeros is added is told by following the zero:
what it is multiplied with has no pole (selections, sums and products). Only where something selects, and where the
turns wait for one another anyhow: one turn adds in the same array to what another reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Comment,
    Compare,
    Const,
    Each,
    Expr,
    For,
    Function,
    If,
    Index,
    Library,
    Logic,
    Name,
    Pass,
    Ref,
    Stmt,
    Store,
    Tuple,
    Unary,
    While,
)
from tangent_like.ir.walk import binds, key, names, statements, subexpressions, substitute, with_body
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Array
from tangent_like.kinds.operands import literal
from tangent_like.native.by_turns import difference, is_plain, range_of
from tangent_like.native.memory import Memory
from tangent_like.native.raising import Uses, find_uses, first_use
from tangent_like.native.upward import calls_others

POLYNOMIAL = frozenset({"+", "-", "*"})
BOUNDED = frozenset({"min", "max", "abs", "float", "sum"})  # of finite numbers, finite


@dataclass(eq=False)
class _Run:
    """What is 0 where the run is left out; ``mine``: what it binds; ``sums``: the places that it adds to."""

    place: Index | None  # in memory, as long as the run adds nothing but zeros
    memory: Memory
    mine: set[str] = field(default_factory=set)
    sums: list[Index] = field(default_factory=list)
    selects: bool = False

    def idle(self, stmt: Stmt, zero: set[str]) -> bool:
        """Does a statement do nothing that lasts? ``zero``, the names that are 0, becomes what it is behind."""
        match stmt:
            case Comment() | Pass():
                return True
            case Assign((name,), (value,)) if not stmt.saved and not stmt.writes and not calls_others(value):
                if self.memory.is_array(name) or self.in_place(name):
                    return False
                self.mine.add(name)
                nothing = self.is_zero(value, zero)
                zero.discard(name)
                zero.update({name} if nothing else ())
                return True
            case Augment(target, "+" | "-", value) if not self.memory.is_array(target):
                return self.is_zero(value, zero) and not self.in_place(target)
            case Store(target, "+" | "-", value) if isinstance(target.value, Name) and not stmt.each:
                self.sums.append(target)
                return self.is_zero(value, zero) and not calls_others(target.index)
            case Store(target, "", value) if not stmt.each:
                held = self.place is not None and key(target) == key(self.place)
                return held and self.is_zero(value, zero)
            case If():
                return self.branches(stmt, zero)
            case For():
                return self.turns(stmt, zero)
            case _:
                return False

    def branches(self, stmt: If, zero: set[str]) -> bool:
        ends = []
        for body in (*(a.body for a in stmt.arms), stmt.orelse):
            end = set(zero)
            if not all(self.idle(s, end) for s in body):
                return False
            ends.append(end)
        self.selects = True
        zero.intersection_update(*ends)
        return not any(calls_others(a.test) for a in stmt.arms)

    def turns(self, loop: For, zero: set[str]) -> bool:
        if any(map(calls_others, loop.args)) or self.in_place(loop.target):
            return False
        self.mine.add(loop.target)
        while True:
            end = set(zero) - {loop.target}
            if not all(self.idle(s, end) for s in loop.body):
                return False
            if zero <= end:
                return True
            zero.intersection_update(end)

    def in_place(self, name: str) -> bool:
        return self.place is not None and name in names(self.place)

    def is_zero(self, expr: Expr, zero: set[str]) -> bool:
        match expr:
            case Name(id):
                return id in zero
            case Const(value):
                return isinstance(value, int | float) and not isinstance(value, bool) and value == 0
            case Index():
                return self.place is not None and key(expr) == key(self.place)
            case Unary("-" | "+", operand):
                return self.is_zero(operand, zero)
            case Binary("*", left, right):
                for nothing, other in ((left, right), (right, left)):
                    if self.is_zero(nothing, zero) and self.is_finite(other):
                        return True
                return False
            case Binary("/", left, right) | Call(Ref(target=Library(qualname="divide")), (left, right), ()):
                number = literal(right)
                fine = isinstance(number, int | float) and number != 0
                return self.is_zero(left, zero) and (fine or self.is_count(right))
            case Binary("+" | "-", left, right):
                return self.is_zero(left, zero) and self.is_zero(right, zero)
            case _:
                return False

    def is_finite(self, expr: Expr) -> bool:
        """Is it a finite number where those that it is made of are?"""
        match expr:
            case Const(value):
                return isinstance(value, int | float) and abs(value) < float("inf")
            case Name(id):
                return not self.memory.is_array(id)
            case Index(Name(), _):
                return not any(isinstance(e, Call) for e in subexpressions(expr))
            case Compare() | Logic():
                self.selects = True
                return not calls_others(expr)
            case Choose(test, body, orelse):
                self.selects = True
                return not calls_others(test) and self.is_finite(body) and self.is_finite(orelse)
            case Unary(_, operand):
                return self.is_finite(operand)
            case Binary("/", Const(), count) if self.is_count(count):
                return True
            case Binary(op, left, right) if op in POLYNOMIAL:
                return self.is_finite(left) and self.is_finite(right)
            case Binary("/", left, right):
                number = literal(right)
                return isinstance(number, int | float) and number != 0 and self.is_finite(left)
            case Call(Ref(target=Library(module="builtins", qualname=name)), args, ()) if name in BOUNDED:
                return all(map(self.is_finite, args))
            case _:
                return False

    def is_count(self, expr: Expr) -> bool:
        """Does it say how many of the operands are the largest?"""
        match expr:
            case Call(Ref(target=Library(module="builtins", qualname="sum")), (Tuple(items),), ()):
                return all(isinstance(i, Compare) and self.is_finite(i) for i in items)
            case _:
                return False


def with_idle_turns(function: Function, memory: Memory) -> Function:
    uses = find_uses(function.body)

    def block(body: Block, behind: Block, turning: bool) -> Block:
        """``behind``: what follows in the turn."""
        out: list[Stmt] = []
        k = 0
        while k < len(body):
            stmt, after = body[k], (*body[k + 1 :], *behind)
            found = _run(body, k, behind, memory, uses) if turning else None
            if found is None and turning and (test := _more_asked(stmt, memory)) is not None:
                assert isinstance(stmt, If)
                out.append(replace(stmt, arms=(replace(stmt.arms[0], test=test),)))
                k += 1
                continue
            if found is None:
                inside = isinstance(stmt, For | Each | While)
                rest = () if inside else after
                out.append(with_blocks(stmt, lambda b, r=rest, t=turning or inside: block(b, r, t)))  # type: ignore[misc]
                k += 1
                continue
            start, end, test, zeros = found
            out.extend(body[k:start])
            out.append(If((Arm(test, body[start:end], stmt.origin),), zeros, stmt.origin))
            k = end
        return tuple(out)

    return with_body(function, block(function.body, (), False))


def _run(
    body: Block, k: int, behind: Block, memory: Memory, uses: Uses
) -> tuple[int, int, Expr, Block] | None:
    """From where to where statements do nothing if a place that the ``k``-th reads is 0; the test that it is not.

    And what else is 0 then.
    """
    for place, number in _starts(body[k], memory):
        run = _Run(place if number == "" else None, memory)
        zero = {number} - {""}
        start = end = k if number == "" else k + 1
        last = end
        while end < len(body):
            sums = len(run.sums)
            before = (set(zero), set(run.mine))
            if not run.idle(body[end], zero):
                del run.sums[sums:]
                zero, run.mine = before
                break
            end += 1
            if not isinstance(body[end - 1], Comment | Pass):
                last = end
        end = last
        assert isinstance(place.value, Name)
        own = memory.alias(place.value.id)
        others = [s for s in run.sums if isinstance(s.value, Name) and memory.alias(s.value.id) == own]
        if not run.selects or not any(_other_column(s, place) for s in others):
            continue
        after = (*body[end:], *behind)
        mine = sorted(run.mine - ({number} & zero))
        lasting = [n for n in mine if n in uses.outside or first_use(after, n) == "read"]
        ends = [_at_last(body[start:end], n, run) for n in lasting if n not in zero]
        if None in ends:
            continue
        held: Expr = place if number == "" else Name(number)
        zeros = (*(Assign((n,), (Const(0.0),)) for n in lasting if n in zero), *(e for e in ends if e is not None))
        return start, end, Compare(held, ("!=",), (Const(0.0),)), zeros
    return None


def _at_last(body: Block, name: str, run: _Run) -> Stmt | None:
    """What gives a number that each turn of a loop takes from memory, which nothing here changes, its last one."""
    found = [s for s in statements(body) if name in binds(s)]
    loops = [s for s in body if isinstance(s, For) and any(inner is f for inner in s.body for f in found)]
    if len(found) != 1 or not loops:
        return None
    loop, stmt = loops[0], found[0]
    turns = range_of(loop)
    match stmt:
        case Assign((_,), (Index(Name(array), index) as value,)) if turns is not None and not stmt.saved:
            pass
        case _:
            return None
    bound = run.mine - {loop.target}
    written = {run.memory.alias(s.value.id) for s in run.sums if isinstance(s.value, Name)}
    ends = frozenset({*names(turns.first), *names(turns.last)})
    if bound & (names(value) | ends) or run.memory.alias(array) in written or not is_plain(index):
        return None
    low, high = (turns.first, turns.last) if turns.step == 1 else (turns.last, turns.first)
    last = substitute(value, {loop.target: difference(turns.last, Const(turns.step))})
    return If((Arm(Compare(low, ("<",), (high,)), (Assign((name,), (last,), stmt.origin),)),), ())


def _more_asked(stmt: Stmt, memory: Memory) -> Expr | None:
    """The test of an ``unmoved`` branch that asks first whether there is anything to move."""
    match stmt:
        case If((Arm(Unary("not", _) as test, body),), ()) if body:
            pass
        case _:
            return None
    match body[0]:
        case Assign((_,), (Binary("*", Name(name) as value, Choose()),)) if not memory.is_array(name):
            run, zero = _Run(None, memory), {name}
        case _:
            return None  # what is in memory would have to be read first
    if not all(run.idle(s, zero) for s in body) or name not in zero:
        return None
    return Logic("and", (Compare(value, ("!=",), (Const(0.0),)), test))


def _starts(stmt: Stmt, memory: Memory) -> Iterator[tuple[Index, str]]:
    """A place of an array of floats that a statement reads as a number, and the name that holds it, if any."""
    match stmt:
        case Assign((name,), (Index() as place,)) if not stmt.saved and not memory.is_array(name):
            found = [(place, name)]
        case Augment(name, "+" | "-", Index() as place) if not memory.is_array(name):
            found = [(place, name)]
        case Assign((name,), (Binary("*", Index() as place, _),)) if not stmt.saved and not memory.is_array(name):
            found = [(place, "")]
        case _:
            found = []
    for place, name in found:
        if isinstance(place.value, Name):
            kind = memory.typing.overall.get(place.value.id)
            items = index_items(place.index)
            element = isinstance(kind, Array) and kind.dtype == "float64" and kind.rank == len(items)
            if element and not any(memory.is_array(n) for i in items for n in names(i)):
                yield place, name


def _other_column(added: Index, place: Index) -> bool:
    return key(index_items(added.index)[-1]) != key(index_items(place.index)[-1])


