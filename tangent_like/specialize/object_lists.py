"""Lists of objects whose number only the run tells: a list of the core for each attribute.

Before                                           After

    ps = [Point(v) for v in x]                       ps_u = []
    for p in ps:                                     for v in x:
        p.u *= k                                         ps_u.append(v)
    return sum(p.u for p in ps)                      for i in range(len(ps_u)):
                                                         ps_u[i] *= k
                                                     total = 0.0
                                                     for i in range(len(ps_u)):
                                                         total += ps_u[i]

An object of such a list is a place in these lists (``Row``), so that all names for it see what one of them writes. An
attribute that is one constant in all of them (a name, a flag) is no list. That an object is in two such lists at once
is right as long as nobody writes to objects of its class: else it is refused. So is one that is in a list twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tangent_like.frontend.exposed import exposed
from tangent_like.frontend.parsed import LOCAL
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Const,
    Define,
    Each,
    Expr,
    For,
    Index,
    Lambda,
    List,
    Loop,
    Name,
    Pop,
    Push,
    Slice,
    Stmt,
    Store,
    Unary,
    While,
)
from tangent_like.ir.walk import binds, expressions, names, reads, statements, subexpressions
from tangent_like.ir.walk import key as text_key
from tangent_like.specialize.builtin_bases import HELD
from tangent_like.specialize.classes import ClassInfo
from tangent_like.specialize.object_numbers import (
    FORM,
    PLACE,
    REFERENCE,
    as_row,
    columns_of,
    compares,
    is_placed,
    number_of,
    pool_key,
)
from tangent_like.specialize.object_places import (
    LEN,
    PART,
    attributes_of,
    column,
    constant,
    fits,
    forget,
    is_one,
    item,
    moved,
    refuse_twice,
    row_of,
)
from tangent_like.specialize.put_in_lists import as_made
from tangent_like.specialize.spec import Spec, item_name
from tangent_like.specialize.state import State
from tangent_like.specialize.turns import NotUnrolledError
from tangent_like.specialize.values import (
    Class,
    Content,
    Either,
    Frame,
    Handle,
    Lazy,
    Leaf,
    Mixed,
    Row,
    Value,
    is_none,
    none,
)

# -- finding out -----------------------------------------------------------------------------------


def sample(heap: dict[int, Content], values: list[Value]) -> Content | None:
    """An object that stands for all of them, if they can be in such a list."""
    values = [v.options[1] if isinstance(v, Either) and is_none(v.options[0]) else v for v in values]
    contents = [heap[v.id] for v in values if isinstance(v, Handle) and v.id in heap]
    first = contents[0] if contents else None
    if first is None or len(contents) != len(values):
        return None
    keys = {k for k, _ in first.items}
    for content in contents:
        if content.form != "object" or content.cls is None or content.cls != first.cls:
            return None
        if content.borrowed or content.shared or content.part is not None or {k for k, _ in content.items} != keys:
            return None
        if not keys or HELD in keys or content.sometimes or not all(map(fits, content.values)):
            return None
    return first


def is_like(like: object, cls: ClassInfo | None) -> bool:
    """Does it stand for objects of the class?"""
    return isinstance(like, Content) and like.cls is not None and cls is not None and like.cls.name == cls.name


def told(
    s: Spec, error: NotUnrolledError, contents: list[Content], values: list[Value], states: Sequence[State] = ()
) -> NotUnrolledError:
    """The refusal of a list that grows: where nothing else can be done, it is tried as one of these."""
    first = sample({k: v for state in (*states, s.state) for k, v in state.heap.items()}, values)
    sites = [c.site for c in contents if c.site is not None and not c.borrowed]
    if first is not None and sites:
        error.objects = [(site, first) for site in sites]
    return error


def beside(s: Spec, contents: list[Content], heaps: list[dict[int, Content]]) -> None:
    """A list known item by item where another path, or another turn, has one of these: then it is one, too."""
    lists = [c for c in contents if c.form == FORM]
    if not lists or len(lists) == len(contents):
        return
    like = next((found for c in lists if (found := s.facts.objects.get(c.site)) is not None), None)
    for content, heap in zip(contents, heaps, strict=True):
        if content.form == "list" and content.site is not None and not content.borrowed:
            first = sample(heap, list(content.values)) if content.items else like
            if isinstance(first, Content):
                s.facts.learn_objects(content.site, first)


# -- making ----------------------------------------------------------------------------------------


def begin(s: Spec, hint: str, site: object) -> Handle:
    first = s.facts.objects[site]
    assert isinstance(first, Content) and first.cls is not None
    if pool_key(first.cls) in s.pools:
        name = s.fresh(hint or "items")
        s.assign(name, List(()))
        return s.allocate(Content(FORM, ((PLACE, Leaf(Name(name))),), None, hint, site, of=first.cls))
    return begin_like(s, first, hint, site)


def begin_like(s: Spec, first: Content, hint: str, site: object) -> Handle:
    """A list for each attribute of such objects."""
    assert first.cls is not None
    cls = of_this_attempt(s, first.cls)
    items: list[tuple[object, Value]] = []
    for key, value in first.items:
        held: Value | None = constant(value) if (first.cls.name, key) not in s.facts.varied else None
        refers = (first.cls.name, key) in s.facts.references
        if held is None or refers:
            name = s.fresh(item_name(hint or "items", key))
            s.assign(name, List(()))
            held = Leaf(Name(name))
        items.append((key, Lazy(REFERENCE, (held,)) if refers else held))
    if not any(isinstance(v, Leaf) and isinstance(v.expr, Name) for _, v in items):
        s.facts.learn_varied_attribute(first.cls.name, items[0][0])
    return s.allocate(Content(FORM, tuple(items), None, hint, site, of=cls))


def of_this_attempt(s: Spec, cls: ClassInfo) -> ClassInfo:
    """A class that is written inside a function is made anew by each attempt."""
    if LOCAL not in vars(cls.type):
        return cls
    found = [v.info for v in s.state.vars.values() if isinstance(v, Class) and LOCAL in vars(v.info.type)]
    return next((info for info in found if info.name == cls.name), cls)


def empty_like(s: Spec, handle: Handle, hint: str) -> Handle:
    """A list of such objects with none in it."""
    content = s.content(handle)
    items: list[tuple[object, Value]] = []
    for key, value in content.items:
        held = value
        if isinstance(value, Leaf) and isinstance(value.expr, Name):
            name = s.fresh(item_name(hint or "items", key))
            s.assign(name, List(()))
            held = Leaf(Name(name))
        items.append((key, held))
    return s.allocate(Content(FORM, tuple(items), None, hint, of=content.of))


def joined(s: Spec, parts: list[Value], hint: str, over: Callable[..., None]) -> Handle:
    """``ps + qs``, ``list(ps)``: the same objects in another list."""
    made = empty_like(s, next(p for p in parts if is_one(p, s)), hint)
    for one in parts:
        extend(s, made, one, over)
    return made


def in_order(s: Spec, handle: Handle, order: Leaf, hint: str, over: Callable[..., None]) -> Handle:
    """The objects at the places that are said, in another list."""
    made = empty_like(s, handle, hint or "in_order")
    over(s, order, lambda place: append(s, made, item(s, handle, s.materialize(place))))
    return made


def sort(s: Spec, handle: Handle, ordered: Handle) -> None:
    """``ps.sort(key=...)``: the objects take the places that they have in ``ordered``."""
    s.state.pairs = frozenset(pair for pair in s.state.pairs if ordered.id not in pair)
    moved(s, handle)
    for (_, name), (_, other) in zip(columns_of(s.content(handle)), columns_of(s.content(ordered)), strict=True):
        s.emit(Store(Index(Name(name), Slice(None, None, None)), "", Name(other), s.origin))


def display(s: Spec, values: list[Value], hint: str, site: object) -> Handle:
    handle = begin(s, hint, site)
    if sum(isinstance(v, Handle) and s.content(v).row is not None for v in values) > 1:
        again(s, handle)
    for value in values:
        append(s, handle, value)
    return handle


def collected(s: Spec, value: Value, hint: str, site: object, over: Callable[..., None]) -> Handle:
    """What a comprehension gives."""
    handle = begin(s, hint, site)
    begun = len(s.out)
    places: list[Row] = []

    def put(item: Value) -> None:
        row = s.content(item).row if isinstance(item, Handle) else None
        if row is not None:
            places.append(row)
        append(s, handle, item)

    over(s, value, put)
    if places and not each_once(tuple(s.out[begun:]), column(s, handle).id, places[-1]):
        again(s, handle)
        refuse_twice(s, s.state)
    return handle


def each_once(made: tuple[Stmt, ...], column_: str, row: Row) -> bool:
    """Does one loop put an object into the list, and is that at another place in each turn?"""
    puts = [stmt for stmt in statements(made) if isinstance(stmt, Push) and stmt.list == column_]
    around = [stmt for stmt in statements(made) if isinstance(stmt, For | Each | Loop | While)]
    around = [loop for loop in around if any(inner in puts for inner in statements(loop.body))]
    loop = around[0] if len(puts) == len(around) == 1 else None
    if not isinstance(loop, For):
        return False
    place, bound = row.place.expr, [name for inner in statements(loop.body) for name in binds(inner)]
    for inner in statements(loop.body):
        if isinstance(inner, Assign) and isinstance(place, Name) and inner.targets == (place.id,):
            place = inner.values[0] if bound.count(place.id) == 1 else place
    if not (row.exact or (isinstance(place, Name) and len(loop.args) == 1)):  # counted from the end, maybe
        return False
    return loop.target not in bound and moves(place, loop.target, {loop.target, *bound})


def moves(place: Expr, turn: str, bound: set[str]) -> bool:
    """``k``, ``k + start`` or ``last - k`` for a turn ``k``, of what the loop does not change."""
    match place:
        case Name(id):
            return id == turn
        case Binary("+" | "-", left, right):
            one, other = (left, right) if not names(right) & bound else (right, left)
            return not names(other) & bound and moves(one, turn, bound)
        case _:
            return False


def append(s: Spec, handle: Handle, value: Value) -> None:
    content = s.content(handle)
    new = attributes_of(s, content, value)
    if is_placed(content):
        s.emit(Push(new[0][0], new[0][1], s.origin))
        return
    assert isinstance(value, Handle)
    row = s.content(value).row
    forget(s.state, lambda other: other.list.id == handle.id and not other.exact)  # counted from the end, maybe
    if row is None:
        held = value.id in s.state.reachable()
        new = [(name, as_made(s, e, tuple(o for _, o in new if o is not e), held)) for name, e in new]
    for name, expr in new:
        s.emit(Push(name, expr, s.origin))
    if row is not None:
        s.state.pairs |= shared(s.state, row.list.id, handle.id)
        refuse_twice(s, s.state)
        return
    place = s.fresh(item_name(content.hint, "place"))
    s.assign(place, Binary("-", Call(LEN, (column(s, handle),)), Const(1)))
    s.state.heap[value.id] = as_row(content, handle, Leaf(Name(place)))


def shared(state: State, source: int, made: int) -> set[tuple[int, int]]:
    """Pairs of lists that have objects of both, where one has some of another: so does what had some of that."""
    others = {k for pair in state.pairs if source in pair for k in pair} - {source, made}
    own = {(made, made)} if (source, source) in state.pairs else set()
    return {(source, made), *((k, made) for k in others), *own}


def again(s: Spec, handle: Handle) -> None:
    """An object may be in the list twice: then it is not written."""
    if is_placed(s.content(handle)):
        return
    s.state.pairs |= {(handle.id, handle.id)}


def extend(s: Spec, handle: Handle, value: Value, over: Callable[..., None]) -> None:
    """All objects of another list, of which each is there once."""
    before = s.state.pairs
    whole = is_one(value, s) or (isinstance(value, Lazy) and value.form == PART)

    def put(item: Value) -> None:
        row = s.content(item).row if isinstance(item, Handle) else None
        met = row is not None and {(row.list.id, handle.id), (handle.id, row.list.id)} & before
        if row is not None and (not whole or row.list.id == handle.id or met):
            again(s, handle)
        append(s, handle, item)

    over(s, value, put)


def method(
    s: Spec, handle: Handle, name: str, args: list[Value], over: Callable[..., None], at_: tuple[int, int] | None
) -> Value:
    content = s.content(handle)
    if is_placed(content) and name in ("remove", "index", "count") and len(args) == 1:
        return by_number(s, handle, name, args[0], at_)
    if is_placed(content) and name == "insert" and len(args) == 2:
        at = s.materialize(s.in_names(args[0], "place"))
        put_in(s, handle, at, Index(column(s, handle), Slice(at, None, None)), List((number_of(s, content, args[1]),)))
        return none()
    if is_placed(content) and name == "reverse" and not args:
        numbers = column(s, handle)
        backwards = Index(numbers, Slice(None, None, Unary("-", Const(1))))
        s.emit(Store(Index(numbers, Slice(None, None, None)), "", backwards, s.origin))
        return none()
    if name == "append" and len(args) == 1:
        if isinstance(args[0], Handle) and s.content(args[0]).row is not None:
            again(s, handle)  # by this place, and maybe by that of another turn
        append(s, handle, args[0])
        return none()
    if name == "extend" and len(args) == 1:
        extend(s, handle, args[0], over)
        return none()
    if name == "copy" and not args:
        return joined(s, [handle], content.hint, over)
    if name == "clear" and not args:
        moved(s, handle)
        for _, column_ in columns_of(content):
            s.emit(Store(Index(Name(column_), Slice(None, None, None)), "", List(()), s.origin))
        return none()
    if (name == "pop" and len(args) < 2) or (name == "popleft" and not args):
        return popped(s, handle, Leaf(Const(0), 0) if name == "popleft" else args[0] if args else None)
    raise s.refuse(f"the method .{name}() of a list of objects whose number only the run tells", "", at_)


def popped(s: Spec, handle: Handle, index: Value | None) -> Value:
    """The object that is taken out, which is one by itself from then on."""
    content = s.content(handle)
    moved(s, handle)
    if is_placed(content) and index is None:
        number = s.fresh("popped")
        s.emit(Pop(Name(number), column(s, handle).id, s.origin))
        return row_of(s, content, Name(number))
    if is_placed(content) and index is not None:
        at = s.materialize(s.in_names(index, "place"))
        taken = row_of(s, content, Index(column(s, handle), at))
        take_out(s, handle, at)
        return taken
    place = None if index is None else s.materialize(s.in_names(index, "place"))
    items: list[tuple[object, Value]] = []
    for key, held in content.items:
        assert isinstance(held, Leaf)
        if not isinstance(held.expr, Name):
            items.append((key, held))
            continue
        name = s.fresh(item_name("popped", key))
        out: list[Stmt] = []
        if place is None:
            out.append(Pop(Name(name), held.expr.id, s.origin))
        else:
            rest = Slice(Const(1), None, None) if text_key(place) == text_key(Const(0)) else None
            out.append(Assign((name,), (Index(held.expr, place),), s.origin))
            if rest is None:
                raise s.refuse("pop in the middle of a list of objects whose number only the run tells")
            out.append(Store(Index(held.expr, Slice(None, None, None)), "", Index(held.expr, rest), s.origin))
        for stmt in out:
            s.emit(stmt)
        items.append((key, Leaf(Name(name))))
    return s.allocate(Content("object", tuple(items), content.of, "popped"))


def by_number(s: Spec, handle: Handle, name: str, value: Value, at_: tuple[int, int] | None) -> Value:
    """``ps.remove(p)`` of a list of the numbers that objects have in their pool."""
    content = s.content(handle)
    if content.of is not None and compares(content.of):
        raise s.refuse(f"the method .{name}() of a list of objects of {content.of.name}, which has __eq__,", "", at_)
    asked = "index" if name == "remove" else name
    call = Leaf(Call(Attribute(column(s, handle), asked), (number_of(s, content, value),)))
    if name != "remove":
        return call
    take_out(s, handle, s.held(call, "place").expr)
    return none()


def take_out(s: Spec, handle: Handle, at: Expr) -> None:
    behind = Index(Index(column(s, handle), Slice(at, None, None)), Slice(Const(1), None, None))  # of the last one, too
    put_in(s, handle, at, behind)


def put_in(s: Spec, handle: Handle, at: Expr, behind: Expr, new: List | None = None) -> None:
    """The numbers of a list up to a place, new ones, and those behind."""
    numbers = column(s, handle)
    front: Expr = Index(numbers, Slice(None, at, None))
    rest = Binary("+", front if new is None else Binary("+", front, new), behind)
    s.emit(Store(Index(numbers, Slice(None, None, None)), "", rest, s.origin))


def same_form(contents: list[Content]) -> bool:
    """May they be one: lists of objects of one class with the same constants?"""
    first = contents[0]
    for content in contents[1:]:
        of = [None if c.of is None else pool_key(c.of) if is_placed(c) else c.of for c in (content, first)]
        if of[0] != of[1] or [k for k, _ in content.items] != [k for k, _ in first.items]:
            return False
        for (_, a), (_, b) in zip(content.items, first.items, strict=True):
            if not isinstance(a, Leaf) or not isinstance(b, Leaf):
                return False
            if isinstance(a.expr, Name) != isinstance(b.expr, Name):
                return False
            if not isinstance(a.expr, Name) and text_key(a.expr) != text_key(b.expr):
                return False
    return True


def let_go(s: Spec, frame: Frame) -> None:
    """Names for lists that have objects of others, and that nothing reads any more."""
    held = {id_ for pair in s.state.pairs for id_ in pair}
    found = [n for (f, n), v in s.state.vars.items() if f == frame.id and isinstance(v, Handle) and v.id in held]
    if not found:
        return
    wanted = {name for inner in statements(frame.function.body[-1:]) for name in reads(inner)}
    for k, (stmt, *behind) in enumerate(frame.later):
        rest = tuple(behind) if k < len(frame.later) - 1 else (stmt, *behind)
        wanted |= {name for inner in statements(rest) for name in reads(inner)}
        if isinstance(stmt, For | Each | Loop | While):  # the next turn
            wanted |= reads(stmt) | exposed(stmt.body)
    whole = statements(frame.function.body)
    inside = [e for inner in whole for top in expressions(inner) for e in subexpressions(top)]
    if any(isinstance(inner, Define) for inner in whole) or any(isinstance(e, Lambda) for e in inside):
        return  # functions inside may read them
    for name in found:
        if name not in wanted:
            s.state.vars[frame.id, name] = Mixed(f"{name!r}, a list that nothing seemed to read any more,")


def as_one(met: int, id_: int, state: State) -> None:
    """A list that stands for another where paths meet, or in a turn: what is in others, too, is known of it."""
    state.pairs |= {tuple(met if k == id_ else k for k in pair) for pair in state.pairs if id_ in pair}  # type: ignore[misc]
