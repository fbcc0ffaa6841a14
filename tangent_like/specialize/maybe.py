"""None at first, and a tuple later: ``best = None``, and in a loop ``if best is None or d < best[0]: best = (d, i)``.

Before                                   After

    best = None                              best_0 = None
    for i in range(n):                       best_1 = None
        d = abs(x[i] - a)                    for i in range(n):
        if best is None or d < best[0]:          d = abs(x[i] - a)
            best = (d, i)                        if best_0 is None or d < best_0:
                                                     best_0, best_1 = d, i

As long as there are numbers, arrays and lists in it. Where none of its items is known never to be None, a flag tells.
What Python refuses to do with None it refuses for the None in the place of an item.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tangent_like.ir.nodes import Compare, Const, Expr, Unary
from tangent_like.kinds.kind import Array, ListOf, Scalar, Unknown
from tangent_like.specialize import object_numbers
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import State
from tangent_like.specialize.values import UNSET, Either, Handle, Leaf, Maybe, Seq, Value, is_none, leaf_at, maybe, none


@dataclass(frozen=True, eq=False)
class Rows:
    """What paths with a tuple and paths with None have: a flag each, and the items; ``at`` as in ``Maybe``."""

    rows: tuple[Seq, ...]
    at: tuple[int, ...]


def whether(value: Maybe, op: str) -> Leaf:
    """``best is None``, ``best is not None``."""
    op = {"==": "is", "!=": "is not"}.get(op, op)
    if value.at:
        return Leaf(Compare(leaf_at(value.items, value.at).expr, (op,), (Const(None),)))
    flag: Expr = value.which.expr
    return Leaf(flag if op == "is not" else Unary("not", flag))


def rows(s: Spec, values: Sequence[Value], states: Sequence[State]) -> Rows | None:
    """The rows to be met; None where it is something else than None here and a tuple there."""
    tuples = [v.items if isinstance(v, Maybe) else v for v in values]
    known = next((v for v in tuples if isinstance(v, Seq)), None)
    if known is None or all(isinstance(v, Seq) for v in values) or not s.facts.tables:
        return None  # Numba takes no variable that is None here and a number there
    for value, whole, state in zip(tuples, values, states, strict=True):
        tuple_ = isinstance(value, Seq) and alike(value, known)
        if not is_none(value) and not (tuple_ and (isinstance(whole, Maybe) or plain(s, value, state))):
            return None
    at = tells(s, values, states)
    return Rows(tuple(row(v, known, at) for v in values), at)


def row(value: Value, like: Seq, at: tuple[int, ...]) -> Seq:
    """A flag, where no item tells, and the items."""
    if isinstance(value, Maybe):
        return Seq((none() if at else value.which, value.items))
    made = isinstance(value, Seq)
    return Seq((none() if at else Leaf(Const(made), made), value if made else empty(like)))


def met(found: Seq, at: tuple[int, ...]) -> Maybe:
    """A row as None or a tuple again."""
    flag, items = found.items
    assert isinstance(flag, Leaf) and isinstance(items, Seq)
    return maybe(items, at, flag)


def tells(s: Spec, values: Sequence[Value], states: Sequence[State]) -> tuple[int, ...]:
    """The place of an item that is never None in any of the tuples."""
    pairs = list(zip(values, states, strict=True))
    made = [(v, state) for v, state in pairs if isinstance(v, Seq)]
    before = {v.at for v in values if isinstance(v, Maybe)}
    if () in before:
        return ()
    for at in before or places(made[0][0]):
        if before <= {at} and all(never_none(s, leaf_at(v, at), state) for v, state in made):
            return at
    return ()


def places(value: Value, at: tuple[int, ...] = ()) -> Iterator[tuple[int, ...]]:
    if isinstance(value, Seq):
        for k, item in enumerate(value.items):
            yield from places(item, (*at, k))
    elif isinstance(value, Leaf):
        yield at


def never_none(s: Spec, leaf: Leaf, state: State) -> bool:
    return isinstance(s.typing.kind(leaf.expr, state.kinds), Scalar | Array | ListOf)


def empty(like: Seq) -> Seq:
    return Seq(tuple(empty(v) if isinstance(v, Seq) else none() for v in like.items), like.cls)


def alike(a: Value, b: Value) -> bool:
    if isinstance(a, Seq) and isinstance(b, Seq):
        return len(a.items) == len(b.items) and a.cls == b.cls and all(map(alike, a.items, b.items))
    if isinstance(a, Handle | Either) or isinstance(b, Handle | Either):  # of one list, if they meet, or None
        return all(isinstance(v, Handle | Either) or is_none(v) for v in (a, b))
    return isinstance(a, Leaf) and isinstance(b, Leaf)


def plain(s: Spec, value: Value, state: State) -> bool:
    """Is it made of numbers, arrays and lists of the core, and not empty?"""
    if isinstance(value, Seq):
        return bool(value.items) and all(plain(s, v, state) for v in value.items)
    if is_none(value):
        return True
    if isinstance(value, Handle):
        return object_numbers.maybe(state, value) is not None
    if not isinstance(value, Leaf) or not (value.known is UNSET or type(value.known) in (int, float)):
        return False
    return isinstance(s.typing.kind(value.expr, state.kinds), Scalar | Array | ListOf | Unknown)
