"""A call of the user's own function: ``h, saved = g_forward(h, W)`` there, ``g_reverse(saved, h_bar)`` back."""

from __future__ import annotations

from collections.abc import Mapping

from tangent_like.ir.nodes import Assign, Call, Expr, Name, Stmt
from tangent_like.transform.accumulate import State, contribute, zero
from tangent_like.transform.plan import Contribution
from tangent_like.transform.plans import CallPlan
from tangent_like.transform.sweep import Sweep


def forward(stmt: Assign, sweep: Sweep) -> Stmt:
    plan = sweep.plans.of[stmt]
    assert isinstance(plan, CallPlan)
    call = stmt.values[0]
    assert isinstance(call, Call)
    split = Call(plan.half.forward, call.args, call.keywords, call.at)
    return Assign((*stmt.targets, stmt.saved), (split,), stmt.origin)


def reverse(
    stmt: Assign, plan: CallPlan, state: State, sweep: Sweep, held: Mapping[str, str | None]
) -> list[Stmt]:
    """``held`` names the later shadows of targets whose earlier ones have been put back already."""
    flows = [
        t
        for t, s in zip(stmt.targets, plan.seeds, strict=True)
        if s is not None and (t in state.owned or sweep.is_shadow(t))
    ]
    if not flows:
        for target in stmt.targets:
            state.owned.pop(target, None)
        return []
    out: list[Stmt] = []
    seeds: list[Expr] = []
    for target, flowing in zip(stmt.targets, plan.half.flowing, strict=True):
        if not flowing:
            continue
        bar = sweep.bar(target)
        seeds.append(Name(held.get(bar) or bar) if target in flows else zero(target, sweep.kind(target)))
    for target in stmt.targets:
        state.owned.pop(target, None)
    taken: list[str] = []
    direct: set[int] = set()
    for k, (place, _) in enumerate(plan.places):
        name = place.id if isinstance(place, Name) else None
        again = any(isinstance(p, Name) and p.id == name for p, _ in plan.places[:k])
        if name is not None and name not in state.owned and not again and not sweep.is_shadow(name):
            taken.append(sweep.bar(name))
            direct.add(k)
        else:
            wanted = f"{name}_bar" if name is not None else "t_bar"
            taken.append(sweep.namer.fresh(f"{stmt_name(stmt)}_{wanted}"))
    back = Call(plan.half.reverse, (Name(plan.saved), *seeds))
    out.append(Assign(tuple(taken), (back,), None))
    for k, ((place, kind), temp) in enumerate(zip(plan.places, taken, strict=True)):
        if k in direct:
            assert isinstance(place, Name)
            state.owned[place.id] = plan.half.owned[k]
            continue
        out.extend(contribute(Contribution(place, Name(temp), kind, kind), state, sweep))
    return out


def stmt_name(stmt: Assign) -> str:
    call = stmt.values[0]
    assert isinstance(call, Call)
    return getattr(call.func, "spelling", "call").rpartition(".")[2]
