"""``itertools.groupby`` of items that are known one by one: the groups, one after the other.

Before                                               After

    for k, group in groupby(zip("aab", x), first):       total = x[0] + x[1]
        total = sum(v for _, v in group)                 s = s + total * total
        s = s + total * total                            total = x[2]
                                                         s = s + total * total
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby

from tangent_like.ir.nodes import Expr
from tangent_like.specialize import effects, texts
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.values import UNSET, Keywords, Lazy, Mixed, Seq, Value, is_none, none

HINT = "gather the items by their keys: rows[k].append(v)"


@dataclass(frozen=True, slots=True, eq=False)
class Group(Lazy):
    """The items of a group, as long as the next one is not asked for."""


def has_group(value: Value) -> bool:
    return isinstance(value, Group) or (isinstance(value, Seq) and any(map(has_group, value.items)))


@contextmanager
def of_turn(s: Spec, item: Value) -> Iterator[None]:
    """At the end of a turn nothing is left of its group, whatever that is called."""
    before = {id(value) for value in s.state.vars.values()}
    yield
    for var, value in list(s.state.vars.items()) if has_group(item) else ():
        if isinstance(value, Group) and id(value) not in before:
            s.state.vars[var] = Mixed(f"the group {var[1]!r}, read once the next is asked for,")


def grouped(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """Each group is an iterator, which is used up once the next is asked for: none may be kept."""
    del hint
    at = getattr(expr, "at", None)
    named = dict(keywords)
    key = args[1] if len(args) > 1 else named.get("key", none())
    position, kinds, heap = len(s.out), dict(s.state.kinds), dict(s.state.heap)
    items = s.tools.every_item(s, args[0])
    if items is None:
        raise s.refuse("itertools.groupby of what only the run tells the length of", HINT, at)
    keys = list(items) if is_none(key) else [s.call(key, [item]) for item in items]
    if effects.does_more(s, position, kinds, heap):
        raise s.refuse("itertools.groupby by a function that changes what it finds", HINT, at)
    known = [texts.constant(s, k) for k in keys]
    if any(k is UNSET for k in known):
        raise s.refuse("itertools.groupby by keys that only the run tells", HINT, at)
    runs = [list(run) for _, run in groupby(range(len(items)), known.__getitem__)]
    rows = (Seq((keys[run[0]], Group("iter", (Seq(tuple(items[k] for k in run)),)))) for run in runs)
    return Lazy("iter", (Seq(tuple(rows)),))


HANDLERS: Mapping[str, Handler] = {"itertools.groupby": grouped}
