"""Does a program name infinity? Differences from it are asked for then: ``np.exp(a - b)`` of two that are ``-inf``."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping

import numpy as np

from tangent_like.ir.nodes import Const, Expr, Function, Global, Ref
from tangent_like.ir.walk import expressions, statements, subexpressions

SPELLED = ("inf", "infinity")
NAMES = ("inf", "infty", "NINF", "PINF", "Inf", "Infinity")
MOST_ITEMS = 10_000  # of more it is not asked whether one is infinite


def names_infinity(function: Function) -> bool:
    """``-np.inf``, ``float("-inf")``, or what the module holds that is infinite, or has such an item."""
    return any(
        is_infinite(e) for s in statements(function.body) for top in expressions(s) for e in subexpressions(top)
    )


def is_infinite(expr: Expr) -> bool:
    match expr:
        case Const(value):
            return holds_infinity(value) or is_spelled(value)
        case Ref(target=Global(value=None, name=name, definition=scope)):
            return is_written(scope, name, frozenset())
        case Ref(target=target):
            value = getattr(target, "obj", getattr(target, "value", None))
            return holds_infinity(value) or is_spelled(value)
        case _:
            return False


def is_spelled(value: object) -> bool:
    return isinstance(value, str) and value.strip("+- ").lower() in SPELLED


def holds_infinity(value: object) -> bool:
    match value:
        case float():
            return math.isinf(value)
        case np.ndarray():
            return value.dtype.kind == "f" and value.size <= MOST_ITEMS and bool(np.isinf(value).any())
        case list() | tuple():
            return len(value) <= MOST_ITEMS and any(map(holds_infinity, value))
        case Mapping():
            return len(value) <= MOST_ITEMS and any(map(holds_infinity, value.values()))
        case _:
            return False


def is_written(scope: object, name: str, asked: frozenset[str]) -> bool:
    """Does what a file binds a name to say infinity, or another name of the file's that does?"""
    bound = () if name in asked else getattr(scope, "bindings", {}).get(name, ())
    values = [found for binding in bound if (found := getattr(binding.node, "value", None)) is not None]
    for node in (n for value in values if isinstance(value, ast.AST) for n in ast.walk(value)):
        match node:
            case ast.Constant(value):
                if holds_infinity(value) or is_spelled(value):
                    return True
            case ast.Attribute(attr=said) if said in NAMES:
                return True
            case ast.Name(id=said) if said in NAMES or is_written(scope, said, asked | {name}):
                return True
    return False
