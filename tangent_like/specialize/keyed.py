"""An item of a dict by a text that only the run tells: a branch for each key that the dict has.

Before                                           After

    s = {"up": 0.0, "down": 0.0}                     s_up, s_down = 0.0, 0.0
    for t in x:                                      for t in x:
        s["up" if t > 1 else "down"] += t                if t > 1:
                                                             s_up += t
                                                         else:
                                                             s_down += t
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import Assign, Binary, Call, Choose, Compare, Const, Expr, Name, Opaque, Raise
from tangent_like.kinds.kind import TEXT, UNKNOWN
from tangent_like.kinds.structure import children_of
from tangent_like.specialize import containers, meet
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.turns import needs_turns
from tangent_like.specialize.values import UNSET, Handle, Leaf, Outer, Value, none
from tangent_like.specialize.watched import keys_in, watch

MOST_KEYS = 12
UNTOLD = ("a key that only the run tells", "use constant keys, or call the derivative with real arguments")

Use = Callable[[Leaf], "Value | None"]


def by_key(
    s: Spec, value: Value, index: Value, use: Use, hint: str, other: Use | None = None, site: object = None
) -> Value | None:
    """What ``use`` makes of the key that it is, ``other`` of one that the dict has not; None where that is no way."""
    if not isinstance(index, Leaf) or index.known is not UNSET or s.kind(index.expr) not in (TEXT, UNKNOWN):
        return None
    keys = keys_of(s, value)
    if not 0 < len(keys) <= MOST_KEYS:
        return None
    said = texts_of(index.expr)
    if said is not None and said <= set(keys):
        return meet.branches(s, chosen(index.expr, use), hint)
    if site is not None and site not in s.facts.dynamic and is_put_together(s, index.expr):
        error = needs_turns(s, *UNTOLD)
        error.site = site
        raise error  # of the number of a turn, most often: then it is known, turn by turn
    place = s.settled(index, "key")
    assert isinstance(place, Leaf)
    tests: list[tuple[Expr | None, meet.Thunk]] = [
        (Compare(place.expr, ("==",), (Const(key),)), partial(use, Leaf(Const(key), key))) for key in keys
    ]
    return meet.branches(s, [*tests, (None, partial(other or partial(raising, s), place))], hint)


def is_open_text(s: Spec, index: Value) -> bool:
    """Is it a text, put together from what only the run tells?"""
    if not isinstance(index, Leaf) or index.known is not UNSET:
        return False
    return s.kind(index.expr) == TEXT and is_put_together(s, index.expr)


def is_put_together(s: Spec, expr: Expr) -> bool:
    """Is it a text made of others: ``"W" + str(k)``, ``f"W{k}"``, or a name for one?"""
    if isinstance(expr, Name):
        for stmt in reversed(s.out):
            if isinstance(stmt, Assign) and stmt.targets == (expr.id,):
                return not isinstance(stmt.values[0], Name) and is_put_together(s, stmt.values[0])
        return False
    return isinstance(expr, Opaque | Binary | Call)


def keys_of(s: Spec, value: Value) -> list[str]:
    """The texts that a dict has something for; of one of the module's, only if that is more than a number."""
    if isinstance(value, Handle):
        content = s.content(value)
        if content.form != "dict" or content.default is not None:
            return []
        containers.refuse_open(s, value)
        return [k for k, _ in content.items if isinstance(k, str)]
    table = value.value if isinstance(value, Outer) else None
    if not isinstance(table, dict) or not any(callable(v) or children_of(v) for v in table.values()):
        return []
    assert isinstance(value, Outer)
    watch(s, value, keys_in)
    return [k for k in table if isinstance(k, str)]


def texts_of(expr: Expr) -> set[str] | None:
    """The texts that an expression may be, where it says them."""
    match expr:
        case Const(str() as text):
            return {text}
        case Choose(_, Const(str() as text), orelse):
            others = texts_of(orelse)
            return None if others is None else {text} | others
        case _:
            return None


def chosen(expr: Expr, use: Use) -> list[tuple[Expr | None, meet.Thunk]]:
    """The arms of a choice between texts, one in another."""
    match expr:
        case Choose(test, Const(str() as text), orelse):
            return [(test, partial(use, Leaf(Const(text), text))), *chosen(orelse, use)]
        case Const(str() as text):
            return [(None, partial(use, Leaf(Const(text), text)))]
        case _:
            raise AssertionError("a choice in the first arm of one")


def raising(s: Spec, key: Leaf) -> Value:
    """What Python says of a key that is not there."""
    s.emit(Raise(Call(builtin_ref("KeyError"), (key.expr,)), s.origin))
    return none()


def no_such_key(s: Spec, _: Leaf) -> Value:
    """A key that is put into a dict whose keys are those it has."""
    words = "this derivative is for a dict that gets no new keys here"
    s.emit(Raise(Call(builtin_ref("ValueError"), (Const(words),)), s.origin))
    return none()
