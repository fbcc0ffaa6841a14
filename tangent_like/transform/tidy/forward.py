"""Putting what is known of a name in the places where it is read, as long as it is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tangent_like.ir.nodes import Arm, Assign, Block, Each, Expr, For, Function, If, Stmt, While, With
from tangent_like.ir.walk import binds, names, statements
from tangent_like.transform.tidy.algebra import put_into
from tangent_like.transform.tidy.blocks import change_blocks, same_items, with_body
from tangent_like.transform.tidy.facts import Facts

Known = Callable[[Assign], "Expr | None"]


def propagated(function: Function, facts: Facts, known: Known) -> Function:
    """``known`` says what an assignment makes known of its name: a literal, or another name."""
    if not any(isinstance(s, Assign) and known(s) is not None for s in statements(function.body)):
        return function
    return with_body(function, _Walker(facts, known).block(function.body))


@dataclass(eq=False)
class _Walker:
    """``env``: what stands for a name here; ``readers``: the names for which a name stands.

    ``trail`` remembers each change of ``env``, so that it can be taken back where another path begins.
    """

    facts: Facts
    known: Known
    env: dict[str, Expr] = field(default_factory=dict)
    readers: dict[str, set[str]] = field(default_factory=dict)
    trail: list[tuple[str, Expr | None]] = field(default_factory=list)

    def block(self, block: Block) -> Block:
        return tuple([self.statement(stmt) for stmt in block])

    def statement(self, stmt: Stmt) -> Stmt:
        bound = self.facts.does(stmt).binds
        if isinstance(stmt, While):
            self.forget(bound)  # the test is asked again after each turn
        new = self.replaced(stmt)
        match new:
            case If():
                new = self.branch(new)
            case With():
                self.forget(binds(new))
                new = change_blocks(new, self.block)
            case For() | Each() | While():
                self.forget(bound)
                new = change_blocks(new, self.block)
        self.forget(bound)
        if isinstance(new, Assign):
            self.learn(new)
        return new

    def replaced(self, stmt: Stmt) -> Stmt:
        if not self.env:
            return stmt
        own = self.facts.own(stmt)
        table = {n: self.env[n] for n in (*own.reads, *own.fixed) if n in self.env}
        return put_into(stmt, table, self.facts) if table else stmt

    def branch(self, stmt: If) -> If:
        """Every arm begins with what was known before the first."""
        bodies = [self.path(arm.body) for arm in stmt.arms]
        orelse = self.path(stmt.orelse)
        pairs = list(zip(stmt.arms, bodies, strict=True))
        if same_items(orelse, stmt.orelse) and all(same_items(arm.body, new) for arm, new in pairs):
            return stmt
        arms = tuple(Arm(arm.test, new, arm.origin) for arm, new in pairs)
        return If(arms, orelse, stmt.origin, stmt.path, stmt.early)

    def path(self, block: Block) -> Block:
        mark = len(self.trail)
        new = self.block(block)
        while len(self.trail) > mark:
            name, value = self.trail.pop()
            if value is None:
                del self.env[name]
            else:
                self.set(name, value)
        return new

    def set(self, name: str, value: Expr) -> None:
        self.env[name] = value
        for other in names(value):
            self.readers.setdefault(other, set()).add(name)

    def learn(self, stmt: Assign) -> None:
        value = self.known(stmt)
        if value is not None and stmt.targets[0] not in names(value):
            self.set(stmt.targets[0], value)
            self.trail.append((stmt.targets[0], None))

    def forget(self, bound: Iterable[str]) -> None:
        for name in bound:
            for other in (name, *self.readers.pop(name, ())):
                value = self.env.get(other)
                if value is not None and (other == name or name in names(value)):
                    del self.env[other]
                    self.trail.append((other, value))
