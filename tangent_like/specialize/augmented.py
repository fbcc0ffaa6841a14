"""Stores and ``op=``: what is at a place is read before the value that is added to it is evaluated.

Before                                   After

    def bump():                              held = total
        nonlocal total                       total = 2.0 * total
        total = 2.0 * total                  total = held + math.sin(total)
        return math.sin(total)

    total += bump()

Of an array, and of a slice of one, it is the memory that is taken first, and its entries last.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tangent_like.errors import UnsupportedError
from tangent_like.ir.nodes import Assign, Attribute, Augment, Binary, Expr, Index, Name, Slice, Store, Tuple
from tangent_like.ir.walk import binds, names, statements
from tangent_like.ir.walk import key as text_key
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar, Sequence, is_list
from tangent_like.specialize import (
    attributes,
    complex_parts,
    containers,
    methods,
    operators,
    outside,
    outside_tables,
    protocols,
    setting,
    written,
)
from tangent_like.specialize.builtin_bases import as_held
from tangent_like.specialize.either import each, raising
from tangent_like.specialize.evaluate import binary, bind, evaluate, materialize, variable
from tangent_like.specialize.flattened import placed
from tangent_like.specialize.held_twice import written_through
from tangent_like.specialize.operands import acts, operands
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import State, frame_key
from tangent_like.specialize.values import Class, Either, Frame, Handle, Leaf, Longest, Value, is_none

PLACES = ("__getitem__", "__setitem__", "__missing__")


def refusal(s: Spec) -> UnsupportedError:
    what = "an augmented assignment whose value changes what it is added to"
    return s.refuse(what, "evaluate the value before, into a variable")


def changes(s: Spec, first: Leaf, mark: int, now: Value | None) -> bool:
    """Do the statements made since ``mark`` change what ``first`` read, or what is at its place now?"""
    made = tuple(s.out[mark:])
    if not made:
        return False
    if not isinstance(now, Leaf) or text_key(now.expr) != text_key(first.expr):
        return True
    bound = {n for stmt in statements(made) for n in binds(stmt)}
    if names(first.expr) & bound:
        return True
    return not isinstance(first.expr, Name) and acts(s, made)


def held_before(s: Spec, first: Leaf, kind: Kind, mark: int) -> Expr:
    """What was read, in a variable from before the statements that change it."""
    name = s.fresh("held")
    s.out.insert(mark, Assign((name,), (first.expr,), s.origin))
    s.state.kinds[name] = kind
    return Name(name)


def old_of(s: Spec, first: tuple[Leaf, Kind] | None, now: Callable[[], Value | None], mark: int) -> Expr | None:
    """What was at a place, in a variable, where the statements made since ``mark`` change it; else None.

    ``now`` says what is there behind them.
    """
    if first is None or not changes(s, first[0], mark, now()):
        return None
    if not isinstance(first[1], Scalar):
        raise refusal(s)
    return held_before(s, *first, mark)


def store(s: Spec, stmt: Store, frame: Frame) -> None:
    target, op, value = placed(s, stmt.target, frame), stmt.op, stmt.value
    mark = 0
    if not op:
        parts = (value, target.value, target.index)
        new, holder, index = operands(s, 3, lambda k: evaluate(s, parts[k], frame))
        holder = as_held(s, holder, "__setitem__")
    else:  # the place is evaluated first, and what is there
        seen: list[Value] = []
        first: Leaf | None = None
        kind: Kind | None = None
        parts = (target.value, target.index, value)

        def part(k: int) -> Value:
            nonlocal first, kind, mark
            if k == 2:  # what an object gives is read before the value is evaluated
                seen[0] = as_held(s, seen[0], *PLACES)
                asked = by_items(s, seen[0])
                seen.append(operators.operator(s, "__getitem__", seen[0], (seen[1],), target) if asked else seen[0])
                first, mark = None if stmt.each else copied_at(s, seen[0], seen[1]), len(s.out)
                kind = None if first is None else s.kind(first.expr)
                before.append(s.state.copy())
                if isinstance(seen[0], Either):
                    firsts.extend(first_at(s, option, seen[1]) for option in seen[0].options)
                return seen[2]
            seen.append(evaluate(s, parts[min(k, 2)], frame))
            return seen[-1]

        before: list[State] = []
        firsts: list[tuple[Leaf, Kind] | None] = []
        holder, index, got, new = operands(s, 4, part)
        holder = as_held(s, holder, *PLACES)
        if by_items(s, holder):
            operators.operator(s, "__setitem__", holder, (index, changed(s, got, op, new, value, "item")), target)
            return
        if isinstance(holder, Either):
            into_one(s, holder, index, op, new, target, firsts, before[0], mark, stmt.each)
            return
        if first is not None and kind is not None:
            now = copied_at(s, holder, index) if isinstance(holder, Handle) else first
            if changes(s, first, mark, now):
                if isinstance(holder, Handle) and not isinstance(kind, Scalar):
                    raise refusal(s)
                old = held_before(s, first, kind, mark)
                new, op = Leaf(Binary(op, old, materialize(s, new))), ""
    if outside_tables.put(s, holder, index, op, new, target.at, mark):
        return
    if isinstance(holder, Leaf) and isinstance(new, Leaf) and isinstance(index, Leaf):
        same = holder.expr is target.value and index.expr is target.index
        place = target if same else Index(holder.expr, index.expr, target.at)
        if isinstance(written.root(holder.expr), Name):
            written_through(s, holder.expr)
            s.emit(complex_parts.of_whole(s, Store(place, op, new.expr, s.origin, stmt.each)))
            return
    into(s, holder, index, op, new, target, stmt.each)


def by_items(s: Spec, holder: Value) -> bool:
    """Is it an object whose class says what it means to store an item?"""
    return isinstance(holder, Handle) and protocols.has(s, holder, "__setitem__")


def first_at(s: Spec, option: Value, index: Value) -> tuple[Leaf, Kind] | None:
    """What is at a place of one of several, and its kind, as it is before the value is evaluated."""
    first = copied_at(s, option, index)
    return None if first is None else (first, s.kind(first.expr))


def into_one(
    s: Spec, holder: Either, index: Value, op: str, new: Value, target: Index,
    firsts: list[tuple[Leaf, Kind] | None], before: State, mark: int, every: bool = False,
) -> None:
    """``holder[index] op= new`` of one of several, each with what was there before the value was evaluated."""
    made = tuple(s.out[mark:])
    quiet = s.state.same_as(before) and not acts(s, made)
    if not quiet and any(by_items(s, option) for option in holder.options):
        raise refusal(s)
    olds = [
        old_of(s, first if isinstance(option, Handle) else None, partial(copied_at, s, option, index), mark)
        for option, first in zip(holder.options, firsts, strict=True)
    ]
    given, place = s.in_names(new, "held"), s.in_names(index, "index")

    def change(option: Value) -> None:
        old = olds[holder.options.index(option)]
        if old is None:
            into(s, option, place, op, given, target, every)
        else:
            into(s, option, place, "", Leaf(Binary(op, old, materialize(s, given))), target, every)

    each(s, holder, change)


def changed(s: Spec, old: Value, op: str, new: Value, value: Expr, hint: str) -> Value:
    """``old op= new`` of what a getter gave: an array is changed where it is."""
    if not isinstance(old, Leaf) or isinstance(s.kind(old.expr), Scalar):
        found = None if isinstance(old, Leaf) else in_place(s, old, op, new, value)
        return binary(s, op, old, new, value) if found is None else found
    own = s.fresh(hint)
    s.assign(own, old.expr)
    s.emit(Augment(own, op, materialize(s, new), s.origin))
    return Leaf(Name(own))


def into(s: Spec, holder: Value, index: Value, op: str, new: Value, target: Index, every: bool = False) -> None:
    """``holder[index] op= new``."""
    holder = as_held(s, holder, *(PLACES if op else ("__setitem__",)))
    if isinstance(holder, Either):
        given, place = s.in_names(new, "held"), s.in_names(index, "index")
        each(s, holder, lambda v: into(s, v, place, op, given, target, every))
        return
    if not protocols.store(s, holder, index, op, new, target):
        written.store(s, holder, index, op, new, target, every)


def copied_at(s: Spec, holder: Value, index: Value) -> Leaf | None:
    """What is at a place, if reading it gives a value of its own and not a part of the memory."""
    if isinstance(holder, Handle):
        content = s.content(holder)
        key = containers.constant_key(s, index)
        if content.form == "list" and isinstance(key, int) and key < 0:
            key += len(content.items)
        found = content.get(key)
        return found if isinstance(found, Leaf) else None
    if not isinstance(holder, Leaf):
        return None
    where = s.materialize(index)
    parts = where.items if isinstance(where, Tuple) else (where,)
    place = Index(holder.expr, where)
    fancy = any(isinstance(s.kind(e), Array | ListOf | Sequence) for e in parts if not isinstance(e, Slice))
    return Leaf(place) if fancy or isinstance(s.kind(place), Scalar) else None


def augment(s: Spec, stmt: Augment, frame: Frame) -> None:
    """``v op= e``: on what is one value of the core as it is; containers and objects by their meaning."""
    home = frame.home(stmt.target) or frame
    first, mark = s.state.vars.get(frame_key(home, stmt.target)), len(s.out)
    kind = s.kind(first.expr) if isinstance(first, Leaf) else None
    new = evaluate(s, stmt.value, frame)
    old = variable(s, stmt.target, frame, stmt.value)
    if isinstance(first, Handle) and old != first:
        raise refusal(s)
    if isinstance(first, Leaf) and kind is not None and changes(s, first, mark, old):
        if not isinstance(kind, Scalar):
            raise refusal(s)
        before = held_before(s, first, kind, mark)
        bind(s, stmt.target, Leaf(Binary(stmt.op, before, materialize(s, new))), frame)
        return
    if isinstance(old, Leaf) and isinstance(old.known, Longest):
        raise s.refuse(f"{stmt.op}= on a deque that keeps so many items", "use extend")
    if isinstance(old, Leaf) and isinstance(new, Leaf | Handle):
        own = s.name_of(home, stmt.target)
        if isinstance(old.expr, Name) and written.is_vector(kind):  # written where it is, by the name that it has
            s.emit(Augment(old.expr.id, stmt.op, materialize(s, new), s.origin))
            return
        if not (isinstance(old.expr, Name) and old.expr.id == own):
            if isinstance(old.expr, Name) and stmt.op == "+" and is_list(s.kind(old.expr)):
                methods.of_core_list(s, old, "extend", [new], [], stmt.value)  # the list, whatever it is called
                return
            s.assign(own, old.expr)
        s.emit(Augment(own, stmt.op, materialize(s, new), s.origin))
        s.state.vars[frame_key(home, stmt.target)] = Leaf(Name(own))
        return
    found = in_place(s, old, stmt.op, new, stmt.value)
    bind(s, stmt.target, binary(s, stmt.op, old, new, stmt.value) if found is None else found, frame)


def in_place(s: Spec, old: Value, op: str, new: Value, expr: Expr) -> Value | None:
    """What changes a list, a dict or an object, and keeps it: of several the one that it is."""
    if not isinstance(old, Either) or not any(isinstance(option, Handle) for option in old.options):
        found = written.extend_in_place(s, old, op, new)
        return operators.in_place(s, op, old, new, expr) if found is None else found
    given = s.in_names(new, "held")

    def change(option: Value) -> None:
        if in_place(s, option, op, given, expr) is None:
            raise s.refuse(f"{op}= on one of several, which is not kept by it,", "write it out")

    each(s, old, change)
    return old


def augment_place(s: Spec, target: Expr, op: str, value: Expr, frame: Frame) -> None:
    if not isinstance(target, Attribute):
        raise s.refuse("an augmented assignment to this", "write it out")
    first: Value | None = None
    kind: Kind | None = None
    mark = 0

    def part(k: int) -> Value:
        nonlocal first, kind, mark
        if k == 1:  # what the getter gives is read before the value is evaluated
            asked = is_property(s, seen[0], target.name)
            seen.append(attributes.get(s, seen[0], target.name, target) if asked else seen[0])
            before.append((s.state.copy(), len(s.out)))
            if isinstance(seen[0], Either):
                firsts.extend(first_of(s, option, target.name) for option in seen[0].options)
            return seen[1]
        found = evaluate(s, target.value if k == 0 else value, frame)
        if k == 0 and isinstance(found, Handle):
            first, mark = s.content(found).get(target.name), len(s.out)
            kind = s.kind(first.expr) if isinstance(first, Leaf) else None
        seen.append(found)
        return found

    seen: list[Value] = []
    firsts: list[tuple[Leaf, Kind] | None] = []
    before: list[tuple[State, int]] = []
    holder, got, new = operands(s, 3, part)
    by_property = is_property(s, holder, target.name)
    if by_property and isinstance(holder, Handle):
        augmented_property(s, holder, got, target, op, new, value)
        return
    if by_property and isinstance(holder, Either):
        other, read = s.in_names(new, "held"), s.in_names(got, "held")
        each(s, holder, lambda v: augmented_property(s, v, read, target, op, other, value))
        return
    if isinstance(holder, Either):
        quiet = s.state.same_as(before[0][0]) and len(s.out) == before[0][1]
        if not quiet and any(is_property(s, option, target.name) for option in holder.options):
            raise refusal(s)
        olds = [
            old_of(s, first, partial(attribute_of, s, option, target.name), before[0][1])
            for option, first in zip(holder.options, firsts, strict=True)
        ]
        given = s.in_names(new, "held")

        def change(option: Value) -> None:
            old = olds[holder.options.index(option)]
            if is_none(option):
                raising(s, target.name)
            elif old is None or not isinstance(option, Handle):
                augmented_attribute(s, option, target, op, given, value)
            else:
                s.facts.learn_written(target.name)
                containers.put(s, option, target.name, Leaf(Binary(op, old, materialize(s, given))))

        each(s, holder, change)
        return
    if complex_parts.stored(s, holder, target.name, op, new):
        return
    place = attributes.class_expr(s, holder) if isinstance(holder, Class) else None
    if outside.put(s, holder, place, target.name, op, new, target.at):
        return
    if not isinstance(holder, Handle):
        raise s.refuse(f"an assignment to the attribute {target.name!r} of this", "use a local name", target.at)
    now = s.content(holder).get(target.name)
    if isinstance(first, Leaf) and kind is not None and changes(s, first, mark, now):
        if not isinstance(kind, Scalar):
            raise refusal(s)
        s.facts.learn_written(target.name)
        old = held_before(s, first, kind, mark)
        containers.put(s, holder, target.name, Leaf(Binary(op, old, materialize(s, new))))
        return
    augmented_attribute(s, holder, target, op, new, value)


def attribute_of(s: Spec, option: Value, name: str) -> Value | None:
    """What an object has under the name; None of what is no object."""
    return s.content(option).get(name) if isinstance(option, Handle) else None


def first_of(s: Spec, option: Value, name: str) -> tuple[Leaf, Kind] | None:
    """The attribute of one of several objects, and its kind, as it is before the value is evaluated."""
    first = attribute_of(s, option, name)
    return (first, s.kind(first.expr)) if isinstance(first, Leaf) else None


def augmented_attribute(s: Spec, holder: Value, target: Attribute, op: str, new: Value, value: Expr) -> None:
    if not isinstance(holder, Handle):
        raise s.refuse(f"an assignment to the attribute {target.name!r} of this", "use a local name", target.at)
    if is_property(s, holder, target.name):
        old = attributes.get(s, holder, target.name, target)
        augmented_property(s, holder, old, target, op, new, value)
        return
    written.augment(s, holder, target.name, op, new, value)


def is_property(s: Spec, holder: Value, name: str) -> bool:
    """Is the attribute a property of the object, or a descriptor, of each that it may be?"""
    if isinstance(holder, Either):
        return all(is_property(s, option, name) for option in holder.options)
    if not isinstance(holder, Handle):
        return False
    cls = s.content(holder).cls
    member = None if cls is None else cls.member(name)
    return attributes.own_setattr(cls) is not None or (member is not None and member.comes_first)


def augmented_property(
    s: Spec, holder: Value, old: Value, target: Attribute, op: str, new: Value, value: Expr
) -> None:
    """``holder.name op= new`` by a property, of which ``old`` is what the getter gave."""
    if not isinstance(old, Leaf):
        raise s.refuse(f"{op}= on the property {target.name!r}", "write it out", target.at)
    setting.put(s, holder, target.name, changed(s, old, op, new, value, target.name), target)
