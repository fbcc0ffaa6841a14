"""The structure of a value apart from its leaves, so that others can be put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from tangent_like.ir.nodes import Assign, Const, Index, List, Name
from tangent_like.kinds.kind import Sequence
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.values import Content, Handle, Leaf, Seq, Value, is_none


@dataclass(frozen=True, eq=False)
class Container:
    """A tuple (``content`` None), or what stood in the heap."""

    items: tuple[tuple[object, Outline], ...]
    cls: ClassInfo | None
    content: Content | None


# A leaf is None; what is known (None, a text) stands for itself.
Outline: TypeAlias = "Container | Leaf | None"


def is_fixed(value: Value, flags: bool) -> bool:
    """Is it what it is, and no number that could be another?"""
    if not isinstance(value, Leaf):
        return False
    return value.known is None or isinstance(value.known, str) or (flags and isinstance(value.known, bool))


def outline(s: Spec, value: Value, flags: bool = False) -> Outline:
    """The structure of a value; with ``flags``, bools belong to it."""
    if isinstance(value, Leaf) and is_fixed(value, flags):
        return value
    match value:
        case Seq(items, cls):
            return Container(tuple((None, outline(s, v, flags)) for v in items), cls, None)
        case Handle():
            content = s.content(value)
            return Container(tuple((k, outline(s, v, flags)) for k, v in content.items), content.cls, content)
        case _:
            return None


def same(a: Outline, b: Outline) -> bool:
    """Do two values differ in nothing but their leaves?"""
    match a, b:
        case None, None:
            return True
        case Leaf(), Leaf():
            return type(a.known) is type(b.known) and a.known == b.known
        case Container(), Container():
            if a.cls != b.cls or (a.content is None) != (b.content is None):
                return False
            if a.content is not None and b.content is not None and a.content.form != b.content.form:
                return False
            pairs = zip(a.items, b.items, strict=False)
            return len(a.items) == len(b.items) and all(j == k and same(v, w) for (j, v), (k, w) in pairs)
        case _:
            return False


def leaves(s: Spec, value: Value, flags: bool = False) -> Iterator[Leaf]:
    """The numbers and arrays of a value, in the order of its outline."""
    match value:
        case Leaf():
            if not is_fixed(value, flags):
                yield value
        case Seq(items):
            for item in items:
                yield from leaves(s, item, flags)
        case Handle():
            for _, item in s.content(value).items:
                yield from leaves(s, item, flags)
        case _:
            yield Leaf(s.materialize(value))


def rebuilt(s: Spec, shape: Outline, leaf: Callable[[], Value], fixed: Value | None = None) -> Value:
    """A value of this structure; ``fixed`` stands in place of what is known."""
    match shape:
        case None:
            return leaf()
        case Leaf():
            return shape if fixed is None else fixed
        case Container(items, cls, None):
            return Seq(tuple(rebuilt(s, v, leaf, fixed) for _, v in items), cls)
        case Container(items, _, content):
            assert content is not None
            made = tuple((key, rebuilt(s, v, leaf, fixed)) for key, v in items)
            return s.allocate(replace(content, items=made, borrowed=False, shared=False))


def beside(shape: Outline, s: Spec, value: Value) -> list[Value | None] | None:
    """What stands in a value at the leaves of this structure: None for each where the value is none; else None."""
    if isinstance(value, Leaf) and is_none(value):
        return [None] * count(shape)
    match shape:
        case None:
            return [value]
        case Leaf():
            return []
        case Container(items, _, _):
            if isinstance(value, Leaf):
                return None
            given: dict[object, Value] = dict(enumerate(value.items)) if isinstance(value, Seq) else {}
            if isinstance(value, Handle):
                given = dict(s.content(value).items)
            keys = [key if isinstance(value, Handle) else k for k, (key, _) in enumerate(items)]
            if len(given) != len(items) or not all(key in given for key in keys):
                return None
            found = [beside(inner, s, given[key]) for key, (_, inner) in zip(keys, items, strict=True)]
            if any(f is None for f in found):
                return None
            return [leaf for f in found if f is not None for leaf in f]


def count(shape: Outline) -> int:
    """How many leaves it has."""
    if isinstance(shape, Container):
        return sum(count(inner) for _, inner in shape.items)
    return int(shape is None)


def is_plain(value: Seq) -> bool:
    """Is it a tuple of nothing but numbers and arrays?"""
    return value.cls is None and all(isinstance(v, Leaf) for v in value.items)


def by_leaves(s: Spec, value: Value, shapes: list[Outline]) -> Value:
    """What is returned with structure, as a tuple of its numbers and arrays; its outline is put to ``shapes``."""
    if isinstance(value, Leaf) and isinstance(value.expr, List):
        value = s.allocate(Content("list", tuple((k, Leaf(e)) for k, e in enumerate(value.expr.items))))
    if isinstance(value, Leaf) or (isinstance(value, Seq) and is_plain(value)):
        return value
    shapes.append(outline(s, value, True))
    return Seq(tuple(leaves(s, value, True)))


def in_parts(s: Spec, value: Value) -> Value:
    """The value, a tuple that a call returns taken apart."""
    kind = s.kind(value.expr) if isinstance(value, Leaf) else None
    if not isinstance(value, Leaf) or not isinstance(kind, Sequence) or kind.is_list:
        return value
    if len(kind.items) == 1:
        held = s.in_names(value, "parts")
        assert isinstance(held, Leaf)
        return Seq((in_parts(s, Leaf(Index(held.expr, Const(0)))),))
    names = tuple(s.fresh("part") for _ in kind.items)
    s.emit(Assign(names, (value.expr,), s.origin))
    return Seq(tuple(in_parts(s, Leaf(Name(n))) for n in names))
