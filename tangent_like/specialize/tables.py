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

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeGuard

from tangent_like.ir.build import builtin_ref, zeros_by_key
from tangent_like.ir.nodes import (
    Arm,
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Dict,
    Expr,
    If,
    Index,
    Name,
    Ref,
    Store,
    Unary,
)
from tangent_like.ir.walk import key as text_key
from tangent_like.kinds.dicts import stored
from tangent_like.kinds.kind import DictOf, Scalar
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.turns import NotUnrolledError, needs_turns
from tangent_like.specialize.values import (
    Content,
    Either,
    Handle,
    Keywords,
    Lazy,
    Leaf,
    Mixed,
    Partial,
    Seq,
    Value,
    is_builtin,
    is_function_ref,
    none,
)

TABLE = "table"  # the form of its content, whose one item is the variable
VIEWS = ("items", "keys", "values")


def is_table(value: Value, s: Spec) -> TypeGuard[Handle]:
    return isinstance(value, Handle) and s.content(value).form == TABLE


def of_view(s: Spec, value: Value) -> Handle | None:
    """The dict of which it is ``d.keys()``, ``d.values()`` or ``d.items()``."""
    if isinstance(value, Lazy) and value.form in VIEWS and isinstance(value.parts[0], Handle):
        return value.parts[0] if is_table(value.parts[0], s) else None
    return None


def variable(s: Spec, table: Value) -> Name:
    assert isinstance(table, Handle)
    ((_, held),) = s.content(table).items
    assert isinstance(held, Leaf) and isinstance(held.expr, Name)
    return held.expr


def looked_over(s: Spec, table: Handle) -> Name:
    """The variable, where it matters which keys there are."""
    content = s.content(table)
    if content.default is not None:
        s.facts.learn_looked_over(content.site)
    return variable(s, table)


def only_the_run(s: Spec, holder: Value, what: str, at: tuple[int, int] | None) -> NotUnrolledError:
    """A key that only the run tells: of a dict of numbers that was made here, a dict of the core."""
    if isinstance(holder, Handle):
        content = s.content(holder)
        plain = all(isinstance(v, Mixed) or (isinstance(v, Leaf) and not is_function_ref(v)) for v in content.values)
        if plain and s.facts.tables and content.site is not None and not content.borrowed:
            s.facts.learn_table(content.site)
    hint = "use constant keys" if s.facts.tables else "use constant keys, or leave jit out"
    return needs_turns(s, what, hint, at)


def begin(s: Spec, made: Expr, hint: str, site: object, default: Value | None = None) -> Handle:
    """A new dict, under the name that it is bound to where nothing else ever is."""
    name, frame = "", s.binding
    once = frame is not None and hint in frame.own and hint not in frame.multiple and frame.id > s.repeated
    if once and frame is not None and frame_key(frame, hint) not in s.state.vars:
        own = s.name_of(frame, hint)
        if own not in s.unstable and not any(own == held_by(c) for c in s.state.heap.values()):
            name = own
    name = name or s.fresh(hint or "table")
    s.assign(name, made)
    return s.allocate(Content(TABLE, ((TABLE, Leaf(Name(name))),), None, hint, site, default=default))


def with_default(
    s: Spec, factory: Value, given: list[Value], keywords: Keywords, hint: str, site: object
) -> Handle:
    """``defaultdict(float)`` as it is; of other numbers a dict that is asked with a default."""
    kinds = {"float": Const(0.0), "int": Const(0)}
    plain = next((n for n in kinds if isinstance(factory, Leaf) and isinstance(factory.expr, Ref)
                  and is_builtin(factory.expr, n)), "")  # fmt: skip
    zero = Leaf(kinds[plain]) if plain else s.call(factory, [])
    if given or keywords or not isinstance(zero, Leaf) or not is_number(zero.expr):
        raise needs_turns(s, "a defaultdict of this, with keys that only the run tells,", "use {} and get")
    if isinstance(zero.expr, Const) and zero.expr.value == 0:
        return begin(s, zeros_by_key(type(zero.expr.value).__name__), hint, site, default=Leaf(zero.expr))
    return begin(s, Dict((), ()), hint, site, default=Leaf(zero.expr))


