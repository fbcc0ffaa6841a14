"""Functions of the user's as they are read, with one way out; those that need ``specialize`` are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from tangent_like.errors import AliasError, DifferentiationError, Place, SourceError, UnsupportedError, place_at
from tangent_like.frontend.grown_tuples import with_grown_tuples_as_lists
from tangent_like.frontend.heaps import with_lists_in_order
from tangent_like.frontend.in_place import written_out
from tangent_like.frontend.later import first_refusal
from tangent_like.frontend.listed import list_statements
from tangent_like.frontend.live import is_derivative
from tangent_like.frontend.lower import lower, place_of
from tangent_like.frontend.never_caught import with_asked
from tangent_like.frontend.normalize import leaves, normalized
from tangent_like.frontend.one_name import OneName
from tangent_like.frontend.resolve import FileScope
from tangent_like.frontend.source import FunctionSource, from_file, from_function
from tangent_like.frontend.sunk import sunk
from tangent_like.ir.calls import said_in
from tangent_like.ir.leaves import plain
from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Block,
    Break,
    Call,
    Choose,
    Continue,
    Define,
    Expr,
    Function,
    If,
    Lambda,
    Name,
    Ref,
    Return,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import (
    binds,
    blocks,
    called_by,
    expressions,
    reads,
    statements,
    stored_in,
    subexpressions,
)
from tangent_like.rules.attached import Attached, with_rules
from tangent_like.specialize.rich import is_rich, origin_of, rich_parts
from tangent_like.transform.nested_results import result_of
from tangent_like.transform.options import options_said
from tangent_like.transform.results import unpacked
from tangent_like.transform.signatures import annotated
from tangent_like.transform.stages import Watch, or_others

Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Lowered:
    """A function read and normalized, with the names that it uses."""

    source: FunctionSource
    function: Function
    taken: frozenset[str]
    written: Function  # as lowered, jumps and all
    rich: bool = False  # it has what only ``specialize`` reads


def read(source: FunctionSource, attached: Attached | None = None) -> Lowered:
    """A function as the passes take it; in ``attached`` are the rules of the user's."""
    own = attached or Attached()
    own.protection.note(source)
    function, namer = lower(with_rules(source, own))
    function = with_asked(annotated(function, source.scope), namer)
    listed = with_grown_tuples_as_lists(function)
    if listed is not function:
        own.growing[function.name] = None
    return settled(source, listed if own.as_lists else function, namer)


def or_with_lists(make: Callable[[Attached, Watch], Made], own: Attached, watch: Watch) -> Made:
    """What is made with tuples that grow as tuples, of which each item is known; or, if that is refused, as lists."""

    def others(refused: DifferentiationError) -> Iterator[Callable[[Watch], Made]]:
        if own.growing and isinstance(refused, UnsupportedError | AliasError):
            yield partial(make, replace(own, as_lists=True))

    return or_others(partial(make, own), others, watch)


def settled(source: FunctionSource, written: Function, namer: Namer) -> Lowered:
    """A function as it is written, normalized."""
    function = with_lists_in_order(written, namer)
    listed = list_statements(function, namer)
    rich = is_rich(listed)
    if not rich:  # else once it is known what is a list and what an array
        function = written_out(listed, namer)
    function = sunk(normalized(function, namer))
    function = function if rich else options_said(unpacked(function, namer))
    return Lowered(source, function, namer.taken, written, rich)


def lowered_of(function: Function) -> Lowered:
    """A function of the core that stands in no file."""
    origin = function.origin
    source = FunctionSource(origin.file, origin.line, (), None, function.name, function.name, OneName())
    taken = frozenset(n for s in statements(function.body) for n in (*binds(s), *reads(s)))
    return Lowered(source, function, taken | {p.name for p in function.params}, function)


def source_of(target: UserFunction, place: Place) -> FunctionSource:
    """The source of a function that the user's code calls."""
    if isinstance(target.source, FileScope):
        found = from_file(target.source, target.qualname)
        if found is None:
            raise SourceError(f"no function {target.qualname} in {target.source.file}", place)
        return found
    if is_derivative(target.source):  # its parameters and effects are those of the function below
        return target.source.subject.source()  # type: ignore[attr-defined,no-any-return]
    if not callable(target.source):  # lifted, and not yet written
        raise SourceError(f"{target.qualname} is called while it is made", place, "define it in the module")
    return from_function(target.source)


def functions_in(function: Function, ruled: bool = False) -> set[UserFunction]:
    """The user's functions that a function names, those nested in it included; ``ruled``: and those with a rule."""
    found: set[UserFunction] = set()
    for stmt in statements(function.body):
        if isinstance(stmt, Define):
            found |= functions_in(stmt.function, ruled)
        for top in expressions(stmt):
            for node in subexpressions(top):
                target = node.target if isinstance(node, Ref) else None
                target = plain(target) if ruled and target is not None else target
                if isinstance(target, UserFunction):
                    found.add(target)
                elif isinstance(node, Lambda):
                    found |= functions_in(node.function, ruled)
    return found


