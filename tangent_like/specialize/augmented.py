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

from tangent_like.errors import UnsupportedError
from tangent_like.ir.nodes import Assign, Attribute, Augment, Binary, Expr, Index, Name, Slice, Store, Tuple
from tangent_like.ir.walk import binds, names, statements
from tangent_like.ir.walk import key as text_key
from tangent_like.kinds.kind import Array, Kind, ListOf, Scalar, Sequence
from tangent_like.specialize import attributes, containers, protocols, written
from tangent_like.specialize.either import each
from tangent_like.specialize.evaluate import binary, bind, evaluate, materialize, variable
from tangent_like.specialize.flattened import placed
from tangent_like.specialize.operands import acts, operands
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.values import Either, Frame, Handle, Leaf, Longest, Value


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


def store(s: Spec, stmt: Store, frame: Frame) -> None:
    target, op, value = placed(s, stmt.target, frame), stmt.op, stmt.value
    if not op:
        parts = (value, target.value, target.index)
        new, holder, index = operands(s, 3, lambda k: evaluate(s, parts[k], frame))
    else:  # the place is evaluated first, and what is there
        seen: list[Value] = []
        first: Leaf | None = None
        kind: Kind | None = None
        mark = 0
        parts = (target.value, target.index, value)

        def part(k: int) -> Value:
            nonlocal first, kind, mark
            if k == 2 and not stmt.each:
                first, mark = copied_at(s, seen[0], seen[1]), len(s.out)
                kind = None if first is None else s.kind(first.expr)
            seen.append(evaluate(s, parts[k], frame))
            return seen[-1]

        holder, index, new = operands(s, 3, part)
        if first is not None and kind is not None:
            now = copied_at(s, holder, index) if isinstance(holder, Handle) else first
            if changes(s, first, mark, now):
                if isinstance(holder, Handle) and not isinstance(kind, Scalar):
                    raise refusal(s)
                old = held_before(s, first, kind, mark)
                new, op = Leaf(Binary(op, old, materialize(s, new))), ""
    if isinstance(holder, Leaf) and isinstance(new, Leaf) and isinstance(index, Leaf):
        same = holder.expr is target.value and index.expr is target.index
        place = target if same else Index(holder.expr, index.expr, target.at)
        if isinstance(written.root(holder.expr), Name):
            s.emit(Store(place, op, new.expr, s.origin, stmt.each))
            return
    into(s, holder, index, op, new, target, stmt.each)


def into(s: Spec, holder: Value, index: Value, op: str, new: Value, target: Index, every: bool = False) -> None:
    """``holder[index] op= new``."""
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
        return attributes.in_place(s, op, old, new, expr) if found is None else found
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
        found = evaluate(s, (target.value, value)[k], frame)
        if k == 0 and isinstance(found, Handle):
            first, mark = s.content(found).get(target.name), len(s.out)
            kind = s.kind(first.expr) if isinstance(first, Leaf) else None
        return found

    holder, new = operands(s, 2, part)
    if isinstance(holder, Either):
        given = s.in_names(new, "held")
        each(s, holder, lambda v: augmented_attribute(s, v, target, op, given, value))
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


def augmented_attribute(s: Spec, holder: Value, target: Attribute, op: str, new: Value, value: Expr) -> None:
    if not isinstance(holder, Handle):
        raise s.refuse(f"an assignment to the attribute {target.name!r} of this", "use a local name", target.at)
    cls = s.content(holder).cls
    member = None if cls is None else cls.member(target.name)
    if s.content(holder).get(target.name) is None and member is not None and member.form == "property":
        old = attributes.get(s, holder, target.name, target)
        if not isinstance(old, Leaf) or not isinstance(s.kind(old.expr), Scalar):
            raise s.refuse(f"{op}= on the property {target.name!r}", "write it out", target.at)
        attributes.put(s, holder, target.name, binary(s, op, old, new, value), target)
        return
    written.augment(s, holder, target.name, op, new, value)
