"""Numbers that calls of NumPy compute, and that several statements of a turn on the way back read: computed once.

Before                                               After

    for i in range(n - 1, -1, -1):                       for i in range(n - 1, -1, -1):
        a_bar += y_bar * r[i] * np.cos(a)                    c, s = np.cos(a), np.sin(a)
        r_bar[i] = y_bar * np.sin(a) + x_bar * np.cos(a)     a_bar += y_bar * r[i] * c
        a_bar -= x_bar * r[i] * np.sin(a)                    r_bar[i] = y_bar * s + x_bar * c
                                                             a_bar -= x_bar * r[i] * s

Of a number such a call takes as long as ten multiplications. Outside of loops the text counts for more, and it is one
name less. Those of one number stand together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tangent_like.ir.names import Namer
from tangent_like.ir.nodes import Assign, Augment, Block, Call, Expr, For, Function, Name, Ref, Stmt, Store, While
from tangent_like.ir.walk import binds, expressions, key, names, reads, rebuild, statements, subexpressions
from tangent_like.kinds.kind import Kind
from tangent_like.transform.adjoints import says_adjoints
from tangent_like.transform.tidy.blocks import change_blocks, with_body, with_expressions
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import Facts, find_facts

LETTERS = {"exp": "e", "sin": "s", "cos": "c", "sqrt": "r", "log": "l", "tan": "t", "tanh": "t"}
CALLS = frozenset(("numpy", name) for name in LETTERS)
FAR = 12  # how many statements on


@dataclass(eq=False)
class _Read:
    """A call, and the first and the last statement that reads it."""

    call: Call
    first: int
    last: int
    often: int = 1


def calls_once(function: Function, kinds: Mapping[str, Kind], users: frozenset[str]) -> Function:
    """The function with names for them; ``kinds`` are those of its names, ``users`` the names of the user's."""
    if not any(isinstance(s, For | While) and _twice(s.body) for s in statements(function.body)):
        return function
    facts = find_facts(function, frozenset(), kinds)
    taken = {n for s in statements(function.body) for n in {*reads(s), *binds(s)}}
    namer = Namer(frozenset(taken) | users | {p.name for p in function.params})

    def block(body: Block, turns: bool) -> Block:
        new = tuple(change_blocks(s, lambda inner, s=s: block(inner, isinstance(s, For | While))) for s in body)  # type: ignore[misc]
        return _named(new, facts, namer) if turns and _twice(new) else new

    return with_body(function, block(function.body, False))


def _twice(body: Block) -> bool:
    """Might two statements of a block read the same?"""
    seen: set[object] = set()
    for stmt in body:
        own = {key(call) for call in _calls(stmt)}
        if own & seen:
            return True
        seen |= own
    return False


def _calls(stmt: Stmt) -> Iterator[Call]:
    if not isinstance(stmt, Assign | Augment | Store) or stmt.origin is not None or not says_adjoints(stmt):
        return
    for top in expressions(stmt):
        for expr in subexpressions(top):
            if isinstance(expr, Call) and len(expr.args) == 1 and not expr.keywords and isinstance(expr.args[0], Name):
                target = library(expr)
                if target is not None and origin_of(target) in CALLS:
                    yield expr


def _named(body: Block, facts: Facts, namer: Namer) -> Block:
    found: dict[object, _Read] = {}
    bound = {n for s in statements(body) for n in binds(s)}
    for k, stmt in enumerate(body):
        for call in _calls(stmt):
            if facts.look(call).rank != 0 or not bound & set(names(call)):  # the same in every turn: not in the loop
                continue
            known = found.setdefault(key(call), _Read(call, k, k, 0))
            known.often += 1
            if known.last < k <= known.first + FAR and facts.steady(set(names(call)), body[known.first : k]):
                known.last = k
    chosen = [read for read in found.values() if read.last > read.first]
    out: list[Stmt] = []
    table: dict[object, tuple[str, int]] = {}
    for k, stmt in enumerate(body):
        here = [read for read in chosen if read.first == k]
        for read in here:
            beside = [r for r in chosen if key(r.call.args[0]) == key(read.call.args[0]) and key(r.call) not in table]
            beside = [r for r in beside if facts.steady(set(names(r.call)), body[k : r.first])]
            if not beside or key(read.call) in table:
                continue
            fresh = [namer.fresh(LETTERS[_tail(r.call)]) for r in beside]
            table |= {key(r.call): (name, r.last) for r, name in zip(beside, fresh, strict=True)}
            out.append(Assign(tuple(fresh), tuple(r.call for r in beside), None))
        now = {k_: name for k_, (name, last) in table.items() if k <= last}

        def change(expr: Expr, now: Mapping[object, str] = now) -> Expr:
            name = now.get(key(expr)) if isinstance(expr, Call) else None
            return rebuild(expr, change) if name is None else Name(name)

        ours = now and any(True for _ in _calls(stmt))
        out.append(with_expressions(stmt, change) if ours else stmt)
    return tuple(out)


def _tail(call: Call) -> str:
    assert isinstance(call.func, Ref)
    return call.func.spelling.rpartition(".")[2]
