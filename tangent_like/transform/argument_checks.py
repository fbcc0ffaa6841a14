"""What text without arguments asks of those that it is called with: what annotations and use have told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tangent_like.analysis.used import is_read, unpacked_by
from tangent_like.ir.nodes import Call, Each, Function, Name
from tangent_like.ir.walk import called_by, expressions, names, statements, subexpressions
from tangent_like.kinds.annotation import kind_of_annotation
from tangent_like.kinds.dims import symbol
from tangent_like.kinds.kind import INT, UNKNOWN, Array, Kind, Scalar
from tangent_like.transform.lowered import Lowered
from tangent_like.transform.program import Program


@dataclass(frozen=True, eq=False)
class Told:
    """The kinds of parameters, by annotations and by use, and what the text checks of them on entry."""

    kinds: Mapping[str, Kind]
    assumed: tuple[str, ...] = ()
    used: tuple[tuple[str, str], ...] = ()
    held: tuple[str, ...] = ()  # to real floating-point numbers: arrays that are asked for
    lists: tuple[str, ...] = ()  # arrays or lists of numbers that are asked for


def told_of_arguments(
    program: Program,
    lowered: Lowered,
    mode: str,
    kinds: Mapping[str, Kind],
    wrt: tuple[str, ...],
    texts: Mapping[str, str],
    as_lists: bool,
) -> Told:
    """What annotations and use tell; ``texts`` say how parameters are reached, where not by name.

    ``as_lists``: what is asked for and may be a list of numbers is taken for an array all the same.
    """

    def text(name: str) -> str:
        return texts.get(name, name)

    reverse = mode in ("grad", "value_and_grad")
    # taken for vectors since nothing was known of them, and read item by item: lists do as well
    noted = {p.name for p in lowered.function.params if kind_of_annotation(p.annotation, p.name) != UNKNOWN}
    guessed = {n for n in kinds if n not in noted and isinstance(kinds[n], Array)}
    vectors = {n for n in guessed if text(n) == n and kinds[n] == array_of_rank(n, 1, UNKNOWN)}
    vectors = {n for n in vectors if is_read(n, lowered.function)} if as_lists and reverse else set()
    told = dict(told_by_annotations({n: k for n, k in kinds.items() if n not in guessed}, texts))
    axes = {text(n): kinds[n].rank for n in kinds if n in guessed - vectors}  # type: ignore[union-attr]
    kinds_told, found = program.told_by_use(lowered, kinds, wrt, reverse, as_lists and reverse)
    counters = {n: Scalar("int", None, symbol(text(n))) for n, k in kinds_told.items() if k == INT}
    kinds = {**kinds, **kinds_told, **counters}
    kinds = {**kinds, **{n: array_of_rank(text(n), rank, kinds[n]) for n, rank in found.items()}}
    numbers = [text(n) for n, kind in kinds_told.items() if isinstance(kind, Scalar) and kind != INT]
    by_items = {n for n in kinds_told if found.get(n) == 1 and is_read(n, lowered.function)} | vectors
    asked = tuple(n for n in wrt if n in by_items)
    asked = tuple(n for n in asked if text(n) == n) if as_lists and reverse else ()
    lists = [text(n) for n in (*kinds_told, *sorted(vectors)) if (n in found or n in vectors) and n not in wrt]
    arrays = [text(n) for n in program.places.given(lowered.function) if n in kinds_told and n not in found]
    checks = (f"{text(n)}.ndim == {rank}" for n, rank in found.items() if text(n) not in (*lists, *asked))
    held: tuple[str, ...] = ()
    if reverse:
        own = {n: kinds[n] for n in wrt if n not in asked}
        held = tuple(n for n, k in own.items() if isinstance(k, Array) and k.rank and k.dtype is None)
    precise = (f"{text(n)}.dtype.kind == 'f'" for n in held)
    unpacked = {text(n) for stmt in statements(lowered.function.body) for n in unpacked_by(stmt)}
    few = [t for t in lists if t in unpacked]  # a list of arrays has one axis, too
    others = [t for t in lists if t not in unpacked]
    used = (*of_guesses(axes), *of_use(numbers, others, sorted(arrays), asked), *no_arrays(few))
    gone_through = given_whole(lowered.function)
    used = (*used, *no_tables([text(n) for n in (*found, *sorted(vectors)) if n in gone_through and n not in wrt]))
    return Told(kinds, (*told.values(), *checks, *precise), used, held, asked)


def told_by_annotations(kinds: Mapping[str, Kind], texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The ranks and dtypes that annotations tell, by name, as what the text checks on entry."""
    for name, kind in kinds.items():
        if isinstance(kind, Array):
            text = texts.get(name, name)
            checks = [] if kind.rank is None else [f"{text}.ndim == {kind.rank}"]
            checks += [] if kind.dtype is None else [f"{text}.dtype == {kind.dtype!r}"]
            if checks:
                yield name, " and ".join(checks)


