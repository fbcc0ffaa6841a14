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
    Block,
    Break,
    Call,
    Compare,
    Const,
    Dict,
    Expr,
    If,
    Index,
    Name,
    Raise,
    Ref,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import base_name, statements
from tangent_like.ir.walk import key as text_key
from tangent_like.kinds.dicts import stored
from tangent_like.kinds.kind import DictOf, Scalar, Unknown
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.turns import NotUnrolledError, needs_turns
from tangent_like.specialize.values import (
    Content,
    Handle,
    Keywords,
    Lazy,
    Leaf,
    Mixed,
    Seq,
    Value,
    is_builtin,
    is_function_ref,
)

TABLE = "table"  # the form of its content, and in it the key of the variable
ITEMS = "items"  # in it the keys of the variables for what is in the lists begin so, where it is a dict of lists
VIEWS = ("items", "keys", "values")


def is_table(value: Value, s: Spec) -> TypeGuard[Handle]:
    return isinstance(value, Handle) and s.content(value).form == TABLE


def of_view(s: Spec, value: Value) -> Handle | None:
    """The dict of which it is ``d.keys()``, ``d.values()`` or ``d.items()``."""
    if isinstance(value, Lazy) and value.form in VIEWS and isinstance(value.parts[0], Handle):
        return value.parts[0] if is_table(value.parts[0], s) else None
    return None


def of_keys(s: Spec, value: Value) -> Handle | None:
    """The dict of which it is the keys as they are now: ``d``, or ``d.keys()``."""
    if isinstance(value, Lazy):
        return of_view(s, value) if value.form == "keys" and len(value.parts) == 1 else None
    return value if is_table(value, s) else None


def variable(s: Spec, table: Handle, key: str = TABLE) -> Name:
    """The dict of the core; of a dict of lists that of their lengths, and with ``ITEMS`` that of what is in them."""
    held = s.content(table).get(key)
    assert isinstance(held, Leaf) and isinstance(held.expr, Name)
    return held.expr


def has_rows(s: Spec, table: Handle) -> bool:
    return s.content(table).get(ITEMS) is not None


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
        known = [v for v in content.values if not isinstance(v, Mixed)]
        plain = all(is_plain(s, v) for v in known)
        rows = bool(known) and all(isinstance(v, Handle) and s.content(v).form == "list" for v in known)
        if (plain or rows) and s.facts.tables and content.site is not None and not content.borrowed:
            if rows:
                s.facts.learn_rows(content.site)
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
    items: tuple[tuple[object, Value], ...] = ((TABLE, Leaf(Name(name))),)
    s.assign(name, made)
    if site in s.facts.rows:
        count = s.fresh(f"{name}_count")
        s.assign(count, Dict((), ()))
        more = [s.fresh(f"{name}_{k}") for k in range(1, s.facts.widths.get(site, 1))]
        for column in more:
            s.assign(column, Dict((), ()))
        columns = ((ITEMS if k == 0 else f"{ITEMS} {k}", Leaf(Name(c))) for k, c in enumerate((name, *more)))
        items = ((TABLE, Leaf(Name(count))), *columns)
    return s.allocate(Content(TABLE, items, None, hint, site, default=default))


def with_default(
    s: Spec, factory: Value, given: list[Value], keywords: Keywords, hint: str, site: object
) -> Handle:
    """``defaultdict(float)`` as it is; of other numbers a dict that is asked with a default."""
    kinds = {"float": Const(0.0), "int": Const(0)}
    if isinstance(factory, Leaf) and isinstance(factory.expr, Ref) and is_builtin(factory.expr, "list"):
        if given or keywords:
            raise needs_turns(s, "a defaultdict that begins with lists", "put them in later")
        s.facts.learn_rows(site)
        return begin(s, Dict((), ()), hint, site, default=Leaf(Const(0), 0))
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
    if any(isinstance(v, Handle) and s.content(v).form == "list" for v in values):
        s.facts.learn_rows(site)
    if site in s.facts.rows:
        table = begin(s, Dict((), ()), hint, site)
        for key, value in zip(keys, values, strict=True):
            store(s, table, key, "", value)
        return table
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


