"""Which functions of the text are needed."""

from __future__ import annotations

from collections.abc import Iterator

from tangent_like.ir.nodes import Emitted, Function, Ref
from tangent_like.ir.walk import expressions, statements, subexpressions


def called_functions(functions: tuple[Function, ...], last: int) -> tuple[Function, ...]:
    """The functions that the last ones call, in their order: derivatives inside may be needed as derivatives only."""
    named = {f.name: f for f in functions}
    pending = list(functions[-last:])
    kept: dict[str, None] = {f.name: None for f in pending}
    while pending:
        for ref in refs_in(pending.pop()):
            root = ref.target if ref.root is None else ref.root
            if isinstance(root, Emitted) and root.name in named and root.name not in kept:
                kept[root.name] = None
                pending.append(named[root.name])
    return tuple(f for f in functions if f.name in kept)


def refs_in(function: Function) -> Iterator[Ref]:
    for stmt in statements(function.body):
        for top in expressions(stmt):
            for node in subexpressions(top):
                if isinstance(node, Ref):
                    yield node
