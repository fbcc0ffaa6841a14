"""Tuples, lists, dicts and sets whose items are known one by one."""

from __future__ import annotations

import enum
import math

from tangent_like.ir.nodes import (
    Attribute,
    Binary,
    Const,
    Dict,
    Expr,
    Index,
    Library,
    List,
    Name,
    Slice,
    Tuple,
    UserFunction,
)
from tangent_like.kinds.kind import Sequence
from tangent_like.kinds.structure import children_of
from tangent_like.specialize import (
    assume,
    constant_tables,
    effects,
    modules,
    object_lists,
    object_places,
    table_paths,
    tables,
)
from tangent_like.specialize.builtin_bases import gone_through
from tangent_like.specialize.held_twice import refuse_shared
from tangent_like.specialize.object_keys import UNSAID, has_order, is_said, key_value, keys_of, module_key, object_key
from tangent_like.specialize.operands import is_shape, known_slice, operands
from tangent_like.specialize.spec import Spec, item_name
from tangent_like.specialize.state import handles_in
from tangent_like.specialize.turns import NotUnrolledError, is_row, needs_turns
from tangent_like.specialize.turns import number as number_here
from tangent_like.specialize.values import (
    COUNTS,
    UNSET,
    Class,
    Content,
    Frame,
    Handle,
    Lazy,
    Leaf,
    Mixed,
    Outer,
    Seq,
    Value,
    enum_member,
    object_of,
    target_value,
)
from tangent_like.specialize.watched import keys_in, watch

MISSING = object()


def refuse_open(s: Spec, value: Value) -> None:
    """It is not known what else is in an argument of which only use tells something."""
    if isinstance(value, Handle):
        assume.all_used(s, s.content(value).part, s.content(value).form)


def sequence(s: Spec, value: Value) -> tuple[Value, ...] | None:
    """The items of a tuple or list."""
    refuse_open(s, value)
    if isinstance(value, Seq):
        return value.items
    if isinstance(value, Handle) and s.content(value).form == "list":
        return s.content(value).values
    return None


def certain(s: Spec, handle: Handle) -> Content:
    """The content where every path has made the same keys in the same order."""
    content = s.content(handle)
    if not content.certain:
        table_paths.grown(s, [content])
        what = content.hint or f"a {content.form}"
        raise s.refuse(f"{what!r}, whose items or their order depend on the path,", "set the same keys on every path")
    return content


def static_items(s: Spec, value: Value) -> list[Value] | None:
    """What iterating over a value gives, where that is known one by one."""
    match value:
        case Seq(items):
            return list(items)
        case Handle():
            refuse_open(s, value)
            if (content := certain(s, value)).form == "list":
                return list(content.values)
            if (inside := gone_through(s, value)) is not value:
                return static_items(s, inside)
            if content.form == "set" and len(content.items) > 1 and any(has_order(k) for k, _ in content.items):
                raise s.refuse("the order of a set", "use a tuple")
            return [key_value(k) for k, _ in content.items] if content.form in ("dict", "set") else None
        case Outer():
            return outer_items(s, value)
        case Leaf(expr) if isinstance(expr, Tuple | List):
            return [Leaf(e, e.value if isinstance(e, Const) else UNSET) for e in expr.items]
        case Leaf(known=frozenset() as known):
            if len(known) > 1:
                raise s.refuse("the order of a set", "use a tuple")
            return [Leaf(Const(k), k) for k in known]
        case Leaf(known=str() | tuple() as known):  # a key, say
            return [Leaf(Const(c), c) for c in known]
        case Leaf(expr):
            if isinstance(kind := s.kind(expr), Sequence) and is_shape(expr):
                return [Leaf(Index(expr, Const(k))) for k in range(len(kind.items))]
            return None
        case Lazy():
            return lazy_items(s, value)
        case _:
            return None


