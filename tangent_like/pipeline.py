"""Start here: the compiler in order.

source      a function's text, and the scope it reads names from         frontend.source
lower       Python to the small language                                 frontend.lower
normalize   jumps to the ends of turns, one way out                      frontend.normalize
specialize  structure, closures and objects to variables of the core     specialize.entry
infer       what is known about each value                               analysis.typing
aliases     which names share written memory                             analysis.aliases
activity    what depends on the arguments, and the result on it          analysis.activity
expose      names for what the way back will read                        transform.expose
ready       control that cannot be asked again is kept                   transform.ready
plans       what each statement's reverse half does and reads            transform.plans
record      what is kept, and where                                      analysis.recorded
sweeps      forward with what is kept; reverse halves, newest first      transform.reverse
live        without what nobody needs                                    analysis.live
shorter     what fewer steps compute as well, but for rounding           transform.fewer_steps
tidy        constants, copies, single uses                               transform.tidy
native      where Numba compiles it: what it asks for                    native.entry
emit        the small language to text                                   backend.emit
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from types import FunctionType

from tangent_like.analysis.inferred import infer
from tangent_like.backend.emit import Text, chained, emit_function
from tangent_like.backend.load import load
from tangent_like.backend.merged import merged
from tangent_like.backend.shown_defaults import with_shown_defaults
from tangent_like.backend.spelling import Spelling, make_spelling
from tangent_like.errors import AliasError, DifferentiationError, Place, ResultError, UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.frontend.normalize import is_none
from tangent_like.frontend.one_name import OneName
from tangent_like.frontend.source import FunctionSource
from tangent_like.ir.deep import deeply, uncollected
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Emitted, Function, Ref, Return, Tuple, UserFunction
from tangent_like.ir.walk import binds, reads, statements
from tangent_like.kinds.dims import Assumption, Dim, Sizes
from tangent_like.kinds.kind import Kind, is_float
from tangent_like.kinds.structure import Known, Shape, is_structured
from tangent_like.request import Request
from tangent_like.rules.attached import Attached
from tangent_like.specialize.asked import Gradient, Inner
from tangent_like.specialize.entry import Part, Specialized
from tangent_like.specialize.generators import refuse_generator
from tangent_like.specialize.held_to_values import unread
from tangent_like.transform.argument_checks import Told, told_of_arguments
from tangent_like.transform.as_shown import as_shown
from tangent_like.transform.assemble import gradient, halves, pulled
from tangent_like.transform.call_plan import paired
from tangent_like.transform.called import by_their_names, called_functions
from tangent_like.transform.caught import nothing_caught
from tangent_like.transform.collected import collected
from tangent_like.transform.determined import pushed_function
from tangent_like.transform.early_zeros import with_early_zeros
from tangent_like.transform.enforced import needed
from tangent_like.transform.fewer_steps import each_in_fewer_steps, last_steps
from tangent_like.transform.flat import flat
from tangent_like.transform.in_plain_numpy import in_plain_numpy
from tangent_like.transform.insides import MadeInner
from tangent_like.transform.known_kinds import known_in_halves, known_kinds, known_tangents
from tangent_like.transform.list_gradients import check_by_items, or_not_by_items, with_list_gradients
from tangent_like.transform.logistic_slopes import logistic_slopes
from tangent_like.transform.loop_turns import Turned, turned
from tangent_like.transform.lowered import Lowered, or_with_lists, read
from tangent_like.transform.of_others import or_of_others
from tangent_like.transform.outside_reads import refuse_other_reads
from tangent_like.transform.program import Program
from tangent_like.transform.pulling import can_be_pulled_twice
from tangent_like.transform.pushes import Pushes
from tangent_like.transform.signatures import result_note, with_doc
from tangent_like.transform.stages import Stage, Tidied, Watch, or_others, or_written_out, unwatched, watch_read
from tangent_like.transform.structured import (
    core_mode,
    leaf_names,
    reached,
    stored_checks,
    structure_checks,
    told,
    with_arguments,
    with_gradients,
    with_pushed_result,
    with_result,
    with_tangents,
)
from tangent_like.transform.tidy import AGAIN, ALL, PLAIN, tidied
from tangent_like.transform.tidy.fused import pure_functions
from tangent_like.transform.unread import without_unread, without_unread_params
from tangent_like.transform.untouched import changed_in
from tangent_like.transform.value import with_functions
from tangent_like.transform.wanted import wanted_names
from tangent_like.transform.whole_shapes import whole_shapes
from tangent_like.transform.written import as_written


@dataclass(frozen=True, eq=False)
class Derivative:
    """The emitted functions, the one that is called last; ``wrt`` names the arguments differentiated."""

    functions: tuple[Function, ...]
    spelling: Spelling
    sizes: Sizes
    wrt: tuple[str, ...]
    comments: bool
    tupled: bool = False  # the result is a tuple display
    guards: bool = False
    assumed: tuple[str, ...] = ()  # of ranks, where only annotations are known
    used: tuple[tuple[str, str], ...] = ()  # when arguments are not what their use says, where nothing else does
    special: Specialized | None = None  # the structure of arguments and result, where they have any
    asked: tuple[str, ...] = ()
    reads: tuple[tuple[Callable[[], object], object], ...] = ()  # what it found outside, and how to look again
    methods: tuple[FunctionType, ...] = ()  # the functions of the user's classes that are in it
    compiled: Mapping[str, str] = field(default_factory=dict)  # what Numba compiles, and how it divides there
    attached: Attached = field(default_factory=Attached)  # the rules of the user's in it
    kinds: Mapping[str, Kind] = field(default_factory=dict)  # of the parameters of the last function
    results: tuple[Kind, ...] = ()  # what the user's function returns, item by item; asked where Numba compiles
    flowing: tuple[bool, ...] = ()  # of a pullback: the results whose adjoints it takes
    turned: Turned | None = None  # what is known of the loops of the user's function
    changes: str = ""  # of a pullback: of what was kept, the "lists" that it takes from, the "arrays", or "nothing"
    checks: dict[tuple[object, ...], tuple[Assumption, ...]] = field(default_factory=dict)  # what ``checked`` has found

    @property
    def name(self) -> str:
        return self.functions[-1].name

    def checked(self) -> tuple[Assumption, ...]:
        """The assumptions about sizes that neither follow from others nor are held to by the text."""
        key = (tuple(self.sizes.used), self.functions[-1], self.special)
        if (found := self.checks.get(key)) is None:
            kinds, own, plain = told(self.kinds, self.special), self.sizes.own_counts, self.sizes.plain
            found = self.checks[key] = needed(key[0], self.functions, kinds, self.wrt, not own, not plain, self.turned)
        return found

    def text(self) -> Text:
        """The functions as Python, two blank lines between them."""
        text = Text()
        *others, last = self.functions if self.compiled else map(as_shown, self.functions)
        for function in others:
            emit_function(function, self.spelling, self.comments, text)
            text.add("\n")
        if not self.guards:
            emit_function(last, self.spelling, self.comments, text)
            return text
        sizes = chained(whole_shapes(self.checked(), told(self.kinds, self.special)))
        wrong = tuple(dict((*structure_checks(self.special), *self.used)).items())  # each is asked once
        emit_function(last, self.spelling, self.comments, text, (*self.assumed, *sizes), wrong)
        return text


def differentiate(
    source: FunctionSource,
    request: Request,
    shapes: Mapping[str, Shape],
    values: Mapping[str, int],
    watch: Watch = unwatched,
    attached: Attached | None = None,
    stated: Mapping[str, Dim] | None = None,
) -> Derivative:
    """The derivative of a function for arguments of the given structure; ``values`` are the sizes in them.

    Where there are no arguments, ``stated`` is what annotations say of sizes. ``watch`` is told what each stage
    found; in ``attached`` are the rules of the user's.
    """
    own = attached or Attached(request.rules)  # type: ignore[arg-type]

    def attempt(known: Mapping[str, Shape], see: Watch) -> Derivative:
        return or_with_lists(partial(reading, known), own, see)

    def reading(known: Mapping[str, Shape], own: Attached, see: Watch) -> Derivative:
        def made(opened: frozenset[object], see: Watch, opens: bool = False) -> Derivative:
            def one(see: Watch, as_lists: bool = False) -> Derivative:
                given = known, Sizes(values, stated or {})
                return _differentiate(read(source, own), request, *given, see, own, opened, opens, as_lists)

            return one(see) if values or not request.guards else or_not_by_items(partial(one, as_lists=True), one, see)

        if request.flat:
            with suppress(UnsupportedError, AliasError, ResultError):
                return made(frozenset(), see, True)
        return or_written_out(made, see)  # what fills lists of its own stays a call

    def written() -> Function:
        return read(source, own).written

    def asked() -> tuple[str, ...]:
        return wanted_names(read(source, own).function, request, shapes)

    used: tuple[tuple[str, str], ...] = ()
    with uncollected():
        if not request.guards or values:
            made = deeply(lambda: attempt(shapes, watch))
        else:
            made, used = deeply(lambda: or_of_others(attempt, written, shapes, watch, asked, request.is_forward))
    own.protection.refuse_noticed()
    early = with_early_zeros(made.functions, made.kinds, request, () if made.special else made.wrt)
    return replace(made, functions=early, used=(*made.used, *used))


def _differentiate(
    lowered: Lowered,
    request: Request,
    shapes: Mapping[str, Shape],
    sizes: Sizes,
    watch: Watch,
    attached: Attached,
    opened: frozenset[object],
    opens_lists: bool,
    as_lists: bool,
) -> Derivative:
    refuse_generator(lowered.function)
    end = lowered.function.body[-1]
    if isinstance(end, Return) and end.value is not None and is_none(end.value):
        raise UnsupportedError(
            f"{lowered.function.name} returns nothing",
            place_of(end.origin or lowered.function.origin),
            "return the value to differentiate",
        )
    asked = wanted_names(lowered.function, request, shapes)

    def started(sizes: Sizes, watch: Watch, tables: bool = True) -> Program:
        program = Program(sizes, Namer(lowered.taken), inner_gradient, request.store, watch, attached, request.flat)
        program.keeps_calls = request.jit is None and not request.flat and not request.lines
        program.compiled = request.jit is not None
        program.insides.checks = request.checks
        program.wider.tables = tables and request.jit is None
        program.wider.opened, program.wider.opens_lists = opened, opens_lists
        watch_read(lowered.written, lowered.function, watch)
        return program

    first: list[tuple[Program, bool]] = []

    def as_it_is(see: Watch) -> Derivative:
        program = started(sizes, see)
        wide = is_wide(lowered, program, request, shapes)
        first.append((program, wide))
        if wide:
            return _widened(lowered, program, request, shapes, asked, as_lists)
        kinds = {n: s.kind if isinstance(s, Known) else s for n, s in shapes.items()}
        made = _derived(lowered, program, request, kinds, asked, {}, as_lists)  # type: ignore[arg-type]
        held = tuple(unread(made.functions[-1], lowered.function, shapes)) if request.guards else ()
        made = replace(made, used=(*made.used, *held))
        return native(made, request, program, lowered, kinds, False)  # type: ignore[arg-type]

    def others(refused: DifferentiationError) -> Iterator[Callable[[Watch], Derivative]]:
        """What names alone do not tell may show once each list and tuple, or the keys of a dict, are followed."""
        program, wide = first[0]
        if isinstance(refused, UnsupportedError | AliasError | ResultError) and (not wide or program.wider.made_tables):
            anew = Sizes(sizes.values, sizes.stated)
            yield lambda see: _widened(lowered, started(anew, see, not wide), request, shapes, asked)

    return or_others(as_it_is, others, watch)


def is_wide(lowered: Lowered, program: Program, request: Request, shapes: Mapping[str, Shape]) -> bool:
    """Is a program, or what it is called with, of the wider language?"""
    if program.wider.needs_specializing(lowered) or any(is_structured(s) for s in shapes.values()):
        return True
    if program.wider.writes_none(lowered.function, shapes):
        return True
    return request.guards and not program.sizes.values and program.wider.shown_in(lowered.function)


def _widened(
    lowered: Lowered,
    program: Program,
    request: Request,
    shapes: Mapping[str, Shape],
    asked: tuple[str, ...],
    as_lists: bool = False,
) -> Derivative:
    """The derivative of a program of the wider language: of the program of the core that it is made."""
    assuming = request.guards and not program.sizes.values
    special = program.wider.specialize(lowered, shapes, assuming)
    program.watch(Stage("specialize", special.function, lowered.function))
    lowered = Lowered(lowered.source, special.function, special.taken, lowered.written)
    kinds, wrt = special.kinds, leaf_names(special, asked)
    leaves = replace(request, argnums=wrt or ("",), mode=core_mode(request.mode))  # a tuple: put together below
    trees = (special.result, *special.arguments.values())
    around = request.mode != "value" or not all(isinstance(tree, Part) for tree in trees)
    derived = _derived(lowered, program, leaves, kinds, wrt, reached(special), as_lists)
    return structured(native(derived, request, program, lowered, kinds, around), special, asked, request)


def native(
    made: Derivative,
    request: Request,
    program: Program,
    lowered: Lowered,
    kinds: Mapping[str, Kind],
    structured: bool,
) -> Derivative:
    """The derivative as Numba compiles it, if it is to."""
    if request.jit is None:
        return made
    # imported where it is needed: an eighth of what the first derivative of a process takes
    from tangent_like.native.entry import native_parts
    from tangent_like.native.precision import result_kinds
    results = result_kinds(lowered.function, infer(lowered.function, kinds, program.sizes, program.callee_kind))
    if request.is_forward:
        dots = [p for p in made.functions[-1].params if p.name not in kinds]
        kinds = {**kinds, **{d.name: kinds[n] for d, n in zip(dots, made.wrt, strict=True)}}
    parallel = request.jit.has("parallel")
    known = program.sizes, program.callee_kind, parallel, paired(program.halves.values())
    found = native_parts(made.functions, 2 if request.mode == "vjp" else 1, structured, kinds, *known)
    spelling = make_spelling(list(found.functions))
    return replace(made, functions=found.functions, spelling=spelling, compiled=found.compiled, results=results)


def inner_gradient(
    function: Function,
    kinds: Mapping[str, Kind],
    asked: Gradient,
    place: Place,
    outer: Program,
) -> MadeInner:
    """The derivative of a function of the core inside another, as functions like the user's own."""
    argnums = asked.wrt[0] if asked.single else asked.wrt
    mode = {"jvp": "push", "rerun": "pull"}.get(asked.mode, asked.mode)
    request = Request(argnums, mode, flat=True, store=outer.store)
    own = frozenset(n for s in statements(function.body) for n in (*binds(s), *reads(s)))
    source = FunctionSource(place.file, place.line, (), None, function.name, function.name, OneName())
    lowered = Lowered(source, function, own | outer.namer.taken | {p.name for p in function.params}, function)
    program = Program(outer.sizes, Namer(lowered.taken), inner_gradient, outer.store, unwatched, outer.attached, True)
    program.keeps_calls = program.wider.opens_lists = False
    program.within(outer)
    if program.wider.needs_specializing(lowered):
        special = program.wider.specialize(lowered, kinds)
        lowered = Lowered(source, special.function, special.taken, function)
    derived = _derived(lowered, program, request, kinds, asked.wrt, {})
    last = 2 if asked.mode == "vjp" else 1
    if asked.mode == "vjp" and not can_be_pulled_twice(derived.functions):
        derived = _derived(lowered, program, replace(request, mode="pull"), kinds, asked.wrt, {})
        last = 1
    kept: tuple[str, ...] = ()
    if asked.mode == "rerun":
        shorter, kept = without_unread_params(derived.functions[-1], len(function.params))
        derived = replace(derived, functions=(*derived.functions[:-1], shorter))
    loaded = load(derived.text(), derived.spelling, f"{request.mode} {function.name}")
    names = [f.name for f in derived.functions[-last:]]
    refs = tuple(
        Ref(n, UserFunction(loaded.file, n, loaded.functions[n]), None, Emitted(n)) for n in names
    )
    flowing = tuple(map(is_float, program.result_kinds(lowered.function, kinds)))
    if last == 2:
        kept = tuple(p.name for p in derived.functions[-1].params)[: -sum(flowing) or None]
    return MadeInner(derived.functions, Inner(refs, kept, flowing), loaded.file)


