"""What is added behind a branch only if the branch was taken, in the branch.

Before                                           After

    if z > 0:                                        if z > 0:
        t_bar = 2.0 * z                                  t_bar = 2.0 * z
    else:                                                for i in range(n):
        t_bar = 0.0                                          u_bar = t_bar * k[i]
    for i in range(n):                                       k_bar[i] += u_bar * y
        u_bar = t_bar * k[i]                         return k_bar
        k_bar[i] += u_bar * y
    return k_bar

Where the branch leaves zeros, and all that follows adds multiples of them and binds what nobody reads behind that:
pairs of particles farther apart than a cutoff, say. Nothing that stops or calls what may act goes along.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tangent_like.ir.build import is_number
from tangent_like.ir.nodes import (
    Arm,
    Assign,
    Augment,
    Binary,
    Block,
    Break,
    Comment,
    Continue,
    Expr,
    For,
    Function,
    If,
    Name,
    Pass,
    Raise,
    Return,
    Stmt,
    Store,
    Unary,
)
from tangent_like.ir.walk import bound_in, statements
from tangent_like.transform.tidy.alive import Alive
from tangent_like.transform.tidy.blocks import with_body
from tangent_like.transform.tidy.dead import _Sweeper, is_real
from tangent_like.transform.tidy.facts import Facts


def spared(function: Function, facts: Facts) -> Function:
    if not any(isinstance(s, If) and len(s.arms) == 1 for s in statements(function.body)):
        return function
    sparer = _Sparer(facts, Alive(facts))
    body = sparer.block(function.body)
    return with_body(function, body) if sparer.found else function


@dataclass(eq=False)
class _Nothing:
    """Statements that change nothing where some names are zero."""

    facts: Facts
    zeros: set[str]
    sums: int = 0
    bound: set[str] = field(default_factory=set)

    def takes(self, stmt: Stmt) -> bool:
        if isinstance(stmt, Comment | Pass):
            return True
        if self.facts.own(stmt).acts:
            return False
        match stmt:
            case Assign((name,), (value,)) if not stmt.saved and not stmt.writes:
                self.zeros.discard(name)
                if self.is_zero(value):
                    self.zeros.add(name)
                self.bound.add(name)
                return True
            case Store(_, "+" | "-", value) if not stmt.each and self.is_zero(value):
                self.sums += 1
                return True
            case Augment(target, "+" | "-", value) if target not in self.bound and self.is_zero(value):
                self.sums += 1
                return True
            case For(target):
                before = set(self.zeros)
                self.bound.add(target)
                self.zeros -= bound_in(stmt.body) | {target}
                good = all(map(self.takes, stmt.body))
                self.zeros &= before
                return good
            case _:
                return False

    def is_zero(self, expr: Expr) -> bool:
        match expr:
            case Name(id):
                return id in self.zeros
            case Unary("-", operand):
                return self.is_zero(operand)
            case Binary("*", left, right):
                return self.is_zero(left) or self.is_zero(right)
            case Binary("+" | "-", left, right):
                return self.is_zero(left) and self.is_zero(right)
            case _:
                return False


class _Sparer(_Sweeper):
    def __init__(self, facts: Facts, alive: Alive) -> None:
        super().__init__(facts, alive)
        self.found = False

    def block(self, block: Block) -> Block:
        ends = {end: (k, bound) for k, stmt in enumerate(block) if (run := self.run(block, k)) for end, bound in (run,)}
        good: dict[int, int] = {}
        left: dict[int, Stmt] = {}
        for k in range(len(block) - 1, -1, -1):
            first, bound = ends.get(k + 1, (k, None))
            if bound is not None and not any(n in self.alive.names for n in bound):
                good[first] = k + 1
            kept = self.statement(block[k])
            if kept is not None:
                left[k] = kept
        out: list[Stmt] = []
        k = 0
        while k < len(block):
            branch, end = left.get(k), good.get(k)
            if end is not None and isinstance(branch, If):
                out.append(_into(branch, tuple(left[i] for i in range(k + 1, end) if i in left)))
                self.found = True
                k = end
                continue
            out += [branch] if branch is not None else []
            k += 1
        return tuple(out)

    def run(self, block: Block, k: int) -> tuple[int, set[str]] | None:
        """Where what goes into the branch ends, and the names that are bound there or are zero otherwise."""
        stmt = block[k]
        if not isinstance(stmt, If) or len(stmt.arms) != 1 or k + 1 == len(block):
            return None
        zeros = self.zeros(stmt.orelse) or self.zeros(stmt.arms[0].body)
        taken = stmt.arms[0].body if self.zeros(stmt.orelse) else stmt.orelse
        if not zeros or not is_real(taken) or isinstance(taken[-1], Break | Continue | Return | Raise):
            return None
        if not zeros <= bound_in(taken):
            return None
        nothing = _Nothing(self.facts, set(zeros))
        end = k + 1
        while end < len(block) and nothing.takes(block[end]):
            end += 1
        while isinstance(block[end - 1], Comment | Pass) and end > k + 1:
            end -= 1
        return (end, nothing.bound | zeros) if nothing.sums else None

    def zeros(self, body: Block) -> set[str]:
        """The numbers of ours that a block binds to zero, if that is all that it does."""
        found: set[str] = set()
        for stmt in body:
            match stmt:
                case Comment() | Pass():
                    pass
                case Assign((name,), (value,)) if is_number(value, 0) and name not in self.facts.users:
                    found.add(name)
                case _:
                    return set()
        return found


def _into(branch: If, run: Block) -> Stmt:
    (arm,) = branch.arms
    zero_first = not any(not isinstance(s, Assign | Comment | Pass) for s in arm.body) and all(
        is_number(s.values[0], 0) for s in arm.body if isinstance(s, Assign)
    )
    if zero_first:
        arm = Arm(Unary("not", arm.test), (*branch.orelse, *run), arm.origin)
    else:
        arm = Arm(arm.test, (*arm.body, *run), arm.origin)
    return replace(branch, arms=(arm,), orelse=())
