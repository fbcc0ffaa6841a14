"""Methods of lists and dicts whose items are known one by one."""

from __future__ import annotations

from dataclasses import replace

from tangent_like.ir.nodes import Attribute, Const, Expr, Name, Pop, Push
from tangent_like.kinds.kind import is_list
from tangent_like.specialize import (
    assume,
    attributes,
    collected,
    constant_tables,
    containers,
    iterate,
    meet,
    object_lists,
    object_numbers,
    object_places,
    ordering,
    outside_tables,
    rounds,
    sets,
    slice_parts,
    table_methods,
    table_paths,
    tables,
    texts,
    written,
)
from tangent_like.specialize.held_twice import given_away, refuse_shared
from tangent_like.specialize.in_steps import as_objects
from tangent_like.specialize.keyed import by_key
from tangent_like.specialize.object_keys import key_value
from tangent_like.specialize.spec import Spec, item_name
from tangent_like.specialize.turns import readable
from tangent_like.specialize.unwritten import by_identity
from tangent_like.specialize.values import COUNTS, UNSET, Handle, Keywords, Lazy, Leaf, Longest, Mixed, Seq, Value, none


def method(
    s: Spec, handle: Handle | Lazy, name: str, args: list[Value], keywords: list[tuple[str, Value]], expr: Expr | None
) -> Value:
    """A method of a list or dict whose items are known, or of one whose keys only the run tells."""
    if isinstance(handle, Lazy) and handle.form == "slice":
        return slice_parts.indices(s, handle, args, getattr(expr, "at", None))
    if isinstance(handle, Lazy):
        return table_methods.row_method(s, handle, name, args, getattr(expr, "at", None))
    content = s.content(handle)
    if content.form == "list":
        return list_method(s, handle, name, args, expr, keywords)
    if content.form == "dict":
        return dict_method(s, handle, name, args, keywords, expr)
    if content.form == tables.TABLE:
        return table_methods.method(s, handle, name, args, keywords, expr, meet.branches, iterate.over)
    if content.form == object_numbers.FORM and name == "sort" and not args:
        ordered = ordering.in_order(s, [handle], keywords, expr, "in_order")
        assert isinstance(ordered, Handle)
        object_lists.sort(s, handle, ordered)
        return none()
    if content.form == object_numbers.FORM:
        return object_lists.method(s, handle, name, args, iterate.over, getattr(expr, "at", None))
    if content.form == "set":
        return sets.method(s, handle, name, args, expr)
    raise s.refuse(f"the method .{name}() of a {content.form}", "", getattr(expr, "at", None))


def list_method(
    s: Spec, handle: Handle, name: str, args: list[Value], expr: Expr | None, keywords: Keywords | None = None
) -> Value:
    containers.refuse_open(s, handle)
    if name not in ("copy", "index", "count"):
        refuse_shared(s, handle)
    items = list(s.content(handle).values)
    hint = s.content(handle).hint
    match name:
        case "append":
            items.append(s.settled(args[0], item_name(hint, len(items))))
            longest = s.content(handle).longest
            items = items if longest is None else items[max(len(items) - longest, 0) :]
        case "extend":
            written.extend(s, handle, args[0])
            return none()
        case "insert" if s.content(handle).longest is not None:
            raise s.refuse("insert into a deque that keeps so many items", "use append", getattr(expr, "at", None))
        case "insert" if containers.known_int(args[0]) is not None:
            items.insert(containers.known_int(args[0]) or 0, s.settled(args[1], f"{hint}_new"))
        case "insert":
            meet.unknown_length(s, [s.content(handle)])
        case "pop" if not args or containers.known_int(args[0]) is not None:
            if not items:
                raise s.refuse("pop from an empty list")
            popped = items.pop(containers.known_int(args[0]) if args else -1)  # type: ignore[arg-type]
            s.set_items(handle, items)
            return popped
        case "reverse":
            items.reverse()
        case "sort" if not args:
            if not keywords and any(isinstance(v, Handle) and s.content(v).form == "object" for v in items):
                as_objects(s, [handle])
            items = ordering.sorted_items(s, handle, keywords or [], expr)
        case "clear":
            items.clear()
        case "copy":
            return s.allocate(replace(s.content(handle), site=None, borrowed=False, shared=False))
        case "index" | "remove" | "count" if (known := equal_to(s, items, args[0])) is not None:
            if name == "count":
                return Leaf(Const(len(known)), len(known))
            if not known:
                raise s.refuse(f"the method .{name}() of what is not in the list", "", getattr(expr, "at", None))
            if name == "index":
                return Leaf(Const(known[0]), known[0])
            del items[known[0]]
        case "popleft" | "appendleft" | "rotate" | "extendleft":
            return collected.static_method(s, handle, name, args, expr)
        case "count" | "index" | "remove" | _:
            raise s.refuse(f"the method .{name}() of a list", "", getattr(expr, "at", None))
    s.set_items(handle, items)
    return none()


