"""Comprehensions as the user wrote them: a list that a loop only fills is one again.

Before                                   After

    items = []                               windows = np.array([x[i:i + k] for i in range(n)])
    for i in range(n):                       rows = [[f(v) for v in row] for row in A if row[0] > 0]
        items.append(x[i:i + k])
    windows = np.array(items)
    rows = []
    for row in A:
        if row[0] > 0:
            items = []
            for v in row:
                items.append(f(v))
            rows.append(items)

To be differentiated a comprehension is a loop, whose turns the way back takes one by one. Where nothing is kept in
them, and the line is not too long, it is printed as it was. Loops that the user wrote stay loops. Not one of the passes
that ``tidy`` switches: those, and every analysis, know only loops.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.build import builtin_ref
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Block,
    Call,
    Clause,
    Comprehension,
    Do,
    Each,
    For,
    Function,
    If,
    List,
    Name,
    Push,
    Return,
    Stmt,
    Store,
)
from tangent_like.ir.walk import (
    binds,
    blocks,
    expressions,
    names,
    reads,
    statements,
    subexpressions,
    substitute,
    with_body,
)
from tangent_like.transform.tidy.blocks import with_expressions
from tangent_like.transform.tidy.calls import acts
from tangent_like.transform.tidy.width import COLUMNS, line_width


def collected(function: Function) -> Function:
    uses = Counter(n for s in statements(function.body) for n in {*reads(s), *binds(s)})
    return with_body(function, _Collector(uses, read_outside(function.body)).block(function.body, 1))


def read_outside(body: Block, around: Set[str] = frozenset()) -> frozenset[str]:
    """The names that are read where neither a loop around nor a statement above in a block around binds them.

    What a loop above leaves of its target, bound to something before or not, is read of that loop.
    """
    found: set[str] = set()
    bound = set(around)
    for stmt in body:
        found |= reads(stmt) - bound
        inside = blocks(stmt)
        own = bound | {stmt.target} if isinstance(stmt, For | Each) else bound
        for inner in inside:
            found |= read_outside(inner, own)
        if not inside:
            bound.update(binds(stmt))
        bound.difference_update(s.target for s in statements((stmt,)) if isinstance(s, For | Each))
    return frozenset(found)


@dataclass(frozen=True, eq=False)
class _Collector:
    uses: Counter[str]  # statements that read or bind a name
    outside: frozenset[str]  # names that more than the turns of loops over them read

    def block(self, body: Block, depth: int) -> Block:
        out: list[Stmt] = []
        for own in body:
            stmt = with_blocks(own, lambda inner: self.block(inner, depth + 1))
            aside = out[-1:] if self.is_aside(out) else []
            made = self.made(out[-1 - len(aside)], stmt) if out else None
            if made is not None and line_width(made, depth) <= COLUMNS:
                out[-1 - len(aside) :] = [*aside, made]
                continue
            whole = self.inside(out[-1], stmt) if out else None
            if whole is not None and line_width(whole, depth) <= COLUMNS:
                out[-1] = whole
            else:
                out.append(stmt)
        return tuple(out)

    def is_aside(self, before: list[Stmt]) -> bool:
        """Is the last a bound of the loop, computed between the list and the loop that fills it?"""
        match before[-2:]:
            case [Assign((name,), (List(()),)), Assign() as bound]:
                return name not in {*reads(bound), *binds(bound)}
            case _:
                return False

    def made(self, first: Stmt, loop: Stmt) -> Assign | None:
        """The list as a comprehension, of the statement that begins it and the loop that fills it."""
        match first:
            case Assign((name,), (List(()),), origin, "", None, ()) if origin is not None:
                pass
            case _:
                return None
        clauses: list[Clause] = []
        stmt = loop
        while not isinstance(stmt, Push):
            match stmt:
                case For(target, args, (inner,), turns="") if stmt.origin is origin:
                    clauses.append(Clause(Name(target), Call(builtin_ref("range"), args)))
                case Each(target, iterable, (inner,), turns="") if stmt.origin is origin:
                    clauses.append(Clause(Name(target), iterable))
                case If((Arm(test, (inner,)),), (), path="") if clauses:
                    last = clauses[-1]
                    clauses[-1] = Clause(last.target, last.iterable, (*last.conditions, test))
                case _:
                    return None
            stmt = inner
        if stmt.list != name or stmt.origin is not origin or not clauses:
            return None
        bound = frozenset(n for c in clauses for n in names(c.target))
        whole = Comprehension("list", stmt.value, None, tuple(clauses), bound)
        parts = [n for n in subexpressions(whole) if not isinstance(n, Comprehension)]
        if name in names(whole) or bound & self.outside or any(map(acts, parts)):
            return None
        return Assign((name,), (whole,), origin)

    def inside(self, first: Stmt, then: Stmt) -> Stmt | None:
        """What a comprehension is made for, around it, where the user wrote it there."""
        match first:
            case Assign((name,), (Comprehension() as whole,), origin) if self.uses[name] == 3:
                pass  # begun, filled, and read
            case _:
                return None
        if not isinstance(then, Assign | Augment | Store | Return | Do | Push) or then.origin is not origin:
            return None
        others = [n for e in expressions(then) for n in subexpressions(e)]
        if sum(isinstance(n, Name) and n.id == name for n in others) != 1:
            return None
        if any(isinstance(n, Comprehension) and name in names(n) for n in others):
            return None
        return with_expressions(then, lambda e: substitute(e, {name: whole}))