def begin_set(s: Spec, found: list[Leaf], hint: str, site: object) -> Handle:
    """A set is a dict of what is in it."""
    s.facts.sets.add(site)
    return begin(s, Dict(tuple(k.expr for k in found), (Const(True),) * len(found)), hint, site)


def put_in(s: Spec, table: Handle, key: Value) -> None:
    store(s, table, key, "", Leaf(Const(True), True))


def held_by(content: Content) -> str:
    value = content.values[0] if content.form == TABLE else None
    return value.expr.id if isinstance(value, Leaf) and isinstance(value.expr, Name) else ""


def display(s: Spec, keys: list[Value], values: list[Value], hint: str, site: object) -> Handle:
    """``{i: x[i], j: 0.0}``."""
    exprs = tuple(key_of(s, k) for k in keys)
    return begin(s, Dict(exprs, tuple(number_of(s, v) for v in values)), hint, site)


def copied(
    s: Spec, args: list[Value], keywords: Keywords, hint: str, site: object, loop: Callable[..., None]
) -> Handle:
    """``dict()``, ``dict(other)``, ``dict(pairs)``, ``{k: v for ...}``."""
    named = tuple(Const(n) for n, _ in keywords), tuple(number_of(s, v) for _, v in keywords)
    if not args:
        return begin(s, Dict(*named), hint, site)
    if keywords:
        raise s.refuse("dict(pairs, name=value)", "write two statements")
    table = begin(s, Dict((), ()), hint, site)
    update(s, table, args[0], loop)
    return table


def update(s: Spec, table: Handle, more: Value, loop: Callable[..., None]) -> None:
    """``d.update(other)``: pair by pair."""
    if is_table(more, s):
        more = Lazy("items", (more,))
    elif isinstance(more, Handle) and s.content(more).form == "dict" and s.content(more).part is None:
        more = Seq(tuple(Seq((Leaf(Const(k), k), v)) for k, v in s.content(more).items))

    def put(pair: Value) -> None:
        if not isinstance(pair, Seq) or len(pair.items) != 2:
            raise s.refuse("a dict of this", "give it pairs")
        store(s, table, pair.items[0], "", pair.items[1])

    loop(s, more, put)


# -- places ---------------------------------------------------------------------------------------


def key_of(s: Spec, key: Value) -> Expr:
    if not isinstance(key, Leaf | Seq):
        raise s.refuse("a key that is no number, text or tuple", "use numbers or texts as keys")
    return s.materialize(key)


def number_of(s: Spec, value: Value) -> Expr:
    if not isinstance(value, Leaf) or is_function_ref(value) or value.known is None:
        raise needs_turns(s, "what is no number in a dict whose keys only the run tells", "keep numbers in it")
    return value.expr


def read(s: Spec, table: Handle, key: Value, at: tuple[int, int] | None = None) -> Leaf:
    """``d[key]``; a ``defaultdict`` gets the key by being asked for it, which matters where it is looked over."""
    name, content = variable(s, table), s.content(table)
    place = Index(name, key_of(s, key), at)
    if content.default is None or (text_key(place.index), name.id) in s.present:
        return Leaf(place)
    zero = s.materialize(content.default)
    if content.site in s.facts.counters or (content.site is not None and content.site not in s.facts.looked_over):
        return Leaf(Call(Attribute(name, "get"), (place.index, zero), (), at))
    place = Index(name, key_of(s, s.in_names(key, "key")), at)
    missing = Compare(place.index, ("not in",), (name,))
    s.out.append(If((Arm(missing, (Store(place, "", zero, s.origin),), s.origin),), (), s.origin))
    return Leaf(place)


def store(s: Spec, table: Handle, key: Value, op: str, new: Value, at: tuple[int, int] | None = None) -> None:
    name, value = variable(s, table), number_of(s, new)
    kind, default = s.kind(name), s.content(table).default
    if op and default is not None and not (isinstance(kind, DictOf) and kind.missing):
        key = s.in_names(key, "key")
        old = Call(Attribute(name, "get"), (key_of(s, key), s.materialize(default)))
        op, value = "", Binary(op, old, value)
    stmt = Store(Index(name, key_of(s, key), at), op, value, s.origin)
    s.emit(stmt)
    if isinstance(kind, DictOf):
        s.state.kinds[name.id] = stored(kind, stmt, s.kind)


