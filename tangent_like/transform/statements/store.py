"""``a[i] = v`` and ``a[i] += v``: the adjoint of the place flows to ``v``, then the place has none."""

from __future__ import annotations

from dataclasses import replace

from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import memory_of
from tangent_like.ir.build import ZERO, np_call
from tangent_like.ir.holes import fresh_reads
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Const,
    Do,
    Expr,
    Index,
    Name,
    Pop,
    Slice,
    Stmt,
    Store,
)
from tangent_like.ir.walk import base_name, names, same, substitute
from tangent_like.kinds.indexing import index_items, sort_of_index
from tangent_like.kinds.kind import Array, Kind, ListOf, Plain, Scalar, Sequence
from tangent_like.transform.accumulate import State, contribute, is_fresh, mirrored, ready_for_writing
from tangent_like.transform.contribution import Contribution, Plan
from tangent_like.transform.push import Part
from tangent_like.transform.raises import may_raise
from tangent_like.transform.reading import index_value
from tangent_like.transform.refusals import refuse_parts
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.statements import dicts, lists
from tangent_like.transform.statements.assign import save
from tangent_like.transform.stored import read_back
from tangent_like.transform.sweep import Sweep
from tangent_like.transform.tangents import Tangents

OFTEN = 3  # reads of an entry of an adjoint in one place; what is read more often has a name


def root_of(stmt: Store) -> str:
    name = base_name(stmt.target)
    assert name is not None
    return name


def may_smear(stmt: Store, sweep: Sweep) -> bool:
    """Is a bare view assigned to a view of what may be the same memory, with other strides?"""
    return sweep.plans.of.get(stmt) is not None and overlaps_itself(stmt, sweep.typing, sweep.aliases)


def overlaps_itself(stmt: Store, typing: Typing, aliases: Aliases) -> bool:
    if stmt.op:
        return False
    kind = typing.kind(stmt.target, typing.before[stmt])
    if isinstance(kind, Scalar) or (isinstance(kind, Array) and kind.rank not in (None, 1)):
        return False
    sources = memory_of(stmt.value, lambda e: typing.kind(e, typing.before[stmt]), lambda _: True)
    if all(aliases.rep(source) != aliases.rep(root_of(stmt)) for source in sources):
        return False
    return not _same_strides(stmt.target, stmt.value)


def _same_strides(a: Expr, b: Expr) -> bool:
    """Do two chains of indices take the same axes in the same steps?"""
    if isinstance(a, Index) and isinstance(b, Index):
        left, right = index_items(a.index), index_items(b.index)
        return len(left) == len(right) and _same_strides(a.value, b.value) and all(map(_same_step, left, right))
    if isinstance(a, Attribute) and isinstance(b, Attribute):
        return a.name == b.name and _same_strides(a.value, b.value)
    return isinstance(a, Name) and isinstance(b, Name) and a.id == b.id  # another name may be that of a transpose


def _same_step(a: Expr, b: Expr) -> bool:
    if isinstance(a, Slice) or isinstance(b, Slice):
        return isinstance(a, Slice) and isinstance(b, Slice) and same(a.step, b.step)
    special = (None, ...)
    if (isinstance(a, Const) and a.value in special) or (isinstance(b, Const) and b.value in special):
        return same(a, b)
    return True


def forward(stmt: Store, sweep: Sweep) -> list[Stmt]:
    if may_smear(stmt, sweep):
        check = Do(Call(helper("refuse_smear"), (stmt.target, stmt.value)), stmt.origin)
        return [check, *kept(stmt, sweep)]
    return kept(stmt, sweep)


def kept(stmt: Store, sweep: Sweep) -> list[Stmt]:
    done = spelled(stmt)
    return [*keep(stmt, sweep), done] if stmt in sweep.records.items else [done]


