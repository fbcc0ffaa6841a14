"""The state of a reversible step where it has structure: its numbers and arrays stand for it, in one order.

Before                                   After

    state = step(state, k)                   q, p = step(state_q, state_p, k)
                                             state_q = q
                                             state_p = p

What the step returns has the structure of what it was given: of its first argument, or as a tuple of its first ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.lower import place_of
from tangent_like.ir.nodes import Assign, Expr, Name, Origin
from tangent_like.specialize.outlines import Container, Outline, is_fixed, is_plain, leaves, outline, rebuilt
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Content, Handle, Leaf, Seq, Value

HINT = "return a new state of the structure of the one that is given, its numbers and arrays anew"


def has_parts(s: Spec, value: Value) -> bool:
    """Is it a dict, list, object or tuple of numbers and arrays alone?"""
    match value:
        case Seq(items):
            return all(isinstance(v, Leaf) or has_parts(s, v) for v in items)
        case Handle():
            content = s.content(value)
            plain = content.form in ("list", "dict", "object") and not content.born and not content.default
            return plain and all(isinstance(v, Leaf) or has_parts(s, v) for v in content.values)
        case _:
            return False


@dataclass(eq=False)
class Stepped:
    """``shapes``: the structure of the arguments, the state first; None for a number, an array, and what is neither."""

    s: Spec
    name: str
    origin: Origin | None  # of the step
    shapes: list[Outline]
    held: list[tuple[Handle, Content]] = field(default_factory=list)  # what the step is given, as it is given
    result: Outline = None
    places: list[int] = field(default_factory=list)  # of the leaves of the result, in the order of the state

    def given(self, shape: Outline, parts: Iterator[Value]) -> Value:
        """An argument, put together in the step."""
        value = rebuilt(self.s, shape, lambda: next(parts))
        self.hold(value)
        return value

    def refused(self, what: str) -> UnsupportedError:
        reason = f"{self.name}, which is to be reversible and {what}, is not differentiated"
        return UnsupportedError(reason, place_of(self.origin), HINT)

    def hold(self, value: Value) -> None:
        match value:
            case Seq(items):
                for item in items:
                    self.hold(item)
            case Handle():
                content = self.s.content(value)
                self.held.append((value, content))
                for item in content.values:
                    self.hold(item)
            case _:
                pass

    def apart(self, value: Value) -> Value:
        """What the step returns: its numbers and arrays, in the order of the state."""
        if any(not is_still(content, self.s.content(handle)) for handle, content in self.held):
            raise self.refused("writes into its state")
        if isinstance(value, Leaf) or (isinstance(value, Seq) and is_plain(value) and not self.is_whole(value)):
            return value
        ordered = self.matching(value)
        if ordered is None:
            raise self.refused("returns another structure than that of its first arguments")
        if {h.id for h, _ in self.held} & set(handles(self.s, value)):
            raise self.refused("returns a part of what it is given")
        self.result = outline(self.s, value, True)
        own = [id(leaf) for leaf in leaves(self.s, value, True)]
        at = {id(leaf): k for k, leaf in enumerate(ordered)}
        self.places = [at[k] for k in own]
        return Seq(tuple(ordered)) if len(ordered) > 1 else ordered[0]

    def is_whole(self, value: Seq) -> bool:
        """Is it a tuple that has the structure of several arguments, of which one is more than a number?"""
        return any(isinstance(shape, Container) for shape in self.shapes[: len(value.items)])

    def matching(self, value: Value) -> list[Leaf] | None:
        """The leaves of a value that has the structure of the first argument, or of the first ones in a tuple."""
        found = self.like(value, self.shapes[0])
        if found is not None or not isinstance(value, Seq) or value.cls is not None:
            return found
        if len(value.items) > len(self.shapes):
            return None
        return self.all_like(value.items, self.shapes[: len(value.items)])

    def all_like(self, values: tuple[Value, ...], shapes: list[Outline]) -> list[Leaf] | None:
        out: list[Leaf] = []
        for value, shape in zip(values, shapes, strict=True):
            found = self.like(value, shape)
            if found is None:
                return None
            out.extend(found)
        return out

    def like(self, value: Value, shape: Outline) -> list[Leaf] | None:
        match shape, value:
            case None, Leaf():
                return None if is_fixed(value, True) else [value]
            case Leaf(), Leaf():
                return [] if is_fixed(value, True) and value.known == shape.known else None
            case Container(items, cls, None), Seq() if value.cls == cls and len(items) == len(value.items):
                return self.all_like(value.items, [inner for _, inner in items])
            case Container(items, _, Content(assumed=True)), Seq() if len(items) == len(value.items):
                return self.all_like(value.items, [inner for _, inner in items])  # a list or a tuple
            case Container(items, cls, Content() as before), Handle():
                content = self.s.content(value)
                keys = [key for key, _ in items]
                alike = content.form == before.form and content.cls == cls
                if not alike or {k for k, _ in content.items} != set(keys):
                    return None
                values = tuple(v for v in map(content.get, keys) if v is not None)
                return self.all_like(values, [inner for _, inner in items])
            case _:
                return None

    def whole(self, call: Expr, names: list[str]) -> Value:
        """The result of a call, in its structure."""
        s = self.s
        found = tuple(map(s.fresh, names[: max(self.places, default=0) + 1]))
        s.emit(Assign(found, (call,), s.origin))
        parts = iter([Leaf(Name(found[k])) for k in self.places])
        assert self.result is not None
        return rebuilt(s, self.result, lambda: next(parts))


def is_still(before: Content, now: Content) -> bool:
    """Does a dict, list or object hold what it did?"""
    pairs = zip(before.items, now.items, strict=False)
    return len(before.items) == len(now.items) and all(j == k and is_one(v, w) for (j, v), (k, w) in pairs)


def is_one(one: Value, other: Value) -> bool:
    match one, other:
        case Seq(), Seq():
            return len(one.items) == len(other.items) and all(map(is_one, one.items, other.items))
        case Leaf(Name(a)), Leaf(Name(b)):
            return a == b
        case _:
            return one is other or (isinstance(one, Handle) and one == other)


def handles(s: Spec, value: Value) -> Iterator[int]:
    match value:
        case Seq(items):
            for item in items:
                yield from handles(s, item)
        case Handle():
            yield value.id
            for item in s.content(value).values:
                yield from handles(s, item)
        case _:
            pass
