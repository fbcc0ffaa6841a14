"""``next(it)``: the first item that an iterator has left, and what is left behind it.

Before                                  After

    it = iter(x)                            before = x[0]
    before = next(it)                       for k in range(len(x[1:])):
    for v in it:                                v = x[1:][k]
        s = s + v * before                      s = s + v * before
"""

from __future__ import annotations

from tangent_like.ir.nodes import Call, Comprehension, Const, Index, Name
from tangent_like.specialize import containers
from tangent_like.specialize.first_item import first_or
from tangent_like.specialize.generators import runs_one
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.values import Frame, Handle, Lazy, Leaf, Seq, Value, is_none, is_used_up, none


def following(s: Spec, expr: Call, frame: Frame) -> Value:
    """``next(it)`` and ``next(it, default)``."""
    if expr.keywords or not 1 <= len(expr.args) <= 2:
        raise s.refuse("this call of next", "write next(it) or next(it, default)", expr.at)
    it = s.evaluate(expr.args[0], frame)
    default = s.evaluate(expr.args[1], frame) if len(expr.args) == 2 else None
    if not isinstance(it, Lazy) or not is_used_up(it):
        raise s.refuse("next of this", "make an iterator of it: iter(...)", expr.at)
    first, left = taken(s, it, default, expr)
    name = expr.args[0]
    if isinstance(name, Name):
        s.state.vars[frame_key(frame.home(name.id) or frame, name.id)] = left
    return first


def taken(s: Spec, it: Lazy, default: Value | None, expr: Call) -> tuple[Value, Value]:
    if runs_one(it):
        raise s.refuse("next of a function that yields", "loop over it, or over itertools.islice of it", expr.at)
    source, start = counted(s, it)
    if isinstance(source, Handle):
        known = s.content(source).values
        if start >= len(known) and default is None:
            raise s.refuse("next of an iterator that has nothing left", "", expr.at)
        first = s.settled(known[start], "item") if start < len(known) else default or none()
        return first, Lazy("islice", (source, Leaf(Const(start + 1), start + 1), none()))
    items = containers.static_items(s, it)
    if items is not None:
        given = [s.settled(v, "item") for v in items]
        if not given and default is None:
            raise s.refuse("next of an iterator that has nothing left", "", expr.at)
        return (given[0] if given else default or none()), Lazy("iter", (Seq(tuple(given[1:])),))
    if default is not None and it.form == "generator" and isinstance(expr.args[0], Comprehension):
        return first_or(s, it, default, expr), it  # nobody else has it
    if default is not None:
        raise s.refuse("next with a default, of what only the run tells the length of", "ask for the length", expr.at)
    if source is None:
        source, start = s.held(Leaf(s.materialize(s.tools.as_list(s, it, "items"))), "items"), 0
    held = s.settled(source, "items")
    assert isinstance(held, Leaf)
    item = s.settled(Leaf(Index(held.expr, Const(start))), "first")
    return item, Lazy("islice", (held, Leaf(Const(start + 1), start + 1), none()))


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
