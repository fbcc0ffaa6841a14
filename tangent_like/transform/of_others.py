"""Text without kinds for defaults of None, functions or texts, for lists of numbers, or for arrays of one rank, where
there is none for whatever may be passed.

    def median(xs):                      refused for an ``xs`` of which nothing is known; for a list of numbers
        s = sorted(xs)                   it is not, and the text asks on entry that it is one
        return s[len(s) // 2]

    def ends(x):                         refused for an ``x`` of which nothing is known; for a vector it is not
        first, *rest = x
        return first * sum(rest)

    def layer(x, act=np.tanh):           refused for an ``act`` of which nothing is known; for its default it is not
        return np.sum(act(x))

    def total(xs, found=None):           refused for a ``found`` of which nothing is known; for None it is not
        if found is None:
            found = []
        found.append(xs[0])
        return sum(found)

    def last(y: np.ndarray):             refused for an array of any rank, of which a list may be of numbers or rows;
        c = list(y)                      for a vector it is not, and the text asks for one on entry
        return c[-1] * c[0]
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import FunctionType
from typing import TypeAlias, TypeVar

from tangent_like.analysis.maybe_lists import LIST, ROWS, checks, maybe_lists, shown_as_lists
from tangent_like.errors import NOWHERE, AliasError, DifferentiationError
from tangent_like.ir.nodes import (
    Attribute,
    Bind,
    Call,
    Const,
    Expr,
    Function,
    Index,
    Library,
    Name,
    Ref,
    Starred,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import expressions, statements, subexpressions
from tangent_like.kinds.kind import FLOAT, NONE, TEXT, UNKNOWN, Array, Kind, ListOf
from tangent_like.kinds.structure import FunctionValue, Known, Shape, is_one_of_a_kind
from tangent_like.transform.argument_checks import array_of_rank
from tangent_like.transform.lowered import read, source_of
from tangent_like.transform.stages import Watch, or_others

Made = TypeVar("Made")
Checked: TypeAlias = "tuple[tuple[str, str], ...]"
Others: TypeAlias = "tuple[Mapping[str, Shape], Checked]"
MOST_RANKED = 3  # of more arrays none is tried
KINDS: Mapping[int, Kind] = {LIST: ListOf(FLOAT), ROWS: ListOf(ListOf(FLOAT))}


def or_of_others(
    attempt: Callable[[Mapping[str, Shape], Watch], Made],
    written: Callable[[], Function],
    shapes: Mapping[str, Shape],
    watch: Watch,
    asked: Callable[[], Iterable[str]],
    lists_first: bool,
) -> tuple[Made, Checked]:
    """What is made of the arguments as they are known; or, if that is refused, of others, with what is checked then.

    ``asked`` are the arguments whose derivatives are. ``lists_first``: what may be arrays or lists is taken for lists.
    """

    def of(others: Mapping[str, Shape], checked: Checked, see: Watch) -> tuple[Made, Checked]:
        return attempt({**shapes, **others}, see), checked

    def more(refused: DifferentiationError) -> Iterator[Callable[[Watch], tuple[Made, Checked]]]:
        ways = (*without_defaults(written, shapes, asked), *vectors(written, shapes))
        shares = isinstance(refused, AliasError)  # then it is an array
        arrays = asked_as_arrays(written, shapes, asked) if shares else ()
        guesses = (*in_order(written, shapes, lists_first), *arrays, *of_ranks(shapes))
        for others, checked in (*ways, *guesses):
            yield functools.partial(of, others, checked)

    return or_others(functools.partial(of, {}, ()), more, watch)


def without_defaults(
    written: Callable[[], Function], shapes: Mapping[str, Shape], asked: Callable[[], Iterable[str]]
) -> list[Others]:
    """None, a function, a module or a text for each parameter that nothing is known of and whose default it is."""
    try:
        params, wanted = written().params, set(asked())
    except DifferentiationError:
        return []
    left = [p for p in params if shapes.get(p.name) in (UNKNOWN, TEXT) and p.name not in wanted]
    missing = [p.name for p in left if isinstance(p.default, Const) and p.default.value is None]
    passed: dict[str, Shape] = {p.name: found for p in left if (found := passed_value(p.default)) is not None}
    checked = tuple((f"{n} is not None", f"this derivative is for {n}=None") for n in missing)
    none: dict[str, Shape] = dict.fromkeys(missing, Known(None, NONE))
    whole: list[Others] = [({**none, **passed}, checked)] if passed else []
    return [*whole, (none, checked)] if missing else whole


def passed_value(default: Expr | None) -> Shape | None:
    """The function, module or text that a default is."""
    match default:
        case Const(str() as text):
            return Known(text, TEXT)
        case Ref(target=Library(obj=obj)) if is_one_of_a_kind(obj):
            return FunctionValue(obj)
        case Ref(target=UserFunction(source=source) as target):
            return FunctionValue(source if isinstance(source, FunctionType) else target)
        case _:
            return None


def in_order(written: Callable[[], Function], shapes: Mapping[str, Shape], lists_first: bool) -> list[Others]:
    """Vectors and matrices for what may be lists as well, and then those; lists alone, where the program says so."""
    ways = tried(written, shapes)
    lists: list[Others] = [({n: KINDS[d] for n, d in depths.items()}, checks(depths)) for depths in ways]
    arrays: list[Others] = [({n: array_of_rank(n, d, UNKNOWN) for n, d in depths.items()}, ()) for depths in ways]
    if ways and not shown_as_lists(written()).isdisjoint(ways[0]):
        return lists
    return [*lists, *arrays] if lists_first else [*arrays, *lists]


def asked_as_arrays(
    written: Callable[[], Function], shapes: Mapping[str, Shape], asked: Callable[[], Iterable[str]]
) -> Iterator[Others]:
    """Vectors, and then matrices, for the arguments whose derivatives are asked, where nothing is known of them.

    First for those alone that the function uses as no number can be used, and for each alone.
    """
    try:
        unknown = [n for n in asked() if shapes.get(n) == UNKNOWN]
        shown = {n for stmt in statements(written().body) for top in expressions(stmt) for n in no_numbers(top)}
    except DifferentiationError:
        return
    some = [n for n in unknown if n in shown]
    alone = [[n] for n in unknown] if 1 < len(unknown) <= MOST_RANKED else []
    fewer = [ns for ns in ([some] if some in alone else [some, *alone]) if ns and len(ns) < len(unknown)]
    for names in (*fewer, unknown):
        for rank in (1, 2) if names else ():
            yield {n: array_of_rank(n, rank, UNKNOWN) for n in names}, ()


def no_numbers(expr: Expr) -> Iterator[str]:
    """The names of which an expression asks for parts, a copy, a shape."""
    for e in subexpressions(expr):
        match e:
            case Index(Name(id)) | Attribute(Name(id), "copy" | "shape" | "T" | "size" | "reshape" | "ravel"):
                yield id
            case Call(Ref(target=Library(_, "len" | "zeros_like" | "empty_like")), (Name(id),)):
                yield id


def of_ranks(shapes: Mapping[str, Shape]) -> Iterator[Others]:
    """Arrays of which no rank is known as vectors and matrices, as few as may be: the text asks on entry for these."""
    unknown = {n: shape for n, shape in shapes.items() if isinstance(shape, Array) and shape.dims is None}
    if len(unknown) > MOST_RANKED:
        return
    vectors, matrices = dict.fromkeys(unknown, 1), dict.fromkeys(unknown, 2)
    alone = [[{n: rank} for n in unknown] for rank in (1, 2)]
    ways = [*alone[0], vectors, *alone[1], *({**vectors, n: 2} for n in unknown), matrices]
    for k, ranks in enumerate(ways):
        if ranks and ranks not in ways[:k]:
            yield {n: array_of_rank(n, rank, unknown[n]) for n, rank in ranks.items()}, ()


def vectors(written: Callable[[], Function], shapes: Mapping[str, Shape]) -> Iterator[Others]:
    """Vectors, for parameters that are unpacked with a star."""
    try:
        starred = dict.fromkeys(taken_with_star(written()))
    except DifferentiationError:
        return
    if names := [n for n in starred if shapes.get(n) == UNKNOWN]:
        yield {n: array_of_rank(n, 1, UNKNOWN) for n in names}, ()


def taken_with_star(function: Function) -> Iterator[str]:
    for stmt in statements(function.body):
        match stmt:
            case Bind(Tuple(items), _, Name(id)) if any(isinstance(item, Starred) for item in items):
                yield id


def tried(written: Callable[[], Function], shapes: Mapping[str, Shape]) -> list[dict[str, int]]:
    """The depths of lists to try, one after the other: as use tells, and all of them lists of lists."""
    unknown = {n for n, shape in shapes.items() if shape == UNKNOWN}
    if not unknown:
        return []
    try:
        found = {n: d for n, d in maybe_lists(written(), functools.cache(read_or_none)).items() if n in unknown}
    except DifferentiationError:
        return []  # refused already, for what it is refused for here
    deeper = dict.fromkeys(found, ROWS)
    return [d for d in ((found, deeper) if deeper != found else (found,)) if d]


def read_or_none(target: UserFunction) -> Function | None:
    try:
        return read(source_of(target, NOWHERE)).written
    except DifferentiationError:
        return None