def own_calls(function: Function) -> Iterator[tuple[UserFunction, Call]]:
    """The calls of the user's functions by their names."""
    for expr in said_in(function.body):
        target = called_by(expr)
        if target is not None and isinstance(expr, Call):
            yield target, expr


def passed_on(
    target: UserFunction,
    found: dict[UserFunction, frozenset[str]],
    read: Callable[[UserFunction], Function],
    own: Callable[[Function], set[str]],
) -> frozenset[str]:
    """The parameters among the names that ``own`` tells, and those passed to such ones of what the function calls.

    ``found`` remembers them.
    """
    if target not in found:
        found[target] = frozenset()  # while it is found out: a recursive call alone adds nothing
        with suppress(DifferentiationError):  # refused where it matters, with its place
            function = read(target)
            names = passed_names(function, found, read, own)
            found[target] = frozenset(p.name for p in function.params if p.name in names)
    return found[target]


def passed_names(
    function: Function,
    found: dict[UserFunction, frozenset[str]],
    read: Callable[[UserFunction], Function],
    own: Callable[[Function], set[str]],
) -> set[str]:
    """The names that ``own`` tells of a function, and those that it passes to such parameters of what it calls."""
    names = own(function)
    for other, call in own_calls(function):
        params = [p.name for p in read(other).params]
        given = dict(zip(params, call.args, strict=False)) | dict(call.keywords)
        wanted = passed_on(other, found, read, own)
        names |= {a.id for n, a in given.items() if n in wanted and isinstance(a, Name)}
    return names


def called_for(function: Function) -> Iterator[tuple[UserFunction, bool]]:
    """The functions of the user's that a function calls; is it for the items of the result, each with a name?"""
    apart = {
        value
        for stmt in statements(function.body)
        if isinstance(stmt, Assign) and len(stmt.targets) > 1 == len(stmt.values)
        for value in stmt.values
    }
    return ((target, call in apart) for target, call in own_calls(function))


def returned_values(function: Function) -> list[Expr]:
    """What a function returns; where that is a name, all that the name is bound to."""
    value = result_of(function)
    if isinstance(value, Name):
        return [v for s in statements(function.body) if isinstance(s, Assign) for v in bindings(s, value.id)]
    return [] if value is None else [value]


def bindings(stmt: Assign, name: str) -> Iterator[Expr]:
    """The values of a statement that it gives the name, of a conditional one either."""
    if len(stmt.targets) == len(stmt.values):
        for target, value in zip(stmt.targets, stmt.values, strict=True):
            if target == name:
                yield from (value.body, value.orelse) if isinstance(value, Choose) else (value,)


def with_chosen(function: Function, names: set[str]) -> set[str]:
    """The names, and those of which one is made: ``w = p if out is None else out``."""
    found, before = set(names), -1
    while len(found) != before:
        before = len(found)
        for stmt in statements(function.body):
            if isinstance(stmt, Assign):
                chosen = (value for name in found.intersection(stmt.targets) for value in bindings(stmt, name))
                found = found | {value.id for value in chosen if isinstance(value, Name)}
    return found


def tuples_taken_apart(function: Function) -> bool:
    """Is a name bound to a tuple display and to something else, or returned, or is there a write into what it holds?

    A result that is one of two tuples is as if it had such a name.
    """
    counts: dict[str, int] = {p.name: 1 for p in function.params}
    displays: set[str] = set()
    for stmt in statements(function.body):
        for name in binds(stmt):
            counts[name] = counts.get(name, 0) + 1
        if isinstance(stmt, Assign) and len(stmt.targets) == len(stmt.values):
            for name in stmt.targets:
                chosen = tuple(bindings(stmt, name))
                counts[name] = counts.get(name, 0) + len(chosen) - 1
                if any(isinstance(v, Tuple) for v in chosen):
                    displays.add(name)
    value = result_of(function)
    if isinstance(value, Choose) and (isinstance(value.body, Tuple) or isinstance(value.orelse, Tuple)):
        return True
    returned = value.id if isinstance(value, Name) else ""
    stored = stored_in(function.body)
    return any(counts[name] > 1 or name in stored or name == returned for name in displays)


def refused(function: Function) -> UnsupportedError:
    """The first part of a function that the core does not know, as an error."""
    later = first_refusal(function)
    if later is not None:
        return later
    stmt, expr, what, hint = next(iter(rich_parts(function)))
    origin = origin_of(stmt, function)
    at = getattr(expr, "at", None)
    place = place_of(origin) if at is None else place_at(origin.file, at)
    return UnsupportedError(f"{what} is not differentiated", place, hint)


def is_normal(function: Function) -> bool:
    """Does it end in its one ``return``, and each turn in its jumps?"""
    returns = [s for s in statements(function.body) if isinstance(s, Return)]
    return len(returns) == 1 and function.body[-1] is returns[0] and jumps_last(function.body)


def jumps_last(block: Block) -> bool:
    """Does nothing follow upon what may jump?"""
    if any(isinstance(s, Break | Continue) or (isinstance(s, If) and leaves(s)) for s in block[:-1]):
        return False
    return all(jumps_last(inner) for stmt in block for inner in blocks(stmt))
