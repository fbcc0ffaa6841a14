"""One function's derivative: facts, exposing, plans, records, and the two sweeps put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from tangent_like.analysis.activity import Activity, find_activity
from tangent_like.analysis.aliases import NOTHING_LENT, Aliases, Lent, find_aliases
from tangent_like.analysis.bindings import count_bindings
from tangent_like.analysis.inferred import infer
from tangent_like.analysis.needs import memory
from tangent_like.analysis.recorded import find_records
from tangent_like.analysis.regions import Regions
from tangent_like.analysis.seen import Earlier
from tangent_like.analysis.shifts import find_shifts
from tangent_like.analysis.typing import CalleeKind, Typing
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.frontend.unbound import with_quiet_reads_asked_for
from tangent_like.ir.blocks import same_items, with_blocks
from tangent_like.ir.calls import called_name
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Const,
    Do,
    Expr,
    Function,
    Library,
    List,
    Name,
    Pass,
    Ref,
    Return,
    Stmt,
    Store,
    UserFunction,
)
from tangent_like.ir.walk import base_name, binds, expressions, statements, subexpressions, with_body
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import Kind, ListOf, Plain, Scalar, Unknown, is_float, is_list
from tangent_like.transform.anew import not_anew
from tangent_like.transform.call_plan import DeriveCall
from tangent_like.transform.contribution import Plan
from tangent_like.transform.drafts import Drafts
from tangent_like.transform.drawn import draws_in_order
from tangent_like.transform.expose import Exposer, is_user_call
from tangent_like.transform.few_places import with_few_places_named
from tangent_like.transform.fresh import find_renames, rename_from
from tangent_like.transform.guards import guard_arms
from tangent_like.transform.lent import WrittenArguments
from tangent_like.transform.plans import PlanMaker
from tangent_like.transform.ready import make_ready
from tangent_like.transform.refusals import refuse_unfollowed
from tangent_like.transform.reverse import backward_block, depths, forward_block
from tangent_like.transform.rows_in_place import with_rows_in_place
from tangent_like.transform.rows_of_results import with_arrays_named
from tangent_like.transform.runtime_refs import helper
from tangent_like.transform.short_calls import Found, ShortCalls
from tangent_like.transform.sorts import apart, refuse_clashes, refuse_two_sorts
from tangent_like.transform.stages import Stage, Watch, unwatched
from tangent_like.transform.sweep import Sweep
from tangent_like.transform.whole_numbers import LIKES, MAKERS, checked
from tangent_like.transform.widened import with_widened


@dataclass(frozen=True, eq=False)
class Outside:
    """What deriving one function asks about others."""

    callee_kind: CalleeKind
    returns_argument: Callable[[UserFunction], bool]
    returns_one: Callable[[UserFunction], bool]
    returns_itself: Callable[[UserFunction], bool]
    has_effects: Callable[[UserFunction], bool]
    happens_once: Callable[[UserFunction], bool]  # may a call of it not be made twice?
    derive_call: DeriveCall
    written_arguments: WrittenArguments
    is_early: Callable[[UserFunction], bool]
    is_undone: Callable[[UserFunction], bool]  # is it a step that is taken back?
    one_expression: Callable[[UserFunction], Function | None]  # a function of the user's that is no more
    store: str = "auto"  # see ``Request``
    watch: Watch = unwatched
    flat: bool = False  # is the text to be differentiated again?
    compiled: bool = False  # by Numba


@dataclass(frozen=True, eq=False)
class Prepared:
    """A function with its facts complete and its plans made: ready for the sweeps."""

    function: Function
    typing: Typing
    aliases: Aliases
    activity: Activity
    sweep: Sweep
    body: Block
    result: Expr
    returned: Plan
    namer: Namer
    outside: Outside
    wrt: tuple[str, ...]
    entry: Block
    copied: tuple[str, ...]  # parameters that are copied because they are written
    given: Function  # as it was before all this
    lent: Lent = NOTHING_LENT  # parameters whose memory is the caller's, and is written


def prepare(
    function: Function,
    kinds: Mapping[str, Kind],
    wrt: tuple[str, ...],
    sizes: Sizes,
    namer: Namer,
    outside: Outside,
    lent: Lent = NOTHING_LENT,
    varied: tuple[str, ...] | None = None,
    packed: bool = False,
) -> Prepared:
    """Facts, then names for what will be read, until nothing changes; then records; then fresh names.

    ``packed``: is what the way back reads returned by the half that goes forward?
    """
    given = function
    checks = overlap_checks(function, kinds)
    function = with_body(function, guard_arms(without_own(function.body)))
    facts = Facts(kinds, wrt if varied is None else varied, sizes, outside, lent, earlier=Earlier(again=outside.flat))
    ordered = draws_in_order(new_values(function, facts), namer, outside.happens_once)
    function = checked(ordered, facts.typing, facts.find)
    function = with_widened(function, facts.typing(function))
    function = with_arrays_named(function, facts.typing(function), namer)
    function = with_rows_in_place(function, facts.typing(function))
    function = apart(function, facts.typing(function), namer)
    function = _exposed(function, facts, namer, given)
    untried, unasked = outside.store == "auto", True
    kept: tuple[Function, Prepared] | None = None  # before few places got names
    for _ in range(len(function.body) + 3):  # each time another binding gets a name of its own, which no other has
        prepared, renames = _recorded(function, facts, wrt, namer, given)
        if not renames and unasked:
            unasked = False
            asking = with_quiet_reads_asked_for(function, empty_at_first(prepared, packed), namer.fresh)
            if asking is not function:
                function = _exposed(asking, facts, namer, given)
                continue
        if not renames and untried:
            untried = False
            named = with_few_places_named(function, prepared.body, prepared.sweep, namer)
            if named is not function:
                kept, function = (function, prepared), _exposed(named, facts, namer, given)
                continue
        if not renames:
            if kept is not None and len(prepared.sweep.records.items) >= len(kept[1].sweep.records.items):
                function, prepared = kept
            refuse_two_sorts(prepared.function, prepared.typing, prepared.activity)
            outside.watch(Stage("expose", function, given))
            for name, fact in (("ready", None), ("plans", prepared.sweep.plans), ("record", prepared.sweep.records)):
                outside.watch(Stage(name, with_body(function, prepared.body), given, fact))
            return replace(prepared, entry=(*checks, *prepared.entry))
        function = rename_from(function, renames, namer)
    raise AssertionError("fresh names make no further names necessary")


def without_own(body: Block) -> Block:
    """The block without ``x = x``, which would look as if two names shared the memory."""
    out: list[Stmt] = []
    for own in body:
        stmt = own
        if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values) and not stmt.guard and not stmt.saved:
            pairs = list(zip(stmt.targets, stmt.values, strict=True))
            left = [(t, v) for t, v in pairs if not (isinstance(v, Name) and v.id == t)]
            if not left:
                continue
            if len(left) < len(pairs) and not stmt.writes:
                stmt = replace(stmt, targets=tuple(t for t, _ in left), values=tuple(v for _, v in left))
        out.append(with_blocks(stmt, lambda block: without_own(block) or ((Pass(),) if block else ())))
    return tuple(out)


def overlap_checks(function: Function, kinds: Mapping[str, Kind]) -> list[Stmt]:
    """``x += e`` on an argument of unknown kind is a new value for us: then no other may share its memory."""
    unknown = [p.name for p in function.params if isinstance(kinds[p.name], Unknown)]
    targets = {s.target for s in statements(function.body) if isinstance(s, Augment)}
    found: list[Stmt] = []
    for name in unknown:
        others = [p.name for p in function.params if p.name != name and not isinstance(kinds[p.name], Scalar | Plain)]
        if name in targets and others:
            found.append(Do(Call(helper("refuse_overlap"), (Name(name), *map(Name, others)))))
    return found


def new_values(function: Function, facts: Facts) -> Function:
    """``x += e`` on an argument of unknown kind becomes ``x = x + e``: the caller's array stays as it is."""
    unknown = {p.name for p in function.params if isinstance(facts.kinds[p.name], Unknown)}
    own = [s for s in statements(function.body) if isinstance(s, Augment) and s.target in unknown]
    if not own:
        return function
    typing, _, _ = facts.find(function)  # refuses where another name may share the memory
    table: dict[Stmt, Stmt] = {
        s: Assign((s.target,), (Binary(s.op, Name(s.target), s.value),), s.origin)
        for s in own
        if isinstance(typing.before[s].get(s.target), Unknown)
    }
    return with_body(function, _replace(function.body, table))


