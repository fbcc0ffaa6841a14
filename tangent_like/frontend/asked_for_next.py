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

    while True:                                  while (v := next(it, None)) is not None:
        v = next(it, None)                           s += v * v
        if v is None:
            break
        s += v * v
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
    return _by_walrus(_asking_ahead(node), lowerer, nodes) or _by_try(node, lowerer, nodes) or node


def _asking_ahead(node: Any) -> Any:
    """A loop that asks, and leaves at None, as one that asks in its condition."""
    match node:
        case gast.While(
            test=gast.Constant(value=True),
            body=[
                gast.Assign(targets=[gast.Name() as target], value=gast.Call() as call),
                gast.If(
                    test=gast.Compare(left=gast.Name() as read, ops=[gast.Is()], comparators=[none]) as test,
                    body=[gast.Break()],
                    orelse=[],
                ),
                *rest,
            ],
        ) if read.id == target.id and rest and isinstance(none, gast.Constant) and none.value is None:
            asked = gast.copy_location(gast.NamedExpr(target, call), call)
            found = gast.copy_location(gast.Compare(asked, [gast.IsNot()], [none]), test)
            return gast.copy_location(gast.While(found, rest, []), node)
        case _:
            return node


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
            if not _is_settled(it, node, nodes) or _has_places(target):
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
            if not _is_made_here(held.id, nodes, lowerer):
                return None  # a class of the user's may mean something else by pop, and by its length
            test = gast.Call(gast.Name("len", gast.Load(), None, None), [_read(held)], [])
            for made in gast.walk(test):
                gast.copy_location(made, node)
            if not _is(test.func, "len", lowerer) or any(map(_has_places, taken.targets)):
                return None
            return gast.copy_location(gast.While(test, [taken, *rest], []), node)
    return None


LISTS = ("list", "sorted")


def _is_made_here(name: str, nodes: list[Any], lowerer: Lowerer) -> bool:
    """Is the name bound to lists alone, or to a deque, that the function makes?"""

    def makes(value: Any) -> bool:
        match value:
            case gast.List() | gast.ListComp():
                return True
            case gast.Call(func=gast.Name(id=made) as func) if made in LISTS:
                return _is(func, made, lowerer)
            case gast.Call(func=func):
                found = lowerer.expr(func) if isinstance(func, gast.Name | gast.Attribute) else None
                target = found.target if isinstance(found, Ref) else None
                return isinstance(target, Library) and (target.module, target.qualname) == ("collections", "deque")
            case _:
                return False

    def is_it(target: Any) -> bool:
        return isinstance(target, gast.Name) and target.id == name

    bound = [n for n in nodes if is_it(n) and not isinstance(n.ctx, gast.Load)]
    given = (pair for n in nodes if isinstance(n, gast.Assign | gast.AnnAssign) for pair in _pairs(n))
    made = sum(is_it(target) and makes(value) for target, value in given)
    return name not in _not_own(nodes) and bool(bound) and made == len(bound)


def _pairs(node: Any) -> list[tuple[Any, Any]]:
    """What is bound, each with its value; ``a, b = x, y`` part by part."""
    pairs = [(t, node.value) for t in (node.targets if isinstance(node, gast.Assign) else [node.target])]
    found: list[tuple[Any, Any]] = []
    for target, value in pairs:
        match target, value:
            case gast.Tuple(elts=targets), gast.Tuple(elts=values) if len(targets) == len(values):
                found += zip(targets, values, strict=True)
            case _:
                found.append((target, value))
    return found


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
        ) if _is(call.func, "next", lowerer) and _is_settled(it, node, nodes):
            inside = set(map(id, gast.walk(node)))
            test = gast.Compare(_read(target), [gast.Is()], [copy.deepcopy(none)])
            ends = gast.If(test, [gast.Break()], [])
            outside = (n for n in nodes if isinstance(n, gast.Name) and n.id == target.id and id(n) not in inside)
            shown = any(isinstance(n.ctx, gast.Load) for n in outside) or target.id in _not_own(nodes)
            behind = [gast.Assign([copy.deepcopy(target)], copy.deepcopy(none))] if shown else []
            for made in (n for top in (ends, *behind) for n in gast.walk(top)):
                gast.copy_location(made, node)
            return _loop(node, target, it, [ends, *body], behind)
    return None


def _is_settled(it: Any, node: Any, nodes: list[Any]) -> bool:
    """Is it the same iterator in each turn? A loop over it asks for it once."""
    bound = (n for n in gast.walk(node) if isinstance(n, gast.Name) and not isinstance(n.ctx, gast.Load))
    return it.id not in _not_own(nodes) and all(n.id != it.id for n in bound)


def _not_own(nodes: list[Any]) -> set[str]:
    """The names that functions around, or inside, bind as well."""
    return {name for n in nodes if isinstance(n, gast.Global | gast.Nonlocal) for name in n.names}


def _has_places(target: Any) -> bool:
    """Is there an item among what is bound? That one is not there raises the same exception."""
    return any(isinstance(n, gast.Subscript) for n in gast.walk(target))


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
