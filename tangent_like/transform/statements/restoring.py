"""What is put back on the way back, before or after the values that it replaces are read."""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.holes import fresh_reads, refresh
from tangent_like.ir.nodes import Assign, Attribute, Augment, Call, Expr, Index, Name, Pop, Stmt, Store
from tangent_like.ir.walk import names
from tangent_like.kinds.kind import UNKNOWN, Scalar, dims_of
from tangent_like.transform.contribution import Contribution, Plan
from tangent_like.transform.reading import split_reads
from tangent_like.transform.sweep import Sweep


def order_restoring(
    stmt: Assign | Augment,
    plan: Plan,
    restoring: list[Stmt],
    targets: tuple[str, ...],
    sweep: Sweep,
) -> tuple[list[Stmt], Plan, list[Stmt]]:
    """Old values first, new values before they are gone: what is read says in which order."""
    news: set[str] = set()
    olds: set[str] = set()
    for expr in plan.values():
        news |= fresh_reads(expr)
        olds |= old_reads(expr, stmt, sweep)
    for path in plan.paths():
        olds |= path_reads(path, stmt, sweep)
    if not restoring:
        return [], with_fresh(plan, {n: Name(n) for n in news}), []
    restored = set(sweep.records.names.get(stmt, ())) | set(targets)
    if not news:
        return restoring, plan, []
    if not (olds & restored):
        return [], with_fresh(plan, {n: Name(n) for n in news}), restoring
    first_, rest = of_new_values(plan, restored, stmt, sweep)
    if first_ and not any(fresh_reads(e) for e in rest.values()):
        early: list[Stmt] = [Assign((n,), (refresh(e, {m: Name(m) for m in news}),)) for n, e in first_]
        return [*early, *restoring], rest, []
    held: list[Stmt] = []
    table: dict[str, Expr] = {}
    written = any(isinstance(s, Store) or (isinstance(s, Pop) and isinstance(s.target, Index)) for s in restoring)
    for name in sorted(news):
        if name in restored:
            new = sweep.namer.fresh(f"{name}_new")
            # what is put back into memory is gone there, by whichever name
            copied = written and not isinstance(sweep.typing.after[stmt].get(name), Scalar)
            held.append(Assign((new,), (Call(Attribute(Name(name), "copy"), ()) if copied else Name(name),)))
            table[name] = Name(new)
        else:
            table[name] = Name(name)
    return [*held, *restoring], with_fresh(plan, table), []


def old_reads(expr: Expr, stmt: Stmt, sweep: Sweep) -> set[str]:
    """The names whose old value is read, or whose old shape where it may be another than the new one."""
    values, shapes = ({leaf.id for leaf in leaves if isinstance(leaf, Name)} for leaves in split_reads(expr))
    return values | {name for name in shapes if not keeps_shape(name, stmt, sweep)}


def path_reads(path: Expr, stmt: Stmt, sweep: Sweep) -> set[str]:
    """Of what says where in an adjoint a contribution goes, the name whose adjoint it is tells only the shape."""
    if isinstance(path, Name) and keeps_shape(path.id, stmt, sweep):
        return set()
    return set(names(path))


def keeps_shape(name: str, stmt: Stmt, sweep: Sweep) -> bool:
    old = dims_of(sweep.typing.before[stmt].get(name, UNKNOWN))
    new = dims_of(sweep.typing.after[stmt].get(name, UNKNOWN))
    return old is not None and None not in old and old == new


def of_new_values(
    plan: Plan, restored: set[str], stmt: Stmt, sweep: Sweep
) -> tuple[tuple[tuple[str, Expr], ...], Plan]:
    """The temporaries at the front that read nothing that is still to be put back, and the plan without them."""
    count = 0
    for _, expr in plan.temps:
        if old_reads(expr, stmt, sweep) & restored:
            break
        count += 1
    return plan.temps[:count], replace(plan, temps=plan.temps[count:])


def with_fresh(plan: Plan, table: dict[str, Expr]) -> Plan:
    temps = tuple((n, refresh(e, table)) for n, e in plan.temps)
    parts = tuple(Contribution(c.path, refresh(c.value, table), c.kind, c.value_kind, c.fancy) for c in plan.parts)
    return Plan(temps, parts, plan.seeds, plan.env)