def whole_checks(
    function: Function, activity: Activity, aliases: Aliases, typing: Typing, copied: tuple[str, ...]
) -> list[Stmt]:
    """An argument of unknown dtype that takes values with derivatives must not cut them to whole numbers."""
    classes = {
        aliases.class_of.get(name, name)
        for stmt in statements(function.body)
        if isinstance(stmt, Store) and stmt in activity.acts
        for name in (base_name(stmt.target),)
        if name is not None
    }
    arrays = [n for n in copied if not is_list(typing.overall.get(n))]
    unsure = [n for n in arrays if getattr(typing.overall.get(n), "dtype", None) is None]
    acting = [n for n in unsure if aliases.class_of.get(n, n) in classes]
    # a copy of a list shares its items
    holders = [n for n in arrays if n not in acting and isinstance(typing.overall.get(n), Unknown)]
    refusals = [*(("refuse_whole", n) for n in acting), *(("refuse_held", n) for n in holders)]
    return [Do(Call(helper(refusal), (Name(n),))) for refusal, n in refusals]


@dataclass(frozen=True, eq=False)
class Facts:
    """What the facts about a function are found from; ``varied`` are the parameters with derivatives."""

    kinds: Mapping[str, Kind]
    varied: tuple[str, ...]
    sizes: Sizes
    outside: Outside
    lent: Lent
    forward: bool = False
    earlier: Earlier = field(default_factory=Earlier)
    last: dict[Function, tuple[Typing, Aliases, Activity]] = field(default_factory=dict)
    typed: dict[Function, Typing] = field(default_factory=dict)
    drafts: Drafts = field(default_factory=Drafts)
    opened: Found = field(default_factory=dict)

    def typing(self, function: Function) -> Typing:
        """What is known of the values; what was found last is not looked for again."""
        if function not in self.typed:
            callee = self.outside.callee_kind
            found = infer(function, self.kinds, self.sizes, callee, self.earlier, self.forward)
            self.typed.clear()
            self.typed[function] = found
        return self.typed[function]

    def find(self, function: Function, shadowed: frozenset[str] = frozenset()) -> tuple[Typing, Aliases, Activity]:
        """The facts about a function; those that were found last are not looked for again."""
        if function not in self.last:
            found = self._find(function, shadowed)
            self.last.clear()
            self.last[function] = found
        return self.last[function]

    def _find(self, function: Function, shadowed: frozenset[str]) -> tuple[Typing, Aliases, Activity]:
        typing = self.typing(function)
        outside = self.outside
        aliases = find_aliases(
            function, typing, outside.returns_argument, outside.returns_one, outside.returns_itself,
            self.lent, outside.is_early, shadowed,
        )  # fmt: skip
        lent = self.lent.names  # what is left there, the caller sees
        alone = find_shifts(function, typing.at, lambda name: not (aliases.is_linked(name) or name in lent))
        typing = replace(typing, idle=alone)
        floats = [n for n in sorted(self.lent.names) if is_float(self.kinds[n])]
        activity = find_activity(function, typing, aliases, self.varied, floats)
        refuse_clashes(function, typing, activity)
        refuse_unfollowed(function, typing, activity)
        return typing, aliases, activity