def keep(stmt: Store, sweep: Sweep) -> list[Stmt]:
    """What a store overwrites, kept."""
    slot = sweep.slot(stmt, root_of(stmt), what=sort_of_items(stmt, sweep))
    if dicts.is_place(stmt, sweep):
        return [save(s.name, s.is_list, e) for s, e in dicts.before(stmt, slot, sweep)]
    old: Expr = stmt.target
    before = sweep.typing.before[stmt]
    slot_only = not stmt.op and isinstance(sweep.typing.kind(stmt.target.value, before), ListOf)
    kind = sweep.typing.kind(stmt.target, before)
    if not slot_only and isinstance(before.get(root_of(stmt)), ListOf) and not isinstance(kind, Scalar | Array):
        old = Call(helper("isolate"), (stmt.target,))  # an item of a list may be a number
    elif not slot_only and not isinstance(kind, Scalar):
        old = Call(Attribute(stmt.target, "copy"), ())
    return [save(slot.name, slot.is_list, old)]


def sort_of_items(stmt: Store, sweep: Sweep) -> str:
    """Numbers, rows and blocks of one array are kept in lists of their own: Numba takes lists of one kind of item."""
    kind = sweep.typing.kind(stmt.target, sweep.typing.before[stmt])
    return f"items {kind.rank}" if isinstance(kind, Array) and kind.rank else "items"


def added_at(stmt: Store) -> Stmt:
    """``np.add.at(a, i, v)``: an element that the index names twice is added to twice."""
    name = {"+": "add.at", "-": "subtract.at"}[stmt.op]
    return Do(np_call(name, stmt.target.value, index_value(stmt.target.index), stmt.value), stmt.origin)


def restore(stmt: Store, sweep: Sweep) -> list[Stmt]:
    return put_back(stmt, sweep) if stmt in sweep.records.items else []


def put_back(stmt: Store, sweep: Sweep) -> list[Stmt]:
    slot = sweep.slot(stmt, root_of(stmt), what=sort_of_items(stmt, sweep))
    if dicts.is_place(stmt, sweep):
        return dicts.put_back(stmt, slot, sweep)
    if slot.is_list:
        return [Pop(stmt.target, slot.name)]
    return [Store(stmt.target, "", Name(slot.name))]


