"""What is known about lists: their items all alike, their length not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from tangent_like.ir.blocks import all_blocks
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Break,
    Call,
    Choose,
    Comprehension,
    Const,
    Each,
    Expr,
    For,
    Function,
    Index,
    Lambda,
    Library,
    List,
    Logic,
    Name,
    Opaque,
    Pop,
    Push,
    Raise,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Tuple,
    UserFunction,
)
from tangent_like.ir.walk import base_name, binds, children, expressions, names, statements, subexpressions
from tangent_like.kinds.dims import Dim, Sizes
from tangent_like.kinds.indexing import indexed
from tangent_like.kinds.kind import (
    INT,
    UNKNOWN,
    Array,
    Kind,
    ListOf,
    Scalar,
    Sequence,
    Unknown,
    as_list,
    is_complex,
    is_list,
    item_of,
    join,
)
from tangent_like.kinds.operands import Exprs, Kinds, array_of

Result = Callable[[Kinds, Exprs, Sizes], Kind]


def with_item(kind: Kind, item: Kind, join: Callable[[Kind, Kind], Kind] = join) -> Kind:
    """The kind of a list that may hold such an item, too; ``join`` may know more of sizes."""
    kind = as_list(kind)
    if kind == UNKNOWN:
        return ListOf(UNKNOWN)
    if not isinstance(kind, ListOf):
        return kind  # no list: refused where it would matter
    item = as_list(item)
    return ListOf(item if kind.item is None else join(kind.item, item))


def takes_none(expr: Expr, env: Kinds, but: frozenset[str] | set[str]) -> bool:
    """Is an item taken out of a list in which nothing is, as far as is known yet? Then no turn so far comes here.

    Not of the lists ``but``, into which others may put something.
    """
    match expr:
        case Choose() | Logic() | Comprehension() | Lambda():
            return False
        case Index(Name(id), index) if id not in but and not isinstance(index, Slice):
            kind = as_list(env.get(id, UNKNOWN))
            return (isinstance(kind, ListOf) and kind.item is None) or takes_none(index, env, but)
        case _:
            return any(takes_none(inner, env, but) for inner in children(expr))


def with_stored(kind: Kind, target: Index, item: Kind, join: Callable[[Kind, Kind], Kind] = join) -> Kind:
    """The kind of a list of which ``target`` is a part, once such a value is stored there."""
    inner, depth = target.value, 0
    while isinstance(inner, Index):
        inner, depth = inner.value, depth + 1
    return _stored(as_list(kind), depth, target, item, join)


def _stored(kind: Kind, depth: int, target: Index, item: Kind, join: Callable[[Kind, Kind], Kind]) -> Kind:
    if depth:
        held = kind.item if isinstance(kind, ListOf) else None
        return ListOf(_stored(held, depth - 1, target, item, join)) if isinstance(held, ListOf) else kind
    if not isinstance(target.index, Slice):
        return with_item(kind, item, join)
    new = item_of(item) if isinstance(item, ListOf | Sequence) else UNKNOWN
    return kind if new is None else with_item(kind, new, join)


def as_array(kind: Kind, displays: bool = False) -> Kind:
    """What NumPy makes of a list that it is given for an array; of what is known item by item if ``displays``."""
    return array_of(kind) if isinstance(kind, ListOf) or (displays and isinstance(kind, Sequence)) else kind


def joined(result: Result, kinds: Kinds, exprs: Exprs, sizes: Sizes) -> Array:
    """What joining the items of a list gives: of one size, but for where one item and two differ."""
    whole = next(iter(kinds.values()))
    assert isinstance(whole, ListOf)
    if whole.item is None:
        return Array(None, None)
    item = as_array(whole.item)
    name = next(iter(kinds))
    one, two = (result({**kinds, name: Sequence((item,) * n, True)}, exprs, sizes) for n in (1, 2))
    if not isinstance(one, Array) or not isinstance(two, Array) or one.dims is None or two.dims is None:
        return Array(None, getattr(one, "dtype", None))
    dims = tuple(a if a == b else None for a, b in zip(one.dims, two.dims, strict=False))
    return Array(dims if one.rank == two.rank else None, one.dtype)


def copied_list(expr: Expr) -> Expr | None:
    """What ``list(e)``, ``tuple(e)`` and ``e.copy()`` copy."""
    match expr:
        case Call(Ref(target=Library("builtins", "list" | "tuple")), (value,), ()):
            return value
        case Call(Attribute(value, "copy"), (), ()):
            return value
        case _:
            return None


def list_parts(expr: Expr) -> tuple[Expr, ...] | None:
    """The lists whose items are put into a new list; None for what is no such expression."""
    copied = copied_list(expr)
    if copied is not None:
        return (copied,)
    match expr:
        case Index(value, Slice()):
            return (value,)
        case Binary(_, left, right):
            return (left, right)
        case List(items):
            return items
        case _:
            return None


def makes_list(expr: Expr, kind_of: Callable[[Expr], Kind]) -> bool:
    """A list copied, joined, repeated, or made of an array? A tuple joined or repeated, too."""
    match expr:
        case Call(Attribute(_, "tolist"), (), ()):
            return True
        case Binary("+" | "*") | Call():
            if isinstance(expr, Binary) and joins_tuples(expr, kind_of):
                return True
            return is_list(kind_of(expr)) and (isinstance(expr, Binary) or copied_list(expr) is not None)
        case _:
            return False


def joins_tuples(expr: Binary, kind_of: Callable[[Expr], Kind]) -> bool:
    """``(a, b) + (c,)``, ``(a, b) * 2``."""
    kinds = [kind_of(expr.left), kind_of(expr.right)]
    if expr.op == "+":
        return all(isinstance(k, Sequence) for k in kinds)
    return any(isinstance(k, Sequence) for k in kinds) and any(isinstance(k, Scalar) for k in kinds)


def listed(kind: Kind, sizes: Sizes) -> Kind:
    """The kind of ``list(value)``."""
    match kind:
        case Array(dims=dims) if dims:
            return ListOf(indexed(kind, Const(0), lambda _: INT, sizes))
        case Sequence():
            item = item_of(kind)
            return ListOf(None if item is None else as_list(item))
        case _:
            return kind if isinstance(kind, ListOf) else Unknown(complex=is_complex(kind))


def as_nested(kind: Kind) -> Kind:
    """The kind of ``x.tolist()``: numbers of Python's, in lists in lists."""
    if not isinstance(kind, Array) or kind.dims is None:
        return Unknown(complex=is_complex(kind))
    element = array_element(kind)
    result: Kind = Scalar(element.type, None, None, element.mixed) if isinstance(element, Scalar) else UNKNOWN
    for _ in kind.dims:
        result = ListOf(result)
    return result


