"""Writes into memory that goes by one name only, so far: whoever shares it later sees a value that stays.

    for _ in range(steps):
        v = u.copy()          # v is young: new memory, no other name for it
        v[1:-1] += rate       # a write into young memory
        u = v                 # from here on it goes by two names, and nobody writes it

Where all writes of a class of names are of this kind, aliasing shows nowhere: each name is a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Call,
    Each,
    Expr,
    For,
    Function,
    If,
    Name,
    Opaque,
    Pop,
    Push,
    Ref,
    Stmt,
    Store,
    Try,
    UserFunction,
    While,
    With,
)
from tangent_like.ir.walk import base_name, binds, blocks, bound_in, expressions, names, subexpressions
from tangent_like.kinds.kind import Array

MemoryOf = Callable[[Stmt, Expr], Iterable[str]]
IsArray = Callable[[Stmt, str], bool]


@dataclass(eq=False)
class _Worker:
    memory_of: MemoryOf  # the names whose memory a value may share, through lists too
    is_array: IsArray
    found: dict[Stmt, bool] = field(default_factory=dict)
    pushed: dict[Stmt, bool] = field(default_factory=dict)
    # of a loop and what is young before it: what of it is young after. The turns of a loop around it ask again.
    loops: dict[tuple[Stmt, frozenset[str]], frozenset[str]] = field(default_factory=dict)

    def block(self, block: Block, young: set[str]) -> None:
        for stmt in block:
            self.statement(stmt, young)

    def statement(self, stmt: Stmt, young: set[str]) -> None:
        self.spread(stmt, young)
        match stmt:
            case Assign(targets, values):
                fresh = []
                for target, value in zip(targets, values, strict=False):
                    shared = set(self.memory_of(stmt, value))
                    young -= shared
                    if not shared and len(targets) == len(values):
                        fresh.append(target)
                if len(targets) != len(values):
                    young.difference_update(self.memory_of(stmt, values[0]))
                young.difference_update(targets)
                young.update(fresh)
            case Augment(target) if self.is_array(stmt, target):
                self.write(stmt, target, young)
            case Augment(target):
                young.discard(target)
            case Store(target, _, value):
                root = base_name(target)
                if root is not None:
                    self.write(stmt, root, young)
                    if not self.is_array(stmt, root):  # a list holds it from now on
                        young.difference_update(self.memory_of(stmt, value))
            case Push(list_, value):
                self.pushed[stmt] = self.pushed.get(stmt, True) and list_ in young
                young.difference_update(self.memory_of(stmt, value))
            case Pop(Name(id)):
                young.discard(id)
            case If():
                outs: list[set[str]] = []
                for arm in blocks(stmt):
                    out = set(young)
                    self.block(arm, out)
                    outs.append(out)
                young.clear()
                young.update(set[str].intersection(*outs))
            case For() | While() | Each():
                if isinstance(stmt, Each):
                    young.difference_update({stmt.target, *names(stmt.iterable)})
                asked = (stmt, frozenset(young))
                if asked in self.loops:
                    young &= self.loops[asked]
                    return
                while True:
                    after = set(young)
                    self.block(stmt.body, after)
                    self.spread(stmt, after)  # what a ``while`` asks behind each turn
                    if young <= after:
                        break
                    young &= after
                self.loops[asked] = frozenset(young)
            case With() | Try():
                young.difference_update(bound_in((stmt,)))
                for inner_block in blocks(stmt):
                    self.block(inner_block, young)
                young.difference_update(bound_in((stmt,)))
            case _:
                young.difference_update(binds(stmt))

    def spread(self, stmt: Stmt, young: set[str]) -> None:
        """What others may keep: a function of the user's keeps what it is given, and what we cannot read anything."""
        for expr in expressions(stmt):
            for node in subexpressions(expr):
                if isinstance(node, Opaque):
                    young.difference_update(node.reads)
                elif isinstance(node, Call) and isinstance(node.func, Ref):
                    if isinstance(node.func.target, UserFunction):
                        young.difference_update(names(node))

    def write(self, stmt: Stmt, name: str, young: set[str]) -> None:
        self.found[stmt] = self.found.get(stmt, True) and name in young


def young_writes(
    function: Function, memory_of: MemoryOf, is_array: IsArray, params: Iterable[str]
) -> tuple[frozenset[Stmt], frozenset[Stmt]]:
    """The writes, in place, into memory that never went by a second name, and what is put on such lists.

    ``params`` are copied on entry.
    """
    worker = _Worker(memory_of, is_array)
    worker.block(function.body, set(params))
    written = frozenset(stmt for stmt, young in worker.found.items() if young)
    return written, frozenset(stmt for stmt, young in worker.pushed.items() if young)


def is_array(kind: object) -> bool:
    return isinstance(kind, Array) and kind.rank not in (None, 0)
