"""Tests that the modules at hand decide, and what they leave.

Before                                          After, with NumPy 2

    if hasattr(np, "trapezoid"):                    return np.trapezoid(y, x)
        return np.trapezoid(y, x)
    return np.trapz(y, x)

Also ``np.trapezoid if hasattr(np, "trapezoid") else np.trapz`` and ``getattr(np, "trapezoid", None)``. Nothing is
asked of what is not chosen: it may not be there.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import types
from collections.abc import Callable, Iterator
from typing import Any

import gast

# The module that a name or dotted name of the text stands for; None for anything else.
ModuleOf = Callable[[Any], "types.ModuleType | None"]


def known(test: Any, module_of: ModuleOf) -> bool | None:
    """What a test comes to that asks a module for a name; None for another test."""
    match test:
        case gast.UnaryOp(op=gast.Not(), operand=inner) | ast.UnaryOp(op=ast.Not(), operand=inner):
            found = known(inner, module_of)
            return None if found is None else not found
        case (
            gast.Call(func=gast.Name(id="hasattr"), args=[of, gast.Constant(value=str(name))], keywords=[])
            | ast.Call(func=ast.Name(id="hasattr"), args=[of, ast.Constant(value=str(name))], keywords=[])
        ):
            module = module_of(of)
            return None if module is None else hasattr(module, name)
        case _:
            return None


def chosen(node: Any, module_of: ModuleOf) -> Any:
    """The arm of ``a if hasattr(np, name) else b`` that holds, the attribute or the default of ``getattr``; or None."""
    match node:
        case gast.IfExp(test=test, body=body, orelse=orelse) | ast.IfExp(test=test, body=body, orelse=orelse):
            found = known(test, module_of)
            return None if found is None else body if found else orelse
        case (
            gast.Call(func=gast.Name(id="getattr"), args=[of, gast.Constant(value=str(name)), other], keywords=[])
            | ast.Call(func=ast.Name(id="getattr"), args=[of, ast.Constant(value=str(name)), other], keywords=[])
        ):
            module = module_of(of)
            if module is None:
                return None
            if not hasattr(module, name):
                return other
            kind: Any = ast if isinstance(node, ast.Call) and not isinstance(node, gast.Call) else gast
            return kind.copy_location(kind.Attribute(of, name, kind.Load()), node)
        case _:
            return None


def settled(nodes: list[Any], module_of: ModuleOf) -> Iterator[Any]:
    """The statements that run: of an ``if`` whose test is known those of its arm, and no more where that returns."""
    for node in nodes:
        found = known(node.test, module_of) if isinstance(node, gast.If | ast.If) else None
        if found is None:
            yield node
            continue
        inner = node.body if found else node.orelse
        yield from settled(inner, module_of)
        if inner and isinstance(inner[-1], gast.Return | gast.Raise | ast.Return | ast.Raise):
            return


def by_imports(tree: ast.Module) -> ModuleOf:
    """The modules that a file imports by a statement of its own, and that are installed with NumPy and SciPy."""
    names = {
        alias.asname or alias.name: alias.name
        for node in tree.body
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.asname or "." not in alias.name
    }

    def module_of(node: Any) -> types.ModuleType | None:
        name = names.get(node.id, "") if isinstance(node, ast.Name) else ""
        if name.partition(".")[0] not in ("numpy", "scipy", "math") or importlib.util.find_spec(name) is None:
            return None
        return importlib.import_module(name)

    return module_of
