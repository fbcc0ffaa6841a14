"""The state at a place of the program being specialized: variables, heap, kinds of the names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tangent_like.analysis.seen import Env
from tangent_like.frontend.parsed import LOCAL
from tangent_like.ir.walk import names
from tangent_like.specialize.values import (
    Bound,
    Class,
    Content,
    Derived,
    Either,
    Fn,
    Frame,
    Handle,
    Lazy,
    Leaf,
    Partial,
    Pullback,
    Seq,
    Super,
    Value,
)


@dataclass(eq=False)
class Several:
    """What may be in several places, by its id in the heap."""

    given: set[int] = field(default_factory=set)  # lists of which a list of the run has the items
    written: set[tuple[int, object]] = field(default_factory=set)  # each with the key
    passed: dict[int, tuple[Content, str]] = field(default_factory=dict)  # parts of arguments, and how they are reached


@dataclass(eq=False)
class State:
    vars: dict[tuple[int, str], Value] = field(default_factory=dict)
    heap: dict[int, Content] = field(default_factory=dict)
    kinds: Env = field(default_factory=Env)
    absent: frozenset[int] = frozenset()  # contents that the run has not made where it comes this way
    unsure: frozenset[str] = frozenset()  # names that only some of the paths that met before have bound
    pairs: frozenset[tuple[int, int]] = frozenset()  # lists that have objects of others: see ``object_lists``

    def copy(self) -> State:
        return State(dict(self.vars), dict(self.heap), Env(self.kinds), self.absent, self.unsure, self.pairs)

    def times_read(self, name: str) -> int:
        """How many leaves of what is known here read a name."""
        reached = [v for id_ in self.reachable() for _, v in self.heap[id_].items]
        return sum(_reads(value, name) for value in (*self.vars.values(), *reached))

    def same_as(self, before: State) -> bool:
        """Is all that was known before as it was?"""
        return all(self.heap.get(k) is v for k, v in before.heap.items()) and all(
            self.vars.get(k) is v for k, v in before.vars.items()
        )

    def put(self, handle: Handle, key: object, value: Value) -> None:
        """Set an item; a new one comes last."""
        content = self.heap[handle.id]
        content = replace(content, sometimes=content.sometimes - {key}) if key in content.sometimes else content
        items = list(content.items)
        for k, (old, _) in enumerate(items):
            if old == key:
                items[k] = (old, value)
                break
        else:
            items.append((key, value))
        self.heap[handle.id] = replace(content, items=tuple(items))

    def drop(self, handle: Handle, key: object) -> None:
        content = self.heap[handle.id]
        self.heap[handle.id] = replace(content, items=tuple((k, v) for k, v in content.items if k != key))

    def set_keys(self, handle: Handle, items: list[tuple[object, Value]]) -> None:
        """The items of a set anew."""
        self.heap[handle.id] = replace(self.heap[handle.id], items=tuple(items))

    def set_items(self, handle: Handle, values: list[Value]) -> None:
        """The items of a list anew."""
        content = self.heap[handle.id]
        self.heap[handle.id] = replace(content, items=tuple(enumerate(values)))

    def forget(self, first: int, result: Value) -> None:
        """Drop the variables of the frames from ``first`` on, if no function value may still read them."""
        kept: set[int] = set()
        outside = [v for (frame, _), v in self.vars.items() if frame < first]
        held = [v for c in self.heap.values() for _, v in c.items]
        for value in (result, *outside, *held, *(Class(c.cls) for c in self.heap.values() if c.cls is not None)):
            captured(value, kept)
        before = -1
        while before != len(kept):  # what they read may be functions, too
            before = len(kept)
            for value in [v for (frame, _), v in self.vars.items() if frame in kept]:
                captured(value, kept)
        for key in [k for k in self.vars if k[0] >= first and k[0] not in kept]:
            del self.vars[key]

    def reachable(self) -> set[int]:
        """The contents of the heap that a variable leads to."""
        return reached_from(self.vars.values(), self.heap)

    def handles(self) -> dict[int, int]:
        """How often each content of the heap is referred to, from variables and from the heap."""
        counts: dict[int, int] = {}
        for value in self.vars.values():
            for id_ in handles_in(value):
                counts[id_] = counts.get(id_, 0) + 1
        for content in self.heap.values():
            for _, value in content.items:
                for id_ in handles_in(value):
                    counts[id_] = counts.get(id_, 0) + 1
        return counts


def reached_from(values: Iterable[Value], heap: dict[int, Content]) -> set[int]:
    """The contents of the heap that values lead to."""
    found: set[int] = set()
    pending = [id_ for v in values for id_ in handles_in(v)]
    while pending:
        id_ = pending.pop()
        if id_ not in found and id_ in heap:
            found.add(id_)
            pending.extend(i for _, v in heap[id_].items for i in handles_in(v))
    return found


def handles_in(value: Value) -> Iterator[int]:
    match value:
        case Handle(id):
            yield id
        case Seq(items):
            for item in items:
                yield from handles_in(item)
        case Bound(function, receiver):
            yield from handles_in(function)
            yield from handles_in(receiver)
        case Partial(function, args, keywords):
            for item in (function, *args, *(v for _, v in keywords)):
                yield from handles_in(item)
        case Lazy(parts=parts):
            for item in parts:
                yield from handles_in(item)
        case Either(options=options):
            for item in options:
                yield from handles_in(item)
        case Super(receiver=receiver):
            yield from handles_in(receiver)
        case Fn(defaults=defaults):
            for _, item in defaults:
                yield from handles_in(item)


def _reads(value: Value, name: str) -> int:
    """How many leaves of a value read a name, functions with what they hold included, the heap not."""
    match value:
        case Leaf(expr):
            return int(name in names(expr))
        case Seq(items):
            parts = items
        case Bound(function, receiver):
            parts = (function, receiver)
        case Partial(function, args, keywords):
            parts = (function, *args, *(v for _, v in keywords))
        case Lazy(parts=parts):
            pass
        case Either(which, options):
            parts = (which, *options)
        case Super(receiver=receiver) | Derived(function=receiver):
            parts = (receiver,)
        case Pullback(given=exprs):
            return sum(name in names(expr) for expr in exprs)
        case Fn(defaults=defaults):
            parts = tuple(v for _, v in defaults)
        case _:
            return 0
    return sum(_reads(part, name) for part in parts)


def captured(value: Value, found: set[int]) -> None:
    """The frames that function values inside a value read from."""
    match value:
        case Fn(frame=frame) | Lazy(frame=frame):
            while frame is not None and frame.id not in found:
                found.add(frame.id)
                frame = frame.parent
            for item in value.parts if isinstance(value, Lazy) else (v for _, v in value.defaults):
                captured(item, found)
        case Seq(items) | Either(options=items):
            for item in items:
                captured(item, found)
            if isinstance(value, Seq) and value.cls is not None:
                captured(Class(value.cls), found)
        case Class(info):  # inside a function: its methods read the names of that
            for cls in info.type.__mro__:
                for frame in vars(cls).get(LOCAL, ()):
                    captured(Fn(frame.function, frame), found)
        case Bound(function, receiver):
            captured(function, found)
            captured(receiver, found)
        case Partial(function, args, keywords):
            for item in (function, *args, *(v for _, v in keywords)):
                captured(item, found)
        case _:
            return


def frame_key(frame: Frame, name: str) -> tuple[int, str]:
    return frame.id, name


def leaves_in(value: Value, heap: dict[int, Content], seen: set[int] | None = None) -> Iterator[Leaf]:
    """The leaves of a value, through the heap, each content once."""
    seen = set() if seen is None else seen
    match value:
        case Leaf():
            yield value
        case Seq(items) | Lazy(parts=items):
            for item in items:
                yield from leaves_in(item, heap, seen)
        case Either(which, options):
            yield which
            for item in options:
                yield from leaves_in(item, heap, seen)
        case Handle(id) if id not in seen and id in heap:
            seen.add(id)
            for _, item in heap[id].items:
                yield from leaves_in(item, heap, seen)
        case _:
            return