def lazy_items(s: Spec, value: Lazy) -> list[Value] | None:
    form, parts = value.form, value.parts
    if form in s.tools.more_forms:
        return s.tools.more_items(s, value)
    if form == "range":
        numbers = [p.known for p in parts if isinstance(p, Leaf) and isinstance(p.known, int)]
        if len(numbers) != len(parts):
            return None
        return [Leaf(Const(k), k) for k in range(*numbers)]
    if form in ("items", "keys", "values"):
        content = certain(s, parts[0]) if isinstance(parts[0], Handle) else None
        if content is None or tables.is_table(parts[0], s):
            return None
        refuse_open(s, parts[0])
        if form == "items":
            return [Seq((key_value(k), v)) for k, v in content.items]
        return [key_value(k) for k, _ in content.items] if form == "keys" else list(content.values)
    if form in ("enumerate", "zip", "reversed") and any(isinstance(p, Lazy) and p.form == "map" for p in parts):
        kinds, before, position = dict(s.state.kinds), dict(s.state.heap), len(s.out)
        parts = tuple(as_items(s, p) for p in parts)
        if effects.does_more(s, position, kinds, before):
            what = "map of a function that changes what it finds, inside of zip"
            raise s.refuse(what, "write the calls into the loop")
    if form == "enumerate":
        inner = static_items(s, parts[0])
        first = parts[1].known if len(parts) > 1 and isinstance(parts[1], Leaf) else 0
        if inner is None or type(first) is not int:
            return None
        return [Seq((Leaf(Const(first + k), first + k), v)) for k, v in enumerate(inner)]
    if form == "zip":
        columns = static_columns(s, parts)
        return None if columns is None else [Seq(tuple(row)) for row in zip(*columns, strict=False)]
    if form == "iter":
        return static_items(s, parts[0])
    if form == "reversed":
        inner = static_items(s, parts[0])
        return None if inner is None else inner[::-1]
    if form == "map":
        columns = static_columns(s, parts[1:])
        rows = [] if columns is None else list(zip(*columns, strict=False))
        return None if columns is None else operands(s, len(rows), lambda k: s.call(parts[0], list(rows[k])))
    return None  # a generator: the caller runs its loop


def as_items(s: Spec, value: Value) -> Value:
    """What ``map`` gives, where that is known one by one."""
    items = static_items(s, value) if isinstance(value, Lazy) and value.form == "map" else None
    return value if items is None else Seq(tuple(items))


def static_columns(s: Spec, parts: tuple[Value, ...]) -> list[list[Value]] | None:
    found = [static_items(s, p) for p in parts]
    columns = [c for c in found if c is not None]
    return columns if len(columns) == len(found) else None


def outer_items(s: Spec, value: Outer) -> list[Value] | None:
    found = children_of(value.value)
    if found is None:
        return None
    form, _, items = found
    if form in ("dict", "list"):
        watch(s, value, keys_in)
    if form == "dict":
        return keys_of(s, dict(items))
    if form not in ("tuple", "list"):
        return None
    return [outer_child(s, value, ("index", k), item) for k, (_, item) in enumerate(items)]


def outer_child(s: Spec, value: Outer, step: tuple[str, object], item: object, by_fields: bool = False) -> Value:
    """An item or attribute of something of the module; what is decided by it is watched."""
    how, key = step
    if isinstance(key, enum.Enum) and not (isinstance(item, UserFunction | Library) or callable(item)):
        raise s.refuse("a table of the module by members of an enumeration", "use texts as keys")
    expr: Expr = Attribute(value.expr, str(key)) if how == "attribute" else Index(value.expr, Const(key))

    def read() -> object:
        holder = value.read()
        return getattr(holder, str(key), MISSING) if how == "attribute" else holder[key]  # type: ignore[index]

    said = how == "attribute" or is_said(key)
    if not said and not by_fields and not isinstance(key, type | tuple | enum.Enum):
        raise s.refuse(*UNSAID)
    if item is None or isinstance(item, bool | str):
        s.reads.append((read, item))
        return Leaf(expr if said else Const(item), item)
    if isinstance(item, enum.Enum):
        s.reads.append((read, item))
        return Outer(expr, item, read)
    if type(item) is int:
        s.reads.append((read, item))
        return Leaf(Const(item), item)
    if (value.written_out or not said) and type(item) is float and math.isfinite(item):
        s.reads.append((read, item))
        return Leaf(Const(item))
    if isinstance(item, UserFunction | Library):
        return target_value(item)
    if (module := modules.of_library(item)) is not None:
        s.reads.append((read, item))
        return module
    if isinstance(item, type):
        from tangent_like.specialize.classes import ClassInfo, is_users_class

        if is_users_class(item):
            s.reads.append((read, item))
            return Class(ClassInfo(item), expr)
    if not said and not callable(item):
        raise s.refuse(*UNSAID)
    if children_of(item) is not None or callable(item):
        s.reads.append((read, item))
        return s.tools.kept(s, expr, item) or Outer(expr, item, read, value.written_out)
    return Leaf(expr)


