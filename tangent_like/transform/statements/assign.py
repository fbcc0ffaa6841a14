"""``v = e``, ``a, b = b, a`` and ``v += e`` on a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tangent_like.errors import AliasError, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.build import ZERO, neg, simplify
from tangent_like.ir.holes import fresh_reads, refresh
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Const,
    Expr,
    Fresh,
    Index,
    List,
    Name,
    Pop,
    Push,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import names, same, substitute
from tangent_like.kinds.kind import Array, Scalar, Unknown
from tangent_like.transform.accumulate import State, contribute, first, in_place, is_fresh, is_number_array, order_heirs
from tangent_like.transform.call_plan import CallPlan
from tangent_like.transform.contribution import Contribution, Plan
from tangent_like.transform.entries import entries_at_once
from tangent_like.transform.expose import is_user_call
from tangent_like.transform.lists import moves
from tangent_like.transform.push import Part, Pusher
from tangent_like.transform.raises import may_raise
from tangent_like.transform.results import gives_fresh, several
from tangent_like.transform.statements import call
from tangent_like.transform.statements.restoring import order_restoring
from tangent_like.transform.sweep import Sweep
from tangent_like.transform.tangents import Tangents


def forward(stmt: Assign | Augment, sweep: Sweep) -> list[Stmt]:
    out = keep(stmt, sweep)
    if isinstance(stmt, Augment) and stmt in sweep.records.items:
        return [*out, *keep_array(stmt, sweep)]
    if isinstance(stmt, Assign) and stmt in sweep.records.items:
        out += call.keep_written(stmt, sweep)
    if isinstance(stmt, Assign) and stmt.saved:
        return [*out, call.forward(stmt, sweep)]
    unknown = isinstance(stmt, Augment) and isinstance(sweep.typing.before[stmt].get(stmt.target), Unknown)
    if isinstance(stmt, Augment) and out and (unknown or (sweep.flat and not stays_in_place(stmt, sweep))):
        # what is kept may be an array: it must not be written
        return [*out, Assign((stmt.target,), (Binary(stmt.op, Name(stmt.target), stmt.value),), stmt.origin)]
    return [*out, stmt]


def keep_array(stmt: Augment, sweep: Sweep) -> list[Stmt]:
    """``v += e`` where the old entries are needed: a rebinding keeps them at no cost, if no one shares them.

    The new array lies in memory as the old one does: in the order of its axes, or it is a vector. In another order,
    a sum over it would be rounded otherwise.
    """
    slot = sweep.slot(stmt, stmt.target, what="array")
    if stays_in_place(stmt, sweep):
        copy = Call(Attribute(Name(stmt.target), "copy"), ())
        return [save(slot.name, slot.is_list, copy), stmt]
    old = save(slot.name, slot.is_list, Name(stmt.target))
    return [
        old,
        Assign((stmt.target,), (Binary(stmt.op, Name(stmt.target), stmt.value),), stmt.origin),
    ]


def stays_in_place(stmt: Augment, sweep: Sweep) -> bool:
    """Is the memory itself written, and so put back: what a call keeps may be it."""
    result = sweep.typing.kind(Binary(stmt.op, Name(stmt.target), stmt.value), sweep.typing.before[stmt])
    old = sweep.typing.before[stmt].get(stmt.target)
    if sweep.flat and stmt.target in sweep.stored:  # the next derivative asks who holds what is stored into
        return True
    if sweep.aliases.is_shared(stmt.target) or not isinstance(result, Array) or not isinstance(old, Array):
        return True
    return result.dtype is None or result.dtype != old.dtype or (sweep.turned and old.rank != 1)


def save(slot: str, is_list: bool, value: Expr) -> Stmt:
    return Push(slot, value) if is_list else Assign((slot,), (value,))


def keep(stmt: Stmt, sweep: Sweep) -> list[Stmt]:
    """Keep the bindings that the statement overwrites and the way back still reads."""
    out: list[Stmt] = []
    for name in sweep.records.names.get(stmt, ()):
        slot = sweep.slot(stmt, name)
        out.append(save(slot.name, slot.is_list, Name(name)))
    return out


def restore(stmt: Stmt, sweep: Sweep) -> list[Stmt]:
    out: list[Stmt] = []
    if stmt in sweep.records.moves:
        return [replace(sweep.records.moves[stmt])]
    for name in reversed(sweep.records.names.get(stmt, ())):
        slot = sweep.slot(stmt, name)
        out.append(Pop(Name(name), slot.name) if slot.is_list else Assign((name,), (Name(slot.name),)))
    return out


def restore_array(stmt: Augment, sweep: Sweep) -> list[Stmt]:
    slot = sweep.slot(stmt, stmt.target, what="array")
    if stays_in_place(stmt, sweep):
        place = Index(Name(stmt.target), Const(...))
        return [Pop(place, slot.name) if slot.is_list else Store(place, "", Name(slot.name))]
    target = Name(stmt.target)
    return [Pop(target, slot.name) if slot.is_list else Assign((stmt.target,), (Name(slot.name),))]


def rebinds_shadows(stmt: Assign, state: State, sweep: Sweep) -> list[Stmt]:
    """The way back over ``y_bar = ...``: what flows out of ``y = e`` before it is the later shadow."""
    out: list[Stmt] = []
    for name in sweep.records.names.get(stmt, ()):
        held = sweep.namer.fresh(f"{name}_new")
        out.append(Assign((held,), (Name(name),)))
        state.held[name] = held
    return [*out, *restore(stmt, sweep)]


def reverse(stmt: Assign | Augment, state: State, sweep: Sweep) -> list[Stmt]:
    plan = sweep.plans.of.get(stmt)
    if isinstance(stmt, Assign) and stmt.origin is None and set(stmt.targets) & set(sweep.shadows.values()):
        return rebinds_shadows(stmt, state, sweep)
    restoring = restore(stmt, sweep)
    bound = stmt.targets if isinstance(stmt, Assign) else ()
    held = {sweep.bar(t): state.held.pop(sweep.bar(t), None) for t in bound if sweep.is_shadow(t)}
    if isinstance(stmt, Augment) and stmt in sweep.records.items:
        restoring += restore_array(stmt, sweep)
    if isinstance(stmt, Assign) and stmt in sweep.records.items:
        restoring += call.restore_written(stmt, sweep)
    if isinstance(plan, CallPlan):
        assert isinstance(stmt, Assign)
        if plan.half.undo is None:
            return [*restoring, *call.reverse(stmt, plan, state, sweep, held)]
        before, given = call.undo(stmt, plan, restoring, sweep)
        return [*before, *call.reverse(stmt, plan, state, sweep, held, given)]
    targets = stmt.targets if isinstance(stmt, Assign) else (stmt.target,)
    if plan is None or not any(sweep.bar(t) in plan.seeds for t in targets):
        if isinstance(stmt, Assign):
            forget(targets, state)
        return restoring
    flows = [t for t in targets if sweep.bar(t) in plan.seeds and (t in state.owned or sweep.is_shadow(t))]
    if not flows:
        if isinstance(stmt, Assign):
            forget(targets, state)
        return restoring
    gone = {sweep.bar(t) for t in targets if sweep.bar(t) in plan.seeds} - {sweep.bar(t) for t in flows}
    if gone:
        plan = without_seeds(plan, gone)
    plan = with_held(plan, held)
    if isinstance(stmt, Assign):  # a target that got a constant beside: its adjoint ends here
        forget(tuple(t for t in targets if t not in flows), state)
    plan = entries_at_once(stmt, plan, state, sweep)
    before, plan, late = order_restoring(stmt, plan, restoring, targets, sweep)
    out = [*before]
    out.extend(Assign((n,), (e,)) for n, e in plan.temps)
    out.extend(flow(plan, flows, state, sweep, isinstance(stmt, Assign)))
    return [*out, *late]


def without_seeds(plan: Plan, gone: set[str]) -> Plan:
    """The plan where nothing flows in by some of its seeds after all: the terms that are linear in those go."""
    present = {n for n in plan.seeds if n not in gone}
    temps: list[tuple[str, Expr]] = []
    for name, value in plan.temps:
        left = _left(value, gone, present)
        if left is None:
            gone = gone | {name}
        else:
            temps.append((name, left))
            if names(value) & (gone | present):
                present = present | {name}
    parts = []
    for part in plan.parts:
        left = _left(part.value, gone, present)
        if left is not None:
            parts.append(replace(part, value=left))
    return replace(plan, temps=tuple(temps), parts=tuple(parts))


def _left(expr: Expr, gone: set[str], present: set[str]) -> Expr | None:
    """A sum without its terms in what is gone; None where all are."""
    read = names(expr)
    if not read & gone:
        return expr
    match expr:
        case Binary("+" | "-" as op, left, right):
            first_, second = _left(left, gone, present), _left(right, gone, present)
            if first_ is None or second is None:
                return first_ if second is None else neg(second) if op == "-" else second
            return Binary(op, first_, second)
        case Unary("-", operand):
            inner = _left(operand, gone, present)
            return None if inner is None else neg(inner)
        case _:
            zeros: dict[str, Expr] = dict.fromkeys(gone, ZERO)
            return simplify(substitute(expr, zeros)) if read & present else None


def forget(targets: tuple[str, ...], state: State) -> None:
    for target in targets:
        state.owned.pop(target, None)


def with_held(plan: Plan, held: Mapping[str, str | None]) -> Plan:
    """Seeds that are shadows rebound since: read where they are held."""
    table: dict[str, Expr] = {bar: Name(name) for bar, name in held.items() if name is not None}
    if not table:
        return plan
    temps = tuple((n, substitute(e, table)) for n, e in plan.temps)
    return Plan(temps, tuple(_changed(p, table) for p in plan.parts), plan.seeds, plan.env)


def flow(
    plan: Plan,
    flows: list[str],
    state: State,
    sweep: Sweep,
    rebinds: bool,
) -> list[Stmt]:
    """The contributions; those to the targets themselves come last and replace what flowed in.

    ``rebinds`` is false for an array written in place by ``+=``: the memory stays the same.
    """
    out: list[Stmt] = []
    own: list[Contribution] = []
    seeds = {sweep.bar(t) for t in flows}
    others: list[Contribution] = []
    for part in plan.parts:
        if part.name in flows and not sweep.is_shadow(part.name):
            own.append(part)
        else:
            others.append(part)
    shared_seeds: dict[str, int] = {}
    for part in plan.parts:
        if part.name in state.owned and part.name not in flows and not sweep.is_shadow(part.name):
            continue  # added to what is there: it shares no memory with that
        for seed in seeds:
            if not is_fresh(part.value) and seed in names(part.value):
                shared_seeds[seed] = shared_seeds.get(seed, 0) + 1
    owned_before = {sweep.bar(t): state.owned.get(t, False) for t in flows}
    for target in flows:
        if not sweep.is_shadow(target):
            state.owned.pop(target, None)
    state.moved = {seed for seed in seeds if owned_before[seed] and moves(seed, plan.values())}
    heirs: dict[Contribution, str] = {}
    for part in others:
        for seed in seeds:
            if same(part.value, Name(seed)) and shared_seeds.get(seed) == 1 and owned_before[seed]:
                heirs[part] = seed
    others, unsafe = order_heirs(others, own, heirs)
    for part in sorted(others, key=lambda p: p.name in flows):
        if not rebinds and part.name in flows and isinstance(part.path, Name) and part.fancy is None:
            # an array written in place whose adjoint is a shadow: it stays, or is scaled where it is
            bar = Name(sweep.bar(part.name))
            if not same(part.value, bar):
                out.append(Store(Index(bar, Const(...)), "", part.value))
            continue
        statements = contribute(part, state, sweep)
        # the adjoint that flowed in goes out of use here: where it has one heir, its memory is inherited
        if part in heirs and part not in unsafe and not is_number_array(sweep.kind(part.name)):
            if isinstance(part.path, Name) and part.name in state.owned and _assigns(statements, part, sweep):
                state.owned[part.name] = True
        out.extend(statements)
    replaced = [p for p in own if isinstance(p.path, Name) and p.fancy is None]
    partial = [p for p in own if not (isinstance(p.path, Name) and p.fancy is None)]
    out.extend(replace_targets(replaced, partial, flows, shared_seeds, owned_before, state, sweep))
    state.moved = set()
    return out


def _assigns(statements: list[Stmt], part: Contribution, sweep: Sweep) -> bool:
    return any(isinstance(s, Assign) and s.targets == (sweep.bar(part.name),) for s in statements)


def replace_targets(
    replaced: list[Contribution],
    partial: list[Contribution],
    flows: list[str],
    shared_seeds: dict[str, int],
    owned_before: dict[str, bool],
    state: State,
    sweep: Sweep,
) -> list[Stmt]:
    """New adjoints of the targets: in parallel where they read each other."""
    held: list[Stmt] = []
    if partial:
        # x = x[1:] and the like: the adjoint that flowed in is a different array from the one it goes to
        table: dict[str, Expr] = {}
        for name in dict.fromkeys(p.name for p in (*partial, *replaced)):
            bar = sweep.bar(name)
            if any(bar in names(p.value) for p in (*partial, *replaced)):
                temp = sweep.namer.fresh(f"{name}_bar_new")
                held.append(Assign((temp,), (Name(bar),)))
                table[bar] = Name(temp)
        replaced = [_changed(p, table) for p in replaced]
        partial = [_changed(p, table) for p in partial]
    for target in flows:
        if not sweep.is_shadow(target):
            state.owned.pop(target, None)
    assigns: list[tuple[str, Expr]] = []
    for part in replaced:
        bar = sweep.bar(part.name)
        if same(part.value, Name(bar)):
            own = owned_before.get(bar, False) and shared_seeds.get(bar, 0) <= 1
            state.owned[part.name] = own and not is_number_array(sweep.kind(part.name))
            continue
        statement = first(part, state, sweep)
        assert isinstance(statement, Assign)
        value = statement.values[0]
        if isinstance(value, Name) and owned_before.get(value.id) and shared_seeds.get(value.id) == 1:
            state.owned[part.name] = not is_number_array(sweep.kind(part.name))
        assigns.append((bar, value))
    out = [*held]
    if len(assigns) == 1:
        (bar, value), part = assigns[0], next(p for p in replaced if sweep.bar(p.name) == assigns[0][0])
        if owned_before.get(bar) and not shared_seeds.get(bar) and (found := in_place(bar, value, part, sweep)):
            return [*out, found, *(s for p in partial for s in contribute(p, state, sweep))]
    if len(assigns) > 1 and any(t in names(v) for t, _ in assigns for _, v in assigns):
        out.append(Assign(tuple(t for t, _ in assigns), tuple(v for _, v in assigns)))
    else:
        out.extend(Assign((t,), (v,)) for t, v in assigns)
    for part in partial:
        out.extend(contribute(part, state, sweep))
    return out


def _changed(part: Contribution, table: dict[str, Expr]) -> Contribution:
    value = substitute(part.value, table)
    return Contribution(part.path, value, part.kind, part.value_kind, part.fancy)


# -- forward mode ------------------------------------------------------------------------------------


def tangent(stmt: Assign | Augment, sweep: Tangents) -> list[Stmt]:
    """The statement with the tangents of what it binds, after it or, where it overwrites what they read, before."""
    if isinstance(stmt, Augment):
        return tangent_of_augment(stmt, sweep)
    if is_user_call(stmt.values[0]) and len(stmt.values) == 1 and stmt in sweep.activity.acts:
        return call.tangent(stmt, sweep)
    if not any(sweep.has_dot(t) for t in stmt.targets):
        return [stmt]
    pusher = sweep.pusher(stmt)
    if len(stmt.values) == len(stmt.targets):
        pairs = zip(stmt.targets, stmt.values, strict=True)
        parts = [Part(t, tangent_of_value(stmt, t, v, pusher, sweep)) for t, v in pairs if sweep.has_dot(t)]
        return beside(stmt, pusher, parts, sweep)
    return tangents_of_items(stmt, pusher, sweep)


def tangent_of_value(stmt: Assign, target: str, value: Expr, pusher: Pusher, sweep: Tangents) -> Expr:
    if sweep.aliases.is_shared(target):
        mirror = sweep.mirror(stmt, value, Fresh(target))
        if mirror is not None:
            return mirror
    found = pusher.bound(value, target) if sweep.flows(stmt, target) else None
    if found is None:
        return pusher.zero(value) if isinstance(value, List) else sweep.zero(stmt, target)
    return sweep.owned(stmt, value, found, target)


def tangents_of_items(stmt: Assign, pusher: Pusher, sweep: Tangents) -> list[Stmt]:
    """``a, b = row``: the items of the tangent."""
    wanted = [t for t in stmt.targets if sweep.has_dot(t)]
    if wanted and all(sweep.aliases.is_shared(t) for t in stmt.targets):
        mirror = sweep.mirror(stmt, stmt.values[0], None)
        if mirror is not None:
            return [stmt, Assign(tuple(sweep.dot(t) for t in stmt.targets), (mirror,))]
    found = several(stmt.values[0], pusher.kind_of)
    if any(map(sweep.aliases.is_shared, wanted)) and not gives_fresh(stmt, pusher.kind_of, sweep.returns_argument):
        raise AliasError("unpacking into names that share written memory", place_of(stmt.origin))
    if found is not None:
        whole = pusher.push_results(stmt.values[0], found, tuple(Fresh(t) for t in stmt.targets))
    else:
        whole = pusher.full(stmt.values[0]) if any(sweep.flows(stmt, t) for t in wanted) else None
    if whole is None:
        return [stmt, *(Assign((sweep.dot(t),), (refresh(sweep.zero(stmt, t), {t: Name(t)}),)) for t in wanted)]
    temps, (part,) = sweep.once(pusher, [Part("", whole)])
    if names(whole) & set(stmt.targets):  # first, as long as it reads none of what they are bound to
        if any(fresh_reads(e) for e in (part.value, *(e for _, e in temps))):
            raise UnsupportedError("unpacking into a name that it reads", place_of(stmt.origin), "use another name")
        temps = [*temps, (held := sweep.namer.fresh("dots"), part.value)]
        return [*(Assign((n,), (e,)) for n, e in temps), stmt, *items_of(stmt, Name(held), sweep)]
    table: dict[str, Expr] = {t: Name(t) for t in stmt.targets}
    first = [Assign((n,), (refresh(e, table),)) for n, e in temps]
    return [stmt, *first, *items_of(stmt, refresh(part.value, table), sweep)]


def items_of(stmt: Assign, whole: Expr, sweep: Tangents) -> list[Stmt]:
    """The items of a tangent, to the tangents of the targets."""
    dots = {sweep.dot(t): k for k, t in enumerate(stmt.targets) if sweep.has_dot(t)}
    if isinstance(whole, Tuple | List) and len(whole.items) == len(stmt.targets):
        values = [sweep.owned(stmt, stmt.values[0], whole.items[k], stmt.targets[k]) for k in dots.values()]
    elif len(dots) == len(stmt.targets):
        return [Assign(tuple(dots), (whole,))]
    else:
        values = [Index(whole, Const(k)) for k in dots.values()]
    if any(not names(value).isdisjoint(list(dots)[:k]) for k, value in enumerate(values)):
        return [Assign(tuple(dots), tuple(values))]  # all at once: a later one reads what an earlier one was
    return [Assign((dot,), (value,)) for dot, value in zip(dots, values, strict=True)]


def tangent_of_augment(stmt: Augment, sweep: Tangents) -> list[Stmt]:
    target = stmt.target
    if not sweep.has_dot(target):
        return [stmt]
    pusher = sweep.pusher(stmt)
    kind, after = sweep.typing.before[stmt].get(target), sweep.typing.after[stmt][target]
    in_place, dot = isinstance(kind, Array), sweep.dot(target)
    point = isinstance(kind, Array) and kind.rank == 0  # what is computed of those without axes is no array
    if not sweep.flows(stmt, target):
        if in_place or isinstance(after, Scalar):
            return [stmt]
        return [stmt, Assign((dot,), (refresh(sweep.zero(stmt, target), {target: Name(target)}),))]
    steady = in_place or (isinstance(kind, Scalar) and isinstance(after, Scalar))
    if stmt.op in ("+", "-") and steady:
        added = pusher.push(stmt.value)
        if added is None:
            return [stmt]
        temps, (part,) = sweep.once(pusher, [Part(target, added)])
        moving: Stmt = Augment(dot, stmt.op, part.value)
        if in_place and not point and begins(stmt, added, pusher, sweep):  # until now it was zero
            value = part.value if stmt.op == "+" else neg(part.value)
            moving = Assign((dot,), (value if is_fresh(value) else Call(Attribute(value, "copy"), ()),))
        moved: list[Stmt] = [*(Assign((n,), (e,)) for n, e in temps), moving]
        if target in sweep.with_aliases(stmt, names(part.value) | {n for _, e in temps for n in names(e)}):
            return [*moved, stmt]
        return [stmt, *moved]
    value = Binary(stmt.op, Name(target), stmt.value)
    found = pusher.bound(value, target)
    if found is None:  # x //= 2: what x had is gone
        found = sweep.zero(stmt, target)
    if in_place and (sweep.aliases.is_shared(target) or point):
        return beside(stmt, pusher, [Part(target, found)], sweep, Index(Name(dot), Const(...)))
    return beside(stmt, pusher, [Part(target, sweep.owned(stmt, value, found, target))], sweep)


def begins(stmt: Augment, added: Expr, pusher: Pusher, sweep: Tangents) -> bool:
    """Does an array that is added to get its first tangent here, of its own shape and dtype, and alone?"""
    target = Name(stmt.target)
    if pusher.is_varied(target) or sweep.aliases.is_shared(stmt.target) or sweep.aliases.is_linked(stmt.target):
        return False
    own, other = pusher.kind_of(target), pusher.kind_of(stmt.value)
    of_floats = isinstance(own, Array) and isinstance(other, Array) and own.dtype == other.dtype == "float64"
    return of_floats and pusher.same_shape(target, stmt.value) and pusher.is_full(added, stmt.value)


def beside(
    stmt: Assign | Augment, pusher: Pusher, parts: list[Part], sweep: Tangents, place: Index | None = None
) -> list[Stmt]:
    """Value and tangents in an order in which each reads what it means."""
    temps, parts = sweep.once(pusher, parts)
    targets = set(stmt.targets) if isinstance(stmt, Assign) else {stmt.target}
    exprs = [*(e for _, e in temps), *(p.value for p in parts)]
    olds = sweep.with_aliases(stmt, {n for e in exprs for n in names(e)}) & targets
    news = {n for e in exprs for n in fresh_reads(e)}
    if not olds:
        return [stmt, *assigned(temps, parts, {n: Name(n) for n in news}, sweep, place)]
    if not news and not any(map(may_raise, exprs)):
        return [*assigned(temps, parts, {}, sweep, place), stmt]
    # the new value under another name, until the tangents have read the old one
    held = {t: sweep.namer.fresh(f"{t}_new") for t in sorted(targets & (olds | news))}
    table: dict[str, Expr] = {n: Name(held.get(n, n)) for n in news | set(held)}
    middle = assigned(temps, parts, table, sweep, place)
    if isinstance(stmt, Assign):
        first = Assign(tuple(held.get(t, t) for t in stmt.targets), stmt.values, stmt.origin)
        return [first, *middle, *(Assign((t,), (Name(n),)) for t, n in held.items())]
    new = held[stmt.target]
    value = Binary(stmt.op, Name(stmt.target), stmt.value)
    last: Stmt = Assign((stmt.target,), (Name(new),))
    if isinstance(sweep.typing.before[stmt].get(stmt.target), Array):
        last = Store(Index(Name(stmt.target), Const(...)), "", Name(new))
    return [Assign((new,), (value,), stmt.origin), *middle, last]


def assigned(
    temps: list[tuple[str, Expr]], parts: list[Part], table: dict[str, Expr], sweep: Tangents, place: Index | None
) -> list[Stmt]:
    out: list[Stmt] = [Assign((n,), (refresh(e, table),)) for n, e in temps]
    pairs = [(sweep.dot(p.target), refresh(p.value, table)) for p in parts]
    if place is not None:
        return [*out, *(Store(place, "", e) for _, e in pairs)]
    bound = [dot for dot, _ in pairs]
    if any(set(bound[:k]) & names(e) for k, (_, e) in enumerate(pairs)):
        return [*out, Assign(tuple(bound), tuple(e for _, e in pairs))]
    return [*out, *(Assign((dot,), (e,)) for dot, e in pairs)]
