"""What is computed a second time in one block, of the same values: numbers by calls, arrays by anything.

Before                                   After

    e = math.exp(x)                          e = math.exp(x)
    x_bar = y_bar * e                        x_bar = y_bar * e
    e = math.exp(x)                          x_bar += z_bar * e
    x_bar += z_bar * e                       y_bar = 2.0 * e
    y_bar = 2.0 * math.exp(x)                a = v - mu
    a = v - mu                               b = np.sum(a ** 2)
    b = np.sum(a ** 2)                       c = a / b
    a_2 = v - mu
    c = a_2 / b

An array goes by one name then: where it has each name once, is never written into, and nobody else gets it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tangent_like.ir.build import np_call
from tangent_like.ir.nodes import (
    Assign,
    Attribute,
    Augment,
    Binary,
    Block,
    Call,
    Comment,
    Compare,
    Expr,
    Function,
    Index,
    Name,
    Ref,
    Return,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import (
    binds,
    expressions,
    names,
    reads,
    rebuild,
    same,
    statements,
    subexpressions,
    substitute,
)
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import acts, makes_new
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.memory import OUTSIDE, Memory

FAR = 30  # how many statements back the first is looked for


@dataclass(eq=False)
class _Arrays:
    """Which names may stand for one array."""

    function: Function
    facts: Facts

    @cached_property
    def bound(self) -> Counter[str]:
        return Counter(n for s in statements(self.function.body) for n in binds(s))

    @cached_property
    def read(self) -> Counter[str]:
        return Counter(n for s in statements(self.function.body) for n in reads(s))

    @cached_property
    def changed(self) -> set[str] | None:
        """The classes of memory that are written, or handed out; None for any."""
        facts = self.facts
        found: set[str] = facts.classes({OUTSIDE})
        memory = Memory(facts.looks)
        for stmt in self.function.body:
            does = facts.does(stmt)
            if does.anything:
                return None
            found |= does.writes
        for stmt in statements(self.function.body):
            if isinstance(stmt, Return) and stmt.value is not None:
                found |= facts.classes(memory.sources(stmt.value))
        return found

    def stays(self, name: str) -> bool:
        """Is the array of a name neither written nor handed out, so that another like it is as good?"""
        return self.changed is not None and not self.facts.classes({name}) & self.changed

    def are_one(self, name: str, held: str, after: Block) -> bool:
        """May ``held`` stand for ``name``, which is bound to the same, in what stands behind in the block?"""
        if self.bound[name] != 1 or self.bound[held] != 1 or not self.stays(name) or not self.stays(held):
            return False
        here = list(statements(after))
        if any(name in self.facts.own(s).fixed for s in here):
            return False
        return sum(name in reads(s) for s in here) == self.read[name]


def repeated(function: Function, facts: Facts) -> Function:
    """The pass: in the statements that are ours."""
    arrays = _Arrays(function, facts)

    def block(body: Block) -> Block:
        out: list[Stmt] = []
        rest = list(body)
        for k, old in enumerate(body):
            stmt = rest[k]
            new = change_blocks(stmt, block) if stmt is old else stmt
            if isinstance(new, Assign) and facts.mine(new):
                (name,) = new.targets
                held = _held(new, out, facts)
                if held == name and (facts.is_number(name) or arrays.stays(name)):
                    continue
                if held is not None and facts.is_number(name):
                    new = Assign((name,), (Name(held),))
                elif held is not None and arrays.are_one(name, held, tuple(rest[k + 1 :])):
                    rest[k + 1 :] = [_renamed(s, name, held) for s in rest[k + 1 :]]
                    continue
            out.append(_read_there(new, out, facts))
        return tuple(out) if len(out) < len(body) or any(a is not b for a, b in zip(out, body, strict=True)) else body

    return with_body(function, block(function.body))


def _read_there(stmt: Stmt, before: list[Stmt], facts: Facts) -> Stmt:
    """The statement with names for the calls in its midst whose results have names."""
    if not isinstance(stmt, Assign | Augment | Store) or stmt.origin is not None:
        return stmt
    whole = set(expressions(stmt)) if isinstance(stmt, Assign) else set()
    target = stmt.target if isinstance(stmt, Store) else None
    asked = {
        e.func.spelling
        for top in expressions(stmt)
        if top is not target
        for e in subexpressions(top)
        if isinstance(e, Call) and isinstance(e.func, Ref) and e not in whole
    }
    made: dict[str, list[tuple[int, str, Call]]] = {}  # by what is called
    for k in range(max(len(before) - FAR, 0), len(before)) if asked else ():
        match before[k]:
            case Assign() as one:
                for name, value in _bindings(one):
                    value = _as_function(value, facts)  # noqa: PLW2901
                    if isinstance(value, Call) and isinstance(value.func, Ref) and value.func.spelling in asked:
                        made.setdefault(value.func.spelling, []).append((k, name, value))
            case _:
                pass
    if not made:
        return stmt

    def change(expr: Expr, computed: bool) -> Expr:
        if isinstance(expr, Call) and isinstance(expr.func, Ref) and expr not in whole and not acts(expr):
            for k, name, call in reversed(made.get(expr.func.spelling, ())):
                read = names(call)
                if not computed and not facts.is_number(name):  # the memory itself would have two names
                    continue
                if same(call, expr) and name not in read and _steady({name, *read}, before[k + 1 :], facts):
                    return Name(name)
        inside = _computes(expr) or (computed and isinstance(expr, Attribute | Index))
        return rebuild(expr, lambda e: change(e, inside))

    return with_expressions(stmt, lambda e: e if e is target else change(e, False))


def _computes(expr: Expr) -> bool:
    """Is what it gives in memory of its own, and nothing of its parts handed on?"""
    return isinstance(expr, Binary | Unary | Compare) or (isinstance(expr, Call) and makes_new(expr))


def _as_function(value: Expr, facts: Facts) -> Expr:
    """``x.mean(axis=0)`` of an array of floating-point numbers as ``np.mean(x, axis=0)``."""
    match value:
        case Call(Attribute(Name(x) as array, "mean" | "sum" | "max" | "min" as method), args, keywords):
            if facts.look_of(x).type == "float64" and facts.look_of(x).rank:
                return np_call(method, array, *args, **dict(keywords))
    return value


def _renamed(stmt: Stmt, name: str, held: str) -> Stmt:
    table: dict[str, Expr] = {name: Name(held)}
    return rewrite(stmt, lambda e: substitute(e, table), lambda n: n) if _reads_inside(stmt, name) else stmt


def _reads_inside(stmt: Stmt, name: str) -> bool:
    return any(name in reads(s) for s in statements((stmt,)))


def _bindings(stmt: Assign) -> Iterator[tuple[str, Expr]]:
    """The names that a statement binds, each with its value, if none of the values reads one of them."""
    if stmt.saved or stmt.guard is not None or stmt.writes or len(stmt.targets) != len(stmt.values):
        return
    if len(stmt.targets) == 1 or not {n for v in stmt.values for n in names(v)}.intersection(stmt.targets):
        yield from zip(stmt.targets, stmt.values, strict=True)


def _steady(read: set[str], since: list[Stmt], facts: Facts) -> bool:
    """Is what these names hold the same behind some statements?"""
    memory = facts.classes(read)
    does = [facts.does(s) for s in since if not isinstance(s, Comment)]
    return not any(d.binds & read or d.writes & memory or (d.anything and memory) for d in does)


def _held(stmt: Assign, before: list[Stmt], facts: Facts) -> str | None:
    """The name of what holds the value already, since an earlier statement bound it to the same."""
    (name,), (value,) = stmt.targets, stmt.values
    # arithmetic of numbers stands where it is read, maybe
    kinds = (Call,) if facts.is_number(name) else (Call, Binary, Unary)
    if not any(isinstance(e, kinds) for e in subexpressions(value)) or acts(value):
        return None
    if stmt.guard is not None or stmt.writes or name in names(value):
        return None
    read = names(value)
    memory = facts.classes({name, *read})
    bound: set[str] = set()
    for other in reversed(before[-FAR:]):
        if isinstance(other, Comment):
            continue
        for held, first in _bindings(other) if isinstance(other, Assign) else ():
            if held not in bound and held not in read and same(first, value):
                return held
        does = facts.does(other)
        if does.binds & read or does.writes & memory or (does.anything and memory):
            return None
        bound |= does.binds
    return None
