"""Names that a function declares ``global`` and binds: attributes of its module, which are written where they stand.

Before                                   After, in rosen.py

    def objective(x):                        def objective(x):
        global EVALS                             rosen.EVALS += 1
        EVALS += 1                               return np.sum(x * x)
        return np.sum(x * x)

As the module's they are what ``specialize/outside.py`` knows of attributes: done once, and read again as they are.
"""

from __future__ import annotations

import ast
import builtins
import sys
import types
from typing import Any

import gast


def module_called(fn: types.FunctionType) -> tuple[str, types.ModuleType | None]:
    """A name that a module has for nothing else, and the module, of a live function that is of one."""
    module = sys.modules.get(fn.__module__ or "")
    if module is None or vars(module) is not fn.__globals__:
        return "", None
    return name_of(module), module


def name_of(module: types.ModuleType) -> str:
    """What a module is called in text of its own, which has that name for nothing else."""
    name = module.__name__.rpartition(".")[2].strip("_") or "module"
    while name in vars(module) or hasattr(builtins, name):
        name = f"{name}_module"
    return name


def with_module_names(tree: Any, fn: types.FunctionType) -> Any:
    """The tree, changed in place; a name that is bound otherwise than by assignments is left, to be refused."""
    if not any(isinstance(n, gast.Global) for n in gast.walk(tree)):
        return tree
    called, module = module_called(fn)
    taken = {n.id for n in gast.walk(tree) if isinstance(n, gast.Name)}
    if module is None or not called.isidentifier() or called in taken:
        return tree
    declared = {name for n in gast.walk(tree) if isinstance(n, gast.Global) for name in n.names}
    names = {name for name in declared if name in fn.__globals__ and is_assigned_only(tree, name)}
    if isinstance(tree, gast.FunctionDef):
        tree.body = [_Named(names, called).visit(n) for n in tree.body]
    return tree


def is_assigned_only(tree: Any, name: str) -> bool:
    """Is it the module's in each function here that binds it, and bound by assignments alone?"""
    stored = set[int]()
    for node in gast.walk(tree):
        match node:
            case gast.Assign(targets=targets):
                stored |= {id(n) for t in targets for n in gast.walk(t)}
            case gast.AugAssign(target=target) | gast.AnnAssign(target=target):
                stored |= {id(target)}
            case gast.FunctionDef() | gast.ClassDef() if node.name == name and node is not tree:
                return False
            case gast.alias() if (node.asname or node.name) == name:
                return False
    return _is_global(tree, name, False) and not any(
        isinstance(n, gast.Name) and n.id == name and not isinstance(n.ctx, gast.Load) and id(n) not in stored
        for n in gast.walk(tree)
    )


def _is_global(node: Any, name: str, declared: bool) -> bool:
    """Is each function that binds the name one that declares it?"""
    if isinstance(node, gast.FunctionDef | gast.Lambda | gast.ClassDef):
        body = node.body if isinstance(node.body, list) else [node.body]
        declared = any(isinstance(n, gast.Global) and name in n.names for n in _own(body))
    if isinstance(node, gast.Name) and node.id == name and not isinstance(node.ctx, gast.Load) and not declared:
        return False
    return all(_is_global(inner, name, declared) for inner in ast.iter_child_nodes(node))


def _own(body: list[Any]) -> list[Any]:
    """The nodes of a function that are not of one inside it."""
    out, pending = [], list(body)
    while pending:
        node = pending.pop()
        out.append(node)
        if not isinstance(node, gast.FunctionDef | gast.Lambda | gast.ClassDef):
            pending.extend(ast.iter_child_nodes(node))
    return out


def says_another(node: Any) -> bool:
    """Is something in it called otherwise than in the text?"""
    return any(hasattr(inner, "is_renamed") for inner in gast.walk(node))


class _Named(ast.NodeTransformer):
    def __init__(self, names: set[str], module: str) -> None:
        self.names, self.module = names, module

    def visit_Name(self, node: Any) -> Any:
        if node.id not in self.names:
            return node
        of = gast.copy_location(gast.Name(self.module, gast.Load(), None, None), node)
        made = gast.copy_location(gast.Attribute(of, node.id, node.ctx), node)
        made.is_renamed = True
        return made

    def visit_Global(self, node: Any) -> Any:
        node.names = [n for n in node.names if n not in self.names]
        return node if node.names else gast.copy_location(gast.Pass(), node)
