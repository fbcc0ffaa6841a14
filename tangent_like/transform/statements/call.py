"""A call of the user's own function: ``h, saved = g_forward(h, W)`` there, ``g_reverse(saved, h_bar)`` back.

Where the function writes an argument, its reverse half is given the argument's adjoint, the same view of it
as the argument is of its array, writes into it in place, and puts back what the call overwrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.calls import called_name
from tangent_like.ir.holes import refresh
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Call,
    Const,
    Do,
    Emitted,
    Expr,
    Index,
    Name,
    Pop,
    Push,
    Ref,
    Stmt,
    Store,
    UserFunction,
)
from tangent_like.ir.walk import base_name, names
from tangent_like.kinds.kind import Array
from tangent_like.transform.accumulate import State, contribute, mirrored, ready_for_writing, zero
from tangent_like.transform.call_plan import CallPlan
from tangent_like.transform.contribution import Contribution
from tangent_like.transform.lent import lent_groups, refuse_undecided
from tangent_like.transform.sweep import Sweep
from tangent_like.transform.tangents import Tangents


def forward(stmt: Assign, sweep: Sweep) -> Stmt:
    plan = sweep.plans.of[stmt]
    assert isinstance(plan, CallPlan)
    call = stmt.values[0]
    assert isinstance(call, Call)
    early = tuple((m.param, mirrored(m.path, sweep.bar(m.name))) for m in plan.mirrors if m.early)
    args, keywords = data_of(call)
    split = Call(plan.half.forward, args, (*keywords, *early), call.at)
    return replace(stmt, targets=(*stmt.targets, stmt.saved), values=(split,), saved="")


def data_of(call: Call) -> tuple[tuple[Expr, ...], tuple[tuple[str, Expr], ...]]:
    """The arguments that are no functions: those the halves of a solver know."""
    args = tuple(a for a in call.args if not is_function(a))
    return args, tuple((n, e) for n, e in call.keywords if not is_function(e))


def is_function(expr: Expr) -> bool:
    return isinstance(expr, Ref) and isinstance(expr.target, UserFunction | Emitted)


def keep_written(stmt: Assign, sweep: Sweep) -> list[Stmt]:
    """Of a call without a reverse half: all of the arrays that it may write into."""
    out: list[Stmt] = []
    for name in stmt.writes:
        slot = sweep.slot(stmt, name, -2, "items")
        value = Call(Attribute(Name(name), "copy"), ())
        out.append(Push(slot.name, value) if slot.is_list else Assign((slot.name,), (value,)))
    return out


def restore_written(stmt: Assign, sweep: Sweep) -> list[Stmt]:
    out: list[Stmt] = []
    for name in reversed(stmt.writes):
        slot = sweep.slot(stmt, name, -2, "items")
        place = Index(Name(name), Const(...))
        out.append(Pop(place, slot.name) if slot.is_list else Store(place, "", Name(slot.name)))
    return out


def reverse(
    stmt: Assign,
    plan: CallPlan,
    state: State,
    sweep: Sweep,
    held: Mapping[str, str | None],
    given: tuple[Expr, ...] | None = None,
) -> list[Stmt]:
    """``held`` names the later shadows of targets whose earlier ones have been put back already.

    ``given``: what the reverse half reads, where that is not what the forward half kept.
    """
    flows = [
        t
        for t, s in zip(stmt.targets, plan.seeds, strict=True)
        if s is not None and (t in state.owned or sweep.is_shadow(t))
    ]
    if not flows and not stmt.writes:
        for target in stmt.targets:
            state.owned.pop(target, None)
        return []
    out: list[Stmt] = []
    seeds: list[Expr] = []
    again = {m.name for m in plan.mirrors}
    for target, flowing in zip(stmt.targets, plan.half.flowing, strict=True):
        if not flowing:
            continue
        bar = sweep.bar(target)
        if target in flows and target in again and not held.get(bar):
            # x = f(x), and f writes x: the adjoint of the result, and that of the argument
            new = sweep.namer.fresh(f"{target}_bar_new")
            out.append(Assign((new,), (Name(bar),)))
            seeds.append(Name(new))
            continue
        seeds.append(Name(held.get(bar) or bar) if target in flows else zero(target, sweep.kind(target)))
    for target in stmt.targets:
        state.owned.pop(target, None)
    for mirror in plan.mirrors:
        out.extend(ready_for_writing(mirror.name, state, sweep))
        if not mirror.early:
            seeds.append(mirrored(mirror.path, sweep.bar(mirror.name)))
    taken: list[str] = []
    direct: set[int] = set()
    for k, (place, kind) in enumerate(plan.places):
        name = place.id if isinstance(place, Name) else None
        twice = any(isinstance(p, Name) and p.id == name for p, _ in plan.places[:k])
        if name is not None and name not in state.owned and not twice and not sweep.is_shadow(name):
            taken.append(sweep.bar(name))
            direct.add(k)
        else:
            wanted = plan.half.active[k] if name is None else name
            taken.append(sweep.namer.fresh(f"{stmt_name(stmt)}_{wanted}_bar"))
            sweep.brought[taken[-1]] = kind
    back = Call(plan.half.reverse, (*((Name(plan.saved),) if given is None else given), *seeds))
    out.append(Assign(tuple(taken), (back,), None, "", None, stmt.writes) if taken else Do(back))
    for k in sorted(direct):  # first: to these the others add
        place, kind = plan.places[k]
        assert isinstance(place, Name)
        state.owned[place.id] = plan.half.owned[k] and not (isinstance(kind, Array) and kind.rank == 0)
    for k, ((place, kind), temp) in enumerate(zip(plan.places, taken, strict=True)):
        if k not in direct:
            out.extend(contribute(Contribution(place, Name(temp), kind, kind), state, sweep))
    return out


def undo(
    stmt: Assign, plan: CallPlan, restoring: list[Stmt], sweep: Sweep
) -> tuple[list[Stmt], tuple[Expr, ...]]:
    """``q, p = step(q, p, k)``: ``q, p = inverse(q, p, k)`` says what they were. With it what the way back reads."""
    call, step = stmt.values[0], plan.half.undo
    assert isinstance(call, Call) and step is not None
    state, others = call.args[: step.state], call.args[step.state :]
    found = stmt.targets
    out: list[Stmt] = []
    if restoring or {n for a in others for n in names(a)} & set(found):
        found = tuple(sweep.namer.fresh(f"{t}_new") for t in stmt.targets)
        out = [Assign(found, tuple(map(Name, stmt.targets))), *restoring]
    args = (*map(Name, found), *others)
    targets = tuple(a.id for a in state if isinstance(a, Name))
    more = {k: sweep.namer.fresh(k) for k in step.kept or () if isinstance(k, str)}
    out.append(Assign((*targets, *more.values()), (Call(step.inverse, tuple(args[k] for k in step.passed)),)))
    if step.kept is None:
        return out, call.args
    return out, tuple(call.args[k] if isinstance(k, int) else Name(more[k]) for k in step.kept)


def stmt_name(stmt: Assign) -> str:
    call = stmt.values[0]
    assert isinstance(call, Call)
    return called_name(call.func)


def tangent(stmt: Assign, sweep: Tangents) -> list[Stmt]:
    """Forward mode: ``h, h_dot = g_jvp(h, W, h_dot, W_dot)``; what it writes of ``h_dot``, it writes in place."""
    call = stmt.values[0]
    assert isinstance(call, Call) and isinstance(call.func, Ref) and isinstance(call.func.target, UserFunction)
    pusher = sweep.pusher(stmt)
    given = [*((str(k), a) for k, a in enumerate(call.args)), *call.keywords]
    active = frozenset(n for n, a in given if pusher.is_varied(a))
    groups = lent_groups(call, pusher, sweep.aliases, sweep.written_arguments) if stmt.writes else ()
    pushed = sweep.push_call(call.func.target, call, pusher.kind_of, active, groups, pusher.place(call))
    bare = bool(stmt.writes) and not stmt.targets
    if not bare and (
        pushed.tupled != (len(stmt.targets) > 1) or (pushed.tupled and len(stmt.targets) != len(pushed.flowing))
    ):
        raise UnsupportedError(
            f"{call.func.spelling} returns {len(pushed.flowing)} results, {len(stmt.targets)} are unpacked",
            place_of(stmt.origin),
            "unpack all results into names",
        )
    by_name = {pushed.params[int(n)] if n.isdigit() else n: a for n, a in given}
    dots = []
    for param, dot in zip(pushed.active, pushed.dots, strict=True):
        arg = by_name[param]
        if param in pushed.lent:
            refuse_undecided(arg, pusher)
            name = base_name(arg)
            assert name is not None
            dots.append((dot, mirrored(arg, sweep.dot(name))))
        else:
            dots.append((dot, pusher.whole(arg)))
    args, keywords = data_of(call)
    if pushed.by_keyword or keywords or len(call.args) < len(pushed.params):
        keywords = (*keywords, *dots)
    else:
        args = (*args, *(e for _, e in dots))
    both = Call(pushed.ref, args, keywords, call.at)
    if bare:
        return [Do(both, stmt.origin)]
    taken: list[str] = []
    late: list[Stmt] = []
    for target, flowing in zip(stmt.targets, pushed.flowing, strict=True):
        if flowing:
            taken.append(sweep.dot(target) if sweep.has_dot(target) else sweep.namer.fresh("_"))
        elif sweep.has_dot(target):
            zero = refresh(sweep.zero(stmt, target), {target: Name(target)})
            late.append(Assign((sweep.dot(target),), (zero,)))
    for target in stmt.targets:
        if sweep.aliases.is_shared(target) and sweep.mirror(stmt, call, None) is not None:
            raise AssertionError("what a call returns mirrors nothing")
    return [Assign((*stmt.targets, *taken), (both,), stmt.origin, "", None, stmt.writes), *late]
