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

from collections.abc import Set as AbstractSet
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
    Return,
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
    taken = {n for m in members.values() for n in own_names(m.fn.function) | bound_by_comprehensions(m.fn.function)}
    order = list(members)
    key = tuple((members[k].name, function_key(members[k].fn.function), given[k], meant(members[k])) for k in order)

    def build(refs: tuple[Ref, ...]) -> tuple[Function, ...]:
        table = dict(zip(order, refs, strict=True))
        return tuple(beside(members[k], given, table, taken) for k in order)

    refs = s.library.lifted(key, tuple(members[k].name for k in order), build)
    homes = {home.id: home for m in members.values() for home in m.reads.values()}
    values = [s.evaluate(Name(name), homes[at]) for at, name in given[first]]
    return refs[order.index(first)], values


def meant(member: Member) -> tuple[tuple[str, object], ...]:
    """The functions of the module that variables around it are: other ones in another call."""
    return tuple((name, ref.target) for name, ref in member.others.items())


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
    said = mentions(function)
    hidden, passing, own = inner_reads(function), bound_by_comprehensions(function), own_names(function)
    for free in said:  # in order: it is that of the parameters
        if free in own:
            continue
        home = around.home(free)
        if home is None and free in passing:
            continue  # of a comprehension alone
        if home is None or free in passing:
            return None
        value = s.state.vars.get(frame_key(home, free))
        match value:
            case Fn() if free not in hidden:
                calls[free] = value
            case Leaf(Ref() as ref) if free not in hidden:
                others[free] = ref
            case Leaf(Name(id)) if id in s.state.unsure:
                return None  # to hand it on would be to read what the run may not have bound
            case None | Leaf():
                read[free] = home
            case _:
                return None
    return Member(name if name.isidentifier() else next(iter(calls), "inner"), fn, calls, read, others)


def mentions(function: Function) -> dict[str, None]:
    """The names that a function says, in order."""
    said: dict[str, None] = {}
    for stmt in statements(function.body):
        said.update(dict.fromkeys(sorted(reads(stmt) - {n for e in expressions(stmt) for n in names(e)})))
    for expr in said_in(function.body):
        match expr:
            case Name(name):
                said[name] = None
            case Opaque():
                said.update(dict.fromkeys(expr.reads))
            case Lambda(inner):
                said.update(dict.fromkeys(sorted(free_names(inner))))
            case _:
                pass
    return said


def inner_reads(function: Function) -> set[str]:
    """What lambdas inside it read of what is around them."""
    return {n for e in said_in(function.body) if isinstance(e, Lambda) for n in free_names(e.function)}


def read_later(function: Function) -> set[str]:
    """What its lambdas and generators read, which may go on when the function has returned."""
    said = [e for e in said_in(function.body) if isinstance(e, Comprehension) and e.form == "generator"]
    return inner_reads(function) | {n for e in said for n in names(e)}


def bound_by_comprehensions(function: Function) -> set[str]:
    return {n for e in said_in(function.body) if isinstance(e, Comprehension) for n in e.names}


def free_names(function: Function) -> set[str]:
    return set(mentions(function)) - own_names(function)


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


def given_to(members: dict[Which, Member], calls: dict[Which, set[Which]]) -> dict[Which, tuple[Place, ...]]:
    """The variables that each is given: those that it reads, and what it calls."""
    found: dict[Which, tuple[Place, ...]] = {}
    for k in members:
        every = [members[j].reads for j in (k, *(j for j in members if j != k and j in reached(calls, k)))]
        found[k] = tuple(dict.fromkeys((home.id, name) for table in every for name, home in table.items()))
    return found


def called_there(member: Member, places: tuple[Place, ...], taken: set[str]) -> dict[Place, str]:
    """How a function calls what it is given: what it reads as it does, and what it hands on by a name of its own."""
    read = {(home.id, name) for name, home in member.reads.items()}
    found = {place: place[1] for place in places if place in read}
    for place in places:
        if place not in found:
            found[place] = another(place[1], taken.union(found.values()))
    return found


def another(name: str, taken: AbstractSet[str]) -> str:
    found, count = name, 1
    while found in taken:
        count += 1
        found = f"{name}_{count}"
    return found


def beside(
    member: Member, given: dict[Which, tuple[Place, ...]], table: dict[Which, Ref], taken: set[str]
) -> Function:
    """The function with what it is given in front of its parameters."""
    function = member.fn.function
    own_given = given[which(member.fn)]
    names_ = called_there(member, own_given, taken)

    def change(expr: Expr) -> Expr:
        match expr:
            case Call(Name(name), args, keywords, at) if name in member.calls:
                callee = which(member.calls[name])
                extra = tuple(Name(names_[place]) for place in given[callee])
                named = tuple((n, change(v)) for n, v in keywords)
                return Call(replace(table[callee], at=at), (*extra, *map(change, args)), named, at)
            case Name(name) if name in member.calls:
                return passed(member.calls[name], tuple(names_[p] for p in given[which(member.calls[name])]), table)
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

    params = (*(Param(names_[place]) for place in own_given), *function.params)
    body = tuple(rewrite(stmt, change, lambda name: name) for stmt in function.body)
    own = own_names(function) | {p.name for p in params}
    return replace(function, name=member.name, params=params, body=body, own=own)


def passed(fn: Fn, given: tuple[str, ...], table: dict[Which, Ref]) -> Expr:
    """A function that is passed on: ``lambda t: rate(k, t)``, where it is given a ``k`` that is around it."""
    ref = table[which(fn)]
    if not given:
        return ref
    params = tuple(replace(p, name=another(p.name, set(given))) for p in fn.function.params)
    call = Call(ref, (*map(Name, given), *(Name(p.name) for p in params)))
    return Lambda(replace(fn.function, params=params, body=(Return(call, fn.function.origin),), own=frozenset()))