def reverse(stmt: Store, state: State, sweep: Sweep) -> list[Stmt]:
    plan = sweep.plans.of.get(stmt)
    restoring = restore(stmt, sweep)
    name = root_of(stmt)
    if not isinstance(plan, Plan) or not (name in state.owned or sweep.is_shadow(name)):
        return restoring
    if not stmt.op and isinstance(sweep.typing.kind(stmt.target.value, plan.env), ListOf):
        return lists.reverse_slot(stmt, plan, restoring, name, state, sweep)
    seed = plan.seeds[0]
    place = mirrored(stmt.target, sweep.bar(name))
    assert isinstance(place, Index)
    env = plan.env
    sort = sort_of_index(stmt.target.index, lambda e: sweep.typing.kind(e, env))
    if dicts.is_place(stmt, sweep):
        sort = "basic"
    if sort == "unknown":  # it may be an array that names an element twice: what holds then holds for all
        sort = "fancy"
    own = [c for c in plan.parts if same(c.path, stmt.target) and c.fancy is None]
    others = [c for c in plan.parts if c not in own]
    passes = bool(own) and same(own[0].value, Name(seed))  # a[i] += v: the place keeps its adjoint
    held, plan, own, others = hold_new(stmt, plan, own, others, restoring, sweep)
    out = [*held, *restoring, *ready_for_writing(name, state, sweep)]
    after: list[Store] = []
    if not passes and (own or not never_asked(stmt, sweep)):
        value: Expr = own[0].value if own else ZERO
        if isinstance(value, Const):
            value = ZERO if dicts.is_place(stmt, sweep) else Const(0)
        after = [Store(place, "", value)]
        if sort == "fancy" and own:
            passes = False
    kind = sweep.typing.kind(stmt.target, plan.env)
    read = place if stmt.each else place_read(place, sort)
    uses = sum(count(e, seed) for _, e in plan.temps) + sum(count(c.value, seed) for c in others)
    uses_own = sum(count(c.value, seed) for c in own) if not passes else 0
    touching = [c for c in others if touches(c, stmt, sweep)]
    direct_touch = any(count(c.value, seed) for c in touching)
    scalar = isinstance(kind, Scalar)
    # the adjoint of the place must be held before something writes over it
    hold = (
        sort == "fancy"
        or (uses + uses_own > 1 and (bool(touching) or not atomic_read(read)))
        or (direct_touch and (not passes or len(touching) > 1))
        or (touching and uses_own)
        or (scalar and uses + uses_own > OFTEN)
    )
    if hold and (uses + uses_own):
        # what replaces the adjoint of the place comes last otherwise, but for an adjoint that would be a view of it
        overwritten = bool(touching) or bool(
            (after or passes)
            and any(
                isinstance(c.path, Name) and count(c.value, seed) and not is_fresh(c.value)
                for c in others
                if c.name not in state.owned
            )
        )
        overwritten = overwritten or sweep.flat  # the next derivative keeps it, and what it is a view of is written on
        value = read if scalar or sort in ("mask", "fancy") or not overwritten else detached(read, kind)
        out.append(Assign((seed,), (value,)))
        table: dict[str, Expr] = {}
    else:
        table = {seed: read}
    temps = [(n, substitute(e, table)) for n, e in plan.temps]
    for n, e in temps:
        out.append(Assign((n,), (e if scalar or is_fresh(e) else detached(e, plan.env.get(n)),)))
    early = [c for c in others if c not in touching]
    late = touching
    for c in early:
        out.extend(contribute(replace(c, value=substitute(c.value, table)), state, sweep))
    out.extend(scaled(_substituted(s, table), read, seed) for s in after)
    for c in late:
        out.extend(contribute(replace(c, value=substitute(c.value, table)), state, sweep))
    return out


def scaled(stmt: Store, read: Expr, seed: str) -> Store:
    """``v[i] = v[i] * w`` as ``v[i] *= w``; ``seed`` is another name for what stands there."""
    match stmt.value:
        case Binary("*" | "/" as op, left, right) if same(read, stmt.target) and count(right, seed) == 0:
            if not same(left, read) and not (isinstance(left, Name) and left.id == seed):
                return stmt
            return Store(stmt.target, op, right)
        case _:
            return stmt


def touches(part: Contribution, stmt: Store, sweep: Sweep) -> bool:
    """Does the contribution go to memory that the store writes?"""
    name = root_of(stmt)
    if sweep.aliases.rep(part.name) != sweep.aliases.rep(name):
        return False
    if part.name != name or part.fancy is not None or not isinstance(part.path, Index):
        return True
    return not sweep.regions.apart(stmt, stmt.target, part.path)


def never_asked(stmt: Store, sweep: Sweep) -> bool:
    """Is the adjoint of the place of no use once it has flowed on? There were only constants before."""
    name = root_of(stmt)
    return sweep.is_local_constant(name) and sweep.regions.is_first(stmt)


def hold_new(
    stmt: Store, plan: Plan, own: list[Contribution], others: list[Contribution], restoring: list[Stmt], sweep: Sweep
) -> tuple[list[Stmt], Plan, list[Contribution], list[Contribution]]:
    """What the store left in its place is read there, or taken out before the old elements are put back."""
    if not any(fresh_reads(e) for e in plan.values()):
        return [], plan, own, others
    name = root_of(stmt)
    held: list[Stmt] = []
    new = ""
    if restoring:
        new = sweep.namer.fresh(f"{name}_new")
        kind = sweep.typing.kind(stmt.target, sweep.typing.before[stmt])
        held = [Assign((new,), (detached(stmt.target, kind),))]

    def back(expr: Expr) -> Expr:
        return read_back(expr, stmt.target, name, lambda place: Name(new) if new else place)

    temps = tuple((n, back(e)) for n, e in plan.temps)
    plan = replace(plan, temps=temps, parts=tuple(replace(c, value=back(c.value)) for c in plan.parts))
    own, others = ([replace(c, value=back(c.value)) for c in some] for some in (own, others))
    return held, plan, own, others


