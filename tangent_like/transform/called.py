"""Which functions of the text are needed, and what they call each other."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import replace

from tangent_like.ir.blocks import with_blocks
from tangent_like.ir.nodes import Block, Emitted, Expr, Function, Ref, UserFunction
from tangent_like.ir.rewrite import rewrite
from tangent_like.ir.walk import expressions, rebuild, statements, subexpressions, with_body


def by_their_names(functions: tuple[Function, ...], files: Set[str]) -> tuple[Function, ...]:
    """The functions, calling each other where they call what stands among them.

    The text of a derivative inside was loaded from one of ``files``, to be differentiated again: what it calls are
    functions of that file. The same functions stand in this text.
    """
    named = {f.name for f in functions}

    def change(expr: Expr) -> Expr:
        if isinstance(expr, Ref) and isinstance(expr.target, UserFunction) and expr.root in (None, expr.target):
            code = getattr(expr.target.source, "__code__", None)
            if code is not None and code.co_filename in files and code.co_name in named:
                return replace(expr, spelling=code.co_name, root=Emitted(code.co_name))
        return rebuild(expr, change)

    def block(body: Block) -> Block:
        return tuple(rewrite(with_blocks(s, block), change, lambda name: name) for s in body)

    return tuple(with_body(f, block(f.body)) for f in functions) if files else functions


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
