"""How often names are bound."""

from __future__ import annotations

from tangent_like.ir.nodes import Block, Each, For, Function, While
from tangent_like.ir.walk import binds, blocks


def count_bindings(function: Function) -> dict[str, int]:
    """How often each name may be bound: what a loop binds counts as often as it likes."""
    found = {p.name: 1 for p in function.params}

    def count(block: Block, weight: int) -> None:
        for stmt in block:
            inside = 2 if isinstance(stmt, For | Each | While) else weight
            for name in binds(stmt):
                found[name] = found.get(name, 0) + (inside if isinstance(stmt, For | Each) else weight)
            for inner in blocks(stmt):
                count(inner, inside)

    count(function.body, 1)
    return found
