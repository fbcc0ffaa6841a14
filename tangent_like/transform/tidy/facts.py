"""What the passes ask about an emitted function: whose names are whose, what is a number, what may share memory.

All of it holds for a name throughout the function, and keeps holding while passes put expressions in the
places of names, so it is found out once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

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
    Expr,
    For,
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
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
)
from tangent_like.ir.walk import base_name, binds, blocks, children, expressions, statements
from tangent_like.kinds.kind import Array, Kind, Scalar, Sequence
from tangent_like.transform.tidy.calls import (
    FLOATING,
    FLOATING_RUNTIME,
    LIKE,
    acts,
    computes,
    library,
    makes_new,
    nodes,
    origin_of,
    takes,
    written_argument,
)

OUTSIDE = "what the caller and the module hold"


# -- numbers -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Look:
    """``rank`` 0 is a number, which no one can write into; None is anything. ``type`` None likewise.

    "float64" stands for Python's floats too, "float" for floating point of some precision.
    """

    rank: int | None
    type: str | None


ANY = Look(None, None)
WHOLE = Look(0, "int")
REAL = Look(0, "float64")


def look_of(kind: Kind) -> Look:
    match kind:
        case Scalar(type="float", dtype=dtype, mixed=mixed):
            return Look(0, "float64" if dtype in (None, "float64") and not mixed else "float")
        case Scalar(type="complex"):
            return Look(0, "float")
        case Scalar(type=type_):
            return Look(0, type_)
        case Array(dtype=None):
            return Look(kind.rank or None, None)
        case Array(dtype=dtype):
            sort = {"f": "float", "c": "float", "i": "int", "u": "int", "b": "bool"}.get(np.dtype(dtype).kind)
            return Look(kind.rank or None, "float64" if dtype == "float64" else sort)
        case _:
            return ANY


def joined(a: Look | None, b: Look | None) -> Look | None:
    """What is known where either may be; None is nothing yet."""
    if a is None or b is None or a == b:
        return a or b
    floats = {a.type, b.type} <= {"float64", "float"}
    type_ = a.type if a.type == b.type else "float" if floats else None
    return Look(a.rank if a.rank == b.rank else None, type_)


def combined(a: str | None, b: str | None) -> str | None:
    """The type of a sum or a product."""
    if a == b and a in ("float64", "float", "int"):
        return a
    if {a, b} <= {"float64", "int", "bool"} and "float64" in (a, b):
        return "float64"
    if "float" in (a, b) or "float64" in (a, b):
        return "float"
    return None


@dataclass(eq=False)
class _Looker:
    """Finds the looks of the names that nothing is known of yet, from what is bound to them."""

    looks: dict[str, Look | None]

    def __call__(self, expr: Expr) -> Look | None:
        match expr:
            case Name(id):
                return self.looks.get(id, ANY)
            case Const(value=bool()):
                return Look(0, "bool")
            case Const(value=int()):
                return WHOLE
            case Const(value=float()):
                return REAL
            case Const(value=complex()):
                return Look(0, "float")
            case Unary("-" | "+", operand):
                return self(operand)
            case Unary("not"):
                return Look(0, "bool")
            case Binary(op):
                return self.binary(expr) if op in ("+", "-", "*", "/", "**", "@", "//", "%") else ANY
            case Compare():
                return self.compared(expr)
            case Choose(_, body, orelse):
                a, b = self(body), self(orelse)
                return None if a is None or b is None else joined(a, b)
            case Index(value, index):
                return self.indexed(self(value), index)
            case Attribute(value, "T"):
                return self(value)
            case Attribute(_, "size" | "ndim"):
                return WHOLE
            case Call():
                return self.called(expr)
            case _:
                return ANY

    def binary(self, expr: Binary) -> Look | None:
        chain: list[Binary] = []
        left: Expr = expr
        while isinstance(left, Binary) and left.op in ("+", "-", "*", "/", "**", "@", "//", "%"):
            chain.append(left)
            left = left.left
        total = self(left)
        for node in reversed(chain):
            other = self(node.right)
            if total is None or other is None:
                return None
            total = self.arithmetic(node.op, total, other)
        return total

    def arithmetic(self, op: str, a: Look, b: Look) -> Look:
        type_ = combined(a.type, b.type)
        if op == "/":
            whole = a.type in ("int", "bool") and b.type in ("int", "bool")
            type_ = "float64" if whole else type_
        elif op == "**" and type_ == "int":
            type_ = None  # of a negative exponent
        if a.rank is None or b.rank is None:
            return Look(None, type_)
        if op == "@":
            rank = {(1, 1): 0, (1, 2): 1, (2, 1): 1, (2, 2): 2}.get((a.rank, b.rank))
            return Look(rank, type_)
        return Look(max(a.rank, b.rank), type_)

    def compared(self, expr: Compare) -> Look | None:
        if any(op in ("is", "is not", "in", "not in") for op in expr.ops):
            return Look(0, "bool")
        looks = [self(e) for e in (expr.left, *expr.rights)]
        if any(found is None for found in looks):
            return None
        numbers = all(found is not None and found.rank == 0 for found in looks)
        return Look(0, "bool") if numbers else Look(None, "bool")

    def indexed(self, value: Look | None, index: Expr) -> Look | None:
        if value is None:
            return None
        if value.rank is None:
            return value
        items = index.items if isinstance(index, Tuple) else (index,)
        rank = value.rank
        for item in items:
            if isinstance(item, Slice) or (isinstance(item, Const) and item.value is Ellipsis):
                continue
            if isinstance(item, Const) and item.value is None:
                rank += 1
                continue
            found = self(item)
            if found is None:
                return None
            if found != WHOLE:
                return Look(None, value.type)
            rank -= 1
        return Look(rank if rank >= 0 else None, value.type)

    def called(self, expr: Call) -> Look | None:
        if not computes(expr):
            return ANY
        if isinstance(expr.func, Attribute):
            inner = self(expr.func.value)
            if inner is None or (expr.func.name == "copy" and not expr.args):
                return inner
            return Look(None, inner.type if expr.func.name in ("sum", "dot", "reshape", "ravel") else None)
        target = library(expr)
        assert target is not None
        head, name = origin_of(target)
        match head:
            case "math":
                whole = name in ("floor", "ceil", "comb", "factorial", "gcd", "isqrt", "lcm", "perm", "prod")
                return Look(0, None if whole or name.startswith("is") else "float64")
            case "builtins":
                found = {"len": WHOLE, "int": WHOLE, "float": REAL, "bool": Look(0, "bool")}
                return found.get(name, ANY)
            case "numpy":
                return self.numpy(name, target.obj, expr)
            case "runtime":
                numbers = [a for a in map(self, expr.args) if a is None or a.rank != 0]
                if None in numbers:
                    return None
                elementwise = name in ("share", "sign", "quotient", "lowered", "safe_log", "sinc_slope", "digamma")
                return Look(0 if elementwise and not numbers else None, "float" if name in FLOATING_RUNTIME else None)
            case _:
                return ANY

    def numpy(self, name: str, obj: object, expr: Call) -> Look | None:
        args = [self(a) for a in expr.args]
        if any(a is None for a in args):
            return None
        looks = [a for a in args if a is not None]
        if not looks or any(key == "dtype" for key, _ in expr.keywords):
            return ANY
        if name in ("zeros", "ones", "empty") and len(looks) == 1 and not expr.keywords:
            return Look(1 if looks[0].rank == 0 else None, "float64")
        if name in ("zeros_like", "ones_like", "full_like", "empty_like"):
            return Look(looks[0].rank or None, looks[0].type)
        if name == "where" and len(looks) == 3:
            return Look(None, combined(looks[1].type, looks[2].type))
        type_: str | None = looks[0].type
        for other in looks[1:]:
            type_ = combined(type_, other.type)
        if name in FLOATING:
            type_ = "float64" if type_ in ("float64", "int") else "float"
        elif name not in LIKE:
            type_ = None
        whole = name in ("sum", "mean", "prod", "max", "min", "amax", "amin", "std", "var", "linalg.norm", "size")
        if whole and len(looks) == 1 and not expr.keywords:
            return Look(0, "int" if name == "size" else type_)
        if isinstance(obj, np.ufunc) and not expr.keywords and obj.nout == 1:
            ranks = [found.rank for found in looks]
            return Look(max(r for r in ranks if r is not None) if None not in ranks else None, type_)
        return Look(None, type_)


def find_looks(function: Function, known: Mapping[str, Kind]) -> dict[str, Look]:
    looks: dict[str, Look | None] = {name: look_of(kind) for name, kind in known.items()}
    for param in function.params:
        looks.setdefault(param.name, ANY)
    bound: dict[str, list[Expr | Look]] = {}
    for stmt in statements(function.body):
        for name, value in _bindings(stmt):
            if name not in known:
                bound.setdefault(name, []).append(value)
    for name in bound:
        looks[name] = None if name not in looks else looks[name]
    looker = _Looker(looks)
    for turn in range(10):
        changed = False
        for name, values in bound.items():
            if looks[name] == ANY:
                continue
            total = looks[name]
            for value in values:
                total = joined(total, value if isinstance(value, Look) else looker(value))
            if total != looks[name]:
                looks[name] = total if turn < 8 else ANY
                changed = True
        if not changed:
            break
    return {name: look or ANY for name, look in looks.items()}


def _bindings(stmt: Stmt) -> Iterator[tuple[str, Expr | Look]]:
    match stmt:
        case Assign(targets, values):
            if len(targets) == len(values) and not stmt.saved:
                yield from zip(targets, values, strict=True)
            else:
                yield from ((t, ANY) for t in binds(stmt))
        case Augment(target, op, value):
            yield target, Binary(op, Name(target), value)
        case For(target):
            yield target, WHOLE
        case Each(target):
            yield target, ANY
        case Push(list=list_, value=value):
            yield f"in {list_}", value
        case Pop(Name(id), list_):
            yield id, Name(f"in {list_}")
        case _:
            pass


# -- memory ----------------------------------------------------------------------------------------------


@dataclass(eq=False)
class _Memory:
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
        return isinstance(expr, Tuple | List) or (isinstance(expr, Name) and expr.id in self.holders)

    def take(self, stmt: Stmt) -> None:
        match stmt:
            case Assign(targets, values):
                pairs = list(zip(targets, values, strict=True)) if len(targets) == len(values) else []
                pairs = pairs or [(t, values[0]) for t in targets]
                if stmt.saved:
                    pairs.append((stmt.saved, values[0]))
                for target, value in pairs:
                    self.bound(target, value)
            case Each(target, iterable):
                self.bound(target, iterable)
            case Push(list=list_, value=value):
                for name in self.sources(value):
                    self.one(list_, name)
            case Pop(Name(id), list_):
                if self.looks.get(id, ANY).rank != 0:
                    self.one(id, list_)
            case Store(target, _, value):
                name = base_name(target)
                if name is not None and name in self.holders:
                    for other in self.sources(value):
                        self.one(name, other)
            case _:
                pass

    def bound(self, target: str, value: Expr) -> None:
        if self.looks.get(target, ANY).rank == 0:
            return
        for name in self.sources(value):
            self.one(target, name)


def find_memory(function: Function, looks: Mapping[str, Look], known: Mapping[str, Kind]) -> dict[str, str]:
    memory = _Memory(looks)
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


# -- statements --------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False, slots=True)
class Own:
    """Of the statement itself, without its inner blocks: what its expressions read, and how often."""

    reads: Mapping[str, int]  # where an expression may be put in the place of the name
    fixed: frozenset[str]  # where only a name may stand
    acts: bool  # does an expression of it do more than compute?
    wild: bool  # more than compute, and take from lists?


@dataclass(frozen=True, eq=False, slots=True)
class Does:
    """What running a statement, inner blocks included, may change; and what it reads."""

    binds: frozenset[str]
    writes: frozenset[str]  # classes of memory
    anything: bool  # any memory at all
    reads: frozenset[str]


@dataclass(eq=False)
class Facts:
    """``looks`` and ``memory`` by name; what is known of statements is found out when it is asked for."""

    users: frozenset[str]
    looks: Mapping[str, Look]
    memory: Mapping[str, str]
    _own: dict[Stmt, Own] = field(default_factory=dict)
    _does: dict[Stmt, Does] = field(default_factory=dict)
    _exposed: dict[Stmt, frozenset[str]] = field(default_factory=dict)

    def look(self, expr: Expr) -> Look:
        return _Looker(dict_of(self.looks))(expr) or ANY

    def is_number(self, name: str) -> bool:
        return self.look_of(name).rank == 0

    def look_of(self, name: str) -> Look:
        return self.looks.get(name, ANY)

    def class_of(self, name: str) -> str | None:
        """The class of memory behind a name; None for a number."""
        if self.is_number(name):
            return None
        return self.memory.get(name, name)

    def classes(self, names: Iterator[str] | frozenset[str] | set[str] | Mapping[str, int]) -> set[str]:
        return {c for c in map(self.class_of, names) if c is not None}

    def mine(self, stmt: Assign) -> bool:
        """Does it bind one name, of our own, in a statement that is not one of the user's under a new name?"""
        if len(stmt.targets) != 1 or stmt.saved or stmt.targets[0] in self.users:
            return False
        if stmt.origin is None:
            return True
        version = re.fullmatch(r"(.+)_\d+", stmt.targets[0])
        if version is None or version[1] not in self.users:
            return True
        return re.match(rf"[^=(]*\b{re.escape(version[1])}\b[^=(]*=", stmt.origin.text) is None

    def is_fresh(self, expr: Expr) -> bool:
        """Is its value a number or memory that nothing else refers to?"""
        match expr:
            case Const() | Unary() | Compare():
                return True
            case Binary(_, left, right):
                return not isinstance(left, Tuple | List) and not isinstance(right, Tuple | List)
            case Call():
                return makes_new(expr)
            case _:
                return self.look(expr).rank == 0

    # -- statements --

    def own(self, stmt: Stmt) -> Own:
        found = self._own.get(stmt)
        if found is None:
            found = self._own[stmt] = _own(stmt)
        return found

    def does(self, stmt: Stmt) -> Does:
        found = self._does.get(stmt)
        if found is None:
            found = self._does[stmt] = self._find(stmt)
        return found

    def _find(self, stmt: Stmt) -> Does:
        own = self.own(stmt)
        bound = set(binds(stmt))
        written: set[str] = set()
        anything = False
        reads = set(own.reads) | own.fixed
        target = base_name(stmt.target) if isinstance(stmt, Store | Pop) and isinstance(stmt.target, Index) else None
        if isinstance(stmt, Store | Pop) and isinstance(stmt.target, Index):
            anything = target is None
        elif isinstance(stmt, Augment):
            target = stmt.target
        if target is not None:
            written |= self.classes({target})
        if own.wild:
            adds = _adding(stmt)
            anything = anything or adds is None
            written |= self.classes({adds}) if adds is not None else set()
        for block in blocks(stmt):
            for inner in block:
                deep = self.does(inner)
                bound |= deep.binds
                written |= deep.writes
                anything = anything or deep.anything
                reads |= deep.reads
        return Does(frozenset(bound), frozenset(written), anything, frozenset(reads))


