"""One of the ways to a place where paths meet: what it knows, and where it may still assign."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tangent_like.ir.nodes import Arm, Assign, Block, Break, Each, Expr, For, If, Name, Raise, Stmt, While, With
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import blocks
from tangent_like.specialize import table_paths
from tangent_like.specialize.spec import Spec, is_made
from tangent_like.specialize.state import State
from tangent_like.specialize.values import Born, Value


@dataclass(eq=False)
class Path:
    """One way to the place where they meet: its state, and where it may assign before it arrives."""

    state: State
    out: list[Stmt]
    value: Value | None = None
    position: int | None = None  # of the ``break`` it ends with
    told: Born | None = None  # what says whether the run has made what is assigned here
    taken: set[str] = field(default_factory=set)  # names of other paths that it has bound to meet them

    def assign(self, s: Spec, name: str, expr: Expr) -> None:
        if isinstance(expr, Name) and expr.id == name:
            return
        stmt: Stmt = Assign((name,), (table_paths.apart(s, expr),), s.origin)
        self.add([stmt if self.told is None else If((Arm(is_made(self.told), (stmt,), s.origin),), (), s.origin)])
        self.state.kinds[name] = s.typing.kind(expr, self.state.kinds)

    def add(self, stmts: list[Stmt]) -> None:
        if self.position is None:
            self.out[:] = at_the_end(tuple(self.out), tuple(stmts))  # nothing follows a jump in its turn
        else:
            self.out[self.position : self.position] = stmts
            self.position += len(stmts)

    def settled(self, s: Spec, value: Value, hint: str) -> Value:
        """The value with what only this path can compute computed on it."""
        state, s.state = s.state, self.state
        with s.block() as out:
            new = s.settled(value, hint)
        s.state = state
        self.add(out)
        return new


def leaves_here(out: list[Stmt]) -> bool:
    """Does the block end by leaving, so that what comes after does not see its state?"""
    last = out[-1] if out else None
    while isinstance(last, With) and last.body and isinstance(last.body[-1], With | Break):
        last = last.body[-1]
    return isinstance(last, Raise | Break)


def at_the_end(block: Block, tail: Block) -> Block:
    """``tail`` after a block: in the arms that come to their end, where another one leaves."""
    if not tail:
        return block
    last = block[-1] if block else None
    if isinstance(last, With) and has_break(last.body) and not leaves_here(list(block)):
        return (*block[:-1], replace(last, body=at_the_end(last.body, tail)))
    if not isinstance(last, If) or not any(has_break(b) for b in (*(a.body for a in last.arms), last.orelse)):
        return (*block, *tail)
    copies = 0

    def inside(body: Block) -> Block:
        nonlocal copies
        if leaves_here(list(body)):
            return body
        copies += 1
        return at_the_end(body, tail if copies == 1 else tuple(rewrite(t, lambda e: e, lambda n: n) for t in tail))

    arms = tuple(replace(arm, body=inside(arm.body)) for arm in last.arms)
    return (*block[:-1], replace(last, arms=arms, orelse=inside(last.orelse)))


def has_break(block: Block) -> bool:
    """May the block leave the loop around it?"""
    for stmt in block:
        match stmt:
            case Break():
                return True
            case For() | Each() | While():
                continue
            case _:
                if any(has_break(inner) for inner in blocks(stmt)):
                    return True
    return False
