"""``next(it)``: the first item that an iterator has left, and what is left behind it.

Before                                  After

    it = iter(x)                            before = x[0]
    before = next(it)                       for k in range(len(x[1:])):
    for v in it:                                v = x[1:][k]
        s = s + v * before                      s = s + v * before
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Arm,
    Attribute,
    Call,
    Compare,
    Comprehension,
    Const,
    Expr,
    If,
    Index,
    Name,
    Raise,
    Ref,
    Return,
    Tuple,
)
from tangent_like.ir.walk import reads, statements
from tangent_like.kinds.kind import INT, Kind, Scalar
from tangent_like.specialize import attributes, containers, effects, operators, protocols, resumed
from tangent_like.specialize.first_item import first_or, nth_or
from tangent_like.specialize.generators import runs_one
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.turns import NotUnrolledError
from tangent_like.specialize.values import (
    Content,
    Either,
    Frame,
    Handle,
    Lazy,
    Leaf,
    Seq,
    Value,
    is_none,
    is_used_up,
    none,
)

STOP = builtin_ref("StopIteration")


def following(s: Spec, expr: Call, frame: Frame) -> Value:
    """``next(it)`` and ``next(it, default)``."""
    if expr.keywords or not 1 <= len(expr.args) <= 2:
        raise s.refuse("this call of next", "write next(it) or next(it, default)", expr.at)
    held: Value | None = None
    match expr.args[0]:
        case Attribute(holder, attribute) if not isinstance(holder, Ref):
            held = s.evaluate(holder, frame)
            it = attributes.get(s, held, attribute, expr.args[0])
        case _:
            it = s.evaluate(expr.args[0], frame)
    default = s.evaluate(expr.args[1], frame) if len(expr.args) == 2 else None
    if protocols.has(s, it, "__next__") and default is None:
        return operators.special(s, "__next__", it, expr)
    if not isinstance(it, Lazy) or not is_used_up(it):
        raise s.refuse("next of this", "make an iterator of it: iter(...)", expr.at)
    first, left = taken(s, it, default, expr, frame)
    name = expr.args[0]
    if isinstance(name, Name):
        s.state.vars[frame_key(frame.home(name.id) or frame, name.id)] = left
    elif isinstance(held, Handle) and isinstance(name, Attribute) and s.content(held).get(name.name) is not None:
        s.state.put(held, name.name, left)
    return first


def taken(s: Spec, it: Lazy, default: Value | None, expr: Expr, frame: Frame | None = None) -> tuple[Value, Value]:
    if runs_one(it):
        raise s.refuse("next of a function that yields", "loop over it, or over itertools.islice of it", at_of(expr))
    if (endless := from_endless(s, it, expr)) is not None:
        return endless
    if (item := resumed.following(s, it, default, expr)) is not None:
        return item, it
    source, start = counted(s, it)
    if isinstance(source, Handle):
        known = s.content(source).values
        if start >= len(known) and default is None:
            raise s.refuse("next of an iterator that has nothing left", "", at_of(expr))
        if start >= len(known):
            return default or none(), Lazy("iter", (Seq(()),))  # it stays at its end, whatever the list gets
        return s.settled(known[start], "item"), Lazy("islice", (source, Leaf(Const(start + 1), start + 1), none()))
    one = by_parts(s, it, default, expr) if source is None else None
    if one is not None:
        return one
    written = isinstance(expr, Call) and is_written(it, expr.args[0])
    position, kinds, heap = len(s.out), dict(s.state.kinds), dict(s.state.heap)
    items = containers.static_items(s, it)
    if items is not None:
        given = [s.settled(v, "item") for v in items]
        refuse_other(s, it, written, position, kinds, heap, expr)
        if not given and default is None:
            raise s.refuse("next of an iterator that has nothing left", "", at_of(expr))
        return (given[0] if given else default or none()), Lazy("iter", (Seq(tuple(given[1:])),))
    if default is not None and it.form in ("generator", "filter") and isinstance(expr, Call) and written:
        return first_or(s, it, default, expr), it  # nobody else has it
    if default is not None and isinstance(source, Leaf) and s.origin is not None:
        refuse_grown(s, source, expr, frame)
        several = s.settled(source, "items")
        left = Lazy("islice", (several, Leaf(Const(start + 1), start + 1), none()))
        return nth_or(s, several, start, default, expr), left
    if default is not None:
        what = "next with a default, of what only the run tells the length of"
        raise s.refuse(what, "ask for the length", at_of(expr))
    if source is None:
        mark = s.mark()
        try:
            source, start = s.held(Leaf(s.materialize(s.tools.as_list(s, it, "items"))), "items"), 0
        except NotUnrolledError:
            if not written or it.form != "generator":
                raise
            s.go_back(mark)
            del s.out[position:]
            return first_object(s, it, expr), it  # nobody else has it
        refuse_other(s, it, written, position, kinds, heap, expr)
    held = s.settled(source, "items")
    assert isinstance(held, Leaf)
    item = s.settled(Leaf(Index(held.expr, Const(start))), "first")
    return item, Lazy("islice", (held, Leaf(Const(start + 1), start + 1), none()))


def refuse_grown(s: Spec, source: Leaf, expr: Expr, frame: Frame | None) -> None:
    """An iterator that has come to its end stays there, also where its list gets more items."""
    held = expr.args[0] if isinstance(expr, Call) else None
    if frame is None or not isinstance(held, Name | Attribute) or not resumed.may_grow(s, source):
        return
    name = held.id if isinstance(held, Name) else ""
    home = frame.home(name) or frame if name else None
    later = (*resumed.read_later(frame), *(resumed.read_later(home) if home is not None else ()))
    returned = (e for stmt in later if isinstance(stmt, Return) for e in parts_of(stmt.value))
    goes_on = home is not frame or any(isinstance(e, Name) and e.id == name for e in returned)
    if (goes_on and (home or frame).id != FIRST) or resumed.grows(s, later, frame):
        what = "next with a default, of a list that may get more items later,"
        raise s.refuse(what, "ask for the length", at_of(expr))


FIRST = 1  # the frame of the function that is differentiated


def parts_of(value: Expr | None) -> tuple[Expr | None, ...]:
    return value.items if isinstance(value, Tuple) else (value,)


def is_written(it: Lazy, expr: Expr) -> bool:
    """Is it made here, so that nobody else has it, nor what it goes through?"""
    is_call = isinstance(expr, Call) and isinstance(expr.func, Ref) and it.form == "filter"
    return isinstance(expr, Comprehension) or (is_call and not any(map(is_used_up, it.parts)))


def first_object(s: Spec, it: Lazy, expr: Expr) -> Value:
    """``next(p for p in ps if ...)`` of objects."""
    found = first_or(s, it, none(), expr)
    if not isinstance(found, Either) or len(found.options) != 2 or not is_none(found.options[0]):
        raise s.refuse("next of this", "write a loop with a break", at_of(expr))
    missing = Arm(Compare(found.which.expr, ("==",), (Const(0),)), (Raise(Call(STOP, ()), s.origin),), s.origin)
    s.emit(If((missing,), (), s.origin))
    return found.options[1]


def from_endless(s: Spec, it: Lazy, expr: Expr) -> tuple[Value, Value] | None:
    """The next of what has no end, and what comes behind it; of a cycle where its items are known one by one."""
    match it:
        case Lazy("count", parts):
            first = s.settled(parts[0], "number") if parts else Leaf(Const(0), 0)
            step = s.settled(parts[1], "step") if len(parts) > 1 else Leaf(Const(1), 1)
            after = s.settled(s.tools.binary(s, "+", first, step, expr), "number")
            return first, Lazy("count", (after, step))
        case Lazy("repeat", (item,)):
            return s.settled(item, "item"), it
        case Lazy("cycle", (source,)):
            held = source.parts[0] if isinstance(source, Lazy) and source.form == "iter" else source
            if isinstance(held, Handle) and s.content(held).form == "list" and held.id not in s.state.handles():
                held = Seq(s.content(held).values)  # nobody else has it, to change it
            if not isinstance(held, Seq) or not held.items:
                return None
            settled = [s.settled(v, "item") for v in held.items]
            return settled[0], Lazy("cycle", (Seq((*settled[1:], settled[0])),))
        case _:
            return None


def by_parts(s: Spec, it: Lazy, default: Value | None, expr: Expr) -> tuple[Value, Value] | None:
    """The next one, and no more, of what goes through other iterables one by one."""
    comprehension = it.comprehension
    plain = comprehension is not None and len(comprehension.clauses) == 1 and not comprehension.clauses[0].conditions
    first = 1 if it.form == "map" else 0
    last = 1 if it.form == "enumerate" else len(it.parts)
    if not (it.form in ("map", "zip", "enumerate") or (it.form == "generator" and plain)) or first >= last:
        return None
    parts = [p if is_used_up(p) else Lazy("iter", (protocols.iterable(s, p),)) for p in it.parts[first:last]]
    if not all(isinstance(p, Lazy) and is_counted(s, p) for p in parts):
        return None
    lengths = [left_of(s, p) for p in parts if isinstance(p, Lazy)]
    if 0 in lengths or (default is not None and None in lengths):
        return None
    found = [taken(s, p, None, expr) for p in parts if isinstance(p, Lazy)]
    items, left = [s.settled(v, "item") for v, _ in found], [v for _, v in found]
    match it.form:
        case "map":
            given: Value = s.call(it.parts[0], items)
        case "zip":
            given = Seq(tuple(items))
        case "enumerate":
            number = it.parts[1] if len(it.parts) > 1 else Leaf(Const(0), 0)
            after = s.tools.binary(s, "+", number, Leaf(Const(1), 1), expr)
            given, left = Seq((number, items[0])), [*left, s.settled(after, "number")]
        case _:
            assert comprehension is not None and it.frame is not None
            s.tools.bind_target(s, comprehension.clauses[0].target, items[0], it.frame)
            given = s.part(comprehension.element, it.frame)
    rest = Lazy(it.form, (*it.parts[:first], *left, *(it.parts[last:] if it.form != "enumerate" else ())))
    return s.settled(given, "item"), replace(it, parts=rest.parts)


def is_counted(s: Spec, it: Lazy) -> bool:
    """Is the next one of it read, and no more?"""
    if it.form in ("map", "zip", "enumerate"):
        return True
    return counted(s, it)[0] is not None or (it.form == "iter" and isinstance(it.parts[0], Seq))


def left_of(s: Spec, it: Lazy) -> int | None:
    """How many there are still, where that is known."""
    source, start = counted(s, it)
    if isinstance(source, Handle):
        return max(len(s.content(source).values) - start, 0)
    return len(it.parts[0].items) if it.form == "iter" and isinstance(it.parts[0], Seq) else None


def refuse_other(
    s: Spec,
    it: Lazy,
    written: bool,
    position: int,
    kinds: Mapping[str, Kind],
    heap: Mapping[int, Content],
    expr: Expr,
) -> None:
    """All was taken, and not only the first: that is the same where nothing is changed by it, or meanwhile."""
    read = {n for stmt in statements(tuple(s.out[position:])) for n in reads(stmt)}
    later = not written and (read & s.unstable or any(not isinstance(kinds.get(n, INT), Scalar) for n in read))
    if effects.does_more(s, position, kinds, heap) or (later and it.form != "iter"):
        raise s.refuse("next of this, where the rest is taken later,", "make a list of it first", at_of(expr))


def at_of(expr: Expr) -> tuple[int, int] | None:
    return getattr(expr, "at", None)


def counted(s: Spec, it: Lazy) -> tuple[Leaf | Handle | None, int]:
    """What an iterator goes through by its index, and where it stands."""
    match it:
        case Lazy("iter", (source,)):
            start = 0
        case Lazy("islice", (source, Leaf(known=int() as start), stop)) if is_none(stop):
            pass
        case _:
            return None, 0
    if isinstance(source, Leaf) or (isinstance(source, Handle) and s.content(source).form == "list"):
        return source, start
    return None, 0
