"""Contexts that ``contextlib.contextmanager`` makes of functions that yield once."""

from __future__ import annotations

import ast
import contextlib
import types

from tangent_like.frontend.live import function_target
from tangent_like.frontend.parsed import Decorated
from tangent_like.ir.nodes import Global, Library, Target, UserFunction

# What the decorator returns: one function for all.
HELPER = contextlib.contextmanager(lambda: iter(())).__code__


def managed(target: Target | None) -> UserFunction | None:
    """The function that yields, where the decorator is the only one that is on it."""
    value = target.value if isinstance(target, Global) else None
    value = target.source if isinstance(target, UserFunction) else value
    if isinstance(value, Decorated):
        decorators: list[ast.expr] = value.node.decorator_list
        found = value.scope.resolve(decorators[0]) if len(decorators) == 1 else None
        known = isinstance(found, Library) and (found.module, found.qualname) == ("contextlib", "contextmanager")
        return UserFunction(value.scope.file, f"{value.name}@", value.scope) if known else None
    if isinstance(value, types.FunctionType) and value.__code__ is HELPER:
        inner = getattr(value, "__wrapped__", None)
        return function_target(inner) if isinstance(inner, types.FunctionType) else None
    return None


def as_value(target: Target) -> Target:
    """The context manager as something that is only called, where it is not followed."""
    if not isinstance(target, UserFunction):
        return target
    return Global(target.owner, target.qualname.rpartition(".")[2], target.source)