def of_tuple(s: Spec, value: Seq, name: str, args: list[Value], at: tuple[int, int] | None) -> Value:
    """``index`` and ``count``, where it is known what is equal."""
    known = equal_to(s, list(value.items), args[0]) if len(args) == 1 else None
    if known is None or (name == "index" and not known):
        raise s.refuse(f"the method .{name}() of a tuple, of this,", "compare in a loop", at)
    found = known[0] if name == "index" else len(known)
    return Leaf(Const(found), found)


def equal_to(s: Spec, items: list[Value], wanted: Value) -> list[int] | None:
    """At which places of a list a value is, where that is known: it is the very one, or all are constants."""
    known, one = [texts.constant(s, v) for v in items], texts.constant(s, wanted)
    found: list[int] = []
    for k, (item, value) in enumerate(zip(items, known, strict=True)):
        if value is not UNSET and one is not UNSET:
            if value == one:
                found.append(k)
        elif rounds.same_value(item, wanted):
            found.append(k)
            return found  # what comes behind is not asked
        elif not (isinstance(item, Handle) and isinstance(wanted, Handle) and by_identity(s, item, wanted)):
            return None
    return found


def dict_method(
    s: Spec, handle: Handle, name: str, args: list[Value], keywords: list[tuple[str, Value]], expr: Expr | None
) -> Value:
    content = s.content(handle)
    at = getattr(expr, "at", None)
    if content.part is not None and name not in ("get", "items", "keys", "values", "copy"):
        raise s.refuse(f"the method .{name}() of {assume.shown(content.part)}", "write into a copy: dict(...)", at)
    if name != "get":
        containers.refuse_open(s, handle)
    if content.default is COUNTS:
        done = collected.counter_method(s, handle, name, args, keywords, at)
        if done is not None:
            return done
    match name:
        case "items" | "keys" | "values":
            return Lazy(name, (handle,))
        case "copy":
            return s.allocate(replace(content, site=None, borrowed=False))
        case "update":
            new = containers.dict_items(s, args[0]) if args else {}
            for key, value in (*new.items(), *keywords):
                containers.put(s, handle, key, value)
            return none()
        case "get" | "pop" | "setdefault" if args:
            key = containers.constant_key(s, args[0])
            if key is containers.MISSING:
                if name == "get" and (found := got(s, handle, args, expr)) is not None:
                    return found
                raise tables.only_the_run(s, handle, "a key that only the run tells", at)
            found = content.get(key)
            if isinstance(found, Mixed):
                table_paths.grown(s, [content])
            if name == "pop" and found is None and len(args) == 1:
                raise s.refuse(f"pop of the key {key!r}, which is not there,", "give it a default", at)
            if found is None and content.part is not None:
                assume.learn(s, content.part, "dict", key)
            default = args[1] if len(args) > 1 else none()
            if name == "setdefault" and found is None:
                containers.put(s, handle, key, default)
                found = s.content(handle).get(key)
            if name == "pop" and found is not None:
                refuse_shared(s, handle, key)
                s.state.drop(handle, key)
            return readable(s, found if found is not None else default)
        case "clear":
            refuse_shared(s, handle)
            s.state.set_keys(handle, [])
            return none()
        case "popitem" | "move_to_end":
            return of_order(s, handle, name, args, keywords, at)
        case _:
            raise s.refuse(f"the method .{name}() of a dict", "", at)


