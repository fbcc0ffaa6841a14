"""Sets of texts, numbers and other keys that are known: which are there is known as well."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tangent_like.ir.nodes import Const, Expr, SetOf
from tangent_like.specialize import containers, iterate, tables
from tangent_like.specialize.object_keys import key_value
from tangent_like.specialize.spec import Handler, Spec
from tangent_like.specialize.turns import needs_turns
from tangent_like.specialize.values import Content, Frame, Handle, Keywords, Leaf, Value, none

OPERATORS = {"|": "union", "&": "intersection", "-": "difference", "^": "symmetric_difference"}


def new(s: Spec, keys: Iterable[object], hint: str = "", site: object = None) -> Handle:
    """A set of keys that are known; where it gets others, one of the run: see ``tables``."""
    found = [(k, key_value(k)) for k in dict.fromkeys(keys)]
    if site in s.facts.dynamic:
        return tables.begin_set(s, [v for _, v in found if isinstance(v, Leaf)], hint, site)
    return s.allocate(Content("set", tuple(found), None, hint, site))


def display(s: Spec, expr: SetOf, frame: Frame, hint: str) -> Value:
    """``{"a", "b"}``, ``{first, second}`` of objects."""
    values = [s.evaluate(e, frame) for e in expr.items]
    plain = all(isinstance(e, Const) for e in expr.items)
    keys = [containers.constant_key(s, v) for v in values if plain or isinstance(v, Handle)]
    if len(keys) == len(values) and containers.MISSING not in keys:
        return new(s, keys, hint, expr)
    return Leaf(SetOf(tuple(s.materialize(v) for v in values), expr.at))


def made(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``set()``, ``set(names)``; None where only the run tells what is in it."""
    del keywords
    if not args:
        return new(s, (), hint, expr)
    mark, position = s.mark(), len(s.out)
    found = keys_in(s, args[0])
    if found is not None:
        return new(s, found, hint, expr)
    s.go_back(mark)
    del s.out[position:]
    if expr in s.facts.dynamic:
        table = tables.begin_set(s, [], hint, expr)
        iterate.over(s, args[0], lambda k: tables.put_in(s, table, k))
        return table
    if s.facts.tables:
        s.facts.learn_table(expr)
    return None


def keys_in(s: Spec, value: Value) -> list[object] | None:
    """What is in a set, or would be in one of these items, if that is known."""
    if isinstance(value, Handle) and s.content(value).form == "set":
        return [k for k, _ in containers.certain(s, value).items]
    if isinstance(value, Leaf) and isinstance(value.known, frozenset):
        return list(value.known)
    items = containers.static_items(s, value)
    keys = [containers.constant_key(s, v) for v in items or ()]
    return None if items is None or any(k is containers.MISSING for k in keys) else keys


def method(s: Spec, handle: Handle, name: str, args: list[Value], expr: Expr | None) -> Value:
    """``visited.add(node)`` and the other methods."""
    at = getattr(expr, "at", None)
    content = s.content(handle)
    if name in ("add", "discard", "remove") and len(args) == 1:
        key = containers.constant_key(s, args[0])
        if key is containers.MISSING:
            raise tables.only_the_run(s, handle, "a key that only the run tells", at)
        if name == "add":
            s.state.put(handle, key, key_value(key))
            return none()
        if name == "remove" and content.get(key) is None:
            raise s.refuse(f"the key {key!r}, which the set does not have here,", "", at)
        rest(s, handle, [k for k, _ in containers.certain(s, handle).items if k != key])
        return none()
    if name == "clear":
        rest(s, handle, [])
        return none()
    if name == "copy":
        return new(s, [k for k, _ in containers.certain(s, handle).items], content.hint)
    others = [keys_in(s, a) for a in args]
    known = [o for o in others if o is not None]
    if len(known) < len(others):
        raise needs_turns(s, "a key that only the run tells", "use constant keys", at)
    keys = [k for k, _ in containers.certain(s, handle).items]
    if name == "update":
        rest(s, handle, [*keys, *(k for other in known for k in other)])
        return none()
    if name in (*OPERATORS.values(), "issubset", "issuperset", "isdisjoint"):
        found = getattr(set(keys), name)(*known)
        if isinstance(found, bool):
            return Leaf(Const(found), found)
        order = [*keys, *(k for other in known for k in other)]
        return new(s, [k for k in order if k in found])
    raise s.refuse(f"the method .{name}() of a set", "", at)


def rest(s: Spec, handle: Handle, keys: list[object]) -> None:
    """The keys anew."""
    s.state.set_keys(handle, [(k, key_value(k)) for k in dict.fromkeys(keys)])


def binary(s: Spec, op: str, left: Value, right: Value) -> Value | None:
    """``a | b`` of two sets that are known; None for anything else."""
    if op not in OPERATORS or not all(is_set(s, v) for v in (left, right)):
        return None
    keys = keys_in(s, left) or []
    return method(s, new(s, keys), OPERATORS[op], [right], None)


def is_set(s: Spec, value: Value) -> bool:
    if isinstance(value, Leaf):
        return isinstance(value.known, frozenset)
    return isinstance(value, Handle) and s.content(value).form == "set"


def in_order(s: Spec, value: Value) -> list[Value] | None:
    """What ``sorted`` goes over in a set: as it is sorted, the order in the set does not matter."""
    if not is_set(s, value):
        return None
    try:
        keys = sorted(keys_in(s, value) or [])  # type: ignore[type-var]
    except TypeError:
        return None
    return [Leaf(Const(k), k) for k in keys]


HANDLERS: Mapping[str, Handler] = {"builtins.set": made}
