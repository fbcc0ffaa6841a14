"""What is written by another name: ``for row in (TABLE,): row[0] = 1.0`` writes ``TABLE``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Path = tuple[str, ...]

SAME = frozenset({"zip", "enumerate", "reversed", "iter", "map", "filter", "next"})
COPIES = frozenset({"sorted", "list", "tuple", "dict", "set"})  # whose items are those of what they copy
VIEWS = frozenset({"values", "items", "get", "setdefault", "view", "reshape", "ravel", "squeeze", "swapaxes"})
ANYTHING = ("*",)  # the path for all names of a file


def dotted(node: ast.AST) -> Path | None:
    """``("config", "RATE")`` for ``config.RATE[0]``; None for what does not begin with a name.

    ``vars(x)`` is ``x.__dict__``, ``type(x)`` is ``x.__class__``; ``globals()`` and ``sys.modules[name]`` are anything.
    """
    parts: list[str] = []
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        inner = dotted(node.args[0]) if len(node.args) in (1, 2) else None
        if node.func.id in ("globals", "locals") and not node.args:
            return ANYTHING
        if node.func.id in ("vars", "type", "getattr") and inner is not None:
            own = {"vars": ("__dict__",), "type": ("__class__",)}.get(node.func.id, ())
            return (*inner, *own, *reversed(parts))
    if not isinstance(node, ast.Name):
        return None
    found = (node.id, *reversed(parts))
    return ANYTHING if found[:2] == ("sys", "modules") else found


def by_other_names(block: list[ast.stmt], written: set[str]) -> set[Path]:
    """What the names that a block writes into may stand for."""
    pairs = [pair for stmt in block for node in ast.walk(stmt) for pair in _bound(node)]
    seen: set[Path] = set()
    roots = set(written)
    going = True
    while going:
        going = False
        for names, sources in pairs:
            for path in sources if names & roots else ():
                if path not in seen:
                    seen.add(path)
                    going = True
                    roots.add(path[0])
    return seen


def _bound(node: ast.AST) -> Iterator[tuple[set[str], list[Path]]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield _names(target), list(_sources(value, False))
        case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
            yield _names(target), list(_sources(value, False))
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield _names(target), list(_sources(value, True))
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
            yield _names(target), list(_sources(value, False))


def _names(target: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _sources(node: ast.AST, items: bool) -> Iterator[Path]:
    """What a value may share its memory with, its items theirs if ``items``."""
    match node:
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.Starred():
            path = dotted(node)
            if path is not None:
                yield path
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.BoolOp(values=parts):
            for part in parts:
                yield from _sources(part, items)
        case ast.Dict(values=parts):
            for part in parts:
                yield from _sources(part, items)
        case ast.IfExp(body=body, orelse=orelse):
            yield from _sources(body, items)
            yield from _sources(orelse, items)
        case ast.Call(func=ast.Name(id=name), args=args) if name in SAME or (items and name in COPIES):
            for part in args:
                yield from _sources(part, items)
        case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in VIEWS:
            yield from _sources(value, items)