def _exposed(function: Function, facts: Facts, namer: Namer, given: Function) -> Function:
    made: set[str] = set()
    for attempt in range(50):
        typing, aliases, activity = facts.find(function)
        if attempt == 0:
            watch_facts(function, given, (typing, aliases, activity), facts.outside.watch)
        regions = Regions(function.body, count_bindings(function), typing.at, closed_names(aliases))
        exposer = Exposer(typing, activity, aliases, namer, regions, store=facts.outside.store, drafts=facts.drafts)
        exposer.compiled = facts.outside.compiled
        exposer.short = ShortCalls(function.body, typing, activity, facts.outside.one_expression, facts.opened)
        body = exposer.block(function.body)
        made.update(exposer.made)
        function = with_body(function, body) if exposer.changed else function
        if not exposer.changed or not exposer.again:
            typing, aliases, _ = facts.find(function) if len(made) > 1 else (typing, aliases, activity)
            return not_anew(function, made, typing, aliases)
    raise UnsupportedError(
        "an expression nests too deep to be taken apart",
        place_of(function.origin),
        "split it into statements",
    )


def watch_facts(function: Function, given: Function, found: tuple[Typing, Aliases, Activity], watch: Watch) -> None:
    typing, aliases, activity = found
    watch(Stage("infer", function, given, typing))
    watch(Stage("aliases", function, given, aliases))
    watch(Stage("activity", function, given, activity))


