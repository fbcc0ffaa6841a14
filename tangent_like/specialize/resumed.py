"""Iterators that a loop leaves before their end, and that are read again behind it.

Before                                  After

    it = iter(x)                            taken = 0
    for u in it:                            for u in x[0:]:
        s += u                                  taken = taken + 1
        if s > 1.5:                             s += u
            break                               if s > 1.5:
    for u in it:                                    break
        s *= u                              for u in x[taken:]:
                                                s *= u

So for what ``map``, ``filter`` and generator expressions make of one iterable: what they go through is counted, and
the function is called for each item as it is taken. ``zip`` of arrays and lists has one count for all of them, and
``enumerate`` goes on with its number. While the loop runs the iterator has no other reader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeGuard

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Arm,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Compare,
    Comprehension,
    Const,
    Expr,
    If,
    Index,
    Library,
    Name,
    Push,
    Raise,
    Ref,
    Slice,
    Stmt,
    Store,
    Walrus,
)
from tangent_like.ir.walk import binds, expressions, reads, same, statements, subexpressions
from tangent_like.kinds.kind import INT, Array, Scalar
from tangent_like.specialize import containers
from tangent_like.specialize.columns import plus
from tangent_like.specialize.first_item import nth_or
from tangent_like.specialize.spec import Spec, rebound_inside
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.turns import of_the_core
from tangent_like.specialize.values import (
    UNSET,
    Frame,
    Handle,
    Lazy,
    Leaf,
    Mixed,
    Seq,
    Value,
    is_builtin,
    is_none,
    is_used_up,
    none,
)

Turn = Callable[[Value], None]
Over = Callable[..., None]

COUNTED = "counted"
READING = ("copy", "count", "dot", "get", "index", "items", "keys", "max", "mean", "min", "reshape", "sum", "values")


@contextmanager
def resumable(s: Spec, iterable: Expr, value: Value, body: Block, frame: Frame) -> Iterator[Value]:
    """What a loop goes through; behind the loop its iterator stands where it came to.

    An iterator under a name that is read again is counted as it is gone through.
    """
    name = under_name(iterable)
    left = value.parts[0] if isinstance(value, Lazy) and not isinstance(iterable, Name) else value
    named = s.state.vars.get(frame_key(frame.home(name) or frame, name)) if name else None
    iterator = isinstance(named, Mixed)  # not an object, whose ``__iter__`` makes another each time
    again = iterator and is_used_up(left) and name and is_read_behind(name, body, frame)
    source, start = innermost(left) if again and isinstance(left, Lazy) else (None, Const(0))
    if source is not None and may_grow(s, source) and grows(s, read_later(frame), frame):
        source = None
    held = None if source is None else of_the_run(s, source)
    if held is None or not isinstance(value, Lazy) or not isinstance(left, Lazy):
        yield value
        return
    taken, first = s.fresh("taken"), s.fresh("start")
    s.unstable |= {taken, first}
    begun = start if isinstance(start, Const) else Name(first)
    for own, number in ((first, start), (taken, begun))[start is begun :]:
        s.assign(own, number)
        s.state.kinds[own] = INT
    known = begun.value if isinstance(begun, Const) else UNSET
    value = numbered(s, value)
    left = value.parts[0] if not isinstance(iterable, Name) else value
    assert isinstance(left, Lazy)
    yield around(value, Lazy(COUNTED, (held, Leaf(begun, known), Leaf(Name(taken)))))
    rest = from_place(held, Leaf(Name(taken)))
    s.state.vars[frame_key(frame.home(name) or frame, name)] = around(behind(left), rest)


def may_grow(s: Spec, source: Value) -> bool:
    """May it have more items later? Not an array."""
    match source:
        case Lazy("zip", parts):
            return any(may_grow(s, part) for part in parts)
        case Leaf(expr):
            return not isinstance(s.kind(expr), Array)
        case _:
            return isinstance(source, Handle)


def grows(s: Spec, block: Block, frame: Frame) -> bool:
    """May a list get more items there? An iterator that has come to the end has none of them, one that was left has."""

    def is_open(expr: Expr) -> bool:
        """May it be a list, or hold one?"""
        if not isinstance(expr, Name):
            return not isinstance(expr, Const)
        found = s.state.vars.get(frame_key(frame.home(expr.id) or frame, expr.id))
        return not isinstance(found, Leaf) or not isinstance(s.kind(found.expr), Scalar | Array)

    for stmt in statements(block):
        match stmt:
            case Push():
                return True
            case Augment(target=target) if is_open(Name(target)):
                return True
            case Store(target=Index(index=Slice())):
                return True
        for expr in (e for top in expressions(stmt) for e in subexpressions(top)):
            match expr:
                case Call(Ref(target=Library())):
                    pass
                case Call(Attribute(_, name)) if name in READING:
                    pass
                case Call(Ref(), args, keywords) if not any(map(is_open, (*args, *(v for _, v in keywords)))):
                    pass
                case Call():
                    return True
    return False


def under_name(iterable: Expr) -> str:
    """The name of the iterator that a loop is over."""
    match iterable:
        case Name(id=id):
            return id
        case Call(Ref() as function, (Name(id=id), *_)) if is_builtin(function, "enumerate"):
            return id
        case _:
            return ""


def is_read_behind(name: str, body: Block, frame: Frame) -> bool:
    """Is it read behind the loop that is being read?

    What the loop itself reads of it is refused, and where a turn binds the name again, it is another that goes on.
    """
    if any(name in (*reads(stmt), *binds(stmt), *walruses(stmt)) for stmt in statements(body)):
        return False
    if name in rebound_inside((frame.home(name) or frame).function):
        return False
    return any(name in reads(stmt) for stmt in statements(read_later(frame)))


def walruses(stmt: Stmt) -> Iterator[str]:
    for top in expressions(stmt):
        yield from (e.target for e in subexpressions(top) if isinstance(e, Walrus))


def read_later(frame: Frame) -> Block:
    behind_it = [stmt for _, *block in frame.later for stmt in block]
    return (*behind_it, *frame.function.body[-1:])


def innermost(value: Lazy) -> tuple[Value | None, Expr]:
    """What an iterator goes through, one item after the other, and where it stands."""
    match value:
        case Lazy("iter", (source,)) if is_source(source):
            return source, Const(0)
        case Lazy("islice", (Leaf() | Handle() as source, Leaf() as start, stop)) if is_none(stop):
            return source, start.expr
        case Lazy("zip", parts) if parts and len(set(map(id, parts))) == len(parts):  # ``zip(*[iter(x)] * 2)`` has one
            places = [part for part in parts if is_place(part)]
            begun = [innermost(p) if isinstance(p, Lazy) and not is_source(p) else (p, Const(0)) for p in places]
            alike = len(begun) == len(parts) and all(same(start, begun[0][1]) for _, start in begun)
            sources = tuple(source for source, _ in begun if source is not None)
            return (Lazy("zip", sources), begun[0][1]) if alike and len(sources) == len(parts) else (None, Const(0))
        case Lazy("generator", comprehension=Comprehension(clauses=(_, _, *_))):
            return None, Const(0)  # left in the middle of an inner loop
        case Lazy("map" | "filter", (_, part)) | Lazy("generator", (part,)) | Lazy("enumerate", (part, *_)):
            if is_source(part):
                return part, Const(0)
            return innermost(part) if isinstance(part, Lazy) else (None, Const(0))
        case _:
            return None, Const(0)


def is_place(value: Value) -> bool:
    """Is it gone through item by item, or from a place on? Of what ``zip`` is of, nothing else is counted."""
    return is_source(value) or (isinstance(value, Lazy) and value.form == "islice")


def from_place(source: Value, start: Value) -> Lazy:
    """What is gone through, from a place on."""
    if isinstance(source, Lazy) and source.form == "zip":
        return Lazy("zip", tuple(from_place(part, start) for part in source.parts))
    return Lazy("islice", (source, start, none()))


def is_source(value: Value) -> bool:
    return isinstance(value, Leaf | Handle | Seq) or (isinstance(value, Lazy) and value.form == "range")


def of_the_run(s: Spec, source: Value) -> Value | None:
    """An array or a list, from which an index that only the run tells takes items; or several, side by side."""
    if isinstance(source, Lazy) and source.form == "zip":
        parts = [of_the_run(s, part) for part in source.parts]
        found = tuple(part for part in parts if part is not None)
        return Lazy("zip", found) if len(found) == len(parts) else None
    if isinstance(source, Lazy):
        return s.held(Leaf(s.materialize(s.tools.as_list(s, source, "items"))), "items")
    if isinstance(source, Seq):
        if is_used_up(source) or not all(of_the_core(s, item) for item in source.items):
            return None
        return containers.new_list(s, list(source.items), "items")
    return source


def is_iterator(value: Value) -> TypeGuard[Lazy]:
    return isinstance(value, Lazy) and not is_source(value)


def around(value: Lazy, inner: Lazy) -> Lazy:
    """The iterator, with another one in place of what it goes through."""
    if value.form in ("iter", "islice", "zip"):
        return inner
    if value.form == "enumerate":
        part, *start = value.parts
        return replace(value, parts=(around(part, inner) if is_iterator(part) else inner, *start))
    *before, part = value.parts
    return replace(value, parts=(*before, around(part, inner) if is_iterator(part) else inner))


def numbered(s: Spec, value: Lazy) -> Lazy:
    """The iterator, with a name for the number that each ``enumerate`` in it has come to."""
    if value.form == "enumerate":
        part, *start = value.parts
        number = s.fresh("number")
        s.unstable.add(number)
        return replace(value, parts=(inside(s, part), start[0] if start else Leaf(Const(0), 0), Leaf(Name(number))))
    if value.form in ("map", "filter", "generator"):
        *before, part = value.parts
        return replace(value, parts=(*before, inside(s, part)))
    return value


def inside(s: Spec, part: Value) -> Value:
    return numbered(s, part) if is_iterator(part) else part


def behind(value: Lazy) -> Lazy:
    """The iterator behind the loop: its numbers go on where they were."""
    if value.form == "enumerate":
        part, _, number = value.parts
        assert isinstance(number, Leaf)
        return replace(value, parts=(behind(part) if is_iterator(part) else part, Leaf(plus(Const(1), number.expr))))
    if value.form in ("map", "filter", "generator"):
        *before, part = value.parts
        return replace(value, parts=(*before, behind(part) if is_iterator(part) else part))
    return value


def goes_on(value: Value) -> bool:
    """Is it, or what ``map`` or ``enumerate`` goes through, counted?"""
    return isinstance(value, Lazy) and (value.form == COUNTED or (value.form in ("map", "enumerate") and within(value)))


def within(value: Value) -> bool:
    """Is what it goes through in the end counted?"""
    return isinstance(value, Lazy) and (value.form == COUNTED or any(map(within, value.parts)))


def counted(s: Spec, value: Lazy, turn: Turn, over: Over, leaves: bool) -> None:
    """The loop; ``over`` emits one over all there is."""
    if value.form == "map":
        function, inner = value.parts
        over(s, inner, lambda item: turn(s.call(function, [item])), leaves=leaves)
        return
    if value.form == "enumerate":
        inner, start, counter = value.parts
        assert isinstance(start, Leaf) and isinstance(counter, Leaf) and isinstance(counter.expr, Name)
        number = counter.expr.id
        s.assign(number, Const(start.known - 1) if type(start.known) is int else Binary("-", start.expr, Const(1)))
        s.state.kinds[number] = INT

        def with_number(item: Value) -> None:
            s.assign(number, Binary("+", Name(number), Const(1)))
            turn(Seq((Leaf(Name(number)), item)))

        over(s, inner, with_number, leaves=leaves)
        return
    source, first, taken = value.parts
    assert isinstance(taken, Leaf) and isinstance(taken.expr, Name)
    name = taken.expr.id

    def one(item: Value) -> None:
        s.assign(name, plus(Const(1), Name(name)))
        turn(item)

    begun = isinstance(first, Leaf) and first.known != 0
    over(s, from_place(source, first) if begun else source, one, leaves=leaves)


def is_left(s: Spec, value: Value) -> bool:
    """Is it what a loop has left, from the place that it came to?"""
    match value:
        case Lazy("islice", (_, Leaf(Name(id=name)), stop)):
            return is_none(stop) and name in s.unstable
        case _:
            return False


def following(s: Spec, it: Lazy, default: Value | None, expr: Expr) -> Value | None:
    """The next one of what was left: an item where the run tells, which is counted."""
    match it:
        case Lazy("map", (function, Lazy() as part)) if default is None:
            item = following(s, part, None, expr)
            return None if item is None else s.call(function, [item])
        case Lazy("zip", parts) if any(is_left(s, part) for part in parts):
            raise s.refuse("next of zip, which a loop has left,", "go on with it by a loop", getattr(expr, "at", None))
        case Lazy("islice", (source, Leaf(Name(id=name)), stop)) if is_none(stop) and name in s.unstable:
            pass
        case _:
            return None
    held = s.held(source if isinstance(source, Leaf) else Leaf(s.materialize(source)), "items")
    if default is not None:
        item = nth_or(s, held, Name(name), default, expr)
    else:
        none_left = Compare(Name(name), (">=",), (Call(builtin_ref("len"), (held.expr,)),))
        ended = Raise(Call(builtin_ref("StopIteration"), ()), s.origin)
        s.emit(If((Arm(none_left, (ended,), s.origin),), (), s.origin))
        item = Leaf(Index(held.expr, Name(name)))
    item = s.settled(item, "item")
    s.assign(name, plus(Const(1), Name(name)))
    return item
