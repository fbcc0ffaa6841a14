"""Which names may share memory: classes of names, by what is ever bound to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Binary,
    Call,
    Choose,
    Each,
    Expr,
    Function,
    Global,
    Index,
    List,
    Logic,
    Name,
    Opaque,
    Pop,
    Push,
    Ref,
    Stmt,
    Store,
    Tuple,
    With,
)
from tangent_like.ir.walk import base_name, statements
from tangent_like.kinds.kind import Kind, Sequence
from tangent_like.transform.tidy.calls import (
    computes,
    makes_new,
)
from tangent_like.transform.tidy.looks import ANY, Look

OUTSIDE = "what the caller and the module hold"


@dataclass(eq=False)
class Memory:
    """Classes of names that may share memory; what is put into a list or tuple is of its class."""

    looks: Mapping[str, Look]
    parent: dict[str, str] = field(default_factory=dict)
    holders: set[str] = field(default_factory=set)  # names of lists and tuples

    def root(self, name: str) -> str:
        parent = self.parent
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    def one(self, a: str, b: str) -> None:
        self.parent[self.root(a)] = self.root(b)

    def sources(self, expr: Expr) -> set[str]:
        """The names whose memory the value may share."""
        match expr:
            case Name(id):
                return set() if self.looks.get(id, ANY).rank == 0 else {id}
            case Index(_, Name(id)) if gathers(self.looks.get(id, ANY)):
                return set()
            case Index(value, _):
                return self.sources(value)
            case Attribute(value, name):
                return set() if name in ("shape", "size", "ndim", "dtype") else self.sources(value)
            case Choose(_, body, orelse):
                return self.sources(body) | self.sources(orelse)
            case Logic(values=items) | Tuple(items) | List(items):
                return {n for item in items for n in self.sources(item)}
            case Binary("+" | "*", left, right) if self.holds(left) or self.holds(right):
                return self.sources(left) | self.sources(right)
            case Ref(target=Global(value=value)):
                return set() if isinstance(value, int | float | str) else {OUTSIDE}
            case Call(func, args, keywords):
                if makes_new(expr):
                    return set()
                inner = func.value if isinstance(func, Attribute) else func
                parts = (inner, *args, *(v for _, v in keywords))
                found = {n for part in parts for n in self.sources(part)}
                return found if computes(expr) else found | {OUTSIDE}
            case Opaque(reads=reads):
                return {*reads, OUTSIDE}
            case _:
                return set()

    def holds(self, expr: Expr) -> bool:
        """Is it a list or a tuple?"""
        return isinstance(expr, Tuple | List) or (
            isinstance(expr, Name) and expr.id in self.holders
        )

    def take(self, stmt: Stmt) -> None:
        match stmt:
            case Assign(targets, values):
                pairs = (
                    list(zip(targets, values, strict=True)) if len(targets) == len(values) else []
                )
                pairs = pairs or [(t, values[0]) for t in targets]
                if stmt.saved:
                    pairs.append((stmt.saved, values[0]))
                for target, value in pairs:
                    self.bound(target, value)
            case Each(target, iterable):
                self.bound(target, iterable)
            case With(items):
                for item in items:
                    if item.name:
                        self.bound(item.name, item.context)
            case Push(list=list_, value=value):
                for name in self.sources(value):
                    self.one(list_, name)
            case Pop(Name(id), list_):
                if self.looks.get(id, ANY).rank != 0:
                    self.one(id, list_)
            case Store(target, _, value):
                holder = base_name(target)
                if holder is not None and holder in self.holders:
                    for other in self.sources(value):
                        self.one(holder, other)
            case _:
                pass

    def bound(self, target: str, value: Expr) -> None:
        if self.looks.get(target, ANY).rank == 0:
            return
        for name in self.sources(value):
            self.one(target, name)


def gathers(index: Look) -> bool:
    """Does what has such an index take entries into new memory?"""
    return index.rank is not None and index.rank > 0 and index.type in ("int", "bool")


def find_memory(
    function: Function, looks: Mapping[str, Look], known: Mapping[str, Kind]
) -> dict[str, str]:
    memory = Memory(looks)
    for param in function.params:
        if looks.get(param.name, ANY).rank != 0:
            memory.one(param.name, OUTSIDE)
    memory.holders.update(n for n, kind in known.items() if isinstance(kind, Sequence))
    for stmt in statements(function.body):
        if isinstance(stmt, Assign) and any(isinstance(v, Tuple | List) for v in stmt.values):
            memory.holders.update(stmt.targets)
    for stmt in statements(function.body):
        memory.take(stmt)
    return {name: memory.root(name) for name in list(memory.parent)}