def read(s: Spec, table: Handle, key: Value, at: tuple[int, int] | None = None) -> Value:
    """``d[key]``."""
    if not has_rows(s, table):
        return read_number(s, table, key, at)
    if s.content(table).default is not None:  # it is there from now on
        key = s.in_names(key, "key")
        missing = Compare(key_of(s, key), ("not in",), (variable(s, table),))
        put = Store(Index(variable(s, table), key_of(s, key)), "", Const(0), s.origin)
        if (text_key(key_of(s, key)), variable(s, table).id) not in s.present:
            s.out.append(If((Arm(missing, (put,), s.origin),), (), s.origin))
    return Lazy("row", (table, s.settled(key, "key")))


def read_number(s: Spec, table: Handle, key: Value, at: tuple[int, int] | None = None) -> Leaf:
    """The number there; a ``defaultdict`` gets the key by being asked for it, which matters where it is looked over."""
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
    """``d[key] = new``, ``d[key] += new``."""
    if isinstance(new, Handle) and s.content(new).form == "list" and not op:
        s.facts.learn_rows(s.content(table).site)
    if has_rows(s, table):
        put_row(s, table, key, op, new)
        return
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


def put_row(s: Spec, table: Handle, key: Value, op: str, new: Value) -> None:
    """``d[key] = [a, b]``, a list that nobody else knows, in the place of none that anybody does."""
    known = isinstance(new, Handle) and s.content(new).form == "list" and not s.state.handles().get(new.id)
    named = any(is_row(part) and part.parts[0] == table for v in s.state.vars.values() for part in parts_of(v))
    if op or not known or named or not isinstance(new, Handle):
        raise needs_turns(s, "a list under a key that only the run tells, with another name,", "append to d[key]")
    place = s.in_names(key, "key")
    store_at(s, variable(s, table), key_of(s, place), "", Const(0))
    for value in s.content(new).values:
        append(s, Lazy("row", (table, place)), value)


def store_at(s: Spec, name: Name, key: Expr, op: str, value: Expr) -> None:
    stmt, kind = Store(Index(name, key), op, value, s.origin), s.kind(name)
    s.emit(stmt)
    if isinstance(kind, DictOf):
        s.state.kinds[name.id] = stored(kind, stmt, s.kind)


# -- lists under keys -----------------------------------------------------------------------------


def is_row(value: object) -> TypeGuard[Lazy]:
    """Is it the list under a key?"""
    return isinstance(value, Lazy) and value.form == "row"


def parts_of(value: Value) -> Iterator[Value]:
    yield value
    if isinstance(value, Seq):
        for item in value.items:
            yield from parts_of(item)


def row_length(s: Spec, row: Lazy) -> Expr:
    """``len(d[key])``."""
    table, key = row.parts
    assert isinstance(table, Handle)
    return Index(variable(s, table), key_of(s, key))


def row_item(s: Spec, row: Lazy, place: Expr) -> Value:
    """What is in the list there: a number, or a tuple of numbers, each in a dict of its own."""
    table, key = row.parts
    assert isinstance(table, Handle)
    found = [Leaf(Index(column, Tuple((key_of(s, key), place)))) for column in columns_of(s, table)]
    return Seq(tuple(found)) if s.content(table).site in s.facts.widths else found[0]


def columns_of(s: Spec, table: Handle) -> list[Name]:
    """The dicts of the core for what is in the lists: as many as the tuples in them have items."""
    return [v.expr for v in s.content(table).values[1:] if isinstance(v, Leaf) and isinstance(v.expr, Name)]


def append(s: Spec, row: Lazy, value: Value) -> None:
    """``d[key].append(value)``."""
    table, key = row.parts
    assert isinstance(table, Handle)
    if table.id in s.walked:
        raise s.refuse("a list under a key that grows while a loop goes over one", "loop over a copy: list(d[key])")
    site, width = s.content(table).site, len(value.items) if isinstance(value, Seq) and value.cls is None else None
    s.facts.learn_width(site, width)
    if width != s.facts.widths.get(site):
        raise needs_turns(s, "tuples of different lengths in lists under such keys", "write as many items")
    items = [number_of(s, v) for v in (value.items if isinstance(value, Seq) and width else (value,))]
    place = s.fresh("place")
    s.assign(place, row_length(s, row))
    for column, item in zip(columns_of(s, table), items, strict=True):
        store_at(s, column, Tuple((key_of(s, key), Name(place))), "", item)
    store_at(s, variable(s, table), key_of(s, key), "", Binary("+", Name(place), Const(1)))