def detached(expr: Expr, kind: Kind | None) -> Expr:
    """The value in memory of its own, before the place that it may be a view of is overwritten."""
    if isinstance(kind, Array):
        return Call(Attribute(expr, "copy"), ())
    if isinstance(kind, Sequence | ListOf):
        return Call(helper("isolate"), (expr,))
    constant = isinstance(kind, Scalar) or (isinstance(kind, Plain) and not kind.overloads)  # a shape
    return expr if constant else Binary("+", expr, ZERO)


def place_read(place: Index, sort: str) -> Expr:
    """The adjoint of the place: where integer arrays may repeat an element, only its last store counts."""
    if sort == "fancy":
        return Call(helper("stored"), (place.value, index_value(place.index)))
    return place


def atomic_read(read: Expr) -> bool:
    return isinstance(read, Index) and isinstance(read.value, Name) and isinstance(read.index, Name | Const)


def count(expr: Expr, name: str) -> int:
    from tangent_like.ir.walk import subexpressions

    return sum(isinstance(e, Name) and e.id == name for e in subexpressions(expr))


def _substituted(stmt: Store, table: dict[str, Expr]) -> Store:
    return replace(stmt, value=substitute(stmt.value, table))


def tangent(stmt: Store, sweep: Tangents) -> list[Stmt]:
    """Forward mode: the same store into the tangent; before, where it reads what the store overwrites."""
    name = root_of(stmt)
    if not stmt.op and isinstance(sweep.typing.kind(stmt.target.value, sweep.typing.before[stmt]), ListOf):
        return lists.tangent_of_slot(stmt, name, sweep)
    if not sweep.has_dot(name) or not sweep.flows(stmt, name):
        return [spelled(stmt)]
    check: list[Stmt] = []
    if overlaps_itself(stmt, sweep.typing, sweep.aliases):
        check.append(Do(Call(helper("refuse_smear"), (stmt.target, stmt.value)), stmt.origin))
    if stmt.op == "del":
        return [stmt, Store(Index(Name(sweep.dot(name)), stmt.target.index), "", ZERO)]
    pusher = sweep.pusher(stmt)
    refuse_parts(pusher, stmt.target, stmt.value)
    place = mirrored(stmt.target, sweep.dot(name))
    assert isinstance(place, Index)
    op = stmt.op if stmt.op in ("+", "-") else ""
    value = stmt.value if op or not stmt.op else Binary(stmt.op, stmt.target, stmt.value)
    found = pusher.push(value)
    if found is None and op:
        return [*check, spelled(stmt)]
    temps, (part,) = sweep.once(pusher, [Part(name, ZERO if found is None else found)])
    moved: list[Stmt] = [Assign((n,), (e,)) for n, e in temps]
    moved.append(spelled(Store(place, op, part.value, None, stmt.each)))
    read = names(part.value) | names(stmt.target.index) | {n for _, e in temps for n in names(e)}
    own = sweep.aliases.class_of.get(name, name)
    if not any(sweep.aliases.class_of.get(n, n) == own for n in read):
        return [*check, spelled(stmt), *moved]
    if not stmt.op and may_raise(part.value):
        held = sweep.namer.fresh("v_new")
        return [*check, Assign((held,), (stmt.value,), stmt.origin), *moved, Store(stmt.target, "", Name(held))]
    return [*check, *moved, spelled(stmt)]


def spelled(stmt: Store) -> Stmt:
    return added_at(stmt) if stmt.each else stmt