def array_element(kind: Array) -> Kind:
    return indexed(Array((None,), kind.dtype), Const(0), lambda _: INT, Sizes({}))


def grown_lists(function: Function) -> tuple[frozenset[str], frozenset[str]]:
    """The names that may be lists which are written; and those that are passed to functions of the user's."""
    grown: set[str] = set()
    passed: set[str] = set()
    flows: list[tuple[str, set[str]]] = []
    for stmt in statements(function.body):
        match stmt:
            case Push(list_, value):
                grown.add(list_)
                flows.append((list_, held(value)))
            case Pop(target, list_):
                grown.add(list_)
                if isinstance(target, Name):
                    flows.append((target.id, {list_}))
            case Store(target):
                name = base_name(target)
                if name is not None:
                    grown.add(name)
                    flows.append((name, held(stmt.value)))
            case Assign(targets, values):
                for k, name in enumerate(targets):
                    flows.append((name, held(values[k] if len(values) == len(targets) else values[0])))
            case Each(target, iterable):
                flows.append((target, held(iterable)))
            case _:
                pass
        for top in expressions(stmt):
            for expr in subexpressions(top):
                if isinstance(expr, Call) and isinstance(expr.func, Ref) and isinstance(expr.func.target, UserFunction):
                    passed.update(n for a in (*expr.args, *(v for _, v in expr.keywords)) for n in held(a))
    return frozenset(closed(grown, flows)), frozenset(closed(passed, flows))


