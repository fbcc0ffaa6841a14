"""Text of the user's that is kept as it is: names in it are replaced, and nothing else."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace

from tangent_like.ir.nodes import Expr, Name, Opaque


def substitute_text(expr: Opaque, table: Mapping[str, Expr]) -> Opaque:
    """The text with the names in ``table`` replaced by names."""
    renamed: dict[str, str] = {}
    own = _bound(expr.text) if expr.is_block else frozenset()
    for name in (*expr.reads, *sorted(own)):
        new = table.get(name)
        if new is not None:
            assert isinstance(new, Name), "only names are put into verbatim text"
            renamed[name] = new.id
    if not renamed:
        return expr
    reads = tuple(renamed.get(name, name) for name in expr.reads)
    return replace(expr, text=renamed_text(expr, renamed), reads=reads)


def renamed_text(expr: Opaque, renamed: Mapping[str, str]) -> str:
    """The text with names changed; a block keeps its layout and its comments."""
    if not expr.is_block:
        tree = ast.parse(expr.text, mode="eval")
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in renamed:
                node.id = renamed[node.id]
        return ast.unparse(tree)
    lines = [line.encode() for line in expr.text.split("\n")]
    found = [n for n in ast.walk(ast.parse(expr.text)) if isinstance(n, ast.Name) and n.id in renamed]
    for node in sorted(found, key=lambda n: (n.lineno, n.col_offset), reverse=True):
        line, start = lines[node.lineno - 1], node.col_offset
        lines[node.lineno - 1] = line[:start] + renamed[node.id].encode() + line[start + len(node.id.encode()) :]
    return b"\n".join(lines).decode()


def _bound(text: str) -> frozenset[str]:
    found = (n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name))
    return frozenset(n.id for n in found if isinstance(n.ctx, ast.Store))
