"""A function of the wider language to one of the core, for arguments of known structure.

Before                                       After, for a dict of two arrays

    def loss(params, x):                         def loss(params_W, params_b, x):
        h = x @ params["W"] + params["b"]            h = x @ params_W + params_b
        return np.sum(np.tanh(h))                    return np.sum(np.tanh(h))

What is left of the structure of arguments and result is a ``Tree`` beside the function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import FunctionType
from typing import TypeAlias

from tangent_like.analysis.typing import Typing
from tangent_like.errors import UnsupportedError
from tangent_like.frontend.live import live_target
from tangent_like.frontend.lower import place_of
from tangent_like.ir import walk
from tangent_like.ir.build import numpy_ref
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Attribute,
    Comprehension,
    Const,
    Define,
    Expr,
    Function,
    Global,
    Index,
    Lambda,
    Library,
    Name,
    Opaque,
    Origin,
    Param,
    Ref,
    Return,
    Tuple,
    UserFunction,
)
from tangent_like.kinds.dims import Assumption
from tangent_like.kinds.kind import Kind, Unknown, is_float
from tangent_like.kinds.structure import FunctionValue, Known, Shape, Struct
from tangent_like.specialize import (
    assume,
    collected,
    comprehensions,
    either,
    evaluate,
    invoke,
    iterators,
    modules,
    object_numbers,
    object_pools,
    outers,
    outside_tables,
    statements,
    tables,
)
from tangent_like.specialize.assume import Path, shown, step_of, with_assumed
from tangent_like.specialize.builtin_bases import alone, of_subclass
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.direct import direct
from tangent_like.specialize.every_item import every_item
from tangent_like.specialize.facts import Assumed, Facts, Outside, Restart
from tangent_like.specialize.flats import HELD
from tangent_like.specialize.generators import refuse_generator
from tangent_like.specialize.held_to_values import held_to
from tangent_like.specialize.held_twice import keep_apart, passed
from tangent_like.specialize.module_objects import refuse_written
from tangent_like.specialize.named_tuples import held_to as of_tuples
from tangent_like.specialize.outlines import in_parts
from tangent_like.specialize.spec import Functions, Spec, Tools, item_name
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.truth import truth_of
from tangent_like.specialize.turns import NotUnrolledError
from tangent_like.specialize.unpacked_names import Given, unpacked_names
from tangent_like.specialize.values import (
    UNSET,
    Content,
    Either,
    Handle,
    Leaf,
    Outer,
    Partial,
    Seq,
    Value,
    target_value,
)

ATTEMPTS = 400


@dataclass(frozen=True, eq=False)
class Part:
    """A number or an array: its name in the core, and how it is reached in what the user passes."""

    name: str
    reach: Expr
    kind: Kind
    origin: Origin | None = None  # of the statement that gives it this name, if it is the user's


@dataclass(frozen=True, eq=False)
class Branch:
    """A container or an object; an item that is no number or array is None."""

    form: str
    type: type | None
    items: tuple[tuple[object, Tree], ...]
    reach: Expr | None = None
    assumed: bool = False  # from annotations and use: the text checks it


Tree: TypeAlias = "Part | Branch | None"


def parts(tree: Tree) -> Iterator[Part]:
    """The leaves, in order."""
    if isinstance(tree, Part):
        yield tree
    elif isinstance(tree, Branch):
        for _, item in tree.items:
            yield from parts(item)


@dataclass(frozen=True, eq=False)
class Specialized:
    """``arguments``: the tree of each parameter as the user wrote it; ``result`` that of what is returned."""

    function: Function
    original: Function
    kinds: Mapping[str, Kind]
    arguments: Mapping[str, Tree]
    result: Tree
    taken: frozenset[str]
    reads: tuple[tuple[Callable[[], object], object], ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()  # when it is not right, with what is then said
    pins: tuple[Assumption, ...] = ()  # the sizes that turns written out are right for
    tables: bool = False  # is there a dict of the core in it?
    methods: tuple[FunctionType, ...] = ()  # the functions of the user's classes that were read
    outside: Outside = field(default_factory=Outside)


def specialize(
    function: Function,
    shapes: Mapping[str, Shape],
    library: Functions,
    typing: Typing,
    names: Callable[[], Namer],
    assuming: bool = False,
    tables: bool = True,
    called: bool = False,
    outside: Outside | None = None,
) -> Specialized:
    """The core program; attempts are made until nothing new is learned, each with ``names`` of its own.

    ``assuming``: of arguments of which nothing is known the structure is what their use tells. ``tables``: a dict
    whose keys only the run tells may be one of the core. ``called``: the program calls it, with all its arguments.
    """
    facts = Facts(tables=tables) if outside is None else Facts(tables=tables, outside=outside.of_another())
    if assuming:
        facts.assumed |= {(name,): Assumed("dict") for name in assume.walked_by_key(function)}
    first: UnsupportedError | None = None
    for _ in range(ATTEMPTS):
        try:
            return _attempt(function, shapes, library, typing, names(), facts, assuming, called)
        except Restart:  # noqa: PERF203 - seldom more than once or twice
            continue
        except UnsupportedError as error:
            if isinstance(error, NotUnrolledError) and error.site is not None and error.site not in facts.dynamic:
                facts.dynamic.add(error.site)
            elif isinstance(error, NotUnrolledError) and any(site not in facts.objects for site, _ in error.objects):
                facts.objects = {**dict(error.objects), **facts.objects}
                first = first or error
            elif object_pools.tried(facts):
                continue
            elif facts.made_tables:  # as the dicts that they are, in loops that are written out
                facts.dynamic -= facts.made_tables
                facts.made_tables, facts.tables = set(), False
                first = error
            elif facts.listed:  # their lengths say how many turns there are
                facts.dynamic -= facts.listed
                facts.kept, facts.listed = facts.listed, set()
                first = first or error
            elif facts.unpacked and not facts.tuples:
                facts.tuples = True
            elif first is not None:
                raise (first if isinstance(error, NotUnrolledError) else error) from None
            else:
                raise assume.without_keys(facts) or error from None
    what = f"what {function.name} makes of its lists and objects is not found out"
    raise UnsupportedError(what, place_of(function.origin), "use fewer names for them, or arrays")


TOOLS = Tools(
    evaluate=evaluate.evaluate,
    part=evaluate.part,
    materialize=evaluate.materialize,
    bind=evaluate.bind,
    bind_target=statements.bind_target,
    run=statements.run,
    call=invoke.apply,
    binary=evaluate.binary,
    truth=truth_of,
    inline=invoke.inline,
    generate=comprehensions.run,
    generated=comprehensions.static,
    as_list=comprehensions.as_list,
    every_item=every_item,
    missing=collected.missing,
    kept=outside_tables.kept,
    more_forms=iterators.FORMS,
    more_items=iterators.items,
)


def _attempt(
    function: Function,
    shapes: Mapping[str, Shape],
    library: Functions,
    typing: Typing,
    namer: Namer,
    facts: Facts,
    assuming: bool,
    called: bool,
) -> Specialized:
    refuse_generator(function)
    facts.outside.read.clear()
    facts.notes.clear()
    facts.indices.clear()
    facts.constructed.clear()
    s = Spec(library, TOOLS, typing, namer, facts, function.origin.file)
    s.origin = function.origin
    frame = s.frame(function, None, function.origin.file, top=True)
    s.free = inner_names(function) - frame.own
    params: list[Param] = []
    kinds: dict[str, Kind] = {}
    arguments: dict[str, Tree] = {}
    bound = set() if called else walk.bound_in(function.body)
    given = unpacked_names(function, frame.multiple)
    for param in function.params:
        part = (param.name,) if assuming and not param.star else None
        shape = shapes[param.name] if part is None else with_assumed(shapes[param.name], part, facts)
        maker = _Arguments(s, function, params, kinds, given)
        gone = isinstance(shape, Known) and shape.value is None and param.name in bound
        if isinstance(shape, Struct | FunctionValue) or gone:
            value, tree = maker.value(shape, Name(param.name), param.name, part, (param.name,))
        else:
            kind = shape.kind if isinstance(shape, Known) else shape
            params.append(replace(param, star=""))
            kinds[param.name] = kind
            s.state.kinds[param.name] = kind
            part = part if isinstance(shape, Unknown) else None
            known = shape.value if isinstance(shape, Known) else UNSET
            if isinstance(shape, Known):
                held_to(s, function, Name(param.name), shape.value)
            value = Leaf(Name(param.name), known, part)
            tree = Part(param.name, Name(param.name), kind)
        if isinstance(tree, Part) or gone:
            s.name_of(frame, param.name)
        else:  # the name stays the argument's: what the function binds it to is called otherwise
            del s.local_names[frame.id, param.name]
        s.state.vars[frame_key(frame, param.name)] = value
        arguments[param.name] = tree
    with s.block() as out:
        object_pools.begin(s)
        *body, last = function.body
        statements.run(s, tuple(body), frame)
        assert isinstance(last, Return) and last.value is not None
        with s.at(last.origin):
            result = in_parts(s, s.evaluate(last.value, frame, "result"))
            expr, tree = returned(s, result)
            if s.flats.hold(expr):
                raise s.refuse(*HELD)
    if facts.outside.is_stale:
        raise Restart
    assume.in_order(s)
    keep_apart(s)
    refuse_written(s, tuple(out))
    whole = direct((*out, Return(expr, last.origin)))
    core = replace(function, params=tuple(params), body=whole, own=frozenset(), outer=frozenset())
    conditions, pins = tuple(dict.fromkeys(s.conditions)), tuple(s.pins)
    made = bool(facts.made_tables)
    read, methods, outside = tuple(s.reads), tuple(s.methods), facts.outside
    return Specialized(
        core, function, kinds, arguments, tree, namer.taken, read, conditions, pins, made, methods, outside
    )


def inner_names(function: Function) -> set[str]:
    """The names that comprehensions and functions inside bind, and that mean nothing else in the function."""
    bound: set[str] = set()
    meant: set[str] = set()
    pending = [function]
    while pending:
        one = pending.pop()
        if one is not function:
            bound |= one.own
        for stmt in walk.statements(one.body):
            if isinstance(stmt, Define):
                pending.append(stmt.function)
            for top in walk.expressions(stmt):
                for expr in walk.subexpressions(top):
                    if isinstance(expr, Comprehension):
                        bound |= expr.names
                    elif isinstance(expr, Lambda):
                        pending.append(expr.function)
                    elif isinstance(expr, Ref):
                        meant.add(expr.spelling.partition(".")[0])
                    elif isinstance(expr, Opaque):
                        meant |= {r.spelling.partition(".")[0] for r in expr.refs}
    return bound - meant


@dataclass(eq=False)
class _Arguments:
    """Makes a parameter of the core for each leaf of a structured argument."""

    s: Spec
    function: Function
    params: list[Param]
    kinds: dict[str, Kind]
    given: Mapping[tuple[object, ...], Given]  # the user's names for parts

    def value(
        self, shape: Shape, reach: Expr, hint: str, part: Path | None, way: tuple[object, ...] = ()
    ) -> tuple[Value, Tree]:
        """``way``: to a part of tuples alone, of which no place is ever another."""
        s = self.s
        match shape:
            case Known(value):
                held_to(s, self.function, reach, value)
                return Leaf(Const(value), value), None
            case FunctionValue(value):
                held_to(s, self.function, reach, value)
                return function_value(value, reach), None
            case Struct(form, type_, items, shared):
                values: list[tuple[object, Value]] = []
                trees: list[tuple[object, Tree]] = []
                for k, (key, item) in enumerate(items):
                    inner = None if part is None else (*part, step_of(form, key))
                    further = (*way, k) if way and form == "tuple" else ()
                    value_, tree = self.value(item, step(form, key, reach), item_name(hint, key), inner, further)
                    values.append((key, value_))
                    trees.append((key, tree))
                branch = Branch(form, type_, tuple(trees), reach, part is not None)
                assumed = None if part is None else s.facts.assumed.get(part)
                if form == "tuple":
                    cls = None if type_ is None else of_tuples(s, ClassInfo(type_))
                    return Seq(tuple(v for _, v in values), cls), branch
                info = ClassInfo(type_) if form == "object" and type_ is not None else None
                open_ = part if is_open(form, assumed is not None and assumed.form != "tuple") else None
                held = "list" if form == "sequence" else form
                content = Content(held, tuple(values), info, hint, None, True, open_, form == "sequence")
                handle = outermost = s.allocate(replace(content, shared=shared))
                if part is not None:
                    passed(s, handle, shown(part))
                if form in ("dict", "list") and type_ is not None:
                    outermost = of_subclass(s, ClassInfo(type_), handle, hint)
                for key, value_ in values:
                    if isinstance(value_, Leaf) and isinstance(value_.expr, Name):
                        s.field_names[handle.id, key] = value_.expr.id
                        s.slots[value_.expr.id] = handle.id, key
                        if key in s.facts.written:
                            s.unstable.add(value_.expr.id)
                return outermost, branch
            case _:
                given = self.given.get(way)
                name = s.fresh(hint) if given is None else given.name
                s.unstable |= {name} if given is not None and given.again else set()
                self.params.append(Param(name))
                self.kinds[name] = shape
                s.state.kinds[name] = shape
                tree = Part(name, reach, shape, None if given is None else given.origin)
                return Leaf(Name(name), UNSET, part if isinstance(shape, Unknown) else None), tree


def is_open(form: str, assumed: bool) -> bool:
    """May there be more in it than is known now?"""
    return form == "object" or assumed


def step(form: str, key: object, reach: Expr) -> Expr:
    if form == "object" or (form == "tuple" and isinstance(key, str)):
        return Attribute(reach, str(key))
    return Index(reach, Const(key))


def function_value(value: object, reach: Expr) -> Value:
    """A function or a module that is passed: this very one, and no other."""
    if (module := modules.of_library(value)) is not None:
        return module
    target = value if isinstance(value, UserFunction) else live_target("argument", "function", value)
    if isinstance(target, Global):
        return Outer(reach, value, lambda: value)
    if isinstance(target, UserFunction):
        if not isinstance(value, FunctionType):  # of a file that is only read
            return target_value(target)
        return Leaf(outers.function_ref(value, target), value)
    assert isinstance(target, Library)
    if target.module == "numpy":
        return Leaf(numpy_ref(target.qualname), value)
    return Leaf(Ref(target.qualname, target, None, target), value)


def returned(s: Spec, value: Value) -> tuple[Expr, Tree]:
    """The result as a tuple of its leaves, with the tree that puts them together again."""
    match value:
        case Leaf(expr):
            return expr, Part("", expr, s.kind(expr))
        case Outer(expr):
            return expr, Part("", expr, s.kind(expr))
    leaves: list[Expr] = []
    tree = _result_tree(s, value, leaves)
    return Tuple(tuple(leaves)), tree


def _result_tree(s: Spec, value: Value, leaves: list[Expr]) -> Tree:
    match value:
        case Leaf(expr, known) if known is None or isinstance(known, str):
            return Branch("known", None, ((known, None),))
        case Leaf(expr) | Outer(expr):
            leaves.append(expr)
            return Part("", expr, s.kind(expr))
        case Seq(items, cls):
            keys: tuple[object, ...] = tuple(range(len(items))) if cls is None else cls.fields
            trees = tuple((k, _result_tree(s, v, leaves)) for k, v in zip(keys, items, strict=True))
            return Branch("tuple", None if cls is None else cls.type, trees)
        case Handle():
            content = s.content(value)
            if content.form == object_numbers.FORM:
                raise s.refuse("a result that is a list of objects whose number only the run tells", "return an array")
            if content.form == tables.TABLE:
                raise s.refuse("a result that is a dict whose keys only the run tells", "return numbers, or an array")
            if (inside := alone(s, value)) is not None:  # of a subclass of dict or list
                content = replace(s.content(inside), cls=content.cls)
            trees = tuple((k, _result_tree(s, v, leaves)) for k, v in content.items)
            return Branch(content.form, None if content.cls is None else content.cls.type, trees)
        case Either():
            one = either.as_one(s, value)
            if one is None:
                raise s.refuse("a result that is one of several things of other structure", "return one structure")
            return _result_tree(s, one, leaves)
        case Partial():
            raise s.refuse("a result that is a function, or an object that is asked,", "return what it gives")
        case _:
            return _result_tree(s, Leaf(s.materialize(value)), leaves)


def floats(tree: Tree) -> list[Part]:
    return [p for p in parts(tree) if is_float(p.kind)]
