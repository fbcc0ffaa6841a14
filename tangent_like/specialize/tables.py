"""Dicts whose keys only the run tells: dicts of the core, each with a name of its own.

Before                                           After

    bins = {}                                        bins = {}
    for v in x:                                      for v in x:
        bins[int(v)] = bins.get(int(v), 0.0) + v         bins[int(v)] = bins.get(int(v), 0.0) + v
    total = 0.0                                      total = 0.0
    for k, v in bins.items():                        for k in list(bins):
        total += v * v                                   total += bins[k] * bins[k]

All names that the program has for one such dict are this one name.
"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Attribute,
    Call,
    Compare,
    Const,
    Dict,
    Expr,
    Index,
    Name,
    Store,
    Unary,
)
from tangent_like.kinds.dicts import is_key, stored
from tangent_like.kinds.kind import DictOf
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.turns import NotUnrolledError, needs_turns
from tangent_like.specialize.values import (
    Content,
    Frame,
    Handle,
    Keywords,
    Lazy,
    Leaf,
    Seq,
    Value,
    is_function_ref,
)

TABLE = "table"  # the form of its content, whose one item is the variable
VIEWS = ("items", "keys", "values")


def is_table(s: Spec, value: Value) -> bool:
    return isinstance(value, Handle) and s.content(value).form == TABLE


def of_view(s: Spec, value: Value) -> Handle | None:
    """The dict of which it is ``d.keys()``, ``d.values()`` or ``d.items()``."""
    if isinstance(value, Lazy) and value.form in VIEWS and isinstance(value.parts[0], Handle):
        return value.parts[0] if is_table(s, value.parts[0]) else None
    return None


def variable(s: Spec, table: Value) -> Name:
    assert isinstance(table, Handle)
    ((_, held),) = s.content(table).items
    assert isinstance(held, Leaf) and isinstance(held.expr, Name)
    return held.expr


def only_the_run(s: Spec, holder: Value, what: str, at: tuple[int, int] | None) -> NotUnrolledError:
    """A key that only the run tells: of a dict of numbers that was made here, a dict of the core."""
    if isinstance(holder, Handle):
        content = s.content(holder)
        plain = all(isinstance(v, Leaf) and not is_function_ref(v) for v in content.values)
        if plain and content.certain and s.facts.tables and content.site is not None and not content.borrowed:
            s.facts.learn_table(content.site)
    return needs_turns(s, what, "use constant keys", at)


def begin(s: Spec, made: Expr, hint: str, site: object, frame: Frame | None = None) -> Handle:
    """A new dict, under the name that it is bound to where nothing else ever is."""
    name = ""
    if frame is not None and hint in frame.own and hint not in frame.multiple and frame.id > s.repeated:
        own = s.name_of(frame, hint)
        if own not in s.unstable and not any(own == held_by(c) for c in s.state.heap.values()):
            name = own
    name = name or s.fresh(hint or "table")
    s.assign(name, made)
    return s.allocate(Content(TABLE, ((TABLE, Leaf(Name(name))),), None, hint, site))


def held_by(content: Content) -> str:
    value = content.values[0] if content.form == TABLE else None
    return value.expr.id if isinstance(value, Leaf) and isinstance(value.expr, Name) else ""


def display(s: Spec, keys: list[Value], values: list[Value], hint: str, site: object, frame: Frame) -> Handle:
    """``{i: x[i], j: 0.0}``."""
    exprs = tuple(key_of(s, k) for k in keys)
    return begin(s, Dict(exprs, tuple(number_of(s, v) for v in values)), hint, site, frame)


# -- places ---------------------------------------------------------------------------------------


def key_of(s: Spec, key: Value) -> Expr:
    if not isinstance(key, Leaf | Seq):
        raise s.refuse("a key that is no number, text or tuple", "use numbers or texts as keys")
    return s.materialize(key)


def number_of(s: Spec, value: Value) -> Expr:
    if not isinstance(value, Leaf) or is_function_ref(value):
        raise needs_turns(s, "what is no number in a dict whose keys only the run tells", "keep numbers in it")
    return value.expr


def read(s: Spec, table: Value, key: Value, at: tuple[int, int] | None = None) -> Leaf:
    return Leaf(Index(variable(s, table), key_of(s, key), at))


def store(s: Spec, table: Value, key: Value, op: str, new: Value, at: tuple[int, int] | None = None) -> None:
    name = variable(s, table)
    stmt = Store(Index(name, key_of(s, key), at), op, number_of(s, new), s.origin)
    kind = s.kind(name)
    s.emit(stmt)
    if isinstance(kind, DictOf):
        s.state.kinds[name.id] = stored(kind, stmt, s.kind)


def contains(s: Spec, table: Value, key: Value) -> Expr:
    return Compare(key_of(s, key), ("in",), (variable(s, table),))


def length(s: Spec, table: Value) -> Expr:
    """How many keys it has now, in a variable: it may get more."""
    count = s.fresh("count")
    s.assign(count, Call(builtin_ref("len"), (variable(s, table),)))
    return Name(count)


# -- all of it ------------------------------------------------------------------------------------


def keys(s: Spec, table: Value, in_order: bool = False) -> Leaf:
    """The keys, as they are now: what a loop over them does is done for these."""
    name = variable(s, table)
    kind = s.kind(name)
    if isinstance(kind, DictOf) and kind.key is not None and not is_key(kind.key):
        what = f"a loop over {s.content(table).hint or 'a dict'!r}, whose keys may be numbers with a derivative,"  # type: ignore[arg-type]
        raise s.refuse(what, "make the keys whole numbers (int) or texts")
    listed = s.fresh("keys")
    s.assign(listed, Call(builtin_ref("sorted" if in_order else "list"), (name,)))
    return Leaf(Name(listed))


def over(s: Spec, view: Lazy, turn: Callable[[Value], None], wanted: str, loop: Callable[..., None]) -> None:
    """A loop over what ``d.items()`` and the others give."""
    table = view.parts[0]
    listed = view.parts[1] if len(view.parts) > 1 else keys(s, table)

    def one(key: Value) -> None:
        place = read(s, table, key)
        turn({"keys": key, "values": place}.get(view.form) or Seq((key, place)))

    loop(s, listed, one, wanted if view.form == "keys" else "")


def in_order(s: Spec, value: Value) -> Value | None:
    """``sorted(d)`` and ``sorted(d.items())``: no two keys are the same, so that no value is asked."""
    if is_table(s, value):
        return keys(s, value, True)
    table = of_view(s, value)
    if table is None or not isinstance(value, Lazy) or value.form == "values":
        return None
    listed = keys(s, table, True)
    return listed if value.form == "keys" else Lazy("items", (table, listed))


# -- methods --------------------------------------------------------------------------------------


def method(
    s: Spec,
    table: Handle,
    name: str,
    args: list[Value],
    keywords: Keywords,
    expr: Expr | None,
    branches: Callable[..., Value | None],
) -> Value:
    at = getattr(expr, "at", None)
    if keywords:
        raise s.refuse(f"the method .{name}() of a dict whose keys only the run tells, called by names,", "", at)
    match name, args:
        case ("items" | "keys" | "values"), []:
            return Lazy(name, (table,))
        case "get", [key, default]:
            if isinstance(default, Leaf) and is_number(default.expr):
                return Leaf(Call(Attribute(variable(s, table), "get"), (key_of(s, key), default.expr), (), at))
            place, other = s.in_names(key, "key"), s.in_names(default, "default")
            arms = [(contains(s, table, place), lambda: read(s, table, place, at)), (None, lambda: other)]
            found = branches(s, arms, "value")
            assert found is not None
            return found
        case "setdefault", [key, default]:
            place, other = s.in_names(key, "key"), s.in_names(default, "default")
            missing = Compare(key_of(s, place), ("not in",), (variable(s, table),))
            branches(s, [(missing, lambda: store(s, table, place, "", other, at))])
            return read(s, table, place, at)
        case "copy", []:
            return begin(s, Call(Attribute(variable(s, table), "copy"), ()), s.content(table).hint, None)
        case _:
            raise s.refuse(f"the method .{name}() of a dict whose keys only the run tells", "write a loop", at)


def is_number(expr: Expr) -> bool:
    inner = expr.operand if isinstance(expr, Unary) else expr
    return isinstance(inner, Const) and type(inner.value) in (int, float)

