"""A derivative may need several functions: the halves of the user's own functions, once for each pattern."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from tangent_like.analysis.aliases import NOTHING_LENT, Lent, find_aliases
from tangent_like.analysis.found_sizes import without_own
from tangent_like.analysis.inferred import EMPTY, infer, untold
from tangent_like.analysis.live import Memory, keep_live
from tangent_like.analysis.ranks import find_bounds, ranks
from tangent_like.analysis.returned import returns_memory, returns_one_memory
from tangent_like.analysis.used import told_by_use
from tangent_like.errors import NOWHERE, DifferentiationError, Place, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.calls import said_in
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assert,
    Call,
    Do,
    Emitted,
    Expr,
    Function,
    Raise,
    Ref,
    UserFunction,
)
from tangent_like.ir.walk import statements
from tangent_like.kinds.annotation import kind_of_annotation
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import UNKNOWN, Array, Kind, Scalar, Unknown, is_float, without_sizes
from tangent_like.kinds.lists import returned
from tangent_like.rules.attached import Attached
from tangent_like.rules.draws import drawn_in
from tangent_like.specialize.asked import Gradient, Inner, Solution, Solved, Undoing
from tangent_like.transform.assemble import halves
from tangent_like.transform.call_plan import EarlyMirrorError, Half
from tangent_like.transform.derive import Outside, Prepared, prepare
from tangent_like.transform.growing_kinds import refuse_growing
from tangent_like.transform.guessed_kinds import Guessing
from tangent_like.transform.insides import Insides, MadeInner, no_inner
from tangent_like.transform.lent import Groups
from tangent_like.transform.lists_said import like_lists
from tangent_like.transform.lowered import Lowered, lowered_of, read, refused, source_of
from tangent_like.transform.marching import Making, Marching, Rerun
from tangent_like.transform.nested import concrete, is_nested, may_write
from tangent_like.transform.once_only import happens_once
from tangent_like.transform.outlined import March, has_checkpoints, outlined
from tangent_like.transform.placed import Places
from tangent_like.transform.refusals import items_returned, refuse_to_draw_again
from tangent_like.transform.reversing import Reversible
from tangent_like.transform.short_calls import is_one_expression
from tangent_like.transform.signatures import halves_notes
from tangent_like.transform.solving import Solving
from tangent_like.transform.stages import Watch, unwatched, watch_read
from tangent_like.transform.stated import handed_back, returning
from tangent_like.transform.widening import Widening
from tangent_like.transform.writing import Writings
from tangent_like.transform.written_out import with_short_ones


@dataclass(eq=False)
class Program:
    """The functions of one derivative, as they come to be; callees before their callers."""

    sizes: Sizes
    namer: Namer
    inner: Callable[[Function, Mapping[str, Kind], Gradient, Place, Program], MadeInner] = no_inner
    store: str = "auto"  # see ``Request``
    watch: Watch = unwatched
    attached: Attached = field(default_factory=Attached)  # the rules of the user's
    flat: bool = False  # the text is to be differentiated again
    keeps_calls: bool = True  # of the user's functions as they are: Numba takes less than Python
    compiled: bool = False  # by Numba
    functions: list[Function] = field(default_factory=list)
    lowered: dict[UserFunction, Lowered] = field(default_factory=dict)
    kinds: dict[tuple[UserFunction, tuple[Kind, ...]], Kind | None] = field(default_factory=dict)
    halves: dict[object, Half] = field(default_factory=dict)
    prepared: dict[str, Prepared] = field(default_factory=dict)  # by the names of the halves
    nested: dict[object, UserFunction] = field(default_factory=dict)
    early: set[UserFunction] = field(default_factory=set)  # see ``Mirror``
    bounds: dict[UserFunction, Mapping[str, tuple[int, int | None]]] = field(default_factory=dict)
    summaries: dict[tuple[str, UserFunction], bool] = field(default_factory=dict)
    reached: dict[UserFunction, frozenset[UserFunction]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = Places(lambda target: self.read(target, NOWHERE).function)
        self.guessing = Guessing(self.kinds, self.calls_other)
        self.insides = Insides(self.namer, self.functions)
        self.wider = Widening(
            self.sizes,
            self.namer,
            self.callee_kind,
            self.is_recursive,
            self.returns_one,
            self.lowered,
            self.derivative_inside,
            self.attached,
            self.solution,
            self.again,
            self.functions.append,
            self.flat,
        )
        self.writings = Writings(
            self.sizes, self.read, self.bind,
            self.callee_kind, self.returns_argument, self.returns_one, self.returns_itself,
            self.calls,
            partial(may_write, self.wider.changed_by),
            lambda lowered: self.fresh_namer(lowered.taken),
        )  # fmt: skip

    def outside(self) -> Outside:
        return Outside(
            self.callee_kind, self.returns_argument, self.returns_one, self.returns_itself,
            self.has_effects, lambda target: happens_once(target, self.read_or_none, self.calls),
            self.derive_call,
            self.writings.arguments,
            self.early.__contains__,
            lambda target: isinstance(self.insides.again_of(target), Reversible),
            self.one_expression, self.store, self.watch, self.flat, self.compiled,
        )  # fmt: skip

    def read(self, target: UserFunction, place: Place) -> Lowered:
        found = self.lowered.get(target)
        if found is None:
            found = read(source_of(target, place), self.attached)
            if found.rich:
                raise refused(found.function)
            self.lowered[target] = found
            self.namer.take(found.taken)
            watch_read(found.written, found.function, self.watch)
        return found

    def read_or_none(self, target: UserFunction) -> Lowered | None:
        """None for what has a rule of its own, and holds what is not differentiated."""
        try:
            return self.read(target, NOWHERE)
        except DifferentiationError:
            if self.attached.rule_of(target) is None:
                raise
            return None

    def one_expression(self, target: UserFunction) -> Function | None:
        """A function of the user's, and of nobody else's making, that is one expression."""
        made = is_nested(target) or self.insides.of(target) is not None or self.insides.again_of(target) is not None
        halved = made or not self.keeps_calls or self.attached.rule_of(target) is not None
        lowered = None if halved else self.read_or_none(target)
        if lowered is None or not is_one_expression(lowered.function) or self.has_effects(target):
            return None
        return lowered.function

    def fresh_namer(self, taken: frozenset[str]) -> Namer:
        return Namer(taken | self.namer.taken)

    def prepare(
        self,
        lowered: Lowered,
        kinds: Mapping[str, Kind],
        wrt: tuple[str, ...],
        lent: Lent = NOTHING_LENT,
        varied: tuple[str, ...] | None = None,
        packed: bool = False,
    ) -> Prepared:
        while True:
            namer = self.fresh_namer(lowered.taken)
            opened = with_short_ones(self, lowered, kinds, namer)
            function = self.outlined(self.writings.stated(opened, kinds, namer, varied is None), kinds, namer)
            try:
                return prepare(function, kinds, wrt, self.sizes, namer, self.outside(), lent, varied, packed)
            except EarlyMirrorError as found:
                self.early.add(found.target)

    def derivative_inside(
        self, function: Function, kinds: Mapping[str, Kind], asked: Gradient, place: Place
    ) -> Inner:
        """A derivative inside a function, as emitted functions."""

        def make(known: Mapping[str, Kind]) -> MadeInner:
            return self.inner(function, known, asked, place, self)

        return self.insides.derivative(function, kinds, asked, make)

    def solution(self, solved: Solved) -> Solution:
        """A call of a solver, as a call of a function like the user's."""
        solving = self.insides.solving(solved)
        self.know(solving)
        return solving.solution

    def again(self, function: Function, undoing: Undoing | None) -> Ref:
        """A function that runs again on the way back, or is taken back there, as it is called."""
        self.draw_once(function)
        if undoing is None:
            return self.knowing(self.insides.again(function))
        typing = infer(function, undoing.kinds, self.sizes, self.callee_kind)
        return self.knowing(self.insides.taken_back(function, undoing, typing))

    def knowing(self, rerun: Rerun | Marching | Reversible) -> Ref:
        self.lowered[rerun.target] = self.wider.raw[rerun.target] = lowered_of(rerun.function)
        return Ref(rerun.emitted.spelling, rerun.target, None, rerun.emitted.target)

    def know(self, solving: Solving) -> None:
        self.lowered[solving.target] = self.wider.raw[solving.target] = solving.lowered()

    def outlined(self, function: Function, kinds: Mapping[str, Kind], namer: Namer) -> Function:
        """The function with its checkpointed loops as calls."""
        if not has_checkpoints(function):
            return function
        typing = infer(function, kinds, self.sizes, self.callee_kind)
        aliases = find_aliases(function, typing, self.returns_argument, self.returns_one, self.returns_itself)

        def known(march: March) -> Ref:
            self.draw_once(march.step)
            return self.knowing(self.insides.marching(march))

        return outlined(function, typing, aliases, namer, known)

    def useful(self, function: Function, kinds: Mapping[str, Kind]) -> Function:
        """The function without what its results do not need."""
        typing = infer(function, kinds, self.sizes, self.callee_kind)
        found = find_aliases(function, typing, self.returns_argument, self.returns_one, self.returns_itself)
        memory = Memory(found.linked_of, found.linked)
        return replace(function, body=keep_live(function.body, set(), memory, self.has_effects))

    def draw_once(self, function: Function) -> None:
        place = place_of(function.origin)
        refuse_to_draw_again(function, self.calls, lambda target: self.read(target, place).function, place)

    def within(self, outer: Program) -> None:
        """Know what a function of the program around this one names."""
        self.wider.knows_lifted(outer.wider)
        self.functions.extend(outer.functions)  # what is not called goes again
        self.insides.files.update(outer.insides.files)
        self.insides.solvings.update(outer.insides.solvings)
        for solving in self.insides.solvings.values():
            self.know(solving)
        self.insides.reruns.update(outer.insides.reruns)
        for rerun in self.insides.reruns.values():
            self.knowing(rerun)

    def result_kinds(self, function: Function, kinds: Mapping[str, Kind]) -> tuple[Kind, ...]:
        """The kinds of what a function returns, item by item."""
        return returned(infer(function, kinds, self.sizes, self.callee_kind).result[-1])

    # -- calls --

    def concrete(self, target: UserFunction, call: Call, kinds: tuple[Kind, ...], place: Place) -> UserFunction:
        """The function itself; of a derivative that is called, the text of it for these kinds."""
        if not is_nested(target):
            return target
        bound = self.bind(target, call, kinds, place)
        key = (target, tuple(bound.values()))
        if key not in self.nested:
            self.nested[key] = concrete(target, bound, self.sizes, self.attached.within, place)
        return self.nested[key]

    def bind(self, target: UserFunction, call: Call, kinds: tuple[Kind, ...], place: Place) -> dict[str, Kind]:
        """The kinds of the callee's parameters in a call; the rest from the defaults."""
        params = self.read(target, place).function.params
        plain = [p for p in params if not p.keyword_only]
        if len(call.args) > len(plain):
            raise UnsupportedError(f"{target.qualname} takes {len(plain)} positional arguments", place)
        found: dict[str, Kind] = {}
        for param, kind in zip(plain, kinds, strict=False):
            if len(found) < len(call.args):
                found[param.name] = kind
        known = {p.name for p in params}
        for (name, _), kind in zip(call.keywords, kinds[len(call.args) :], strict=True):
            if name not in known or name in found:
                raise UnsupportedError(f"{target.qualname} does not take {name!r} here", place)
            found[name] = kind
        for param in params:
            if param.name in found:
                continue
            if param.default is None:
                raise UnsupportedError(f"{target.qualname} lacks its argument {param.name!r}", place)
            typing = infer(EMPTY, {}, self.sizes, self.callee_kind)
            found[param.name] = typing.kind(param.default, {})
        found = self.places.arrays(target, found)
        if self.is_recursive(target):
            found = {name: without_sizes(kind) for name, kind in found.items()}
        return {p.name: found[p.name] for p in params}

    def callee_kind(self, target: UserFunction, call: Call, kinds: tuple[Kind, ...], place: Place) -> Kind:
        """The kind of what a call returns; a recursive function starts from knowing nothing."""
        if self.wider.is_on_its_way(target):
            return self.wider.expected.get(target, BOTTOM)
        target = self.concrete(target, call, kinds, place)
        bound = self.bind(target, call, kinds, place)
        key = (target, tuple(bound.values()))
        if key in self.kinds:
            return self.kinds[key] or UNKNOWN
        lowered = self.read(target, place)

        def look() -> Kind:
            made = infer(lowered.function, bound, self.sizes, self._open_kind).result
            return without_own(made[-1], bound) if made else UNKNOWN

        if self.is_recursive(target):  # such a call returns, to begin with, a number; or a list like an argument
            refuse_growing(target, self.kinds, place)
            guesses = (None, *like_lists(bound.values()))
            self.kinds[key] = self.guessing.found(key, guesses, look)
        else:
            self.kinds[key] = look()
        return self.kinds[key] or UNKNOWN

    def _open_kind(self, target: UserFunction, call: Call, kinds: tuple[Kind, ...], place: Place) -> Kind:
        """As ``callee_kind``; a call whose kind is being found out says the best that is known so far."""
        target = self.concrete(target, call, kinds, place)
        bound = self.bind(target, call, kinds, place)
        key = (target, tuple(bound.values()))
        if key in self.kinds:
            return self.kinds[key] or BOTTOM
        return self.callee_kind(target, call, kinds, place)

    def derive_call(
        self,
        target: UserFunction,
        call: Call,
        kind_of: Callable[[Expr], Kind],
        active: frozenset[str],
        groups: Groups,
        place: Place,
        idle: frozenset[int] = frozenset(),
    ) -> Half:
        """The halves of a callee for the kinds, the active arguments, those written, and idle results, made once."""
        kinds = tuple(kind_of(a) for a in (*call.args, *(v for _, v in call.keywords)))
        target = self.concrete(target, call, kinds, place)
        bound = self.bind(target, call, kinds, place)
        lowered = self.read(target, place)
        order = tuple(p.name for p in lowered.function.params)
        by_key = {**dict(zip(map(str, range(len(order))), order, strict=True)), **{n: n for n in order}}
        varied = tuple(n for n in order if n in {by_key[k] for k in active} and is_float(bound[n]))
        lent = Lent(tuple(tuple(by_key[k] for k in group) for group in groups))
        wrt = tuple(n for n in varied if n not in lent.names)
        if self.insides.of(target) or self.insides.again_of(target) or self.is_recursive(target):
            idle = frozenset()
        key = (target, tuple(bound.values()), varied, lent, idle)
        if key in self.halves:
            return self.halves[key]
        solving = self.insides.of(target)
        if solving is not None:
            return self.halves.setdefault(key, solving.half(bound, order, varied, place, self.wider, self.functions))
        base = lowered.function.name
        forward, reverse = self.namer.fresh(f"{base}_forward"), self.namer.fresh(f"{base}_reverse")
        at = (place.line, place.column)
        forward_ref, reverse_ref = Ref(forward, Emitted(forward, order), at), Ref(reverse, Emitted(reverse), at)
        items = items_returned(self.callee_kind(target, call, kinds, place), base, place)
        handed = handed_back(target, lowered.function, bound) if groups else (None,)
        lowered = replace(lowered, function=returning(lowered.function, handed, idle))
        if all(e is not None for e in handed):
            items = ()  # called for what it writes
        back = idle.union(k for k, e in enumerate(handed) if e is not None)
        flowing = tuple(is_float(i) and k not in back for k, i in enumerate(items))
        half = Half(forward_ref, reverse_ref, wrt, (False,) * len(wrt), len(items), flowing)
        self.halves[key] = half  # a recursive call finds it here
        rerun = self.insides.again_of(target)
        if rerun is not None:
            if groups:
                raise UnsupportedError(f"{base} writes its arguments, and runs again", place, "return new arrays")
            if isinstance(rerun, Reversible):
                taken = partial(self.insides.back, lambda f: infer(f, bound, self.sizes, self.callee_kind))
                self.halves[key] = rerun.half(half, bound, self.derivative_inside, taken, place)
                return self.halves[key]
            known = infer(lowered.function, bound, self.sizes, self.callee_kind).overall
            making = Making(self.derivative_inside, self.insides.emit, self.useful)
            self.functions.extend(rerun.halves(bound, known, wrt, (forward, reverse), flowing, making, place))
            return half
        of_itself = bool(lent.names) and self.is_recursive(target)
        if of_itself:  # the adjoints that it takes of itself, if nothing in it says otherwise
            bars = tuple((n, f"{n}_bar", False) for n in sorted(lent.names) if is_float(bound[n]))
            half = self.halves[key] = replace(half, mirrors=bars)
        known_halves, count = dict(self.halves), len(self.functions)
        for _ in range(MOST_ROUNDS):
            prepared = self.prepare(lowered, bound, wrt, lent, varied, True)
            made = halves(prepared, forward, reverse, back, bare=not items)
            if not of_itself or made.mirrors == half.mirrors:
                break
            half = replace(half, mirrors=made.mirrors)
            self.halves = {**known_halves, key: half}
            del self.functions[count:]
        else:
            raise UnsupportedError(f"what {base} writes of its arguments", place, "return new arrays")
        if made.results != half.results:
            raise UnsupportedError(f"what {base} returns cannot be told apart", place, "return a tuple display")
        notes = (lowered.function, wrt, len(items), sum(half.flowing))
        self.functions += halves_notes(made.forward, made.reverse, *notes)
        self.prepared.update(dict.fromkeys((forward, reverse), prepared))
        if (made.owned, made.mirrors, made.keeps) != (half.owned, half.mirrors, True):
            half = self.halves[key] = replace(half, owned=made.owned, mirrors=made.mirrors, keeps=made.keeps)
        return half

    # -- ranks --

    def told_by_use(
        self, lowered: Lowered, kinds: Mapping[str, Kind], wrt: tuple[str, ...], scalar_result: bool, as_lists: bool
    ) -> tuple[dict[str, Kind], dict[str, int]]:
        """Kinds and ranks that the use of parameters leaves possible, for those of which nothing else is known."""
        function = lowered.function
        if not any(isinstance(kinds[p.name], Array | Unknown) for p in function.params):
            return {}, {}
        typing = infer(function, kinds, self.sizes, self.callee_kind)
        bounds = find_bounds(function, typing, self.callee_bounds, scalar_result)
        told = told_by_use(function, kinds, bounds, wrt, self.places.given(function), as_lists)
        return told, ranks(function, {**kinds, **told}, bounds)

    def callee_bounds(self, target: UserFunction) -> Mapping[str, tuple[int, int | None]]:
        if target not in self.bounds:
            self.bounds[target] = {}  # of a function that calls itself, nothing
            lowered = self.read(target, NOWHERE)
            params = {p.name: kind_of_annotation(p.annotation, p.name) for p in lowered.function.params}
            typing = infer(lowered.function, params, Sizes({}, looks=self.sizes.looks), self.callee_kind)
            found = find_bounds(lowered.function, typing, self.callee_bounds, False)
            self.bounds[target] = {n: found.of(n) for n in params}
        return self.bounds[target]

    # -- summaries --

    def callees(self, target: UserFunction) -> list[UserFunction]:
        return self.calls(self.read(target, Place("", 0, 0, "")).function)

    def calls(self, function: Function) -> list[UserFunction]:
        said = [node.target for node in said_in(function.body) if isinstance(node, Ref)]
        return list(dict.fromkeys(t for t in said if isinstance(t, UserFunction)))

    def is_recursive(self, target: UserFunction) -> bool:
        """Does it call itself, or, of one made for the kinds of a call, what it was made from?"""
        owner, made, _ = target.owner.rpartition("|")
        first = replace(target, owner=owner) if made else target
        return self.calls_other(target, target) or self.calls_other(first, first)

    def calls_other(self, target: UserFunction, other: UserFunction) -> bool:
        """Does a function call another, itself or by others?"""
        if target not in self.reached:
            seen: set[UserFunction] = set()
            pending = self.wider.named_by(target)
            while pending:
                one = pending.pop()
                if one not in seen:
                    seen.add(one)
                    pending.extend(self.wider.named_by(one))
            self.reached[target] = frozenset(seen)
        return other in self.reached[target]

    def has_effects(self, target: UserFunction) -> bool:
        """May a call print, raise on purpose, or write?"""
        key = ("effects", target)
        if key not in self.summaries:
            self.summaries[key] = True  # while it is found out: a recursive call alone does nothing more
            lowered = self.read_or_none(target)
            if lowered is None:
                return True
            own = any(isinstance(s, Do | Assert | Raise) for s in statements(lowered.function.body))
            own = own or bool(drawn_in(lowered.function))
            self.summaries[key] = own or any(self.has_effects(c) for c in self.callees(target) if c != target)
        return self.summaries[key]

    def returns_argument(self, target: UserFunction) -> bool:
        """May what it returns share memory with an argument? Without kinds, so on the safe side."""
        return self.returned(target, items=True)

    def returns_itself(self, target: UserFunction) -> bool:
        """The same of more than the items of an argument, in a list made of them."""
        return self.returned(target, items=False)

    def returned(self, target: UserFunction, items: bool) -> bool:
        key = ("returns" if items else "itself", target)
        if key not in self.summaries:
            self.summaries[key] = True
            if (lowered := self.read_or_none(target)) is None:
                return True
            kind_of = untold(self.sizes, self.callee_kind)
            asked = self.returns_argument if items else self.returns_itself
            self.summaries[key] = returns_memory(lowered.function, kind_of, asked, items)
        return self.summaries[key]

    def returns_one(self, target: UserFunction) -> bool:
        """May two of its results be one memory?"""
        key = ("one", target)
        if key not in self.summaries:
            self.summaries[key] = False  # while it is found out: a recursive call alone returns nothing
            with suppress(DifferentiationError):  # refused where it matters, with its place
                function = self.read(target, NOWHERE).function
                kind_of = untold(self.sizes, self.callee_kind)
                self.summaries[key] = returns_one_memory(function, kind_of, self.returns_argument, self.returns_one)
                if self.summaries[key]:  # those that call it were told that it does not
                    for other in [t for sort, t in self.summaries if sort == "one" and t != target]:
                        if self.calls_other(other, target):
                            del self.summaries["one", other]
        return self.summaries[key]


# The rounds in which a function that calls itself is to agree with what it takes itself for.
MOST_ROUNDS = 5

# What a recursive call returns before anything is known of it.
BOTTOM: Kind = Scalar("float", None, None, True)
