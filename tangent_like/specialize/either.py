"""One of several objects, functions or containers, which of them only the run tells: used by branches.

Before                                   After

    o = p if c else q                        if c:
    y = o.f(x)                                   which = 0
                                             else:
                                                 which = 1
                                             if which == 0:
                                                 y = p.f(x)
                                             else:
                                                 y = q.f(x)

Each stays the object that it is: what is written to ``o`` is written to ``p`` or to ``q``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Call, Compare, Const, Expr, Index, Name, Raise, Tuple
from tangent_like.specialize import containers, meet, outlines
from tangent_like.specialize.maybe import whether
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import reached_from
from tangent_like.specialize.values import Either, Handle, Leaf, Maybe, Seq, Value, is_function_ref, is_none, none


def by_options(s: Spec, value: Either, use: Callable[[Value], Value], hint: str = "", name: str = "") -> Value:
    """What ``use`` makes of the one that it is; ``name``: of its attribute, which None does not have."""
    mark = s.mark()
    found: list[Value] = []
    quiet = not isinstance(value, Maybe)
    if name and any(map(is_none, value.options)):
        return meet.branch(s, arms(s, value, lambda v: raising(s, name) if is_none(v) else use(v)), hint or "value")
    for option in value.options:
        with s.block() as out:
            found.append(use(option))
        quiet = quiet and not out and s.state.same_as(mark.state)
    copies = any(isinstance(v, Handle) and v.id not in mark.state.heap for v in found)
    if copies and value.made:
        quiet = False  # of what one path alone has made, only that path can copy
    if quiet and not all(isinstance(v, Leaf) and not is_function_ref(v) for v in found):
        return Either(value.which, tuple(found), value.made)
    s.go_back(mark)
    return meet.branch(s, arms(s, value, use), hint or "value")


def raising(s: Spec, name: str) -> Value:
    """What Python says of an attribute of None."""
    message = Const(f"'NoneType' object has no attribute {name!r}")
    s.emit(Raise(Call(builtin_ref("AttributeError"), (message,)), s.origin))
    return none()


def chosen(s: Spec, items: tuple[Value, ...], index: Leaf) -> Either:
    """``items[index]`` of objects or functions, by an index that only the run tells."""
    which = s.fresh("which")
    s.assign(which, Index(Tuple(tuple(Const(k) for k in range(len(items)))), index.expr))
    return Either(Leaf(Name(which)), items)


def each(s: Spec, value: Either, use: Callable[[Value], Value | None]) -> None:
    """``use`` for its effect, on the one that it is."""
    meet.branches(s, arms(s, value, use))


def arms(s: Spec, value: Either, use: Callable[[Value], Value | None]) -> list[tuple[Expr | None, meet.Thunk]]:
    if isinstance(value, Maybe):
        return [(whether(value, "is").expr, lambda: use(none())), (None, lambda: use(value.items))]
    tests: list[Expr | None] = [Compare(value.which.expr, ("==",), (Const(k),)) for k in range(len(value.options) - 1)]

    def taken(k: int) -> Value | None:
        if value.made:
            others = [o for j, o in enumerate(value.options) if j != k]
            away = reached_from(others, s.state.heap) - reached_from([value.options[k]], s.state.heap)
            s.state.absent |= {id_ for id_ in away if s.state.heap[id_].is_born(value.made)}
        return use(value.options[k])

    return [(test, partial(taken, k)) for k, test in enumerate([*tests, None])]


def items(s: Spec, value: Either) -> Seq | None:
    """What iterating over it gives, where all have as many items."""
    if isinstance(value, Maybe):
        return value.items
    found = [containers.static_items(s, option) for option in value.options]
    rows = [row for row in found if row is not None]
    if len(rows) < len(found) or len({len(row) for row in rows}) > 1:
        return None
    columns = zip(*rows, strict=True)
    return Seq(tuple(by_options(s, Either(value.which, column, value.made), lambda v: v, "item") for column in columns))


def as_one(s: Spec, value: Either) -> Value | None:
    """One object or container with the leaves of the one that it is, where all have the same structure."""
    shape, *others = [outlines.outline(s, option, flags=True) for option in value.options]
    if shape is None or not all(outlines.same(shape, other) for other in others):
        return None
    rows = [tuple(outlines.leaves(s, option, flags=True)) for option in value.options]
    columns = [Either(value.which, column, value.made) for column in zip(*rows, strict=True)]
    found = iter([by_options(s, column, lambda v: v, "item") for column in columns])
    return outlines.rebuilt(s, shape, lambda: next(found))
