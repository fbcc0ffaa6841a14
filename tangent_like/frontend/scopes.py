"""The names of a function: its parameters, what its body binds, what it imports."""

from __future__ import annotations

from typing import Any

import gast

from tangent_like.errors import UnsupportedError
from tangent_like.frontend.nested import bound_names
from tangent_like.frontend.source import FunctionSource
from tangent_like.ir.nodes import Unresolved


class Parameter:
    def __init__(self, name: str, default: Any, annotation: str, keyword_only: bool, star: str = "") -> None:
        self.name, self.default, self.annotation = name, default, annotation
        self.keyword_only, self.star = keyword_only, star


def parameters(source: FunctionSource, node: Any) -> list[Parameter]:
    args = node.args
    plain = [*args.posonlyargs, *args.args]
    defaults = [None] * (len(plain) - len(args.defaults)) + list(args.defaults)
    pairs = [(p, d, False) for p, d in zip(plain, defaults, strict=True)]
    pairs += [(p, d, True) for p, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    out = []
    for param, default, keyword_only in pairs:
        note = source.segment(param.annotation) if param.annotation is not None else ""
        out.append(Parameter(param.id, default, note, keyword_only))
    if args.vararg is not None:
        at = len(plain)
        out.insert(at, Parameter(args.vararg.id, None, "", False, "*"))
    if args.kwarg is not None:
        out.append(Parameter(args.kwarg.id, None, "", True, "**"))
    return out


def every_node(node: Any) -> list[Any]:
    """The node and all below it, as ``gast.walk`` gives them."""
    found = [node]
    for parent in found:
        found.extend(_children(parent))
    return found


def _children(node: Any) -> list[Any]:
    found: list[Any] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, gast.AST):
            found.append(value)
        elif isinstance(value, list):
            found.extend([v for v in value if isinstance(v, gast.AST)])
    return found


def assigned_names(body: list[Any]) -> set[str]:
    """The names that Python makes local because the body binds them."""
    found: set[str] = set()
    stack = list(body)
    while stack:
        node = stack.pop()
        if type(node) is gast.Name:
            if isinstance(node.ctx, gast.Store | gast.Del):
                found.add(node.id)
            continue
        if isinstance(node, gast.FunctionDef | gast.ClassDef):
            found.add(node.name)
            continue
        if isinstance(node, gast.MatchAs | gast.MatchStar) and node.name is not None:
            found.add(node.name)
        if isinstance(node, gast.MatchMapping) and node.rest is not None:
            found.add(node.rest)
        if isinstance(node, gast.ListComp | gast.SetComp | gast.DictComp | gast.GeneratorExp):
            inner = [n for n in gast.walk(node) if isinstance(n, gast.NamedExpr)]
            found.update(*(bound_names(n.target) for n in inner))
            continue
        if isinstance(node, gast.Lambda):
            continue
        stack.extend(_children(node))
    return found


def local_imports(source: FunctionSource, body: list[Any]) -> dict[str, tuple[str, str | None]]:
    """What the names of imports inside a function stand for: module and attribute.

    What only an ``ImportError`` would lead to is taken out of the body: what is imported is there.
    """
    found: dict[str, tuple[str, str | None]] = {}
    nodes = [node for stmt in body for node in gast.walk(stmt)]
    passed = _in_handlers_of_imports(source, nodes)
    for node in nodes:
        if node in passed or not isinstance(node, gast.Import | gast.ImportFrom):
            continue
        for name, meant in _imported(source, node):
            if found.setdefault(name, meant) != meant:
                what = f"{name}, which is imported in two ways, is not differentiated"
                raise UnsupportedError(what, source.place(node), "import at the top")
    if passed:
        body[:] = _without_failed_imports(body)
    return found


def _without_failed_imports(block: list[Any]) -> list[Any]:
    out: list[Any] = []
    for node in block:
        for inner in (node, *getattr(node, "handlers", []), *getattr(node, "cases", [])):
            for name in ("body", "orelse", "finalbody"):
                if isinstance(getattr(inner, name, None), list):
                    getattr(inner, name)[:] = _without_failed_imports(getattr(inner, name))
        if isinstance(node, gast.Try) and any(isinstance(s, gast.Import | gast.ImportFrom) for s in node.body):
            node.handlers[:] = [h for h in node.handlers if not _of_imports(h.type)]
            if not node.handlers and not node.finalbody:
                out.extend([*node.body, *node.orelse])
                continue
        out.append(node)
    return out


def _of_imports(caught: Any) -> bool:
    if isinstance(caught, gast.Tuple):
        return bool(caught.elts) and all(map(_of_imports, caught.elts))
    return isinstance(caught, gast.Name) and caught.id in ("ImportError", "ModuleNotFoundError")


def _imported(source: FunctionSource, node: Any) -> list[tuple[str, tuple[str, str | None]]]:
    if isinstance(node, gast.Import):
        plain = [a for a in node.names if a.asname is None and "." in a.name]
        roots = [(a.name.partition(".")[0], (a.name.partition(".")[0], None)) for a in plain]
        return [*roots, *((a.asname or a.name, (a.name, None)) for a in node.names if a not in plain)]
    if any(alias.name == "*" for alias in node.names):
        raise UnsupportedError("this import is not followed", source.place(node), "import at the top")
    module = "." * node.level + (node.module or "")
    return [(a.asname or a.name, (module, a.name)) for a in node.names]


def _in_handlers_of_imports(source: FunctionSource, nodes: list[Any]) -> set[Any]:
    """The imports of ``except ImportError:``: not made, since what the ``try`` imports is there, or it is refused."""
    found: set[Any] = set()
    for attempt in nodes:
        if not isinstance(attempt, gast.Try) or not attempt.handlers:
            continue
        inside = [n for s in attempt.body for n in gast.walk(s) if isinstance(n, gast.Import | gast.ImportFrom)]
        for node in inside:
            for _, (module, attribute) in _imported(source, node):
                if not _is_there(source, module, attribute):
                    name = module if attribute is None else f"{module}.{attribute}"
                    what = f"what is done where {name} cannot be imported is not differentiated"
                    raise UnsupportedError(what, source.place(node), "import at the top")
        if inside:
            found |= {n for h in attempt.handlers for s in h.body for n in gast.walk(s)}
    return found


def _is_there(source: FunctionSource, module: str, attribute: str | None) -> bool:
    return not isinstance(source.scope.imported(module, attribute, attribute or module), Unresolved)


def nonlocals(body: list[Any]) -> set[str]:
    """The names that the body declares to be those of a function around it."""
    found: set[str] = set()
    stack = list(body)
    while stack:
        node = stack.pop()
        if isinstance(node, gast.Nonlocal):
            found.update(node.names)
        elif not isinstance(node, gast.FunctionDef | gast.ClassDef | gast.Lambda):
            stack.extend(gast.iter_child_nodes(node))
    return found