def structured(made: Derivative, special: Specialized, wrt: tuple[str, ...], request: Request) -> Derivative:
    """The derivative of a core program with the structure of the user's arguments around it."""
    *others, last = made.functions
    if request.mode == "vjp":
        others[-1] = with_arguments(others[-1], special)
    else:
        last = with_arguments(last, special)
        if request.is_forward:
            last = with_tangents(last, special, wrt, Namer(special.taken))
            if request.guards and request.mode == "jvp":
                last = with_pushed_result(last, special)
        if request.mode == "value":
            last = with_result(last, special)
        if request.mode in ("grad", "value_and_grad"):
            last = with_gradients(last, special, wrt, request.mode == "value_and_grad", request.single)
    request = replace(request, mode=core_mode(request.mode))
    note = result_note(special.original, request.mode, wrt, request.single)
    functions = (*others, replace(with_doc(last, special.original.name, wrt, request), note=note))
    functions = tuple(map(with_shown_defaults, functions))
    spelling = make_spelling(list(functions))
    made = replace(made, reads=(*made.reads, *special.reads), methods=special.methods)
    used = (*made.used, *(stored_checks(special, wrt) if request.is_forward else ()))
    return replace(made, functions=functions, spelling=spelling, special=special, asked=wrt, used=used)


def _derived(
    lowered: Lowered,
    program: Program,
    request: Request,
    kinds: Mapping[str, Kind],
    wrt: tuple[str, ...],
    texts: Mapping[str, str],
    as_lists: bool = False,
) -> Derivative:
    """The derivative of a function of the core; ``texts`` say how its parameters are reached, where not by name.

    ``as_lists``: what may be a list of numbers is taken for an array; ``NotByItemsError`` where the text needs one.
    """
    guarded = request.guards and not program.sizes.values
    said = told_of_arguments(program, lowered, request.mode, kinds, wrt, texts, as_lists) if guarded else Told(kinds)
    kinds, assumed, used = said.kinds, said.assumed, said.used
    base = lowered.function.name
    if request.is_forward or request.mode == "push":
        carrying = Pushes(program).carry(lowered, kinds, wrt)
        name = program.namer.fresh(f"jvp_{base}")
        pushed = pushed_function(carrying, name, request, program.functions)
        return finished(lowered, program, request, wrt, (pushed,), known_tangents(carrying), (assumed, used), False)
    if request.mode == "value":
        typing = infer(lowered.function, kinds, program.sizes, program.callee_kind)
        value = with_functions(lowered.function, typing, program, request.jit is not None)
        return finished(lowered, program, request, (), (value,), dict(typing.overall), (assumed, used), False)
    flowing: tuple[bool, ...] = ()
    prepared = program.prepare(lowered, kinds, wrt, packed=request.mode == "vjp")
    if request.mode == "vjp":
        forward, reverse = program.namer.fresh(f"{base}_forward"), program.namer.fresh(f"{base}_reverse")
        made = halves(prepared, forward, reverse)
        last: tuple[Function, ...] = (made.forward, made.reverse)
        flowing = made.flowing
    elif request.mode == "pull":
        last = (pulled(prepared, program.namer.fresh(f"{base}_vjp")),)
    else:
        prefix = "grad" if request.mode == "grad" else "value_and_grad"
        name = program.namer.fresh(f"{prefix}_{base}")
        whole = gradient(prepared, name, request.mode == "value_and_grad", request.single, said.held)
        last = (with_list_gradients(whole, said.lists),)
    tupled = isinstance(prepared.result, Tuple)
    done = finished(lowered, program, request, wrt, last, known_kinds(prepared), (assumed, used), tupled)
    check_by_items(done.functions[-1], said.lists, done.checked)
    return replace(done, flowing=flowing)