def remove(s: Spec, table: Handle, key: Value) -> None:
    """``del d[key]``: no key is taken for granted that a loop over the dict is at."""
    s.facts.learn_emptied(s.content(table).site)
    s.emit(Store(Index(variable(s, table), key_of(s, key)), "del", Const(None), s.origin))


def contains(s: Spec, table: Handle, key: Value) -> Expr:
    return Compare(key_of(s, key), ("in",), (looked_over(s, table),))


def length(s: Spec, table: Handle) -> Expr:
    """How many keys it has now, in a variable: it may get more."""
    count = s.fresh("count")
    s.assign(count, Call(builtin_ref("len"), (looked_over(s, table),)))
    return Name(count)


# -- all of it ------------------------------------------------------------------------------------


def keys(s: Spec, table: Handle, in_order: bool = False, backwards: bool = False) -> Leaf:
    """The keys, as they are now: what a loop over them does is done for these."""
    name = looked_over(s, table)
    if s.content(table).site in s.facts.sets and not in_order:
        raise s.refuse("the order of a set", "use sorted(...), or a list")
    listed = s.fresh("keys")
    named = (("reverse", Const(True)),) if backwards else ()
    s.assign(listed, Call(builtin_ref("sorted" if in_order else "list"), (name,), named))
    return Leaf(Name(listed))


def over(s: Spec, view: Lazy, turn: Callable[[Value], None], wanted: str, loop: Callable[..., None]) -> None:
    """A loop over what ``d.items()`` and the others give."""
    table = view.parts[0]
    assert isinstance(table, Handle)
    listed = view.parts[1] if len(view.parts) > 1 else keys(s, table)

    def one(key: Value) -> None:
        with there(s, table, key):
            place = None if view.form == "keys" else read(s, table, key)
            turn(key if place is None else place if view.form == "values" else Seq((key, place)))

    loop(s, listed, one, wanted if view.form == "keys" else "")


@contextmanager
def there(s: Spec, table: Handle, key: Value) -> Iterator[None]:
    """Within a turn over its keys, a dict has the key, if nothing takes keys out of it or binds the name anew."""
    known = isinstance(key, Leaf) and isinstance(key.expr, Name) and s.is_stable(key.expr)
    if not known or s.content(table).site in s.facts.emptied:
        yield
        return
    assert isinstance(key, Leaf)
    entry = text_key(key.expr), variable(s, table).id
    s.present.add(entry)
    try:
        yield
    finally:
        s.present.discard(entry)


def in_order(s: Spec, value: Value, backwards: bool) -> Value | None:
    """``sorted(d)`` and ``sorted(d.items())``: no two keys are the same, so that no value is asked."""
    if is_table(value, s):
        return keys(s, value, True, backwards)
    table = of_view(s, value)
    if table is None or not isinstance(value, Lazy) or value.form == "values":
        return None
    listed = keys(s, table, True, backwards)
    return listed if value.form == "keys" else Lazy("items", (table, listed))


def asked(s: Spec, key: Value) -> Value:
    """``d.get``, asked for keys that are there: ``max(d, key=d.get)``."""
    match key:
        case Partial(Leaf() as method_, (Handle() as table, Leaf(known="get")), ()) if is_table(table, s):
            return Partial(method_, (table, Leaf(Const("at"), "at")), ())
        case _:
            return key


# -- methods --------------------------------------------------------------------------------------


