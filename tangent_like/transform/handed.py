"""May what a function returns share memory with one of its arguments?"""

from __future__ import annotations

from collections.abc import Callable

from tangent_like.analysis.views import memory_of
from tangent_like.ir.nodes import (
    Assign,
    Each,
    Expr,
    Function,
    Index,
    Name,
    Pop,
    Push,
    Return,
    Store,
    UserFunction,
)
from tangent_like.ir.walk import base_name, statements
from tangent_like.kinds.kind import Kind


def hands_out(
    function: Function, kind_of: Callable[[Expr], Kind], returns_argument: Callable[[UserFunction], bool]
) -> bool:
    """Without regard to the order of statements, so on the safe side."""
    held = {p.name for p in function.params}
    grown = True
    while grown:
        grown = False
        for stmt in statements(function.body):
            pairs: list[tuple[str, Expr]] = []
            if isinstance(stmt, Assign):
                pairs = [(t, v) for t in stmt.targets for v in stmt.values]
            elif isinstance(stmt, Each):
                pairs = [(stmt.target, stmt.iterable)]
            elif isinstance(stmt, Push):
                pairs = [(stmt.list, stmt.value)]
            elif isinstance(stmt, Pop) and isinstance(stmt.target, Name):
                pairs = [(stmt.target.id, Name(stmt.list))]
            elif isinstance(stmt, Store) and isinstance(stmt.target, Index):
                pairs = [(base_name(stmt.target) or "", stmt.value)]
            for name, value in pairs:
                memory = memory_of(value, kind_of, returns_argument)
                if name not in held and memory & held:
                    held.add(name)
                    grown = True
    returned = next(s for s in reversed(function.body) if isinstance(s, Return))
    assert returned.value is not None
    return bool(memory_of(returned.value, kind_of, returns_argument) & held)