def finished(
    lowered: Lowered,
    program: Program,
    request: Request,
    wrt: tuple[str, ...],
    last: tuple[Function, ...],
    own: Mapping[str, Kind],
    checked: tuple[tuple[str, ...], tuple[tuple[str, str], ...]],
    tupled: bool,
) -> Derivative:
    """The functions as they are emitted; ``own`` is what is known of the names in the last of them.

    ``checked``: what the last of them holds its arguments to, by what annotations say and by their use.
    """
    functions = nothing_caught((*program.functions, *last))
    refuse_other_reads(functions, program.wider.outside, program.wider.as_written)
    halves_known = {name: known_in_halves(p) for name, p in program.prepared.items()}
    if request.flat:
        pairs = paired(program.halves.values()) | ({last[0].name: last[1].name} if request.mode == "vjp" else {})
        adjoints = {} if request.mode == "push" else {f.name: own for f in last}  # a tangent is written where it is
        functions = flat(functions, pairs, program.prepared, halves_known | adjoints)
        last = functions[len(program.functions) :]
    functions = called_functions(by_their_names(functions, program.insides.files), len(last))
    last = functions[len(functions) - len(last) :]
    plain, keeps_all = request.flat or request.jit is not None, request.store == "all"
    users = frozenset().union(lowered.taken, *(other.taken for other in program.lowered.values()))
    pure = pure_functions(functions, program.one_expression)
    of_halves = {} if plain else {f: halves_known[f.name] for f in functions if f.name in halves_known}
    told_of: dict[Function, Mapping[str, Kind]] = {**of_halves, **dict.fromkeys(last, own)}
    functions, known = each_in_fewer_steps(functions, told_of, plain, program.sizes, keeps_all, pure)
    last = functions[len(functions) - len(last) :]
    asked = ALL if request.tidy is True else request.tidy or ()
    passes = tuple(p for p in asked if p in (AGAIN if request.flat else PLAIN if plain else ALL))
    if keeps_all:  # "fused" computes again what a loop kept
        passes = tuple(p for p in passes if p != "fused")
    if request.tidy:
        untidy, pure = functions, pure_functions(functions, program.one_expression)
        step = partial(last_steps, sizes=program.sizes, users=users, pure=pure, whole=request.tidy is True)
        last_of = {f: partial(step, kinds=k) for f, k in known.items() if not plain}
        functions = tuple(tidied(f, users, known.get(f, {}), passes, pure, last_of.get(f)) for f in functions)
        for before, after in zip(untidy, functions, strict=True):
            program.watch(Stage("tidy", after, before, Tidied(before)))
    functions = called_functions(tuple(map(as_written, functions)), len(last))
    if request.tidy and not request.flat:
        functions = merged(functions, len(last))
        if request.jit is None:
            # what the user wrote goes, too, where it only served a result that nobody reads
            needed_of = partial(tidied, users=frozenset(), passes=("dead", "comments"))
            functions = without_unread(functions, len(last), lambda f: tidied(needed_of(f), users, passes=passes))
            functions = tuple(map(collected, functions))
            if request.tidy is True:
                functions = tuple(map(logistic_slopes, functions))
                functions = (*functions[: -len(last)], *(in_plain_numpy(f, own) for f in functions[-len(last) :]))
    note = result_note(lowered.function, request.mode, wrt, request.single)
    functions = (*functions[:-1], replace(with_doc(functions[-1], lowered.function.name, wrt, request), note=note))
    functions = tuple(map(with_shown_defaults, functions))
    return Derivative(
        functions,
        make_spelling(list(functions)),
        program.sizes,
        wrt,
        request.comments,
        tupled,
        guards=request.guards,
        assumed=checked[0],
        used=checked[1],
        reads=(*program.attached.reads, *program.sizes.looks.items()),
        attached=program.attached,
        kinds={p.name: own[p.name] for p in lowered.function.params if p.name in own},
        turned=turned(lowered.function, program.one_expression) if request.guards else None,
        changes=changed_in(functions[-1], functions[-1].params[0].name) if request.mode == "vjp" else "",
    )
