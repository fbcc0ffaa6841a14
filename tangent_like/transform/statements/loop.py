"""Loops: backward over the reversed range, over the rows from the last, or as many turns as were counted."""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.holes import refresh
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Binary,
    Block,
    Call,
    Const,
    Each,
    Expr,
    For,
    If,
    Index,
    Name,
    Pass,
    Stmt,
    Unary,
    While,
)
from tangent_like.ir.walk import bound_in, reads, statements, substitute
from tangent_like.kinds.kind import Array, Kind, dims_of, is_float
from tangent_like.kinds.operands import literal
from tangent_like.kinds.turns import places_of
from tangent_like.transform.accumulate import State, contribute, zero
from tangent_like.transform.contribution import Contribution
from tangent_like.transform.statements import drift, store
from tangent_like.transform.statements.assign import keep, restore
from tangent_like.transform.statements.blocks import kept_at_end, restored_at_end
from tangent_like.transform.sweep import Sweep
from tangent_like.transform.tangents import Tangents

Loop = For | Each | While


def forward(stmt: Loop, sweep: Sweep) -> list[Stmt]:
    body = kept_at_end(stmt, 0, stmt.body, sweep)
    places = [s for one in sweep.records.before.get(stmt, ()) for s in store.keep(one, sweep)]
    match stmt:
        case For() | Each():
            return [*keep(stmt, sweep), *places, *drift.begin(stmt, sweep), replace(stmt, body=body)]
        case While():
            return [*drift.begin(stmt, sweep), replace(stmt, body=body)]


def reverse(stmt: Loop, state: State, sweep: Sweep) -> list[Stmt]:
    out: list[Stmt] = []
    carried = sweep.activity.end[stmt]
    top = sweep.activity.before[stmt]
    # adjoints that turns add to must exist before the first of them; so must those of names that turns
    # end with a constant in, where the first one reads what came before the loop
    for name in names_of(carried | top, sweep):
        if name not in state.owned:
            out.append(Assign((sweep.bar(name),), (zero(name, sweep.kind(name)),)))
            state.owned[name] = True
    body, inner, entered = settled(stmt, dict(state.owned), top, sweep)
    # not ours at the end of a turn either, it may be, where a branch in it wrote
    lent = [n for n in entered if n in inner.owned and not entered[n]]
    written = written_names(body, lent, sweep)
    for names in (written, [n for n in lent if isinstance(sweep.kind(n), Array)]) if written else ():
        # copied once, before the loop, and not in every turn; with those that change places with them
        owning = entered | dict.fromkeys(names, True)
        turned, after = turn(stmt, owning, top, sweep)
        if not given_away(owning, after):
            out.extend(
                Assign((sweep.bar(n),), (Call(Attribute(Name(sweep.bar(n)), "copy"), ()),)) for n in names
            )
            body, inner, entered = turned, after, owning
            break
    state.owned.clear()
    state.sums &= inner.sums
    for name, owned in entered.items():
        if sweep.aliases.rep(name) in top:
            state.owned[name] = owned and inner.owned.get(name, True)
    places = [s for one in reversed(sweep.records.before.get(stmt, ())) for s in store.put_back(one, sweep)]
    if not body:
        return [*out, *places, *restore(stmt, sweep)]
    header, extra = backward_header(stmt, tuple(body), sweep)
    restored = [*restore(stmt, sweep), *first_zero(stmt, top, sweep)]
    return [*out, *header, *drift.end(stmt, sweep), *places, *restored, *extra]


def settled(
    stmt: Loop, entered: dict[str, bool], top: frozenset[str], sweep: Sweep
) -> tuple[list[Stmt], State, dict[str, bool]]:
    """One turn, and what is ours where each begins: memory that a turn gives away is not ours in the next one."""
    while True:
        body, inner = turn(stmt, entered, top, sweep)
        lost = given_away(entered, inner)
        if not lost:
            return body, inner, entered
        entered = {n: owned and n not in lost for n, owned in entered.items()}


def given_away(entered: dict[str, bool], inner: State) -> list[str]:
    return [n for n in entered if n in inner.owned and entered[n] and not inner.owned[n]]


def written_names(body: list[Stmt], candidates: list[str], sweep: Sweep) -> list[str]:
    """The candidates whose adjoint a turn copies to own it."""
    copies = {
        s.targets[0]
        for s in statements(tuple(body))
        if isinstance(s, Assign)
        and len(s.targets) == 1
        and isinstance(s.values[0], Call)
        and isinstance(s.values[0].func, Attribute)
        and s.values[0].func.name == "copy"
        and isinstance(s.values[0].func.value, Name)
        and s.values[0].func.value.id == s.targets[0]
    }
    return [n for n in candidates if sweep.bar(n) in copies and isinstance(sweep.kind(n), Array)]