# -- reading --------------------------------------------------------------------------------------


def item(s: Spec, value: Value, index: Value, expr: Expr | None) -> Value | None:
    """``value[index]``; None where that is a method of a class."""
    at = getattr(expr, "at", None)
    if isinstance(value, Handle) and s.content(value).form == "object":
        return None
    if (place := tables.item_of(s, value, index, at)) is not None:
        return place
    if object_places.is_one(value, s):
        return object_places.at(s, value, index)
    if isinstance(value, Handle) and s.content(value).form == "dict":
        key = constant_key(s, index)
        if key is MISSING and any(type(k) is int for k, _ in s.content(value).items):
            here = number_here(s, index)  # ``states[len(x) - 1]``, of a loop written out for as many as there are
            key = MISSING if here is None else here
        if key is MISSING:
            raise tables.only_the_run(s, value, "a key that only the run tells", at)
        found = s.content(value).get(key)
        if isinstance(found, Mixed):  # set on some paths alone
            table_paths.grown(s, [s.content(value)])
        part = s.content(value).part
        if found is None and part is not None:
            assume.learn(s, part, "dict", key)
        if found is None and s.content(value).default is not None:
            found = s.tools.missing(s, value, key)
        if found is None:
            raise s.refuse(f"the key {key!r}, which the dict does not have here,", "", at)
        return found
    if isinstance(value, Outer):
        return outer_item(s, value, index, expr)
    if isinstance(value, Class) and value.expr is not None and issubclass(value.info.type, enum.Enum):
        named = constant_key(s, index)  # Kind["LINEAR"]
        if isinstance(named, str) and named in value.info.type.__members__:
            return enum_member(value.expr, value.info.type.__members__[named])
    if isinstance(value, Handle) and s.content(value).part is not None:
        part, number = s.content(value).part, known_int(index)
        if part is not None and number is not None and number >= 0:
            chosen_ = s.content(value).get(number)
            if chosen_ is None:
                assume.learn(s, part, "sequence", number)
            return chosen_
    items = sequence(s, value)
    if items is None:
        raise s.refuse("an index into this", "", at)
    if isinstance(index, Leaf) and isinstance(index.expr, Slice):
        part_ = known_slice(index)
        if part_ is None:
            raise not_unrolled(s, value)
        chosen = items[part_]
        if not isinstance(value, Handle):
            return Seq(chosen)
        return s.allocate(Content("list", tuple(enumerate(chosen)), None, s.content(value).hint))
    if (number := known_int(index)) is None and (not isinstance(value, Handle) or s.content(value).borrowed):
        number = number_here(s, index)
    if number is None:
        raise not_unrolled(s, value)
    if not -len(items) <= number < len(items):
        if s.exits and isinstance(value, Handle) and all(isinstance(v, Leaf) for v in items):
            content = s.content(value)  # a later turn may have made more
            if content.site is not None and not content.borrowed and not is_part(s, value):
                s.facts.learn_dynamic(content.site)
        raise s.refuse(f"the index {number} into {len(items)} items", "", at)
    return items[number]


def not_unrolled(s: Spec, value: Value) -> NotUnrolledError:
    """Indexed by what only the run tells: as a list of the core, or in a loop that is written out."""
    items = sequence(s, value) or ()
    hint = "unroll the loop, or make it an array"
    error = needs_turns(s, "an index that only the run tells into items that are known one by one", hint)
    if isinstance(value, Handle):
        object_lists.told(s, error, [s.content(value)], list(items))
    if isinstance(value, Handle) and all(is_row(s, v) for v in items):
        site = s.content(value).site
        if site is not None and not s.content(value).borrowed and site not in s.facts.kept:
            if not is_part(s, value):
                s.facts.listed.add(site)
                s.facts.learn_dynamic(site)
            error.site = site  # of lists in a list first the turns are tried
    return error