def method(
    s: Spec,
    table: Handle,
    name: str,
    args: list[Value],
    keywords: Keywords,
    expr: Expr | None,
    branches: Callable[..., Value | None],
    loop: Callable[..., None],
) -> Value:
    """A method; ``branches`` and ``loop`` are those of the parts above this one."""
    at = getattr(expr, "at", None)
    if keywords:
        raise s.refuse(f"the method .{name}() of a dict whose keys only the run tells, called by names,", "", at)
    if s.content(table).site in s.facts.sets:
        return set_method(s, table, name, args, at, branches, loop)
    match name, args:
        case ("items" | "keys" | "values"), []:
            return Lazy(name, (table,))
        case "at", [key]:
            return read(s, table, key, at)
        case "get", [key] if (text_key(key_of(s, key)), variable(s, table).id) in s.present:
            return read(s, table, key, at)
        case "get", [key] | [key, Leaf(known=None)]:
            return there_or_none(s, table, s.in_names(key, "key"), at)
        case "get", [key, default]:
            if isinstance(default, Leaf) and is_number(default.expr):
                return Leaf(Call(Attribute(looked_over(s, table), "get"), (key_of(s, key), default.expr), (), at))
            place, other = s.in_names(key, "key"), s.in_names(default, "default")
            arms = [(contains(s, table, place), lambda: read(s, table, place, at)), (None, lambda: other)]
            return given(branches(s, arms, "value"))
        case "setdefault", [key, default]:
            place, other = s.in_names(key, "key"), s.in_names(default, "default")
            absent = Compare(key_of(s, place), ("not in",), (looked_over(s, table),))
            branches(s, [(absent, lambda: store(s, table, place, "", other, at))])
            return read(s, table, place, at)
        case "copy", []:
            return another(s, table, expr, loop)
        case "update", [more]:
            update(s, table, more, loop)
            return none()
        case "clear", []:
            for_each = keys(s, table)
            loop(s, for_each, lambda k: remove(s, table, k))
            return none()
        case "pop", [key]:
            place = s.in_names(key, "key")
            popped = s.fresh("popped")
            s.assign(popped, Index(looked_over(s, table), key_of(s, place), at))
            remove(s, table, place)
            return Leaf(Name(popped))
        case "pop", [key, Leaf(known=None)]:
            place = s.in_names(key, "key")
            branches(s, [(contains(s, table, place), lambda: remove(s, table, place))])
            return Mixed("what pop(key, None) gives, a number or None,")
        case "pop", [key, default]:
            place, other = s.in_names(key, "key"), s.in_names(default, "default")

            def taken() -> Value:
                return method(s, table, "pop", [place], [], expr, branches, loop)

            return given(branches(s, [(contains(s, table, place), taken), (None, lambda: other)], "popped"))
        case _:
            raise s.refuse(f"the method .{name}() of a dict whose keys only the run tells", "write a loop", at)


def set_method(
    s: Spec,
    table: Handle,
    name: str,
    args: list[Value],
    at: tuple[int, int] | None,
    branches: Callable[..., Value | None],
    loop: Callable[..., None],
) -> Value:
    match name, args:
        case "add", [key]:
            put_in(s, table, key)
        case "remove", [key]:
            remove(s, table, key)
        case "discard", [key]:
            place = s.in_names(key, "key")
            branches(s, [(contains(s, table, place), lambda: remove(s, table, place))])
        case "update", [more]:
            loop(s, more, lambda k: put_in(s, table, k))
        case _:
            raise s.refuse(f"the method .{name}() of a set whose items only the run tells", "write a loop", at)
    return none()


def given(value: Value | None) -> Value:
    assert value is not None
    return value


def there_or_none(s: Spec, table: Handle, key: Value, at: tuple[int, int] | None) -> Value:
    """``d.get(key)``: the number that is there, or None."""
    found, value, name = s.fresh("found"), s.fresh("value"), variable(s, table)
    s.assign(found, contains(s, table, key))
    kind = s.kind(name)
    whole = isinstance(kind, DictOf) and isinstance(kind.item, Scalar) and kind.item.type != "float"
    s.assign(value, Call(Attribute(name, "get"), (key_of(s, key), Const(0 if whole else 0.0)), (), at))
    return Either(Leaf(Name(found)), (none(), Leaf(Name(value))))


def another(s: Spec, table: Handle, expr: Expr | None, loop: Callable[..., None]) -> Handle:
    """``d.copy()``."""
    content, kind = s.content(table), s.kind(variable(s, table))
    made: Expr = Dict((), ())
    if isinstance(kind, DictOf) and kind.missing and content.default is not None:
        zero = s.materialize(content.default)
        made = zeros_by_key("int" if isinstance(zero, Const) and type(zero.value) is int else "float")
    if content.site in s.facts.counters:
        s.facts.counters.add(expr)
    new = begin(s, made, content.hint, expr, default=content.default)
    update(s, new, table, loop)
    return new


def is_number(expr: Expr) -> bool:
    inner = expr.operand if isinstance(expr, Unary) else expr
    return isinstance(inner, Const) and type(inner.value) in (int, float)

