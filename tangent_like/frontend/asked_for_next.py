"""Loops that ask an iterator for the next item themselves, as loops over it.

Before                                           After

    while True:                                  for v in it:
        try:                                         s += v * v
            v = next(it)
        except StopIteration:
            break
        s += v * v

    while True:                                  while len(todo):
        try:                                         v = todo.pop()
            v = todo.pop()                           s += v * v
        except IndexError:
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
    return _by_walrus(node, lowerer, nodes) or _by_try(node, lowerer, nodes) or node


def _by_try(node: Any, lowerer: Lowerer, nodes: list[Any]) -> Any:
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
            if _is_another_later(it.id, node, nodes):
                return None
            return _loop(node, target, it, rest or [gast.copy_location(gast.Pass(), node)], [])
        case gast.While(
            test=gast.Constant(value=True),
            body=[
                gast.Try(
                    body=[gast.Assign(value=gast.Call(func=gast.Attribute(value=gast.Name() as held))) as taken],
                    handlers=[gast.ExceptHandler(type=gast.Name() as kind, body=[gast.Break()])],
                    orelse=[],
                    finalbody=[],
                ),
                *rest,
            ],
        ) if takes_an_end(taken.value, taken.value.func.attr) and _is(kind, "IndexError", lowerer):
            test = gast.Call(gast.Name("len", gast.Load(), None, None), [_read(held)], [])
            for made in gast.walk(test):
                gast.copy_location(made, node)
            if not _is(test.func, "len", lowerer):
                return None
            return gast.copy_location(gast.While(test, [taken, *rest], []), node)
    return None


def takes_an_end(call: Any, method: str) -> bool:
    """``todo.pop()``, ``todo.pop(0)``, ``todo.popleft()``: of a list or a deque, an IndexError where that is empty."""
    plain = not call.keywords and (not call.args or (len(call.args) == 1 and _is_end(call.args[0])))
    return plain and (method == "pop" or (method == "popleft" and not call.args))


def _is_end(node: Any) -> bool:
    match node:
        case gast.Constant(value=0) | gast.UnaryOp(op=gast.USub(), operand=gast.Constant(value=1)):
            return True
        case _:
            return False


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
        ) if _is(call.func, "next", lowerer) and not _is_another_later(it.id, node, nodes):
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


def _is_another_later(it: str, node: Any, nodes: list[Any]) -> bool:
    """Does the loop bind the iterator's name anew, or may a function inside, so that another is asked from there on?"""
    bound = any(isinstance(n, gast.Name) and n.id == it and not isinstance(n.ctx, gast.Load) for n in gast.walk(node))
    return bound or any(isinstance(n, gast.Nonlocal | gast.Global) and it in n.names for n in nodes)


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
