"""Loops that have to be written out, turn by turn, and how many turns they have.

A loop of the core has one body for all turns. Where the turns differ in structure (one adds a key to a dict,
another makes an object more), the loop is tried again with its turns one after the other: as many as are known,
or else as many as the call at hand has, which is then an assumption of the compilation.
"""

from __future__ import annotations

from collections.abc import Sequence

from tangent_like.errors import UnsupportedError
from tangent_like.ir.nodes import Assign, Break, Const
from tangent_like.kinds.dims import Assumption, Dim, fixed
from tangent_like.kinds.kind import Array, Scalar
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import (
    UNSET,
    Endless,
    Handle,
    Leaf,
    Longest,
    Mixed,
    Outer,
    Seq,
    Value,
    is_function_ref,
)

MOST_PINNED = 100  # turns written out of a loop whose number of turns only the call at hand tells


class OnlyTheRun(Exception):  # noqa: N818 - not an error: a loop is made instead
    """The items are not known one by one, where they have to be."""


class NotUnrolledError(UnsupportedError):
    """Refused in a loop of the core; the loops around may do it turn by turn.

    ``site``: of a list that would be one of the core, if they do not; ``objects``: of lists that would be
    lists of objects whose number only the run tells, each with an object that stands for all.
    """

    site: object = None
    objects: Sequence[tuple[object, object]] = ()


def needs_turns(s: Spec, what: str, hint: str = "", at: tuple[int, int] | None = None) -> NotUnrolledError:
    """A refusal that holds only as long as the loop around is one of the core."""
    error = s.refuse(what, hint, at)
    return NotUnrolledError(error.reason, error.place, error.hint)


def readable(s: Spec, value: Value, at: tuple[int, int] | None = None) -> Value:
    """The value, unless it is not one thing: of that nothing can be told, and nothing may be."""
    if not isinstance(value, Mixed):
        return value
    s.facts.learn_chosen(value.choice)
    raise needs_turns(s, value.what, "", at) if value.by_turns else s.refuse(value.what, value.hint, at)


def number(s: Spec, value: Value) -> int | None:
    """The whole number that a value is, or that it is in the call at hand."""
    if not isinstance(value, Leaf):
        return None
    if type(value.known) is int:
        return value.known
    kind = s.kind(value.expr)
    return pinned(s, kind.value) if isinstance(kind, Scalar) and kind.type == "int" else None


def rows(s: Spec, value: Leaf) -> int | None:
    """How many rows an array has in the call at hand."""
    kind = s.kind(value.expr)
    found = pinned(s, kind.dims[0]) if isinstance(kind, Array) and kind.dims else None
    return found if found is None or found <= MOST_PINNED else None


def pinned(s: Spec, dim: Dim | None) -> int | None:
    if dim is None or not dim.steady:
        return None
    size = s.typing.sizes.evaluate(dim)
    if size is not None and dim.terms:
        s.pins.append(Assumption(dim, "==", fixed(size)))
    return size


def is_row(s: Spec, value: Value) -> bool:
    """Is it a number, an array, or a tuple of those, and no text among them that is known?"""
    if isinstance(value, Seq):
        return value.cls is None and all(is_row(s, v) and not is_text(v) for v in value.items)
    return isinstance(value, Leaf)


def is_text(value: Value) -> bool:
    return isinstance(value, Leaf) and isinstance(value.known, str)


def of_the_core(s: Spec, value: Value) -> bool:
    """Can the value be an item of a list of the core: a number, an array, a list of them?"""
    match value:
        case Leaf() | Outer():
            return not (isinstance(value, Leaf) and is_function_ref(value))
        case Seq(items):
            return all(of_the_core(s, v) for v in items)
        case Handle():
            content = s.state.heap.get(value.id)  # made on one path only: not seen from here
            return content is not None and content.form == "list" and all(of_the_core(s, v) for v in content.values)
        case _:
            return False


def known_together(s: Spec, values: list[Leaf]) -> object:
    """What is still known of a value where it may be each of these."""
    first = values[0].known
    if all(_same_known(v.known, first) for v in values):
        return first
    same_bound(s, values)
    return UNSET


def same_bound(s: Spec, values: list[Leaf]) -> None:
    """A deque forgets what is too much for it: how much that is has to be known."""
    bounds = [v.known if isinstance(v.known, Longest) else None for v in values]
    if any(b != bounds[0] for b in bounds):
        raise s.refuse("one of several deques that keep different numbers of items", "use a name for each")


def _same_known(a: object, b: object) -> bool:
    return a is b or (type(a) is type(b) and isinstance(a, str | int | bool | Longest | Endless) and a == b)


def leave(s: Spec, stmt: Break) -> None:
    """``break``: a way out of a loop of the core, or the end of one that is written out."""
    exit_ = s.exits[-1]
    if exit_.start is None:
        pairs = exit_.hand_on(s.state) if exit_.hand_on is not None else []
        if pairs:
            s.emit(Assign(tuple(n for n, _ in pairs), tuple(e for _, e in pairs), s.origin))
        exit_.breaks.append(s.state.copy())
        s.out.append(stmt)
        return
    if not exit_.going:
        exit_.going = s.fresh("going")
        s.unstable.add(exit_.going)
        out, at = exit_.start
        out.insert(at, Assign((exit_.going,), (Const(True),), s.origin))
    s.assign(exit_.going, Const(False))
