"""How many axes arguments have, where only annotations are known: as many as their use leaves possible.

``x[i]`` says that there is one axis at least; ``math.sin(x[i])``, a comparison that decides a branch, or a
store into a place of known rank say that there are no more. Where both bounds meet, the text is made
for that rank, and checks it on entry. Of a name that is bound anew what is read before that says it:

    damping, omega = params              numbers, so that ``params`` has one axis
    angle, speed = y0
    for k in range(steps):
        half = speed + 0.5 * dt * math.sin(angle)
        speed = half - damping * half    another ``speed``: of the first all is known by now
        ...
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from tangent_like.analysis.typing import Typing
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Call,
    Choose,
    Compare,
    Const,
    Dict,
    Each,
    Expr,
    Function,
    If,
    Index,
    Library,
    List,
    Name,
    Push,
    Ref,
    Return,
    Slice,
    Stmt,
    Store,
    Tuple,
    Unary,
    UserFunction,
    While,
)
from tangent_like.ir.walk import binds, expressions, reads, statements, subexpressions
from tangent_like.kinds.indexing import index_items
from tangent_like.kinds.kind import Array, DictOf, Kind, Scalar, rank_of

# Of a callee: the bounds for its parameters, by name.
CalleeBounds = Callable[[UserFunction], "Mapping[str, tuple[int, int | None]]"]


OF_ITERABLES = ("dist", "fsum", "prod", "sumprod")  # of ``math``: what they take has items
COPIES = ("copy", "array", "asarray", "asanyarray", "zeros_like", "ones_like", "empty_like")


class Values(NamedTuple):
    """Of a name with several values: which of them, as written, a statement reads, and which it binds.

    The first is called as the name is. In a loop a later one may be read there as well: what is said of the one
    says nothing of the other.
    """

    read: Mapping[str, str]
    bound: Mapping[str, str]


NONE = Values({}, {})


@dataclass(eq=False)
class Bounds:
    """``lower`` and ``upper`` bound the rank of each name, as far as its uses say."""

    typing: Typing
    callee: CalleeBounds
    lower: dict[str, int] = field(default_factory=dict)
    upper: dict[str, int] = field(default_factory=dict)
    rebound: set[str] = field(default_factory=set)  # names of several values, more than steps of one
    values: Mapping[Stmt, Values] = field(default_factory=dict)
    now: Values = NONE  # of the statement that is looked at

    def read(self, name: str) -> str:
        return self.now.read.get(name, name)

    def bound(self, name: str) -> str:
        return self.now.bound.get(name, name)

    def of(self, param: str) -> tuple[int, int | None]:
        """How many axes a parameter has, at least and at most."""
        return self.lower.get(param, 0), self.upper.get(param)

    def are_numbers(self, names: Iterable[str]) -> bool:
        """Do their uses say so of what is bound to each?"""
        values = [self.bound(n) for n in names]
        return all(self.upper.get(v) == 0 and not self.lower.get(v) for v in values)

    def at_least(self, expr: Expr, rank: int) -> None:
        while not isinstance(expr, Name):
            copied = copy_of(expr)
            if copied is None:
                return
            expr = copied
        name = self.read(expr.id)
        self.lower[name] = max(self.lower.get(name, 0), rank)

    def at_most(self, expr: Expr, rank: int, kind_of: Callable[[Expr], Kind]) -> None:
        """The value of ``expr`` has no more than ``rank`` axes: so have those that it is made of."""
        match expr:
            case Name(id):
                if rank < self.upper.get(name := self.read(id), rank + 1):
                    self.upper[name] = rank
            case Unary(_, operand):
                self.at_most(operand, rank, kind_of)
            case Binary(op, left, right) if op != "@":
                self.at_most(left, rank, kind_of)
                self.at_most(right, rank, kind_of)
            case Choose(_, body, orelse):
                self.at_most(body, rank, kind_of)
                self.at_most(orelse, rank, kind_of)
            case Call(Ref(target=Library(obj=np.ufunc()) | Library("builtins", "abs")), args):
                for arg in args:
                    self.at_most(arg, rank, kind_of)
            case Call(Ref(target=Library("builtins", "sum")), (value,), ()):
                self.at_most(value, rank + 1, kind_of)  # of the items of a list, too
            case Call() if (copied := copy_of(expr)) is not None:
                self.at_most(copied, rank, kind_of)
            case Index(value, index):
                taken = 0
                for item in index_items(index):
                    if isinstance(item, Slice):
                        continue
                    kind = kind_of(item)
                    if not isinstance(kind, Scalar) or kind.type != "int":
                        return
                    taken += 1
                self.at_most(value, rank + taken, kind_of)
            case _:
                pass


def find_bounds(function: Function, typing: Typing, callee: CalleeBounds, scalar_result: bool) -> Bounds:
    """The bounds that a function's own statements, and those of the functions it calls, put on its names."""
    bounds = Bounds(typing, callee, rebound=several_values(function))
    bounds.values = find_values(function, bounds.rebound)
    for stmt in statements(function.body):
        kind_of = typing.at(stmt)
        bounds.now = bounds.values.get(stmt, NONE)
        for expr in expressions(stmt):
            for node in subexpressions(expr):
                _use(node, bounds, kind_of)
        _statement(stmt, bounds, kind_of, scalar_result)
    backward = [*statements(function.body)][::-1]  # as bounds go, from a value to what it is made of
    for _ in range(len({n for stmt in backward for n in binds(stmt)}) + 1):
        before = dict(bounds.upper), dict(bounds.lower)
        for stmt in backward:
            bounds.now = bounds.values.get(stmt, NONE)
            _flow(stmt, bounds, typing.at(stmt))
        if (bounds.upper, bounds.lower) == before:
            break
    for name in written_for_several(function):
        bounds.lower.pop(name, None)
        bounds.upper.pop(name, None)
    return bounds


