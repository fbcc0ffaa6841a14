"""Loops that ask an iterator for the next item themselves, as loops over it.

Before                                           After

    while True:                                  for v in it:
        try:                                         s += v * v
            v = next(it)
        except StopIteration:
            break
        s += v * v

    while (v := next(it, None)) is not None:     for v in it:
        s += v * v                                   if v is None:
                                                         break
                                                     s += v * v
                                                 else:
                                                     v = None     # where it is read behind the loop
"""

from __future__ import annotations

import copy
from typing import Any

import gast

from tangent_like.frontend.patterns import Lowerer
from tangent_like.ir.nodes import Library, Ref


def as_for(node: Any, lowerer: Lowerer, nodes: list[Any]) -> Any:
    """The loop as one over its iterator; any other as it is. ``nodes`` are all of the function."""
    if not isinstance(node, gast.While) or node.orelse:
        return node
    return _by_walrus(node, lowerer, nodes) or _by_try(node, lowerer) or node


def _by_try(node: Any, lowerer: Lowerer) -> Any:
    match node:
        case gast.While(
            test=gast.Constant(value=True),
            body=[
                gast.Try(
                    body=[gast.Assign(targets=[target], value=gast.Call(args=[gast.Name() as it]) as call)],
                    handlers=[gast.ExceptHandler(type=gast.Name() as kind, body=[gast.Break()])],
                    orelse=[],
                    finalbody=[],
                ),
                *rest,
            ],
        ) if not call.keywords and _is(call.func, "next", lowerer) and _is(kind, "StopIteration", lowerer):
            return _loop(node, target, it, rest or [gast.copy_location(gast.Pass(), node)], [])
    return None


def _by_walrus(node: Any, lowerer: Lowerer, nodes: list[Any]) -> Any:
    match node:
        case gast.While(
            test=gast.Compare(
                left=gast.NamedExpr(
                    target=gast.Name() as target,
                    value=gast.Call(args=[gast.Name() as it, gast.Constant(value=None)], keywords=[]) as call,
                ),
                ops=[gast.IsNot()],
                comparators=[gast.Constant(value=None) as none],
            ),
            body=body,
        ) if _is(call.func, "next", lowerer):
            inside = set(map(id, gast.walk(node)))
            test = gast.Compare(_read(target), [gast.Is()], [copy.deepcopy(none)])
            ends = gast.If(test, [gast.Break()], [])
            outside = (n for n in nodes if isinstance(n, gast.Name) and n.id == target.id and id(n) not in inside)
            shown = any(isinstance(n.ctx, gast.Load) for n in outside)
            behind = [gast.Assign([copy.deepcopy(target)], copy.deepcopy(none))] if shown else []
            for made in (n for top in (ends, *behind) for n in gast.walk(top)):
                gast.copy_location(made, node)
            return _loop(node, target, it, [ends, *body], behind)
    return None


def _loop(node: Any, target: Any, it: Any, body: list[Any], orelse: list[Any]) -> Any:
    made = gast.For(target, it, body, orelse, None)
    return gast.copy_location(made, node)


def _read(target: Any) -> Any:
    found = copy.deepcopy(target)
    found.ctx = gast.Load()
    return found


def _is(name: Any, wanted: str, lowerer: Lowerer) -> bool:
    """Is it Python's own function, or exception, of that name?"""
    if not isinstance(name, gast.Name) or name.id != wanted:
        return False
    found = lowerer.expr(name)
    return isinstance(found, Ref) and isinstance(found.target, Library) and found.target.module == "builtins"
