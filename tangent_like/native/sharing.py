"""Which names of an emitted function may share memory: told by how they are bound, whatever the order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from tangent_like.analysis.typing import Typing
from tangent_like.analysis.views import VIEW_METHODS, may_share
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Each,
    Emitted,
    Expr,
    Function,
    Index,
    Library,
    List,
    Logic,
    Name,
    Opaque,
    Pop,
    Push,
    Ref,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import NOTHING, binds, key, names, reads, statements
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Array, Scalar
from tangent_like.kinds.operands import literal
from tangent_like.native.moved import followed, one_array
from tangent_like.native.swapped import changing_places, distinct


def alias_classes(function: Function, typing: Typing) -> dict[str, str]:
    """The representative of each name's class; names that are only ever numbers are not there."""
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        while parent.setdefault(name, name) != name:
            name = parent[name]
        return name

    def union(a: str, b: str) -> None:
        if not any(isinstance(typing.overall.get(n), Scalar) for n in (a, b)):
            parent[find(a)] = find(b)

    given = [p.name for p in function.params if not isinstance(typing.overall.get(p.name), Scalar)]
    params = [n for n in given if not _replaced(n, function)]
    for name in params[1:]:
        union(params[0], name)  # two arguments may be one array
    apart = distinct(function, sources, typing.overall.get)
    known = followed(function, sources, typing.overall.get)
    for name in known:
        find(name)
    for one, other in map(tuple, one_array(function, known, sources, typing.overall.get)):
        union(one, other)
    for stmt in statements(function.body):
        match stmt:
            case Assign(targets) if set(targets) <= apart and changing_places(stmt):
                pass
            case Assign(targets, values):
                pairs = zip(targets, values, strict=True) if len(targets) == len(values) else (
                    (t, v) for t in targets for v in values
                )
                for target, value in pairs:
                    if target in known:
                        continue
                    if isinstance(value, Binary) and isinstance(typing.overall.get(target), Array):
                        continue  # arithmetic of arrays makes a new one
                    if isinstance(value, Index) and any(_is_array(i, typing) for i in index_items(value.index)):
                        continue  # so does what arrays name
                    for source in sources(value):
                        union(target, source)
                for saved in (stmt.saved,) if stmt.saved else ():
                    for value in values:
                        for source in names(value):
                            union(saved, source)
            case Push(list_, value):
                for source in sources(value):
                    union(list_, source)
            case Pop(Name(id), list_):
                union(id, list_)
            case Each(target, iterable):
                for source in names(iterable):
                    union(target, source)
            case Store(Index(Name(id)), "", value) if not isinstance(typing.overall.get(id), Array):
                for source in sources(value):
                    union(id, source)  # an item of a list
            case _:
                pass
    return {name: find(name) for name in parent if not isinstance(typing.overall.get(name), Scalar)}


def _is_array(item: Expr, typing: Typing) -> bool:
    kind = typing.overall.get(item.id) if isinstance(item, Name) else None
    return isinstance(kind, Array) and bool(kind.dims) and kind.dtype in ("int64", "bool")


def plain_views(function: Function, typing: Typing) -> dict[str, Index]:
    """Names that are bound once, to a slice by numbers of an array that is bound once: another way to say that."""
    bound = Counter(n for s in statements(function.body) for n in binds(s))
    bound.update(p.name for p in function.params)
    once = {p.name for p in function.params} | {n for s in function.body if isinstance(s, Assign) for n in binds(s)}
    once = {n for n in once if bound[n] == 1}  # and not in a loop, where the name would be bound again
    found: dict[str, Index] = {}
    for stmt in statements(function.body):
        match stmt:
            case Assign((target,), (Index(Name(base), index) as view,)) if bound[target] == 1 and base in once:
                items = index.items if isinstance(index, Tuple) else (index,)
                if all(isinstance(i, Slice) and _numbers(i) for i in items):
                    if isinstance(typing.overall.get(target), Array) and isinstance(typing.overall.get(base), Array):
                        found[target] = view
            case _:
                pass
    return {n: v for n, v in found.items() if v.value.id not in found}  # type: ignore[union-attr]


def _numbers(item: Slice) -> bool:
    return all(p is None or literal(p) is not NotImplemented for p in (item.lower, item.upper, item.step))


def _replaced(name: str, function: Function) -> bool:
    """Is the first that is done with a parameter to bind it to memory of its own, ``x = x.copy()``?"""
    for stmt in function.body:
        if name in reads(stmt) or name in binds(stmt):
            match stmt:
                case Assign((target,), (Call(Attribute(Name(id), "copy"), (), ()),)) if target == id == name:
                    return True
            return False
    return False


def sources(expr: Expr) -> frozenset[str]:
    """The names whose memory the value of an expression may be, or hold."""
    match expr:
        case Name(id):
            return frozenset({id})
        case Binary():
            return names(expr)  # of lists, ``+`` and ``*`` hold the items of both
        case Const() | Ref() | Unary() | Compare() | Slice():
            return NOTHING
        case Index(value, _):
            return sources(value)
        case Attribute(value, name):
            return sources(value) if name in VIEW_METHODS else NOTHING
        case Choose(_, body, orelse):
            return sources(body) | sources(orelse)
        case Tuple(items) | List(items) | Logic(values=items):
            return NOTHING.union(*map(sources, items))
        case Call(Ref(target=Library(obj=obj, module=module)), args, keywords):
            if may_share(obj, args, keywords) or module == "builtins" or module.startswith("tangent_like"):
                return names(expr)
            return NOTHING
        case Call(Attribute(value, name), args, keywords):
            held = may_share(name, args, keywords) or name == "pop" or (name == "astype" and len(args) > 1)
            return names(value) if held else NOTHING
        case Call(Ref(target=Emitted())) | Call() | Opaque():
            return names(expr)
        case _:
            return names(expr)


def with_copies(stmt: Stmt, alias: Callable[[str], str], is_array: Callable[[str], bool]) -> Stmt:
    """``a[k:] += a[:-k].copy()``: Numba changes in place what it still reads, where both are the same memory."""

    def may_meet(target: Expr, value: Expr) -> bool:
        if isinstance(value, Binary | Unary | Compare | Const) or key(target) == key(value):
            return False  # computed before, or place by place
        if isinstance(value, Index) and not isinstance(value.index, Slice | Tuple):
            return False  # a number, or memory of its own
        mine = {alias(n) for n in sources(target) if is_array(n)}
        return any(alias(n) in mine for n in sources(value) if is_array(n))

    match stmt:
        case Store(target, op, value) if op and not stmt.each and may_meet(target, value):
            return replace(stmt, value=Call(Attribute(value, "copy"), ()))
        case Augment(target, _, value) if may_meet(Name(target), value):
            return replace(stmt, value=Call(Attribute(value, "copy"), ()))
        case _:
            return stmt