def _flow(stmt: Stmt, bounds: Bounds, kind_of: Callable[[Expr], Kind]) -> None:
    """From what a statement binds to what that is made of."""
    upper = bounds.upper
    match stmt:
        case Assign((target,), (value,)):
            name = bounds.bound(target)
            if name in upper:
                bounds.at_most(value, upper[name], kind_of)
            bounds.at_least(value, bounds.lower.get(name, 0))
        case Assign(targets, (value,)) if len(targets) > 1 and bounds.are_numbers(targets):
            bounds.at_least(value, 1)  # ``a, b = params``: a matrix among them would say nothing of the others
            bounds.at_most(value, 1, kind_of)
        case Augment(target, _, value) if (name := bounds.bound(target)) in upper:
            bounds.at_most(value, upper[name], kind_of)
        case Push(held, value) if (name := bounds.bound(held)) in upper:
            bounds.at_most(value, upper[name] - 1, kind_of)
        case Each(target, iterable) if (name := bounds.bound(target)) in upper:
            bounds.at_most(iterable, upper[name] + 1, kind_of)
        case _:
            pass


def find_values(function: Function, several: Collection[str]) -> dict[Stmt, Values]:
    """Which of the values of a name the statements read and bind."""
    count = {p.name: 1 for p in function.params if p.name in several}
    now: dict[str, str] = {name: name for name in count}
    found: dict[Stmt, Values] = {}
    for stmt in statements(function.body):
        read = {n: now[n] for n in reads(stmt) if n in now}
        bound: dict[str, str] = {}
        for name in (*binds(stmt), *([stmt.list] if isinstance(stmt, Push) else [])):
            if name in several and not (name in now and is_step(stmt, name)):
                now[name] = f"{name}@{count[name]}" if name in count else name
                count[name] = count.get(name, 0) + 1
            if name in now:
                bound[name] = now[name]
        if read or bound:
            found[stmt] = Values(read, bound)
    return found


def written_for_several(function: Function) -> set[str]:
    """The names of which a branch asks how many axes they have: what an arm does says nothing of the others."""
    found: set[str] = set()
    for stmt in statements(function.body):
        for arm in stmt.arms if isinstance(stmt, If) else ():
            for node in subexpressions(arm.test):
                match node:
                    case Attribute(Name(id), "ndim"):
                        found.add(id)
                    case Call(Ref(target=Library("numpy", "ndim")), (Name(id),)):
                        found.add(id)
                    case Call(Ref(target=Library("builtins", "len")), (Attribute(Name(id), "shape"),)):
                        found.add(id)
                    case _:
                        pass
    return found