def over_row(s: Spec, row: Lazy, turn: Callable[[Value], None], loop: Callable[..., None]) -> None:
    table = row.parts[0]
    assert isinstance(table, Handle)
    stop = s.fresh("stop")
    s.assign(stop, row_length(s, row))
    entered = table.id not in s.walked
    s.walked.add(table.id)
    try:
        loop(s, Lazy("range", (Leaf(Name(stop)),)), lambda k: turn(row_item(s, row, s.materialize(k))), "")
    finally:
        if entered:
            s.walked.discard(table.id)


def item_of(s: Spec, value: Value, index: Value, at: tuple[int, int] | None) -> Value | None:
    """``d[key]``, and ``d[key][j]``; None for what is no such place."""
    if is_table(value, s):
        return read(s, value, index, at)
    if not is_row(value):
        return None
    if not isinstance(index, Leaf) or isinstance(index.expr, Slice):
        raise s.refuse("a part of a list under a key that only the run tells", "take its items in a loop", at)
    known = index.known if type(index.known) is int else None
    if known is None:
        raise needs_turns(s, "an index that only the run tells into a list under such a key", "loop over its items", at)
    back = Binary("-", row_length(s, value), Const(-known))
    return row_item(s, value, Const(known) if known >= 0 else back)


def length_of(s: Spec, value: Value) -> Expr | None:
    """``len(d)``, and ``len(d[key])``; None for anything else."""
    if is_table(value, s):
        return length(s, value)
    if not is_row(value):
        return None
    count = s.fresh("count")
    s.assign(count, row_length(s, value))
    return Name(count)


# -- all of it again ------------------------------------------------------------------------------


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


def over(s: Spec, view: Lazy, turn: Callable[[Value], None], wanted: str, loop: Callable[..., None]) -> bool:
    """A loop over what ``d.items()`` and the others give, or over ``d[key]``; False for what is no such thing."""
    if is_row(view):
        over_row(s, view, turn, loop)
        return True
    table = of_view(s, view)
    if table is None:
        return False
    listed = view.parts[1] if len(view.parts) > 1 else keys(s, table)

    def one(key: Value) -> None:
        position = len(s.out)
        with there(s, table, key):
            place = None if view.form == "keys" else read(s, table, key)
            turn(key if place is None else place if view.form == "values" else Seq((key, place)))
        if len(view.parts) == 1 and resized(tuple(s.out[position:]), variable(s, table).id, key):
            s.out.append(same_size(s, table, listed))

    loop(s, listed, one, wanted if view.form == "keys" else "")
    return True


def resized(block: Block, name: str, key: Value) -> bool:
    """May the statements of a turn change which keys a dict has? Nothing may follow those that may leave the loop."""
    made = [stmt for stmt in statements(block) if isinstance(stmt, Store) and base_name(stmt.target) == name]
    own = text_key(key.expr) if isinstance(key, Leaf) else None
    left = any(isinstance(stmt, Break) for stmt in statements(block))
    return not left and any(stmt.op == "del" or text_key(stmt.target.index) != own for stmt in made)


def same_size(s: Spec, table: Handle, listed: Value) -> Stmt:
    """What Python says of a dict that grows or shrinks while a loop goes over it."""
    sizes = (Call(builtin_ref("len"), (e,)) for e in (variable(s, table), s.materialize(listed)))
    words = Call(builtin_ref("RuntimeError"), (Const("dictionary changed size during iteration"),))
    one, other = sizes
    return If((Arm(Compare(one, ("!=",), (other,)), (Raise(words, s.origin),), s.origin),), (), s.origin)


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


def is_number(expr: Expr) -> bool:
    inner = expr.operand if isinstance(expr, Unary) else expr
    return isinstance(inner, Const) and type(inner.value) in (int, float)


def is_plain(s: Spec, value: Value) -> bool:
    """Is it a number, as far as is known?"""
    return isinstance(value, Leaf) and not is_function_ref(value) and isinstance(s.kind(value.expr), Scalar | Unknown)
