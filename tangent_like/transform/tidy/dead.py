"""Assignments that no one reads, gone.

Before                                   After

    t_bar = 2 * y_bar                        h_bar = y_bar @ W.T
    h_bar = np.zeros_like(h)                 if n > 0:
    h_bar = y_bar @ W.T                          u_bar = h_bar
    x_bar = np.zeros_like(x)                 else:
    if n > 0:                                    u_bar = x
        u_bar = h_bar                        for i in range(n):
    else:                                        u_bar = u_bar * y
        t_bar = 3.0                          return u_bar
        u_bar = x
    for i in range(n):
        t_saved.append(i)
    for i in range(n):
        t = t_saved.pop()
    for i in range(n):
        x_bar += x * i
        u_bar = u_bar * y
    u_bar = u_bar
    return u_bar

Where the right-hand side does nothing but compute, whoever named it; ``x_bar += e`` and ``x_bar[k] = e`` as well,
where the memory goes by no other name. What is kept in a list goes if nobody reads what is taken from there; and so do
loops and branches in which nothing is left.
"""

from __future__ import annotations

from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Block,
    Comment,
    Each,
    For,
    Function,
    If,
    Index,
    List,
    Name,
    Pass,
    Pop,
    Push,
    Stmt,
    Store,
    Try,
    While,
    With,
)
from tangent_like.ir.walk import blocks, names, statements
from tangent_like.transform.tidy.alive import Alive
from tangent_like.transform.tidy.blocks import change_blocks, may_stop, same_items, with_body
from tangent_like.transform.tidy.facts import Facts


def dead(function: Function, facts: Facts) -> Function:
    sweeper = _Sweeper(facts, Alive(facts))
    function = with_body(function, sweeper.block(function.body))
    idle = (sweeper.idle | (sweeper.begun & sweeper.filled)) - sweeper.busy
    return with_body(function, _without(function.body, idle)) if idle else function


def _without(block: Block, lists: set[str]) -> Block:
    """The block without what is put into lists and taken from them."""
    out: list[Stmt] = []
    for stmt in block:
        match stmt:
            case Push(list=name) | Pop(list=name) if name in lists:
                continue
            case Assign((name,), (List(()),)) if name in lists:
                continue
            case _:
                out.append(change_blocks(stmt, lambda body: _without(body, lists)))
    return tuple(out)


class _Sweeper:
    def __init__(self, facts: Facts, alive: Alive) -> None:
        self.facts, self.alive = facts, alive
        self.idle: set[str] = set()  # lists from which something is taken that no one reads
        self.begun: set[str] = set()  # lists that are empty at first
        self.filled: set[str] = set()  # lists on which something is put
        self.busy: set[str] = set()  # lists of which more is known than that, or from which something is taken

    def block(self, block: Block) -> Block:
        out: list[Stmt] = []
        for stmt in reversed(block):
            kept = self.statement(stmt)
            if kept is not None:
                out.append(kept)
        out.reverse()
        return tuple(out)

    def statement(self, stmt: Stmt) -> Stmt | None:
        own = self.facts.own(stmt)
        match stmt:
            case Assign() if self.is_dead(stmt):
                return None
            case Augment(target) if self.is_idle(stmt, target):
                return None
            case Store(Index(Name(id))) if self.is_idle(stmt, id):
                return None
            case If():
                return self.branch(stmt)
            case For() | Each() | While():
                return self.loop(stmt)
            case With() if not may_stop(stmt):
                stmt = change_blocks(stmt, self.block)
                self.busy |= {*own.reads, *own.fixed}
            case With() | Try():
                self.busy |= self.facts.does(stmt).reads
            case Pop(Name(id), list_) if id not in self.alive.names:
                self.idle.add(list_)
            case Pop(None, list_):
                self.idle.add(list_)
            case Push(list=list_):
                self.filled.add(list_)
                self.busy |= {*own.reads} | ({list_} if own.acts else set())
            case Assign((name,), (List(()),)):
                self.begun.add(name)
            case _:
                self.busy |= {*own.reads, *own.fixed}
        self.alive.before(stmt)
        return stmt

    def is_dead(self, stmt: Assign) -> bool:
        if len(stmt.targets) == len(stmt.values) == 1 and not stmt.saved:
            value = stmt.values[0]
            if isinstance(value, Name) and value.id == stmt.targets[0]:
                return True
        bound = (*stmt.targets, stmt.saved) if stmt.saved else stmt.targets
        return not any(n in self.alive.names for n in bound) and not self.facts.own(stmt).acts

    def is_idle(self, stmt: Augment | Store, name: str) -> bool:
        """Does it add to what nobody reads any more, by no other name either? Or store into it?"""
        return name not in self.alive.names and not self.facts.own(stmt).acts and self.facts.is_alone(name)

    def only_added_to(self, loop: For | Each | While) -> set[str]:
        """The names that nobody reads after a loop, nor in it, but to add to them."""
        inside = [s for block in blocks(loop) for s in statements(block)]
        added = {s.target for s in inside if isinstance(s, Augment) and self.is_idle(s, s.target)}
        for stmt in (loop, *inside) if added else ():
            own = self.facts.own(stmt)
            if isinstance(stmt, Augment) and self.is_idle(stmt, stmt.target):
                added -= names(stmt.value)
            else:
                added -= {*own.reads, *own.fixed}
        return added

    def branch(self, stmt: If) -> Stmt | None:
        paths: list[dict[str, bool]] = []

        def path(body: Block) -> Block:
            mark = self.alive.mark()
            new = self.block(body)
            paths.append(self.alive.back(mark))
            return new

        bodies = [path(arm.body) for arm in stmt.arms]
        orelse = path(stmt.orelse)
        self.alive.meet(paths)
        new: If = stmt
        if not any(map(is_real, (*bodies, orelse))) and not self.facts.own(stmt).acts:
            return None
        pairs = list(zip(stmt.arms, bodies, strict=True))
        if not same_items(orelse, stmt.orelse) or not all(
            same_items(a.body, body) for a, body in pairs
        ):
            if not is_real(orelse):
                orelse = ()
                while pairs and not is_real(pairs[-1][1]) and not self.facts.own(stmt).acts:
                    pairs.pop()
            arms = tuple(
                Arm(a.test, body if is_real(body) else (Pass(),), a.origin) for a, body in pairs
            )
            new = If(arms, orelse, stmt.origin, stmt.path, stmt.early)
        own = self.facts.own(new)
        self.busy |= {*own.reads, *own.fixed}
        self.alive.add(own.reads)
        self.alive.add(own.fixed)
        return new

    def loop(self, stmt: For | Each | While) -> Stmt | None:
        mark = self.alive.mark()
        idle = self.only_added_to(stmt)
        self.alive.around(stmt)
        self.alive.remove(idle)
        new = change_blocks(stmt, self.block)
        self.alive.back(mark)
        if isinstance(new, For | Each) and not is_real(new.body):
            if new.target not in self.alive.names and not self.facts.own(new).acts:
                return None
            new = change_blocks(new, lambda body: body if body and is_pass(body) else (Pass(),))
        own = self.facts.own(new)
        self.busy |= {*own.reads, *own.fixed}
        self.alive.add(self.alive.exposed(new))
        return new


def is_real(body: Block) -> bool:
    return any(not isinstance(s, Comment | Pass) for s in body)


def is_pass(body: Block) -> bool:
    return all(isinstance(s, Pass) for s in body)