def several_values(function: Function) -> set[str]:
    """The names that are bound to more than one value and its steps, ``x = x - dx``, ``x = x.copy()``."""
    values = dict.fromkeys((p.name for p in function.params), 1)
    for stmt in statements(function.body):
        for name in binds(stmt):
            if not is_step(stmt, name):
                values[name] = values.get(name, 0) + 1
    return {name for name, count in values.items() if count > 1}


def is_step(stmt: Stmt, name: str) -> bool:
    """Has what the statement binds to a name no fewer axes than what the name was?"""
    match stmt:
        case Augment() | Push():
            return True
        case Assign((_,), (value,)):
            while isinstance(value, Binary) and value.op != "@":
                if any(isinstance(side, Name) and side.id == name for side in (value.left, value.right)):
                    return True
                value = value.left
            return isinstance(found := copy_of(value), Name) and found.id == name
        case _:
            return False


def copy_of(expr: Expr) -> Expr | None:
    """What an expression copies, in the same shape."""
    match expr:
        case Call(Attribute(value, "copy"), ()):
            return value
        case Call(Ref(target=Library("numpy", name)), (value, *_)) if name in COPIES:
            return None if isinstance(value, List | Tuple) else value
        case _:
            return None


def _use(node: Expr, bounds: Bounds, kind_of: Callable[[Expr], Kind]) -> None:
    match node:
        case Index(Attribute(value, "shape"), Const(k)) if isinstance(k, int) and k >= 0:
            bounds.at_least(value, k + 1)
        case Index(value, index):
            items = index_items(index)
            bounds.at_least(value, sum(not (isinstance(i, Const) and i.value in (None, ...)) for i in items))
        case Call(Ref(target=Library(module="builtins", qualname="len")), (value,)):
            bounds.at_least(value, 1)
        case Call(Ref(target=Library("math", name)), args) if name not in OF_ITERABLES:
            for arg in args:
                bounds.at_most(arg, 0, kind_of)
        case Call(Ref(target=Library("builtins", "min" | "max")), (first, second, *more)):
            for arg in (first, second, *more):
                bounds.at_most(arg, 0, kind_of)
        case Call(Ref(target=UserFunction() as target), args, keywords):
            known = bounds.callee(target)
            pairs = [*zip(known, args, strict=False), *keywords]
            for name, arg in pairs:
                low, high = known.get(name, (0, None))
                bounds.at_least(arg, low)
                if high is not None:
                    bounds.at_most(arg, high, kind_of)
        case _:
            pass


def _statement(stmt: Stmt, bounds: Bounds, kind_of: Callable[[Expr], Kind], scalar_result: bool) -> None:
    match stmt:
        case Assign(targets, values):
            if len(values) == 1 and len(targets) > 1 and isinstance(values[0], Attribute) and values[0].name == "shape":
                bounds.at_least(values[0].value, len(targets))
                bounds.at_most(values[0].value, len(targets), kind_of)
            for shown in (v for v in values if isinstance(v, Dict)):
                for value in shown.values:
                    bounds.at_most(value, 0, kind_of)
        case Store(target, _, value) if isinstance(kind_of(target.value), DictOf):
            bounds.at_most(value, 0, kind_of)  # what is kept under keys that only the run tells are numbers
        case Store(target, _, value):
            rank = rank_of(kind_of(target))
            if rank is not None:
                bounds.at_most(value, rank, kind_of)
        case If():
            for arm in stmt.arms:
                _test(arm.test, bounds, kind_of)
        case While(test):
            _test(test, bounds, kind_of)
        case Each(_, iterable):
            bounds.at_least(iterable, 1)
        case Return(value) if scalar_result and value is not None:
            bounds.at_most(value, 0, kind_of)
        case _:
            pass


def _test(test: Expr, bounds: Bounds, kind_of: Callable[[Expr], Kind]) -> None:
    """What decides a branch is one truth value."""
    for node in subexpressions(test):
        if isinstance(node, Compare) and not any(op in ("is", "is not", "in", "not in") for op in node.ops):
            for side in (node.left, *node.rights):
                bounds.at_most(side, 0, kind_of)


def ranks(function: Function, kinds: Mapping[str, Kind], bounds: Bounds) -> dict[str, int]:
    """The parameters of unknown rank whose bounds meet, with that rank."""
    found: dict[str, int] = {}
    for param in function.params:
        kind = kinds[param.name]
        low, high = bounds.of(param.name)
        if isinstance(kind, Array) and kind.dims is None and low == high and low > 0:
            found[param.name] = low
    return found
