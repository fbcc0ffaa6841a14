"""Functions inside a function that call themselves, as functions beside it: what they read of it they are given.

Before                                       After

    def series(x, n):                            def term(x, k):
        def term(k):                                 if k == 0:
            if k == 0:                                   return 1.0
                return 1.0                           return x * term(x, k - 1) / k
            return x * term(k - 1) / k
                                                 def series(x, n):
        return term(n)                               return term(x, n)

(Johnsson, Lambda lifting, 1985.) As long as what they read are numbers and arrays, or functions that are lifted with
them, and they bind nothing of what is around them: else they are written out in place of their calls.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from tangent_like.ir.calls import said_in
from tangent_like.ir.keys import function_key
from tangent_like.ir.nodes import (
    Call,
    Clause,
    Comprehension,
    Const,
    Define,
    Expr,
    Function,
    Lambda,
    Name,
    Opaque,
    Param,
    Ref,
)
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import bound_in, expressions, names, reads, rebuild, statements
from tangent_like.specialize.spec import Spec
from tangent_like.specialize.state import frame_key
from tangent_like.specialize.values import Fn, Frame, Leaf, Value

Place = tuple[int, str]  # a variable: the frame that it is local to, and its name there
Which = tuple[int, int]  # a function and the frame around it: a closure each


@dataclass(frozen=True, eq=False)
class Member:
    """One function of those that are lifted together."""

    name: str
    fn: Fn
    calls: dict[str, Fn]  # by the names that it has for them
    reads: dict[str, Frame]  # whose variables they are
    others: dict[str, Ref]  # functions of the module that a variable around it is


def lifted(s: Spec, fn: Fn) -> tuple[Ref, list[Value]] | None:
    """The function as one beside the others, and what it is given before its arguments; None where it stays."""
    if fn.frame is None:
        return None
    first = which(fn)
    members: dict[Which, Member] = {}
    pending = [(fn.function.name, fn)]
    while pending:
        name, one = pending.pop()
        if which(one) in members:
            continue
        member = told_apart(s, name, one)
        if member is None:
            return None
        members[which(one)] = member
        pending.extend(member.calls.items())
    calls = {k: {which(f) for f in m.calls.values()} for k, m in members.items()}
    if first not in reached(calls, first):
        return None
    given = given_to(members, calls)
    if given is None:
        return None
    order = list(members)
    key = tuple((members[k].name, function_key(members[k].fn.function), given[k]) for k in order)

    def build(refs: tuple[Ref, ...]) -> tuple[Function, ...]:
        table = dict(zip(order, refs, strict=True))
        return tuple(beside(members[k], given, table) for k in order)

    refs = s.library.lifted(key, tuple(members[k].name for k in order), build)
    homes = {home.id: home for m in members.values() for home in m.reads.values()}
    values = [s.evaluate(Name(name), homes[at]) for at, name in given[first]]
    return refs[order.index(first)], values


def which(fn: Fn) -> Which:
    return id(fn.function), fn.frame.id if fn.frame is not None else 0


def told_apart(s: Spec, name: str, fn: Fn) -> Member | None:
    """What a function calls and reads of what is around it; None where there is more to it."""
    function = fn.function
    around = fn.frame
    plain = all(isinstance(p.default, Const | None) for p in function.params)
    if around is None or function.outer or fn.cls is not None or not plain:
        return None
    if any(isinstance(stmt, Define) for stmt in statements(function.body)):
        return None
    calls: dict[str, Fn] = {}
    read: dict[str, Frame] = {}
    others: dict[str, Ref] = {}
    said, called = mentions(function)
    hidden, passing, own = inner_reads(function), bound_by_comprehensions(function), own_names(function)
    for free in said:  # in order: it is that of the parameters
        if free in own:
            continue
        home = around.home(free)
        if home is None or free in passing:
            return None
        value = s.state.vars.get(frame_key(home, free))
        match value:
            case Fn() if said[free] == called[free] and free not in hidden:
                calls[free] = value
            case Leaf(Ref() as ref) if free not in hidden:
                others[free] = ref
            case None | Leaf():
                read[free] = home
            case _:
                return None
    return Member(name if name.isidentifier() else next(iter(calls), "inner"), fn, calls, read, others)


def mentions(function: Function) -> tuple[Counter[str], Counter[str]]:
    """How often names are said, and how often of that as what is called."""
    said: Counter[str] = Counter()
    called: Counter[str] = Counter()
    for stmt in statements(function.body):
        said.update(sorted(reads(stmt) - {n for e in expressions(stmt) for n in names(e)}))
    for expr in said_in(function.body):
        match expr:
            case Name(name):
                said[name] += 1
            case Opaque():
                said.update(expr.reads)
            case Lambda(inner):
                said.update(sorted(free_names(inner)))
            case Call(Name(name)):
                called[name] += 1
            case _:
                pass
    return said, called


def inner_reads(function: Function) -> set[str]:
    """What lambdas inside it read of what is around them."""
    return {n for e in said_in(function.body) if isinstance(e, Lambda) for n in free_names(e.function)}


def bound_by_comprehensions(function: Function) -> set[str]:
    return {n for e in said_in(function.body) if isinstance(e, Comprehension) for n in e.names}


def free_names(function: Function) -> set[str]:
    said, _ = mentions(function)
    return set(said) - own_names(function)


def own_names(function: Function) -> frozenset[str]:
    return function.own | {p.name for p in function.params} | bound_in(function.body)


def reached(calls: dict[Which, set[Which]], start: Which) -> set[Which]:
    """The functions that a call of one may call in turn."""
    found: set[Which] = set()
    pending = [start]
    while pending:
        new = calls[pending.pop()] - found
        found |= new
        pending.extend(new)
    return found


def given_to(
    members: dict[Which, Member], calls: dict[Which, set[Which]]
) -> dict[Which, tuple[Place, ...]] | None:
    """The variables that each is given: those that it reads, and what it calls; None where two have one name."""
    found: dict[Which, tuple[Place, ...]] = {}
    for k, member in members.items():
        every = [members[j].reads for j in (k, *(j for j in members if j != k and j in reached(calls, k)))]
        places = tuple(dict.fromkeys((home.id, name) for table in every for name, home in table.items()))
        asked = [name for _, name in places]
        taken = own_names(member.fn.function) | bound_by_comprehensions(member.fn.function)
        if len(set(asked)) != len(asked) or not taken.isdisjoint(asked):
            return None
        found[k] = places
    return found


def beside(member: Member, given: dict[Which, tuple[Place, ...]], table: dict[Which, Ref]) -> Function:
    """The function with what it is given in front of its parameters."""
    function = member.fn.function

    def change(expr: Expr) -> Expr:
        match expr:
            case Call(Name(name), args, keywords, at) if name in member.calls:
                callee = which(member.calls[name])
                extra = tuple(Name(n) for _, n in given[callee])
                named = tuple((n, change(v)) for n, v in keywords)
                return Call(replace(table[callee], at=at), (*extra, *map(change, args)), named, at)
            case Name(name) if name in member.others:
                return member.others[name]
            case Comprehension():
                clauses = tuple(
                    Clause(c.target, change(c.iterable), tuple(map(change, c.conditions))) for c in expr.clauses
                )
                value = None if expr.value is None else change(expr.value)
                return replace(expr, element=change(expr.element), value=value, clauses=clauses)
            case _:
                return rebuild(expr, change)

    params = (*(Param(name) for _, name in given[which(member.fn)]), *function.params)
    body = tuple(rewrite(stmt, change, lambda name: name) for stmt in function.body)
    own = own_names(function) | {p.name for p in params}
    return replace(function, name=member.name, params=params, body=body, own=own)