def is_part(s: Spec, value: Handle) -> bool:
    """Is it in another list, a dict or an object?"""
    return any(value.id in handles_in(v) for c in s.state.heap.values() if c.form == "list" for v in c.values)


def outer_item(s: Spec, value: Outer, index: Value, expr: Expr | None) -> Value:
    found = children_of(value.value)
    assert found is not None or callable(value.value)
    wanted = constant_key(s, index)
    key = module_key(wanted, value.value)
    form = found[0] if found is not None else ""
    if form in ("dict", "list", "tuple") and key is not MISSING:
        try:
            item_ = value.value[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            raise s.refuse(f"the key {key!r}, which is not there,", "", getattr(expr, "at", None)) from None
        return outer_child(s, value, ("index", key), item_, key is not wanted)
    part = known_slice(index)
    if form in ("list", "tuple") and part is not None and (items := outer_items(s, value)) is not None:
        if any(not isinstance(v, Leaf) or v.known is not UNSET for v in items):
            return Seq(tuple(items[part])) if form == "tuple" else new_list(s, items[part])
    if form in ("dict", "list", "tuple") and any(children_of(v) or callable(v) for _, v in found[2]):  # type: ignore[index]
        return constant_tables.item(s, value, index, expr)
    return Leaf(Index(value.expr, s.materialize(index)))


def known_int(value: Value) -> int | None:
    return value.known if isinstance(value, Leaf) and type(value.known) is int else None


def counted(s: Spec, value: Value) -> int | None:
    """The whole number that a value is; in a recursion that ends by them, also what it is in the call at hand."""
    return number_here(s, value) if s.facts.counted else known_int(value)


def constant_key(s: Spec, value: Value) -> object:
    """The key that a value is, if that is known."""
    if isinstance(value, Leaf) and value.known is not UNSET:
        return value.known
    if isinstance(value, Outer) and isinstance(value.value, enum.Enum):
        return value.value
    if isinstance(value, Class):
        return value.info.type
    if s.facts.counted and (whole := number_here(s, value)) is not None:
        return whole
    items = sequence(s, value) if isinstance(value, Seq) else None
    if items is not None:
        keys = tuple(constant_key(s, v) for v in items)
        if any(k is MISSING for k in keys):
            return MISSING
        named = value.cls if isinstance(value, Seq) else None
        return keys if named is None else tuple.__new__(named.type, keys)
    return object_key(s, value) or MISSING


# -- making ---------------------------------------------------------------------------------------


def dict_display(s: Spec, expr: Dict, frame: Frame, hint: str) -> Value:
    """``{"W": W, **others}``, its keys known."""
    table: dict[object, Value] = {}

    def one(k: int) -> Value:
        key = expr.keys[k]
        return s.evaluate(expr.values[k], frame, item_name(hint, key.value if isinstance(key, Const) else "item"))

    values = operands(s, len(expr.values), one)
    if expr in s.facts.dynamic and None not in expr.keys:
        keys = [s.evaluate(e, frame) for e in expr.keys if e is not None]
        return tables.display(s, keys, values, hint, expr)
    for key_expr, value in zip(expr.keys, values, strict=True):
        if key_expr is None:
            table.update(dict_items(s, value))
            continue
        key = constant_key(s, s.evaluate(key_expr, frame))
        if key is MISSING:
            if s.facts.tables and None not in expr.keys:
                s.facts.learn_table(expr)
            raise s.refuse("a dict display with a key that only the run tells", "use constant keys", expr.at)
        table[key] = value
    return s.allocate(Content("dict", tuple(table.items()), None, hint, expr))


def dict_items(s: Spec, value: Value) -> dict[object, Value]:
    refuse_open(s, held := object_of(value) or (value := gone_through(s, value)))  # ``vars(value)``
    if isinstance(held, Handle) and s.content(held).form == ("dict" if held is value else "object"):
        return dict(certain(s, held).items)
    if isinstance(value, Outer) and isinstance(value.value, dict):
        watch(s, value, keys_in)
        return {k: outer_child(s, value, ("index", k), v) for k, v in value.value.items()}
    if isinstance(value, Leaf) and value.part is not None:
        assume.as_dict(s, value.part)
    raise s.refuse("** of what is not a dict", "use a dict with constant keys")


def new_list(s: Spec, items: list[Value], hint: str = "", site: object = None, like: Value | None = None) -> Handle:
    """``like``: what it is made of, which may be a deque."""
    if site in s.facts.objects:
        return object_lists.display(s, items, hint, site)
    made_as = s.content(like).made_as if isinstance(like, Handle) else ""
    return s.allocate(Content("list", tuple(enumerate(items)), None, hint, site, made_as=made_as))


def binary(s: Spec, op: str, left: Value, right: Value, expr: Expr | None = None) -> Value | None:
    """``+`` and ``*`` of tuples and lists, ``|`` of dicts; None for anything else."""
    a, b = sequence(s, left), sequence(s, right)
    if expr in s.facts.dynamic:
        return Leaf(Binary(op, s.materialize(left), s.materialize(right)))
    if op == "+" and a is not None and b is not None:
        return Seq((*a, *b)) if isinstance(left, Seq) else new_list(s, [*a, *b], "", expr, left)
    if op == "*" and (a is not None or b is not None):
        items, holder, other = (a, left, right) if a is not None else (b, right, left)
        count = number_here(s, other) if isinstance(holder, Seq) else known_int(other)  # a tuple stays as long as it is
        assert items is not None
        if count is not None:
            items = tuple(s.in_names(v, "item") for v in items) if count > 1 else items  # each is one thing
            if isinstance(holder, Seq):
                return Seq(items * count)
            return new_list(s, list(items) * max(count, 0), "", expr, holder)
        if isinstance(holder, Handle) and s.content(holder).site is not None and isinstance(other, Leaf):
            s.facts.learn_dynamic(s.content(holder).site)
    if op == "+" and a is not None and isinstance(right, Leaf) and isinstance(left, Handle):
        return Leaf(Binary("+", s.materialize(left), right.expr))
    if op == "+" and b is not None and isinstance(left, Leaf) and isinstance(right, Handle):
        return Leaf(Binary("+", left.expr, s.materialize(right)))
    if op == "|" and is_plain_dict(s, left) and is_plain_dict(s, right):
        table = {**dict_items(s, left), **dict_items(s, right)}
        return s.allocate(Content("dict", tuple(table.items())))
    return None


def is_plain_dict(s: Spec, value: Value) -> bool:
    """A dict whose keys are known, or one of the module."""
    if isinstance(value, Outer):
        return type(value.value) is dict
    content = s.content(value) if isinstance(value, Handle) else None
    return content is not None and content.form == "dict" and content.default is not COUNTS


# -- writing --------------------------------------------------------------------------------------


def put(s: Spec, handle: Handle, key: object, value: Value) -> None:
    """``handle[key] = value`` or ``handle.key = value``: a leaf goes into the variable of that place."""
    content = s.content(handle)
    if content.form != "object" or isinstance(value, Seq):
        s.no_iterator(value)
    if content.row is not None:
        object_places.put(s, handle, key, value)
        return
    refuse_shared(s, handle, key)
    new = handle.id not in s.constructing
    if new and content.get(key) is not None:
        s.facts.learn_written(key)
    if isinstance(value, Leaf) and not (s.is_stable(value.expr) and not isinstance(value.expr, Name)):
        name = s.field_name(handle, key, content.hint or (content.cls.name.lower() if content.cls else "item"))
        if not (isinstance(value.expr, Name) and value.expr.id == name):
            s.assign(name, value.expr)
        value = Leaf(Name(name), value.known)
    elif not isinstance(value, Leaf):
        value = s.settled(value, item_name(content.hint, key))
    s.state.put(handle, key, value)


def length(s: Spec, value: Value) -> Value | None:
    """``len`` of what is known item by item."""
    refuse_open(s, value)
    if (count := tables.length_of(s, value) or object_places.length_of(s, value)) is not None:
        return Leaf(count)
    found = certain(s, value).items if isinstance(value, Handle) else static_items(s, value)
    return None if found is None else Leaf(Const(len(found)), len(found))
