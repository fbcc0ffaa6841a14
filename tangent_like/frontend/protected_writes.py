"""Where a program may write into an array that it has protected, which Python refuses with a ``ValueError``.

    q.setflags(write=False)        q.setflags(write=False)        self.q = q  # protected
    q[0] = 1.0  # found            w = q[1:]                      ...
                                   w += 1.0  # found              self.q[0] = 1.0  # found, in any function

Each function is gone through in order: which objects a name may be and may hold, and which of those are protected by
then. What is unsure counts as a write: it is refused, and nothing is computed that Python would not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import gast

PROTECTED = 0  # the object that stands for any protected one of another function

VIEWS = frozenset([
    "asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "require", "atleast_1d", "atleast_2d",
    "atleast_3d", "reshape", "ravel", "view", "transpose", "swapaxes", "squeeze", "moveaxis", "rollaxis",
    "expand_dims", "broadcast_to", "diagonal", "real", "imag", "split", "array_split", "hsplit", "vsplit",
    "dsplit", "flip", "fliplr", "flipud", "rot90", "get", "values", "items", "pop", "popitem", "setdefault",
])  # fmt: skip
NEW = frozenset([
    "len", "float", "int", "abs", "sum", "min", "max", "print", "range", "str", "bool", "round", "pow",
    "isinstance",
])  # fmt: skip
SIZES = frozenset(["shape", "size", "ndim", "dtype", "strides", "nbytes", "itemsize"])
METHODS = frozenset(["fill", "sort", "partition", "put", "itemset", "resize", "byteswap", "setfield"])
FIRST = frozenset(["copyto", "put", "place", "putmask", "fill_diagonal", "put_along_axis", "shuffle", "at", "setitem"])
GROWS = frozenset(["append", "extend", "insert", "add", "update", "appendleft"])


@dataclass(frozen=True)
class Value:
    """The objects that a value may be, and those that it may hold."""

    own: frozenset[int] = frozenset()
    held: frozenset[int] = frozenset()

    def __or__(self, other: Value) -> Value:
        return Value(self.own | other.own, self.held | other.held)

    @property
    def inside(self) -> Value:
        return Value(self.own | self.held, self.held)


@dataclass
class Known:
    """What is known of the whole program, which grows until nothing is new."""

    names: frozenset[str]  # of its functions
    returned: set[str] = field(default_factory=set)  # functions that may return what is protected
    attributes: set[str] = field(default_factory=set)  # under which it may be found
    passed: set[str] = field(default_factory=set)  # functions that are given some

    @property
    def size(self) -> int:
        return len(self.returned) + len(self.attributes) + len(self.passed)


def protected_write(functions: Iterable[Any], protects: Any) -> Any | None:
    """The first node that may write into a protected array; ``protects`` gives name and whether, of a statement."""
    functions = list(functions)
    known = Known(frozenset(f.name for f in functions if hasattr(f, "name")))
    while True:
        before = known.size
        walks = [_Walk(known, protects, f) for f in functions]
        if found := next((w.found for w in walks if w.found is not None), None):
            return found
        if known.size == before:
            return None


class _Walk:
    def __init__(self, known: Known, protects: Any, function: Any) -> None:
        self.known, self.protects = known, protects
        self.found: Any = None
        self.new = count(1)
        self.names: dict[str, Value] = {}
        self.attributes: dict[str, Value] = {}
        self.shut: frozenset[int] = frozenset({PROTECTED})
        self.function(function)

    def function(self, node: Any) -> None:
        name = getattr(node, "name", "")
        given = Value(frozenset({PROTECTED})) if name in self.known.passed else Value()
        spelled = node.args
        for p in (*spelled.args, *spelled.kwonlyargs, *spelled.posonlyargs, spelled.vararg, spelled.kwarg):
            if p is not None:
                self.names[p.id] = given | Value(frozenset(), given.own)
        if isinstance(node, gast.Lambda):
            self.look(node.body)
            return
        self.block(node.body, name)
        for attr, value in self.attributes.items():
            if self.is_shut(value):
                self.known.attributes.add(attr)

    def is_shut(self, value: Value) -> bool:
        return bool((value.own | value.held) & self.shut)

    def block(self, nodes: list[Any], name: str) -> None:
        for node in nodes:
            self.statement(node, name)

    def statement(self, node: Any, name: str) -> None:
        if (told := self.protects(node)) is not None:
            own = self.names.get(told[0], Value()).own
            self.shut = self.shut - own if told[1] and len(own) == 1 else self.shut if told[1] else self.shut | own
            return
        match node:
            case gast.FunctionDef() | gast.AsyncFunctionDef() | gast.ClassDef():
                before = dict(self.names)
                for inner in [node] if not isinstance(node, gast.ClassDef) else node.body:
                    if isinstance(inner, gast.FunctionDef):
                        self.block(inner.body, inner.name)
                self.names = before
            case gast.If() | gast.For() | gast.While() | gast.With() | gast.Try() | gast.AsyncFor() | gast.AsyncWith():
                self.compound(node, name)
            case gast.Assign() | gast.AnnAssign():
                if node.value is None:
                    return
                self.look(node.value)
                for target in node.targets if isinstance(node, gast.Assign) else [node.target]:
                    self.bind(target, self.value(node.value))
            case gast.AugAssign():
                self.look(node.value)
                self.write(node.target, node)
            case gast.Return() if node.value is not None:
                self.look(node.value)
                if self.is_shut(self.value(node.value)):
                    self.known.returned.add(name)
            case _:
                self.look(node)

    def compound(self, node: Any, name: str) -> None:
        arms = [getattr(node, part, []) for part in ("body", "orelse", "finalbody")]
        arms += [h.body for h in getattr(node, "handlers", [])]
        for part in ("test", "iter"):
            if (asked := getattr(node, part, None)) is not None:
                self.look(asked)
        turns = 1 if isinstance(node, gast.If | gast.With) else 2
        before, shut = dict(self.names), self.shut
        for _ in range(turns):
            ends = []
            for arm in arms:
                if turns == 1:
                    self.names = dict(before)
                if hasattr(node, "iter"):
                    self.bind(node.target, self.value(node.iter).inside)
                self.block(arm, name)
                ends.append(self.names)
            self.names = dict(before)
            for end in ends:
                for n, v in end.items():
                    self.names[n] = self.names.get(n, Value()) | v
            self.shut |= shut

    def look(self, node: Any) -> None:
        """What the calls in an expression write, keep and are given."""
        for call in gast.walk(node):
            if isinstance(call, gast.comprehension):
                self.bind(call.target, self.value(call.iter).inside)
            if isinstance(call, gast.NamedExpr):
                self.bind(call.target, self.value(call.value))
            if not isinstance(call, gast.Call):
                continue
            last, args = _last(call.func), [*call.args, *(k.value for k in call.keywords)]
            for k in call.keywords:
                if k.arg == "out":
                    self.write(k.value, call)
            if isinstance(call.func, gast.Attribute) and last in METHODS:
                self.write(call.func.value, call)
            if last in FIRST and call.args:
                self.write(call.args[0], call)
            given = self.joined(args)
            if isinstance(call.func, gast.Attribute) and last in GROWS and isinstance(call.func.value, gast.Name):
                held = self.names.get(call.func.value.id, Value())
                self.names[call.func.value.id] = held | Value(frozenset(), given.own | given.held)
            if self.is_shut(given):
                self.known.passed.add(last if last in self.known.names else "__init__")

    def write(self, target: Any, at: Any) -> None:
        if isinstance(target, gast.Tuple | gast.List):
            for part in target.elts:
                self.write(part, at)
        elif self.value(target).own & self.shut:
            self.found = self.found or at

    def bind(self, target: Any, value: Value) -> None:
        match target:
            case gast.Name(id=name):
                self.names[name] = value
            case gast.Starred(value=inner):
                self.bind(inner, value.inside)
            case gast.Tuple(elts=parts) | gast.List(elts=parts):
                for part in parts:
                    self.bind(part, value.inside)
            case gast.Subscript(value=base) | gast.Attribute(value=base):
                if isinstance(target, gast.Attribute):
                    self.attributes[target.attr] = self.attributes.get(target.attr, Value()) | value
                if isinstance(target, gast.Subscript) or target.attr in ("real", "imag", "flat"):
                    self.write(base, target)
                if isinstance(base, gast.Name):
                    held = self.names.get(base.id, Value())
                    self.names[base.id] = replace(held, held=held.held | value.own | value.held)

    def joined(self, nodes: Iterable[Any]) -> Value:
        return _union(self.value(n) for n in nodes)

    def value(self, node: Any) -> Value:
        match node:
            case gast.Name(id=name):
                return self.names.get(name, Value())
            case gast.Starred(value=base) | gast.NamedExpr(value=base):
                return self.value(base)
            case gast.Subscript(value=base):
                return self.value(base).inside
            case gast.Attribute(value=base, attr=attr):
                if attr in SIZES:
                    return Value()
                found = frozenset({PROTECTED}) if attr in self.known.attributes else frozenset()
                return self.value(base).inside | self.attributes.get(attr, Value()) | Value(found)
            case gast.Tuple(elts=parts) | gast.List(elts=parts) | gast.Dict(values=parts):
                all_of = self.joined(parts)
                return Value(frozenset({next(self.new)}), all_of.own | all_of.held)
            case gast.ListComp(elt=elt, generators=gens) | gast.GeneratorExp(elt=elt, generators=gens):
                for g in gens:
                    self.bind(g.target, self.value(g.iter).inside)
                all_of = self.joined([elt, *(g.iter for g in gens)])
                return Value(frozenset({next(self.new)}), all_of.own | all_of.held)
            case gast.IfExp(body=first, orelse=second):
                return self.joined([first, second])
            case gast.BoolOp(values=parts):
                return self.joined(parts)
            case gast.Call(func=func):
                return self.called(node, func)
            case _:
                return Value(frozenset({next(self.new)}))

    def called(self, node: Any, func: Any) -> Value:
        """Views share, functions of the program may return what they were given; of others the result is new."""
        last, fresh = _last(func), Value(frozenset({next(self.new)}))
        given = self.joined([*node.args, *(k.value for k in node.keywords)])
        all_of = given.own | given.held
        if last in self.known.names:
            shut = frozenset({PROTECTED}) if last in self.known.returned else frozenset()
            return Value(all_of | shut, all_of | shut) | fresh
        if last in VIEWS:
            return fresh | given | (self.value(func.value).inside if isinstance(func, gast.Attribute) else Value())
        if isinstance(func, gast.Name) and last not in NEW:
            return fresh | Value(frozenset(), all_of)
        return fresh


def _union(values: Iterable[Value]) -> Value:
    found = Value()
    for v in values:
        found |= v
    return found


def _last(func: Any) -> str:
    return func.attr if isinstance(func, gast.Attribute) else func.id if isinstance(func, gast.Name) else ""