def built_lists(function: Function) -> dict[Stmt, str]:
    """The loops that append an item to a list in every turn, by name, where nothing else changes that list.

    ``xs = []``, and behind it ``for k in range(n): ...; xs.append(e)``, which nothing ends early, and read behind that.
    """
    every = list(statements(function.body))
    if not any(isinstance(s, Push) for s in every):
        return {}
    changed = Counter(n for s in every for n in (*binds(s), *((s.list,) if isinstance(s, Push) else ())))
    handed: set[str] = set()
    for stmt in statements(function.body):
        match stmt:
            case Pop(_, list_):
                handed.add(list_)
            case Store(target):
                handed.add(base_name(target) or "")
            case _:
                pass
        for top in expressions(stmt):
            handed |= {n for e in subexpressions(top) for n in _handed(e)} | held(top)
    found: dict[Stmt, str] = {}
    for block in all_blocks(function.body):
        empty = {s.targets[0] for s in block if isinstance(s, Assign) and _is_empty(s)}
        for k, stmt in enumerate(block):
            if isinstance(stmt, For) and not any(isinstance(s, Break | Return | Raise) for s in statements(stmt.body)):
                for inner in stmt.body:
                    if isinstance(inner, Push) and inner.list in empty and changed[inner.list] == 2:
                        name = inner.list
                        behind = set(statements(block[k + 1 :]))
                        if name not in handed and _readers(function, name) <= behind:
                            found[stmt] = name
    return found


def _readers(function: Function, name: str) -> set[Stmt]:
    return {s for s in statements(function.body) if any(name in names(e) for e in expressions(s))}


def length_known(expr: Expr, long: Mapping[str, Dim]) -> Dim | None:
    """How long an array of the items of such a list is."""
    match expr:
        case Call(Ref(target=Library("numpy", "array" | "asarray" | "asanyarray")), (Name(id), *_)):
            return long.get(id)
        case _:
            return None


def _is_empty(stmt: Assign) -> bool:
    match stmt:
        case Assign((_,), (List(()),)):
            return True
        case _:
            return False


def _handed(expr: Expr) -> set[str]:
    """The names in an expression that may get the list that they stand for out of sight."""
    match expr:
        case Call(Ref(target=Library()), args):
            return {n for a in args if not isinstance(a, Name) for n in held(a)}
        case Call(func, args, keywords):
            return {n for a in (func, *args, *(v for _, v in keywords)) for n in held(a)}
        case Tuple(items) | List(items):
            return {n for item in items for n in held(item)}
        case Opaque():
            return set(expr.reads)
        case Attribute(value):
            return held(value)
        case _:
            return set()


def closed(found: set[str], flows: list[tuple[str, set[str]]]) -> set[str]:
    """The names and all that values flow from, or to."""
    before = -1
    while before != len(found):
        before = len(found)
        for name, others in flows:
            if name in found:
                found.update(others)
            elif found & others:
                found.add(name)
    return found


def held(expr: Expr) -> set[str]:
    """The names whose lists a value may be, or hold."""
    match expr:
        case Name(id):
            return {id}
        case Index(value):
            return held(value)
        case Choose(_, body, orelse):
            return held(body) | held(orelse)
        case List(items):
            return {n for item in items for n in held(item)}
        case _:
            return set()


def returned(kind: Kind) -> tuple[Kind, ...]:
    """The kinds of the results of a function that returns ``kind``: of a tuple, those of its items."""
    return kind.items if isinstance(kind, Sequence) and not kind.is_list else (kind,)