def dict_of(looks: Mapping[str, Look]) -> dict[str, Look | None]:
    return looks  # type: ignore[return-value]  # nothing is missing in the end


def _adding(stmt: Stmt) -> str | None:
    """The name that a statement which is a bare ``np.add.at`` writes through."""
    value = getattr(stmt, "value", None)
    if not isinstance(value, Call) or len(expressions(stmt)) != 1:
        return None
    written = written_argument(value)
    if written is None or any(acts(a) for a in (*value.args, *(v for _, v in value.keywords))):
        return None
    return base_name(written)


def _own(stmt: Stmt) -> Own:
    reads: dict[str, int] = {}
    fixed: set[str] = set()
    acting = wild = False
    pending: list[Expr] = []
    for expr in expressions(stmt):
        if isinstance(stmt, Store | Pop) and expr is stmt.target:
            while isinstance(expr, Index | Attribute):
                if isinstance(expr, Index):
                    pending.append(expr.index)
                expr = expr.value
            if isinstance(expr, Name):
                fixed.add(expr.id)
                continue
        pending.append(expr)
    while pending:
        node = pending.pop()
        if isinstance(node, Name):
            reads[node.id] = reads.get(node.id, 0) + 1
        elif isinstance(node, Opaque):
            fixed.update(node.reads)
            acting = wild = True
        else:
            if isinstance(node, Call) and not computes(node):
                acting = True
                wild = wild or not takes(node)
            pending.extend(children(node))
    if isinstance(stmt, Augment):
        fixed.add(stmt.target)
    elif isinstance(stmt, Push | Pop):
        fixed.add(stmt.list)
    return Own(reads, frozenset(fixed), acting, wild)


def find_facts(function: Function, users: frozenset[str], known: Mapping[str, Kind]) -> Facts:
    looks = find_looks(function, known)
    return Facts(users, looks, find_memory(function, looks, known))


__all__ = ["ANY", "Does", "Facts", "Look", "Own", "find_facts", "nodes"]
