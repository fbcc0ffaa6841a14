"""``xs.append(v)``, ``v = xs.pop()`` and ``xs[i] = v``: the adjoint of a list grows and shrinks with it, backward.

    xs.append(2 * v)      ->      v_bar += 2 * xs_bar.pop()
    v = xs.pop()          ->      xs_bar.append(v_bar)
    xs[i] = v             ->      v_bar = xs_bar[i];  xs_bar[i] = 0.0
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tangent_like.analysis.views import memory_of
from tangent_like.ir.build import ZERO
from tangent_like.ir.holes import refresh
from tangent_like.ir.nodes import Assign, Attribute, Call, Expr, Index, List, Name, Pop, Push, Stmt, Store, Tuple
from tangent_like.ir.walk import names, subexpressions, substitute
from tangent_like.kinds.kind import Array, ListOf, Scalar, Sequence, is_list, is_other_shape
from tangent_like.transform.accumulate import State, contribute, is_fresh, mirrored, ready_for_writing, zero
from tangent_like.transform.contribution import Plan
from tangent_like.transform.push import Part
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.statements.assign import keep, restore
from tangent_like.transform.sweep import Sweep
from tangent_like.transform.tangents import Tangents, copied


def forward(stmt: Push | Pop, sweep: Sweep) -> list[Stmt]:
    return [*keep(stmt, sweep), stmt]


def reverse_push(stmt: Push, state: State, sweep: Sweep) -> list[Stmt]:
    back: list[Stmt] = [Pop(None, stmt.list)] if stmt in sweep.records.items else []
    if stmt.list not in state.owned:
        return back
    bar = sweep.bar(stmt.list)
    plan = sweep.plans.of.get(stmt)
    if not isinstance(plan, Plan) or not plan.parts:
        return [*back, Pop(None, bar)]
    seed = plan.seeds[0]
    out = back
    if len(plan.parts) == 1 and not plan.temps:
        part = plan.parts[0]
        whole = isinstance(part.path, Name) and part.fancy is None
        alone = whole and isinstance(part.value, Name) and part.value.id == seed
        alone = alone and sweep.full(part.value_kind, sweep.kind(part.name))
        if alone and part.name not in state.owned and not sweep.is_shadow(part.name):
            state.owned[part.name] = True
            return [*out, Pop(Name(sweep.bar(part.name)), bar)]
    taken: Expr = Call(Attribute(Name(bar), "pop"), ())
    uses = sum(count(e, seed) for e in plan.values())
    apart = not any(bar in names(e) or stmt.list in names(e) for e in (*plan.values(), *plan.paths()))
    if uses == 1 and apart:
        table: dict[str, Expr] = {seed: taken}
    else:
        out.append(Pop(Name(seed), bar))
        table = {}
    out.extend(Assign((n,), (substitute(e, table),)) for n, e in plan.temps)
    if not table:
        state.moved.add(seed)
    for part in plan.parts:
        out.extend(contribute(replace(part, value=substitute(part.value, table)), state, sweep))
    state.moved.discard(seed)
    return out


def count(expr: Expr, name: str) -> int:
    return sum(isinstance(e, Name) and e.id == name for e in subexpressions(expr))


def reverse_pop(stmt: Pop, state: State, sweep: Sweep) -> list[Stmt]:
    target = stmt.target.id if isinstance(stmt.target, Name) else ""
    restoring: list[Stmt] = []
    if stmt in sweep.records.items:
        restoring.append(Push(stmt.list, Name(target)))
    restoring += restore(stmt, sweep)
    out: list[Stmt] = []
    if stmt in sweep.plans.of and (stmt.list in state.owned or target in state.owned):
        bar = sweep.bar(stmt.list)
        if stmt.list not in state.owned:
            out.append(Assign((bar,), (zero(stmt.list, sweep.kind(stmt.list)),)))
            state.owned[stmt.list] = True
        kind = sweep.kind(target)
        value = zero(target, kind)
        if target in state.owned:
            value = Name(sweep.bar(target))
            if sweep.flat and isinstance(kind, Array) and kind.rank != 0:  # what it is next may be written in place
                value = Call(Attribute(value, "copy"), ())
            elif not state.owned[target] and not isinstance(kind, Scalar | ListOf):
                value = Call(helper("isolate"), (value,))
        out.append(Push(bar, value))
    state.owned.pop(target, None)
    return [*out, *restoring]


def reverse_slot(stmt: Store, plan: Plan, restoring: list[Stmt], name: str, state: State, sweep: Sweep) -> list[Stmt]:
    """``xs[i] = v``: the old item is gone, so is its adjoint."""
    place = mirrored(stmt.target, sweep.bar(name))
    seed = plan.seeds[0]
    out = [*restoring, *ready_for_writing(name, state, sweep)]
    old = sweep.typing.kind(stmt.target, plan.env)
    value: Expr = ZERO
    if is_other_shape(old, sweep.typing.kind(stmt.value, plan.env)):
        value = Call(helper("zeros_like"), (stmt.target,))  # the old item, put back by now
    elif not isinstance(old, Scalar):
        value = Call(helper("zeros_like"), (Name(seed),))
    if plan.parts or value is not ZERO:
        out.append(Assign((seed,), (place,)))
    assert isinstance(place, Index)
    out.append(Store(place, "", value))
    state.moved.add(seed)
    out.extend(Assign((n,), (e,)) for n, e in plan.temps)
    for part in plan.parts:
        out.extend(contribute(part, state, sweep))
    state.moved.discard(seed)
    return out


# -- forward mode: the tangent of a list is a list, that grows and shrinks beside it --


def tangent(stmt: Push | Pop, sweep: Tangents) -> list[Stmt]:
    if isinstance(stmt, Pop):
        return tangent_of_pop(stmt, sweep)
    if not sweep.has_dot(stmt.list):
        return [stmt]
    return [*put(stmt, stmt.value, lambda e: Push(sweep.dot(stmt.list), e), sweep), stmt]


def tangent_of_pop(stmt: Pop, sweep: Tangents) -> list[Stmt]:
    target = stmt.target.id if isinstance(stmt.target, Name) else ""
    wanted = bool(target) and sweep.has_dot(target)
    if sweep.has_dot(stmt.list):
        return [stmt, Pop(Name(sweep.dot(target)) if wanted else None, sweep.dot(stmt.list))]
    if wanted:
        zeros = refresh(sweep.zero(stmt, target), {target: Name(target)})
        return [stmt, Assign((sweep.dot(target),), (zeros,))]
    return [stmt]


def tangent_of_slot(stmt: Store, name: str, sweep: Tangents) -> list[Stmt]:
    """``xs[i] = v``, where ``xs`` is a list."""
    if not sweep.has_dot(name):
        return [stmt]
    old = sweep.typing.at(stmt)(stmt.target)
    if not sweep.flows(stmt, name) and isinstance(old, Scalar | Array | ListOf | Sequence):
        return [stmt]  # its tangent is zero, as it was; what may be None had none
    place = mirrored(stmt.target, sweep.dot(name))
    assert isinstance(place, Index)
    return [*put(stmt, stmt.value, lambda e: Store(place, "", e), sweep), stmt]


def put(stmt: Push | Store, value: Expr, into: Callable[[Expr], Stmt], sweep: Tangents) -> list[Stmt]:
    """The tangent of what is put into a list: of its full shape, and in memory of its own where the value is."""
    pusher = sweep.pusher(stmt)
    # what nobody asks for later has no tangent: a zero keeps the lists of one length
    asked = isinstance(stmt, Store) or sweep.flows(stmt, stmt.list)
    temps, (part,) = sweep.once(pusher, [Part("", pusher.whole(value) if asked else pusher.zero(value))])
    kind = pusher.kind_of(value)
    found = part.value
    aliased = memory_of(value, sweep.typing.at(stmt), sweep.returns_argument, lists=True)
    if not isinstance(kind, Scalar) and not aliased and not is_fresh(found) and not isinstance(found, List | Tuple):
        found = Call(helper("isolate"), (found,)) if is_list(kind) else copied(found, kind)
    return [*(Assign((n,), (e,)) for n, e in temps), into(found)]
