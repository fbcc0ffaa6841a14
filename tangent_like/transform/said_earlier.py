"""What two statements of a turn on the way back compute of numbers: computed where the first of them reads it.

Before                                               After

    m_bar = 1.0 - y[i] / (p[0] * math.exp(-p[1]) + q)    e = math.exp(-p[1])
    e = math.exp(-p[1])                                  m_bar = 1.0 - y[i] / (p[0] * e + q)
    p_bar[0] += m_bar * e                                p_bar[0] += m_bar * e
    g_bar = z_bar / (1.0 + k * x * x + y)                a = 1.0 + k * x * x + y
    h_bar = g_bar * (1.0 + k * x * x + y)                g_bar = z_bar / a
    t_bar = 0.5 / s                                      h_bar = g_bar * a
    s_bar = 0.5 / s - t_bar * e * e / s                  t_bar = 0.5 / s
                                                         s_bar = t_bar - t_bar * e * e / s

A call that has a name later has it sooner. Arithmetic gets a name where it is long: a statement more takes less
time than that, and is read no slower. And what has a name goes by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Binary,
    Block,
    Call,
    Choose,
    Comprehension,
    Const,
    Expr,
    For,
    Function,
    Index,
    Lambda,
    Logic,
    Name,
    Ref,
    Stmt,
    Store,
    Unary,
    While,
)
from tangent_like.ir.walk import binds, children, expressions, key, names, reads, rebuild, statements, with_body
from tangent_like.kinds.kind import Kind
from tangent_like.transform.forms import is_adjoint
from tangent_like.transform.tidy.blocks import change_blocks, with_expressions
from tangent_like.transform.tidy.calls import acts
from tangent_like.transform.tidy.facts import Facts, find_facts

FAR = 12  # statements between the first and the last that reads it
LONG = 3  # operations of what gets a name


def said_earlier(function: Function, kinds: Mapping[str, Kind], users: frozenset[str]) -> Function:
    """The function with these said once; ``kinds`` are those of its names, ``users`` the names of the user's."""
    taken = {n for s in statements(function.body) for n in {*reads(s), *binds(s)}}
    namer = Namer(frozenset(taken) | users | {p.name for p in function.params})
    once = _Once(find_facts(function, frozenset(), kinds), namer)

    def block(body: Block, turns: bool) -> Block:
        new = tuple(change_blocks(s, lambda inner, s=s: block(inner, isinstance(s, For | While))) for s in body)  # type: ignore[misc]
        return once.by_name(once.named(once.sooner(new)) if turns else new)

    return with_body(function, block(function.body, False))


@dataclass(eq=False)
class _Once:
    facts: Facts
    namer: Namer

    def sooner(self, body: Block) -> Block:
        """With calls that have names later by these names."""
        for k, stmt in enumerate(body):
            match stmt:
                case Assign((name,), (Call(func=Ref()) as value,), None, "") if self.is_plain(value):
                    first = self.first(body[max(k - FAR, 0) : k], name, value)
                    if first is not None:
                        j = max(k - FAR, 0) + first
                        between = tuple(_with_name(s, value, name) for s in body[j:k])
                        return self.sooner((*body[:j], stmt, *between, *body[k + 1 :]))
                case _:
                    pass
        return body

    def first(self, before: Block, name: str, value: Call) -> int | None:
        """The first of the statements that reads the value, from where on it and the name stay."""
        found = None
        for j in range(len(before) - 1, -1, -1):
            if name in reads(before[j]) or not self.facts.steady({name, *names(value)}, (before[j],)):
                break
            if _is_ours(before[j]) and any(key(e) == key(value) for e in _evaluated(before[j])):
                found = j
        return found

    def named(self, body: Block) -> Block:
        """With names for long arithmetic that is read twice."""
        for _ in range(4):
            found = self.longest(body)
            if found is None:
                return body
            first, last, value = found
            name = self.namer.fresh("a")
            between = tuple(_with_name(s, value, name) for s in body[first : last + 1])
            body = (*body[:first], Assign((name,), (value,), None), *between, *body[last + 1 :])
        return body

    def longest(self, body: Block) -> tuple[int, int, Expr] | None:
        """From where to where it is read, twice or more, and what it is."""
        found: dict[object, tuple[int, int, Expr, int]] = {}
        for k, stmt in enumerate(body):
            if not _is_ours(stmt):
                continue
            for expr in _evaluated(stmt):
                if not isinstance(expr, Binary) or _length(expr) < LONG or not self.is_plain(expr):
                    continue
                first, _, value, often = found.get(key(expr), (k, k, expr, 0))
                if k > first + FAR or not self.facts.steady(set(names(value)), body[first:k]):
                    first, value, often = k, expr, 0
                found[key(expr)] = first, k, value, often + 1
        twice = [(_length(value), -first, last, value) for first, last, value, often in found.values() if often > 1]
        if not twice:
            return None
        _, first, last, value = max(twice, key=lambda one: one[:2])
        return -first, last, value

    def by_name(self, body: Block) -> Block:
        """With the names of arithmetic that is done again behind them, where these and what it reads stay."""
        out = list(body)
        for k, stmt in enumerate(body):
            match stmt:
                case Assign((name,), (Binary() as value,), _, "", None, ()) if self.is_plain(value):
                    if name in names(value):  # it is another value behind it
                        continue
                    own = names(value)
                    read = {name, *own}
                    for j in range(k + 1, min(k + 1 + FAR, len(out))):
                        if own <= reads(out[j]):
                            out[j] = _with_name(out[j], value, name)
                        if not self.facts.steady(read, (body[j],)):
                            break
                case _:
                    pass
        return tuple(out)

    def is_plain(self, expr: Expr) -> bool:
        """Is it a number, by arithmetic and by what computes alone?"""
        return self.facts.look(expr).rank == 0 and not acts(expr)


def _is_ours(stmt: Stmt) -> bool:
    """Is it an adjoint's, what a line of the user's says there included?"""
    if not isinstance(stmt, Assign | Augment | Store) or not is_adjoint(stmt):
        return False
    return stmt.origin is None or stmt.origin.alone


def _evaluated(stmt: Stmt) -> Iterator[Expr]:
    """What a statement reads whichever way its conditions go, but for the place that it writes."""
    target = stmt.target if isinstance(stmt, Store) else None
    for top in expressions(stmt):
        if top is not target:
            yield from _always(top)


def _always(expr: Expr) -> Iterator[Expr]:
    yield expr
    if not isinstance(expr, Choose | Logic | Comprehension | Lambda):
        for inner in children(expr):
            yield from _always(inner)


def _length(expr: Expr) -> int:
    own = 2 if isinstance(expr, Call) else 1 if isinstance(expr, Binary | Unary | Index) else 0
    own -= isinstance(expr, Unary) and isinstance(expr.operand, Const)
    return own + sum(map(_length, children(expr)))


def _with_name(stmt: Stmt, value: Expr, name: str) -> Stmt:
    own = key(value)
    target = stmt.target if isinstance(stmt, Store) else None

    def change(expr: Expr) -> Expr:
        return Name(name) if key(expr) == own else rebuild(expr, change)

    def at_top(expr: Expr) -> Expr:
        return expr if expr is target or own not in map(key, _always(expr)) else change(expr)

    return with_expressions(stmt, at_top) if _is_ours(stmt) else stmt