def _recorded(
    function: Function,
    facts: Facts,
    wrt: tuple[str, ...],
    namer: Namer,
    given: Function,
    shared: frozenset[str] = frozenset(),
) -> tuple[Prepared, dict[int, tuple[str, ...]]]:
    """``shared``: names that turned out to share written memory once control had been made ready."""
    outside, lent = facts.outside, facts.lent
    untouched = namer, function
    typing, aliases, activity = facts.find(function, shared)
    trial = Namer(())
    trial.take(namer.taken)
    namer, original = trial, function
    copied = aliases.copied
    varied = partial(activity.is_varied, typing=typing)
    ready = make_ready(function, typing, aliases, namer, outside.returns_argument, lent, varied)
    short = ShortCalls(ready.body, typing, activity, outside.one_expression, facts.opened)
    body = _with_saved(ready.body, activity, namer, outside, short)
    if same_items(body, function.body):
        body = function.body
    else:
        before = aliases
        function = with_body(function, body)
        typing, aliases, activity = facts.find(function, frozenset(ready.shadows) | shared)
        more = frozenset(n for n in before.class_of if aliases.is_shared(n) and not before.is_shared(n)) - shared
        if more:  # each needs its shadow where it is bound
            facts.last.clear()
            return _recorded(untouched[1], facts, wrt, untouched[0], given, shared | more)
    bars: dict[str, str] = dict(ready.shadows)
    maker = PlanMaker(
        typing,
        activity,
        aliases,
        namer,
        bars,
        outside.derive_call,
        outside.written_arguments,
        partial(_undone, activity, outside),
        facts.drafts,
        ShortCalls(body, typing, activity, outside.one_expression, facts.opened).opened,
    )
    maker.bindings = count_bindings(function)
    maker.regions = regions = Regions(body, maker.bindings, typing.at, closed_names(aliases))
    plans = maker.make(body)
    ends = [s for s in body if isinstance(s, Return)]
    last = ends[-1]
    start = {ready.shadows[p] for p in wrt if p in ready.shadows}
    start |= maker.unstable_shapes(set(wrt))
    lent_classes = {c for n in lent.names for c in (aliases.class_of[n], aliases.link(n))}
    start |= {memory(c) for c in lent_classes}  # the caller finds them as they were
    params = [p.name for p in function.params]
    params += [ready.shadows[p] for p in params if p in ready.shadows]  # there from the start as well
    again = outside.store != "all"
    records = find_records(body, params, plans.reads, aliases, typing, regions, start, again, outside.compiled)
    renames = find_renames(original, body, records, typing)
    sweep = Sweep(
        typing,
        activity,
        aliases,
        plans,
        records,
        regions,
        namer,
        ready.shadows,
        forward_block,
        backward_block,
        bars=bars,
        constants=_constants(function, body, activity, maker.bindings, aliases),
        turned=turns_axes(body),
        flat=outside.flat,
    )
    depths(body, 0, sweep.depth_of)
    returned = plans.of[last]
    assert isinstance(returned, Plan) and last.value is not None
    done = Prepared(
        function,
        typing,
        aliases,
        activity,
        sweep,
        body,
        last.value,
        returned,
        namer,
        outside,
        wrt,
        (
            *bound_to_nothing(records.unset, typing),
            *whole_checks(function, activity, aliases, typing, copied),
            *ready.entry,
        ),
        copied,
        given,
        lent,
    )
    return done, renames