def names_of(carried: frozenset[str], sweep: Sweep) -> list[str]:
    """The names whose adjoints are carried around the loop, in the order of their first binding."""
    order = {name: k for k, name in enumerate(sweep.typing.overall)}
    found = [n for n in carried if n in order and not sweep.is_shadow(n) and is_float(sweep.kind(n))]
    return sorted(found, key=order.__getitem__)


def turn(stmt: Loop, entered: dict[str, bool], top: frozenset[str], sweep: Sweep) -> tuple[list[Stmt], State]:
    """The way back of one turn, from a state to the same state."""
    inner = State(dict(entered))
    body = restored_at_end(stmt, 0, sweep)
    item: list[Stmt] = []
    if isinstance(stmt, Each):
        item = each_item(stmt, sweep)
    body += sweep.backward(stmt.body, inner, sweep)
    if isinstance(stmt, Each):
        body += each_flow(stmt, inner, sweep)
    elif isinstance(stmt, For):
        inner.owned.pop(stmt.target, None)
    for name in entered:
        if name not in inner.owned:
            if sweep.aliases.rep(name) in top:
                body.append(Assign((sweep.bar(name),), (turn_zero(stmt, name, sweep),)))
            inner.owned[name] = True
    if body:
        body = [*item, *body]
    return body, inner


def turn_zero(stmt: Loop, name: str, sweep: Sweep) -> Expr:
    """The adjoint of ``name`` where the turn before ends: of an item, as large as that turn's item is."""
    made = zero(name, sweep.kind(name))
    if not isinstance(stmt, Each) or name != stmt.target or name in bound_in(stmt.body):
        return made
    return substitute(made, {name: each_place(stmt, sweep, before=True)}) if moves(sweep.kind(name)) else made


def first_zero(stmt: Loop, top: frozenset[str], sweep: Sweep) -> list[Stmt]:
    """The adjoint of what the name of the items held before the loop, where that is of another size than they are."""
    if not isinstance(stmt, Each) or stmt.target not in sweep.records.names.get(stmt, ()):
        return []
    if sweep.aliases.rep(stmt.target) not in top or not moves(sweep.kind(stmt.target)):
        return []
    found = places_of(stmt.iterable)
    assert found is not None, "it has a name"
    made = Assign((sweep.bar(stmt.target),), (zero(stmt.target, sweep.kind(stmt.target)),))
    turns = Name(stmt.turns) if stmt.turns else found[1][0]
    if not stmt.turns and len(found[1]) > 1:
        turns = Call(builtin_ref("len"), (Call(builtin_ref("range"), found[1]),))
    return [If((Arm(turns, (made,), None),), (), None)]


def moves(kind: Kind) -> bool:
    """May an array have another size in each turn, as an item of a list has, for all that is known?"""
    dims = dims_of(kind)
    return dims is None or not all(d is not None and d.steady for d in dims)


def each_index(stmt: Each, sweep: Sweep) -> str:
    found = sweep.bars.get(f"index of {id(stmt)}")
    if found is None:
        found = sweep.bars[f"index of {id(stmt)}"] = sweep.namer.fresh("k")
    return found


def each_place(stmt: Each, sweep: Sweep, before: bool = False) -> Index:
    """Where the item of a turn is; that of the turn before, or any where there is none."""
    found = places_of(stmt.iterable)
    assert found is not None, "it has a name"
    whole, args, place = found
    k: Expr = Name(each_index(stmt, sweep))
    if not before:
        return place(k)
    if len(args) < 3:
        return place(Binary("-", k, Const(1)))
    return place(Binary("-", Binary("+", k, Const(1)), Call(builtin_ref("len"), (whole,))))  # it counts down


def each_item(stmt: Each, sweep: Sweep) -> list[Stmt]:
    if stmt not in sweep.records.resaid:
        return []
    return [Assign((stmt.target,), (each_place(stmt, sweep),))]


def each_flow(stmt: Each, state: State, sweep: Sweep) -> list[Stmt]:
    """What reached the item goes to its place in the array."""
    if stmt.target not in state.owned:
        return []
    del state.owned[stmt.target]
    kind = sweep.kind(stmt.target)
    return contribute(Contribution(each_place(stmt, sweep), Name(sweep.bar(stmt.target)), kind, kind), state, sweep)


