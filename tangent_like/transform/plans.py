"""The plans of all statements that act, and what they read: the facts that recording is decided from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from tangent_like.analysis.activity import Activity
from tangent_like.analysis.aliases import Aliases
from tangent_like.analysis.reads import Reads
from tangent_like.analysis.regions import Regions
from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import memory_of
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.build import ZERO, neg, np_call
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Const,
    Each,
    Emitted,
    Expr,
    For,
    Fresh,
    GradOf,
    If,
    Index,
    Name,
    Pop,
    Push,
    Ref,
    Return,
    Stmt,
    Store,
    Try,
    Tuple,
    UserFunction,
    While,
    With,
)
from tangent_like.ir.walk import base_name, binds, names, statements
from tangent_like.kinds.kind import (
    UNKNOWN,
    Array,
    DictOf,
    Kind,
    ListOf,
    Sequence,
    Unknown,
    as_complex,
    as_list,
    dims_of,
    is_complex,
    is_other_shape,
)
from tangent_like.transform.asked import args_again, asked_again, counter, places_of
from tangent_like.transform.beside_values import by_their_names
from tangent_like.transform.call_plan import CallPlan, DeriveCall, EarlyMirrorError, Half, Mirror
from tangent_like.transform.contribution import Plan, choosing, valued
from tangent_like.transform.drafts import Drafts
from tangent_like.transform.exits import find_exits
from tangent_like.transform.fitting import fit_dims, fitting_guard
from tangent_like.transform.lent import WrittenArguments, lent_groups, named_arguments, refuse_undecided
from tangent_like.transform.list_zeros import lost_arrays, lost_by_pop, lost_lists
from tangent_like.transform.named import part_name
from tangent_like.transform.overwritten import overwritten, pole_guard
from tangent_like.transform.plan import Planner
from tangent_like.transform.reading import split_reads
from tangent_like.transform.refusals import refuse_parts
from tangent_like.transform.results import back_results, check_count, several
from tangent_like.transform.stored import stored_value


@dataclass(frozen=True, eq=False)
class Plans:
    of: Mapping[Stmt, Plan | CallPlan]
    reads: Mapping[Stmt, Reads]
    bars: Mapping[str, str]  # by name: the name of its adjoint


@dataclass(eq=False)
class PlanMaker:
    typing: Typing
    activity: Activity
    aliases: Aliases
    namer: Namer
    bars: dict[str, str]
    derive_call: DeriveCall
    written_arguments: WrittenArguments
    undone: Callable[[Assign], bool]
    drafts: Drafts
    opened: Callable[[Stmt], Expr | None]  # see ``short_calls``

    def bar(self, name: str) -> str:
        if name not in self.bars:
            self.bars[name] = self.namer.fresh(f"{name}_bar")
        return self.bars[name]

    def make(self, body: Block) -> Plans:
        self.overwritten = overwritten(body, self.typing)
        plans: dict[Stmt, Plan | CallPlan] = {}
        reads: dict[Stmt, Reads] = {}
        exits = find_exits(body)
        shadows = set(self.bars.values())  # so far only those: they are bound in the forward sweep
        for stmt in statements(body):
            plan: Plan | CallPlan | None = None
            match stmt:
                case Assign() if stmt.origin is None and not shadows.isdisjoint(stmt.targets):
                    reads[stmt] = Reads(frozenset(), frozenset(stmt.targets))
                case Assign() if stmt.saved or self.undone(stmt):
                    plan = self.call(stmt)
                    reads[stmt] = plan.reads
                case Pop() if stmt in self.activity.acts:
                    bound = (self.bar(stmt.target.id),) if isinstance(stmt.target, Name) else ()
                    plan = self.planner(stmt).plan(bound)
                    reads[stmt] = Reads(after=self.unstable_shapes(lost_by_pop(stmt, self.typing, self.activity)))
                case Assign() | Augment() | Store() | Push() if stmt in self.activity.acts:
                    plan = self.simple(stmt)
                    reads[stmt] = self.reads_of(stmt, plan)
                case Return():
                    plan = self.returned(stmt)
                    reads[stmt] = self.reads_of(stmt, plan)
                case If() if stmt in exits:
                    pass
                case If():
                    tests = asked_again((arm.test for arm in stmt.arms), self.stable)
                    lost = self.unstable_shapes(self.lists(lost_lists(stmt, self.activity)))
                    sized = self.unstable_shapes(lost_arrays(stmt, self.activity))
                    reads[stmt] = Reads(tests | lost, sized=sized)
                    if stmt.path:
                        reads[stmt] = Reads(lost, frozenset({stmt.path}), sized=sized)
                case For():
                    reads[stmt] = Reads(asked_again(args_again(stmt), self.stable), self.after_loop(stmt))
                case Each():
                    item = {stmt.target} if self.aliases.rep(stmt.target) in self.activity.before[stmt] else set()
                    again = self.unstable_shapes(names(stmt.iterable))
                    reads[stmt] = Reads(again, self.after_loop(stmt), sized=self.unstable_shapes(item))
                case GradOf() if stmt in self.activity.acts:
                    reads[stmt] = Reads(frozenset(stmt.lines.reads) | self.unstable_shapes({stmt.name}))
                case While():
                    reads[stmt] = Reads(frozenset(), self.after_loop(stmt))
                case With() if stmt.again:
                    reads[stmt] = Reads(frozenset(n for i in stmt.items for n in names(i.context)))
                case Try() if stmt.failed:
                    sized = self.unstable_shapes(lost_arrays(stmt, self.activity))
                    reads[stmt] = Reads(frozenset(), frozenset({stmt.failed}), sized=sized)
                case _:
                    pass
            if plan is not None:
                plans[stmt] = plan
                touched = {c.name for c in plan.parts} if isinstance(plan, Plan) else set()
                if isinstance(stmt, Store):
                    touched.add(base_name(stmt.target) or "")
                elif isinstance(stmt, Augment):
                    touched.add(stmt.target)
                elif isinstance(plan, CallPlan):
                    touched |= {base_name(p) or "" for p, _ in plan.places} | {m.name for m in plan.mirrors}
                mirrors = frozenset(self.bars[n] for n in touched if self.bars.get(n) in shadows)
                if mirrors:
                    old = reads[stmt]
                    reads[stmt] = replace(old, before=old.before | mirrors, places=())
        for stmt in statements(body):
            if isinstance(stmt, For | Each | While) and stmt.body:
                lost = self.unstable_shapes(lost_arrays(stmt, self.activity))
                if lost:  # read where a turn begins
                    old = reads.get(stmt.body[0], Reads())
                    lists = self.lists(lost)
                    reads[stmt.body[0]] = replace(old, before=old.before | lists, sized=old.sized | (lost - lists))
        return Plans(plans, reads, self.bars)

    def planner(self, stmt: Stmt) -> Planner:
        varied = self.activity.varied_reads.get(stmt, frozenset())
        return Planner(stmt, stmt.origin, self.typing, varied, self.namer)

    def lists(self, names: Iterable[str]) -> set[str]:
        """The lists among names: a zero that has to be made of one is as long as it is then."""
        return {n for n in names if isinstance(self.typing.overall.get(n), ListOf)}

    def after_loop(self, stmt: For | Each | While) -> frozenset[str]:
        return counter(stmt.turns) | self.unstable_shapes(self.lists(self.activity.end[stmt]))

    def simple(self, stmt: Assign | Augment | Store | Push) -> Plan:
        drafted = self.drafted(stmt)
        if drafted is not None:
            return drafted
        planner = self.planner(stmt)
        # none: an array's own loop bound it anew, and what the turns go over has another name by now
        flowing = self.activity.acts.get(stmt, frozenset())
        seeds: list[str] = []
        match stmt:
            case Assign(targets, values) if len(targets) == len(values):
                for target, value in zip(targets, values, strict=True):
                    if self.aliases.rep(target) not in flowing:
                        continue
                    if self.is_view_of_shared(stmt, target, value):
                        continue  # the shadow is the same view: nothing flows, it is there
                    seed = self.bar(target)
                    seeds.append(seed)
                    planner.env[seed] = self.arriving(stmt, target)
                    guard = fitting_guard(planner, stmt.guard, value, Fresh(target))
                    if guard is None and target in self.overwritten:
                        guard = pole_guard(planner, value, seed, planner.is_varied)
                    g = self.together(stmt, target, Name(seed))
                    planner.back(self.opened(stmt) or value, g, Fresh(target), guard)
                if len(targets) > 1:
                    by_their_names(planner, stmt)
            case Assign(targets, values):
                if not any(self.is_view_of_shared(stmt, t, values[0]) for t in targets):
                    self.unpack(stmt, planner, seeds, flowing)
            case Augment():
                self.augment(stmt, planner, seeds)
            case Store():
                self.store(stmt, planner, seeds)
            case Push():
                seed = part_name("v_bar", self.namer, self.typing)
                seeds.append(seed)
                planner.env[seed] = as_list(planner.kind_of(stmt.value))
                if is_complex(self.typing.overall.get(stmt.list, UNKNOWN)):
                    planner.env[seed] = as_complex(planner.env[seed])
                planner.back(stmt.value, Name(seed))
        return planner.plan(tuple(seeds))

    def drafted(self, stmt: Assign | Augment | Store | Push) -> Plan | None:
        """The plan that a probe has made already, where one target takes it all."""
        if not isinstance(stmt, Assign | Augment) or len(binds(stmt)) != 1:
            return None
        (target,) = binds(stmt)
        if isinstance(stmt, Assign):
            view = self.is_view_of_shared(stmt, target, stmt.values[0])
            early = target in self.overwritten or (stmt, target) in self.typing.spread.began
            if view or early or self.aliases.rep(target) not in self.activity.acts[stmt]:
                return None
        varied = self.activity.varied_reads.get(stmt, frozenset())
        return self.drafts.plan(stmt, self.bar(target), self.arriving(stmt, target), self.typing, varied, self.namer)

    def arriving(self, stmt: Assign | Augment, target: str) -> Kind:
        """The kind of the adjoint of what is bound: complex where the name is complex elsewhere, in a loop say."""
        kind = self.typing.spread.began.get((stmt, target)) or self.typing.after[stmt][target]
        return as_complex(kind) if is_complex(self.typing.overall[target]) else kind

    def together(self, stmt: Assign, target: str, g: Expr) -> Expr:
        """The adjoint of a number that stands for as many of it as it is added to: see ``spread_sums``."""
        return np_call("sum", g) if (stmt, target) in self.typing.spread.began else g

    def is_view_of_shared(self, stmt: Assign, target: str, value: Expr) -> bool:
        if not self.aliases.is_shared(target):
            return False
        memory = memory_of(self.opened(stmt) or value, self.typing.at(stmt), lambda _: True)
        return any(self.aliases.rep(m) == self.aliases.rep(target) for m in memory)

    def unpack(self, stmt: Assign, planner: Planner, seeds: list[str], flowing: frozenset[str]) -> None:
        """``a, b = row``: each target is an item."""
        value = stmt.values[0]
        kind = planner.kind_of(value)
        found = several(value, planner.kind_of)
        if found is not None:
            check_count(stmt, found)
            bars: dict[int, Expr] = {}
            for k, target in enumerate(stmt.targets):
                if self.aliases.rep(target) in flowing:
                    seeds.append(self.bar(target))
                    planner.env[self.bar(target)] = self.arriving(stmt, target)
                    bars[k] = Name(self.bar(target))
            back_results(planner, value, found, bars, tuple(Fresh(t) for t in stmt.targets))
            return
        if isinstance(kind, Sequence) and isinstance(value, Call) and len(kind.items) == len(stmt.targets):
            self.unpack_results(stmt, planner, seeds, flowing)
            return
        if not planner.is_view_path(value) or not isinstance(kind, Array | ListOf | Sequence | Unknown):
            raise UnsupportedError(
                "unpacking this value is not differentiated",
                place_of(stmt.origin),
                "assign it to a name and index that",
            )
        for k, target in enumerate(stmt.targets):
            if self.aliases.rep(target) in flowing:
                seed = self.bar(target)
                seeds.append(seed)
                planner.env[seed] = self.arriving(stmt, target)
                planner.back(Index(value, Const(k)), Name(seed), None)

    def unpack_results(self, stmt: Assign, planner: Planner, seeds: list[str], flowing: frozenset[str]) -> None:
        """``q, r = np.divmod(x, y)``: the adjoints flow in together, zeros for those that have none."""
        found = planner.kind_of.application(stmt.values[0])
        items: list[Expr] = []
        for target in stmt.targets:
            if self.aliases.rep(target) in flowing:
                seed = self.bar(target)
                seeds.append(seed)
                planner.env[seed] = self.arriving(stmt, target)
                items.append(Name(seed))
            elif found is not None and found.rule.form == "definition":
                items.append(ZERO)
            else:
                planner.env["@" + target] = self.typing.after[stmt][target]
                items.append(np_call("zeros_like", Fresh(target)))
        planner.back(stmt.values[0], Tuple(tuple(items)))

    def augment(self, stmt: Augment, planner: Planner, seeds: list[str]) -> None:
        seed = self.bar(stmt.target)
        seeds.append(seed)
        kind = self.typing.before[stmt].get(stmt.target)
        planner.env[seed] = self.arriving(stmt, stmt.target)
        in_place = isinstance(kind, Array)
        if in_place and stmt.op in ("+", "-"):
            # the array keeps its shape, so what is added is of that shape or broadcast to it
            planner.contribute(Name(stmt.target), Name(seed))
            if planner.is_varied(stmt.value):
                g: Expr = Name(seed) if stmt.op == "+" else neg(Name(seed))
                self.into(planner, stmt.value, g, Name(stmt.target), kind)
            return
        planner.back(Binary(stmt.op, Name(stmt.target), stmt.value), Name(seed), Fresh(stmt.target))

    def into(self, planner: Planner, value: Expr, g: Expr, place: Expr, kind: Kind | None) -> None:
        """What is stored is of the shape of the place, or broadcast to it."""
        whole = None if kind is None else dims_of(kind)
        fitted = fit_dims(planner, g, place, dims_of(planner.kind_of(value)), whole)
        planner.flow(value, g, fitted)

    def store(self, stmt: Store, planner: Planner, seeds: list[str]) -> None:
        """``a[i] = v``. The seed stands for the adjoint of the place as it was after the store."""
        seed = part_name("v_bar", self.namer, self.typing)
        seeds.append(seed)
        place = stmt.target
        kind = planner.kind_of(place)
        planner.env[seed] = kind
        if stmt.op == "del":
            return
        if not stmt.op and isinstance(planner.kind_of(place.value), ListOf):
            planner.env[seed] = as_list(planner.kind_of(stmt.value))
            planner.back(stmt.value, Name(seed))
            return
        value = stmt.value if not stmt.op else Binary(stmt.op, place, stmt.value)
        refuse_parts(planner, place, stmt.value)
        if isinstance(kind, Unknown) and not stmt.op:
            planner.env[seed] = planner.kind_of(stmt.value)
        if stmt.op in ("+", "-"):
            planner.contribute(place, Name(seed)) if planner.is_varied(place) else None
            if planner.is_varied(stmt.value):
                g: Expr = Name(seed) if stmt.op == "+" else neg(Name(seed))
                self.into(planner, stmt.value, g, place, kind)
            return
        if not planner.is_varied(value):
            return
        result = stored_value(stmt, planner.kind_of, self.regions.stays)
        if result is not None or (stmt.op and isinstance(kind, Array)):  # the place keeps its shape
            planner.filling = value if stmt.op and isinstance(kind, Array) else None
            planner.back(value, Name(seed), result)
        else:
            self.into(planner, value, Name(seed), place, kind)

    def returned(self, stmt: Return) -> Plan:
        """The result's adjoint flows in by the names in ``seeds``: one, or one an item of a tuple."""
        planner = self.planner(stmt)
        seeds: list[str] = []
        if stmt.value is None:
            return planner.plan(())
        varied = self.activity.varied_reads.get(stmt, frozenset())
        drafted = self.drafts.plan(stmt, "@0", planner.kind_of(stmt.value), self.typing, varied, self.namer)
        if drafted is not None:
            return drafted
        items = stmt.value.items if isinstance(stmt.value, Tuple) else (stmt.value,)
        for k, item in enumerate(items):
            seed = f"@{k}"  # always replaced: by 1, or by the name of the argument that brings it
            seeds.append(seed)
            planner.env[seed] = planner.kind_of(item)
            if k not in stmt.idle:
                planner.back(item, Name(seed))
        return planner.plan(tuple(seeds))

    def call(self, stmt: Assign) -> CallPlan:
        call = stmt.values[0]
        assert isinstance(call, Call) and isinstance(call.func, Ref)
        assert isinstance(call.func.target, UserFunction)
        planner = self.planner(stmt)
        active = frozenset(names_ for names_, arg in self.arguments(call) if planner.is_varied(arg))
        groups = lent_groups(call, planner, self.aliases, self.written_arguments) if stmt.writes else ()
        # none: an array's own loop bound it anew, and what the turns go over has another name by now
        flowing = self.activity.acts.get(stmt, frozenset())
        seeds: list[str | None] = [self.bar(t) if self.aliases.rep(t) in flowing else None for t in stmt.targets]
        idle = frozenset(k for k, s in enumerate(seeds) if s is None and not stmt.writes)
        half = self.derive_call(call.func.target, call, planner.kind_of, active, groups, planner.place(call), idle)
        if len(seeds) != half.results:
            raise UnsupportedError(
                f"{call.func.spelling} returns {half.results} results, {len(seeds)} are unpacked",
                place_of(stmt.origin),
                "unpack all results into names",
            )
        table = dict(self.arguments(call))
        by_name = {self.parameter(half, key): arg for key, arg in table.items()}
        places = []
        for name in half.active:
            arg = by_name[name]
            if not planner.is_view_path(arg):
                raise UnsupportedError("this argument", planner.place(arg), "assign it to a name first")
            places.append((arg, planner.kind_of(arg)))
        mirrors = tuple(self.mirror(by_name[name], param, early, planner) for name, param, early in half.mirrors)
        for mirror in mirrors:
            if mirror.early and not self.aliases.is_shared(mirror.name):
                raise EarlyMirrorError(call.func.target)
        paths = [*(arg for arg, _ in places), *(m.path for m in mirrors)]
        shapes = {n for arg in paths for n in (base_name(arg),) if n is not None}
        index_names = {n for arg in paths for n in choosing(arg)}
        zero_names = {t for t, s, f in zip(stmt.targets, seeds, half.flowing, strict=True) if s is None and f}
        if half.undo is not None:
            reads = half.undo.reads(stmt, index_names | self.unstable_shapes(shapes))
            return CallPlan(half, "", tuple(seeds), tuple(places), reads)
        memory = {n for _, a in self.arguments(call) for n in names(a)}
        reads = Reads(
            frozenset(index_names) | self.unstable_shapes(shapes),
            frozenset({stmt.saved}) | self.unstable_shapes(zero_names),
            frozenset(memory),
            returned=frozenset(stmt.targets) if half.keeps else frozenset(),
        )
        return CallPlan(half, stmt.saved, tuple(seeds), tuple(places), reads, mirrors)

    def mirror(self, arg: Expr, param: str, early: bool, planner: Planner) -> Mirror:
        refuse_undecided(arg, planner)
        name = base_name(arg)
        assert name is not None
        return Mirror(arg, name, param, early)

    def arguments(self, call: Call) -> list[tuple[str, Expr]]:
        return named_arguments(call)

    def parameter(self, half: Half, key: str) -> str:
        assert isinstance(half.forward.target, Emitted)
        return half.forward.target.params[int(key)] if key.isdigit() else key

    # -- what is read --

    def reads_of(self, stmt: Stmt, plan: Plan) -> Reads:
        before: set[str] = set()
        after: set[str] = set()
        ours = set(plan.env) - set(self.typing.before[stmt])
        ours |= set(plan.seeds) | {n for n, _ in plan.temps}
        for expr in plan.values():
            values, shapes = split_reads(expr)
            for leaf in values:
                if isinstance(leaf, Fresh):
                    after.add(leaf.name)
                elif isinstance(leaf, Name) and leaf.id not in ours:
                    before.add(leaf.id)
            for leaf in shapes:
                name = leaf.name if isinstance(leaf, Fresh) else leaf.id  # type: ignore[union-attr]
                if name in ours:
                    continue
                if isinstance(leaf, Fresh):
                    after |= self.unstable_shapes({name})
                else:
                    before |= self.unstable_shapes({name})
        for read, by_value in plan.indices():
            before |= by_value | self.unstable_shapes(read - by_value)
        for part in plan.parts:
            # a zero of its shape may have to be made, or a broadcast value filled out
            before |= self.unstable_shapes({part.name})
        if isinstance(stmt, Store):
            root = base_name(stmt.target)
            before |= valued(stmt.target) | self.unstable_shapes(choosing(stmt.target) - valued(stmt.target))
            if root is not None:
                before |= self.unstable_shapes({root})
                env = self.typing.before[stmt]
                in_list = isinstance(self.typing.kind(stmt.target.value, env), ListOf)
                old = self.typing.kind(stmt.target, env)
                if in_list and not stmt.op and is_other_shape(old, self.typing.kind(stmt.value, env)):
                    before.add(root)  # for the shape of the item that is overwritten
        return Reads(frozenset(before), frozenset(after), frozenset(), places_of(plan, before | after))

    def unstable_shapes(self, found: Iterable[str]) -> frozenset[str]:
        """The names whose shape is not the same at every binding: their value must be kept for it."""
        return frozenset(n for n in found if not self.stable(n))

    def stable(self, name: str) -> bool:
        kind = self.typing.overall.get(name)
        if kind is None:
            return False
        if isinstance(kind, DictOf):  # its adjoint is made without it
            return True
        if isinstance(kind, ListOf) and self.aliases.is_resized(name):
            return False
        if self.bindings.get(name, 0) <= 1:
            return True
        dims = dims_of(kind)
        return dims is not None and all(d is not None and d.steady for d in dims)

    overwritten: frozenset[str] = frozenset()  # arrays of which entries are stored anew
    bindings: dict[str, int] = None  # type: ignore[assignment]
    regions: Regions = None  # type: ignore[assignment]
