"""Functions of the wider language made functions of the core, once for each structure of their arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial

from tangent_like.analysis.inferred import infer
from tangent_like.analysis.typing import CalleeKind, Typing
from tangent_like.errors import NOWHERE, DifferentiationError, Place, UnsupportedError
from tangent_like.frontend.expressions import IN_PLACE_METHODS
from tangent_like.frontend.in_place import written_out
from tangent_like.frontend.listed import list_statements
from tangent_like.frontend.normalize import is_none, normalized
from tangent_like.frontend.sunk import sunk
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Call,
    Choose,
    Comprehension,
    Const,
    Emitted,
    Expr,
    Function,
    List,
    Param,
    Ref,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import base_name, expressions, statements, stored_in, subexpressions
from tangent_like.kinds.dims import Sizes
from tangent_like.kinds.kind import FLOAT, UNKNOWN, Kind, ListOf, is_list, without_sizes
from tangent_like.kinds.operands import literal
from tangent_like.kinds.structure import Known, Shape
from tangent_like.rules.attached import Attached
from tangent_like.specialize.asked import Gradient, Inner, Solution, Solved, Undoing
from tangent_like.specialize.assume import shows_structure
from tangent_like.specialize.entry import Branch, Part, Specialized, specialize
from tangent_like.specialize.facts import Outside
from tangent_like.specialize.spec import Functions
from tangent_like.specialize.values import is_builtin
from tangent_like.transform.acting_texts import text_acts
from tangent_like.transform.function_makers import FunctionMakers
from tangent_like.transform.lists_said import given_as, grown_in, like_lists, lists_made
from tangent_like.transform.lowered import (
    Lowered,
    called_for,
    functions_in,
    is_normal,
    lowered_of,
    own_calls,
    passed_names,
    passed_on,
    read,
    returned_values,
    settled,
    source_of,
    tuples_taken_apart,
    with_chosen,
)
from tangent_like.transform.nested import is_gradient, is_nested, may_write
from tangent_like.transform.nested_results import Nested
from tangent_like.transform.options import is_option, options_read, options_said
from tangent_like.transform.outside_reads import reads_written_name
from tangent_like.transform.refusals import given_to_writers
from tangent_like.transform.results import unpacked

DEEPEST = 40


@dataclass(eq=False)
class Widening:
    """What a program asks ``specialize``; ``lowered`` is the program's: clones for certain kinds are added to it."""

    sizes: Sizes
    namer: Namer
    callee_kind: CalleeKind
    is_recursive: Callable[[UserFunction], bool]
    returns_one: Callable[[UserFunction], bool]
    lowered: dict[UserFunction, Lowered]
    derivative: Callable[[Function, Mapping[str, Kind], Gradient, Place], Inner]
    attached: Attached
    solution: Callable[[Solved], Solution]
    again: Callable[[Function, Undoing | None], Ref]
    emit: Callable[[Function], None]
    flat: bool = False  # the text is to be differentiated again
    opened: frozenset[object] = frozenset()  # functions that are written out where they are called
    opens_lists: bool = True  # writes out, there, the functions that fill lists of their own
    clones: dict[object, UserFunction | None] = field(default_factory=dict)
    raw: dict[UserFunction, Lowered] = field(default_factory=dict)
    structural: dict[UserFunction, bool] = field(default_factory=dict)
    forms: dict[UserFunction, type[Tuple | List] | None] = field(default_factory=dict)
    changes: dict[UserFunction, frozenset[str]] = field(default_factory=dict)
    grown: dict[UserFunction, frozenset[str]] = field(default_factory=dict)
    options: dict[UserFunction, frozenset[str]] = field(default_factory=dict)
    lifted: dict[object, tuple[Ref, ...]] = field(default_factory=dict)
    spellings: dict[UserFunction, Ref] = field(default_factory=dict)  # of what was lifted
    tables: bool = True  # may dicts whose keys only the run tells be dicts of the core?
    made_tables: bool = False  # and are there any?
    outside: Outside = field(default_factory=Outside)
    expected: dict[UserFunction, Kind] = field(default_factory=dict)  # what such a function returns, until it is made
    nested: Nested = field(init=False)  # which functions return tuples in tuples
    makers: FunctionMakers = field(init=False)  # which functions return functions
    made: int = 0  # clones, so far
    depth: int = 0  # clones that are being made, one for a call in another

    def __post_init__(self) -> None:
        self.nested = Nested(self.as_written)
        self.makers = FunctionMakers(self.as_written)

    def read_raw(self, target: UserFunction, place: Place) -> Lowered:
        """A function as it is written, for ``specialize``."""
        found = self.raw.get(target) or (None if callable(target.source) else self.lowered.get(target))
        if found is None:
            found = self.raw[target] = read(source_of(target, place), self.attached)
            self.namer.take(found.taken)
        return found

    def written_out(self, target: UserFunction, place: Place) -> Function:
        """The body of a function, to stand in place of a call: not of one that is known by its rule."""
        if self.attached.rule_of(target) is not None:
            name = target.qualname
            hint = "call it by its name, with numbers and arrays"
            raise UnsupportedError(f"{name} has a rule of its own, and is called in another way than one", place, hint)
        return self.read_raw(target, place).function

    def named_by(self, target: UserFunction) -> list[UserFunction]:
        """The functions that a function names, whatever rule they have; the program's clones by what they call."""
        known = self.lowered.get(target)
        if known is None:
            try:
                known = self.read_raw(target, NOWHERE)
            except DifferentiationError:
                return []  # refused where it matters, with its place
        return list(functions_in(known.function, ruled=True))

    def needs_specializing(self, lowered: Lowered) -> bool:
        """Has it, or a function that it calls, what the core does not know?"""
        pending, seen = [lowered], set[UserFunction]()
        while pending:
            one = pending.pop()
            if one.rich or self.nested.returns_nested(one.function) or tuples_taken_apart(one.function):
                return True
            if text_acts(one.function, self.as_written, self.changed_by) or self.grows_list(one.function):
                return True
            if any(self.returns(c) == (List if apart else Tuple) for c, apart in called_for(one.function)):
                return True
            if any(self.options_told(c, call) or self.writes_default(c, call) for c, call in own_calls(one.function)):
                return True
            for target in functions_in(one.function):
                if self.is_opened(target):
                    return True
                if target not in seen:
                    seen.add(target)
                    try:
                        pending.append(self.read_raw(target, NOWHERE))
                    except DifferentiationError:
                        continue  # refused where it matters, with its place
        return False

    def options_of(self, target: UserFunction) -> frozenset[str]:
        """The parameters that say how something is computed: they stand as an axis, maybe in what it calls."""
        if self.attached.rule_of(target) is not None:
            return frozenset()
        return passed_on(target, self.options, self.as_written, options_read)

    def options_told(self, target: UserFunction, call: Call) -> bool:
        """Is one of those written out in a call, or its default meant?"""
        options = self.options_of(target)
        if not options:
            return False
        params = self.read_raw(target, NOWHERE).function.params
        given = dict(zip((p.name for p in params if not p.keyword_only), call.args, strict=False)) | dict(call.keywords)
        return any(is_option(literal(given.get(p.name, p.default))) for p in params if p.name in options)

    def writes_default(self, target: UserFunction, call: Call) -> bool:
        """Is None what a call gives, or leaves, for a parameter that the function writes once it is something?"""
        if self.attached.rule_of(target) is not None or not self.changed_by(target):
            return False
        params = self.as_written(target).params
        plain = [p.name for p in params if not p.keyword_only]
        given = dict(zip(plain, call.args, strict=False)) | dict(call.keywords)
        return self.lacks(target, given.keys(), [None if is_none(v) else UNKNOWN for v in given.values()])

    def lacks(self, target: UserFunction, names: Iterable[str], known: Iterable[object]) -> bool:
        """Is None among the values given, or among the defaults of the others, of the parameters that it writes?"""
        given = dict(zip(names, known, strict=False))
        for param in self.as_written(target).params if self.changed_by(target) else ():
            missing = given[param.name] is None if param.name in given else param.default and is_none(param.default)
            if missing and param.name in self.changed_by(target):
                return True
        return False

    def writes_none(self, function: Function, shapes: Mapping[str, Shape]) -> bool:
        """Is an argument None, and written once it is something (``if out is None: out = np.zeros(n)``)?"""
        missing = {n for n, shape in shapes.items() if isinstance(shape, Known) and shape.value is None}
        if not missing:
            return False
        return not missing.isdisjoint(passed_names(function, self.changes, self.as_written, changed_in))

    def as_written(self, target: UserFunction) -> Function:
        return self.read_raw(target, NOWHERE).function

    def returns(self, target: UserFunction) -> type[Tuple | List] | None:
        """Is it a tuple, or a list, that a function returns, as far as its text shows?"""
        if target not in self.forms:
            self.forms[target] = None  # while it is found out: a recursive call alone shows nothing
            with suppress(DifferentiationError):  # refused where it matters, with its place
                values = returned_values(self.read_raw(target, NOWHERE).function)
                for value in values:
                    self.forms[target] = self.forms[target] or self.form_of(value)
        return self.forms[target]

    def form_of(self, value: Expr | None) -> type[Tuple | List] | None:
        match value:
            case Tuple():
                return Tuple
            case List() | Comprehension(form="list"):
                return List
            case Binary("+" | "*", left, right):
                return self.form_of(left) or self.form_of(right)
            case Choose(_, body, orelse):
                return self.form_of(body) or self.form_of(orelse)
            case Call(Ref(target=UserFunction() as other)):
                return self.returns(other)
            case Call(Ref() as ref) if is_builtin(ref, "list") or is_builtin(ref, "sorted"):
                return List
            case _:
                return None

    def shows_structure(self, target: UserFunction) -> bool:
        """Does a function, or one that it calls, use something as no array is used?"""
        if target not in self.structural:
            self.structural[target] = False  # while it is found out: of a recursive call nothing more
            with suppress(DifferentiationError):  # refused where it matters, with its place
                self.structural[target] = self.shown_in(self.read_raw(target, NOWHERE).function)
        return self.structural[target]

    def shown_in(self, function: Function) -> bool:
        if any(self.returns(c) is List for c, _ in own_calls(function)):
            return True
        return shows_structure(function) or any(map(self.shows_structure, functions_in(function)))

    def specialize(
        self, lowered: Lowered, shapes: Mapping[str, Shape], assuming: bool = False, called: bool = False
    ) -> Specialized:
        functions = Functions(
            self.written_out,
            self.core,
            lambda function, namer: function if is_normal(function) else sunk(normalized(function, namer)),
            self.derivative,
            lambda target: self.shows_structure(target) and not self.is_recursive(target),
            partial(may_write, self.changed_by),
            self.attached.ruled,
            self.solution,
            self.again,
            self.lift,
            self.spellings.get,
        )
        # what is found about sizes here is found again below, where it is used
        sizes = Sizes(self.sizes.values, self.sizes.stated, looks=self.sizes.looks)
        typing = Typing(lowered.function.origin.file, sizes, self.callee_kind)
        taken, around = lowered.taken | self.namer.taken, len(self.namer.beside)

        def names() -> Namer:
            """Functions that are made meanwhile have other names, and names that are made then are not theirs."""
            self.namer.beside[around:] = [Namer(taken, [self.namer])]
            return self.namer.beside[-1]

        try:
            told = (typing, names, assuming, self.tables, called, self.outside)
            found = specialize(lowered.function, shapes, functions, *told)
        finally:
            del self.namer.beside[around:]
        self.made_tables |= found.tables
        self.outside.join(found.outside, lowered.function.origin)
        namer = Namer(found.taken)
        function = unpacked(written_out(list_statements(found.function, namer), namer), namer)
        function = options_said(function, {n: s.value for n, s in shapes.items() if isinstance(s, Known)})
        found = replace(found, function=function, taken=namer.taken)
        self.namer.take(found.taken)
        self.sizes.used.update(dict.fromkeys(found.pins))
        return found

    def typing_of(self, function: Function, kinds: Mapping[str, Kind]) -> Kind:
        """The kind of what a function returns."""
        return infer(function, kinds, self.sizes, self.callee_kind).result[-1]

    def core(
        self,
        target: UserFunction,
        form: tuple[int, tuple[str, ...]],
        kinds: tuple[Kind, ...],
        known: tuple[object, ...],
        place: Place,
    ) -> UserFunction | None:
        """The core function that a call with values of the core is of; None where it has to be written out."""
        if self.depth > DEEPEST:
            raise UnsupportedError(
                f"a recursion of {target.qualname} that is not known to end is not differentiated",
                place,
                "use a loop",
            )
        raw = self.read_raw(target, place)
        names = [p.name for p in raw.function.params if not p.keyword_only][: form[0]] + list(form[1])
        options = self.options_of(target)
        given = dict(zip(names, known, strict=False))
        told = {n for n in options if n in given and is_option(given[n])}
        meant = {p.name for p in raw.function.params if p.name in options and p.name not in given}
        meant = {p.name for p in raw.function.params if p.name in meant and is_option(literal(p.default))}
        folds = any(k is None for k in known) or bool(told | meant)
        if self.nested.returns_nested(raw.function) or self.changes_a_list(target, form, kinds):
            return None
        if self.lacks(target, names, known):
            return target if self.is_recursive(target) else None  # what it makes in place of None is no caller's memory
        if self.is_opened(target) or (self.makers.hands(target) and not self.is_recursive(target)):
            return None
        emitted = raw.source.file.startswith("<tangent_like")  # its text names functions that stand beside it
        if self.returns(target) is not None and not raw.rich and not emitted and self.returns_one(target):
            if not self.is_recursive(target):
                return None
        plain = not self.needs_specializing(raw)
        if is_nested(target) and (not plain or is_gradient(target)):
            return None  # its text would have to be specialized again: the function is, that it is the derivative of
        if not folds and self.returns(target) is not List and plain:
            return target
        if any(p.star for p in raw.function.params):
            return None
        if self.is_recursive(target):
            kinds = tuple(map(without_sizes, kinds))
        said = [k is None or isinstance(k, bool | str) or n in told for n, k in zip(names, known, strict=False)]
        fixed = tuple(repr(k) if so else "" for k, so in zip(known, said, strict=False))
        key = (target, form, kinds, fixed)
        if key in self.clones:
            return self.clones[key]
        if len(names) != len(kinds) or len(set(names)) != len(names):
            return target  # a call that cannot be: refused where it is bound
        shapes: dict[str, Shape] = {}
        for name, kind, value, so in zip(names, kinds, known, said, strict=True):
            shapes[name] = Known(value, kind) if so else kind
        if self.returns(target) is not List or not self.is_recursive(target):
            return self.cloned(raw, shapes, meant, key, None, place)
        clone = None
        for guess in like_lists(kinds) or [ListOf(FLOAT)]:
            clone = self.cloned(raw, shapes, meant, key, guess, place)
            if clone is not None:
                break
        if clone in self.lowered:
            made = self.lowered[clone].function
            found = self.typing_of(made, dict(zip((p.name for p in made.params), kinds, strict=False)))
            if isinstance(found, ListOf) and found != self.expected[clone]:
                clone = self.cloned(raw, shapes, meant, key, found, place)
        return clone

    def cloned(
        self,
        raw: Lowered,
        shapes: Mapping[str, Shape],
        meant: set[str],
        key: tuple[UserFunction, object, object, object],
        expected: Kind | None,
        place: Place,
    ) -> UserFunction | None:
        """A function made for the kinds of a call; ``expected`` is what it returns, as far as it is known before."""
        target = key[0]
        self.made += 1
        clone = UserFunction(f"{target.owner}|{self.made}", target.qualname, target.source)
        self.clones[key] = clone
        if expected is not None:
            self.expected[clone] = expected
        if target in self.spellings:
            self.spell(clone)
        shapes = dict(shapes)
        self.depth += 1
        try:
            for param in raw.function.params:
                if param.name not in shapes:
                    shapes[param.name] = self.default_shape(param, place, param.name in meant)
            found = self.specialize(raw, shapes, called=True)
        except UnsupportedError:
            self.clones[key] = None  # written out in its place, it may go; else it is refused there
            return None
        finally:
            self.depth -= 1
        tree = found.result
        flat = isinstance(tree, Part) or (
            isinstance(tree, Branch)
            and tree.form == "tuple"
            and tree.type is None
            and len(tree.items) != 1
            and all(isinstance(t, Part) for _, t in tree.items)
        )
        if not flat:
            self.clones[key] = None
            return None
        self.lowered[clone] = Lowered(raw.source, found.function, found.taken, raw.written)
        if clone in self.spellings:
            self.emit(replace(found.function, name=self.spellings[clone].spelling))
        return clone

    def lift(
        self, key: object, names: tuple[str, ...], build: Callable[[tuple[Ref, ...]], tuple[Function, ...]]
    ) -> tuple[Ref, ...]:
        """Functions that stood in a function as ones that stand beside it; ``build`` is told how they are called."""
        if key not in self.lifted:
            count = len(self.spellings)
            targets = [UserFunction(f"lifted {count + k}", name, None) for k, name in enumerate(names)]
            self.lifted[key] = refs = tuple(map(self.spell, targets))
            for target, ref, function in zip(targets, refs, build(refs), strict=True):
                found = lowered_of(function)
                self.raw[target] = found = settled(found.source, function, Namer(found.taken))
                if not found.rich:
                    self.lowered[target] = found
                    self.emit(replace(found.function, name=ref.spelling))
        return self.lifted[key]

    def knows_lifted(self, outer: Widening) -> None:
        """Know the functions that stood in functions of the program around this one."""
        for target, ref in outer.spellings.items():
            self.spellings[target] = ref
            if target in outer.raw:
                self.raw[target] = outer.raw[target]
            if target in outer.lowered:
                self.lowered[target] = outer.lowered[target]

    def spell(self, target: UserFunction) -> Ref:
        name = self.namer.fresh(target.qualname)
        self.spellings[target] = Ref(name, target, None, Emitted(name))
        return self.spellings[target]

    def changes_a_list(self, target: UserFunction, form: tuple[int, tuple[str, ...]], kinds: tuple[Kind, ...]) -> bool:
        """Does it, or what it calls, write into a list that it is given?"""
        if not any(map(is_list, kinds)):
            return False
        plain = [p.name for p in self.read_raw(target, NOWHERE).function.params if not p.keyword_only][: form[0]]
        lists = {name for name, kind in zip((*plain, *form[1]), kinds, strict=False) if is_list(kind)}
        return not lists.isdisjoint(self.changed_by(target) | self.grown_by(target))

    def grown_by(self, target: UserFunction) -> frozenset[str]:
        """The parameters that it changes as only a list is changed, if they are some."""
        return passed_on(target, self.grown, self.as_written, grown_in)

    def grows_list(self, function: Function) -> bool:
        """Does it give a list that it makes to a function that changes it, if it is a list, by ``+=`` or ``sort``?"""
        made = lists_made(function)
        return bool(made) and not made.isdisjoint(given_as(function, self.as_written, self.grown_by))

    def is_opened(self, target: UserFunction) -> bool:
        """Is it written out where it is called: one that hangs on what it shares, or in text differentiated again?

        There a derivative, or what writes its arguments, or lists of its own: its halves would hand on lists, and
        memory of the caller's, which is then known by more names than the next derivative can follow.
        """
        asked = target in self.opened or reads_written_name(target, self.outside, self.as_written)
        if not (asked or self.flat) or self.attached.rule_of(target) is not None or self.is_recursive(target):
            return False
        return asked or is_gradient(target) or bool(self.changed_by(target)) or self.writes_lists(target)

    def writes_lists(self, target: UserFunction) -> bool:
        """Does it write a list that it makes?"""
        with suppress(DifferentiationError):  # refused where it matters, with its place
            function = self.as_written(target)
            return self.opens_lists and not changed_in(function).isdisjoint(lists_made(function))
        return False

    def changed_by(self, target: UserFunction) -> frozenset[str]:
        """The parameters through which a function, or what it calls, writes."""
        return passed_on(target, self.changes, self.as_written, changed_in)

    def default_shape(self, param: Param, place: Place, option: bool) -> Shape:
        if param.default is None:
            raise UnsupportedError(f"a call lacks its argument {param.name!r}", place)
        typing = Typing(place.file, self.sizes, self.callee_kind)
        kind = typing.kind(param.default, {})
        if option:
            return Known(literal(param.default), kind)
        if isinstance(param.default, Const) and (
            param.default.value is None or isinstance(param.default.value, bool | str)
        ):
            return Known(param.default.value, kind)
        return kind

    def is_on_its_way(self, target: UserFunction) -> bool:
        """Is it a clone that is being made, of a function that calls itself?"""
        return target not in self.lowered and target in self.clones.values()


def changed_in(function: Function) -> set[str]:
    """The names through which a function writes: by itself, by methods of lists, by functions of libraries."""
    found = stored_in(function.body) | given_to_writers(function)
    for stmt in statements(function.body):
        for expr in (e for whole in expressions(stmt) for e in subexpressions(whole)):
            if isinstance(expr, Call) and isinstance(expr.func, Attribute) and expr.func.name in IN_PLACE_METHODS:
                found |= {n for n in (base_name(expr.func.value),) if n is not None}
    return with_chosen(function, found)