def backward_header(stmt: Loop, body: tuple[Stmt, ...], sweep: Sweep) -> tuple[list[Stmt], list[Stmt]]:
    body = body or (Pass(),)
    match stmt:
        case While():
            turn_name = sweep.namer.fresh("_")
            return [For(turn_name, (Name(stmt.turns),), body, stmt.origin)], []
        case Each():
            found = places_of(stmt.iterable)
            assert found is not None, "it has a name"
            turns = range_of_turns(found[1], stmt.turns) if stmt.turns else reversed_range(found[1])
            return [For(each_index(stmt, sweep), turns, body, stmt.origin)], []
        case For(target) if target.startswith("_") and not read_in(body, target):
            return [For(target, (Name(stmt.turns),) if stmt.turns else stmt.args, body, stmt.origin)], []
        case For():
            args = range_of_turns(stmt.args, stmt.turns) if stmt.turns else reversed_range(stmt.args)
            return [For(stmt.target, args, body, stmt.origin)], []


def read_in(body: Block, name: str) -> bool:
    return any(name in reads(s) for s in statements(body))


def range_of_turns(args: tuple[Expr, ...], turns: str) -> tuple[Expr, ...]:
    """The numbers of the turns that were run, the other way round: the loop may have ended before its range."""
    start: Expr = Const(0) if len(args) == 1 else args[0]
    step: Expr = args[2] if len(args) == 3 else Const(1)
    size = literal(step)
    if size == 1:
        stop: Expr = Name(turns)
        if literal(start) == 1:
            return (stop, Const(0), Const(-1))
        return reversed_range((start, stop if literal(start) == 0 else Binary("+", start, stop), step))
    if size == -1:
        return counting_up(Binary("-", plus_one(start), Name(turns)), plus_one(start))
    return from_the_last(Name(turns), start, step)


def reversed_range(args: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """``range`` with the same numbers the other way round, a negative step for a positive one."""
    start: Expr = Const(0) if len(args) == 1 else args[0]
    stop = args[0] if len(args) == 1 else args[1]
    step: Expr = args[2] if len(args) == 3 else Const(1)
    size = literal(step)
    if size == 1:
        return (minus_one(stop), minus_one(start), Const(-1))
    if size == -1:
        return counting_up(plus_one(stop), plus_one(start))
    return from_the_last(Call(builtin_ref("len"), (Call(builtin_ref("range"), (start, stop, step)),)), start, step)


def from_the_last(count: Expr, start: Expr, step: Expr) -> tuple[Expr, ...]:
    """So many numbers the other way round: the last is ``start + (count - 1) * step``."""
    first, size = literal(start), literal(step)
    last: Expr = Binary("*", Binary("-", count, Const(1)), step)
    if first != 0:
        last = Binary("+", start, last)
    negative: Expr = Const(-size) if isinstance(size, int) else Unary("-", step)
    before = Const(first - size) if isinstance(first, int) and isinstance(size, int) else Binary("-", start, step)
    return (last, before, negative)


def counting_up(start: Expr, stop: Expr) -> tuple[Expr, ...]:
    return (stop,) if literal(start) == 0 else (start, stop)


def minus_one(expr: Expr) -> Expr:
    value = literal(expr)
    if isinstance(value, int):
        return Const(value - 1)
    if isinstance(expr, Binary) and expr.op == "+" and literal(expr.right) == 1:
        return expr.left
    if isinstance(expr, Binary) and expr.op == "-" and isinstance(literal(expr.right), int):
        return Binary("-", expr.left, Const(literal(expr.right) + 1))  # type: ignore[operator]
    return Binary("-", expr, Const(1))


def plus_one(expr: Expr) -> Expr:
    value = literal(expr)
    if isinstance(value, int):
        return Const(value + 1)
    if isinstance(expr, Binary) and expr.op == "-" and isinstance(literal(expr.right), int):
        less = literal(expr.right) - 1  # type: ignore[operator]
        return Binary("-", expr.left, Const(less)) if less else expr.left
    return Binary("+", expr, Const(1))


def tangent(stmt: Loop, sweep: Tangents) -> list[Stmt]:
    """Forward mode: the same loop; a variable that elsewhere carries a derivative has none here."""
    body = sweep.block(stmt.body, sweep)
    if isinstance(stmt, For | Each) and sweep.has_dot(stmt.target):
        zero = refresh(sweep.zero(stmt, stmt.target), {stmt.target: Name(stmt.target)})
        body = (Assign((sweep.dot(stmt.target),), (zero,)), *body)
    return [replace(stmt, body=body)]