def of_use(
    numbers: Sequence[str], lists: Sequence[str], arrays: Sequence[str], items: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """When arguments are not what their use says, with what is then said; ``items``: lists to look through."""
    if numbers:
        wrong = f"any(hasattr(number, '__setitem__') or number.imag for number in [{', '.join(numbers)}])"
        what = "one real number" if len(numbers) == 1 else "real numbers"
        yield wrong, f"this derivative is for {what} as {' and '.join(numbers)}"
    if lists:
        wrong = " or ".join(map(of_more_axes, lists))
        yield wrong, f"this derivative is for one axis of {' and '.join(lists)}"
    if items:
        several = f"for numbers in [{', '.join(items)}] for number in numbers"
        each = several if len(items) > 1 else f"for number in {items[0]}"
        wrong = f"any(hasattr(number, '__setitem__') or number.imag {each})"
        yield wrong, f"this derivative is for real numbers in {' and '.join(items)}"
    if arrays:  # that functions write as a whole
        wrong = " or ".join(f"not getattr({text}, 'ndim', 0)" for text in arrays)
        yield wrong, f"this derivative is for {'an array' if len(arrays) == 1 else 'arrays'} as {' and '.join(arrays)}"


def of_more_axes(text: str) -> str:
    """An array of other than one axis, or a list of arrays; what is used up by being read is left alone."""
    inside = f"any(hasattr(item, '__setitem__') for item in {text})"
    return f"getattr({text}, 'ndim', 1) != 1 or isinstance({text}, (list, tuple)) and {inside}"


def no_arrays(lists: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is unpacked into numbers: a list of arrays has one axis, too; None and texts are nothing else's."""
    for text in lists:
        wrong = f"any(hasattr(number, '__setitem__') or getattr(number, 'imag', 0) for number in {text})"
        yield wrong, f"this derivative is for real numbers in {text}"


def given_whole(function: Function) -> set[str]:
    """The names that loops go through, and that functions are given."""
    found: set[str] = set()
    for stmt in statements(function.body):
        if isinstance(stmt, Each):
            found |= names(stmt.iterable)
        calls = [e for top in expressions(stmt) for e in subexpressions(top) if isinstance(e, Call)]
        found |= {a.id for call in calls if called_by(call) for a in call.args if isinstance(a, Name)}
    return found


def no_tables(lists: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A loop over a dict gives its keys, which are not what stands at its places."""
    if lists:
        wrong = " or ".join(f"isinstance({text}, dict)" for text in lists)
        yield wrong, f"this derivative is for lists or arrays as {' and '.join(lists)}"


def of_guesses(axes: Mapping[str, int | None]) -> Iterator[tuple[str, str]]:
    """When arguments are not the arrays that they were taken for, with what is then said: a list has no ``ndim``."""
    for rank in sorted({rank for rank in axes.values() if rank is not None}):
        those = [text for text, own in axes.items() if own == rank]
        wrong = " or ".join(f"getattr({text}, 'ndim', 0) != {rank}" for text in those)
        what, count = "an array" if len(those) == 1 else "arrays", "one axis" if rank == 1 else f"{rank} axes"
        yield wrong, f"this derivative is for {what} of {count} as {' and '.join(those)}"


def array_of_rank(name: str, rank: int, kind: Kind) -> Kind:
    dtype = kind.dtype if isinstance(kind, Array) else None
    return Array(tuple(symbol(f"{name}.shape[{k}]") for k in range(rank)), dtype)
