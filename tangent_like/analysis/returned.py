"""May a function return memory of its arguments? Forward over it, which names hold such memory where.

    def step(x, cell):             # x, cell
        cell = cell * 0.5          # x
        view = x[1:]               # x, view
        return cell                # holds none
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tangent_like.analysis.views import memory_of
from tangent_like.ir.nodes import (
    Assign,
    Augment,
    Block,
    Each,
    Expr,
    Function,
    If,
    Name,
    Pop,
    Push,
    Return,
    Stmt,
    Store,
    UserFunction,
)
from tangent_like.ir.walk import base_name, blocks
from tangent_like.kinds.kind import Kind


@dataclass(eq=False)
class _Search:
    kind_of: Callable[[Expr], Kind]
    returns_argument: Callable[[UserFunction], bool]
    found: bool = False

    def holds(self, value: Expr, held: set[str]) -> bool:
        return bool(memory_of(value, self.kind_of, self.returns_argument, lists=True) & held)

    def block(self, block: Block, held: set[str]) -> None:
        for stmt in block:
            self.statement(stmt, held)

    def statement(self, stmt: Stmt, held: set[str]) -> None:
        match stmt:
            case Assign(targets, values):
                whole = len(targets) == len(values)
                new = [self.holds(values[k if whole else 0], held) for k in range(len(targets))]
                held.difference_update(targets)
                held.update(t for t, holds in zip(targets, new, strict=True) if holds)
            case Pop(Name(id), list_):
                held.discard(id)
                if list_ in held:
                    held.add(id)
            case Push(list_, value) if self.holds(value, held):
                held.add(list_)
            case Store(target, _, value) if self.holds(value, held):
                held.add(base_name(target) or "")
            case Augment(target, _, value) if self.holds(value, held):
                held.add(target)
            case Return(value) if value is not None:
                self.found = self.found or self.holds(value, held)
            case If():
                ends = [set(held) for _ in blocks(stmt)]
                for inner, end in zip(blocks(stmt), ends, strict=True):
                    self.block(inner, end)
                held.clear()
                held.update(*ends)
            case _:
                if isinstance(stmt, Each) and self.holds(stmt.iterable, held):
                    held.add(stmt.target)
                size = -1
                while blocks(stmt) and size != len(held):  # any number of turns, none included
                    size = len(held)
                    for inner in blocks(stmt):
                        end = set(held)
                        self.block(inner, end)
                        held |= end


def returns_memory(
    function: Function, kind_of: Callable[[Expr], Kind], returns_argument: Callable[[UserFunction], bool]
) -> bool:
    """``returns_argument``: the same of the functions that it calls."""
    search = _Search(kind_of, returns_argument)
    search.block(function.body, {p.name for p in function.params})
    return search.found
