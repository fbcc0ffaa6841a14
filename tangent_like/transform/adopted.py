"""An adjoint that ends with all of another begins in the memory of the other.

Before                                   After

    t_bar = alpha * v_bar[1:-1]              t_bar = alpha * v_bar[1:-1]
    u_bar = np.zeros_like(u)                 u_bar = v_bar
    u_bar[2:] = t_bar                        u_bar[2:] += t_bar
    u_bar[:-2] += t_bar                      u_bar[:-2] += t_bar
    u_bar += v_bar

Where nobody reads the other any more, as after ``v = u.copy()``. The same numbers are added in another order, so
that this is none of the passes that ``tidy`` switches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Call,
    Comment,
    Each,
    For,
    Function,
    If,
    Name,
    Stmt,
    Store,
    While,
)
from tangent_like.ir.walk import base_name, blocks, names
from tangent_like.kinds.kind import Array, Kind
from tangent_like.transform.tidy.alive import Alive
from tangent_like.transform.tidy.blocks import change_blocks, may_stop, with_body
from tangent_like.transform.tidy.calls import library, origin_of
from tangent_like.transform.tidy.facts import Facts, find_facts
from tangent_like.transform.tidy.memory import OUTSIDE


def adopted(function: Function, kinds: Mapping[str, Kind]) -> Function:
    """The function with less memory; ``kinds`` are those of its names."""
    if not any(isinstance(k, Array) for k in kinds.values()):
        return function
    facts = find_facts(function, frozenset(), kinds)
    members: dict[str, set[str]] = {}
    for name in facts.memory:
        members.setdefault(facts.class_of(name) or "", set()).add(name)
    return with_body(function, _Adopter(facts, Alive(facts), kinds, members).block(function.body))


@dataclass(eq=False)
class _Adopter:
    facts: Facts
    alive: Alive
    kinds: Mapping[str, Kind]
    members: Mapping[str, set[str]]  # the names of each class of memory

    def block(self, body: Block) -> Block:
        out = list(body)
        for k in range(len(body) - 1, -1, -1):
            stmt = body[k]
            start = self.start(stmt, body[:k])
            if start is not None and isinstance(stmt, Augment):
                out[k] = Comment("")
                for q in range(start, k):
                    out[q] = _onto(out[q], stmt)
            out[k] = self.before(out[k], stmt)
        return tuple(s for s in out if not (isinstance(s, Comment) and not s.text))

    def before(self, new: Stmt, stmt: Stmt) -> Stmt:
        """From after a statement to before it; its blocks are done on the way."""
        alive = self.alive
        match stmt:
            case If():
                paths: list[dict[str, bool]] = []

                def path(body: Block) -> Block:
                    mark = alive.mark()
                    inner = self.block(body)
                    paths.append(alive.back(mark))
                    return inner

                new = change_blocks(new, path)
                alive.meet(paths)
            case For() | Each() | While():
                mark = alive.mark()
                alive.around(stmt)
                new = change_blocks(new, self.block)
                alive.back(mark)
                alive.add(alive.exposed(stmt))
                return new
            case _ if may_stop(stmt) or blocks(stmt):
                alive.add(self.facts.does(stmt).reads)
                return new
            case _:
                pass
        own = self.facts.own(stmt)
        if not isinstance(stmt, If):
            alive.remove(self.facts.does(stmt).binds)
        alive.add(own.reads)
        alive.add(own.fixed)
        return new

    def start(self, stmt: Stmt, before: Block) -> int | None:
        """Where the zeros are made to which ``stmt`` adds all of an array that then is of no more use."""
        if not isinstance(stmt, Augment) or stmt.op != "+" or not isinstance(stmt.value, Name):
            return None
        bar, other = stmt.target, stmt.value.id
        class_ = self.facts.class_of(other)
        if class_ is None or not self.alike(bar, other):
            return None
        members = self.members.get(class_, set()) | {other}
        if OUTSIDE in members or (members - {bar}) & self.alive.names:
            return None
        first: Stmt | None = None
        for k in range(len(before) - 1, -1, -1):
            one = before[k]
            if isinstance(one, Assign) and one.targets == (bar,):
                made = _is_zeros(one)
                return k if made and first is not None and not (names(one.values[0]) & members) else None
            if isinstance(one, Comment):
                continue
            does = self.facts.does(one)
            if isinstance(one, Store) and base_name(one.target) == bar and one.op in ("", "+", "-"):
                inside = {n for e in (one.value, one.target.index) for n in names(e)}
                if inside & (members | {bar}) or (first is not None and not getattr(first, "op", "+")):
                    return None
                first = one
            elif (does.reads | does.binds) & (members | {bar}) or does.anything or class_ in does.writes:
                return None
        return None

    def alike(self, a: str, b: str) -> bool:
        """Two arrays of double precision and one shape?"""
        one, two = self.kinds.get(a), self.kinds.get(b)
        known = isinstance(one, Array) and one.dtype == "float64" and one.dims is not None and None not in one.dims
        return known and one == two


def _is_zeros(stmt: Assign) -> bool:
    value = stmt.values[0]
    target = library(value) if isinstance(value, Call) else None
    return target is not None and origin_of(target) == ("numpy", "zeros_like")


def _onto(stmt: Stmt, last: Augment) -> Stmt:
    match stmt:
        case Assign(targets) if targets == (last.target,):
            return Assign(targets, (last.value,), stmt.origin)
        case Store(op="") if base_name(stmt.target) == last.target:
            return replace(stmt, op="+")
        case _:
            return stmt
