"""What goes on under a second name at the end of a function, under one; or as a sum, where more is made of it.

Before                                   After

    p_bar = k_bar                            k_bar -= np.sum(k_bar)
    p_bar -= np.sum(k_bar)                   q_bar = 2 * k
    q_bar = 2 * k                            b_bar = q_bar + k
    b_bar = q_bar                            x_bar = b_bar @ b_bar
    b_bar += k                               return k_bar, x_bar
    x_bar = b_bar @ b_bar
    return p_bar, x_bar

Two names of one array are one array: what is written into it, by either name, both see. The sum takes other memory,
so that nobody may read the array by its first name, or another, any more.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tangent_like.ir.nodes import Assign, Augment, Binary, Comment, Expr, Function, Name, Return, Stmt
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import binds, names, reads, substitute
from tangent_like.transform.tidy.algebra import total
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.facts import Facts
from tangent_like.transform.tidy.memory import OUTSIDE
from tangent_like.transform.tidy.width import COLUMNS, line_width


def onward(function: Function, facts: Facts) -> Function:
    body, start = function.body, len(function.body)
    while start and isinstance(body[start - 1], Assign | Augment | Comment | Return):
        start -= 1
    worker = _End(list(body[start:]), facts)
    for k in range(len(body) - start - 1, -1, -1):
        stmt = body[start + k]
        if isinstance(stmt, Assign) and isinstance(stmt.values[0], Name) and facts.mine(stmt):
            worker.one(k, stmt.targets[0], stmt.values[0].id)
    return with_body(function, (*body[:start], *(s for s in worker.now if s is not None)))


@dataclass(eq=False)
class _End:
    """The statements at the end of a function, one after another, as they are by now; None for those that are gone."""

    now: list[Stmt | None]
    facts: Facts
    where: dict[str, set[int]] = field(default_factory=dict)  # the places where a name is read or bound

    def __post_init__(self) -> None:
        for k, stmt in enumerate(self.now):
            self.note(k, stmt)

    def note(self, k: int, stmt: Stmt | None) -> None:
        for name in () if stmt is None else (*reads(stmt), *binds(stmt)):
            self.where.setdefault(name, set()).add(k)

    def later(self, name: str, k: int) -> list[tuple[int, Stmt]]:
        """The statements behind a place that read or bind a name, each with its place."""
        places = sorted(j for j in self.where.get(name, ()) if j > k)
        return [(j, stmt) for j in places if (stmt := self.now[j]) is not None]

    def one(self, k: int, name: str, first: str) -> None:
        """The statements after ``name = first``, at ``k``, without ``name``, where they can be."""
        facts, later = self.facts, self.later(name, k)
        known = facts.look_of(name) == facts.look_of(first)
        arrays = known and bool(facts.look_of(name).rank) and facts.look_of(name).type == "float64"
        changes = [(j, s) for j, s in later if name in binds(s)]
        adds = [(j, s) for j, s in changes if isinstance(s, Augment)]
        if first in facts.users or not arrays or not adds or len(adds) < len(changes):
            return
        if any(first in binds(s) for _, s in self.later(first, k)):
            return
        used = [s for _, s in later if name in reads(s) and not (isinstance(s, Augment) and s.target == name)]
        if len(used) == 1 and isinstance(used[0], Return):
            new = Name(first)
            for j, stmt in later:
                self.now[j] = rewrite(stmt, lambda e: substitute(e, {name: new}), lambda n: first if n == name else n)
                self.note(j, self.now[j])
            self.now[k] = None
        elif len(adds) == 1:
            self.summed(k, name, first, *adds[0])

    def summed(self, k: int, name: str, first: str, at: int, add: Augment) -> None:
        facts = self.facts
        class_ = facts.class_of(name)
        mine = {n for n in facts.memory if facts.class_of(n) == class_} | {first}
        ahead = [facts.does(s) for s in self.now[k + 1 : at] if s is not None]
        again = any(self.later(n, at) for n in mine - {name})
        if OUTSIDE in mine or again or name in names(add.value) or add.op not in ("+", "-"):
            return
        if any(name in does.reads or class_ in does.writes or does.anything for does in ahead):
            return
        value: Expr = total(Binary(add.op, Name(first), add.value), facts)
        new: Stmt = Assign((name,), (value,), add.origin)
        if line_width(new, 1) <= COLUMNS:
            self.now[k], self.now[at] = None, new
            self.note(at, new)