def of_order(
    s: Spec, handle: Handle, name: str, args: list[Value], keywords: Keywords, at: tuple[int, int] | None
) -> Value:
    """``d.popitem()``; ``popitem(last=False)`` and ``move_to_end(key)`` of an ``OrderedDict``."""
    items = list(containers.certain(s, handle).items)
    given = (*args, *(v for n, v in keywords if n == "last"))
    flag = given[-1] if len(given) > (name == "move_to_end") else Leaf(Const(True), True)
    last = flag.known if isinstance(flag, Leaf) else None
    if not isinstance(last, bool) or any(n not in ("last", "key") for n, _ in keywords):
        raise s.refuse(f"the method .{name}() at an end that is not known", "write True or False", at)
    if name == "popitem":
        if not items:
            raise s.refuse("popitem of an empty dict", "ask whether there are items", at)
        key, value = items.pop(-1 if last else 0)
        s.state.set_keys(handle, items)
        return Seq((key_value(key), readable(s, value)))
    wanted = args[0] if args else dict(keywords)["key"]
    key = containers.constant_key(s, wanted)
    moved = [item for item in items if item[0] == key]
    if not moved:
        raise s.refuse("move_to_end of a key that is not there, or that only the run tells,", "write the key out", at)
    rest = [item for item in items if item[0] != key]
    s.state.set_keys(handle, [*rest, *moved] if last else [*moved, *rest])
    return none()


def got(s: Spec, handle: Handle, args: list[Value], expr: Expr | None) -> Value | None:
    """``d.get(key, default)`` of a text that only the run tells."""
    rest = [s.in_names(a, "held") for a in args[1:]]
    return by_key(
        s,
        handle,
        args[0],
        lambda key: dict_method(s, handle, "get", [key, *rest], [], expr),
        "item",
        lambda _: rest[0] if rest else none(),
        expr,
    )


def of_core_list(s: Spec, holder: Leaf, name: str, args: list[Value], keywords: Keywords, expr: Expr) -> Value | None:
    """A method of a list of the core that is a statement there; None for any other."""
    if constant_tables.is_dict(s, holder):
        return constant_tables.method(s, holder, name, args, keywords, expr)
    if not isinstance(holder.expr, Name) or not is_list(s.kind(holder.expr)):
        return None
    if name == "append":
        pushed(s, holder, args[0])
        return none()
    if name == "extend":
        iterate.over(s, args[0], lambda v: pushed(s, holder, v))
        return none()
    if name == "extendleft":

        def first(value: Value) -> None:
            collected.core_method(s, holder, "appendleft", [value])

        iterate.over(s, args[0], first)
        return none()
    if name == "pop" and not args:
        popped = s.fresh("popped")
        s.emit(Pop(Name(popped), holder.expr.id, s.origin))
        return Leaf(Name(popped))
    if name == "sort" and not args:
        ordering.sort_list(s, holder, keywords, expr)
        return none()
    return collected.core_method(s, holder, name, args)


def pushed(s: Spec, holder: Leaf, value: Value) -> None:
    """One more item; a deque that has become too long drops its first."""
    assert isinstance(holder.expr, Name)
    s.emit(Push(holder.expr.id, given_away(s, value), s.origin))
    if isinstance(holder.known, Longest):
        collected.dropped(s, holder.expr.id, holder.known, False)


def append(s: Spec, holder: Value, value: Value, expr: Expr) -> None:
    """``xs.append(value)``."""
    if isinstance(holder, Handle) and s.content(holder).form == "list":
        list_method(s, holder, "append", [value], expr)
        return
    if tables.is_row(holder):
        tables.append(s, holder, value)
        return
    if object_places.is_one(holder, s):
        object_lists.append(s, holder, value)
        return
    if (table := outside_tables.table_of(holder)) is not None:
        outside_tables.method(s, table, "append", [value], [], getattr(expr, "at", None))
        return
    at = getattr(expr, "at", None)
    if isinstance(holder, Handle) and s.content(holder).form == "object":
        s.call(attributes.get(s, holder, "append", Attribute(Const(None), "append", at)), [value], [], expr)
        return
    raise s.refuse("append to this", "", at)