def empty_at_first(p: Prepared, packed: bool) -> set[str]:
    """The names that may be bound to None at first, so that they can be kept."""
    reads = p.sweep.plans.reads.values() if packed else ()
    return {*p.sweep.records.unset, *(n for own in reads for n in (*own.before, *own.after))}


def bound_to_nothing(names: Iterable[str], typing: Typing) -> list[Stmt]:
    """What is kept, packed or asked for its size where it may not be bound yet is bound from the start."""
    kinds = {n: typing.overall.get(n) for n in names}
    return [Assign((n,), (List(()) if isinstance(kind, ListOf) else Const(None),)) for n, kind in kinds.items()]


def _constants(
    function: Function, body: Block, activity: Activity, bindings: Mapping[str, int], aliases: Aliases
) -> frozenset[str]:
    """The names bound once, in an assignment that has no reverse half, or each time to an array that this makes."""
    own = [s for s in statements(body) if isinstance(s, Assign) and s not in activity.acts and not s.writes]
    params = {p.name for p in function.params}
    places = Counter(t for s in statements(body) for t in binds(s))
    once = {t for s in own for t in s.targets if bindings.get(t, 0) == 1}
    # what a store leaves there has no other name yet: the adjoint has come together when the way back is at the store
    seen = {base_name(s.target) for s in statements(body) if isinstance(s, Store) and s not in aliases.young}
    seen |= {n for n in aliases.linked_of if aliases.is_shared(n)}
    anew = {t for s in own for t, v in zip(s.targets, s.values, strict=False) if places[t] == 1 and makes_array(v)}
    return frozenset((once | (anew - seen)) - params)


def makes_array(value: Expr) -> bool:
    """Does it make an array of constants, in memory of its own?"""
    match value:
        case Call(Ref(target=Library("numpy", name))):
            return name in MAKERS or name in LIKES
        case _:
            return False


def closed_names(aliases: Aliases) -> set[str]:
    """The names of memory that goes by several: what one writes is there for the others."""
    return {n for n in aliases.linked_of if aliases.is_shared(n) or aliases.is_linked(n)}


TURNS = ("T", "mT", "transpose", "swapaxes", "moveaxis", "rollaxis", "matrix_transpose", "einsum", "asfortranarray")


def turns_axes(body: Block) -> bool:
    """Does a program change the order of axes, so that an array may lie in memory in another order than theirs?"""
    for stmt in statements(body):
        for node in (n for top in expressions(stmt) for n in subexpressions(top)):
            match node:
                case Attribute(_, name) if name in TURNS:
                    return True
                case Call(Ref(target=Library(qualname=name)), _, keywords) | Call(Attribute(name=name), _, keywords):
                    if name in TURNS or any(n == "order" for n, _ in keywords):
                        return True
    return False


def _undone(activity: Activity, outside: Outside, stmt: Assign) -> bool:
    """Is it an active call of a step that is taken back?"""
    value = stmt.values[0]
    if stmt not in activity.acts or not isinstance(value, Call) or not isinstance(value.func, Ref):
        return False
    return isinstance(value.func.target, UserFunction) and outside.is_undone(value.func.target)


def _with_saved(body: Block, activity: Activity, namer: Namer, outside: Outside, short: ShortCalls) -> Block:
    """Give every active call of the user's own functions a name for what its reverse half needs."""
    table: dict[Stmt, Stmt] = {}
    for stmt in statements(body):
        if isinstance(stmt, Assign) and len(stmt.values) == 1 and is_user_call(stmt.values[0]):
            if not stmt.saved and stmt in activity.acts and not _undone(activity, outside, stmt):
                if short.opened(stmt) is not None:
                    continue
                call = stmt.values[0]
                assert isinstance(call, Call)
                base = called_name(call.func)
                table[stmt] = replace(stmt, saved=namer.fresh(f"{base}_saved"))
    return _replace(body, table) if table else body


def _replace(body: Block, table: Mapping[Stmt, Stmt]) -> Block:
    def change(block: Block) -> Block:
        return tuple(table.get(s) or with_blocks(s, change) for s in block)

    return change(body)
