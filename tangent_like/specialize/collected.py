"""``collections``: deques are lists that may drop what is oldest, the dicts are dicts with a default or an order."""

from __future__ import annotations

from tangent_like.frontend.method_calls import WRITING
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.leaves import At
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Attribute,
    Binary,
    Call,
    Compare,
    Const,
    Dict,
    Expr,
    If,
    Index,
    List,
    Name,
    Pass,
    Slice,
    Store,
    Unary,
)
from tangent_like.kinds.kind import is_list
from tangent_like.specialize import comprehensions, containers, iterate, object_lists, tables
from tangent_like.specialize.spec import Spec, item_name
from tangent_like.specialize.values import (
    COUNTS,
    UNSET,
    Content,
    Endless,
    Handle,
    Keywords,
    Leaf,
    Longest,
    Outer,
    Seq,
    Value,
    is_none,
    none,
)

ALL = Slice(None, None, None)


def deque(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``deque(xs, maxlen=n)``."""
    named = dict(keywords)
    given = args[1] if len(args) > 1 else named.get("maxlen", none())
    longest = containers.known_int(given)
    if expr in s.facts.objects and is_none(given):
        return object_lists.collected(s, args[0] if args else Seq(()), hint, expr, iterate.over)
    if expr in s.facts.dynamic:
        bound: object = Endless() if is_none(given) else Longest(longest if longest is not None else number(s, given))
        made = comprehensions.as_list(s, args[0], hint) if args else Leaf(List(()))
        listed = made if isinstance(made, Handle) else Leaf(Call(builtin_ref("list"), (s.materialize(made),)))
        if not args or not isinstance(bound, Longest):
            return Leaf(s.materialize(listed) if args else List(()), bound)
        whole = s.held(Leaf(s.materialize(listed)), "items").expr
        count = Binary("-", Call(builtin_ref("len"), (whole,)), bound.expr)
        return Leaf(Index(whole, Slice(Call(builtin_ref("max"), (count, Const(0))), None, None)), bound)
    items = containers.static_items(s, args[0]) if args else []
    if items is None or (longest is None and not is_none(given)):
        s.facts.learn_dynamic(expr)
    found = [s.settled(v, item_name(hint, k)) for k, v in enumerate(items or ())]
    kept = found[max(len(found) - longest, 0) :] if longest is not None else found
    return s.allocate(Content("list", tuple(enumerate(kept)), None, hint, expr, made_as="deque", longest=longest))


def number(s: Spec, value: Value) -> str:
    """A name for a number that stays as it is."""
    name = s.fresh("longest")
    s.assign(name, s.materialize(value))
    return name


def default_dict(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``defaultdict(list)``."""
    factory = args[0] if args and not is_none(args[0]) else None
    if expr in s.facts.dynamic and factory is not None:
        return tables.with_default(s, factory, args[1:], keywords, hint, expr)
    table = containers.dict_items(s, args[1]) if len(args) > 1 else {}
    return s.allocate(Content("dict", (*table.items(), *keywords), None, hint, expr, default=factory))


def counter(s: Spec, args: list[Value], keywords: Keywords, expr: Expr | None, hint: str) -> Value | None:
    """``Counter("abca")``, of texts and numbers that are known: a dict of how often each is there."""
    if expr in s.facts.dynamic:
        s.facts.counters.add(expr)
        table = tables.begin(s, Dict((), ()), hint, expr, default=COUNTS)
        one = Leaf(Const(1), 1)
        for iterable in args:
            if given_counts(s, iterable) is not None or tables.is_table(iterable, s):
                raise s.refuse("a Counter of a dict, with keys that only the run tells", "add to it in a loop")
            iterate.over(s, iterable, lambda v: tables.store(s, table, v, "+", one))
        return table
    if (counts := given_counts(s, args[0]) if args else None) is not None and not keywords:
        return s.allocate(Content("dict", tuple(counts.items()), None, hint, expr, default=COUNTS))
    items = containers.static_items(s, args[0]) if args else []
    keys = [containers.constant_key(s, v) for v in items or ()]
    if s.facts.tables and not keywords and (items is None or containers.MISSING in keys):
        s.facts.learn_table(expr)
    if items is None or keywords or any(k is containers.MISSING for k in keys):
        raise s.refuse("a Counter of what only the run tells", "count in a loop", getattr(expr, "at", None))
    found = tuple((k, Leaf(Const(n := keys.count(k)), n)) for k in dict.fromkeys(keys))
    return s.allocate(Content("dict", found, None, hint, expr, default=COUNTS))


def given_counts(s: Spec, value: Value) -> dict[object, Value] | None:
    """What a Counter of a dict begins with, or adds: its items, and not how often each key is there."""
    is_dict = isinstance(value, Handle) and s.content(value).form == "dict" and not tables.is_table(value, s)
    outer = isinstance(value, Outer) and isinstance(value.value, dict)
    return containers.dict_items(s, value) if is_dict or outer else None


def counter_method(s: Spec, handle: Handle, name: str, args: list[Value], keywords: Keywords, at: At) -> Value | None:
    """What a Counter does otherwise than a dict; None for what it does alike."""
    match name, args:
        case ("update" | "subtract"), _:
            new = given_counts(s, args[0]) if args else {}
            if new is None or len(args) > 1:
                raise s.refuse(f"the method .{name}() of a Counter, of this,", "add to it in a loop", at)
            for key, value in [*new.items(), *keywords]:
                old = s.content(handle).get(key)
                added = value if old is None and name == "update" else Leaf(
                    Binary("+" if name == "update" else "-", s.materialize(old or COUNTS), s.materialize(value))
                )
                containers.put(s, handle, key, added)
            return none()
        case "most_common", [] | [Leaf(known=int())]:
            counts = [v.known if isinstance(v, Leaf) else UNSET for v in s.content(handle).values]
            most = args[0].known if args and isinstance(args[0], Leaf) else None
            if not all(isinstance(n, int) for n in counts) or not isinstance(most, int | None):
                raise s.refuse("most_common of what only the run tells", "sort its items", at)
            pairs = sorted(zip(s.content(handle).items, counts, strict=True), key=lambda pair: -pair[1])  # type: ignore[operator]
            return containers.new_list(s, [Seq((Leaf(Const(k), k), v)) for (k, v), _ in pairs[:most]])
        case _:
            return None


def dropped(s: Spec, xs: str, longest: Longest, last: bool) -> None:
    """What a deque of the core forgets when it has become too long."""
    kept = Slice(None, longest.expr, None) if last else Slice(Const(1), None, None)
    store = Store(Index(Name(xs), ALL), "", Index(Name(xs), kept), s.origin)
    test = Compare(Call(builtin_ref("len"), (Name(xs),)), (">",), (longest.expr,))
    s.out.append(If((Arm(test, (store,), s.origin),), (Pass(),), s.origin))


def core_method(s: Spec, holder: Leaf, name: str, args: list[Value]) -> Value | None:
    """A method that a deque has and a list has not, of a list of the core; None for any other."""
    if not isinstance(holder.expr, Name) or not is_list(s.kind(holder.expr)):
        return None
    xs = holder.expr.id
    if name == "popleft" and not args:
        popped = s.fresh("popped")
        s.emit(Assign((popped,), (Index(Name(xs), Const(0)),), s.origin))
        s.emit(Store(Index(Name(xs), ALL), "", Index(Name(xs), Slice(Const(1), None, None)), s.origin))
        return Leaf(Name(popped))
    if name == "appendleft":
        item = s.materialize(s.settled(args[0], "item"))
        longer = Binary("+", List((item,)), Index(Name(xs), ALL))
        s.emit(Store(Index(Name(xs), ALL), "", longer, s.origin))
        if isinstance(holder.known, Longest):
            dropped(s, xs, holder.known, True)
        return none()
    if name == "copy" and not args:
        return Leaf(Call(Attribute(Name(xs), "copy"), ()), holder.known)
    if name == "insert" and isinstance(holder.known, Longest):
        raise s.refuse("insert into a deque that keeps so many items", "use append")
    if name == "insert" and len(args) == 2:
        at = s.materialize(s.in_names(args[0], "place"))
        item = s.materialize(s.settled(args[1], "item"))
        front, behind = Index(Name(xs), Slice(None, at, None)), Index(Name(xs), Slice(at, None, None))
        longer = Binary("+", Binary("+", front, List((item,))), behind)
        s.emit(Store(Index(Name(xs), ALL), "", longer, s.origin))
        return none()
    if name == "reverse" and not args:
        backwards = Slice(None, None, Unary("-", Const(1)))
        s.emit(Store(Index(Name(xs), ALL), "", Index(Name(xs), backwards), s.origin))
        return none()
    if name == "clear" and not args:
        s.emit(Store(Index(Name(xs), ALL), "", List(()), s.origin))
        return none()
    if name == "pop" and len(args) == 1:
        at, popped = s.materialize(s.in_names(args[0], "place")), s.fresh("popped")
        s.emit(Assign((popped,), (Index(Name(xs), at),), s.origin))
        without(s, xs, at)
        return Leaf(Name(popped))
    if name == "remove" and len(args) == 1:
        place = s.fresh("place")
        s.emit(Assign((place,), (Call(Attribute(Name(xs), "index"), (s.materialize(args[0]),)),), s.origin))
        without(s, xs, Name(place))
        return none()
    if name == "rotate" and len(args) <= 1:
        cut = s.fresh("cut")
        length = Call(builtin_ref("len"), (Name(xs),))
        steps = s.materialize(args[0]) if args else Const(1)
        least = Call(builtin_ref("max"), (length, Const(1)))
        s.emit(Assign((cut,), (Binary("-", length, Binary("%", steps, least)),), s.origin))
        parted(s, xs, Slice(Name(cut), None, None), Slice(None, Name(cut), None))
        return none()
    if name in WRITING:
        raise s.refuse(f"the method .{name}() of a list, with these arguments,", "write a loop")
    return None


def without(s: Spec, xs: str, place: Expr) -> None:
    """The list loses the item at a place, which may be counted from its end."""
    behind = Index(Index(Name(xs), Slice(place, None, None)), Slice(Const(1), None, None))
    kept = Binary("+", Index(Name(xs), Slice(None, place, None)), behind)
    s.emit(Store(Index(Name(xs), ALL), "", kept, s.origin))


def parted(s: Spec, xs: str, first: Slice, second: Slice) -> None:
    """The list becomes two parts of it."""
    both = Binary("+", Index(Name(xs), first), Index(Name(xs), second))
    s.emit(Store(Index(Name(xs), ALL), "", both, s.origin))


def static_method(s: Spec, handle: Handle, name: str, args: list[Value], expr: Expr | None) -> Value:
    """The same of items that are known one by one."""
    content = s.content(handle)
    items = list(content.values)
    if name == "popleft" and not args and items:
        first = items.pop(0)
        s.set_items(handle, items)
        return first
    if name == "appendleft":
        items.insert(0, s.settled(args[0], item_name(content.hint, "new")))
        s.set_items(handle, items[: content.longest])
        return none()
    if name == "extendleft" and (more := containers.static_items(s, args[0])) is not None:
        for item in more:
            static_method(s, handle, "appendleft", [item], expr)
        return none()
    if name == "extendleft" and content.site is not None:
        s.facts.learn_dynamic(content.site)
    count = containers.known_int(args[0]) if args else 1
    if name == "rotate" and count is not None and items:
        shift = count % len(items)
        s.set_items(handle, items[len(items) - shift :] + items[: len(items) - shift])
        return none()
    raise s.refuse(f"the method .{name}() here", "", getattr(expr, "at", None))


def missing(s: Spec, handle: Handle, key: object) -> Value | None:
    """What ``defaultdict`` makes for a key that it has not."""
    content = s.content(handle)
    if content.default is None or content.default is COUNTS:
        return content.default
    made = s.call(content.default, [], [], None, item_name(content.hint, key))
    containers.put(s, handle, key, made)
    return s.content(handle).get(key)


